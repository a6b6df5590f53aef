// The requests, live, and everything about one of them.

import { el, api, copyable, copyButton, card, folded, end, lock, pairs, tag, codeBlock, clock, took } from "./dom.js";
import { t } from "./words.js";
import { tree, plainPath, inOrderOf } from "./json.js";
import { ListView } from "./list.js";
import { firstSteps } from "./start.js";

const PAGE = 100;

export const requests = new ListView({
  name: "requests",
  paged: true,
  keyOf: (request) => request.id,
  text: (request) => [request.method, request.target, request.operation?.title, request.status, request.code, request.verdict, t(request.verdict), request.fault].join(" "),
  async load({ newest, oldest, items }) {
    if (oldest) {
      const { requests: older } = await api(`/requests?limit=${PAGE}&before=${oldest.id}`);
      return [...items, ...older];
    }
    // From the oldest one that was not responded to yet, so that its response is seen.
    const open = items.slice(0, PAGE).findLast((request) => request.status === null && Date.now() - request.at < 60000);
    const after = open ? open.id - 1 : newest ? newest.id : 0;
    const { requests: fresh, kept } = await api(`/requests?limit=${after ? 500 : PAGE}&after=${after}`);
    if (!kept) return [];
    if (fresh.some((request) => request.status === null)) later();
    return [...fresh, ...items.filter((request) => request.id <= after)];
  },
  row(request) {
    return [
      el("div.first", {}, el(`span.method.${request.method}`, {}, request.method), el("span.mono.cut", { title: request.target }, request.target)),
      el("div.right", {}, statusTag(request)),
      el("div.second.cut", {}, request.fault ? `${t("fault")}: ${request.fault}` : [request.code, request.operation?.title ?? t("unknown_operation")].filter(Boolean).join(" · ")),
      el("div.right.faint.mono", {}, clock(request.at)),
    ];
  },
  fetch: (id) => api("/requests/" + encodeURIComponent(id)),
  detail,
  empty: () => el("div.empty", {}, el("h3", {}, t("requests_empty")), el("p", {}, t("requests_empty_more"))),
  start: () => el("div.sheet", {}, firstSteps()),
});

let waiting;
function later() {
  clearTimeout(waiting);
  waiting = setTimeout(() => requests.main?.isConnected && requests.list.isConnected && requests.refresh().then(() => requests.redraw()), 400);
}

function statusTag(request) {
  if (request.status === null) return tag(request.fault ? t("no_response") : t("pending"), "warn");
  const kind = request.verdict === "fault" ? "warn" : request.status < 300 ? "ok" : "bad";
  const word = request.verdict === "fault" ? t("fault") : request.verdict === "refused" ? t("refused") : request.status < 300 ? "" : request.code ?? "";
  return tag([String(request.status), word].filter(Boolean).join(" "), kind);
}

function detail(request) {
  const marks = {
    encrypted: new Set(request.encrypted),
    findings: new Map(request.findings.map((finding) => [plainPath(finding.field), finding.issue || request.refusal.message])),
  };
  return [
    el("div.title", {}, el(`span.method.${request.method}`, {}, request.method), el("h2.mono", {}, copyable(request.target))),
    el("div.sub", {},
      statusTag(request),
      signatureTag(request.signature),
      request.operation ? el("a", { href: "#/operations/" + encodeURIComponent(request.operation.id) }, request.operation.title ?? request.operation.id) : el("span", {}, t("unknown_operation")),
      el("span.mono", {}, clock(request.at, true)),
      request.elapsed_us !== null && el("span.mono", {}, took(request.elapsed_us)),
      el("span.faint.mono", {}, "#" + request.id)),
    request.refusal && refusal(request),
    request.fault && el("section.card.alert.fault", {}, el("h3", {}, t("fault")), el("div.inner.mono", {}, request.fault)),
    request.signature.verdict === "invalid" && signature(request.signature),
    body(request, marks),
    response(request),
    request.signature.verdict !== "invalid" && signature(request.signature),
    request.query.length > 0 && folded(t("query"), true, pairs(request.query)),
    folded([t("headers"), end(String(request.headers.length))], false, pairs(request.headers), el("p.note", {}, t("bearer_hidden"))),
    reproduce(request),
  ];
}

