//! What could be written at a place of a policy that is being typed.

use std::borrow::Cow;

use playground::ContextEntry;
use policy::{Operator, PolicyKind};
use reference::Action;
use serde::Serialize;
use serde_json::Value;

use crate::expand::ActionInfo;
use crate::outline::{Outline, Role, Shape};
use crate::place::{Element, Place, Said, Slot, slot};
use crate::subject::{self, Request, Subject};
use crate::template::Field;
use crate::{Knowledge, Part, units};

mod actions;
pub(crate) mod conditions;
mod draft;
mod elements;
mod list;
mod principals;
mod resources;
mod variables;

use draft::Draft;
use list::List;
pub(crate) use principals::services as known_services;

/// What could be written at a place, the best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Completions {
    /// Where the text starts that is replaced, in UTF-16 code units.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// Where a comma is missing before it: it belongs in too, whatever is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comma: Option<u32>,
    /// At most 100.
    pub options: Vec<Completion>,
    /// A part of the data that is not loaded, and knows more of what could stand here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wants: Option<&'static str>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Completion {
    /// What a list shows.
    pub label: String,
    /// What is put in, quotes, colon and comma included. Its further lines are indented as if the line that it is put
    /// into were not.
    pub insert: String,
    /// The parts of `insert` that the writer fills, one after the other.
    pub fields: Vec<Field>,
    /// What it is.
    pub kind: CompletionKind,
    /// A few words beside the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What it does, in sentences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub info: Option<String>,
}

/// What a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CompletionKind {
    /// Several lines to be filled in: a document, a statement.
    Skeleton,
    /// An element of the document or a statement.
    Element,
    /// A value of an element or a condition key.
    Value,
    /// A service, its action still to be chosen.
    Service,
    /// An action.
    Action,
    /// A pattern that covers several actions.
    Wildcard,
    /// A resource.
    Resource,
    /// A principal, or a type of principals.
    Principal,
    /// A condition operator.
    Operator,
    /// A condition key.
    Key,
    /// A policy variable.
    Variable,
    /// An AWS managed policy.
    Policy,
}

/// How many actions of a statement are looked at, and how many of those for their keys.
const MOST_ACTIONS: usize = 400;

/// A place, and what is known about it.
pub(crate) struct Asked<'a> {
    pub(crate) knowledge: &'a Knowledge,
    pub(crate) subject: &'a Subject,
    pub(crate) outline: &'a Outline<'a>,
    pub(crate) slot: Slot<'a>,
    pub(crate) said: Said<'a>,
    /// Whether the key that the cursor is in has its colon.
    has_colon: bool,
}

impl Asked<'_> {
    fn kind(&self) -> PolicyKind {
        self.subject.kind
    }

    /// A key with its value; the key alone where its colon is there already.
    fn entry(&self, key: &str, value: Draft) -> Draft {
        if self.has_colon { Draft::string(key) } else { Draft::entry(key, value) }
    }

    /// The keys of the object around.
    fn siblings(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.slot
            .inside
            .into_iter()
            .flat_map(|inside| self.outline.entries(inside))
            .map(|(key, _)| self.outline.string(key))
    }

    /// The keys of an object.
    fn keys_of(&self, object: usize) -> Vec<Cow<'_, str>> {
        self.outline.entries(object).map(|(key, _)| self.outline.string(key)).collect()
    }

    /// The key that the cursor is in.
    fn own_key(&self) -> Option<Cow<'_, str>> {
        let node = self.slot.node?;
        self.outline.node(node).filter(|node| node.role == Role::Key)?;
        Some(self.outline.string(node))
    }

    /// The value of the key that the cursor is in.
    fn own_value(&self) -> Option<usize> {
        let node = self.slot.node?;
        self.outline.entries(self.slot.inside?).find(|(key, _)| *key == node)?.1
    }

    /// The statement's actions; the request's, where it names none.
    fn actions(&self) -> Vec<Action<'_>> {
        let named = subject::actions(&self.said.actions, self.knowledge, MOST_ACTIONS);
        if named.is_empty() { subject::actions(self.subject.request.action(), self.knowledge, 1) } else { named }
    }

    /// What actions are wanted here.
    fn wanted(&self) -> actions::Wanted<'_> {
        actions::Wanted {
            knowledge: self.knowledge,
            request: &self.subject.request,
            kind: self.subject.kind,
            patterns: true,
            present: &self.said.actions,
        }
    }

    fn context(&self) -> Vec<ContextEntry> {
        self.subject.request.context(None)
    }
}

