// The reference: every documented operation, with its fields and the official pages.

import { el, api, card, copyable, lock, tag, end } from "./dom.js";
import { t, say } from "./words.js";
import { ListView } from "./list.js";

let total = 0;

export const operations = new ListView({
  name: "operations",
  serverFilter: true,
  placeholder: () => t("operations_search") + (total ? ` · ${total.toLocaleString("en-US")}` : ""),
  keyOf: (operation) => operation.id,
  async load({ filter }) {
    const answer = await api("/operations?q=" + encodeURIComponent(filter ?? ""));
    total = answer.total;
    operations.search.placeholder = operations.view.placeholder();
    return answer.operations;
  },
  fetch: (id) => api("/operations/" + encodeURIComponent(id)),
  empty: () => el("div"),
  row(operation) {
    return [
      el("div.first", {}, el(`span.method.${operation.method}`, {}, operation.method), el("span.mono.cut", { title: operation.path }, operation.path)),
      el("div.right", {}, operation.secrets && el("span.lock", { title: t("sensitive") }, lock())),
      el("div.second.cut", {}, [operation.title, ...operation.tags].filter(Boolean).join(" · ")),
      el("div.right.faint", {}, operation.deprecated ? t("deprecated") : ""),
    ];
  },
  detail,
});

function detail(operation) {
  const { request, response } = operation;
  const places = [["in_path", request.path], ["in_query", request.query], ["in_header", request.header], ["in_body", request.body], ["in_meta", request.meta], ["in_form", request.form]];
  return [
    el("div.title", {}, el("h2", {}, operation.title ?? operation.id), operation.deprecated && tag(t("deprecated"), "warn")),
    el("div.sub", {}, el(`span.method.${operation.method}`, {}, operation.method), copyable(operation.path), operation.roles.map((role) => tag(role)), operation.tags.map((name) => el("span", {}, name)), operation.updated && el("span.faint", {}, operation.updated)),
    operation.idempotent && el("div.sub", {}, t("idempotent"), " ", el("span.mono", {}, operation.idempotent)),
    links(operation.documentation),
    places.filter(([, fields]) => fields?.length).map(([name, fields]) => card([t(name), end(String(count(fields)))], table(fields))),
    request.file && card(t("file_part"), el("p.note.mono", {}, request.file)),
    response && card([t("response"), tag(String(response.status), "ok"), end(response.body ? String(count(response.body)) : "")],
      response.body?.length ? table(response.body) : el("p.note", {}, response.download ? `${t("download")}: ${response.download}` : t("no_content"))),
  ];
}

function links(addresses) {
  const safe = addresses.filter((address) => address.startsWith("https:"));
  if (!safe.length) return null;
  return card(t("documentation"), el("div.links", {}, safe.map((href) => el("a", { href, target: "_blank", rel: "noopener noreferrer" }, el("span.mono.cut", {}, href.replace(/^https:../, "")), " ↗"))));
}

const count = (fields) => fields.reduce((sum, field) => sum + 1 + count(field.fields), 0);

function table(fields) {
  const rows = [];
  const add = (list, depth) => list.forEach((field) => {
    rows.push(row(field, depth));
    add(field.fields, depth + 1);
  });
  add(fields, 0);
  return el("table.fields", {}, el("tbody", {}, rows));
}

function row(field, depth) {
  const limits = [
    field.max_length !== null && say(`≤ ${field.max_length} characters`, `≤ ${field.max_length} 字符`),
    field.maximum !== null && `≤ ${field.maximum}`,
    field.minimum !== null && `≥ ${field.minimum}`,
    field.max_items !== null && say(`≤ ${field.max_items} items`, `≤ ${field.max_items} 项`),
    field.format,
  ].filter(Boolean);
  const example = typeof field.example === "string" || typeof field.example === "number" ? String(field.example) : "";
  return el("tr", { depth },
    el("td", {}, copyable(field.name), field.required && el("span.must", { title: "required" }, "*")),
    el("td.mono", {}, field.type),
    el("td", {},
      el("div", {}, field.title ?? "", " ", field.sensitive && tag([lock(), t("sensitive")], "info"), field.deprecated && tag(t("deprecated"), "warn")),
      limits.length > 0 && el("div.faint", {}, limits.join(" · ")),
      field.values.length > 0 && el("div.values", {}, field.values.map((value) => el("div", {}, copyable(value.value), " ", el("span.dim", {}, value.title ?? "")))),
      example && !field.values.length && el("div.faint.cut-long", {}, el("span.mono", {}, example.length > 120 ? example.slice(0, 120) + "…" : example))));
}
