//! The real binary: what it prints, and the exit codes.
//!
//! `UPDATE_EXPECT=1 cargo test -p iam-playground` rewrites the expected texts.

use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use expect_test::{Expect, expect};
use serde_json::{Value, json};

/// A request as Markdown has it.
const REQUEST: &str =
    r#"{ "principal": "arn:aws:iam::111122223333:user/alice", "action": "s3:GetObject", "resource": "*" }"#;

/// A folder of its own for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn with(self, file: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_iam-playground"))
            .args(arguments)
            .current_dir(&self.0)
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.as_ref().to_vec();
        // Written beside the reading: both may be longer than a pipe holds. A child that does not read is no error.
        let writer = std::thread::spawn(move || {
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Output {
            code: output.status.code().expect("no signal ends it"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

struct Output {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Output {
    #[track_caller]
    fn code(self, expected: i32) -> Self {
        assert_eq!(self.code, expected, "{}\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    fn prints(self, expected: Expect) -> Self {
        expected.assert_eq(&self.stdout);
        self
    }

    #[track_caller]
    fn complains(self, expected: Expect) -> Self {
        expected.assert_eq(&self.stderr);
        self
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}

fn run(arguments: &[&str], input: impl AsRef<[u8]>) -> Output {
    Folder(PathBuf::from(env!("CARGO_TARGET_TMPDIR"))).run_with(arguments, input)
}

/// One user, one policy, one request.
fn scenario(action: &str, document: Value) -> Value {
    json!({
        "request": {
            "principal": "arn:aws:iam::111122223333:user/alice",
            "action": action,
            "resource": "arn:aws:s3:::photos/cat.jpg"
        },
        "policies": [{"kind": "identity", "name": "Read", "document": document}]
    })
}

fn reading() -> Value {
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::photos/*"}
    ]})
}

fn allowed() -> Value {
    scenario("s3:GetObject", reading())
}

fn denied() -> Value {
    scenario("s3:PutObject", reading())
}

/// A file as a person writes it, in which everything happens.
const PHOTOS: &str = r#"{
  "title": "Alice reads photos",
  "request": {
    "principal": "arn:aws:iam::111122223333:user/alice",
    "action": "s3:GetObject",
    "resource": "arn:aws:s3:::photos/cat.jpg",
    "context": { "aws:MultiFactorAuthPresent": "true" }
  },
  "policies": [
    {
      "kind": "identity", "name": "ReadPhotos", "via": "group Family",
      "document": {
        "Version": "2012-10-17",
        "Statement": [
          {
            "Sid": "Read",
            "Effect": "Allow",
            "Action": ["s3:List*", "s3:Get*"],
            "Resource": "arn:aws:s3:::photos/*",
            "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } }
          }
        ]
      }
    },
    {
      "kind": "resource", "name": "photos",
      "document": "{\n\t\"Version\": \"2012-10-17\",\n\t\"Statement\": {\n\t\t\"Sid\": \"Keep\", \"Effect\": \"Deny\", \"Principal\": \"*\",\n\t\t\"Action\": \"s3:Delete*\", \"Resource\": \"*\"\n\t}\n}"
    }
  ],
  "tests": [
    { "name": "reading", "request": {}, "expect": "allowed", "expectStatements": ["ReadPhotos#0"] },
    { "name": "without MFA", "request": { "context": { "aws:MultiFactorAuthPresent": "false" } }, "expect": "implicitDeny" },
    { "name": "deleting", "request": { "action": "s3:DeleteObject" }, "expect": "explicitDeny" }
  ]
}
"#;

#[test]
fn evaluate_prints_the_verdict_the_stages_and_the_deciding_lines_of_the_file() {
    let folder = Folder::new("evaluate_text").with("photos.json", PHOTOS);
    folder
        .run(&["evaluate", "--format", "text", "photos.json"])
        .code(0)
        .prints(expect![[r#"
            ALLOWED  Alice reads photos  photos.json:1:1
              arn:aws:iam::111122223333:user/alice asks for s3:GetObject on arn:aws:s3:::photos/cat.jpg

              statement `Read` of `ReadPhotos` (via group Family) allows `s3:GetObject`, and nothing denies it

              Stages
                ✓ pass            Explicit deny in any policy  no Deny statement of any policy matches the request
                · not applicable  Resource control policies    the scenario has no resource control policies
                · not applicable  Service control policies     the scenario has no service control policies
                · not applicable  VPC endpoint policy          the request does not go through a VPC endpoint with a policy
                ✓ pass            Bucket policy                the bucket policy does not allow it for this caller; the caller's own policies still may
              → ✓ allow           Identity-based policies      statement `Read` of `ReadPhotos` (via group Family) allows it
                · not applicable  Permissions boundary         the user has no permissions boundary
                · not applicable  Session policies             no session policy was passed

              ReadPhotos#0 allows (identity-based policy, via group Family)  photos.json:15:11
                 |
              15 |           {
              16 |             "Sid": "Read",
              17 |             "Effect": "Allow",
              18 |             "Action": ["s3:List*", "s3:Get*"],
                 |                                    ^^^^^^^^^
              19 |             "Resource": "arn:aws:s3:::photos/*",
                 |                         ^^^^^^^^^^^^^^^^^^^^^^^
              20 |             "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } }
                 |                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `aws:MultiFactorAuthPresent` is `true`, which meets `Bool` `true`
              21 |           }
                 |

              Tests 3 passed, 0 failed
                ✓  reading      allowed
                ✓  without MFA  implicitDeny
                ✓  deleting     explicitDeny
        "#]])
        .complains(expect![[""]]);
}

#[test]
fn a_denial_quotes_the_statement_that_denies_from_a_policy_given_as_text() {
    let denied = PHOTOS.replacen("s3:GetObject", "s3:DeleteObject", 1);
    let folder = Folder::new("evaluate_deny").with("photos.json", denied);
    folder
        .run(&["evaluate", "--format", "text", "photos.json"])
        .code(0)
        .prints(expect![[r#"
            DENIED (explicit)  Alice reads photos  photos.json:1:1
              arn:aws:iam::111122223333:user/alice asks for s3:DeleteObject on arn:aws:s3:::photos/cat.jpg

              statement `Keep` of `photos`, the bucket policy, denies `s3:DeleteObject`; an explicit deny always wins
              AWS says: User: arn:aws:iam::111122223333:user/alice is not authorized to perform: s3:DeleteObject on resource: "arn:aws:s3:::photos/cat.jpg" with an explicit deny in a resource-based policy

              Stages
              → ✗ deny            Explicit deny in any policy  statement `Keep` of `photos` denies it
                · not applicable  Resource control policies    the scenario has no resource control policies
                · not applicable  Service control policies     the scenario has no service control policies
                · not applicable  VPC endpoint policy          the request does not go through a VPC endpoint with a policy
                ✗ deny            Bucket policy                a Deny statement here matches; it was found at the first stage
                ✗ deny            Identity-based policies      no identity-based policy allows `s3:DeleteObject` on this resource
                · not applicable  Permissions boundary         the user has no permissions boundary
                · not applicable  Session policies             no session policy was passed

              photos#0 denies (bucket policy)  photos.json: photos:3:15
                |
              3 |     "Statement": {
              4 |         "Sid": "Keep", "Effect": "Deny", "Principal": "*",
                |                                                       ^^^ everyone
              5 |         "Action": "s3:Delete*", "Resource": "*"
                |                   ^^^^^^^^^^^^              ^^^
              6 |     }
                |

              Tests 1 passed, 2 failed
                ✗  reading      explicitDeny
                   expected allowed, got explicitDeny: statement `Keep` of `photos`, the bucket policy, denies `s3:DeleteObject`; an explicit deny always wins
                ✗  without MFA  explicitDeny
                   expected implicitDeny, got explicitDeny: statement `Keep` of `photos`, the bucket policy, denies `s3:DeleteObject`; an explicit deny always wins
                ✓  deleting     explicitDeny
        "#]]);
}

#[test]
fn an_implicit_denial_shows_what_nearly_allows() {
    let denied = PHOTOS.replacen("\"aws:MultiFactorAuthPresent\": \"true\" }\n", "}\n", 1);
    let folder = Folder::new("evaluate_near_miss").with("photos.json", denied);
    folder
        .run(&["evaluate", "--format", "text", "photos.json"])
        .code(0)
        .prints(expect![[r#"
            DENIED (implicit)  Alice reads photos  photos.json:1:1
              arn:aws:iam::111122223333:user/alice asks for s3:GetObject on arn:aws:s3:::photos/cat.jpg

              no identity-based policy of the user `alice` allows `s3:GetObject` on this resource, and nothing else grants it; what is not allowed is denied; statement `Read` of `ReadPhotos` (via group Family) comes close: only its `Condition` does not match
              AWS says: User: arn:aws:iam::111122223333:user/alice is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::photos/cat.jpg" because no identity-based policy allows the s3:GetObject action

              Stages
                ✓ pass            Explicit deny in any policy  no Deny statement of any policy matches the request
                · not applicable  Resource control policies    the scenario has no resource control policies
                · not applicable  Service control policies     the scenario has no service control policies
                · not applicable  VPC endpoint policy          the request does not go through a VPC endpoint with a policy
                ✓ pass            Bucket policy                the bucket policy does not allow it for this caller; the caller's own policies still may
              → ✗ deny            Identity-based policies      no identity-based policy allows `s3:GetObject` on this resource
                · not applicable  Permissions boundary         the user has no permissions boundary
                · not applicable  Session policies             no session policy was passed

              ReadPhotos#0 nearly allows (identity-based policy, via group Family)  photos.json:15:11
                 |
              15 |           {
              16 |             "Sid": "Read",
              17 |             "Effect": "Allow",
              18 |             "Action": ["s3:List*", "s3:Get*"],
              19 |             "Resource": "arn:aws:s3:::photos/*",
              20 |             "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } }
                 |                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the request has no `aws:MultiFactorAuthPresent`, so `Bool` fails
              21 |           }
                 |

              missing: the request lacks `aws:MultiFactorAuthPresent`, which could change the answer

              Tests 2 passed, 1 failed
                ✗  reading      implicitDeny
                   expected allowed, got implicitDeny: no identity-based policy of the user `alice` allows `s3:GetObject` on this resource, and nothing else grants it; what is not allowed is denied; statement `Read` of `ReadPhotos` (via group Family) comes close: only its `Condition` does not match
                ✓  without MFA  implicitDeny
                ✓  deleting     explicitDeny
        "#]]);
}

#[test]
fn several_scenarios_end_in_a_count() {
    let list = json!([allowed(), denied(), scenario("s3:GetObject", json!({"Statement": []}))]);
    let output = run(&["evaluate", "--format", "text"], list.to_string()).code(2);
    let verdicts: Vec<&str> =
        output.stdout.lines().filter(|line| line.starts_with(|char: char| char.is_uppercase())).collect();
    assert_eq!(verdicts, ["ALLOWED  <stdin>:1:2", "DENIED (implicit)  <stdin>:1:302", "NO DECISION  <stdin>:1:602"]);
    assert!(output.stdout.ends_with("3 scenarios: 1 allowed, 1 denied, 1 without a decision\n"));
}

#[test]
fn a_policy_that_iam_refuses_is_shown_at_its_place_in_the_file() {
    let broken = PHOTOS.replacen("\"Bool\"", "\"Boool\"", 1);
    let folder = Folder::new("evaluate_refused").with("photos.json", broken);
    folder
        .run(&["evaluate", "--format", "text", "photos.json"])
        .code(2)
        .prints(expect![[r#"
            NO DECISION  Alice reads photos  photos.json:1:1
              arn:aws:iam::111122223333:user/alice asks for s3:GetObject on arn:aws:s3:::photos/cat.jpg

              IAM would refuse to save `ReadPhotos`, so there is nothing to decide: unknown condition operator `Boool`

              photos.json:20:28: error[unknown-operator]: unknown condition operator `Boool`
                 |
              20 |             "Condition": { "Boool": { "aws:MultiFactorAuthPresent": "true" } }
                 |                            ^^^^^^^
                help: did you mean `Bool`?
                AWS says: Syntax errors in policy.

              Tests 0 passed, 3 failed
                ✗  reading      null
                   expected allowed, got no decision: IAM would refuse to save `ReadPhotos`, so there is nothing to decide: unknown condition operator `Boool`
                ✗  without MFA  null
                   expected implicitDeny, got no decision: IAM would refuse to save `ReadPhotos`, so there is nothing to decide: unknown condition operator `Boool`
                ✗  deleting     null
                   expected explicitDeny, got no decision: IAM would refuse to save `ReadPhotos`, so there is nothing to decide: unknown condition operator `Boool`
        "#]])
        .complains(expect![[""]]);
    folder.run(&["evaluate", "photos.json"]).code(2).complains(expect![[r#"
            photos.json:20:28: error[unknown-operator]: unknown condition operator `Boool`
        "#]]);
}

#[test]
fn broken_text_of_a_policy_is_shown_at_its_place_in_that_text() {
    let broken = scenario("s3:GetObject", json!("{\n\t\"Statement\": [\n\t\t{ \"Effect\": 'Allow' }\n\t]\n}"));
    run(&["evaluate", "--format", "text"], broken.to_string()).code(2).prints(expect![[r#"
        NO DECISION  <stdin>:1:1
          arn:aws:iam::111122223333:user/alice asks for s3:GetObject on arn:aws:s3:::photos/cat.jpg

          IAM would refuse to save `Read`, so there is nothing to decide: strings stand in double quotes

          <stdin>: Read:3:15: error[invalid-json]: strings stand in double quotes
            |
          3 |         { "Effect": 'Allow' }
            |                     ^^^^^^^
            help: write `"` instead of `'`
            AWS says: Syntax errors in policy.
    "#]]);
}

#[test]
fn behind_an_entry_that_is_no_policy_findings_are_still_quoted_from_their_own_policy() {
    let mut broken = scenario("s3:GetObject", json!("{}"));
    let policy = |name: &str, kind: &str, document: &str| json!({ "kind": kind, "name": name, "document": document });
    broken["policies"] = json!([
        policy("First", "identitty", "the first"),
        policy("Second", "identity", "{\n  \"Statement\": 'second'\n}"),
        policy("Third", "identity", "{\n  \"Statement\": [ 'third' ]\n}")
    ]);
    run(&["evaluate", "--format", "text"], broken.to_string()).code(2).prints(expect![[r#"
        NO DECISION  <stdin>:1:1
          arn:aws:iam::111122223333:user/alice asks for s3:GetObject on arn:aws:s3:::photos/cat.jpg

          the request cannot be decided: unknown kind of policy `identitty`

          <stdin>:1:150: error[unknown-kind]: unknown kind of policy `identitty`
            |
          1 | ...rn:aws:s3:::photos/cat.jpg"},"policies":[{"kind":"identitty","name":"First","document":"the first"},{"kind":"i...
            |                                                     ^^^^^^^^^^^
            help: did you mean `identity`? the kinds are `identity`, `resource`, `permissionsBoundary`, `session`, `scp`, `rcp`, `vpcEndpoint`

          <stdin>: Second:2:16: error[invalid-json]: strings stand in double quotes
            |
          2 |   "Statement": 'second'
            |                ^^^^^^^^
            help: write `"` instead of `'`
            AWS says: Syntax errors in policy.

          <stdin>: Third:2:18: error[invalid-json]: strings stand in double quotes
            |
          2 |   "Statement": [ 'third' ]
            |                  ^^^^^^^
            help: write `"` instead of `'`
            AWS says: Syntax errors in policy.
    "#]]);
}

#[test]
fn a_scenario_of_the_wrong_shape_is_shown_at_its_place_in_the_file() {
    let folder = Folder::new("evaluate_shape").with(
        "wrong.json",
        "[\n  {\n    \"version\": 9,\n    \"request\": {\n      \"principal\": \"*\", \"action\": 7\n    },\n    \"policies\": [{ \"kind\": \"idenity\", \"document\": {} }]\n  }\n]\n",
    );
    folder
        .run(&["evaluate", "--format", "text", "wrong.json"])
        .code(2)
        .prints(expect![[r#"
            NO DECISION  wrong.json:2:3
              * asks for 7 on ?

              the request cannot be decided: unknown scenario version `9`

              wrong.json:3:16: error[unknown-version]: unknown scenario version `9`
                |
              3 |     "version": 9,
                |                ^
                help: this engine reads version 1; a newer scenario needs a newer engine

              wrong.json:5:35: error[invalid-scenario]: `action` must be a string, not a number
                |
              5 |       "principal": "*", "action": 7
                |                                   ^

              wrong.json:7:28: error[unknown-kind]: unknown kind of policy `idenity`
                |
              7 |     "policies": [{ "kind": "idenity", "document": {} }]
                |                            ^^^^^^^^^
                help: did you mean `identity`? the kinds are `identity`, `resource`, `permissionsBoundary`, `session`, `scp`, `rcp`, `vpcEndpoint`

              wrong.json:4:16: error[missing-field]: the request has no `resource`
                |
              4 |     "request": {
                |                ^
                help: `resource` says what is asked about: an ARN, or `*` for an action without a resource
        "#]]);
    folder.run(&["evaluate", "--format", "json", "wrong.json"]).code(2).complains(expect![[r#"
            wrong.json:3:16: error[unknown-version]: unknown scenario version `9`
            wrong.json:5:35: error[invalid-scenario]: `action` must be a string, not a number
            wrong.json:7:28: error[unknown-kind]: unknown kind of policy `idenity`
            wrong.json:4:16: error[missing-field]: the request has no `resource`
        "#]]);
}

#[test]
fn one_scenario_gives_one_report_and_a_list_gives_a_list() {
    let clock = ["--now", "2026-01-31T12:00:00Z"];
    let one = run(&["evaluate", clock[0], clock[1]], allowed().to_string()).code(0).json();
    assert_eq!(one["decision"], "allowed");
    let pretty = serde_json::to_string_pretty(&allowed()).unwrap();
    assert_eq!(run(&["evaluate", clock[0], clock[1], "-"], pretty).code(0).json(), one);

    let decisions = |output: Output| -> Vec<String> {
        let json = output.code(0).json();
        let list = json.as_array().expect("an array");
        list.iter().map(|report| report["decision"].as_str().unwrap().to_owned()).collect()
    };
    let list = json!([allowed(), denied()]).to_string();
    assert_eq!(decisions(run(&["evaluate"], list)), ["allowed", "implicitDeny"]);
    let list = json!([denied()]).to_string();
    assert_eq!(decisions(run(&["evaluate"], list)), ["implicitDeny"]);
    let list = json!({"about": "a list", "scenarios": [allowed()]}).to_string();
    assert_eq!(decisions(run(&["evaluate"], list)), ["allowed"]);
    let lines = format!("{}\n\n{}\n", allowed(), denied());
    assert_eq!(decisions(run(&["evaluate"], lines)), ["allowed", "implicitDeny"]);
    assert_eq!(decisions(run(&["evaluate"], "[]")), [""; 0]);

    let folder =
        Folder::new("evaluate_files").with("a.json", allowed().to_string()).with("b.json", denied().to_string());
    let both = folder.run(&["evaluate", "b.json", "a.json"]);
    assert_eq!(decisions(both), ["implicitDeny", "allowed"]);
}

#[test]
fn ndjson_has_one_report_a_line_in_the_order_of_the_input_whatever_a_line_holds() {
    let lines = format!("{}\n{{\"request\": }}\n{}\n7\n{{\"a\": 1, \"a\": 2}}\n", allowed(), denied());
    let output = run(&["evaluate", "--format", "ndjson"], lines).code(2).complains(expect![[r#"
        <stdin>:2:13: error[invalid-json]: expected a value, but `}` follows
        <stdin>:4:1: error[invalid-scenario]: a scenario is an object, not a number
        <stdin>:5:10: error[duplicate-key]: the key `a` is written twice in one object
    "#]]);
    let reports: Vec<Value> = output.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let decisions: Vec<&Value> = reports.iter().map(|report| &report["decision"]).collect();
    assert_eq!(decisions, [&json!("allowed"), &Value::Null, &json!("implicitDeny"), &Value::Null, &Value::Null]);
    assert_eq!(reports[1]["diagnostics"][0]["code"], "invalid-json");
    assert_eq!(reports[4]["diagnostics"][0]["code"], "duplicate-key");
}

#[test]
fn every_report_that_is_printed_fits_the_published_schema() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schema/report.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let lines = format!("{}\n{{\"request\": }}\n{{\"a\": 1, \"a\": 2}}\n{{}}\n[7]\n", allowed());
    let output = run(&["evaluate", "--format", "ndjson"], lines).code(2);
    assert_eq!(output.stdout.lines().count(), 5);
    for line in output.stdout.lines() {
        let report: Value = serde_json::from_str(line).unwrap();
        assert!(validator.is_valid(&report), "{line}");
    }
}

#[test]
fn inputs_that_are_no_json_are_shown_where_they_break() {
    let folder = Folder::new("broken")
        .with("comma.json", "{\n  \"request\": {\n    \"action\": \"é😀\", }\n}\n")
        .with("twice.json", "{\n  \"request\": {},\n  \"policies\": [],\n  \"request\": {}\n}\n")
        .with("empty.json", " \n\n")
        .with("latin1.json", b"{\n \"title\": \"caf\xe9\" }")
        .with("utf16.json", b"\xff\xfe{\0}\0")
        .with("list.json", "{ \"scenarios\": {} }")
        .with("deep.json", "[".repeat(100_000));
    folder
        .run(&[
            "evaluate", "--format", "text", "comma.json", "twice.json", "empty.json", "latin1.json", "utf16.json",
            "list.json", "deep.json",
        ])
        .code(2)
        .prints(expect![[""]])
        .complains(expect![[r#"
            comma.json:3:20: error[invalid-json]: there is a comma before the closing `}`
              |
            3 |     "action": "é😀", }
              |                    ^
              help: commas stand between entries only: remove it

            twice.json:4:3: error[duplicate-key]: the key `request` is written twice in one object
              |
            2 |   "request": {},
              |   --------- first written here
            3 |   "policies": [],
            4 |   "request": {}
              |   ^^^^^^^^^ written again here
              help: JSON readers differ in which of the two they use: keep one

            empty.json: error[empty-file]: there is nothing in it
              help: write a policy document, or a scenario: a JSON object with `request` and `policies`

            latin1.json:2:15: error[not-utf8]: the text is not UTF-8
              help: save it as UTF-8

            utf16.json:1:1: error[not-utf8]: the text is not UTF-8
              help: it looks like UTF-16: save it as UTF-8

            list.json:1:16: error[invalid-scenario]: `scenarios` must be an array, and here is an object
              |
            1 | { "scenarios": {} }
              |                ^^

            deep.json:1:129: error[invalid-json]: brackets nest deeper than 128 levels
              |
            1 | ...[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[...
              |                                                          ^
              help: is one repeated by mistake?

        "#]]);
}

#[test]
fn files_that_cannot_be_read_are_named_and_the_others_are_still_answered() {
    let folder = Folder::new("unreadable").with("a.json", allowed().to_string());
    let output = folder.run(&["evaluate", "--format", "ndjson", "missing.json", ".", "a.json"]).code(2);
    assert_eq!(output.stdout.lines().count(), 3);
    assert!(output.stderr.contains("missing.json: error[unreadable-file]: it cannot be read: "), "{}", output.stderr);
    assert!(
        output.stderr.contains(".: error[unreadable-file]: it cannot be read: it is a folder"),
        "{}",
        output.stderr
    );
    let last: Value = serde_json::from_str(output.stdout.lines().last().unwrap()).unwrap();
    assert_eq!(last["decision"], "allowed");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_taken() {
    let text = format!("\u{feff}{}", PHOTOS.replace('\n', "\r\n"));
    let folder = Folder::new("windows").with("photos.json", text);
    assert_eq!(folder.run(&["evaluate", "photos.json"]).code(0).json()["decision"], "allowed");
    let output = folder.run(&["evaluate", "--format", "text", "photos.json"]).code(0);
    assert!(output.stdout.contains("photos.json:15:11\n"), "{}", output.stdout);
    assert!(!output.stdout.contains('\r'));
}

#[test]
fn now_fixes_the_clock() {
    let mut one = allowed();
    one["policies"][0]["document"]["Statement"][0]["Condition"] =
        json!({"DateLessThan": {"aws:CurrentTime": "2026-02-01T00:00:00Z"}});
    one["tests"] = json!([{"name": "in time", "request": {}, "expect": "allowed"}]);
    let decision = |now: &str| {
        let output = run(&["evaluate", "--now", now], one.to_string()).code(0);
        output.json()["decision"].as_str().unwrap().to_owned()
    };
    assert_eq!(decision("2026-01-31T12:00:00Z"), "allowed");
    assert_eq!(decision("2026-02-01T00:00:00Z"), "implicitDeny");
    assert_eq!(decision("2026-02-01T00:30:00+01:00"), "allowed");
    run(&["test", "--now", "2026-01-31T12:00:00Z"], one.to_string()).code(0);
    run(&["test", "--now", "2026-02-01T00:00:00Z"], one.to_string()).code(1);
}

#[test]
fn a_time_that_is_none_is_said_in_one_line() {
    for bad in ["tomorrow", "2026-01-31", "", "2026-02-30T00:00:00Z", "-1"] {
        let output = run(&["evaluate", "--now", bad], "{}").code(2);
        assert_eq!(output.stdout, "");
        assert_eq!(
            output.stderr,
            format!("iam-playground: `--now` takes a time such as 2026-01-31T12:00:00Z, not `{bad}`\n")
        );
    }
}

#[test]
fn tests_that_pass_give_a_count() {
    let folder = Folder::new("test_pass")
        .with("photos.json", PHOTOS)
        .with("sub/more.ndjson", format!("{}\n{}\n", allowed(), denied()))
        .with("sub/.hidden.json", "no scenario")
        .with("sub/notes.txt", "no scenario")
        .with("sub/package.json", r#"{"name": "no scenario"}"#);
    folder
        .run(&["test", "."])
        .code(0)
        .prints(expect![[r#"
            ./sub/more.ndjson: no tests in it
            3 passed, 0 failed in 3 scenarios; passed over 1 JSON file without a scenario
        "#]])
        .complains(expect![[""]]);
    run(&["test"], PHOTOS).code(0);
}

#[test]
fn tests_that_fail_say_what_was_expected_and_why_it_did_not_come() {
    let wrong = PHOTOS
        .replace("\"expect\": \"implicitDeny\" },", "\"expect\": \"explicitDeny\" },")
        .replace("[\"ReadPhotos#0\"]", "[\"ReadPhotos#1\"]");
    let folder = Folder::new("test_fail").with("photos.json", wrong);
    folder
        .run(&["test", "photos.json"])
        .code(1)
        .prints(expect![[r#"
            FAILED photos.json:31:5  Alice reads photos › reading
              expected  allowed by ReadPhotos#1
              got       allowed by ReadPhotos#0 (allowed-by-identity)
              because   statement `Read` of `ReadPhotos` (via group Family) allows `s3:GetObject`, and nothing denies it
              fails     expected `ReadPhotos#1` to decide, but `ReadPhotos#0` did

            FAILED photos.json:32:5  Alice reads photos › without MFA
              expected  explicitDeny
              got       implicitDeny by no statement (implicit-deny-identity)
              because   no identity-based policy of the user `alice` allows `s3:GetObject` on this resource, and nothing else grants it; what is not allowed is denied; statement `Read` of `ReadPhotos` (via group Family) comes close: only its `Condition` does not match

            1 passed, 2 failed in 1 scenario
        "#]])
        .complains(expect![[""]]);
}

#[test]
fn unusable_scenarios_are_told_from_failing_tests() {
    let folder = Folder::new("test_unusable")
        .with("a.json", PHOTOS)
        .with("b.json", "{\n  \"request\": 1\n}\n")
        .with("c.json", "{")
        .with("d.json", PHOTOS.replace("\"expect\": \"allowed\"", "\"expect\": \"alowed\""))
        .with("empty/readme.txt", "");
    folder
        .run(&["test", "."])
        .code(2)
        .prints(expect![[r#"
            ./b.json:2:14: error[invalid-scenario]: `request` must be an object with principal, action and resource, not a number
              |
            2 |   "request": 1
              |              ^

            ./b.json:1:1: error[missing-field]: the field `policies` is missing
              |
            1 | {
              | ^
              help: `policies` is an array, empty where nothing is attached

            ./d.json:31:51: error[unknown-expectation]: a test cannot expect `alowed`
               |
            31 |     { "name": "reading", "request": {}, "expect": "alowed", "expectStatements": ["ReadPhotos#0"] },
               |                                                   ^^^^^^^^
              help: expect `allowed`, `implicitDeny` or `explicitDeny`, or null for no decision

            6 passed, 0 failed in 3 scenarios, 3 unusable
        "#]])
        .complains(expect![[r#"
            ./c.json:1:2: error[invalid-json]: expected a key in double quotes, or `}`, but the text ends
              |
            1 | {
              | -^
              | |
              | this `{` is not closed
              help: close the object with `}`

        "#]]);
    folder.run(&["test", "empty"]).code(2).complains(expect![[r#"
        empty: error[no-scenarios]: there is no scenario file in this folder
          help: scenario files are called *.json, *.ndjson or *.jsonl; in *.md they are blocks marked `iam-scenario`

    "#]]);
    // Named by itself, it is meant.
    let folder = folder.with("other/policy.json", r#"{"Version": "2012-10-17", "Statement": []}"#);
    assert!(folder.run(&["test", "other"]).code(2).stderr.contains("error[no-scenarios]"));
    folder.run(&["test", "other/policy.json"]).code(2);
    folder.run(&["test", "nowhere"]).code(2);
}

#[test]
fn a_test_may_expect_that_there_is_no_decision() {
    let mut one = scenario("s3:GetObject", json!({"Version": "2012-10-17", "Statement": [{"Effect": "Alow"}]}));
    one["tests"] = json!([{"name": "refused", "request": {}, "expect": null, "expectDiagnostics": ["invalid-effect"]}]);
    run(&["test"], one.to_string()).code(0);
    one["tests"][0]["expectDiagnostics"] = json!(["unknown-operator"]);
    let output = run(&["test"], one.to_string()).code(1);
    assert!(output.stdout.contains("expected the finding `unknown-operator`"), "{}", output.stdout);
}

#[test]
fn results_are_given_to_machines_too() {
    let wrong = PHOTOS.replace("\"expect\": \"implicitDeny\" },", "\"expect\": \"explicitDeny\" },");
    let folder = Folder::new("test_json").with("photos.json", wrong);
    let results = folder.run(&["test", "--format", "json", "photos.json"]).code(1).json();
    assert_eq!(results.as_array().unwrap().len(), 1);
    assert_eq!(results[0]["file"], "photos.json");
    assert_eq!(results[0]["title"], "Alice reads photos");
    let passes: Vec<&Value> = results[0]["tests"].as_array().unwrap().iter().map(|test| &test["pass"]).collect();
    assert_eq!(passes, [true, false, true]);
    let output = folder.run(&["test", "--format", "ndjson", "photos.json", "photos.json"]).code(1);
    assert_eq!(output.stdout.lines().count(), 2);
}

const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Alow", "Action": "s3:GetObject", "Resource": "*" },
    { "Effect": "Allow", "Action": "*", "Resource": "*" }
  ]
}
"#;

#[test]
fn check_prints_findings_at_their_place() {
    let folder = Folder::new("check").with("policy.json", POLICY);
    folder
        .run(&["check", "policy.json"])
        .code(2)
        .prints(expect![[r#"
            policy.json:4:17: error[invalid-effect]: `Alow` is no effect
              |
            4 |     { "Effect": "Alow", "Action": "s3:GetObject", "Resource": "*" },
              |                 ^^^^^^
              help: write `Allow` or `Deny`
              AWS says: Syntax errors in policy.

            policy.json:5:36: warning[full-administrator]: this allows every action on every resource
              |
            5 |     { "Effect": "Allow", "Action": "*", "Resource": "*" }
              |                                    ^^^
              help: list the services and actions that are needed, such as `s3:*`

            1 error, 1 warning
        "#]])
        .complains(expect![[""]]);
}

#[test]
fn check_exits_with_0_for_warnings_unless_they_are_denied() {
    let warned = POLICY.replace("Alow", "Allow");
    run(&["check"], &warned).code(0);
    run(&["check", "--deny", "warnings"], &warned).code(1);
    run(&["check", "--deny", "warnings"], POLICY).code(2);
    run(&["check", "--deny", "warnings"], reading().to_string()).code(0).prints(expect![[r#"
            0 errors, 0 warnings
        "#]]);
}

#[test]
fn check_reads_a_policy_as_the_kind_that_is_named() {
    let trust = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]})
    .to_string();
    run(&["check", "--kind", "trust"], &trust).code(0);
    run(&["check", "--kind", "identity"], &trust).code(2);
    run(&["check"], &trust).code(2);
    for kind in [
        "identity",
        "resource",
        "trust",
        "key",
        "bucket",
        "permissionsBoundary",
        "session",
        "scp",
        "rcp",
        "vpcEndpoint",
    ] {
        run(&["check", "--kind", kind], "").code(2);
        let output = run(&["check", "--kind", kind, "--format", "json"], "{ }").code(2).json();
        assert_eq!(output[0]["diagnostics"][0]["severity"], "error", "{kind}");
    }
}

#[test]
fn check_takes_scenarios_and_broken_text() {
    let folder = Folder::new("check_scenario")
        .with("photos.json", PHOTOS.replacen("\"Effect\"", "\"Efect\"", 1))
        .with("broken.json", "{\n  \"Statement\": [\n");
    folder
        .run(&["check", "photos.json", "broken.json"])
        .code(2)
        .prints(expect![[r#"
            photos.json:17:13: error[unknown-element]: unknown element `Efect` in a statement
               |
            17 |             "Efect": "Allow",
               |             ^^^^^^^
              help: did you mean `Effect`?
              AWS says: Syntax errors in policy.

            broken.json:3:1: error[invalid-json]: expected a value, or `]`, but the text ends
              |
            2 |   "Statement": [
              |                -^
              |                |
              |                this `[` is not closed
              help: close the array with `]`
              AWS says: Syntax errors in policy.

            2 errors, 0 warnings
        "#]])
        .complains(expect![[""]]);
}

#[test]
fn colours_come_only_where_they_are_asked_for() {
    let text = |arguments: &[&str]| {
        let mut all = vec!["evaluate", "--format", "text"];
        all.extend(arguments);
        run(&all, allowed().to_string()).code(0).stdout
    };
    let plain = text(&[]);
    assert!(!plain.contains('\u{1b}'));
    assert_eq!(text(&["--color", "never"]), plain);
    let coloured = text(&["--color", "always"]);
    assert!(coloured.contains('\u{1b}'));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
}

#[test]
fn text_from_a_policy_cannot_command_the_terminal() {
    let mut one = allowed();
    one["title"] = json!("\u{1b}]0;title\u{7}\u{9b}31m\u{202e}");
    one["policies"][0]["name"] = json!("\u{1b}[2J\nname");
    one["policies"][0]["document"] = json!("{ \"Version\": \u{1b}[2J }");
    let output = run(&["evaluate", "--format", "text"], one.to_string()).code(2);
    let bad = |char: char| (char.is_control() && char != '\n') || char == '\u{202e}';
    assert!(!output.stdout.contains(bad), "{:?}", output.stdout);
}

#[test]
fn a_reader_who_stops_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_iam-playground"))
        .args(["evaluate", "--format", "ndjson"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let line = format!("{}\n", allowed());
    // Each report is printed as soon as its line is read.
    stdin.write_all(line.as_bytes()).unwrap();
    let mut first = [0; 10];
    stdout.read_exact(&mut first).unwrap();
    drop(stdout);
    let _ = stdin.write_all(line.repeat(10).as_bytes());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn unknown_options_and_commands_exit_with_2_and_help_with_0() {
    for arguments in [&["evalute"][..], &["evaluate", "--fromat", "json"], &["check", "--kind", "role"], &[]] {
        let output = run(arguments, "").code(2);
        assert_eq!(output.stdout, "", "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
    for arguments in [&["--help"][..], &["evaluate", "--help"], &["test", "-h"], &["check", "--help"], &["--version"]] {
        let output = run(arguments, "").code(0);
        assert!(output.stdout.contains("iam-playground"), "{arguments:?}");
    }
}

/// A page with a right block, a wrong one, one that states nothing, and one that only shows how to write one.
const PAGE: &str = r#"# Reading photos

```json iam-scenario expect=allowed
{
  "request": { "principal": "arn:aws:iam::111122223333:user/alice", "action": "s3:GetObject", "resource": "arn:aws:s3:::photos/cat.jpg" },
  "policies": [{ "kind": "identity", "managedPolicy": "AmazonS3ReadOnlyAccess" }]
}
```

> ```json iam-scenario expect=allowed
> {
>   "request": { "principal": "arn:aws:iam::111122223333:user/alice", "action": "s3:PutObject", "resource": "arn:aws:s3:::photos/cat.jpg" },
>   "policies": []
> }
> ```

````markdown
```json iam-scenario expect=allowed
not run
```
````

<iam-playground expect="implicitDeny">
<script type="application/json" slot="scenario">
{
  "request": { "principal": "arn:aws:iam::111122223333:user/alice", "action": "s3:PutObject", "resource": "arn:aws:s3:::photos/cat.jpg" }
}
</script>

```json
{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" } }
```

</iam-playground>
"#;

#[test]
fn test_checks_the_scenarios_of_markdown_against_what_it_states() {
    let folder = Folder::new("test_markdown").with("docs/photos.md", PAGE).with("docs/none.md", "# Nothing\n");
    folder.run(&["test", "docs"]).code(1).complains(expect![[""]]).prints(expect![[r#"
        FAILED docs/photos.md:11:3  what the page states
          expected  allowed
          got       implicitDeny by no statement (implicit-deny-identity)
          because   the user `alice` has no identity-based policies, and nothing else grants it; what is not allowed is denied

        2 passed, 1 failed in 3 scenarios
    "#]]);
    let silent = "```json iam-scenario\n{ \"request\": { \"principal\": \"*\", \"action\": \"s3:GetObject\", \"resource\": \"*\" }, \"policies\": [] }\n```\n";
    let broken = "text\n\n~~~json iam-scenario expect=allowed\n{ \"request\": {}, }\n~~~\n";
    let folder = Folder::new("test_markdown_unusable").with("silent.md", silent).with("broken.md", broken);
    folder.run(&["test", "."]).code(2).prints(expect![[r#"
        0 passed, 0 failed in 0 scenarios, 2 unusable
    "#]]).complains(expect![[r#"
        ./broken.md:4:16: error[invalid-json]: there is a comma before the closing `}`
          |
        4 | { "request": {}, }
          |                ^
          help: commas stand between entries only: remove it

        ./silent.md:2:1: error[no-expectation]: this scenario states no expectation
          help: write `expect=allowed`, `implicitDeny` or `explicitDeny` behind `iam-scenario`, or give the scenario `tests`

    "#]]);
}

/// A page of Docusaurus: braces are JavaScript in MDX, so its scenario is a template string.
#[test]
fn test_reads_the_template_strings_and_comments_of_mdx() {
    let recipe = include_str!("../../../docs/embedding/docusaurus.md");
    let page = recipe.split("````").nth(1).unwrap().strip_prefix("mdx\n").unwrap();
    let states = |expect: &str| page.replace("<iam-playground>", &format!("<iam-playground expect=\"{expect}\">"));
    let text = format!("# A\n\n{}\n\n{{/* {} */}}\n\n{}", states("allowed"), states("none"), states("implicitDeny"));
    Folder::new("test_mdx").with("page.mdx", text).run(&["test", "."]).code(1).complains(expect![[""]]).prints(
        expect![[r#"
            FAILED ./page.mdx:58:76  what the page states
              expected  implicitDeny
              got       allowed by Policy#0 (allowed-by-identity)
              because   statement #0 of `Policy` allows `s3:GetObject`, and nothing denies it

            1 passed, 1 failed in 2 scenarios
        "#]],
    );
}

#[test]
fn test_shows_what_is_wrong_in_an_element_at_its_place_in_the_markdown() {
    let request = r#"{ "principal": "arn:aws:iam::111122223333:user/alice", "action": "s3:GetObject", "resource": "arn:aws:s3:::photos/é" }"#;
    let page = format!(
        r#"# Photos

<iam-playground expect="allowed">
<script type="application/json" slot="scenario">{{ "request": {request} }}</script>

> ```json
> {{ "Version": "2012-10-17",
>   "Statement": {{ "Efect": "Allow", "Action": "s3:*", "Resource": "*" }} }}
> ```

</iam-playground>

<iam-playground expect="allowed">
<pre><code>{{ "Version": "2012-10-17",
  "Statement": {{ &quot;Effect&quot;: "Allow", "<b>Acton</b>": "s3:*", "Resource": "*" }} }}</code></pre>
<script type="application/json">{{ "request": {request} }}</script>
</iam-playground>

<iam-playground expect="allowed"><script type="application/json">{{ "reqest": {request} }}</script><pre>{{}}</pre></iam-playground>

<iam-playground expect="allowed">
<script type="application/json">{{ "request": {request} }}</script>

```json
```

</iam-playground>
"#
    );
    let folder = Folder::new("test_element_places").with("page.md", page);
    folder.run(&["test", "page.md"]).code(2).complains(expect![[""]]).prints(expect![[r#"
        page.md:8:20: error[unknown-element]: unknown element `Efect` in a statement
          |
        8 | >   "Statement": { "Efect": "Allow", "Action": "s3:*", "Resource": "*" } }
          |                    ^^^^^^^
          help: did you mean `Effect`?
          AWS says: Syntax errors in policy.

        FAILED page.md:4:49  what the page states
          expected  allowed
          got       null by no statement (invalid-policy)
          because   IAM would refuse to save `Policy`, so there is nothing to decide: unknown element `Efect` in a statement

        page.md:15:47: error[unknown-element]: unknown element `Acton` in a statement
           |
        15 |   "Statement": { &quot;Effect&quot;: "Allow", "<b>Acton</b>": "s3:*", "Resource": "*" } }</code></pre>
           |                                               ^^^^^^^^^^^^^^
          help: did you mean `Action`?
          AWS says: Syntax errors in policy.

        FAILED page.md:16:33  what the page states
          expected  allowed
          got       null by no statement (invalid-policy)
          because   IAM would refuse to save `Policy`, so there is nothing to decide: unknown element `Acton` in a statement

        page.md:19:66: error[missing-field]: the field `request` is missing
           |
        19 | ...n">{ "reqest": { "principal": "arn:aws:iam::111122223333:user/alice", "action": "s3:GetObject", "resource": "arn:aws:s3:::photos/é" } }</s...
           |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          help: `request` is who asks for what: principal, action and resource

        page.md:19:212: error[missing-statement]: the policy has no `Statement`
           |
        19 | ..."resource": "arn:aws:s3:::photos/é" } }</script><pre>{}</pre></iam-playground>
           |                                                         ^^
          help: add `"Statement": [{ "Effect": "Allow", … }]`
          AWS says: Syntax errors in policy.

        FAILED page.md:19:66  what the page states
          expected  allowed
          got       null by no statement (invalid-policy)
          because   IAM would refuse to save `Policy`, so there is nothing to decide: the policy has no `Statement`

        page.md:24:1: error[invalid-json]: there is nothing here yet
           |
        24 | ```json
           | ^
          help: write a JSON value, such as `{ }`
          AWS says: Syntax errors in policy.

        FAILED page.md:22:33  what the page states
          expected  allowed
          got       null by no statement (invalid-policy)
          because   IAM would refuse to save `Policy`, so there is nothing to decide: there is nothing here yet

        0 passed, 4 failed in 4 scenarios, 1 unusable
    "#]]);
}

#[test]
fn test_says_what_it_cannot_check_in_markdown() {
    let scenario = format!(r#"{{ "request": {REQUEST}, "policies": [] }}"#);
    let page = format!(
        r#"```json iam-senario expect=allowed
{scenario}
```

```json iam-scenario expect=alowed
{scenario}
```

<iam-playground>
<script type="application/json">{scenario}</script>
</iam-playground>

<iam-playground
  view="decision" expect="deny"><script type="application/json">{scenario}</script></iam-playground>

<iam-playground expect="allowed"><script type="application/json">{scenario}</iam-playground>

```json iam-scenario expect=allowed
[]
```

<iam-playground expect="allowed">
<script type="application/json">{scenario}</script>
"#
    );
    let folder = Folder::new("test_markdown_faults").with("docs/page.md", page);
    folder.run(&["test", "docs"]).code(2).complains(expect![[r#"
        docs/page.md:1:9: error[unknown-mark]: `iam-senario` does not mark a scenario, so this block is not checked
          |
        1 | ```json iam-senario expect=allowed
          |         ^^^^^^^^^^^
          help: did you mean `iam-scenario`?

        docs/page.md:5:29: error[unknown-expectation]: a page cannot expect `alowed`
          |
        5 | ```json iam-scenario expect=alowed
          |                             ^^^^^^
          help: did you mean `allowed`?

        docs/page.md:9:1: error[no-expectation]: this element states no expectation
          |
        9 | <iam-playground>
          | ^^^^^^^^^^^^^^^^
          help: write `expect="allowed"`, `implicitDeny`, `explicitDeny` or `none` in its tag, or give the scenario `tests`

        docs/page.md:14:27: error[unknown-expectation]: a page cannot expect `deny`
           |
        14 |   view="decision" expect="deny"><script type="application/json">{ "request": { "principal": "arn:aws:iam::111122...
           |                           ^^^^
          help: expect `allowed`, `implicitDeny`, `explicitDeny`, or `none` for no decision

        docs/page.md:16:34: error[unclosed-script]: this script is not closed
           |
        16 | <iam-playground expect="allowed"><script type="application/json">{ "request": { "principal": "arn:aws:iam::11112...
           |                                  ^^^^^^^
          help: close it with `</script>`

        docs/page.md:18:1: error[no-scenarios]: this is a list of scenarios, and it is empty
           |
        18 | ```json iam-scenario expect=allowed
           | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          help: write a scenario: a JSON object with `request` and `policies`

        docs/page.md:22:1: error[unclosed-element]: this element is not closed
           |
        22 | <iam-playground expect="allowed">
           | ^^^^^^^^^^^^^^^
          help: close it with `</iam-playground>`

    "#]]).prints(expect![[r#"
        0 passed, 0 failed in 0 scenarios, 7 unusable
    "#]]);
}

#[test]
fn test_checks_the_file_that_an_element_shows() {
    let page = r##"<iam-playground src="photos.json" expect="implicitDeny"></iam-playground>
<iam-playground src="./photos.json?v=2#x" expect="allowed" />
<iam-playground src="photos.json"></iam-playground>
<iam-playground src="../broken.json" expect="allowed"></iam-playground>
<iam-playground src="policy.json" expect="allowed"></iam-playground>
<iam-playground src="none.json" expect="allowed"></iam-playground>
<iam-playground src="/photos.json" expect="allowed"></iam-playground>
<iam-playground src="https://example.org/photos.json" expect="alowed"></iam-playground>
<iam-playground src="https://example.org/photos.json" expect="allowed"></iam-playground>
"##;
    let folder = Folder::new("test_markdown_src")
        .with("docs/page.mdx", page)
        .with("docs/photos.json", format!("\u{feff}{{ \"request\": {REQUEST}, \"policies\": [] }}"))
        .with("docs/policy.json", r#"{ "Statement": [] }"#)
        .with("broken.json", "{ \"request\": {}, }");
    folder.run(&["test", "docs/page.mdx"]).code(2).complains(expect![[r#"
        docs/../broken.json:1:16: error[invalid-json]: there is a comma before the closing `}`
          |
        1 | { "request": {}, }
          |                ^
          help: commas stand between entries only: remove it

        docs/page.mdx:5:1: error[unchecked-element]: what `policy.json` decides cannot be checked: it is a policy by itself, and nobody asks for anything
          |
        5 | <iam-playground src="policy.json" expect="allowed"></iam-playground>
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          help: make it a scenario, with a `request`, or leave `expect` out

        docs/page.mdx:6:1: error[unchecked-element]: what `none.json` decides cannot be checked: docs/none.json cannot be read: No such file or directory (os error 2)
          |
        6 | <iam-playground src="none.json" expect="allowed"></iam-playground>
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          help: put `tests` into that file and check it too, and leave `expect` out

        docs/page.mdx:7:1: error[unchecked-element]: what `/photos.json` decides cannot be checked: only files named as they lie beside this one are read
          |
        7 | <iam-playground src="/photos.json" expect="allowed"></iam-playground>
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          help: put `tests` into that file and check it too, and leave `expect` out; or name it as it lies beside this file

        docs/page.mdx:8:63: error[unknown-expectation]: a page cannot expect `alowed`
          |
        8 | <iam-playground src="https://example.org/photos.json" expect="alowed"></iam-playground>
          |                                                               ^^^^^^
          help: did you mean `allowed`?

        docs/page.mdx:9:1: error[unchecked-element]: what `https://example.org/photos.json` decides cannot be checked: only files named as they lie beside this one are read
          |
        9 | <iam-playground src="https://example.org/photos.json" expect="allowed"></iam-playground>
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          help: put `tests` into that file and check it too, and leave `expect` out; or name it as it lies beside this file

    "#]]).prints(expect![[r#"
        FAILED docs/./photos.json:1:1  what the page states
          stated    docs/page.mdx:2:1
          expected  allowed
          got       implicitDeny by no statement (implicit-deny-identity)
          because   the user `alice` has no identity-based policies, and nothing else grants it; what is not allowed is denied

        1 passed, 1 failed in 2 scenarios, 6 unusable
    "#]]);
}

#[test]
fn a_test_that_expects_nonsense_is_told_once() {
    let tests = r#"[{ "name": "a", "request": {}, "expect": "alowed" }, { "name": "b", "request": {}, "expect": "implicitDeny" }]"#;
    let scenario = format!("{{ \"request\": {REQUEST}, \"policies\": [], \"tests\": {tests} }}");
    run(&["test"], scenario).code(2).complains(expect![[""]]).prints(expect![[r#"
        <stdin>:1:180: error[unknown-expectation]: a test cannot expect `alowed`
          |
        1 | ... "tests": [{ "name": "a", "request": {}, "expect": "alowed" }, { "name": "b", "request": {}, "expect": "implic...
          |                                                       ^^^^^^^^
          help: expect `allowed`, `implicitDeny` or `explicitDeny`, or null for no decision

        1 passed, 0 failed in 1 scenario, 1 unusable
    "#]]);
}

/// `aws iam get-policy-version`, `aws iam get-role` and their like print a policy within more.
#[test]
fn check_finds_the_policy_in_what_the_aws_cli_prints() {
    let version = r#"{
  "PolicyVersion": { "VersionId": "v1", "Note": "é😀", "Document": {
    "Version": "2012-10-17",
    "Statement": [{ "Effect": "Allow", "Action": "s3:GetObjct", "Resource": "arn:aws:s3:::photos/*" }]
  } }
}"#;
    let found = run(&["check", "--format", "json"], version).code(0).json();
    let diagnostics = found[0]["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert_eq!(diagnostics[0]["code"], "unknown-action");
    assert_eq!((&diagnostics[0]["start"]["line"], &diagnostics[0]["start"]["column"]), (&json!(4), &json!(50)));
    // A role's trust policy is read as one.
    let role = r#"{"Role": {"RoleName": "é", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/ci"}, "Action": "sts:AssumeRole"}]}}}"#;
    assert_eq!(run(&["check", "--format", "json"], role).code(0).json()[0]["diagnostics"], json!([]));
    // As a string it has no place in the file.
    let bucket = r#"{"Policy": "{\"Version\": \"2012-10-17\", \"Statement\": []}"}"#;
    let help = run(&["check", "--format", "json"], bucket).code(2).json()[0]["diagnostics"][0]["help"].clone();
    assert_eq!(help, "the policy is text within this JSON: take it out with `jq -r .Policy`, and check that");
}

#[test]
fn check_says_how_to_name_the_kind() {
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}]}"#;
    let help = |arguments: &[&str]| run(arguments, policy).code(2).json()[0]["diagnostics"][0]["help"].to_string();
    assert!(help(&["check", "--format", "json"]).contains("--kind bucket"));
    assert!(!help(&["check", "--format", "json", "--kind", "identity"]).contains("--kind"));
}

/// Windows' shells write UTF-16.
#[test]
fn text_in_utf_16_is_read_where_it_can_be() {
    let message = "User: arn:aws:iam::111122223333:user/bob is not authorized to perform: s3:GetObject";
    let little: Vec<u8> = "\u{feff}".encode_utf16().chain(message.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = message.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [little.clone(), big.clone()] {
        let scenario = run(&["from-error"], bytes).code(0).json();
        assert_eq!(scenario["request"]["action"], "s3:GetObject");
    }
    let policy: Vec<u8> = "{\n \"Version\": 1\n}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let log = run(&["check", "--format", "sarif"], policy).code(2).json();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!((results.len(), &results[0]["ruleId"]), (1, &json!("not-utf8")));
}

#[test]
fn check_prints_sarif_that_leads_to_the_lines_of_the_file() {
    let policy = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    { \"Effect\": \"Allow\", \"Action\": \"s3:GetObjct\", \"Resource\": \"*\" },\n    { \"Effect\": \"Allow\", \"Actoin\": \"s3:*\", \"Resource\": \"*\" }\n  ]\n}\n";
    let folder = Folder::new("check_sarif")
        .with("a policy.json", policy)
        .with("photos.json", PHOTOS.replace("s3:Get*", "s3:Gett*"))
        .with("broken.json", "{\n  \"request\": {},\n}");
    let output =
        folder.run(&["check", "--format", "sarif", "a policy.json", "photos.json", "broken.json", "gone.json"]);
    let log = output.code(2).json();
    assert_sarif(&log);
    assert_eq!((log["version"].as_str(), log["runs"].as_array().unwrap().len()), (Some("2.1.0"), 1));
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let mut found = Vec::new();
    for result in run["results"].as_array().unwrap() {
        let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(
            rule["helpUri"]
                .as_str()
                .unwrap()
                .ends_with(&format!("/docs/diagnostics/{}.md", rule["id"].as_str().unwrap()))
        );
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let location = &result["locations"][0]["physicalLocation"];
        let region = &location["region"];
        let number = |field: &str| region[field].as_u64();
        if let (Some(start), Some(end)) = (number("startLine"), number("endLine")) {
            assert!(start >= 1 && start <= end && number("startColumn").unwrap() >= 1);
        }
        let place = match number("startLine") {
            Some(line) => format!("{line}:{}", number("startColumn").unwrap()),
            None => "-".to_owned(),
        };
        let file = location["artifactLocation"]["uri"].as_str().unwrap();
        found.push(format!(
            "{} {file} {place} {}",
            result["level"].as_str().unwrap(),
            result["ruleId"].as_str().unwrap()
        ));
    }
    expect![[r#"
        warning a%20policy.json 4:36 unknown-action
        error a%20policy.json 5:26 unknown-element
        warning photos.json 18:36 pattern-without-action
        error broken.json 2:16 invalid-json
        error gone.json - unreadable-file
    "#]]
    .assert_eq(&format!("{}\n", found.join("\n")));
}

/// Holds a log against OASIS's schema of SARIF 2.1.0.
fn assert_sarif(log: &serde_json::Value) {
    let mut schema: Value = serde_json::from_str(include_str!("sarif-2.1.0.schema.json")).unwrap();
    // A bracket too many: it is no regular expression.
    for part in ["run", "toolComponent"] {
        schema["definitions"][part]["properties"]["language"].as_object_mut().unwrap().remove("pattern");
    }
    let validator = jsonschema::draft7::options().should_validate_formats(true).build(&schema).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(log).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The text with the replacements of all fixes, the last first. Everything here is ASCII.
fn mended(text: &str, log: &serde_json::Value) -> String {
    let lines: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let changes =
        results.iter().filter_map(|result| result["fixes"][0]["artifactChanges"][0]["replacements"].as_array());
    let mut changes: Vec<(usize, usize, &str)> = changes
        .flatten()
        .map(|change| {
            let number = |field: &str| change["deletedRegion"][field].as_u64().unwrap() as usize;
            let at = |line: &str, column: &str| lines[number(line) - 1] + number(column) - 1;
            let by = change["insertedContent"]["text"].as_str().unwrap_or("");
            (at("startLine", "startColumn"), at("endLine", "endColumn"), by)
        })
        .collect();
    changes.sort();
    let mut mended = text.to_owned();
    for (start, end, by) in changes.into_iter().rev() {
        mended.replace_range(start..end, by);
    }
    mended
}

#[test]
fn sarif_has_what_mends_a_finding() {
    let policy = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Sid\": \"\",\n      \"Effect\": \"Allow\",\n      \"Action\": \"s3:GetObjct\",\n      \"Resource\": \"arn:aws:s3:::photos/*\",\n      \"Condition\": { \"IpAddress\": { \"aws:SourceIp\": \"203.0.113.7/24\" } }\n    }\n  ]\n}\n";
    let scenario = format!(
        "{{\n\"request\": {{}},\n\"policies\": [{{ \"kind\": \"identity\", \"name\": \"P\", \"document\":\n{policy} }}]\n}}\n"
    );
    let folder = Folder::new("sarif_fixes").with("policy.json", policy).with("scenario.json", scenario.as_str());
    let log = folder.run(&["check", "--format", "sarif", "policy.json"]).code(0).json();
    assert_sarif(&log);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let fixed: Vec<_> =
        results.iter().map(|result| (result["ruleId"].as_str().unwrap(), result.get("fixes").is_some())).collect();
    assert_eq!(fixed, [("empty-sid", true), ("unknown-action", true), ("ip-range-host-bits", true)]);
    let folder = folder.with("mended.json", mended(policy, &log));
    let again = folder.run(&["check", "--format", "sarif", "mended.json"]).code(0).json();
    assert_eq!(again["runs"][0]["results"], serde_json::json!([]));
    assert_sarif(&again);

    // In a scenario's file the policy stands deeper: what is replaced is found there, what is taken out between two
    // pieces is not.
    let log = folder.run(&["check", "--format", "sarif", "scenario.json"]).code(2).json();
    assert_sarif(&log);
    let text = mended(&scenario, &log);
    assert!(
        text.contains("\"s3:GetObject\"") && text.contains("\"203.0.113.0/24\"") && text.contains("\"Sid\""),
        "{text}"
    );
}

#[test]
fn check_knows_the_actions_of_aws() {
    let policy = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"dynamodb:GetItm\", \"Resource\": \"*\"}]}";
    run(&["check", "--deny", "warnings"], policy).code(1).prints(expect![[r#"
        <stdin>:1:71: warning[unknown-action]: Amazon DynamoDB has no action `dynamodb:GetItm` that is known
          |
        1 | {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItm", "Resource": "*"}]}
          |                                                                       ^^^^^^^^^^^^^^^^^
          help: did you mean `dynamodb:GetItem`?

        0 errors, 1 warning
    "#]]);
    run(&["check"], reading().to_string()).code(0);
}

#[test]
fn expand_prints_the_actions_of_patterns_once_each() {
    run(&["expand", "s3:Get*Acl", "s3:GetObjectA*"], "").code(0).complains(expect![[""]]).prints(expect![[r#"
        s3:GetBucketAcl
        s3:GetObjectAcl
        s3:GetObjectVersionAcl
        s3:GetObjectAnnotation
        s3:GetObjectAttributes
    "#]]);
    run(&["expand", "--long", "sts:AssumeRole"], "").code(0).prints(expect![[r#"
        sts:AssumeRole                               Write                  Grants permission to obtain a set of temporary security credentials that you can use to access AWS resources that you might not normally have access to
    "#]]);
    run(&["expand", "s4:*", "sts:AssumeRoot"], "")
        .code(2)
        .prints(expect![[r#"
        sts:AssumeRoot
    "#]])
        .complains(expect![[r#"
        error: `s4:*` stands for no action that AWS lists
    "#]]);
    let all = run(&["expand", "--format", "json", "sqs:*"], "").code(0).json();
    assert!(all.as_array().unwrap().len() > 15);
    assert_eq!(all[0]["action"], "sqs:AddPermission");
}

#[test]
fn explain_prints_what_aws_documents() {
    run(&["explain", "iam:PassRole", "sqs:DeleteQueue"], "").code(0).prints(expect![[r#"
        iam:PassRole  Write
          Grants permission to pass a role to a service

          Resources (* each call has one)
            role*  arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}

          Condition keys, beside the global ones
            aws:ResourceTag/${TagKey}  String          Filters access based on the tags associated with the resource
            iam:AssociatedResourceArn  ARN             Filters access by the resource that the role will be used on behalf of
            iam:PassedToService        String          Filters access by the AWS service to which this role is passed
            iam:ResourceTag/${TagKey}  String          Filters access by the tags attached to an IAM entity (user or role)

        sqs:DeleteQueue  Write
          Grants permission to delete the queue specified by the queue URL, regardless of whether the queue is empty

          Resources (* each call has one)
            queue*  arn:${Partition}:sqs:${Region}:${Account}:${QueueName}

          Condition keys, beside the global ones
            aws:ResourceTag/${TagKey}  String          Filters access by the tags associated with the resource
    "#]]);
    run(&["explain", "iam:PasRole"], "").code(2).prints(expect![[""]]).complains(expect![[r#"
        error: `iam:PasRole` is no action that AWS lists
          help: did you mean `iam:PassRole`?
    "#]]);
    run(&["explain", "s3:Get*"], "").code(2).complains(expect![[r#"
        error: `s3:Get*` is no action that AWS lists
          help: for what a pattern stands for, use `iam-playground expand`
    "#]]);
    let launch = run(&["explain", "--format", "json", "ec2:RunInstances"], "").code(0).json();
    assert_eq!(launch["accessLevel"], "Write");
    assert!(launch["dependentActions"].as_array().unwrap().contains(&json!("iam:PassRole")));
}

const DENIED: &str = "An error occurred (AccessDenied) when calling the GetObject operation: User: arn:aws:iam::111122223333:user/bob is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::photos/cat.jpg\" because no identity-based policy allows the s3:GetObject action";

#[test]
fn from_error_makes_a_scenario_that_evaluate_decides() {
    run(&["from-error", "--format", "text"], DENIED).code(0).prints(expect![[r#"
        nothing allows `s3:GetObject`: no policy of the caller, and none of the resource; what is not allowed is denied
          principal   arn:aws:iam::111122223333:user/bob
          action      s3:GetObject
          resource    arn:aws:s3:::photos/cat.jpg
          operation   GetObject
          refused by  the caller's identity-based policies
          → see what the user has: `aws iam list-attached-user-policies --user-name bob`, `aws iam list-user-policies --user-name bob`, `aws iam list-groups-for-user --user-name bob`
          → add the caller's identity-based policies here, and see which statement decides

        {
          "version": 1,
          "title": "Why s3:GetObject is denied",
          "request": {
            "principal": "arn:aws:iam::111122223333:user/bob",
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::photos/cat.jpg"
          },
          "policies": [],
          "tests": [
            {
              "name": "what AWS answered",
              "request": {},
              "expect": "implicitDeny"
            }
          ]
        }
    "#]]);
    let scenario = run(&["from-error"], DENIED).code(0).stdout;
    let report = run(&["evaluate"], scenario).code(0).json();
    assert_eq!(report["decision"], "implicitDeny");
    assert_eq!(report["tests"][0]["pass"], true);
    // The sentence that AWS said is the one that the engine says.
    assert!(DENIED.ends_with(report["errorMessage"].as_str().unwrap()));
}

#[test]
fn from_error_says_what_it_looked_for() {
    run(&["from-error"], "hello").code(2).prints(expect![[""]]).complains(expect![[r#"
        this is no AccessDenied message and no CloudTrail event
          → a message of AWS is recognised by `is not authorized to perform`, `AccessDenied` or `UnauthorizedOperation`; paste all of it, what is around it does no harm
          → a CloudTrail event is recognised by its JSON with `eventSource` and `eventName`, alone, in `Records`, or within another object
          → the decoded form of an encoded authorization message is recognised by its JSON with `allowed` and `context`
    "#]]);
    let folder = Folder::new("from_error");
    folder.run(&["from-error", "gone.txt"]).code(2).prints(expect![[""]]);
}

#[test]
fn a_managed_policy_by_name_is_decided_and_quoted() {
    let mut by_name = allowed();
    by_name["policies"] = json!([{ "kind": "identity", "managedPolicy": "ReadOnlyAcess" }]);
    run(&["evaluate", "--format", "text"], by_name.to_string()).code(2).prints(expect![[r#"
        NO DECISION  <stdin>:1:1
          arn:aws:iam::111122223333:user/alice asks for s3:GetObject on arn:aws:s3:::photos/cat.jpg

          the request cannot be decided: there is no AWS managed policy `ReadOnlyAcess`, as far as is known here

          <stdin>:1:177: error[unknown-managed-policy]: there is no AWS managed policy `ReadOnlyAcess`, as far as is known here
            |
          1 | ..."policies":[{"kind":"identity","managedPolicy":"ReadOnlyAcess"}]}
            |                                                   ^^^^^^^^^^^^^^^
            help: did you mean `ReadOnlyAccess`?
    "#]]);
    by_name["policies"] =
        json!([{ "kind": "identity", "managedPolicy": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }]);
    let report = run(&["evaluate"], by_name.to_string()).code(0).json();
    assert_eq!(report["matchedStatements"][0]["policy"], "AmazonS3ReadOnlyAccess");
}

#[test]
fn of_very_many_faults_in_markdown_the_first_are_told() {
    let folder = Folder::new("markdown_faults").with("a.md", "<iam-playground expect=\"allowed\">\n\n".repeat(20_000));
    let output = folder.run(&["test", "a.md"]).code(2);
    assert_eq!(output.stderr.matches("error[unclosed-element]").count(), 100);
    assert!(output.stderr.ends_with("a.md: and 19900 more\n"), "{}", output.stderr);
    assert!(output.stdout.ends_with("0 passed, 0 failed in 0 scenarios, 20000 unusable\n"), "{}", output.stdout);
}
