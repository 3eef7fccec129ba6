//! A scenario as data that tests can take apart and change: rendered to JSON for the facade, and to documents and a
//! request for the evaluator, without a parser in between.

use evaluator::{Caller, Context, Level, PolicyEntry, PolicySet, Request, Source};
use playground::InputKind;
use policy::literal::Instant;
use policy::{
    Clause, ConditionValue, Document, Effect, JsonType, Operator, Polarity, PolicyKind, PrincipalEntry, PrincipalType,
    ResourceType, Span, Spanned, Version,
};
use serde_json::{Map, Value, json};

/// The present in all tests: 2027-01-15T08:00:00Z.
pub const NOW: i64 = 1_800_000_000_000;

/// A scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// The request.
    pub ask: Ask,
    /// The policies.
    pub policies: Vec<Policy>,
    /// The organization's management account.
    pub management: Option<String>,
    /// `scpLevels`, where given.
    pub named_levels: Option<Vec<String>>,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// A string: an ARN, an account, `*`.
    Text(String),
    /// An object with one key.
    Of(&'static str, String),
}

/// A request.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// Who asks.
    pub principal: Principal,
    /// Who made the session.
    pub issuer: Option<String>,
    /// For what.
    pub action: String,
    /// On what.
    pub resource: String,
    /// Whose it is.
    pub resource_account: Option<String>,
    /// Condition keys.
    pub context: Vec<(String, ContextValue)>,
    /// Whether keys are derived.
    pub derive: bool,
}

/// A value of the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContextValue {
    /// `null`: absent on purpose.
    Absent,
    /// One value.
    One(String),
    /// An array.
    Many(Vec<String>),
}

/// A policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Its kind.
    pub kind: InputKind,
    /// The level of an SCP or RCP.
    pub target: Option<&'static str>,
    /// Its version.
    pub version: Option<Version>,
    /// Its statements.
    pub statements: Vec<Statement>,
}

/// A statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Its effect.
    pub effect: Effect,
    /// Whom it is about.
    pub principal: Option<(Polarity, Vec<(PrincipalType, String)>)>,
    /// Its actions.
    pub action: (Polarity, Vec<String>),
    /// Its resources.
    pub resource: Option<(Polarity, Vec<String>)>,
    /// Its conditions.
    pub conditions: Vec<Condition>,
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The operator.
    pub operator: Operator,
    /// The key.
    pub key: String,
    /// The values.
    pub values: Vec<String>,
}

/// How a document is written in the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// An object.
    Object,
    /// Text on one line.
    Line,
    /// Text on many lines.
    Lines,
}

impl Layout {
    /// Every layout.
    pub const ALL: [Self; 3] = [Self::Object, Self::Line, Self::Lines];
}

impl Principal {
    /// The caller it names.
    pub fn caller(&self) -> Caller {
        match self {
            Self::Text(text) | Self::Of("AWS", text) => Caller::parse(text).expect("the generator names callers"),
            Self::Of("Service", name) => Caller::Service { name: name.clone() },
            Self::Of("Federated", provider) => Caller::Federated { provider: provider.clone() },
            Self::Of(_, id) => Caller::CanonicalUser { id: id.clone() },
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Of(key, text) => json!({ *key: text }),
        }
    }
}

impl Ask {
    /// The request as the evaluator takes it.
    pub fn request(&self, management: Option<&str>) -> Request {
        let mut context = Context::default();
        for (key, value) in &self.context {
            match value {
                ContextValue::Absent => context.add_absent(key),
                ContextValue::One(value) => context.add(key, vec![value.clone()], false, Source::Given),
                ContextValue::Many(values) => context.add(key, values.clone(), true, Source::Given),
            }
        }
        let mut caller = self.principal.caller();
        let given = context.get("aws:PrincipalArn").and_then(|entry| entry.values.first());
        match (&self.issuer, given) {
            (Some(issuer), _) => caller = caller.issued_by(issuer),
            (None, Some(role)) if matches!(caller, Caller::RoleSession { .. }) => caller = caller.issued_by(role),
            _ => {}
        }
        let mut request = Request::new(caller, &self.action, &self.resource, self.resource_account.as_deref(), context);
        request.management_account = management.map(str::to_owned);
        if self.derive {
            request.derive(Some(Instant::from_epoch_milliseconds(NOW)));
        }
        request
    }

