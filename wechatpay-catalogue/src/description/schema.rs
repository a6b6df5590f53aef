//! A field's type: what a value may be.

use serde_json::{Number, Value};

/// What a value may be.
///
/// Fields that do not apply to the type are empty: a string has no [`properties`](Self::properties).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Schema {
    /// The JSON type.
    pub kind: Kind,
    /// The official Chinese name of the field.
    pub title: Option<String>,
    /// What a string or number means: `date-time`, `uri`, `int64`, ..
    pub format: Option<String>,
    /// An example of the official documentation. It is not always of the right type.
    pub example: Option<Value>,
    /// Whether the value is encrypted on the wire (敏感信息加密).
    pub sensitive: bool,
    /// Whether the documentation announces the removal of the field.
    pub deprecated: bool,
    /// The documented values. Empty when the value is free. The service adds values without notice.
    pub values: Vec<EnumValue>,
    /// The members of an object, in the order of the documentation.
    pub properties: Vec<Property>,
    /// The type of an array's items.
    pub items: Option<Box<Schema>>,
    /// The type of the JSON inside a string, for a string that holds JSON.
    pub json: Option<Box<Schema>>,
    /// The least length of a string, in characters.
    pub min_length: Option<u64>,
    /// The greatest length of a string, in characters.
    pub max_length: Option<u64>,
    /// A regular expression that a string must match. It is anchored by `^` and `$` where it must match as a whole.
    pub pattern: Option<String>,
    /// The least number.
    pub minimum: Option<Number>,
    /// The greatest number.
    pub maximum: Option<Number>,
    /// The least number of items.
    pub min_items: Option<u64>,
    /// The greatest number of items.
    pub max_items: Option<u64>,
}

/// A JSON type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Anything: the documentation does not fix a type.
    #[default]
    Any,
    /// A string.
    String,
    /// A number without a fraction.
    Integer,
    /// A number. Most of them hold no fraction, see [`Schema::is_whole`].
    Number,
    /// `true` or `false`.
    Boolean,
    /// An array, see [`Schema::items`].
    Array,
    /// An object, see [`Schema::properties`].
    Object,
}

impl Kind {
    /// The word that JSON Schema uses. `any` for [`Kind::Any`], for which JSON Schema has none.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// A documented value of an enum.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EnumValue {
    /// The value on the wire: a string or a number.
    pub value: Value,
    /// Its official Chinese name.
    pub title: Option<String>,
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Property {
    /// The name on the wire.
    pub name: String,
    /// Whether the member is required. In responses this follows the documentation, which is not reliable.
    pub required: bool,
    /// What the member may be.
    pub schema: Schema,
}

impl Schema {
    /// The member `name` of an object.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// Whether a number of this type has no fraction.
    ///
    /// The documentation calls many amounts in fen `number`. Only a format or an example with a fraction says that one
    /// is meant.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        match self.kind {
            Kind::Integer => true,
            Kind::Number => {
                let fractional = |value: &Value| value.as_f64().is_some_and(|number| number.fract() != 0.0);
                !matches!(self.format.as_deref(), Some("float" | "double"))
                    && !self.example.as_ref().is_some_and(fractional)
                    && !self.values.iter().any(|listed| fractional(&listed.value))
            }
            _ => false,
        }
    }

    /// Calls `visit` with this schema and with each one below it. The first argument is the place, as
    /// `payer.identity.name` or `goods_detail[].quantity`; it is empty for this schema itself.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&str, &'a Schema)) {
        self.walk_from(&mut String::new(), visit);
    }

    fn walk_from<'a>(&'a self, place: &mut String, visit: &mut dyn FnMut(&str, &'a Schema)) {
        visit(place, self);
        let length = place.len();
        for property in &self.properties {
            if length > 0 {
                place.push('.');
            }
            place.push_str(&property.name);
            property.schema.walk_from(place, visit);
            place.truncate(length);
        }
        if let Some(items) = &self.items {
            place.push_str("[]");
            items.walk_from(place, visit);
            place.truncate(length);
        }
        if let Some(json) = &self.json {
            json.walk_from(place, visit);
        }
    }

    /// Whether this value or one inside it is encrypted on the wire.
    #[must_use]
    pub fn has_secrets(&self) -> bool {
        let mut found = false;
        self.walk(&mut |_, schema| found |= schema.sensitive);
        found
    }
}
