//! Every sentence of a report about policies, made from the evaluator's typed reasons. Lower case and without a final
//! stop, so that a page can put them where it likes; user text stands in backticks.

mod element;
mod error_message;
#[cfg(feature = "lints")]
mod note;
mod stage;
mod verdict;

pub(crate) use element::{condition, element, principal, statement, value};
pub(crate) use error_message::error_message;
#[cfg(feature = "lints")]
pub(crate) use note::notes;
pub(crate) use stage::{not_applicable, stage_id, stage_message, stage_title};
pub(crate) use verdict::{code, message};

use evaluator::{Caller, Kind, Request, StatementId};
use policy::arn::{Arn, is_account_id};

/// What the sentences need to know of the scenario's policies.
pub(crate) struct Words<'a> {
    /// The request.
    pub(crate) request: &'a Request,
    /// The policies, in the order given.
    pub(crate) policies: &'a [PolicyWords<'a>],
    /// The levels of SCPs and RCPs, from the root down.
    pub(crate) levels: &'a [String],
}

/// What the sentences need to know of one policy.
pub(crate) struct PolicyWords<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: Kind,
    pub(crate) via: Option<&'a str>,
    pub(crate) sids: Vec<Option<&'a str>>,
}

impl Words<'_> {
    /// A statement by its id, such as `ReadUploads#0`.
    pub(crate) fn id(&self, id: StatementId) -> String {
        let name = self.policies.get(id.policy).map_or("", |policy| policy.name);
        format!("{name}#{}", id.statement)
    }

    /// A statement in a sentence: "statement `Read` of `ReadUploads` (via group Developers)".
    fn statement(&self, id: StatementId) -> String {
        let Some(policy) = self.policies.get(id.policy) else {
            return String::new();
        };
        let which = match policy.sids.get(id.statement).copied().flatten() {
            Some(sid) if !sid.is_empty() => format!("statement `{sid}`"),
            _ => format!("statement #{}", id.statement),
        };
        let via = policy.via.filter(|via| !via.is_empty()).map(|via| format!(" (via {via})")).unwrap_or_default();
        format!("{which} of `{}`{via}", policy.name)
    }

    /// The statements and what they do, such as "allow".
    fn statements_do(&self, ids: &[StatementId], one: &str, several: &str) -> String {
        format!("{} {}", self.statements(ids), either(ids.len(), one, several))
    }

    /// The statements in a sentence, at most two by name.
    fn statements(&self, ids: &[StatementId]) -> String {
        match ids {
            [] => "no statement".to_owned(),
            [one] => self.statement(*one),
            [one, two] => format!("{} and {}", self.statement(*one), self.statement(*two)),
            [one, rest @ ..] => format!("{} and {} more", self.statement(*one), rest.len()),
        }
    }

    /// That the policies of a kind fail to do something: "permissions boundary `A` does not", "permissions boundaries
    /// `A` and `B` do not".
    fn do_not(&self, kind: Kind, one: &str, several: &str) -> String {
        let of_kind = self.policies.iter().filter(|policy| policy.kind == kind);
        let names: Vec<_> = of_kind.map(|policy| format!("`{}`", policy.name)).collect();
        match names.as_slice() {
            [] => format!("{one} does not"),
            [only] => format!("{one} {only} does not"),
            [init @ .., last] => format!("{several} {} and {last} do not", init.join(", ")),
        }
    }

    fn level(&self, level: usize) -> String {
        match self.levels.get(level) {
            Some(name) if !name.is_empty() => format!("level `{name}`"),
            _ => format!("level {}", level + 1),
        }
    }

    fn action(&self) -> &str {
        &self.request.action
    }

    /// The caller in a sentence: "the user `alice`".
    pub(crate) fn caller(&self) -> String {
        caller(&self.request.caller)
    }

    /// What the caller's identity policies hang on: "the user", "the role".
    fn holder(&self) -> &'static str {
        match self.request.caller {
            Caller::RoleSession { .. } => "the role",
            Caller::FederatedUser { .. } => "the user behind the federated session",
            Caller::User { .. } => "the user",
            Caller::Root { .. } => "the root user",
            _ => "such a caller",
        }
    }

    /// The kind of the resource's policy in a sentence.
    fn resource_policy(&self) -> &'static str {
        let service = Arn::split(&self.request.resource).map_or("", |arn| arn.service);
        match policy::ResourceType::of_arn(&self.request.resource) {
            policy::ResourceType::Role => "role trust policy",
            policy::ResourceType::Key => "key policy",
            policy::ResourceType::Bucket => "bucket policy",
            policy::ResourceType::Other => match service {
                "sqs" => "queue policy",
                "sns" => "topic policy",
                _ => "resource-based policy",
            },
        }
    }

    fn accounts(&self) -> (String, String) {
        let of = |account: Option<&str>| match account {
            Some(account) if is_account_id(account) => format!("account {account}"),
            Some(account) => format!("account `{account}`"),
            None => "no account".to_owned(),
        };
        (of(self.request.caller.account()), of(self.request.resource_account.as_deref()))
    }

    fn has(&self, kind: impl Fn(Kind) -> bool) -> bool {
        self.policies.iter().any(|policy| kind(policy.kind))
    }
}

/// The caller in a sentence: "the user `alice`".
fn caller(caller: &Caller) -> String {
    match caller {
        Caller::Root { account, .. } => format!("the root user of account {account}"),
        Caller::User { name, .. } => format!("the user `{name}`"),
        Caller::RoleSession { role_arn, session, .. } => {
            let role = role_arn.rsplit('/').next().unwrap_or(role_arn);
            match session {
                Some(session) => format!("the session `{session}` of the role `{role}`"),
                None => format!("a session of the role `{role}`"),
            }
        }
        Caller::FederatedUser { name, .. } => format!("the federated user `{name}`"),
        Caller::Service { name } => format!("the service `{name}`"),
        Caller::Federated { provider } => format!("someone with a token of `{provider}`"),
        Caller::CanonicalUser { .. } => "the account with this canonical user id".to_owned(),
        Caller::Anonymous => "an anonymous caller".to_owned(),
    }
}

/// The form of a verb for so many: "no statement allows", "two statements allow".
fn either<'w>(count: usize, one: &'w str, several: &'w str) -> &'w str {
    if count > 1 { several } else { one }
}
