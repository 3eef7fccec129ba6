//! Tests in a real browser share the machine with everything else that runs on it, and now and then one fails only for
//! that. What failed is run once more, by itself: what fails again fails the check, and what passes then is named in the
//! summary, so that somebody looks into it.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::command;
use crate::paths;
use crate::test;

/// More failures than these are no accident.
const MOST: usize = 5;

/// A test that failed, as tests/failed-tests.mjs tells it; without a name it is all that the file has.
#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Failed {
    file: String,
    name: Option<String>,
}

/// Runs the tests of a folder, and once more those that failed.
///
/// # Errors
/// When tests fail twice, or more than a few at once.
pub(crate) fn run(
    folder: &Path,
    rest: &[String],
    tests: impl Fn(&mut Command) -> Result<()>,
) -> Result<Option<String>> {
    let record = paths::state().join("failed-tests.ndjson");
    fs::create_dir_all(paths::state())?;
    let mut first = command::program("node");
    first
        .args(["--test", "--test-reporter=spec", "--test-reporter-destination=stdout"])
        .arg(format!("--test-reporter={}", paths::root().join("tests/failed-tests.mjs").display()))
        .arg(format!("--test-reporter-destination={}", record.display()))
        .args(rest)
        .args(test::test_files(folder)?);
    let Err(error) = tests(&mut first) else { return Ok(None) };
    let failed = read(&fs::read_to_string(&record).unwrap_or_default())?;
    if failed.is_empty() || failed.len() > MOST {
        return Err(error);
    }
    println!("\n━━ once more: what failed");
    let mut second = command::program("node");
    second.args(["--test", "--test-reporter=spec"]).args(rest).args(selection(&failed));
    tests(&mut second)?;
    Ok(Some(remark(&failed)))
}

fn read(record: &str) -> Result<Vec<Failed>> {
    record
        .lines()
        .map(|line| serde_json::from_str(line).with_context(|| format!("`{line}` names no failed test")))
        .collect()
}

/// Arguments of Node's test runner that choose just these tests.
fn selection(failed: &[Failed]) -> Vec<String> {
    // A file without a name is run whole, and a pattern would hold for it too.
    let whole = failed.iter().any(|one| one.name.is_none());
    let names = failed.iter().filter(|_| !whole).filter_map(|one| one.name.as_deref());
    let mut arguments: Vec<_> = names.map(|name| format!("--test-name-pattern=^{}$", escaped(name))).collect();
    // Behind a file Node takes no more options.
    for one in failed {
        if !arguments.contains(&one.file) {
            arguments.push(one.file.clone());
        }
    }
    arguments
}

/// A text as a regular expression of JavaScript that fits only it.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if r"\^$.*+?()[]{}|/".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn remark(failed: &[Failed]) -> String {
    let names: Vec<_> = failed.iter().map(|one| one.name.as_deref().unwrap_or(&one.file)).collect();
    format!("at the second try only: {}", names.join("; "))
}

#[cfg(test)]
mod tests {
    use super::{Failed, read, remark, selection};

    #[test]
    fn failed_tests_are_chosen_by_their_whole_names() {
        let failed =
            read("{\"file\":\"/a.test.mjs\",\"name\":\"a (b) at 50 %?\"}\n{\"file\":\"/a.test.mjs\",\"name\":\"c\"}\n");
        let failed = failed.expect("both lines name a test");
        let expected =
            [r"--test-name-pattern=^a \(b\) at 50 %\?$", "--test-name-pattern=^c$", "/a.test.mjs"].map(str::to_owned);
        assert_eq!(selection(&failed), expected);
        assert_eq!(remark(&failed), "at the second try only: a (b) at 50 %?; c");
    }

    #[test]
    fn a_file_that_fails_as_a_whole_is_run_whole() {
        let named = Failed { file: "/b.test.mjs".into(), name: Some("b".into()) };
        let whole = Failed { file: "/a.test.mjs".into(), name: None };
        assert_eq!(selection(&[named, whole]), ["/b.test.mjs", "/a.test.mjs"]);
    }

    #[test]
    fn what_is_no_record_is_an_error() {
        assert!(read("not JSON\n").is_err());
    }
}
