//! The text of one YAML or JSON file as a tree of values with their places.
//!
//! JSON is read as the YAML that it is, so both have places, and both have the same limits.

use std::{collections::HashMap, rc::Rc, sync::Arc};

use granit_parser::{Event, Options, Parser, Placement, ScalarStyle, Span, Tag};

use crate::read::fault::{Fault, Place};

/// How deep values may be nested. The deepest known response has 26 levels of YAML.
const DEPTH: usize = 128;

/// How many values a file may hold.
const VALUES: usize = 2_000_000;

/// A value with its place.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    line: u32,
    column: u32,
    /// How many levels are below, aliases included.
    height: u32,
}

/// What a file holds at a place.
#[derive(Debug)]
pub(crate) enum Value {
    Scalar(Scalar),
    List(Vec<Item>),
    Map(Vec<Entry>),
}

/// Text, a number, `true`, `false` or nothing.
#[derive(Debug)]
pub(crate) struct Scalar {
    pub(crate) text: Box<str>,
    /// Without quotes, so it may be a number, a truth value or nothing.
    pub(crate) plain: bool,
}

impl Scalar {
    /// Nothing, as YAML writes it.
    pub(crate) fn is_null(&self) -> bool {
        self.plain && matches!(&*self.text, "" | "~" | "null" | "Null" | "NULL")
    }

    /// A truth value.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        match &*self.text {
            "true" | "True" | "TRUE" if self.plain => Some(true),
            "false" | "False" | "FALSE" if self.plain => Some(false),
            _ => None,
        }
    }
}

/// An element of a list, with the comments that belong to it.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) node: Rc<Node>,
    /// The comments on the lines above.
    pub(crate) above: Vec<Box<str>>,
    /// The comment behind it, on its own line.
    pub(crate) behind: Option<Box<str>>,
}

/// A key with its value.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: Box<str>,
    pub(crate) node: Rc<Node>,
    line: u32,
    column: u32,
}

impl Node {
    /// The value under a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Rc<Node>> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|entry| &*entry.key == key).map(|entry| &entry.node),
            _ => None,
        }
    }

    /// The value's place in `file`.
    pub(crate) fn place(&self, file: &Arc<str>) -> Place {
        place(file, self.line, self.column)
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar) if scalar.is_null())
    }

    /// What kind of value it is, for a message.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Scalar(scalar) if scalar.is_null() => "nothing",
            Value::Scalar(_) => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

impl Entry {
    /// The key's place in `file`.
    pub(crate) fn place(&self, file: &Arc<str>) -> Place {
        place(file, self.line, self.column)
    }
}

fn place(file: &Arc<str>, line: u32, column: u32) -> Place {
    Place {
        file: Arc::clone(file),
        line: line as usize,
        column: column as usize,
    }
}

/// Reads the text of `file`.
///
/// # Errors
///
/// The text is not YAML or JSON, has a key twice, more than one document, an unknown tag, or more levels or values than
/// the limits above.
pub(crate) fn parse(file: &Arc<str>, text: &str) -> Result<Rc<Node>, Fault> {
    let mut options = Options::default();
    options.block_nesting_limit = DEPTH;
    options.flow_nesting_limit = DEPTH;
    options.max_buffered_comment_events = 10_000;
    let mut builder = Builder {
        file,
        open: Vec::new(),
        anchors: HashMap::new(),
        above: Vec::new(),
        document: None,
        values: 0,
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| {
            let marker = error.marker();
            let place = place(file, short(marker.line()), short(marker.col() + 1));
            Fault::new(place, format!("this is neither YAML nor JSON: {}", error.info()))
        })?;
        builder.event(event, &span)?;
    }
    Ok(builder.document.unwrap_or_else(|| {
        Rc::new(Node {
            value: Value::Scalar(Scalar {
                text: "".into(),
                plain: true,
            }),
            line: 1,
            column: 1,
            height: 0,
        })
    }))
}

/// A list or mapping whose end has not come yet.
struct Open {
    anchor: usize,
    line: u32,
    column: u32,
    /// How many levels its values have so far.
    height: u32,
    /// The comments on the lines above.
    above: Vec<Box<str>>,
    content: Content,
}

