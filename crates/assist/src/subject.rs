//! The policy that is looked at, and the request it is looked at with.

use playground::{ContextEntry, InputKind, Options, RequestInput, Scenario};
use policy::PolicyKind;
use policy::arn::{Arn, is_account_id};
use reference::ResourceType;
use serde_json::{Value, json};

use crate::Knowledge;
use crate::template::{self, ArnPart};

/// A policy of a scenario.
pub(crate) struct Subject {
    pub(crate) request: Request,
    pub(crate) text: String,
    pub(crate) kind: PolicyKind,
    pub(crate) input_kind: InputKind,
}

impl Subject {
    /// `policy` is the place in the scenario's list, from 0; none where nothing readable is there. An AWS managed
    /// policy is there by its document.
    pub(crate) fn new(value: &Value, policy: usize, knowledge: &Knowledge) -> Option<Self> {
        let attached = crate::attach(value, knowledge);
        let value = attached.scenario.as_ref();
        let (mut scenario, _) = Scenario::from_value(value);
        let at = scenario.policies.iter().position(|input| input.index == policy)?;
        let input = scenario.policies.get_mut(at)?;
        let input_kind = input.kind;
        let text = match core::mem::take(&mut input.document) {
            Value::String(text) => text,
            other => serde_json::to_string_pretty(&other).unwrap_or_default(),
        };
        let kind = scenario.policy_kind(input_kind);
        Some(Self { request: Request::new(value), text, kind, input_kind })
    }
}

/// The request of a scenario, for what it tells about the policies.
pub(crate) struct Request {
    value: Value,
    pub(crate) input: RequestInput,
}

impl Request {
    pub(crate) fn new(scenario: &Value) -> Self {
        let value = json!({ "request": scenario.get("request").cloned().unwrap_or_default(), "policies": [] });
        let input = Scenario::from_value(&value).0.request;
        Self { value, input }
    }

    /// As it stands in the scenario.
    pub(crate) fn value(&self) -> &Value {
        self.value.get("request").unwrap_or(&Value::Null)
    }

    /// The context with what AWS fills in; `now` in milliseconds since 1970.
    pub(crate) fn context(&self, now: Option<i64>) -> Vec<ContextEntry> {
        playground::evaluate_value(&self.value, Options { now }).context
    }

    pub(crate) fn action(&self) -> Option<&str> {
        self.input.action.as_deref().filter(|action| action.contains(':') && !action.contains(['*', '?']))
    }

    /// The ARN that is asked for.
    pub(crate) fn resource(&self) -> Option<&str> {
        self.input.resource.as_deref().filter(|resource| resource.starts_with("arn:"))
    }

    /// Who asks, where it is a text.
    pub(crate) fn principal(&self) -> Option<&str> {
        match self.input.principal.as_ref()? {
            Value::String(text) => Some(text),
            Value::Object(_) => self.principal_under("AWS"),
            _ => None,
        }
    }

    /// Who asks, where the request names it under this key.
    pub(crate) fn principal_under(&self, key: &str) -> Option<&str> {
        self.input.principal.as_ref()?.get(key)?.as_str()
    }

    /// What the request knows of the parts that most ARNs have.
    pub(crate) fn fill(&self) -> Fill<'_> {
        let arns = || [self.resource(), self.principal()].into_iter().flatten().filter_map(Arn::split);
        let plain = |part: &&str| !part.is_empty() && !part.contains(['*', '?', '$']);
        let region = self.input.context.iter().find(|(key, _)| key.eq_ignore_ascii_case("aws:RequestedRegion"));
        let account = |text: &&str| is_account_id(text);
        Fill {
            partition: arns().map(|arn| arn.partition).find(plain).unwrap_or("aws"),
            region: arns().map(|arn| arn.region).find(plain).or_else(|| region.and_then(|(_, value)| value.as_str())),
            account: self
                .input
                .resource_account
                .as_deref()
                .filter(account)
                .or_else(|| arns().map(|arn| arn.account).find(account))
                .or_else(|| self.principal().filter(account)),
        }
    }

    /// All account ids that the request names, the resource's first.
    pub(crate) fn accounts(&self) -> Vec<&str> {
        let arns = [self.resource(), self.principal()].into_iter().flatten();
        let mut accounts: Vec<&str> = self.input.resource_account.as_deref().into_iter().collect();
        accounts.extend(arns.filter_map(Arn::split).map(|arn| arn.account));
        accounts.extend(self.principal());
        accounts.retain(|account| is_account_id(account));
        let mut seen = policy::Seen::default();
        accounts.retain(|account| seen.before(account, 0).is_none());
        accounts
    }

    /// What the request's resource tells about the parts of ARN formats: a bucket's name out of an object's ARN. Its
    /// service's formats are looked at, and those of `types`.
    pub(crate) fn known_parts(&self, types: &[ResourceType<'_>], knowledge: &Knowledge) -> Vec<ArnPart> {
        let (Some(resource), Some(services)) = (self.resource(), knowledge.services()) else { return Vec::new() };
        let service = Arn::split(resource).and_then(|arn| services.service(arn.service));
        let of_service = service.into_iter().flat_map(|service| service.resource_types());
        let fitting = of_service.chain(types.iter().copied()).filter(|kind| kind.fits(resource));
        let mut parts: Vec<ArnPart> = Vec::new();
        for format in fitting.flat_map(ResourceType::arn_formats) {
            for part in template::parts(format, resource).unwrap_or_default() {
                let wild = part.value.contains(['*', '?', '$']);
                if !wild && !parts.iter().any(|known| known.name == part.name) {
                    parts.push(part);
                }
            }
        }
        parts
    }
}

/// What is known of the parts that most ARNs have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fill<'s> {
    pub(crate) partition: &'s str,
    pub(crate) region: Option<&'s str>,
    pub(crate) account: Option<&'s str>,
}

/// The actions that entries of `Action` stand for, at most `most`. A bare `*` says nothing about what is meant.
pub(crate) fn actions<'k>(
    patterns: impl IntoIterator<Item = impl AsRef<str>>,
    knowledge: &'k Knowledge,
    most: usize,
) -> Vec<reference::Action<'k>> {
    let Some(services) = knowledge.services() else { return Vec::new() };
    let mut all = Vec::new();
    for pattern in patterns.into_iter().filter(|pattern| pattern.as_ref() != "*") {
        let left = most.saturating_sub(all.len());
        all.extend(services.expand(pattern.as_ref()).take(left));
    }
    all
}
