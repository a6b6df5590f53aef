// JSON as lines: values copied by a click, fields marked with what is known about them.

import { el, copyable, lock, tag } from "./dom.js";
import { t } from "./words.js";

// More lines than this make a page slow and help nobody.
const LINES = 3000;

// The path of a finding as this page writes paths: `amount.total`, `receivers[0].name`. The service writes
// `/body/amount/total` too.
export function plainPath(path) {
  const text = String(path ?? "");
  if (!text.startsWith("/")) return text;
  return text.replace(/^\/(body|query|path)\//, "/").slice(1).split("/").reduce((joined, step) => /^\d+$/.test(step) ? `${joined}[${step}]` : joined ? `${joined}.${step}` : step, "");
}

// `marks`: { encrypted: Set of paths, findings: Map of path to issue }
export function tree(value, marks = {}) {
  const lines = [];
  draw(lines, value, { path: "", depth: 0, comma: "", name: null }, marks);
  const box = el("div.tree", {}, lines.slice(0, LINES));
  if (lines.length > LINES) box.append(el("div.line.p", { depth: 0 }, "…"));
  return box;
}

function draw(lines, value, place, marks) {
  if (lines.length > LINES) return;
  const { path, depth, comma, name } = place;
  const label = name === null ? [] : [copyable(name, JSON.stringify(name), "span.k"), el("span.p", {}, ": ")];
  const notes = notesOf(path, marks);
  const line = (...parts) => {
    const node = el("div.line", { depth }, parts);
    if (notes.issue) node.classList.add("marked");
    return node;
  };
  const inner = (child) => path ? (child.startsWith("[") ? path + child : `${path}.${child}`) : child;
  if (Array.isArray(value) || (value && typeof value === "object")) {
    const list = Array.isArray(value);
    const entries = list ? value.map((item, index) => [`[${index}]`, item, null]) : Object.entries(value).map(([key, item]) => [key, item, key]);
    const [open, close] = list ? ["[", "]"] : ["{", "}"];
    if (!entries.length) {
      lines.push(line(label, el("span.p", {}, open + close + comma), notes.nodes));
      return;
    }
    lines.push(line(label, el("span.p", {}, open), notes.nodes));
    entries.forEach(([step, item, key], index) => draw(lines, item, { path: inner(step), depth: depth + 1, comma: index < entries.length - 1 ? "," : "", name: key }, marks));
    lines.push(el("div.line.p", { depth }, close + comma));
    return;
  }
  const text = JSON.stringify(value);
  const kind = typeof value === "string" ? "s" : "n";
  lines.push(line(label, copyable(typeof value === "string" ? value : text, text, `button.copy.${kind}`), el("span.p", {}, comma), notes.nodes));
}

function notesOf(path, marks) {
  const nodes = [];
  if (marks.encrypted?.has(path)) nodes.push(tag([lock(), t("decrypted")], "info"));
  const issue = marks.findings?.get(path);
  if (issue) nodes.push(el("span.issue", {}, issue));
  return { nodes, issue };
}

// A value with its members in the order of the text that it came from. What was decrypted is in `value`.
export function inOrderOf(text, value) {
  try {
    return arranged(JSON.parse(text), value);
  } catch {
    return value;
  }
}

function arranged(shape, value) {
  if (Array.isArray(shape) && Array.isArray(value)) return value.map((item, index) => arranged(shape[index], item));
  if (!shape || !value || typeof shape !== "object" || typeof value !== "object" || Array.isArray(value)) return value;
  const names = [...Object.keys(shape), ...Object.keys(value)].filter((name, index, all) => name in value && all.indexOf(name) === index);
  return Object.fromEntries(names.map((name) => [name, arranged(shape[name], value[name])]));
}