/// What could be written at `offset`, in UTF-16 code units, of a policy of the scenario (its place in the list, from
/// 0). The text may be in any state. Without the services' data what needs it is left out.
///
/// ```
/// use assist::{complete, Knowledge};
///
/// let scenario = serde_json::json!({
///     "request": { "principal": "arn:aws:iam::111122223333:user/alice", "action": "s3:GetObject", "resource": "*" },
///     "policies": [{ "kind": "identity", "document": "{\"Statement\": [{\"Eff" }]
/// });
/// let found = complete(&scenario, 0, 20, &Knowledge::default());
/// assert_eq!((found.from, found.to), (16, 20));
/// assert_eq!(found.options[0].label, "Effect");
/// assert_eq!(found.options[0].insert, "\"Effect\": \"\"");
/// ```
pub fn complete(scenario: &Value, policy: usize, offset: usize, knowledge: &Knowledge) -> Completions {
    let Some(subject) = Subject::new(scenario, policy, knowledge) else {
        return Completions { from: 0, to: 0, comma: None, options: Vec::new(), wants: None };
    };
    let text = subject.text.as_str();
    let at = units::to_byte(text, offset);
    let outline = Outline::new(text);
    let slot = slot(&outline, at);
    let token = slot.token.and_then(|token| outline.tokens.get(token)).copied();
    let typed_from = token.map_or(at, |token| token.start + usize::from(token.is_text()));
    let typed = text.get(typed_from.min(at)..at).unwrap_or("");
    // What would be put in stands in front of this token.
    let next = match slot.token {
        Some(token) => token,
        None => outline.tokens_before(at),
    };
    let behind = slot.token.map_or(next, |token| token + 1);
    let has_colon = outline.is_colon(behind);
    // An object or a list is not replaced as a whole.
    if token.is_some_and(|token| !token.is_scalar()) {
        return answer(text, at, at, None, List::new(""), ("", ""));
    }
    let said = Said::new(&outline, slot.statement);
    let asked = Asked { knowledge, subject: &subject, outline: &outline, slot, said, has_colon };
    if let Some(start) = open_variable(&asked, typed) {
        let inside = typed.get(start + 2..).unwrap_or("");
        let mut list = List::new(inside);
        variables::variables(&asked, &mut list);
        let rest = token.map_or("", |token| text.get(at..token.end).unwrap_or(""));
        let to = at + variable_rest(rest);
        return answer(text, typed_from + start, to, None, list, ("", ""));
    }
    let mut list = List::new(typed);
    propose(&asked, &mut list);
    let (from, to) = token.map_or((at, at), |token| (token.start, token.end));
    let comma = if asked.slot.place == Place::Document { None } else { outline.missing_comma(next) };
    let is_key = matches!(
        asked.slot.place,
        Place::TopKey | Place::ElementKey | Place::PrincipalType | Place::Operator | Place::ConditionKey { .. }
    );
    let wants_comma = asked.slot.place != Place::Document && !(is_key && has_colon) && outline.wants_comma(behind);
    // Nothing is put right behind what stands before.
    let before = text.get(..from).unwrap_or("");
    let spaced = before.is_empty() || before.ends_with(|c: char| c.is_whitespace() || "[{".contains(c));
    let names_a_policy = match &asked.slot.place {
        Place::ConditionValue { key, .. } => conditions::names_a_policy(key),
        _ => false,
    };
    let wants = (names_a_policy && knowledge.managed_names().is_none()).then(|| Part::ManagedNames.name());
    let around = (if spaced { "" } else { " " }, if wants_comma { "," } else { "" });
    Completions { wants, ..answer(text, from, to, comma, list, around) }
}

