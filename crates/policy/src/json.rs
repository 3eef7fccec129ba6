//! Strict JSON with the place of every key and value.
//!
//! `jsonc-parser` reads and decodes the text. Around it stand what it is lenient about (control characters in
//! strings, odd whitespace, numbers beyond all bounds) and what it must be protected from (endless nesting): see
//! `json/scan.rs`. Its errors are retold in `json/explain.rs` as what was expected at that place.

mod explain;
mod number;
mod scan;

use crate::{Fix, Span};
use jsonc_parser::common::Ranged;
use jsonc_parser::{ParseOptions, ast};

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
    let scan::Scan { odd, too_deep, .. } = scan::Scan::run(text, text.len());
    if let (Some(odd), true) = (odd, too_deep) {
        // The parser must not see this text: it would go as deep as the brackets.
        return Err(explain::odd(text, odd));
    }
    let parsed = jsonc_parser::parse_to_ast(text, &Default::default(), &STRICT);
    match (odd, parsed) {
        // Both found something: the reader wants the first.
        (Some(odd), Err(error)) if odd.span.start as usize <= error.range().start => Err(explain::odd(text, odd)),
        (_, Err(error)) => Err(explain::parser(text, &error)),
        (Some(odd), Ok(_)) => Err(explain::odd(text, odd)),
        (None, Ok(result)) => match result.value {
            None => Err(explain::empty(text)),
            Some(value) => node(value),
        },
    }
}

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Our own tree out of the parser's. Recursion is bounded by [`MAX_DEPTH`].
fn node(value: ast::Value<'_>) -> Result<Node, SyntaxError> {
    let range = value.range();
    let span = Span::new(range.start, range.end);
    let value = match value {
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::BooleanLit(bool) => Value::Bool(bool.value),
        ast::Value::StringLit(string) => Value::String(string.value.into_owned()),
        ast::Value::NumberLit(number) => {
            if !number::in_range(number.value) {
                return Err(SyntaxError::new(span, "this number is too large")
                    .help("numbers reach up to about 1.8e308; in quotes it is text"));
            }
            Value::Number(number.value.to_owned())
        }
        ast::Value::Array(array) => Value::Array(array.elements.into_iter().map(node).collect::<Result<_, _>>()?),
        ast::Value::Object(object) => {
            Value::Object(object.properties.into_iter().map(property).collect::<Result<_, _>>()?)
        }
    };
    Ok(Node { value, span })
}

fn property(property: ast::ObjectProp<'_>) -> Result<Property, SyntaxError> {
    let key = property.name.range();
    Ok(Property {
        key_span: Span::new(key.start, key.end),
        key: match property.name {
            ast::ObjectPropName::String(name) => name.value.into_owned(),
            ast::ObjectPropName::Word(name) => name.value.to_owned(),
        },
        node: node(property.value)?,
    })
}
