//! Places in a text: byte offsets to lines and columns, and the report's UTF-16 offsets back to bytes.

use std::ops::Range;

/// A text with its lines.
#[derive(Debug)]
pub(crate) struct Text<'a> {
    pub(crate) text: &'a str,
    /// Where each line starts.
    starts: Vec<usize>,
    /// The number of the first line.
    first_line: usize,
}

/// A line and a column, counted from 1, the column in UTF-16 code units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl<'a> Text<'a> {
    /// A text whose first line has the number 1.
    pub(crate) fn new(text: &'a str) -> Self {
        Self::from_line(text, 1)
    }

    /// A text that is a part of another: its first line has the given number.
    pub(crate) fn from_line(text: &'a str, first_line: usize) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts, first_line }
    }

    /// The index of the line that a byte is in.
    fn line_index(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte) - 1
    }

    /// Where a byte is.
    pub(crate) fn place(&self, byte: usize) -> Place {
        let line = self.line_index(byte);
        let before = self.text.get(self.starts[line]..byte).unwrap_or("");
        Place { line: self.first_line + line, column: before.encode_utf16().count() + 1 }
    }

    /// The lines that a range touches, and the number of the first.
    pub(crate) fn lines(&self, range: &Range<usize>) -> (Range<usize>, usize) {
        let first = self.line_index(range.start);
        let last = self.line_index(range.end.max(range.start));
        let end = match self.starts.get(last + 1) {
            Some(next) => next - 1,
            None => self.text.len(),
        };
        (self.starts[first]..end, self.first_line + first)
    }

    /// How many lines a range touches.
    pub(crate) fn line_count(&self, range: &Range<usize>) -> usize {
        self.line_index(range.end.max(range.start)) - self.line_index(range.start) + 1
    }
}

/// From UTF-16 offsets to byte offsets.
#[derive(Debug)]
pub(crate) struct Utf16Offsets<'a> {
    text: &'a str,
    /// For every [`STEP`]th code unit: the byte offset of its character, and that character's first code unit.
    steps: Vec<(usize, usize)>,
}

const STEP: usize = 256;

impl<'a> Utf16Offsets<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut steps = Vec::with_capacity(text.len() / STEP + 1);
        let mut units = 0;
        for (byte, char) in text.char_indices() {
            let after = units + char.len_utf16();
            if after > steps.len() * STEP {
                steps.push((byte, units));
            }
            units = after;
        }
        Self { text, steps }
    }

    /// The byte offset of a code unit: of its character's start within a surrogate pair, of the end beyond it.
    pub(crate) fn byte(&self, offset: usize) -> usize {
        let Some(&(from, mut units)) = self.steps.get(offset / STEP) else {
            return self.text.len();
        };
        for (byte, char) in self.text[from..].char_indices() {
            units += char.len_utf16();
            if units > offset {
                return from + byte;
            }
        }
        self.text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_from_the_first_and_columns_in_utf16() {
        let text = Text::from_line("a\n😀é\"x", 7);
        let at = |needle: &str| text.place(text.text.find(needle).unwrap());
        assert_eq!((at("a").line, at("a").column), (7, 1));
        assert_eq!((at("é").line, at("é").column), (8, 3));
        assert_eq!((at("\"").line, at("\"").column), (8, 4));
        assert_eq!(text.place(text.text.len()).column, 6);
    }

    #[test]
    fn lines_are_whole_and_without_the_last_line_feed() {
        let text = Text::new("one\ntwo\nthree\n");
        assert_eq!(text.lines(&(5..6)), (4..7, 2));
        assert_eq!(text.lines(&(0..9)), (0..13, 1));
        assert_eq!(text.lines(&(14..14)), (14..14, 4));
        assert_eq!(text.line_count(&(0..9)), 3);
    }

    #[test]
    fn utf16_offsets_lead_to_the_same_characters() {
        let text = "aé😀\n".repeat(400);
        let offsets = Utf16Offsets::new(&text);
        let mut units = 0;
        for (byte, char) in text.char_indices() {
            for unit in 0..char.len_utf16() {
                assert_eq!(offsets.byte(units + unit), byte, "{}", units + unit);
            }
            units += char.len_utf16();
        }
        assert_eq!(offsets.byte(units), text.len());
        assert_eq!(offsets.byte(units + 10_000), text.len());
        assert_eq!(Utf16Offsets::new("").byte(0), 0);
    }
}
