//! What a lesson is, in the shape in which the page gets it: JSON names in camel case.

use playground::Decision;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// All lessons, in their order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Course {
    /// What lessons can teach: id and name, in the order of `concepts.json`.
    pub concepts: Map<String, Value>,
    /// The pages of AWS's documentation that lessons link: address and title, as in `aws-pages.json`.
    pub pages: Map<String, Value>,
    /// The topics.
    pub topics: Vec<Topic>,
    /// The lessons of all topics.
    pub lessons: Vec<Lesson>,
}

/// Lessons that belong together.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Topic {
    /// The folder's name without its number.
    pub id: String,
    /// A heading.
    pub title: String,
    /// One paragraph.
    pub text: String,
}

/// A lesson.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lesson {
    /// Unique, and the same for ever: links and a learner's progress hold on to it.
    pub id: String,
    /// The topic's id.
    pub topic: String,
    /// A few words.
    pub title: String,
    /// One sentence: what is to be achieved.
    pub goal: String,
    /// What the learner does.
    pub kind: Kind,
    /// Ids of what it teaches.
    pub concepts: Vec<String>,
    /// How long it takes someone new.
    pub minutes: u32,
    /// AWS's pages that its rule comes from.
    pub aws: Vec<String>,
    /// The names of the policies that the learner may change.
    #[serde(default)]
    pub editable: Vec<String>,
    /// Whether the learner guesses the answer to the first request before it is shown.
    #[serde(default)]
    pub predict: bool,
    /// Whether it closes its topic.
    #[serde(default)]
    pub challenge: bool,
    /// Ids of lessons to look at besides.
    #[serde(default)]
    pub links: Vec<String>,
    /// How many statements the editable policies need together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub par_statements: Option<usize>,
    /// How many characters the editable policies need together, white space between tokens not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub par_characters: Option<usize>,
    /// The text, in Markdown.
    pub text: String,
    /// The scenario that the learner finds.
    pub start: Value,
    /// The same, solved; `None` in a lesson in which nothing is changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solution: Option<Value>,
    /// What has to hold.
    pub rows: Vec<Row>,
    /// What request the learner looks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub find: Option<Find>,
    /// From a nudge to the line, in Markdown.
    pub hints: Vec<String>,
}

/// What the learner does in a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Writes a policy.
    Write,
    /// Mends a policy.
    Fix,
    /// Makes a policy narrower.
    Minimise,
    /// Predicts answers.
    Read,
    /// Finds a request that slips through.
    Break,
    /// Finds a request on which two sets of policies differ.
    Compare,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] = [Self::Write, Self::Fix, Self::Minimise, Self::Read, Self::Break, Self::Compare];

    /// The name in `lesson.md`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Fix => "fix",
            Self::Minimise => "minimise",
            Self::Read => "read",
            Self::Break => "break",
            Self::Compare => "compare",
        }
    }

    /// Whether the learner changes policies.
    pub fn changes_policies(self) -> bool {
        matches!(self, Self::Write | Self::Fix | Self::Minimise)
    }

    /// Whether the learner changes the request.
    pub fn changes_request(self) -> bool {
        matches!(self, Self::Break | Self::Compare)
    }
}

/// A request and the answer it should get.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Row {
    /// What the row shows.
    pub name: String,
    /// Fields in place of those of the start's request; the context is merged key by key.
    pub request: Map<String, Value>,
    /// The right answer.
    pub expect: Expected,
    /// Why it is right.
    pub why: String,
    /// Whether it is shown only when the others pass.
    #[serde(default)]
    pub hidden: bool,
    /// The statements that have to decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect_statements: Option<Vec<String>>,
}

/// A decision, as rows write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Expected {
    /// `allowed`
    Allowed,
    /// `implicitDeny`
    ImplicitDeny,
    /// `explicitDeny`
    ExplicitDeny,
}

impl Expected {
    /// The same in reports.
    pub fn decision(self) -> Decision {
        match self {
            Self::Allowed => Decision::Allowed,
            Self::ImplicitDeny => Decision::ImplicitDeny,
            Self::ExplicitDeny => Decision::ExplicitDeny,
        }
    }
}

/// The request that a learner looks for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Find {
    /// What of the request may be changed.
    pub change: Vec<Field>,
    /// The answer that it has to get (`break`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Expected>,
    /// The two sets of policies (`compare`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sides: Option<[Side; 2]>,
    /// The two answers, where it is not enough that they differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decisions: Option<[Expected; 2]>,
    /// What the request has to meet besides.
    #[serde(default, rename = "where")]
    pub conditions: Vec<Condition>,
    /// What made it possible; shown when it is found.
    pub why: String,
}

/// A part of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// `principal`
    Principal,
    /// `action`
    Action,
    /// `resource`
    Resource,
    /// `context`
    Context,
}

impl Field {
    /// Its name in a request.
    pub fn name(self) -> &'static str {
        match self {
            Self::Principal => "principal",
            Self::Action => "action",
            Self::Resource => "resource",
            Self::Context => "context",
        }
    }
}

/// One of the sets of policies that are compared.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Side {
    /// What it is called.
    pub name: String,
    /// The names of its policies; those of neither side belong to both.
    pub policies: Vec<String>,
}

/// What the request has to meet.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// What a reader sees beside the mark.
    pub name: String,
    /// `principal`, `action`, `resource`, or a context key.
    pub field: String,
    /// Why it is asked for; shown while it is not met.
    pub why: String,
    /// One of these exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<Values>,
    /// One of these patterns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub like: Option<Values>,
    /// None of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not: Option<Values>,
    /// None of these patterns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unlike: Option<Values>,
    /// Whether the request has the context key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present: Option<bool>,
}

/// One value, or several.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Values {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Values {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::One(value) => core::slice::from_ref(value).iter(),
            Self::Many(values) => values.iter(),
        }
        .map(String::as_str)
    }
}
