//! Who: the types of principals, and principals.

use policy::{PolicyKind, ResourceType};

use super::draft::Draft;
use super::list::{List, Proposal};
use super::{Asked, CompletionKind};
use crate::words;

/// Services that take on roles, or call for others.
const SERVICES: [(&str, &str); 32] = [
    ("ec2.amazonaws.com", "EC2 instances"),
    ("lambda.amazonaws.com", "Lambda functions"),
    ("ecs-tasks.amazonaws.com", "ECS tasks"),
    ("ecs.amazonaws.com", "ECS"),
    ("eks.amazonaws.com", "EKS clusters"),
    ("pods.eks.amazonaws.com", "EKS Pod Identity"),
    ("s3.amazonaws.com", "S3 notifications and replication"),
    ("sns.amazonaws.com", "SNS topics"),
    ("sqs.amazonaws.com", "SQS queues"),
    ("events.amazonaws.com", "EventBridge rules"),
    ("scheduler.amazonaws.com", "EventBridge Scheduler"),
    ("states.amazonaws.com", "Step Functions"),
    ("apigateway.amazonaws.com", "API Gateway"),
    ("cloudformation.amazonaws.com", "CloudFormation"),
    ("cloudfront.amazonaws.com", "CloudFront distributions"),
    ("cloudtrail.amazonaws.com", "CloudTrail"),
    ("cloudwatch.amazonaws.com", "CloudWatch alarms"),
    ("logs.amazonaws.com", "CloudWatch Logs"),
    ("delivery.logs.amazonaws.com", "log delivery"),
    ("config.amazonaws.com", "AWS Config"),
    ("codebuild.amazonaws.com", "CodeBuild"),
    ("codepipeline.amazonaws.com", "CodePipeline"),
    ("codedeploy.amazonaws.com", "CodeDeploy"),
    ("firehose.amazonaws.com", "Firehose"),
    ("glue.amazonaws.com", "Glue"),
    ("rds.amazonaws.com", "RDS"),
    ("monitoring.rds.amazonaws.com", "RDS enhanced monitoring"),
    ("sagemaker.amazonaws.com", "SageMaker"),
    ("ssm.amazonaws.com", "Systems Manager"),
    ("backup.amazonaws.com", "AWS Backup"),
    ("bedrock.amazonaws.com", "Bedrock"),
    ("vpc-flow-logs.amazonaws.com", "VPC flow logs"),
];

/// `*`, or an object of one type.
pub(super) fn whole(asked: &Asked<'_>, list: &mut List<'_>) {
    let everyone = Proposal::new("*", Draft::string("*"), CompletionKind::Principal).rank(9).detail("everyone");
    list.add(everyone);
    if asked.kind() == PolicyKind::Rcp {
        return;
    }
    for (rank, name) in types(asked.kind()).into_iter().enumerate() {
        let draft = Draft::json("{ ").then(Draft::entry(name, Draft::hole())).raw(" }");
        let proposal = Proposal::new(format!("{{ {name} }}"), draft, CompletionKind::Principal).rank(rank as u32);
        list.add(proposal.info(words::principal_type(name).unwrap_or("")));
    }
}

/// Keys of a principal object.
pub(super) fn kinds(asked: &Asked<'_>, list: &mut List<'_>) {
    let own = asked.own_key();
    for (rank, name) in types(asked.kind()).into_iter().enumerate() {
        if asked.siblings().any(|key| key == name) && own.as_deref() != Some(name) {
            continue;
        }
        let draft = asked.entry(name, Draft::hole());
        let proposal = Proposal::new(name, draft, CompletionKind::Principal).rank(rank as u32);
        list.add(proposal.info(words::principal_type(name).unwrap_or("")));
    }
}

fn types(kind: PolicyKind) -> Vec<&'static str> {
    let mut types = vec!["AWS", "Service"];
    if matches!(kind, PolicyKind::Resource(ResourceType::Role)) {
        types.push("Federated");
    }
    if matches!(kind, PolicyKind::Resource(ResourceType::Bucket)) {
        types.push("CanonicalUser");
    }
    types
}

/// Principals of one type.
pub(super) fn principals(asked: &Asked<'_>, kind: &str, list: &mut List<'_>) {
    let mut add = |label: String, draft: Draft, rank: usize, detail: &str| {
        list.add(Proposal::new(label, draft, CompletionKind::Principal).rank(rank as u32).detail(detail));
    };
    match kind {
        "AWS" => {
            if let Some(principal) = asked.subject.request.principal().filter(|principal| *principal != "*") {
                add(principal.to_owned(), Draft::string(principal), 0, "who asks");
            }
            let fill = asked.subject.request.fill();
            let mut accounts = asked.subject.request.accounts();
            let own = accounts.is_empty();
            if own {
                accounts.push("111122223333");
            }
            for (at, account) in accounts.into_iter().enumerate() {
                let arn = |rest: &str| format!("arn:{}:iam::{account}:{rest}", fill.partition);
                add(
                    account.to_owned(),
                    Draft::string(account),
                    10 + at,
                    "everyone in the account whose own policies allow it",
                );
                add(arn("root"), Draft::string(&arn("root")), 20 + at, "the account: the same as its number");
                for (rank, (what, name, words)) in
                    [("role/", "RoleName", "a role: its sessions"), ("user/", "UserName", "a user")]
                        .into_iter()
                        .enumerate()
                {
                    let start = arn(what);
                    let draft = Draft::json("\"").escaped(&start).field(name).raw("\"");
                    add(format!("{start}{name}"), draft, 30 + 10 * rank + at, words);
                }
            }
            add("*".to_owned(), Draft::string("*"), 90, "everyone");
        }
        "Service" => {
            if let Some(name) = asked.subject.request.principal_under("Service") {
                add(name.to_owned(), Draft::string(name), 0, "who asks");
            }
            for (at, (name, words)) in SERVICES.into_iter().enumerate() {
                add(name.to_owned(), Draft::string(name), 10 + at, words);
            }
        }
        "Federated" => {
            if let Some(name) = asked.subject.request.principal_under("Federated") {
                add(name.to_owned(), Draft::string(name), 0, "who asks");
            }
            let fill = asked.subject.request.fill();
            let account = fill.account.unwrap_or("111122223333");
            let arn = |rest: &str| format!("arn:{}:iam::{account}:{rest}", fill.partition);
            let github = arn("oidc-provider/token.actions.githubusercontent.com");
            add(github.clone(), Draft::string(&github), 10, "GitHub Actions");
            for (rank, (what, name, words)) in [
                ("oidc-provider/", "ProviderHost", "another OIDC provider"),
                ("saml-provider/", "ProviderName", "a SAML provider"),
            ]
            .into_iter()
            .enumerate()
            {
                let start = arn(what);
                let draft = Draft::json("\"").escaped(&start).field(name).raw("\"");
                add(format!("{start}{name}"), draft, 20 + rank, words);
            }
            for (at, name) in
                ["cognito-identity.amazonaws.com", "accounts.google.com", "www.amazon.com", "graph.facebook.com"]
                    .into_iter()
                    .enumerate()
            {
                add(name.to_owned(), Draft::string(name), 30 + at, "an identity provider that AWS knows");
            }
        }
        "CanonicalUser" => {
            if let Some(name) = asked.subject.request.principal_under("CanonicalUser") {
                add(name.to_owned(), Draft::string(name), 0, "who asks");
            }
        }
        _ => {}
    }
}

/// Names of services as principals, for keys that hold one.
pub(crate) fn services() -> impl Iterator<Item = (&'static str, &'static str)> {
    SERVICES.into_iter()
}
