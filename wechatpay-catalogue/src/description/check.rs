//! Compares a value with its schema.

use super::schema::{Kind, Schema};
use serde_json::{Number, Value};

/// How a value differs from its schema. It holds no value: that may be secret.
///
/// ```
/// use serde_json::json;
/// use wechatpay_catalogue::description::{Description, Method, Rule, Secrets, Violation};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let prepay = Description::embedded().find(Method::Post, "/v3/pay/transactions/native").ok_or("not described")?;
/// let schema = prepay.operation()?.payload().ok_or("no body")?;
/// let mut order = schema.example_value();
/// assert_eq!(schema.check(&order, Secrets::Decrypted), Ok(()));
///
/// order["amount"]["total"] = json!("100");
/// let violation: Violation<'_> = schema.check(&order, Secrets::Decrypted).unwrap_err();
/// assert_eq!((violation.pointer.as_str(), &violation.rule), ("/amount/total", &Rule::Type));
/// assert_eq!(violation.schema.title.as_deref(), Some("总金额"));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Violation<'a> {
    /// The JSON pointer (RFC 6901) of the value: `/amount/total`, `/receivers/0/account`. Empty for the value that was
    /// given to [`Schema::check`] itself.
    pub pointer: String,
    /// What the value may be.
    pub schema: &'a Schema,
    /// What it breaks.
    pub rule: Rule,
}

/// What a value may break. Lengths are in characters.
///
/// ```
/// use serde_json::json;
/// use wechatpay_catalogue::description::{Kind, Rule, Schema, Secrets};
///
/// let mut currency = Schema::default();
/// currency.kind = Kind::String;
/// currency.max_length = Some(3);
/// let violation = currency.check(&json!("CNY1"), Secrets::Decrypted).unwrap_err();
/// assert_eq!(violation.rule, Rule::MaxLength { length: 4, limit: 3 });
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// A required member is missing.
    Required,
    /// The value is of another JSON type, or a string that must hold JSON holds something else.
    Type,
    /// The value is not one of the documented ones.
    Listed,
    /// A string is too short. A required one has at least one character.
    MinLength {
        /// What it has.
        length: u64,
        /// What it needs.
        limit: u64,
    },
    /// A string is too long.
    MaxLength {
        /// What it has.
        length: u64,
        /// What is allowed.
        limit: u64,
    },
    /// A number is less than this.
    Minimum(Number),
    /// A number is greater than this.
    Maximum(Number),
    /// An array has too few items.
    MinItems {
        /// What it has.
        length: u64,
        /// What it needs.
        limit: u64,
    },
    /// An array has too many items.
    MaxItems {
        /// What it has.
        length: u64,
        /// What is allowed.
        limit: u64,
    },
}

/// In which form a value holds its sensitive strings (敏感信息).
///
/// ```
/// use serde_json::json;
/// use wechatpay_catalogue::description::{Kind, Schema, Secrets};
///
/// let mut name = Schema::default();
/// (name.kind, name.sensitive, name.max_length) = (Kind::String, true, Some(8));
/// let ciphertext = json!("x".repeat(344));
/// // The limits are those of the plaintext.
/// assert!(name.check(&ciphertext, Secrets::Encrypted).is_ok());
/// assert!(name.check(&ciphertext, Secrets::Decrypted).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    /// As plaintext: limits and documented values apply to it.
    Decrypted,
    /// As on the wire: a ciphertext, of which only the type is checked.
    Encrypted,
}

type Checked<'a> = Result<(), Violation<'a>>;

