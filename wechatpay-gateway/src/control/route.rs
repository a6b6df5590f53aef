//! Which endpoint a path is. The OpenAPI document lists the same ones.

use http::{Method, StatusCode};

use crate::{
    control::{reply::Problem, state::Action},
    request::route::{self, Routes},
};

/// What a path does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Page,
    Asset,
    OpenApi,
    Info,
    Events,
    Requests,
    Request,
    Orders,
    Order,
    OrderCode,
    Refunds,
    Refund,
    Transfers,
    Transfer,
    Sharings,
    Sharing,
    Notifications,
    Notification,
    Act(Action),
    Payer,
    Faults,
    AddFault,
    ClearFaults,
    Keys,
    ChangeKeys,
    Operations,
    Operation,
    Reset,
}

/// An endpoint, and what stands in the place of the placeholder of its path.
pub(crate) struct Found {
    pub(crate) endpoint: Endpoint,
    pub(crate) name: String,
}

const GET: Method = Method::GET;
const POST: Method = Method::POST;

/// Every endpoint with its method and its path below `/_gateway`.
const ENDPOINTS: &[(Method, &str, Endpoint)] = &[
    (GET, "/", Endpoint::Page),
    (GET, "/assets/{name}", Endpoint::Asset),
    (GET, "/openapi.json", Endpoint::OpenApi),
    (GET, "/info", Endpoint::Info),
    (GET, "/events", Endpoint::Events),
    (GET, "/requests", Endpoint::Requests),
    (GET, "/requests/{id}", Endpoint::Request),
    (GET, "/orders", Endpoint::Orders),
    (GET, "/orders/{out_trade_no}", Endpoint::Order),
    (GET, "/orders/{out_trade_no}/code.svg", Endpoint::OrderCode),
    (POST, "/orders/{out_trade_no}/pay", Endpoint::Act(Action::Pay)),
    (POST, "/orders/{out_trade_no}/fail", Endpoint::Act(Action::FailPayment)),
    (
        POST,
        "/orders/{out_trade_no}/leave",
        Endpoint::Act(Action::LeavePayment),
    ),
    (GET, "/refunds", Endpoint::Refunds),
    (GET, "/refunds/{out_refund_no}", Endpoint::Refund),
    (
        POST,
        "/refunds/{out_refund_no}/succeed",
        Endpoint::Act(Action::FinishRefund),
    ),
    (
        POST,
        "/refunds/{out_refund_no}/abnormal",
        Endpoint::Act(Action::MakeRefundAbnormal),
    ),
    (GET, "/transfers", Endpoint::Transfers),
    (GET, "/transfers/{out_bill_no}", Endpoint::Transfer),
    (
        POST,
        "/transfers/{out_bill_no}/confirm",
        Endpoint::Act(Action::ConfirmTransfer),
    ),
    (
        POST,
        "/transfers/{out_bill_no}/fail",
        Endpoint::Act(Action::FailTransfer),
    ),
    (GET, "/sharings", Endpoint::Sharings),
    (GET, "/sharings/{out_order_no}", Endpoint::Sharing),
    (GET, "/notifications", Endpoint::Notifications),
    (GET, "/notifications/{id}", Endpoint::Notification),
    (POST, "/notifications/{id}/again", Endpoint::Act(Action::DeliverAgain)),
    (POST, "/notifications/{id}/twice", Endpoint::Act(Action::DeliverTwice)),
    (POST, "/notifications/{id}/late", Endpoint::Act(Action::DeliverLate)),
    (POST, "/notifications/{id}/forged", Endpoint::Act(Action::DeliverForged)),
    (GET, "/pay/{out_trade_no}", Endpoint::Payer),
    (GET, "/faults", Endpoint::Faults),
    (POST, "/faults", Endpoint::AddFault),
    (Method::DELETE, "/faults", Endpoint::ClearFaults),
    (GET, "/keys", Endpoint::Keys),
    (POST, "/keys", Endpoint::ChangeKeys),
    (GET, "/operations", Endpoint::Operations),
    (GET, "/operations/{id}", Endpoint::Operation),
    (POST, "/reset", Endpoint::Reset),
];

/// The endpoint of a path below `/_gateway`.
pub(crate) fn find(method: &Method, path: &str) -> Result<Found, Problem> {
    let mut routes = Routes::default();
    for (method, template, endpoint) in ENDPOINTS {
        routes.add(route::Route::new(method.clone(), template, *endpoint));
    }
    // HEAD is GET without a body, which the HTTP library leaves out.
    let asked = if method == Method::HEAD { &GET } else { method };
    if let Some((route, values)) = routes.find(asked, path) {
        let name = values.into_iter().next().map(|(_, value)| value).unwrap_or_default();
        return Ok(Found {
            endpoint: route.target,
            name,
        });
    }
    let others = [GET, POST, Method::DELETE];
    if others.iter().any(|other| routes.find(other, path).is_some()) {
        return Err(Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "METHOD_NOT_ALLOWED",
            format!("{path} has no method {method}"),
            format!("{path} 不支持 {method}"),
        ));
    }
    Err(Problem::not_found(
        format!("there is no endpoint {path}; /_gateway/openapi.json lists them"),
        format!("没有接口 {path}；接口列表见 /_gateway/openapi.json"),
    ))
}

/// The pairs of a query.
pub(crate) fn pairs(query: &str) -> Result<Vec<(String, String)>, Problem> {
    route::decode_query(query)
        .ok_or_else(|| Problem::bad_request("the query is not percent-encoded UTF-8", "查询参数编码错误"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeSet;

    #[test]
    fn the_document_describes_exactly_the_endpoints_there_are() {
        let document: Value = serde_json::from_str(include_str!("openapi.json")).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let described: BTreeSet<_> = paths
            .iter()
            .flat_map(|(path, item)| {
                let methods = item.as_object().unwrap().keys().filter(|key| *key != "parameters");
                methods.map(move |method| (method.to_uppercase(), path.clone()))
            })
            .collect();
        let served: BTreeSet<_> = ENDPOINTS
            .iter()
            .map(|(method, path, _)| (method.to_string(), format!("/_gateway{path}")))
            .collect();
        assert_eq!(described, served);
    }

    #[test]
    fn an_endpoint_is_found_by_method_and_path() {
        let found = find(&GET, "/orders/A%2F1/code.svg").unwrap();
        assert_eq!((found.endpoint, found.name.as_str()), (Endpoint::OrderCode, "A/1"));
        assert_eq!(find(&Method::PUT, "/orders").err().unwrap().status, 405);
        assert_eq!(find(&GET, "/nothing").err().unwrap().status, 404);
    }
}
