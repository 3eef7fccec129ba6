//! `cargo xtask test`: every check that a change must pass, in the order in which failures are cheapest to find.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::browser;
use crate::build;
use crate::command;
use crate::paths;
use crate::progress::Progress;
use crate::second_try;
use crate::serve::Server;

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask test                                   everything, as CI does
  cargo xtask test --fast                            before each commit: no engine build, no browser
  cargo xtask test --only page -- --test-name-pattern share
  CHROMIUM_PATH=/opt/chromium cargo xtask test --only page
  PROPTEST_RNG_SEED=7 cargo xtask test --only native   other random cases than usual

The page's tests get PAGE_URL, where the built page is served, and CHROMIUM_PATH.")]
pub(crate) struct Arguments {
    /// Only these checks
    #[arg(long, value_enum, value_name = "CHECK")]
    only: Vec<Check>,
    /// Only the checks that need neither the wasm build nor a browser
    #[arg(long, conflicts_with = "only")]
    fast: bool,
    /// Arguments for the check's own command, with a single --only
    #[arg(last = true, value_name = "ARGUMENTS")]
    rest: Vec<String>,
    #[command(flatten)]
    build: build::Options,
}

/// One thing that can pass or fail.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Check {
    /// `cargo fmt --check`
    Format,
    /// `cargo clippy` on everything, warnings denied
    Lint,
    /// `cargo test`: unit, integration and doc tests
    Native,
    /// The scenarios in tests/cases, web/examples and the pages of docs, and the lessons, by the command line tool
    Cases,
    /// The same scenarios and the bindings, by the built engine under Node.js
    Wasm,
    /// `tsc` over the page's modules, the build script and the published declarations
    Types,
    /// The page and the embed in a real Chromium
    Page,
    /// The npm package: packed, installed, called, type-checked, bundled, opened in Chromium
    Package,
}

impl Check {
    fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Lint => "lint",
            Self::Native => "native",
            Self::Cases => "cases",
            Self::Wasm => "wasm",
            Self::Types => "types",
            Self::Page => "page",
            Self::Package => "package",
        }
    }

    /// What has to be built before it.
    fn needs(self) -> Option<Build> {
        match self {
            Self::Format | Self::Lint | Self::Native | Self::Cases => None,
            Self::Wasm | Self::Types => Some(Build::Engine),
            Self::Page | Self::Package => Some(Build::Page),
        }
    }
}

/// A part of `cargo xtask build`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Build {
    Engine,
    Page,
}

impl Build {
    fn name(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Page => "bundle",
        }
    }

    fn make(self, options: build::Options) -> Result<()> {
        match self {
            Self::Engine => build::engine(options),
            Self::Page => build::everything(options),
        }
    }
}

/// What is to be said of a check that passed.
type Remark = Option<String>;

/// How one check went.
struct Outcome {
    name: &'static str,
    result: Result<Remark>,
    time: Duration,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let checks: Vec<Check> = Check::value_variants()
        .iter()
        .copied()
        .filter(|check| match (arguments.fast, arguments.only.is_empty()) {
            (true, _) => check.needs().is_none(),
            (false, true) => true,
            (false, false) => arguments.only.contains(check),
        })
        .collect();
    if !arguments.rest.is_empty() && checks.len() != 1 {
        bail!("arguments after `--` need exactly one check: add `--only CHECK`");
    }

    let mut outcomes: Vec<Outcome> = Vec::new();
    for check in checks {
        let need = check.needs();
        let made = |outcomes: &[Outcome], build: Build| {
            outcomes.iter().find(|outcome| outcome.name == build.name()).map(|outcome| outcome.result.is_ok())
        };
        if let Some(build) = need
            && made(&outcomes, build).is_none()
        {
            outcomes.push(timed(build.name(), || plain(build.make(arguments.build))));
        }
        if need.and_then(|build| made(&outcomes, build)) == Some(false) {
            outcomes.push(timed(check.name(), || bail!("not run, as it needs what could not be built")));
            continue;
        }
        outcomes.push(timed(check.name(), || perform(check, &arguments.rest)));
    }
    Ok(summary(&outcomes))
}

/// That a check passed, without a remark.
fn plain(result: Result<()>) -> Result<Remark> {
    result.map(|()| None)
}

fn timed(name: &'static str, work: impl FnOnce() -> Result<Remark>) -> Outcome {
    println!("\n━━ {name}");
    let start = Instant::now();
    let result = work();
    if let Err(error) = &result {
        eprintln!("error: {error:#}");
    }
    Outcome { name, result, time: start.elapsed() }
}