function signatureTag(signature) {
  const kinds = { valid: "ok", invalid: "bad", unchecked: "" };
  return tag(t("sig_" + signature.verdict), kinds[signature.verdict]);
}

function refusal({ refusal, findings: all }) {
  const findings = all.filter((finding) => finding.issue);
  return el("section.card.alert", {},
    el("h3", {}, `${refusal.status} ${refusal.code}`),
    el("div.inner", {}, copyable(refusal.message, refusal.message, "button.sans.copy")),
    findings.length > 0 && pairs(findings.map((finding) => [el("span.mono", {}, plainPath(finding.field) || finding.location), el("span", {}, finding.issue ?? "")])));
}

function signature(signature) {
  const names = ["line_method", "line_target", "line_timestamp", "line_nonce", "line_body"];
  return folded([t("signature"), end(signatureTag(signature))], signature.verdict === "invalid",
    signature.reason && el("div.inner", {}, copyable(signature.reason, signature.reason, "button.sans.copy")),
    signature.message && el("p.note", {}, t("signed_lines")),
    signature.message && el("div.lines", {}, signature.message.map((line, index) => el("div", {}, el("span.what", {}, t(names[index])), line === "" ? el("span.copy.faint", {}, t("empty_line")) : copyable(line)))),
    signature.scheme && pairs([["scheme", signature.scheme], [signature.scheme.includes("BRAND") ? "brand_id" : "mchid", signature.id], ["serial_no", signature.serial_no]]));
}

function body(request, marks) {
  const { body } = request;
  const size = end(`${body.length.toLocaleString("en-US")} ${t("bytes")}`);
  if (!body.length) return request.method === "GET" ? null : card([t("body"), size], el("p.note", {}, t("no_body")));
  if (body.parts) {
    return card([t("parts"), size], pairs(body.parts.map((part) => [
      el("span.mono", {}, part.name),
      part.text !== null ? copyable(part.text) : copyable([part.file_name, part.content_type, `${part.length} ${t("bytes")}`].filter(Boolean).join(" · ")),
    ])));
  }
  if (body.json !== null && body.json !== undefined) {
    const json = inOrderOf(body.text, body.json);
    return [
      card([t("body"), end(marks.encrypted.size > 0 && tag([lock(), `${marks.encrypted.size} ${t("decrypted")}`], "info"), size.textContent, copyButton(JSON.stringify(json, null, 2)))], tree(json, marks)),
      marks.encrypted.size > 0 && folded(t("raw"), false, codeBlock(body.text, true)),
    ];
  }
  return card([t("body"), end(t("not_json"), " · ", size.textContent)], body.text === undefined ? el("p.note", {}, "–") : codeBlock(body.text, true));
}

function response(request) {
  const { response } = request;
  if (!response) return card(t("response"), el("p.note", {}, t("no_response_kept")));
  const kind = response.status < 300 ? "ok" : "bad";
  return [
    card([t("response"), tag(`${response.status} ${response.reason ?? ""}`, kind), end(response.length === null ? "" : `${response.length.toLocaleString("en-US")} ${t("bytes")}`, response.text && copyButton(response.text))],
      response.json !== null ? tree(inOrderOf(response.text, response.json)) : response.text ? codeBlock(response.text, true) : el("p.note", {}, t("no_content"))),
    folded([t("response_headers"), end(String(response.headers.length))], false, pairs(response.headers)),
  ];
}

function reproduce(request) {
  const forms = { curl: [t("as_curl"), request.curl, t("no_curl")], rust: [t("as_rust"), request.rust, t("no_rust")] };
  const box = el("div");
  const tabs = el("div.tabs");
  const top = el("span.end");
  const choose = (form) => {
    const [, text, none] = forms[form];
    box.replaceChildren(text ? codeBlock(text) : el("p.note", {}, none));
    top.replaceChildren(tabs, text ? copyButton(text) : "");
    for (const node of tabs.children) node.setAttribute("aria-pressed", String(node.dataset.form === form));
  };
  for (const [form, [name]] of Object.entries(forms)) tabs.append(el("button", { type: "button", "data-form": form, onclick: () => choose(form) }, name));
  const whole = card([t("reproduce"), top], box);
  choose(request.rust ? "rust" : "curl");
  return whole;
}
