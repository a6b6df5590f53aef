//! Operations that respond page by page (分页查询).
//!
//! ```
//! use serde::Deserialize;
//! use serde_json::json;
//! use wechatpay_core::{
//!     Method,
//!     paging::{Items, Offset, Paged, Pages, Step},
//!     wechatpay_endpoint,
//! };
//! use wechatpay_gateway::Gateway;
//!
//! #[wechatpay_endpoint(GET, "/v3/goods", response = Goods)]
//! #[derive(Clone)]
//! struct ListGoods {
//!     limit: i64,
//!     offset: Option<i64>,
//! }
//!
//! #[derive(Deserialize)]
//! struct Goods {
//!     data: Vec<String>,
//!     total_count: i64,
//! }
//!
//! impl Paged for ListGoods {
//!     type Item = String;
//!     const STEP: Step = Step::Items;
//!
//!     fn offset(&mut self) -> &mut dyn Offset {
//!         &mut self.offset
//!     }
//!
//!     fn total(page: &Goods) -> Option<i64> {
//!         Some(page.total_count)
//!     }
//!
//!     fn items(page: &mut Goods) -> &mut Vec<String> {
//!         &mut page.data
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let gateway = Gateway::start()?;
//! gateway.on(Method::GET, "/v3/goods", |request| {
//!     let offset: usize = request.query("offset").unwrap_or("0").parse().unwrap_or(0);
//!     json!({ "data": (["a", "b", "c"][offset..]).iter().take(2).collect::<Vec<_>>(), "total_count": 3 })
//! });
//! let client = gateway.client()?;
//!
//! let mut items: Items<ListGoods> = client.items(ListGoods { limit: 2, offset: None });
//! let mut all = Vec::new();
//! while let Some(item) = items.next().await {
//!     all.push(item?);
//! }
//! assert_eq!(all, ["a", "b", "c"]);
//!
//! let mut pages: Pages<ListGoods> = client.pages(ListGoods { limit: 2, offset: None });
//! assert_eq!(pages.next().await.ok_or("no page")??.data.len(), 2);
//! // Where a program continues after a restart.
//! let mut next = pages.request().clone();
//! assert_eq!(next.offset().get(), 2);
//! next.offset().set(0);
//! # Ok(()) }
//! ```

use crate::{call::Caller, client::Client, endpoint::Endpoint, error::Error};
use futures_core::Stream;
use std::{
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

/// An operation with `offset` and `limit`, whose response is one page of a list.
///
/// [`Client::pages`] and [`Client::items`] send it again and again, each time with the next `offset`. The operations of
/// the catalogue implement it where they can be paged.
///
/// ```
/// use serde::Deserialize;
/// use wechatpay_core::paging::{Offset, Paged};
/// use wechatpay_core::{Client, Error, wechatpay_endpoint};
///
/// #[wechatpay_endpoint(GET, "/v3/merchant-service/complaints-v2", response = Complaints)]
/// #[derive(Clone)]
/// pub struct ListComplaints {
///     pub limit: Option<i64>,
///     pub offset: Option<i64>,
///     pub begin_date: String,
///     pub end_date: String,
/// }
///
/// #[derive(Deserialize)]
/// pub struct Complaints {
///     pub data: Option<Vec<Complaint>>,
///     pub total_count: Option<i64>,
/// }
///
/// #[derive(Deserialize)]
/// pub struct Complaint {
///     pub complaint_id: String,
/// }
///
/// impl Paged for ListComplaints {
///     type Item = Complaint;
///
///     fn offset(&mut self) -> &mut dyn Offset {
///         &mut self.offset
///     }
///
///     fn total(page: &Complaints) -> Option<i64> {
///         page.total_count
///     }
///
///     fn items(page: &mut Complaints) -> &mut Vec<Complaint> {
///         page.data.get_or_insert_default()
///     }
/// }
///
/// async fn print_all(client: &Client, list: ListComplaints) -> Result<(), Error> {
///     let mut complaints = client.items(list);
///     while let Some(complaint) = complaints.next().await {
///         println!("{}", complaint?.complaint_id);
///     }
///     Ok(())
/// }
/// ```
pub trait Paged: Endpoint + Clone {
    /// What the list holds.
    type Item;

    /// What `offset` counts.
    const STEP: Step = Step::Items;

    /// The field `offset` of the request.
    fn offset(&mut self) -> &mut dyn Offset;

    /// How many items the whole list has, when the response says so.
    fn total(page: &Self::Response) -> Option<i64> {
        let _ = page;
        None
    }

    /// The items of a page.
    fn items(page: &mut Self::Response) -> &mut Vec<Self::Item>;
}

/// What the `offset` of an operation counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Items: the next page begins `offset + number of items` into the list (起始位置).
    Items,
    /// Pages: the next page has the number `offset + 1` (页码).
    Pages,
}