fn summary(outcomes: &[Outcome]) -> ExitCode {
    println!("\n━━ summary");
    for Outcome { name, result, time } in outcomes {
        let seconds = time.as_secs_f64();
        match result {
            Ok(None) => println!("✓ {name:<8} {seconds:>6.1} s"),
            Ok(Some(remark)) => println!("✓ {name:<8} {seconds:>6.1} s   {remark}"),
            Err(error) => println!("✗ {name:<8} {seconds:>6.1} s   {error:#}"),
        }
    }
    let failed = outcomes.iter().filter(|outcome| outcome.result.is_err()).count();
    println!("checks: {} passed, {failed} failed", outcomes.len() - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn perform(check: Check, rest: &[String]) -> Result<Remark> {
    plain(match check {
        Check::Format => pass(command::cargo().args(["fmt", "--all", "--check"]).args(rest)),
        Check::Lint => pass(
            command::cargo()
                .args(["clippy", "--workspace", "--all-targets"])
                .args(rest)
                .args(["--", "--deny", "warnings"]),
        ),
        Check::Native => native(rest),
        Check::Cases => pass(
            command::cargo()
                .args(["run", "--quiet", "--package", "iam-playground", "--"])
                .args(["test", "tests/cases", "web/examples", "web/lessons"])
                .args(pages_with_scenarios()?)
                .args(rest),
        ),
        Check::Wasm => pass(&mut node_tests(&paths::root().join("tests/wasm"), rest)?),
        Check::Types => types(rest),
        Check::Page => return in_browser("tests/browser", rest),
        Check::Package => return in_browser("tests/npm", rest),
    })
}

/// The pages of the documentation that show scenarios.
fn pages_with_scenarios() -> Result<Vec<PathBuf>> {
    let is_page = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "md");
    let pages: Vec<_> = paths::files(&paths::root().join("docs"))
        .into_iter()
        .filter(is_page)
        .filter(|page| fs::read_to_string(page).is_ok_and(|text| text.contains("\n```json iam-scenario")))
        .collect();
    if pages.is_empty() {
        bail!("no page of docs shows a scenario: are they marked `json iam-scenario`?");
    }
    Ok(pages)
}

/// What proptest starts its random cases from.
const SEED: &str = "PROPTEST_RNG_SEED";

fn native(rest: &[String]) -> Result<()> {
    let test = || {
        let mut cargo = command::cargo();
        cargo.args(["test", "--no-fail-fast"]);
        // The same random cases at every run: what fails here was changed here. A bare `cargo test` tries others.
        if std::env::var_os(SEED).is_none() {
            cargo.env(SEED, "20261122");
        }
        cargo
    };
    let project = pass(test().args(["--workspace", "--exclude", "xtask"]).args(rest));
    // By itself, xtask is tested with what was compiled to run it; together with the others, cargo would choose other
    // features for its dependencies and compile them all again.
    let xtask = pass(test().args(["--package", "xtask"]).args(rest));
    project.and(xtask)
}

fn types(rest: &[String]) -> Result<()> {
    let tsc = paths::web().join("node_modules/typescript/bin/tsc");
    let mut result = Ok(());
    for project in ["web/tsconfig.json", "web/tsconfig.node.json", "tests/types/tsconfig.json"] {
        println!("tsc --project {project}");
        let outcome = pass(command::node(&tsc).args(["--project", project]).args(rest));
        result = result.and(outcome);
    }
    result
}

/// The tests of a folder, with the built page served and a Chromium.
fn in_browser(folder: &str, rest: &[String]) -> Result<Remark> {
    let chromium = browser::chromium(&Progress::new(false))?;
    let server = Server::start(paths::dist(), 0)?;
    println!("{chromium} on {}", server.address());
    let tests = |command: &mut Command| {
        command.env("PAGE_URL", server.address());
        command.env("CHROMIUM_PATH", &chromium);
        pass(command)
    };
    second_try::run(&paths::root().join(folder), rest, tests)
}

/// Node's test runner on every test file of a folder.
fn node_tests(folder: &Path, rest: &[String]) -> Result<Command> {
    let mut command = command::program("node");
    command.args(["--test", "--test-reporter=spec"]).args(rest).args(test_files(folder)?);
    Ok(command)
}

/// The test files of a folder; that there is none is a failure.
pub(crate) fn test_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let files: Vec<_> = paths::files(folder)
        .into_iter()
        .filter(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(".test.mjs") || name.ends_with(".test.js")
        })
        .collect();
    if files.is_empty() {
        bail!("{} has no *.test.mjs", paths::shown(folder));
    }
    Ok(files)
}

/// Runs a check's command, which prints for itself.
fn pass(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => bail!("failed; see above"),
        Err(error) => bail!("`{name}` could not be started: {error}"),
    }
}
