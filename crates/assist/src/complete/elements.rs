//! Documents, statements, elements, and the values of `Version` and `Effect`.

use policy::{PolicyKind, ResourceType};

use super::draft::Draft;
use super::list::{List, Proposal};
use super::{Asked, CompletionKind};
use crate::place::Element;
use crate::words::{self, Need};

const NEWEST: &str = "2012-10-17";

/// A whole document.
pub(super) fn documents(asked: &Asked<'_>, list: &mut List<'_>) {
    for (rank, (label, statement)) in statements(asked.kind()).into_iter().enumerate() {
        let entries =
            [Draft::entry("Version", Draft::string(NEWEST)), Draft::entry("Statement", Draft::list(&statement))];
        let proposal = Proposal::new(format!("{{ }} {label}"), Draft::object(&entries), CompletionKind::Skeleton)
            .rank(rank as u32)
            .detail(format!("a whole {}", asked.kind().name()))
            .info("A document with one statement; what is left open is filled in next.");
        // Whatever stands there, a document is what has to stand there.
        list.add_as(0, proposal);
    }
}

/// Keys of the document.
pub(super) fn top_keys(asked: &Asked<'_>, list: &mut List<'_>) {
    let present = |name: &str| asked.siblings().any(|key| key == name);
    let own_id = asked.kind().has_principal() && asked.kind() != PolicyKind::Rcp;
    for (rank, name) in ["Version", "Statement", "Id"].into_iter().enumerate() {
        if present(name) || name == "Id" && !own_id {
            continue;
        }
        let value = match name {
            "Version" => Draft::string(NEWEST),
            "Statement" => match statements(asked.kind()).into_iter().next() {
                Some((_, statement)) => Draft::list(&statement),
                None => Draft::json("[]"),
            },
            _ => Draft::hole(),
        };
        let needed = if name == "Id" { "optional" } else { "required" };
        list.add(
            Proposal::new(name, asked.entry(name, value), CompletionKind::Element)
                .rank(rank as u32)
                .detail(needed)
                .info(words::top(name).unwrap_or("")),
        );
    }
}

/// Values of keys of the document.
pub(super) fn top_values(name: &str, list: &mut List<'_>) {
    if name != "Version" {
        return;
    }
    for (rank, (version, words)) in
        [(NEWEST, "policy variables work"), ("2008-10-17", "the old rules: `${…}` is plain text")]
            .into_iter()
            .enumerate()
    {
        list.add(Proposal::new(version, Draft::string(version), CompletionKind::Value).rank(rank as u32).detail(words));
    }
}

/// Whole statements.
pub(super) fn whole_statements(asked: &Asked<'_>, in_list: bool, list: &mut List<'_>) {
    for (rank, (label, statement)) in statements(asked.kind()).into_iter().enumerate() {
        let draft = if in_list { statement } else { Draft::list(&statement) };
        let proposal = Proposal::new(format!("{{ }} {label}"), draft, CompletionKind::Skeleton)
            .rank(rank as u32)
            .detail("a statement");
        list.add_as(0, proposal);
    }
}

