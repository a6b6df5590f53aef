//! A schema of any description, read into one form: written out, with everything that `allOf` and `$ref` bring.

use serde_json::Number;
use wechatpay_catalogue::description::json::Json;

use crate::read::{
    fault::{Fault, Note, Place},
    folder::Folder,
    label::{label, links, one_line},
    spot::Spot,
    tree::{Node, Scalar, Value},
};

/// How deep schemas may be nested. The deepest documented response has 12 levels.
const DEPTH: usize = 64;

/// How many fields an operation may have. The longest documented one has about 700.
const OPERATION_FIELDS: usize = 20_000;

/// How many fields a description may have. The public one has about 25,000.
const ALL_FIELDS: usize = 1_000_000;

/// The JSON type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Object,
    /// `type: file` of Swagger 2.0.
    File,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Array => "array",
            Self::Object => "object",
            Self::File => "file",
        }
    }

    /// The type of that name. Names that other languages use are known, too.
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "string" => Self::String,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            "array" => Self::Array,
            "object" => Self::Object,
            "file" => Self::File,
            _ => return None,
        })
    }

    /// The type that a misspelled name means: `int`, `stringde`.
    fn guess(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        Some(match lower.as_str() {
            "str" | "text" | "date" | "datetime" | "date-time" => Self::String,
            "int" | "int32" | "int64" | "uint32" | "uint64" | "unit32" | "unit64" | "long" => Self::Integer,
            "float" | "double" | "decimal" => Self::Number,
            "bool" => Self::Boolean,
            "list" => Self::Array,
            "map" | "dict" => Self::Object,
            _ => {
                return ["string", "integer", "number", "boolean", "array", "object"]
                    .iter()
                    .find(|known| lower.starts_with(**known))
                    .and_then(|known| Self::parse(known));
            }
        })
    }
}

/// A schema that is written out.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    pub(crate) place: Place,
    pub(crate) kind: Option<Kind>,
    pub(crate) title: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) example: Option<Json>,
    pub(crate) sensitive: bool,
    pub(crate) deprecated: bool,
    pub(crate) values: Vec<Listed>,
    pub(crate) properties: Vec<(String, Schema)>,
    pub(crate) required: Vec<String>,
    pub(crate) items: Option<Box<Schema>>,
    /// The string holds JSON, of this schema.
    pub(crate) json: Option<Box<Schema>>,
    /// Words with a count or number as their value, in the order of [`LIMITS`], and `pattern`.
    limits: Vec<(&'static str, Json)>,
    /// The documentation says `required: true` on the field itself.
    required_itself: bool,
    /// `null` is allowed, so the field is optional in effect.
    nullable: bool,
    /// Only in responses.
    read_only: bool,
    /// Only in requests.
    write_only: bool,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Listed {
    pub(crate) value: Json,
    pub(crate) title: Option<String>,
    /// The links in the comments above it.
    pub(crate) links: Vec<String>,
}

/// Whether a schema is of a request or of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Request,
    Response,
}

/// The limits of values, in the order in which they are written.
const LIMITS: [&str; 7] = [
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
];

/// Words whose value is a mapping and that are no schema of a field that was indented too little.
const MAPPINGS: [&str; 17] = [
    "properties",
    "items",
    "schema",
    "contentSchema",
    "additionalProperties",
    "patternProperties",
    "definitions",
    "$defs",
    "not",
    "discriminator",
    "xml",
    "externalDocs",
    "example",
    "default",
    "const",
    "if",
    "propertyNames",
];

impl Schema {
    /// Anything.
    pub(crate) fn any(place: Place) -> Self {
        Self {
            place,
            kind: None,
            title: None,
            format: None,
            example: None,
            sensitive: false,
            deprecated: false,
            values: Vec::new(),
            properties: Vec::new(),
            required: Vec::new(),
            items: None,
            json: None,
            limits: Vec::new(),
            required_itself: false,
            nullable: false,
            read_only: false,
            write_only: false,
        }
    }

