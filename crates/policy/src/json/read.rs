//! Tokens to a tree, without recursion: the brackets that are open lie on a stack of our own, so that no nesting
//! overflows another. At each token it is known what may follow; `json/explain.rs` says so where something else does.

use super::explain::{self, Place};
use super::{MAX_DEPTH, Node, Property, SyntaxError, Value, number};
use crate::Span;
use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};

/// What precedes a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Previous {
    /// Nothing.
    Start,
    OpenBrace,
    OpenBracket,
    Comma,
    Colon,
    /// A string that is a key.
    Key,
    /// The end of a value.
    Value,
}

/// An array or object that is not closed yet.
enum Open {
    Array(Vec<Node>),
    /// The properties, and the key that waits for its value.
    Object(Vec<Property>, Option<(String, Span)>),
}

struct Reader<'t> {
    text: &'t str,
    scanner: Scanner<'t>,
    /// What is open, and where it was opened.
    open: Vec<(Open, usize)>,
    root: Option<Node>,
    previous: Previous,
    previous_end: usize,
}

const STRICT: ScannerOptions = ScannerOptions {
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

pub(super) fn read(text: &str) -> Result<Node, SyntaxError> {
    let mut reader = Reader {
        text,
        scanner: Scanner::new(text, &STRICT),
        open: Vec::new(),
        root: None,
        previous: Previous::Start,
        previous_end: 0,
    };
    loop {
        let scanned = reader.scanner.scan();
        let start = reader.scanner.token_start();
        reader.spaces(start)?;
        let token = match scanned {
            Ok(Some(token)) => token,
            Ok(None) => break,
            Err(error) => {
                reader.control_characters(start, error.range().start)?;
                return Err(explain::scanner(&reader.place(start), &error));
            }
        };
        let end = reader.scanner.token_end();
        reader.previous = reader.token(token, Span::new(start, end))?;
        reader.previous_end = end;
    }
    match reader.root.take() {
        Some(root) if reader.open.is_empty() => Ok(root),
        _ if reader.previous == Previous::Start => Err(explain::empty(text)),
        _ => Err(explain::unexpected(&reader.place(text.len()), text.len())),
    }
}

impl Reader<'_> {
    /// Takes a token in and says what it was, or why it cannot stand here.
    fn token(&mut self, token: Token<'_>, span: Span) -> Result<Previous, SyntaxError> {
        use Previous::{Colon, Comma, Key, OpenBrace, OpenBracket, Start, Value as End};
        let previous = self.previous;
        let in_object = matches!(self.open.last(), Some((Open::Object(..), _)));
        let in_array = matches!(self.open.last(), Some((Open::Array(_), _)));
        let wants_key = in_object && matches!(previous, OpenBrace | Comma);
        let wants_value = matches!(previous, Start | Colon | OpenBracket) || in_array && previous == Comma;
        let value = match token {
            Token::String(text) if wants_key => {
                self.control_characters(span.start as usize, span.end as usize)?;
                if let Some((Open::Object(_, key), _)) = self.open.last_mut() {
                    *key = Some((text.into_owned(), span));
                }
                return Ok(Key);
            }
            Token::Colon if previous == Key => return Ok(Colon),
            Token::Comma if previous == End && !self.open.is_empty() => return Ok(Comma),
            Token::OpenBrace if wants_value => {
                return self.open(Open::Object(Vec::new(), None), span).map(|()| OpenBrace);
            }
            Token::OpenBracket if wants_value => {
                return self.open(Open::Array(Vec::new()), span).map(|()| OpenBracket);
            }
            Token::CloseBrace if in_object && matches!(previous, OpenBrace | End) => {
                self.close(span);
                return Ok(End);
            }
            Token::CloseBracket if in_array && matches!(previous, OpenBracket | End) => {
                self.close(span);
                return Ok(End);
            }
            Token::CloseBrace if wants_key => return Err(explain::trailing_comma(self.previous_end, '}')),
            Token::CloseBracket if in_array && wants_value => {
                return Err(explain::trailing_comma(self.previous_end, ']'));
            }
            Token::CommentLine(_) | Token::CommentBlock(_) => return Err(explain::comment(span)),
            Token::String(text) if wants_value => {
                self.control_characters(span.start as usize, span.end as usize)?;
                Value::String(text.into_owned())
            }
            Token::Number(text) if wants_value => {
                if !number::in_range(text) {
                    return Err(explain::number_too_large(span));
                }
                Value::Number(text.to_owned())
            }
            Token::Boolean(value) if wants_value => Value::Bool(value),
            Token::Null if wants_value => Value::Null,
            _ => return Err(explain::unexpected(&self.place(span.start as usize), span.end as usize)),
        };
        self.complete(Node { value, span });
        Ok(End)
    }

    fn open(&mut self, open: Open, span: Span) -> Result<(), SyntaxError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(explain::too_deep(span));
        }
        self.open.push((open, span.start as usize));
        Ok(())
    }

    fn close(&mut self, bracket: Span) {
        if let Some((open, at)) = self.open.pop() {
            let value = match open {
                Open::Array(items) => Value::Array(items),
                Open::Object(properties, _) => Value::Object(properties),
            };
            self.complete(Node { value, span: Span::new(at, bracket.end as usize) });
        }
    }

    /// Puts a value where it belongs.
    fn complete(&mut self, node: Node) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some((Open::Array(items), _)) => items.push(node),
            Some((Open::Object(properties, key), _)) => {
                if let Some((key, key_span)) = key.take() {
                    properties.push(Property { key, key_span, node });
                }
            }
        }
    }

    /// The scanner takes all white space of Unicode; JSON knows four characters of it.
    fn spaces(&self, start: usize) -> Result<(), SyntaxError> {
        let between = self.text.get(self.previous_end..start).unwrap_or("");
        let other = between.bytes().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        match other.and_then(|at| Some((at, between.get(at..)?.chars().next()?))) {
            None => Ok(()),
            Some((at, c)) => Err(explain::space(self.previous_end + at, c)),
        }
    }

    /// The scanner takes control characters in strings; JSON wants them escaped. `start` is the string's.
    fn control_characters(&self, start: usize, end: usize) -> Result<(), SyntaxError> {
        let raw = self.text.get(start..end).unwrap_or("");
        match raw.bytes().position(|byte| byte < b' ').map(|at| (at, raw.as_bytes().get(at))) {
            None => Ok(()),
            Some((at, Some(b'\n' | b'\r'))) => Err(explain::unclosed_string(Span::new(start, start + at))),
            Some((at, byte)) => Err(explain::control_character(start + at, byte.copied().map_or(' ', char::from))),
        }
    }

    fn place(&self, start: usize) -> Place<'_> {
        Place {
            text: self.text,
            start,
            previous: self.previous,
            previous_end: self.previous_end,
            inside: self.open.last().map(|(open, at)| (if matches!(open, Open::Array(_)) { '[' } else { '{' }, *at)),
        }
    }
}
