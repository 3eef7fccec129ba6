//! Reading what AWS answered: an AccessDenied message, in whatever it was printed by, an encoded authorization message,
//! or a CloudTrail event becomes a request to decide.
//!
//! AWS's wordings are documented at
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>. Older ones tell less, and on its
//! way to a terminal a message gets wrapped, quoted and escaped.

use playground::{Decision, InputKind};
use policy::arn::Arn;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::Knowledge;
use crate::cloudtrail;
use crate::cloudtrail::operation;

mod decoded;
mod parts;
mod squeezed;
mod suspect;

use parts::{
    REACH, action_at, appended_arn, encoded, is_refusal, is_wrapped, plain, queue_address, s3_address, trimmed,
};
use squeezed::{Squeezed, joined};
pub use suspect::Suspect;

/// What a text from AWS turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ReadingKind {
    /// A message that access was denied.
    Denied,
    /// A message of which only the encoded part is there.
    Encoded,
    /// What `aws sts decode-authorization-message` prints.
    Decoded,
    /// A CloudTrail event.
    CloudTrail,
    /// None of these.
    Nothing,
}

/// One thing that was read, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadingFact {
    /// What it is, such as `action`.
    pub label: String,
    /// As it was read.
    pub value: String,
}

/// What was read in a text from AWS.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// What the text is.
    pub kind: ReadingKind,
    /// That in a sentence.
    pub message: String,
    /// What was read, one by one.
    pub facts: Vec<ReadingFact>,
    /// What refused, where the text tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspect: Option<Suspect>,
    /// The request as in a scenario; what the text does not tell is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Value>,
    /// A scenario with this request, no policies yet, and AWS's answer as a test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Value>,
    /// What to do next, in sentences.
    pub next: Vec<String>,
    /// A command that tells more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

/// The longest text that is looked at, in bytes: a stack trace or a page of CloudTrail's events is far shorter.
const LONGEST: usize = 1 << 20;

/// Reads a text from AWS: an AccessDenied message wherever it was printed, an encoded authorization message or what it
/// decodes to, or a CloudTrail event.
///
/// ```
/// use assist::{Knowledge, ReadingKind, read_message};
/// let text = "An error occurred (AccessDenied) when calling the GetObject operation: User: \
///             arn:aws:iam::111122223333:user/bob is not authorized to perform: s3:GetObject on resource: \
///             \"arn:aws:s3:::b/k\" because no identity-based policy allows the s3:GetObject action";
/// let reading = read_message(text, &Knowledge::default());
/// assert_eq!(reading.kind, ReadingKind::Denied);
/// let request = reading.request.unwrap();
/// assert_eq!(request["principal"], "arn:aws:iam::111122223333:user/bob");
/// assert_eq!(request["resource"], "arn:aws:s3:::b/k");
/// assert_eq!(reading.suspect.unwrap().policy, Some("identity"));
/// ```
pub fn read_message(text: &str, knowledge: &Knowledge) -> Reading {
    let text = (LONGEST..LONGEST + 4).find_map(|end| text.get(..end)).unwrap_or(text);
    if let Some(reading) = cloudtrail::read(text, knowledge) {
        return reading;
    }
    if let Some(reading) = decoded::read(text, knowledge) {
        return reading;
    }
    Message::find(&plain(text), knowledge).map_or_else(nothing, |message| message.reading())
}

fn nothing() -> Reading {
    Reading {
        kind: ReadingKind::Nothing,
        message: "this is no AccessDenied message and no CloudTrail event".to_owned(),
        facts: Vec::new(),
        suspect: None,
        request: None,
        scenario: None,
        next: vec![
            "a message of AWS is recognised by `is not authorized to perform`, `AccessDenied` or `UnauthorizedOperation`; paste all of it, what is around it does no harm".to_owned(),
            "a CloudTrail event is recognised by its JSON with `eventSource` and `eventName`, alone, in `Records`, or within another object".to_owned(),
            "the decoded form of an encoded authorization message is recognised by its JSON with `allowed` and `context`".to_owned(),
        ],
        command: None,
    }
}

