//! The request, and the context keys that follow from it.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use policy::arn::{Arn, is_account_id};
use policy::literal::Instant;

use crate::{Caller, Context};

/// What listing all buckets is asked about.
pub const ALL_BUCKETS: &str = "arn:aws:s3:::*";

/// A request as the evaluation sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who asks.
    pub caller: Caller,
    /// `service:Action` as written.
    pub action: String,
    pub(crate) action_lower: String,
    /// The ARN, or `*` for an action without resource-level permissions.
    pub resource: String,
    /// The account that owns the resource; `None` where neither the ARN nor the caller tells.
    pub resource_account: Option<String>,
    /// The management account of the organization, where the scenario speaks of one.
    pub management_account: Option<String>,
    /// The condition keys.
    pub context: Context,
}

impl Request {
    /// A request with the given context and nothing derived. The resource's account is the given one, else that of
    /// the ARN, else the caller's.
    pub fn new(caller: Caller, action: &str, resource: &str, resource_account: Option<&str>, context: Context) -> Self {
        let action_lower = action.to_ascii_lowercase();
        // The documentation allows s3:ListAllMyBuckets both on `*` and on `arn:aws:s3:::*`: it is authorized
        // against the latter, literally, so that both match.
        let resource = if action_lower == "s3:listallmybuckets" && resource == "*" { ALL_BUCKETS } else { resource };
        let of_arn = Arn::split(resource).map(|arn| arn.account).filter(|account| is_account_id(account));
        let resource_account = resource_account.or(of_arn).or(caller.account()).map(str::to_owned);
        Self {
            caller,
            action: action.to_owned(),
            action_lower,
            resource: resource.to_owned(),
            resource_account,
            management_account: None,
            context,
        }
    }

    /// Whether caller and resource are in one account. Callers without an account are in none.
    pub fn is_same_account(&self) -> bool {
        self.caller.account().is_some() && self.caller.account() == self.resource_account.as_deref()
    }

    /// The service prefix of the action, in lower case.
    pub fn service(&self) -> &str {
        self.action_lower.split_once(':').map_or("", |(service, _)| service)
    }

    /// The same request without a context key.
    pub(crate) fn without(&self, key: &str) -> Self {
        let mut request = self.clone();
        request.context.remove(key);
        request
    }

    /// The same request for another action.
    #[must_use]
    pub fn with_action(&self, action: &str) -> Self {
        Self { action: action.to_owned(), action_lower: action.to_ascii_lowercase(), ..self.clone() }
    }

