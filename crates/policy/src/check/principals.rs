//! Principals that let in more, or keep out more, than they seem to.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>

use super::{Context, is_key};
use crate::arn::{Arn, is_account_id};
use crate::parse::Findings;
use crate::seen::Seen;
use crate::{Clause, Diagnostic, Polarity, PolicyKind, PrincipalEntry, PrincipalType, ResourceType, Statement};

/// Keys whose value says who calls or from where, and so limit a `*`.
const LIMITING: [&str; 23] = [
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principaltag/",
    "aws:principalisawsservice",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:userid",
    "aws:username",
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceowner",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:vpcsourceip",
    "elasticfilesystem:accessedviamounttarget",
    "kms:calleraccount",
    "s3:dataaccesspointaccount",
    "saml:aud",
];

/// Keys that tie a service's call to the account or resource it acts for.
const SOURCE: [&str; 6] = [
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    // CloudWatch Logs names the log group, Alexa the skill.
    "kms:encryptioncontext:aws:logs:arn",
    "lambda:eventsourcetoken",
];

/// Services that get a role from someone who may pass it (`iam:PassRole`), and so from its own account only.
const PASSED: [&str; 4] =
    ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com", "lambda.amazonaws.com", "pods.eks.amazonaws.com"];

const TRUST: PolicyKind = PolicyKind::Resource(ResourceType::Role);

/// The element, where this kind of policy has it.
fn named<'s>(context: Context<'_>, statement: &'s Statement, polarity: Polarity) -> Option<&'s Clause<PrincipalEntry>> {
    statement.principal.as_ref().filter(|clause| clause.polarity == polarity && context.kind.has_principal())
}

fn tests_any(statement: &Statement, keys: &[&str]) -> bool {
    statement.conditions.iter().any(|condition| keys.iter().any(|key| is_key(&condition.key.value, key)))
}

/// Whether some condition asks who calls or from where. One that also holds where the key is absent, or that only says
/// who not, keeps hardly anyone out.
fn narrows(statement: &Statement) -> bool {
    let limiting = |key: &str| LIMITING.iter().any(|name| is_key(key, name));
    statement.conditions.iter().any(|condition| {
        let negated = condition.operator.is_some_and(|operator| operator.base.negated());
        limiting(&condition.key.value) && condition.requires() && !negated
    })
}

pub(super) fn everyone(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let Some(clause) = named(context, statement, Polarity::Is) else {
        return;
    };
    let star = clause.entries.iter().find(|entry| {
        entry.value == "*" && matches!(entry.principal_type, PrincipalType::Everyone | PrincipalType::Aws)
    });
    let (Some(star), true, true) = (star, statement.allows(), context.grants()) else {
        return;
    };
    if narrows(statement) {
        return;
    }
    findings.push(if context.kind == TRUST {
        Diagnostic::warning(
            "public-principal",
            star.span,
            "anyone with any AWS account may assume this role",
        )
        .help("name the account, user, role or service; or narrow it with a condition on `aws:PrincipalOrgID`")
    } else {
        Diagnostic::warning(
            "public-principal",
            star.span,
            "this is for everyone in the world, also without signing in",
        )
        .help("name who needs it, or narrow it with a condition such as `aws:PrincipalOrgID`, `aws:SourceArn` or `aws:SourceVpce`")
    });
}

pub(super) fn allow_not_principal(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    if let (Some(clause), true) = (named(context, statement, Polarity::Not), statement.allows()) {
        findings.push(
            Diagnostic::warning(
                "allow-not-principal",
                clause.span,
                "this allows everyone in the world but the listed ones, also without signing in",
            )
            .help("list who is allowed in `Principal`"),
        );
    }
}

/// Every level of the caller must be listed to escape a `Deny` with `NotPrincipal`: account, role, session.
pub(super) fn deny_not_principal(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let (Some(clause), true) = (named(context, statement, Polarity::Not), statement.denies()) else {
        return;
    };
    // what is listed: accounts, `ACCOUNT role NAME`, and the roles of sessions as `ACCOUNT session NAME`
    let mut listed = Seen::default();
    for (number, entry) in clause.entries.iter().enumerate() {
        let arn = Arn::split(&entry.value);
        match arn.and_then(|arn| Some((arn.account, arn.resource.split_once('/')?))) {
            Some((account, ("role", path))) => listed.before(&format!("{account} role {}", last(path)), number),
            Some((account, ("assumed-role", path))) => {
                listed.before(&format!("{account} session {}", first(path)), number)
            }
            Some(_) => continue,
            None => listed.before(arn.map_or(&entry.value, |arn| arn.account), number),
        };
    }
    for entry in &clause.entries {
        let Some(arn) = Arn::split(&entry.value) else {
            continue;
        };
        let Some((sort, path)) = arn.resource.split_once('/') else {
            continue;
        };
        let mut missing: Vec<String> = Vec::new();
        if !listed.has(arn.account) {
            missing.push(format!("the account `{}`", arn.account));
        }
        if sort == "role" && !listed.has(&format!("{} session {}", arn.account, last(path))) {
            missing.push(format!("its sessions, such as `assumed-role/{}/SESSION`,", last(path)));
        }
        if sort == "assumed-role" && !listed.has(&format!("{} role {}", arn.account, first(path))) {
            missing.push(format!("the role `{}`", first(path)));
        }
        if !missing.is_empty() {
            findings.push(
                Diagnostic::warning(
                    "not-principal-incomplete",
                    entry.span,
                    format!("`{}` is denied all the same: {} must be listed too", entry.value, missing.join(" and ")),
                )
                .help("better: `\"Principal\": \"*\"` with a condition `ArnNotEquals` on `aws:PrincipalArn`"),
            );
        }
    }
}

