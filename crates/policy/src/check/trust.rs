//! Role trust policies: who may assume the role, and by which call.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-custom.html>

use super::redundant::PAIRS;
use super::{Context, is_key};
use crate::arn::Arn;
use crate::edit::{add_entry, remove_entry, replace};
use crate::glob::covers;
use crate::parse::Findings;
use crate::{
    Clause, Diagnostic, Document, Polarity, PolicyKind, PrincipalEntry, PrincipalType, ResourceType, Spanned, Statement,
};

const TRUST: PolicyKind = PolicyKind::Resource(ResourceType::Role);

/// The ways to assume a role.
const WAYS: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

fn principals<'s>(context: Context<'_>, statement: &'s Statement) -> Option<&'s Clause<PrincipalEntry>> {
    let clause = statement.principal.as_ref().filter(|clause| clause.polarity == Polarity::Is)?;
    (context.kind == TRUST && statement.allows()).then_some(clause)
}

/// The call with which a principal assumes a role, and what such a principal is.
fn way(entry: &PrincipalEntry) -> Option<(&'static str, &'static str)> {
    let [direct, saml, web] = WAYS;
    match entry.principal_type {
        PrincipalType::Aws => Some((direct, "an AWS account, user or role")),
        PrincipalType::Service => Some((direct, "a service")),
        PrincipalType::Federated if entry.value.contains(":saml-provider/") => Some((saml, "a SAML provider")),
        PrincipalType::Federated => Some((web, "an OpenID Connect provider")),
        PrincipalType::Everyone | PrincipalType::CanonicalUser => None,
    }
}

pub(super) fn mismatch(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let Some(clause) = principals(context, statement) else {
        return;
    };
    let actions = statement.actions();
    let written = |name: &str| actions.iter().find(|action| action.value.eq_ignore_ascii_case(name));
    let covered = WAYS.map(|name| actions.iter().any(|action| covers(&action.value, name)));
    let assumes: Vec<&Spanned<String>> = WAYS.iter().filter_map(|name| written(name)).collect();
    for entry in &clause.entries {
        let Some((needed, what)) = way(entry) else {
            continue;
        };
        if WAYS.iter().zip(covered).any(|(name, covered)| *name == needed && covered) {
            continue;
        }
        // Without any of them the statement is about tags or the source identity.
        let Some(action) = assumes.first() else {
            continue;
        };
        let diagnostic = Diagnostic::warning(
            "trust-action-mismatch",
            action.span,
            format!("{what} does not assume a role by `{}`: for `{}` this allows nothing", action.value, entry.value),
        )
        .help(format!("write `{needed}`"))
        .related(entry.span, "the principal");
        let alike = clause.entries.iter().all(|other| way(other).is_some_and(|(other, _)| other == needed));
        findings.push(if alike && assumes.len() == 1 {
            diagnostic.fix(format!("replace with `{needed}`"), replace(action.span, needed))
        } else {
            diagnostic
        });
        return;
    }
}

/// Keys that only a further permission brings into the request.
const NEEDS: [(&str, &str, &str); 4] = [
    ("aws:requesttag/", "sts:TagSession", "session tags"),
    ("aws:tagkeys", "sts:TagSession", "session tags"),
    ("sts:transitivetagkeys", "sts:TagSession", "session tags"),
    ("sts:sourceidentity", "sts:SetSourceIdentity", "a source identity"),
];

pub(super) fn missing_action(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    if !context.is_usual()
        || principals(context, statement).is_none()
        || allowed(context.document, "sts:AssumeRole").is_none()
    {
        return;
    }
    for condition in statement.conditions.iter().filter(|condition| condition.requires()) {
        let need = NEEDS.iter().find(|(key, ..)| is_key(&condition.key.value, key));
        let Some((_, action, what)) = need.filter(|(_, action, _)| allowed(context.document, action).is_none()) else {
            continue;
        };
        let diagnostic = Diagnostic::warning(
            "trust-key-without-action",
            condition.key.span,
            format!("nobody may pass {what} here, so `{}` is never there", condition.key.value),
        )
        .help(format!("allow `{action}` too"));
        findings.push(match (&statement.action, statement.actions().last()) {
            (Some(clause), Some(last)) => {
                diagnostic.fix(format!("add `{action}`"), add_entry(context.text, clause, last, action))
            }
            _ => diagnostic,
        });
    }
}

/// The entry of an `Allow` that covers the action.
fn allowed<'d>(document: &'d Document, name: &str) -> Option<&'d Spanned<String>> {
    let allows = document.statements.iter().filter(|statement| statement.allows());
    allows.flat_map(|statement| statement.actions()).find(|action| {
        // A pattern such as `sts:AssumeRole*` stands for each way to assume a role.
        covers(&action.value, name) || WAYS.contains(&name) && WAYS.iter().any(|way| covers(&action.value, way))
    })
}

/// A session beside its own role.
pub(super) fn redundant_principal(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let Some(clause) = principals(context, statement).filter(|clause| clause.entries.len() <= PAIRS) else {
        return;
    };
    for entry in &clause.entries {
        let Some(arn) = Arn::split(&entry.value) else {
            continue;
        };
        let Some(session) = arn.resource.strip_prefix("assumed-role/") else {
            continue;
        };
        let name = session.split('/').next().unwrap_or(session);
        let role = clause.entries.iter().find(|other| {
            Arn::split(&other.value).is_some_and(|other| {
                let role = other.resource.strip_prefix("role/").and_then(|path| path.rsplit('/').next());
                other.account == arn.account && role == Some(name)
            })
        });
        if let Some(role) = role {
            let diagnostic = Diagnostic::info(
                "redundant-principal",
                entry.span,
                format!("`{}` is a session of `{}`, which is listed too", entry.value, role.value),
            )
            .help("one of both is enough")
            .related(role.span, "its role");
            findings.push(match remove_entry(context.text, entry.span) {
                Some(edits) => diagnostic.fix("remove it", edits),
                None => diagnostic,
            });
        }
    }
}

/// `repo:OWNER/NAME:*` is every branch and every pull request, `repo:OWNER/*` every repository.
pub(super) fn any_branch(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    if principals(context, statement).is_none() {
        return;
    }
    for condition in statement.on_key("token.actions.githubusercontent.com:sub") {
        for value in &condition.values {
            // Of an owner with a wildcard it is said that this is everyone.
            let subject = value.text.strip_prefix("repo:").and_then(|subject| subject.split_once('/'));
            let Some((owner, rest)) = subject.filter(|(owner, _)| !owner.contains(['*', '?'])) else {
                continue;
            };
            let (name, behind) = rest.split_once(':').map_or((rest, None), |(name, behind)| (name, Some(behind)));
            let (what, help) = if name.contains(['*', '?']) {
                (
                    format!("this is for workflows of every repository that `{owner}/{name}` covers"),
                    format!("name the repository and the branch: `repo:{owner}/NAME:ref:refs/heads/main`"),
                )
            } else if behind == Some("*") {
                let repository = value.text.trim_end_matches('*');
                (
                    "this is for workflows of every branch, tag and pull request of the repository".to_owned(),
                    format!(
                        "name the branch or the environment: `{repository}ref:refs/heads/main`, `{repository}environment:production`"
                    ),
                )
            } else {
                continue;
            };
            findings.push(Diagnostic::info("any-branch", value.span, what).help(help));
        }
    }
}
