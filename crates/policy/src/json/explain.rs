//! What to say about a text that is not JSON: what was expected at the place, what stands there instead, and,
//! for the classic slips, how to mend it.

use super::read::Previous;
use super::{MAX_DEPTH, SyntaxError};
use crate::{Fix, Span};
use jsonc_parser::ParseStringErrorKind;
use jsonc_parser::errors::{ParseError, ParseErrorKind};

impl SyntaxError {
    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), span, help: None, related: Vec::new(), fix: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn related(mut self, span: Span, remark: &str) -> Self {
        self.related.push((span, remark.to_owned()));
        self
    }

    fn fix(mut self, label: &str, edits: Vec<(Span, String)>) -> Self {
        self.fix = Some(Box::new(Fix { label: label.to_owned(), edits }));
        self
    }
}

/// The text holds nothing but spaces.
pub(super) fn empty(text: &str) -> SyntaxError {
    SyntaxError::new(Span::new(text.len(), text.len()), "there is nothing here yet")
        .help("write a JSON value, such as `{ }`")
}

pub(super) fn too_deep(span: Span) -> SyntaxError {
    SyntaxError::new(span, format!("brackets nest deeper than {MAX_DEPTH} levels")).help("is one repeated by mistake?")
}

pub(super) fn number_too_large(span: Span) -> SyntaxError {
    SyntaxError::new(span, "this number is too large").help("numbers reach up to about 1.8e308; in quotes it is text")
}

pub(super) fn control_character(at: usize, c: char) -> SyntaxError {
    SyntaxError::new(Span::new(at, at + 1), format!("a string holds the control character {}", code_point(c))).help(
        match c {
            '\t' => "write a tab in a string as `\\t`".to_owned(),
            c => format!("remove it, or write it as `\\u{:04x}`", c as u32),
        },
    )
}

pub(super) fn space(at: usize, c: char) -> SyntaxError {
    let span = Span::new(at, at + c.len_utf8());
    SyntaxError::new(span, format!("JSON does not know the space {}", code_point(c)))
        .help("it often comes along when text is copied from a web page; use an ordinary space")
        .fix("replace with a space", vec![(span, " ".to_owned())])
}

/// `at` is just behind the comma.
pub(super) fn trailing_comma(at: usize, close: char) -> SyntaxError {
    let comma = Span::new(at.saturating_sub(1), at);
    SyntaxError::new(comma, format!("there is a comma before the closing `{close}`"))
        .help("commas stand between entries only: remove it")
        .fix("remove the comma", vec![(comma, String::new())])
}

pub(super) fn comment(span: Span) -> SyntaxError {
    SyntaxError::new(span, "JSON has no comments")
        .help("remove it; in a statement, a `Sid` can say what it is for")
        .fix("remove the comment", vec![(span, String::new())])
}

/// A place in the text, and what is known there.
pub(super) struct Place<'t> {
    pub(super) text: &'t str,
    /// Where the token starts that does not fit.
    pub(super) start: usize,
    /// The token before, and where it ends.
    pub(super) previous: Previous,
    pub(super) previous_end: usize,
    /// The innermost open bracket, and where it stands.
    pub(super) inside: Option<(char, usize)>,
}

/// What the scanner stumbled over.
pub(super) fn scanner(place: &Place<'_>, error: &ParseError) -> SyntaxError {
    use ParseErrorKind as Kind;
    let range = error.range();
    match error.kind() {
        Kind::String(ParseStringErrorKind::UnterminatedStringLiteral) => {
            unclosed_string(Span::new(place.start, place.text.len()))
        }
        Kind::String(kind) => escape(place.text, range.start, kind),
        Kind::UnterminatedCommentBlock => comment(Span::new(place.start, place.text.len())),
        Kind::SingleQuotedStringsNotAllowed => single_quotes(place.text, place.start),
        Kind::UnexpectedToken => unexpected(place, range.end),
        // the others are about numbers
        _ => number(place.text, place.start),
    }
}

