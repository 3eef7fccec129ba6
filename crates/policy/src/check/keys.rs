//! Conditions on keys whose meaning is easily mistaken: what one value of them looks like, who writes it, and which
//! requests have it.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use super::conditions::SENSITIVE;
use super::{Context, is_key, some};
use crate::arn::{Arn, is_account_id};
use crate::edit::{self, add_condition};
use crate::glob::covers;
use crate::literal::{self, DateForm};
use crate::parse::Findings;
use crate::template::has_variable;
use crate::{
    Base, Condition, ConditionValue, Diagnostic, Family, Polarity, PolicyKind, PrincipalType, ResourceType,
    SetOperator, Statement,
};

/// What the values of a key look like.
#[derive(Clone, Copy)]
enum Form {
    Account,
    Organization,
    Vpc,
    Endpoint,
    Service,
    ServiceInRegion,
    KmsKey,
}

const FORMS: [(&str, Form); 21] = [
    ("aws:principalaccount", Form::Account),
    ("aws:resourceaccount", Form::Account),
    ("aws:sourceaccount", Form::Account),
    ("aws:vpceaccount", Form::Account),
    ("kms:calleraccount", Form::Account),
    ("s3:dataaccesspointaccount", Form::Account),
    ("s3:resourceaccount", Form::Account),
    ("aws:principalorgid", Form::Organization),
    ("aws:resourceorgid", Form::Organization),
    ("aws:sourceorgid", Form::Organization),
    ("aws:vpceorgid", Form::Organization),
    ("aws:sourcevpc", Form::Vpc),
    ("aws:sourcevpce", Form::Endpoint),
    ("aws:calledvia", Form::Service),
    ("aws:calledviafirst", Form::Service),
    ("aws:calledvialast", Form::Service),
    ("aws:principalservicename", Form::Service),
    ("iam:awsservicename", Form::Service),
    ("iam:passedtoservice", Form::Service),
    ("kms:viaservice", Form::ServiceInRegion),
    ("s3:x-amz-server-side-encryption-aws-kms-key-id", Form::KmsKey),
];

impl Form {
    fn fits(self, value: &str) -> bool {
        let id = |prefix: &str, lengths: &[usize]| {
            value.strip_prefix(prefix).is_some_and(|rest| {
                lengths.contains(&rest.len())
                    && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            })
        };
        match self {
            Self::Account => is_account_id(value),
            Self::Organization => value.strip_prefix("o-").is_some_and(|rest| {
                (10..=32).contains(&rest.len())
                    && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            }),
            Self::Vpc => id("vpc-", &[8, 17]),
            Self::Endpoint => id("vpce-", &[8, 17]),
            Self::Service => is_host(value, 2),
            Self::ServiceInRegion => is_host(value, 4),
            Self::KmsKey => {
                Arn::split(value).is_some_and(|arn| arn.service == "kms" && arn.resource.starts_with("key/"))
            }
        }
    }

    /// What a value is, with an example.
    fn looks_like(self) -> &'static str {
        match self {
            Self::Account => "an account id has twelve digits, such as `111122223333`",
            Self::Organization => "an organization's id looks like `o-a1b2c3d4e5`",
            Self::Vpc => "a VPC's id looks like `vpc-11223344556677889`",
            Self::Endpoint => "a VPC endpoint's id looks like `vpce-11223344556677889`",
            Self::Service => "a service is named as in `lambda.amazonaws.com`",
            Self::ServiceInRegion => "a service is named with its region here, as in `s3.us-east-1.amazonaws.com`",
            Self::KmsKey => {
                "a key is named by its ARN, `arn:aws:kms:REGION:ACCOUNT:key/ID`: requests are compared by it, also where an alias was given"
            }
        }
    }
}

/// A name of so many labels at least, in small letters.
fn is_host(value: &str, labels: usize) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
    };
    value.split('.').count() >= labels && value.split('.').all(label)
}

/// Whether the operator compares as text.
fn compares_text(condition: &Condition) -> bool {
    condition.operator.is_some_and(|operator| matches!(operator.base.family(), Family::String | Family::Arn))
}

