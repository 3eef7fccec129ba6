//! From the request as written to the request as evaluated, with everything that makes it unusable.

use evaluator::{BadCaller, Caller, Context, Request, Source};
use policy::arn::{Arn, is_account_id};
use policy::literal::Instant;
use serde_json::Value;

use crate::{Options, Problem, RequestInput, Severity, limits};

/// The request to evaluate, or `None` where it is unusable; what is wrong is added to `problems`. `path` is the JSON
/// Pointer of the request in the scenario.
pub(crate) fn build(
    input: &RequestInput,
    management_account: Option<&str>,
    path: &str,
    options: Options,
    problems: &mut Vec<Problem>,
) -> Option<Request> {
    let mut builder = Builder { path, problems };
    let caller = builder.caller(input);
    let action = builder.action(input.action.as_deref());
    let resource = builder.resource(input.resource.as_deref());
    if let Some(account) = input.resource_account.as_deref().filter(|account| !is_account_id(account)) {
        builder.warn("resourceAccount", "invalid-account", format!("`{account}` is not a 12-digit account id"), None);
    }
    if input.context.len() > limits::CONTEXT_KEYS {
        let message = format!("the context has {} keys", input.context.len());
        builder.error(
            "context",
            "too-many-context-keys",
            message,
            &format!("give at most {}; a request of AWS has some dozen", limits::CONTEXT_KEYS),
        );
        return None;
    }
    let context = context(input);
    let caller = with_role_path(caller?, input, &context);
    let mut request = Request::new(caller, action?, resource?, input.resource_account.as_deref(), context);
    request.management_account = management_account.map(str::to_owned);
    if input.derive.unwrap_or(true) {
        request.derive(options.now.map(Instant::from_epoch_milliseconds));
    }
    Some(request)
}

/// A session's ARN does not tell the path of its role, or the user of a federated session: the issuer does, or, for
/// a role, a given `aws:PrincipalArn`.
fn with_role_path(caller: Caller, input: &RequestInput, context: &Context) -> Caller {
    let given = context.get("aws:PrincipalArn").and_then(|entry| entry.values.first());
    match (input.session_issuer.as_ref(), given) {
        (Some(issuer), _) => caller.issued_by(issuer),
        (None, Some(role)) if matches!(caller, Caller::RoleSession { .. }) => caller.issued_by(role),
        _ => caller,
    }
}

fn context(input: &RequestInput) -> Context {
    let mut context = Context::default();
    for (key, value) in &input.context {
        match value {
            Value::Null => context.add_absent(key),
            Value::Array(values) => {
                context.add(key, values.iter().filter_map(text).collect(), true, Source::Given);
            }
            value => context.add(key, text(value).into_iter().collect(), false, Source::Given),
        }
    }
    context
}

/// A context value as text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

