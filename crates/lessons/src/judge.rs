//! What a learner's answer is worth: the rows it passes, what is still open, and the words for it.

use playground::{Decision, Options, Report, Severity, TestResult, evaluate_value};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::find::{self, Found};
use crate::lesson::Lesson;
use crate::scenario;

/// How an answer does.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Judgement {
    /// Whether the lesson is done: every row passes, or the request is found. Never by a policy that cannot be read.
    /// In a lesson of the kind `read` this is always true, as there is nothing to change.
    pub done: bool,
    /// Where it stands, in a sentence.
    pub message: String,
    /// Why nothing can be decided, where a policy is not finished or the request is unusable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Trouble>,
    /// The rows in their order.
    pub rows: Vec<RowResult>,
    /// How the search for a request goes, in lessons of the kinds `break` and `compare`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
    /// Statements in the editable policies.
    pub statements: usize,
    /// Characters in the editable policies, white space between tokens not counted.
    pub characters: usize,
}

/// What keeps an answer from being judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// The policy's name; absent where the request is unusable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The line of the policy, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Whether it can be read, as JSON, but is no policy that AWS would save.
    pub refused: bool,
}

/// How a row does.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RowResult {
    /// What the row shows.
    pub name: String,
    /// Whether it is shown only when the others pass.
    pub hidden: bool,
    /// Whether it passes.
    pub pass: bool,
    /// The right answer.
    pub expect: Decision,
    /// The answer given; `None` where there is none.
    pub decision: Option<Decision>,
    /// Why it was given, in a sentence.
    pub reason: String,
    /// The statements that decided, in words: "`Files` of `TeamFiles`".
    pub statements: Vec<String>,
    /// Why the expected answer is right.
    pub why: String,
    /// Where it fails: what is wrong, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The whole request, to be looked at.
    pub request: Map<String, Value>,
}

/// Judges an answer: the scenario as the learner has it. Of it only what the lesson lets change counts: the documents
/// of the editable policies, or the request.
pub fn judge(lesson: &Lesson, answer: &Value, options: Options) -> Judgement {
    let policies = scenario::with_answer(lesson, answer);
    let (statements, characters) = scenario::size(lesson, &policies);
    let report = evaluate_value(&scenario::with_rows(policies, lesson), options);
    let problem = unreadable(&report);
    let rows: Vec<RowResult> = lesson
        .rows
        .iter()
        .zip(&report.tests)
        .map(|(row, result)| {
            let request = scenario::row_request(&lesson.start, &row.request);
            let message = (!result.pass).then(|| failure(result, row.expect.decision(), &request));
            RowResult {
                name: row.name.clone(),
                hidden: row.hidden,
                pass: result.pass && problem.is_none(),
                expect: row.expect.decision(),
                decision: result.decision,
                reason: result.reason.message.clone(),
                statements: result.statements.iter().map(|id| named(&report, id)).collect(),
                why: row.why.clone(),
                message,
                request,
            }
        })
        .collect();
    let found = lesson.find.as_ref().map(|find| find::search(lesson, find, answer, options));
    let passing = rows.iter().all(|row| row.pass);
    let problem = match &found {
        Some(found) => found.problem.clone(),
        None => problem,
    };
    let done = problem.is_none()
        && match &found {
            Some(found) => found.found,
            None => passing && rows.len() == lesson.rows.len(),
        };
    let message = message(lesson, problem.as_ref(), &rows, found.as_ref(), done);
    Judgement { done, message, problem, rows, found, statements, characters }
}

/// A statement as a reader knows it: by its `Sid` and its policy.
fn named(report: &Report, id: &str) -> String {
    let Some((name, index)) = id.rsplit_once('#') else { return format!("`{id}`") };
    let policy = report.policies.iter().find(|policy| policy.name == name);
    let sid = policy
        .and_then(|policy| policy.statements.iter().find(|statement| statement.index.to_string() == index))
        .and_then(|statement| statement.sid.as_deref())
        .filter(|sid| !sid.is_empty());
    match sid {
        Some(sid) => format!("`{sid}` of `{name}`"),
        None if policy.is_some_and(|policy| policy.statements.len() == 1) => format!("`{name}`"),
        None => format!("statement #{index} of `{name}`"),
    }
}

/// Why no policy of a report decides.
pub(crate) fn unreadable(report: &Report) -> Option<Trouble> {
    let refused = report.decision.is_none();
    let mut errors = report.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
    let error = errors.find(|finding| finding.policy_index.is_some() || refused)?;
    Some(Trouble {
        policy: error.policy.clone(),
        message: error.message.clone(),
        help: error.help.clone(),
        line: error.start.map(|start| start.line),
        refused: error.policy_index.is_some() && error.code != "invalid-json",
    })
}

/// What is wrong with a row that fails.
fn failure(result: &TestResult, expect: Decision, request: &Map<String, Value>) -> String {
    let what = asked(request);
    match (expect, result.decision) {
        (_, None) => format!("there is no answer yet: {}", result.reason.message),
        (Decision::Allowed, Some(_)) => format!("your answer does not allow {what}"),
        (_, Some(Decision::Allowed)) => format!("your answer also allows {what}"),
        (Decision::ExplicitDeny, Some(Decision::ImplicitDeny)) => {
            format!("nothing allows {what}, but no `Deny` forbids it either: another policy could allow it")
        }
        (Decision::ImplicitDeny, Some(Decision::ExplicitDeny)) => {
            format!("a `Deny` forbids {what}; it was enough not to allow it")
        }
        // The decision is right, the statement is not.
        _ => result.message.clone().unwrap_or_default(),
    }
}

/// A request in a few words.
fn asked(request: &Map<String, Value>) -> String {
    let text = |field: &str| request.get(field).and_then(Value::as_str).unwrap_or("?");
    format!("`{}` on `{}`", text("action"), text("resource"))
}

fn message(
    lesson: &Lesson,
    problem: Option<&Trouble>,
    rows: &[RowResult],
    found: Option<&Found>,
    done: bool,
) -> String {
    if let Some(problem) = problem {
        return match &problem.policy {
            Some(policy) if problem.refused => format!("AWS would not save `{policy}` yet: {}", problem.message),
            Some(policy) => format!("`{policy}` cannot be read yet: {}", problem.message),
            None => format!("the request cannot be read yet: {}", problem.message),
        };
    }
    if let Some(found) = found {
        return found.message.clone();
    }
    if !lesson.kind.changes_policies() {
        return "guess each answer, then see it".to_owned();
    }
    if done {
        return "every row passes".to_owned();
    }
    let visible = rows.iter().filter(|row| !row.hidden);
    let (total, passing) = visible.fold((0, 0), |(total, passing), row| (total + 1, passing + usize::from(row.pass)));
    if passing < total {
        return format!("{passing} of {total} rows pass");
    }
    let open: Vec<&RowResult> = rows.iter().filter(|row| !row.pass).collect();
    let first = open.first().and_then(|row| row.message.as_deref()).unwrap_or_default();
    match open.len() {
        1 => format!("almost: {first}"),
        number => format!("almost, but {number} hidden rows are open: {first}"),
    }
}
