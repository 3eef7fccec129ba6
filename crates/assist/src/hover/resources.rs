//! Resources: what an ARN is, and which of the statement's actions it serves.

use policy::arn::Arn;

use super::{About, Words};
use crate::place::Element;
use crate::subject;
use crate::{identify, words::count};

/// How many of the statement's actions are looked at.
const MOST_ACTIONS: usize = 400;

pub(super) fn resource(about: &About<'_>, written: &str, element: Element) -> Words {
    let mut words = Words::new(written);
    let services = about.knowledge.services();
    let types = identify(written, about.knowledge);
    let service = Arn::split(written).map(|arn| arn.service);
    let own = types.iter().take_while(|kind| Some(kind.service.as_str()) == service).count();
    // Where the service of the ARN knows such a type, the others that share its format say nothing.
    let shown = if own > 0 { own } else { types.len() };
    if written == "*" {
        words.say("Every resource. Some actions have no resources of their own: a policy can only say `*` for them.");
    } else if let (Some(services), true) = (services, types.is_empty() && service.is_some()) {
        words.say(format!("No service documented resources with such an ARN on {}.", services.date()));
    }
    for kind in types.iter().take(shown).take(4) {
        words.fact("Is", format!("`{}` of {}", kind.resource_type, kind.service_name));
    }
    if let [only] = types.get(..shown).unwrap_or(&[]) {
        for part in only.parts.iter().filter(|part| part.name != "Partition") {
            words.fact("Part", format!("`{}`: `{}`", part.name, part.value));
        }
    }
    serves(about, written, &mut words);
    if let Some(value) = about.trace.as_ref().and_then(|trace| trace.value(about.offset())) {
        if let Some(resolved) = &value.resolved {
            words.fact("Filled in", format!("`{resolved}`"));
        }
        let asked = about.subject.request.input.resource.as_deref().unwrap_or("");
        let message = match (&value.message, value.matches, element) {
            (Some(message), ..) => message.clone(),
            (None, true, Element::NotResource) => format!("takes out `{asked}`"),
            (None, true, _) => format!("covers `{asked}`"),
            (None, false, _) => format!("does not cover `{asked}`"),
        };
        words.here(value.matches, &message);
    }
    words
}

/// Which of the statement's actions can be used on it.
fn serves(about: &About<'_>, written: &str, words: &mut Words) {
    let actions = subject::actions(&about.said.actions, about.knowledge, MOST_ACTIONS);
    if actions.is_empty() || written == "*" {
        return;
    }
    let (serves, not): (Vec<_>, Vec<_>) =
        actions.iter().partition(|action| action.resources_fitting(written).next().is_some());
    let names = |actions: &[&reference::Action<'_>]| {
        let mut names: Vec<_> = actions.iter().take(8).map(|action| format!("`{action}`")).collect();
        if actions.len() > 8 {
            names.push(format!("{} more", actions.len() - 8));
        }
        names.join(", ")
    };
    if serves.is_empty() {
        words.say(format!("None of the statement's {} works on such a resource.", count(actions.len(), "action")));
        return;
    }
    words.fact("Serves", names(&serves));
    words.fact("Not for", names(&not));
}
