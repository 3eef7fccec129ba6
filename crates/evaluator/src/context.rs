//! The request context: condition keys with their values.

use crate::keys::Key;

/// The name of a key, made ready for being looked up many times: keys are found without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyName {
    exact: String,
    lower: String,
    hash: u64,
}

impl KeyName {
    pub(crate) fn new(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        // FNV-1a: keys are short, and most are told apart without comparing their text.
        let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self { exact: name.to_owned(), hash: lower.bytes().fold(0xcbf2_9ce4_8422_2325, hash), lower }
    }

    /// As written.
    pub(crate) fn exact(&self) -> &str {
        &self.exact
    }

    /// In lower case.
    pub(crate) fn lower(&self) -> &str {
        &self.lower
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// The scenario gives it.
    Given,
    /// It follows from the request itself.
    Derived,
}

/// One key of the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key as given; AWS's spelling where derived.
    pub key: String,
    lower: String,
    hash: u64,
    /// Its values as text.
    pub values: Vec<String>,
    /// Whether the key holds a list.
    pub multivalued: bool,
    /// Where it comes from.
    pub source: Source,
}

impl Entry {
    /// The key in lower case.
    pub(crate) fn lower(&self) -> &str {
        &self.lower
    }

    /// Whether the entry counts as having no value for set operators and `Null`: an empty list, or a list of one
    /// empty string.
    pub fn is_empty(&self) -> bool {
        match self.values.as_slice() {
            [] => true,
            [only] => self.multivalued && only.is_empty(),
            _ => false,
        }
    }
}

/// The keys of a request, found without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// In the order in which they were added.
    entries: Vec<Entry>,
    /// Where to find them: a hash table with linear probing, of a power of two of slots, at most half of them taken.
    /// A slot holds an entry's place, counted from 1; 0 is a free slot.
    slots: Vec<u32>,
    /// Keys that are absent on purpose: nothing is derived for them.
    absent: Vec<String>,
}

impl Context {
    /// Adds a key. A known key is single or multivalued by its nature; an unknown one is multivalued where an
    /// array was given. A single-valued key given several values is taken as the list it was given as.
    pub fn add(&mut self, key: &str, values: Vec<String>, is_array: bool, source: Source) {
        let multivalued = match Key::find(key) {
            Some(known) => known.multivalued || values.len() > 1,
            None => is_array,
        };
        let name = KeyName::new(key);
        let KeyName { exact: key, lower, hash } = name;
        self.entries.push(Entry { key, lower, hash, values, multivalued, source });
        if self.entries.len() * 2 > self.slots.len() {
            self.place_all();
        } else {
            self.place(self.entries.len(), hash);
        }
    }

    /// Makes the table anew, large enough for twice the entries.
    fn place_all(&mut self) {
        self.slots.clear();
        self.slots.resize((self.entries.len() * 4).next_power_of_two(), 0);
        let hashes: Vec<u64> = self.entries.iter().map(|entry| entry.hash).collect();
        for (at, hash) in hashes.into_iter().enumerate() {
            self.place(at + 1, hash);
        }
    }

    /// Puts an entry's place, counted from 1, into the first free slot.
    fn place(&mut self, place: usize, hash: u64) {
        let free = self.probe(hash).find(|slot| self.slots.get(*slot) == Some(&0));
        if let Some(slot) = free.and_then(|slot| self.slots.get_mut(slot)) {
            *slot = u32::try_from(place).unwrap_or_default();
        }
    }

    /// The slots in which an entry may be, in the order in which they are taken.
    fn probe(&self, hash: u64) -> impl Iterator<Item = usize> + use<> {
        let mask = self.slots.len().wrapping_sub(1);
        #[expect(clippy::cast_possible_truncation, reason = "the low bits of a hash are as good as all")]
        let first = hash as usize;
        (0..self.slots.len()).map(move |step| first.wrapping_add(step) & mask)
    }

    /// Says that a key is absent and must not be derived.
    pub fn add_absent(&mut self, key: &str) {
        self.absent.push(key.to_ascii_lowercase());
    }

    /// Adds a derived single value, unless the key is given or absent on purpose.
    pub(crate) fn derive(&mut self, key: &str, value: impl Into<String>) {
        let name = KeyName::new(key);
        if !self.absent.contains(&name.lower) && self.find(&name).is_none() {
            self.add(key, vec![value.into()], false, Source::Derived);
        }
    }

    pub(crate) fn remove(&mut self, key: &str) {
        self.entries.retain(|entry| !entry.key.eq_ignore_ascii_case(key));
        self.place_all();
    }

    /// Finds a key. Of several keys that differ only in case (tags), the one spelt exactly as in the policy is found,
    /// else the first.
    pub(crate) fn find(&self, name: &KeyName) -> Option<&Entry> {
        let mut first = None;
        for slot in self.probe(name.hash) {
            // A free slot, which holds 0, ends the search.
            let place = (*self.slots.get(slot)? as usize).checked_sub(1);
            let Some(entry) = place.and_then(|place| self.entries.get(place)) else {
                break;
            };
            if entry.hash == name.hash && entry.lower == name.lower {
                if entry.key == name.exact {
                    return Some(entry);
                }
                first = first.or(Some(entry));
            }
        }
        first
    }

    /// Finds a key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.find(&KeyName::new(key))
    }

    /// All keys, in no particular order.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// All keys, sorted by their lower-case form.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        // The only list that is sorted: the library's sorting would be the largest part of the module for it.
        let mut sorted: Vec<&Entry> = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let place = sorted.partition_point(|other| other.lower() <= entry.lower());
            sorted.insert(place, entry);
        }
        sorted.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn single<'a>(context: &'a Context, key: &str) -> Option<&'a str> {
        context.get(key).and_then(|entry| entry.values.first()).map(String::as_str)
    }

    #[test]
    fn of_two_tags_that_differ_in_case_the_exact_one_is_found() {
        let mut context = Context::default();
        for (key, value) in [("aws:ResourceTag/Cost", "1"), ("aws:ResourceTag/cost", "2")] {
            context.add(key, vec![value.into()], false, Source::Given);
        }
        assert_eq!(single(&context, "aws:ResourceTag/cost"), Some("2"));
        assert_eq!(single(&context, "aws:ResourceTag/Cost"), Some("1"));
        assert_eq!(single(&context, "AWS:RESOURCETAG/COST"), Some("1"));
    }

    #[test]
    fn every_key_of_many_is_found_until_it_is_removed() {
        let mut context = Context::default();
        let key = |at: usize| format!("custom:Key{at}");
        for at in 0..1000 {
            context.add(&key(at), vec![at.to_string()], false, Source::Given);
        }
        context.remove("CUSTOM:key500");
        for at in 0..1000 {
            let expected = (at != 500).then(|| at.to_string());
            assert_eq!(single(&context, &key(at)), expected.as_deref());
            assert_eq!(single(&context, &key(at).to_lowercase()), expected.as_deref());
        }
        assert_eq!(context.iter().count(), 999);
        context.remove("nothing");
        assert!(Context::default().get("custom:Key1").is_none());
    }

    #[test]
    fn what_is_given_is_not_derived_over() {
        let mut context = Context::default();
        context.add("AWS:username", vec!["x".into()], false, Source::Given);
        context.add_absent("aws:SecureTransport");
        context.derive("aws:username", "y");
        context.derive("aws:SecureTransport", "true");
        assert_eq!(single(&context, "aws:username"), Some("x"));
        assert!(context.get("aws:securetransport").is_none());
    }
}
