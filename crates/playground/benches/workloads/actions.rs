//! As many actions as AWS has, by as many services: names of the usual shapes, made up, so that nothing is fetched.

/// Real prefixes first, as policies use them most; the rest is made up to the number of services.
pub(super) const SERVICES: &[&str] = &[
    "s3",
    "ec2",
    "iam",
    "sts",
    "kms",
    "sqs",
    "sns",
    "rds",
    "ecs",
    "eks",
    "ecr",
    "ssm",
    "logs",
    "lambda",
    "events",
    "dynamodb",
    "athena",
    "glue",
    "kinesis",
    "firehose",
    "redshift",
    "route53",
    "cloudfront",
    "cloudtrail",
    "cloudwatch",
    "cloudformation",
    "codebuild",
    "codedeploy",
    "codepipeline",
    "cognito-idp",
    "config",
    "backup",
    "batch",
    "elasticache",
    "elasticloadbalancing",
    "organizations",
    "secretsmanager",
    "states",
    "transfer",
    "wafv2",
    "xray",
    "workspaces",
    "guardduty",
    "inspector2",
    "securityhub",
    "sagemaker",
    "bedrock",
    "comprehend",
];

const ALL_SERVICES: usize = 456;
const ALL_ACTIONS: usize = 22_091;

const VERBS: &[&str] = &["Get", "List", "Describe", "Create", "Delete", "Update", "Put", "Tag", "Start", "Batch"];
const NOUNS: &[&str] = &["Object", "Instance", "Policy", "Configuration", "Resource", "Association", "Version", "Job"];

/// 22,091 different actions in the order of their services, with `s3:GetObject` first.
pub(super) fn all() -> Vec<String> {
    (0..ALL_ACTIONS)
        .map(|at| {
            // Services in turn get as many actions as make the number up.
            let (service, within) = (at * ALL_SERVICES / ALL_ACTIONS, at % 80);
            let prefix = match SERVICES.get(service) {
                Some(service) => (*service).to_owned(),
                None => format!("service-{service}"),
            };
            format!("{prefix}:{}{}", VERBS[within % VERBS.len()], NOUNS[within / VERBS.len()])
        })
        .collect()
}