/// A scenario to begin with: the request, and AWS's answer as a test.
pub(crate) fn scenario(title: &str, request: &Value, expect: Option<Decision>) -> Value {
    let mut scenario = json!({ "version": 1, "title": title, "request": request, "policies": [] });
    if let (Some(decision), Value::Object(scenario)) = (expect, &mut scenario) {
        let test = json!([{ "name": "what AWS answered", "request": {}, "expect": decision }]);
        scenario.insert("tests".to_owned(), test);
    }
    scenario
}

pub(crate) fn fact(label: &str, value: impl Into<String>) -> ReadingFact {
    ReadingFact { label: label.to_owned(), value: value.into() }
}

/// What a message says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Message {
    pub(crate) principal: Option<String>,
    /// Where it is no principal that a scenario can have: what stands there.
    subject: Option<String>,
    pub(crate) action: Option<String>,
    pub(crate) resource: Option<String>,
    pub(crate) suspect: Option<Suspect>,
    /// What the code was that the caller ran.
    operation: Option<String>,
    encoded: Option<String>,
    /// What is worth saying beside.
    remarks: Vec<String>,
}

impl Message {
    /// The first message in a text.
    pub(crate) fn find(text: &str, knowledge: &Knowledge) -> Option<Self> {
        let squeezed = Squeezed::new(text);
        let mut found = Self { encoded: encoded(&squeezed), ..Self::default() };
        found.operation = operation::in_text(text);
        let told = found.sentence(&squeezed) || found.other_wording(&squeezed);
        if !told && !is_refusal(&squeezed) {
            return None;
        }
        if found.action.is_none() {
            let service = [
                ("unauthorizedoperation", "ec2"),
                ("accesstotheresourcehttps://sqs.", "sqs"),
                ("accesstotheresourcehttps://queue.", "sqs"),
                ("don'thavepermissionstoaccessthisresource", "organizations"),
            ];
            let service = service.into_iter().find(|(words, _)| squeezed.has(words)).map(|(_, service)| service);
            found.action =
                found.operation.as_deref().and_then(|operation| operation::action(operation, service, knowledge));
        }
        found.complete(text, knowledge);
        Some(found)
    }

    /// `User: … is not authorized to perform: … on resource: … …`.
    fn sentence(&mut self, text: &Squeezed<'_>) -> bool {
        const MARK: &str = "notauthorizedtoperform";
        let mut from = 0;
        while let Some(at) = text.find(MARK, from, text.len()) {
            from = at + MARK.len();
            let Some((action, end)) = action_at(text, from) else { continue };
            self.action = Some(action);
            self.caller(text, at);
            let behind = self.target(text, end);
            self.older_resource(text, end);
            self.reason(text, behind);
            return true;
        }
        false
    }

    /// Who asked, from what stands before the words.
    fn caller(&mut self, text: &Squeezed<'_>, mark: usize) {
        let end = if text.starts("is", mark.saturating_sub(2)) { mark.saturating_sub(2) } else { mark };
        let from = end.saturating_sub(REACH);
        let labelled = text.find_last("user:", from, end).map(|at| at + "user:".len());
        let Some(start) = labelled.or_else(|| text.find_last("arn:aws", from, end)) else { return };
        let subject = joined(text.original(start, end));
        let subject = trimmed(&subject);
        let is_arn = Arn::split(subject).is_some();
        if is_arn || policy::arn::is_account_id(subject) {
            self.principal = Some(subject.to_owned());
        } else if subject.eq_ignore_ascii_case("anonymous") || subject == "*" {
            self.principal = Some("*".to_owned());
        } else if !subject.is_empty() && subject.len() < 200 {
            self.subject = Some(subject.to_owned());
        }
    }

