//! Conditions: what each operator compares, and what an absent key means.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
//!
//! One formula serves all operators. Within a pair the policy's values are joined by OR for a positive operator; a
//! negated operator is the complement of its positive twin, also where a value is missing or cannot be read.

use core::net::IpAddr;

use ipnet::IpNet;
use policy::literal::{self, Decimal, Instant};
use policy::{Base, Condition, Family, Operator, SetOperator, Version, template};

use crate::context::{Context, Entry, KeyName, Source};
use crate::pattern::{self, Filled, Pattern, Unit, units};
use crate::trace::{Detail, How, Sink};
use crate::{Choice, Env, Readings};

/// A condition, read once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CompiledCondition {
    operator: Option<Operator>,
    key: KeyName,
    values: Vec<Value>,
    /// Whether a date of the policy is four bare digits, which could be meant as a year.
    has_bare_year: bool,
}

/// A value of the policy, read as what its operator compares.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    /// `StringEquals`
    Text(String),
    /// `StringEqualsIgnoreCase`: in lower case.
    Folded(String),
    /// `StringLike`
    Glob(Pattern),
    /// `ArnLike` and `ArnEquals`
    Arn(ArnPattern),
    /// Text with variables, read when the request is known.
    Template(String),
    Number(Decimal),
    Date(Instant),
    Bool(bool),
    Bytes(Vec<u8>),
    Net(IpNet),
    /// Cannot be read: satisfied by nothing.
    Unreadable,
}

/// An ARN pattern of a condition: six parts, each matched by itself.
#[derive(Debug, Clone, PartialEq)]
enum ArnPattern {
    /// The lone `*`.
    Any,
    Parts(Box<[Pattern; 6]>),
}

/// A value of the request, read as what the operator compares.
enum RequestValue<'a> {
    Text(&'a str),
    Folded(String),
    Arn([&'a str; 6]),
    Number(Decimal),
    Date(Instant),
    Bool(bool),
    Bytes(Vec<u8>),
    Address(IpAddr),
    Unreadable,
}

impl CompiledCondition {
    pub(crate) fn new(condition: &Condition, version: Version, readings: Readings) -> Self {
        let operator = condition.operator;
        let values = condition
            .values
            .iter()
            .map(|value| match operator {
                None => Value::Unreadable,
                Some(operator) => {
                    let base = operator.base;
                    let variables = version == Version::V2012 && base.variables();
                    if variables && template::has_variable(&value.text) {
                        Value::Template(value.text.clone())
                    } else {
                        Value::read(base, &value.text, readings)
                    }
                }
            })
            .collect();
        let has_bare_year = operator.is_some_and(|operator| operator.base.family() == Family::Date)
            && condition.values.iter().any(|value| is_bare_year(&value.text));
        Self { operator, key: KeyName::new(&condition.key.value), values, has_bare_year }
    }

    /// The request's entry of the key.
    pub(crate) fn entry<'a>(&self, context: &'a Context) -> Option<&'a Entry> {
        context.find(&self.key)
    }

    /// Whether the pair holds, and how it came to that.
    pub(crate) fn holds<S: Sink>(&self, env: &mut Env<'_>, sink: &mut S) -> (bool, How) {
        let entry = self.entry(&env.request.context);
        let Some(operator) = self.operator else {
            self.record_unread(sink);
            return (false, How::UnknownOperator);
        };
        if entry.is_some_and(|entry| entry.source == Source::Derived)
            && self.key.lower() == "aws:multifactorauthpresent"
        {
            env.touched.add(Choice::MfaInRoleSession);
        }
        if operator.base == Base::Null {
            return (self.null(entry, env, sink), How::Null);
        }
        let Some(entry) = entry.filter(|entry| !entry.is_empty()) else {
            self.record_absent(operator, env, sink);
            return absent(operator, env);
        };
        if self.has_bare_year {
            env.touched.add(Choice::DigitsAreEpoch);
        }
        let mut comparison = Comparison { base: operator.base, unreadable: false };
        if S::FULL {
            self.record_compared(operator.base, entry, env, sink);
        }
        let negated = operator.base.negated();
        let mut test = |value: &String| {
            let positive = comparison.any(&self.values, value, env);
            if negated { comparison.complement(positive, env) } else { positive }
        };
        match operator.set {
            Some(SetOperator::ForAllValues) => (entry.values.iter().all(&mut test), How::Compared),
            Some(SetOperator::ForAnyValue) => (entry.values.iter().any(&mut test), How::Compared),
            None if entry.multivalued => {
                let flipped = env.readings.is_flipped(Choice::MultivaluedWithoutSet);
                env.touched.add(Choice::MultivaluedWithoutSet);
                let holds = flipped
                    && entry.values.iter().any(|value| {
                        let positive = comparison.any(&self.values, value, env);
                        positive != negated
                    });
                (holds, How::WithoutSetOperator)
            }
            None => (entry.values.iter().all(&mut test), How::Compared),
        }
    }

    /// `Null`: whether the key is absent, or has only an empty set of values.
    fn null<S: Sink>(&self, entry: Option<&Entry>, env: &mut Env<'_>, sink: &mut S) -> bool {
        let mut absent = entry.is_none_or(Entry::is_empty);
        if entry.is_some_and(|entry| !entry.multivalued && entry.values.iter().all(String::is_empty)) {
            env.touched.add(Choice::EmptyStringIsPresent);
            absent |= env.readings.is_flipped(Choice::EmptyStringIsPresent);
        }
        let mut holds = false;
        for value in &self.values {
            let matches = *value == Value::Bool(absent);
            holds |= matches;
            sink.value(matches, || match value {
                Value::Unreadable => Detail::UnreadableValue,
                _ => Detail::Plain,
            });
        }
        holds
    }

    fn record_unread<S: Sink>(&self, sink: &mut S) {
        for _ in &self.values {
            sink.value(false, || Detail::Plain);
        }
    }

    fn record_absent<S: Sink>(&self, operator: Operator, env: &mut Env<'_>, sink: &mut S) {
        if !S::FULL {
            return;
        }
        for value in &self.values {
            let detail = match value.prepare(operator.base, env) {
                Prepared::NoValue(key) => Detail::NoValue { key },
                Prepared::Ready(Value::Unreadable) => Detail::UnreadableValue,
                Prepared::Ready(_) => Detail::Plain,
                Prepared::Filled(_, text) => Detail::Resolved(text),
            };
            sink.value(false, || detail);
        }
    }

    fn record_compared<S: Sink>(&self, base: Base, entry: &Entry, env: &mut Env<'_>, sink: &mut S) {
        for value in &self.values {
            let mut probe = Comparison { base, unreadable: false };
            let mut unreadable = false;
            let mut matches = false;
            for request in &entry.values {
                matches |= probe.any(core::slice::from_ref(value), request, env);
                unreadable |= probe.unreadable;
            }
            let detail = match value.prepare(base, env) {
                Prepared::NoValue(key) => Detail::NoValue { key },
                Prepared::Filled(_, text) => Detail::Resolved(text),
                Prepared::Ready(Value::Unreadable) => Detail::UnreadableValue,
                Prepared::Ready(_) if unreadable && !matches => Detail::UnreadableRequest,
                Prepared::Ready(_) => Detail::Plain,
            };
            sink.value(matches, || detail);
        }
    }
}

