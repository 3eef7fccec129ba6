//! What the words of the policy language mean, in a sentence each: for completion and hovers.

use policy::{Base, PolicyKind, ResourceType, SetOperator};

use crate::place::Element;

/// What an element of a statement does.
pub(crate) fn element(element: Element) -> &'static str {
    match element {
        Element::Sid => "A label for the statement. It changes nothing in the decision; messages and tools name it.",
        Element::Effect => {
            "What the statement does when it matches: `Allow` grants, `Deny` refuses whatever else allows."
        }
        Element::Principal => "Who the statement is about. The statement matches only requests of these callers.",
        Element::NotPrincipal => {
            "Everyone but these. Hard to get right: with `Allow` it lets in callers nobody thought of, with `Deny` it must list account, role and session of everyone who is spared."
        }
        Element::Action => "The actions the statement is about, as `service:Name`; `*` and `?` are wildcards.",
        Element::NotAction => {
            "All actions of all services but these. With `Allow` it grants everything that is not listed, also what AWS adds tomorrow."
        }
        Element::Resource => "The resources the statement is about, as ARNs; `*` and `?` are wildcards.",
        Element::NotResource => {
            "All resources but these. With `Allow` it grants the actions on everything that is not listed."
        }
        Element::Condition => {
            "Further requirements on the request: all operators and all keys must hold, of several values of one key any."
        }
    }
}

/// What a key of the document does.
pub(crate) fn top(name: &str) -> Option<&'static str> {
    Some(match name {
        "Version" => {
            "The version of the policy language, not a date of yours. With `2012-10-17` policy variables such as `${aws:username}` work; without it they are plain text."
        }
        "Id" => "A label for the document. Some services want one; it changes nothing in the decision.",
        "Statement" => "The statements. A request is allowed where one of them allows it and none denies it.",
        _ => return None,
    })
}

/// How an element stands in a kind of policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    Required,
    Optional,
    Forbidden,
}

/// Whether a statement of this kind of policy has the element; of two forms of one element either will do.
pub(crate) fn need(element: Element, kind: PolicyKind) -> Need {
    let role = kind == PolicyKind::Resource(ResourceType::Role);
    match element {
        Element::Effect | Element::Action => Need::Required,
        Element::NotAction if kind == PolicyKind::Rcp => Need::Forbidden,
        Element::NotAction => Need::Required,
        Element::Principal | Element::NotPrincipal if !kind.has_principal() => Need::Forbidden,
        Element::NotPrincipal if role || kind == PolicyKind::Rcp => Need::Forbidden,
        Element::Principal | Element::NotPrincipal => Need::Required,
        Element::Resource | Element::NotResource => match kind {
            _ if role => Need::Forbidden,
            PolicyKind::Resource(ResourceType::Other) | PolicyKind::Scp | PolicyKind::VpcEndpoint => Need::Optional,
            _ => Need::Required,
        },
        Element::Sid | Element::Condition => Need::Optional,
    }
}

