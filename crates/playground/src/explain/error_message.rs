//! The sentence AWS answers with when it refuses.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>

use evaluator::{Caller, Evaluation, ImplicitDeny, Kind, Outcome, Request, ServiceRule, Stage, Verdict};

/// The sentence; `None` for an allowed request.
pub(crate) fn error_message(request: &Request, evaluation: &Evaluation) -> Option<String> {
    let action = request.action.as_str();
    let through_endpoint = || {
        let endpoint = evaluation.stages.iter().find(|stage| stage.stage == Stage::VpcEndpoint);
        endpoint.is_some_and(|stage| stage.outcome != Outcome::NotApplicable)
    };
    let context = match &evaluation.verdict {
        Verdict::Allow(_) => return None,
        Verdict::ExplicitDeny(deny) if deny.kind == Kind::Scp && through_endpoint() => {
            format!(
                " with an explicit deny in {} transitively through {}",
                explicit(Kind::VpcEndpoint),
                explicit(Kind::Scp)
            )
        }
        Verdict::ExplicitDeny(deny) => format!(" with an explicit deny in {}", explicit(deny.kind)),
        Verdict::ImplicitDeny(ImplicitDeny::Kind(kind)) => {
            format!(" because no {} allows the {action} action", implicit(*kind))
        }
        Verdict::ImplicitDeny(ImplicitDeny::Scp { .. }) => {
            format!(" because no {} allows the {action} action", implicit(Kind::Scp))
        }
        Verdict::ImplicitDeny(ImplicitDeny::Partition) => String::new(),
        Verdict::ImplicitDeny(ImplicitDeny::ServiceRule(rule)) => match rule {
            ServiceRule::SessionMakesNoSession => {
                let operation = action.split_once(':').map_or(action, |(_, operation)| operation);
                return Some(format!("Cannot call {operation} with session credentials"));
            }
            ServiceRule::RootAssumesNoRole => return Some("Roles may not be assumed by root accounts.".to_owned()),
            ServiceRule::FederatedUserCallsIam | ServiceRule::FederatedUserCallsSts => String::new(),
        },
    };
    let is_s3 = request.service() == "s3";
    let user = match &request.caller {
        Caller::Anonymous if is_s3 => return Some("Access Denied".to_owned()),
        Caller::Anonymous => "anonymous",
        Caller::Federated { .. } => return Some(format!("Not authorized to perform {action}")),
        Caller::Service { name } => name,
        Caller::CanonicalUser { id } => id,
        other => other.arn().unwrap_or_default(),
    };
    // S3 puts the ARN in quotes.
    let quote = if is_s3 { "\"" } else { "" };
    let resource = &request.resource;
    Some(format!("User: {user} is not authorized to perform: {action} on resource: {quote}{resource}{quote}{context}"))
}

fn explicit(kind: Kind) -> &'static str {
    match kind {
        Kind::Identity => "an identity-based policy",
        Kind::Resource | Kind::KeyPolicy => "a resource-based policy",
        Kind::Trust => "the role trust policy",
        Kind::PermissionsBoundary => "a permissions boundary",
        Kind::Session => "a session policy",
        Kind::Scp => "a service control policy",
        Kind::Rcp => "a resource control policy",
        Kind::VpcEndpoint => "a VPC endpoint policy",
    }
}

fn implicit(kind: Kind) -> &'static str {
    match kind {
        Kind::Identity => "identity-based policy",
        Kind::Resource | Kind::KeyPolicy => "resource-based policy",
        Kind::Trust => "role trust policy",
        Kind::PermissionsBoundary => "permissions boundary",
        Kind::Session => "session policy",
        Kind::Scp => "service control policy",
        Kind::Rcp => "resource control policy",
        Kind::VpcEndpoint => "VPC endpoint policy",
    }
}
