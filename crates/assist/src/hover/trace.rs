//! What one statement does with the request at hand. It is evaluated by itself, so that the others may be broken and
//! the policy as large as it likes.

use playground::{ConditionReport, ElementReport, Options, StatementReport, ValueReport};
use serde_json::json;

use crate::outline::Outline;
use crate::subject::Subject;
use crate::units;

pub(crate) struct Trace {
    pub(crate) statement: StatementReport,
    /// What to add to a UTF-16 offset of the policy for that of the evaluated text.
    shift: i64,
}

impl Trace {
    /// None where the statement cannot be read, or the request.
    pub(crate) fn new(subject: &Subject, outline: &Outline<'_>, statement: usize, now: Option<i64>) -> Option<Self> {
        let node = outline.node(statement)?;
        let text = outline.text().get(node.start..node.end)?;
        let root = outline.nodes.first().map(|_| 0)?;
        let version = outline.entries(root).find(|(key, _)| outline.string(*key) == "Version");
        let version = version.and_then(|(_, value)| Some(outline.string(value?)));
        let before = match version {
            Some(version) => format!("{{\"Version\":{},\"Statement\":", json!(version)),
            None => "{\"Statement\":".to_owned(),
        };
        let shift = i64::from(units::to_utf16(&before, before.len()));
        let shift = shift - i64::from(units::to_utf16(outline.text(), node.start));
        let scenario = json!({
            "request": subject.request.value(),
            "policies": [{ "kind": subject.input_kind.name(), "document": format!("{before}{text}}}") }],
        });
        let report = playground::evaluate_value(&scenario, Options { now });
        let statement = report.policies.into_iter().next()?.statements.into_iter().next()?;
        // Of an unusable request there is nothing to say.
        let decided = !statement.elements.is_empty() && report.reason.code != "invalid-request";
        decided.then_some(Self { statement, shift })
    }

    pub(crate) fn element(&self, name: &str) -> Option<&ElementReport> {
        self.statement.elements.iter().find(|element| element.element == name)
    }

    pub(crate) fn conditions(&self) -> impl Iterator<Item = &ConditionReport> {
        self.element("Condition").and_then(|element| element.conditions.as_ref()).into_iter().flatten()
    }

    /// The entry that starts at this UTF-16 offset of the policy.
    pub(crate) fn value(&self, offset: u32) -> Option<&ValueReport> {
        let own = self.statement.elements.iter().filter_map(|element| element.values.as_ref()).flatten();
        let of_conditions = self.conditions().flat_map(|condition| &condition.values);
        own.chain(of_conditions).find(|value| self.is_at(value.start.offset, offset))
    }

    /// The condition whose key starts at this UTF-16 offset of the policy.
    pub(crate) fn condition(&self, offset: u32) -> Option<&ConditionReport> {
        self.conditions().find(|condition| self.is_at(condition.start.offset, offset))
    }

    fn is_at(&self, here: u32, offset: u32) -> bool {
        i64::from(here) == i64::from(offset) + self.shift
    }
}
