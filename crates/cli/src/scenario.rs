//! A scenario, its report and the texts that the report's positions refer to.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::io;
use std::ops::Range;

use playground::{Diagnostic, Options, Position, Report};
use policy::Span;
use policy::json;
use serde_json::Value;

use crate::findings::{Failure, at, range};
use crate::input::{Document, Found, Parsed};
use crate::knowledge;
use crate::place::Layouts;
use crate::quote::{Mark, clean};
use crate::text::{Text, Utf16Offsets};

/// A scenario and its report.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(crate) parsed: &'a Parsed<'a>,
    pub(crate) found: &'a Found<'a>,
    pub(crate) report: &'a Report,
    /// The texts of the report's policies, each made when it is first needed.
    policies: Vec<OnceCell<Option<PolicyText<'a>>>>,
}

/// A place with its text.
#[derive(Debug)]
pub(crate) struct Spot<'v> {
    /// What the text is called.
    name: &'v str,
    /// The text.
    pub(crate) text: &'v Text<'v>,
    /// The places in it, the one that matters first.
    pub(crate) marks: Vec<Mark>,
}

impl Spot<'_> {
    /// `name:line:column`.
    pub(crate) fn place(&self) -> String {
        let start = self.marks.first().map_or(0, |mark| mark.span.start);
        self.place_of(start)
    }

    /// `name:line:column` of a byte.
    pub(crate) fn place_of(&self, byte: usize) -> String {
        at(self.name, self.text.place(byte))
    }
}

/// A policy's text as the report's positions count it, and as the user sees it.
#[derive(Debug)]
pub(crate) struct PolicyText<'a> {
    offsets: Utf16Offsets<'a>,
    shown: Shown<'a>,
}

#[derive(Debug)]
enum Shown<'a> {
    /// The document stands in the file over several lines: the file is shown.
    InFile { parsed: &'a Parsed<'a>, layouts: Layouts<'a> },
    /// The document has a text of its own: typed as text, or laid out from an object that stands in one line.
    Own { name: String, text: Text<'a> },
}

impl<'a> PolicyText<'a> {
    /// A file that is a policy.
    pub(crate) fn file(document: &'a Document) -> Self {
        Self {
            offsets: Utf16Offsets::new(&document.text),
            shown: Shown::Own {
                name: document.file.clone(),
                text: Text::from_line(&document.text, document.first_line),
            },
        }
    }

    /// A document within a scenario.
    fn own(text: &'a str, file: &str, name: &str) -> Self {
        Self {
            offsets: Utf16Offsets::new(text),
            shown: Shown::Own { name: format!("{file}: {name}"), text: Text::new(text) },
        }
    }

    /// The text to show, without a mark.
    pub(crate) fn empty_spot(&self) -> Spot<'_> {
        let (name, text) = match &self.shown {
            Shown::InFile { parsed, .. } => (&parsed.document.file, &parsed.text),
            Shown::Own { name, text } => (name, text),
        };
        Spot { name, text, marks: Vec::new() }
    }

    /// The bytes between two positions of a report, in the text to show.
    pub(crate) fn bytes(&self, start: Position, end: Position) -> Range<usize> {
        let start = self.offsets.byte(start.offset as usize);
        let end = self.offsets.byte(end.offset as usize).max(start);
        match &self.shown {
            Shown::InFile { layouts, .. } => range(layouts.written(Span::new(start, end))),
            Shown::Own { .. } => start..end,
        }
    }

    /// The replacements in the text that mend a finding.
    pub(crate) fn edits(&self, diagnostic: &Diagnostic) -> Option<Vec<(Range<usize>, String)>> {
        let edits = &diagnostic.fix.as_ref()?.edits;
        Some(edits.iter().map(|edit| (self.bytes(edit.start, edit.end), edit.text.clone())).collect())
    }

    /// Where a finding is.
    pub(crate) fn spot(&self, diagnostic: &Diagnostic) -> Spot<'_> {
        let mut spot = self.empty_spot();
        if let (Some(start), Some(end)) = (diagnostic.start, diagnostic.end) {
            spot.marks.push(Mark::primary(self.bytes(start, end)));
        }
        for related in &diagnostic.related {
            let bytes = self.bytes(related.start, related.end);
            spot.marks.push(Mark::context(bytes).label(related.message.as_str()));
        }
        spot
    }
}

/// What a command does with the scenarios of its input.
pub(crate) trait Visitor {
    /// A document of scenarios begins.
    fn begin(&mut self, _document: &Parsed<'_>) -> io::Result<()> {
        Ok(())
    }

    /// A scenario and its report.
    fn scenario(&mut self, view: &View<'_>) -> io::Result<()>;

    /// Input that holds no scenario.
    fn failure(&mut self, failure: &Failure) -> io::Result<()>;
}

/// Evaluates the scenarios of a document.
pub(crate) fn evaluate(
    document: Result<Document, Failure>,
    options: Options,
    visitor: &mut dyn Visitor,
) -> io::Result<()> {
    let document = match document {
        Ok(document) => document,
        Err(failure) => return visitor.failure(&failure),
    };
    let parsed = match Parsed::new(&document) {
        Ok(parsed) => parsed,
        Err(failure) => return visitor.failure(&failure),
    };
    let scenarios = match parsed.scenarios() {
        Ok(scenarios) => scenarios,
        Err(failure) => return visitor.failure(&failure),
    };
    visitor.begin(&parsed)?;
    scenarios.iter().try_for_each(|found| {
        let stated = with_expectation(found.value, parsed.document);
        let attached = assist::attach(&stated, knowledge::of(&stated));
        let report = attached.evaluate(options);
        visitor.scenario(&View::new(&parsed, found, &report))
    })
}

/// The scenario with the decision that its block of a Markdown file states, as one more test.
fn with_expectation<'v>(scenario: &'v Value, document: &Document) -> Cow<'v, Value> {
    let Some(expect) = document.block.as_ref().and_then(|stated| stated.expect.as_deref()) else {
        return Cow::Borrowed(scenario);
    };
    let expect = if expect == "none" { Value::Null } else { Value::from(expect) };
    let test = serde_json::json!({ "name": "what the page states", "request": {}, "expect": expect });
    let mut changed = scenario.clone();
    if let Value::Object(fields) = &mut changed
        && let Value::Array(tests) = fields.entry("tests").or_insert_with(|| Value::Array(Vec::new()))
    {
        tests.push(test);
    }
    Cow::Owned(changed)
}