    /// Actions that the call needs besides its own: making a session with tags needs `sts:TagSession`, assuming a role
    /// with a source identity `sts:SetSourceIdentity`.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>
    pub fn implied_actions(&self) -> impl Iterator<Item = &'static str> {
        let assumes = self.action_lower.starts_with("sts:assumerole");
        let federates = self.is_action("sts:getfederationtoken");
        let given = |wanted: &dyn Fn(&str) -> bool| {
            (assumes || federates)
                && self.context.entries().iter().any(|entry| !entry.is_empty() && wanted(entry.lower()))
        };
        let tags = given(&|key| key == "aws:tagkeys" || key.starts_with("aws:requesttag/"));
        let identity = assumes && given(&|key| key == "sts:sourceidentity");
        [tags.then_some("sts:TagSession"), identity.then_some("sts:SetSourceIdentity")].into_iter().flatten()
    }

    /// Whether a service makes the call with the caller's credentials (a forward access session).
    pub(crate) fn is_via_service(&self) -> bool {
        let via = self.context.get("aws:ViaAWSService").and_then(|entry| entry.values.first());
        via.is_some_and(|via| via.eq_ignore_ascii_case("true"))
    }

    pub(crate) fn is_action(&self, lower: &str) -> bool {
        self.action_lower == lower
    }

    /// Adds the context keys that AWS fills in from the request itself, unless given or absent on purpose. `now`
    /// is the time of the request; without it the time keys are left out.
    ///
    /// What hangs on more than the request (the network, MFA of long-term credentials, tags, the organization) is
    /// not made up: it stays absent until given.
    pub fn derive(&mut self, now: Option<Instant>) {
        let mut context = core::mem::take(&mut self.context);
        self.derive_principal(&mut context);
        if let Some(account) = &self.resource_account {
            context.derive("aws:ResourceAccount", account.as_str());
            if self.service() == "s3" {
                context.derive("s3:ResourceAccount", account.as_str());
            }
        }
        if self.service() == "kms"
            && let Some(account) = self.caller.account()
        {
            context.derive("kms:CallerAccount", account);
        }
        context.derive("aws:RequestedRegion", self.region());
        context.derive("aws:SecureTransport", "true");
        context.derive("aws:ViaAWSService", "false");
        if let Some(now) = now {
            context.derive("aws:CurrentTime", now.to_iso8601());
            context.derive("aws:EpochTime", now.seconds.to_string());
        }
        self.context = context;
    }

    fn derive_principal(&self, context: &mut Context) {
        let caller = &self.caller;
        let is_service = matches!(caller, Caller::Service { .. });
        if caller.is_signed() {
            context.derive("aws:PrincipalIsAWSService", is_service.to_string());
        }
        if let Some(arn) = caller.principal_arn() {
            context.derive("aws:PrincipalArn", arn);
        }
        if let Some(account) = caller.account() {
            context.derive("aws:PrincipalAccount", account);
        }
        match caller {
            Caller::Root { account, .. } => {
                context.derive("aws:PrincipalType", "Account");
                context.derive("aws:userid", account.as_str());
            }
            Caller::User { arn, name, .. } => {
                context.derive("aws:PrincipalType", "User");
                context.derive("aws:userid", unique_id("AIDA", arn));
                context.derive("aws:username", name.as_str());
            }
            Caller::RoleSession { role_arn, session, .. } => {
                context.derive("aws:PrincipalType", "AssumedRole");
                if let Some(session) = session {
                    context.derive("aws:userid", format!("{}:{session}", unique_id("AROA", role_arn)));
                }
                if self.has_mfa_key(context, session.as_deref()) {
                    context.derive("aws:MultiFactorAuthPresent", "false");
                }
            }
            Caller::FederatedUser { account, name, .. } => {
                context.derive("aws:PrincipalType", "FederatedUser");
                context.derive("aws:userid", format!("{account}:{name}"));
            }
            Caller::Service { name } => {
                context.derive("aws:PrincipalServiceName", name.as_str());
                context.derive("aws:PrincipalServiceNamesList", name.as_str());
            }
            Caller::Federated { provider } => {
                context.derive("aws:PrincipalAccount", "anonymous");
                if self.is_action("sts:assumerolewithwebidentity") {
                    context.derive("aws:FederatedProvider", provider.as_str());
                }
            }
            Caller::Anonymous => {
                context.derive("aws:PrincipalAccount", "anonymous");
                context.derive("aws:PrincipalType", "Anonymous");
                context.derive("aws:userid", "anonymous");
            }
            Caller::CanonicalUser { .. } => {}
        }
    }

    /// Sessions from `sts:AssumeRole` carry `aws:MultiFactorAuthPresent`; those of services, instances and identity
    /// providers do not.
    fn has_mfa_key(&self, context: &Context, session: Option<&str>) -> bool {
        let federated = context.entries().iter().any(|entry| {
            let key = entry.lower();
            key == "aws:federatedprovider"
                || key.starts_with("saml:")
                || (key.ends_with(":sub") || key.ends_with(":aud")) && key.contains('.')
                || key == "ec2:roledelivery"
                || key == "ec2:sourceinstancearn"
                || key == "lambda:sourcefunctionarn"
        });
        let is_id = |id: &str| id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let instance = session.and_then(|session| session.strip_prefix("i-")).is_some_and(is_id);
        !federated && !instance && !self.caller.is_service_linked()
    }

    /// The region a request reports: that of the ARN, else the one where global services (IAM, Organizations,
    /// CloudFront, Route 53) answer from in the partition, us-east-1 in the usual one; it is also assumed where nothing
    /// tells.
    fn region(&self) -> &str {
        let arn = Arn::split(&self.resource);
        if let Some(region) = arn.map(|arn| arn.region)
            && !region.is_empty()
            && !region.contains(['*', '?'])
        {
            return region;
        }
        match arn.map(|arn| arn.partition).or_else(|| self.caller.partition()) {
            Some("aws-cn") => "cn-north-1",
            Some("aws-us-gov") => "us-gov-west-1",
            _ => "us-east-1",
        }
    }
}

/// A unique id of the shape AWS gives users (`AIDA…`) and roles (`AROA…`): stable for one ARN, made up, since the
/// real one is AWS's to choose. A scenario that needs a certain id gives `aws:userid`.
fn unique_id(prefix: &str, arn: &str) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    // FNV-1a, spread over two words for 17 characters of 5 bits.
    let hash = |seed: u64| arn.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let words = [hash(0xcbf2_9ce4_8422_2325), hash(0x9e37_79b9_7f4a_7c15)];
    let letters = (0..17).map(|at| {
        let word = words.get(at % 2).copied().unwrap_or_default();
        let index = usize::try_from((word >> (5 * (at / 2))) & 31).unwrap_or_default();
        char::from(ALPHABET.get(index).copied().unwrap_or(b'A'))
    });
    prefix.chars().chain(letters).collect()
}