/// What was expected at the place, from what precedes it, and what stands there.
pub(super) fn unexpected(place: &Place<'_>, end: usize) -> SyntaxError {
    let (text, start) = (place.text, place.start);
    let rest = text.get(start..).unwrap_or("");
    let found = rest.chars().next();
    let word_length =
        rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.' | '$')).unwrap_or(rest.len());
    let word = rest.get(..word_length.min(60)).unwrap_or("");
    let length = match found {
        None => 0,
        Some('"') => string_length(rest),
        Some(c) => word_length.max(c.len_utf8()),
    };
    let span = Span::new(start, end.max(start + length));
    let expected = match (place.previous, place.inside) {
        (Previous::Start, _) => "a JSON value",
        (Previous::Key, _) => "`:` and a value after the key",
        (Previous::OpenBrace, _) => "a key in double quotes, or `}`",
        (Previous::OpenBracket, _) => "a value, or `]`",
        (Previous::Comma, Some(('{', _))) => "a key in double quotes",
        (Previous::Colon | Previous::Comma, _) => "a value",
        (Previous::Value, Some(('[', _))) => "`,` or `]`",
        (Previous::Value, Some(_)) => "`,` or `}`",
        (Previous::Value, None) => "the end of the text",
    };
    let found_words = match found {
        None => "the text ends".to_owned(),
        Some('"') => "a string follows".to_owned(),
        Some(_) if !word.is_empty() => format!("`{word}` follows"),
        Some(c) if c.is_ascii_graphic() => format!("`{c}` follows"),
        Some(c) => format!("{} follows", code_point(c)),
    };
    let mut error = SyntaxError::new(span, format!("expected {expected}, but {found_words}"));
    if let Some((bracket, at)) = place.inside
        && (found.is_none() || matches!(found, Some('}' | ']')) && place.previous == Previous::Value)
    {
        error = error.related(Span::new(at, at + 1), &format!("this `{bracket}` is not closed"));
    }
    slip(place, word, found, error)
}

/// Help and mend for the slips that people make most.
fn slip(place: &Place<'_>, word: &str, found: Option<char>, error: SyntaxError) -> SyntaxError {
    let (text, start) = (place.text, place.start);
    let here = Span::new(start, start);
    let touching = place.previous_end == start;
    match (place.previous, found) {
        (_, None) => match place.inside {
            Some(('[', _)) => error.help("close the array with `]`"),
            Some(_) => error.help("close the object with `}`"),
            None => error,
        },
        (_, Some('\u{feff}')) => error
            .help("an invisible byte order mark: remove it")
            .fix("remove it", vec![(Span::new(start, start + 3), String::new())]),
        (_, Some(quote @ ('“' | '”' | '„' | '«' | '»' | '‘' | '’' | '`' | '´'))) => {
            curly_quotes(text, start, quote, error)
        }
        (_, Some('#')) => error.help("JSON has no comments: remove it"),
        (Previous::Key, Some(';')) | (_, Some('=')) => error.help("between a key and its value stands `:`"),
        (_, Some(';')) => error.help("entries are parted by `,`"),
        (Previous::Key, Some(',' | '}' | ']')) => {
            error.help("in an object each key has a value: `\"key\": \"value\"`; a list stands in `[ ]`")
        }
        (Previous::Value, Some('{' | '[' | '"')) if place.inside.is_none() => {
            error.help("the text must be one JSON value: put several statements into the one `Statement` array")
        }
        (Previous::Value, Some(':')) if matches!(place.inside, Some(('[', _))) => {
            error.help("`\"key\": value` stands in an object `{ }`, not in an array `[ ]`")
        }
        (Previous::Value, Some('}' | ']')) if place.inside.is_none() => {
            error.help("one closing bracket too many: remove it")
        }
        (Previous::Value, Some(c))
            if matches!(c, '"' | '{' | '[') || c.is_ascii_alphanumeric() && !touching && place.inside.is_some() =>
        {
            let end = Span::new(place.previous_end, place.previous_end);
            SyntaxError { span: if touching { here } else { end }, ..error }
                .help("a comma is missing")
                .fix("add a comma", vec![(end, ",".to_owned())])
        }
        (Previous::Value | Previous::Key, Some(_))
            if touching && !word.is_empty() && text.get(..start).is_some_and(|t| t.ends_with('"')) =>
        {
            error.help(
                "the string before ends at its second `\"`: is a quote missing? inside a string `\"` is written `\\\"`",
            )
        }
        (Previous::Value, Some('0'..='9')) if touching => error.help("a number does not start with 0"),
        (Previous::OpenBrace | Previous::Comma, Some(_))
            if !word.is_empty() && matches!(place.inside, Some(('{', _))) =>
        {
            error.help(format!("write `\"{word}\"`"))
        }
        (Previous::Colon, Some(',' | '}' | ']')) => error.help("the key has no value"),
        (Previous::OpenBracket | Previous::OpenBrace | Previous::Comma, Some(',')) => {
            error.help("an entry is missing, or there is a comma too many")
        }
        (Previous::Colon | Previous::Comma | Previous::OpenBracket | Previous::Start, Some(_)) if !word.is_empty() => {
            let lower = word.to_ascii_lowercase();
            let plain = match lower.as_str() {
                "true" | "false" | "null" => lower,
                "none" | "nil" | "undefined" => "null".to_owned(),
                _ => return error.help("text stands in double quotes"),
            };
            error
                .help(format!("write `{plain}`"))
                .fix(&format!("replace with `{plain}`"), vec![(Span::new(start, start + word.len()), plain)])
        }
        _ => error,
    }
}