/// What an operator asks for.
pub(crate) fn operator(base: Base) -> &'static str {
    match base {
        Base::StringEquals => "The value is exactly this text; upper and lower case count.",
        Base::StringNotEquals => "The value is another text. Also true where the request does not have the key.",
        Base::StringEqualsIgnoreCase => "The value is this text, upper and lower case aside.",
        Base::StringNotEqualsIgnoreCase => {
            "The value is another text, upper and lower case aside. Also true where the request does not have the key."
        }
        Base::StringLike => "The value fits this pattern: `*` stands for any text, `?` for one character.",
        Base::StringNotLike => {
            "The value does not fit this pattern. Also true where the request does not have the key."
        }
        Base::NumericEquals => "The value is this number.",
        Base::NumericNotEquals => "The value is another number. Also true where the request does not have the key.",
        Base::NumericLessThan => "The value is smaller than this number.",
        Base::NumericLessThanEquals => "The value is at most this number.",
        Base::NumericGreaterThan => "The value is greater than this number.",
        Base::NumericGreaterThanEquals => "The value is at least this number.",
        Base::DateEquals => "The time is exactly this one.",
        Base::DateNotEquals => "The time is another one. Also true where the request does not have the key.",
        Base::DateLessThan => "The time is before this one.",
        Base::DateLessThanEquals => "The time is this one or before.",
        Base::DateGreaterThan => "The time is after this one.",
        Base::DateGreaterThanEquals => "The time is this one or after.",
        Base::Bool => {
            "The value is `true`, or `false`, as written here. A key that the request does not have is neither."
        }
        Base::BinaryEquals => "The value is exactly these bytes, written in base64.",
        Base::IpAddress => "The address lies in this range, such as `203.0.113.0/24`.",
        Base::NotIpAddress => {
            "The address lies outside of this range. Also true where the request does not have the key."
        }
        Base::ArnEquals | Base::ArnLike => {
            "The ARN fits this one, part by part between the colons; `*` and `?` are wildcards that do not cross the first five."
        }
        Base::ArnNotEquals | Base::ArnNotLike => {
            "The ARN does not fit this one. Also true where the request does not have the key."
        }
        Base::Null => "Whether the key is missing: `true` asks for a request without it, `false` for one that has it.",
    }
}

/// What `IfExists` adds.
pub(crate) const IF_EXISTS: &str = "With `IfExists` the condition also holds where the request does not have the key.";

/// What a set operator asks for.
pub(crate) fn set_operator(set: SetOperator) -> &'static str {
    match set {
        SetOperator::ForAllValues => {
            "`ForAllValues`: every value of the request must pass; it also holds where the request has no value at all."
        }
        SetOperator::ForAnyValue => "`ForAnyValue`: at least one value of the request must pass.",
    }
}

/// What a type of principal names.
pub(crate) fn principal_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "AWS" => "Accounts, users, roles and sessions, as an account id or an ARN; `*` is everyone.",
        "Service" => "AWS services, such as `ec2.amazonaws.com`, that act for you.",
        "Federated" => "Identity providers, for roles that people from outside of AWS take on.",
        "CanonicalUser" => "The canonical id of an account, in bucket policies.",
        _ => return None,
    })
}

/// What a global condition key holds; families end in `/`.
pub(crate) fn global_key(name: &str) -> Option<&'static str> {
    let find =
        |wanted: &str| GLOBAL.iter().find(|(known, _)| known.eq_ignore_ascii_case(wanted)).map(|(_, words)| *words);
    find(name).or_else(|| find(name.split_inclusive('/').next()?))
}

