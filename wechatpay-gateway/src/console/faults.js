// Faults that wait for their request, and the keys of the platform.

import { el, api, act, button, card, copyable, copyText, end, tag, toast, day } from "./dom.js";
import { t, say } from "./words.js";

let main;
let parts;

export const faults = {
  name: "faults",
  mount(where) {
    main = where;
    main.className = "main whole";
    parts = { form: el("div"), waiting: el("div"), keys: el("div") };
    main.replaceChildren(el("div.columns", {}, el("div", {}, parts.form, parts.waiting), parts.keys));
    return this.refresh(true);
  },
  async refresh(first) {
    const [list, keys] = await Promise.all([api("/faults"), api("/keys")]);
    if (first) parts.form.replaceChildren(form(list.known));
    parts.waiting.replaceChildren(waiting(list.waiting));
    parts.keys.replaceChildren(platform(keys));
  },
  redraw() {},
  show() {},
  pressed: () => false,
};

function form(known) {
  const fields = el("div.form-fields");
  const describe = el("p.dim");
  const choice = el("select", { "data-field": "fault", onchange: () => draw() }, known.map((fault) => el("option", { value: fault.fault }, fault.fault.replaceAll("_", " "))));
  const path = el("input", { type: "text", placeholder: t("path_any"), "data-field": "path", list: "paths", spellcheck: "false" });
  const paths = el("datalist", { id: "paths" }, ["/v3/pay/transactions/native", "/v3/pay/transactions/jsapi", "/v3/refund/domestic/refunds", "/v3/fund-app/mch-transfer/transfer-bills", "/v3/certificates"].map((value) => el("option", { value })));
  const chosen = () => known.find((fault) => fault.fault === choice.value);
  const inputs = new Map();
  function draw() {
    const fault = chosen();
    describe.textContent = say(fault.en, fault.zh);
    inputs.clear();
    fields.replaceChildren(...fault.parameters.map((parameter) => {
      const input = inputOf(parameter);
      inputs.set(parameter, input);
      return parameter.type === "boolean" ? el("label.check", {}, input, parameter.name) : el("label", {}, parameter.name, input);
    }));
    fields.className = fault.parameters.length ? "form inset" : "hidden";
  }
  const add = () => act(async () => {
    const body = { fault: choice.value };
    if (path.value.trim()) body.path = path.value.trim();
    for (const [parameter, input] of inputs) body[parameter.name] = valueOf(parameter, input);
    await api("/faults", body);
    await faults.refresh();
  });
  choice.value = "reset";
  draw();
  return card(t("add_fault"), el("div.form", {}, el("p.dim", {}, t("add_fault_more")), el("label", {}, t("which_fault"), choice), describe, fields, el("label", {}, t("path"), path), paths, el("div", {}, button(t("add"), add, "main-one", { "data-action": "add" }))));
}

function inputOf(parameter) {
  if (parameter.type === "boolean") {
    const input = el("input", { type: "checkbox" });
    input.checked = parameter.default;
    return input;
  }
  if (parameter.type === "integer") return el("input", { type: "number", value: String(parameter.default) });
  if (parameter.type === "string[]") return el("input", { type: "text", value: parameter.default.join(", ") });
  if (parameter.type === "object") return el("textarea", { rows: "3", value: JSON.stringify(parameter.default) });
  return el("input", { type: "text", value: parameter.default });
}

function valueOf(parameter, input) {
  if (parameter.type === "boolean") return input.checked;
  if (parameter.type === "integer") return Number(input.value);
  if (parameter.type === "string[]") return input.value.split(",").map((name) => name.trim()).filter(Boolean);
  if (parameter.type === "object") return JSON.parse(input.value);
  return input.value;
}

function waiting(list) {
  const clear = button(t("clear"), () => act(async () => {
    await api("/faults", undefined, "DELETE");
    await faults.refresh();
  }), "small", { disabled: !list.length });
  return card([t("waiting_faults"), end(clear)], list.length
    ? el("div.links", {}, list.map((fault) => el("div.inner.waiting", {}, tag(fault.fault.replaceAll("_", " "), "warn"), " ", el("span.mono", {}, fault.path ?? t("path_any")), el("div.faint.mono", {}, fault.description))))
    : el("p.note", {}, t("no_faults")));
}

function platform({ mode, keys }) {
  const change = (body) => act(async () => {
    await api("/keys", body);
    toast(say("Done", "已完成"));
    await faults.refresh();
  });
  const modes = [["public-key", "mode_public_key"], ["certificates", "mode_certificates"], ["mixed", "mode_mixed"]];
  return card(t("keys"),
      el("div.inner.settings", {}, el("span.dim", {}, t("mode")), el("div.tabs", {}, modes.map(([name, word]) => el("button", { type: "button", "aria-pressed": String(mode === name), "data-mode": name, onclick: () => change({ mode: name }) }, t(word)))), button(t("rotate"), () => change({ rotate: true }), "small", { "data-action": "rotate" })),
      el("div.links", {}, keys.map((key) => el("div.inner.key", {},
        el("div.first", {}, tag(key.signs ? t("signs") : t("old"), key.signs ? "ok" : ""), el("span.dim", {}, t(key.kind === "certificate" ? "certificate" : "public_key")), key.not_after && el("span.faint.mono", {}, `– ${day(key.not_after * 1000)}`), end(button(t("copy_pem"), (event) => copyText(key.certificate ?? key.public_key, event.currentTarget), "small"))),
        copyable(key.id)))),
      el("p.note", {}, t("client_keys")));
}
