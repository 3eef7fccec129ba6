//! Answers that learners hand in, judged as the page judges them: the file in which the page saves their progress, or a
//! scenario as the answer to one lesson.

use playground::{Decision, Options, evaluate_value};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::find::words;
use crate::judge::{Judgement, judge};
use crate::lesson::Lesson;
use crate::scenario;

/// A file of progress: what a learner did, by the lessons' ids.
#[derive(Debug, Clone)]
pub struct Progress {
    lessons: Map<String, Value>,
}

/// What a learner's answer to a lesson is worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Review {
    /// The lesson's id.
    pub lesson: String,
    /// The lesson's title.
    pub title: String,
    /// The lesson's kind.
    pub kind: &'static str,
    /// Whether the lesson is done by what was handed in: whatever the file says of it counts for nothing.
    pub done: bool,
    /// Where it stands, in a sentence.
    pub message: String,
    /// When the page saw it done first, as the file says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done_at: Option<String>,
    /// How many hints were looked at, as the file says.
    pub hints: usize,
    /// How many hints there are.
    pub hints_of: usize,
    /// What was guessed before the first answer was shown, where the lesson asks for it. A wrong guess is no wrong answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_guess: Option<Guess>,
    /// The guesses of a lesson of the kind `read`, row by row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guesses: Option<Vec<Guess>>,
    /// How the answer does, in the other kinds, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judgement: Option<Judgement>,
    /// The answer as it was judged, a scenario.
    #[serde(skip)]
    pub answer: Option<Value>,
}

/// A guess beside the right answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Guess {
    /// The row; absent for the lesson's first request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What was guessed; `None` where nothing was.
    pub guess: Option<Decision>,
    /// The right answer.
    pub expect: Decision,
    /// Whether it was right.
    pub right: bool,
}

impl Progress {
    /// What a file of progress says it is, as its `kind`.
    pub const KIND: &str = "iam-playground-lessons";

    /// Whether a file is one of progress, by what it says of itself.
    pub fn is(value: &Value) -> bool {
        value.get("kind").and_then(Value::as_str) == Some(Self::KIND)
    }

    /// Reads a file of progress.
    ///
    /// # Errors
    ///
    /// Why it is none, in a sentence.
    pub fn read(value: &Value) -> Result<Self, String> {
        match value.get("lessons") {
            Some(Value::Object(lessons)) => Ok(Self { lessons: lessons.clone() }),
            Some(_) => Err("`lessons` is not an object".to_owned()),
            None => Err("`lessons` is missing".to_owned()),
        }
    }

    /// The ids of the lessons in which something was done.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let begun = |entry: &Value| entry.as_object().is_none_or(|entry| !entry.is_empty());
        self.lessons.iter().filter(move |(_, entry)| begun(entry)).map(|(id, _)| id.as_str())
    }

    /// Judges what was done in a lesson.
    pub fn review(&self, lesson: &Lesson, options: Options) -> Review {
        let mut review = blank(lesson);
        let entry = match self.lessons.get(&lesson.id) {
            None => return Review { message: "not begun".to_owned(), ..review },
            Some(Value::Object(entry)) => entry,
            Some(_) => return Review { message: "the file has no object for this lesson".to_owned(), ..review },
        };
        review.done_at = entry.get("done").and_then(Value::as_str).map(str::to_owned);
        let hints = entry.get("hints").and_then(Value::as_u64).and_then(|hints| usize::try_from(hints).ok());
        review.hints = hints.unwrap_or_default().min(lesson.hints.len());
        review.first_guess = entry.get("guess").and_then(decision).and_then(|guess| {
            let expect = evaluate_value(&lesson.start, options).decision?;
            Some(Guess { name: None, guess: Some(guess), expect, right: guess == expect })
        });
        if !lesson.kind.changes_policies() && lesson.find.is_none() {
            let guesses = entry.get("guesses").and_then(Value::as_object);
            return guessed(lesson, guesses, review);
        }
        let answer = if lesson.kind.changes_policies() {
            let texts = entry.get("policies").and_then(Value::as_object);
            texts.filter(|texts| lesson.editable.iter().any(|name| texts.contains_key(name))).map(|texts| {
                scenario::with_documents(&lesson.start, |name| texts.get(name).filter(|text| text.is_string()).cloned())
            })
        } else {
            entry.get("request").filter(|request| request.is_object()).map(|request| json!({ "request": request }))
        };
        match answer {
            Some(answer) => judged(lesson, &answer, options, review),
            None => Review {
                message: if review.done_at.is_some() {
                    "the file calls it done, but holds no answer to judge: it was started over, or the lesson was \
                     another one then"
                        .to_owned()
                } else {
                    "begun, without an answer yet".to_owned()
                },
                ..review
            },
        }
    }
}

