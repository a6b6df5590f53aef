//! Which fields are declared: the required ones, and those that the user chooses.

use crate::language::{Language, text};
use crate::near::nearest;
use wechatpay_catalogue::description::{Body, Kind, Operation, Place, Property, Schema};

/// An operation with only some of its optional fields.
pub(crate) struct Chosen {
    pub(crate) operation: Operation,
    /// The places of the optional fields that were left out.
    pub(crate) left_out: Vec<String>,
}

/// Keeps the required fields and the chosen optional ones. A choice is a place such as `attach` or `amount.currency`;
/// `detail.*` means everything in `detail`, and `all` everything.
///
/// # Errors
/// The first choice that names no field.
pub(crate) fn choose(operation: &Operation, choices: &[String], language: Language) -> Result<Chosen, String> {
    let choices: Vec<String> = choices
        .iter()
        .map(|choice| choice.trim().replace("[]", ""))
        .filter(|choice| !choice.is_empty())
        .collect();
    let known = places(operation);
    for choice in &choices {
        let place = choice.strip_suffix(".*").unwrap_or(choice);
        if choice != "all" && !known.iter().any(|known| known == place) {
            let near = nearest(place, known.iter().map(String::as_str));
            let near = near
                .map(|near| text!(language, "; did you mean `{near}`?", "；是否应为 {near}？"))
                .unwrap_or_default();
            return Err(text!(
                language,
                "the operation has no field `{place}`{near}",
                "该接口没有字段 {place}{near}"
            ));
        }
    }
    let mut chosen = operation.clone();
    let mut keep = Keep {
        choices: &choices,
        left_out: Vec::new(),
    };
    chosen
        .parameters
        .retain(|parameter| parameter.place == Place::Path || keep.wants(&parameter.name, parameter.required));
    match &mut chosen.body {
        Some(Body::Json(schema)) => keep.members(schema, ""),
        Some(Body::Upload(upload)) => {
            let filled = [upload.filename.clone(), upload.digest.clone()];
            let filled = filled.each_ref().map(|name| name.as_deref());
            let meta = std::mem::take(&mut upload.meta.properties);
            upload.meta.properties = keep.of(meta, "", &filled);
            let form = std::mem::take(&mut upload.form);
            upload.form = keep.of(form, "", &[]);
        }
        None => {}
    }
    Ok(Chosen {
        operation: chosen,
        left_out: keep.left_out,
    })
}

struct Keep<'a> {
    choices: &'a [String],
    left_out: Vec<String>,
}

impl Keep<'_> {
    fn wants(&mut self, place: &str, required: bool) -> bool {
        let wanted = required || self.is_chosen(place);
        if !wanted {
            self.left_out.push(place.to_owned());
        }
        wanted
    }

    /// Whether a choice names this place, something in it, or everything around it.
    fn is_chosen(&self, place: &str) -> bool {
        self.choices.iter().any(|choice| {
            let whole = choice.strip_suffix(".*");
            choice == "all"
                || choice == place
                || is_in(choice, place)
                || whole.is_some_and(|whole| whole == place || is_in(place, whole))
        })
    }

    fn members(&mut self, schema: &mut Schema, place: &str) {
        let members = std::mem::take(&mut schema.properties);
        schema.properties = self.of(members, place, &[]);
        if let Some(items) = &mut schema.items {
            self.members(items, place);
        }
        if let Some(json) = &mut schema.json {
            self.members(json, place);
        }
    }

    fn of(&mut self, members: Vec<Property>, place: &str, always: &[Option<&str>]) -> Vec<Property> {
        let below = |name: &str| {
            if place.is_empty() {
                name.to_owned()
            } else {
                format!("{place}.{name}")
            }
        };
        // An object of which nothing is required and nothing is chosen would be empty, so it is declared as a whole.
        let is_named = |member: &Property| member.required || self.is_chosen(&below(&member.name));
        let all = !place.is_empty() && !members.iter().any(is_named);
        let mut kept = Vec::new();
        for mut member in members {
            let place = below(&member.name);
            if all || always.contains(&Some(member.name.as_str())) || self.wants(&place, member.required) {
                self.members(&mut member.schema, &place);
                kept.push(member);
            }
        }
        kept
    }
}

fn is_in(place: &str, outer: &str) -> bool {
    place.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'))
}

