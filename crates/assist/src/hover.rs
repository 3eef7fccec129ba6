//! What stands at a place of a policy: what it means, and what it does with the request at hand.

use playground::Position;
use policy::template::{self, Part};
use serde::Serialize;
use serde_json::Value;

use crate::outline::{Node, Outline, Role};
use crate::place::{Element, Place, Said, Slot, slot};
use crate::subject::Subject;
use crate::words::{self, Need};
use crate::{Knowledge, units};

mod actions;
mod conditions;
mod principals;
mod resources;
mod trace;

use trace::Trace;

/// What is known about a piece of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hover {
    /// Where the piece starts.
    pub start: Position,
    /// Behind its end.
    pub end: Position,
    /// The piece in short.
    pub title: String,
    /// What it means, in sentences.
    pub paragraphs: Vec<String>,
    /// What else is known.
    pub facts: Vec<Fact>,
    /// Where AWS writes about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// An action with wildcards that covers actions: they can be listed with [`crate::expand`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// A finding of the statement's trace: whether this piece lets the request through. Absent where it has no say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matches: Option<bool>,
}

/// A line of a list: what it is about, and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// Such as "Access level".
    pub term: &'static str,
    /// Such as "Write".
    pub text: String,
}

/// What a hover says before it has its place.
#[derive(Debug, Default)]
pub(crate) struct Words {
    title: String,
    paragraphs: Vec<String>,
    facts: Vec<Fact>,
    link: Option<String>,
    pattern: Option<String>,
    matches: Option<bool>,
}

impl Words {
    fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    fn say(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        if !sentence.is_empty() {
            self.paragraphs.push(sentence);
        }
    }

    fn fact(&mut self, term: &'static str, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.facts.push(Fact { term, text });
        }
    }

    /// What the trace says.
    fn here(&mut self, matches: bool, message: &str) {
        self.matches = Some(matches);
        self.fact("In this request", message);
    }
}

/// Where AWS's pages are.
const GUIDE: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/";

/// Everything that is looked into.
pub(crate) struct About<'a> {
    pub(crate) knowledge: &'a Knowledge,
    pub(crate) subject: &'a Subject,
    pub(crate) outline: &'a Outline<'a>,
    pub(crate) slot: Slot<'a>,
    pub(crate) said: Said<'a>,
    pub(crate) now: Option<i64>,
    pub(crate) trace: Option<Trace>,
    /// Where the piece starts in the text, by bytes.
    pub(crate) start: usize,
}

impl About<'_> {
    /// Where the piece starts, in UTF-16 code units.
    fn offset(&self) -> u32 {
        units::to_utf16(self.outline.text(), self.start)
    }

    /// Whether the document's version has policy variables.
    fn has_variables(&self) -> bool {
        let mut entries = self.outline.nodes.first().map(|_| self.outline.entries(0)).into_iter().flatten();
        let version = entries.find(|(key, _)| self.outline.string(*key) == "Version").and_then(|(_, value)| value);
        version.is_some_and(|version| self.outline.string(version) == "2012-10-17")
    }
}

/// What stands at `offset`, in UTF-16 code units, of a policy of the scenario (its place in the list, from 0); none
/// where nothing is to be said. `now` is the time of the request in milliseconds since 1970.
///
/// ```
/// use assist::{hover, Knowledge};
///
/// let scenario = serde_json::json!({
///     "request": {
///         "principal": "arn:aws:iam::111122223333:user/alice",
///         "action": "s3:GetObject", "resource": "arn:aws:s3:::photos/cat.jpg"
///     },
///     "policies": [{ "kind": "identity", "document":
///         "{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::photos/*\"}}" }]
/// });
/// let found = hover(&scenario, 0, 38, None, &Knowledge::default()).unwrap();
/// assert_eq!(found.title, "Action");
/// assert_eq!(found.matches, Some(true));
/// ```
pub fn hover(scenario: &Value, policy: usize, offset: usize, now: Option<i64>, knowledge: &Knowledge) -> Option<Hover> {
    let subject = Subject::new(scenario, policy, knowledge)?;
    let text = subject.text.as_str();
    let at = units::to_byte(text, offset);
    let outline = Outline::new(text);
    // Before the first character of a piece is on it.
    let inside = match outline.token_at(at) {
        Some(_) => at,
        None => {
            outline.tokens.iter().find(|token| token.start == at && token.is_scalar()).map(|token| token.start + 1)?
        }
    };
    let slot = slot(&outline, inside);
    let node = *outline.node(slot.node?)?;
    let said = Said::new(&outline, slot.statement);
    let trace = slot.statement.and_then(|statement| Trace::new(&subject, &outline, statement, now));
    let about = About { knowledge, subject: &subject, outline: &outline, slot, said, now, trace, start: node.start };
    let (words, start, end) = match variable_at(&about, node, at) {
        Some(found) => found,
        None => (describe(&about, node)?, node.start, node.end),
    };
    Some(Hover {
        start: units::position(text, start),
        end: units::position(text, end),
        title: words.title,
        paragraphs: words.paragraphs,
        facts: words.facts,
        link: words.link,
        pattern: words.pattern,
        matches: words.matches,
    })
}

