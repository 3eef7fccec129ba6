//! Services whose name as a principal is misspelt: `lamda.amazonaws.com`.

use policy::edit::replace;
use policy::{Diagnostic, PrincipalType, Span, Statement};
use reference::{Review, Service};

use super::regions::is_region;
use super::{MOST, Scope, some};
use crate::complete::known_services;

/// Names of services as principals that are the prefix of none of their actions. Those below another name, such as
/// `ops.athena`, need not stand here: they are left alone.
const PRINCIPALS: [&str; 65] = [
    "access-grants.s3",
    "aiops",
    "apidestinations.events",
    "application-insights",
    "appstream.application-autoscaling",
    "aws-artifact-account-sync",
    "cassandra.application-autoscaling",
    "cloudwatch-crossaccount",
    "codestar-notifications",
    "config-conforms",
    "config-multiaccountsetup",
    "connect-campaigns",
    "continuousexport.discovery",
    "custom-resource.application-autoscaling",
    "custom.rds",
    "delivery.logs",
    "docdb-elastic",
    "dynamodb.application-autoscaling",
    "ec2.application-autoscaling",
    "ec2fastlaunch",
    "ec2fleet",
    "ec2scheduled",
    "ecs-tasks",
    "ecs.application-autoscaling",
    "edgelambda",
    "eks-connector",
    "eks-fargate",
    "eks-fargate-pods",
    "eks-nodegroup",
    "email.cognito-idp",
    "export.rds",
    "guardduty",
    "im.elasticache",
    "inspector2",
    "ipam",
    "lambda.application-autoscaling",
    "license-manager.master-account",
    "license-manager.member-account",
    "lightsail",
    "macie",
    "malware-protection-plan.guardduty",
    "malware-protection.guardduty",
    "migrationhub",
    "monitoring.rds",
    "mq",
    "opensearchservice",
    "opsworks-cm",
    "pods.eks",
    "rds.application-autoscaling",
    "replication.dynamodb",
    "replicator.lambda",
    "resourcegroups",
    "restore-testing.backup",
    "route53resolver",
    "sagemaker.application-autoscaling",
    "securityhubv2",
    "securitylake",
    "serverlessrepo",
    "spot",
    "spotfleet",
    "ssm-incidents",
    "transitgateway",
    "vmie",
    "vpc-flow-logs",
    "vpce",
];

/// What stands behind the name.
const SUFFIXES: [&str; 2] = [".amazonaws.com", ".amazonaws.com.cn"];

/// Keys whose values are such names.
const KEYS: [&str; 6] = [
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:PrincipalServiceName",
    "iam:AWSServiceName",
    "iam:PassedToService",
];

pub(super) fn services<'p, 'r>(
    scope: &mut Scope<'p, 'r>,
    statement: &'p Statement,
    _: &Review<'p, 'r>,
    found: &mut Vec<Diagnostic>,
) {
    let principals = statement.principal.iter().flat_map(|clause| &clause.entries);
    let principals = principals
        .filter(|entry| entry.principal_type == PrincipalType::Service)
        .map(|entry| (entry.value.as_str(), entry.span));
    let compared = statement
        .conditions
        .iter()
        .filter(|condition| KEYS.iter().any(|key| condition.key.value.eq_ignore_ascii_case(key)))
        .flat_map(|condition| &condition.values)
        .map(|value| (value.text.as_str(), value.span));
    found.extend(principals.chain(compared).take(MOST).filter_map(|(text, span)| misspelt(scope, text, span)));
}

fn misspelt(scope: &Scope<'_, '_>, text: &str, span: Span) -> Option<Diagnostic> {
    let (name, suffix) = SUFFIXES.iter().find_map(|suffix| Some((text.strip_suffix(suffix)?, *suffix)))?;
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    if name.is_empty() || !name.bytes().all(word) {
        return None;
    }
    // `states.eu-west-1` is `states` in one region.
    let plain: Vec<_> = name.split('.').filter(|label| !is_region(label)).collect();
    let plain = plain.join(".");
    let known = |name: &str| {
        scope.reference.service(name).is_some_and(|service| service.prefix() == name)
            || principals().any(|known| known == name)
    };
    if plain.is_empty() || known(&plain) {
        return None;
    }
    let mut candidates: Vec<&str> = scope.reference.services().map(Service::prefix).collect();
    for name in principals() {
        candidates.push(name);
    }
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| Some((policy::edits(&plain, candidate, slips(&plain, candidate))?, candidate)))
        .collect();
    near.sort_unstable();
    near.dedup();
    let least = near.first()?.0;
    if near.iter().any(|(_, candidate)| is_variant(&plain, candidate)) {
        return None;
    }
    near.retain(|(edits, _)| *edits == least);
    let whole = |candidate: &str| {
        let regional = name.strip_prefix(plain.as_str()).unwrap_or("");
        format!("{candidate}{regional}{suffix}")
    };
    let finding = Diagnostic::warning(
        "unknown-service-principal",
        span,
        format!("`{text}` is the name of no service that is known"),
    );
    Some(match near.as_slice() {
        [(_, meant)] => {
            let meant = whole(meant);
            finding
                .help(format!("did you mean `{meant}`?"))
                .fix(format!("replace with `{meant}`"), replace(span, &meant))
        }
        several => finding.help(format!("did you mean one of {}?", some(several.iter().map(|(_, name)| whole(name))))),
    })
}

/// Whether two names are alike but for hyphens and numbers, as are `macie` and `macie2`: AWS names its services so.
fn is_variant(name: &str, other: &str) -> bool {
    let core = |name: &str| -> String { name.chars().filter(char::is_ascii_alphabetic).collect() };
    !name.eq_ignore_ascii_case(other) && core(name) == core(other)
}

fn principals() -> impl Iterator<Item = &'static str> {
    let completed = known_services().filter_map(|(name, _)| name.strip_suffix(".amazonaws.com"));
    PRINCIPALS.into_iter().chain(completed)
}

/// How many slips of the finger make one name out of another: none of the first letter in short ones, of which there
/// are many.
fn slips(name: &str, candidate: &str) -> usize {
    match name.len().min(candidate.len()) {
        0..4 if name.as_bytes().first() != candidate.as_bytes().first() => 0,
        0..8 => 1,
        _ => 2,
    }
}
