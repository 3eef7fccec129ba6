//! A statement, read once, and the one walk over it: `Principal`, `Action`, `Resource` and `Condition` must all hold.

use policy::arn::{api_path, is_api_path};
use policy::{Clause, Effect, Polarity, PolicyKind, ResourceType, Spanned, Version};

use crate::condition::CompiledCondition;
use crate::pattern::{self, Filled, Pattern, Template};
use crate::principal::{self, Entry, Exemption, Strength};
use crate::trace::{ConditionTrace, Detail, ElementTrace, PrincipalTrace, Recorder, Silent, Sink, StatementTrace};
use crate::{Choice, Env, Readings};

/// A compiled statement.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statement {
    pub(crate) effect: Option<Effect>,
    principal: PrincipalElement,
    action: Option<Element<Action>>,
    resource: ResourceElement,
    conditions: Vec<CompiledCondition>,
    /// Whether a resource has capitals in its first five fields.
    has_capitals: bool,
}

/// An element in its plain or its `Not` form.
#[derive(Debug, Clone, PartialEq)]
struct Element<T> {
    polarity: Polarity,
    entries: Vec<T>,
}

#[derive(Debug, Clone, PartialEq)]
enum PrincipalElement {
    /// The kind has no principals: the policy is attached to the caller.
    NotOfThisKind,
    /// The kind needs one and there is none: covers nobody.
    Missing,
    Listed(Element<Entry>),
}

#[derive(Debug, Clone, PartialEq)]
enum ResourceElement {
    /// Absent where that means "the resource this is attached to", or everything.
    Covered,
    /// Absent where it is needed: covers nothing.
    Missing,
    Listed(Element<Resource>),
}

#[derive(Debug, Clone, PartialEq)]
enum Action {
    Any,
    /// In lower case.
    Pattern(Pattern),
    /// In an SCP or RCP; `exact` as written, for the reading that heeds case.
    Guardrail {
        pattern: Pattern,
        exact: Pattern,
    },
    /// Without a service, with two colons, with white space: covers nothing.
    Malformed,
}

#[derive(Debug, Clone, PartialEq)]
enum Resource {
    Any,
    Fixed {
        pattern: Pattern,
        /// The pattern under the other reading of a `*` at a field's end, where that differs.
        confined: Option<Pattern>,
    },
    /// With variables.
    Template(Template),
    /// The short form of a REST API's resource policy: what follows the API.
    Api(Pattern),
    Malformed,
}

/// What the decision needs of a statement's walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) matches: bool,
    pub(crate) strength: Strength,
}

impl Statement {
    pub(crate) fn new(statement: &policy::Statement, version: Version, kind: PolicyKind, readings: Readings) -> Self {
        let principal = match &statement.principal {
            _ if !kind.has_principal() => PrincipalElement::NotOfThisKind,
            None => PrincipalElement::Missing,
            Some(clause) => PrincipalElement::Listed(Element {
                polarity: clause.polarity,
                entries: clause.entries.iter().map(Entry::new).collect(),
            }),
        };
        let resource = match (&statement.resource, kind) {
            (Some(clause), _) => {
                ResourceElement::Listed(Element::new(clause, |text| Resource::new(text, kind, version, readings)))
            }
            (None, PolicyKind::Resource(ResourceType::Bucket | ResourceType::Key)) => ResourceElement::Missing,
            (None, PolicyKind::Resource(_) | PolicyKind::Scp | PolicyKind::VpcEndpoint) => ResourceElement::Covered,
            (None, _) => ResourceElement::Missing,
        };
        let mut resources = statement.resource.iter().flat_map(|clause| &clause.entries);
        Self {
            has_capitals: cfg!(feature = "contested")
                && resources.any(|entry| pattern::has_capitals_in_fields(&entry.value)),
            effect: statement.effect.as_ref().map(|effect| effect.value),
            principal,
            action: statement.action.as_ref().map(|clause| Element::new(clause, |text| Action::new(text, kind))),
            resource,
            conditions: statement
                .conditions
                .iter()
                .map(|condition| CompiledCondition::new(condition, version, readings))
                .collect(),
        }
    }

    /// The walk without recording: stops at the first element that fails.
    pub(crate) fn decide(&self, env: &mut Env<'_>) -> Match {
        const NO: Match = Match { matches: false, strength: Strength::None };
        let mut sink = Silent;
        if !self.action_holds(env, &mut sink) || !self.resource_holds(env, &mut sink) {
            return NO;
        }
        let (matches, strength, _) = self.principal_holds(env, &mut sink);
        if !matches {
            return NO;
        }
        let matches = self.conditions.iter().all(|condition| condition.holds(env, &mut sink).0);
        Match { matches, strength }
    }

