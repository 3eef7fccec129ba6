//! Guardrails of an organization that shut out more than they should.
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html>

use super::{Context, is_key};
use crate::edit::add_condition;
use crate::glob::covers;
use crate::parse::Findings;
use crate::{Diagnostic, Family, Polarity, PolicyKind, Statement};

/// Services that have one endpoint, whose calls are in `us-east-1` wherever the caller is.
const GLOBAL: [&str; 6] = ["iam", "sts", "organizations", "cloudfront", "route53", "support"];

/// A `Deny` outside some regions also denies the services that are in none.
pub(super) fn regions(_: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let negated = statement.on_key("aws:requestedregion").find(|condition| {
        condition.operator.is_some_and(|operator| operator.base.family() == Family::String && operator.base.negated())
    });
    let (Some(condition), Some(clause), true) = (negated, &statement.action, statement.denies()) else {
        return;
    };
    if condition.values.iter().any(|value| covers(&value.text, "us-east-1")) {
        return;
    }
    let listed = |service: &str| {
        let action = format!("{service}:Any");
        clause.entries.iter().any(|entry| match clause.polarity {
            Polarity::Is => entry.value == "*" || covers(&entry.value, &action),
            // One action of the service left out is enough to see that it was thought of.
            Polarity::Not => entry.value.split(':').next().is_some_and(|written| covers(written, service)),
        })
    };
    let denied: Vec<_> =
        GLOBAL.iter().copied().filter(|service| listed(service) == (clause.polarity == Polarity::Is)).collect();
    // Someone who left out most of them knows what is meant.
    let forgotten = match clause.polarity {
        Polarity::Is => denied.len() > 1,
        Polarity::Not => denied.contains(&"iam") || denied.len() > 3,
    };
    if forgotten {
        findings.push(
            Diagnostic::warning(
                "region-deny-without-global",
                condition.operator_name.span,
                format!("this also denies services that work from `us-east-1` for everyone: {}", super::some(&denied)),
            )
            .help("leave the global services out with `NotAction`, such as `iam:*`, `sts:*`, `organizations:*`, `cloudfront:*`, `route53:*`, `support:*`"),
        );
    }
}

/// Keys that a call of an AWS service for itself does not have.
const OF_PRINCIPAL: [&str; 3] = ["aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount"];

pub(super) fn service_calls(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    if context.kind != PolicyKind::Rcp || !statement.denies() {
        return;
    }
    let exempted = ["aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist"]
        .iter()
        .any(|key| statement.on_key(key).next().is_some());
    let required = statement.required_keys();
    let condition = statement.conditions.iter().find(|condition| {
        condition.operator.is_some_and(|operator| operator.base.negated())
            && !required.has(&condition.key.value.to_ascii_lowercase())
            && OF_PRINCIPAL.iter().any(|key| is_key(&condition.key.value, key))
    });
    if let (Some(condition), false) = (condition, exempted) {
        let diagnostic = Diagnostic::warning(
            "rcp-denies-services",
            condition.key.span,
            format!("this also denies AWS services that call for themselves: they have no `{}`", condition.key.value),
        )
        .help("add `\"BoolIfExists\": {\"aws:PrincipalIsAWSService\": \"false\"}`");
        let edits = add_condition(context.text, statement, "BoolIfExists", "aws:PrincipalIsAWSService", "\"false\"");
        findings.push(match edits {
            Some(edits) => diagnostic.fix("leave out AWS services", edits),
            None => diagnostic,
        });
    }
}
