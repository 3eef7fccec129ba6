//! Reading a scenario leniently: every field of the wrong shape is reported at its JSON Pointer and left out.

use serde_json::{Map, Value};

use super::{Expect, InputKind, Organization, PolicyInput, Problem, RequestInput, Scenario, TestInput};
use crate::{Decision, Severity};

/// The format's version.
const VERSION: u64 = 1;

/// Fields of a scenario; those behind the contract's own are used by our case files and examples.
const SCENARIO: &[&str] = &["version", "title", "description", "request", "policies", "organization", "tests"];
const REQUEST: &[&str] = &["principal", "action", "resource", "resourceAccount", "sessionIssuer", "context", "derive"];
const POLICY: &[&str] = &["kind", "name", "via", "target", "document", "managedPolicy"];
const ORGANIZATION: &[&str] = &["managementAccount", "scpLevels"];
const TEST: &[&str] =
    &["name", "request", "expect", "expectStatements", "expectReason", "expectErrorMessage", "expectDiagnostics"];

pub(super) fn scenario(value: &Value) -> (Scenario, Vec<Problem>) {
    let mut reader = Reader { problems: Vec::new() };
    let scenario = match value {
        Value::Object(object) => reader.scenario(object),
        other => {
            reader.error("", "invalid-scenario", format!("a scenario is an object, not {}", describe(other)));
            Scenario::default()
        }
    };
    (scenario, reader.problems)
}

struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn scenario(&mut self, object: &Map<String, Value>) -> Scenario {
        self.version(object.get("version"));
        self.fields("", object, SCENARIO);
        let request = match object.get("request") {
            Some(request) => self.request(request, "/request"),
            None => {
                self.missing("/request", "request", "who asks for what: principal, action and resource");
                RequestInput::default()
            }
        };
        let policies = match object.get("policies") {
            Some(Value::Array(policies)) => {
                policies.iter().enumerate().filter_map(|(at, policy)| self.policy(policy, at)).collect()
            }
            Some(other) => {
                self.wrong("/policies", "an array of policies", other);
                Vec::new()
            }
            None => {
                self.missing("/policies", "policies", "an array, empty where nothing is attached");
                Vec::new()
            }
        };
        let organization = self.organization(object.get("organization"));
        let tests = match object.get("tests") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(tests)) => {
                tests.iter().enumerate().filter_map(|(at, test)| self.test(test, at)).collect()
            }
            Some(other) => {
                self.wrong("/tests", "an array of tests", other);
                Vec::new()
            }
        };
        Scenario {
            title: self.words(object, "title"),
            description: self.words(object, "description"),
            request,
            policies,
            organization,
            tests,
        }
    }

    /// A text that says something about the scenario and is no part of the question.
    fn words(&mut self, object: &Map<String, Value>, field: &str) -> Option<String> {
        let before = self.problems.len();
        let words = self.text(object, field, "");
        self.problems.iter_mut().skip(before).for_each(|problem| problem.severity = Severity::Warning);
        words
    }

    fn version(&mut self, version: Option<&Value>) {
        match version {
            None | Some(Value::Null) => {}
            Some(version) if version.as_f64() == Some(VERSION as f64) => {}
            Some(version) => {
                let message = format!("unknown scenario version `{version}`");
                self.error("/version", "unknown-version", message);
                self.help(format!("this engine reads version {VERSION}; a newer scenario needs a newer engine"));
            }
        }
    }

    fn request(&mut self, value: &Value, path: &str) -> RequestInput {
        let Value::Object(object) = value else {
            self.wrong(path, "an object with principal, action and resource", value);
            return RequestInput::default();
        };
        self.fields(path, object, REQUEST);
        let principal = match object.get("principal") {
            None | Some(Value::Null) => None,
            Some(principal @ (Value::String(_) | Value::Object(_))) => Some(principal.clone()),
            Some(other) => {
                self.wrong(&format!("{path}/principal"), "a string or an object such as {\"Service\": …}", other);
                None
            }
        };
        let derive = match object.get("derive") {
            None | Some(Value::Null) => None,
            Some(Value::Bool(derive)) => Some(*derive),
            Some(other) => {
                self.wrong(&format!("{path}/derive"), "true or false", other);
                None
            }
        };
        let context = match object.get("context") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(context)) => self.context(context, path),
            Some(other) => {
                self.wrong(&format!("{path}/context"), "an object of condition keys and their values", other);
                Map::new()
            }
        };
        RequestInput {
            principal,
            action: self.text(object, "action", path),
            resource: self.text(object, "resource", path),
            resource_account: self.text(object, "resourceAccount", path),
            session_issuer: self.text(object, "sessionIssuer", path),
            context,
            derive,
        }
    }

    /// Keeps the keys whose values can be used.
    fn context(&mut self, context: &Map<String, Value>, path: &str) -> Map<String, Value> {
        let mut kept = Map::new();
        for (key, value) in context {
            let scalar = |value: &Value| matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_));
            let usable = match value {
                Value::Null => true,
                Value::Array(values) => values.iter().all(scalar),
                value => scalar(value),
            };
            if usable {
                kept.insert(key.clone(), value.clone());
                continue;
            }
            let message = format!("the value of `{key}` is {}", describe(value));
            self.error(&format!("{path}/context/{}", escape(key)), "invalid-context-value", message);
            self.help("a value is a string, a number, true or false, an array of those, or null for absent");
        }
        kept
    }

    fn policy(&mut self, value: &Value, index: usize) -> Option<PolicyInput> {
        let path = &format!("/policies/{index}");
        let Value::Object(object) = value else {
            self.wrong(path, "an object with kind and document", value);
            return None;
        };
        self.fields(path, object, POLICY);
        let kinds = || InputKind::ALL.map(InputKind::name);
        let kind = match object.get("kind") {
            Some(Value::String(name)) => {
                let kind = InputKind::ALL.into_iter().find(|kind| kind.name() == name);
                if kind.is_none() {
                    self.error(&format!("{path}/kind"), "unknown-kind", format!("unknown kind of policy `{name}`"));
                    let guess = policy::nearest(name, kinds()).map(|near| format!("did you mean `{near}`? "));
                    let list = kinds().join("`, `");
                    self.help(format!("{}the kinds are `{list}`", guess.unwrap_or_default()));
                }
                kind
            }
            Some(other) => {
                self.wrong(&format!("{path}/kind"), "the name of a kind, such as \"identity\"", other);
                None
            }
            None => {
                self.missing(&format!("{path}/kind"), "kind", &format!("one of `{}`", kinds().join("`, `")));
                None
            }
        };
        let document = match (object.get("document"), object.get("managedPolicy")) {
            // The whole engine says so; the first, which has to be small, takes the document.
            #[cfg(feature = "lints")]
            (Some(_), Some(_)) => {
                let message = "a policy has a `document` or a `managedPolicy`, not both".to_owned();
                self.error(&format!("{path}/managedPolicy"), "document-and-managed-policy", message);
                None
            }
            (Some(document @ (Value::String(_) | Value::Object(_))), _) => Some(document.clone()),
            (Some(other), _) => {
                self.wrong(&format!("{path}/document"), "an object, or a string with the document's text", other);
                None
            }
            #[cfg(feature = "lints")]
            (None, Some(other)) if !other.is_string() => {
                self.wrong(&format!("{path}/managedPolicy"), "a name or an ARN", other);
                None
            }
            // Who knows the documents has put this one in its place before.
            (None, Some(name)) => {
                let message = format!("the AWS managed policy `{}` is not loaded yet", written(name));
                self.error(&format!("{path}/managedPolicy"), "managed-policy-not-loaded", message);
                None
            }
            (None, None) => {
                self.missing(&format!("{path}/document"), "document", "the policy document");
                None
            }
        };
        let [name, via, target] = ["name", "via", "target"].map(|field| self.text(object, field, path));
        Some(PolicyInput { index, kind: kind?, name, via, target, document: document? })
    }

    fn organization(&mut self, value: Option<&Value>) -> Option<Organization> {
        let object = match value? {
            Value::Null => return None,
            Value::Object(object) => object,
            other => {
                self.wrong("/organization", "an object", other);
                return None;
            }
        };
        self.fields("/organization", object, ORGANIZATION);
        Some(Organization {
            management_account: self.text(object, "managementAccount", "/organization"),
            scp_levels: self.texts(object, "scpLevels", "/organization"),
        })
    }

    fn test(&mut self, value: &Value, at: usize) -> Option<TestInput> {
        let path = format!("/tests/{at}");
        let Value::Object(object) = value else {
            self.wrong(&path, "an object with name, request and expect", value);
            return None;
        };
        self.fields(&path, object, TEST);
        let request = match object.get("request") {
            None | Some(Value::Null) => RequestInput::default(),
            Some(request) => self.request(request, &format!("{path}/request")),
        };
        let expect = match object.get("expect") {
            None => Expect::Nothing,
            Some(Value::Null) => Expect::NoDecision,
            Some(value) => match value.as_str().and_then(Decision::parse) {
                Some(decision) => Expect::Decision(decision),
                None => {
                    let message = format!("a test cannot expect `{}`", written(value));
                    self.error(&format!("{path}/expect"), "unknown-expectation", message);
                    self.help("expect `allowed`, `implicitDeny` or `explicitDeny`, or null for no decision");
                    Expect::Nothing
                }
            },
        };
        let name = self.text(object, "name", &path).unwrap_or_else(|| format!("test {}", at + 1));
        Some(TestInput {
            name,
            request,
            expect,
            expect_statements: self.texts(object, "expectStatements", &path),
            expect_reason: self.text(object, "expectReason", &path),
            expect_error_message: self.text(object, "expectErrorMessage", &path),
            expect_diagnostics: self.texts(object, "expectDiagnostics", &path),
        })
    }

    fn text(&mut self, object: &Map<String, Value>, field: &str, path: &str) -> Option<String> {
        match object.get(field)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => {
                self.wrong(&format!("{path}/{field}"), "a string", other);
                None
            }
        }
    }

    fn texts(&mut self, object: &Map<String, Value>, field: &str, path: &str) -> Option<Vec<String>> {
        let values = match object.get(field)? {
            Value::Null => return None,
            Value::Array(values) => values,
            other => {
                self.wrong(&format!("{path}/{field}"), "an array of strings", other);
                return None;
            }
        };
        let mut texts = Vec::with_capacity(values.len());
        for (at, value) in values.iter().enumerate() {
            match value {
                Value::String(text) => texts.push(text.clone()),
                other => self.wrong(&format!("{path}/{field}/{at}"), "a string", other),
            }
        }
        Some(texts)
    }

    /// Warns of fields that look like a known one misspelt; others are somebody's own and left alone.
    fn fields(&mut self, path: &str, object: &Map<String, Value>, known: &[&'static str]) {
        for field in object.keys().filter(|field| !known.contains(&field.as_str())) {
            let Some(near) = policy::nearest(field, known.iter().copied()) else {
                continue;
            };
            if object.contains_key(near) {
                continue;
            }
            self.problems.push(Problem {
                path: format!("{path}/{}", escape(field)),
                severity: Severity::Warning,
                code: "unknown-field",
                message: format!("unknown field `{field}` is ignored"),
                help: Some(format!("did you mean `{near}`?")),
            });
        }
    }

    fn wrong(&mut self, path: &str, wanted: &str, value: &Value) {
        let (list, field) = path.rsplit_once('/').unwrap_or(("", path));
        let field = match field.parse::<usize>() {
            Ok(number) => format!("entry {number} of `{}`", list.trim_start_matches('/')),
            Err(_) => format!("`{field}`"),
        };
        self.error(path, "invalid-scenario", format!("{field} must be {wanted}, not {}", describe(value)));
    }

    fn missing(&mut self, path: &str, field: &str, what: &str) {
        self.error(path, "missing-field", format!("the field `{field}` is missing"));
        self.help(format!("`{field}` is {what}"));
    }

    fn error(&mut self, path: &str, code: &'static str, message: String) {
        self.problems.push(Problem { path: path.to_owned(), severity: Severity::Error, code, message, help: None });
    }

    /// Adds the remedy to the problem just found.
    fn help(&mut self, help: impl Into<String>) {
        if let Some(problem) = self.problems.last_mut() {
            problem.help = Some(help.into());
        }
    }
}

/// A key as part of a JSON Pointer.
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// A value as text in a message.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
