//! One pass over the text, without recursion: what the parser would let through or choke on, and where in the
//! structure a place is (for the words of an error).

use super::MAX_DEPTH;
use crate::Span;

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

/// Something that JSON does not allow and the parser does not object to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Odd {
    pub(super) kind: OddKind,
    pub(super) span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OddKind {
    /// A bracket deeper than [`MAX_DEPTH`].
    Depth,
    /// A control character inside a string.
    Control(char),
    /// A line break inside a string: nearly always a forgotten quote. The span is the string's, up to the break.
    LineBreak,
    /// A space that JSON does not know.
    Space(char),
}

/// The state behind the scanned part.
#[derive(Debug)]
pub(super) struct Scan {
    /// The brackets that are open, with their places.
    pub(super) open: Vec<(u8, usize)>,
    /// The last token.
    pub(super) previous: Previous,
    /// Where the last token ends.
    pub(super) previous_end: usize,
    /// The first oddity.
    pub(super) odd: Option<Odd>,
    /// Whether brackets nest too deep for the parser; scanning stops there.
    pub(super) too_deep: bool,
}

impl Scan {
    /// Scans the tokens that start before `until`.
    pub(super) fn run(text: &str, until: usize) -> Self {
        let mut scan =
            Self { open: Vec::new(), previous: Previous::Start, previous_end: 0, odd: None, too_deep: false };
        let mut chars = text.char_indices();
        while let Some((at, c)) = chars.next() {
            if at >= until || scan.too_deep {
                break;
            }
            scan.previous = match c {
                ' ' | '\t' | '\n' | '\r' => continue,
                '{' | '[' => {
                    scan.open.push((c as u8, at));
                    if scan.open.len() > MAX_DEPTH {
                        scan.too_deep = true;
                        scan.odd(OddKind::Depth, at, at + 1);
                    }
                    if c == '{' { Previous::OpenBrace } else { Previous::OpenBracket }
                }
                '}' | ']' => {
                    scan.open.pop();
                    Previous::Value
                }
                ',' => Previous::Comma,
                ':' => Previous::Colon,
                '"' => {
                    scan.string(&mut chars, at);
                    let is_key = matches!(scan.open.last(), Some((b'{', _)))
                        && matches!(scan.previous, Previous::OpenBrace | Previous::Comma);
                    if is_key { Previous::Key } else { Previous::Value }
                }
                c if c.is_whitespace() => {
                    scan.odd(OddKind::Space(c), at, at + c.len_utf8());
                    continue;
                }
                // part of a number or a word, or nothing that JSON knows: the parser will say
                _ => Previous::Value,
            };
            scan.previous_end = chars.offset();
        }
        scan
    }

    /// Skips a string whose opening quote stands at `start`.
    fn string(&mut self, chars: &mut std::str::CharIndices<'_>, start: usize) {
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => return,
                '\n' | '\r' => self.odd(OddKind::LineBreak, start, at),
                '\0'..='\x1f' => self.odd(OddKind::Control(c), at, at + 1),
                // whatever is escaped is not the closing quote; control characters stay forbidden
                '\\' if chars.as_str().starts_with(['"', '\\']) => {
                    chars.next();
                }
                _ => {}
            }
        }
    }

    fn odd(&mut self, kind: OddKind, start: usize, end: usize) {
        self.odd.get_or_insert(Odd { kind, span: Span::new(start, end) });
    }
}
