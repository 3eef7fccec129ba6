//! Conditions: what each operator compares, and what an absent key means.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
//!
//! One formula serves all operators. Within a pair the policy's values are joined by OR for a positive operator; a
//! negated operator is the complement of its positive twin, also where a value is missing or cannot be read.

use core::net::IpAddr;
use std::borrow::Cow;

use ipnet::IpNet;
use policy::literal::{self, Decimal, Instant};
use policy::{Base, Condition, Family, Operator, Seen, SetOperator, Version, template};

use crate::context::{Context, Entry, KeyName, Source};
use crate::pattern::{self, Filled, Pattern, Template, Token};
use crate::trace::{Detail, How, Sink};
use crate::{Choice, Env, Readings, Touched};

/// A condition, read once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CompiledCondition {
    operator: Option<Operator>,
    key: KeyName,
    values: Vec<Value>,
    /// The choices that its values come upon.
    touches: Touched,
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
    Template(Template),
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
                    let variables = version == Version::V2012
                        && (base.variables() || base == Base::Bool && readings.is_flipped(Choice::BoolVariable));
                    if variables && template::has_variable(&value.text) {
                        Value::Template(Template::new(&value.text, base.wildcards()))
                    } else {
                        Value::read(base, &value.text, readings)
                    }
                }
            })
            .collect();
        let mut touches = Touched::default();
        let has = |what: fn(&str) -> bool| condition.values.iter().any(|value| what(&value.text));
        match operator.map(|operator| operator.base.family()) {
            Some(Family::Date) => touches.add_if(has(is_bare_year), Choice::DigitsAreEpoch),
            Some(Family::Bool) => touches.add_if(has(template::has_variable), Choice::BoolVariable),
            Some(Family::IpAddress) => touches.add_if(has(is_bare_ipv6), Choice::Ipv6WithoutPrefix),
            Some(Family::String) if operator.is_some_and(|operator| ignores_case(operator.base)) => {
                touches.add_if(has(|text| !text.is_ascii() || template::has_variable(text)), Choice::FoldsBeyondAscii);
            }
            _ => {}
        }
        Self { operator, key: KeyName::new(&condition.key.value), values, touches }
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
            self.record_absent(env, sink);
            return absent(operator, env);
        };
        env.touched.add_all(self.touches);
        let (base, negated) = (operator.base, operator.base.negated());
        let beyond_ascii = ignores_case(base) && !entry.values.iter().all(|value| value.is_ascii());
        env.touched.add_if(beyond_ascii, Choice::FoldsBeyondAscii);
        let many = base.is_equality() && self.values.len().saturating_mul(entry.values.len()) > FEW_PAIRS;
        let recorded = self.record_compared(base, many, entry, env, sink);
        let index = many.then(|| Index::new(&self.values));
        let mut test = |value: &String| {
            let outcome = match (recorded, &index) {
                (Some(outcome), _) if entry.values.len() == 1 => outcome,
                (_, Some(index)) => index.compare(base, value, env),
                _ => compare(base, value, &self.values, env),
            };
            if negated { outcome.complement(env) } else { outcome.positive }
        };
        match operator.set {
            Some(SetOperator::ForAllValues) => (entry.values.iter().all(&mut test), How::Compared),
            Some(SetOperator::ForAnyValue) => (entry.values.iter().any(&mut test), How::Compared),
            None if entry.multivalued => {
                let flipped = env.readings.is_flipped(Choice::MultivaluedWithoutSet);
                env.touched.add(Choice::MultivaluedWithoutSet);
                let holds = flipped
                    && entry.values.iter().any(|value| compare(base, value, &self.values, env).positive != negated);
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

    fn record_absent<S: Sink>(&self, env: &mut Env<'_>, sink: &mut S) {
        if !S::FULL {
            return;
        }
        for value in &self.values {
            let detail = value.prepare(env).detail();
            sink.value(false, || detail);
        }
    }

    /// Records each value of the policy: whether some value of the request satisfies it. Gives what the whole pair came
    /// to for a request of one value; nothing where nothing is recorded.
    fn record_compared<S: Sink>(
        &self,
        base: Base,
        many: bool,
        entry: &Entry,
        env: &mut Env<'_>,
        sink: &mut S,
    ) -> Option<Outcome> {
        if !S::FULL {
            return None;
        }
        let requests: Vec<_> = entry.values.iter().map(|text| RequestValue::read(base, text, env.readings)).collect();
        let request_unreadable = requests.iter().any(|request| matches!(request, RequestValue::Unreadable));
        let index = many.then(|| seen(requests.iter().filter_map(RequestValue::canonical)));
        let mut outcome = Outcome { positive: false, unreadable: request_unreadable };
        for value in &self.values {
            let prepared = value.prepare(env);
            let matches = match &index {
                Some(index) => prepared.canonical(base, env.readings).is_some_and(|text| index.first(&text).is_some()),
                None => requests.iter().any(|request| prepared.is_satisfied_by(base, request, env.readings)),
            };
            let unreadable = *value == Value::Unreadable;
            outcome.positive |= matches;
            outcome.unreadable |= unreadable;
            sink.value(matches, || match prepared.detail() {
                Detail::Plain if request_unreadable && !matches => Detail::UnreadableRequest,
                detail => detail,
            });
        }
        Some(outcome)
    }
}

/// Up to so many pairs of values are compared one by one; looking up among so few is not worth its preparation.
const FEW_PAIRS: usize = 256;

/// The values of a policy, to look a request's value up among them.
struct Index<'a> {
    known: Seen,
    /// What has to be compared one by one: with variables, which may be filled in differently under other readings.
    others: Vec<&'a Value>,
    unreadable: bool,
}

