//! The log of received requests.

use std::{collections::VecDeque, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::request::ReceivedRequest;

/// The last requests, bounded in number and in memory.
pub(crate) struct Log {
    kept: VecDeque<Entry>,
    bytes: usize,
    limit: usize,
    pub(crate) received: u64,
}

/// A request with what became of it.
#[derive(Clone)]
pub(crate) struct Entry {
    /// Counts from 1 in the order of arrival.
    pub(crate) id: u64,
    /// When it arrived, in milliseconds since 1970.
    pub(crate) at: u64,
    pub(crate) request: ReceivedRequest,
    /// Nothing while the response is being made, and when a fault left no response.
    pub(crate) sent: Option<Arc<Sent>>,
}

/// A response as it went out.
pub(crate) struct Sent {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The beginning of the body, up to [`KEPT_BODY`].
    pub(crate) body: Bytes,
    /// The whole length of the body. Nothing for a body that is made while it goes out.
    pub(crate) length: Option<usize>,
    pub(crate) elapsed_us: u64,
}

/// The limit of all kept requests and responses together, in bytes.
const KEPT_BYTES: usize = 64 << 20;

/// What an entry needs beside its bodies: headers, mostly.
const OVERHEAD: usize = 2 << 10;

/// How much of a response body is kept.
pub(crate) const KEPT_BODY: usize = 64 << 10;

impl Entry {
    fn size(&self) -> usize {
        OVERHEAD + self.request.size() + self.sent.as_ref().map_or(0, |sent| sent.body.len())
    }
}

impl Log {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            kept: VecDeque::new(),
            bytes: 0,
            limit,
            received: 0,
        }
    }

    /// Keeps a request and gives its id.
    pub(crate) fn push(&mut self, request: ReceivedRequest, at: u64) -> u64 {
        self.received += 1;
        let entry = Entry {
            id: self.received,
            at,
            request,
            sent: None,
        };
        self.bytes += entry.size();
        self.kept.push_back(entry);
        self.shrink();
        self.received
    }

    /// Keeps the response to a request, if the request is still there.
    pub(crate) fn respond(&mut self, id: u64, sent: Sent) {
        let position = self.kept.binary_search_by_key(&id, |entry| entry.id);
        if let Ok(position) = position
            && let Some(entry) = self.kept.get_mut(position)
        {
            self.bytes += sent.body.len();
            entry.sent = Some(Arc::new(sent));
            self.shrink();
        }
    }

    fn shrink(&mut self) {
        // The newest stays, however long its body is: the largest body is bounded.
        while self.kept.len() > self.limit || self.kept.len() > 1 && self.bytes > KEPT_BYTES {
            let Some(oldest) = self.kept.pop_front() else { break };
            self.bytes -= oldest.size();
        }
    }

    pub(crate) fn all(&self) -> Vec<ReceivedRequest> {
        self.kept.iter().map(|entry| entry.request.clone()).collect()
    }

    pub(crate) fn last(&self) -> Option<ReceivedRequest> {
        self.kept.back().map(|entry| entry.request.clone())
    }

    pub(crate) fn entry(&self, id: u64) -> Option<Entry> {
        let position = self.kept.binary_search_by_key(&id, |entry| entry.id).ok()?;
        self.kept.get(position).cloned()
    }

    /// At most `limit` entries with ids below `before` and above `after`, the newest first.
    pub(crate) fn newest(&self, after: u64, before: u64, limit: usize) -> Vec<Entry> {
        let newest = self.kept.iter().rev();
        newest
            .skip_while(|entry| entry.id >= before)
            .take_while(|entry| entry.id > after)
            .take(limit)
            .cloned()
            .collect()
    }

    pub(crate) fn kept(&self) -> usize {
        self.kept.len()
    }

    /// Forgets the requests. The ids go on.
    pub(crate) fn clear(&mut self) {
        self.kept.clear();
        self.bytes = 0;
    }
}
