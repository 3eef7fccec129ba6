//! Condition keys that do not exist, that requests for the actions do not have, or that the operator does not fit.

use evaluator::keys::Key;
use policy::edit::{replace, replace_operator};
use policy::{Base, Condition, Diagnostic, Effect, Family, Operator, SetOperator, Statement};
use reference::{Action, KeyType, KeyUse, ResourceType, Review, Support, UsedResource};

use super::{Scope, some};

/// For how many pairs of key and action it is looked up whether they go together.
const PAIRS: usize = 20_000;

pub(super) fn keys<'p, 'r>(
    scope: &mut Scope<'p, 'r>,
    statement: &'p Statement,
    review: &Review<'p, 'r>,
    found: &mut Vec<Diagnostic>,
) {
    for used in &review.keys {
        let Some(operator) = used.condition.operator else {
            continue;
        };
        if used.key.is_none() {
            found.extend(unknown(scope, used));
            continue;
        }
        found.extend(unsupported(scope, statement, review, used));
        // The report knows the types of the keys in its own table.
        if Key::find(&used.condition.key.value).is_none() {
            found.extend(operator_finding(statement, used, operator));
        }
    }
}

fn unknown(scope: &Scope<'_, '_>, used: &KeyUse<'_, '_>) -> Option<Diagnostic> {
    let name = &used.condition.key;
    let (prefix, _) = name.value.split_once(':')?;
    // Identity providers bring keys of their own: `auth.example.com:sub`.
    if prefix.contains(['.', '/']) || prefix.is_empty() || Key::find(&name.value).is_some() {
        return None;
    }
    let service = scope.reference.service(prefix);
    let known_prefix = service.is_some() || ["aws", "saml"].iter().any(|known| prefix.eq_ignore_ascii_case(known));
    let finding = Diagnostic::warning(
        "unknown-condition-key",
        name.span,
        match service {
            Some(service) => format!("{} has no condition key `{}` that is known", service.name(), name.value),
            None if known_prefix => format!("`{}` is no condition key that is known", name.value),
            None => format!("no service that is known has the prefix `{prefix}`: `{}` is no condition key", name.value),
        },
    );
    Some(match &used.nearest {
        Some(meant) => finding
            .help(format!("did you mean `{meant}`?"))
            .fix(format!("replace with `{meant}`"), replace(name.span, meant)),
        None => finding.help("no request has it, so the condition does not depend on the request; it may be newer than what is known here"),
    })
}

/// What becomes of a condition whose key is never there.
fn without_key(condition: &Condition) -> &'static str {
    let Some(operator) = condition.operator else {
        return "";
    };
    if requires(condition) {
        return "the condition never holds";
    }
    match operator.base {
        Base::Null => "the condition always holds",
        _ if operator.set == Some(SetOperator::ForAnyValue) => "the condition never holds",
        _ => "the condition always holds",
    }
}

/// Whether a condition is false where the key is absent.
fn requires(condition: &Condition) -> bool {
    let Some(operator) = condition.operator else {
        return false;
    };
    match operator.base {
        Base::Null => condition.values.iter().any(|value| value.text.eq_ignore_ascii_case("false")),
        base => {
            let any = operator.set == Some(SetOperator::ForAnyValue);
            !operator.if_exists && (any || operator.set.is_none() && !base.negated())
        }
    }
}

/// Global keys that only some services fill in.
const TAGS: [&str; 3] = ["aws:ResourceTag/", "aws:RequestTag/", "aws:TagKeys"];

fn is_tag(key: &str) -> bool {
    TAGS.iter().any(|tag| starts(key, tag))
}

/// Whether a key begins so, case aside.
fn starts(key: &str, start: &str) -> bool {
    key.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start))
}

/// The actions of a statement that are written out, where all are.
fn written_out<'r>(scope: &Scope<'_, 'r>, review: &Review<'_, 'r>) -> Option<Vec<Action<'r>>> {
    review.actions.iter().map(|used| scope.reference.action(&used.entry.value)).collect()
}

fn unsupported(
    scope: &Scope<'_, '_>,
    statement: &Statement,
    review: &Review<'_, '_>,
    used: &KeyUse<'_, '_>,
) -> Option<Diagnostic> {
    let name = &used.condition.key;
    let tag = is_tag(&name.value);
    let unlisted = match used.support {
        Support::Unlisted => true,
        Support::Global if tag => {
            if review.keys.len().saturating_mul(review.actions.len()) > PAIRS {
                return None;
            }
            let plain = statement.action.as_ref().is_some_and(|clause| clause.polarity == policy::Polarity::Is);
            let actions = written_out(scope, review).filter(|actions| plain && !actions.is_empty())?;
            !actions.iter().any(|action| action.supports_key(&name.value))
        }
        _ => false,
    };
    if !unlisted {
        return None;
    }
    let result = without_key(used.condition);
    let prefix = name.value.split(':').next().unwrap_or("");
    let with_key = scope.reference.service(prefix).into_iter().flat_map(|service| service.actions());
    let examples = some(with_key.filter(|action| action.supports_key(&name.value)).map(|action| action.to_string()));
    let finding = Diagnostic::warning(
        "unsupported-condition-key",
        name.span,
        format!("AWS lists `{}` for none of these actions: {result}", name.value),
    );
    Some(match (tag, examples.as_str()) {
        (true, _) => finding.help("these actions know no tags; name the resources instead"),
        (false, "") => finding.help("give the actions that have it a statement of their own"),
        (false, examples) => finding.help(format!("requests for {examples} have it")),
    })
}

