//! What the reference data says about a statement: facts only. Whether they are worth a warning, and its words, are
//! for who asks.
//!
//! The data is older than AWS, so everything here may be wrong about what is new.
//!
//! What a document may cost to look up is limited, in [`Reviewer`]: ten thousand times `*` is soon written.

use policy::{Clause, Condition, Family, Polarity, Spanned, Statement};

use crate::action::{AccessLevel, Action};
use crate::arn::Pattern;
use crate::glob;
use crate::key::ConditionKey;
use crate::load::Reference;
use crate::resource::ResourceType;

/// Looks up the statements of one document.
///
/// ```
/// use reference::{Reference, Reviewer};
/// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
/// # let reference = Reference::load(text).unwrap();
/// let text = r#"{"Statement": {
///     "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBuckt"], "Resource": "arn:aws:s3:::bucket"
/// }}"#;
/// let parsed = policy::parse(text, policy::PolicyKind::Identity);
/// let review = Reviewer::new(&reference).review(&parsed.document.statements[0]).unwrap();
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
#[derive(Debug)]
pub struct Reviewer<'r> {
    reference: &'r Reference,
    /// What may still be spent: about a microsecond each.
    budget: usize,
}

/// Enough for several times the most that an AWS managed policy takes.
const BUDGET: usize = 1_000_000;
/// What looking for a name like an unknown one takes.
const NEAREST: usize = 3_000;

/// What is known about a statement.
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

impl<'r> Reviewer<'r> {
    /// For a document.
    pub fn new(reference: &'r Reference) -> Self {
        Self { reference, budget: BUDGET }
    }

    /// Looks up everything that a statement says; `None` where the document is so large that it would take seconds.
    pub fn review<'s>(&mut self, statement: &'s Statement) -> Option<Review<'s, 'r>> {
        let entries = self.expand(statement.action.as_ref())?;
        let mut resources = Resources::new(statement.resource.as_ref());
        let mut actions = Vec::with_capacity(entries.len());
        for entry in &entries {
            actions.push(self.action(entry, &mut resources)?);
        }
        let plain = statement.action.as_ref().is_some_and(|clause| clause.polarity == Polarity::Is);
        // Only where every entry is known is it known what nothing fits.
        let closed = plain && entries.iter().all(|entry| !entry.actions.is_empty() && !entry.is_open());
        let groups = if closed && !statement.conditions.is_empty() { groups(&entries) } else { Vec::new() };
        let mut keys = Vec::with_capacity(statement.conditions.len());
        for condition in &statement.conditions {
            keys.push(self.key(condition, closed.then_some(&groups))?);
        }
        let all = || entries.iter().filter(|_| plain).flat_map(|entry| &entry.actions);
        let levels = AccessLevel::ALL.map(|level| (level, all().filter(|a| a.access_level() == level).count()));
        Some(Review { actions, resources: resources.into_uses(closed), keys, levels })
    }

    fn spend(&mut self, cost: usize) -> Option<()> {
        self.budget = self.budget.checked_sub(cost)?;
        Some(())
    }

    fn expand<'s>(&mut self, clause: Option<&'s Clause<Spanned<String>>>) -> Option<Vec<Entry<'s, 'r>>> {
        let mut entries = Vec::new();
        for entry in clause.map_or(&[][..], |clause| &clause.entries) {
            let actions: Vec<_> = self.reference.expand(&entry.value).take(self.budget).collect();
            self.spend(actions.len() + 1)?;
            entries.push(Entry { entry, actions });
        }
        Some(entries)
    }

    fn action<'s>(&mut self, entry: &Entry<'s, 'r>, resources: &mut Resources<'s, 'r>) -> Option<ActionUse<'s, 'r>> {
        let covered = entry.actions.len();
        let mut found = ActionUse {
            entry: entry.entry,
            covered,
            usable: covered,
            only_star: Vec::new(),
            misfits: Vec::new(),
            nearest: None,
        };
        if covered == 0 && !glob::is_pattern(&entry.entry.value) {
            self.spend(NEAREST)?;
            found.nearest = self.reference.nearest_action(&entry.entry.value);
        }
        if entry.is_open() || resources.entries.iter().all(|entry| entry.pattern.is_none()) {
            return Some(found);
        }
        for action in &entry.actions {
            if action.has_resources() {
                if !resources.any_fits(*action, self)? && !resources.everything {
                    found.misfits.push(*action);
                }
            } else if !resources.everything && !resources.list_buckets(*action) {
                found.only_star.push(*action);
            }
        }
        found.usable = covered - found.only_star.len() - found.misfits.len();
        Some(found)
    }

    /// `groups` are the statement's actions, where all of them are known.
    fn key<'s>(&mut self, condition: &'s Condition, groups: Option<&Vec<Group<'r>>>) -> Option<KeyUse<'s, 'r>> {
        let name = condition.key.value.as_str();
        self.spend(10)?;
        let key = self.reference.condition_key(name);
        let nearest = match key {
            Some(_) => None,
            None => {
                self.spend(NEAREST)?;
                self.reference.nearest_key(name)
            }
        };
        let support = match (key, groups) {
            (None, _) => Support::Unknown,
            (Some(key), _) if self.reference.global_keys().any(|global| global == key) => Support::Global,
            (Some(_), None) => Support::Unknown,
            (Some(_), Some(groups)) => {
                self.spend(groups.len() * 4)?;
                let listing = groups.iter().filter(|(action, _)| action.supports_key(name));
                match listing.map(|(_, count)| count).sum() {
                    0 => Support::Unlisted,
                    count => Support::Listed(count),
                }
            }
        };
        let operator = condition.operator;
        let several = key.is_some_and(ConditionKey::is_multivalued);
        let set_operator = operator.is_some_and(|operator| operator.set.is_some());
        let family = operator.map(|operator| operator.base.family());
        Some(KeyUse {
            condition,
            key,
            nearest,
            operator_fits: key.zip(family).is_none_or(|(key, family)| {
                // What a tag or an encryption context holds may well be an ARN.
                key.value_type().fits(family) || key.is_family() && family == Family::Arn
            }),
            lacks_set_operator: several && !set_operator && family != Some(Family::Null),
            needless_set_operator: key.is_some() && !several && set_operator,
            support,
        })
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

