//! Byte offsets to lines, columns and UTF-16 offsets: the one place where this happens.

use policy::Span;

use crate::Position;

/// The lines of a text, and its characters beyond ASCII.
#[derive(Debug, Clone)]
pub struct Positions {
    /// The byte offset at which each line starts.
    lines: Vec<usize>,
    /// For each character beyond ASCII: the byte offset behind it, and how many bytes more than UTF-16 code units
    /// the text has up to there.
    wide: Vec<(usize, usize)>,
}

impl Positions {
    /// For a text.
    pub fn new(text: &str) -> Self {
        let mut lines = vec![0];
        for (at, byte) in text.bytes().enumerate() {
            if byte == b'\n' {
                lines.push(at + 1);
            }
        }
        let mut wide = Vec::new();
        if !text.is_ascii() {
            let mut surplus = 0;
            for (at, character) in text.char_indices().filter(|(_, character)| !character.is_ascii()) {
                surplus += character.len_utf8() - character.len_utf16();
                wide.push((at + character.len_utf8(), surplus));
            }
        }
        Self { lines, wide }
    }

    fn utf16(&self, offset: usize) -> usize {
        if self.wide.is_empty() {
            return offset;
        }
        let before = self.wide.partition_point(|(behind, _)| *behind <= offset);
        let surplus = before.checked_sub(1).and_then(|at| self.wide.get(at)).map_or(0, |(_, surplus)| *surplus);
        offset.saturating_sub(surplus)
    }

    /// Where a byte offset is.
    pub fn at(&self, offset: usize) -> Position {
        self.on_line(self.line(offset), offset)
    }

    /// The number of the line that a byte offset is on, from 1.
    fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset)
    }

    fn on_line(&self, line: usize, offset: usize) -> Position {
        let start = line.checked_sub(1).and_then(|at| self.lines.get(at)).copied().unwrap_or(0);
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let utf16 = self.utf16(offset);
        Position { line: small(line.max(1)), column: small(utf16 - self.utf16(start) + 1), offset: small(utf16) }
    }

    /// Start and end of a span.
    pub fn of(&self, span: Span) -> (Position, Position) {
        let (start, end) = (span.start as usize, span.end as usize);
        let line = self.line(start);
        // Most end on the line where they start.
        let same = start <= end && self.lines.get(line).is_none_or(|next| end < *next);
        (self.on_line(line, start), self.on_line(if same { line } else { self.line(end) }, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_offsets_count_utf16_code_units() {
        let text = "é😀x\n☃y";
        let positions = Positions::new(text);
        let x = positions.at(text.find('x').unwrap());
        assert_eq!((x.line, x.column, x.offset), (1, 4, 3));
        let y = positions.at(text.find('y').unwrap());
        assert_eq!((y.line, y.column, y.offset), (2, 2, 6));
        let end = positions.at(text.len());
        assert_eq!((end.line, end.column, end.offset), (2, 3, 7));
    }

    #[test]
    fn every_position_agrees_with_counting_from_the_start() {
        let text = "{\r\n  \"ä\": \"😀\",\n\n  \"b\": 1 }";
        let positions = Positions::new(text);
        for (at, _) in text.char_indices() {
            let before = &text[..at];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap().encode_utf16().count() + 1;
            let position = positions.at(at);
            assert_eq!((position.line as usize, position.column as usize), (line, column));
            assert_eq!(position.offset as usize, before.encode_utf16().count());
        }
    }
}
