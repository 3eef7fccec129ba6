//! `iam-playground test`: runs the tests that scenarios hold.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anstream::ColorChoice;
use lessons::Progress;
use playground::{Diagnostic, Options, Severity, TestResult};
use policy::json::MAX_BYTES;
use serde::Serialize;

use crate::args::Test;
use crate::findings::{Failure, at, diagnostic_in_full};
use crate::handed_in::{HandedIn, Lessons};
use crate::input::{self, Document, Parsed, Stated};
use crate::lesson;
use crate::markdown::{self, Block, Fault, Part, Places, Shown};
use crate::output::{self, Printer};
use crate::quote::{Mark, clean};
use crate::report::{counts, decision_name};
use crate::scenario::{PolicyText, Spot, View, Visitor, evaluate};
use crate::style::{BAD, BOLD, DIM, paint};
use crate::text::Text;
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
    let mut run = Run { printer: Printer::new(args.format, color), color, totals: Totals::default(), standing: None };
    run.printer.list()?;
    for path in inputs(&args.files, options, &mut run)? {
        let before = run.totals;
        if markdown::is_markdown(&path)
            && let Ok(text) = fs::read_to_string(&path)
            && text.len() <= MAX_BYTES
        {
            run.page(&path, text, options)?;
            run.end_of_file(&path, before)?;
            continue;
        }
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
                let (files, lessons) = lesson::part(below);
                let (others, scenarios): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| input::is_other(file));
                if scenarios.is_empty() && lessons.is_empty() {
                    run.failure(&Failure::no_scenarios(&folder))?;
                }
                run.totals.others += others.len();
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

/// Faults of a Markdown file that are told one by one: whoever left out one end mends that first.
const MOST_FAULTS: usize = 100;

struct Run {
    printer: Printer,
    color: ColorChoice,
    totals: Totals,
    /// Where the scenario stands that is asked about, if in a Markdown file.
    standing: Option<Standing>,
}

/// Where a scenario stands in a Markdown file.
struct Standing {
    page: Rc<Document>,
    at: At,
}

enum At {
    /// In it.
    Here { places: Places, policy: Option<Places>, stated: Range<usize>, is_element: bool },
    /// In a file that it shows.
    Elsewhere { stated: Range<usize> },
}

impl Standing {
    /// Where a finding is in the Markdown file itself.
    fn spot<'s>(&self, page: &'s PolicyText<'s>, view: &View<'_>, diagnostic: &Diagnostic) -> Option<Spot<'s>> {
        let At::Here { places, policy, .. } = &self.at else { return None };
        let found = view.spot(diagnostic);
        let in_scenario = std::ptr::eq(found.text, &view.parsed.text);
        let marks = match (policy, diagnostic.policy_index) {
            (Some(policy), Some(_)) if in_scenario => vec![Mark::primary(policy.in_file(&(0..1)))],
            (Some(policy), Some(_)) => in_file(policy, found.marks),
            _ if in_scenario => in_file(places, found.marks),
            // A text of its own within the scenario.
            _ => return None,
        };
        let mut spot = page.empty_spot();
        spot.marks = marks;
        Some(spot)
    }
}

