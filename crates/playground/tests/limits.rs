//! Large and hostile input is answered, or refused with a reason, in time that grows with its size and not with its
//! square. `docs/limits.md` has the figures; they are made by
//!
//! ```text
//! cargo test --release -p iam-playground-core --test limits -- --ignored --nocapture --test-threads=1
//! ```

use std::time::{Duration, Instant};

use playground::{Decision, Options, Report, evaluate_value};
use serde_json::{Map, Value, json};
use testing::{NOW, report_is_sound};

/// Something large.
struct Load {
    /// What, in the words of the table; `N` is the size.
    name: &'static str,
    /// The size in the table.
    full: usize,
    /// A size that also a debug build answers in a moment.
    small: usize,
    make: fn(usize) -> Value,
    expect: Expect,
}

/// What the answer must be.
enum Expect {
    Decides(Decision),
    /// No decision, and a finding with this code.
    Refused(&'static str),
}

const ALLOWED: Expect = Expect::Decides(Decision::Allowed);
const DENIED: Expect = Expect::Decides(Decision::ImplicitDeny);

const USER: &str = "arn:aws:iam::111122223333:user/alice";

fn scenario(request: Value, policies: Vec<Value>) -> Value {
    let mut whole = json!({
        "principal": USER, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "context": {}
    });
    for (field, value) in request.as_object().expect("an object") {
        whole[field] = value.clone();
    }
    json!({ "request": whole, "policies": policies })
}

fn policy(kind: &str, statements: Value) -> Value {
    json!({ "kind": kind, "document": { "Version": "2012-10-17", "Statement": statements } })
}

fn text(kind: &str, text: String) -> Value {
    json!({ "kind": kind, "document": text })
}

fn allow(fields: Value) -> Value {
    let mut statement = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
    for (field, value) in fields.as_object().expect("an object") {
        statement[field] = value.clone();
    }
    statement
}

fn identity(fields: Value) -> Vec<Value> {
    vec![policy("identity", json!([allow(fields)]))]
}

fn numbered(count: usize, name: impl Fn(usize) -> String) -> Vec<Value> {
    (0..count).map(|at| Value::String(name(at))).collect()
}

/// One condition on a list of the request.
fn listed(size: usize, operator: &str, policy: impl Fn(usize) -> String, request: impl Fn(usize) -> String) -> Value {
    let conditions = json!({ operator: { "custom:List": numbered(size, policy) } });
    let context = json!({ "context": { "custom:List": numbered(size, request) } });
    scenario(context, identity(json!({ "Condition": conditions })))
}

const LOADS: &[Load] = &[
    // Patterns.
    Load {
        name: "eight `*a` and `*b*` as a resource, a text of N `a`",
        full: 1_000_000,
        small: 50_000,
        make: |n| {
            let resource = format!("arn:aws:s3:::{}", "a".repeat(n));
            let pattern = format!("arn:aws:s3:::{}*b*", "*a".repeat(8));
            scenario(json!({ "resource": resource }), identity(json!({ "Resource": pattern })))
        },
        expect: DENIED,
    },
    Load {
        name: "eight `*a` and `*b*` in `StringLike`, a context value of N `a`",
        full: 1_000_000,
        small: 50_000,
        make: |n| {
            let context = json!({ "context": { "aws:UserAgent": "a".repeat(n) } });
            let like = json!({ "StringLike": { "aws:UserAgent": format!("{}*b*", "*a".repeat(8)) } });
            scenario(context, identity(json!({ "Condition": like })))
        },
        expect: DENIED,
    },
    Load {
        name: "eight `*a` and `*b*` as an action, an action of N `a`",
        full: 1_000_000,
        small: 50_000,
        make: |n| {
            let action = format!("s3:{}", "a".repeat(n));
            scenario(json!({ "action": action }), identity(json!({ "Action": format!("s3:{}*b*", "*a".repeat(8)) })))
        },
        expect: DENIED,
    },
    Load {
        name: "eight `?*a` and `*b*` as a resource, a text of N `a`",
        full: 1_000_000,
        small: 50_000,
        make: |n| {
            let resource = format!("arn:aws:s3:::{}", "a".repeat(n));
            let pattern = format!("arn:aws:s3:::{}*b*", "?*a".repeat(8));
            scenario(json!({ "resource": resource }), identity(json!({ "Resource": pattern })))
        },
        expect: DENIED,
    },
    Load {
        name: "a `*` inside the region of a resource, and an ARN of N characters",
        full: 1_000_000,
        small: 20_000,
        make: |n| {
            let resource = format!("arn:aws:sqs:eu-west-1:111122223333:{}", "a".repeat(n));
            let pattern = "arn:aws:sqs:eu-*-1:111122223333:*a*a*b*";
            scenario(json!({ "resource": resource }), identity(json!({ "Resource": pattern })))
        },
        expect: DENIED,
    },
    Load {
        name: "`*` and 1,000 `a` and `b` as a resource, a text of N `a`",
        full: 1_000_000,
        small: 20_000,
        make: |n| {
            let resource = format!("arn:aws:s3:::{}", "a".repeat(n));
            let pattern = format!("arn:aws:s3:::*{}b*", "a".repeat(1000));
            scenario(json!({ "resource": resource }), identity(json!({ "Resource": pattern })))
        },
        expect: DENIED,
    },
    Load {
        name: "an action, a resource and a session name of N characters each",
        full: 1_000_000,
        small: 50_000,
        make: |n| {
            let long = "x".repeat(n);
            let request = json!({
                "principal": format!("arn:aws:sts::111122223333:assumed-role/R/{long}"),
                "action": format!("s3:{long}"),
                "resource": format!("arn:aws:s3:::b/{long}"),
            });
            scenario(request, identity(json!({ "Action": "s3:x*", "Resource": "arn:aws:s3:::b/*" })))
        },
        expect: ALLOWED,
    },
    // Documents.
    Load {
        name: "N statements in one policy",
        full: 100_000,
        small: 4_000,
        make: |n| {
            let statements: Vec<Value> = (0..n)
                .map(|at| {
                    json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": format!("arn:aws:s3:::b{at}/*") })
                })
                .collect();
            scenario(json!({ "resource": "arn:aws:s3:::b7/k" }), vec![policy("identity", json!(statements))])
        },
        expect: ALLOWED,
    },
    Load {
        name: "N statements with a condition each, on keys that the request lacks",
        full: 100_000,
        small: 4_000,
        make: |n| {
            let statements: Vec<Value> = (0..n)
                .map(|at| allow(json!({ "Condition": { "StringEquals": { format!("custom:k{at}"): "v" } } })))
                .collect();
            // on one line: laid out as an object it would be longer than is read
            let document = json!({ "Version": "2012-10-17", "Statement": statements });
            scenario(json!({}), vec![text("identity", document.to_string())])
        },
        expect: DENIED,
    },
    Load {
        name: "N actions and N resources in one statement",
        full: 100_000,
        small: 4_000,
        make: |n| {
            let actions = numbered(n, |at| format!("s3:Get{at}*"));
            let mut resources = numbered(n, |at| format!("arn:aws:s3:::b{at}/*"));
            resources.push(json!("arn:aws:s3:::b/*"));
            let mut actions = actions;
            actions.push(json!("s3:GetObject"));
            scenario(json!({}), identity(json!({ "Action": actions, "Resource": resources })))
        },
        expect: ALLOWED,
    },
    Load {
        name: "N principals in one statement",
        full: 100_000,
        small: 4_000,
        make: |n| {
            let mut users = numbered(n, |at| format!("arn:aws:iam::111122223333:user/u{at}"));
            users.push(json!(USER));
            let statement = allow(json!({ "Principal": { "AWS": users } }));
            scenario(json!({}), vec![policy("resource", json!([statement]))])
        },
        expect: ALLOWED,
    },
    Load {
        name: "200 actions of N characters, each nearly covered by the others",
        full: 2_000,
        small: 200,
        make: |n| {
            let actions = numbered(200, |at| format!("s3:*{}{at:03}{}*", "a".repeat(n), "a".repeat(n)));
            scenario(json!({}), identity(json!({ "Action": actions })))
        },
        expect: DENIED,
    },
    Load {
        name: "N times the same unknown element in a policy",
        full: 100_000,
        small: 4_000,
        make: |n| {
            let elements: String = (0..n).map(|_| "\"Staement\": 1, ").collect();
            scenario(json!({}), vec![text("identity", format!("{{{elements}\"Version\": \"2012-10-17\"}}"))])
        },
        expect: Expect::Refused("duplicate-key"),
    },
    Load {
        name: "N findings: actions without a service",
        full: 500_000,
        small: 20_000,
        make: |n| scenario(json!({}), identity(json!({ "Action": numbered(n, |at| format!("Get{at}")) }))),
        expect: Expect::Refused("action-without-service"),
    },
    Load {
        name: "one string of N characters where an action stands",
        full: 10_000_000,
        small: 200_000,
        make: |n| scenario(json!({}), identity(json!({ "Action": "é".repeat(n / 2) }))),
        expect: Expect::Refused("action-without-service"),
    },
    Load {
        name: "N bytes of `${` in a resource",
        full: 10_000_000,
        small: 200_000,
        make: |n| {
            let resource = format!("arn:aws:s3:::{}", "${".repeat(n / 2));
            scenario(json!({}), identity(json!({ "Resource": resource })))
        },
        expect: DENIED,
    },
    Load {
        name: "N bytes of variables in a resource",
        full: 10_000_000,
        small: 200_000,
        make: |n| {
            let resource = format!("arn:aws:s3:::{}", "${aws:username}".repeat(n / 15));
            scenario(json!({}), identity(json!({ "Resource": resource })))
        },
        expect: DENIED,
    },
    Load {
        name: "N bytes that are no JSON",
        full: 10_000_000,
        small: 500_000,
        make: |n| scenario(json!({}), vec![text("identity", format!("{{\"Statement\": [{}", "1, ".repeat(n / 3)))]),
        expect: Expect::Refused("invalid-json"),
    },
    Load {
        name: "N bytes of line breaks before a policy",
        full: 10_000_000,
        small: 500_000,
        make: |n| {
            let document = policy("identity", json!([allow(json!({}))]))["document"].to_string();
            scenario(json!({}), vec![text("identity", format!("{}{document}", "\n".repeat(n)))])
        },
        expect: ALLOWED,
    },
    Load {
        name: "a document of more than 16 MiB",
        full: 17_000_000,
        small: 16_777_217,
        make: |n| scenario(json!({}), vec![text("identity", " ".repeat(n))]),
        expect: Expect::Refused("invalid-json"),
    },
    Load {
        name: "brackets N deep in a document",
        full: 1_000_000,
        small: 100_000,
        make: |n| scenario(json!({}), vec![text("identity", "[".repeat(n))]),
        expect: Expect::Refused("invalid-json"),
    },
    Load {
        name: "objects N deep in a document",
        full: 1_000_000,
        small: 100_000,
        make: |n| scenario(json!({}), vec![text("identity", "{\"a\":".repeat(n))]),
        expect: Expect::Refused("invalid-json"),
    },
    // The request's context.
    Load {
        name: "N values of a context key, `ForAnyValue:StringLike`",
        full: 10_000,
        small: 1_000,
        make: |n| {
            let context = json!({ "context": { "aws:TagKeys": numbered(n, |at| format!("tag-{at}")) } });
            let condition = json!({ "ForAnyValue:StringLike": { "aws:TagKeys": "x-*" } });
            scenario(context, identity(json!({ "Condition": condition })))
        },
        expect: DENIED,
    },
    Load {
        name: "N values of a policy × N of the request, `ForAnyValue:StringEquals`",
        full: 10_000,
        small: 1_000,
        make: |n| listed(n, "ForAnyValue:StringEquals", |at| format!("p{at}"), |at| format!("r{at}")),
        expect: DENIED,
    },
    Load {
        name: "N values of a policy × N of the request, `ForAllValues:StringNotLike`",
        full: 2_000,
        small: 500,
        make: |n| listed(n, "ForAllValues:StringNotLike", |at| format!("*p{at}*"), |at| format!("r{at}-abcdefgh")),
        expect: ALLOWED,
    },
    Load {
        name: "N values of a policy × N of the request, `ForAnyValue:StringEqualsIgnoreCase`",
        full: 10_000,
        small: 1_000,
        make: |n| listed(n, "ForAnyValue:StringEqualsIgnoreCase", |at| format!("P{at}"), |at| format!("R{at}")),
        expect: DENIED,
    },
    Load {
        name: "N values of a policy × N of the request, `ForAllValues:NumericNotEquals`",
        full: 10_000,
        small: 1_000,
        make: |n| listed(n, "ForAllValues:NumericNotEquals", |at| format!("{at}.5"), |at| format!("{at}")),
        expect: ALLOWED,
    },
    Load {
        name: "N values with a variable × N of the request, `ForAnyValue:StringEquals`",
        full: 800,
        small: 300,
        make: |n| {
            listed(n, "ForAnyValue:StringEquals", |at| format!("${{aws:username}}-{at}"), |at| format!("bob-{at}"))
        },
        expect: DENIED,
    },
    Load {
        name: "N statements, each asking for a key with 1,000 values",
        full: 1_600,
        small: 100,
        make: |n| {
            let statement = allow(json!({ "Condition": { "ForAnyValue:StringEquals": { "aws:TagKeys": "nothing" } } }));
            let statements = vec![statement; n];
            let context = json!({ "context": { "aws:TagKeys": numbered(1000, |at| format!("tag-{at}")) } });
            scenario(context, vec![policy("identity", json!(statements))])
        },
        expect: DENIED,
    },
    Load {
        name: "N context keys",
        full: 10_000,
        small: 2_000,
        make: |n| {
            // not in the order in which they are kept
            let keys = (0..n).rev().map(|at| (format!("custom:k{at:08}"), json!("v")));
            scenario(json!({ "context": keys.collect::<Map<_, _>>() }), identity(json!({})))
        },
        expect: ALLOWED,
    },
    Load {
        name: "more than 10,000 context keys",
        full: 200_000,
        small: 10_001,
        make: |n| {
            let keys = (0..n).map(|at| (format!("custom:k{at}"), json!("v")));
            scenario(json!({ "context": keys.collect::<Map<_, _>>() }), identity(json!({})))
        },
        expect: Expect::Refused("too-many-context-keys"),
    },
    Load {
        name: "10,000 values and more of a policy × as many of the request",
        full: 40_000,
        small: 10_000,
        make: |n| listed(n, "ForAllValues:StringNotLike", |at| format!("*p{at}*"), |at| format!("r{at}-abcdefgh")),
        expect: Expect::Refused("too-much-to-compare"),
    },
    Load {
        name: "10,000 statements, each asking for a key with N values",
        full: 40_000,
        small: 10_000,
        make: |n| {
            let statement = allow(json!({ "Condition": { "ForAnyValue:StringEquals": { "aws:TagKeys": "nothing" } } }));
            let context = json!({ "context": { "aws:TagKeys": numbered(n, |at| format!("tag-{at}")) } });
            scenario(context, vec![policy("identity", json!(vec![statement; 10_000]))])
        },
        expect: Expect::Refused("too-much-to-compare"),
    },
    Load {
        name: "10,000 resources with a variable whose value has N characters",
        full: 1_000_000,
        small: 100_000,
        make: |n| {
            let context = json!({ "context": { "aws:PrincipalTag/long": "x".repeat(n) } });
            let resources = numbered(10_000, |at| format!("arn:aws:s3:::${{aws:PrincipalTag/long}}/{at}"));
            scenario(context, identity(json!({ "Resource": resources })))
        },
        expect: Expect::Refused("too-much-to-compare"),
    },
    // Many of everything else.
    Load {
        name: "N policies",
        full: 100_000,
        small: 4_000,
        make: |n| scenario(json!({}), vec![policy("identity", json!([allow(json!({}))])); n]),
        expect: ALLOWED,
    },
    Load {
        name: "N levels with a service control policy each",
        full: 100_000,
        small: 4_000,
        make: |n| {
            let mut policies = identity(json!({}));
            for at in 0..n {
                let mut scp = policy("scp", json!([allow(json!({}))]));
                scp["target"] = json!(format!("ou-{at}"));
                policies.push(scp);
            }
            scenario(json!({}), policies)
        },
        expect: ALLOWED,
    },
    Load {
        name: "N levels without a service control policy",
        full: 100_000,
        small: 4_000,
        make: |n| {
            let mut scenario = scenario(json!({}), identity(json!({})));
            scenario["organization"] = json!({ "scpLevels": numbered(n, |at| format!("ou-{at}")) });
            scenario
        },
        expect: DENIED,
    },
    Load {
        name: "N tests on one statement",
        full: 100_000,
        small: 2_000,
        make: |n| {
            let mut scenario = scenario(json!({}), identity(json!({ "Action": "s3:*" })));
            let test = json!({ "name": "t", "request": { "action": "s3:PutObject" }, "expect": "allowed" });
            scenario["tests"] = json!(vec![test; n]);
            scenario
        },
        expect: ALLOWED,
    },
];

fn run(scenario: &Value) -> (Report, Duration) {
    let start = Instant::now();
    let report = evaluate_value(scenario, Options { now: Some(NOW) });
    (report, start.elapsed())
}

fn answer_is_right(load: &Load, report: &Report) {
    let Report { decision, reason, .. } = report;
    match load.expect {
        Expect::Decides(expected) => assert_eq!(*decision, Some(expected), "{}: {}", load.name, start(&reason.message)),
        Expect::Refused(code) => {
            assert_eq!(*decision, None, "{}", load.name);
            let finding = report.diagnostics.iter().find(|finding| finding.code == code);
            assert!(finding.is_some(), "{}: {}", load.name, start(&reason.message));
        }
    }
}

fn start(text: &str) -> String {
    text.chars().take(300).collect()
}

#[test]
fn large_input_is_answered() {
    for load in LOADS {
        let scenario = (load.make)(load.small);
        let (report, took) = run(&scenario);
        answer_is_right(load, &report);
        report_is_sound(&scenario, &report);
        assert!(took < Duration::from_secs(20), "{} at {}: {took:?}", load.name, load.small);
    }
}

/// The quickest of some runs, where they are short: another program may have been at work during one.
fn quickest(scenario: &Value) -> (Report, Duration) {
    let (report, mut best) = run(scenario);
    for _ in 0..5 {
        if best < Duration::from_millis(500) {
            best = best.min(run(scenario).1);
        }
    }
    (report, best)
}

/// The figures of `docs/limits.md`.
#[test]
#[ignore = "takes minutes; prints a table"]
fn figures() {
    let only = std::env::var("ONLY").ok();
    println!("| N | what | time | × for 2 N |\n| --- | --- | --- | --- |");
    for load in LOADS.iter().filter(|load| only.as_ref().is_none_or(|only| load.name.contains(only.as_str()))) {
        let (half, whole) = ((load.make)(load.full / 2), (load.make)(load.full));
        let first = quickest(&half).1;
        let (report, second) = quickest(&whole);
        answer_is_right(load, &report);
        let ratio = second.as_secs_f64() / first.as_secs_f64();
        println!("| {} | {} | {:.0} ms | {ratio:.1} |", load.full, load.name, second.as_secs_f64() * 1e3);
    }
}
