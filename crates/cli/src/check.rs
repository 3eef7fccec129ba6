//! `iam-playground check`: what is wrong, or doubtful, in policy documents.

use std::io::{self, Write as _};

use anstream::ColorChoice;
use playground::{Diagnostic, Options, Severity};
use policy::json;
use serde::Serialize;
use serde_json::Value;

use crate::args::{Check, Deny, Kind};
use crate::findings::{Failure, diagnostic_in_full, range};
use crate::input::{self, Document};
use crate::knowledge;
use crate::output::{self, Printer};
use crate::sarif::Sarif;
use crate::scenario::{PolicyText, Spot, View, Visitor, evaluate};
use crate::style::{BAD, DOUBTFUL, GOOD, paint};
use crate::text::Text;
use crate::{Outcome, plural};

/// Prints the findings of all documents.
pub(crate) fn run(args: &Check, options: Options, color: ColorChoice) -> io::Result<Outcome> {
    let out = match args.format.printed() {
        Some(format) => Out::Printer(Printer::new(format, color)),
        None => Out::Sarif(Sarif::default()),
    };
    let mut run = Run { out, kind: args.kind, color, errors: 0, warnings: 0 };
    if let Out::Printer(printer) = &mut run.out {
        printer.list()?;
    }
    input::read(&args.files, &mut |document| match document {
        Ok(document) if run.kind.is_some() || is_policy(&document) => run.policy(&document),
        document => evaluate(document, options, &mut run),
    })?;
    run.finish(args.deny)
}

/// Where findings go.
enum Out {
    Printer(Printer),
    Sarif(Sarif),
}

struct Run {
    out: Out,
    kind: Option<Kind>,
    color: ColorChoice,
    errors: usize,
    warnings: usize,
}

/// The findings of one document, for machines.
#[derive(Serialize)]
struct Findings<'a> {
    file: &'a str,
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    diagnostics: &'a [Diagnostic],
}

impl Visitor for Run {
    fn scenario(&mut self, view: &View<'_>) -> io::Result<()> {
        let title = view.found.value.get("title").and_then(Value::as_str);
        let (file, line) = (&view.parsed.document.file, view.line());
        let diagnostics = everything(view);
        if let Out::Sarif(sarif) = &mut self.out {
            for diagnostic in &diagnostics {
                let edits = view.edits_in_file(diagnostic);
                sarif.finding(file, &view.parsed.text, &view.in_file(diagnostic), diagnostic, edits);
            }
        }
        self.print(file, line, title, &diagnostics, |diagnostic| view.spot(diagnostic))
    }

    fn failure(&mut self, failure: &Failure) -> io::Result<()> {
        self.errors += 1;
        match &mut self.out {
            Out::Printer(Printer::Text(out)) => out.flush()?,
            Out::Printer(Printer::Json(_)) => {}
            Out::Sarif(sarif) => sarif.failure(failure),
        }
        output::complain(self.color, &failure.in_full());
        Ok(())
    }
}

impl Run {
    /// A document that is a policy itself.
    fn policy(&mut self, document: &Document) -> io::Result<()> {
        let wrapped = Wrapped::find(document);
        let kind = self.kind.unwrap_or(match &wrapped {
            Some(wrapped) if wrapped.pointer.contains("AssumeRole") => Kind::Trust,
            _ => Kind::Identity,
        });
        let alone = wrapped.as_ref().and_then(|wrapped| wrapped.alone.as_deref());
        let mut diagnostics = assist::check(alone.unwrap_or(&document.text), kind.policy_kind(), knowledge::all());
        for diagnostic in &mut diagnostics {
            self.help(diagnostic, wrapped.as_ref());
        }
        let text = PolicyText::file(document);
        if let Out::Sarif(sarif) = &mut self.out {
            let lines = Text::from_line(&document.text, document.first_line);
            for diagnostic in &diagnostics {
                let bytes = text.spot(diagnostic).marks.first().map_or(0..0, |mark| mark.span.clone());
                sarif.finding(&document.file, &lines, &bytes, diagnostic, text.edits(diagnostic));
            }
        }
        self.print(&document.file, document.first_line, None, &diagnostics, |diagnostic| text.spot(diagnostic))
    }

    /// What only the command line can mend.
    fn help(&self, diagnostic: &mut Diagnostic, wrapped: Option<&Wrapped>) {
        match (diagnostic.code.as_str(), wrapped) {
            ("missing-statement", Some(wrapped)) if wrapped.alone.is_none() => {
                diagnostic.help = Some(format!(
                    "the policy is text within this JSON: take it out with `jq -r {}`, and check that",
                    wrapped.pointer.replace('/', ".")
                ));
            }
            ("unsupported-element", _) if self.kind.is_none() && diagnostic.message.contains("`Principal`") => {
                let help = diagnostic.help.get_or_insert_default();
                help.push_str("; if this is such a policy, say so: `--kind bucket`, `trust`, `key`, `resource`, `rcp` or `vpcEndpoint`");
            }
            _ => {}
        }
    }

