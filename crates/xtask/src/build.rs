//! `cargo xtask build`: set-up, engine and bundle, each only where something has changed.

use std::fs::{self, File, TryLockError};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;

use anyhow::{Result, anyhow};

use crate::command;
use crate::engine;
use crate::paths;
use crate::progress::{Done, Progress, Step};
use crate::setup;
use crate::stamp::{Inputs, Stamp};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    options: Options,
}

/// How to build.
#[derive(clap::Args, Clone, Copy, Default)]
pub(crate) struct Options {
    /// Keep the page's code readable and add source maps
    #[arg(long)]
    dev: bool,
    /// Show everything the tools print
    #[arg(long, short)]
    verbose: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    everything(arguments.options)?;
    println!("the site is in {}", paths::shown(&paths::dist()));
    Ok(ExitCode::SUCCESS)
}

/// Brings `web/dist` up to date.
pub(crate) fn everything(options: Options) -> Result<()> {
    let progress = Progress::new(options.verbose);
    let _lock = lock()?;
    engine_and_packages(&progress)?;
    progress.step("page", |step| bundle(step, options))
}

/// Brings `web/node_modules` and `web/pkg` up to date.
pub(crate) fn engine(options: Options) -> Result<()> {
    let progress = Progress::new(options.verbose);
    let _lock = lock()?;
    engine_and_packages(&progress)
}

fn engine_and_packages(progress: &Progress) -> Result<()> {
    // The packages come over the network while the engine keeps the processor busy.
    let (engine, packages) = thread::scope(|scope| {
        let packages = scope.spawn(|| progress.step("packages", setup::packages));
        let engine =
            progress.step("wasm target", setup::wasm_target).and_then(|()| progress.step("engine", engine::compile));
        let packages =
            packages.join().unwrap_or_else(|_| Err(anyhow!("the installation of the npm packages broke off")));
        (engine, packages)
    });
    packages.and(engine)?;
    progress.step("bindings", engine::package)
}

/// Where `build` notes which files each page loads at once.
pub(crate) fn manifest() -> PathBuf {
    paths::state().join("page.json")
}

fn bundle(step: &Step, options: Options) -> Result<Done> {
    let web = paths::web();
    let inputs = Inputs::new()
        .files(&web.join("src"))
        .files(&web.join("examples"))
        .files(&web.join("lessons"))
        .files(&paths::root().join("tests/cases"))
        .files(&web.join("build.mjs"))
        .files(&web.join("build"))
        .files(&web.join("npm"))
        .files(&paths::root().join("data"))
        .files(&web.join("package-lock.json"))
        .files(&paths::pkg().join("iam_playground.js"))
        .files(&paths::pkg().join("iam_playground_first.js"))
        .files(&engine::wasm()[0])
        .files(&engine::wasm()[1])
        .text(if options.dev { "--dev" } else { "" });
    let stamp = Stamp::new("page", inputs);
    if stamp.is_current(&[paths::dist().join("index.html"), web.join("package/package.json"), manifest()]) {
        return Ok(Done::Unchanged);
    }
    stamp.clear();
    step.say("gathering the lessons");
    lessons()?;
    step.say("bundling the page, the embed and the npm package");
    let mut command = command::node(web.join("build.mjs"));
    command.arg("--manifest").arg(manifest());
    if options.dev {
        command.arg("--dev");
    }
    command::run(step, "bundling the page", &mut command)?;
    stamp.record()?;
    Ok(Done::Made)
}

/// Makes `web/pkg/lessons.json`, which the page loads, of the folders of `web/lessons`. Whether lessons keep what they
/// promise is for `cargo xtask test`; what cannot be read is found here.
fn lessons() -> Result<()> {
    let course = lessons::gather(&paths::web().join("lessons")).map_err(|findings| {
        let findings: Vec<_> = findings.iter().map(ToString::to_string).collect();
        anyhow!("the lessons cannot be read:\n{}", findings.join("\n"))
    })?;
    fs::write(paths::pkg().join("lessons.json"), serde_json::to_string(&course)?)?;
    Ok(())
}

/// Lets one build at a time write to `web`; dropped, the lock is free again.
fn lock() -> Result<File> {
    fs::create_dir_all(paths::state())?;
    let file = File::create(paths::state().join("lock"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            eprintln!("· waiting for another build to end");
            file.lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    Ok(file)
}
