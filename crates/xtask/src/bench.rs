//! `cargo xtask bench`: the engine's speed, natively by criterion, in Chromium, and beside other engines.

mod figures;
mod opponents;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::browser;
use crate::build;
use crate::command;
use crate::docs;
use crate::paths;
use crate::progress::Progress;
use crate::serve::Server;
use figures::{Medians, duration, with_ratio};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Update the tables in docs/performance.md
    #[arg(long)]
    write: bool,
    /// Only the native benchmarks
    #[arg(long, conflicts_with = "browser")]
    native: bool,
    /// Only the measurements in Chromium
    #[arg(long)]
    browser: bool,
    /// Measure the engines in bench-opponents on the same workloads too
    #[arg(long, conflicts_with = "browser")]
    opponents: bool,
    /// Only what Lighthouse says of the page
    #[arg(long, conflicts_with_all = ["native", "browser", "opponents"])]
    lighthouse: bool,
    #[command(flatten)]
    build: build::Options,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let show = |name: &str, table: String, versions: &str| {
        let text = format!("{table}\n{}\n", figures::measured_on(versions));
        println!("\n{text}");
        if arguments.write { docs::write(name, &text) } else { Ok(()) }
    };
    if arguments.lighthouse {
        build::everything(arguments.build)?;
        let (table, version) = lighthouse()?;
        show("lighthouse", table, &version)?;
        return Ok(ExitCode::SUCCESS);
    }
    let folder = paths::state().join("workloads");
    let workloads = export(&folder)?;
    let mut ours = Medians::default();
    if !arguments.browser {
        ours = native()?;
        show("native", native_table(&workloads, &ours), "")?;
    }
    if arguments.opponents {
        let theirs = opponents::measure(&folder)?;
        show("opponents", opponents::table(&workloads, &ours, &theirs), &theirs.versions())?;
    }
    if !arguments.native {
        build::everything(arguments.build)?;
        let (table, version) = in_chromium(&folder, &ours)?;
        show("browser", table, &version)?;
        let (table, version) = embeds()?;
        show("embeds", table, &version)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A workload of crates/playground/benches: its name and what it is.
pub(crate) struct Workload {
    name: String,
    about: String,
}

/// The benchmark's program. Its code is compiled by this; what it does is up to its arguments.
fn benchmark() -> std::process::Command {
    let mut cargo = command::cargo();
    cargo.args(["bench", "--package", "iam-playground-core", "--bench", "evaluation", "--"]);
    cargo
}

/// Writes the workloads as files, in the order of their names, and lists them.
fn export(folder: &Path) -> Result<Vec<Workload>> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    if !benchmark().arg("--export").arg(folder).status()?.success() {
        bail!("the benchmarks could not be built; what cargo printed is above");
    }
    let read = |file: PathBuf| {
        let value = read(&file)?;
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        Ok(Workload { name: text("name"), about: text("about") })
    };
    paths::files(folder).into_iter().map(read).collect()
}

/// Runs the criterion benchmarks and gathers the medians of this run.
fn native() -> Result<Medians> {
    let start = SystemTime::now();
    if !benchmark().status()?.success() {
        bail!("`cargo bench` failed; what it printed is above");
    }
    let mut medians = Medians::default();
    for file in paths::files(&paths::target().join("criterion")) {
        // criterion keeps earlier runs beside the latest, which is in `new`.
        if !file.ends_with("new/estimates.json") || file.metadata()?.modified()? < start {
            continue;
        }
        let benchmark = read(&file.with_file_name("benchmark.json"))?;
        let name = benchmark["full_id"].as_str().context("a criterion benchmark without a name")?;
        if let Some(median) = read(&file)?["median"]["point_estimate"].as_f64() {
            medians.add(name, median);
        }
    }
    if medians.is_empty() {
        bail!("`cargo bench` measured nothing: iam-playground-core has no criterion benchmark");
    }
    Ok(medians)
}

fn native_table(workloads: &[Workload], medians: &Medians) -> String {
    let row = |workload: &Workload| {
        let of = |form: &str| medians.of(&workload.name, form);
        let (decide, trace, keystroke) = (of("decide"), of("trace"), of("keystroke"));
        let shown = |median: Option<f64>| median.map(duration).unwrap_or_default();
        vec![workload.about.clone(), shown(decide), with_ratio(trace, decide), shown(keystroke)]
    };
    let mut rows: Vec<_> = workloads.iter().map(row).collect();
    let example = medians.of("first-example", "keystroke").map(duration).unwrap_or_default();
    rows.push(vec!["the first example of the page".to_owned(), String::new(), String::new(), example]);
    docs::table(&["natively", "decision alone", "with trace", "from text to report"], &rows)
}

fn read(file: &Path) -> Result<Value> {
    let text = fs::read(file).with_context(|| format!("{} is missing", paths::shown(file)))?;
    Ok(serde_json::from_slice(&text)?)
}

