//! Actions that give more than they seem to.

use super::{Context, some};
use crate::arn::Arn;
use crate::glob::covers;
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
    if context.kind != PolicyKind::Identity {
        return;
    }
    let Some(action) = passes_any_role(statement) else {
        return;
    };
    let but = statement.resource.as_ref().is_some_and(|clause| clause.polarity == Polarity::Not);
    findings.push(
        Diagnostic::warning(
            "pass-any-role",
            action.span,
            format!(
                "`{}` on every role{} lets the caller hand any of them to a service, and act through it",
                action.value,
                if but { " but the listed" } else { "" }
            ),
        )
        .help("name the roles in `Resource`, and the services in a condition on `iam:PassedToService`"),
    );
}

/// The entry of an `Allow` that covers `iam:PassRole`, where it is for every role of an account and whatever service.
pub(super) fn passes_any_role(statement: &Statement) -> Option<&Spanned<String>> {
    let limited = statement.on_key("iam:passedtoservice").next().is_some();
    let any = |resource: &Spanned<String>| resource.value == "*" || resource.value.ends_with(":role/*");
    let left_out = statement.resource.as_ref().filter(|clause| clause.polarity == Polarity::Not);
    let every = match left_out {
        Some(clause) => !clause.entries.iter().any(any),
        None => statement.resources().iter().any(any),
    };
    if !statement.allows() || limited || !every {
        return None;
    }
    named(statement, "iam:PassRole")
}

/// Actions that start something which runs, as a role handed to it, what the caller says.
const RUNS: [&str; 14] = [
    "lambda:CreateFunction",
    "ec2:RunInstances",
    "ecs:RegisterTaskDefinition",
    "cloudformation:CreateStack",
    "codebuild:CreateProject",
    "glue:CreateJob",
    "glue:CreateDevEndpoint",
    "sagemaker:CreateNotebookInstance",
    "sagemaker:CreateTrainingJob",
    "states:CreateStateMachine",
    "datapipeline:CreatePipeline",
    "ssm:StartAutomationExecution",
    "batch:RegisterJobDefinition",
    "apprunner:CreateService",
];

/// Any role may be handed over here, and elsewhere in the policy is what would run with it.
pub(super) fn pass_and_run(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let Some(pass) = context.passes_any_role.filter(|_| statement.allows()) else {
        return;
    };
    let found: Vec<_> =
        RUNS.iter().copied().filter_map(|name| named(statement, name).map(|action| (name, action))).collect();
    if let [(_, first), ..] = found.as_slice() {
        let names: Vec<_> = found.iter().map(|(name, _)| *name).collect();
        findings.push(
            Diagnostic::warning(
                "pass-role-and-run",
                first.span,
                format!("with any role to hand over, the caller of {} acts as the most powerful of them", some(&names)),
            )
            .help(
                "name the roles that `iam:PassRole` is for, and their service in a condition on `iam:PassedToService`",
            )
            .related(pass.span, "any role may be handed over here"),
        );
    }
}

/// A role that a service makes for itself, with rights that the service has chosen.
pub(super) fn service_linked_role(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let limited = statement.on_key("iam:awsservicename").next().is_some();
    let any = |resource: &Spanned<String>| {
        resource.value == "*"
            || resource.value.ends_with(":role/*")
            || resource.value.ends_with(":role/aws-service-role/*")
    };
    let wide = statement.resources().iter().any(any);
    if context.kind != PolicyKind::Identity || !statement.allows() || limited || !wide {
        return;
    }
    let action = named(statement, "iam:CreateServiceLinkedRole");
    // `iam:*` gives more than that, and has its finding.
    if let Some(action) = action.filter(|action| !action.value.ends_with(":*")) {
        findings.push(
            Diagnostic::warning(
                "any-service-linked-role",
                action.span,
                "this lets the caller make a service-linked role for any service of AWS",
            )
            .help("name the service in a condition on `iam:AWSServiceName`, or its role in `Resource`"),
        );
    }
}

pub(super) fn assume_any_role(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    if context.kind != PolicyKind::Identity || !statement.allows() || !statement.conditions.is_empty() {
        return;
    }
    let any = |resource: &Spanned<String>| resource.value == "*" || resource.value.ends_with(":role/*");
    let exact = |action: &&Spanned<String>| action.value.eq_ignore_ascii_case("sts:AssumeRole");
    if let (Some(action), true) = (statement.actions().iter().find(exact), statement.resources().iter().any(any)) {
        findings.push(
            Diagnostic::info(
                "assume-any-role",
                action.span,
                "this is for every role whose trust policy lets the caller in, in other accounts too",
            )
            .help("name the roles in `Resource`"),
        );
    }
}

/// `*:Get*`: a service is not named.
pub(super) fn every_service(_: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let open = |action: &&Spanned<String>| action.value.starts_with("*:") && action.value != "*:*";
    if let Some(action) = statement.actions().iter().find(open) {
        let name = action.value.get(2..).unwrap_or("");
        findings.push(
            Diagnostic::info(
                "every-service",
                action.span,
                format!("this covers the actions `{name}` of every service, future ones included"),
            )
            .help("name the services, such as `s3:Get*`"),
        );
    }
}

/// Buckets and keys have the actions of their own service only.
pub(super) fn foreign_action(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let own: &[&str] = match context.kind {
        PolicyKind::Resource(ResourceType::Bucket) => &["s3"],
        PolicyKind::Resource(ResourceType::Key) => &["kms"],
        _ => return,
    };
    for action in statement.action.iter().flat_map(|clause| &clause.entries) {
        let Some((service, _)) = action.value.split_once(':') else {
            continue;
        };
        if service != "*" && !service.is_empty() && !own.iter().any(|own| own.eq_ignore_ascii_case(service)) {
            findings.push(
                Diagnostic::warning(
                    "foreign-action",
                    action.span,
                    format!("`{}` is never asked of what this {} is attached to", action.value, context.kind.name()),
                )
                .help(format!("here stand actions of `{}` only; AWS refuses to save others", own.join("`, `"))),
            );
        }
    }
}

/// Whether a resource may be of the sort that one of the [`ESCALATION`] actions is asked of: an action on policies does
/// nothing on `user/*`.
fn may_be_of(resource: &str, action: &str) -> bool {
    let sort = match action {
        "iam:CreatePolicyVersion" | "iam:SetDefaultPolicyVersion" => "policy",
        _ if action.contains("Group") => "group",
        _ if action.contains("Role") => "role",
        _ => "user",
    };
    let written = Arn::split(resource).and_then(|arn| arn.resource.split_once('/')).map(|(word, _)| word);
    written.is_none_or(|word| word == sort || word.contains(['*', '?', '$']))
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
    // Most statements are about another service.
    let of_iam = |action: &Spanned<String>| action.value.starts_with(['i', 'I', '*', '?']);
    if !statement.actions().iter().any(of_iam) {
        return;
    }
    let on_such = |name: &str| statement.resources().iter().any(|resource| may_be_of(&resource.value, name));
    let found: Vec<_> = ESCALATION
        .iter()
        .copied()
        .filter_map(|name| named(statement, name).map(|action| (name, action)))
        .filter(|(name, _)| on_such(name))
        .collect();
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
        .find(|action| covers(&action.value, name) && action.value.contains(':') && action.value != "*:*")
}