    /// What was acted upon, where it is named; the place behind it.
    fn target(&mut self, text: &Squeezed<'_>, from: usize) -> usize {
        // "on arn:…" is how CodeBuild says it.
        const MARKS: [&str; 4] = ["onresource:", "onresource", "on:", "on"];
        const ENDS: [&str; 6] =
            ["becauseno", "becausepublic", "withanexplicitdeny", "(service", "encodedauthorization", "statuscode:"];
        let start = MARKS.iter().map(|mark| (mark, from + mark.len())).find(|(mark, start)| {
            text.starts(mark, from) && (mark.ends_with("resource:") || text.starts("arn:aws", *start))
        });
        let Some((_, start)) = start else { return from };
        let quote = text.byte(start).filter(|byte| matches!(byte, b'"' | b'\'' | b'`')).map(char::from);
        if let Some(quote) = quote {
            let value = text.original_from(start).get(1..).unwrap_or("");
            if let Some(value) = value.split(quote).next().filter(|value| value.len() < REACH) {
                // A line break was put there on the way; a space may be part of an object's key.
                let value: String = value.lines().map(str::trim).collect();
                let length = Squeezed::new(&value).len();
                self.resource = Some(value).filter(|value| !value.is_empty());
                return start + length + 2;
            }
        }
        let end = ENDS.iter().filter_map(|end| text.find(end, start, start + REACH)).min();
        let wrapped = end.map(|end| text.original(start, end).trim()).filter(|value| is_wrapped(value));
        let value = match wrapped {
            Some(value) => joined(value),
            None => text.original_from(start).split_whitespace().next().unwrap_or("").to_owned(),
        };
        let value = trimmed(value.split('<').next().unwrap_or(""));
        if !value.is_empty() {
            self.resource = Some(value.to_owned());
        }
        wrapped.and(end).unwrap_or(start + value.len())
    }

    /// What IAM called `user bob` in older messages.
    fn older_resource(&mut self, text: &Squeezed<'_>, from: usize) {
        const KINDS: [&str; 6] = ["user", "role", "group", "policy", "instance-profile", "server-certificate"];
        const MARK: &str = "onresource:";
        let Some(kind) = self.resource.as_deref().filter(|value| KINDS.contains(value)) else { return };
        let Some(at) = text.find(MARK, from, text.len()) else { return };
        let mut words = text.original_from(at + MARK.len()).split_whitespace().skip(1);
        let name = words.next().map(trimmed).filter(|name| !name.is_empty());
        let account = self.principal.as_deref().and_then(Arn::split).map(|arn| (arn.partition, arn.account));
        self.resource = match (name, account) {
            (Some(name), Some((partition, account))) => Some(format!("arn:{partition}:iam::{account}:{kind}/{name}")),
            _ => None,
        };
    }

