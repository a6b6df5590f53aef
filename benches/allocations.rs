//! How often the library's own layer allocates for one call: exactly so often, so that one more is noticed.
//!
//! Not counted is what the keys and the transport must hand over: ciphertexts, the signature, the answer.

use wechatpay_benches::{
    counting::{Counting, count},
    layer::{CASES, Layer},
};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn the_layer_allocates_exactly_so_often() {
    let layer = Layer::default();
    let counted = CASES.map(|(name, run)| {
        // Whatever is set up on first use.
        run(&layer);
        let ((), tally) = count(|| run(&layer));
        (name, tally.allocations)
    });
    assert_eq!(counted, [("prepare", 8), ("call", 10), ("query", 14), ("observed", 10)]);
}
