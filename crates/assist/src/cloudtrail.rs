//! Reading a CloudTrail event: who called what from where becomes a request with its context.
//!
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html> and
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html> describe
//! the fields.

use playground::Decision;
use policy::arn::{Arn, is_account_id};
use policy::literal;
use serde_json::{Map, Value, json};

use crate::Knowledge;
use crate::denied::{Message, Reading, ReadingFact, ReadingKind, fact, scenario};

pub(crate) mod operation;
mod target;

use target::Place;

/// How deep an event may be wrapped in other objects.
const DEPTH: usize = 12;

/// The objects in a text that `is_wanted`, outermost first: the text is JSON, or has JSON in it, or JSON in the strings
/// of its JSON.
pub(crate) fn objects(text: &str, is_wanted: &mut dyn FnMut(&Map<String, Value>) -> bool) -> Vec<Map<String, Value>> {
    let mut found = Vec::new();
    let mut rest = text;
    // A line of a log may have braces that begin no JSON.
    for _ in 0..64 {
        let Some(start) = rest.find(['{', '[']) else { break };
        rest = rest.get(start..).unwrap_or("");
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let next = values.next();
        let read = values.byte_offset();
        match next {
            Some(Ok(value)) => {
                search(value, DEPTH, is_wanted, &mut found);
                rest = rest.get(read..).unwrap_or("");
            }
            _ => rest = rest.get(1..).unwrap_or(""),
        }
    }
    found
}

fn search(
    value: Value,
    depth: usize,
    is_wanted: &mut dyn FnMut(&Map<String, Value>) -> bool,
    found: &mut Vec<Map<String, Value>>,
) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Object(object) if is_wanted(&object) => found.push(object),
        Value::Object(object) => object.into_iter().for_each(|(_, value)| search(value, depth, is_wanted, found)),
        Value::Array(items) => items.into_iter().for_each(|item| search(item, depth, is_wanted, found)),
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
            if let Ok(value) = serde_json::from_str(&text) {
                search(value, depth, is_wanted, found);
            }
        }
        _ => {}
    }
}

/// Reads the events in a text: the first that was refused, else the first.
pub(crate) fn read(text: &str, knowledge: &Knowledge) -> Option<Reading> {
    let has = |object: &Map<String, Value>, field| object.get(field).is_some_and(Value::is_string);
    let events = objects(text, &mut |object| has(object, "eventSource") && has(object, "eventName"));
    let number = events.len();
    let refused = events.iter().position(is_refused);
    let event = events.into_iter().nth(refused.unwrap_or(0))?;
    let mut reading = Event(event).reading(knowledge);
    if number > 1 {
        let which = if refused.is_some() { "the first that was refused" } else { "the first" };
        reading.next.insert(0, format!("of the {number} events here {which} is shown"));
    }
    Some(reading)
}

fn is_refused(event: &Map<String, Value>) -> bool {
    let code = event.get("errorCode").and_then(Value::as_str).unwrap_or("").to_ascii_lowercase();
    ["accessdenied", "unauthorized", "notauthorized", "forbidden", "authfailure"].iter().any(|word| code.contains(word))
}

struct Event(Map<String, Value>);

impl Event {
    /// A text at a JSON Pointer.
    fn text(&self, pointer: &str) -> Option<&str> {
        let (first, rest) = pointer.get(1..)?.split_once('/').unwrap_or((pointer.get(1..)?, ""));
        let value = self.0.get(first)?;
        let value = if rest.is_empty() { value } else { value.pointer(&format!("/{rest}"))? };
        value.as_str().filter(|text| !text.is_empty())
    }

