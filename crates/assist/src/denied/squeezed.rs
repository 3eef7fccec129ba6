//! Finding a phrase in text that was wrapped, quoted or escaped on its way: whitespace counts for nothing, nor does
//! the case of letters.

/// A text without its whitespace and in small letters, and where each part of it came from.
pub(crate) struct Squeezed<'t> {
    original: &'t str,
    bytes: Vec<u8>,
    /// The byte of the original that each byte came from.
    places: Vec<usize>,
}

impl<'t> Squeezed<'t> {
    pub(crate) fn new(original: &'t str) -> Self {
        let mut bytes = Vec::with_capacity(original.len());
        let mut places = Vec::with_capacity(original.len());
        for (place, char) in original.char_indices().filter(|(_, char)| !char.is_whitespace()) {
            let mut buffer = [0; 4];
            for (offset, byte) in char.encode_utf8(&mut buffer).bytes().enumerate() {
                bytes.push(byte.to_ascii_lowercase());
                places.push(place + offset);
            }
        }
        Self { original, bytes, places }
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Where `phrase`, itself squeezed, first stands at or behind `from`, and no later than `to`.
    pub(crate) fn find(&self, phrase: &str, from: usize, to: usize) -> Option<usize> {
        let within = self.bytes.get(from..to.min(self.bytes.len()))?;
        Some(from + within.windows(phrase.len()).position(|window| window == phrase.as_bytes())?)
    }

    /// Where `phrase` last stands between `from` and `to`.
    pub(crate) fn find_last(&self, phrase: &str, from: usize, to: usize) -> Option<usize> {
        let within = self.bytes.get(from..to.min(self.bytes.len()))?;
        Some(from + within.windows(phrase.len()).rposition(|window| window == phrase.as_bytes())?)
    }

    pub(crate) fn has(&self, phrase: &str) -> bool {
        self.find(phrase, 0, self.len()).is_some()
    }

    pub(crate) fn starts(&self, phrase: &str, at: usize) -> bool {
        self.bytes.get(at..).is_some_and(|rest| rest.starts_with(phrase.as_bytes()))
    }

    pub(crate) fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// The original from a place on.
    pub(crate) fn original_from(&self, at: usize) -> &'t str {
        self.places.get(at).and_then(|place| self.original.get(*place..)).unwrap_or("")
    }

    /// The original between two places, its whitespace included.
    pub(crate) fn original(&self, from: usize, to: usize) -> &'t str {
        let end = self.places.get(to).copied().unwrap_or(self.original.len());
        self.places.get(from).and_then(|start| self.original.get(*start..end)).unwrap_or("")
    }
}

/// A text without its whitespace.
pub(crate) fn joined(text: &str) -> String {
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_across_lines_and_leads_back() {
        let text = "é User: arn:aws\n  :iam is NOT\tauth\norized";
        let squeezed = Squeezed::new(text);
        let at = squeezed.find("isnotauthorized", 0, squeezed.len()).unwrap();
        assert_eq!(squeezed.original_from(at), "is NOT\tauth\norized");
        let user = squeezed.find_last("user:", 0, at).unwrap();
        assert_eq!(squeezed.original(user + 5, at), "arn:aws\n  :iam ");
        assert_eq!(joined(squeezed.original(user + 5, at)), "arn:aws:iam");
        assert_eq!(squeezed.find("nothing", 0, 9_999), None);
        assert_eq!(squeezed.original(9_999, 3), "");
    }
}