    pub(crate) fn property(&self, name: &str) -> Option<&Self> {
        self.properties
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, schema)| schema)
    }

    /// Whether it has no information about the value.
    pub(crate) fn is_any(&self) -> bool {
        self.kind.is_none() && self.properties.is_empty() && self.items.is_none() && self.values.is_empty()
    }

    /// Whether this value or one inside it is encrypted.
    pub(crate) fn has_secrets(&self) -> bool {
        self.sensitive
            || self.properties.iter().any(|(_, schema)| schema.has_secrets())
            || self.items.iter().chain(&self.json).any(|schema| schema.has_secrets())
    }

    /// Adds what `more` says. `more` wins where both say something.
    fn merge(&mut self, more: Self, notes: &mut Vec<Note>) {
        if let (Some(ours), Some(theirs)) = (self.kind, more.kind)
            && ours != theirs
        {
            notes.push(Note::new(
                more.place.clone(),
                format!(
                    "the type is `{}` here and `{}` at {}; `{0}` is taken",
                    theirs.as_str(),
                    ours.as_str(),
                    self.place
                ),
            ));
        }
        self.kind = more.kind.or(self.kind);
        replace(&mut self.title, more.title);
        replace(&mut self.format, more.format);
        replace(&mut self.example, more.example);
        self.sensitive |= more.sensitive;
        self.deprecated |= more.deprecated;
        self.required_itself |= more.required_itself;
        self.nullable |= more.nullable;
        self.read_only |= more.read_only;
        self.write_only |= more.write_only;
        if !more.values.is_empty() {
            self.values = more.values;
        }
        for (name, schema) in more.properties {
            match self.properties.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => known.merge(schema, notes),
                None => self.properties.push((name, schema)),
            }
        }
        for name in more.required {
            if !self.required.contains(&name) {
                self.required.push(name);
            }
        }
        for (ours, theirs) in [(&mut self.items, more.items), (&mut self.json, more.json)] {
            match (ours.as_deref_mut(), theirs) {
                (Some(ours), Some(theirs)) => ours.merge(*theirs, notes),
                (None, Some(theirs)) => *ours = Some(theirs),
                (_, None) => {}
            }
        }
        for (word, value) in more.limits {
            match self.limits.iter_mut().find(|(known, _)| *known == word) {
                Some(known) => known.1 = value,
                None => self.limits.push((word, value)),
            }
        }
    }

    /// Takes the example of `spot`, in the type of this schema. One that does not fit the type is left out.
    pub(crate) fn take_example(&mut self, spot: &Spot) {
        if let Some(example) = example(spot) {
            match (&example.node.value, self.items.as_deref_mut()) {
                // The first element of an example list is an example of an element.
                (Value::List(list), Some(items)) if items.example.is_none() => {
                    items.example = list.first().and_then(|item| typed(&item.node, items.kind));
                }
                (Value::Scalar(_), _) => replace(&mut self.example, typed(&example.node, self.kind)),
                _ => {}
            }
        }
    }

    /// The schema in our dialect.
    pub(crate) fn to_json(&self) -> Json {
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut add = |word: &str, value: Json| members.push((word.to_owned(), value));
        if let Some(kind) = self.kind {
            add("type", kind.as_str().into());
        }
        if let Some(title) = &self.title {
            add("title", title.as_str().into());
        }
        if let Some(format) = &self.format {
            add("format", format.as_str().into());
        }
        if let Some(json) = &self.json {
            add("contentMediaType", "application/json".into());
            if !json.is_any() {
                add("contentSchema", json.to_json());
            }
        }
        if self.sensitive {
            add("x-sensitive", true.into());
        }
        if self.deprecated {
            add("deprecated", true.into());
        }
        if !self.values.is_empty() {
            add("enum", self.values.iter().map(|listed| listed.value.clone()).collect());
        }
        let titles: Vec<_> = self
            .values
            .iter()
            .filter_map(|listed| Some((value_key(&listed.value), listed.title.as_deref()?.into())))
            .collect();
        if !titles.is_empty() {
            add("x-enum-titles", Json::Object(titles));
        }
        for word in LIMITS {
            if let Some((_, value)) = self.limits.iter().find(|(known, _)| *known == word) {
                add(word, value.clone());
            }
        }
        // The example of an encrypted field is ciphertext.
        if let Some(example) = self.example.as_ref().filter(|_| !self.sensitive) {
            add("examples", vec![example.clone()].into());
        }
        // A list may name fields that the schema does not have, or that belong to the other side.
        let required = self.required.iter().filter(|name| self.property(name).is_some());
        let required: Vec<Json> = required.map(|name| Json::from(name.as_str())).collect();
        if !required.is_empty() {
            add("required", required.into());
        }
        if !self.properties.is_empty() {
            let properties = self.properties.iter();
            add(
                "properties",
                properties
                    .map(|(name, schema)| (name.clone(), schema.to_json()))
                    .collect(),
            );
        }
        if let Some(items) = &self.items {
            add("items", items.to_json());
        }
        Json::Object(members)
    }
}

