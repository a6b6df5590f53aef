//! The number of messages. The compile tests check the texts and positions.

use super::{expand, messages};

#[test]
fn all_mistakes_of_a_declaration_are_reported_in_one_pass() {
    let expansion = expand(
        r#"
        #[wechatpay_endpoint(post, "v3/orders/{mchid}", encrypt(real_nam, memo, memo), reponse = Answer, crate = core)]
        #[derive(Debug, Serialize)]
        struct Order {
            real_name: String,
            #[serde(skip)]
            memo: String,
            #[wechatpay(header = "Authorization")]
            token: String,
            #[wechatpay(form)]
            note: String,
        }
        "#,
    );
    let mut told = messages(expansion.item);
    told.extend(messages(expansion.derived));
    assert_eq!(told.len(), 11, "{told:#?}");
}

#[test]
fn a_right_declaration_has_no_message() {
    let expansion = expand(
        r#"
        #[wechatpay_endpoint(POST, "/v3/orders/{mchid}", encrypt(name), response = Answer, crate = crate::facade)]
        #[derive(Clone)]
        struct Order {
            mchid: String,
            name: String,
        }
        "#,
    );
    assert_eq!(messages(expansion.item), [""; 0]);
    assert_eq!(messages(expansion.derived), [""; 0]);
}
