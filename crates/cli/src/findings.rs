//! What is wrong with an input, as people read it: `file:line:column: error[code]: message`, the lines in question,
//! and what to do.

use std::io;
use std::ops::Range;

use annotate_snippets::Level;
use playground::{Diagnostic, Reason, Report, Severity};
use policy::Span;
use policy::json::SyntaxError;

use crate::quote::{Extent, Mark, clean, quote};
use crate::scenario::Spot;
use crate::style::{self, DIM, paint};
use crate::text::{Place, Text};

/// An input that holds no scenario: it cannot be read, or is no JSON.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The file, and where in it.
    place: String,
    /// A stable slug.
    pub(crate) code: &'static str,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: Option<String>,
    /// The lines in question, underlined.
    excerpt: String,
}

impl Failure {
    fn new(place: String, code: &'static str, message: impl Into<String>) -> Self {
        Self { place, code, message: message.into(), help: None, excerpt: String::new() }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn excerpt(mut self, text: &Text<'_>, marks: &[Mark]) -> Self {
        self.excerpt = quote(text, Level::ERROR, marks, &Extent::Marked);
        self
    }

    pub(crate) fn unreadable(file: &str, error: &io::Error) -> Self {
        let code = "unreadable-file";
        Self::new(clean(file), code, format!("it cannot be read: {error}"))
    }

    pub(crate) fn empty(file: &str) -> Self {
        Self::new(clean(file), "empty-file", "there is nothing in it")
            .help("write a policy document, or a scenario: a JSON object with `request` and `policies`")
    }

    pub(crate) fn no_scenarios(folder: &str) -> Self {
        let message = "there is no scenario file in this folder";
        Self::new(clean(folder), "no-scenarios", message).help(
            "scenario files are called *.json, *.ndjson or *.jsonl; in *.md they are blocks marked `iam-scenario`",
        )
    }

    /// A scenario in Markdown that nobody says the answer of.
    pub(crate) fn no_expectation(place: String) -> Self {
        Self::new(place, "no-expectation", "this scenario states no expectation")
            .help("write `expect=allowed`, `implicitDeny` or `explicitDeny` behind `iam-scenario`, or give the scenario `tests`")
    }

    /// A learner's progress that cannot be judged.
    pub(crate) fn progress(file: &str, message: impl Into<String>) -> Self {
        Self::new(clean(file), "progress", message)
    }

    /// A learner's progress, and nobody said what it is held against.
    pub(crate) fn progress_without_lessons(file: &str) -> Self {
        Self::progress(file, "this is a learner's progress, and answers are judged against the lessons")
            .help("say where the lessons are, as in `--lessons web/lessons`")
    }

    /// A scenario where learners' answers are judged, and nobody said to which lesson.
    pub(crate) fn which_lesson(file: &str) -> Self {
        Self::progress(file, "this is a scenario, and it does not say which lesson it is an answer to")
            .help("name one lesson, as in `--lesson deny-wins`; a file of progress needs none")
    }

    pub(crate) fn not_utf8(file: &str, place: Place, utf16: bool) -> Self {
        let failure = Self::new(at(file, place), "not-utf8", "the text is not UTF-8");
        failure.help(if utf16 { "it looks like UTF-16: save it as UTF-8" } else { "save it as UTF-8" })
    }

    pub(crate) fn syntax(file: &str, text: &Text<'_>, error: &SyntaxError) -> Self {
        let span = range(error.span);
        let mut marks = vec![Mark::primary(span.clone())];
        for (span, remark) in &error.related {
            marks.push(Mark::context(range(*span)).label(remark.as_str()));
        }
        Self { help: error.help.clone(), ..Self::new(at(file, text.place(span.start)), "invalid-json", &error.message) }
            .excerpt(text, &marks)
    }

    /// What the one JSON reader takes and the other does not.
    pub(crate) fn refused(file: &str, text: &Text<'_>, error: &serde_json::Error) -> Self {
        let place = Place { line: text.place(0).line + error.line().saturating_sub(1), column: error.column() };
        Self::new(at(file, place), "invalid-json", error.to_string())
    }

    pub(crate) fn duplicate_key(file: &str, text: &Text<'_>, key: &str, first: Span, second: Span) -> Self {
        let message = format!("the key `{key}` is written twice in one object");
        let marks = [
            Mark::primary(range(second)).label("written again here"),
            Mark::context(range(first)).label("first written here"),
        ];
        let place = text.place(range(second).start);
        Self::new(at(file, place), "duplicate-key", message)
            .help("JSON readers differ in which of the two they use: keep one")
            .excerpt(text, &marks)
    }

    pub(crate) fn scenarios_no_array(file: &str, text: &Text<'_>, node: &policy::json::Node) -> Self {
        let span = range(node.span);
        let message = format!("`scenarios` must be an array, and here is {}", node.value.describe());
        let place = text.place(span.start);
        Self::new(at(file, place), "invalid-scenario", message).excerpt(text, &[Mark::primary(span)])
    }

    /// The file, and where in it, if that is known.
    pub(crate) fn file_and_place(&self) -> (String, Option<Place>) {
        let mut parts = self.place.rsplitn(3, ':');
        let (column, line, file) = (parts.next(), parts.next(), parts.next());
        let number = |part: Option<&str>| part.and_then(|part| part.parse::<usize>().ok());
        match (file, number(line), number(column)) {
            (Some(file), Some(line), Some(column)) => (file.to_owned(), Some(Place { line, column })),
            _ => (self.place.clone(), None),
        }
    }

    /// With the lines in question; a blank line sets it off from the next.
    pub(crate) fn in_full(&self) -> String {
        let mut out = self.in_short();
        out.push_str(&self.excerpt);
        help(&mut out, self.help.as_deref());
        out.push('\n');
        out
    }

    /// In one line.
    pub(crate) fn in_short(&self) -> String {
        headline(&self.place, Severity::Error, self.code, &self.message)
    }

    /// The report that stands for it where reports are printed.
    pub(crate) fn report(&self) -> Report {
        let message = format!("{}: {}", self.place, self.message);
        Report {
            diagnostics: vec![Diagnostic {
                policy: None,
                policy_index: None,
                path: Some(String::new()),
                severity: Severity::Error,
                code: self.code.to_owned(),
                message: message.clone(),
                help: self.help.clone(),
                aws_message: None,
                start: None,
                end: None,
                related: Vec::new(),
                fix: None,
            }],
            ..no_decision(message)
        }
    }
}

/// A report without an evaluation.
pub(crate) fn no_decision(message: String) -> Report {
    Report {
        decision: None,
        reason: Reason { code: "invalid-request".to_owned(), message },
        error_message: None,
        steps: Vec::new(),
        matched_statements: Vec::new(),
        policies: Vec::new(),
        missing_context_keys: Vec::new(),
        context: Vec::new(),
        diagnostics: Vec::new(),
        notes: Vec::new(),
        tests: Vec::new(),
    }
}

/// The bytes of a span.
pub(crate) fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

/// `file:line:column`.
pub(crate) fn at(file: &str, place: Place) -> String {
    format!("{}:{}:{}", clean(file), place.line, place.column)
}

/// `place: error[code]: message`, with a line feed.
fn headline(place: &str, severity: Severity, code: &str, message: &str) -> String {
    let (style, word) = style::severity(severity);
    format!("{place}: {}: {}\n", paint(style, format_args!("{word}[{}]", clean(code))), clean(message))
}

fn help(out: &mut String, help: Option<&str>) {
    if let Some(help) = help {
        out.push_str(&format!("  {} {}\n", paint(style::REMARK, "help:"), clean(help)));
    }
}

/// A finding of a report, with the lines in question.
pub(crate) fn diagnostic_in_full(spot: &Spot<'_>, diagnostic: &Diagnostic) -> String {
    let mut out = diagnostic_at(&spot.place(), diagnostic);
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    out.push_str(&quote(spot.text, level, &spot.marks, &Extent::Marked));
    help(&mut out, diagnostic.help.as_deref());
    if let Some(fix) = &diagnostic.fix
        && diagnostic.help.is_none()
    {
        help(&mut out, Some(&fix.label));
    }
    if let Some(sentence) = &diagnostic.aws_message {
        out.push_str(&format!("  {} {}\n", paint(DIM, "AWS says:"), clean(sentence)));
    }
    out
}

/// A finding of a report in one line.
pub(crate) fn diagnostic_in_short(spot: &Spot<'_>, diagnostic: &Diagnostic) -> String {
    diagnostic_at(&spot.place(), diagnostic)
}

fn diagnostic_at(place: &str, diagnostic: &Diagnostic) -> String {
    headline(place, diagnostic.severity, &diagnostic.code, &diagnostic.message)
}