    /// The walk with recording: every element, every entry.
    pub(crate) fn trace(&self, env: &mut Env<'_>) -> (Match, StatementTrace) {
        let mut sink = Recorder::default();
        let (principal_matches, strength, exemption) = self.principal_holds(env, &mut sink);
        let principal = match self.principal {
            PrincipalElement::NotOfThisKind => None,
            _ => Some(PrincipalTrace {
                matches: principal_matches,
                strength,
                exemption,
                values: core::mem::take(&mut sink.values),
            }),
        };
        let action_matches = self.action_holds(env, &mut sink);
        let action = self
            .action
            .as_ref()
            .map(|_| ElementTrace { matches: action_matches, values: core::mem::take(&mut sink.values) });
        let resource_matches = self.resource_holds(env, &mut sink);
        let resource = match self.resource {
            ResourceElement::Covered => None,
            _ => Some(ElementTrace { matches: resource_matches, values: core::mem::take(&mut sink.values) }),
        };
        let conditions: Vec<_> = self
            .conditions
            .iter()
            .map(|condition| {
                let (matches, how) = condition.holds(env, &mut sink);
                let entry = condition.entry(&env.request.context);
                ConditionTrace {
                    matches,
                    how,
                    present: entry.is_some_and(|entry| !entry.is_empty()),
                    request_values: entry.map(|entry| entry.values.clone()).unwrap_or_default(),
                    values: core::mem::take(&mut sink.values),
                }
            })
            .collect();
        let conditions_match = conditions.iter().all(|condition| condition.matches);
        let matches = principal_matches && action_matches && resource_matches && conditions_match;
        let strength = if matches { strength } else { Strength::None };
        (Match { matches, strength }, StatementTrace { matches, principal, action, resource, conditions })
    }

    fn principal_holds<S: Sink>(&self, env: &mut Env<'_>, sink: &mut S) -> (bool, Strength, Option<Exemption>) {
        let element = match &self.principal {
            PrincipalElement::NotOfThisKind => return (true, Strength::Direct, None),
            PrincipalElement::Missing => return (false, Strength::None, None),
            PrincipalElement::Listed(element) => element,
        };
        let caller = &env.request.caller;
        let entries = element.entries.as_slice();
        if element.polarity == Polarity::Is {
            let strength = principal::principal(entries, caller, env.readings, &mut env.touched, sink);
            return (strength > Strength::None, strength, None);
        }
        let exemption = if self.effect == Some(Effect::Deny) {
            principal::deny_not_principal(entries, caller, env.has_boundary, env.readings, &mut env.touched, sink)
        } else {
            principal::allow_not_principal(entries, caller, env.readings, &mut env.touched, sink)
        };
        // Whoever is not left out is meant as one of everyone.
        let applies = exemption != Exemption::Exempt;
        let strength = if applies { Strength::Wildcard } else { Strength::None };
        (applies, strength, Some(exemption))
    }

    fn action_holds<S: Sink>(&self, env: &mut Env<'_>, sink: &mut S) -> bool {
        let Some(element) = &self.action else {
            return false;
        };
        let action = env.request.action_lower.as_str();
        let heeds_case = env.readings.is_flipped(Choice::ScpActionCase);
        let covered = element.any(sink, |entry, sink: &mut S| {
            let matches = match entry {
                Action::Any => true,
                Action::Pattern(pattern) => pattern.matches(action),
                Action::Guardrail { exact, .. } if heeds_case => exact.matches(&env.request.action),
                Action::Guardrail { pattern, exact } => {
                    let matches = pattern.matches(action);
                    let differs = S::FULL && matches && !exact.matches(&env.request.action);
                    env.touched.add_if(differs, Choice::ScpActionCase);
                    matches
                }
                Action::Malformed => false,
            };
            sink.value(matches, || match entry {
                Action::Malformed => Detail::Malformed,
                _ => Detail::Plain,
            });
            matches
        });
        covered == (element.polarity == Polarity::Is)
    }

    fn resource_holds<S: Sink>(&self, env: &mut Env<'_>, sink: &mut S) -> bool {
        let element = match &self.resource {
            ResourceElement::Covered => return true,
            ResourceElement::Missing => return false,
            ResourceElement::Listed(element) => element,
        };
        let not = element.polarity == Polarity::Not;
        let capitals = cfg!(feature = "contested")
            && S::FULL
            && (self.has_capitals || pattern::has_capitals_in_fields(&env.request.resource));
        env.touched.add_if(capitals, Choice::ArnFieldCase);
        let mut fails = false;
        let covered = element.any(sink, |entry, sink: &mut S| {
            let covers = entry.covers(env, sink);
            if not && covers.is_none() {
                env.touched.add(Choice::UnresolvedNotResource);
                fails |= env.readings.is_flipped(Choice::UnresolvedNotResource);
            }
            covers == Some(true)
        });
        !fails && covered != not
    }
}

