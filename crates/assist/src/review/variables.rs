//! Policy variables that never have a value, or whose want of one opens what should stay shut.

use evaluator::keys::Key;
use policy::template::{Part, split};
use policy::{Diagnostic, Effect, Polarity, Span, Spanned, Statement, Version};
use reference::Review;

use super::actions::part;
use super::{MOST, Scope};

/// Keys that every signed request has.
const ALWAYS: [&str; 11] = [
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalType",
    "aws:RequestedRegion",
    "aws:SecureTransport",
    "aws:UserAgent",
    "aws:userid",
    "aws:ViaAWSService",
];

pub(super) fn values<'p, 'r>(
    scope: &mut Scope<'p, 'r>,
    statement: &'p Statement,
    _: &Review<'p, 'r>,
    found: &mut Vec<Diagnostic>,
) {
    if scope.version != Version::V2012 {
        return;
    }
    let resources = statement.resource.iter().flat_map(|clause| &clause.entries).cloned();
    let compared = statement
        .conditions
        .iter()
        .filter(|condition| condition.operator.is_some_and(|operator| operator.base.variables()))
        .flat_map(|condition| &condition.values)
        .map(|value| Spanned::new(value.text.clone(), value.span));
    for entry in resources.chain(compared).filter(|entry| entry.value.contains("${")).take(MOST) {
        for (key, place) in variables(scope.text, &entry) {
            found.extend(list(scope, key, place).or_else(|| unknown(scope, key, place)));
        }
    }
    found.extend(left_out(scope, statement));
}

/// The variables of a text, each with the place of its key.
fn variables<'e>(text: &str, entry: &'e Spanned<String>) -> Vec<(&'e str, Span)> {
    let mut at = 0;
    let mut found = Vec::new();
    for piece in split(&entry.value) {
        at += match piece {
            Part::Text(text) | Part::Malformed(text) => text.len(),
            Part::Literal(c) => c.len_utf8() + 3,
            Part::Variable { key, text: whole, .. } => {
                let start = whole.find(key).unwrap_or(0);
                found.push((key, part(text, entry, at + start, key)));
                whole.len()
            }
        };
    }
    found
}

/// A key with many values cannot stand where one text belongs.
fn list(scope: &Scope<'_, '_>, key: &str, place: Span) -> Option<Diagnostic> {
    let many = match Key::find(key) {
        Some(known) => known.multivalued,
        None => scope.reference.condition_key(key).is_some_and(|known| known.is_multivalued()),
    };
    many.then(|| {
        Diagnostic::warning(
            "multivalued-variable",
            place,
            format!("`{key}` holds a list of values, so the variable has none: what it stands in matches nothing"),
        )
        .help("use a key with one value, or test this one in a condition with `ForAnyValue` or `ForAllValues`")
    })
}

fn unknown(scope: &Scope<'_, '_>, key: &str, place: Span) -> Option<Diagnostic> {
    let (prefix, _) = key.split_once(':')?;
    let ours = prefix.eq_ignore_ascii_case("aws") || scope.reference.service(prefix).is_some();
    if !ours || Key::find(key).is_some() || scope.reference.condition_key(key).is_some() {
        return None;
    }
    let finding = Diagnostic::warning(
        "unknown-condition-key",
        place,
        format!("`{key}` is no condition key that is known, so the variable never has a value"),
    );
    Some(match scope.reference.nearest_key(key) {
        Some(meant) => {
            let finding = finding.help(format!("did you mean `{meant}`?"));
            // Where the key is written with escapes its place is the whole string.
            if place.of(scope.text) == key {
                finding.fix(format!("replace with `{meant}`"), vec![(place, meant)])
            } else {
                finding
            }
        }
        None => finding.help("what it stands in then matches nothing; the key may be newer than what is known here"),
    })
}

/// What `NotResource` leaves out by a variable without a value is not left out.
fn left_out(scope: &Scope<'_, '_>, statement: &Statement) -> Option<Diagnostic> {
    let clause = statement.resource.as_ref().filter(|clause| clause.polarity == Polarity::Not)?;
    let effect = statement.effect.as_ref()?.value;
    let absent = |text: &str| {
        split(text).any(|part| match part {
            Part::Variable { key, default: None, .. } => !ALWAYS.iter().any(|always| always.eq_ignore_ascii_case(key)),
            _ => false,
        })
    };
    let entry = clause.entries.iter().take(MOST).find(|entry| absent(&entry.value))?;
    let (key, place) = variables(scope.text, entry).into_iter().next()?;
    let outcome = match effect {
        Effect::Allow => "is allowed too",
        Effect::Deny => "is denied too",
    };
    Some(
        Diagnostic::warning(
            "variable-in-not-resource",
            place,
            format!("where a request has no `{key}`, this entry leaves nothing out, and what it names {outcome}"),
        )
        .help("give the variable a default, such as `${aws:PrincipalTag/team, 'none'}`, or write the statement with `Resource`"),
    )
}
