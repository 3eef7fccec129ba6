//! Who makes the request: the forms of a principal as a caller, and the ARNs it answers to.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>

use policy::arn::{Arn, is_account_id};

/// The maker of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// The root user of an account.
    Root {
        /// `arn:aws:iam::ACCOUNT:root`
        arn: String,
        /// The account's id.
        account: String,
    },
    /// An IAM user with its own credentials.
    User {
        /// With path: `arn:aws:iam::ACCOUNT:user/PATH/NAME`.
        arn: String,
        /// The account's id.
        account: String,
        /// Without path.
        name: String,
    },
    /// A session of a role.
    RoleSession {
        /// The role with its path: `arn:aws:iam::ACCOUNT:role/PATH/NAME`.
        role_arn: String,
        /// The session: `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`; `None` for a session whose name is not given.
        session_arn: Option<String>,
        /// The account's id.
        account: String,
        /// The session's name.
        session: Option<String>,
    },
    /// A session from `sts:GetFederationToken`.
    FederatedUser {
        /// `arn:aws:sts::ACCOUNT:federated-user/NAME`
        arn: String,
        /// The account's id.
        account: String,
        /// The session's name.
        name: String,
        /// The IAM user, or the root user, who made the session, where known.
        parent: Option<String>,
    },
    /// An AWS service acting for itself.
    Service {
        /// Such as `ec2.amazonaws.com`.
        name: String,
    },
    /// Someone with a token of a SAML or OIDC provider, not yet in a role.
    Federated {
        /// The provider's ARN, or a built-in name such as `accounts.google.com`.
        provider: String,
    },
    /// An account known only by its S3 canonical user id.
    CanonicalUser {
        /// 64 hexadecimal digits.
        id: String,
    },
    /// Nobody: an unsigned request.
    Anonymous,
}

/// Why text names no caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadCaller {
    /// Neither an ARN, nor an account id, nor `*`.
    Form,
    /// The ARN of a group: groups make no requests.
    Group,
    /// An ARN of something that makes no requests.
    NotAPrincipal,
    /// The ARN's account is not twelve digits.
    Account,
    /// An ARN without a name, or with a wildcard in it: who asks is one.
    NoName,
}

impl Caller {
    /// Reads a principal string: an ARN, an account id (its root), a service name, or `*` (anonymous).
    ///
    /// ```
    /// use evaluator::Caller;
    /// let caller = Caller::parse("arn:aws:sts::111122223333:assumed-role/Ops/jo").unwrap();
    /// // the session's role is known by name only: a path must be given by `aws:PrincipalArn`
    /// assert_eq!(caller.principal_arn(), Some("arn:aws:iam::111122223333:role/Ops"));
    /// assert_eq!(caller.arn(), Some("arn:aws:sts::111122223333:assumed-role/Ops/jo"));
    /// ```
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, BadCaller> {
        if text == "*" {
            return Ok(Self::Anonymous);
        }
        if is_account_id(text) {
            return Ok(Self::root("aws", text));
        }
        let Some(arn) = Arn::split(text) else {
            return if text.ends_with(".amazonaws.com") && !text.contains([':', '/', ' ', '*']) {
                Ok(Self::Service { name: text.to_owned() })
            } else {
                Err(BadCaller::Form)
            };
        };
        let (word, name) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
        let known = matches!(
            (arn.service, word),
            ("iam", "root" | "user" | "role") | ("sts", "assumed-role" | "federated-user")
        );
        if arn.service == "iam" && word == "group" {
            return Err(BadCaller::Group);
        }
        if !known {
            return Err(BadCaller::NotAPrincipal);
        }
        if !is_account_id(arn.account) {
            return Err(BadCaller::Account);
        }
        let last = name.rsplit('/').next().unwrap_or(name);
        if word != "root" && (last.is_empty() || name.contains(['*', '?'])) {
            return Err(BadCaller::NoName);
        }
        let account = arn.account.to_owned();
        Ok(match word {
            "root" if name.is_empty() => Self::root(arn.partition, arn.account),
            "user" => Self::User { arn: text.to_owned(), account, name: last.to_owned() },
            "role" => Self::RoleSession { role_arn: text.to_owned(), session_arn: None, account, session: None },
            "federated-user" => {
                Self::FederatedUser { arn: text.to_owned(), account, name: name.to_owned(), parent: None }
            }
            "assumed-role" => {
                let (role, session) = name.split_once('/').ok_or(BadCaller::NoName)?;
                // Neither has a path here: `assumed-role/PATH/ROLE/SESSION` is nobody's.
                if role.is_empty() || session.is_empty() || session.contains('/') {
                    return Err(BadCaller::NoName);
                }
                Self::RoleSession {
                    role_arn: format!("arn:{}:iam::{account}:role/{role}", arn.partition),
                    session_arn: Some(text.to_owned()),
                    account,
                    session: Some(session.to_owned()),
                }
            }
            _ => return Err(BadCaller::NotAPrincipal),
        })
    }