/// The key of an enum's value in `x-enum-titles`.
fn value_key(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn replace<T>(ours: &mut Option<T>, theirs: Option<T>) {
    if theirs.is_some() {
        *ours = theirs;
    }
}

/// Reads schemas. Counts what they hold, so that a description that multiplies itself ends in an error.
pub(crate) struct Reader<'a> {
    pub(crate) folder: &'a Folder,
    pub(crate) notes: Vec<Note>,
    fields: usize,
    all_fields: usize,
    /// The schemas that are being written out, with the depth at which each one began.
    trail: Vec<(Spot, usize)>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(folder: &'a Folder) -> Self {
        Self {
            folder,
            notes: Vec::new(),
            fields: 0,
            all_fields: 0,
            trail: Vec::new(),
        }
    }

    /// Begins to count the fields of an operation.
    pub(crate) fn start_operation(&mut self) {
        self.fields = 0;
    }

    pub(crate) fn note(&mut self, place: Place, message: impl Into<String>) {
        self.notes.push(Note::new(place, message));
    }

    /// Reads a schema of a request or response.
    pub(crate) fn schema(&mut self, spot: &Spot, side: Side) -> Result<Schema, Fault> {
        self.read(spot, side, 0)
    }

    fn read(&mut self, spot: &Spot, side: Side, depth: usize) -> Result<Schema, Fault> {
        if depth > DEPTH {
            return Err(spot.fault(format!("schemas are nested deeper than {DEPTH} levels")));
        }
        self.fields += 1;
        self.all_fields += 1;
        if self.fields > OPERATION_FIELDS || self.all_fields > ALL_FIELDS {
            let (limit, whole) = if self.fields > OPERATION_FIELDS {
                (OPERATION_FIELDS, "the operation")
            } else {
                (ALL_FIELDS, "the description")
            };
            return Err(spot.fault(format!(
                "{whole} has more than {limit} fields when its schemas are written out"
            )));
        }
        if let Some((_, began)) = self.trail.iter().find(|(known, _)| known.is(spot)) {
            if *began == depth {
                return Err(spot.fault("the schema is made of itself: its `$ref` or `allOf` lead back to it"));
            }
            self.note(
                spot.place(),
                "the schema holds itself. Below this point any JSON is accepted",
            );
            return Ok(Schema::any(spot.place()));
        }
        self.trail.push((spot.clone(), depth));
        let schema = self.read_new(spot, side, depth);
        self.trail.pop();
        schema
    }

    fn read_new(&mut self, spot: &Spot, side: Side, depth: usize) -> Result<Schema, Fault> {
        let mut schema = Schema::any(spot.place());
        // `true` and `{}` accept anything.
        if spot.scalar().and_then(Scalar::as_bool) == Some(true) {
            return Ok(schema);
        }
        let entries = spot.entries("a schema")?;
        if let Some(target) = spot.target(self.folder)? {
            let target = self.read(&target, side, depth)?;
            schema.merge(target, &mut self.notes);
        }
        if let Some(parts) = spot.get("allOf") {
            for part in parts.items("`allOf`")? {
                let part = self.read(&parts.beside(&part.node), side, depth)?;
                schema.merge(part, &mut self.notes);
            }
        }
        for word in ["oneOf", "anyOf"] {
            if let Some(parts) = spot.get(word) {
                let choice = self.choice(&parts, word, side, depth)?;
                schema.merge(choice, &mut self.notes);
            }
        }
        let mut own = Schema::any(spot.place());
        self.kind(spot, &mut own)?;
        self.texts(spot, &mut own)?;
        self.fields_of(spot, &mut own, side, depth)?;
        if own.kind.is_none() && schema.kind.is_none() && !own.properties.is_empty() {
            own.kind = Some(Kind::Object);
        }
        schema.merge(own, &mut self.notes);
        // What depends on the type, which a reference may bring.
        self.values(spot, &mut schema)?;
        self.limits(spot, &mut schema)?;
        self.json_text(spot, &mut schema, side, depth)?;
        self.secrets(spot, &mut schema)?;
        schema.take_example(spot);
        Self::finish(&mut schema, side);
        for entry in entries {
            let known = MAPPINGS.contains(&&*entry.key) || entry.key.starts_with("x-");
            if !known && matches!(entry.node.value, Value::Map(_)) {
                let name = &entry.key;
                self.note(
                    entry.place(&spot.source.name),
                    format!("`{name}` is no word of a schema and is left out. If it is a field, indent it below `properties`"),
                );
            }
        }
        Ok(schema)
    }

    fn kind(&mut self, spot: &Spot, schema: &mut Schema) -> Result<(), Fault> {
        for name in spot.words("type")? {
            let place = spot.get("type").map_or_else(|| spot.place(), |spot| spot.place());
            let kind = match name.as_str() {
                "null" => {
                    schema.nullable = true;
                    continue;
                }
                // Not a word of JSON Schema, but often meant so.
                "any" => continue,
                name => match (Kind::parse(name), Kind::guess(name)) {
                    (Some(kind), _) => kind,
                    (None, Some(kind)) => {
                        let meant = kind.as_str();
                        self.note(place.clone(), format!("the type `{name}` is read as `{meant}`"));
                        kind
                    }
                    (None, None) => {
                        return Err(Fault::new(
                            place,
                            format!(
                                "the type `{name}` is unknown; write string, integer, number, boolean, array or object"
                            ),
                        ));
                    }
                },
            };
            if schema.kind.is_some_and(|known| known != kind) {
                self.note(place, "the field has several types, so any JSON is accepted");
                schema.kind = None;
                return Ok(());
            }
            schema.kind = Some(kind);
        }
        schema.nullable |= spot.flag("nullable")? || spot.flag("x-nullable")?;
        Ok(())
    }

    fn texts(&mut self, spot: &Spot, schema: &mut Schema) -> Result<(), Fault> {
        // An official name may hold a comma. Only what is called a description may be a sentence.
        schema.title = match spot.text_of("title")?.map(|title| one_line(&title)) {
            Some(title) if !title.is_empty() => Some(title),
            _ => spot.text_of("description")?.as_deref().and_then(label),
        };
        schema.deprecated = spot.flag("deprecated")?;
        schema.read_only = spot.flag("readOnly")?;
        schema.write_only = spot.flag("writeOnly")?;
        schema.sensitive = spot.flag("x-sensitive")?;
        if let Some(format) = spot.text_of("format")? {
            match format.trim() {
                "" => {}
                // Encrypted by RSA and written in base64. The library does both.
                "base64" | "rsa-pubkey-encrypted" => schema.sensitive = true,
                "rfc3339" | "date-time" | "RFC3339" => schema.format = Some("date-time".to_owned()),
                "url" | "URL" | "uri" => schema.format = Some("uri".to_owned()),
                "unit32" => schema.format = Some("uint32".to_owned()),
                "unit64" => schema.format = Some("uint64".to_owned()),
                // Says of a number that it has no fraction.
                "integer" => schema.kind = Some(Kind::Integer),
                format => schema.format = Some(format.to_owned()),
            }
        }
        Ok(())
    }

    fn fields_of(&mut self, spot: &Spot, schema: &mut Schema, side: Side, depth: usize) -> Result<(), Fault> {
        if let Some(properties) = spot.get("properties") {
            for entry in properties.entries("`properties`")? {
                let field = if entry.node.is_null() {
                    Schema::any(entry.place(&spot.source.name))
                } else {
                    self.read(&spot.beside(&entry.node), side, depth + 1)?
                };
                schema.properties.push((entry.key.to_string(), field));
            }
        }
        if let Some(items) = spot.get("items") {
            schema.items = Some(Box::new(self.read(&items, side, depth + 1)?));
        }
        if let Some(required) = spot.get("required") {
            match required.scalar().and_then(Scalar::as_bool) {
                Some(required) => schema.required_itself = required,
                None => schema.required = spot.words("required")?,
            }
        }
        Ok(())
    }

    /// `oneOf` and `anyOf`: one schema, perhaps beside `null`, or anything.
    fn choice(&mut self, parts: &Spot, word: &str, side: Side, depth: usize) -> Result<Schema, Fault> {
        let mut nullable = false;
        let mut schemas = Vec::new();
        for part in parts.items(&format!("`{word}`"))? {
            let part = parts.beside(&part.node);
            if part
                .get("type")
                .and_then(|kind| kind.scalar().map(|kind| &*kind.text == "null"))
                == Some(true)
            {
                nullable = true;
            } else {
                schemas.push(part);
            }
        }
        let mut schema = match schemas.as_slice() {
            [only] => self.read(only, side, depth)?,
            _ => {
                self.note(
                    parts.place(),
                    format!("`{word}` has several schemas, so any JSON is accepted"),
                );
                Schema::any(parts.place())
            }
        };
        schema.nullable |= nullable;
        Ok(schema)
    }

    fn values(&mut self, spot: &Spot, schema: &mut Schema) -> Result<(), Fault> {
        let mut values: Vec<Listed> = Vec::new();
        if let Some(list) = spot.get("enum") {
            for item in list.items("`enum`")? {
                if item.node.is_null() {
                    continue;
                }
                let value = typed(&item.node, schema.kind).or_else(|| typed(&item.node, None));
                let Some(value) = value else {
                    return Err(list
                        .beside(&item.node)
                        .fault("a value of an enum must be text or a number"));
                };
                let title = item.behind.as_deref().and_then(label);
                let links = item.above.iter().flat_map(|comment| links(comment));
                let listed = Listed {
                    value,
                    title,
                    links: links.collect(),
                };
                match values.iter_mut().find(|known| known.value == listed.value) {
                    Some(known) => {
                        replace(&mut known.title, listed.title);
                        known.links.extend(listed.links);
                    }
                    None => values.push(listed),
                }
            }
        } else if let Some(value) = spot.get("const") {
            values.extend(typed(&value.node, schema.kind).map(|value| Listed {
                value,
                title: None,
                links: Vec::new(),
            }));
        }
        if let Some(titles) = spot.get("x-enum-titles") {
            for entry in titles.entries("`x-enum-titles`")? {
                if let Some(listed) = values.iter_mut().find(|listed| value_key(&listed.value) == *entry.key) {
                    listed.title = Some(one_line(titles.beside(&entry.node).text("a title")?));
                }
            }
        }
        // What common generators write: a list beside the values.
        for word in ["x-enum-descriptions", "x-enumDescriptions"] {
            if let Some(titles) = spot.get(word)
                && let Value::List(titles) = &titles.node.value
            {
                for (listed, title) in values.iter_mut().zip(titles) {
                    let title = spot.beside(&title.node);
                    replace(&mut listed.title, title.scalar().and_then(|title| label(&title.text)));
                }
            }
        }
        if !values.is_empty() {
            schema.values = values;
        }
        Ok(())
    }

    fn limits(&mut self, spot: &Spot, schema: &mut Schema) -> Result<(), Fault> {
        for word in LIMITS {
            let Some(value) = spot.get(word) else {
                continue;
            };
            let text = value.text(&format!("`{word}`"))?;
            let json = match word {
                "pattern" => Some(Json::from(pattern(text))),
                "minimum" | "maximum" => number(text, false).map(Json::Number),
                _ => text.parse::<u64>().ok().map(Json::from),
            };
            let Some(json) = json else {
                return Err(value.fault(format!("`{word}` must be a number, but is `{text}`")));
            };
            schema.limits.retain(|(known, _)| *known != word);
            schema.limits.push((word, json));
        }
        Ok(())
    }

    /// A string that holds JSON: `contentSchema`, `x-json`, or a `json..` format with a `schema`.
    fn json_text(&mut self, spot: &Spot, schema: &mut Schema, side: Side, depth: usize) -> Result<(), Fault> {
        let format = schema.format.as_deref().unwrap_or_default();
        let by_format = format == "json" || (format.starts_with("json") && format.ends_with("Like"));
        let kind = format.contains("Array").then_some(Kind::Array);
        let kind = kind.or_else(|| format.contains("Object").then_some(Kind::Object));
        let media_type = spot.text_of("contentMediaType")?;
        if !by_format && spot.get("x-json").is_none() && media_type.as_deref() != Some("application/json") {
            return Ok(());
        }
        if by_format {
            schema.format = None;
        }
        let mut json = Schema::any(spot.place());
        for word in ["contentSchema", "x-json", "schema"] {
            if let Some(inner) = spot.get(word) {
                // `x-json: true` only says that it is JSON.
                if matches!(inner.node.value, Value::Map(_)) {
                    json = self.read(&inner, side, depth + 1)?;
                }
                break;
            }
        }
        if json.kind.is_none() && json.properties.is_empty() {
            json.kind = kind;
        }
        schema.kind = Some(Kind::String);
        match &mut schema.json {
            Some(known) => known.merge(json, &mut self.notes),
            None => schema.json = Some(Box::new(json)),
        }
        Ok(())
    }

    /// `x-is-sensitive`: the names of the encrypted fields.
    fn secrets(&mut self, spot: &Spot, schema: &mut Schema) -> Result<(), Fault> {
        let Some(list) = spot.get("x-is-sensitive") else {
            return Ok(());
        };
        match list.scalar().and_then(Scalar::as_bool) {
            Some(sensitive) => {
                schema.sensitive |= sensitive;
                return Ok(());
            }
            None if list.scalar().is_none() => {
                list.items("`x-is-sensitive`")?;
            }
            None => {}
        }
        let names = spot.words("x-is-sensitive")?;
        // The encrypted part of a notification is no field that is encrypted by itself.
        if names.iter().any(|name| name == "ciphertext") && schema.property("algorithm").is_some() {
            return Ok(());
        }
        for (name, field) in &mut schema.properties {
            let listed = names.contains(name);
            let secret = field
                .items
                .as_mut()
                .map_or(&mut field.sensitive, |items| &mut items.sensitive);
            if listed && !*secret {
                self.notes.push(Note::new(
                    field.place.clone(),
                    format!(
                        "`x-is-sensitive` lists `{name}`, but its format is not `base64`; it is taken as encrypted"
                    ),
                ));
                *secret = true;
            } else if !listed && *secret {
                self.notes.push(Note::new(field.place.clone(), format!(
                        "the format of `{name}` is `base64`, but `x-is-sensitive` does not list it; it is taken as encrypted"
                    )));
            }
        }
        for name in names {
            if schema.property(&name).is_none() {
                self.note(
                    list.place(),
                    format!("`x-is-sensitive` lists `{name}`, which is no field of this schema"),
                );
            }
        }
        Ok(())
    }

    /// What follows from the whole schema.
    fn finish(schema: &mut Schema, side: Side) {
        let hidden = |field: &Schema| match side {
            Side::Request => field.read_only,
            Side::Response => field.write_only,
        };
        schema.properties.retain(|(_, field)| !hidden(field));
        for (name, field) in &mut schema.properties {
            if std::mem::take(&mut field.required_itself) && !schema.required.contains(name) {
                schema.required.push(name.clone());
            }
            if field.nullable {
                schema.required.retain(|required| required != name);
            }
        }
    }
}

