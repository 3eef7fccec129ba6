//! Resources that fit none of the actions, and statements that name none.

use policy::{Diagnostic, Effect, PolicyKind, Statement};
use reference::Review;

use super::{Scope, some, stands_on};

/// Entries of `Resource` that none of the statement's actions works on.
pub(super) fn useless<'p, 'r>(
    _: &mut Scope<'p, 'r>,
    _: &'p Statement,
    review: &Review<'p, 'r>,
    found: &mut Vec<Diagnostic>,
) {
    // Where no action can be used, that has been said of the actions.
    if review.actions.iter().all(|used| used.usable == 0) {
        return;
    }
    for used in review.resources.iter().filter(|used| used.is_useless()) {
        if stands_on(
            found,
            used.entry.span,
            &["unknown-arn-format", "unknown-service", "invalid-arn-account", "kms-alias-as-resource"],
        ) {
            continue;
        }
        found.push(
            Diagnostic::warning(
                "useless-resource",
                used.entry.span,
                format!("none of the statement's actions works on `{}`", used.entry.value),
            )
            .help("remove it, or add an action that works on it"),
        );
    }
}

/// `"Resource": "*"` for actions that change things and could be held to some.
pub(super) fn everything<'p, 'r>(
    scope: &mut Scope<'p, 'r>,
    statement: &'p Statement,
    review: &Review<'p, 'r>,
    found: &mut Vec<Diagnostic>,
) {
    let allows = statement.effect.as_ref().is_some_and(|effect| effect.value == Effect::Allow);
    if scope.kind != PolicyKind::Identity || !allows || !statement.conditions.is_empty() {
        return;
    }
    let Some(star) = review.resources.iter().find(|used| used.entry.value == "*") else {
        return;
    };
    let mut changing = Vec::new();
    for used in review.actions.iter().filter(|used| used.covered == 1 && !used.entry.value.contains(['*', '?'])) {
        let Some(action) = scope.reference.action(&used.entry.value) else {
            continue;
        };
        // One that needs `*` would need a statement of its own; the others still could be held to some.
        if action.access_level().changes() && action.has_resources() {
            changing.push(used.entry);
        }
    }
    if let Some(first) = changing.first() {
        let names = some(changing.iter().map(|entry| entry.value.clone()));
        found.push(
            Diagnostic::info(
                "write-on-everything",
                star.entry.span,
                format!("this lets {names} change everything of its kind"),
            )
            .help("name the resources that are meant; what needs `*` gets a statement of its own")
            .related(first.span, "the first such action"),
        );
    }
}