    /// Why, where it says.
    fn reason(&mut self, text: &Squeezed<'_>, from: usize) {
        const DENY: &str = "withanexplicitdeny";
        const NO: &str = "becauseno";
        // In the console's list the sentence begins there.
        const LISTED: &str = "no";
        let action = self.action.clone().unwrap_or_default();
        // What follows closely belongs to this message.
        let near = from + 60;
        let rest = |at: usize| joined(text.original(at, at + 120)).to_ascii_lowercase();
        if let Some(at) = text.find(DENY, from, near) {
            let after = rest(at + DENY.len());
            let after = after.strip_prefix("in").unwrap_or(&after);
            let decision = Some(Decision::ExplicitDeny);
            let Some((kind, words)) = suspect::kind_at(after) else {
                let message =
                    "a `Deny` statement in some policy matches the request; no `Allow` anywhere can outweigh it";
                self.suspect = Some(Suspect { policy: None, expect: decision, arn: None, message: message.to_owned() });
                return;
            };
            let message = suspect::meaning(kind, words, decision, &action);
            let arn = appended_arn(text, at);
            if after.contains("transitivelythrough") {
                self.remarks
                    .push("the request came through a VPC endpoint, and another kind of policy refused it".to_owned());
            }
            self.suspect = Some(Suspect { policy: Some(kind.name()), expect: decision, arn, message });
        } else if let Some(at) = text
            .find(NO, from, near)
            .map(|at| at + NO.len())
            .or_else(|| text.starts(LISTED, from).then(|| from + LISTED.len()))
        {
            let after = rest(at);
            if let Some((kind, words)) = suspect::kind_at(&after) {
                let decision = Some(Decision::ImplicitDeny);
                let message = suspect::meaning(kind, words, decision, &action);
                let arn = appended_arn(text, at);
                self.suspect = Some(Suspect { policy: Some(kind.name()), expect: decision, arn, message });
            }
        } else if text.find("associatedwiththisciphertext", from, near).is_some() {
            // KMS does not tell whether the key is there at all.
            let message = "the key's policy does not allow it or denies it, or there is no such key in this Region; KMS does not say which";
            self.suspect = Some(Suspect {
                policy: Some(InputKind::Resource.name()),
                expect: None,
                arn: None,
                message: message.to_owned(),
            });
        } else if text.find("becausepublicpoliciesareprevented", from, near).is_some() {
            let message =
                "S3 Block Public Access refuses a bucket policy that is public; no policy of the caller changes that";
            self.suspect = Some(Suspect { policy: None, expect: None, arn: None, message: message.to_owned() });
        }
    }

    /// What the console lists below an error: `User:`, `Service:`, `Action:`, `On resource(s):`, `Context:`.
    fn labelled(&mut self, text: &Squeezed<'_>) -> bool {
        const RESOURCE: &str = "onresource(s):";
        const CONTEXT: &str = "context:";
        let Some(at) = text.find(RESOURCE, 0, text.len()) else { return false };
        let from = at.saturating_sub(REACH);
        let Some(label) = text.find_last("action:", from, at) else { return false };
        let word = |at: usize| trimmed(text.original_from(at).split_whitespace().next().unwrap_or("")).to_owned();
        let mut action = word(label + "action:".len());
        if !action.contains(':') {
            let Some(service) = text.find_last("service:", from, label) else { return false };
            action = format!("{}:{action}", word(service + "service:".len()).to_ascii_lowercase());
        }
        self.action = Some(action);
        if let Some(user) = text.find_last("user:", from, label) {
            self.principal = Some(word(user + "user:".len())).filter(|arn| Arn::split(arn).is_some());
        }
        let start = at + RESOURCE.len();
        self.resource = Some(word(start)).filter(|value| value == "*" || Arn::split(value).is_some());
        if let Some(context) = text.find(CONTEXT, start, start + REACH) {
            self.reason(text, context + CONTEXT.len());
        }
        true
    }