impl<'a> View<'a> {
    pub(crate) fn new(parsed: &'a Parsed<'a>, found: &'a Found<'a>, report: &'a Report) -> Self {
        Self { parsed, found, report, policies: report.policies.iter().map(|_| OnceCell::new()).collect() }
    }

    /// Where the value at a JSON Pointer starts: `file:line:column`.
    pub(crate) fn place(&self, pointer: &str) -> String {
        let start = range(self.found.node.place(pointer)).start;
        at(&self.parsed.document.file, self.parsed.text.place(start))
    }

    /// The line on which the scenario starts.
    pub(crate) fn line(&self) -> usize {
        self.parsed.text.place(range(self.found.node.span).start).line
    }

    /// The title, where there is one.
    pub(crate) fn title(&self) -> Option<String> {
        self.found.value.get("title").and_then(Value::as_str).map(clean)
    }

    /// The text of a policy of the report.
    pub(crate) fn policy(&self, index: usize) -> Option<&PolicyText<'a>> {
        self.policies.get(index)?.get_or_init(|| self.read_policy(index)).as_ref()
    }

    fn read_policy(&self, index: usize) -> Option<PolicyText<'a>> {
        let report = self.report.policies.get(index)?;
        let pointer = format!("/policies/{}/document", report.policy_index);
        let file = &self.parsed.document.file;
        if let Some(Value::String(text)) = self.found.value.pointer(&pointer) {
            return Some(PolicyText::own(text, file, &report.name));
        }
        let laid_out = report.text.as_deref()?;
        let Some(written) = self.found.node.pointer(&pointer) else {
            // Only its name stands in the file.
            return Some(PolicyText::own(laid_out, file, &report.name));
        };
        if self.parsed.text.line_count(&range(written.span)) == 1 {
            return Some(PolicyText::own(laid_out, file, &report.name));
        }
        Some(PolicyText {
            offsets: Utf16Offsets::new(laid_out),
            shown: Shown::InFile {
                parsed: self.parsed,
                layouts: Layouts { laid_out: json::parse(laid_out).ok()?, written },
            },
        })
    }

    /// Where a finding is.
    pub(crate) fn spot(&self, diagnostic: &Diagnostic) -> Spot<'_> {
        // A finding counts the scenario's policies; the report leaves out entries that are none.
        let of_report = |index| self.report.policies.iter().position(|policy| policy.policy_index == index);
        if let (Some(index), Some(_)) = (diagnostic.policy_index, diagnostic.start)
            && let Some(policy) = of_report(index).and_then(|at| self.policy(at))
        {
            return policy.spot(diagnostic);
        }
        let pointer = match (&diagnostic.path, diagnostic.policy_index) {
            (Some(path), _) => path.clone(),
            (None, Some(index)) => format!("/policies/{index}"),
            (None, None) => String::new(),
        };
        Spot {
            name: &self.parsed.document.file,
            text: &self.parsed.text,
            marks: vec![Mark::primary(self.opening(&pointer))],
        }
    }

    /// Where a finding is in the file itself: a policy given as text has its place as a whole.
    pub(crate) fn in_file(&self, diagnostic: &Diagnostic) -> Range<usize> {
        let spot = self.spot(diagnostic);
        let policy = diagnostic.policy_index.filter(|_| !std::ptr::eq(spot.text, &self.parsed.text));
        match (policy, spot.marks.first()) {
            (None, Some(mark)) => mark.span.clone(),
            (policy, _) => {
                let pointer = policy.map_or(String::new(), |index| format!("/policies/{index}/document"));
                range(self.found.node.place(&pointer))
            }
        }
    }

    /// The replacements in the file itself that mend a finding: none where the policy stands in the file in another
    /// form than the one they are made for, as a JSON string or laid out otherwise.
    pub(crate) fn edits_in_file(&self, diagnostic: &Diagnostic) -> Option<Vec<(Range<usize>, String)>> {
        let index = diagnostic.policy_index?;
        let at = self.report.policies.iter().position(|policy| policy.policy_index == index)?;
        let policy = self.policy(at)?;
        let Shown::InFile { layouts, .. } = &policy.shown else { return None };
        let laid_out = self.report.policies.get(at)?.text.as_deref()?;
        diagnostic
            .fix
            .as_ref()?
            .edits
            .iter()
            .map(|edit| {
                let made_for =
                    policy.offsets.byte(edit.start.offset as usize)..policy.offsets.byte(edit.end.offset as usize);
                let written = range(layouts.written(Span::new(made_for.start, made_for.end)));
                let (old, found) = (laid_out.get(made_for)?, self.parsed.text.text.get(written.clone())?);
                // What is put between two pieces has its place in one layout only.
                (!old.is_empty() && old == found).then(|| (written, edit.text.clone()))
            })
            .collect()
    }

    /// The place of a value; of one over several lines only how it begins.
    fn opening(&self, pointer: &str) -> Range<usize> {
        let span = range(self.found.node.place(pointer));
        if self.parsed.text.line_count(&span) == 1 {
            return span;
        }
        span.start..span.start + 1
    }
}
