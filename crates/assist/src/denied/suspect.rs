//! Which policy a message points at, and how to look at it.

use playground::{Decision, InputKind};
use policy::arn::Arn;
use serde::Serialize;

/// What refused, as far as the message tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Suspect {
    /// The kind of policy, as in a scenario; a role's trust policy and a key's policy are `resource`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<&'static str>,
    /// Whether a `Deny` decided, or that nothing allows it; absent where the message does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expect: Option<Decision>,
    /// The ARN of the policy, where AWS appends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// What it means, in a sentence.
    pub message: String,
}

/// The kinds as AWS's messages call them, squeezed; the longer names first.
const KINDS: [(&str, InputKind, &str); 9] = [
    ("identity-basedpolic", InputKind::Identity, "identity-based policy"),
    ("resource-basedpolic", InputKind::Resource, "resource-based policy"),
    ("permissionsboundar", InputKind::PermissionsBoundary, "permissions boundary"),
    ("sessionpolic", InputKind::Session, "session policy"),
    ("sessionspolic", InputKind::Session, "session policy"),
    ("servicecontrolpolic", InputKind::Scp, "service control policy"),
    ("resourcecontrolpolic", InputKind::Rcp, "resource control policy"),
    ("vpcendpointpolic", InputKind::VpcEndpoint, "VPC endpoint policy"),
    ("roletrustpolic", InputKind::Resource, "role trust policy"),
];

/// The kind named at the start of a squeezed text, an article before it or not.
pub(super) fn kind_at(text: &str) -> Option<(InputKind, &'static str)> {
    let plain = ["an", "a", "the"].into_iter().find_map(|article| text.strip_prefix(article).and_then(known));
    plain.or_else(|| known(text))
}

fn known(text: &str) -> Option<(InputKind, &'static str)> {
    KINDS.into_iter().find(|(name, ..)| text.starts_with(name)).map(|(_, kind, words)| (kind, words))
}

/// What a refusal of this sort means.
pub(super) fn meaning(kind: InputKind, words: &str, decision: Option<Decision>, action: &str) -> String {
    match (decision, kind) {
        (Some(Decision::ExplicitDeny), _) => {
            format!("a `Deny` statement in a {words} matches the request; no `Allow` anywhere can outweigh it")
        }
        (_, InputKind::Identity) => format!(
            "nothing allows `{action}`: no policy of the caller, and none of the resource; what is not allowed is denied"
        ),
        (_, InputKind::PermissionsBoundary) => {
            format!("the caller's policies may allow `{action}`, but its permissions boundary does not")
        }
        (_, InputKind::Session) => {
            format!("the role may allow `{action}`, but the session policy that this session was made with does not")
        }
        (_, InputKind::Scp) => {
            format!(
                "the organization's service control policies do not allow `{action}` on some level above the caller"
            )
        }
        (_, InputKind::Rcp) => format!("the organization's resource control policies do not allow `{action}`"),
        (_, InputKind::VpcEndpoint) => {
            format!("the policy of the VPC endpoint that the request came through does not allow `{action}`")
        }
        (_, InputKind::Resource) => format!("the {words} does not allow `{action}` for this caller"),
    }
}

/// How to see the policies of a kind: commands of the AWS CLI.
pub(super) fn where_to_look(kind: InputKind, principal: Option<&str>, action: &str, resource: Option<&str>) -> String {
    let caller = principal.map(Named::of).unwrap_or_default();
    match kind {
        InputKind::Identity => match caller {
            Named::User(name) => format!(
                "see what the user has: `aws iam list-attached-user-policies --user-name {name}`, `aws iam list-user-policies --user-name {name}`, `aws iam list-groups-for-user --user-name {name}`"
            ),
            Named::Role(name) => format!(
                "see what the role has: `aws iam list-attached-role-policies --role-name {name}`, `aws iam list-role-policies --role-name {name}`"
            ),
            Named::Other => "see which policies are attached to the caller".to_owned(),
        },
        InputKind::PermissionsBoundary => match caller {
            Named::User(name) => {
                format!("see the boundary: `aws iam get-user --user-name {name} --query User.PermissionsBoundary`")
            }
            Named::Role(name) => {
                format!("see the boundary: `aws iam get-role --role-name {name} --query Role.PermissionsBoundary`")
            }
            Named::Other => "see the permissions boundary of the caller".to_owned(),
        },
        InputKind::Session => "see how the session was made: the `Policy` and `PolicyArns` of the AssumeRole call, which CloudTrail records".to_owned(),
        InputKind::Scp => organization("SERVICE_CONTROL_POLICY", principal),
        InputKind::Rcp => organization("RESOURCE_CONTROL_POLICY", resource),
        InputKind::VpcEndpoint => "see the endpoint's policy: `aws ec2 describe-vpc-endpoints --query 'VpcEndpoints[].[VpcEndpointId,PolicyDocument]'`".to_owned(),
        InputKind::Resource => resource_policy(action, resource),
    }
}

