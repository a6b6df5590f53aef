//! The web page: HTML from the server, without a script. It has no login: keep it on loopback, or put one in front.

use crate::{Result, clock, notify, number, orders, orders::ITEMS, reconcile, refunds, shop::Shop, transfers};
use axum::{
    Form, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;
use std::fmt::{self, Display, Write as _};

/// All routes. Only `/notify` has to be reachable from outside.
pub fn router(shop: Shop) -> Router {
    Router::new()
        .route("/", get(overview))
        .route("/orders", post(place))
        .route("/orders/{out_trade_no}/refund", post(refund))
        .route("/orders/{out_trade_no}/reward", post(reward))
        .route("/reconcile", get(bill))
        .route("/notify", post(notify::notified))
        .with_state(shop)
}

/// A failure, as a page.
struct Failure(crate::Error);

impl<E: Into<crate::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let text = format!(
            "<!doctype html><meta charset=utf-8><p>{}<p><a href=/>←</a>",
            Escaped(self.0)
        );
        (StatusCode::BAD_REQUEST, Html(text)).into_response()
    }
}

/// A text as HTML. Everything that was not written in this file goes through it.
struct Escaped<T>(T);

impl<T: Display> Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.to_string().chars().try_for_each(|character| match character {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            _ => f.write_char(character),
        })
    }
}

/// Fen as yuan.
struct Yuan(i64);

impl Display for Yuan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "¥{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// The language of the browser.
#[derive(Clone, Copy)]
struct Language {
    chinese: bool,
}

impl Language {
    fn of(headers: &HeaderMap) -> Self {
        let accepted = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        Self {
            chinese: accepted.is_some_and(|accepted| accepted.trim_start().starts_with("zh")),
        }
    }

    fn say(self, english: &'static str, chinese: &'static str) -> &'static str {
        if self.chinese { chinese } else { english }
    }
}

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}\
    table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8884}\
    code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}form{display:inline}button{font:inherit;padding:.1rem .7rem}\
    main{overflow-x:auto}";

fn page(language: Language, body: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang={}><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>{title}</title><style>{STYLE}</style><main><h1>{title}</h1>{body}</main></html>",
        language.say("en", "zh"),
        title = language.say("The shop", "示例商店"),
    ))
}

async fn overview(State(shop): State<Shop>, headers: HeaderMap) -> Result<Html<String>, Failure> {
    let language = Language::of(&headers);
    let mut body = String::from("<p>");
    for (key, english, chinese, total) in ITEMS {
        // The key of this checkout: however often the button is clicked, it is one order.
        let checkout = number::new('C')?;
        write!(
            body,
            "<form method=post action=/orders><input type=hidden name=checkout value={checkout}>\
             <button name=item value={key}>{} {}</button></form> ",
            language.say(english, chinese),
            Yuan(total)
        )?;
    }
    if let Some(console) = &shop.console_url {
        write!(
            body,
            "<p><a href=\"{}\">{}</a>",
            Escaped(console),
            language.say(
                "Pay, and confirm transfers, in the simulator's console",
                "在模拟器的控制台付款、确认收款"
            )
        )?;
    }
    orders_table(&shop, language, &mut body).await?;
    others_table(&shop, language, &mut body).await?;
    write!(
        body,
        "<p><a href=\"/reconcile?day={}\">{}</a>",
        clock::beijing_day(clock::now()),
        language.say("Reconcile today", "与今天的账单对账")
    )?;
    Ok(page(language, &body))
}

