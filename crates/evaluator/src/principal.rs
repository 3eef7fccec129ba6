//! `Principal` and `NotPrincipal`: whom an entry covers, and how closely.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use policy::arn::{Arn, is_account_id};
use policy::{PrincipalEntry, PrincipalType};

use crate::trace::Sink;
use crate::{Caller, Choice, Readings, Touched};

/// How closely a principal entry means the caller. Only the decision uses the difference: a grant to an account
/// delegates, a grant to a role is still held by boundary and session policy, a direct grant is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Strength {
    /// Not covered.
    #[default]
    None,
    /// The caller's account.
    Account,
    /// The caller's role, or the user who made the federated session.
    Entity,
    /// The caller itself: user, session, service.
    Direct,
    /// Everyone.
    Wildcard,
}

/// An entry, read once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    /// `"*"`, or `{"AWS": "*"}` with `aws` set.
    Everyone {
        aws: bool,
    },
    Account(String),
    /// A user, role, session or federated user.
    Arn(String),
    Service(String),
    Federated(String),
    CanonicalUser(String),
    /// Not a valid principal: covers nobody.
    Nobody,
}

impl Entry {
    pub(crate) fn new(entry: &PrincipalEntry) -> Self {
        let value = entry.value.as_str();
        let plain = !value.contains(['*', '?']);
        match entry.principal_type {
            PrincipalType::Everyone if value == "*" => Self::Everyone { aws: false },
            PrincipalType::Aws if value == "*" => Self::Everyone { aws: true },
            PrincipalType::Aws if is_account_id(value) => Self::Account(value.to_owned()),
            PrincipalType::Aws => match Arn::split(value) {
                Some(arn) if arn.service == "iam" && arn.resource == "root" => Self::Account(arn.account.to_owned()),
                Some(_) if plain => Self::Arn(value.to_owned()),
                _ => Self::Nobody,
            },
            PrincipalType::Service if plain => Self::Service(value.to_owned()),
            PrincipalType::Federated if plain => Self::Federated(value.to_owned()),
            PrincipalType::CanonicalUser if plain => Self::CanonicalUser(value.to_owned()),
            _ => Self::Nobody,
        }
    }

    /// How closely the entry means the caller.
    pub(crate) fn strength(&self, caller: &Caller, readings: Readings, touched: &mut Touched) -> Strength {
        match (self, caller) {
            (Self::Everyone { aws: true }, Caller::Service { .. }) => {
                touched.add(Choice::AwsStarIsEveryone);
                if readings.is_flipped(Choice::AwsStarIsEveryone) { Strength::None } else { Strength::Wildcard }
            }
            (Self::Everyone { .. }, _) => Strength::Wildcard,
            (Self::Account(account), caller) if caller.account() == Some(account) => Strength::Account,
            (Self::Arn(arn), Caller::User { arn: user, .. }) if arn == user => Strength::Direct,
            (Self::Arn(arn), Caller::RoleSession { role_arn, session_arn, .. }) => {
                if session_arn.as_ref() == Some(arn) {
                    Strength::Direct
                } else if arn == role_arn {
                    Strength::Entity
                } else {
                    Strength::None
                }
            }
            (Self::Arn(arn), Caller::FederatedUser { arn: session, parent, .. }) => {
                if arn == session {
                    Strength::Direct
                } else if parent.as_ref() == Some(arn) {
                    Strength::Entity
                } else {
                    Strength::None
                }
            }
            (Self::Service(service), Caller::Service { name }) if service == name => Strength::Direct,
            (Self::Federated(federated), Caller::Federated { provider }) if federated == provider => Strength::Direct,
            (Self::CanonicalUser(user), Caller::CanonicalUser { id }) if user == id => Strength::Account,
            _ => Strength::None,
        }
    }
}

