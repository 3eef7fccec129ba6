//! Between the byte offsets of Rust and the UTF-16 offsets of editors.

use playground::Position;

/// The byte offset of a UTF-16 offset: the start of the character where it lies inside a surrogate pair, the end of
/// the text where it lies behind that.
pub(crate) fn to_byte(text: &str, utf16: usize) -> usize {
    if text.is_ascii() {
        return utf16.min(text.len());
    }
    let mut units = 0;
    for (at, character) in text.char_indices() {
        units += character.len_utf16();
        if units > utf16 {
            return at;
        }
    }
    text.len()
}

/// The UTF-16 offset of a byte offset.
pub(crate) fn to_utf16(text: &str, byte: usize) -> u32 {
    let before = text.get(..byte).unwrap_or(text);
    let units = if before.is_ascii() { before.len() } else { before.chars().map(char::len_utf16).sum() };
    small(units)
}

/// A byte offset as editors count.
pub(crate) fn position(text: &str, byte: usize) -> Position {
    let before = text.get(..byte).unwrap_or(text);
    let (line, last) = match before.rfind('\n') {
        Some(end) => (before.bytes().filter(|byte| *byte == b'\n').count() + 1, before.get(end + 1..).unwrap_or("")),
        None => (1, before),
    };
    Position { line: small(line), column: to_utf16(last, last.len()) + 1, offset: to_utf16(text, before.len()) }
}

/// A number of characters for JavaScript; texts are far shorter than what fits.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_inside_a_surrogate_pair_is_the_characters_start() {
        let text = "é😀x";
        let bytes: Vec<_> = (0..=6).map(|units| to_byte(text, units)).collect();
        assert_eq!(bytes, [0, 2, 2, 6, 7, 7, 7]);
        assert_eq!(to_utf16(text, 6), 3);
    }

    #[test]
    fn lines_and_columns_count_from_one() {
        let text = "a\r\n😀b";
        let at = position(text, text.len() - 1);
        assert_eq!((at.line, at.column, at.offset), (2, 3, 5));
    }
}
