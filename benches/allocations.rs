//! How often the library's own layer allocates for one call: exactly so often, so that one more is noticed.
//!
//! The values that the keys and the transport must return are not counted: ciphertexts, the signature, the response.

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
        // Warm up everything that is set up on first use.
        run(&layer);
        let ((), tally) = count(|| run(&layer));
        (name, tally.allocations)
    });
    assert_eq!(counted, [("prepare", 8), ("call", 10), ("query", 14), ("observed", 10)]);
}
