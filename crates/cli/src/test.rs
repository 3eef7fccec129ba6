//! `iam-playground test`: runs the tests that scenarios hold.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anstream::ColorChoice;
use lessons::Progress;
use playground::{Diagnostic, Options, Severity, TestResult};
use serde::Serialize;

use crate::args::Test;
use crate::findings::{Failure, diagnostic_in_full};
use crate::handed_in::{HandedIn, Lessons};
use crate::input::{self, Document, Parsed};
use crate::lesson;
use crate::output::{self, Printer};
use crate::quote::clean;
use crate::report::{counts, decision_name};
use crate::scenario::{View, Visitor, evaluate};
use crate::style::{BAD, BOLD, DIM, paint};
use crate::{Outcome, plural};

/// Runs all tests and prints those that fail, and how many passed.
pub(crate) fn run(args: &Test, options: Options, color: ColorChoice) -> io::Result<Outcome> {
    let lessons = match &args.lessons {
        None => None,
        Some(path) => match Lessons::read(path, &args.lesson) {
            Ok(lessons) => Some(lessons),
            Err(message) => {
                output::complain(color, &format!("iam-playground: {message}\n"));
                return Ok(Outcome::Unusable);
            }
        },
    };
    let mut run = Run { printer: Printer::new(args.format, color), color, totals: Totals::default() };
    run.printer.list()?;
    for path in inputs(&args.files, options, &mut run)? {
        let before = run.totals;
        input::read(std::slice::from_ref(&path), &mut |document| match document
            .as_ref()
            .ok()
            .and_then(|document| judged(document, lessons.as_ref(), options))
        {
            Some(Ok(judged)) => run.handed_in(&judged),
            Some(Err(failure)) => run.failure(&failure),
            None => evaluate(document, options, &mut run),
        })?;
        run.end_of_file(&path, before)?;
    }
    run.finish()
}

/// What was handed in, where a document is a learner's: progress, or a scenario where answers to a lesson are judged.
/// `None` for a scenario with tests of its own, and for what cannot be read.
fn judged(document: &Document, lessons: Option<&Lessons>, options: Options) -> Option<Result<HandedIn, Failure>> {
    // Without lessons only progress is looked for: a long stream of scenarios is not read twice.
    if document.block.is_some() || (lessons.is_none() && !document.text.contains(Progress::KIND)) {
        return None;
    }
    let value = Parsed::new(document).ok()?.value;
    let file = document.file.as_str();
    match lessons {
        None if Progress::is(&value) => Some(Err(Failure::progress_without_lessons(file))),
        None => None,
        Some(lessons) if Progress::is(&value) => Some(match Progress::read(&value) {
            Ok(progress) => Ok(lessons.progress(file, &progress, options)),
            Err(message) => Err(Failure::progress(file, message)),
        }),
        Some(lessons) => Some(match lessons.only() {
            Some(lesson) => Ok(Lessons::scenario(file, lesson, &value, options)),
            // An exercise with tests of its own, handed in beside progress.
            None if value.get("tests").is_some() || value.is_array() || value.get("scenarios").is_some() => {
                return None;
            }
            None => Err(Failure::which_lesson(file)),
        }),
    }
}

/// The files to read: folders are replaced by what is below them. Lessons are checked at once.
fn inputs(paths: &[PathBuf], options: Options, run: &mut Run) -> io::Result<Vec<PathBuf>> {
    if paths.is_empty() {
        return Ok(vec![PathBuf::from("-")]);
    }
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        if lesson::is_lessons(path) {
            run.lessons(path, options)?;
            continue;
        }
        let folder = path.display().to_string();
        match input::files_below(path) {
            Ok(below) if below.is_empty() => run.failure(&Failure::no_scenarios(&folder))?,
            Ok(below) => {
                let (scenarios, lessons) = lesson::part(below);
                for folder in lessons {
                    run.lessons(&folder, options)?;
                }
                found.extend(scenarios);
            }
            Err(error) => run.failure(&Failure::unreadable(&folder, &error))?,
        }
    }
    Ok(found)
}

struct Run {
    printer: Printer,
    color: ColorChoice,
    totals: Totals,
}

#[derive(Debug, Default, Clone, Copy)]
struct Totals {
    scenarios: usize,
    /// Files of learners' answers.
    files: usize,
    /// Learners' answers in them.
    answers: usize,
    passed: usize,
    failed: usize,
    unusable: usize,
}

/// A scenario's results, for machines.
#[derive(Serialize)]
struct Results<'a> {
    file: &'a str,
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    tests: &'a [TestResult],
    /// Where the scenario itself cannot be used: why.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    diagnostics: &'a [Diagnostic],
}

impl Visitor for Run {
    fn scenario(&mut self, view: &View<'_>) -> io::Result<()> {
        let report = view.report;
        if view.parsed.document.block.is_some() && report.tests.is_empty() {
            return self.failure(&Failure::no_expectation(view.place("")));
        }
        let failed = report.tests.iter().filter(|test| !test.pass).count();
        self.totals.scenarios += 1;
        self.totals.failed += failed;
        self.totals.passed += report.tests.len() - failed;
        let unusable = is_unusable(view);
        self.totals.unusable += usize::from(unusable);

        match &mut self.printer {
            Printer::Text(out) => {
                let mut text = String::new();
                if unusable || report.tests.iter().any(is_undecided) {
                    for diagnostic in report.diagnostics.iter().filter(|one| is_error(one)) {
                        let spot = view.spot(diagnostic);
                        text.push_str(&diagnostic_in_full(&spot, diagnostic));
                        text.push('\n');
                    }
                }
                for (index, test) in report.tests.iter().enumerate() {
                    if !test.pass {
                        failure_text(&mut text, view, index, test);
                    }
                }
                out.write_all(text.as_bytes())
            }
            Printer::Json(writer) => writer.write(&Results {
                file: &view.parsed.document.file,
                line: view.line(),
                title: view.found.value.get("title").and_then(|title| title.as_str()),
                tests: &report.tests,
                diagnostics: if unusable { &report.diagnostics } else { &[] },
            }),
        }
    }

