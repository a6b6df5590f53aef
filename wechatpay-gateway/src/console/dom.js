// Elements, values and requests. Data goes into the page as text, never as markup.

import { t, say } from "./words.js";

// An element with attributes and children. Strings become text.
export function el(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "depth") node.style.setProperty("--depth", value);
    else if (key === "value") node.value = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  append(node, children);
  return node;
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
}

const SVG = "http://www.w3.org/2000/svg";

// A line drawing of 24 by 24, given as paths.
export function icon(...paths) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

// A lock, for what is encrypted on the wire.
export const lock = () => icon("M6 11h12v9H6z", "M9 11V8a3 3 0 016 0v3");

// A value that a click copies.
export function copyable(value, shown = value, name = "button.copy") {
  if (value === null || value === undefined || value === "") return el("span.faint", {}, "–");
  const copy = (event) => {
    if (String(getSelection())) return;
    event.stopPropagation();
    copyText(String(value), event.currentTarget);
  };
  return el(name, { type: "button", title: t("copy"), onclick: copy }, String(shown));
}

export async function copyText(text, node) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure context there is no clipboard but this one.
    const area = el("textarea", { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  node?.classList.add("done");
  setTimeout(() => node?.classList.remove("done"), 700);
  toast(t("copied"));
}

let toasting;
export function toast(text, kind = "") {
  document.querySelector(".toast")?.remove();
  clearTimeout(toasting);
  const node = el("div.toast", { role: "status" }, text);
  if (kind) node.classList.add(kind);
  document.body.append(node);
  toasting = setTimeout(() => node.remove(), kind === "bad" ? 6000 : 1200);
}

// A request to the control interface. Errors carry the message in the page's language.
export async function api(path, body, method = body === undefined ? "GET" : "POST") {
  let response;
  try {
    response = await fetch("/_gateway" + path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Error(t("unreachable"));
  }
  const value = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(say(value.message, value.message_zh) || String(response.status)), { status: response.status });
  return value;
}

// Runs an action of a button, and shows why when it fails.
export async function act(work) {
  try {
    await work();
    return true;
  } catch (error) {
    toast(error.message, "bad");
    return false;
  }
}

export function button(text, onclick, kind = "", attributes = {}) {
  return el("button.button" + (kind ? "." + kind : ""), { type: "button", onclick, ...attributes }, text);
}

export function tag(text, kind = "", title) {
  return el("span.tag" + (kind ? "." + kind : ""), { title }, text);
}

export function card(title, ...children) {
  return el("section.card", {}, el("h3", {}, title), children);
}

export function folded(title, open, ...children) {
  return el("details.card", { open }, el("summary", {}, title), children);
}

export function end(...children) {
  return el("span.end", {}, children);
}

// A table of names and values; empty values are left out.
export function pairs(rows) {
  const shown = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return el("dl.pairs", {}, shown.map(([name, value]) => [
    el("dt", {}, name),
    el("dd", {}, value instanceof Node ? value : copyable(value)),
  ]));
}

export function codeBlock(text, wrap = false) {
  return el(wrap ? "pre.code.wrap" : "pre.code", {}, text);
}

export function copyButton(text) {
  return button(t("copy_all"), (event) => copyText(text, event.currentTarget), "small");
}

export function yuan(fen, currency = "CNY") {
  if (typeof fen !== "number") return "–";
  const sign = fen < 0 ? "-" : "";
  const [whole, part] = [Math.floor(Math.abs(fen) / 100), String(Math.abs(fen) % 100).padStart(2, "0")];
  return `${sign}${currency === "CNY" ? "¥" : currency + " "}${whole.toLocaleString("en-US")}.${part}`;
}

const two = (number, width = 2) => String(number).padStart(width, "0");

// The time of day, and the date when it is not today.
export function clock(ms, exact = false) {
  if (!ms) return "";
  const at = new Date(ms);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  const date = `${day(ms)} `;
  const today = at.toDateString() === new Date().toDateString();
  return (today ? "" : date) + time + (exact ? "." + two(at.getMilliseconds(), 3) : "");
}

// The day of a moment.
export function day(ms) {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export function took(microseconds) {
  if (microseconds === null || microseconds === undefined) return "";
  return microseconds < 1000 ? `${microseconds} µs` : microseconds < 1e6 ? `${(microseconds / 1000).toFixed(1)} ms` : `${(microseconds / 1e6).toFixed(2)} s`;
}

// The colour of a state: the official word decides.
export function stateKind(state) {
  if (["SUCCESS", "FINISHED", "delivered"].includes(state)) return "ok";
  if (["PAYERROR", "FAIL", "ABNORMAL", "given_up", "FAILED"].includes(state)) return "bad";
  if (["REFUND", "CLOSED", "REVOKED", "CANCELLED", "CANCELING"].includes(state)) return "";
  if (["NOTPAY", "USERPAYING", "WAIT_USER_CONFIRM", "waiting"].includes(state)) return "warn";
  return "info";
}

// The official word, and what it means here.
export function stateTag(state) {
  return tag([state, " ", el("span", {}, t("state_" + state))].filter((part) => part !== " "), stateKind(state));
}
