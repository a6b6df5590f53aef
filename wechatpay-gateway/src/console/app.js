// The frame: views, where the address leads, what is told live.

import { el, api, act, button, icon, tag } from "./dom.js";
import { t, lang, setLanguage, currentTheme, nextTheme } from "./words.js";
import { requests } from "./requests.js";
import { orders, refunds, transfers, sharings } from "./payments.js";
import { notifications } from "./notifications.js";
import { faults } from "./faults.js";
import { operations } from "./operations.js";
import { connect } from "./start.js";

const VIEWS = { requests, orders, refunds, transfers, sharings, notifications, faults, operations, connect };

// What a message of the gateway changes.
const CHANGES = {
  request: ["requests", "faults"],
  order: ["orders", "notifications"],
  refund: ["refunds", "orders", "notifications"],
  transfer: ["transfers", "notifications"],
  sharing: ["sharings", "orders"],
  delivery: ["notifications", "orders", "refunds", "transfers"],
  lagged: Object.keys(VIEWS),
};

const NAVIGATION = [
  ["requests", "requests", ["M4 7h13", "M13 3l4 4-4 4", "M20 17H7", "M11 13l-4 4 4 4"]],
  ["orders", "payments", ["M3 6h18v12H3z", "M3 10h18", "M7 15h4"]],
  ["notifications", "notifications", ["M6 9a6 6 0 0112 0c0 6 2 7 2 7H4s2-1 2-7", "M10 20a2 2 0 004 0"]],
  ["faults", "faults", ["M13 2L4 14h7l-1 8 9-12h-7z"]],
  ["operations", "operations", ["M4 5a2 2 0 012-2h13v18H6a2 2 0 01-2-2z", "M8 8h7", "M8 12h7"]],
  ["connect", "connect", ["M9 8l-5 4 5 4", "M15 8l5 4-5 4"]],
];

const THEMES = {
  auto: ["M4 5h16v11H4z", "M9 20h6", "M12 16v4"],
  light: ["M12 8a4 4 0 100 8 4 4 0 000-8z", "M12 3v2", "M12 19v2", "M3 12h2", "M19 12h2", "M5.6 5.6L7 7", "M17 17l1.4 1.4", "M18.4 5.6L17 7", "M7 17l-1.4 1.4"],
  dark: ["M20 14.5A8 8 0 019.5 4 8 8 0 1020 14.5z"],
};

let current;
let currentName;
let main;
let facts;
let live;
let connected = "wait";

function frame() {
  document.title = t("name");
  facts = el("div.facts");
  live = el("span.live", { "data-state": connected === "on" ? "on" : "off" }, t(connected === "on" ? "live" : "offline"));
  const language = el("button.plain", { type: "button", lang: lang() === "zh" ? "en" : "zh-CN", onclick: changeLanguage, "data-action": "language" }, lang() === "zh" ? "English" : "中文");
  const theme = el("button.plain", { type: "button", "data-action": "theme", title: t("theme_" + currentTheme()), "aria-label": t("theme_" + currentTheme()), onclick: () => { nextTheme(); build(); } }, icon(...THEMES[currentTheme()]));
  const reset = el("button.plain", { type: "button", title: t("reset"), "aria-label": t("reset"), "data-action": "reset", onclick: clearAll }, icon("M4 7h16", "M9 7V4h6v3", "M6 7l1 13h10l1-13", "M10 11v5", "M14 11v5"));
  main = el("main.main");
  document.body.replaceChildren(el("div.frame", {},
    el("header.bar", {}, el("div.brand", {}, el("span.mark", {}, "✓"), el("span.cut", {}, t("name"))), facts, el("span.grow"), live, language, theme, reset),
    navigation(),
    main));
  showFacts();
}

function navigation() {
  const links = NAVIGATION.map(([view, word, paths]) => el("a", { href: "#/" + view, "data-view": view, title: t(word) }, icon(...paths), el("span", {}, narrow.matches ? t("short_" + word) : t(word))));
  links.splice(5, 0, el("div.rule"));
  return el("nav.views", {}, links);
}

const narrow = matchMedia("(max-width: 760px)");
narrow.addEventListener("change", () => build());

async function showFacts() {
  try {
    const info = await api("/info");
    facts.replaceChildren(el("span.tag.mono.first", { title: t("mode") }, t("mode_" + info.mode.replace("-", "_"))), el("span.tag.mono", { title: "mchid" }, info.mchid), el("span.tag.mono", {}, info.base_url));
  } catch {
    // Shown as not connected.
  }
}

function changeLanguage() {
  setLanguage(lang() === "zh" ? "en" : "zh");
  build();
}

function clearAll() {
  if (!confirm(t("reset_sure"))) return;
  act(async () => {
    await api("/reset", {});
    location.hash = "#/requests";
    build();
  });
}

// Draws everything anew: another language, another theme, another width.
function build() {
  current = undefined;
  frame();
  return route();
}

async function route() {
  const [name, key] = location.hash.replace(/^#\/?/, "").split("/");
  const view = VIEWS[name] ?? requests;
  const chosen = key ? decode(key) : null;
  currentName = VIEWS[name] ? name : "requests";
  const home = ["refunds", "transfers", "sharings"].includes(currentName) ? "orders" : currentName;
  for (const link of document.querySelectorAll(".views a")) {
    if (link.dataset.view === home) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  try {
    if (view !== current) {
      current = view;
      await view.mount(main, chosen);
    } else {
      await view.show(chosen);
    }
  } catch (error) {
    if (view === current) main.append(el("div.empty", {}, el("p", {}, error.message), button("↻", () => build())));
  }
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Several changes at once are one look at the gateway.
let pending = new Set();
let timer;
function changed(kind) {
  for (const view of CHANGES[kind] ?? CHANGES.lagged) pending.add(view);
  if (!timer) timer = setTimeout(look, 60);
}

async function look() {
  timer = undefined;
  const views = pending;
  pending = new Set();
  if (views.has("faults")) showFacts();
  if (!views.has(currentName) || document.hidden) return;
  try {
    await current.refresh();
    await current.redraw();
  } catch {
    // The next event, or the next connection, looks again.
  }
}

function listen() {
  const events = new EventSource("/_gateway/events");
  const state = (next) => {
    connected = next;
    live.dataset.state = next;
    live.textContent = t(next === "on" ? "live" : "offline");
  };
  events.onopen = () => {
    state("on");
    changed("lagged");
  };
  events.onerror = () => {
    state("off");
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  };
  events.onmessage = (event) => changed(JSON.parse(event.data).kind);
}

addEventListener("hashchange", () => route());
document.addEventListener("visibilitychange", () => document.hidden || changed("lagged"));
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches?.("input, textarea, select");
  if (typing && event.key === "Escape") event.target.blur();
  if (typing) return;
  if (event.key === "Enter" && event.target.matches?.("button, a, summary")) return;
  if (current?.pressed(event.key)) event.preventDefault();
});

build();
listen();