fn in_file(places: &Places, marks: Vec<Mark>) -> Vec<Mark> {
    marks.into_iter().map(|mark| Mark { span: places.in_file(&mark.span), ..mark }).collect()
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
    /// Files below folders that hold other JSON.
    others: usize,
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
            if let Some(Standing { page, at: At::Here { stated, is_element: true, .. } }) = &self.standing {
                let help = "write `expect=\"allowed\"`, `implicitDeny`, `explicitDeny` or `none` in its tag, or give the scenario `tests`";
                let fault = Fault::new(stated.clone(), "no-expectation", "this element states no expectation", help);
                return self.fault(&page.clone(), fault);
            }
            return self.failure(&Failure::no_expectation(view.place("")));
        }
        let is_failed = |(index, test): &(usize, &TestResult)| !test.pass && !expects_nonsense(view, *index);
        let failed = report.tests.iter().enumerate().filter(is_failed).count();
        self.totals.scenarios += 1;
        self.totals.failed += failed;
        self.totals.passed += report.tests.iter().filter(|test| test.pass).count();
        let unusable = is_unusable(view);
        self.totals.unusable += usize::from(unusable);

        match &mut self.printer {
            Printer::Text(out) => {
                let mut text = String::new();
                if unusable || report.tests.iter().any(is_undecided) {
                    for diagnostic in report.diagnostics.iter().filter(|one| is_error(one)) {
                        let page = self.standing.as_ref().map(|standing| PolicyText::file(&standing.page));
                        let on_page = self.standing.as_ref().zip(page.as_ref());
                        let spot = on_page.and_then(|(standing, page)| standing.spot(page, view, diagnostic));
                        text.push_str(&diagnostic_in_full(&spot.unwrap_or_else(|| view.spot(diagnostic)), diagnostic));
                        text.push('\n');
                    }
                }
                for (index, test) in report.tests.iter().enumerate().filter(is_failed) {
                    failure_text(&mut text, view, index, test, self.standing.as_ref());
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
    /// Checks what a Markdown file states.
    fn page(&mut self, path: &Path, text: String, options: Options) -> io::Result<()> {
        let parts = markdown::parts(&text, markdown::is_mdx(path));
        let page = Rc::new(Document { file: path.display().to_string(), text, first_line: 1, block: None });
        let (mut told, mut untold) = (0, 0);
        for part in parts {
            match part {
                Part::Fault(_) if told == MOST_FAULTS => untold += 1,
                Part::Fault(fault) => {
                    told += 1;
                    self.fault(&page, fault)?;
                }
                Part::Scenario(block) => self.block(&page, block, options)?,
                Part::File(shown) => self.shown(&page, path, &shown, options)?,
            }
        }
        if untold > 0 {
            self.totals.unusable += untold;
            output::complain(self.color, &format!("{}: and {untold} more\n", clean(&page.file)));
        }
        Ok(())
    }

    /// Checks a scenario that stands in a Markdown file.
    fn block(&mut self, page: &Rc<Document>, block: Block, options: Options) -> io::Result<()> {
        let Block { text, first_line, expect, places, policy, stated, is_element } = block;
        if let Some(fault) = expect.as_deref().and_then(|expect| unknown_expectation(&page.text, &stated, expect)) {
            return self.fault(page, fault);
        }
        let document = Document { file: page.file.clone(), text, first_line, block: Some(Stated { expect }) };
        let at = At::Here { places, policy, stated: stated.clone(), is_element };
        self.evaluate(page, at, document, stated, options)
    }

    /// Checks the scenario of a file that an element shows.
    fn shown(&mut self, page: &Rc<Document>, path: &Path, shown: &Shown, options: Options) -> io::Result<()> {
        let Shown { src, expect, stated } = shown;
        if let Some(fault) = unknown_expectation(&page.text, stated, expect) {
            return self.fault(page, fault);
        }
        let cannot = |why: &str, help: &str| {
            let message = format!("what `{src}` decides cannot be checked: {why}");
            Fault::new(stated.clone(), "unchecked-element", message, help)
        };
        let by_itself = "put `tests` into that file and check it too, and leave `expect` out";
        let name = src.split(['?', '#']).next().unwrap_or_default();
        if name.starts_with('/') || name.split('/').next().is_some_and(|first| first.contains(':')) {
            let help = format!("{by_itself}; or name it as it lies beside this file");
            return self.fault(page, cannot("only files named as they lie beside this one are read", &help));
        }
        let file = path.parent().unwrap_or(Path::new("")).join(name);
        if let Err(error) = fs::File::open(&file) {
            let why = format!("{} cannot be read: {error}", file.display());
            return self.fault(page, cannot(&why, by_itself));
        }
        input::read(&[file], &mut |document| {
            let mut document = match document {
                Ok(document) => document,
                Err(failure) => return self.failure(&failure),
            };
            let value = serde_json::from_str::<serde_json::Value>(&document.text);
            if value.is_ok_and(|value| value.get("Statement").is_some()) {
                let help = "make it a scenario, with a `request`, or leave `expect` out";
                return self.fault(page, cannot("it is a policy by itself, and nobody asks for anything", help));
            }
            document.block = Some(Stated { expect: Some(expect.clone()) });
            self.evaluate(page, At::Elsewhere { stated: stated.clone() }, document, stated.clone(), options)
        })
    }

    fn evaluate(
        &mut self,
        page: &Rc<Document>,
        at: At,
        document: Document,
        stated: Range<usize>,
        options: Options,
    ) -> io::Result<()> {
        let before = (self.totals.scenarios, self.totals.unusable);
        self.standing = Some(Standing { page: Rc::clone(page), at });
        evaluate(Ok(document), options, self)?;
        self.standing = None;
        if before == (self.totals.scenarios, self.totals.unusable) {
            let help = "write a scenario: a JSON object with `request` and `policies`";
            self.fault(page, Fault::new(stated, "no-scenarios", "this is a list of scenarios, and it is empty", help))?;
        }
        Ok(())
    }

    /// Says what is wrong in a Markdown file.
    fn fault(&mut self, page: &Document, fault: Fault) -> io::Result<()> {
        self.totals.unusable += 1;
        if let Printer::Text(out) = &mut self.printer {
            out.flush()?;
        }
        let Fault { span, code, message, help } = fault;
        let diagnostic = Diagnostic {
            policy: None,
            policy_index: None,
            path: None,
            severity: Severity::Error,
            code: code.to_owned(),
            message,
            help: Some(help),
            aws_message: None,
            start: None,
            end: None,
            related: Vec::new(),
            fix: None,
        };
        let text = PolicyText::file(page);
        let mut spot = text.empty_spot();
        spot.marks = vec![Mark::primary(first_line_of(&page.text, span))];
        output::complain(self.color, &format!("{}\n", diagnostic_in_full(&spot, &diagnostic)));
        Ok(())
    }

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
        if totals.others > 0 {
            let others = plural(totals.others, "JSON file");
            let _ = write!(line, "{}", paint(DIM, format_args!("; passed over {others} without a scenario")));
        }
        self.printer.finish(Some(line))?;
        Ok(match totals {
            Totals { unusable: 1.., .. } => Outcome::Unusable,
            Totals { failed: 1.., .. } => Outcome::Bad,
            _ => Outcome::Good,
        })
    }
}

/// What a Markdown file states of a scenario that no scenario can come to.
fn unknown_expectation(text: &str, stated: &Range<usize>, expect: &str) -> Option<Fault> {
    let decisions = ["allowed", "implicitDeny", "explicitDeny", "none"];
    if decisions.contains(&expect) {
        return None;
    }
    let said = text.get(stated.clone()).unwrap_or_default();
    let at = said.find("expect").and_then(|at| Some(at + said.get(at..)?.find(expect)?));
    let span = match at.filter(|_| !expect.is_empty()) {
        Some(at) => stated.start + at..stated.start + at + expect.len(),
        None => stated.clone(),
    };
    let begun = decisions.into_iter().find(|decision| expect.len() > 3 && decision.starts_with(expect));
    let help = match policy::nearest(expect, decisions).or(begun) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "expect `allowed`, `implicitDeny`, `explicitDeny`, or `none` for no decision".to_owned(),
    };
    Some(Fault::new(span, "unknown-expectation", format!("a page cannot expect `{expect}`"), help))
}

