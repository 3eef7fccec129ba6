//! Answers to lessons, as learners hand them in: `iam-playground test --lessons …`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use lessons::{ConditionResult, Course, Guess, Lesson, Progress, Review, RowResult, Surplus};
use playground::Options;
use serde::Serialize;
use serde_json::Value;

use crate::knowledge;
use crate::plural;
use crate::quote::clean;
use crate::style::{BAD, BOLD, DIM, paint};

/// The lessons that answers are held against.
pub(crate) struct Lessons {
    course: Course,
    /// The ids of those that were given out; empty for whatever was handed in.
    asked: Vec<String>,
}

impl Lessons {
    /// Reads lessons: their folder, or the file that the page loads.
    pub(crate) fn read(path: &Path, asked: &[String]) -> Result<Self, String> {
        let shown = clean(&path.display().to_string());
        let course = if path.is_dir() {
            let Some(root) = lessons::root(path) else {
                return Err(format!("{shown}: there are no lessons in this folder"));
            };
            lessons::gather(&root).map_err(|findings| {
                let first = findings.first().map(ToString::to_string).unwrap_or_default();
                format!("the lessons cannot be read: {}", clean(&first))
            })?
        } else {
            let text = fs::read_to_string(path).map_err(|error| format!("{shown}: it cannot be read: {error}"))?;
            serde_json::from_str(&text).map_err(|error| {
                format!("{shown}: this is neither a folder of lessons nor the page's `lessons.json`: {error}")
            })?
        };
        let ids = || course.lessons.iter().map(|lesson| lesson.id.as_str());
        if let Some(unknown) = asked.iter().find(|id| !ids().any(|own| own == *id)) {
            let near = policy::nearest(unknown, ids()).map(|near| format!("; did you mean `{near}`?"));
            return Err(format!("there is no lesson `{}`{}", clean(unknown), near.unwrap_or_default()));
        }
        Ok(Self { course, asked: asked.to_vec() })
    }

    fn lesson(&self, id: &str) -> Option<&Lesson> {
        self.course.lessons.iter().find(|lesson| lesson.id == id)
    }

    /// The one lesson that a scenario is the answer to.
    pub(crate) fn only(&self) -> Option<&Lesson> {
        match self.asked.as_slice() {
            [one] => self.lesson(one),
            _ => None,
        }
    }

    /// Judges a file of progress.
    pub(crate) fn progress(&self, file: &str, progress: &Progress, options: Options) -> HandedIn {
        let known = self.course.lessons.iter().filter(|lesson| {
            if self.asked.is_empty() {
                progress.ids().any(|id| id == lesson.id)
            } else {
                self.asked.contains(&lesson.id)
            }
        });
        let answers = known.map(|lesson| Answer::new(lesson, progress.review(lesson, options), options)).collect();
        let unknown = progress.ids().filter(|id| self.lesson(id).is_none()).map(str::to_owned);
        let unknown = if self.asked.is_empty() { unknown.collect() } else { Vec::new() };
        HandedIn { file: file.to_owned(), answers, unknown }
    }

    /// Judges a scenario as the answer to a lesson.
    pub(crate) fn scenario(file: &str, lesson: &Lesson, answer: &Value, options: Options) -> HandedIn {
        let answer = Answer::new(lesson, lessons::review(lesson, answer, options), options);
        HandedIn { file: file.to_owned(), answers: vec![answer], unknown: Vec::new() }
    }
}

/// What was handed in in one file, for machines.
#[derive(Serialize)]
pub(crate) struct HandedIn {
    file: String,
    answers: Vec<Answer>,
    /// Lessons that there are none of, such as those of another version.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<String>,
}

/// An answer and what it is worth.
#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    review: Review,
    /// What it allows beyond the goal, where policies were to be written and the lesson is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    surplus: Option<Surplus>,
}

impl Answer {
    fn new(lesson: &Lesson, review: Review, options: Options) -> Self {
        let passed = review.answer.as_ref().filter(|_| review.done && lesson.kind.changes_policies());
        let surplus = passed.and_then(|answer| {
            let services = knowledge::all().services()?;
            lessons::surplus(lesson, answer, services, options)
        });
        Self { review, surplus }
    }