/// A number that breaks off or has a form of other languages.
fn number(text: &str, start: usize) -> SyntaxError {
    let rest = text.get(start..).unwrap_or("");
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let length = rest.find(|c| !part(c)).unwrap_or(rest.len());
    let written = rest.get(..length).unwrap_or("");
    SyntaxError::new(Span::new(start, start + length), format!("`{written}` is not a number"))
        .help("numbers look like `-1`, `0.5` or `1e3`; anything else goes in double quotes")
}

pub(super) fn unclosed_string(span: Span) -> SyntaxError {
    SyntaxError::new(span, "this string is not closed")
        .help("add the closing `\"`; a line break in a string is written `\\n`")
}

fn escape(text: &str, start: usize, kind: &ParseStringErrorKind) -> SyntaxError {
    let rest = text.get(start..).unwrap_or("");
    let length: usize = rest.chars().take(2).map(char::len_utf8).sum();
    let span = Span::new(start, start + length);
    let written = rest.get(..length).unwrap_or("\\");
    match kind {
        ParseStringErrorKind::ExpectedFourHexDigits => {
            SyntaxError::new(span, "`\\u` takes four hexadecimal digits").help("such as `\\u00e9`")
        }
        ParseStringErrorKind::InvalidUnicodeEscapeSequence(_) => {
            SyntaxError::new(span, "this is half of a surrogate pair, no character")
                .help("characters beyond `\\uffff` are written as two escapes, such as `\\ud83d\\ude00`")
        }
        _ => SyntaxError::new(span, format!("`{written}` is no escape")).help("a backslash itself is written `\\\\`"),
    }
}

fn single_quotes(text: &str, start: usize) -> SyntaxError {
    let inner = text.get(start + 1..).unwrap_or("");
    let line = inner.split(['\n', '\r']).next().unwrap_or("");
    let Some(length) = line.find('\'') else {
        return SyntaxError::new(Span::new(start, start + 1), "strings stand in double quotes")
            .help("write `\"` instead of `'`");
    };
    let span = Span::new(start, start + length + 2);
    let error = SyntaxError::new(span, "strings stand in double quotes").help("write `\"` instead of `'`");
    match line.get(..length) {
        Some(inner) if !inner.contains(['"', '\\']) => {
            error.fix("use double quotes", vec![(span, format!("\"{inner}\""))])
        }
        _ => error,
    }
}

/// Quotes that a word processor made.
fn curly_quotes(text: &str, start: usize, quote: char, error: SyntaxError) -> SyntaxError {
    let error = error.help("strings stand in plain double quotes: `\"`");
    let inner_start = start + quote.len_utf8();
    let inner = text.get(inner_start..).unwrap_or("");
    let close =
        inner.char_indices().find(|(_, c)| matches!(c, '“' | '”' | '»' | '«' | '’' | '‘' | '`' | '´' | '"' | '\n'));
    match close {
        Some((at, c)) if !matches!(c, '"' | '\n') => {
            let end = inner_start + at;
            error.fix(
                "use plain quotes",
                vec![
                    (Span::new(start, inner_start), "\"".to_owned()),
                    (Span::new(end, end + c.len_utf8()), "\"".to_owned()),
                ],
            )
        }
        _ => error,
    }
}

/// The length of the string at the start of `text`, on its line.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' | '\r' => return at,
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    text.len()
}

fn code_point(c: char) -> String {
    let name = match c {
        '\u{feff}' => " (byte order mark)",
        '\u{a0}' => " (no-break space)",
        '\u{200b}' => " (zero-width space)",
        '\t' => " (tab)",
        '\0' => " (null)",
        c if c.is_control() || c.is_whitespace() => "",
        c => return format!("`{c}`"),
    };
    format!("U+{:04X}{name}", c as u32)
}
