//! Condition keys and their types.

use core::fmt;

use policy::Family;

use crate::glob;
use crate::load::Reference;
use crate::service::Service;
use crate::text::{caseless, head, line, strip_prefix};

/// What the values of a condition key are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// Text.
    String,
    /// An ARN.
    Arn,
    /// `true` or `false`.
    Bool,
    /// A number.
    Numeric,
    /// An instant.
    Date,
    /// An IP address.
    IpAddress,
}

const TYPES: [(&str, KeyType); 6] = [
    ("String", KeyType::String),
    ("ARN", KeyType::Arn),
    ("Bool", KeyType::Bool),
    ("Numeric", KeyType::Numeric),
    ("Date", KeyType::Date),
    ("IPAddress", KeyType::IpAddress),
];

impl KeyType {
    /// The type and whether a request may have several values of it: `ARN`, `ArrayOfString`.
    pub(crate) fn read(name: &str) -> Option<(Self, bool)> {
        let single = name.strip_prefix("ArrayOf");
        let (_, found) = TYPES.iter().find(|(known, _)| *known == single.unwrap_or(name))?;
        Some((*found, single.is_some()))
    }

    /// AWS's word for it.
    pub fn name(self) -> &'static str {
        TYPES.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }

    /// Whether operators of this family compare such values as meant. An ARN is text too, and an instant may be
    /// compared as a number of seconds; `Null` fits all.
    ///
    /// ```
    /// use policy::Family;
    /// use reference::KeyType;
    /// assert!(KeyType::Arn.fits(Family::String));
    /// assert!(!KeyType::String.fits(Family::Arn));
    /// ```
    pub fn fits(self, family: Family) -> bool {
        match self {
            Self::String => matches!(family, Family::String | Family::Null),
            Self::Arn => matches!(family, Family::Arn | Family::String | Family::Null),
            Self::Bool => matches!(family, Family::Bool | Family::Null),
            Self::Numeric => matches!(family, Family::Numeric | Family::Null),
            Self::Date => matches!(family, Family::Date | Family::Numeric | Family::Null),
            Self::IpAddress => matches!(family, Family::IpAddress | Family::Null),
        }
    }
}

/// A condition key, or a family of them: `aws:ResourceTag/${TagKey}`.
#[derive(Clone, Copy)]
pub struct ConditionKey<'r> {
    reference: &'r Reference,
    pub(crate) line: u32,
}

impl Reference {
    pub(crate) fn keys_in(
        &self,
        range: core::ops::Range<usize>,
    ) -> impl ExactSizeIterator<Item = ConditionKey<'_>> + Clone {
        let lines = self.keys.get(range).unwrap_or(&[]);
        lines.iter().map(|line| ConditionKey { reference: self, line: *line })
    }

    /// The keys that requests of all services can have, by name.
    pub fn global_keys(&self) -> impl ExactSizeIterator<Item = ConditionKey<'_>> + Clone {
        self.keys_in(self.global_keys.start as usize..self.global_keys.end as usize)
    }

    /// The condition key with this name, in any case; a member of a family finds the family.
    ///
    /// ```
    /// use reference::KeyType;
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// # let reference = reference::Reference::load(text).unwrap();
    /// let key = |name| reference.condition_key(name).unwrap();
    /// assert_eq!(key("AWS:sourceip").value_type(), KeyType::IpAddress);
    /// assert_eq!(key("aws:PrincipalTag/team").name(), "aws:PrincipalTag/${TagKey}");
    /// assert!(key("kms:EncryptionContext:app").is_family());
    /// assert!(key("dynamodb:LeadingKeys").is_multivalued());
    /// // A key of STS that does not bear its prefix.
    /// assert_eq!(key("token.actions.githubusercontent.com:sub").value_type(), KeyType::String);
    /// assert!(reference.condition_key("aws:PrincipalTag").is_none());
    /// ```
    pub fn condition_key(&self, name: &str) -> Option<ConditionKey<'_>> {
        let service = self.service(head(name, ':').0);
        find(self.global_keys(), name)
            .or_else(|| find(service?.condition_keys(), name))
            .or_else(|| find(self.guest_keys(), name))
    }

    pub(crate) fn guest_keys(&self) -> impl Iterator<Item = ConditionKey<'_>> + Clone {
        let lines = self.guest_keys.iter().filter_map(|place| self.keys.get(*place as usize));
        lines.map(|line| ConditionKey { reference: self, line: *line })
    }
}

/// An exact name goes before a family.
fn find<'r>(keys: impl Iterator<Item = ConditionKey<'r>> + Clone, name: &str) -> Option<ConditionKey<'r>> {
    let exact = keys.clone().find(|key| key.name().eq_ignore_ascii_case(name));
    exact.or_else(|| keys.clone().find(|key| key.covers(name)))
}

impl<'r> Service<'r> {
    /// The keys with these names, separated by spaces.
    pub(crate) fn named_keys(self, names: &'r str) -> impl Iterator<Item = ConditionKey<'r>> {
        let entry = self.entry;
        let lines = self.reference.keys.get(entry.keys.start as usize..entry.keys.end as usize).unwrap_or(&[]);
        let key = |line: &u32| ConditionKey { reference: self.reference, line: *line };
        names.split(' ').filter_map(move |name| {
            let place = lines.binary_search_by(|line| caseless(key(line).name(), name)).ok()?;
            lines.get(place).map(key)
        })
    }
}

impl<'r> ConditionKey<'r> {
    fn words(self) -> (&'r str, &'r str) {
        head(line(&self.reference.text, self.line).get(1..).unwrap_or(""), ' ')
    }

    /// Its name; a family has a `${Name}` for the part that varies.
    pub fn name(self) -> &'r str {
        self.words().1
    }

    /// What its values are.
    pub fn value_type(self) -> KeyType {
        KeyType::read(self.words().0).map_or(KeyType::String, |(value_type, _)| value_type)
    }

    /// Whether a request can have several values of it: a condition then needs `ForAnyValue` or `ForAllValues`.
    pub fn is_multivalued(self) -> bool {
        KeyType::read(self.words().0).is_some_and(|(_, multivalued)| multivalued)
    }

    /// Whether it is a family of keys, such as `aws:ResourceTag/${TagKey}`.
    pub fn is_family(self) -> bool {
        self.name().contains("${")
    }

    /// What all members of a family start with, such as `aws:ResourceTag/`; the whole name where it is no family.
    pub fn stem(self) -> &'r str {
        self.name().split("${").next().unwrap_or("")
    }

    /// Whether `name`, in any case, is this key or a member of this family.
    pub fn covers(self, name: &str) -> bool {
        covers(self.name(), name)
    }
}

/// Whether `name` is the key `template`, or a member of that family.
pub(crate) fn covers(template: &str, name: &str) -> bool {
    match template.split_once("${") {
        None => template.eq_ignore_ascii_case(name),
        Some((stem, _)) => strip_prefix(name, stem).is_some() && glob::covers(&wildcards(template), name),
    }
}

/// A template as a pattern: what varies is one character or more.
fn wildcards(template: &str) -> String {
    let mut parts = template.split("${");
    let mut pattern = parts.next().unwrap_or("").to_owned();
    for part in parts {
        pattern.push_str("?*");
        pattern.push_str(part.split_once('}').map_or("", |(_, after)| after));
    }
    pattern
}

impl PartialEq for ConditionKey<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.line == other.line && self.name() == other.name()
    }
}

impl Eq for ConditionKey<'_> {}

impl fmt::Debug for ConditionKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConditionKey({})", self.name())
    }
}