    fn failure(&mut self, failure: &Failure) -> io::Result<()> {
        self.totals.unusable += 1;
        if let Printer::Text(out) = &mut self.printer {
            out.flush()?;
        }
        output::complain(self.color, &failure.in_full());
        Ok(())
    }
}

impl Run {
    /// Checks a folder of lessons. A row counts as a test; so does each finding, as one that fails.
    fn lessons(&mut self, folder: &Path, options: Options) -> io::Result<()> {
        let checked = lesson::check(folder, options);
        self.totals.scenarios += checked.lessons.len();
        self.totals.failed += checked.findings.len();
        self.totals.passed += checked.rows.saturating_sub(checked.findings.len());
        match &mut self.printer {
            Printer::Text(out) => out.write_all(lesson::text(folder, &checked).as_bytes()),
            Printer::Json(writer) => writer.write(&lesson::results(folder, &checked)),
        }
    }

    /// Prints what answers are worth. Each lesson counts as a test.
    fn handed_in(&mut self, judged: &HandedIn) -> io::Result<()> {
        self.totals.files += 1;
        self.totals.answers += judged.done() + judged.open();
        self.totals.passed += judged.done();
        self.totals.failed += judged.open();
        match &mut self.printer {
            Printer::Text(out) => out.write_all(judged.text().as_bytes()),
            Printer::Json(writer) => writer.write(judged),
        }
    }

    fn end_of_file(&mut self, path: &Path, before: Totals) -> io::Result<()> {
        let Printer::Text(out) = &mut self.printer else {
            return Ok(());
        };
        let tests = |totals: &Totals| totals.passed + totals.failed;
        let is_empty = tests(&self.totals) == tests(&before) && self.totals.files == before.files;
        if is_empty && self.totals.unusable == before.unusable {
            let file = clean(&path.display().to_string());
            writeln!(out, "{file}: {}", paint(DIM, "no tests in it"))?;
        }
        Ok(())
    }

    fn finish(self) -> io::Result<Outcome> {
        let totals = self.totals;
        let mut line = counts(totals.passed, totals.failed);
        let _ = match (totals.scenarios, totals.files) {
            (scenarios, 0) => write!(line, " in {}", plural(scenarios, "scenario")),
            (0, files) => write!(line, " in {} of {}", plural(totals.answers, "answer"), plural(files, "file")),
            (scenarios, _) => {
                write!(line, " in {} and {}", plural(scenarios, "scenario"), plural(totals.answers, "answer"))
            }
        };
        if totals.unusable > 0 {
            let unusable = format!("{} unusable", totals.unusable);
            let _ = write!(line, ", {}", paint(BAD, unusable));
        }
        self.printer.finish(Some(line))?;
        Ok(match totals {
            Totals { unusable: 1.., .. } => Outcome::Unusable,
            Totals { failed: 1.., .. } => Outcome::Bad,
            _ => Outcome::Good,
        })
    }
}

/// Whether a scenario cannot serve as a test: it has no shape, and no test says that it should have none.
fn is_unusable(view: &View<'_>) -> bool {
    let tests = &view.report.tests;
    let said = !tests.is_empty() && tests.iter().all(|test| test.pass);
    view.report.diagnostics.iter().any(|diagnostic| {
        let path = diagnostic.path.as_deref();
        is_error(diagnostic) && path.is_some_and(|path| !said || path.starts_with("/tests"))
    })
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error
}

/// Whether a test fails for want of a decision.
fn is_undecided(test: &TestResult) -> bool {
    !test.pass && test.decision.is_none()
}

fn failure_text(text: &mut String, view: &View<'_>, index: usize, test: &TestResult) {
    // Entries that are no objects are no tests, and have no result.
    let written = view.found.value["tests"].as_array();
    let written = written.into_iter().flatten().enumerate().filter(|(_, test)| test.is_object()).nth(index);
    let place = match written {
        Some((index, _)) => view.place(&format!("/tests/{index}")),
        None => view.place(""),
    };
    let _ = write!(text, "{} {place}  ", paint(BAD, "FAILED"));
    if let Some(title) = view.title() {
        let _ = write!(text, "{title} › ");
    }
    let _ = writeln!(text, "{}", paint(BOLD, clean(&test.name)));

    let mut row = |name: &str, value: &str| {
        let _ = writeln!(text, "  {}  {value}", paint(DIM, format_args!("{name:<8}")));
    };
    let by = |statements: &[String]| match statements {
        [] => "no statement".to_owned(),
        ids => clean(&ids.join(", ")),
    };
    // What a Markdown file states beside the scenario is not written in it.
    let expects_decision = written.is_none_or(|(_, test)| test.get("expect").is_some());
    if expects_decision {
        let mut expected = decision_name(test.expect).to_owned();
        if let Some(statements) = &test.expect_statements {
            let _ = write!(expected, " by {}", by(statements));
        }
        row("expected", &expected);
    }
    let decision = decision_name(test.decision);
    let code = clean(&test.reason.code);
    row("got", &format!("{decision} by {} ({code})", by(&test.statements)));
    row("because", &clean(&test.reason.message));
    // A wrong decision speaks for itself.
    let decision_is_wrong = expects_decision && test.expect != test.decision;
    if let (Some(message), false) = (&test.message, decision_is_wrong) {
        row("fails", &clean(message));
    }
    text.push('\n');
}
