//! Conditions that hold, or fail, where their author did not think of it.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use super::{Context, is_key, replace_operator};
use crate::parse::Findings;
use crate::seen::Seen;
use crate::template::{Part, split};
use crate::{Base, Condition, Diagnostic, Family, SetOperator, Statement, Version, literal};
use ipnet::IpNet;

pub(super) fn for_all_values(_: Context<'_>, statement: &Statement, findings: &mut Findings) {
    if !statement.allows() {
        return;
    }
    let required = statement.required_keys();
    for condition in &statement.conditions {
        let all = condition
            .operator
            .is_some_and(|operator| operator.set == Some(SetOperator::ForAllValues) && operator.base != Base::Null);
        let key = &condition.key.value;
        if all && !required.has(&key.to_ascii_lowercase()) {
            findings.push(
                Diagnostic::warning(
                    "for-all-values-absent",
                    condition.operator_name.span,
                    format!("`ForAllValues` holds also where the request has no `{key}` at all"),
                )
                .help(format!("add `\"Null\": {{\"{key}\": \"false\"}}`, so that there must be one")),
            );
        }
    }
}

/// Whether wildcards stand in what is written as text; in `${*}` they are meant literally.
fn has_wildcard(text: &str, version: Version) -> bool {
    match version {
        Version::V2008 => text.contains(['*', '?']),
        Version::V2012 => split(text)
            .any(|part| matches!(part, Part::Text(text) | Part::Malformed(text) if text.contains(['*', '?']))),
    }
}

pub(super) fn wildcards(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    for condition in &statement.conditions {
        let Some(mut operator) = condition.operator else {
            continue;
        };
        let wild = |value: &&crate::ConditionValue| has_wildcard(&value.text, context.document.version);
        let Some(value) = condition.values.iter().find(wild) else {
            continue;
        };
        let base = operator.base;
        let like = match base {
            Base::StringEquals | Base::StringEqualsIgnoreCase => Base::StringLike,
            Base::StringNotEquals | Base::StringNotEqualsIgnoreCase => Base::StringNotLike,
            Base::ArnEquals => Base::ArnLike,
            Base::ArnNotEquals => Base::ArnNotLike,
            _ => continue,
        };
        operator.base = like;
        let by = operator.to_string();
        if base.family() == Family::Arn {
            findings.push(replace_operator(
                Diagnostic::warning(
                    "arn-equals-wildcard",
                    value.span,
                    format!("`{}` treats `*` and `?` as wildcards, whatever its name says", base.name()),
                )
                .help(format!("`{by}` does the same and says so")),
                condition,
                &by,
            ));
            continue;
        }
        let diagnostic = Diagnostic::warning(
            "wildcard-in-string-equals",
            value.span,
            format!("`{}` takes `*` and `?` as plain characters", base.name()),
        )
        .help(format!("for wildcards use `{by}`"));
        let ignores_case = matches!(base, Base::StringEqualsIgnoreCase | Base::StringNotEqualsIgnoreCase);
        findings.push(if ignores_case { diagnostic } else { replace_operator(diagnostic, condition, &by) });
    }
}

/// Keys that name one account, organization or network: a wildcard there lets in strangers.
const SENSITIVE: [&str; 10] = [
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:vpceaccount",
    "aws:vpceorgid",
];

pub(super) fn sensitive_keys(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    for condition in SENSITIVE.iter().flat_map(|key| statement.on_key(key)) {
        if !condition.operator.is_some_and(|operator| operator.base.wildcards()) {
            continue;
        }
        let wild = |value: &&crate::ConditionValue| has_wildcard(&value.text, context.document.version);
        for value in condition.values.iter().filter(wild) {
            findings.push(
                Diagnostic::warning(
                    "sensitive-key-wildcard",
                    value.span,
                    format!("`{}` matches strangers too: `{}` names one owner", value.text, condition.key.value),
                )
                .help("write the whole id, with `StringEquals`"),
            );
        }
    }
}