fn answer(
    text: &str,
    from: usize,
    to: usize,
    comma: Option<usize>,
    list: List<'_>,
    around: (&str, &str),
) -> Completions {
    Completions {
        from: units::to_utf16(text, from),
        to: units::to_utf16(text, to),
        comma: comma.map(|comma| units::to_utf16(text, comma)),
        options: list.finish().into_iter().map(|proposal| proposal.complete(around.0, around.1)).collect(),
        wants: None,
    }
}

fn propose(asked: &Asked<'_>, list: &mut List<'_>) {
    match &asked.slot.place {
        Place::Document => {
            // Behind a document there is nothing to write.
            let root = asked.outline.nodes.iter().find(|node| matches!(node.shape, Shape::Object | Shape::Array));
            if root.is_none() {
                elements::documents(asked, list);
            }
        }
        Place::TopKey => elements::top_keys(asked, list),
        Place::TopValue(name) => elements::top_values(name, list),
        Place::Statement { in_list } => elements::whole_statements(asked, *in_list, list),
        Place::ElementKey => elements::elements(asked, list),
        Place::ElementValue { element, in_list } => match element {
            Element::Effect => elements::effects(asked, list),
            Element::Action | Element::NotAction => actions::actions(&asked.wanted(), list),
            Element::Resource | Element::NotResource => resources::resources(asked, list),
            Element::Principal | Element::NotPrincipal if !in_list => principals::whole(asked, list),
            Element::Condition if !in_list => elements::conditions(list),
            _ => {}
        },
        Place::PrincipalType => principals::kinds(asked, list),
        Place::Principal { kind } => principals::principals(asked, kind, list),
        Place::Operator => conditions::operators(asked, list),
        Place::OperatorValue { .. } => conditions::operator_values(list),
        Place::ConditionKey { operator } => conditions::condition_keys(asked, operator, list),
        Place::ConditionValue { operator, key } => conditions::values(asked, operator, key, list),
        Place::Unknown => {}
    }
}

/// Where in `typed` the variable starts that the cursor is in, at a place where variables work.
fn open_variable(asked: &Asked<'_>, typed: &str) -> Option<usize> {
    let works = match &asked.slot.place {
        Place::ElementValue { element, .. } => matches!(element, Element::Resource | Element::NotResource),
        Place::ConditionValue { operator, .. } => {
            Operator::parse(operator).is_ok_and(|operator| operator.base.variables())
        }
        _ => false,
    };
    let start = typed.rfind("${")?;
    let open = typed.get(start..).is_some_and(|variable| !variable.contains('}'));
    (works && open).then_some(start)
}

/// How much of what stands behind the cursor belongs to the variable.
fn variable_rest(rest: &str) -> usize {
    let name = rest.find(|c: char| !(c.is_ascii_alphanumeric() || ":/._-".contains(c))).unwrap_or(rest.len());
    if rest.get(name..).is_some_and(|rest| rest.starts_with('}')) { name + 1 } else { 0 }
}

/// Actions, and services where nothing else is typed, for the request's own field.
pub(crate) fn matching_actions(typed: &str, request: &Request, knowledge: &Knowledge) -> Vec<ActionInfo> {
    let mut list = List::new(typed);
    let kind = PolicyKind::Identity;
    actions::actions(&actions::Wanted { knowledge, request, kind, patterns: false, present: &[] }, &mut list);
    let info = |proposal: list::Proposal| ActionInfo {
        level: knowledge
            .services()
            .and_then(|services| services.action(&proposal.label))
            .map(|action| action.access_level().name()),
        description: if proposal.kind == CompletionKind::Service { proposal.detail } else { proposal.info },
        name: proposal.label,
    };
    list.finish().into_iter().map(info).collect()
}