/// Runs tests/bench/browser.mjs and the `*.bench.mjs` beside it, each of which prints one JSON object: name →
/// { about, median, p95 } in nanoseconds, and the browser's version.
fn in_chromium(workloads: &Path, natively: &Medians) -> Result<(String, String)> {
    let chromium = browser::chromium(&Progress::new(false))?;
    let server = Server::start(paths::dist(), 0)?;
    let mut rows = Vec::new();
    let mut version = String::new();
    for script in paths::files(&paths::root().join("tests/bench")) {
        if !script.ends_with("browser.mjs") && !script.to_string_lossy().ends_with(".bench.mjs") {
            continue;
        }
        let mut command = command::node(&script);
        command
            .env("PAGE_URL", server.address())
            .env("PAGE_MANIFEST", build::manifest())
            .env("WORKLOADS", workloads)
            .env("CHROMIUM_PATH", &chromium);
        let measured = measure(&paths::shown(&script), &mut command)?;
        let results = measured["results"].as_object().context("the measurement in Chromium printed no results")?;
        rows.extend(results.iter().map(|(name, figures)| browser_row(name, figures, natively)));
        version = measured["version"].as_str().unwrap_or_default().to_owned();
    }
    let table = docs::table(&["in Chromium", "median", "95th percentile", "against native"], &rows);
    Ok((table, format!("Chromium {version}")))
}

/// Runs tests/bench/embeds.mjs: many embeds on one page, near the reader and all at once.
fn embeds() -> Result<(String, String)> {
    let mut command = command::node(paths::root().join("tests/bench/embeds.mjs"));
    command.env("CHROMIUM_PATH", browser::chromium(&Progress::new(false))?);
    let measured = measure("the measurement of embeds", &mut command)?;
    let number = |loading: &str, what: &str| measured["results"][loading][what].as_f64().unwrap_or(f64::NAN);
    let time = |loading: &str, what: &str| duration(number(loading, what) * 1e6);
    let row = |about: &str, cell: &dyn Fn(&str) -> String| vec![about.to_owned(), cell("lazy"), cell("eager")];
    let rows = [
        row("all contents to be read", &|loading| time(loading, "readable")),
        row("first decision", &|loading| time(loading, "first")),
        row("all that load, decided", &|loading| {
            format!("{} ({:.0})", time(loading, "last"), number(loading, "decided"))
        }),
        row("cumulative layout shift", &|loading| format!("{:.4}", number(loading, "shift"))),
        row("workers", &|loading| format!("{:.0}", number(loading, "workers"))),
    ];
    let head = format!("{} embeds", measured["embeds"]);
    let table = docs::table(&[&head, "`loading=\"lazy\"`", "`loading=\"eager\"`"], &rows);
    Ok((table, format!("Chromium {}", measured["version"].as_str().unwrap_or_default())))
}

fn browser_row(name: &str, figures: &Value, natively: &Medians) -> Vec<String> {
    let figure = |key: &str| figures[key].as_f64();
    let native = natively.of(name, "keystroke");
    let ratio = figure("median").zip(native).map(|(here, there)| format!("{:.1}×", here / there));
    vec![
        figures["about"].as_str().unwrap_or(name).to_owned(),
        figure("median").map(duration).unwrap_or_default(),
        figure("p95").map(duration).unwrap_or_default(),
        ratio.unwrap_or_default(),
    ]
}

/// Runs a script that measures and prints one JSON object.
fn measure(what: &str, command: &mut std::process::Command) -> Result<Value> {
    let output = command.stderr(Stdio::inherit()).output().context("`node` could not be started")?;
    if !output.status.success() {
        bail!("{what} failed; what it printed is above");
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("{what} printed no JSON"))
}

/// Lighthouse has a folder and packages of its own, which only this installs.
fn lighthouse() -> Result<(String, String)> {
    let folder = paths::root().join("tests/lighthouse");
    if !command::npm().args(["ci", "--ignore-scripts"]).current_dir(&folder).status()?.success() {
        bail!("`npm ci` in tests/lighthouse failed; what it printed is above");
    }
    let server = Server::start(paths::dist(), 0)?;
    let mut command = command::node(folder.join("measure.mjs"));
    command.env("PAGE_URL", server.address()).env("CHROMIUM_PATH", browser::chromium(&Progress::new(false))?);
    let measured = measure("Lighthouse", &mut command)?;
    let forms = measured["results"].as_object().context("Lighthouse printed no results")?;
    let row = |(form, scores): (&String, &Value)| {
        let score = |category: &str| scores[category].as_f64().map(|score| score.to_string()).unwrap_or_default();
        vec![form.clone(), score("performance"), score("accessibility"), score("best-practices")]
    };
    let rows: Vec<_> = forms.iter().map(row).collect();
    let table = docs::table(&["Lighthouse, of 100", "performance", "accessibility", "best practices"], &rows);
    Ok((table, format!("Chromium {}", measured["version"].as_str().unwrap_or_default())))
}