/// Judges a scenario as the answer to a lesson: its policies, or its request. What else it holds, tests among it, counts
/// for nothing.
pub fn review(lesson: &Lesson, answer: &Value, options: Options) -> Review {
    let blank = blank(lesson);
    if !lesson.kind.changes_policies() && lesson.find.is_none() {
        let message = "the answers to this lesson are guesses, which a scenario cannot hold; they are in the file that \
                       *Save progress* writes";
        return Review { message: message.to_owned(), ..blank };
    }
    let names: Vec<&str> = scenario::policies(answer).map(|(name, _)| name).collect();
    if let Some(missing) = lesson.editable.iter().find(|name| !names.contains(&name.as_str())) {
        return Review { message: format!("the scenario has no policy called `{missing}`"), ..blank };
    }
    if lesson.find.is_some() && !answer.get("request").is_some_and(Value::is_object) {
        return Review { message: "the scenario has no request".to_owned(), ..blank };
    }
    judged(lesson, answer, options, blank)
}

fn blank(lesson: &Lesson) -> Review {
    Review {
        lesson: lesson.id.clone(),
        title: lesson.title.clone(),
        kind: lesson.kind.name(),
        done: false,
        message: String::new(),
        done_at: None,
        hints: 0,
        hints_of: lesson.hints.len(),
        first_guess: None,
        guesses: None,
        judgement: None,
        answer: None,
    }
}

fn judged(lesson: &Lesson, answer: &Value, options: Options, review: Review) -> Review {
    let judgement = judge(lesson, answer, options);
    Review {
        done: judgement.done,
        message: judgement.message.clone(),
        judgement: Some(judgement),
        answer: Some(answer.clone()),
        ..review
    }
}

/// A lesson of the kind `read` is done once every row has its guess.
fn guessed(lesson: &Lesson, guesses: Option<&Map<String, Value>>, review: Review) -> Review {
    let guesses: Vec<Guess> = lesson
        .rows
        .iter()
        .map(|row| {
            let guess = guesses.and_then(|guesses| guesses.get(&row.name)).and_then(decision);
            let expect = row.expect.decision();
            Guess { name: Some(row.name.clone()), guess, expect, right: guess == Some(expect) }
        })
        .collect();
    let all = guesses.len();
    let right = guesses.iter().filter(|guess| guess.right).count();
    let open = guesses.iter().filter(|guess| guess.guess.is_none()).count();
    let message = match open {
        0 => format!("{right} of {all} guessed right"),
        open if open == all && review.done_at.is_some() => {
            "the file calls it done, but holds no guesses: it was started over, or the lesson was another one then"
                .to_owned()
        }
        open => format!("{} of {all} rows guessed", all - open),
    };
    Review { done: open == 0, message, guesses: Some(guesses), ..review }
}

impl Guess {
    /// The guess, and the right answer beside a wrong one.
    pub fn told(&self) -> String {
        match self.guess {
            None => "not guessed".to_owned(),
            Some(guess) if self.right => format!("guessed {}, which is right", words(guess)),
            Some(guess) => format!("guessed {}, and it is {}", words(guess), words(self.expect)),
        }
    }
}

fn decision(value: &Value) -> Option<Decision> {
    let name = value.as_str()?;
    [Decision::Allowed, Decision::ImplicitDeny, Decision::ExplicitDeny].into_iter().find(|one| one.name() == name)
}