    /// Messages that do not say `not authorized to perform`.
    fn other_wording(&mut self, text: &Squeezed<'_>) -> bool {
        if self.labelled(text) {
            return true;
        }
        // "… have updated your permissions to allow the s3:ListBucket action": S3's console.
        for mark in ["permissionstoallowthe", "don'thavepermissionto", "donothavepermissionto"] {
            if let Some(at) = text.find(mark, 0, text.len())
                && let Some((action, _)) = action_at(text, at + mark.len())
            {
                self.action = Some(action);
                return true;
            }
        }
        // "The provided execution role does not have permissions to call CreateNetworkInterface on EC2"
        const CALL: &str = "nothavepermissionstocall";
        if let Some(at) = text.find(CALL, 0, text.len()) {
            let rest = text.original_from(at + CALL.len());
            let mut words = rest.split_whitespace();
            if let (Some(operation), Some("on"), Some(service)) = (words.next(), words.next(), words.next()) {
                let service = trimmed(service).to_ascii_lowercase();
                self.action = Some(format!("{service}:{}", trimmed(operation)));
                return true;
            }
        }
        // API Gateway's own words.
        const GATEWAY: &str = "userisnotauthorizedtoaccessthisresource";
        if let Some(at) = text.find(GATEWAY, 0, text.len()) {
            self.action = Some("execute-api:Invoke".to_owned());
            self.reason(text, at + GATEWAY.len());
            self.remarks.push(
                "API Gateway says so for its authorizer's policy and for the API's own resource policy alike"
                    .to_owned(),
            );
            return true;
        }
        // Lambda's and others' word for a role that does not trust them.
        for mark in ["cannotbeassumedby", "unabletoassumerole", "unabletoassumetherole", "cannotassumerole"] {
            if text.has(mark) {
                self.action = Some("sts:AssumeRole".to_owned());
                self.remarks.push(
                    "a service assumes a role only where the role's trust policy names its service principal, such as `lambda.amazonaws.com`".to_owned(),
                );
                return true;
            }
        }
        if text.has("rolesmaynotbeassumedbyrootaccounts") {
            self.action = Some("sts:AssumeRole".to_owned());
            self.remarks
                .push("a root user cannot assume a role, whatever policies say; use a user or a role".to_owned());
            return true;
        }
        false
    }

    /// What follows from the action.
    fn complete(&mut self, text: &str, knowledge: &Knowledge) {
        let known = self.action.as_deref().and_then(|action| knowledge.services()?.action(action));
        if let Some(action) = known {
            self.action = Some(action.to_string());
        }
        if self.resource.is_none() && self.action.as_deref().is_some_and(|action| action.starts_with("sqs:")) {
            self.resource = queue_address(text);
        }
        if self.resource.is_none() && known.is_some_and(|action| !action.has_resources()) {
            self.resource = Some("*".to_owned());
        }
        if self.resource.is_none() && self.action.as_deref().is_some_and(|action| action.starts_with("s3:")) {
            self.resource = s3_address(text);
        }
    }

