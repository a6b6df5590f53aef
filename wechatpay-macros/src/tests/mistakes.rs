//! What is told at once, counted. What each sentence says, and where, is for the compile tests.

use super::{expand, messages};

#[test]
fn all_mistakes_of_a_declaration_are_told_in_one_pass() {
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
    let told = messages(expansion.derived);
    assert_eq!(told.len(), 11, "{told:#?}");
}

#[test]
fn a_right_declaration_has_nothing_to_tell() {
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

#[test]
fn a_field_under_cfg_is_marked_under_the_same_condition() {
    let expansion = expand(
        r#"
        #[wechatpay_endpoint(POST, "/v3/orders/{id}")]
        struct Order {
            #[cfg(a)]
            #[wechatpay(path = "id")]
            other: String,
            id: String,
            #[cfg_attr(b, wechatpay(query))]
            page: u32,
            #[cfg(c)]
            #[cfg_attr(d, wechatpay(body))]
            body: Vec<String>,
        }
        "#,
    );
    let item = expansion.item.to_string();
    for expected in [
        "# [cfg_attr (any (not (a) , all (c , d)) , serde (skip_serializing))] id : String",
        "# [cfg_attr (any (b , all (c , d)) , serde (skip_serializing))] page : u32",
        "# [cfg_attr (all (c , d) , serde (transparent))]",
        "# [wechatpay (path = \"id\")] # [serde (skip_serializing)] other : String",
    ] {
        assert!(item.contains(expected), "{expected}\n{item}");
    }
}
