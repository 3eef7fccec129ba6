//! Actions: first services, then the service's actions and the wildcards over them.

use std::borrow::Cow;

use policy::{PolicyKind, ResourceType};
use reference::{Action, Reference, Service};

use super::CompletionKind;
use super::draft::Draft;
use super::list::{List, MOST, Proposal, quality};
use crate::expand::levels_in_words;
use crate::subject::Request;
use crate::{Knowledge, words};

/// Services that most policies are about: offered before the others.
const COMMON: [&str; 24] = [
    "s3",
    "ec2",
    "iam",
    "sts",
    "lambda",
    "dynamodb",
    "kms",
    "logs",
    "cloudwatch",
    "sns",
    "sqs",
    "secretsmanager",
    "ssm",
    "rds",
    "ecr",
    "ecs",
    "eks",
    "cloudformation",
    "apigateway",
    "route53",
    "events",
    "states",
    "elasticloadbalancing",
    "organizations",
];

/// What a role trust policy allows.
const TRUST: [&str; 5] = [
    "sts:AssumeRole",
    "sts:AssumeRoleWithWebIdentity",
    "sts:AssumeRoleWithSAML",
    "sts:TagSession",
    "sts:SetSourceIdentity",
];

/// Actions of what sort.
pub(super) struct Wanted<'a> {
    pub(super) knowledge: &'a Knowledge,
    pub(super) request: &'a Request,
    pub(super) kind: PolicyKind,
    /// Whether it is for a policy: patterns are of use then, and the request's own action.
    pub(super) patterns: bool,
    /// What the list has already.
    pub(super) present: &'a [Cow<'a, str>],
}

pub(super) fn actions(asked: &Wanted<'_>, list: &mut List<'_>) {
    if let Some(action) = asked.request.action().filter(|_| asked.patterns) {
        let described = asked.knowledge.services().and_then(|services| services.action(action));
        let info = described.and_then(|action| asked.knowledge.descriptions()?.action(action));
        let detail = match described {
            Some(known) => format!("the request's action · {}", known.access_level().name()),
            None => "the request's action".to_owned(),
        };
        let proposal = Proposal::new(action, Draft::string(action), CompletionKind::Action).detail(detail);
        list.add(Proposal { info, ..proposal });
    }
    let Some(services) = asked.knowledge.services() else {
        star(asked, list);
        return;
    };
    if asked.kind == PolicyKind::Resource(ResourceType::Role) {
        for (rank, name) in TRUST.into_iter().enumerate() {
            if let Some(action) = services.action(name) {
                let info = asked.knowledge.descriptions().and_then(|descriptions| descriptions.action(action));
                list.add(Proposal { info, ..one(action).rank(10 + rank as u32) });
            }
        }
    }
    match list.typed.split_once(':') {
        None => of_any_service(asked, services, list),
        Some((prefix, name)) => match services.service(prefix) {
            Some(service) => of_service(asked, services, service, name, list),
            None => {
                if let Some(meant) = services.nearest_service(prefix) {
                    list.add_as(0, whole_service(meant, 0).detail(format!("did you mean {}?", meant.name())));
                }
            }
        },
    }
}

fn star(asked: &Wanted<'_>, list: &mut List<'_>) {
    if asked.patterns && asked.kind != PolicyKind::Rcp {
        let proposal = Proposal::new("*", Draft::string("*"), CompletionKind::Wildcard).rank(90_000);
        list.add(proposal.detail("every action of every service"));
    }
}

/// Nothing is typed yet but perhaps a part of a name.
fn of_any_service(asked: &Wanted<'_>, services: &Reference, list: &mut List<'_>) {
    star(asked, list);
    let near = near_services(asked);
    for (place, service) in services.services().enumerate() {
        if asked.kind == PolicyKind::Rcp && !service.supports_resource_control_policies() {
            continue;
        }
        let by_prefix = quality(list.typed, service.prefix());
        let by_name = quality(list.typed, service.name()).map(|quality| quality + 1);
        let Some(fits) = by_prefix.into_iter().chain(by_name).min() else { continue };
        let is_it = |prefix: &&str| prefix.eq_ignore_ascii_case(service.prefix());
        let rank = match (near.iter().position(is_it), COMMON.iter().position(is_it)) {
            (Some(at), _) => 20 + at,
            (None, Some(at)) => 40 + at,
            _ => 100 + place,
        };
        list.add_as(fits, whole_service(service, rank as u32));
    }
    if list.typed.len() < 3 {
        return;
    }
    // A name without its service: it is looked for in all.
    let mut found = 0;
    for service in services.services() {
        for action in service.actions_starting(list.typed) {
            if found == MOST {
                return;
            }
            found += 1;
            list.add_as(0, one(action).rank(1_000 + near_rank(&near, service) * 1_000 + found as u32));
        }
    }
}

fn near_rank(near: &[&str], service: Service<'_>) -> u32 {
    let is_it = |prefix: &&str| prefix.eq_ignore_ascii_case(service.prefix());
    match (near.iter().any(is_it), COMMON.iter().position(&is_it)) {
        (true, _) => 0,
        (false, Some(at)) => 1 + at as u32,
        _ => 50,
    }
}