/// Values that the key can never have.
pub(super) fn forms(_: Context<'_>, statement: &Statement, findings: &mut Findings) {
    for condition in statement.conditions.iter().filter(|condition| compares_text(condition)) {
        let key = condition.key.value.as_str();
        let Some((_, form)) = FORMS.iter().find(|(name, _)| is_key(key, name)) else {
            continue;
        };
        let plain = |value: &&ConditionValue| !value.text.contains(['*', '?', '$']);
        for value in condition.values.iter().filter(plain) {
            let text = value.text.as_str();
            if form.fits(text) || !findings.has_room() {
                continue;
            }
            let diagnostic =
                Diagnostic::warning("key-value-form", value.span, format!("no request has `{text}` as its `{key}`"))
                    .help(form.looks_like());
            let bare = matches!(form, Form::Service) && is_host(text, 1);
            findings.push(if bare {
                let whole = format!("{text}.amazonaws.com");
                diagnostic.fix(format!("replace with `{whole}`"), edit::replace(value.span, &whole))
            } else {
                diagnostic
            });
        }
    }
}

/// `StringLike` with `*`: the value does not count, only whether there is one.
pub(super) fn any_value(_: Context<'_>, statement: &Statement, findings: &mut Findings) {
    for condition in &statement.conditions {
        let Some(operator) = condition.operator.filter(|_| findings.has_room()) else {
            continue;
        };
        let Some(star) = condition.values.iter().find(|value| value.text == "*") else {
            continue;
        };
        let key = &condition.key.value;
        let null = |finding: Diagnostic, absent: &str| {
            let finding = finding.help(format!("`\"Null\": {{\"{key}\": \"{absent}\"}}` says so"));
            // One value, so that the whole of it is replaced.
            match (edit::replace_operator(statement, condition, "Null"), condition.values.len()) {
                (Some(mut edits), 1) => {
                    edits.extend(edit::replace(star.span, absent));
                    finding.fix(format!("ask with `Null` whether `{key}` is there"), edits)
                }
                _ => finding,
            }
        };
        let info = |what: String| Diagnostic::info("matches-any-value", star.span, what);
        findings.push(match (operator.base, operator.set, operator.if_exists) {
            (Base::StringLike, Some(SetOperator::ForAllValues), _) | (Base::StringLike, _, true) => {
                info(format!("this holds for every request, whether it has `{key}` or not"))
                    .help("remove the condition, or leave out what makes it hold without the key")
            }
            (Base::StringLike, set, false) => {
                let finding = info(format!("this holds wherever the request has `{key}`, whatever its value"));
                if set.is_none() { null(finding, "false") } else { finding }
            }
            (Base::StringNotLike, None, _) => {
                null(info(format!("this holds only where the request has no `{key}`")), "true")
            }
            _ => continue,
        });
    }
}

/// What a caller writes into its request as it likes.
pub(super) fn spoofable(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    if only_services(statement) {
        return;
    }
    for name in ["aws:referer", "aws:useragent"] {
        for condition in statement.on_key(name) {
            let Some(operator) = condition.operator.filter(|operator| operator.base != Base::Null) else {
                continue;
            };
            let negated = operator.base.negated();
            // A `Deny` where it is there only keeps out the honest, and is meant so.
            if statement.allows() && context.grants() && !negated || statement.denies() && negated {
                findings.push(
                    Diagnostic::warning(
                        "spoofable-key",
                        condition.key.span,
                        format!("`{}` is whatever the caller writes there: it keeps nobody out", condition.key.value),
                    )
                    .help("name who may call, or ask for what the caller cannot choose, such as `aws:SourceVpce` or `aws:PrincipalOrgID`"),
                );
            }
        }
    }
}

/// Refusing to list a prefix: a shorter one lists the same objects.
pub(super) fn denied_prefix(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    for condition in statement.on_key("s3:prefix").filter(|condition| compares_text(condition)) {
        let negated = condition.operator.is_some_and(|operator| operator.base.negated());
        let Some(value) = condition.values.iter().find(|value| !matches!(value.text.as_str(), "" | "*")) else {
            continue;
        };
        if statement.denies() && !negated || statement.allows() && context.grants() && negated {
            findings.push(
                Diagnostic::warning(
                    "prefix-still-listed",
                    condition.operator_name.span,
                    format!("a request with a shorter prefix, or with none, still lists what is under `{}`", value.text),
                )
                .help("allow listing with `StringLike` for the prefixes that may be listed, or deny it with `StringNotLike` for them"),
            );
        }
    }
}

