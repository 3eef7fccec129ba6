//! JSON laid out anew: only the white space between tokens changes, so long numbers, escapes and keys written twice
//! stay as they were typed.

use playground::Position;
use serde::Serialize;

use crate::outline::{Mark, Token, tokens};
use crate::units;

/// A text laid out with two spaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Formatted {
    /// The text; as it was where it is not JSON.
    pub text: String,
    /// Where the cursor is now, in UTF-16 code units.
    pub cursor: u32,
    /// Why nothing was done, where it is not JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<FormatProblem>,
}

/// Why a text cannot be laid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormatProblem {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Where it starts.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
}

/// Lays a JSON text out with two spaces, as `JSON.stringify` does. `cursor`, in UTF-16 code units, is moved along.
///
/// ```
/// let made = assist::format(r#"{"a":1.0,"a":[]}"#, 5);
/// assert_eq!(made.text, "{\n  \"a\": 1.0,\n  \"a\": []\n}");
/// // Before the number, as it was.
/// assert_eq!(made.cursor, 9);
///
/// let broken = assist::format(r#"{"a":1,}"#, 0);
/// assert_eq!(broken.text, r#"{"a":1,}"#);
/// assert_eq!(broken.problem.unwrap().message, "there is a comma before the closing `}`");
/// ```
pub fn format(text: &str, cursor: usize) -> Formatted {
    if let Err(error) = policy::json::parse(text) {
        let position = |byte: u32| units::position(text, byte as usize);
        let problem = FormatProblem {
            message: error.message,
            help: error.help,
            start: position(error.span.start),
            end: position(error.span.end),
        };
        let cursor = units::to_utf16(text, units::to_byte(text, cursor));
        return Formatted { text: text.to_owned(), cursor, problem: Some(problem) };
    }
    let cursor = units::to_byte(text, cursor);
    let tokens = tokens(text);
    let mut made = String::with_capacity(text.len());
    let mut moved = None;
    let mut depth = 0;
    let mut last: Option<Mark> = None;
    let mut rest = tokens.iter().peekable();
    while let Some(token) = rest.next() {
        let opens = matches!(last, Some(Mark::OpenBrace | Mark::OpenBracket));
        let closes = matches!(token.mark, Mark::CloseBrace | Mark::CloseBracket);
        if closes {
            depth -= 1;
        }
        if opens != closes && (opens || closes) || last == Some(Mark::Comma) {
            new_line(&mut made, depth);
        } else if last == Some(Mark::Colon) {
            made.push(' ');
        }
        // Where two touch, the cursor belongs to what follows.
        let touched = rest.peek().is_some_and(|next| next.start == cursor);
        if moved.is_none() && cursor <= token.end && !touched {
            moved = Some(made.len() + cursor.saturating_sub(token.start));
        }
        made.push_str(written(text, *token));
        if matches!(token.mark, Mark::OpenBrace | Mark::OpenBracket) {
            depth += 1;
        }
        last = Some(token.mark);
    }
    let moved = moved.unwrap_or(made.len());
    Formatted { cursor: units::to_utf16(&made, moved), text: made, problem: None }
}

fn written(text: &str, token: Token) -> &str {
    text.get(token.start..token.end).unwrap_or("")
}

fn new_line(made: &mut String, depth: usize) {
    made.push('\n');
    for _ in 0..depth {
        made.push_str("  ");
    }
}