    /// The request as in a scenario; `None` where nothing of it is known.
    pub(crate) fn request(&self) -> Option<Value> {
        let fields = [("principal", &self.principal), ("action", &self.action), ("resource", &self.resource)];
        let mut request: Map<String, Value> = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), Value::String(value.clone()?))))
            .collect();
        let service = self.subject.as_deref().filter(|subject| subject.ends_with(".amazonaws.com"));
        if let Some(service) = service {
            request.insert("principal".to_owned(), json!({ "Service": service }));
        }
        (!request.is_empty()).then_some(Value::Object(request))
    }

    pub(crate) fn reading(self) -> Reading {
        let request = self.request();
        let kind = if request.is_none() && self.encoded.is_some() { ReadingKind::Encoded } else { ReadingKind::Denied };
        let mut facts = Vec::new();
        for (label, value) in [
            ("principal", self.principal.as_ref().or(self.subject.as_ref())),
            ("action", self.action.as_ref()),
            ("resource", self.resource.as_ref()),
            ("operation", self.operation.as_ref()),
        ] {
            facts.extend(value.map(|value| fact(label, value)));
        }
        if let Some(suspect) = &self.suspect {
            let words = suspect.policy.map_or("", |kind| kind);
            facts.extend((!words.is_empty()).then(|| fact("refused by", kind_words(words))));
            facts.extend(suspect.arn.as_ref().map(|arn| fact("policy", arn)));
        }
        let expect = self.suspect.as_ref().and_then(|suspect| suspect.expect);
        let title = match &self.action {
            Some(action) => format!("Why {action} is denied"),
            None => "Why it is denied".to_owned(),
        };
        let command = self.encoded.as_ref().map(|encoded| {
            format!(
                "aws sts decode-authorization-message --query DecodedMessage --output text --encoded-message {encoded}"
            )
        });
        Reading {
            kind,
            message: self.headline(kind),
            facts,
            next: self.next(),
            scenario: request.as_ref().map(|request| scenario(&title, request, expect)),
            request,
            suspect: self.suspect,
            command,
        }
    }

    fn headline(&self, kind: ReadingKind) -> String {
        if kind == ReadingKind::Encoded {
            return "AWS put the details into an encoded message, which only your account can decode".to_owned();
        }
        match (&self.suspect, &self.action) {
            (Some(suspect), _) => suspect.message.clone(),
            (None, Some(action)) => format!("`{action}` was denied, and the message does not say by which policy"),
            (None, None) => "access was denied, and the message does not say what was asked for".to_owned(),
        }
    }

    fn next(&self) -> Vec<String> {
        let mut next = Vec::new();
        if self.encoded.is_some() {
            next.push(
                "decode the encoded message with `aws sts decode-authorization-message`, which needs `sts:DecodeAuthorizationMessage`, and paste here what it prints".to_owned(),
            );
        }
        let is_service = self.subject.as_deref().is_some_and(|subject| subject.ends_with(".amazonaws.com"));
        if is_service {
            next.push("a service asked in its own name: only the resource's policy can allow that".to_owned());
        } else if self.subject.is_some() && self.principal.is_none() {
            next.push("who asked is not named by an ARN; `aws sts get-caller-identity` prints it".to_owned());
        } else if self.principal.is_none() {
            next.push("the message does not say who asked; `aws sts get-caller-identity` prints it".to_owned());
        }
        match (&self.action, &self.operation) {
            (None, Some(operation)) => {
                next.push(format!(
                    "find the permission that the operation `{operation}` needs, and give it as the action"
                ));
            }
            (None, None) if self.encoded.is_none() => {
                next.push("give the action that was called, such as `s3:GetObject`".to_owned());
            }
            (Some(action), _) if self.resource.is_none() => {
                next.push(format!(
                    "the message does not name the resource; give the ARN that `{action}` was called on"
                ));
            }
            _ => {}
        }
        next.extend(self.remarks.iter().cloned());
        let action = self.action.as_deref().unwrap_or("");
        let look = |kind| suspect::where_to_look(kind, self.principal.as_deref(), action, self.resource.as_deref());
        let suspected = self.suspect.as_ref().and_then(|suspect| kind_named(suspect.policy?));
        match suspected {
            Some(kind) => {
                next.push(look(kind));
                next.push(format!("add {} here, and see which statement decides", kind_words(kind.name())));
            }
            None if !action.is_empty() => {
                next.push(look(InputKind::Identity));
                if self.is_bare_s3() {
                    next.push("S3 says no more than `Access Denied` to callers outside the bucket's account and organization; an object that does not exist is also denied to callers without `s3:ListBucket`".to_owned());
                }
                next.push(look(InputKind::Resource));
                next.push("add those policies here, and see which of them lacks or forbids it".to_owned());
            }
            None => {}
        }
        next
    }

    fn is_bare_s3(&self) -> bool {
        self.principal.is_none() && self.action.as_deref().is_some_and(|action| action.starts_with("s3:"))
    }
}

fn kind_named(name: &str) -> Option<InputKind> {
    InputKind::ALL.into_iter().find(|kind| kind.name() == name)
}

/// A kind in words, with its article.
fn kind_words(name: &str) -> &'static str {
    match kind_named(name) {
        Some(InputKind::Identity) => "the caller's identity-based policies",
        Some(InputKind::Resource) => "the resource's policy",
        Some(InputKind::PermissionsBoundary) => "the permissions boundary",
        Some(InputKind::Session) => "the session policy",
        Some(InputKind::Scp) => "the service control policies, level by level",
        Some(InputKind::Rcp) => "the resource control policies, level by level",
        Some(InputKind::VpcEndpoint) => "the VPC endpoint's policy",
        None => "the policies",
    }
}

#[cfg(test)]
mod tests;