fn operator_finding(statement: &Statement, used: &KeyUse<'_, '_>, operator: Operator) -> Option<Diagnostic> {
    let condition = used.condition;
    let (name, key) = (&condition.operator_name, &condition.key.value);
    let with = |set: Option<SetOperator>, base: Base| Operator { set, base, ..operator }.to_string();
    let replaced = |finding: Diagnostic, by: &str| operator_replaced(finding, statement, condition, by);
    if used.lacks_set_operator {
        let (any, all) =
            (with(Some(SetOperator::ForAnyValue), operator.base), with(Some(SetOperator::ForAllValues), operator.base));
        let finding = Diagnostic::warning(
            "missing-set-operator",
            name.span,
            format!("`{key}` holds a list of values; without a set operator `{}` never matches", name.value),
        )
        .help(format!("write `{any}` (one of the values) or `{all}` (every value)"));
        return Some(if operator.base.negated() { finding } else { replaced(finding, &any) });
    }
    if let (Some(set), true) = (operator.set, used.needless_set_operator && operator.base != Base::Null) {
        let by = with(None, operator.base);
        let finding = Diagnostic::warning(
            "set-operator-on-single-valued-key",
            name.span,
            format!("`{key}` holds one value; `{}` on it is overly permissive", set.name()),
        )
        .help(format!("write `{by}` without `{}:`", set.name()));
        return Some(replaced(finding, &by));
    }
    // Bytes in base64 are listed as text.
    let misfit = !used.operator_fits && operator.base.family() != Family::Binary;
    let key_type = used.key.filter(|_| misfit)?.value_type();
    // A service's encryption context is the ARN of what it encrypts, and AWS's own key policies compare it as one.
    if starts(key, "kms:EncryptionContext:") && operator.base.family() == Family::Arn {
        return None;
    }
    let (what, wanted, base) = expected(key_type);
    let finding = Diagnostic::warning(
        "operator-type-mismatch",
        name.span,
        format!("`{}` does not fit `{key}`, which is {what}", operator.base.name()),
    )
    .help(format!("use {wanted}"));
    let base = base.filter(|_| operator.base == Base::StringEquals || operator.base == Base::StringLike);
    Some(match base {
        Some(base) => {
            let by = with(operator.set, base);
            replaced(finding, &by)
        }
        None => finding,
    })
}

/// The finding with the operator replaced, where that can be done by itself.
fn operator_replaced(finding: Diagnostic, statement: &Statement, condition: &Condition, by: &str) -> Diagnostic {
    match replace_operator(statement, condition, by) {
        Some(edits) => finding.fix(format!("replace with `{by}`"), edits),
        None => finding,
    }
}

/// What a key's values are, which operators fit, and the one to take in place of a plain comparison of text.
fn expected(key_type: KeyType) -> (&'static str, &'static str, Option<Base>) {
    match key_type {
        KeyType::String => ("text", "a string operator such as `StringEquals` or `StringLike`", None),
        KeyType::Arn => ("an ARN", "`ArnLike` or `ArnEquals`", None),
        KeyType::Bool => ("true or false", "`Bool`", Some(Base::Bool)),
        KeyType::Numeric => ("a number", "a numeric operator such as `NumericLessThan`", Some(Base::NumericEquals)),
        KeyType::Date => ("a date", "a date operator such as `DateLessThan`", Some(Base::DateEquals)),
        KeyType::IpAddress => ("an IP address", "`IpAddress` or `NotIpAddress`", Some(Base::IpAddress)),
    }
}