impl Schema {
    /// Compares a value, and all in it, with this schema: types, required members, documented values, limits. Members
    /// that are not described are allowed; patterns and formats are not looked at.
    ///
    /// ```
    /// use serde_json::json;
    /// use wechatpay_catalogue::description::{Kind, Schema, Secrets};
    ///
    /// let mut total = Schema::default();
    /// (total.kind, total.minimum) = (Kind::Integer, Some(1.into()));
    /// assert!(total.check(&json!(100), Secrets::Decrypted).is_ok());
    /// assert!(total.check(&json!(0), Secrets::Decrypted).is_err());
    /// ```
    ///
    /// # Errors
    /// The first difference, in the order of the documentation.
    pub fn check(&self, value: &Value, secrets: Secrets) -> Checked<'_> {
        self.value(value, secrets, false)
    }

    /// The same for the text of a path segment, a query value or a header: a number is written in digits, a boolean as
    /// `true` or `false`. An array's text is one of its items.
    ///
    /// ```
    /// use wechatpay_catalogue::description::{Kind, Schema};
    ///
    /// let mut limit = Schema::default();
    /// (limit.kind, limit.maximum) = (Kind::Integer, Some(50.into()));
    /// assert!(limit.check_text("20", true).is_ok());
    /// assert!(limit.check_text("51", true).is_err() && limit.check_text("many", true).is_err());
    /// ```
    ///
    /// # Errors
    /// What the text differs in. An empty text is an error if it is `required`.
    pub fn check_text(&self, text: &str, required: bool) -> Checked<'_> {
        match (self.kind, &self.items) {
            (Kind::String, _) => self.text(text, false, required),
            (Kind::Array, Some(items)) => items.check_text(text, required),
            (Kind::Integer | Kind::Number | Kind::Boolean, _) => match serde_json::from_str(text) {
                Ok(value) => self.value(&value, Secrets::Decrypted, required),
                Err(_) => self.breaks(Rule::Type),
            },
            (Kind::Any | Kind::Array | Kind::Object, _) => Ok(()),
        }
    }

    fn value(&self, value: &Value, secrets: Secrets, required: bool) -> Checked<'_> {
        match (self.kind, value) {
            (Kind::Any, _) => Ok(()),
            (Kind::Object, Value::Object(members)) => {
                for property in &self.properties {
                    let checked = match members.get(&property.name) {
                        Some(member) => property.schema.value(member, secrets, property.required),
                        None if property.required => property.schema.breaks(Rule::Required),
                        None => Ok(()),
                    };
                    checked.map_err(|violation| violation.below(&property.name))?;
                }
                Ok(())
            }
            (Kind::Array, Value::Array(items)) => {
                self.count(items.len() as u64)?;
                if let Some(schema) = &self.items {
                    for (index, item) in items.iter().enumerate() {
                        let checked = schema.value(item, secrets, false);
                        checked.map_err(|violation| violation.below(&index.to_string()))?;
                    }
                }
                Ok(())
            }
            (Kind::String, Value::String(text)) => {
                self.text(text, self.sensitive && secrets == Secrets::Encrypted, required)
            }
            (Kind::Boolean, Value::Bool(_)) => Ok(()),
            (Kind::Integer | Kind::Number, Value::Number(number)) => self.number(number, value),
            _ => self.breaks(Rule::Type),
        }
    }

    fn text(&self, text: &str, encrypted: bool, required: bool) -> Checked<'_> {
        let least = self.min_length.unwrap_or(0).max(u64::from(required));
        if encrypted && !text.is_empty() {
            return Ok(());
        }
        // Fast path: counting characters is not needed where bytes are within the limits already.
        let bytes = text.len() as u64;
        if bytes < least || self.max_length.is_some_and(|most| bytes > most) || bytes < least.saturating_mul(4) {
            let length = text.chars().count() as u64;
            if length < least {
                return self.breaks(Rule::MinLength { length, limit: least });
            }
            if let Some(limit) = self.max_length.filter(|most| length > *most) {
                return self.breaks(Rule::MaxLength { length, limit });
            }
        }
        if !self.values.is_empty() && !text.is_empty() && !self.values.iter().any(|known| known.value == *text) {
            return self.breaks(Rule::Listed);
        }
        match &self.json {
            Some(schema) if !text.is_empty() => match serde_json::from_str(text) {
                Ok(json) => schema.value(&json, Secrets::Decrypted, false),
                Err(_) => self.breaks(Rule::Type),
            },
            _ => Ok(()),
        }
    }

    fn number(&self, number: &Number, value: &Value) -> Checked<'_> {
        // `100.0` is a whole number too.
        if self.is_whole() && number.as_f64().is_some_and(|number| number.fract() != 0.0) {
            return self.breaks(Rule::Type);
        }
        if !self.values.is_empty() && !self.values.iter().any(|known| known.value == *value) {
            return self.breaks(Rule::Listed);
        }
        if let Some(least) = self.minimum.as_ref().filter(|least| number.as_f64() < least.as_f64()) {
            return self.breaks(Rule::Minimum(least.clone()));
        }
        if let Some(most) = self.maximum.as_ref().filter(|most| number.as_f64() > most.as_f64()) {
            return self.breaks(Rule::Maximum(most.clone()));
        }
        Ok(())
    }

    fn count(&self, length: u64) -> Checked<'_> {
        if let Some(limit) = self.min_items.filter(|least| length < *least) {
            return self.breaks(Rule::MinItems { length, limit });
        }
        if let Some(limit) = self.max_items.filter(|most| length > *most) {
            return self.breaks(Rule::MaxItems { length, limit });
        }
        Ok(())
    }

    fn breaks(&self, rule: Rule) -> Checked<'_> {
        Err(Violation {
            pointer: String::new(),
            schema: self,
            rule,
        })
    }
}