enum Content {
    List(Vec<Item>),
    Map {
        entries: Vec<Entry>,
        /// The place of each key, to find one that occurs twice.
        seen: HashMap<Box<str>, u32>,
        /// What `<<` brings. Keys of the mapping itself win.
        merged: Vec<Rc<Node>>,
        key: Option<(Box<str>, u32, u32, bool)>,
    },
}

struct Builder<'a> {
    file: &'a Arc<str>,
    open: Vec<Open>,
    anchors: HashMap<usize, Rc<Node>>,
    above: Vec<Box<str>>,
    document: Option<Rc<Node>>,
    values: usize,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: &Span) -> Result<(), Fault> {
        let line = short(span.start.line());
        let column = short(span.start.col() + 1);
        match event {
            Event::DocumentStart(..) if self.document.is_some() => {
                return Err(self.fault(
                    line,
                    column,
                    "the file holds a second document; split it into two files",
                ));
            }
            Event::Comment(text, Placement::Right) => self.comment_behind(line, text.trim()),
            Event::Comment(text, _) => self.above.push(text.trim().into()),
            Event::Scalar(text, style, anchor, tag) => {
                self.check_tag(tag.as_deref(), span)?;
                let text_tag = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
                let scalar = Scalar {
                    text: text.into(),
                    plain: style == ScalarStyle::Plain && !text_tag,
                };
                let node = Rc::new(Node {
                    value: Value::Scalar(scalar),
                    line,
                    column,
                    height: 0,
                });
                self.anchor(anchor, &node);
                let above = std::mem::take(&mut self.above);
                self.add(node, above, line, column)?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), span)?;
                self.start(anchor, line, column, Content::List(Vec::new()))?;
            }
            Event::MappingStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), span)?;
                let content = Content::Map {
                    entries: Vec::new(),
                    seen: HashMap::new(),
                    merged: Vec::new(),
                    key: None,
                };
                self.start(anchor, line, column, content)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end()?,
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned().ok_or_else(|| {
                    self.fault(
                        line,
                        column,
                        "this alias is inside the value that it names, so it has no end",
                    )
                })?;
                let above = std::mem::take(&mut self.above);
                self.add(node, above, line, column)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn fault(&self, line: u32, column: u32, message: impl Into<String>) -> Fault {
        Fault::new(place(self.file, line, column), message)
    }

    fn check_tag(&self, tag: Option<&Tag>, span: &Span) -> Result<(), Fault> {
        match tag {
            Some(tag) if tag.is_custom() && tag.original() != "!" => {
                let start = span.tag_start().unwrap_or(span.start);
                let message = format!("the YAML tag `{}` is unknown; remove it", tag.original());
                Err(self.fault(short(start.line()), short(start.col() + 1), message))
            }
            _ => Ok(()),
        }
    }

    fn comment_behind(&mut self, line: u32, text: &str) {
        if let Some(Open {
            content: Content::List(items),
            ..
        }) = self.open.last_mut()
            && let Some(item) = items.last_mut()
            && item.node.line == line
        {
            item.behind = Some(text.into());
        }
    }

    fn anchor(&mut self, anchor: usize, node: &Rc<Node>) {
        // 0 means a value without an anchor.
        if anchor != 0 {
            self.anchors.insert(anchor, Rc::clone(node));
        }
    }

    fn start(&mut self, anchor: usize, line: u32, column: u32, content: Content) -> Result<(), Fault> {
        if self.open.len() >= DEPTH {
            return Err(self.too_deep(line, column));
        }
        // A mapping or list as a key has no use here, and no name.
        if let Some(Open {
            content: Content::Map { key: None, .. },
            ..
        }) = self.open.last()
        {
            return Err(self.fault(line, column, "a key must be a single word, not a list or mapping"));
        }
        // The comments above a list belong to its first element.
        let above = match content {
            Content::List(_) => Vec::new(),
            Content::Map { .. } => std::mem::take(&mut self.above),
        };
        self.open.push(Open {
            anchor,
            line,
            column,
            height: 0,
            above,
            content,
        });
        Ok(())
    }

    fn too_deep(&self, line: u32, column: u32) -> Fault {
        self.fault(
            line,
            column,
            format!("the values are nested deeper than {DEPTH} levels"),
        )
    }

    fn end(&mut self) -> Result<(), Fault> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let value = match open.content {
            Content::List(items) => Value::List(items),
            Content::Map {
                mut entries,
                mut seen,
                merged,
                ..
            } => {
                for source in merged {
                    self.merge(&source, &mut entries, &mut seen)?;
                }
                Value::Map(entries)
            }
        };
        let node = Rc::new(Node {
            value,
            line: open.line,
            column: open.column,
            height: open.height,
        });
        self.anchor(open.anchor, &node);
        self.above.clear();
        self.add(node, open.above, open.line, open.column)
    }

    /// What YAML's merge key `<<` brings into a mapping.
    fn merge(
        &mut self,
        source: &Rc<Node>,
        entries: &mut Vec<Entry>,
        seen: &mut HashMap<Box<str>, u32>,
    ) -> Result<(), Fault> {
        let sources = match &source.value {
            Value::Map(_) => vec![Rc::clone(source)],
            Value::List(items) => items.iter().map(|item| Rc::clone(&item.node)).collect(),
            Value::Scalar(_) => Vec::new(),
        };
        for source in sources {
            let Value::Map(more) = &source.value else {
                return Err(self.fault(source.line, source.column, "`<<` merges mappings only"));
            };
            for entry in more {
                if seen.contains_key(&entry.key) {
                    continue;
                }
                self.values += 1;
                self.check_values(entry.line, entry.column)?;
                seen.insert(entry.key.clone(), entry.line);
                entries.push(Entry {
                    key: entry.key.clone(),
                    node: Rc::clone(&entry.node),
                    line: entry.line,
                    column: entry.column,
                });
            }
        }
        Ok(())
    }

    fn check_values(&self, line: u32, column: u32) -> Result<(), Fault> {
        if self.values > VALUES {
            return Err(self.fault(line, column, format!("the file holds more than {VALUES} values")));
        }
        Ok(())
    }

    /// Counts a finished value, and its levels on the value around it.
    fn count(&mut self, node: &Node, line: u32, column: u32) -> Result<(), Fault> {
        self.values += 1;
        self.check_values(line, column)?;
        let deep = self.open.len() + node.height as usize >= DEPTH;
        if let Some(open) = self.open.last_mut() {
            open.height = open.height.max(node.height + 1);
        }
        // An alias adds levels that no bracket or indentation shows.
        if deep {
            return Err(self.too_deep(line, column));
        }
        Ok(())
    }

    /// Adds a finished value where it belongs: to a list, as a key, or behind a key.
    fn add(&mut self, node: Rc<Node>, above: Vec<Box<str>>, line: u32, column: u32) -> Result<(), Fault> {
        self.count(&node, line, column)?;
        let file = self.file;
        let Some(open) = self.open.last_mut() else {
            self.document = Some(node);
            return Ok(());
        };
        match &mut open.content {
            Content::List(items) => items.push(Item {
                node,
                above,
                behind: None,
            }),
            Content::Map {
                entries,
                seen,
                merged,
                key,
            } => match key.take() {
                None => {
                    let Value::Scalar(scalar) = &node.value else {
                        return Err(Fault::new(
                            place(file, line, column),
                            "a key must be a single word, not a list or mapping",
                        ));
                    };
                    *key = Some((scalar.text.clone(), line, column, scalar.plain));
                }
                Some((name, _, _, true)) if &*name == "<<" => merged.push(node),
                Some((name, line, column, _)) => {
                    if let Some(first) = seen.insert(name.clone(), line) {
                        return Err(Fault::new(
                            place(file, line, column),
                            format!("the key `{name}` occurs twice; the first one is on line {first}"),
                        ));
                    }
                    entries.push(Entry {
                        key: name,
                        node,
                        line,
                        column,
                    });
                }
            },
        }
        Ok(())
    }
}

/// Lines and columns beyond four billion do not occur within the limits of a file's size.
fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
