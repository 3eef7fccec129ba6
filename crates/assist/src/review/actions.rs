//! Actions that do not exist, or that the statement's resources leave without effect.

use policy::arn::Arn;
use policy::edit::{add_entry, replace};
use policy::{Diagnostic, PolicyKind, Severity, Span, Spanned, Statement, nearest};
use reference::{Action, ActionUse, Review, Service};

use super::{Scope, some, stands_on};

/// The place of the part of a string that starts at `start`, where it is written without escapes; else the string's.
pub(super) fn part(text: &str, string: &Spanned<String>, start: usize, part: &str) -> Span {
    let first = string.span.start as usize + 1 + start;
    let span = Span::new(first, first + part.len());
    if span.of(text) == part && !part.is_empty() { span } else { string.span }
}

/// Entries that stand for no action that is known.
pub(super) fn unknown<'p, 'r>(
    scope: &mut Scope<'p, 'r>,
    _: &'p Statement,
    review: &Review<'p, 'r>,
    found: &mut Vec<Diagnostic>,
) {
    for used in review.actions.iter().filter(|used| used.covered == 0) {
        let entry = used.entry;
        let Some((prefix, name)) = entry.value.split_once(':') else {
            continue;
        };
        if prefix.is_empty()
            || name.is_empty()
            || name.contains([':', ' ', '$'])
            || prefix.contains(['*', '?', ' ', '$'])
        {
            continue;
        }
        found.push(match scope.reference.service(prefix) {
            None => unknown_service(scope, used, prefix, name),
            Some(service) if name.contains(['*', '?']) => empty_pattern(entry, service, name),
            Some(service) => unknown_action(used, service),
        });
    }
}

fn unknown_service(scope: &Scope<'_, '_>, used: &ActionUse<'_, '_>, prefix: &str, name: &str) -> Diagnostic {
    let entry = used.entry;
    let place = part(scope.text, entry, 0, prefix);
    let finding =
        Diagnostic::warning("unknown-service", place, format!("`{prefix}` is no service prefix that is known"));
    match (scope.reference.nearest_service(prefix), used.nearest) {
        (Some(_), Some(action)) => finding
            .help(format!("did you mean `{action}`?"))
            .fix(format!("replace with `{action}`"), replace(entry.span, &action.to_string())),
        (Some(service), None) => {
            let whole = format!("{}:{name}", service.prefix());
            finding
                .help(format!("did you mean `{}`?", service.prefix()))
                .fix(format!("replace with `{whole}`"), replace(entry.span, &whole))
        }
        (None, _) => {
            finding.help("the service may be newer than what is known here; see AWS's Service Authorization Reference")
        }
    }
}

fn unknown_action(used: &ActionUse<'_, '_>, service: Service<'_>) -> Diagnostic {
    let entry = used.entry;
    let finding = Diagnostic::warning(
        "unknown-action",
        entry.span,
        format!("{} has no action `{}` that is known", service.name(), entry.value),
    );
    match used.nearest {
        Some(action) => finding
            .help(format!("did you mean `{action}`?"))
            .fix(format!("replace with `{action}`"), replace(entry.span, &action.to_string())),
        None => finding.help(
            "an API operation may be allowed by an action of another name; the action may also be newer than what is known here",
        ),
    }
}

fn empty_pattern(entry: &Spanned<String>, service: Service<'_>, name: &str) -> Diagnostic {
    let finding = Diagnostic::warning(
        "pattern-without-action",
        entry.span,
        format!("`{}` covers no action of {} that is known", entry.value, service.name()),
    );
    // `Describ*` becomes `Describe*` where names start like it.
    let stem = name.strip_suffix('*').filter(|stem| stem.len() > 2 && !stem.contains(['*', '?']));
    let starts = || {
        let words = service.actions().filter_map(|action| {
            let name = action.name();
            let second = name.char_indices().skip(1).find(|(_, character)| character.is_ascii_uppercase());
            name.get(..second.map_or(name.len(), |(at, _)| at))
        });
        words.chain(service.actions().map(Action::name))
    };
    match stem.and_then(|stem| nearest(stem, starts())) {
        Some(start) => {
            let whole = format!("{}:{start}*", service.prefix());
            finding
                .help(format!("did you mean `{whole}`?"))
                .fix(format!("replace with `{whole}`"), replace(entry.span, &whole))
        }
        None => finding.help("nothing is allowed or denied by it: look up how the service calls its actions"),
    }
}

/// Entries of which no action can be used on any of the statement's resources.
pub(super) fn without_resource<'p, 'r>(
    scope: &mut Scope<'p, 'r>,
    statement: &'p Statement,
    review: &Review<'p, 'r>,
    found: &mut Vec<Diagnostic>,
) {
    let Some(clause) = &statement.resource else {
        return;
    };
    // Where the ARNs are at fault, that has been said.
    if clause
        .entries
        .iter()
        .all(|entry| !is_arn(&entry.value) || stands_on(found, entry.span, &["unknown-arn-format", "unknown-service"]))
    {
        return;
    }
    let idle = |used: &&ActionUse<'_, '_>| used.covered > 0 && used.usable == 0;
    let only_star = |used: &ActionUse<'_, '_>| used.misfits.is_empty();
    let nothing_works = review.actions.iter().all(|used| used.usable == 0);
    let all_need_star = review.actions.iter().all(|used| idle(&used) && only_star(used));
    for used in review.actions.iter().filter(idle) {
        let entry = used.entry;
        let value = &entry.value;
        if only_star(used) {
            // Among others that work it is often no more than untidy: AWS's own policies have it by the hundred.
            let severity = if nothing_works { Severity::Warning } else { Severity::Info };
            let finding = Diagnostic::new(
                "action-needs-star",
                severity,
                entry.span,
                format!("`{value}` works on no resource that a policy can name: these leave it without effect"),
            );
            found.push(match clause.entries.as_slice() {
                [only] if all_need_star => finding
                    .help("write `\"Resource\": \"*\"`")
                    .fix("replace the resource with `*`", replace(only.span, "*"))
                    .related(only.span, "the resource"),
                _ => finding.help("give it a statement of its own, with `\"Resource\": \"*\"`"),
            });
            continue;
        }
        found.push(misfit(scope, statement, used));
    }
}

