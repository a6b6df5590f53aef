// Orders, refunds, transfers and profit sharing: where each stands, and what happens to it next.

import { el, api, act, button, card, copyable, pairs, tag, stateTag, stateKind, clock, yuan } from "./dom.js";
import { t } from "./words.js";
import { ListView } from "./list.js";

const KINDS = ["orders", "refunds", "transfers", "sharings"];

// The four lists share one place; tabs change between them.
function tabs(current) {
  return el("div.tabs", { role: "tablist" }, KINDS.map((kind) =>
    el("button", { type: "button", role: "tab", "aria-pressed": String(kind === current), onclick: () => { location.hash = "#/" + kind; } }, t(kind))));
}

function view(kind, what) {
  return new ListView({
    name: kind,
    extra: () => tabs(kind),
    load: async () => (await api("/" + kind))[kind],
    fetch: (number) => api(`/${kind}/${encodeURIComponent(number)}`),
    empty: () => el("div.empty", {}, el("h3", {}, t(kind + "_empty")), el("p", {}, t(kind + "_empty_more"))),
    ...what,
  });
}

function rowOf(number, about, state, amount, at) {
  return [
    el("div.first", {}, el("span.mono.cut", {}, number)),
    el("div.right.mono", {}, amount),
    el("div.second", {}, tag(state, stateKind(state)), el("span.cut", {}, about)),
    el("div.right.faint.mono", {}, clock(at)),
  ];
}

function top(amount, state, number, more) {
  return [
    el("div.title", {}, el("span.big", {}, amount), stateTag(state)),
    el("div.sub", {}, copyable(number), more),
  ];
}

function history(changes) {
  return card(t("history"), el("ul.time-line", {}, [...changes].reverse().map((change) => el("li", { class: stateKind(change.state) || "still" },
    el("span", {}, el("b", {}, change.state), " ", el("span.dim", {}, t("state_" + change.state)), " ", el("span.faint", {}, t("by_" + change.cause))),
    el("span.mono.faint", {}, clock(change.at, true))))));
}

function actions(path, redraw, list) {
  if (!list.some(([, , , enabled]) => enabled)) return null;
  return el("div.buttons", {}, list.map(([name, word, kind, enabled]) =>
    button(t(word), () => act(async () => {
      await api(`${path}/${name}`, {});
      await redraw();
    }), kind, { disabled: !enabled, "data-action": name })));
}

// What else is about this number: refunds, notifications.
function related(number, refunds) {
  const box = el("div.links");
  const whole = card(t("related"), box);
  whole.classList.add("hidden");
  const link = (href, ...parts) => {
    whole.classList.remove("hidden");
    box.append(el("a", { href }, parts));
  };
  (async () => {
    const found = refunds ? (await api("/refunds")).refunds.filter((refund) => refund.out_trade_no === number) : [];
    for (const refund of found) link("#/refunds/" + encodeURIComponent(refund.out_refund_no), tag(refund.status, stateKind(refund.status)), el("span.mono.cut.grow", {}, refund.out_refund_no), el("span.mono", {}, yuan(refund.refund)));
    const numbers = [number, ...found.map((refund) => refund.out_refund_no)];
    const { notifications } = await api("/notifications");
    for (const one of notifications.filter((one) => numbers.includes(one.about.number))) {
      link("#/notifications/" + encodeURIComponent(one.id), tag(one.state, stateKind(one.state)), el("span.mono.cut.grow", {}, one.event_type), el("span.faint.mono", {}, clock(one.created_at)));
    }
  })().catch(() => {});
  return whole;
}

function phone(order) {
  const local = /^http:\/\/(localhost|127\.|\[::1\])/.test(order.payer_url);
  return card(t("phone"), el("div.code-box", {},
    el("img", { src: `/_gateway/orders/${encodeURIComponent(order.out_trade_no)}/code.svg`, alt: t("phone"), width: "148", height: "148" }),
    el("div.grow", {},
      el("p", {}, t("phone_scan")),
      local && el("p.faint", {}, t("phone_local")),
      el("div.buttons", {}, el("a.button", { href: new URL(order.payer_url).pathname + new URL(order.payer_url).search, target: "_blank", rel: "noopener" }, t("phone_open"))))));
}

export const orders = view("orders", {
  keyOf: (order) => order.out_trade_no,
  text: (order) => [order.out_trade_no, order.description, order.trade_state, t("state_" + order.trade_state), order.kind, order.transaction_id].join(" "),
  row: (order) => rowOf(order.out_trade_no, order.description, order.trade_state, yuan(order.total, order.currency), order.created_at),
  detail(order, redraw) {
    const open = ["NOTPAY", "USERPAYING", "PAYERROR"].includes(order.trade_state);
    return [
      top(yuan(order.total, order.currency), order.trade_state, order.out_trade_no, [el("span", {}, order.description), el("span.faint", {}, order.kind.toUpperCase())]),
      actions(`/orders/${encodeURIComponent(order.out_trade_no)}`, redraw, [["pay", "pay", "main-one", open], ["fail", "fail_payment", "risky", open], ["leave", "leave", "", open]]),
      open && order.kind !== "codepay" && phone(order),
      history(order.history),
      related(order.out_trade_no, true),
      card(t("details"), pairs([
        [t("f_out_trade_no"), order.out_trade_no], [t("f_transaction_id"), order.transaction_id], [t("f_combine"), order.combine_out_trade_no],
        [t("f_description"), order.description], [t("f_attach"), order.attach], [t("f_mchid"), order.mchid], [t("f_sub_mchid"), order.sub_mchid],
        [t("f_appid"), order.appid], [t("f_payer"), order.payer], [t("f_notify_url"), order.notify_url], [t("f_prepay"), order.prepay_id],
        [t("f_code_url"), order.code_url], [t("f_h5_url"), order.h5_url], [t("f_bank"), order.bank_type], [t("f_created"), clock(order.created_at, true)],
        [t("f_expires"), clock(order.expires_at, true)], [t("f_paid"), clock(order.paid_at, true)],
      ])),
    ];
  },
});