/// The places of all fields of the request.
fn places(operation: &Operation) -> Vec<String> {
    let mut places = Vec::new();
    operation.walk_request(&mut |place, _| {
        let place = place.replace("[]", "");
        if !place.is_empty() && !places.contains(&place) {
            places.push(place);
        }
    });
    places
}

/// What the description leaves open about an operation, of which some fields were chosen, as sentences.
pub(crate) fn doubts(operation: &Operation, chosen: &Operation, language: Language) -> Vec<String> {
    let mut doubts = Vec::new();
    if operation.method.as_str() == "POST" && operation.idempotent.is_none() {
        doubts.push(language.pick(
            "whether the service recognises a retry by its number: read the official page, and add `idempotent` only if it does",
            "微信支付是否按单号识别重试：请查阅官方文档，确认后再加 idempotent",
        ).to_owned());
    }
    if operation.announces_key && !operation.sends_secrets() {
        doubts.push(
            language
                .pick(
                    "which field is encrypted: the documentation demands the header Wechatpay-Serial and names none",
                    "哪个字段须加密：官方文档要求请求头 Wechatpay-Serial，却没有说明加密字段",
                )
                .to_owned(),
        );
    }
    let mut open = Vec::new();
    chosen.walk_request(&mut |place, schema| {
        let is_open = schema.kind == Kind::Any || (schema.kind == Kind::Object && schema.properties.is_empty());
        if is_open && !place.is_empty() {
            open.push(place.to_owned());
        }
    });
    if !open.is_empty() {
        let open = open.join(language.pick(", ", "、"));
        doubts.push(text!(
            language,
            "what these fields hold: {open}",
            "以下字段的内容：{open}"
        ));
    }
    doubts
}

#[cfg(test)]
mod tests {
    use super::*;
    use wechatpay_catalogue::description::{Description, Method};

    fn fields(choices: &[&str]) -> Vec<String> {
        let summary = Description::embedded()
            .find(Method::Post, "/v3/pay/transactions/jsapi")
            .unwrap();
        let choices: Vec<String> = choices.iter().map(|choice| (*choice).to_owned()).collect();
        let chosen = choose(summary.operation().unwrap(), &choices, Language::English).unwrap();
        places(&chosen.operation)
    }

    #[test]
    fn required_fields_are_declared_and_chosen_ones_beside_them() {
        let required = fields(&[]);
        for field in ["appid", "mchid", "out_trade_no", "amount.total"] {
            assert!(required.iter().any(|known| known == field), "{field}: {required:?}");
        }
        for field in ["attach", "amount.currency", "detail"] {
            assert!(!required.iter().any(|known| known == field), "{field}");
        }
        let more = fields(&["attach", "amount.currency"]);
        let added: Vec<_> = more.iter().filter(|place| !required.contains(place)).collect();
        assert_eq!(added, ["attach", "amount.currency"]);
    }

    #[test]
    fn a_nested_choice_brings_what_is_required_around_it() {
        let chosen = fields(&["detail.goods_detail.goods_name"]);
        for field in [
            "detail",
            "detail.goods_detail",
            "detail.goods_detail.goods_name",
            "detail.goods_detail.quantity",
        ] {
            assert!(chosen.iter().any(|known| known == field), "{field}: {chosen:?}");
        }
        assert!(!chosen.iter().any(|known| known == "detail.cost_price"));
    }

    #[test]
    fn everything_is_declared_for_all() {
        let summary = Description::embedded()
            .find(Method::Post, "/v3/pay/transactions/jsapi")
            .unwrap();
        assert_eq!(fields(&["all"]), places(summary.operation().unwrap()));
        let detail = fields(&["detail.*"]);
        assert!(
            detail
                .iter()
                .any(|place| place == "detail.goods_detail.wechatpay_goods_id"),
            "{detail:?}"
        );
        assert!(!detail.iter().any(|place| place == "attach"));
    }

    #[test]
    fn a_choice_that_names_no_field_is_refused_with_a_near_miss() {
        let summary = Description::embedded()
            .find(Method::Post, "/v3/pay/transactions/jsapi")
            .unwrap();
        let refused = choose(summary.operation().unwrap(), &["atach".to_owned()], Language::English).err();
        assert_eq!(
            refused.as_deref(),
            Some("the operation has no field `atach`; did you mean `attach`?")
        );
    }
}