/// What an absent key means.
fn absent(operator: Operator, env: &mut Env<'_>) -> (bool, How) {
    match operator.set {
        Some(SetOperator::ForAllValues) => (true, How::AbsentHoldsForAll),
        Some(SetOperator::ForAnyValue) if operator.if_exists => {
            env.touched.add(Choice::ForAnyValueIfExists);
            if env.readings.is_flipped(Choice::ForAnyValueIfExists) {
                (false, How::AbsentFailsForAny)
            } else {
                (true, How::AbsentHoldsIfExists)
            }
        }
        Some(SetOperator::ForAnyValue) => (false, How::AbsentFailsForAny),
        None if operator.if_exists => (true, How::AbsentHoldsIfExists),
        None if operator.base.negated() => (true, How::AbsentHoldsNegated),
        None => (false, How::AbsentFails),
    }
}

/// The comparing of one pair; remembers whether something could not be read the last time.
struct Comparison {
    base: Base,
    unreadable: bool,
}

impl Comparison {
    /// Whether some value of the policy is satisfied, by the positive form of the operator.
    fn any(&mut self, values: &[Value], request: &str, env: &mut Env<'_>) -> bool {
        let request = RequestValue::read(self.base, request);
        self.unreadable = matches!(request, RequestValue::Unreadable);
        values.iter().any(|value| match value.prepare(self.base, env) {
            Prepared::Ready(value) => {
                self.unreadable |= *value == Value::Unreadable;
                self.satisfies(value, &request)
            }
            Prepared::Filled(value, _) => self.satisfies(&value, &request),
            Prepared::NoValue(_) => false,
        })
    }

    /// A negated operator is the complement of its twin, also where something could not be read.
    fn complement(&self, positive: bool, env: &mut Env<'_>) -> bool {
        if self.unreadable && !positive {
            env.touched.add(Choice::UnreadableNegated);
            return !env.readings.is_flipped(Choice::UnreadableNegated);
        }
        !positive
    }

    fn satisfies(&self, value: &Value, request: &RequestValue<'_>) -> bool {
        match (value, request) {
            (Value::Text(text), RequestValue::Text(request)) => text == request,
            (Value::Folded(text), RequestValue::Folded(request)) => text == request,
            (Value::Glob(pattern), RequestValue::Text(request)) => pattern.matches(request),
            (Value::Arn(ArnPattern::Any), _) => true,
            (Value::Arn(ArnPattern::Parts(parts)), RequestValue::Arn(request)) => {
                parts.iter().zip(request).all(|(part, request)| part.matches(request))
            }
            (Value::Number(policy), RequestValue::Number(request)) => self.ordered(request.cmp(policy)),
            (Value::Date(policy), RequestValue::Date(request)) => self.ordered(request.cmp(policy)),
            (Value::Bool(policy), RequestValue::Bool(request)) => policy == request,
            (Value::Bytes(policy), RequestValue::Bytes(request)) => policy == request,
            (Value::Net(net), RequestValue::Address(address)) => net.contains(address),
            _ => false,
        }
    }