    /// The request as a scenario writes it.
    pub fn json(&self) -> Value {
        let context: Map<String, Value> = self
            .context
            .iter()
            .map(|(key, value)| {
                let value = match value {
                    ContextValue::Absent => Value::Null,
                    ContextValue::One(value) => scalar(value),
                    ContextValue::Many(values) => values.iter().map(|value| scalar(value)).collect(),
                };
                (key.clone(), value)
            })
            .collect();
        let mut ask = json!({
            "principal": self.principal.json(),
            "action": self.action,
            "resource": self.resource,
            "context": context,
        });
        let mut set = |field: &str, value: Option<Value>| {
            if let Some(value) = value {
                ask[field] = value;
            }
        };
        set("resourceAccount", self.resource_account.as_ref().map(|account| json!(account)));
        set("sessionIssuer", self.issuer.as_ref().map(|issuer| json!(issuer)));
        set("derive", (!self.derive).then_some(Value::Bool(false)));
        ask
    }
}

/// Booleans and whole numbers bare, everything else in quotes.
fn scalar(text: &str) -> Value {
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => match text.parse::<u32>() {
            Ok(number) if number.to_string() == text => json!(number),
            _ => json!(text),
        },
    }
}

fn json_type(text: &str) -> JsonType {
    match scalar(text) {
        Value::Bool(_) => JsonType::Bool,
        Value::Number(_) => JsonType::Number,
        _ => JsonType::String,
    }
}

impl Policy {
    /// The kind as the evaluator takes it.
    pub fn kind(&self, resource: &str) -> PolicyKind {
        match self.kind {
            InputKind::Identity => PolicyKind::Identity,
            InputKind::Resource => PolicyKind::Resource(ResourceType::of_arn(resource)),
            InputKind::PermissionsBoundary => PolicyKind::PermissionsBoundary,
            InputKind::Session => PolicyKind::Session,
            InputKind::Scp => PolicyKind::Scp,
            InputKind::Rcp => PolicyKind::Rcp,
            InputKind::VpcEndpoint => PolicyKind::VpcEndpoint,
        }
    }

    /// The document without places.
    pub fn document(&self) -> Document {
        Document {
            version: self.version.unwrap_or_default(),
            version_element: self.version.map(|version| spanned(version_text(version))),
            id: None,
            statements: self.statements.iter().map(Statement::parsed).collect(),
        }
    }

    /// The document as an object.
    pub fn json(&self) -> Value {
        let mut document = Map::new();
        if let Some(version) = self.version {
            document.insert("Version".to_owned(), json!(version_text(version)));
        }
        let statements: Vec<Value> = self.statements.iter().map(Statement::json).collect();
        let statements = match statements.as_slice() {
            [only] => only.clone(),
            _ => Value::Array(statements),
        };
        document.insert("Statement".to_owned(), statements);
        Value::Object(document)
    }
}

fn version_text(version: Version) -> String {
    match version {
        Version::V2008 => "2008-10-17".to_owned(),
        Version::V2012 => "2012-10-17".to_owned(),
    }
}

fn spanned<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}

fn clause<T, U>((polarity, entries): &(Polarity, Vec<T>), entry: impl Fn(&T) -> U) -> Clause<U> {
    Clause { polarity: *polarity, span: Span::default(), entries: entries.iter().map(entry).collect() }
}

fn one_or_many(mut values: Vec<Value>) -> Value {
    if values.len() == 1 { values.remove(0) } else { Value::Array(values) }
}

