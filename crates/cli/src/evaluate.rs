//! `iam-playground evaluate`: scenarios in, reports out.

use std::io::{self, IsTerminal, Write};

use anstream::ColorChoice;
use playground::{Decision, Options, Report, Severity, evaluate_value};

use crate::args::{Evaluate, Format};
use crate::findings::{Failure, diagnostic_in_short};
use crate::input::{self, Document, Parsed};
use crate::output::{self, JsonWriter};
use crate::report;
use crate::scenario::View;
use crate::style::{BOLD, paint};
use crate::{Outcome, plural};

/// Prints a report for each scenario.
pub(crate) fn run(args: &Evaluate, options: Options, color: ColorChoice) -> io::Result<Outcome> {
    let default = if io::stdout().is_terminal() { Format::Text } else { Format::Json };
    let mut run = Run {
        printer: match args.format.unwrap_or(default) {
            Format::Text => Printer::Text(output::text(color)),
            Format::Json => Printer::Json(JsonWriter::value_or_array(output::data())),
            Format::Ndjson => Printer::Json(JsonWriter::lines(output::data())),
        },
        options,
        color,
        counts: Counts::default(),
        unusable: false,
    };
    if args.files.len() > 1 {
        run.list()?;
    }
    input::read(&args.files, &mut |document| run.document(document))?;
    run.finish()
}

struct Run {
    printer: Printer,
    options: Options,
    color: ColorChoice,
    counts: Counts,
    unusable: bool,
}

enum Printer {
    Text(anstream::AutoStream<io::StdoutLock<'static>>),
    Json(JsonWriter<io::BufWriter<io::StdoutLock<'static>>>),
}

#[derive(Default)]
struct Counts {
    allowed: usize,
    denied: usize,
    undecided: usize,
}

impl Run {
    fn document(&mut self, document: Result<Document, Failure>) -> io::Result<()> {
        let document = match document {
            Ok(document) => document,
            Err(failure) => return self.failure(&failure),
        };
        let parsed = match Parsed::new(&document) {
            Ok(parsed) => parsed,
            Err(failure) => return self.failure(&failure),
        };
        let scenarios = match parsed.scenarios() {
            Ok(scenarios) => scenarios,
            Err(failure) => return self.failure(&failure),
        };
        if !parsed.is_one_scenario() {
            self.list()?;
        }
        for found in &scenarios {
            let report = evaluate_value(found.value, self.options);
            self.report(&View::new(&parsed, found, &report))?;
        }
        if let Printer::Json(writer) = &mut self.printer {
            writer.flush()?;
        }
        Ok(())
    }

    /// The reports form a list, were it of one.
    fn list(&mut self) -> io::Result<()> {
        match &mut self.printer {
            Printer::Json(writer) => writer.list(),
            Printer::Text(_) => Ok(()),
        }
    }

    fn report(&mut self, view: &View<'_>) -> io::Result<()> {
        let first = self.counts.all() == 0;
        self.counts.add(view.report);
        self.unusable |= view.report.decision.is_none();
        match &mut self.printer {
            Printer::Text(out) => {
                if !first {
                    out.write_all(b"\n\n")?;
                }
                out.write_all(report::text(view).as_bytes())
            }
            Printer::Json(writer) => {
                if view.report.decision.is_none() {
                    for diagnostic in &view.report.diagnostics {
                        if diagnostic.severity == Severity::Error {
                            output::complain(self.color, &diagnostic_in_short(&view.spot(diagnostic), diagnostic));
                        }
                    }
                }
                writer.write(view.report)
            }
        }
    }

    /// An input that is no scenario: said to people, and in its place among the reports.
    fn failure(&mut self, failure: &Failure) -> io::Result<()> {
        self.unusable = true;
        match &mut self.printer {
            Printer::Text(out) => {
                out.flush()?;
                output::complain(self.color, &failure.in_full());
                Ok(())
            }
            Printer::Json(writer) => {
                output::complain(self.color, &failure.in_short());
                writer.write(&failure.report())
            }
        }
    }

    fn finish(self) -> io::Result<Outcome> {
        match self.printer {
            Printer::Json(writer) => writer.finish()?,
            Printer::Text(mut out) => {
                if self.counts.all() > 1 {
                    writeln!(out, "\n\n{}", self.counts.sentence())?;
                }
                out.flush()?;
            }
        }
        Ok(if self.unusable { Outcome::Unusable } else { Outcome::Good })
    }
}

impl Counts {
    fn add(&mut self, report: &Report) {
        match report.decision {
            Some(Decision::Allowed) => self.allowed += 1,
            Some(Decision::ImplicitDeny | Decision::ExplicitDeny) => self.denied += 1,
            None => self.undecided += 1,
        }
    }

    fn all(&self) -> usize {
        self.allowed + self.denied + self.undecided
    }

    fn sentence(&self) -> String {
        let all = paint(BOLD, plural(self.all(), "scenario"));
        let mut sentence = format!("{all}: {} allowed, {} denied", self.allowed, self.denied);
        if self.undecided > 0 {
            sentence.push_str(&format!(", {} without a decision", self.undecided));
        }
        sentence
    }
}