    fn root(partition: &str, account: &str) -> Self {
        Self::Root { arn: format!("arn:{partition}:iam::{account}:root"), account: account.to_owned() }
    }

    /// Tells the session who it was made from: a role session its role's ARN with path, a federated session its user.
    /// An ARN that does not fit is ignored.
    #[must_use]
    pub fn issued_by(mut self, issuer: &str) -> Self {
        match &mut self {
            Self::RoleSession { role_arn, account, .. } => {
                let name = |arn: &str| arn.rsplit('/').next().map(str::to_owned);
                let fits = Arn::split(issuer).is_some_and(|arn| {
                    arn.account == account && arn.service == "iam" && arn.resource.starts_with("role/")
                });
                if fits && name(issuer) == name(role_arn) {
                    issuer.clone_into(role_arn);
                }
            }
            Self::FederatedUser { parent, account, .. }
                if Arn::split(issuer).is_some_and(|arn| {
                    arn.account == account && (arn.resource.starts_with("user/") || arn.resource == "root")
                }) =>
            {
                *parent = Some(issuer.to_owned());
            }
            _ => {}
        }
        self
    }

    /// The caller's account; services, unsigned callers and canonical ids have none that is known.
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Root { account, .. }
            | Self::User { account, .. }
            | Self::RoleSession { account, .. }
            | Self::FederatedUser { account, .. } => Some(account),
            Self::Service { .. } | Self::Federated { .. } | Self::CanonicalUser { .. } | Self::Anonymous => None,
        }
    }

    /// The acting ARN, as `sts:GetCallerIdentity` and error messages give it. A session whose name is not given is
    /// known by its role's ARN.
    pub fn arn(&self) -> Option<&str> {
        match self {
            Self::Root { arn, .. } | Self::User { arn, .. } | Self::FederatedUser { arn, .. } => Some(arn),
            Self::RoleSession { role_arn, session_arn, .. } => Some(session_arn.as_ref().unwrap_or(role_arn)),
            Self::Service { .. } | Self::Federated { .. } | Self::CanonicalUser { .. } | Self::Anonymous => None,
        }
    }

    /// `aws:PrincipalArn`: for a role session the role's ARN.
    pub fn principal_arn(&self) -> Option<&str> {
        match self {
            Self::RoleSession { role_arn, .. } => Some(role_arn),
            other => other.arn(),
        }
    }

    /// Whether the request is signed with credentials of AWS.
    pub fn is_signed(&self) -> bool {
        !matches!(self, Self::Anonymous | Self::Federated { .. })
    }

    /// Whether this is a session of a service-linked role: its path is `/aws-service-role/`, and only such roles may
    /// have a name that starts with `AWSServiceRoleFor`.
    pub fn is_service_linked(&self) -> bool {
        let Self::RoleSession { role_arn, .. } = self else {
            return false;
        };
        Arn::split(role_arn).is_some_and(|arn| {
            arn.resource.starts_with("role/aws-service-role/") || arn.resource.starts_with("role/AWSServiceRoleFor")
        })
    }

    /// Whether the root user made this federated session: it then stands on everything in the account.
    pub fn is_made_by_root(&self) -> bool {
        matches!(self, Self::FederatedUser { parent: Some(parent), .. } if parent.ends_with(":root"))
    }

    /// The partition of the caller's ARN.
    pub fn partition(&self) -> Option<&str> {
        Arn::split(self.arn()?).map(|arn| arn.partition)
    }
}
