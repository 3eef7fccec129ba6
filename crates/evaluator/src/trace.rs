//! What an evaluation records about every statement, as data: the sentences are made elsewhere. Recording is a type
//! parameter of the one walk over the statements, so trace and decision cannot disagree.

use crate::principal::{Exemption, Strength};

/// Why an entry covers the request or not, where there is more to say than that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// Nothing more to say.
    Plain,
    /// A principal entry, and how closely it means the caller.
    Principal(Strength),
    /// What the entry became once its variables were filled in.
    Resolved(String),
    /// A variable has neither a value nor a default, so the entry covers nothing.
    NoValue {
        /// The variable's key as written.
        key: String,
    },
    /// Not a well-formed action or resource: covers nothing.
    Malformed,
    /// Matches only because a `*` at the end of an ARN field ran over a colon.
    RanOverColon,
    /// The policy's value cannot be read as what the operator compares.
    UnreadableValue,
    /// No value of the request can be read as what the operator compares.
    UnreadableRequest,
}

/// An entry of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueTrace {
    /// Whether the entry by itself covers the request.
    pub matches: bool,
    /// Why.
    pub detail: Detail,
}

/// `Action`, `Resource` or their `Not` forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementTrace {
    /// Whether the element holds.
    pub matches: bool,
    /// Its entries, in the order written.
    pub values: Vec<ValueTrace>,
}

/// `Principal` or `NotPrincipal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalTrace {
    /// Whether the element holds.
    pub matches: bool,
    /// How closely it means the caller.
    pub strength: Strength,
    /// For `NotPrincipal`: how it treats the caller.
    pub exemption: Option<Exemption>,
    /// Its entries, in the order written.
    pub values: Vec<ValueTrace>,
}

/// How a condition came to its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum How {
    /// The request has the key, and its values were compared.
    Compared,
    /// The request does not have the key: a positive operator fails.
    AbsentFails,
    /// The request does not have the key: a negated operator holds.
    AbsentHoldsNegated,
    /// The request does not have the key: `IfExists` holds.
    AbsentHoldsIfExists,
    /// The request has no values: `ForAllValues` holds.
    AbsentHoldsForAll,
    /// The request has no values: `ForAnyValue` fails.
    AbsentFailsForAny,
    /// A multivalued key without set operator never matches.
    WithoutSetOperator,
    /// `Null` asked whether the key is absent.
    Null,
    /// The operator is unknown: never matches.
    UnknownOperator,
}

/// One operator and key pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionTrace {
    /// Whether the pair holds.
    pub matches: bool,
    /// How it came to that.
    pub how: How,
    /// Whether the request has the key with a value.
    pub present: bool,
    /// The request's values of the key.
    pub request_values: Vec<String>,
    /// The policy's values: whether some value of the request satisfies each, by the operator's positive form.
    pub values: Vec<ValueTrace>,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementTrace {
    /// Whether all its elements hold.
    pub matches: bool,
    /// `Principal` or `NotPrincipal`, in kinds that have one.
    pub principal: Option<PrincipalTrace>,
    /// `Action` or `NotAction`.
    pub action: Option<ElementTrace>,
    /// `Resource` or `NotResource`.
    pub resource: Option<ElementTrace>,
    /// The pairs of the `Condition` block, in the order written.
    pub conditions: Vec<ConditionTrace>,
}

impl StatementTrace {
    /// Whether the whole `Condition` block holds.
    pub fn conditions_match(&self) -> bool {
        self.conditions.iter().all(|condition| condition.matches)
    }

    /// Whether everything but the conditions holds.
    pub fn matches_but_for_conditions(&self) -> bool {
        self.principal.as_ref().is_none_or(|principal| principal.matches)
            && self.action.as_ref().is_some_and(|action| action.matches)
            && self.resource.as_ref().is_none_or(|resource| resource.matches)
    }
}

/// Where the walk puts what it finds.
pub(crate) trait Sink: Default {
    /// Whether to go on after the result is known.
    const FULL: bool;
    /// This many entries follow.
    fn expect(&mut self, _: usize) {}
    /// An entry's result.
    fn value(&mut self, matches: bool, detail: impl FnOnce() -> Detail);
    /// A principal entry's result.
    fn principal(&mut self, strength: Strength) {
        self.value(strength > Strength::None, || Detail::Principal(strength));
    }
}

/// Keeps nothing: the decision alone.
#[derive(Default)]
pub(crate) struct Silent;

impl Sink for Silent {
    const FULL: bool = false;
    fn value(&mut self, _: bool, _: impl FnOnce() -> Detail) {}
}

/// Keeps everything.
#[derive(Default)]
pub(crate) struct Recorder {
    pub(crate) values: Vec<ValueTrace>,
}

impl Sink for Recorder {
    const FULL: bool = true;
    fn expect(&mut self, entries: usize) {
        self.values.reserve_exact(entries);
    }
    fn value(&mut self, matches: bool, detail: impl FnOnce() -> Detail) {
        self.values.push(ValueTrace { matches, detail: detail() });
    }
}