impl Statement {
    /// The statement without places.
    pub fn parsed(&self) -> policy::Statement {
        policy::Statement {
            span: Span::default(),
            sid: None,
            effect: Some(spanned(self.effect)),
            principal: self.principal.as_ref().map(|principal| {
                clause(principal, |(principal_type, value)| PrincipalEntry {
                    principal_type: *principal_type,
                    value: value.clone(),
                    span: Span::default(),
                })
            }),
            action: Some(clause(&self.action, |action| spanned(action.clone()))),
            resource: self.resource.as_ref().map(|resource| clause(resource, |arn| spanned(arn.clone()))),
            conditions: self.conditions.iter().map(Condition::parsed).collect(),
            condition_span: (!self.conditions.is_empty()).then(Span::default),
        }
    }

    /// The statement as an object. Pairs of one operator that follow each other share a block.
    pub fn json(&self) -> Value {
        let mut statement = Map::new();
        let not = |polarity: Polarity, name: &str| match polarity {
            Polarity::Is => name.to_owned(),
            Polarity::Not => format!("Not{name}"),
        };
        let effect = if self.effect == Effect::Allow { "Allow" } else { "Deny" };
        statement.insert("Effect".to_owned(), json!(effect));
        if let Some((polarity, entries)) = &self.principal {
            statement.insert(not(*polarity, "Principal"), principals(entries));
        }
        let texts = |entries: &[String]| one_or_many(entries.iter().map(|text| json!(text)).collect());
        statement.insert(not(self.action.0, "Action"), texts(&self.action.1));
        if let Some((polarity, entries)) = &self.resource {
            statement.insert(not(*polarity, "Resource"), texts(entries));
        }
        if !self.conditions.is_empty() {
            let mut block: Map<String, Value> = Map::new();
            for condition in &self.conditions {
                let values = one_or_many(condition.values.iter().map(|value| scalar(value)).collect());
                let pairs = block.entry(condition.operator.to_string()).or_insert_with(|| json!({}));
                pairs[condition.key.as_str()] = values;
            }
            statement.insert("Condition".to_owned(), Value::Object(block));
        }
        Value::Object(statement)
    }
}

fn principals(entries: &[(PrincipalType, String)]) -> Value {
    if let [(PrincipalType::Everyone, _)] = entries {
        return json!("*");
    }
    let mut object: Map<String, Value> = Map::new();
    for (principal_type, value) in entries {
        let key = match principal_type {
            PrincipalType::Everyone | PrincipalType::Aws => "AWS",
            PrincipalType::Service => "Service",
            PrincipalType::Federated => "Federated",
            PrincipalType::CanonicalUser => "CanonicalUser",
        };
        let list = object.entry(key).or_insert_with(|| json!([]));
        list.as_array_mut().expect("a list").push(json!(value));
    }
    Value::Object(object)
}

impl Condition {
    /// The condition without places.
    pub fn parsed(&self) -> policy::Condition {
        let values = self.values.iter().map(|text| ConditionValue {
            text: text.clone(),
            json_type: json_type(text),
            span: Span::default(),
        });
        policy::Condition {
            operator: Some(self.operator),
            operator_name: spanned(self.operator.to_string()),
            key: spanned(self.key.clone()),
            span: Span::default(),
            values: values.collect(),
        }
    }
}

/// What the evaluator needs of a scene.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The request.
    pub request: Request,
    /// The documents, by policy.
    pub documents: Vec<Document>,
    kinds: Vec<(PolicyKind, usize)>,
    levels: Vec<Level>,
}

