//! `cargo xtask …`: builds, serves, tests and measures the IAM Playground. The whole pipeline is here, so that a
//! machine with Rust and Node.js needs nothing else and no step has to be remembered.

mod bench;
mod browser;
mod build;
mod command;
mod docs;
mod engine;
mod licences;
mod paths;
mod progress;
mod refresh;
mod second_try;
mod serve;
mod setup;
mod size;
mod stamp;
mod test;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Build, serve, test and measure the IAM Playground.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Set everything up, build the page and serve it on this machine
    Serve(serve::Arguments),
    /// Build the page as a static site in `web/dist`; it works under any path
    Build(build::Arguments),
    /// Run every check: formatting, lints, native, wasm and page tests, types
    Test(test::Arguments),
    /// Print what the page downloads, compressed, against its budgets
    Size(size::Arguments),
    /// Measure the engine natively and in Chromium
    Bench(bench::Arguments),
    /// Make the reference data from its pinned packages, or check it
    RefreshData(refresh::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.command) {
        Ok(code) => code,
        Err(error) => {
            // One line: what failed, why, and what to do.
            let line = format!("{error:#}").replace(['\n', '\r'], " ");
            eprintln!("error: {line}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    std::env::set_current_dir(paths::root())?;
    match command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Size(arguments) => size::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::RefreshData(arguments) => refresh::run(&arguments),
    }
}