    fn reading(&self, knowledge: &Knowledge) -> Reading {
        let source = self.text("/eventSource").unwrap_or("");
        let name = self.text("/eventName").unwrap_or("");
        let mut next = Vec::new();
        // What AWS answered tells more exactly what was asked.
        let message = self.text("/errorMessage").and_then(|text| Message::find(text, knowledge)).unwrap_or_default();

        let mut request = Map::new();
        let mut put = |field: &str, value: Value| request.insert(field.to_owned(), value);
        match self.principal(message.principal.as_deref()) {
            Some(principal) => {
                put("principal", principal);
            }
            None => next.push("the event does not name the caller by an ARN; give the principal".to_owned()),
        }
        if let Some(issuer) = self.text("/userIdentity/sessionContext/sessionIssuer/arn") {
            put("sessionIssuer", Value::String(issuer.to_owned()));
        }
        let action = message.action.or_else(|| self.action(source, name, knowledge));
        let resource = message.resource.or_else(|| self.resource(action.as_deref(), knowledge));
        // A user who names none is meant.
        let own = || {
            let caller =
                self.text("/userIdentity/arn").filter(|_| self.text("/userIdentity/type") == Some("IAMUser"))?;
            let action =
                knowledge.services()?.action(action.as_deref().filter(|action| action.starts_with("iam:"))?)?;
            action.resources_fitting(caller).next().map(|_| caller.to_owned())
        };
        let resource = resource.or_else(own);
        let owner = self.owner(resource.as_deref());
        match &action {
            Some(action) => {
                put("action", Value::String(action.clone()));
                let unknown = knowledge.services().is_some_and(|services| services.action(action).is_none());
                if unknown {
                    next.push(format!("AWS lists no action `{action}`; the operation `{name}` may need another"));
                }
            }
            None => next.push(format!("`{name}` is no call that policies decide about")),
        }
        match resource {
            Some(resource) => {
                put("resource", Value::String(resource));
            }
            None if action.is_some() => {
                next.push("the event does not tell the ARN of the resource; give it".to_owned());
            }
            None => {}
        }
        if let Some(owner) = owner {
            put("resourceAccount", Value::String(owner));
        }
        put("context", Value::Object(self.context()));

        let refused = is_refused(&self.0);
        let code = self.text("/errorCode");
        let expect = match (refused, code) {
            (true, _) => message.suspect.as_ref().and_then(|suspect| suspect.expect),
            // It got past the policies, whatever it failed at.
            (false, _) => Some(Decision::Allowed),
        };
        let what = action.clone().unwrap_or_else(|| format!("{source} {name}"));
        let said = match (refused, code) {
            (true, Some(code)) => format!("a CloudTrail event: `{what}` was refused with `{code}`"),
            (false, Some(code)) => format!("a CloudTrail event: `{what}` failed with `{code}`, which is no refusal"),
            _ => format!("a CloudTrail event: `{what}` succeeded"),
        };
        if let Some(suspect) = &message.suspect {
            next.push(suspect.message.clone());
        }
        next.push(if refused {
            "add the policies of the caller, of the resource and of the organization, and see which of them refuses"
                .to_owned()
        } else {
            "add the policies that should allow it, and see which statement does".to_owned()
        });
        let request = Value::Object(request);
        Reading {
            kind: ReadingKind::CloudTrail,
            message: said,
            facts: self.facts(&request),
            suspect: message.suspect,
            scenario: Some(scenario(&title(&what, refused), &request, expect)),
            request: Some(request),
            next,
            command: None,
        }
    }