/// Whether an entry can stand for resources at all: the parser has found fault with what cannot.
fn is_arn(entry: &str) -> bool {
    match Arn::split(entry) {
        Some(arn) => !arn.service.bytes().any(|byte| byte.is_ascii_uppercase()),
        None => entry == "*" || entry.starts_with("arn:") && entry.ends_with('*'),
    }
}

fn misfit(scope: &Scope<'_, '_>, statement: &Statement, used: &ActionUse<'_, '_>) -> Diagnostic {
    let entry = used.entry;
    let value = &entry.value;
    let mut types: Vec<_> = used.misfits.iter().flat_map(|action| action.resource_types()).collect();
    types.sort_by_key(|kind| kind.name());
    types.dedup();
    let clause = statement.resource.as_ref();
    let entries = clause.map_or(&[][..], |clause| &clause.entries);
    let aliases = || {
        entries.iter().find(|entry| {
            entry.value.starts_with("arn:") && entry.value.contains(":kms:") && entry.value.contains(":alias/")
        })
    };
    if let Some(alias) = aliases().filter(|_| value.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("kms:"))) {
        return Diagnostic::warning(
            "kms-alias-as-resource",
            alias.span,
            format!("`{value}` works on keys: an alias in `Resource` does not stand for its key"),
        )
        .help("name the key's ARN, or all keys (`key/*`) with a condition on `kms:ResourceAliases`")
        .related(entry.span, "the action");
    }
    let s3 = |name: &str| types.iter().any(|kind| (kind.service().prefix(), kind.name()) == ("s3", name));
    let (first, only) = (entries.first(), entries.len() == 1);
    if let (Some(clause), Some(first)) =
        (clause, first.filter(|first| first.value.starts_with("arn:") && first.value.contains(":s3:::")))
    {
        let bucket = first.value.split('/').next().unwrap_or(&first.value);
        let (code, what, other, entry_to_add) = if s3("object") && !s3("bucket") {
            (
                "object-action-on-bucket",
                "objects, and the resource names only the bucket",
                "its objects",
                format!("{bucket}/*"),
            )
        } else if s3("bucket") && !s3("object") {
            (
                "bucket-action-on-objects",
                "the bucket, and the resource names only objects",
                "the bucket itself",
                bucket.to_owned(),
            )
        } else {
            return other(used, &types);
        };
        let finding = Diagnostic::warning(code, entry.span, format!("`{value}` works on {what}: nothing matches"))
            .help(format!("add {other}, `{entry_to_add}`, to `Resource`"))
            .related(first.span, "the resource");
        return if only {
            finding.fix(format!("add `{entry_to_add}`"), add_entry(scope.text, clause, first, &entry_to_add))
        } else {
            finding
        };
    }
    other(used, &types)
}

fn other(used: &ActionUse<'_, '_>, types: &[reference::ResourceType<'_>]) -> Diagnostic {
    let value = &used.entry.value;
    let names = some(types.iter().map(|kind| kind.name().to_owned()));
    // Of `object` and `accesspointobject` the first is meant.
    let plainest = types.iter().min_by_key(|kind| kind.name().len());
    let formats = plainest.and_then(|kind| kind.arn_formats().next()).map(example);
    let message = if types.len() == 1 {
        format!("`{value}` works on the resource type {names}, which no entry of `Resource` names")
    } else {
        format!("`{value}` works on the resource types {names}, none of which `Resource` names")
    };
    let finding = Diagnostic::warning("action-resource-mismatch", used.entry.span, message);
    match formats {
        Some(format) => finding.help(format!("such as `{format}`; the statement does nothing for this action")),
        None => finding,
    }
}

/// A format as an ARN to write: `arn:aws:s3:::BUCKETNAME`.
pub(super) fn example(format: &str) -> String {
    let mut example = String::with_capacity(format.len());
    let mut rest = format;
    while let Some((before, after)) = rest.split_once("${") {
        example.push_str(before);
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        match name {
            "Partition" => example.push_str("aws"),
            "Region" | "Account" => example.push('*'),
            other => example.push_str(&other.to_ascii_uppercase()),
        }
        rest = behind;
    }
    example + rest
}

/// Resource control policies hold for a few services only.
pub(super) fn outside_control<'p, 'r>(
    scope: &mut Scope<'p, 'r>,
    statement: &'p Statement,
    _: &Review<'p, 'r>,
    found: &mut Vec<Diagnostic>,
) {
    if scope.kind != PolicyKind::Rcp {
        return;
    }
    for entry in statement.action.iter().flat_map(|clause| &clause.entries) {
        let service = entry.value.split_once(':').and_then(|(prefix, _)| scope.reference.service(prefix));
        if let Some(service) = service.filter(|service| !service.supports_resource_control_policies()) {
            found.push(
                Diagnostic::warning(
                    "rcp-service",
                    part(scope.text, entry, 0, service.prefix()),
                    format!("resource control policies do not hold for {}", service.name()),
                )
                .help("they hold for a few services, such as S3, STS, KMS, SQS and Secrets Manager; for others use a service control policy"),
            );
        }
    }
}
