//! ARNs that no resource of their service has: a field too much or too little, or another word than the service uses.

use policy::arn::Arn;
use policy::edit::replace;
use policy::template::has_variable;
use policy::{Diagnostic, Spanned, Statement, nearest};
use reference::{Reference, ResourceType, Review};

use super::Scope;
use super::actions::{example, part};
use super::regions::unknown_region;

/// How many ARNs of one statement are looked at.
const MOST_ARNS: usize = 300;

pub(super) fn formats<'p, 'r>(
    scope: &mut Scope<'p, 'r>,
    statement: &'p Statement,
    review: &Review<'p, 'r>,
    found: &mut Vec<Diagnostic>,
) {
    for entry in statement.resource.iter().flat_map(|clause| &clause.entries).take(MOST_ARNS) {
        let Some(arn) = Arn::split(&entry.value) else {
            continue;
        };
        if arn.service.is_empty() || arn.service.contains(['*', '?', '$']) || arn.partition.contains(['?', '$']) {
            continue;
        }
        let at = "arn:".len() + arn.partition.len() + 1 + arn.service.len() + 1;
        found.extend(unknown_region(part(scope.text, entry, at, arn.region), arn.region));
        found.extend(account(scope, entry, &arn));
        found.extend(format(scope, review, entry, &arn));
    }
}

/// An account is twelve digits; a service that is its own account writes a word.
fn account(scope: &Scope<'_, '_>, entry: &Spanned<String>, arn: &Arn<'_>) -> Option<Diagnostic> {
    let account = arn.account;
    let digits = !account.is_empty() && account.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || account.len() == 12 {
        return None;
    }
    let at = entry.value.len() - arn.resource.len() - 1 - account.len();
    Some(
        Diagnostic::warning(
            "invalid-arn-account",
            part(scope.text, entry, at, account),
            format!("`{account}` is no account id: it has {} digits", account.len()),
        )
        .help("account ids have twelve digits, leading zeros included"),
    )
}

fn format(
    scope: &Scope<'_, '_>,
    review: &Review<'_, '_>,
    entry: &Spanned<String>,
    arn: &Arn<'_>,
) -> Option<Diagnostic> {
    let types = scope.reference.types_of_vendor(arn.service);
    if types.is_empty() {
        return unknown_vendor(scope, entry, arn);
    }
    let fits = |text: &str| Reference::any_fits(&types, text);
    if fits(&entry.value) {
        return None;
    }
    let finding = |message: String| Diagnostic::warning("unknown-arn-format", entry.span, message);
    let with = |region: &str, account: &str| {
        format!("arn:{}:{}:{region}:{account}:{}", arn.partition, arn.service, arn.resource)
    };
    let other_account = if arn.account.is_empty() { "*" } else { "" };
    let other_region = if arn.region.is_empty() { "*" } else { "" };
    let tries = [
        (with(arn.region, other_account), change("account", arn.account)),
        (with(other_region, arn.account), change("region", arn.region)),
        (
            with(other_region, other_account),
            format!("{} and {}", change("region", arn.region), change("account", arn.account)),
        ),
    ];
    for (text, what) in tries {
        if fits(&text) {
            let message = format!("an ARN like this of `{}` has {what}: this one matches nothing", arn.service);
            return Some(
                finding(message)
                    .help(format!("write `{text}`"))
                    .fix(format!("replace with `{text}`"), replace(entry.span, &text)),
            );
        }
    }
    let word = |format: &str| {
        let resource = format.splitn(6, ':').nth(5).unwrap_or("").to_owned();
        resource.split([':', '/']).next().unwrap_or("").to_owned()
    };
    let formats: Vec<&str> = types.iter().flat_map(|kind| kind.arn_formats()).collect();
    let words: Vec<_> = formats.iter().map(|format| word(format)).filter(|word| !word.contains('$')).collect();
    let written = word(&entry.value);
    let meant = nearest(&written, words.iter().map(String::as_str));
    let alike = formats.iter().filter(|format| meant.is_some_and(|meant| word(format) == meant));
    let format = alike.min_by_key(|format| format.len());
    let message = format!("no resource of `{}` that is known has an ARN like `{}`", arn.service, entry.value);
    // What the statement's actions work on is meant rather than the first in the alphabet.
    let written_out = review.actions.iter().filter_map(|used| scope.reference.action(&used.entry.value));
    let mut worked_on: Vec<ResourceType<'_>> =
        written_out.take(20).flat_map(|action| action.resource_types()).collect();
    worked_on.retain(|kind| types.contains(kind));
    let plainest = worked_on.iter().flat_map(|kind| kind.arn_formats()).min_by_key(|format| format.len());
    Some(match format.copied().or(plainest).or(formats.first().copied()) {
        Some(format) => finding(message).help(format!("such as `{}`", example(format))),
        None => finding(message),
    })
}

/// What a field should be.
fn change(field: &str, written: &str) -> String {
    format!("{} {field}", if written.is_empty() { "a" } else { "no" })
}

/// A service that no known ARN has.
fn unknown_vendor(scope: &Scope<'_, '_>, entry: &Spanned<String>, arn: &Arn<'_>) -> Option<Diagnostic> {
    let service = arn.service;
    if scope.reference.service(service).is_some() || has_variable(service) {
        return None;
    }
    let at = "arn:".len() + arn.partition.len() + 1;
    let finding = Diagnostic::warning(
        "unknown-service",
        part(scope.text, entry, at, service),
        format!("no resource that is known has the service `{service}` in its ARN"),
    );
    let vendors = scope
        .reference
        .services()
        .flat_map(|service| service.resource_types())
        .filter_map(|kind| kind.vendors().next());
    Some(match nearest(service, vendors) {
        Some(meant) => {
            let text = entry.value.replacen(&format!(":{service}:"), &format!(":{meant}:"), 1);
            finding
                .help(format!("did you mean `{meant}`?"))
                .fix(format!("replace with `{text}`"), replace(entry.span, &text))
        }
        None => finding.help("the third field of an ARN is the service, such as `s3` or `dynamodb`"),
    })
}
