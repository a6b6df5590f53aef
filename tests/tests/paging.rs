//! Paged lists.

use serde::Deserialize;
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use wechatpay_core::{
    Method,
    paging::{Offset, Paged, Step},
    wechatpay_endpoint,
};
use wechatpay_gateway::{Gateway, GatewayResponse};

#[wechatpay_endpoint(GET, "/v3/list", response = Page)]
#[derive(Clone, Default)]
struct List {
    offset: Option<i64>,
    limit: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct Page {
    data: Option<Vec<u32>>,
    total_count: Option<i64>,
}

impl Paged for List {
    type Item = u32;

    fn offset(&mut self) -> &mut dyn Offset {
        &mut self.offset
    }

    fn total(page: &Page) -> Option<i64> {
        page.total_count
    }

    fn items(page: &mut Page) -> &mut Vec<u32> {
        page.data.get_or_insert_default()
    }
}

#[wechatpay_endpoint(GET, "/v3/numbered", response = Page)]
#[derive(Clone, Default)]
struct Numbered {
    offset: u64,
}

impl Paged for Numbered {
    type Item = u32;

    const STEP: Step = Step::Pages;

    fn offset(&mut self) -> &mut dyn Offset {
        &mut self.offset
    }

    fn total(page: &Page) -> Option<i64> {
        page.total_count
    }

    fn items(page: &mut Page) -> &mut Vec<u32> {
        page.data.get_or_insert_default()
    }
}

/// A gateway that lists the numbers from 0 to 6, at most three on a page.
fn gateway(with_total: bool) -> Gateway {
    let gateway = Gateway::start().unwrap();
    let page = move |offset: usize, limit: usize| {
        let data: Vec<usize> = (0..7).skip(offset).take(limit.min(3)).collect();
        match with_total {
            true => json!({ "data": data, "total_count": 7 }),
            false if data.is_empty() => json!({}),
            false => json!({ "data": data }),
        }
    };
    let number = |text: Option<&str>, default| text.map_or(default, |text| text.parse().unwrap());
    gateway
        .on(Method::GET, "/v3/list", move |request| {
            page(number(request.query("offset"), 0), number(request.query("limit"), 3))
        })
        .on(Method::GET, "/v3/numbered", move |request| {
            page(number(request.query("offset"), 0) * 3, 3)
        });
    gateway
}

#[tokio::test]
async fn all_items_are_returned_in_order_and_no_page_is_requested_beyond_the_total() {
    let gateway = gateway(true);
    let client = gateway.client().unwrap();
    let mut items = client.items(List {
        limit: Some(2),
        ..List::default()
    });
    let mut seen = Vec::new();
    while let Some(item) = items.next().await {
        seen.push(item.unwrap());
    }
    assert_eq!(seen, [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(gateway.received(), 4);
    assert!(items.next().await.is_none());
    assert_eq!(gateway.received(), 4);
}

#[tokio::test]
async fn without_a_total_an_empty_page_ends_the_list() {
    let gateway = gateway(false);
    let client = gateway.client().unwrap();
    // The server returns fewer items than requested: a short page is not the last one.
    let mut pages = client.pages(List {
        limit: Some(100),
        ..List::default()
    });
    let mut lengths = Vec::new();
    while let Some(page) = pages.next().await {
        lengths.push(page.unwrap().data.unwrap().len());
    }
    assert_eq!(lengths, [3, 3, 1, 0]);
}

#[tokio::test]
async fn a_list_begins_at_the_offset_of_the_request() {
    let gateway = gateway(true);
    let client = gateway.client().unwrap();
    let mut items = client.items(List {
        offset: Some(5),
        limit: None,
    });
    assert_eq!(items.next().await.unwrap().unwrap(), 5);
    assert_eq!(items.next().await.unwrap().unwrap(), 6);
    assert!(items.next().await.is_none());
    assert_eq!(gateway.received(), 1);
}

#[tokio::test]
async fn an_offset_that_counts_pages_increases_by_one() {
    let gateway = gateway(true);
    let client = gateway.client().unwrap();
    let mut items = client.items(Numbered::default());
    let mut seen = Vec::new();
    while let Some(item) = items.next().await {
        seen.push(item.unwrap());
    }
    assert_eq!(seen, [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(gateway.received(), 3);
}

#[tokio::test]
async fn after_an_error_a_list_can_be_continued() {
    let gateway = gateway(true);
    let client = gateway.client().unwrap();
    let failing = AtomicUsize::new(0);
    gateway.on(Method::GET, "/v3/list", move |request| {
        match failing.fetch_add(1, Ordering::Relaxed) {
            1 => GatewayResponse::error(400, "PARAM_ERROR", "no"),
            _ => {
                let offset = request.query("offset").map_or(0, |offset| offset.parse().unwrap());
                let data: Vec<usize> = (0..7).skip(offset).take(3).collect();
                json!({ "data": data, "total_count": 7 }).into()
            }
        }
    });
    let mut pages = client.pages(List::default());
    assert!(pages.next().await.unwrap().is_ok());
    assert!(pages.next().await.unwrap().is_err());
    assert!(pages.next().await.is_none());
    let mut rest = client.items(pages.request().clone());
    assert_eq!(rest.next().await.unwrap().unwrap(), 3);
}

#[test]
fn the_blocking_client_pages_with_an_iterator() {
    let gateway = gateway(true);
    let client = wechatpay_core::blocking::Client::new(gateway.client().unwrap()).unwrap();
    let items: Result<Vec<u32>, _> = client.items(List::default()).collect();
    assert_eq!(items.unwrap(), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(client.pages(List::default()).count(), 3);
}