impl Prepared {
    /// The policies, compiled.
    pub fn set(&self) -> PolicySet<'_> {
        let entries = self.documents.iter().zip(&self.kinds);
        let entries = entries.map(|(document, (kind, level))| PolicyEntry::new(*kind, document).on_level(*level));
        PolicySet::with_levels(entries.collect(), self.levels.clone())
    }

    /// The decision alone.
    pub fn decide(&self) -> evaluator::Verdict {
        evaluator::decide(&self.set(), &self.request)
    }

    /// The decision and its trace.
    pub fn evaluate(&self) -> evaluator::Evaluation {
        evaluator::evaluate(&self.set(), &self.request)
    }

    /// Whether the policy has a part in the request.
    pub fn applies(&self, policy: usize) -> bool {
        self.set().why_not_applicable(policy, &self.request).is_none()
    }

    /// The levels that need an SCP which allows, as far as they bind the caller.
    pub fn binding_levels(&self) -> impl Iterator<Item = usize> {
        let account = self.request.caller.account();
        let binds = move |level: &Level| {
            level.needs_scp && level.account.as_deref().is_none_or(|attached| account == Some(attached))
        };
        self.levels.iter().enumerate().filter_map(move |(at, level)| binds(level).then_some(at))
    }

    /// The level of an SCP or RCP.
    pub fn level(&self, policy: usize) -> usize {
        self.kinds[policy].1
    }

    /// The kind of a policy, as the decision tells them apart.
    pub fn kind(&self, policy: usize) -> evaluator::Kind {
        evaluator::Kind::from(self.kinds[policy].0)
    }
}

impl Scene {
    /// The scene as the evaluator takes it. Levels are numbered as the contract says: `scpLevels` first, then
    /// targets in the order in which they appear.
    pub fn prepare(&self) -> Prepared {
        let mut names: Vec<&str> = self.named_levels.iter().flatten().map(String::as_str).collect();
        let level = |name: &str, needs_scp| Level {
            account: policy::arn::is_account_id(name).then(|| name.to_owned()),
            needs_scp,
        };
        let mut levels: Vec<Level> = names.iter().map(|name| level(name, true)).collect();
        let request = self.ask.request(self.management.as_deref());
        let mut kinds = Vec::new();
        for policy in &self.policies {
            let mut place = 0;
            if matches!(policy.kind, InputKind::Scp | InputKind::Rcp) {
                let target = policy.target.unwrap_or("");
                place = names.iter().position(|name| *name == target).unwrap_or_else(|| {
                    names.push(target);
                    levels.push(level(target, false));
                    names.len() - 1
                });
                levels[place].needs_scp |= policy.kind == InputKind::Scp;
            }
            kinds.push((policy.kind(&self.ask.resource), place));
        }
        Prepared { request, documents: self.policies.iter().map(Policy::document).collect(), kinds, levels }
    }

    /// The decision alone.
    pub fn decision(&self) -> evaluator::Decision {
        self.prepare().decide().decision()
    }

    /// The scenario as JSON; each document is written in the next of the layouts.
    pub fn json(&self, layouts: &[Layout]) -> Value {
        let policies: Vec<Value> = self
            .policies
            .iter()
            .enumerate()
            .map(|(at, policy)| {
                let document = policy.json();
                let document = match layouts.get(at % layouts.len().max(1)) {
                    None | Some(Layout::Object) => document,
                    Some(Layout::Line) => json!(document.to_string()),
                    Some(Layout::Lines) => json!(serde_json::to_string_pretty(&document).expect("JSON")),
                };
                let mut entry = json!({ "kind": policy.kind.name(), "name": format!("P{at}"), "document": document });
                if let Some(target) = policy.target {
                    entry["target"] = json!(target);
                }
                entry
            })
            .collect();
        let mut scenario = json!({ "request": self.ask.json(), "policies": policies });
        if self.management.is_some() || self.named_levels.is_some() {
            let mut organization = Map::new();
            if let Some(account) = &self.management {
                organization.insert("managementAccount".to_owned(), json!(account));
            }
            if let Some(levels) = &self.named_levels {
                organization.insert("scpLevels".to_owned(), json!(levels));
            }
            scenario["organization"] = Value::Object(organization);
        }
        scenario
    }
}
