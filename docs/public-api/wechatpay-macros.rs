// The public interface of wechatpay-macros, with every feature. A test writes and compares it.

// the root

#[proc_macro_attribute]
pub fn wechatpay_endpoint(arguments: TokenStream, item: TokenStream) -> TokenStream {}
