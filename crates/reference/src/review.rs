//! What the reference data says about a statement: facts only. Whether they are worth a warning, and its words, are
//! for who asks.
//!
//! The data is older than AWS, so everything here may be wrong about what is new.

use policy::{Clause, Condition, Polarity, SetOperator, Spanned, Statement};

use crate::action::{AccessLevel, Action};
use crate::arn::Pattern;
use crate::glob;
use crate::key::ConditionKey;
use crate::load::Reference;
use crate::resource::ResourceType;

/// What is known about a statement.
///
/// ```
/// use reference::{Reference, Review};
/// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
/// # let reference = Reference::load(text).unwrap();
/// let text = r#"{"Statement": {
///     "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBuckt"], "Resource": "arn:aws:s3:::bucket"
/// }}"#;
/// let parsed = policy::parse(text, policy::PolicyKind::Identity);
/// let review = Review::new(&reference, &parsed.document.statements[0]);
///
/// // Objects are not in `bucket`, but in `bucket/*`.
/// let [get, list] = review.actions.as_slice() else { panic!() };
/// assert_eq!((get.covered, get.usable), (1, 0));
/// assert_eq!(get.misfits[0].to_string(), "s3:GetObject");
///
/// assert_eq!(list.covered, 0);
/// assert_eq!(list.nearest.unwrap().to_string(), "s3:ListBucket");
/// // What is unknown may work on anything.
/// assert!(!review.resources[0].is_useless());
/// ```
#[derive(Debug, Clone)]
pub struct Review<'s, 'r> {
    /// The entries of `Action` or `NotAction`, in the order written.
    pub actions: Vec<ActionUse<'s, 'r>>,
    /// The entries of `Resource` or `NotResource`, in the order written.
    pub resources: Vec<ResourceUse<'s, 'r>>,
    /// The pairs of operator and key, in the order written.
    pub keys: Vec<KeyUse<'s, 'r>>,
    /// How many of the actions in `Action` there are of each level, the harmless first.
    pub levels: [(AccessLevel, usize); 5],
}

/// An entry of `Action` or `NotAction`.
#[derive(Debug, Clone)]
pub struct ActionUse<'s, 'r> {
    /// The entry.
    pub entry: &'s Spanned<String>,
    /// How many known actions it covers.
    pub covered: usize,
    /// How many of them can be used on one of the statement's resources; all, where the statement has no plain
    /// `Resource`.
    pub usable: usize,
    /// Those that only `*` covers, where the statement does not say `*`: they have no resource-level permissions.
    pub only_star: Vec<Action<'r>>,
    /// Those whose resource types fit none of the statement's resources.
    pub misfits: Vec<Action<'r>>,
    /// Where it covers nothing: what it was probably meant to be.
    pub nearest: Option<Action<'r>>,
}

/// An entry of `Resource` or `NotResource`.
#[derive(Debug, Clone)]
pub struct ResourceUse<'s, 'r> {
    /// The entry.
    pub entry: &'s Spanned<String>,
    /// The resource types of the statement's actions that it can match, each once.
    pub types: Vec<ResourceType<'r>>,
    /// Whether nothing was to be said: `*`, or actions that are not listed one by one.
    pub unchecked: bool,
}

/// A pair of operator and key.
#[derive(Debug, Clone)]
pub struct KeyUse<'s, 'r> {
    /// The pair.
    pub condition: &'s Condition,
    /// The key; `None` where it is unknown.
    pub key: Option<ConditionKey<'r>>,
    /// For an unknown key: what it was probably meant to be.
    pub nearest: Option<String>,
    /// Whether the operator compares values of the key's type.
    pub operator_fits: bool,
    /// Whether the key has several values and the operator does not say which of them must match.
    pub lacks_set_operator: bool,
    /// Whether the operator is for several values and the key has one.
    pub needless_set_operator: bool,
    /// Whether a request for one of the statement's actions can have the key.
    pub support: Support,
}

/// Whether requests for a statement's actions can have a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// It is one of the global keys.
    Global,
    /// AWS lists it for so many of the actions.
    Listed(usize),
    /// AWS lists it for none of them.
    Unlisted,
    /// The key or the actions are not known well enough to say.
    Unknown,
}

