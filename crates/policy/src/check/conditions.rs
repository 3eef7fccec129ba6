//! Conditions that hold, or fail, where their author did not think of it.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use super::{Context, is_key, replace_operator};
use crate::arn::Arn;
use crate::edit::{self, add_condition};
use crate::parse::Findings;
use crate::seen::Seen;
use crate::template::{Part, split};
use crate::{Base, Condition, Diagnostic, Family, SetOperator, Statement, Version, literal};
use ipnet::IpNet;

pub(super) fn for_all_values(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    if !statement.allows() {
        return;
    }
    let is_for_all = |condition: &Condition| {
        condition
            .operator
            .is_some_and(|operator| operator.set == Some(SetOperator::ForAllValues) && operator.base != Base::Null)
    };
    if !statement.conditions.iter().any(is_for_all) {
        return;
    }
    let required = statement.required_keys();
    for condition in &statement.conditions {
        let all = is_for_all(condition);
        let key = &condition.key.value;
        // A request with one tag has the list of its tags' keys.
        let tag = |condition: &Condition| is_key(&condition.key.value, "aws:requesttag/") && condition.requires();
        let there = is_key(key, "aws:tagkeys") && statement.conditions.iter().any(tag);
        if all && findings.has_room() && !there && !required.has(&key.to_ascii_lowercase()) {
            let diagnostic = Diagnostic::warning(
                "for-all-values-absent",
                condition.operator_name.span,
                format!("`ForAllValues` holds also where the request has no `{key}` at all"),
            )
            .help(format!("add `\"Null\": {{\"{key}\": \"false\"}}`, so that there must be one"));
            findings.push(require(context, statement, diagnostic, key));
        }
    }
}