/// The statements that are usual in a kind of policy, with what they are for.
fn statements(kind: PolicyKind) -> Vec<(&'static str, Draft)> {
    let hole = Draft::hole;
    let effect = |effect: &str| Draft::entry("Effect", Draft::string(effect));
    let one = |key: &str, value: Draft| Draft::json("{ ").then(Draft::entry(key, value)).raw(" }");
    let principal = |kind: &str| Draft::entry("Principal", one(kind, hole()));
    let action = || Draft::entry("Action", hole());
    let resource = || Draft::entry("Resource", hole());
    let star = |element: &str| Draft::entry(element, Draft::string("*"));
    match kind {
        PolicyKind::Resource(ResourceType::Role) => {
            let assume = |action: &str| Draft::entry("Action", Draft::string(action));
            let federated = Draft::entry("Principal", one("Federated", hole()));
            vec![
                (
                    "let a service take on the role",
                    Draft::object(&[effect("Allow"), principal("Service"), assume("sts:AssumeRole")]),
                ),
                (
                    "let an account, user or role take on the role",
                    Draft::object(&[effect("Allow"), principal("AWS"), assume("sts:AssumeRole")]),
                ),
                (
                    "let users of an OIDC provider take on the role",
                    Draft::object(&[effect("Allow"), federated, assume("sts:AssumeRoleWithWebIdentity")]),
                ),
            ]
        }
        PolicyKind::Resource(ResourceType::Key) => vec![
            (
                "let the account's own policies decide",
                Draft::object(&[
                    effect("Allow"),
                    principal("AWS"),
                    Draft::entry("Action", Draft::string("kms:*")),
                    star("Resource"),
                ]),
            ),
            (
                "allow someone to use the key",
                Draft::object(&[effect("Allow"), principal("AWS"), action(), star("Resource")]),
            ),
        ],
        PolicyKind::Resource(_) => vec![
            ("allow someone", Draft::object(&[effect("Allow"), principal("AWS"), action(), resource()])),
            ("allow a service", Draft::object(&[effect("Allow"), principal("Service"), action(), resource()])),
            ("deny everyone", Draft::object(&[effect("Deny"), star("Principal"), action(), resource()])),
        ],
        PolicyKind::VpcEndpoint => vec![
            ("let requests through", Draft::object(&[effect("Allow"), star("Principal"), action(), resource()])),
            ("deny requests", Draft::object(&[effect("Deny"), star("Principal"), action(), resource()])),
        ],
        PolicyKind::Rcp => {
            vec![("deny everyone", Draft::object(&[effect("Deny"), star("Principal"), action(), star("Resource")]))]
        }
        PolicyKind::Scp => vec![
            ("deny actions", Draft::object(&[effect("Deny"), action(), star("Resource")])),
            ("allow actions", Draft::object(&[effect("Allow"), action(), star("Resource")])),
        ],
        PolicyKind::Identity | PolicyKind::PermissionsBoundary | PolicyKind::Session => vec![
            ("allow actions", Draft::object(&[effect("Allow"), action(), resource()])),
            ("deny actions", Draft::object(&[effect("Deny"), action(), resource()])),
        ],
    }
}

/// Elements of a statement.
pub(super) fn elements(asked: &Asked<'_>, list: &mut List<'_>) {
    let own = asked.own_key();
    for (rank, element) in Element::ALL.into_iter().enumerate() {
        let present = |wanted: Element| asked.siblings().any(|key| Element::by_name(key.as_ref()) == Some(wanted));
        let is_own = own.as_deref().and_then(Element::by_name);
        let taken = |wanted: Element| present(wanted) && is_own != Some(wanted);
        let need = words::need(element, asked.kind());
        if need == Need::Forbidden || taken(element) || element.other_form().is_some_and(taken) {
            continue;
        }
        let required = need == Need::Required;
        let detail = match (required, element.is_not_form()) {
            (true, false) => "required".to_owned(),
            (true, true) => format!("instead of {}", element.other_form().map_or("", Element::name)),
            (false, _) => "optional".to_owned(),
        };
        let value = match element {
            Element::Principal | Element::NotPrincipal => {
                Draft::json("{ \"").field("AWS").raw("\": ").then(Draft::hole()).raw(" }")
            }
            Element::Condition => {
                let keys = Draft::object(&[Draft::hole().raw(": ").then(Draft::hole())]);
                Draft::object(&[Draft::hole().raw(": ").then(keys)])
            }
            _ => Draft::hole(),
        };
        let group = match (required, element.is_not_form()) {
            (true, false) => 0,
            (false, false) => 10,
            _ => 20,
        };
        list.add(
            Proposal::new(element.name(), asked.entry(element.name(), value), CompletionKind::Element)
                .rank(group + rank as u32)
                .detail(detail)
                .info(words::element(element)),
        );
    }
}

/// `Allow` and `Deny`.
pub(super) fn effects(asked: &Asked<'_>, list: &mut List<'_>) {
    let rcp = asked.kind() == PolicyKind::Rcp;
    let effects = [("Allow", "grants what the statement says"), ("Deny", "refuses it, whatever else allows")];
    for (rank, (effect, words)) in effects.into_iter().enumerate() {
        if rcp && effect == "Allow" {
            continue;
        }
        list.add(Proposal::new(effect, Draft::string(effect), CompletionKind::Value).rank(rank as u32).detail(words));
    }
}

/// `Condition` as a whole.
pub(super) fn conditions(list: &mut List<'_>) {
    let keys = Draft::object(&[Draft::hole().raw(": ").then(Draft::hole())]);
    let condition = Draft::object(&[Draft::hole().raw(": ").then(keys)]);
    list.add_as(
        0,
        Proposal::new("{ operator: { key: value } }", condition, CompletionKind::Skeleton).detail("a condition"),
    );
}