impl<'s, 'r> Review<'s, 'r> {
    /// Looks up everything that a statement says.
    pub fn new(reference: &'r Reference, statement: &'s Statement) -> Self {
        let entries = expand(reference, statement.action.as_ref());
        let resources = Resources::new(statement.resource.as_ref());
        let mut findings = Findings::new(&resources);
        let actions = entries.iter().map(|entry| entry.judge(reference, &resources, &mut findings)).collect();
        let plain = statement.action.as_ref().is_some_and(|clause| clause.polarity == Polarity::Is);
        // Only where every entry is known is it known what nothing fits.
        let closed = plain && entries.iter().all(|entry| !entry.actions.is_empty() && !entry.is_open());
        let Findings { fitting, used, .. } = findings;
        let resources = resources
            .entries
            .iter()
            .zip(fitting.into_iter().zip(used))
            .map(|(entry, (types, used))| ResourceUse {
                entry,
                types,
                unchecked: !closed || used || is_star(&entry.value),
            })
            .collect();
        let groups = if closed && !statement.conditions.is_empty() { groups(&entries) } else { Vec::new() };
        let keys = statement.conditions.iter().map(|pair| key(reference, pair, &groups, closed)).collect();
        let all = || entries.iter().filter(|_| plain).flat_map(|entry| &entry.actions);
        let levels = AccessLevel::ALL.map(|level| (level, all().filter(|a| a.access_level() == level).count()));
        Self { actions, resources, keys, levels }
    }
}

impl ResourceUse<'_, '_> {
    /// Whether it fits none of the statement's actions: the entry does nothing.
    pub fn is_useless(&self) -> bool {
        !self.unchecked && self.types.is_empty()
    }
}

/// An entry with the actions it stands for.
struct Entry<'s, 'r> {
    entry: &'s Spanned<String>,
    actions: Vec<Action<'r>>,
}

fn expand<'s, 'r>(reference: &'r Reference, clause: Option<&'s Clause<Spanned<String>>>) -> Vec<Entry<'s, 'r>> {
    let entries = clause.map_or(&[][..], |clause| &clause.entries);
    entries.iter().map(|entry| Entry { entry, actions: reference.expand(&entry.value).collect() }).collect()
}

/// One action for each group that lists the same resources and keys, with the size of the group.
fn groups<'r>(entries: &[Entry<'_, 'r>]) -> Vec<(Action<'r>, usize)> {
    let group = |action: &Action<'_>| (action.entry.resources, action.entry.keys);
    let mut actions: Vec<_> = entries.iter().flat_map(|entry| &entry.actions).map(|action| (*action, 1)).collect();
    actions.sort_unstable_by_key(|(action, _)| group(action));
    actions.dedup_by(|(next, more), (first, count)| {
        let same = group(next) == group(first);
        *count += if same { *more } else { 0 };
        same
    });
    actions
}

/// The entries of a plain `Resource`; of a `NotResource` none, since what is left is anything.
struct Resources<'s> {
    entries: Vec<&'s Spanned<String>>,
    everything: bool,
}

impl<'s> Resources<'s> {
    fn new(clause: Option<&'s Clause<Spanned<String>>>) -> Self {
        let plain = clause.filter(|clause| clause.polarity == Polarity::Is);
        let entries: Vec<_> = plain.into_iter().flat_map(|clause| &clause.entries).collect();
        let everything = plain.is_none() || entries.iter().any(|entry| is_star(&entry.value));
        Self { entries, everything }
    }
}

fn is_star(pattern: &str) -> bool {
    !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*')
}

/// What was found out about a statement's resources so far: actions and types come up again and again.
struct Findings<'r, 'p> {
    /// The entries; `None` for `*`, of which nothing is to be said.
    patterns: Vec<Option<Pattern<'p>>>,
    /// For each entry, the types that fit it.
    fitting: Vec<Vec<ResourceType<'r>>>,
    /// Whether an entry is used by something that is no type.
    used: Vec<bool>,
    /// For each resource type, whether an entry fits it, by its line.
    types: Vec<(u32, bool)>,
    /// For each group of actions that work on the same, whether an entry fits, by the group's first line.
    groups: Vec<(u32, bool)>,
}