/// Requests that say which attributes they want; the others get the whole item.
const READS: [&str; 4] = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan"];

pub(super) fn attributes(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let Some(condition) = statement.on_key("dynamodb:attributes").find(|condition| compares_text(condition)) else {
        return;
    };
    let reads = statement.actions().iter().any(|action| READS.iter().any(|name| covers(&action.value, name)));
    let selects = statement.on_key("dynamodb:select").next().is_some();
    if statement.allows() && reads && !selects {
        let diagnostic = Diagnostic::warning(
            "attributes-without-select",
            condition.key.span,
            "a request that names no attributes gets all of them: the condition is not about it",
        )
        .help("add `\"StringEqualsIfExists\": {\"dynamodb:Select\": \"SPECIFIC_ATTRIBUTES\"}`");
        let value = "\"SPECIFIC_ATTRIBUTES\"";
        findings.push(match add_condition(context.text, statement, "StringEqualsIfExists", "dynamodb:Select", value) {
            Some(edits) => diagnostic.fix("ask for named attributes", edits),
            None => diagnostic,
        });
    }
}

/// Keys about the caller that a service has not, and the one that says for whom it calls.
const OF_PRINCIPAL: [(&str, Option<&str>); 7] = [
    ("aws:principalorgid", Some("aws:SourceOrgID")),
    ("aws:principalorgpaths", Some("aws:SourceOrgPaths")),
    ("aws:principalaccount", Some("aws:SourceAccount")),
    ("aws:principalarn", Some("aws:SourceArn")),
    ("aws:principaltag/", None),
    ("aws:userid", None),
    ("aws:username", None),
];

/// The tags into which IAM Roles Anywhere puts what the caller's certificate says.
/// <https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html>
const CERTIFICATE: &str = "aws:principaltag/x509";

/// Whether all that a statement names is IAM Roles Anywhere.
fn only_roles_anywhere(statement: &Statement) -> bool {
    let entries = statement.principal.iter().flat_map(|clause| &clause.entries);
    entries.into_iter().all(|entry| entry.value == "rolesanywhere.amazonaws.com")
}

/// Whether all that a statement names are services.
fn only_services(statement: &Statement) -> bool {
    statement.principal.as_ref().is_some_and(|clause| {
        clause.polarity == Polarity::Is
            && !clause.entries.is_empty()
            && clause.entries.iter().all(|entry| entry.principal_type == PrincipalType::Service)
    })
}

/// The condition that no service meets, and the key to ask for instead.
fn beyond_services(statement: &Statement) -> Option<(&Condition, Option<&'static str>)> {
    if !statement.allows() || !only_services(statement) {
        return None;
    }
    let of_certificate = |key: &str| {
        key.get(..CERTIFICATE.len()).is_some_and(|start| start.eq_ignore_ascii_case(CERTIFICATE))
            && only_roles_anywhere(statement)
    };
    let required = statement.conditions.iter().filter(|condition| condition.requires());
    required.filter(|condition| !of_certificate(&condition.key.value)).find_map(|condition| {
        let (_, instead) = OF_PRINCIPAL.iter().find(|(key, _)| is_key(&condition.key.value, key))?;
        Some((condition, *instead))
    })
}

/// Whether a statement for services asks for what no service has.
pub(super) fn asks_too_much_of_services(statement: &Statement) -> bool {
    beyond_services(statement).is_some()
}

pub(super) fn principal_of_service(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let Some((condition, instead)) = beyond_services(statement).filter(|_| context.kind.has_principal()) else {
        return;
    };
    let key = &condition.key;
    let diagnostic = Diagnostic::warning(
        "principal-key-of-service",
        key.span,
        format!("a service has no `{}`: this allows nothing", key.value),
    );
    findings.push(match instead {
        Some(name) => diagnostic
            .help(format!("`{name}` is about the one whom the service calls for"))
            .fix(format!("replace with `{name}`"), edit::replace(key.span, name)),
        None => diagnostic.help("`aws:SourceArn` and `aws:SourceAccount` are about the one whom the service calls for"),
    });
}