    /// The lesson, and what keeps it from being done.
    fn failure(&self, text: &mut String, file: &str) {
        let review = &self.review;
        let _ = writeln!(
            text,
            "{} {file}  {} › {}",
            paint(BAD, "FAILED"),
            clean(&review.lesson),
            paint(BOLD, clean(&review.title))
        );
        let _ = writeln!(text, "  {}", clean(&review.message));
        for guess in review.guesses.iter().flatten().filter(|guess| guess.guess.is_none()) {
            point(text, guess.name.as_deref().unwrap_or_default(), &guess.told());
        }
        let Some(judgement) = &review.judgement else {
            text.push('\n');
            return;
        };
        if let Some(problem) = &judgement.problem {
            if let Some(line) = problem.line {
                let _ = writeln!(
                    text,
                    "  {}  line {line} of {}",
                    paint(DIM, "where"),
                    clean(problem.policy.as_deref().unwrap_or("the request"))
                );
            }
            if let Some(help) = &problem.help {
                let _ = writeln!(text, "  {}  {}", paint(DIM, "help"), clean(help));
            }
        } else if let Some(found) = &judgement.found {
            for ConditionResult { name, why, .. } in found.conditions.iter().filter(|condition| !condition.met) {
                point(text, name, why.as_deref().unwrap_or("not so yet"));
            }
            for side in &found.sides {
                let name = if side.name.is_empty() { "the answer" } else { &side.name };
                let _ = writeln!(text, "  {}  {}", paint(DIM, clean(name)), clean(&side.reason));
            }
        } else {
            for RowResult { name, message, why, .. } in judgement.rows.iter().filter(|row| !row.pass) {
                point(text, name, message.as_deref().unwrap_or(why));
            }
        }
        text.push('\n');
    }

    /// What there is to say of a lesson that is done, if anything.
    fn remark(&self) -> Option<String> {
        let review = &self.review;
        let mut remarks = Vec::new();
        if review.guesses.iter().flatten().any(|guess| !guess.right) {
            remarks.push(review.message.clone());
        }
        if let Some(surplus) = self.surplus.as_ref().filter(|surplus| surplus.count > 0) {
            remarks.push(surplus.message.clone());
        }
        let first = review.first_guess.as_ref().filter(|guess| !guess.right);
        remarks.extend(first.map(|guess| format!("at first {}", Guess::told(guess))));
        match review.hints {
            0 => {}
            number => remarks.push(format!("{number} of {} hints", review.hints_of)),
        }
        (!remarks.is_empty()).then(|| remarks.join("; "))
    }
}

fn point(text: &mut String, name: &str, what: &str) {
    let _ = writeln!(text, "  {} {}: {}", paint(BAD, "✗"), clean(name), clean(what));
}

impl HandedIn {
    /// How many lessons are done.
    pub(crate) fn done(&self) -> usize {
        self.answers.iter().filter(|answer| answer.review.done).count()
    }

    /// How many are not.
    pub(crate) fn open(&self) -> usize {
        self.answers.len() - self.done()
    }

    /// What is not done and why, then a line that sums up, and what there is to say of what is done.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let file = clean(&self.file);
        for answer in self.answers.iter().filter(|answer| !answer.review.done) {
            answer.failure(&mut text, &file);
        }
        let _ = writeln!(text, "{file}: {} of {} done", self.done(), plural(self.answers.len(), "lesson"));
        for answer in self.answers.iter().filter(|answer| answer.review.done) {
            if let Some(remark) = answer.remark() {
                let _ = writeln!(text, "  {}  {}", paint(DIM, clean(&answer.review.lesson)), clean(&remark));
            }
        }
        for id in &self.unknown {
            let _ =
                writeln!(text, "  {}  there is no such lesson here: it is of another version", paint(DIM, clean(id)));
        }
        text
    }
}