impl Entry<'_, '_> {
    /// Whether it covers several services: what it is used on is then not looked at.
    fn is_open(&self) -> bool {
        glob::is_pattern(self.entry.value.split(':').next().unwrap_or(""))
    }
}

/// One action for all that list the same resources and keys, with their number.
type Group<'r> = (Action<'r>, usize);

fn groups<'r>(entries: &[Entry<'_, 'r>]) -> Vec<Group<'r>> {
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

/// The entries of a plain `Resource`, and what was found out about them so far: types and groups of actions come up
/// again and again. Of a `NotResource` there are none, since what is left is anything.
struct Resources<'s, 'r> {
    entries: Vec<ResourceEntry<'s, 'r>>,
    everything: bool,
    /// What holding a type against all entries takes.
    cost: usize,
    /// For each resource type, whether an entry fits it, by its line.
    types: Vec<(u32, bool)>,
    /// For each group of actions that work on the same, whether an entry fits, by the group's first line.
    groups: Vec<(u32, bool)>,
}

struct ResourceEntry<'s, 'r> {
    entry: &'s Spanned<String>,
    /// `None` for `*`, of which nothing is to be said.
    pattern: Option<Pattern<'s>>,
    /// The types that it fits.
    types: Vec<ResourceType<'r>>,
    /// Whether it is used by something that is no type.
    used: bool,
}

impl<'s, 'r> Resources<'s, 'r> {
    fn new(clause: Option<&'s Clause<Spanned<String>>>) -> Self {
        let plain = clause.filter(|clause| clause.polarity == Polarity::Is);
        let entries: Vec<_> = plain
            .into_iter()
            .flat_map(|clause| &clause.entries)
            .map(|entry| {
                let star = !entry.value.is_empty() && entry.value.bytes().all(|byte| byte == b'*');
                let pattern = (!star).then(|| Pattern::new(&entry.value));
                ResourceEntry { entry, pattern, types: Vec::new(), used: false }
            })
            .collect();
        let everything = plain.is_none() || entries.iter().any(|entry| entry.pattern.is_none());
        // Seldom is more of a pattern read than its first part.
        let cost = entries.iter().map(|entry| entry.entry.value.len() / 16 + 1).sum();
        Self { entries, everything, cost, types: Vec::new(), groups: Vec::new() }
    }

    /// Whether an entry fits a type of the action; `None` where finding out takes too long.
    fn any_fits(&mut self, action: Action<'r>, reviewer: &mut Reviewer<'r>) -> Option<bool> {
        let group = action.entry.resources;
        let place = match self.groups.binary_search_by_key(&group, |(known, _)| *known) {
            Ok(place) => return self.groups.get(place).map(|(_, fits)| *fits),
            Err(place) => place,
        };
        let mut any = false;
        for resource_type in action.resource_types() {
            any |= self.fits(resource_type, reviewer)?;
        }
        self.groups.insert(place, (group, any));
        Some(any)
    }

    /// Whether an entry fits the type; notes which.
    fn fits(&mut self, resource_type: ResourceType<'r>, reviewer: &mut Reviewer<'r>) -> Option<bool> {
        let line = resource_type.line;
        let place = match self.types.binary_search_by_key(&line, |(known, _)| *known) {
            Ok(place) => return self.types.get(place).map(|(_, fits)| *fits),
            Err(place) => place,
        };
        reviewer.spend(self.cost)?;
        let mut any = false;
        for entry in &mut self.entries {
            if entry.pattern.as_ref().is_some_and(|pattern| resource_type.fits_pattern(pattern)) {
                entry.types.push(resource_type);
                any = true;
            }
        }
        self.types.insert(place, (line, any));
        Some(any)
    }

    /// AWS's own examples allow the listing of buckets on `arn:aws:s3:::*`.
    fn list_buckets(&mut self, action: Action<'_>) -> bool {
        if action.name() != "ListAllMyBuckets" {
            return false;
        }
        let entry = self.entries.iter_mut().find(|entry| entry.entry.value.ends_with(":s3:::*"));
        entry.is_some_and(|entry| {
            entry.used = true;
            true
        })
    }

    /// `closed` says whether the statement's actions are all known.
    fn into_uses(self, closed: bool) -> Vec<ResourceUse<'s, 'r>> {
        let uses = self.entries.into_iter().map(|entry| ResourceUse {
            entry: entry.entry,
            unchecked: !closed || entry.used || entry.pattern.is_none(),
            types: entry.types,
        });
        uses.collect()
    }
}