async fn orders_table(shop: &Shop, language: Language, body: &mut String) -> Result {
    let rows: Vec<orders::Order> = sqlx::query_as(
        "SELECT out_trade_no, item, total, refunded, state, code_url, transaction_id, openid FROM orders \
         ORDER BY created DESC LIMIT 100",
    )
    .fetch_all(shop.database.pool())
    .await?;
    write!(
        body,
        "<h2>{}</h2><table><tr><th>{}<th>{}<th>{}<th>{}<th>",
        language.say("Orders", "订单"),
        language.say("Number", "商户订单号"),
        language.say("Item", "商品"),
        language.say("Amount", "金额"),
        language.say("State", "状态"),
    )?;
    for order in rows {
        let number = Escaped(&order.out_trade_no);
        write!(
            body,
            "<tr><td><code>{number}</code><td>{}<td>{}<td>{}<td>",
            Escaped(&order.item),
            Yuan(order.total),
            Escaped(&order.state)
        )?;
        if order.state == "SUCCESS" {
            if order.refunded < order.total {
                let request = number::new('Q')?;
                write!(
                    body,
                    "<form method=post action=\"/orders/{number}/refund\"><button name=request value={request}>{} {}</button></form> ",
                    language.say("Refund", "退款"),
                    Yuan(order.total - order.refunded)
                )?;
            }
            let label = language.say("Reward the payer", "奖励付款人");
            write!(
                body,
                "<form method=post action=\"/orders/{number}/reward\"><button>{label}</button></form>"
            )?;
        } else if let Some(code_url) = &order.code_url {
            write!(body, "<code>{}</code>", Escaped(code_url))?;
        }
    }
    body.push_str("</table>");
    Ok(())
}

async fn others_table(shop: &Shop, language: Language, body: &mut String) -> Result {
    let rows: Vec<(String, String, i64, String)> = sqlx::query_as(
        "SELECT out_refund_no, out_trade_no, refund, state FROM (\
         SELECT out_refund_no, out_trade_no, refund, state, created FROM refunds \
         UNION ALL SELECT out_bill_no, out_trade_no, amount, state, created FROM transfers) AS both_kinds \
         ORDER BY created DESC LIMIT 100",
    )
    .fetch_all(shop.database.pool())
    .await?;
    write!(
        body,
        "<h2>{}</h2><table><tr><th>{}<th>{}<th>{}<th>{}",
        language.say("Refunds and transfers", "退款和转账"),
        language.say("Number", "商户单号"),
        language.say("Order", "商户订单号"),
        language.say("Amount", "金额"),
        language.say("State", "状态"),
    )?;
    for (number, out_trade_no, amount, state) in rows {
        write!(
            body,
            "<tr><td><code>{}</code><td><code>{}</code><td>{}<td>{}",
            Escaped(number),
            Escaped(out_trade_no),
            Yuan(amount),
            Escaped(state)
        )?;
    }
    body.push_str("</table>");
    Ok(())
}

#[derive(Deserialize)]
struct Checkout {
    checkout: String,
    item: String,
}

async fn place(State(shop): State<Shop>, Form(form): Form<Checkout>) -> Result<Redirect, Failure> {
    orders::place(&shop.database, &form.checkout, &form.item).await?;
    Ok(Redirect::to("/"))
}

#[derive(Deserialize)]
struct Click {
    request: String,
}

async fn refund(
    State(shop): State<Shop>,
    Path(out_trade_no): Path<String>,
    Form(click): Form<Click>,
) -> Result<Redirect, Failure> {
    // What is left of it, by the row.
    let order = orders::find(&shop.database, &out_trade_no).await?;
    refunds::request(
        &shop.database,
        &click.request,
        &out_trade_no,
        order.total - order.refunded,
    )
    .await?;
    Ok(Redirect::to("/"))
}

async fn reward(State(shop): State<Shop>, Path(out_trade_no): Path<String>) -> Result<Redirect, Failure> {
    transfers::reward(&shop.database, &out_trade_no).await?;
    Ok(Redirect::to("/"))
}

#[derive(Deserialize)]
struct Day {
    day: String,
}

async fn bill(State(shop): State<Shop>, headers: HeaderMap, Query(query): Query<Day>) -> Result<Html<String>, Failure> {
    let language = Language::of(&headers);
    let report = reconcile::day(&shop, &query.day).await?;
    let text = if language.chinese {
        report.chinese().to_string()
    } else {
        report.to_string()
    };
    Ok(page(
        language,
        &format!("<pre>{}</pre><p><a href=/>←</a>", Escaped(text)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_become_markup() {
        let escaped = Escaped("<a href=\"x\" class='y'>&").to_string();
        assert_eq!(escaped, "&lt;a href=&quot;x&quot; class=&#39;y&#39;&gt;&amp;");
    }
}