fn first(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

pub(super) fn service_without_source(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let Some(clause) = named(context, statement, Polarity::Is) else {
        return;
    };
    let service =
        clause.entries.iter().find(|entry| entry.principal_type == PrincipalType::Service && entry.value != "*");
    let (Some(service), true, true) = (service, statement.allows(), context.grants()) else {
        return;
    };
    let trust = context.kind == TRUST;
    if tests_any(statement, &SOURCE)
        || trust && PASSED.contains(&service.value.trim_end_matches(".cn"))
        || super::keys::asks_too_much_of_services(statement)
    {
        return;
    }
    let message = format!("`{}` may use this on behalf of any customer", service.value);
    findings.push(if trust {
        Diagnostic::info("service-without-source", service.span, message)
            .help("where the service supports it, add a condition on `aws:SourceAccount` or `aws:SourceArn`")
    } else {
        Diagnostic::warning("service-without-source", service.span, message)
            .help("add a condition on `aws:SourceArn` or `aws:SourceAccount`, so that it works for your resources only")
    });
}

pub(super) fn account_without_external_id(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let (Some(clause), true, true) =
        (named(context, statement, Polarity::Is), statement.allows(), context.kind == TRUST)
    else {
        return;
    };
    if tests_any(statement, &["sts:externalid"]) || tests_any(statement, &LIMITING) {
        return;
    }
    let account = clause.entries.iter().find(|entry| {
        is_account_id(&entry.value) || Arn::split(&entry.value).is_some_and(|arn| arn.resource == "root")
    });
    if let Some(account) = account {
        findings.push(
            Diagnostic::info(
                "account-without-external-id",
                account.span,
                "every user and role of this account may assume the role, where its own policies allow that",
            )
            .help("if the account is someone else's, agree on an id and add a condition on `sts:ExternalId`"),
        );
    }
}

/// An identity provider serves many: the trust must say whose tokens count.
pub(super) fn open_identity_provider(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let (Some(clause), true, true) =
        (named(context, statement, Polarity::Is), statement.allows(), context.kind == TRUST)
    else {
        return;
    };
    let federated = clause.entries.iter().filter(|entry| entry.principal_type == PrincipalType::Federated);
    for entry in federated {
        let host = match entry.value.split_once(":oidc-provider/") {
            Some((_, host)) => host,
            // a SAML provider, or nothing that is known
            None if entry.value.starts_with("arn:") || !entry.value.contains('.') => continue,
            None => entry.value.as_str(),
        };
        let claim = |name: &str| {
            let key = format!("{host}:{name}");
            statement.conditions.iter().find(move |condition| condition.key.value.eq_ignore_ascii_case(&key))
        };
        let github = host.starts_with("token.actions.githubusercontent.com");
        let needed: &[&str] = match host {
            "cognito-identity.amazonaws.com" => &["aud"],
            _ if github => &["sub"],
            "www.amazon.com" => &["user_id", "app_id"],
            "graph.facebook.com" => &["id", "app_id"],
            _ => &["aud", "sub"],
        };
        if !needed.iter().any(|name| claim(name).is_some()) {
            findings.push(
                Diagnostic::warning(
                    "open-identity-provider",
                    entry.span,
                    format!("everyone with a token of `{host}` may assume the role"),
                )
                .help(format!("add a condition on `{host}:{}`", needed.last().unwrap_or(&"sub"))),
            );
        }
        if host == "cognito-identity.amazonaws.com" && claim("aud").is_some() && claim("amr").is_none() {
            findings.push(
                Diagnostic::warning(
                    "open-identity-provider",
                    entry.span,
                    "guests of the identity pool may assume the role too, and so may everyone who signed in",
                )
                .help("add `\"ForAnyValue:StringLike\": {\"cognito-identity.amazonaws.com:amr\": \"authenticated\"}`, or `unauthenticated` for the guests' role"),
            );
        }
        if let (true, Some(subject)) = (github, claim("sub")) {
            let wide = |text: &str| {
                // repo:OWNER/NAME:…
                let owner = text.strip_prefix("repo:").unwrap_or(text);
                owner.split('/').next().unwrap_or("").contains(['*', '?'])
            };
            for value in subject.values.iter().filter(|value| wide(&value.text)) {
                findings.push(
                    Diagnostic::warning(
                        "open-identity-provider",
                        value.span,
                        format!("`{}` covers repositories of everyone on GitHub", value.text),
                    )
                    .help("write owner and repository: `repo:OWNER/NAME:*`"),
                );
            }
        }
    }
}

/// The services that are reached through gateway endpoints; <https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html>.
const GATEWAY: [&str; 3] = ["s3", "s3express", "dynamodb"];

pub(super) fn endpoint(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let Some(clause) = named(context, statement, Polarity::Is) else {
        return;
    };
    let entry = clause.entries.iter().find(|entry| entry.principal_type == PrincipalType::Aws && entry.value != "*");
    let mut services = statement.actions().iter().map(|action| action.value.split(':').next().unwrap_or(""));
    let without_gateway = !statement.actions().is_empty()
        && services
            .all(|service| !service.contains('*') && !GATEWAY.iter().any(|known| known.eq_ignore_ascii_case(service)));
    if without_gateway {
        return;
    }
    if let (Some(entry), PolicyKind::VpcEndpoint) = (entry, context.kind) {
        findings.push(
            Diagnostic::info(
                "endpoint-principal",
                entry.span,
                "on a gateway endpoint (S3, DynamoDB) a named account covers its root user only",
            )
            .help("there, write `\"Principal\": \"*\"` with a condition on `aws:PrincipalArn`"),
        );
    }
}