impl<T> Element<T> {
    fn new(clause: &Clause<Spanned<String>>, entry: impl Fn(&str) -> T) -> Self {
        Self { polarity: clause.polarity, entries: clause.entries.iter().map(|text| entry(&text.value)).collect() }
    }

    /// Whether an entry covers the request; all are asked where the sink wants to know.
    fn any<S: Sink>(&self, sink: &mut S, mut covers: impl FnMut(&T, &mut S) -> bool) -> bool {
        let mut covered = false;
        sink.expect(self.entries.len());
        for entry in &self.entries {
            covered |= covers(entry, sink);
            if covered && !S::FULL {
                break;
            }
        }
        covered
    }
}

impl Action {
    /// Variables do not work in actions: `${…}` is literal text.
    fn new(text: &str, kind: PolicyKind) -> Self {
        if text == "*" {
            return Self::Any;
        }
        let is_colon = |byte: &u8| *byte == b':';
        let one_colon = text.bytes().filter(is_colon).count() == 1 && !text.starts_with(':') && !text.ends_with(':');
        let is_graphic = text.bytes().all(|byte| byte.is_ascii_graphic());
        if !one_colon || !is_graphic && text.contains(char::is_whitespace) {
            return Self::Malformed;
        }
        let pattern = pattern::glob_of(text.to_ascii_lowercase());
        match kind {
            PolicyKind::Scp | PolicyKind::Rcp if cfg!(feature = "contested") => {
                Self::Guardrail { pattern, exact: pattern::glob(text) }
            }
            _ => Self::Pattern(pattern),
        }
    }
}

impl Resource {
    fn new(text: &str, kind: PolicyKind, version: Version, readings: Readings) -> Self {
        if text == "*" {
            return Self::Any;
        }
        if kind == PolicyKind::Resource(ResourceType::Other) && is_api_path(text) {
            return api_path(text).map_or(Self::Malformed, |path| Self::Api(pattern::glob(path)));
        }
        let lowered;
        let text = if readings.is_flipped(Choice::ArnFieldCase) {
            lowered = pattern::fields_in_lower_case(text);
            &lowered
        } else {
            text
        };
        let colons = text.bytes().filter(|byte| *byte == b':').count();
        if !text.starts_with("arn") || (colons < 5 && !text.ends_with('*')) {
            return Self::Malformed;
        }
        if version == Version::V2012
            && let Some(template) = Template::of_resource(text, readings)
        {
            return Self::Template(template);
        }
        let pattern = pattern::resource_glob(text, readings);
        // The readings differ only about a `*` before the resource part, which most patterns do not have.
        let confined = (cfg!(feature = "contested") && pattern::has_star_in_fields(text))
            .then(|| pattern::resource_glob(text, readings.flip(Choice::StarCrossesColon)))
            .filter(|other| *other != pattern);
        Self::Fixed { pattern, confined }
    }

    /// Whether the entry covers the request's resource; `None` where a variable has no value, and so it does not.
    fn covers<S: Sink>(&self, env: &mut Env<'_>, sink: &mut S) -> Option<bool> {
        let lowered;
        let mut resource = env.request.resource.as_str();
        if env.readings.is_flipped(Choice::ArnFieldCase) {
            lowered = pattern::fields_in_lower_case(resource);
            resource = &lowered;
        }
        let matches = match self {
            Self::Any => {
                sink.value(true, || Detail::Plain);
                true
            }
            Self::Malformed => {
                sink.value(false, || Detail::Malformed);
                false
            }
            // The policy is attached to the API that the request is about, so the API itself need not be compared.
            Self::Api(pattern) => {
                let matches = api_path(resource).is_some_and(|path| pattern.matches(path));
                sink.value(matches, || Detail::Plain);
                matches
            }
            Self::Fixed { pattern, confined } => {
                let matches = pattern.matches(resource);
                // What one reading does not match, the narrower one does not match either.
                let may_differ = S::FULL && matches != env.readings.is_flipped(Choice::StarCrossesColon);
                let other = confined.as_ref().filter(|_| may_differ);
                let contested = other.is_some_and(|other| other.matches(resource) != matches);
                if contested {
                    env.touched.add(Choice::StarCrossesColon);
                }
                sink.value(matches, || if contested && matches { Detail::RanOverColon } else { Detail::Plain });
                matches
            }
            Self::Template(template) => match env.fill(template) {
                Filled::NoValue { key } => {
                    sink.value(false, || Detail::NoValue { key: key.to_owned() });
                    return None;
                }
                Filled::Tokens(tokens) => {
                    let matches = pattern::matches(&tokens, resource);
                    sink.value(matches, || Detail::Resolved(pattern::text(&tokens)));
                    matches
                }
            },
        };
        Some(matches)
    }
}