/// The finding with a fix that asks for the key to be there.
fn require(context: Context<'_>, statement: &Statement, diagnostic: Diagnostic, key: &str) -> Diagnostic {
    match add_condition(context.text, statement, "Null", key, "\"false\"") {
        Some(edits) => diagnostic.fix(format!("ask for `{key}` to be there"), edits),
        None => diagnostic,
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
        let Some(mut operator) = condition.operator.filter(|_| findings.has_room()) else {
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
                statement,
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
        findings.push(if ignores_case { diagnostic } else { replace_operator(diagnostic, statement, condition, &by) });
    }
}

/// Keys that name one account, organization or network: a wildcard there lets in strangers.
pub(super) const SENSITIVE: [&str; 10] = [
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
        for (value, variable) in condition
            .values
            .iter()
            .filter(|_| context.document.version == Version::V2012)
            .filter_map(|value| Some((value, super::keys::chosen_by_caller(&value.text)?)))
        {
            findings.push(
                Diagnostic::warning(
                    "sensitive-key-wildcard",
                    value.span,
                    format!(
                        "strangers can make `{variable}` what they like: `{}` names one owner",
                        condition.key.value
                    ),
                )
                .help("write the whole id"),
            );
        }
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

pub(super) fn source_ip(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
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
        for value in &condition.values {
            if literal::ip_range(&value.text).is_some_and(|range| range.prefix_len() == 0) && findings.has_room() {
                let (what, holds) = if operator.base.negated() {
                    ("no address is outside", "never holds")
                } else {
                    ("every address is in", "always holds")
                };
                findings.push(
                    Diagnostic::warning(
                        "all-addresses",
                        value.span,
                        format!("{what} `{}`: the condition {holds}", value.text),
                    )
                    .help("name the range that is meant, or remove the condition"),
                );
            }
        }
        let exempted =
            ["aws:viaawsservice", "aws:principalisawsservice", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"]
                .iter()
                .any(|key| statement.on_key(key).next().is_some());
        if operator.base == Base::NotIpAddress && statement.denies() && !exempted && findings.has_room() {
            let diagnostic = Diagnostic::warning(
                "deny-not-ip-address",
                condition.operator_name.span,
                "this also denies what AWS services do for the caller, and calls through VPC endpoints, which have no `aws:SourceIp`",
            )
            .help("add `\"BoolIfExists\": {\"aws:ViaAWSService\": \"false\"}`");
            let edits = add_condition(context.text, statement, "BoolIfExists", "aws:ViaAWSService", "\"false\"");
            findings.push(match edits {
                Some(edits) => diagnostic.fix("leave out what services do for the caller", edits),
                None => diagnostic,
            });
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

/// The keys that say whom a service calls for.
const SOURCES: [&str; 4] = ["aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"];

const ORGANIZATION: [&str; 3] = ["aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount"];

/// A negated operator holds where the key is absent, with and without `IfExists`: a `Deny` then denies, and an `Allow`
/// allows.
pub(super) fn absent_keys(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let (denies, allows) = (statement.denies(), statement.allows() && context.grants());
    let negated = |condition: &Condition| condition.operator.is_some_and(|operator| operator.base.negated());
    if !denies && !allows || !statement.conditions.iter().any(negated) {
        return;
    }
    let required = statement.required_keys();
    // Who leaves out AWS services has thought of callers without an organization.
    let of_organization = |key: &str| ORGANIZATION.iter().any(|name| is_key(key, name));
    let thought_of = statement.on_key("aws:principalisawsservice").next().is_some();
    // A service that calls for somebody says so in all of these.
    let is_source = |key: &str| SOURCES.iter().any(|name| is_key(key, name));
    let of_source = SOURCES.iter().any(|key| required.has(key));
    for condition in &statement.conditions {
        let Some(operator) = condition.operator.filter(|operator| operator.base.negated()) else {
            continue;
        };
        let key = &condition.key.value;
        if thought_of && (of_organization(key) || of_source && is_source(key)) {
            continue;
        }
        // To be there or not is all that is asked.
        if operator.base.wildcards() && condition.values.iter().any(|value| value.text == "*") {
            continue;
        }
        // A tag sets some callers free: those without it are meant, and `IfExists` says so.
        if denies && operator.if_exists && is_key(key, "aws:principaltag/") {
            continue;
        }
        // Who has policies, or a guardrail, has an account and an ARN.
        let of_caller = ["aws:principalaccount", "aws:principalarn"].iter().any(|name| is_key(key, name));
        if of_caller && !context.kind.has_principal() {
            continue;
        }
        let skip = required.has(&key.to_ascii_lowercase()) || operator.set == Some(SetOperator::ForAnyValue);
        let often_absent = ABSENT.iter().any(|absent| is_key(key, absent));
        if skip || !findings.has_room() || !(often_absent || denies && operator.if_exists) {
            continue;
        }
        let place = condition.operator_name.span;
        // Who belongs to no organization calls for an account all the same.
        let of_service = ["aws:sourceorgid", "aws:sourceorgpaths"].iter().any(|name| is_key(key, name));
        let there = if of_service && denies { "aws:SourceAccount" } else { key };
        let help = format!("if it should not, add `\"Null\": {{\"{there}\": \"false\"}}`");
        if allows {
            let message = format!("this allows where the request has no `{key}` too");
            let diagnostic = Diagnostic::warning("allow-absent-key", place, message).help(help);
            findings.push(require(context, statement, diagnostic, key));
        } else if operator.if_exists {
            let message =
                format!("this denies where the request has no `{key}` too: `IfExists` makes the condition hold then");
            findings.push(Diagnostic::warning("deny-if-exists-negated", place, message).help(help));
        } else {
            let message = format!("this denies where the request has no `{key}` too");
            findings.push(Diagnostic::warning("deny-absent-key", place, message).help(help));
        }
    }
}

/// `aws:PrincipalArn` is the role's ARN, also for its sessions.
pub(super) fn session_arns(_: Context<'_>, statement: &Statement, findings: &mut Findings) {
    for condition in statement.on_key("aws:principalarn") {
        for value in &condition.values {
            let Some(arn) = Arn::split(&value.text).filter(|arn| arn.service == "sts") else {
                continue;
            };
            let Some(session) = arn.resource.strip_prefix("assumed-role/") else {
                continue;
            };
            let role = session.split('/').next().unwrap_or(session);
            let role_arn = format!("arn:{}:iam::{}:role/{role}", arn.partition, arn.account);
            findings.push(
                Diagnostic::warning(
                    "session-arn-as-principal-arn",
                    value.span,
                    "no request has this `aws:PrincipalArn`: for a role's session it is the ARN of the role",
                )
                .help(format!("write `{role_arn}`, with the role's path where it has one; the session's name is part of `aws:userid`"))
                .fix(format!("replace with `{role_arn}`"), edit::replace(value.span, &role_arn)),
            );
        }
    }
}

/// A private address is unique within its VPC only.
pub(super) fn vpc_source_ip(_: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let paired = ["aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn"]
        .iter()
        .any(|key| statement.on_key(key).next().is_some());
    if let (Some(condition), false) = (statement.on_key("aws:vpcsourceip").next(), paired) {
        findings.push(
            Diagnostic::warning(
                "vpc-source-ip-alone",
                condition.key.span,
                "anyone can have this private address in a VPC of their own",
            )
            .help("add a condition on `aws:SourceVpc` or `aws:SourceVpce`"),
        );
    }
}
