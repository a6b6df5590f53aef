// A live list beside one of its things: rows stay in place while they change, keys move, a filter narrows.

import { el, button } from "./dom.js";
import { t } from "./words.js";

// `view`: { name, load(older) -> items newest first, keyOf, row(item) -> nodes, detail(key) -> node or throws,
//   empty() -> node, matches(item, words), paged, extra() -> nodes beside the filter, serverFilter(text) }
export class ListView {
  constructor(view) {
    this.view = view;
    this.items = [];
    this.rows = new Map();
    this.selected = null;
    this.filter = "";
    this.shownOnce = false;
  }

  mount(main, key) {
    this.main = main;
    this.search = el("input", {
      type: "search", placeholder: this.view.placeholder?.() ?? t("search"), "aria-label": t("search"), value: this.filter,
      oninput: () => this.narrow(this.search.value),
    });
    this.body = el("div.rows", { tabindex: "0", role: "listbox", "aria-label": t(this.view.name), onscroll: () => this.scrolled() });
    this.more = el("div.more.hidden", {}, t("older"));
    this.list = el("section.list", {}, el("div.head", {}, this.view.extra?.() ?? el("h2", {}, t(this.view.name)), this.search), this.body);
    this.sheet = el("section.detail", { tabindex: "-1" });
    main.className = "main";
    main.replaceChildren(this.list, this.sheet);
    this.rows.clear();
    this.items = [];
    this.shownOnce = false;
    this.show(key);
    return this.refresh();
  }

  narrow(text) {
    this.filter = text;
    if (this.view.serverFilter) {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.refresh(), 120);
    } else {
      this.paint();
    }
  }

  async refresh() {
    // One at a time; what changes meanwhile is fetched once afterwards.
    if (this.loading) {
      this.again = true;
      return;
    }
    this.loading = true;
    try {
      do {
        this.again = false;
        this.take(await this.view.load({ newest: this.items[0], filter: this.filter, items: this.items }));
      } while (this.again);
    } finally {
      this.loading = false;
    }
  }

  async scrolled() {
    const near = this.body.scrollTop + this.body.clientHeight > this.body.scrollHeight - 600;
    if (!near || !this.view.paged || this.loadingOlder || this.atEnd || !this.items.length) return;
    this.loadingOlder = true;
    try {
      const older = await this.view.load({ oldest: this.items[this.items.length - 1], items: this.items });
      this.atEnd = older.length === this.items.length;
      this.take(older);
    } finally {
      this.loadingOlder = false;
    }
  }

  take(items) {
    if (!items.length) this.atEnd = false;
    this.items = items;
    this.paint();
  }

  visible() {
    const words = this.filter.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length || this.view.serverFilter) return this.items;
    return this.items.filter((item) => {
      const text = this.view.text(item).toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  paint() {
    const shown = this.visible();
    const rows = shown.map((item) => this.rowOf(item));
    const keys = new Set(this.items.map((item) => String(this.view.keyOf(item))));
    for (const key of this.rows.keys()) if (!keys.has(key)) this.rows.delete(key);
    if (!rows.length) {
      this.body.replaceChildren(this.items.length || this.filter ? el("div.empty", {}, el("p", {}, t("nothing_found"))) : this.view.empty());
    } else {
      this.replace(rows);
    }
    this.list.dataset.count = shown.length;
    this.shownOnce = true;
    if (!this.items.length && !this.selected) this.nothing();
  }

  // Puts the rows in their order. Most often a few are new at the top, and the others stay untouched.
  replace(rows) {
    const wanted = new Set(rows);
    for (const child of [...this.body.children]) if (!wanted.has(child)) child.remove();
    let at = this.body.firstElementChild;
    for (const row of rows) {
      if (row === at) at = at.nextElementSibling;
      else this.body.insertBefore(row, at);
    }
  }

  rowOf(item) {
    const key = String(this.view.keyOf(item));
    const print = JSON.stringify(item);
    const known = this.rows.get(key);
    if (known?.print === print) return known.node;
    const node = known?.node ?? el("div.row", { role: "option", id: "row-" + key, onclick: () => this.open(key) });
    node.replaceChildren(...this.view.row(item));
    node.setAttribute("aria-selected", String(key === this.selected));
    if (this.shownOnce && (!known || known.print !== print)) {
      node.classList.remove("fresh");
      requestAnimationFrame(() => node.classList.add("fresh"));
    }
    this.rows.set(key, { node, print });
    return node;
  }

  open(key) {
    location.hash = `#/${this.view.path ?? this.view.name}/${encodeURIComponent(key)}`;
  }

  // Shows the thing with this key, or that none is chosen.
  async show(key) {
    const changed = this.selected !== key;
    this.selected = key ?? null;
    this.cursor = this.selected;
    this.main.classList.toggle("open", Boolean(key));
    for (const [known, { node }] of this.rows) node.setAttribute("aria-selected", String(known === key));
    if (!key) return this.nothing();
    if (changed) this.drawn = null;
    await this.redraw();
    if (changed) this.sheet.scrollTop = 0;
  }

  nothing() {
    this.drawn = null;
    this.sheet.replaceChildren(this.items.length || !this.view.start
      ? el("div.empty.hint", {}, el("p", {}, t("choose")), el("p", {}, el("kbd", {}, "j"), " ", el("kbd", {}, "k"), " ", t("choose_keys"), "   ", el("kbd", {}, "Enter"), " ", t("open_key")))
      : this.view.start());
  }

  // Draws the chosen thing again when it has changed.
  async redraw() {
    const key = this.selected;
    if (!key) return;
    let loaded, failure;
    try {
      loaded = await this.view.fetch(key);
    } catch (error) {
      failure = error;
    }
    if (key !== this.selected) return;
    const print = failure ? "failed " + failure.message : JSON.stringify(loaded);
    if (print === this.drawn) return;
    const folds = this.drawn ? [...this.sheet.querySelectorAll("details")].map((fold) => fold.open) : [];
    const scroll = this.sheet.scrollTop;
    this.drawn = print;
    const back = button("‹ " + t("back"), () => { location.hash = `#/${this.view.path ?? this.view.name}`; }, "small");
    back.classList.add("back");
    const content = failure ? el("div.empty", {}, el("p", {}, failure.status === 404 ? t("gone") : failure.message)) : this.view.detail(loaded, () => this.redraw());
    this.sheet.replaceChildren(el("div.sheet", {}, back, content));
    [...this.sheet.querySelectorAll("details")].forEach((fold, index) => { if (index in folds) fold.open = folds[index]; });
    this.sheet.scrollTop = scroll;
  }

  move(step) {
    const shown = this.visible();
    // The address follows a moment later, so a second key counts from here.
    const at = shown.findIndex((item) => String(this.view.keyOf(item)) === this.cursor);
    const next = shown[at < 0 ? 0 : Math.min(Math.max(at + step, 0), shown.length - 1)];
    if (!next) return;
    const key = String(this.view.keyOf(next));
    this.cursor = key;
    this.rows.get(key)?.node.scrollIntoView({ block: "nearest" });
    this.open(key);
  }

  // Whether a key was one of the list's.
  pressed(key) {
    if (key === "j" || key === "ArrowDown") this.move(1);
    else if (key === "k" || key === "ArrowUp") this.move(-1);
    else if (key === "Enter" && this.selected) this.sheet.focus();
    else if (key === "Escape" && this.selected) location.hash = `#/${this.view.path ?? this.view.name}`;
    else if (key === "/") this.search.focus();
    else return false;
    return true;
  }
}