/// Keys that only some of the listed actions have, or only some of the resources that one action needs.
pub(super) fn partial<'p, 'r>(
    scope: &mut Scope<'p, 'r>,
    statement: &'p Statement,
    review: &Review<'p, 'r>,
    found: &mut Vec<Diagnostic>,
) {
    let Some(effect) = statement.effect.as_ref().map(|effect| effect.value) else {
        return;
    };
    if review.keys.len().saturating_mul(review.actions.len()) > PAIRS {
        return;
    }
    let plain = statement.action.as_ref().is_some_and(|clause| clause.polarity == policy::Polarity::Is);
    for used in review.keys.iter().filter(|_| plain) {
        let key = &used.condition.key;
        // Tags are listed nowhere as keys of a service, but for each action that knows them.
        let listed = matches!(used.support, Support::Listed(_));
        let tag = used.support == Support::Global && is_tag(&key.value);
        if !listed && !tag || !requires(used.condition) {
            continue;
        }
        let lacking: Vec<_> = review
            .actions
            .iter()
            .filter_map(|used| Some((used.entry, scope.reference.action(&used.entry.value)?)))
            .filter(|(_, action)| !action.supports_key(&key.value))
            .collect();
        // That none has it is said elsewhere.
        let none = lacking.len() == review.actions.len();
        if let Some((first, _)) = lacking.first().filter(|_| !none) {
            let what = if effect == Effect::Allow { "allows" } else { "denies" };
            let names = some(lacking.iter().map(|(entry, _)| entry.value.clone()));
            found.push(
                Diagnostic::warning(
                    "partial-condition-key",
                    key.span,
                    format!("requests for {names} do not have `{}`: the statement never {what} them", key.value),
                )
                .help("give them a statement of their own, without this condition")
                .related(first.span, "the first action without the key"),
            );
        }
        if listed && effect == Effect::Allow {
            found.extend(some_resources(scope, statement, review, used));
        }
    }
}

/// `ec2:RunInstances` asks about an instance, an image, a subnet and more; only the instance has `ec2:InstanceType`.
fn some_resources(
    scope: &Scope<'_, '_>,
    statement: &Statement,
    review: &Review<'_, '_>,
    used: &KeyUse<'_, '_>,
) -> Option<Diagnostic> {
    let key = &used.condition.key;
    let patterns: Vec<_> = review.resources.iter().map(|used| used.entry.value.as_str()).collect();
    if statement.resource.as_ref().is_none_or(|clause| clause.polarity == policy::Polarity::Not) {
        return None;
    }
    let actions = review.actions.iter().filter_map(|used| scope.reference.action(&used.entry.value));
    for action in actions.filter(|action| !action.condition_keys().any(|own| own.covers(&key.value))) {
        let needed: Vec<UsedResource<'_>> = action
            .resources()
            .filter(|used| used.required && patterns.iter().any(|pattern| names(pattern, used.resource_type)))
            .collect();
        let has = |used: &&UsedResource<'_>| {
            used.condition_keys().chain(used.resource_type.condition_keys()).any(|known| known.covers(&key.value))
        };
        let with = needed.iter().filter(has).count();
        let without: Vec<_> = needed.iter().filter(|used| !has(used)).collect();
        if with == 0 || without.is_empty() {
            continue;
        }
        let names = some(without.iter().map(|used| used.resource_type.name().to_owned()));
        return Some(
            Diagnostic::warning(
                "key-of-some-resources",
                key.span,
                format!("`{action}` also needs {names}, which do not have `{}`: the call as a whole is never allowed", key.value),
            )
            .help("let this statement name only the resources with the key, and allow the others in a statement of their own"),
        );
    }
    None
}

/// Whether a pattern is for resources of this type: its resource begins with the same word. (That a `*` could run over
/// everything else as well is not what its author means.)
fn names(pattern: &str, kind: ResourceType<'_>) -> bool {
    let word = |arn: &str| {
        let resource = arn.splitn(6, ':').nth(5).unwrap_or("").to_owned();
        resource.split([':', '/']).next().unwrap_or("").to_owned()
    };
    let written = word(pattern);
    let open = pattern == "*" || written.contains(['*', '?', '$']);
    kind.fits(pattern)
        && (open || kind.arn_formats().any(|format| word(format) == written || word(format).contains('$')))
}

/// A `*` in a text operator runs over the colons of an ARN.
pub(super) fn arns_as_text<'p, 'r>(
    _: &mut Scope<'p, 'r>,
    statement: &'p Statement,
    review: &Review<'p, 'r>,
    found: &mut Vec<Diagnostic>,
) {
    for used in &review.keys {
        let condition = used.condition;
        let Some(operator) = condition.operator else {
            continue;
        };
        let arn = used.key.is_some_and(|key| key.value_type() == KeyType::Arn);
        let base = match operator.base {
            Base::StringLike => Base::ArnLike,
            Base::StringNotLike => Base::ArnNotLike,
            _ => continue,
        };
        let wild = condition.values.iter().find(|value| value.text.contains(['*', '?']));
        let (Some(wild), true) = (wild, arn && operator.base.family() == Family::String) else {
            continue;
        };
        let by = Operator { base, ..operator }.to_string();
        let arns = condition.values.iter().all(|value| policy::arn::Arn::split(&value.text).is_some());
        let finding = Diagnostic::warning(
            "arn-compared-as-text",
            condition.operator_name.span,
            format!("`{}` compares an ARN as text: `*` then runs over its colons too", operator.base.name()),
        )
        .help(format!("use `{by}`, which compares field by field"))
        .related(wild.span, "a wildcard");
        found.push(if arns { operator_replaced(finding, statement, condition, &by) } else { finding });
    }
}
