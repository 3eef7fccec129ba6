//! `cargo xtask bench`: the engine's speed, natively by criterion and in Chromium.

use std::fs;
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
    #[command(flatten)]
    build: build::Options,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    if !arguments.browser {
        let table = native()?;
        println!("\n{table}");
        if arguments.write {
            docs::write("native", &table)?;
        }
    }
    if !arguments.native {
        build::everything(arguments.build)?;
        let table = in_chromium()?;
        println!("\n{table}");
        if arguments.write {
            docs::write("browser", &table)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs the criterion benchmarks and gathers the medians of this run.
fn native() -> Result<String> {
    let start = SystemTime::now();
    let status = command::cargo().args(["bench", "--package", "iam-playground-core", "--benches"]).status()?;
    if !status.success() {
        bail!("`cargo bench` failed; what it printed is above");
    }
    let mut rows = Vec::new();
    for file in paths::files(&paths::target().join("criterion")) {
        // criterion keeps earlier runs beside the latest, which is in `new`.
        if !file.ends_with("new/estimates.json") || file.metadata()?.modified()? < start {
            continue;
        }
        let name = read(&file.with_file_name("benchmark.json"))?["full_id"]
            .as_str()
            .context("a criterion benchmark without a name")?
            .to_owned();
        let median = &read(&file)?["median"];
        let nanoseconds = |value: &Value| value.as_f64().map_or("?".to_owned(), duration);
        let interval = &median["confidence_interval"];
        rows.push(vec![
            name,
            nanoseconds(&median["point_estimate"]),
            format!("{} – {}", nanoseconds(&interval["lower_bound"]), nanoseconds(&interval["upper_bound"])),
        ]);
    }
    if rows.is_empty() {
        bail!("`cargo bench` measured nothing: iam-playground-core has no criterion benchmark");
    }
    Ok(docs::table(&["native", "median", "95 % interval"], &rows))
}

fn read(file: &std::path::Path) -> Result<Value> {
    let text = fs::read(file).with_context(|| format!("{} is missing", paths::shown(file)))?;
    Ok(serde_json::from_slice(&text)?)
}

/// Nanoseconds in the unit that reads best.
fn duration(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        ns if ns < 1e3 => (ns, "ns"),
        ns if ns < 1e6 => (ns / 1e3, "µs"),
        ns if ns < 1e9 => (ns / 1e6, "ms"),
        ns => (ns / 1e9, "s"),
    };
    let digits = if value < 10.0 { 2 } else { 1 };
    format!("{value:.digits$} {unit}")
}

/// Runs tests/bench/browser.mjs, which prints one JSON object: name → { median, p95 } in nanoseconds.
fn in_chromium() -> Result<String> {
    let chromium = browser::chromium(&Progress::new(false))?;
    let server = Server::start(paths::dist(), 0)?;
    let output = command::node(paths::root().join("tests/bench/browser.mjs"))
        .env("PAGE_URL", server.address())
        .env("PAGE_MANIFEST", build::manifest())
        .env("CHROMIUM_PATH", chromium)
        .stderr(Stdio::inherit())
        .output()
        .context("`node` could not be started")?;
    if !output.status.success() {
        bail!("the measurement in Chromium failed; what it printed is above");
    }
    let measured: Value =
        serde_json::from_slice(&output.stdout).context("the measurement in Chromium printed no JSON")?;
    let rows: Vec<Vec<String>> = measured
        .as_object()
        .context("the measurement in Chromium printed no JSON object")?
        .iter()
        .map(|(name, figures)| {
            let figure = |key: &str| figures[key].as_f64().map_or(String::new(), duration);
            vec![name.clone(), figure("median"), figure("p95")]
        })
        .collect();
    Ok(docs::table(&["in Chromium", "median", "95th percentile"], &rows))
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_are_shown_in_a_readable_unit() {
        assert_eq!(duration(812.3), "812.3 ns");
        assert_eq!(duration(1_500.0), "1.50 µs");
        assert_eq!(duration(24_000_000.0), "24.0 ms");
    }
}