/// A pattern of JSON Schema. JavaScript writes slashes around a pattern, which means the whole value here.
fn pattern(text: &str) -> String {
    let inner = text.strip_prefix('/').and_then(|text| text.strip_suffix('/'));
    match inner.filter(|inner| !inner.is_empty()) {
        None => text.to_owned(),
        Some(inner) if inner.starts_with('^') || inner.ends_with('$') => inner.to_owned(),
        Some(inner) if inner.contains('|') => format!("^({inner})$"),
        Some(inner) => format!("^{inner}$"),
    }
}

/// The example that a schema has, if any.
fn example(spot: &Spot) -> Option<Spot> {
    let listed = || {
        let examples = spot.get("examples")?;
        match &examples.node.value {
            Value::List(items) => items.first().map(|item| examples.beside(&item.node)),
            // OpenAPI 3.0 has named ones beside a parameter's schema.
            Value::Map(entries) => entries
                .first()
                .and_then(|entry| examples.beside(&entry.node).get("value")),
            Value::Scalar(_) => None,
        }
    };
    spot.get("example").or_else(listed)
}

/// A single value as JSON of that type. `None` if it does not match.
fn typed(node: &Node, kind: Option<Kind>) -> Option<Json> {
    let Value::Scalar(scalar) = &node.value else {
        return None;
    };
    let text = &*scalar.text;
    match kind {
        Some(Kind::String) => Some(text.into()),
        Some(Kind::Integer) => number(text, true).map(Json::Number),
        Some(Kind::Number) => number(text, false).map(Json::Number),
        Some(Kind::Boolean) => text.to_ascii_lowercase().parse().ok().map(Json::Bool),
        Some(Kind::Array | Kind::Object | Kind::File) => None,
        None => Some(match number(text, false).filter(|_| scalar.plain) {
            Some(number) => Json::Number(number),
            None => scalar.as_bool().map_or_else(|| text.into(), Json::Bool),
        }),
    }
}

/// A number as JSON writes it. With `whole` it has no fraction.
fn number(text: &str, whole: bool) -> Option<Number> {
    if let Ok(number) = text.parse::<i64>() {
        return Some(number.into());
    }
    if let Ok(number) = text.parse::<u64>() {
        return Some(number.into());
    }
    let number = text.parse::<f64>().ok()?;
    if !whole {
        return Number::from_f64(number);
    }
    // `100.0` is a whole number. Beyond 2^53 not every whole number has its own `f64`.
    (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0)
        .then(|| format!("{number:.0}").parse::<i64>().ok())
        .flatten()
        .map(Number::from)
}
