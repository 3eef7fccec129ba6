//! What a place in a policy's text is for: which element, which operator, which key.

use std::borrow::Cow;

use crate::outline::{Outline, Role, Shape, State};

/// The elements of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Element {
    Sid,
    Effect,
    Principal,
    NotPrincipal,
    Action,
    NotAction,
    Resource,
    NotResource,
    Condition,
}

impl Element {
    /// In the order in which AWS writes them.
    pub(crate) const ALL: [Self; 9] = [
        Self::Sid,
        Self::Effect,
        Self::Principal,
        Self::NotPrincipal,
        Self::Action,
        Self::NotAction,
        Self::Resource,
        Self::NotResource,
        Self::Condition,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sid => "Sid",
            Self::Effect => "Effect",
            Self::Principal => "Principal",
            Self::NotPrincipal => "NotPrincipal",
            Self::Action => "Action",
            Self::NotAction => "NotAction",
            Self::Resource => "Resource",
            Self::NotResource => "NotResource",
            Self::Condition => "Condition",
        }
    }

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|element| element.name().eq_ignore_ascii_case(name))
    }

    /// The element that cannot stand beside it: the plain one of a `Not` form and the other way round.
    pub(crate) fn other_form(self) -> Option<Self> {
        match self {
            Self::Principal => Some(Self::NotPrincipal),
            Self::NotPrincipal => Some(Self::Principal),
            Self::Action => Some(Self::NotAction),
            Self::NotAction => Some(Self::Action),
            Self::Resource => Some(Self::NotResource),
            Self::NotResource => Some(Self::Resource),
            _ => None,
        }
    }

    pub(crate) fn is_not_form(self) -> bool {
        matches!(self, Self::NotPrincipal | Self::NotAction | Self::NotResource)
    }
}

/// What a place is for. Names are as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place<'t> {
    /// The whole document.
    Document,
    /// A key of the document.
    TopKey,
    /// The value of a key of the document.
    TopValue(Cow<'t, str>),
    /// A statement as a whole, in the list; or the value of `Statement`.
    Statement { in_list: bool },
    /// A key of a statement.
    ElementKey,
    /// The value of an element that holds text, or an entry of it; `Condition` and `Principal` as a whole.
    ElementValue { element: Element, in_list: bool },
    /// A key of `Principal`.
    PrincipalType,
    /// A principal of this type.
    Principal { kind: Cow<'t, str> },
    /// A key of `Condition`.
    Operator,
    /// What an operator holds: an object of keys.
    OperatorValue { operator: Cow<'t, str> },
    /// A key in an operator.
    ConditionKey { operator: Cow<'t, str> },
    /// A value of a condition key.
    ConditionValue { operator: Cow<'t, str>, key: Cow<'t, str> },
    /// Nothing of a policy.
    Unknown,
}

/// Where the cursor is.
#[derive(Debug)]
pub(crate) struct Slot<'t> {
    pub(crate) place: Place<'t>,
    /// The statement around it, by its node.
    pub(crate) statement: Option<usize>,
    /// The string or word it is in, by its token.
    pub(crate) token: Option<usize>,
    /// The node of that, or, for a value not yet begun, of its key.
    pub(crate) node: Option<usize>,
    /// The object or array it is in.
    pub(crate) inside: Option<usize>,
}

/// The place of byte `offset`.
pub(crate) fn slot<'t>(outline: &Outline<'t>, offset: usize) -> Slot<'t> {
    let token = outline.token_at(offset).or_else(|| value_behind(outline, offset));
    let node = token.and_then(|token| outline.node_of(*outline.tokens.get(token)?));
    let (inside, position) = match node.and_then(|node| outline.node(node)) {
        Some(node) => {
            let position = match node.role {
                Role::Key => State::Key(false),
                Role::Value(key) => State::Value(key),
                Role::Item | Role::Root => State::Item(false),
            };
            (node.parent, position)
        }
        None => {
            let spot = outline.spot(outline.tokens_before(offset));
            (spot.inside, spot.state)
        }
    };
    let (place, statement) = match inside {
        None => (Place::Document, None),
        Some(inside) => place(outline, inside, position),
    };
    Slot { place, statement, token, node, inside }
}

