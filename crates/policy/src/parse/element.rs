//! The elements of an object: each known name once, unknown names reported.

use super::{Reader, SYNTAX, nearest};
use crate::Diagnostic;
use crate::json::{Node, Property, Value};

/// The properties of a policy or statement, and what unknown names were probably meant to be.
pub(super) struct Elements<'n> {
    /// The first of each known name.
    found: Vec<&'n Property>,
    suggested: Vec<&'static str>,
}

impl<'n> Elements<'n> {
    /// The element of that name; the first where it is written twice.
    pub(super) fn get(&self, name: &str) -> Option<&'n Property> {
        self.found.iter().copied().find(|property| property.key == name)
    }

    /// Whether the element is there, of whatever type.
    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether an unknown element is probably a slip for `name`: then its absence is not worth a second finding.
    pub(super) fn suggested(&self, name: &str) -> bool {
        self.suggested.contains(&name)
    }
}

impl Reader<'_> {
    /// The elements of an object, unknown ones reported; `None` where it is no object.
    pub(super) fn elements<'n>(&mut self, node: &'n Node, what: &str, known: &[&'static str]) -> Option<Elements<'n>> {
        let Value::Object(properties) = &node.value else {
            self.wrong_type(node, what, "an object `{ }`");
            return None;
        };
        let is_known = |property: &Property| known.contains(&property.key.as_str());
        let mut elements = Elements { found: Vec::new(), suggested: Vec::new() };
        for property in properties.iter().filter(|property| is_known(property)) {
            if !elements.has(&property.key) {
                elements.found.push(property);
            }
        }
        for property in properties.iter().filter(|property| !is_known(property)) {
            self.unknown_element(property, what, known, &mut elements);
        }
        Some(elements)
    }

    fn unknown_element(
        &mut self,
        property: &Property,
        what: &str,
        known: &[&'static str],
        elements: &mut Elements<'_>,
    ) {
        let key = &property.key;
        let mut diagnostic =
            Diagnostic::error("unknown-element", property.key_span, format!("unknown element `{key}` in {what}"))
                .aws(SYNTAX);
        let meant = nearest(key, known.iter().copied());
        diagnostic = match meant {
            Some(name) => {
                if !elements.suggested(name) {
                    elements.suggested.push(name);
                }
                let diagnostic = diagnostic.help(format!("did you mean `{name}`?"));
                if elements.has(name) {
                    diagnostic
                } else {
                    diagnostic.fix(format!("replace with `{name}`"), vec![(property.key_span, format!("\"{name}\""))])
                }
            }
            None => diagnostic.help(format!("known are {}", list(known))),
        };
        self.push(diagnostic);
    }
}

/// "`a`, `b` and `c`"
pub(super) fn list(names: &[&str]) -> String {
    let mut text = String::new();
    for (at, name) in names.iter().enumerate() {
        let joint = match at {
            0 => "",
            _ if at + 1 == names.len() => " and ",
            _ => ", ",
        };
        for part in [joint, "`", name, "`"] {
            text.push_str(part);
        }
    }
    text
}