export const refunds = view("refunds", {
  keyOf: (refund) => refund.out_refund_no,
  text: (refund) => [refund.out_refund_no, refund.out_trade_no, refund.status, t("state_" + refund.status), refund.reason].join(" "),
  row: (refund) => rowOf(refund.out_refund_no, refund.reason ?? refund.out_trade_no, refund.status, yuan(refund.refund), refund.created_at),
  detail(refund, redraw) {
    const open = refund.status === "PROCESSING";
    return [
      top(yuan(refund.refund), refund.status, refund.out_refund_no, [refund.reason && el("span", {}, refund.reason), el("a", { href: "#/orders/" + encodeURIComponent(refund.out_trade_no) }, refund.out_trade_no)]),
      actions(`/refunds/${encodeURIComponent(refund.out_refund_no)}`, redraw, [["succeed", "refund_succeed", "main-one", open || refund.status === "ABNORMAL"], ["abnormal", "refund_abnormal", "risky", open]]),
      history(refund.history),
      related(refund.out_refund_no, false),
      card(t("details"), pairs([
        [t("f_out_refund_no"), refund.out_refund_no], [t("f_refund_id"), refund.refund_id], [t("f_out_trade_no"), refund.out_trade_no], [t("f_transaction_id"), refund.transaction_id],
        [t("f_reason"), refund.reason], [t("f_total"), yuan(refund.total)], [t("f_channel"), refund.channel], [t("f_account"), refund.user_received_account],
        [t("f_notify_url"), refund.notify_url], [t("f_created"), clock(refund.created_at, true)], [t("f_finished"), clock(refund.finished_at, true)],
      ])),
    ];
  },
});

export const transfers = view("transfers", {
  keyOf: (transfer) => transfer.out_bill_no,
  text: (transfer) => [transfer.out_bill_no, transfer.remark, transfer.state, t("state_" + transfer.state), transfer.openid].join(" "),
  row: (transfer) => rowOf(transfer.out_bill_no, transfer.remark, transfer.state, yuan(transfer.amount), transfer.created_at),
  detail(transfer, redraw) {
    const open = !["SUCCESS", "FAIL", "CANCELLED"].includes(transfer.state);
    return [
      top(yuan(transfer.amount), transfer.state, transfer.out_bill_no, el("span", {}, transfer.remark)),
      actions(`/transfers/${encodeURIComponent(transfer.out_bill_no)}`, redraw, [["confirm", "transfer_confirm", "main-one", open], ["fail", "transfer_fail", "risky", open]]),
      history(transfer.history),
      related(transfer.out_bill_no, false),
      card(t("details"), pairs([
        [t("f_out_bill_no"), transfer.out_bill_no], [t("f_bill_no"), transfer.transfer_bill_no], [t("f_appid"), transfer.appid], [t("f_openid"), transfer.openid],
        [t("f_user_name"), transfer.user_name], [t("f_remark"), transfer.remark], [t("f_package"), transfer.package_info], [t("f_fail_reason"), transfer.fail_reason],
        [t("f_notify_url"), transfer.notify_url], [t("f_created"), clock(transfer.created_at, true)], [t("f_finished"), clock(transfer.finished_at, true)],
      ])),
    ];
  },
});

export const sharings = view("sharings", {
  keyOf: (sharing) => sharing.out_order_no,
  text: (sharing) => [sharing.out_order_no, sharing.order_id, sharing.transaction_id, sharing.state].join(" "),
  row: (sharing) => rowOf(sharing.out_order_no, sharing.receivers.map((receiver) => receiver.account).join(", "), sharing.state, yuan(sum(sharing.receivers)), sharing.created_at),
  detail: (sharing) => [
    top(yuan(sum(sharing.receivers)), sharing.state, sharing.out_order_no),
    card(t("receivers"), sharing.receivers.length ? pairs(sharing.receivers.map((receiver) => [el("span.mono", {}, receiver.account), el("span", {}, tag(receiver.result, stateKind(receiver.result)), " ", el("span.mono", {}, yuan(receiver.amount)), " ", receiver.description)])) : el("p.note", {}, "–")),
    sharing.returns.length > 0 && card(t("returns"), pairs(sharing.returns.map((one) => [el("span.mono", {}, one.out_return_no), el("span", {}, tag(one.result, stateKind(one.result)), " ", el("span.mono", {}, yuan(one.amount)))]))),
    history(sharing.history),
    card(t("details"), pairs([[t("f_out_order_no"), sharing.out_order_no], [t("f_order_id"), sharing.order_id], [t("f_transaction_id"), sharing.transaction_id], [t("f_mchid"), sharing.mchid], [t("f_sub_mchid"), sharing.sub_mchid], [t("f_created"), clock(sharing.created_at, true)]])),
  ],
});

const sum = (receivers) => receivers.reduce((total, receiver) => total + receiver.amount, 0);
