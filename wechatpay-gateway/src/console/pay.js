// The payer's phone: one order, and what the payer does.

import { el, yuan } from "./dom.js";
import { t, say } from "./words.js";

const number = decodeURIComponent(location.pathname.split("/").pop());
const order = `/_gateway/orders/${encodeURIComponent(number)}`;
const screen = el("main");
document.body.replaceChildren(screen);
document.title = t("phone");

// The key of this order, where the gateway asks for one, is in the address.
async function ask(path, method) {
  const response = await fetch(path + location.search, { method });
  const value = await response.json();
  if (!response.ok) throw new Error(say(value.message, value.message_zh));
  return value;
}

function show(order, ...rest) {
  screen.replaceChildren(
    el("div.to", {}, `${t("to")} ${order.sub_mchid ?? order.mchid}`),
    el("div.amount", {}, yuan(order.total, order.currency)),
    ...rest.filter(Boolean),
    el("dl", {}, [[t("item"), order.description], [t("order_number"), order.out_trade_no]].map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    el("p.note", {}, t("simulated")));
}

function result(kind, sign, text) {
  return el("div", {}, el(`div.round${kind === "ok" ? "" : "." + kind}`, {}, sign), el(`div.result.${kind}`, { role: "status" }, text));
}

function draw(order, message) {
  if (order.trade_state === "SUCCESS" || order.trade_state === "REFUND") return show(order, result("ok", "✓", t("paid")));
  if (message) return show(order, message, again(order));
  if (!["NOTPAY", "USERPAYING", "PAYERROR"].includes(order.trade_state)) return show(order, result("still", "–", t("cannot_pay")));
  show(order, choices());
}

function choices() {
  const choice = (name, word, kind) => el(`button.${kind}`, { type: "button", "data-action": name, onclick: (event) => choose(name, event.currentTarget) }, t(word));
  return el("div", {}, choice("pay", "pay_now", "pay"), choice("fail", "pay_fail", "quiet"), choice("leave", "pay_leave", "quiet"));
}

const again = (order) => (["NOTPAY", "USERPAYING", "PAYERROR"].includes(order.trade_state) ? choices() : null);

async function choose(name, node) {
  node.disabled = true;
  try {
    const changed = await ask(`${order}/${name}`, "POST");
    draw(changed, name === "fail" ? result("bad", "!", t("failed")) : name === "leave" ? result("still", "–", t("left")) : null);
  } catch (error) {
    fail(error);
  }
}

function fail(error) {
  screen.replaceChildren(result("bad", "!", error.message), el("p.note", {}, number));
}

ask(order, "GET").then((value) => draw(value), fail);
