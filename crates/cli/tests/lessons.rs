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

/// A lesson's file as JSON.
fn lesson_file(lesson: &str, name: &str) -> Value {
    let text = fs::read_to_string(project().join("web/lessons").join(lesson).join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// What the page saves of a lesson: the texts of policies, the request, or the guesses.
fn entry(lesson: &str, answer: &str, part: &str) -> Value {
    let scenario = lesson_file(lesson, answer);
    match part {
        "request" => serde_json::json!({ "request": scenario["request"] }),
        name => {
            let policies = scenario["policies"].as_array().unwrap();
            let policy = policies.iter().find(|policy| policy["name"] == name).unwrap();
            serde_json::json!({ "policies": { name: policy["document"].to_string() } })
        }
    }
}

fn hand_in(folder: &Path, name: &str, lessons: Value) {
    let progress = serde_json::json!({ "kind": "iam-playground-lessons", "version": 1, "lessons": lessons });
    fs::write(folder.join(name), progress.to_string()).unwrap();
}

const WRITE: &str = "01-users-and-groups/01-nothing-is-allowed";
const READ: &str = "01-users-and-groups/02-silence-is-no";
const BREAK: &str = "05-guardrails/03-the-way-out";
const COMPARE: &str = "05-guardrails/10-two-places-one-text";

/// The guesses of the lesson `READ`, all right but as many at its beginning as are said.
fn guesses(wrong: usize) -> Value {
    let rows = lesson_file(READ, "tests.json");
    let guess = |(index, row): (usize, &Value)| {
        let right = row["expect"].as_str().unwrap();
        let other = if right == "explicitDeny" { "allowed" } else { "explicitDeny" };
        (row["name"].as_str().unwrap().to_owned(), Value::from(if index < wrong { other } else { right }))
    };
    Value::Object(rows.as_array().unwrap().iter().enumerate().map(guess).collect())
}

#[test]
fn what_a_class_hands_in_is_judged_in_lessons_of_every_kind() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("handed-in");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let lessons = project().join("web/lessons").display().to_string();
    let policy = lesson_file(WRITE, "solution.json")["policies"][0]["name"].as_str().unwrap().to_owned();

    hand_in(
        &folder,
        "anna.json",
        serde_json::json!({
            "nothing-is-allowed": entry(WRITE, "solution.json", &policy),
            "silence-is-no": { "guesses": guesses(1), "hints": 1 },
            "the-way-out": entry(BREAK, "solution.json", "request"),
            "two-places-one-text": entry(COMPARE, "solution.json", "request"),
            "of-another-version": { "done": "2026-01-31T12:00:00Z" },
            "only-opened": {},
        }),
    );
    let good = run(&["test", "--lessons", &lessons, "anna.json"], &folder);
    let printed = text(&good.stdout);
    assert_eq!(good.status.code(), Some(0), "{printed}{}", text(&good.stderr));
    assert!(printed.contains("anna.json: 4 of 4 lessons done\n"), "{printed}");
    assert!(printed.contains("silence-is-no") && printed.contains(" guessed right; 1 of "), "{printed}");
    assert!(printed.contains("of-another-version  there is no such lesson here"), "{printed}");
    assert!(!printed.contains("only-opened"), "{printed}");

    // A file says that all is done, and nothing of it is.
    let mut some = guesses(0);
    let first = some.as_object().unwrap().keys().next().unwrap().clone();
    some.as_object_mut().unwrap().remove(&first);
    let date = "2026-01-31T12:00:00Z";
    let mut wide = serde_json::json!({ "policies": {}, "done": date });
    wide["policies"][&policy] =
        Value::from(r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#);
    hand_in(
        &folder,
        "ben.json",
        serde_json::json!({
            "nothing-is-allowed": wide,
            "silence-is-no": { "guesses": some, "done": date },
            "the-way-out": { "request": lesson_file(BREAK, "start.json")["request"], "done": date },
            "two-places-one-text": { "done": date },
            "deny-wins": { "hints": 3 },
        }),
    );
    let bad = run(&["test", "--lessons", &lessons, "."], &folder);
    let printed = text(&bad.stdout);
    assert_eq!(bad.status.code(), Some(1), "{printed}");
    for words in [
        "FAILED ./ben.json  nothing-is-allowed › ",
        ": your answer also allows `",
        " rows guessed\n",
        &format!("✗ {first}: not guessed"),
        "✗ it takes the boundary off a role: A boundary is removed by",
        "holds no answer to judge",
        "begun, without an answer yet",
        "./ben.json: 0 of 5 lessons done\n",
        "4 passed, 5 failed in 9 answers of 2 files\n",
    ] {
        assert!(printed.contains(words), "{words:?} is not in {printed}");
    }

    // Only what was given out counts, and who did not begin it has not done it.
    let given = ["test", "--format", "json", "--lessons", &lessons, "--lesson", "deny-wins", "anna.json", "ben.json"];
    let output = run(&given, &folder);
    let results: Value = serde_json::from_slice(&output.stdout).unwrap();
    let answers: Vec<&Value> = results.as_array().unwrap().iter().map(|file| &file["answers"]).collect();
    assert_eq!(answers[0][0]["message"], "not begun");
    assert_eq!(answers[1][0]["hints"], 3);
    assert_eq!(answers[1][0]["done"], false);
    assert_eq!((answers[0].as_array().unwrap().len(), output.status.code()), (1, Some(1)));
}

#[test]
fn a_scenario_is_judged_as_the_answer_to_the_lesson_named() {
    let lessons = project().join("web/lessons").display().to_string();
    let judged = |lesson: &str, file: &str| {
        let output =
            run(&["test", "--lessons", &lessons, "--lesson", lesson, &format!("{lessons}/{file}")], &project());
        (output.status.code(), text(&output.stdout))
    };
    assert_eq!(judged("the-way-out", &format!("{BREAK}/solution.json")).0, Some(0));
    let (code, printed) = judged("the-way-out", &format!("{BREAK}/start.json"));
    assert!(code == Some(1) && printed.contains("conditions met"), "{printed}");
    let (code, printed) = judged("nothing-is-allowed", &format!("{BREAK}/solution.json"));
    assert!(code == Some(1) && printed.contains("the scenario has no policy called `"), "{printed}");
    let (code, printed) = judged("silence-is-no", &format!("{READ}/start.json"));
    assert!(code == Some(1) && printed.contains("guesses, which a scenario cannot hold"), "{printed}");
}

#[test]
fn the_two_answers_the_wrong_way_round_are_told_so() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("the-other-way-round");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let lessons = project().join("web/lessons").display().to_string();
    let mut request = lesson_file(COMPARE, "start.json")["request"].clone();
    let mut judged = |principal: &str| {
        request["principal"] = Value::from(principal);
        hand_in(&folder, "anna.json", serde_json::json!({ "two-places-one-text": { "request": request } }));
        text(&run(&["test", "--lessons", &lessons, "anna.json"], &folder).stdout)
    };
    let printed = judged("arn:aws:iam::222233334444:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX");
    let words = "it is the other way round: “as a boundary” has to answer allowed, “as an SCP” implicit deny";
    assert!(printed.contains(words), "{printed}");
    // An account's number stands for its root user.
    assert!(judged("222233334444").contains("1 of 1 lesson done"));
}

#[test]
fn what_is_missing_to_judge_answers_is_said() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("handed-in-odd");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let lessons = project().join("web/lessons").display().to_string();
    hand_in(&folder, "anna.json", serde_json::json!([]));
    fs::write(folder.join("scenario.json"), r#"{ "request": {}, "policies": [] }"#).unwrap();
    let said = |arguments: &[&str]| {
        let output = run(arguments, &folder);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
        text(&output.stderr)
    };
    let printed = said(&["test", "anna.json"]);
    assert!(printed.contains("this is a learner's progress") && printed.contains("--lessons"), "{printed}");
    let printed = said(&["test", "--lessons", &lessons, "anna.json"]);
    assert!(printed.contains("`lessons` is not an object"), "{printed}");
    let printed = said(&["test", "--lessons", &lessons, "scenario.json"]);
    assert!(printed.contains("which lesson it is an answer to") && printed.contains("--lesson"), "{printed}");
    let printed = said(&["test", "--lessons", &lessons, "--lesson", "deny-win", "anna.json"]);
    assert!(printed.contains("there is no lesson `deny-win`; did you mean `deny-wins`?"), "{printed}");
    let printed = said(&["test", "--lessons", ".", "anna.json"]);
    assert!(printed.contains("there are no lessons in this folder"), "{printed}");
    let printed = said(&["test", "--lessons", "scenario.json", "anna.json"]);
    assert!(printed.contains("neither a folder of lessons nor the page's `lessons.json`"), "{printed}");
}
