//! What the measurements share: the operation, the hand-written reference, keys and a transport that do nothing, a
//! gateway in a separate process, and the counting.

pub mod bill;
pub mod client_process;
pub mod counting;
pub mod gateway_process;
pub mod layer;
pub mod null;
pub mod operation;
pub mod reference;
pub mod slices;
