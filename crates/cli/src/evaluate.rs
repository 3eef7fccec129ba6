//! `iam-playground evaluate`: scenarios in, reports out.

use std::io::{self, IsTerminal, Write};

use anstream::ColorChoice;
use playground::{Decision, Options, Report, Severity};

use crate::args::{Evaluate, Format};
use crate::findings::{Failure, diagnostic_in_short};
use crate::input::{self, Parsed};
use crate::output::{self, Printer};
use crate::report;
use crate::scenario::{View, Visitor, evaluate};
use crate::style::{BOLD, paint};
use crate::{Outcome, plural};

/// Prints a report for each scenario.
pub(crate) fn run(args: &Evaluate, options: Options, color: ColorChoice) -> io::Result<Outcome> {
    let default = if io::stdout().is_terminal() { Format::Text } else { Format::Json };
    let mut run = Run {
        printer: Printer::new(args.format.unwrap_or(default), color),
        color,
        counts: Counts::default(),
        unusable: false,
    };
    if args.files.len() > 1 {
        run.printer.list()?;
    }
    input::read(&args.files, &mut |document| {
        evaluate(document, options, &mut run)?;
        run.printer.flush()
    })?;
    run.finish()
}

struct Run {
    printer: Printer,
    color: ColorChoice,
    counts: Counts,
    unusable: bool,
}

#[derive(Default)]
struct Counts {
    allowed: usize,
    denied: usize,
    undecided: usize,
}

impl Visitor for Run {
    fn begin(&mut self, document: &Parsed<'_>) -> io::Result<()> {
        if document.is_one_scenario() { Ok(()) } else { self.printer.list() }
    }

    fn scenario(&mut self, view: &View<'_>) -> io::Result<()> {
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
}

impl Run {
    fn finish(self) -> io::Result<Outcome> {
        let several = self.counts.all() > 1;
        self.printer.finish(several.then(|| format!("\n\n{}", self.counts.sentence())))?;
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