/// How a `NotPrincipal` treats the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exemption {
    /// The caller is left out by the list.
    Exempt,
    /// Some level of the caller is not listed, so the statement applies. Holds what is missing.
    MissingLevels(Vec<String>),
    /// The caller has a permissions boundary: `Deny` with `NotPrincipal` then always applies.
    Boundary,
    /// Nothing in the list covers the caller.
    NotListed,
}

/// The strongest of a `Principal`'s entries.
pub(crate) fn principal<S: Sink>(
    entries: &[Entry],
    caller: &Caller,
    readings: Readings,
    touched: &mut Touched,
    sink: &mut S,
) -> Strength {
    let mut strongest = Strength::None;
    for entry in entries {
        let strength = entry.strength(caller, readings, touched);
        strongest = strongest.max(strength);
        sink.principal(strength);
    }
    strongest
}

/// `Allow` with `NotPrincipal`: everyone but those listed, at any level.
pub(crate) fn allow_not_principal<S: Sink>(
    entries: &[Entry],
    caller: &Caller,
    readings: Readings,
    touched: &mut Touched,
    sink: &mut S,
) -> Exemption {
    if principal(entries, caller, readings, touched, sink) > Strength::None {
        Exemption::Exempt
    } else {
        Exemption::NotListed
    }
}

/// `Deny` with `NotPrincipal`: the caller escapes only where each of its levels is listed.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
pub(crate) fn deny_not_principal<S: Sink>(
    entries: &[Entry],
    caller: &Caller,
    has_boundary: bool,
    readings: Readings,
    touched: &mut Touched,
    sink: &mut S,
) -> Exemption {
    let strongest = principal(entries, caller, readings, touched, sink);
    if has_boundary {
        return Exemption::Boundary;
    }
    if strongest == Strength::None {
        return Exemption::NotListed;
    }
    if strongest == Strength::Wildcard {
        return Exemption::Exempt;
    }
    let missing: Vec<String> = levels(caller)
        .into_iter()
        .filter(|level| !entries.iter().any(|entry| level.is_listed_by(entry)))
        .map(|level| level.into_text(caller))
        .collect();
    if missing.is_empty() {
        return Exemption::Exempt;
    }
    touched.add(Choice::NotPrincipalLevels);
    if readings.is_flipped(Choice::NotPrincipalLevels) {
        return Exemption::Exempt;
    }
    Exemption::MissingLevels(missing)
}

/// A level of a caller that `NotPrincipal` must list.
enum Level<'a> {
    Account(&'a str),
    Arn(&'a str),
    Other,
}

impl Level<'_> {
    fn is_listed_by(&self, entry: &Entry) -> bool {
        match (self, entry) {
            (Self::Account(account), Entry::Account(listed)) => account == listed,
            (Self::Arn(arn), Entry::Arn(listed)) => arn == listed,
            // Services, providers and canonical ids have one level, and it is listed: the strength says so.
            (Self::Other, _) => true,
            _ => false,
        }
    }

    fn into_text(self, caller: &Caller) -> String {
        match self {
            Self::Account(account) => format!("arn:{}:iam::{account}:root", caller.partition().unwrap_or("aws")),
            Self::Arn(arn) => arn.to_owned(),
            Self::Other => String::new(),
        }
    }
}

fn levels(caller: &Caller) -> Vec<Level<'_>> {
    match caller {
        Caller::Root { account, .. } => vec![Level::Account(account)],
        Caller::User { account, arn, .. } | Caller::FederatedUser { account, arn, .. } => {
            vec![Level::Account(account), Level::Arn(arn)]
        }
        Caller::RoleSession { account, role_arn, session_arn, .. } => {
            // A session whose name is not given cannot be listed.
            let session = session_arn.as_deref().unwrap_or("the session's own ARN");
            vec![Level::Account(account), Level::Arn(role_arn), Level::Arn(session)]
        }
        Caller::Service { .. } | Caller::Federated { .. } | Caller::CanonicalUser { .. } | Caller::Anonymous => {
            vec![Level::Other]
        }
    }
}