/// The value that stands behind the cursor, where that is between a key's colon and it: what is written there takes its
/// place.
fn value_behind(outline: &Outline<'_>, offset: usize) -> Option<usize> {
    let next = outline.tokens_before(offset);
    let State::Value(_) = outline.spot(next).state else { return None };
    let node = outline.node(outline.node_of(*outline.tokens.get(next)?)?)?;
    matches!(node.role, Role::Value(_)).then_some(next)
}

/// What `position` in the object or array `inside` is for, and the statement around it.
fn place<'t>(outline: &Outline<'t>, inside: usize, position: State) -> (Place<'t>, Option<usize>) {
    let way = outline.way(inside);
    let is_object = |at: usize| outline.node(at).is_some_and(|node| node.shape == Shape::Object);
    // The keys on the way, and what they hold.
    let mut keys: Vec<(Cow<'t, str>, usize)> = Vec::new();
    for (at, key) in &way {
        match key {
            Some(key) => keys.push((outline.string(*key), *at)),
            // An entry of an array stands for the array.
            None => {
                if let Some(last) = keys.last_mut() {
                    last.1 = *at;
                }
            }
        }
    }
    let key = match position {
        State::Value(Some(key)) => Some(outline.string(key)),
        _ => None,
    };
    let is_key = matches!(position, State::Key(_));
    let in_list = matches!(position, State::Item(_));
    let in_object = is_object(inside);
    let names: Vec<&str> = keys.iter().map(|(name, _)| name.as_ref()).collect();
    let statement = keys.first().filter(|(name, at)| name == "Statement" && is_object(*at)).map(|(_, at)| *at);
    let place = match (names.as_slice(), key) {
        ([], Some(key)) if key == "Statement" => Place::Statement { in_list: false },
        ([], Some(key)) => Place::TopValue(key),
        ([], None) if is_key => Place::TopKey,
        (["Statement"], _) if in_list => Place::Statement { in_list: true },
        (["Statement"], None) if is_key => Place::ElementKey,
        (["Statement"], Some(key)) => match Element::by_name(&key) {
            Some(element) => Place::ElementValue { element, in_list: false },
            None => Place::Unknown,
        },
        (["Statement", element], key) => match Element::by_name(element) {
            Some(Element::Principal | Element::NotPrincipal) if in_object => match key {
                Some(kind) => Place::Principal { kind },
                None if is_key => Place::PrincipalType,
                None => Place::Unknown,
            },
            Some(Element::Condition) if in_object => match key {
                Some(operator) => Place::OperatorValue { operator },
                None if is_key => Place::Operator,
                None => Place::Unknown,
            },
            Some(element) if in_list => Place::ElementValue { element, in_list },
            _ => Place::Unknown,
        },
        (["Statement", element, inner], key) => {
            let inner: Cow<'t, str> = Cow::Owned((*inner).to_owned());
            match Element::by_name(element) {
                Some(Element::Principal | Element::NotPrincipal) if in_list => Place::Principal { kind: inner },
                Some(Element::Condition) if in_object => match key {
                    Some(key) => Place::ConditionValue { operator: inner, key },
                    None if is_key => Place::ConditionKey { operator: inner },
                    None => Place::Unknown,
                },
                _ => Place::Unknown,
            }
        }
        (["Statement", element, operator, key], None)
            if in_list && Element::by_name(element) == Some(Element::Condition) =>
        {
            Place::ConditionValue { operator: Cow::Owned((*operator).to_owned()), key: Cow::Owned((*key).to_owned()) }
        }
        _ => Place::Unknown,
    };
    (place, statement)
}

/// What a statement says so far.
#[derive(Debug, Default)]
pub(crate) struct Said<'t> {
    /// The elements that are there, with the nodes of their values.
    pub(crate) elements: Vec<(Element, Option<usize>)>,
    /// The entries of `Action`.
    pub(crate) actions: Vec<Cow<'t, str>>,
    /// The entries of `Resource` and `NotResource`.
    pub(crate) resources: Vec<Cow<'t, str>>,
    pub(crate) effect: Option<Cow<'t, str>>,
}

