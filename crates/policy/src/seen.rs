//! What was met before, by its text: one ordered map for every "written twice" of the engine. (Each further type
//! of map would be another kilobyte or three of the module that a browser loads.)

use std::collections::BTreeMap;

/// Texts, each with the number of the entry that had it first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen(BTreeMap<String, usize>);

impl Seen {
    /// The number of the entry that had `text` first, if one had; else notes it as that of entry `number`.
    #[inline(never)]
    pub fn before(&mut self, text: &str, number: usize) -> Option<usize> {
        let first = self.first(text);
        if first.is_none() {
            self.0.insert(text.to_owned(), number);
        }
        first
    }

    /// The number of the entry that had `text` first.
    pub fn first(&self, text: &str) -> Option<usize> {
        self.0.get(text).copied()
    }

    /// Whether some entry had `text`.
    #[cfg(feature = "lints")]
    pub fn has(&self, text: &str) -> bool {
        self.0.contains_key(text)
    }
}