/// The part of a range that is in its first line.
fn first_line_of(text: &str, range: Range<usize>) -> Range<usize> {
    let length = text.get(range.clone()).and_then(|text| text.find(['\r', '\n']));
    range.start..length.map_or(range.end, |length| range.start + length)
}

/// The test that a result is of, and its place among the scenario's. Entries that are no objects are no tests, and have
/// no result; what a Markdown file states beside the scenario is not written in it.
fn written<'v>(view: &View<'v>, index: usize) -> Option<(usize, &'v serde_json::Value)> {
    let tests = view.found.value["tests"].as_array()?;
    tests.iter().enumerate().filter(|(_, test)| test.is_object()).nth(index)
}

/// Whether a test expects what no scenario can come to: a finding says so.
fn expects_nonsense(view: &View<'_>, index: usize) -> bool {
    written(view, index).and_then(|(_, test)| test.get("expect")).is_some_and(|expect| {
        let is_decision = |expect| ["allowed", "implicitDeny", "explicitDeny"].contains(&expect);
        !expect.is_null() && !expect.as_str().is_some_and(is_decision)
    })
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

fn failure_text(text: &mut String, view: &View<'_>, index: usize, test: &TestResult, standing: Option<&Standing>) {
    let written = written(view, index);
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
    if let (None, Some(Standing { page, at: At::Elsewhere { stated } })) = (written, standing) {
        row("stated", &at(&page.file, Text::new(&page.text).place(stated.start)));
    }
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
