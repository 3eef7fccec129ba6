//! What an action pattern stands for.

use policy::template;
use reference::{AccessLevel, Action};
use serde::Serialize;
use serde_json::Value;

use crate::outline::{Outline, Role, Shape};
use crate::place::{Element, Place, slot};
use crate::subject::Subject;
use crate::{Knowledge, units, words};
use playground::{Edit, Fix};

/// The actions that a pattern covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Expansion {
    /// The pattern, as asked.
    pub pattern: String,
    /// By service and name; at most [`MOST_LISTED`].
    pub actions: Vec<ActionInfo>,
    /// How many there are.
    pub total: usize,
    /// How many of each access level, the harmless first; levels without one are left out.
    pub by_level: Vec<LevelCount>,
}

/// An action in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ActionInfo {
    /// Such as `s3:GetObject`.
    pub name: String,
    /// Its access level, in AWS's word; none of what is no action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<&'static str>,
    /// What it lets its caller do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// How many actions have an access level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LevelCount {
    /// The level, in AWS's word.
    pub level: &'static str,
    /// How many actions.
    pub count: usize,
}

/// How many actions an [`Expansion`] lists.
pub const MOST_LISTED: usize = 2_000;

/// The actions that `pattern` covers, as written in a policy's `Action`. Nothing without the services' data.
///
/// ```
/// use assist::{expand, Knowledge, Part};
///
/// let mut knowledge = Knowledge::default();
/// # let read = |name: &str| std::fs::read_to_string(format!("../../data/{name}.txt")).unwrap();
/// knowledge.load(Part::Services, read("services")).unwrap();
/// let found = expand("sts:AssumeRole*", &knowledge);
/// assert_eq!(found.total, 3);
/// assert_eq!((found.by_level[0].level, found.by_level[0].count), ("Write", 3));
/// ```
pub fn expand(pattern: &str, knowledge: &Knowledge) -> Expansion {
    let actions: Vec<Action<'_>> =
        knowledge.services().into_iter().flat_map(|services| services.expand(pattern)).collect();
    Expansion {
        pattern: pattern.to_owned(),
        total: actions.len(),
        by_level: levels(&actions)
            .filter(|(_, count)| *count > 0)
            .map(|(level, count)| LevelCount { level: level.name(), count })
            .collect(),
        actions: describe(actions.get(..MOST_LISTED).unwrap_or(&actions), knowledge),
    }
}

/// The actions with their sentences; they come by service and name.
fn describe(actions: &[Action<'_>], knowledge: &Knowledge) -> Vec<ActionInfo> {
    let mut listed = Vec::with_capacity(actions.len());
    for group in actions.chunk_by(|a, b| a.service() == b.service()) {
        let Some(service) = group.first().map(|action| action.service()) else { continue };
        let mut sentences = knowledge.descriptions().map(|descriptions| descriptions.actions_of(service));
        let mut rest = group.iter().peekable();
        for known in service.actions() {
            let sentence = sentences.as_mut().and_then(Iterator::next).flatten();
            if rest.next_if(|action| **action == known).is_some() {
                let level = Some(known.access_level().name());
                listed.push(ActionInfo { name: known.to_string(), level, description: sentence });
            }
        }
    }
    listed
}

fn levels(actions: &[Action<'_>]) -> impl Iterator<Item = (AccessLevel, usize)> {
    let count = |level| actions.iter().filter(|action| action.access_level() == level).count();
    AccessLevel::ALL.map(|level| (level, count(level))).into_iter()
}

/// Such as `3 List, 2 Read`.
pub(crate) fn levels_in_words(actions: &[Action<'_>]) -> String {
    let words =
        levels(actions).filter(|(_, count)| *count > 0).map(|(level, count)| format!("{count} {}", level.name()));
    words.collect::<Vec<_>>().join(", ")
}

/// How many actions are written out in a policy at most: policies have 6,144 characters.
const MOST_WRITTEN: usize = 250;

/// The edit that writes out the wildcard action at `offset` (UTF-16) of a policy; none where there is none, or it
/// covers nothing, or too much to be written.
pub fn expand_at(scenario: &Value, policy: usize, offset: usize, knowledge: &Knowledge) -> Option<Fix> {
    let subject = Subject::new(scenario, policy, knowledge)?;
    let text = subject.text.as_str();
    let outline = Outline::new(text);
    let slot = slot(&outline, units::to_byte(text, offset));
    let Place::ElementValue { element: Element::Action | Element::NotAction, .. } = slot.place else { return None };
    let node = slot.node?;
    let place = *outline.node(node).filter(|node| node.shape == Shape::Text)?;
    let pattern = outline.string(node);
    if !pattern.contains(['*', '?']) || template::has_variable(&pattern) {
        return None;
    }
    // What the list says already is not said again.
    let siblings: Vec<_> = match place.role {
        Role::Item => outline.strings(place.parent?).map(|(_, text)| text.to_ascii_lowercase()).collect(),
        _ => Vec::new(),
    };
    let all: Vec<_> = knowledge.services()?.expand(&pattern).collect();
    let actions: Vec<String> = all.iter().map(ToString::to_string).collect();
    let new: Vec<&String> = actions.iter().filter(|name| !siblings.contains(&name.to_ascii_lowercase())).collect();
    if new.is_empty() || new.len() > MOST_WRITTEN {
        return None;
    }
    let line_start = text.get(..place.start)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(line_start..place.start)?;
    let indent: String = line.chars().take_while(|c| c.is_whitespace()).collect();
    let quoted = |name: &&String| Value::from(name.as_str()).to_string();
    let written = match place.role {
        Role::Item if line.trim().is_empty() => {
            new.iter().map(quoted).collect::<Vec<_>>().join(&format!(",\n{indent}"))
        }
        Role::Item => new.iter().map(quoted).collect::<Vec<_>>().join(", "),
        _ if new.len() == 1 => new.iter().map(quoted).collect(),
        _ => {
            let lines: Vec<_> = new.iter().map(|name| format!("{indent}  {}", quoted(name))).collect();
            format!("[\n{}\n{indent}]", lines.join(",\n"))
        }
    };
    Some(Fix {
        label: format!("write out the {}", words::count(actions.len(), "action")),
        edits: vec![Edit {
            start: units::position(text, place.start),
            end: units::position(text, place.end),
            text: written,
        }],
    })
}