impl Violation<'_> {
    /// The same, seen from the value around.
    fn below(mut self, step: &str) -> Self {
        self.pointer
            .insert_str(0, &format!("/{}", step.replace('~', "~0").replace('/', "~1")));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::schema::{EnumValue, Property};
    use serde_json::json;

    fn scalar(kind: Kind) -> Schema {
        Schema {
            kind,
            ..Schema::default()
        }
    }

    fn object(members: Vec<(&str, bool, Schema)>) -> Schema {
        let properties = members.into_iter().map(|(name, required, schema)| Property {
            name: name.to_owned(),
            required,
            schema,
        });
        Schema {
            properties: properties.collect(),
            ..scalar(Kind::Object)
        }
    }

    fn order() -> Schema {
        let state = Schema {
            values: ["A", "B"]
                .map(|value| EnumValue {
                    value: value.into(),
                    title: None,
                })
                .to_vec(),
            ..scalar(Kind::String)
        };
        let name = Schema {
            sensitive: true,
            max_length: Some(2),
            ..scalar(Kind::String)
        };
        let total = Schema {
            minimum: Some(1.into()),
            maximum: Some(9.into()),
            ..scalar(Kind::Integer)
        };
        let names = Schema {
            items: Some(Box::new(object(vec![("name", true, name)]))),
            min_items: Some(1),
            max_items: Some(2),
            ..scalar(Kind::Array)
        };
        let scene = Schema {
            json: Some(Box::new(object(vec![("ip", true, scalar(Kind::String))]))),
            ..scalar(Kind::String)
        };
        let amount = object(vec![("total", true, total), ("paid", false, scalar(Kind::Boolean))]);
        object(vec![
            ("no", true, scalar(Kind::String)),
            ("amount", true, amount),
            ("state", false, state),
            ("names", false, names),
            ("scene", false, scene),
            ("more", false, scalar(Kind::Any)),
        ])
    }

    fn broken(value: &Value) -> Option<(String, Rule)> {
        let schema = order();
        let violation = schema.check(value, Secrets::Decrypted).err()?;
        Some((violation.pointer, violation.rule))
    }

    #[test]
    fn a_value_that_keeps_every_rule_passes() {
        let value = json!({
            "no": "A", "amount": { "total": 1, "paid": true, "unknown": [1] }, "state": "B", "names": [{ "name": "张三" }],
            "scene": r#"{"ip":"1"}"#, "more": null,
        });
        assert_eq!(broken(&value), None);
        // An optional text may be empty, whatever else is said of it.
        assert_eq!(
            broken(&json!({ "no": "A", "amount": { "total": 9 }, "state": "", "scene": "" })),
            None
        );
    }

    #[test]
    fn each_rule_is_reported_with_the_pointer_of_its_value() {
        let base = json!({ "no": "A", "amount": { "total": 1 } });
        let with = |pointer: &str, name: &str, value: Value| {
            let mut changed = base.clone();
            changed
                .pointer_mut(pointer)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .insert(name.to_owned(), value);
            changed
        };
        let names = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(|name| json!({ "name": name })).collect();
            with("", "names", names.into())
        };
        let (short, long) = (
            Rule::MinLength { length: 0, limit: 1 },
            Rule::MaxLength { length: 3, limit: 2 },
        );
        for (value, pointer, rule) in [
            (json!([]), "", Rule::Type),
            (json!({ "amount": { "total": 1 } }), "/no", Rule::Required),
            (json!({ "no": "A", "amount": {} }), "/amount/total", Rule::Required),
            (with("", "no", "".into()), "/no", short),
            (with("", "no", json!(null)), "/no", Rule::Type),
            (with("/amount", "total", json!(1.5)), "/amount/total", Rule::Type),
            (with("/amount", "total", json!("1")), "/amount/total", Rule::Type),
            (
                with("/amount", "total", json!(0)),
                "/amount/total",
                Rule::Minimum(1.into()),
            ),
            (
                with("/amount", "total", json!(10)),
                "/amount/total",
                Rule::Maximum(9.into()),
            ),
            (with("", "state", "C".into()), "/state", Rule::Listed),
            (names(&[]), "/names", Rule::MinItems { length: 0, limit: 1 }),
            (
                names(&["a", "a", "a"]),
                "/names",
                Rule::MaxItems { length: 3, limit: 2 },
            ),
            (names(&["张三", "张三三"]), "/names/1/name", long),
            (with("", "scene", "{".into()), "/scene", Rule::Type),
            (with("", "scene", "{}".into()), "/scene/ip", Rule::Required),
        ] {
            assert_eq!(broken(&value), Some((pointer.to_owned(), rule)), "{value}");
        }
    }

    #[test]
    fn a_text_is_read_as_the_type_that_it_stands_for() {
        let wrong = |schema: &Schema, text| schema.check_text(text, true).err().map(|violation| violation.rule);
        assert_eq!(wrong(&scalar(Kind::Integer), "-1"), None);
        assert_eq!(wrong(&scalar(Kind::Boolean), "true"), None);
        for text in ["", "1.5", "x", "\"1\"", "1e400", "0x1"] {
            assert_eq!(wrong(&scalar(Kind::Integer), text), Some(Rule::Type), "{text}");
        }
        assert_eq!(
            wrong(&scalar(Kind::String), ""),
            Some(Rule::MinLength { length: 0, limit: 1 })
        );
        let list = Schema {
            items: Some(Box::new(scalar(Kind::Integer))),
            ..scalar(Kind::Array)
        };
        assert_eq!((wrong(&list, "1"), wrong(&list, "x")), (None, Some(Rule::Type)));
    }

    #[test]
    fn every_example_of_the_description_keeps_its_own_rules() {
        let mut checked = 0;
        for summary in crate::description::Description::embedded().operations() {
            let operation = summary.operation().unwrap();
            let schemas = operation.payload().into_iter().chain(operation.response_schema());
            for schema in schemas {
                assert_eq!(
                    schema.check(&schema.example_value(), Secrets::Decrypted),
                    Ok(()),
                    "{}",
                    operation.id
                );
                checked += 1;
            }
        }
        assert!(checked > 1400);
    }
}