/// A field that holds an offset: `i64`, `u64`, or an `Option` of them. `None` stands for the beginning.
pub trait Offset {
    /// The offset.
    fn get(&self) -> i64;

    /// Sets the offset.
    fn set(&mut self, offset: i64);
}

impl Offset for i64 {
    fn get(&self) -> i64 {
        *self
    }

    fn set(&mut self, offset: i64) {
        *self = offset;
    }
}

impl Offset for u64 {
    fn get(&self) -> i64 {
        i64::try_from(*self).unwrap_or(i64::MAX)
    }

    fn set(&mut self, offset: i64) {
        *self = u64::try_from(offset).unwrap_or(0);
    }
}

impl<T: Offset + Default> Offset for Option<T> {
    fn get(&self) -> i64 {
        self.as_ref().map_or(0, Offset::get)
    }

    fn set(&mut self, offset: i64) {
        self.get_or_insert_default().set(offset);
    }
}

/// Where in the list the next page begins.
struct Cursor<E> {
    request: E,
    /// The items behind this page, counted from the beginning of the list. Unknown when the first page is not page 0.
    seen: Option<i64>,
    over: bool,
}

impl<E: Paged> Cursor<E> {
    fn new(mut request: E) -> Self {
        let offset = request.offset().get();
        let seen = match E::STEP {
            Step::Items => Some(offset),
            Step::Pages => (offset == 0).then_some(0),
        };
        Self {
            request,
            seen,
            over: false,
        }
    }

    /// Moves on behind `page`. The list ends with an empty page, or when as many items were seen as it has.
    fn advance(&mut self, page: &mut E::Response) {
        let total = E::total(page);
        let count = i64::try_from(E::items(page).len()).unwrap_or(i64::MAX);
        self.seen = self.seen.map(|seen| seen.saturating_add(count));
        self.over = count == 0 || self.seen.zip(total).is_some_and(|(seen, total)| seen >= total);
        let step = match E::STEP {
            Step::Items => count,
            Step::Pages => 1,
        };
        let offset = self.request.offset();
        offset.set(offset.get().saturating_add(step));
    }

    /// Takes note of a response, or ends the list with an error.
    fn received(&mut self, response: Result<E::Response, Error>) -> Result<E::Response, Error> {
        match response {
            Ok(mut page) => {
                self.advance(&mut page);
                Ok(page)
            }
            Err(error) => {
                self.over = true;
                Err(error)
            }
        }
    }
}

impl Client {
    /// As [`Paged`] shows, the pages of a list, from the request's `offset` on.
    pub fn pages<E: Paged>(&self, request: E) -> Pages<E> {
        Pages {
            client: self.clone(),
            cursor: Cursor::new(request),
            page: None,
        }
    }

    /// As [`Paged`] shows, the items of a list, from the request's `offset` on.
    pub fn items<E: Paged>(&self, request: E) -> Items<E> {
        Items {
            pages: self.pages(request),
            page: Vec::new().into_iter(),
        }
    }
}

type Page<E> = Pin<Box<dyn Future<Output = Result<<E as Endpoint>::Response, Error>> + Send>>;