    fn print<'s>(
        &mut self,
        file: &str,
        line: usize,
        title: Option<&str>,
        diagnostics: &[Diagnostic],
        spot: impl Fn(&Diagnostic) -> Spot<'s>,
    ) -> io::Result<()> {
        let count =
            |severity: Severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
        self.errors += count(Severity::Error);
        self.warnings += count(Severity::Warning);
        let Out::Printer(printer) = &mut self.out else {
            return Ok(());
        };
        match printer {
            Printer::Text(out) => diagnostics.iter().try_for_each(|diagnostic| {
                out.write_all(diagnostic_in_full(&spot(diagnostic), diagnostic).as_bytes())?;
                out.write_all(b"\n")
            }),
            Printer::Json(writer) => writer.write(&Findings { file, line, title, diagnostics }),
        }
    }

    fn finish(self, deny: Option<Deny>) -> io::Result<Outcome> {
        let style = match (self.errors, self.warnings) {
            (0, 0) => GOOD,
            (0, _) => DOUBTFUL,
            _ => BAD,
        };
        let (errors, warnings) = (plural(self.errors, "error"), plural(self.warnings, "warning"));
        match self.out {
            Out::Printer(printer) => printer.finish(Some(paint(style, format_args!("{errors}, {warnings}"))))?,
            Out::Sarif(sarif) => {
                let mut out = io::stdout().lock();
                serde_json::to_writer_pretty(&mut out, &sarif.finish())?;
                out.write_all(b"\n")?;
            }
        }
        Ok(match (self.errors > 0, deny) {
            (true, _) => Outcome::Unusable,
            (false, Some(Deny::Warnings)) if self.warnings > 0 => Outcome::Bad,
            (false, _) => Outcome::Good,
        })
    }
}

/// All findings of a scenario: of its report, and what AWS's service data says; each policy's in the order of its text.
fn everything(view: &View<'_>) -> Vec<Diagnostic> {
    let mut all = view.report.diagnostics.clone();
    all.extend(assist::review(view.found.value, knowledge::all()));
    all.sort_by_key(|one| (one.policy_index, one.start.map(|start| start.offset)));
    all
}

/// A policy within what the AWS CLI prints, such as `aws iam get-policy-version`.
struct Wrapped {
    /// Where it is: a JSON Pointer.
    pointer: &'static str,
    /// The text with nothing but the policy, which keeps its place; `None` where it is given as a string.
    alone: Option<String>,
}

impl Wrapped {
    fn find(document: &Document) -> Option<Self> {
        const POINTERS: [&str; 11] = [
            "/PolicyVersion/Document",
            "/PolicyDocument",
            "/Role/AssumeRolePolicyDocument",
            "/AssumeRolePolicyDocument",
            "/Attributes/Policy",
            "/Policy/Content",
            "/ResourcePolicy",
            "/policyText",
            "/resourcePolicy",
            "/Policy",
            "/policy",
        ];
        let root = json::parse(&document.text).ok()?;
        let has = |node: &json::Node, key: &str| match &node.value {
            json::Value::Object(properties) => properties.iter().any(|property| property.key == key),
            _ => false,
        };
        if has(&root, "Statement") {
            return None;
        }
        POINTERS.into_iter().find_map(|pointer| {
            let node = root.pointer(pointer)?;
            match &node.value {
                json::Value::String(text) if text.trim_start().starts_with('{') => Some(Self { pointer, alone: None }),
                _ if has(node, "Statement") => {
                    let span = range(node.span);
                    let around = |text: &str| -> String {
                        let blank = |char: char| match char {
                            '\n' | '\r' => char.to_string(),
                            other => " ".repeat(other.len_utf16()),
                        };
                        text.chars().map(blank).collect()
                    };
                    let (before, rest) = document.text.split_at_checked(span.start)?;
                    let (policy, after) = rest.split_at_checked(span.len())?;
                    Some(Self { pointer, alone: Some(around(before) + policy + &around(after)) })
                }
                _ => None,
            }
        })
    }
}

/// Whether a document is a policy rather than scenarios: text that is no JSON is read as a policy too, whose
/// findings say what is wrong.
fn is_policy(document: &Document) -> bool {
    let Ok(root) = json::parse(&document.text) else {
        return true;
    };
    match &root.value {
        json::Value::Object(properties) => !properties
            .iter()
            .any(|property| ["request", "policies", "scenarios", "tests"].contains(&property.key.as_str())),
        json::Value::Array(_) => false,
        _ => true,
    }
}
