//! What was met before, by its text: one ordered map for every "written twice" of this crate. (Each further type
//! of map would be another kilobyte or three of the module that a browser loads.)

use std::collections::BTreeMap;

/// Texts, each with the number of the entry that had it first.
#[derive(Default)]
pub(crate) struct Seen(BTreeMap<String, usize>);

impl Seen {
    /// The number of the entry that had `text` first, if one had; else notes it as that of entry `number`.
    #[inline(never)]
    pub(crate) fn before(&mut self, text: &str, number: usize) -> Option<usize> {
        if let Some(first) = self.0.get(text) {
            return Some(*first);
        }
        self.0.insert(text.to_owned(), number);
        None
    }

    /// Whether some entry had `text`.
    pub(crate) fn has(&self, text: &str) -> bool {
        self.0.contains_key(text)
    }
}
