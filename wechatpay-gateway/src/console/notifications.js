// Notifications: each with its attempts, and sent once more in every way.

import { el, api, act, button, card, copyable, copyButton, end, pairs, tag, stateTag, stateKind, clock, toast } from "./dom.js";
import { t } from "./words.js";
import { tree } from "./json.js";
import { ListView } from "./list.js";

const HOME = { order: "orders", refund: "refunds", transfer: "transfers", sharing: "sharings" };

export const notifications = new ListView({
  name: "notifications",
  keyOf: (one) => one.id,
  text: (one) => [one.event_type, one.summary, one.about.number, one.url, one.state, t("state_" + one.state)].join(" "),
  load: async () => (await api("/notifications")).notifications,
  fetch: (id) => api("/notifications/" + encodeURIComponent(id)),
  empty: () => el("div.empty", {}, el("h3", {}, t("notifications_empty")), el("p", {}, t("notifications_empty_more"))),
  row(one) {
    const last = one.attempts[one.attempts.length - 1];
    return [
      el("div.first", {}, el("span.mono.cut", {}, one.event_type)),
      el("div.right", {}, tag(t("state_" + one.state), stateKind(one.state))),
      el("div.second", {}, el("span.mono.cut", {}, one.about.number), last && el("span.faint", {}, `${one.attempts.length} × ${last.status ?? t("no_response")}`)),
      el("div.right.faint.mono", {}, clock(one.created_at)),
    ];
  },
  detail(one, redraw) {
    const path = `/notifications/${encodeURIComponent(one.id)}`;
    const seconds = el("input", { type: "number", min: "1", max: "86400", value: "600", "aria-label": t("seconds"), size: "5" });
    const send = (way, body) => act(async () => {
      await api(`${path}/${way}`, body ?? {});
      toast(t("sent"));
      await redraw();
    });
    return [
      el("div.title", {}, el("h2.mono", {}, one.event_type), stateTag(one.state)),
      el("div.sub", {}, el("span", {}, one.summary), el("a", { href: `#/${HOME[one.about.kind] ?? "orders"}/${encodeURIComponent(one.about.number)}` }, one.about.number), el("span.mono", {}, clock(one.created_at, true))),
      el("div.buttons", {},
        button(t("again"), () => send("again"), "main-one", { "data-action": "again" }),
        button(t("twice"), () => send("twice"), "", { "data-action": "twice" }),
        button(t("forged"), () => send("forged"), "risky", { "data-action": "forged" }),
        el("span.late", {}, button(t("late"), () => send("late", { seconds: Number(seconds.value) }), "", { "data-action": "late" }), " ", seconds, " ", el("span.dim", {}, t("seconds")))),
      card([t("attempts"), end(String(one.attempts.length))], attempts(one)),
      card([t("content"), end(copyButton(JSON.stringify(one.resource, null, 2)))], tree(one.resource)),
      card(t("details"), pairs([[t("address"), one.url], [t("event_type"), one.event_type], [t("id"), one.id]])),
    ];
  },
});

function attempts(one) {
  if (!one.attempts.length) return el("p.note", {}, t("no_attempts"), one.next_attempt_at ? ` ${t("next_attempt")}: ${clock(one.next_attempt_at)}` : "");
  const items = [...one.attempts].reverse().map((attempt) => {
    const taken = [200, 204].includes(attempt.status) && !attempt.error;
    return el("li", { class: taken ? "ok" : "bad" },
      el("span", {}, attempt.manner && attempt.manner !== "genuine" && [tag(t("manner_" + attempt.manner), "warn"), " "], attempt.status ? tag(String(attempt.status), taken ? "ok" : "bad") : tag(t("no_response"), "bad"), " ", el("span.faint.mono", {}, `${attempt.elapsed_ms} ms`)),
      el("span.mono.faint", {}, clock(attempt.at, true)),
      attempt.error && el("span.extra", {}, attempt.error),
      attempt.response_body && el("span.extra", {}, copyable(attempt.response_body)));
  });
  if (one.next_attempt_at) items.unshift(el("li", {}, el("span.dim", {}, t("next_attempt")), el("span.mono.faint", {}, clock(one.next_attempt_at, true))));
  return el("ul.time-line", {}, items);
}
