//! The log of received requests.

use std::collections::VecDeque;

use crate::request::ReceivedRequest;

/// The last requests, bounded in number and in memory.
pub(crate) struct Log {
    kept: VecDeque<ReceivedRequest>,
    bytes: usize,
    limit: usize,
    pub(crate) received: u64,
}

/// The limit of all kept bodies together, in bytes.
const KEPT_BYTES: usize = 64 << 20;

impl Log {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            kept: VecDeque::new(),
            bytes: 0,
            limit,
            received: 0,
        }
    }

    pub(crate) fn push(&mut self, request: ReceivedRequest) {
        self.received += 1;
        self.bytes += request.size();
        self.kept.push_back(request);
        while self.kept.len() > self.limit || self.bytes > KEPT_BYTES {
            let Some(oldest) = self.kept.pop_front() else { break };
            self.bytes -= oldest.size();
        }
    }

    pub(crate) fn all(&self) -> Vec<ReceivedRequest> {
        self.kept.iter().cloned().collect()
    }

    pub(crate) fn last(&self) -> Option<ReceivedRequest> {
        self.kept.back().cloned()
    }
}
