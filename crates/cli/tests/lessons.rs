//! `iam-playground test` on lessons: the project's own hold, and one that was spoilt is told with its place.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn run(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iam-playground"));
    command.args(arguments).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn the_lessons_of_the_project_keep_what_they_promise() {
    let output = run(&["test", "web/lessons"], &project());
    let printed = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{printed}");
    assert!(printed.contains("web/lessons: ") && printed.contains(" lessons, "), "{printed}");
}

#[test]
fn a_spoilt_lesson_fails_with_its_place_alone_and_among_scenarios() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("spoilt-lesson");
    let _ = fs::remove_dir_all(&folder);
    let topic = Path::new("web/lessons/01-users-and-groups");
    let lesson = topic.join("01-nothing-is-allowed");
    fs::create_dir_all(folder.join(topic)).unwrap();
    let around = ["web/lessons/concepts.json", "web/lessons/aws-pages.json"].map(PathBuf::from);
    for file in around.iter().chain([&topic.join("topic.md")]) {
        fs::copy(project().join(file), folder.join(file)).unwrap();
    }
    copy(&project().join(&lesson), &folder.join(&lesson));
    fs::create_dir_all(folder.join("cases")).unwrap();
    fs::copy(project().join("web/examples/02-default-deny.json"), folder.join("cases/one.json")).unwrap();

    let good = run(&["test", "."], &folder);
    assert_eq!(good.status.code(), Some(0), "{}", text(&good.stdout));
    assert!(text(&good.stdout).contains("1 lesson, "), "{}", text(&good.stdout));

    let tests = folder.join(&lesson).join("tests.json");
    let spoilt = fs::read_to_string(&tests).unwrap().replacen("\"allowed\"", "\"explicitDeny\"", 1);
    fs::write(&tests, &spoilt).unwrap();
    let line = 1 + spoilt.lines().position(|line| line.trim() == "{").unwrap();
    let place = format!("tests.json:{line}:3");
    for arguments in [&["test", "."][..], &["test", lesson.to_str().unwrap()], &["test", topic.to_str().unwrap()]] {
        let bad = run(arguments, &folder);
        let printed = text(&bad.stdout);
        assert_eq!(bad.status.code(), Some(1), "{printed}");
        assert!(printed.contains(&place) && printed.contains("the solution fails"), "{printed}");
    }
    let json = run(&["test", "--format", "json", "web/lessons"], &folder);
    let results: Value = serde_json::from_slice(&json.stdout).unwrap();
    let findings = results.get(0).unwrap_or(&results)["findings"].as_array().unwrap();
    assert_eq!(findings[0]["line"], line);
}
