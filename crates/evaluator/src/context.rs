//! The request context: condition keys with their values.

use crate::keys::Key;

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
    /// Its values as text.
    pub values: Vec<String>,
    /// Whether the key holds a list.
    pub multivalued: bool,
    /// Where it comes from.
    pub source: Source,
}

impl Entry {
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

/// The keys of a request, sorted, found without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    entries: Vec<Entry>,
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
        let lower = key.to_ascii_lowercase();
        let at = self.entries.partition_point(|entry| entry.lower <= lower);
        let entry = Entry { key: key.to_owned(), lower, values, multivalued, source };
        self.entries.insert(at, entry);
    }

    /// Says that a key is absent and must not be derived.
    pub fn add_absent(&mut self, key: &str) {
        self.absent.push(key.to_ascii_lowercase());
    }

    /// Adds a derived single value, unless the key is given or absent on purpose.
    pub(crate) fn derive(&mut self, key: &str, value: impl Into<String>) {
        let lower = key.to_ascii_lowercase();
        if !self.absent.contains(&lower) && self.find(&lower, key).is_none() {
            self.add(key, vec![value.into()], false, Source::Derived);
        }
    }

    pub(crate) fn remove(&mut self, key: &str) {
        self.entries.retain(|entry| !entry.key.eq_ignore_ascii_case(key));
    }

    /// Finds a key by its lower-case form. Of several keys that differ only in case (tags), the one spelt exactly
    /// as in the policy is found, else the first.
    pub fn find(&self, lower: &str, exact: &str) -> Option<&Entry> {
        let first = self.entries.partition_point(|entry| entry.lower.as_str() < lower);
        let mut same = self.entries.get(first..)?.iter().take_while(|entry| entry.lower == lower);
        let found = same.next()?;
        if found.key == exact {
            return Some(found);
        }
        Some(same.find(|entry| entry.key == exact).unwrap_or(found))
    }

    /// Finds a key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.find(&key.to_ascii_lowercase(), key)
    }

    /// All keys, sorted by their lower-case form.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
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