const GLOBAL: [(&str, &str); 62] = [
    ("aws:AssumedRoot", "Whether the credentials are of a root user and came from `sts:AssumeRoot`."),
    ("aws:CalledVia", "The services that made the request for the caller, in their order."),
    ("aws:CalledViaAWSMCP", "The MCP server of AWS through which the request came."),
    ("aws:CalledViaFirst", "The first of the services that made the request for the caller."),
    ("aws:CalledViaLast", "The last of the services that made the request for the caller."),
    ("aws:ChatbotSourceArn", "The chat configuration from which the request came."),
    ("aws:CurrentTime", "When the request is made."),
    ("aws:Ec2InstanceSourcePrivateIPv4", "The private address of the instance whose role's credentials are used."),
    ("aws:Ec2InstanceSourceVpc", "The VPC of the instance whose role's credentials are used."),
    ("aws:EpochTime", "When the request is made, in seconds since 1970."),
    ("aws:FederatedProvider", "The identity provider that the caller signed in with."),
    ("aws:IsMcpServiceAction", "Whether the action is one of AWS's MCP service."),
    ("aws:MultiFactorAuthAge", "How many seconds ago the caller proved a second factor; absent where none was."),
    (
        "aws:MultiFactorAuthPresent",
        "Whether a second factor was used; absent with long-term access keys, so `false` does not catch them.",
    ),
    ("aws:PrincipalAccount", "The account of the caller."),
    ("aws:PrincipalArn", "The ARN of the caller; of a session the ARN of its role."),
    ("aws:PrincipalIsAWSService", "Whether an AWS service calls for itself."),
    ("aws:PrincipalOrgID", "The organization of the caller's account."),
    ("aws:PrincipalOrgPaths", "Where the caller's account stands in its organization."),
    ("aws:PrincipalServiceName", "The name of the AWS service that calls for itself."),
    ("aws:PrincipalServiceNamesList", "All names of the AWS service that calls for itself."),
    ("aws:PrincipalTag/", "A tag of the user, role or session that calls."),
    (
        "aws:PrincipalType",
        "What sort of caller it is: `Account`, `User`, `FederatedUser`, `AssumedRole` or `Anonymous`.",
    ),
    ("aws:referer", "The page that a browser says it comes from; anybody can claim any."),
    ("aws:RequestedRegion", "The region that is asked; of global services mostly `us-east-1`."),
    ("aws:RequestTag/", "A tag that the request would put on a resource."),
    ("aws:ResourceAccount", "The account that owns the resource."),
    ("aws:ResourceOrgID", "The organization of the account that owns the resource."),
    ("aws:ResourceOrgPaths", "Where the account that owns the resource stands in its organization."),
    ("aws:ResourceTag/", "A tag of the resource."),
    ("aws:SecureTransport", "Whether the request came over TLS."),
    ("aws:SignInSessionArn", "The console session that the request comes from."),
    ("aws:SourceAccount", "The account for which an AWS service calls: guards against being called for a stranger."),
    ("aws:SourceArn", "The resource for which an AWS service calls: guards against being called for a stranger."),
    ("aws:SourceIdentity", "The name that whoever first took on a role gave; it stays from role to role."),
    ("aws:SourceIp", "The caller's public address; absent where the request comes through a VPC endpoint."),
    ("aws:SourceOrgID", "The organization for which an AWS service calls."),
    ("aws:SourceOrgPaths", "The place in the organization for which an AWS service calls."),
    ("aws:SourceOwner", "The account for which an AWS service calls, in some older services."),
    ("aws:SourceVpc", "The VPC that the request comes from, through an endpoint."),
    ("aws:SourceVpcArn", "The ARN of the VPC that the request comes from, through an endpoint."),
    ("aws:SourceVpce", "The VPC endpoint that the request comes through."),
    ("aws:TagKeys", "The keys of the tags in the request."),
    ("aws:TokenIssueTime", "When the caller's temporary credentials were given out; absent with long-term ones."),
    ("aws:UserAgent", "The program that the caller says it is; anybody can claim any."),
    ("aws:userid", "The unique id of the caller."),
    ("aws:username", "The name of the user; absent where the caller is no user."),
    ("aws:ViaAWSMCPService", "Whether the request came through an MCP server of AWS."),
    ("aws:ViaAWSService", "Whether an AWS service makes the request with the caller's rights."),
    ("aws:VpceAccount", "The account of the VPC endpoint that the request comes through."),
    ("aws:VpceOrgID", "The organization of the VPC endpoint that the request comes through."),
    ("aws:VpceOrgPaths", "Where the account of the VPC endpoint stands in its organization."),
    ("aws:VpcSourceIp", "The caller's address inside the VPC, where the request comes through an endpoint."),
    ("codebuild:BuildArn", "The build whose credentials are used."),
    ("codebuild:ProjectArn", "The build project whose credentials are used."),
    ("ec2:RoleDelivery", "The version of the instance metadata service that gave out the credentials."),
    ("ec2:SourceInstanceArn", "The instance whose role's credentials are used."),
    ("glue:CredentialIssuingService", "The Glue service that gave out the credentials."),
    ("glue:RoleAssumedBy", "The Glue service that took on the role."),
    ("identitystore:UserId", "The user of IAM Identity Center who calls."),
    ("lambda:SourceFunctionArn", "The function whose role's credentials are used."),
    ("ssm:SourceInstanceArn", "The managed instance whose credentials are used."),
];

/// A number with its noun: `1 action`, `12 actions`.
pub(crate) fn count(number: usize, one: &str) -> String {
    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
}