struct Builder<'a> {
    path: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl Builder<'_> {
    fn caller(&mut self, input: &RequestInput) -> Option<Caller> {
        let Some(principal) = &input.principal else {
            self.missing("principal", "who asks: the ARN of a user, role, session or root user, or `*` for anonymous");
            return None;
        };
        match principal {
            Value::String(text) => self.caller_of_text(text, input),
            Value::Object(object) => {
                let mut entries = object.iter();
                let (Some((kind, value)), None) = (entries.next(), entries.next()) else {
                    self.error(
                        "principal",
                        "invalid-principal",
                        "a request has one principal".to_owned(),
                        "write one key, such as {\"Service\": \"ec2.amazonaws.com\"}",
                    );
                    return None;
                };
                let value = match value {
                    Value::Array(values) => match values.as_slice() {
                        [only] => only,
                        _ => value,
                    },
                    value => value,
                };
                let Value::String(text) = value else {
                    let message = format!("the principal under `{kind}` must be one string");
                    self.error("principal", "invalid-principal", message, "a request is made by one caller");
                    return None;
                };
                let named = !text.is_empty() && text != "*";
                match kind.as_str() {
                    "AWS" => self.caller_of_text(text, input),
                    "Service" if named => Some(Caller::Service { name: text.clone() }),
                    "Federated" if named => Some(Caller::Federated { provider: text.clone() }),
                    "CanonicalUser" if named => Some(Caller::CanonicalUser { id: text.clone() }),
                    "Service" | "Federated" | "CanonicalUser" => {
                        let message = format!("`{text}` names no caller under `{kind}`");
                        self.error(
                            "principal",
                            "invalid-principal",
                            message,
                            "a request is made by one caller; name it",
                        );
                        None
                    }
                    _ => {
                        let known = ["AWS", "Service", "Federated", "CanonicalUser"];
                        let guess = policy::nearest(kind, known).map(|near| format!("did you mean `{near}`? "));
                        let help = format!("{}the keys are `{}`", guess.unwrap_or_default(), known.join("`, `"));
                        self.error(
                            "principal",
                            "invalid-principal",
                            format!("unknown kind of principal `{kind}`"),
                            &help,
                        );
                        None
                    }
                }
            }
            _ => None,
        }
    }

    fn caller_of_text(&mut self, text: &str, input: &RequestInput) -> Option<Caller> {
        let bad = match Caller::parse(text) {
            // An account's id does not tell the partition; what is asked about does.
            Ok(root) if is_account_id(text) => {
                let asked = input.resource.as_deref().and_then(Arn::split);
                let arn = asked.map(|arn| format!("arn:{}:iam::{text}:root", arn.partition));
                return Some(arn.and_then(|arn| Caller::parse(&arn).ok()).unwrap_or(root));
            }
            Ok(caller) => return Some(caller),
            Err(bad) => bad,
        };
        let (message, help) = match bad {
            BadCaller::Form if text.is_empty() => {
                ("the principal is empty".to_owned(), "write the ARN of who asks, an account id, or `*` for anonymous")
            }
            BadCaller::Form => (
                format!("`{text}` is no principal"),
                "write an ARN such as arn:aws:iam::111122223333:user/NAME, an account id, {\"Service\": \"…\"}, or `*` for anonymous",
            ),
            BadCaller::Group => (
                format!("`{text}` is a group, and groups make no requests"),
                "name a user; attach the group's policies as identity policies with \"via\": \"group NAME\"",
            ),
            BadCaller::NotAPrincipal => (
                format!("`{text}` makes no requests"),
                "callers are users, roles, assumed-role sessions, federated users, root users and services",
            ),
            BadCaller::Account => {
                (format!("the account in `{text}` is not an account id"), "an account id has twelve digits")
            }
            BadCaller::NoName => (
                format!("`{text}` names no user, role or session"),
                "a user is …:user/NAME, a role …:role/NAME, a session …:assumed-role/ROLE/SESSION",
            ),
        };
        self.error("principal", "invalid-principal", message, help);
        None
    }

    fn action<'t>(&mut self, action: Option<&'t str>) -> Option<&'t str> {
        let Some(action) = action else {
            self.missing("action", "what is asked for, such as `s3:GetObject`");
            return None;
        };
        let well_formed = action
            .split_once(':')
            .is_some_and(|(service, name)| !service.is_empty() && !name.is_empty() && !name.contains(':'))
            && !action.contains(char::is_whitespace);
        if !well_formed {
            let message =
                if action.is_empty() { "the action is empty".to_owned() } else { format!("`{action}` is no action") };
            self.error("action", "invalid-action", message, "an action is SERVICE:NAME, such as `s3:GetObject`");
            return None;
        }
        if action.contains(['*', '?']) {
            let message = format!("a request asks for one action, `{action}` has a wildcard");
            self.error("action", "invalid-action", message, "name one action; wildcards belong into policies");
            return None;
        }
        Some(action)
    }

    fn resource<'t>(&mut self, resource: Option<&'t str>) -> Option<&'t str> {
        let Some(resource) = resource else {
            self.missing("resource", "what is asked about: an ARN, or `*` for an action without a resource");
            return None;
        };
        if resource == "*" || Arn::split(resource).is_some() {
            return Some(resource);
        }
        let message = if resource.is_empty() {
            "the resource is empty".to_owned()
        } else {
            format!("`{resource}` is no resource")
        };
        let help =
            "write an ARN with six parts, such as arn:aws:s3:::BUCKET/KEY, or `*` for an action without a resource";
        self.error("resource", "invalid-resource", message, help);
        None
    }

    fn missing(&mut self, field: &str, what: &str) {
        let path = format!("{}/{field}", self.path);
        // Of the wrong type, and said so already.
        if self
            .problems
            .iter()
            .any(|problem| problem.path == path || problem.path == self.path || problem.path.is_empty())
        {
            return;
        }
        self.error(field, "missing-field", format!("the request has no `{field}`"), &format!("`{field}` says {what}"));
    }

    fn error(&mut self, field: &str, code: &'static str, message: String, help: &str) {
        self.push(field, Severity::Error, code, message, Some(help));
    }

    fn warn(&mut self, field: &str, code: &'static str, message: String, help: Option<&str>) {
        self.push(field, Severity::Warning, code, message, help);
    }

    fn push(&mut self, field: &str, severity: Severity, code: &'static str, message: String, help: Option<&str>) {
        self.problems.push(Problem {
            path: format!("{}/{field}", self.path),
            severity,
            code,
            message,
            help: help.map(str::to_owned),
        });
    }
}
