//! Resources: the request's own, and the ARN formats that fit the statement's actions.

use reference::{Action, ResourceType, UsedResource};

use super::draft::Draft;
use super::list::{List, Proposal};
use super::{Asked, CompletionKind};
use crate::template::{self, Filled};

pub(super) fn resources(asked: &Asked<'_>, list: &mut List<'_>) {
    let actions = asked.actions();
    let types = types(&actions);
    let without: Vec<_> = actions.iter().filter(|action| !action.has_resources()).collect();
    let only_star = !actions.is_empty() && without.len() == actions.len();
    let star = Proposal::new("*", Draft::string("*"), CompletionKind::Resource);
    let star = match without.as_slice() {
        _ if only_star => star.rank(0).detail("these actions cannot be limited to resources"),
        [] => star.rank(900).detail("every resource"),
        [first, ..] => star.rank(900).detail(format!("every resource; needed for {first}, which has no resources")),
    };
    list.add(star);
    if only_star {
        return;
    }
    let fits = |arn: &str| types.is_empty() || types.iter().any(|(used, _)| used.resource_type.fits(arn));
    if let Some(resource) = asked.subject.request.resource().filter(|resource| fits(resource)) {
        let proposal = Proposal::new(resource, Draft::string(resource), CompletionKind::Resource);
        list.add(proposal.rank(1).detail("the request's resource"));
    }
    let known_types: Vec<_> = types.iter().map(|(used, _)| used.resource_type).collect();
    let known = asked.subject.request.known_parts(&known_types, asked.knowledge);
    let fill = asked.subject.request.fill();
    for (at, (used, count)) in types.iter().enumerate() {
        let kind = used.resource_type;
        // Types that many of the actions work on come first.
        let rank = 100 + 10 * at as u32 + if *count * 2 < actions.len() { 200 } else { 0 };
        for format in kind.arn_formats() {
            if let Some(all) = template::fill_all(format, fill, &known) {
                add(list, &all, kind, rank, "every");
            }
            add(list, &template::fill(format, fill, &known), kind, rank + 1, "a");
        }
    }
    // What the document's other statements name.
    let others =
        asked.outline.nodes.iter().filter(|node| node.shape == crate::outline::Shape::Text).filter_map(|node| {
            let text = asked.outline.text().get(node.start + 1..node.end.checked_sub(1)?)?;
            (text.starts_with("arn:") && fits(text)).then_some(text)
        });
    for (at, other) in others.take(20).enumerate() {
        let proposal = Proposal::new(other, Draft::string(other), CompletionKind::Resource);
        list.add(proposal.rank(50 + at as u32).detail("elsewhere in this policy"));
    }
}

fn add(list: &mut List<'_>, pieces: &[Filled], kind: ResourceType<'_>, rank: u32, article: &str) {
    let mut draft = Draft::json("\"");
    for piece in pieces {
        draft = if piece.open { draft.field(&piece.text) } else { draft.escaped(&piece.text) };
    }
    // The less is open, the nearer it is to what the request is about.
    let open = pieces.iter().filter(|piece| piece.open).count() as u32;
    let proposal = Proposal::new(template::text(pieces), draft.raw("\""), CompletionKind::Resource);
    list.add(proposal.rank(rank + 40 * open).detail(format!("{article} {} of {}", kind.name(), kind.service().name())));
}

/// The resource types that the actions work on, those of most actions first, each with how many those are.
fn types<'k>(actions: &[Action<'k>]) -> Vec<(UsedResource<'k>, usize)> {
    let mut types: Vec<(UsedResource<'k>, usize)> = Vec::new();
    for action in actions {
        for used in action.resources() {
            match types.iter_mut().find(|(known, _)| known.resource_type == used.resource_type) {
                Some((known, count)) => {
                    known.required |= used.required;
                    *count += 1;
                }
                None => types.push((used, 1)),
            }
        }
    }
    types.sort_by_key(|(used, count)| (!used.required, core::cmp::Reverse(*count)));
    types.truncate(30);
    types
}
