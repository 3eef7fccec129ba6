//! What to say about a text that is not JSON: what was expected at the place, what stands there instead, and,
//! for the classic slips, how to mend it.

use super::scan::{Odd, OddKind, Previous, Scan};
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

/// What the parser would have let through.
pub(super) fn odd(text: &str, odd: Odd) -> SyntaxError {
    let span = odd.span;
    match odd.kind {
        OddKind::Depth => SyntaxError::new(span, format!("brackets nest deeper than {MAX_DEPTH} levels"))
            .help("is one repeated by mistake?"),
        OddKind::LineBreak => unclosed_string(span),
        OddKind::Control(c) => {
            SyntaxError::new(span, format!("a string holds the control character {}", code_point(c))).help(match c {
                '\t' => "write a tab in a string as `\\t`".to_owned(),
                c => format!("remove it, or write it as `\\u{:04x}`", c as u32),
            })
        }
        OddKind::Space(c) => SyntaxError::new(span, format!("JSON does not know the space {}", code_point(c)))
            .help("it often comes along when text is copied from a web page; use an ordinary space")
            .fix("replace with a space", vec![(span, " ".to_owned())]),
    }
    .within(text)
}

/// What the parser stumbled over.
pub(super) fn parser(text: &str, error: &ParseError) -> SyntaxError {
    use ParseErrorKind as Kind;
    let range = error.range();
    let span = Span::new(range.start, range.end);
    let (start, end) = (range.start, range.end);
    match error.kind() {
        Kind::String(ParseStringErrorKind::UnterminatedStringLiteral) => unclosed_string(span),
        Kind::String(kind) => escape(text, start, kind),
        Kind::TrailingCommasNotAllowed => {
            let close = text.get(end..).unwrap_or("").trim_start();
            let close = close.chars().next().unwrap_or('}');
            SyntaxError::new(span, format!("there is a comma before the closing `{close}`"))
                .help("commas stand between entries only: remove it")
                .fix("remove the comma", vec![(span, String::new())])
        }
        Kind::CommentsNotAllowed | Kind::UnterminatedCommentBlock => SyntaxError::new(span, "JSON has no comments")
            .help("remove it; in a statement, a `Sid` can say what it is for")
            .fix("remove the comment", vec![(span, String::new())]),
        Kind::SingleQuotedStringsNotAllowed => single_quotes(text, start),
        Kind::UnaryPlusNumbersNotAllowed
        | Kind::HexadecimalNumbersNotAllowed
        | Kind::BareDecimalPointNumbersNotAllowed
        | Kind::NonFiniteNumbersNotAllowed
        | Kind::ExpectedDigit
        | Kind::ExpectedDigitFollowingNegativeSign
        | Kind::ExpectedPlusMinusOrDigitInNumberLiteral => number(text, start),
        Kind::UnterminatedObject | Kind::UnterminatedArray | Kind::ExpectedObjectValue => {
            unexpected(text, text.len(), text.len())
        }
        Kind::ExpectedComma => {
            let next = text.get(start..).unwrap_or("");
            let next = start + (next.len() - next.trim_start().len());
            unexpected(text, next, next)
        }
        _ => unexpected(text, start, end),
    }
    .within(text)
}

/// What was expected at `start`, from what precedes it, and what stands there.
fn unexpected(text: &str, start: usize, end: usize) -> SyntaxError {
    let scan = Scan::run(text, start);
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
    let span = Span::new(start, end.max(start + length).min(text.len()));
    let inside = scan.open.last().copied();
    let close = match inside {
        Some((b'[', _)) => "`]`",
        _ => "`}`",
    };
    let expected = match (scan.previous, inside) {
        (Previous::Start, _) => "a JSON value".to_owned(),
        (Previous::Colon, _) => "a value".to_owned(),
        (Previous::Key, _) => "`:` and a value after the key".to_owned(),
        (Previous::OpenBrace, _) => "a key in double quotes, or `}`".to_owned(),
        (Previous::OpenBracket, _) => "a value, or `]`".to_owned(),
        (Previous::Comma, Some((b'{', _))) => "a key in double quotes".to_owned(),
        (Previous::Comma, _) => "a value".to_owned(),
        (Previous::Value, Some(_)) => format!("`,` or {close}"),
        (Previous::Value, None) => "the end of the text".to_owned(),
    };
    let found_words = match found {
        None => "the text ends".to_owned(),
        Some('"') => "a string follows".to_owned(),
        Some(_) if !word.is_empty() => format!("`{word}` follows"),
        Some(c) if c.is_ascii_graphic() => format!("`{c}` follows"),
        Some(c) => format!("{} follows", code_point(c)),
    };
    let mut error = SyntaxError::new(span, format!("expected {expected}, but {found_words}"));
    if let Some((bracket, at)) = inside
        && (found.is_none() || matches!(found, Some('}' | ']')) && scan.previous == Previous::Value)
    {
        let opened = if bracket == b'[' { "this `[`" } else { "this `{`" };
        error = error.related(Span::new(at, at + 1), &format!("{opened} is not closed"));
    }
    slip(text, start, word, found, &scan, error)
}

/// Help and mend for the slips that people make most.
fn slip(text: &str, start: usize, word: &str, found: Option<char>, scan: &Scan, error: SyntaxError) -> SyntaxError {
    let here = Span::new(start, start);
    let touching = scan.previous_end == start;
    match (scan.previous, found) {
        (_, None) => match scan.open.last() {
            Some((b'[', _)) => error.help("close the array with `]`"),
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
        (Previous::Value, Some('{' | '[' | '"')) if scan.open.is_empty() => {
            error.help("the text must be one JSON value: put several statements into the one `Statement` array")
        }
        (Previous::Value, Some(':')) if matches!(scan.open.last(), Some((b'[', _))) => {
            error.help("`\"key\": value` stands in an object `{ }`, not in an array `[ ]`")
        }
        (Previous::Value, Some('}' | ']')) if scan.open.is_empty() => {
            error.help("one closing bracket too many: remove it")
        }
        (Previous::Value, Some(c))
            if matches!(c, '"' | '{' | '[') || c.is_ascii_alphanumeric() && !touching && !scan.open.is_empty() =>
        {
            let end = Span::new(scan.previous_end, scan.previous_end);
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
            if !word.is_empty() && matches!(scan.open.last(), Some((b'{', _))) =>
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

/// A number that breaks off or has a form of other languages; the error may stand anywhere in it.
fn number(text: &str, at: usize) -> SyntaxError {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let before = text.get(..at).unwrap_or("");
    let start = before.trim_end_matches(part).len();
    let rest = text.get(start..).unwrap_or("");
    let length = rest.find(|c| !part(c)).unwrap_or(rest.len());
    let written = rest.get(..length).unwrap_or("");
    SyntaxError::new(Span::new(start, start + length), format!("`{written}` is not a number"))
        .help("numbers look like `-1`, `0.5` or `1e3`; anything else goes in double quotes")
}

fn unclosed_string(span: Span) -> SyntaxError {
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

impl SyntaxError {
    /// Spans never leave the text and never cut a character.
    fn within(mut self, text: &str) -> Self {
        let floor = |at: u32| {
            let mut at = (at as usize).min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        self.span = Span::new(floor(self.span.start), floor(self.span.end));
        self
    }
}
