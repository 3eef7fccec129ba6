//! The IAM Playground on the command line: evaluates scenarios, runs their tests, checks policies, and looks up what
//! AWS documents.

mod actions;
mod args;
mod check;
mod evaluate;
mod findings;
mod from_error;
mod handed_in;
mod input;
mod knowledge;
mod lesson;
mod markdown;
mod output;
mod place;
mod quote;
mod report;
mod sarif;
mod scenario;
mod style;
mod test;
mod text;

use std::io;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anstream::ColorChoice;
use clap::Parser as _;
use playground::Options;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use args::{Cli, Clock, Color, Command};

/// How a command went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Everything has its answer, and it is the wanted one.
    Good,
    /// The answers are not the wanted ones: a test fails, a warning is denied.
    Bad,
    /// Some input has no answer.
    Unusable,
}

impl Outcome {
    fn exit_code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Good => 0,
            Self::Bad => 1,
            Self::Unusable => 2,
        })
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let color = match cli.color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    };
    match run(&cli, color) {
        Ok(outcome) => outcome.exit_code(),
        Err(Stop::Usage(message)) => {
            output::complain(color, &format!("iam-playground: {message}\n"));
            Outcome::Unusable.exit_code()
        }
        // Who reads has read enough, as in `iam-playground … | head`.
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Stop::Output(error)) => {
            output::complain(color, &format!("iam-playground: cannot write: {error}\n"));
            Outcome::Unusable.exit_code()
        }
    }
}

/// Why a run ended early.
enum Stop {
    /// An option has a value that means nothing.
    Usage(String),
    /// The output takes no more.
    Output(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn run(cli: &Cli, color: ColorChoice) -> Result<Outcome, Stop> {
    let options = Options { now: now(&cli.clock)? };
    Ok(match &cli.command {
        Command::Evaluate(args) => evaluate::run(args, options, color)?,
        Command::Test(args) => test::run(args, options, color)?,
        Command::Check(args) => check::run(args, options, color)?,
        Command::Expand(args) => actions::expand(args, color)?,
        Command::Explain(args) => actions::explain(args, color)?,
        Command::FromError(args) => from_error::run(args, color)?,
    })
}

/// The time of the requests, in milliseconds since 1970.
fn now(clock: &Clock) -> Result<Option<i64>, Stop> {
    let Some(text) = &clock.now else {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
        return Ok(since.and_then(|since| i64::try_from(since.as_millis()).ok()));
    };
    let now = OffsetDateTime::parse(text, &Rfc3339).ok();
    let now = now.and_then(|now| i64::try_from(now.unix_timestamp_nanos().div_euclid(1_000_000)).ok());
    if now.is_none() {
        let shown = quote::clean(text);
        return Err(Stop::Usage(format!("`--now` takes a time such as 2026-01-31T12:00:00Z, not `{shown}`")));
    }
    Ok(now)
}

/// `1 scenario`, `2 scenarios`.
fn plural(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}