    /// Reads the ordering of request to policy as the operator does: `NumericLessThan` holds where the request is
    /// less than the policy's value.
    fn ordered(&self, ordering: core::cmp::Ordering) -> bool {
        match self.base {
            Base::NumericLessThan | Base::DateLessThan => ordering.is_lt(),
            Base::NumericLessThanEquals | Base::DateLessThanEquals => ordering.is_le(),
            Base::NumericGreaterThan | Base::DateGreaterThan => ordering.is_gt(),
            Base::NumericGreaterThanEquals | Base::DateGreaterThanEquals => ordering.is_ge(),
            _ => ordering.is_eq(),
        }
    }
}

/// A value with its variables filled in.
enum Prepared<'a> {
    /// It has none.
    Ready(&'a Value),
    /// The value, and its text.
    Filled(Value, String),
    /// A variable has no value.
    NoValue(String),
}

impl Value {
    fn read(base: Base, text: &str, readings: Readings) -> Self {
        let read = match base.family() {
            Family::String | Family::Arn => {
                let wild = base.wildcards();
                let units: Vec<Unit> =
                    if wild { units(text).collect() } else { text.chars().map(Unit::Literal).collect() };
                return Self::from_units(base, &units);
            }
            Family::Numeric => literal::number(text).map(Self::Number),
            Family::Date => date(text, readings).map(Self::Date),
            Family::Bool | Family::Null => literal::boolean(text).map(Self::Bool),
            Family::Binary => literal::binary(text).map(Self::Bytes),
            Family::IpAddress => literal::ip_range(text).map(Self::Net),
        };
        read.unwrap_or(Self::Unreadable)
    }

    fn from_units(base: Base, units: &[Unit]) -> Self {
        match base {
            Base::StringLike | Base::StringNotLike => Self::Glob(pattern::glob(units.iter().copied())),
            Base::StringEqualsIgnoreCase | Base::StringNotEqualsIgnoreCase => Self::Folded(fold(&pattern::text(units))),
            _ if base.family() == Family::Arn => ArnPattern::from_units(units).map_or(Self::Unreadable, Self::Arn),
            _ => Self::Text(pattern::text(units)),
        }
    }

    fn prepare(&self, base: Base, env: &mut Env<'_>) -> Prepared<'_> {
        let Self::Template(text) = self else {
            return Prepared::Ready(self);
        };
        match env.fill(text, base.wildcards()) {
            Filled::Units(units) => Prepared::Filled(Self::from_units(base, &units), pattern::text(&units)),
            Filled::NoValue { key } => Prepared::NoValue(key),
        }
    }
}

impl ArnPattern {
    /// Splits on the first five colons; `None` where there are fewer and it is not the lone `*`.
    fn from_units(units: &[Unit]) -> Option<Self> {
        if units == [Unit::Many] {
            return Some(Self::Any);
        }
        let mut parts = units.splitn(6, |unit| *unit == Unit::Literal(':'));
        let mut next = || parts.next().map(|part| pattern::glob(part.iter().copied()));
        Some(Self::Parts(Box::new([next()?, next()?, next()?, next()?, next()?, next()?])))
    }
}

impl<'a> RequestValue<'a> {
    fn read(base: Base, text: &'a str) -> Self {
        let read = match base.family() {
            Family::String if matches!(base, Base::StringEqualsIgnoreCase | Base::StringNotEqualsIgnoreCase) => {
                Some(Self::Folded(fold(text)))
            }
            Family::String | Family::Null => Some(Self::Text(text)),
            Family::Numeric => literal::number(text).map(Self::Number),
            Family::Date => literal::date(text).map(|date| Self::Date(date.instant)),
            Family::Bool => literal::boolean(text).map(Self::Bool),
            Family::Binary => literal::binary(text).map(Self::Bytes),
            Family::IpAddress => literal::ip_address(text).map(Self::Address),
            Family::Arn => {
                let mut parts = text.splitn(6, ':');
                let mut next = || parts.next();
                let mut six = || Some([next()?, next()?, next()?, next()?, next()?, next()?]);
                six().map(Self::Arn)
            }
        };
        read.unwrap_or(Self::Unreadable)
    }
}

/// A date of the policy; bare digits are epoch seconds, or a year under the other reading.
fn date(text: &str, readings: Readings) -> Option<Instant> {
    if readings.is_flipped(Choice::DigitsAreEpoch) && is_bare_year(text) {
        return literal::date(&format!("{text}-01")).map(|date| date.instant);
    }
    literal::date(text).map(|date| date.instant)
}

/// Whether a date literal could be meant as a year.
fn is_bare_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}