/// Two operators on one key are both needed; for "either" the values go into one list.
pub(super) fn same_key_twice(_: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let compares = |condition: &Condition| {
        condition.operator.is_some_and(|operator| {
            let equality = !matches!(
                operator.base,
                Base::NumericLessThan
                    | Base::NumericLessThanEquals
                    | Base::NumericGreaterThan
                    | Base::NumericGreaterThanEquals
                    | Base::DateLessThan
                    | Base::DateLessThanEquals
                    | Base::DateGreaterThan
                    | Base::DateGreaterThanEquals
                    | Base::Null
            );
            equality && !operator.base.negated() && operator.set.is_none()
        })
    };
    let mut seen = Seen::default();
    for (number, condition) in statement.conditions.iter().enumerate().filter(|(_, condition)| compares(condition)) {
        let first = seen.before(&condition.key.value.to_ascii_lowercase(), number);
        if let Some(first) = first.and_then(|first| statement.conditions.get(first))
            && first.operator_name.span != condition.operator_name.span
        {
            findings.push(
                Diagnostic::warning(
                    "conditions-are-anded",
                    condition.key.span,
                    format!(
                        "`{}` must pass both `{}` and `{}`",
                        condition.key.value, first.operator_name.value, condition.operator_name.value
                    ),
                )
                .help("for one or the other, list the values under one operator, or write two statements")
                .related(first.key.span, "first tested here"),
            );
        }
    }
}

/// Ranges that no request from the internet comes from.
const PRIVATE: [&str; 6] =
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "fc00::/7"];

pub(super) fn source_ip(_: Context<'_>, statement: &Statement, findings: &mut Findings) {
    for condition in statement.on_key("aws:sourceip") {
        let Some(operator) = condition.operator.filter(|operator| operator.base.family() == Family::IpAddress) else {
            continue;
        };
        let private =
            |range: &IpNet| PRIVATE.iter().filter_map(|net| literal::ip_range(net)).any(|net| net.contains(range));
        for value in &condition.values {
            if literal::ip_range(&value.text).is_some_and(|range| private(&range)) {
                findings.push(
                    Diagnostic::warning(
                        "private-source-ip",
                        value.span,
                        format!("no request has a `aws:SourceIp` in `{}`: it is the public address", value.text),
                    )
                    .help("for addresses inside a VPC test `aws:VpcSourceIp`, together with `aws:SourceVpc`"),
                );
            }
        }
        let exempted =
            ["aws:viaawsservice", "aws:principalisawsservice", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"]
                .iter()
                .any(|key| statement.on_key(key).next().is_some());
        if operator.base == Base::NotIpAddress && statement.denies() && !exempted {
            findings.push(
                Diagnostic::warning(
                    "deny-not-ip-address",
                    condition.operator_name.span,
                    "this also denies what AWS services do for the caller, and calls through VPC endpoints, which have no `aws:SourceIp`",
                )
                .help("add `\"BoolIfExists\": {\"aws:ViaAWSService\": \"false\"}`"),
            );
        }
    }
}

/// Keys that many requests do not have.
const ABSENT: [&str; 12] = [
    "aws:principaltag/",
    "aws:resourcetag/",
    "aws:requesttag/",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:resourceorgid",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:username",
];

/// A negated operator holds where the key is absent, with and without `IfExists`: a `Deny` then denies.
pub(super) fn absent_keys(_: Context<'_>, statement: &Statement, findings: &mut Findings) {
    if !statement.denies() {
        return;
    }
    let required = statement.required_keys();
    for condition in &statement.conditions {
        let Some(operator) = condition.operator.filter(|operator| operator.base.negated()) else {
            continue;
        };
        let key = &condition.key.value;
        if required.has(&key.to_ascii_lowercase()) || operator.set == Some(SetOperator::ForAnyValue) {
            continue;
        }
        let help = format!("if it should not, add `\"Null\": {{\"{key}\": \"false\"}}`");
        if operator.if_exists {
            findings.push(
                Diagnostic::warning(
                    "deny-if-exists-negated",
                    condition.operator_name.span,
                    format!(
                        "this denies where the request has no `{key}` too: `IfExists` makes the condition hold then"
                    ),
                )
                .help(help),
            );
        } else if ABSENT.iter().any(|absent| is_key(key, absent)) {
            findings.push(
                Diagnostic::warning(
                    "deny-absent-key",
                    condition.operator_name.span,
                    format!("this denies where the request has no `{key}` too"),
                )
                .help(help),
            );
        }
    }
}
