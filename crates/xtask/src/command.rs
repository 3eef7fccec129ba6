//! Runs other programs. What they print is kept in a log; a failure becomes one line that says what to do.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

use anyhow::{Context as _, Result, anyhow};

use crate::paths;
use crate::progress::Step;

/// A program to run in the project's root, without what `cargo run` set for xtask alone: a nested cargo would
/// take its build scripts' inputs for changed.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(paths::root()).stdin(Stdio::null());
    for (key, _) in std::env::vars_os() {
        let Some(name) = key.to_str() else { continue };
        let ours = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
        if ours.iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    command
}

/// The cargo that runs xtask.
pub(crate) fn cargo() -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// A script of an npm package or of ours, run by Node.js.
pub(crate) fn node(script: impl AsRef<OsStr>) -> Command {
    let mut command = program("node");
    command.arg(script);
    command
}

/// npm, under the name it has on this system.
pub(crate) fn npm() -> Command {
    program(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// Runs a program to its end and gives its standard output, trimmed; `None` where it is missing or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Runs a step's program quietly. `what` completes "… failed".
pub(crate) fn run(step: &Step, what: &str, command: &mut Command) -> Result<()> {
    if step.verbose() {
        let status = command.status().with_context(|| format!("{what} could not be started"))?;
        return if status.success() { Ok(()) } else { Err(anyhow!("{what} failed; what it printed is above")) };
    }
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{what} could not be started"))?;
    let log = Mutex::new(String::new());
    let stdout = child.stdout.take();
    let stderr = child.stderr.take();
    thread::scope(|scope| {
        if let Some(stdout) = stdout {
            scope.spawn(|| follow(step, stdout, &log));
        }
        if let Some(stderr) = stderr {
            scope.spawn(|| follow(step, stderr, &log));
        }
    });
    let status = child.wait()?;
    if status.success() {
        return Ok(());
    }
    let log = log.into_inner().unwrap_or_default();
    let folder = paths::state().join("logs");
    fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{}.log", step.name().replace(' ', "-")));
    fs::write(&file, &log)?;
    Err(anyhow!("{what} failed: {} (everything it printed: {})", gist(&log), paths::shown(&file)))
}

fn follow(step: &Step, stream: impl Read, log: &Mutex<String>) {
    for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if !line.is_empty() {
            step.detail(line);
        }
        if let Ok(mut log) = log.lock() {
            log.push_str(line);
            log.push('\n');
        }
    }
}

/// The line of a log that says what went wrong, with the place where a compiler names it in the next.
fn gist(log: &str) -> String {
    let lines = || log.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_error = |line: &str| {
        let line = line.to_ascii_lowercase();
        ["error", "npm error", "✘ [error]", "fatal"].iter().any(|start| line.starts_with(start))
    };
    let mut rest = lines().skip_while(|line| !is_error(line));
    let Some(found) = rest.next() else {
        return lines().next_back().unwrap_or("it printed nothing").to_owned();
    };
    let place = rest.next().and_then(|next| {
        let rust = next.strip_prefix("--> ");
        let bundler = next.ends_with(':').then(|| next.trim_end_matches(':'));
        rust.or(bundler)
    });
    let found = ["error: ", "✘ [ERROR] "].iter().find_map(|start| found.strip_prefix(start)).unwrap_or(found);
    match place {
        Some(place) => format!("{found} at {place}"),
        None => found.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::gist;

    #[test]
    fn the_gist_of_a_compiler_error_has_its_place() {
        let log = "   Compiling iam-policy v0.1.0\nerror[E0425]: cannot find value `x`\n --> crates/a.rs:3:5\n  |\n";
        assert_eq!(gist(log), "error[E0425]: cannot find value `x` at crates/a.rs:3:5");
    }

    #[test]
    fn the_gist_of_a_bundler_error_has_its_place() {
        let log = "✘ [ERROR] Could not resolve \"./gone.js\"\n\n    src/main.js:1:7:\n      1 │ import './gone.js'\n";
        assert_eq!(gist(log), "Could not resolve \"./gone.js\" at src/main.js:1:7");
    }

    #[test]
    fn the_gist_of_an_unknown_tool_is_its_last_line() {
        assert_eq!(gist("one\ntwo\n\n"), "two");
        assert_eq!(gist(""), "it printed nothing");
    }
}