impl<'a> Index<'a> {
    fn new(values: &'a [Value]) -> Self {
        Self {
            known: seen(values.iter().filter_map(Value::canonical)),
            others: values.iter().filter(|value| matches!(value, Value::Template(_))).collect(),
            unreadable: values.contains(&Value::Unreadable),
        }
    }

    /// What [`compare`] gives for all values.
    fn compare(&self, base: Base, request: &str, env: &mut Env<'_>) -> Outcome {
        let value = RequestValue::read(base, request, env.readings);
        if value.canonical().is_some_and(|text| self.known.first(&text).is_some()) {
            return Outcome { positive: true, unreadable: self.unreadable };
        }
        let outcome = compare(base, request, self.others.iter().copied(), env);
        Outcome { unreadable: outcome.unreadable | self.unreadable, ..outcome }
    }
}

fn seen<'a>(texts: impl Iterator<Item = Cow<'a, str>>) -> Seen {
    let mut seen = Seen::default();
    for text in texts {
        seen.before(&text, 0);
    }
    seen
}

/// Whether some value of the policy is satisfied by a value of the request, by the positive form of the operator.
fn compare<'v>(base: Base, request: &str, values: impl IntoIterator<Item = &'v Value>, env: &mut Env<'_>) -> Outcome {
    let request = RequestValue::read(base, request, env.readings);
    let mut unreadable = matches!(request, RequestValue::Unreadable);
    let positive = values.into_iter().any(|value| {
        unreadable |= *value == Value::Unreadable;
        value.prepare(env).is_satisfied_by(base, &request, env.readings)
    });
    Outcome { positive, unreadable }
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

/// What comparing one value of the request with the policy's came to.
#[derive(Clone, Copy)]
struct Outcome {
    /// Whether the positive form of the operator is satisfied.
    positive: bool,
    /// Whether something could not be read.
    unreadable: bool,
}

impl Outcome {
    /// A negated operator is the complement of its twin, also where something could not be read.
    fn complement(self, env: &mut Env<'_>) -> bool {
        if self.unreadable && !self.positive {
            env.touched.add(Choice::UnreadableNegated);
            return !env.readings.is_flipped(Choice::UnreadableNegated);
        }
        !self.positive
    }
}