impl<'r, 'p> Findings<'r, 'p> {
    fn new(resources: &Resources<'p>) -> Self {
        let count = resources.entries.len();
        let texts = resources.entries.iter().map(|entry| entry.value.as_str());
        let patterns = texts.map(|text| (!is_star(text)).then(|| Pattern::new(text)));
        Self {
            patterns: patterns.collect(),
            fitting: vec![Vec::new(); count],
            used: vec![false; count],
            types: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// Whether an entry fits a type of the action.
    fn any_fits(&mut self, action: Action<'r>) -> bool {
        let group = action.entry.resources;
        match self.groups.binary_search_by_key(&group, |(known, _)| *known) {
            Ok(place) => self.groups.get(place).is_some_and(|(_, fits)| *fits),
            Err(place) => {
                let fits = action.resource_types().filter(|one| self.fits(*one)).count() > 0;
                self.groups.insert(place, (group, fits));
                fits
            }
        }
    }

    /// Whether an entry fits the type; notes which.
    fn fits(&mut self, resource_type: ResourceType<'r>) -> bool {
        let line = resource_type.line;
        match self.types.binary_search_by_key(&line, |(known, _)| *known) {
            Ok(place) => self.types.get(place).is_some_and(|(_, fits)| *fits),
            Err(place) => {
                let mut fits = false;
                for (pattern, types) in self.patterns.iter().zip(&mut self.fitting) {
                    if pattern.as_ref().is_some_and(|pattern| resource_type.fits_pattern(pattern)) {
                        types.push(resource_type);
                        fits = true;
                    }
                }
                self.types.insert(place, (line, fits));
                fits
            }
        }
    }
}

impl<'s, 'r> Entry<'s, 'r> {
    /// Whether it covers several services: what it is used on is then not looked at.
    fn is_open(&self) -> bool {
        let prefix = self.entry.value.split(':').next().unwrap_or("");
        glob::is_pattern(prefix)
    }

    fn judge(
        &self,
        reference: &'r Reference,
        resources: &Resources<'_>,
        findings: &mut Findings<'r, '_>,
    ) -> ActionUse<'s, 'r> {
        let covered = self.actions.len();
        let mut found = ActionUse {
            entry: self.entry,
            covered,
            usable: covered,
            only_star: Vec::new(),
            misfits: Vec::new(),
            nearest: None,
        };
        if covered == 0 && !glob::is_pattern(&self.entry.value) {
            found.nearest = reference.nearest_action(&self.entry.value);
        }
        if self.is_open() || resources.entries.iter().all(|entry| is_star(&entry.value)) {
            return found;
        }
        for action in &self.actions {
            if action.has_resources() {
                if !findings.any_fits(*action) && !resources.everything {
                    found.misfits.push(*action);
                }
            } else if !resources.everything && !lists_buckets(*action, resources, findings) {
                found.only_star.push(*action);
            }
        }
        found.usable = covered - found.only_star.len() - found.misfits.len();
        found
    }
}

/// AWS's own examples allow the listing of buckets on `arn:aws:s3:::*`.
fn lists_buckets(action: Action<'_>, resources: &Resources<'_>, findings: &mut Findings<'_, '_>) -> bool {
    let all_buckets = |entry: &Spanned<String>| entry.value.ends_with(":s3:::*");
    let Some(place) = resources.entries.iter().position(|entry| all_buckets(entry)) else {
        return false;
    };
    let lists = action.name() == "ListAllMyBuckets";
    if let Some(used) = findings.used.get_mut(place) {
        *used |= lists;
    }
    lists
}

fn key<'s, 'r>(
    reference: &'r Reference,
    condition: &'s Condition,
    groups: &[(Action<'_>, usize)],
    closed: bool,
) -> KeyUse<'s, 'r> {
    let name = condition.key.value.as_str();
    let key = reference.condition_key(name);
    let support = support(reference, name, key, groups, closed);
    let operator = condition.operator;
    let set = operator.and_then(|operator| operator.set);
    let several = key.is_some_and(ConditionKey::is_multivalued);
    let family = operator.map(|operator| operator.base.family());
    let asks_presence = family == Some(policy::Family::Null);
    KeyUse {
        condition,
        key,
        nearest: if key.is_none() { reference.nearest_key(name) } else { None },
        operator_fits: key.zip(family).is_none_or(|(key, family)| {
            // What a tag or an encryption context holds may well be an ARN.
            key.value_type().fits(family) || key.is_family() && family == policy::Family::Arn
        }),
        lacks_set_operator: several && set.is_none() && !asks_presence,
        needless_set_operator: key.is_some()
            && !several
            && matches!(set, Some(SetOperator::ForAllValues | SetOperator::ForAnyValue)),
        support,
    }
}

fn support(
    reference: &Reference,
    name: &str,
    key: Option<ConditionKey<'_>>,
    groups: &[(Action<'_>, usize)],
    closed: bool,
) -> Support {
    let Some(key) = key else {
        return Support::Unknown;
    };
    if reference.global_keys().any(|global| global == key) {
        return Support::Global;
    }
    if !closed {
        return Support::Unknown;
    }
    // A service lists the keys of others under their own names, so the name is what counts.
    match groups.iter().filter(|(action, _)| action.supports_key(name)).map(|(_, count)| count).sum() {
        0 => Support::Unlisted,
        count => Support::Listed(count),
    }
}