/// The pages of a list: a `Stream`, made by [`Client::pages`]. It ends behind the last page and behind an error.
#[must_use = "nothing is sent until the stream is polled"]
pub struct Pages<E: Paged> {
    client: Client,
    cursor: Cursor<E>,
    page: Option<Page<E>>,
}

impl<E: Paged> Pages<E> {
    /// The request for the next page. After an error it is the one that failed, so the list can be continued from it.
    pub fn request(&self) -> &E {
        &self.cursor.request
    }
}

impl<E: Paged + Send + 'static> Pages<E> {
    /// The next page, for a caller without a library of streams. `None` is the end.
    ///
    /// # Errors
    /// Those of the operation.
    pub async fn next(&mut self) -> Option<Result<E::Response, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<E: Paged> fmt::Debug for Pages<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("path", &E::PATH)
            .field("over", &self.cursor.over)
            .finish_non_exhaustive()
    }
}

impl<E: Paged + Send + 'static> Stream for Pages<E> {
    type Item = Result<E::Response, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { client, cursor, page } = self.get_mut();
        if cursor.over {
            return Poll::Ready(None);
        }
        let sending = page.get_or_insert_with(|| {
            let (client, request) = (client.clone(), cursor.request.clone());
            Box::pin(async move { client.send(&request).await })
        });
        let response = ready!(sending.as_mut().poll(context));
        *page = None;
        Poll::Ready(Some(cursor.received(response)))
    }
}

/// The items of a list: a `Stream`, made by [`Client::items`]. It ends behind the last item and behind an error.
#[must_use = "nothing is sent until the stream is polled"]
pub struct Items<E: Paged> {
    pages: Pages<E>,
    page: vec::IntoIter<E::Item>,
}

impl<E: Paged> fmt::Debug for Items<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("at_hand", &self.page.len())
            .finish()
    }
}

impl<E: Paged + Send + 'static> Items<E> {
    /// The next item, for a caller without a library of streams. `None` is the end.
    ///
    /// # Errors
    /// Those of the operation.
    pub async fn next(&mut self) -> Option<Result<E::Item, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

// Neither is pinned structurally.
impl<E: Paged> Unpin for Pages<E> {}
impl<E: Paged> Unpin for Items<E> {}

impl<E: Paged + Send + 'static> Stream for Items<E> {
    type Item = Result<E::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { pages, page } = self.get_mut();
        loop {
            if let Some(item) = page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut *pages).poll_next(context)) {
                Some(Ok(mut response)) => *page = std::mem::take(E::items(&mut response)).into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

#[cfg(feature = "blocking")]
mod blocking {
    use super::{Cursor, Paged};
    use crate::{blocking::Client, call::Caller, error::Error};

    impl Client {
        /// As [`Client::pages`](crate::Client::pages): the pages of a list. It ends behind the last page and behind an error.
        pub fn pages<E: Paged>(&self, request: E) -> impl Iterator<Item = Result<E::Response, Error>> {
            let mut cursor = Cursor::new(request);
            std::iter::from_fn(move || {
                let response = (!cursor.over).then(|| self.send(&cursor.request))?;
                Some(cursor.received(response))
            })
        }

        /// As [`Client::items`](crate::Client::items): the items of a list. It ends behind the last item and behind an error.
        pub fn items<E: Paged>(&self, request: E) -> impl Iterator<Item = Result<E::Item, Error>> {
            self.pages(request).flat_map(|page| {
                let (items, error) = match page {
                    Ok(mut page) => (std::mem::take(E::items(&mut page)), None),
                    Err(error) => (Vec::new(), Some(Err(error))),
                };
                items.into_iter().map(Ok).chain(error)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Offset, Step};

    #[test]
    fn an_offset_that_is_not_given_stands_for_the_beginning() {
        let mut offset: Option<i64> = None;
        assert_eq!(offset.get(), 0);
        offset.set(20);
        assert_eq!(offset, Some(20));
        let mut unsigned: u64 = 7;
        unsigned.set(-1);
        assert_eq!((unsigned, Step::Items), (0, Step::Items));
    }
}