    fn facts(&self, request: &Value) -> Vec<ReadingFact> {
        let mut facts = Vec::new();
        for field in ["principal", "sessionIssuer", "action", "resource", "resourceAccount"] {
            match request.get(field) {
                Some(Value::String(value)) => facts.push(fact(label(field), value)),
                Some(value) => facts.push(fact(label(field), value.to_string())),
                None => {}
            }
        }
        for (key, value) in request.get("context").and_then(Value::as_object).into_iter().flatten() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            facts.push(fact(key, text));
        }
        facts
    }

    /// Who called, as a scenario's principal.
    fn principal(&self, of_message: Option<&str>) -> Option<Value> {
        let identity = |field: &str| self.text(&format!("/userIdentity/{field}"));
        let account = identity("accountId").filter(|account| is_account_id(account));
        let root = |account: &str| Value::String(format!("arn:{}:iam::{account}:root", self.partition()));
        let kind = identity("type").unwrap_or("");
        match kind {
            "Root" => account.map(root),
            "AWSService" => identity("invokedBy").map(|service| json!({ "Service": service })),
            "WebIdentityUser" => identity("identityProvider").map(|provider| json!({ "Federated": provider })),
            "SAMLUser" => {
                let provider = self.text("/requestParameters/principalArn").or_else(|| identity("identityProvider"));
                provider.map(|provider| json!({ "Federated": provider }))
            }
            "AWSAccount"
                if identity("accountId") == Some("ANONYMOUS_PRINCIPAL")
                    || identity("principalId") == Some("Anonymous") =>
            {
                Some(Value::String("*".to_owned()))
            }
            _ => {
                let arn = of_message.or_else(|| identity("arn")).filter(|arn| Arn::split(arn).is_some());
                // Of a caller from another account that account may be all there is.
                arn.map(|arn| Value::String(arn.to_owned()))
                    .or_else(|| account.filter(|_| kind == "AWSAccount").map(root))
            }
        }
    }

    fn action(&self, source: &str, name: &str, knowledge: &Knowledge) -> Option<String> {
        // Signing in to the console is no call of an API.
        if source.starts_with("signin.") {
            return None;
        }
        let action = operation::permission(source, name, knowledge)?;
        let versioned = self.text("/requestParameters/versionId").is_some();
        const OF_VERSIONS: [&str; 8] = [
            "s3:GetObject",
            "s3:DeleteObject",
            "s3:GetObjectAcl",
            "s3:PutObjectAcl",
            "s3:GetObjectTagging",
            "s3:PutObjectTagging",
            "s3:DeleteObjectTagging",
            "s3:GetObjectAttributes",
        ];
        Some(if versioned && OF_VERSIONS.contains(&action.as_str()) {
            action.replacen("Object", "ObjectVersion", 1)
        } else {
            action
        })
    }

    fn partition(&self) -> &'static str {
        match self.text("/awsRegion").unwrap_or("") {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        }
    }

    /// The ARN of what it was called on.
    fn resource(&self, action: Option<&str>, knowledge: &Knowledge) -> Option<String> {
        let listed = self.0.get("resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let listed = || listed.iter().filter_map(|one| one.get("ARN").or_else(|| one.get("arn"))?.as_str());
        let known = action.and_then(|action| knowledge.services()?.action(action));
        let Some(action) = known else {
            return listed().next().map(str::to_owned);
        };
        let fitting = listed().find(|arn| Arn::split(arn).is_some() && action.resources_fitting(arn).next().is_some());
        if let Some(arn) = fitting {
            return Some(arn.to_owned());
        }
        let parameters = self.0.get("requestParameters").map(target::parameters).unwrap_or_default();
        let place = Place {
            partition: self.partition(),
            region: self.text("/awsRegion").unwrap_or("us-east-1"),
            account: self.text("/recipientAccountId").or_else(|| self.text("/userIdentity/accountId")).unwrap_or(""),
        };
        target::resource(action, self.text("/eventName").unwrap_or(""), &parameters, &place)
    }

    /// The account that owns the resource, where its ARN does not tell.
    fn owner(&self, resource: Option<&str>) -> Option<String> {
        let arn = Arn::split(resource?)?;
        if !arn.account.is_empty() {
            return None;
        }
        let listed = self.0.get("resources").and_then(Value::as_array);
        let listed = listed.into_iter().flatten().find_map(|one| one.get("accountId")?.as_str());
        let owner = listed.or_else(|| self.text("/recipientAccountId")).filter(|account| is_account_id(account))?;
        let caller = self.text("/userIdentity/accountId");
        (caller != Some(owner)).then(|| owner.to_owned())
    }

    /// The circumstances, as condition keys.
    fn context(&self) -> Map<String, Value> {
        let mut context = Map::new();
        let mut put = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                context.insert(key.to_owned(), Value::String(value.to_owned()));
            }
        };
        let session = |field: &str| self.text(&format!("/userIdentity/sessionContext/{field}"));
        put("aws:CurrentTime", self.text("/eventTime"));
        put("aws:RequestedRegion", self.text("/awsRegion"));
        let address = self.text("/sourceIPAddress").filter(|text| literal::ip_address(text).is_some());
        match self.text("/vpcEndpointId") {
            // Through an endpoint a request has no address on the internet.
            Some(endpoint) => {
                put("aws:SourceVpce", Some(endpoint));
                put("aws:VpcSourceIp", address);
            }
            None => put("aws:SourceIp", address),
        }
        put("aws:UserAgent", self.text("/userAgent"));
        put("aws:userid", self.text("/userIdentity/principalId"));
        put("aws:MultiFactorAuthPresent", session("attributes/mfaAuthenticated"));
        put("aws:TokenIssueTime", session("attributes/creationDate"));
        put("aws:SourceIdentity", session("sourceIdentity"));
        put("aws:FederatedProvider", session("webIdFederationData/federatedProvider"));
        let parameter = |field: &str| self.text(&format!("/requestParameters/{field}"));
        if self.text("/eventSource") == Some("s3.amazonaws.com") {
            put("s3:prefix", parameter("prefix"));
            put("s3:delimiter", parameter("delimiter"));
            put("s3:VersionId", parameter("versionId"));
            for header in ["x-amz-acl", "x-amz-server-side-encryption", "x-amz-copy-source", "x-amz-storage-class"] {
                put(&format!("s3:{header}"), parameter(header));
            }
        }
        if self.text("/eventSource") == Some("ec2.amazonaws.com") {
            put("ec2:InstanceType", parameter("instanceType"));
        }
        // Present where the call came over TLS.
        put("aws:SecureTransport", self.text("/tlsDetails/tlsVersion").map(|_| "true"));
        if self.text("/eventSource") == Some("sts.amazonaws.com") {
            put("sts:ExternalId", parameter("externalId"));
            put("sts:RoleSessionName", parameter("roleSessionName"));
        }
        if self.text("/eventSource") == Some("iam.amazonaws.com") {
            put("iam:PolicyARN", parameter("policyArn"));
            put("iam:PermissionsBoundary", parameter("permissionsBoundary"));
        }
        // A service acts in the caller's name.
        if self.text("/userIdentity/type") != Some("AWSService")
            && let Some(service) = self.text("/userIdentity/invokedBy").filter(|name| name.ends_with(".amazonaws.com"))
        {
            context.insert("aws:ViaAWSService".to_owned(), Value::String("true".to_owned()));
            context.insert("aws:CalledVia".to_owned(), json!([service]));
        }
        if self.text("/eventSource") == Some("kms.amazonaws.com")
            && let Some(Value::Object(pairs)) =
                self.0.get("requestParameters").and_then(|all| all.get("encryptionContext"))
        {
            for (key, value) in pairs.iter().filter(|(_, value)| value.is_string()) {
                context.insert(format!("kms:EncryptionContext:{key}"), value.clone());
            }
            if !pairs.is_empty() {
                context.insert("kms:EncryptionContextKeys".to_owned(), pairs.keys().map(String::as_str).collect());
            }
        }
        self.tags(&mut context);
        context
    }

    /// The tags that the call sets.
    fn tags(&self, context: &mut Map<String, Value>) {
        let parameters = self.0.get("requestParameters");
        // EC2 has a list of its own around them.
        let tags = parameters.and_then(|parameters| {
            let at = |pointer: &str| parameters.pointer(pointer);
            at("/tags").or_else(|| at("/tagSet/items")).or_else(|| at("/tagSpecificationSet/items/0/tags"))
        });
        let pairs: Vec<(&str, &str)> = match tags {
            Some(Value::Array(tags)) => tags
                .iter()
                .filter_map(|tag| {
                    let part = |small, large| tag.get(small).or_else(|| tag.get(large)).and_then(Value::as_str);
                    Some((part("key", "Key")?, part("value", "Value")?))
                })
                .collect(),
            Some(Value::Object(tags)) => {
                tags.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect()
            }
            _ => Vec::new(),
        };
        if pairs.is_empty() {
            return;
        }
        for (key, value) in &pairs {
            context.insert(format!("aws:RequestTag/{key}"), Value::String((*value).to_owned()));
        }
        context.insert("aws:TagKeys".to_owned(), pairs.iter().map(|(key, _)| *key).collect());
    }
}

fn title(action: &str, refused: bool) -> String {
    if refused { format!("Why {action} is denied") } else { format!("Why {action} is allowed") }
}

fn label(field: &str) -> &str {
    match field {
        "sessionIssuer" => "session of",
        "resourceAccount" => "resource's account",
        other => other,
    }
}

#[cfg(test)]
mod tests;
