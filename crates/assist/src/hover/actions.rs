//! Actions and patterns of actions.

use reference::Action;

use super::{About, Words};
use crate::expand::levels_in_words;
use crate::place::Element;
use crate::words::count;

/// How many names a list has before it is cut short.
const MOST: usize = 12;

pub(super) fn action(about: &About<'_>, written: &str, element: Element) -> Words {
    let mut words = Words::new(written);
    let services = about.knowledge.services();
    match services.and_then(|services| services.action(written)) {
        Some(action) => known(about, action, &mut words),
        None if written.contains(['*', '?']) => pattern(about, written, &mut words),
        None => unknown(about, written, &mut words),
    }
    if let Some(value) = about.trace.as_ref().and_then(|trace| trace.value(about.offset())) {
        let asked = about.subject.request.action().unwrap_or("");
        let message = match (&value.message, value.matches, element) {
            (Some(message), ..) => message.clone(),
            (None, true, Element::NotAction) => format!("takes out `{asked}`"),
            (None, true, _) => format!("covers `{asked}`"),
            (None, false, _) => format!("does not cover `{asked}`"),
        };
        words.here(value.matches, &message);
    }
    words
}

fn known(about: &About<'_>, action: Action<'_>, words: &mut Words) {
    words.title = action.to_string();
    if let Some(sentence) = about.knowledge.descriptions().and_then(|descriptions| descriptions.action(action)) {
        words.say(sentence + ".");
    }
    words.fact("Access level", action.access_level().name());
    words.fact("Service", action.service().name());
    let resources: Vec<_> = action
        .resources()
        .map(|used| match used.required {
            true => format!("`{}` (always)", used.resource_type.name()),
            false => format!("`{}`", used.resource_type.name()),
        })
        .collect();
    words.fact(
        "Works on",
        if resources.is_empty() { "no resource: a policy says `*`".to_owned() } else { list(resources) },
    );
    let keys = action.applicable_keys();
    let keys: Vec<_> = keys.iter().map(|key| format!("`{}`", key.name())).collect();
    words.fact("Condition keys", list(keys));
    words.fact("May also need", list(action.dependent_actions().map(|name| format!("`{name}`")).collect()));
}

fn pattern(about: &About<'_>, written: &str, words: &mut Words) {
    let Some(services) = about.knowledge.services() else {
        words.say("A pattern: `*` stands for any text, `?` for one character.");
        return;
    };
    let actions: Vec<_> = services.expand(written).collect();
    if actions.is_empty() {
        words.say(format!("A pattern that covers no action AWS documented on {}.", services.date()));
        return;
    }
    let prefixes = actions.chunk_by(|a, b| a.service() == b.service()).count();
    let of = match (prefixes, actions.first()) {
        (1, Some(first)) => format!(" of {}", first.service().name()),
        _ => format!(" of {}", count(prefixes, "service")),
    };
    words.say(format!(
        "A pattern: it covers {}{of}, and those that AWS adds with such a name.",
        count(actions.len(), "action")
    ));
    words.fact("By access level", levels_in_words(&actions));
    let mut names: Vec<_> = actions.iter().take(MOST).map(|action| format!("`{action}`")).collect();
    if actions.len() > MOST {
        names.push(format!("{} more", actions.len() - MOST));
    }
    words.fact("Covers", names.join(", "));
    words.pattern = Some(written.to_owned());
}

fn unknown(about: &About<'_>, written: &str, words: &mut Words) {
    let Some(services) = about.knowledge.services() else {
        words.say("An action. AWS's list of actions is not loaded, so nothing more can be said about it.");
        return;
    };
    words.say(format!("AWS documented no such action on {}. It may be newer, or misspelt.", services.date()));
    if let Some(nearest) = services.nearest_action(written) {
        words.fact("Did you mean", format!("`{nearest}`"));
    }
}

/// Names, cut short.
fn list(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(MOST);
    if more > 0 {
        names.truncate(MOST);
        names.push(format!("{more} more"));
    }
    names.join(", ")
}
