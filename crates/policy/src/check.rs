//! What IAM saves and its author probably did not mean. One file an area; each rule looks at one statement.
//!
//! What hangs on the types of condition keys (single or multivalued) is checked where the keys are known.

mod actions;
mod conditions;
mod keys;
mod mfa;
mod organization;
mod principals;
mod quotas;
mod redundant;
mod resources;
mod trust;
mod variables;

use crate::parse::Findings;
use crate::seen::Seen;
use crate::{Condition, Diagnostic, Document, Effect, Polarity, PolicyKind, Spanned, Statement};

/// What every rule may look at.
#[derive(Clone, Copy)]
struct Context<'a> {
    text: &'a str,
    kind: PolicyKind,
    document: &'a Document,
    /// The entry that lets any role be handed over, where there is one.
    passes_any_role: Option<&'a Spanned<String>>,
}

/// A rule about one statement.
type Rule = fn(Context<'_>, &Statement, &mut Findings);

const RULES: &[Rule] = &[
    actions::not_action,
    actions::administrator,
    actions::pass_role,
    actions::pass_and_run,
    actions::service_linked_role,
    actions::assume_any_role,
    actions::every_service,
    actions::foreign_action,
    actions::escalation,
    resources::buckets_and_objects,
    resources::not_resource,
    resources::shapes,
    principals::everyone,
    principals::allow_not_principal,
    principals::deny_not_principal,
    principals::service_without_source,
    principals::account_without_external_id,
    principals::open_identity_provider,
    principals::endpoint,
    conditions::for_all_values,
    conditions::wildcards,
    conditions::sensitive_keys,
    conditions::same_key_twice,
    conditions::source_ip,
    conditions::absent_keys,
    conditions::session_arns,
    conditions::vpc_source_ip,
    keys::forms,
    keys::any_value,
    keys::spoofable,
    keys::denied_prefix,
    keys::attributes,
    keys::principal_of_service,
    keys::own_resource,
    keys::tags_of_everything,
    keys::epochs,
    keys::roles_anywhere,
    mfa::multi_factor,
    organization::regions,
    organization::service_calls,
    trust::mismatch,
    trust::missing_action,
    trust::redundant_principal,
    trust::any_branch,
    redundant::sid,
    redundant::statements,
    redundant::entries,
    redundant::values,
    variables::in_resources,
    variables::in_values,
];

/// Adds the findings for a document that was read.
pub(crate) fn run(text: &str, kind: PolicyKind, document: &Document, findings: &mut Findings) {
    let mut context = Context { text, kind, document, passes_any_role: None };
    if kind == PolicyKind::Identity && context.is_usual() {
        context.passes_any_role = document.statements.iter().find_map(actions::passes_any_role);
    }
    quotas::size(context, findings);
    variables::version(context, findings);
    for statement in &document.statements {
        for rule in RULES {
            rule(context, statement, findings);
        }
    }
}

/// AWS's API takes no longer documents.
const DOCUMENT: usize = 131_072;

impl Context<'_> {
    /// Whether the document is of a size that AWS would read: what takes time that grows with the square is only looked
    /// for there.
    fn is_usual(self) -> bool {
        self.text.len() <= DOCUMENT
    }

    /// Whether an Allow of this kind gives something: the others only limit.
    fn grants(self) -> bool {
        matches!(self.kind, PolicyKind::Identity | PolicyKind::Resource(_))
    }
}

impl Statement {
    fn allows(&self) -> bool {
        self.effect.as_ref().is_some_and(|effect| effect.value == Effect::Allow)
    }

    fn denies(&self) -> bool {
        self.effect.as_ref().is_some_and(|effect| effect.value == Effect::Deny)
    }

    /// The actions listed in `Action`.
    fn actions(&self) -> &[Spanned<String>] {
        match &self.action {
            Some(clause) if clause.polarity == Polarity::Is => &clause.entries,
            _ => &[],
        }
    }

    /// The patterns listed in `Resource`.
    fn resources(&self) -> &[Spanned<String>] {
        match &self.resource {
            Some(clause) if clause.polarity == Polarity::Is => &clause.entries,
            _ => &[],
        }
    }

    fn every_resource(&self) -> bool {
        self.resources().iter().any(|entry| entry.value == "*")
    }

    /// The conditions on a key; `name` in small letters, a `/` or `:` at its end standing for all keys that
    /// start so.
    fn on_key(&self, name: &'static str) -> impl Iterator<Item = &Condition> {
        self.conditions.iter().filter(move |condition| is_key(&condition.key.value, name))
    }

    /// The keys, in small letters, that some condition needs to be there.
    fn required_keys(&self) -> Seen {
        let mut keys = Seen::default();
        for (number, condition) in self.conditions.iter().enumerate().filter(|(_, condition)| condition.requires()) {
            keys.before(&condition.key.value.to_ascii_lowercase(), number);
        }
        keys
    }
}

impl Condition {
    /// Whether it is false where the key is absent.
    fn requires(&self) -> bool {
        let Some(operator) = self.operator else {
            return false;
        };
        match operator.base {
            crate::Base::Null => self.holds("false"),
            base => {
                let set = operator.set;
                let any = set == Some(crate::SetOperator::ForAnyValue);
                !operator.if_exists && (any || set.is_none() && !base.negated())
            }
        }
    }

    /// Whether `value` is among the values, case aside.
    fn holds(&self, value: &str) -> bool {
        self.values.iter().any(|written| written.text.eq_ignore_ascii_case(value))
    }
}

fn is_key(written: &str, name: &str) -> bool {
    if name.ends_with(['/', ':']) {
        written.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
    } else {
        written.eq_ignore_ascii_case(name)
    }
}

/// "`a`, `b` and `c`", and "…" where there are more than a few.
fn some(names: &[&str]) -> String {
    let shown = names.get(..5).unwrap_or(names);
    let mut text = shown.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if shown.len() < names.len() {
        text.push_str(", …");
    }
    text
}

/// The finding with the operator of a condition replaced, where that can be done by itself.
fn replace_operator(diagnostic: Diagnostic, statement: &Statement, condition: &Condition, by: &str) -> Diagnostic {
    match crate::edit::replace_operator(statement, condition, by) {
        Some(edits) => diagnostic.fix(format!("replace with `{by}`"), edits),
        None => diagnostic,
    }
}