fn describe(about: &About<'_>, node: Node) -> Option<Words> {
    let written = about.outline.string(about.slot.node?);
    match &about.slot.place {
        Place::TopKey => {
            let mut words = Words::new(written.as_ref());
            words.say(words::top(&written)?);
            words.link = Some(format!("{GUIDE}reference_policies_elements_{}.html", written.to_ascii_lowercase()));
            Some(words)
        }
        Place::TopValue(key) if key == "Version" => {
            let mut words = Words::new(written.as_ref());
            words.say(words::top("Version")?);
            Some(words)
        }
        Place::ElementKey => Some(element(about, Element::by_name(&written)?)),
        Place::ElementValue { element, .. } => match element {
            Element::Effect => Some(effect(about, &written)),
            Element::Action | Element::NotAction => Some(actions::action(about, &written, *element)),
            Element::Resource | Element::NotResource => Some(resources::resource(about, &written, *element)),
            Element::Principal | Element::NotPrincipal if written == "*" => {
                Some(principals::principal(about, "AWS", &written))
            }
            _ => None,
        },
        Place::PrincipalType => {
            let mut words = Words::new(written.as_ref());
            words.say(words::principal_type(&written)?);
            words.link = Some(format!("{GUIDE}reference_policies_elements_principal.html"));
            Some(words)
        }
        Place::Principal { kind } => Some(principals::principal(about, kind, &written)),
        Place::Operator => conditions::operator(about, &written),
        Place::ConditionKey { .. } => Some(conditions::key(about, &written)),
        Place::ConditionValue { operator, key } => conditions::value(about, operator, key, &written, node),
        Place::Document
        | Place::TopValue(_)
        | Place::Statement { .. }
        | Place::OperatorValue { .. }
        | Place::Unknown => None,
    }
}

fn element(about: &About<'_>, element: Element) -> Words {
    let mut words = Words::new(element.name());
    words.say(words::element(element));
    let kind = about.subject.kind;
    words.fact(
        "In this policy",
        match words::need(element, kind) {
            Need::Required if element.is_not_form() => {
                format!(
                    "allowed in {}, instead of `{}`",
                    kind.name_with_article(),
                    element.other_form().map_or("", Element::name)
                )
            }
            Need::Required => format!("every statement of {} has it", kind.name_with_article()),
            Need::Optional => format!("optional in {}", kind.name_with_article()),
            Need::Forbidden => format!("not allowed in {}", kind.name_with_article()),
        },
    );
    if let Some(found) = about.trace.as_ref().and_then(|trace| trace.element(element.name())) {
        words.here(found.matches, &found.message);
    }
    let page = match element {
        Element::Sid => "sid",
        Element::Effect => "effect",
        Element::Principal => "principal",
        Element::NotPrincipal => "notprincipal",
        Element::Action => "action",
        Element::NotAction => "notaction",
        Element::Resource => "resource",
        Element::NotResource => "notresource",
        Element::Condition => "condition",
    };
    words.link = Some(format!("{GUIDE}reference_policies_elements_{page}.html"));
    words
}

fn effect(about: &About<'_>, written: &str) -> Words {
    let mut words = Words::new(written);
    words.say(match written {
        "Allow" => "Grants what the statement says, unless something else denies it.",
        "Deny" => "Refuses what the statement says, whatever else allows it.",
        _ => "No effect: it is `Allow` or `Deny`, and case matters.",
    });
    if let Some(trace) = &about.trace {
        words.here(trace.statement.matches, &trace.statement.message);
    }
    words
}

/// The policy variable under the cursor at byte `at`, with its place.
fn variable_at(about: &About<'_>, node: Node, at: usize) -> Option<(Words, usize, usize)> {
    let works = match &about.slot.place {
        Place::ElementValue { element, .. } => matches!(element, Element::Resource | Element::NotResource),
        Place::ConditionValue { operator, .. } => {
            policy::Operator::parse(operator).is_ok_and(|operator| operator.base.variables())
        }
        _ => false,
    };
    if !works || node.role == Role::Key {
        return None;
    }
    let written = about.outline.text().get(node.start..node.end)?;
    let mut start = node.start;
    for part in template::split(written) {
        let length = match part {
            Part::Text(text) | Part::Malformed(text) | Part::Variable { text, .. } => text.len(),
            Part::Literal(_) => "${*}".len(),
        };
        if at < start + length {
            return match part {
                Part::Variable { key, default, .. } => {
                    Some((conditions::variable(about, key, default), start, start + length))
                }
                Part::Literal(character) => {
                    let mut words = Words::new(format!("${{{character}}}"));
                    words
                        .say(format!("The character `{character}` itself, not a wildcard or the start of a variable."));
                    Some((words, start, start + length))
                }
                _ => None,
            };
        }
        start += length;
    }
    None
}