fn organization(filter: &str, arn: Option<&str>) -> String {
    let account = arn.and_then(Arn::split).map_or("", |arn| arn.account);
    let account = if policy::arn::is_account_id(account) { account } else { "ACCOUNT" };
    format!(
        "from the management account, see the policies of the account and of each level above it: `aws organizations list-policies-for-target --target-id {account} --filter {filter}`"
    )
}

/// The command that shows a resource's policy.
fn resource_policy(action: &str, resource: Option<&str>) -> String {
    let arn = resource.and_then(Arn::split);
    let service = arn.as_ref().map_or_else(|| action.split(':').next().unwrap_or(""), |arn| arn.service);
    let name = arn.as_ref().map_or("", |arn| arn.resource);
    let last = safe(name.rsplit(['/', ':']).next().unwrap_or(""));
    let whole = safe(resource.unwrap_or(""));
    let command = match service {
        "s3" => format!("aws s3api get-bucket-policy --bucket {}", safe(name.split('/').next().unwrap_or(""))),
        "kms" => format!("aws kms get-key-policy --policy-name default --key-id {whole}"),
        "iam" | "sts" => format!("aws iam get-role --role-name {last} --query Role.AssumeRolePolicyDocument"),
        "sqs" => format!(
            "aws sqs get-queue-attributes --attribute-names Policy --queue-url $(aws sqs get-queue-url --queue-name {last} --output text)"
        ),
        "sns" => format!("aws sns get-topic-attributes --topic-arn {whole} --query Attributes.Policy"),
        "lambda" => format!("aws lambda get-policy --function-name {whole}"),
        "secretsmanager" => format!("aws secretsmanager get-resource-policy --secret-id {whole}"),
        "ecr" => {
            format!("aws ecr get-repository-policy --repository-name {}", safe(name.trim_start_matches("repository/")))
        }
        "dynamodb" => format!("aws dynamodb get-resource-policy --resource-arn {whole}"),
        _ => return "see the policy of the resource".to_owned(),
    };
    format!("see the policy of the resource: `{command}`")
}

/// Whose policies to ask for.
#[derive(Default)]
enum Named<'a> {
    User(&'a str),
    Role(&'a str),
    #[default]
    Other,
}

impl<'a> Named<'a> {
    fn of(principal: &'a str) -> Self {
        let Some(arn) = Arn::split(principal) else { return Self::Other };
        let mut parts = arn.resource.split('/');
        match (arn.service, parts.next()) {
            ("iam", Some("user")) => Self::User(safe(parts.next_back().unwrap_or(""))),
            ("iam", Some("role")) => Self::Role(safe(parts.next_back().unwrap_or(""))),
            ("sts", Some("assumed-role")) => Self::Role(safe(parts.next().unwrap_or(""))),
            _ => Self::Other,
        }
    }
}

/// A name that is put into a command for someone to copy: whatever a shell could act upon is not handed on.
fn safe(name: &str) -> &str {
    let harmless = |char: char| char.is_ascii_alphanumeric() || "+=,.@_-/:*".contains(char);
    if !name.is_empty() && !name.starts_with('-') && name.chars().all(harmless) { name } else { "NAME" }
}
