//! Looking for a request: one that slips through, or one on which two sets of policies differ.

use playground::{Decision, Options, Report, evaluate_value};
use serde::Serialize;
use serde_json::Value;

use crate::glob;
use crate::judge::{Trouble, unreadable};
use crate::lesson::{Condition, Find, Lesson, Values};
use crate::scenario;

/// How the search for a request goes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Found {
    /// Whether the request is one of those looked for.
    pub found: bool,
    /// What the request has to meet, the answer first.
    pub conditions: Vec<ConditionResult>,
    /// The decision on the request (`break`), or of each side (`compare`).
    pub sides: Vec<SideResult>,
    /// What made it possible, once it is found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    #[serde(skip)]
    pub(crate) message: String,
    #[serde(skip)]
    pub(crate) problem: Option<Trouble>,
}

/// Whether the request meets a condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConditionResult {
    /// What is asked for.
    pub name: String,
    /// Whether it is met.
    pub met: bool,
    /// Where it is not met: why it is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What one set of policies answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SideResult {
    /// What the set is called; empty where there is only one.
    pub name: String,
    /// The answer.
    pub decision: Option<Decision>,
    /// Why, in a sentence.
    pub reason: String,
}

/// Holds the request of an answer against what is looked for.
pub(crate) fn search(lesson: &Lesson, find: &Find, answer: &Value, options: Options) -> Found {
    let scenario = scenario::with_request(lesson, find, answer);
    let whole = evaluate_value(&scenario, options);
    let reports: Vec<(String, Report)> = match &find.sides {
        None => vec![(String::new(), whole.clone())],
        Some(sides) => sides
            .iter()
            .map(|side| {
                let others = sides.iter().filter(|other| other.name != side.name);
                let elsewhere: Vec<&String> = others.flat_map(|other| &other.policies).collect();
                let belongs = |name: &str| {
                    side.policies.iter().any(|own| own == name) || !elsewhere.iter().any(|other| *other == name)
                };
                (side.name.clone(), evaluate_value(&scenario::with_policies(&scenario, belongs), options))
            })
            .collect(),
    };
    let decisions: Vec<Option<Decision>> = reports.iter().map(|(_, report)| report.decision).collect();
    let mut conditions = vec![goal(find, &decisions)];
    conditions.extend(find.conditions.iter().map(|condition| {
        let met = meets(condition, &scenario, &whole);
        ConditionResult { name: condition.name.clone(), met, why: (!met).then(|| condition.why.clone()) }
    }));
    let problem = whole.decision.is_none().then(|| unreadable(&whole)).flatten();
    let met = conditions.iter().filter(|condition| condition.met).count();
    let found = problem.is_none() && met == conditions.len();
    Found {
        found,
        message: match conditions.len() {
            _ if found => "found".to_owned(),
            1 => "not found yet".to_owned(),
            all => format!("{met} of {all} conditions met"),
        },
        sides: reports
            .into_iter()
            .map(|(name, report)| SideResult { name, decision: report.decision, reason: report.reason.message })
            .collect(),
        conditions,
        why: found.then(|| find.why.clone()),
        problem,
    }
}

/// The answer that is looked for, as the first condition.
fn goal(find: &Find, decisions: &[Option<Decision>]) -> ConditionResult {
    let (name, met) = match (find.decision, find.decisions, decisions) {
        (Some(wanted), _, [decision]) => {
            (format!("the answer is {}", words(wanted.decision())), *decision == Some(wanted.decision()))
        }
        (None, Some([one, other]), [first, second]) => (
            format!("one set answers {}, the other {}", words(one.decision()), words(other.decision())),
            *first == Some(one.decision()) && *second == Some(other.decision()),
        ),
        (None, None, [Some(first), Some(second)]) => {
            ("the two sets give different answers".to_owned(), first != second)
        }
        _ => ("the two sets give different answers".to_owned(), false),
    };
    // The two answers are there, and look as asked for, but each is that of the other set.
    let why = match (find.decisions, &find.sides, decisions) {
        (Some([one, other]), Some([left, right]), [first, second])
            if one.decision() != other.decision()
                && *first == Some(other.decision())
                && *second == Some(one.decision()) =>
        {
            let (one, other) = (words(one.decision()), words(other.decision()));
            Some(format!("it is the other way round: “{}” has to answer {one}, “{}” {other}", left.name, right.name))
        }
        _ => None,
    };
    ConditionResult { name, met, why }
}

/// A decision in words.
pub(crate) fn words(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed => "allowed",
        Decision::ImplicitDeny => "implicit deny",
        Decision::ExplicitDeny => "explicit deny",
    }
}

fn meets(condition: &Condition, scenario: &Value, report: &Report) -> bool {
    let request = scenario.get("request");
    // Actions and condition keys are the same in any case; ARNs are not.
    let (values, caseless): (Vec<String>, bool) = match condition.field.as_str() {
        field @ ("principal" | "action" | "resource") => {
            let value = request.and_then(|request| request.get(field));
            let text = value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            (text.into_iter().collect(), field == "action")
        }
        key => {
            let entry = report.context.iter().find(|entry| entry.key.eq_ignore_ascii_case(key));
            (entry.map(|entry| entry.values.clone()).unwrap_or_default(), false)
        }
    };
    let equal = |wanted: &str, value: &str| if caseless { wanted.eq_ignore_ascii_case(value) } else { wanted == value };
    let any = |wanted: &Values, fits: &dyn Fn(&str, &str) -> bool| {
        wanted.iter().any(|wanted| values.iter().any(|value| fits(wanted, value)))
    };
    let like = |wanted: &str, value: &str| glob::covers(wanted, value, caseless);
    condition.is.as_ref().is_none_or(|wanted| any(wanted, &equal))
        && condition.like.as_ref().is_none_or(|wanted| any(wanted, &like))
        && condition.not.as_ref().is_none_or(|wanted| !any(wanted, &equal))
        && condition.unlike.as_ref().is_none_or(|wanted| !any(wanted, &like))
        && condition.present.is_none_or(|present| present != values.is_empty())
}
