//! Whatever can be wrong with a lesson is found, and told with its place.

use std::fs;
use std::path::{Path, PathBuf};

use lessons::{Finding, SurplusSearch, check, gather, judge, surplus};
use playground::Options;
use reference::Reference;
use serde_json::{Value, json};

const LESSON: &str = "---
id: read-report
title: Reading a report
goal: Let Alice read the report.
kind: write
concepts: [C1]
minutes: 4
editable: [Reads]
aws: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html
---
Write a statement.
";
const HINTS: &str = "1. Look at the request.\n2. Write `s3:GetObject`.\n";

/// A folder of lessons with one lesson that is right, to be spoilt.
struct Shelf {
    root: PathBuf,
}

impl Shelf {
    fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&root);
        let shelf = Self { root };
        shelf.write("concepts.json", r#"{ "C1": "Identity policies" }"#);
        shelf.write(
            "aws-pages.json",
            r#"{ "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html": "Policies and permissions" }"#,
        );
        shelf.write("01-topic/topic.md", "# Topic\n\nWords.\n");
        shelf.write("01-topic/01-read/lesson.md", LESSON);
        shelf.write("01-topic/01-read/hints.md", HINTS);
        shelf.write("01-topic/01-read/start.json", &scenario(json!([])).to_string());
        let solution =
            json!([{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/a.csv" }]);
        shelf.write("01-topic/01-read/solution.json", &scenario(solution).to_string());
        shelf.rows(&rows());
        shelf
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn lesson(&self, file: &str, text: &str) {
        self.write(&format!("01-topic/01-read/{file}"), text);
    }

    fn matter(&self, from: &str, to: &str) {
        assert!(LESSON.contains(from));
        self.lesson("lesson.md", &LESSON.replacen(from, to, 1));
    }

    fn rows(&self, rows: &Value) {
        self.lesson("tests.json", &serde_json::to_string_pretty(rows).unwrap());
    }

    fn solution(&self, statements: Value) {
        self.lesson("solution.json", &scenario(statements).to_string());
    }

    fn findings(&self) -> Vec<Finding> {
        check(&self.root, Options::default()).findings
    }

    /// The only finding: its file, its line, and what it says.
    fn finding(&self) -> (String, Option<usize>, String) {
        let findings = self.findings();
        let [finding] = findings.as_slice() else {
            panic!("{}", findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
        };
        let file = finding.file.file_name().unwrap().to_string_lossy().into_owned();
        (file, finding.place.map(|(line, _)| line), finding.message.clone())
    }

    /// Asserts that there is exactly one finding.
    #[track_caller]
    fn says(&self, file: &str, line: Option<usize>, words: &str) {
        let found = self.finding();
        assert_eq!((found.0.as_str(), found.1), (file, line), "{}", found.2);
        assert!(found.2.contains(words), "{}", found.2);
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn scenario(statements: Value) -> Value {
    json!({
        "request": {
            "principal": "arn:aws:iam::111122223333:user/alice",
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::reports/a.csv"
        },
        "policies": [{
            "kind": "identity",
            "name": "Reads",
            "document": { "Version": "2012-10-17", "Statement": statements }
        }]
    })
}

fn row(name: &str, request: Value, expect: &str, hidden: bool) -> Value {
    json!({ "name": name, "request": request, "expect": expect, "why": "because", "hidden": hidden })
}

fn rows() -> Value {
    json!([
        row("reads", json!({}), "allowed", false),
        row("deletes", json!({ "action": "s3:DeleteObject" }), "implicitDeny", true),
        row("other", json!({ "resource": "arn:aws:s3:::reports/b.csv" }), "implicitDeny", true),
        row("shares", json!({ "action": "s3:GetObjectAcl" }), "implicitDeny", true),
        row("longer", json!({ "resource": "arn:aws:s3:::reports/a.csv.old" }), "implicitDeny", true),
    ])
}

#[test]
fn a_lesson_that_is_right_has_no_findings() {
    let shelf = Shelf::new("right");
    let checked = check(&shelf.root, Options::default());
    assert_eq!(checked.findings, []);
    assert_eq!((checked.lessons.len(), checked.rows), (1, 5));
    assert!(checked.changes >= 6, "{}", checked.changes);
    let lesson = shelf.root.join("01-topic/01-read");
    assert_eq!(check(&lesson, Options::default()).lessons.len(), 1);
    assert_eq!(gather(&shelf.root).unwrap().lessons[0].id, "read-report");
}

#[test]
fn files_that_are_missing_or_no_json_are_named() {
    for file in ["tests.json", "start.json", "solution.json", "hints.md"] {
        let shelf = Shelf::new(&format!("missing-{file}"));
        fs::remove_file(shelf.root.join("01-topic/01-read").join(file)).unwrap();
        shelf.says(file, None, &format!("`{file}` is missing"));
        assert!(gather(&shelf.root).is_err());
    }
    let shelf = Shelf::new("no-json");
    shelf.lesson("tests.json", "[\n  { \"name\": \"a\" },\n]");
    shelf.says("tests.json", Some(2), "comma before the closing");
}

#[test]
fn files_that_are_no_text_or_too_large_are_named() {
    let shelf = Shelf::new("no-text");
    fs::write(shelf.root.join("01-topic/01-read/hints.md"), [0xff, 0xfe, 0]).unwrap();
    shelf.says("hints.md", None, "`hints.md` is not text in UTF-8");
    shelf.lesson("hints.md", &format!("{HINTS}{}", "3. More.\n".repeat(200_000)));
    shelf.says("hints.md", None, "`hints.md` has 2 MB");
    fs::remove_file(shelf.root.join("01-topic/01-read/hints.md")).unwrap();
    fs::create_dir(shelf.root.join("01-topic/01-read/hints.md")).unwrap();
    shelf.says("hints.md", None, "`hints.md` is a folder");
}

#[test]
fn a_byte_order_mark_and_carriage_returns_do_no_harm() {
    let shelf = Shelf::new("marks");
    for file in ["concepts.json", "aws-pages.json", "01-topic/topic.md"] {
        let text = fs::read_to_string(shelf.root.join(file)).unwrap();
        shelf.write(file, &format!("\u{feff}{}", text.replace('\n', "\r\n")));
    }
    for file in ["lesson.md", "hints.md", "start.json", "solution.json", "tests.json"] {
        let text = fs::read_to_string(shelf.root.join("01-topic/01-read").join(file)).unwrap();
        shelf.lesson(file, &format!("\u{feff}{}", text.replace('\n', "\r\n")));
    }
    assert_eq!(shelf.findings(), []);
}

#[test]
fn without_the_lists_of_all_lessons_one_finding_says_so() {
    for list in ["concepts.json", "aws-pages.json"] {
        let shelf = Shelf::new(&format!("without-{list}"));
        fs::remove_file(shelf.root.join(list)).unwrap();
        shelf.says(list, None, &format!("`{list}` is missing"));
        let lesson = shelf.root.join("01-topic/01-read");
        let findings = check(&lesson, Options::default()).findings;
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].file, shelf.root.join(list));
    }
}

#[test]
fn a_link_that_leads_nowhere_is_told_with_its_file_and_place() {
    let _ = fs::remove_dir_all(Path::new(env!("CARGO_TARGET_TMPDIR")).join("links"));
    let shelf = Shelf::new("links/web/lessons");
    shelf.lesson("hints.md", "1. Look.\n2. See [that](lesson:read-reprot).\n");
    shelf.says("hints.md", Some(2), "there is no lesson `read-reprot`");
    let help = shelf.findings().remove(0).help;
    assert_eq!(help.as_deref(), Some("did you mean `read-report`?"));
    shelf.lesson("hints.md", HINTS);

    let mut why = rows();
    why[0]["why"] = json!("Such is [life](glossary:lief).");
    shelf.rows(&why);
    // Without a glossary nobody knows.
    assert_eq!(shelf.findings(), []);
    shelf.write("../../docs/glossary.md", "# Glossary\n\n## Life\n\n<a id=\"stage-scp\"></a>\n\nWords.\n");
    shelf.says("tests.json", Some(6), "the glossary has no `lief`");
    why[0]["why"] = json!("Such is [life](glossary:life), in [words](glossary:stage-scp).");
    shelf.rows(&why);
    assert_eq!(shelf.findings(), []);
    shelf.matter("Write a statement.", "```json\n[x](y)\n```\n");
    assert_eq!(shelf.findings(), []);
    let _ = fs::remove_dir_all(shelf.root.join("../.."));
}

#[test]
fn code_that_does_not_end_and_tables_are_told_with_their_place() {
    let shelf = Shelf::new("unclosed");
    let lines = LESSON.lines().count();
    let text = |more: &str| shelf.lesson("lesson.md", &format!("{LESSON}\n{more}"));
    text("A `word`, and code over `two\nlines` is well.\n\n```json\n{ \"`\": 1 }\n```\n");
    assert_eq!(shelf.findings(), []);
    text("It ends `nowhere.\n\nAnd `this` is well.\n");
    shelf.says("lesson.md", Some(lines + 2), "the code that begins here does not end");
    text("- one `item\n- another`\n");
    assert_eq!(shelf.findings().len(), 2);
    text("```json\n{}\n");
    shelf.says("lesson.md", Some(lines + 2), "the block of code that begins here does not end");
    text("| a | b |\n");
    shelf.says("lesson.md", Some(lines + 2), "tables are no part");
    shelf.lesson("lesson.md", &LESSON.replace("minutes: 4", "minutes: 4\nlinks: [read-report]"));
    shelf.says("lesson.md", Some(8), "does not lead to itself");
}

#[test]
fn front_matter_is_told_by_its_line() {
    let cases = [
        ("goal: Let Alice read the report.\n", "", None, "`goal` is missing"),
        ("minutes: 4", "minutes: soon", Some(7), "`minutes` is a number"),
        ("concepts: [C1]", "concepts: [C99]", Some(6), "unknown concept `C99`"),
        ("kind: write", "kind: wirte", Some(5), "unknown kind `wirte`"),
        ("editable: [Reads]", "editable: [Raeds]", Some(8), "has no policy `Raeds`"),
        ("aws: https://docs.aws.amazon.com/", "aws: https://example.com/", Some(9), "no page of AWS's documentation"),
        ("access_policies.html", "acess_policies.html", Some(9), "UserGuide/acess_policies.html is not known"),
        ("minutes: 4", "minutes: 4\nlinks: [read-reprot]", Some(8), "there is no lesson `read-reprot`"),
        ("minutes: 4", "minutes: 4\nmintues: 5", Some(8), "unknown key `mintues`"),
        ("id: read-report", "id: Read Report", Some(2), "is no id"),
        ("minutes: 4", "minutes: 4\nparCharacters: 20", Some(8), "over par"),
        ("Write a statement.", "See [that](lesson:nowhere).", Some(11), "there is no lesson `nowhere`"),
        ("Write a statement.", "See [that](http://here).", Some(11), "no address that a lesson can link"),
        ("concepts: [C1]", "concepts: C1, C1", Some(6), "unknown concept `C1, C1`"),
        ("minutes: 4", "minutes: 4\npredict: true", Some(8), "no answer to guess"),
    ];
    for (number, (from, to, line, words)) in cases.into_iter().enumerate() {
        let shelf = Shelf::new(&format!("matter-{number}"));
        shelf.matter(from, to);
        shelf.says("lesson.md", line, words);
    }
}

#[test]
fn an_id_belongs_to_one_lesson() {
    let shelf = Shelf::new("ids");
    for file in ["lesson.md", "hints.md", "start.json", "solution.json", "tests.json"] {
        let text = fs::read_to_string(shelf.root.join("01-topic/01-read").join(file)).unwrap();
        shelf.write(&format!("01-topic/02-again/{file}"), &text);
    }
    shelf.says("lesson.md", Some(2), "the id `read-report` is taken by");
}

#[test]
fn rows_say_what_they_have_to_say() {
    let shelf = Shelf::new("why");
    let mut without = rows();
    without[1].as_object_mut().unwrap().remove("why");
    shelf.rows(&without);
    shelf.says("tests.json", Some(9), "missing field `why`");

    let mut unknown = rows();
    unknown[0]["expects"] = json!("allowed");
    shelf.rows(&unknown);
    shelf.says("tests.json", Some(8), "unknown field `expects`");

    let mut misspelt = rows();
    misspelt[1]["request"] = json!({ "acton": "s3:DeleteObject" });
    shelf.rows(&misspelt);
    shelf.says("tests.json", Some(12), "unknown field `acton`");

    let mut answer = rows();
    answer[1]["expect"] = json!("deny");
    shelf.rows(&answer);
    shelf.says("tests.json", Some(14), "`deny` is no answer");

    let mut context = rows();
    context[1]["request"] = json!({ "context": [] });
    shelf.rows(&context);
    shelf.says("tests.json", Some(12), "`context` must be");

    let mut twice = rows();
    twice[1]["name"] = json!("reads");
    shelf.rows(&twice);
    shelf.says("tests.json", Some(10), "another row is called “reads” too");

    let mut wrong = rows();
    wrong[2]["expect"] = json!("allowed");
    shelf.rows(&wrong);
    shelf.says("tests.json", Some(18), "the solution fails “other”: expected allowed, got implicitDeny");

    shelf.rows(&json!([row("reads", json!({}), "allowed", false)]));
    let findings = shelf.findings();
    assert!(findings.iter().any(|finding| finding.message == "there is no hidden row"));
}

#[test]
fn the_start_is_not_the_solution() {
    let shelf = Shelf::new("start");
    let solution = fs::read_to_string(shelf.root.join("01-topic/01-read/solution.json")).unwrap();
    shelf.lesson("start.json", &solution);
    shelf.says("start.json", None, "the start passes every row already");
}

#[test]
fn the_solution_changes_only_what_the_learner_can_change() {
    let shelf = Shelf::new("differs");
    let mut other =
        scenario(json!([{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/a.csv" }]));
    other["request"]["action"] = json!("s3:PutObject");
    shelf.lesson("solution.json", &other.to_string());
    shelf.says("solution.json", Some(1), "`request` is not as in `start.json`");
}

#[test]
fn the_widest_answer_does_not_pass() {
    let shelf = Shelf::new("widest");
    shelf.solution(json!([{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }]));
    shelf.rows(&json!([
        row("reads", json!({}), "allowed", false),
        row("deletes", json!({ "action": "s3:DeleteObject" }), "allowed", true),
    ]));
    shelf.says("tests.json", None, "the widest answer passes");
}

#[test]
fn every_small_change_of_the_solution_is_caught_or_named() {
    let shelf = Shelf::new("weak");
    let strong = rows();
    shelf.rows(&json!([strong[0], strong[1], strong[3]]));
    let messages: Vec<String> = shelf.findings().into_iter().map(|finding| finding.message).collect();
    assert_eq!(messages.len(), 4, "{messages:?}");
    assert!(
        messages[0].ends_with("`widen Resource arn:aws:s3:::reports/a.csv of Reads#0 to arn:aws:s3:::reports/a.csv*`")
    );
    assert!(messages[1].ends_with("`widen Resource arn:aws:s3:::reports/a.csv of Reads#0 to arn:aws:s3:::reports/*`"));

    let survivors = "minutes: 4\nsurvivors:\n  - mutation: widen Resource * of Reads#0 to *\n    because: they may";
    shelf.matter("minutes: 4", survivors);
    assert_eq!(shelf.findings(), []);

    shelf.rows(&strong);
    shelf.says("lesson.md", Some(9), "no surviving change is called");
}

#[test]
fn a_change_that_only_a_condition_shows_is_caught() {
    let shelf = Shelf::new("condition");
    shelf.solution(json!([{
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/a.csv",
        "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } }
    }]));
    let mut with = rows();
    with[0]["request"] = json!({ "context": { "aws:MultiFactorAuthPresent": "true" } });
    for at in 1..5 {
        with[at]["request"]["context"] = json!({ "aws:MultiFactorAuthPresent": "true" });
    }
    shelf.rows(&with);
    shelf.says("solution.json", Some(1), "`drop Condition of Reads#0`");
    with.as_array_mut().unwrap().push(row("without", json!({}), "implicitDeny", true));
    shelf.rows(&with);
    assert_eq!(shelf.findings(), []);
}

#[test]
fn a_search_has_a_request_to_find() {
    let shelf = Shelf::new("search");
    let statements = json!([{ "Effect": "Allow", "NotAction": "iam:*", "Resource": "*" }]);
    let mut start = scenario(statements);
    start["request"]["action"] = json!("iam:CreateUser");
    let mut solution = start.clone();
    solution["request"]["action"] = json!("cloudtrail:StopLogging");
    shelf.lesson("start.json", &start.to_string());
    shelf.lesson("solution.json", &solution.to_string());
    shelf.lesson("lesson.md", &LESSON.replace("kind: write", "kind: break").replace("editable: [Reads]\n", ""));
    let find = |decision: &str, like: &str| {
        json!({ "find": {
            "change": ["action"], "decision": decision, "why": "because",
            "where": [{ "name": "a trail", "field": "action", "like": like, "why": "because" }]
        } })
    };
    shelf.rows(&find("allowed", "CloudTrail:*"));
    assert_eq!(shelf.findings(), []);
    shelf.rows(&find("allowed", "s3:*"));
    shelf.says("solution.json", Some(1), "does not meet “a trail”");
    shelf.rows(&find("implicitDeny", "iam:*"));
    let messages: Vec<String> = shelf.findings().into_iter().map(|finding| finding.message).collect();
    assert!(messages.iter().any(|message| message.contains("one of those looked for already")), "{messages:?}");
    solution["request"]["resource"] = json!("*");
    shelf.lesson("solution.json", &solution.to_string());
    shelf.rows(&find("allowed", "cloudtrail:*"));
    shelf.says("solution.json", Some(1), "`request` is not as in `start.json`");
}

#[test]
fn an_answer_is_judged_by_what_the_lesson_lets_change() {
    let shelf = Shelf::new("judge");
    let course = gather(&shelf.root).unwrap();
    let lesson = &course.lessons[0];
    let options = Options::default();
    let answer = |statements: Value| scenario(statements);
    let statement =
        |action: &str, resource: &str| json!([{ "Effect": "Allow", "Action": action, "Resource": resource }]);

    let wide = judge(lesson, &answer(statement("s3:*", "*")), options);
    assert!(!wide.done);
    assert_eq!(
        wide.message,
        "almost, but 4 hidden rows are open: your answer also allows `s3:DeleteObject` on `arn:aws:s3:::reports/a.csv`"
    );
    let none = judge(lesson, &answer(statement("s3:PutObject", "*")), options);
    assert_eq!(none.message, "0 of 1 rows pass");
    assert_eq!(
        none.rows[0].message.as_deref(),
        Some("your answer does not allow `s3:GetObject` on `arn:aws:s3:::reports/a.csv`")
    );
    let right = judge(lesson, &answer(statement("s3:GetObject", "arn:aws:s3:::reports/a.csv")), options);
    assert!(right.done);
    assert_eq!(right.statements, 1);

    // A star in a hurry.
    let verb = judge(lesson, &answer(statement("s3:Get*", "arn:aws:s3:::reports/a.csv")), options);
    assert!(verb.message.ends_with("your answer also allows `s3:GetObjectAcl` on `arn:aws:s3:::reports/a.csv`"));

    // A further policy, another request, another name: not among what may be changed.
    let mut cheat = answer(statement("s3:PutObject", "*"));
    cheat["policies"].as_array_mut().unwrap().push(json!({
        "kind": "identity", "name": "More", "document": { "Statement": statement("s3:GetObject", "arn:aws:s3:::reports/a.csv") }
    }));
    cheat["request"]["action"] = json!("s3:PutObject");
    assert!(!judge(lesson, &cheat, options).done);

    // Half typed, or nothing at all.
    let whole = serde_json::to_string(
        &answer(statement("s3:GetObject", "arn:aws:s3:::reports/a.csv"))["policies"][0]["document"],
    )
    .unwrap();
    for end in 0..whole.len() {
        let mut half = answer(json!([]));
        half["policies"][0]["document"] = Value::from(&whole[..end]);
        let judgement = judge(lesson, &half, options);
        assert!(!judgement.done, "{}", &whole[..end]);
        let problem = judgement.problem.unwrap();
        assert_eq!(problem.policy.as_deref(), Some("Reads"));
        assert!(judgement.rows.iter().all(|row| !row.pass));
    }
    for nothing in
        [json!(null), json!({}), json!([]), json!({ "policies": 3 }), json!({ "policies": [{ "name": "Reads" }] })]
    {
        assert!(!judge(lesson, &nothing, options).done);
    }
}

#[test]
fn the_score_counts_what_an_answer_allows_besides() {
    let shelf = Shelf::new("surplus");
    let course = gather(&shelf.root).unwrap();
    let lesson = &course.lessons[0];
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/services.txt")).unwrap();
    let reference = Reference::load(text).unwrap();
    let score = |statements: Value| surplus(lesson, &scenario(statements), &reference, Options::default()).unwrap();
    let statement =
        |action: &str, resource: &str| json!([{ "Effect": "Allow", "Action": action, "Resource": resource }]);

    let exact = score(statement("s3:GetObject", "arn:aws:s3:::reports/a.csv"));
    assert_eq!(exact.count, 0, "{exact:?}");
    assert!(exact.message.starts_with("as narrow as can be"));
    let verbs = score(statement("s3:GetObject*", "arn:aws:s3:::reports/a.csv"));
    assert!(verbs.count > 5, "{verbs:?}");
    assert!(verbs.actions.iter().any(|action| action.action == "s3:GetObjectAcl"));
    // Another object of the bucket is beyond the goal too.
    let bucket = score(statement("s3:GetObject", "arn:aws:s3:::reports/*"));
    assert_eq!((bucket.count, bucket.actions[0].resource.as_str()), (1, "arn:aws:s3:::reports/a.csv.old"));
    let all = score(statement("*", "*"));
    assert!(all.count > 5_000 && all.tried <= 20_000, "{} of {}", all.count, all.tried);
    assert_eq!(all.actions[0].level, "Permissions management");
    let rest = score(json!([{ "Effect": "Allow", "NotAction": "s3:*", "Resource": "*" }]));
    assert!(rest.count > 5_000 && rest.actions.iter().all(|action| !action.action.starts_with("s3:")));
    // What cannot be read has no score.
    let mut half = scenario(json!([]));
    half["policies"][0]["document"] = Value::from("{");
    assert_eq!(surplus(lesson, &half, &reference, Options::default()), None);
    // Piece by piece it comes to the same.
    let wide = scenario(statement("s3:*", "*"));
    let mut search = SurplusSearch::new(lesson, &wide, &reference, Options::default()).unwrap();
    let mut pieces = 1;
    while !search.advance(&reference, 20) {
        pieces += 1;
    }
    assert!(pieces > 5, "{pieces}");
    assert_eq!(search.result(), score(statement("s3:*", "*")));
}