/// A value with its variables filled in.
enum Prepared<'a> {
    /// It has none.
    Ready(&'a Value),
    /// What it became.
    Filled(Vec<Token<'a>>),
    /// This variable has no value.
    NoValue(&'a str),
}

impl Prepared<'_> {
    fn is_satisfied_by(&self, base: Base, request: &RequestValue<'_>, readings: Readings) -> bool {
        match self {
            Self::Ready(value) => value.is_satisfied_by(base, request),
            Self::Filled(tokens) => match (base.family(), request) {
                (Family::Arn, request) => ArnPattern::of_tokens(tokens).is_some_and(|arn| arn.matches(request)),
                (_, RequestValue::Folded(request)) => fold(&pattern::text(tokens), readings) == *request,
                (_, RequestValue::Text(request)) => pattern::matches(tokens, request),
                (_, RequestValue::Bool(request)) => literal::boolean(&pattern::text(tokens)) == Some(*request),
                _ => false,
            },
            Self::NoValue(_) => false,
        }
    }

    /// See [`RequestValue::canonical`].
    fn canonical(&self, base: Base, readings: Readings) -> Option<Cow<'_, str>> {
        match self {
            Self::Ready(value) => value.canonical(),
            Self::Filled(tokens) => match RequestValue::read(base, &pattern::text(tokens), readings) {
                RequestValue::Text(text) => Some(Cow::Owned(text.to_owned())),
                RequestValue::Folded(text) => Some(Cow::Owned(text)),
                _ => None,
            },
            Self::NoValue(_) => None,
        }
    }

    fn detail(&self) -> Detail {
        match self {
            Self::NoValue(key) => Detail::NoValue { key: (*key).to_owned() },
            Self::Filled(tokens) => Detail::Resolved(pattern::text(tokens)),
            Self::Ready(Value::Unreadable) => Detail::UnreadableValue,
            Self::Ready(_) => Detail::Plain,
        }
    }
}

impl Value {
    fn read(base: Base, text: &str, readings: Readings) -> Self {
        let read = match base.family() {
            Family::String => Some(match base {
                Base::StringLike | Base::StringNotLike => Self::Glob(pattern::glob(text)),
                _ if ignores_case(base) => Self::Folded(fold(text, readings)),
                _ => Self::Text(text.to_owned()),
            }),
            Family::Arn => ArnPattern::new(text).map(Self::Arn),
            Family::Numeric => literal::number(text).map(Self::Number),
            Family::Date => date(text, readings).map(Self::Date),
            Family::Bool | Family::Null => literal::boolean(text).map(Self::Bool),
            Family::Binary => literal::binary(text).map(Self::Bytes),
            Family::IpAddress if readings.is_flipped(Choice::Ipv6WithoutPrefix) && is_bare_ipv6(text) => {
                literal::ip_range(&format!("{text}/32")).map(Self::Net)
            }
            Family::IpAddress => literal::ip_range(text).map(Self::Net),
        };
        read.unwrap_or(Self::Unreadable)
    }

    /// See [`RequestValue::canonical`].
    fn canonical(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::Text(text) | Self::Folded(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.canonical()),
            Self::Date(date) => Cow::Owned(canonical_date(date)),
            Self::Bool(value) => Cow::Borrowed(canonical_bool(*value)),
            Self::Bytes(bytes) => Cow::Owned(canonical_bytes(bytes)),
            Self::Glob(_) | Self::Arn(_) | Self::Template(_) | Self::Net(_) | Self::Unreadable => return None,
        })
    }

    fn prepare<'v, 'a: 'v>(&'v self, env: &mut Env<'a>) -> Prepared<'v> {
        let Self::Template(template) = self else {
            return Prepared::Ready(self);
        };
        match env.fill(template) {
            Filled::Tokens(tokens) => Prepared::Filled(tokens),
            Filled::NoValue { key } => Prepared::NoValue(key),
        }
    }

    fn is_satisfied_by(&self, base: Base, request: &RequestValue<'_>) -> bool {
        match (self, request) {
            (Self::Text(text), RequestValue::Text(request)) => text == request,
            (Self::Folded(text), RequestValue::Folded(request)) => text == request,
            (Self::Glob(pattern), RequestValue::Text(request)) => pattern.matches(request),
            (Self::Arn(pattern), request) => pattern.matches(request),
            (Self::Number(policy), RequestValue::Number(request)) => ordered(base, request.cmp(policy)),
            (Self::Date(policy), RequestValue::Date(request)) => ordered(base, request.cmp(policy)),
            (Self::Bool(policy), RequestValue::Bool(request)) => policy == request,
            (Self::Bytes(policy), RequestValue::Bytes(request)) => policy == request,
            (Self::Net(net), RequestValue::Address(address)) => net.contains(address),
            _ => false,
        }
    }
}

