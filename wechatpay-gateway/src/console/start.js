// What to do first: the environment of a client, five lines of code, the interface for tests.

import { el, api, card, codeBlock, copyButton, end } from "./dom.js";
import { t } from "./words.js";

const CODE = (mchid) => `let client = wechatpay_core::Client::from_env()?;
let order = serde_json::json!({ "appid": "wxd678efh567hg6787", "mchid": "${mchid}", "description": "Coffee",
    "out_trade_no": "ORDER-0001", "notify_url": "http://127.0.0.1:3000/notify", "amount": { "total": 100 } });
let placed = client.request(wechatpay_core::Method::POST, "/v3/pay/transactions/native").json(&order).send().await?;
println!("{}", placed["code_url"]);
`;

const CONTROL = (base) => `POST ${base}/_gateway/orders/ORDER-0001/pay
POST ${base}/_gateway/faults            {"fault": "reset", "committed": true}
POST ${base}/_gateway/keys              {"rotate": true}
GET  ${base}/_gateway/notifications
`;

export function firstSteps() {
  const box = el("div");
  api("/info").then((info) => box.replaceChildren(...steps(info)), (error) => box.replaceChildren(el("p.dim", {}, error.message)));
  return box;
}

function steps(info) {
  const environment = shell(info.environment);
  const code = CODE(info.mchid);
  return [
    el("div.title", {}, el("h2", {}, t("connect"))),
    el("div.sub", {}, t("connect_more")),
    card([t("step_env"), end(copyButton(environment))], codeBlock(environment), el("p.note", {}, t("step_env_more"))),
    card([t("step_code"), end(copyButton(code))], codeBlock(code)),
    card(t("step_control"), codeBlock(CONTROL(info.base_url)), el("p.note", {}, t("step_control_more"), " ", el("a", { href: "/_gateway/openapi.json", target: "_blank", rel: "noopener" }, "/_gateway/openapi.json"))),
  ];
}

// The variables in the order of the documentation, keys last. The private key is a file.
const NAMES = ["MCHID", "SERIAL_NO", "API_V3_KEY", "BASE_URL", "PRIVATE_KEY", "PUBLIC_KEY_ID", "PUBLIC_KEY"].map((name) => "WECHATPAY_" + name);

function shell(environment) {
  const lines = NAMES.map((name) => {
    if (name === "WECHATPAY_PRIVATE_KEY") return `export ${name}=DIR/merchant_private_key.pem   # wechatpay-gateway --env DIR`;
    const value = environment[name];
    return value && `export ${name}='${value.trim().replaceAll("'", "'\\''")}'`;
  });
  return lines.filter(Boolean).join("\n") + "\n";
}

export const connect = {
  name: "connect",
  mount(main) {
    main.className = "main whole";
    main.replaceChildren(el("section.detail", {}, el("div.sheet", {}, firstSteps())));
    return Promise.resolve();
  },
  refresh: () => Promise.resolve(),
  redraw() {},
  show() {},
  pressed: () => false,
};