/// Keys that say whose the resource is, in the policy of that resource.
pub(super) fn own_resource(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let PolicyKind::Resource(resource) = context.kind else {
        return;
    };
    let of_bucket = (resource == ResourceType::Bucket).then_some("s3:resourceaccount");
    let keys = ["aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths"];
    for condition in keys.into_iter().chain(of_bucket).flat_map(|key| statement.on_key(key)) {
        findings.push(
            Diagnostic::info(
                "own-resource-key",
                condition.key.span,
                format!(
                    "this policy is about one resource: its `{}` is the same in every request",
                    condition.key.value
                ),
            )
            .help("in a policy of the caller, or of a VPC endpoint, it keeps callers to the resources of an account; here leave it out"),
        );
    }
}

/// A `Deny` of everything but some actions, for what is tagged: most actions do not know the tag.
pub(super) fn tags_of_everything(_: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let not_action = statement.action.as_ref().is_some_and(|clause| clause.polarity == Polarity::Not);
    if !statement.denies() || !not_action {
        return;
    }
    if let Some(condition) = statement.on_key("aws:resourcetag/").find(|condition| condition.requires()) {
        findings.push(
            Diagnostic::warning(
                "tag-condition-with-not-action",
                condition.key.span,
                format!("this does not deny the many actions whose requests have no `{}`", condition.key.value),
            )
            .help("list in `Action` what is to be denied, so that what knows no tags is seen"),
        );
    }
}

/// Seconds since 1970, where a date could be read.
pub(super) fn epochs(_: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let dates =
        |condition: &&Condition| condition.operator.is_some_and(|operator| operator.base.family() == Family::Date);
    for value in statement.conditions.iter().filter(dates).flat_map(|condition| &condition.values) {
        // Four digits are a year, rather.
        let Some(date) = literal::date(&value.text).filter(|date| date.form == DateForm::Epoch && value.text.len() > 4)
        else {
            continue;
        };
        let written = date.instant.to_iso8601();
        findings.push(
            Diagnostic::info("epoch-date", value.span, format!("`{}` is {written}, in seconds since 1970", value.text))
                .help(format!("`{written}` can be read"))
                .fix(format!("replace with `{written}`"), edit::replace(value.span, &written)),
        );
    }
}

/// The variable in a value of a sensitive key that its owner's administrators choose, such as a tag of the caller.
pub(super) fn chosen_by_caller(text: &str) -> Option<&str> {
    if !has_variable(text) {
        return None;
    }
    crate::template::split(text).find_map(|part| match part {
        crate::template::Part::Variable { key, text, .. } => {
            let paths = ["aws:principalorgpaths", "aws:resourceorgpaths"];
            let is_owner = SENSITIVE.iter().chain(&paths).any(|name| is_key(key, name));
            (!is_owner).then_some(text)
        }
        _ => None,
    })
}

/// What IAM Roles Anywhere does with a role.
const ANYWHERE: [&str; 3] = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];

pub(super) fn roles_anywhere(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let is_it = |entry: &crate::PrincipalEntry| {
        entry.principal_type == PrincipalType::Service && entry.value == "rolesanywhere.amazonaws.com"
    };
    let (Some(principals), Some(actions)) = (&statement.principal, &statement.action) else {
        return;
    };
    let Some(service) = principals.entries.iter().find(|entry| is_it(entry)) else {
        return;
    };
    let here = context.kind == PolicyKind::Resource(ResourceType::Role) && statement.allows();
    if !here || principals.polarity == Polarity::Not || actions.polarity == Polarity::Not {
        return;
    }
    // In whichever statements for the service they stand.
    let of_service = |other: &&Statement| {
        other.allows() && other.principal.as_ref().is_some_and(|clause| clause.entries.iter().any(is_it))
    };
    let allowed = |name: &&str| {
        let mut statements = context.document.statements.iter().filter(of_service);
        statements.any(|other| other.actions().iter().any(|action| covers(&action.value, name)))
    };
    let missing: Vec<&str> = ANYWHERE.into_iter().filter(|name| !allowed(name)).collect();
    if missing.is_empty() {
        return;
    }
    let diagnostic = Diagnostic::warning(
        "roles-anywhere-actions",
        service.span,
        format!("IAM Roles Anywhere cannot assume this role: it is not allowed {}", some(&missing)),
    )
    .help("it needs `sts:AssumeRole`, `sts:TagSession` and `sts:SetSourceIdentity`");
    findings.push(match actions.entries.last() {
        Some(last) => {
            let label = format!("add {}", some(&missing));
            diagnostic.fix(label, edit::add_entries(context.text, actions, last, &missing))
        }
        None => diagnostic,
    });
}