/// Reads the ordering of request to policy as the operator does: `NumericLessThan` holds where the request is less
/// than the policy's value.
fn ordered(base: Base, ordering: core::cmp::Ordering) -> bool {
    match base {
        Base::NumericLessThan | Base::DateLessThan => ordering.is_lt(),
        Base::NumericLessThanEquals | Base::DateLessThanEquals => ordering.is_le(),
        Base::NumericGreaterThan | Base::DateGreaterThan => ordering.is_gt(),
        Base::NumericGreaterThanEquals | Base::DateGreaterThanEquals => ordering.is_ge(),
        _ => ordering.is_eq(),
    }
}

impl ArnPattern {
    /// Splits on the first five colons; `None` where there are fewer and it is not the lone `*`.
    fn new(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::Any);
        }
        let mut parts = text.splitn(6, ':').map(pattern::glob);
        let mut next = || parts.next();
        Some(Self::Parts(Box::new([next()?, next()?, next()?, next()?, next()?, next()?])))
    }

    /// The same for a template that is filled in.
    fn of_tokens(tokens: &[Token<'_>]) -> Option<Self> {
        if let [Token::Many { .. }] = tokens {
            return Some(Self::Any);
        }
        let mut parts = pattern::fields(tokens).into_iter().map(Pattern::new);
        let mut next = || parts.next();
        Some(Self::Parts(Box::new([next()?, next()?, next()?, next()?, next()?, next()?])))
    }

    fn matches(&self, request: &RequestValue<'_>) -> bool {
        match (self, request) {
            (Self::Any, _) => true,
            (Self::Parts(parts), RequestValue::Arn(request)) => {
                parts.iter().zip(request).all(|(part, request)| part.matches(request))
            }
            _ => false,
        }
    }
}

impl<'a> RequestValue<'a> {
    fn read(base: Base, text: &'a str, readings: Readings) -> Self {
        let read = match base.family() {
            Family::String if ignores_case(base) => Some(Self::Folded(fold(text, readings))),
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

    /// A text that two values have in common exactly where an operator that asks for equality finds them equal.
    fn canonical(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Folded(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.canonical()),
            Self::Date(date) => Cow::Owned(canonical_date(date)),
            Self::Bool(value) => Cow::Borrowed(canonical_bool(*value)),
            Self::Bytes(bytes) => Cow::Owned(canonical_bytes(bytes)),
            Self::Arn(_) | Self::Address(_) | Self::Unreadable => return None,
        })
    }
}

fn canonical_date(date: &Instant) -> String {
    [date.seconds.to_string(), date.nanoseconds.to_string()].join(".")
}

fn canonical_bool(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

fn canonical_bytes(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
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

/// Whether an address of the policy is one of IPv6, without a prefix.
fn is_bare_ipv6(text: &str) -> bool {
    text.contains(':') && !text.contains('/')
}

fn ignores_case(base: Base) -> bool {
    matches!(base, Base::StringEqualsIgnoreCase | Base::StringNotEqualsIgnoreCase)
}

/// Lower case, letter by letter; under the other reading of ASCII letters only.
fn fold(text: &str, readings: Readings) -> String {
    if readings.is_flipped(Choice::FoldsBeyondAscii) {
        return text.to_ascii_lowercase();
    }
    text.chars().flat_map(char::to_lowercase).collect()
}
