//! The README and the page about the command line show commands with their output: each is run, and must print that.
//!
//! `UPDATE_EXPECT=1 cargo test -p iam-playground --test docs` writes what they print now.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What a command prints on a terminal, standard error included.
fn run(command: &str) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_iam-playground"));
    let path = std::env::var("PATH").unwrap();
    let mut command = command.to_owned();
    if command.contains(" evaluate ") && !command.contains("--format") {
        command = command.replace(" evaluate ", " evaluate --format text ");
    }
    let output = Command::new("sh")
        .args(["-c", &format!("({command}) 2>&1")])
        .current_dir(root())
        .env("PATH", format!("{}:{path}", binary.parent().unwrap().display()))
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The text with every `console` block as its commands print it. Commands that need a tool this machine lacks keep
/// their output.
fn renewed(text: &str) -> String {
    let has_jq = Command::new("jq").arg("--version").output().is_ok();
    let mut out = String::new();
    let mut in_console = false;
    let mut keep = true;
    for line in text.lines() {
        if line == "```console" {
            in_console = true;
        } else if in_console && line == "```" {
            in_console = false;
            keep = true;
        }
        let command = line.strip_prefix("$ ").filter(|_| in_console);
        if let Some(command) = command {
            keep = command.contains("jq") && !has_jq;
            out.push_str(&format!("{line}\n"));
            if !keep {
                out.push_str(&run(command));
            }
        } else if keep || !in_console || line == "```console" {
            out.push_str(&format!("{line}\n"));
        }
    }
    out
}

#[track_caller]
fn check(file: &str) {
    let path = root().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("\n$ iam-playground "), "{file} shows no command");
    let renewed = renewed(&text);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, renewed).unwrap();
    } else {
        assert!(text == renewed, "{file} shows output that is out of date; it should be\n{renewed}");
    }
}

#[test]
fn the_readme_shows_real_output() {
    check("README.md");
}

#[test]
fn the_page_about_the_command_line_shows_real_output() {
    check("docs/cli.md");
}
