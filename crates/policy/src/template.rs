//! Text with policy variables, cut into its parts once: `home/${aws:username}/${*}`.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
//!
//! Where variables are not in force (version 2008-10-17, elements that do not support them) the text is used
//! as it stands and this module is not asked.

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text as written; `*` and `?` in it are wildcards where the element has wildcards.
    Text(&'a str),
    /// `${*}`, `${?}` or `${$}`: that character, never a wildcard.
    Literal(char),
    /// `${key}` or `${key, 'default'}`.
    Variable {
        /// The context key, as written.
        key: &'a str,
        /// The text to use when the key has no value.
        default: Option<&'a str>,
        /// The whole variable, from `$` to `}`, as written.
        text: &'a str,
    },
    /// `${…` that follows no form of a variable: taken literally.
    Malformed(&'a str),
}

/// Cuts `text` into its parts. Concatenating the written forms of the parts gives `text` back.
///
/// ```
/// use policy::template::{split, Part};
/// let parts: Vec<_> = split("home/${aws:username}/${*}").collect();
/// assert_eq!(parts[0], Part::Text("home/"));
/// assert!(matches!(parts[1], Part::Variable { key: "aws:username", default: None, .. }));
/// assert_eq!(parts[3], Part::Literal('*'));
/// assert!(matches!(split("${aws:PrincipalTag/team, 'none'}").next(), Some(Part::Variable { default: Some("none"), .. })));
/// assert_eq!(split("${}").next(), Some(Part::Malformed("${}")));
/// ```
pub fn split(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (part, length) = next_part(rest);
        rest = rest.get(length..).unwrap_or("");
        Some(part)
    })
}

/// Whether `text` has anything that looks like a variable.
pub fn has_variable(text: &str) -> bool {
    place_of_variable(text).is_some()
}

fn place_of_variable(text: &str) -> Option<usize> {
    text.as_bytes().windows(2).position(|pair| pair == b"${")
}

fn next_part(rest: &str) -> (Part<'_>, usize) {
    match place_of_variable(rest) {
        Some(0) => variable(rest),
        Some(at) => (Part::Text(rest.get(..at).unwrap_or(rest)), at),
        None => (Part::Text(rest), rest.len()),
    }
}

/// `rest` starts with `${`.
fn variable(rest: &str) -> (Part<'_>, usize) {
    let malformed = |length: usize| (Part::Malformed(rest.get(..length).unwrap_or(rest)), length);
    let Some(end) = closing_brace(rest) else {
        return malformed(rest.len());
    };
    let length = end + 1;
    let inner = rest.get(2..end).unwrap_or("");
    match inner {
        "*" => return (Part::Literal('*'), length),
        "?" => return (Part::Literal('?'), length),
        "$" => return (Part::Literal('$'), length),
        _ => {}
    }
    let (key, default) = match inner.split_once(',') {
        None => (inner, None),
        Some((key, default)) => match quoted(default.trim_start_matches(' ')) {
            Some(default) => (key, Some(default)),
            None => return malformed(length),
        },
    };
    if key.is_empty() || !key.chars().all(is_key_character) {
        return malformed(length);
    }
    let text = rest.get(..length).unwrap_or(rest);
    (Part::Variable { key, default, text }, length)
}

/// The `}` that closes a variable: the first one outside single quotes, or, where a quote is never closed, the
/// first one.
fn closing_brace(rest: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b'}' if !quoted => return Some(at),
            _ => {}
        }
    }
    rest.find('}')
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.strip_suffix('\'').filter(|inner| !inner.contains('\''))
}

fn is_key_character(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '{' | '}' | '$' | '\'' | '"' | ',' | '*' | '?')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_as_written_give_the_text_back() {
        for text in ["", "a", "${", "${}", "a${b}c${*}", "${a, 'x}y'}z", "${a b}", "$${aws:username}", "${a, x}"] {
            let written: String = split(text)
                .map(|part| match part {
                    Part::Text(text) | Part::Malformed(text) | Part::Variable { text, .. } => text.to_owned(),
                    Part::Literal(c) => format!("${{{c}}}"),
                })
                .collect();
            assert_eq!(written, text);
        }
    }

    #[test]
    fn an_unclosed_variable_is_malformed_to_the_end() {
        assert_eq!(split("${aws:username").next(), Some(Part::Malformed("${aws:username")));
    }

    #[test]
    fn a_default_may_hold_a_brace() {
        let parts: Vec<_> = split("${a:b, 'x}y'}").collect();
        assert!(matches!(parts.as_slice(), [Part::Variable { default: Some("x}y"), .. }]));
    }
}
