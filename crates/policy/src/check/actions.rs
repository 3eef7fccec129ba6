//! Actions that give more than they seem to.

use super::glob::covers;
use super::{Context, some};
use crate::parse::Findings;
use crate::{Diagnostic, Polarity, PolicyKind, ResourceType, Spanned, Statement};

/// Actions with which a caller can give itself whatever it lacks.
const ESCALATION: [&str; 16] = [
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:AttachUserPolicy",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:PutUserPolicy",
    "iam:PutGroupPolicy",
    "iam:PutRolePolicy",
    "iam:AddUserToGroup",
    "iam:UpdateAssumeRolePolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:UpdateLoginProfile",
    "iam:DeleteUserPermissionsBoundary",
    "iam:DeleteRolePermissionsBoundary",
    "iam:PutRolePermissionsBoundary",
];

pub(super) fn not_action(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let Some(clause) = &statement.action else {
        return;
    };
    if clause.polarity == Polarity::Is || !statement.allows() || !context.grants() {
        return;
    }
    let trust = context.kind == PolicyKind::Resource(ResourceType::Role);
    let everywhere = statement.every_resource();
    let listed: Vec<_> = clause.entries.iter().map(|entry| entry.value.as_str()).collect();
    if listed.contains(&"*") {
        findings.push(
            Diagnostic::warning(
                "not-action-star",
                clause.span,
                "`NotAction` with `*` leaves no action: the statement never matches",
            )
            .help("remove the statement, or list what to leave out"),
        );
        return;
    }
    findings.push(
        Diagnostic::warning(
            "allow-not-action",
            clause.span,
            if everywhere {
                format!("this allows every action of every service but {}", some(&listed))
            } else {
                format!("this allows every action but {}, future ones included", some(&listed))
            },
        )
        .help(if trust {
            "list the actions in `Action`: a trust policy needs `sts:AssumeRole` and a few more"
        } else {
            "list what is allowed in `Action`; to forbid something, use `Deny`"
        }),
    );
}

pub(super) fn administrator(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let star = statement.actions().iter().find(|action| matches!(action.value.as_str(), "*" | "*:*"));
    let Some(star) = star else {
        return;
    };
    if context.kind == PolicyKind::Identity && statement.allows() && statement.every_resource() {
        findings.push(
            Diagnostic::warning("full-administrator", star.span, "this allows every action on every resource")
                .help("list the services and actions that are needed, such as `s3:*`"),
        );
    }
}

pub(super) fn pass_role(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let limited = statement.on_key("iam:passedtoservice").next().is_some();
    if context.kind != PolicyKind::Identity || !statement.allows() || limited || !statement.every_resource() {
        return;
    }
    let Some(action) = named(statement, "iam:PassRole") else {
        return;
    };
    findings.push(
        Diagnostic::warning(
            "pass-any-role",
            action.span,
            format!(
                "`{}` on every resource lets the caller hand any role to a service, and act through it",
                action.value
            ),
        )
        .help("name the roles in `Resource`, and the services in a condition on `iam:PassedToService`"),
    );
}

pub(super) fn escalation(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let limited = statement.on_key("iam:permissionsboundary").next().is_some()
        || statement.on_key("iam:policyarn").next().is_some();
    let wide = statement.resources().iter().any(|resource| {
        let text = resource.value.as_str();
        text == "*" || (text.ends_with([':', '/', '*']) && text.ends_with('*') && !text.contains('$'))
    });
    if context.kind != PolicyKind::Identity || !statement.allows() || limited || !wide {
        return;
    }
    let found: Vec<_> =
        ESCALATION.iter().copied().filter_map(|name| named(statement, name).map(|action| (name, action))).collect();
    if let [(_, first), ..] = found.as_slice() {
        let names: Vec<_> = found.iter().map(|(name, _)| *name).collect();
        findings.push(
            Diagnostic::warning(
                "privilege-escalation",
                first.span,
                format!("whoever has {} on so many resources can become administrator", some(&names)),
            )
            .help("name the users, roles or policies in `Resource`, or ask for a boundary with a condition on `iam:PermissionsBoundary`"),
        );
    }
}

/// The entry of `Action` that covers the action; `*` alone is not counted, it has a finding of its own.
fn named<'s>(statement: &'s Statement, name: &str) -> Option<&'s Spanned<String>> {
    statement
        .actions()
        .iter()
        .find(|action| action.value.contains(':') && action.value != "*:*" && covers(&action.value, name))
}