impl<'t> Said<'t> {
    pub(crate) fn new(outline: &Outline<'t>, statement: Option<usize>) -> Self {
        let mut said = Self::default();
        let Some(statement) = statement else { return said };
        for (key, value) in outline.entries(statement) {
            let Some(element) = Element::by_name(&outline.string(key)) else { continue };
            said.elements.push((element, value));
            let Some(value) = value else { continue };
            let texts = outline.strings(value).map(|(_, text)| text);
            match element {
                Element::Action => said.actions.extend(texts),
                Element::Resource | Element::NotResource => said.resources.extend(texts),
                Element::Effect => said.effect = texts.last(),
                _ => {}
            }
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of the `|` in a text.
    fn at(text: &str) -> String {
        let offset = text.find('|').unwrap();
        let text = text.replace('|', "");
        let outline = Outline::new(&text);
        format!("{:?}", slot(&outline, offset).place)
    }

    #[test]
    fn whole_documents() {
        assert_eq!(at("|"), "Document");
        assert_eq!(at("{|}"), "TopKey");
        assert_eq!(at(r#"{"Ver|sion": "2012-10-17"}"#), "TopKey");
        assert_eq!(at(r#"{"Version": "|2012-10-17"}"#), r#"TopValue("Version")"#);
        assert_eq!(at(r#"{"Statement": |}"#), "Statement { in_list: false }");
        assert_eq!(at(r#"{"Statement": [|]}"#), "Statement { in_list: true }");
        assert_eq!(at(r#"{"Statement": [{}, |]}"#), "Statement { in_list: true }");
        assert_eq!(at(r#"{"Statement": [{|}]}"#), "ElementKey");
        assert_eq!(at(r#"{"Statement": {|}}"#), "ElementKey");
        assert_eq!(at(r#"{"Statement": [{"Action": "|"}]}"#), "ElementValue { element: Action, in_list: false }");
        assert_eq!(at(r#"{"Statement": [{"Action": ["a", |]}]}"#), "ElementValue { element: Action, in_list: true }");
        assert_eq!(at(r#"{"Statement": [{"Principal": {|}}]}"#), "PrincipalType");
        assert_eq!(at(r#"{"Statement": [{"Principal": {"AWS": ["|"]}}]}"#), r#"Principal { kind: "AWS" }"#);
        assert_eq!(at(r#"{"Statement": [{"Condition": {|}}]}"#), "Operator");
        assert_eq!(at(r#"{"Statement": [{"Condition": {"Bool": |}}]}"#), r#"OperatorValue { operator: "Bool" }"#);
        assert_eq!(at(r#"{"Statement": [{"Condition": {"Bool": {"|"}}}]}"#), r#"ConditionKey { operator: "Bool" }"#);
        let value = r#"ConditionValue { operator: "Bool", key: "k" }"#;
        assert_eq!(at(r#"{"Statement": [{"Condition": {"Bool": {"k": |}}}]}"#), value);
        assert_eq!(at(r#"{"Statement": [{"Condition": {"Bool": {"k": ["a", "|"]}}}]}"#), value);
    }

    #[test]
    fn texts_half_typed() {
        assert_eq!(at(r#"{"Statement": [{"Effect": "Al|"#), "ElementValue { element: Effect, in_list: false }");
        assert_eq!(at(r#"{"Statement": [{"Effect": "Al| }]}"#), "ElementValue { element: Effect, in_list: false }");
        assert_eq!(at("{\"Statement\": [{\"Effect\": \"Allow\"\n  |\n}]}"), "ElementKey");
        assert_eq!(at("{\"Statement\": [{\"Effect\": \"Allow\"\n  Act|\n}]}"), "ElementKey");
        // An array that is not closed ends where a key follows.
        let open = "{\"Statement\": [{\"Action\": [\"s3:Get|\n  \"Resource\": \"*\" }]}";
        assert_eq!(at(open), "ElementValue { element: Action, in_list: true }");
        assert_eq!(
            at("{\"Statement\": [{\"Action\": [\"s3:GetObject\"\n  \"Resource\": \"|*\" }]}"),
            "ElementValue { element: Resource, in_list: false }"
        );
        // A key whose value is missing does not take the next key for it.
        assert_eq!(
            at("{\"Statement\": [{\"Effect\": |\n \"Action\": \"s3:*\" }]}"),
            "ElementValue { element: Effect, in_list: false }"
        );
        assert_eq!(
            at("{\"Statement\": [{\"Effect\":\n \"Action\": \"s|\" }]}"),
            "ElementValue { element: Action, in_list: false }"
        );
    }
}
