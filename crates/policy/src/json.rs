//! Strict JSON with the place of every key and value.
//!
//! `jsonc-parser` cuts the text into tokens and decodes them; `json/read.rs` makes a tree of them and is strict
//! about what the scanner is lenient about (control characters in strings, odd white space, numbers beyond all
//! bounds). What is wrong is told in `json/explain.rs`: what was expected at that place.

mod explain;
mod number;
mod read;

use crate::{Fix, Span};

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: usize = 128;

/// How many bytes a text may have: far above what any AWS API takes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A JSON value and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// From its first to behind its last character, quotes and brackets included.
    pub span: Span,
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A string, decoded.
    String(String),
    /// An array.
    Array(Vec<Node>),
    /// An object: its properties in the order written, duplicates kept.
    Object(Vec<Property>),
}

/// One `"key": value` of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// The key, decoded.
    pub key: String,
    /// The place of the key, quotes included.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

impl Property {
    /// From the key to the end of the value.
    pub fn span(&self) -> Span {
        Span { start: self.key_span.start, end: self.node.span.end }
    }
}

/// Why a text is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What to write instead.
    pub help: Option<String>,
    /// Other places, such as the bracket that was never closed.
    pub related: Vec<(Span, String)>,
    /// A mend, where it is unambiguous.
    pub fix: Option<Box<Fix>>,
}

impl Value {
    /// What the value is, in words: "an array", "`null`".
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Null => "`null`",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

impl Node {
    /// The value at a JSON Pointer (RFC 6901), such as `/policies/0/document`; of a key written twice the last.
    pub fn pointer(&self, pointer: &str) -> Option<&Node> {
        steps(pointer).try_fold(self, |node, step| node.step(&step))
    }

    /// The place of the value at a JSON Pointer, or of the nearest value above it that exists.
    ///
    /// ```
    /// let root = policy::json::parse(r#"{"request": {"action": 7}}"#).unwrap();
    /// assert_eq!((root.place("/request/action").start, root.place("/request/action").end), (23, 24));
    /// assert_eq!(root.place("/request/resource"), root.place("/request"));
    /// assert_eq!(root.place("/nothing/here"), root.span);
    /// ```
    pub fn place(&self, pointer: &str) -> Span {
        let mut node = self;
        for step in steps(pointer) {
            match node.step(&step) {
                Some(next) => node = next,
                None => break,
            }
        }
        node.span
    }

    fn step(&self, step: &str) -> Option<&Node> {
        match &self.value {
            Value::Object(properties) => {
                properties.iter().rev().find(|property| property.key == step).map(|property| &property.node)
            }
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        }
    }
}

fn steps(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"))
}

/// Reads a text that is exactly one JSON value.
///
/// # Errors
/// The first thing that is wrong. No text panics or overflows the stack.
///
/// ```
/// let error = policy::json::parse(r#"{"Action": "s3:*",}"#).unwrap_err();
/// assert_eq!(error.message, "there is a comma before the closing `}`");
/// ```
pub fn parse(text: &str) -> Result<Node, SyntaxError> {
    if text.len() > MAX_BYTES {
        return Err(SyntaxError::new(Span::default(), format!("the text has {} bytes, which is too long", text.len()))
            .help(format!("at most {MAX_BYTES} bytes are read")));
    }
    read::read(text)
}
