//! Strings, and strings or arrays of strings: the leaves of every element but `Condition`.

use super::{Reader, SYNTAX};
use crate::json::{Node, Value};
use crate::{Diagnostic, Span, Spanned};

impl Reader<'_> {
    /// Reports a value of the wrong JSON type.
    pub(super) fn wrong_type(&mut self, node: &Node, what: &str, expected: &str) {
        let found = node.value.describe();
        let mut diagnostic =
            Diagnostic::error("wrong-type", node.span, format!("{what} must be {expected}, not {found}")).aws(SYNTAX);
        if let Value::Number(_) | Value::Bool(_) = node.value
            && expected.starts_with("a string")
        {
            let text = node.span.of(self.text);
            diagnostic =
                diagnostic.help("put it in double quotes").fix("add quotes", vec![(node.span, format!("\"{text}\""))]);
        }
        self.push(diagnostic);
    }

    /// A string.
    pub(super) fn string(&mut self, node: &Node, what: &str) -> Option<Spanned<String>> {
        match &node.value {
            Value::String(text) => Some(Spanned::new(text.clone(), node.span)),
            _ => {
                self.wrong_type(node, what, "a string");
                None
            }
        }
    }

    /// A string or an array of strings. What is no string is reported and left out.
    pub(super) fn strings(&mut self, node: &Node, what: &str) -> Vec<Spanned<String>> {
        match &node.value {
            Value::String(text) => vec![Spanned::new(text.clone(), node.span)],
            Value::Array(items) => items
                .iter()
                .filter_map(|item| match &item.value {
                    Value::String(text) => Some(Spanned::new(text.clone(), item.span)),
                    _ => {
                        self.wrong_type(item, &format!("each entry of {what}"), "a string");
                        None
                    }
                })
                .collect(),
            _ => {
                self.wrong_type(node, what, "a string or an array of strings");
                Vec::new()
            }
        }
    }
}

/// The place of a part of a string's value, where the string is written without escapes; else of the whole string.
pub(crate) fn part(text: &str, string: &Spanned<String>, start: usize, length: usize) -> Span {
    let whole = string.span;
    let first = whole.start as usize + 1 + start;
    let span = Span::new(first, first + length);
    let plain = (whole.end - whole.start) as usize == string.value.len() + 2;
    if plain && span.end < whole.end && !span.of(text).is_empty() { span } else { whole }
}