/// The services that the request and the statement are about.
fn near_services<'s>(asked: &'s Wanted<'_>) -> Vec<&'s str> {
    let of_request = asked.request.action().and_then(|action| action.split_once(':'));
    let of_resource = asked.request.resource().and_then(policy::arn::Arn::split);
    let of_statement = asked.present.iter().filter_map(|action| action.split_once(':'));
    of_request
        .map(|(prefix, _)| prefix)
        .into_iter()
        .chain(of_resource.map(|arn| arn.service))
        .chain(of_statement.map(|(prefix, _)| prefix))
        .collect()
}

/// A service, its actions still to be chosen.
fn whole_service(service: Service<'_>, rank: u32) -> Proposal {
    let label = format!("{}:", service.prefix());
    let draft = Draft::json("\"").escaped(&label).field("").raw("\"");
    Proposal::new(label, draft, CompletionKind::Service).rank(rank).detail(service.name())
}

fn one(action: Action<'_>) -> Proposal {
    let name = action.to_string();
    let draft = Draft::string(&name);
    Proposal::new(name, draft, CompletionKind::Action).detail(action.access_level().name())
}

/// The actions of one service; `typed` is what stands behind the colon.
fn of_service(asked: &Wanted<'_>, services: &Reference, service: Service<'_>, typed: &str, list: &mut List<'_>) {
    if asked.patterns {
        wildcards(services, service, typed, list);
    }
    let mut sentences = asked.knowledge.descriptions().map(|descriptions| descriptions.actions_of(service));
    let pattern = typed.contains(['*', '?']);
    let covered: Vec<_> = match pattern {
        true => services.expand(&format!("{}:{typed}", service.prefix())).collect(),
        false => Vec::new(),
    };
    for (place, action) in service.actions().enumerate() {
        let info = sentences.as_mut().and_then(Iterator::next).flatten();
        let fits = match pattern {
            true => covered.contains(&action).then_some(1),
            false => quality(typed, action.name()),
        };
        let Some(fits) = fits else { continue };
        // What the list has already is of least use.
        let name = action.to_string();
        let there = asked.present.iter().any(|present| present.eq_ignore_ascii_case(&name));
        let rank = 200 + place as u32 + if there { 10_000 } else { 0 };
        list.add_as(fits, Proposal { info, ..one(action).rank(rank) });
    }
}

/// `s3:*`, `s3:Get*` and the like, each with what it covers.
fn wildcards(services: &Reference, service: Service<'_>, typed: &str, list: &mut List<'_>) {
    let mut add = |name: &str, actions: &[Action<'_>], rank: usize| {
        let label = format!("{}:{name}", service.prefix());
        let draft = Draft::string(&label);
        let proposal = Proposal::new(label, draft, CompletionKind::Wildcard).rank(100 + rank as u32);
        list.add_as(0, proposal.detail(words::count(actions.len(), "action")).info(levels_in_words(actions)));
    };
    if typed.contains(['*', '?']) {
        let pattern = format!("{}:{typed}", service.prefix());
        add(typed, &services.expand(&pattern).collect::<Vec<_>>(), 0);
        return;
    }
    if typed.is_empty() {
        add("*", &service.actions().collect::<Vec<_>>(), 0);
    }
    // Names that go on with the same word, in one group.
    let mut groups: Vec<(&str, Vec<Action<'_>>)> = Vec::new();
    let starting: Vec<_> = service.actions_starting(typed).collect();
    for action in &starting {
        let name = action.name();
        let Some(start) = name.get(..word_end(name, typed.len())) else { continue };
        match groups.last_mut().filter(|(last, _)| *last == start) {
            Some((_, actions)) => actions.push(*action),
            None => groups.push((start, vec![*action])),
        }
    }
    let at_word_end =
        starting.iter().any(|action| action.name().as_bytes().get(typed.len()).is_some_and(u8::is_ascii_uppercase));
    if !typed.is_empty() && at_word_end && starting.len() > 1 {
        let start = starting.first().and_then(|action| action.name().get(..typed.len())).unwrap_or(typed);
        add(&format!("{start}*"), &starting, 0);
    }
    groups.retain(|(_, actions)| actions.len() > 1);
    groups.sort_by_key(|(_, actions)| core::cmp::Reverse(actions.len()));
    for (rank, (start, actions)) in groups.into_iter().take(if typed.is_empty() { 8 } else { 4 }).enumerate() {
        if actions.len() < starting.len() || !at_word_end {
            add(&format!("{start}*"), &actions, 1 + rank);
        }
    }
}

/// Where the word of a name ends that stands at `from`: `Get` in `GetObject`.
fn word_end(name: &str, from: usize) -> usize {
    let bytes = name.as_bytes();
    let capitals = |at: &usize| bytes.get(*at).is_some_and(u8::is_ascii_uppercase);
    let others = |at: &usize| bytes.get(*at).is_some_and(|byte| !byte.is_ascii_uppercase());
    let start = (from..).take_while(capitals).count() + from;
    (start..).take_while(others).count() + start
}
