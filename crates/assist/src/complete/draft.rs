//! Text to be put in, with the parts that the writer still has to fill.

/// A text in the making.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) text: String,
    /// The parts to fill, by bytes.
    pub(super) fields: Vec<(usize, usize)>,
}

impl Draft {
    /// A JSON text that is complete.
    pub(super) fn json(text: &str) -> Self {
        Self { text: text.to_owned(), fields: Vec::new() }
    }

    /// A string that is complete.
    pub(super) fn string(contents: &str) -> Self {
        Self::json("\"").escaped(contents).raw("\"")
    }

    /// An empty string to be filled.
    pub(super) fn hole() -> Self {
        Self::json("\"").field("").raw("\"")
    }

    /// A key, and what stands behind its colon.
    pub(super) fn entry(key: &str, value: Self) -> Self {
        Self::string(key).raw(": ").then(value)
    }

    /// Adds text as it is.
    pub(super) fn raw(mut self, text: &str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Adds a part of a string.
    pub(super) fn escaped(mut self, contents: &str) -> Self {
        let quoted = serde_json::Value::from(contents).to_string();
        self.text.push_str(quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or(""));
        self
    }

    /// Adds a part of a string that the writer is to look at.
    pub(super) fn field(mut self, proposal: &str) -> Self {
        let start = self.text.len();
        self = self.escaped(proposal);
        self.fields.push((start, self.text.len()));
        self
    }

    /// Adds another draft.
    pub(super) fn then(mut self, other: Self) -> Self {
        let shift = self.text.len();
        self.text.push_str(&other.text);
        self.fields.extend(other.fields.iter().map(|(start, end)| (start + shift, end + shift)));
        self
    }

    /// Adds another draft, its further lines two spaces in.
    pub(super) fn indented(mut self, other: &Self) -> Self {
        let mut places = other.fields.iter().flat_map(|(start, end)| [*start, *end]).collect::<Vec<_>>();
        let base = self.text.len();
        let mut added = 0;
        let mut at = 0;
        let mut moved: Vec<usize> = Vec::with_capacity(places.len());
        places.reverse();
        for line in other.text.split_inclusive('\n') {
            let end = at + line.len();
            // A place at a line's start lies behind its indentation.
            while places.last().is_some_and(|place| *place < end || end == other.text.len()) {
                moved.extend(places.pop().map(|place| base + place + added));
            }
            self.text.push_str(line);
            if line.ends_with('\n') {
                self.text.push_str("  ");
                added += 2;
            }
            at = end;
        }
        let mut moved = moved.into_iter();
        while let (Some(start), Some(end)) = (moved.next(), moved.next()) {
            self.fields.push((start, end));
        }
        self
    }

    /// An object, each entry on a line of its own.
    pub(super) fn object(entries: &[Self]) -> Self {
        let mut all = Self::json("{\n  ");
        for (at, entry) in entries.iter().enumerate() {
            all = if at > 0 { all.raw(",\n  ") } else { all }.indented(entry);
        }
        all.raw("\n}")
    }

    /// A list with one entry.
    pub(super) fn list(entry: &Self) -> Self {
        Self::json("[\n  ").indented(entry).raw("\n]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stay_where_they_are_in_the_text() {
        let inner = Draft::object(&[
            Draft::entry("a", Draft::hole()),
            Draft::entry("b", Draft::json("\"").field("x\"y").raw("\"")),
        ]);
        let draft = Draft::object(&[Draft::entry("list", Draft::list(&inner))]);
        assert_eq!(draft.text, "{\n  \"list\": [\n    {\n      \"a\": \"\",\n      \"b\": \"x\\\"y\"\n    }\n  ]\n}");
        let fields: Vec<_> = draft.fields.iter().map(|(start, end)| &draft.text[*start - 1..*end + 1]).collect();
        assert_eq!(fields, ["\"\"", "\"x\\\"y\""]);
    }
}
