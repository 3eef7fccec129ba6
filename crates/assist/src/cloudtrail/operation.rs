//! From an API operation to the permission it needs. Mostly they are called the same; where not, AWS documents it at
//! the operation.

use crate::Knowledge;

/// Where the service's name in an event is not the prefix of its actions.
const SOURCES: [(&str, &str); 27] = [
    ("agreement-marketplace", "aws-marketplace"),
    ("amazonmq", "mq"),
    ("appstream2", "appstream"),
    ("catalog.marketplace", "aws-marketplace"),
    ("cloudcontrolapi", "cloudformation"),
    ("data-ats.iot", "iot"),
    ("data.jobs.iot", "iotjobsdata"),
    ("discovery-marketplace", "aws-marketplace"),
    ("iotdata", "iot"),
    ("iot-jobs-data", "iotjobsdata"),
    ("memory-db", "memorydb"),
    ("models-v2-lex", "lex"),
    ("pinpoint", "mobiletargeting"),
    ("rdsdata", "rds-data"),
    ("runtime-v2-lex", "lex"),
    ("monitoring", "cloudwatch"),
    ("email", "ses"),
    ("tagging", "tag"),
    ("opensearch", "es"),
    ("streams.dynamodb", "dynamodb"),
    ("amazonpinpoint", "mobiletargeting"),
    ("data.iot", "iot"),
    ("entitlement.marketplace", "aws-marketplace"),
    ("metering.marketplace", "aws-marketplace"),
    ("runtime.lex", "lex"),
    ("models.lex", "lex"),
    ("securitytoken", "sts"),
];

/// The permission that an operation of a service needs, in AWS's spelling where it is known. `service` is as in an event
/// or a message: `s3.amazonaws.com`, `Amazon S3`, `DynamoDb`.
pub(crate) fn permission(service: &str, operation: &str, knowledge: &Knowledge) -> Option<String> {
    let prefix = prefix(service, knowledge)?;
    // Events of Lambda and CloudFront carry the version of the interface: `CreateFunction20150331v2`.
    let name = if matches!(prefix.as_str(), "lambda" | "cloudfront") { without_version(operation) } else { operation };
    let called = format!("{prefix}:{name}");
    let wanted = reference::permission_of(&called).unwrap_or(&called);
    let services = knowledge.services();
    if let Some(action) = services.and_then(|services| services.action(wanted)) {
        return Some(action.to_string());
    }
    // The events of Application Auto Scaling name the other service of that name.
    if prefix == "autoscaling"
        && let Some(action) = services.and_then(|services| services.action(&format!("application-{called}")))
    {
        return Some(action.to_string());
    }
    // In a directory bucket the session carries the permission.
    if prefix == "s3express" && name.contains("Object") {
        return Some("s3express:CreateSession".to_owned());
    }
    if prefix == "apigateway" {
        return Some(format!("apigateway:{}", verb(name)));
    }
    Some(wanted.to_owned())
}

/// The prefix of a service's actions.
fn prefix(service: &str, knowledge: &Knowledge) -> Option<String> {
    let service = service.trim().to_ascii_lowercase();
    let host = service.strip_suffix(".amazonaws.com").unwrap_or(&service);
    let named = SOURCES.iter().find(|(source, _)| *source == host).map(|(_, prefix)| (*prefix).to_owned());
    let known = |prefix: &str| knowledge.services().is_none_or(|services| services.service(prefix).is_some());
    if let Some(prefix) = named {
        return Some(prefix);
    }
    if host != service {
        // Some services have several addresses: `api.ecr`, `runtime.sagemaker`, `voice-chime`, `bedrock-agent-runtime`.
        let whole = [host].into_iter();
        let parts = host.match_indices(['.', '-']).map(|(at, _)| host.get(at + 1..).unwrap_or(""));
        let starts = host.rmatch_indices('-').map(|(at, _)| host.get(..at).unwrap_or(""));
        let found = whole.chain(parts).chain(starts).find(|prefix| !prefix.is_empty() && known(prefix));
        return Some(found.unwrap_or(host).to_owned());
    }
    // The names that SDKs print.
    let short: String = host.chars().filter(char::is_ascii_alphanumeric).collect();
    let short = short.trim_start_matches("amazon").trim_start_matches("aws");
    let short = match short {
        "simplestorageservice" => "s3",
        "dynamodbv2" => "dynamodb",
        "securitytokenservice" => "sts",
        "identitymanagement" | "identityandaccessmanagement" => "iam",
        "simplesystemsmanagement" => "ssm",
        "cloudwatchlogs" => "logs",
        "eventbridge" | "cloudwatchevents" => "events",
        "sfn" | "stepfunctions" => "states",
        "keymanagementservice" => "kms",
        "elasticloadbalancingv2" => "elasticloadbalancing",
        "cognitoidentityprovider" => "cognito-idp",
        "efs" => "elasticfilesystem",
        "emr" => "elasticmapreduce",
        "simpleemailservice" | "sesv2" => "ses",
        "simplenotificationservice" => "sns",
        "simplequeueservice" => "sqs",
        other => other,
    };
    (!short.is_empty() && known(short)).then(|| short.to_owned())
}

fn without_version(operation: &str) -> &str {
    let (stem, version) = operation.rsplit_once('v').unwrap_or((operation, ""));
    let stem = if version.len() == 1 && version.bytes().all(|byte| byte.is_ascii_digit()) { stem } else { operation };
    let name = stem.trim_end_matches(|char: char| char.is_ascii_digit() || char == '_');
    if matches!(stem.len() - name.len(), 8 | 10) { name } else { operation }
}

/// API Gateway's permissions are HTTP methods.
fn verb(operation: &str) -> &'static str {
    const VERBS: [(&str, &str); 11] = [
        ("Export", "GET"),
        ("Flush", "DELETE"),
        ("Reimport", "PUT"),
        ("Create", "POST"),
        ("Import", "POST"),
        ("Get", "GET"),
        ("Update", "PATCH"),
        ("Delete", "DELETE"),
        ("Put", "PUT"),
        ("Tag", "PUT"),
        ("Untag", "DELETE"),
    ];
    VERBS.iter().find(|(start, _)| operation.starts_with(start)).map_or("POST", |(_, verb)| verb)
}

/// The operation that a message was printed for, with its service where it is named: `s3:GetObject` or `GetObject`.
pub(crate) fn in_text(text: &str) -> Option<String> {
    let word = |text: &str| -> Option<String> {
        let word: String = text.trim_start().chars().take_while(char::is_ascii_alphanumeric).collect();
        (!word.is_empty() && word.len() < 80).then_some(word)
    };
    // The AWS CLI and boto3.
    if let Some((_, rest)) = text.split_once("when calling the ")
        && let Some(operation) = word(rest)
    {
        return Some(operation);
    }
    // CloudFormation and CDK: `API: ec2:RunInstances You are not authorized`.
    if let Some((_, rest)) = text.split_once("API: ")
        && let Some((service, rest)) = rest.split_once(':')
        && service.len() < 40
        && service.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && let Some(operation) = word(rest)
    {
        return Some(format!("{service}:{operation}"));
    }
    // The SDK for PHP: `Error executing "GetObject" on "https://b.s3.amazonaws.com/k"`.
    if let Some((_, rest)) = text.split_once("Error executing \"")
        && let Some((operation, rest)) = rest.split_once("\" on \"https://")
        && let Some(operation) = word(operation)
    {
        let host = rest.split(['/', '"']).next().unwrap_or("");
        let service = if host.split('.').any(is_s3_label) { "s3" } else { host.split('.').next().unwrap_or("") };
        return Some(format!("{service}:{operation}"));
    }
    // The SDK for Go, and so Terraform: `operation error S3: HeadBucket, https response error`.
    let (_, rest) = text.split_once("operation error ")?;
    let (service, rest) = rest.split_once(':')?;
    let operation = word(rest)?;
    (service.len() < 60).then(|| format!("{}:{operation}", service.trim()))
}

/// Whether a part of a host's name stands for S3: `s3`, or `s3-eu-west-1` in older addresses.
pub(crate) fn is_s3_label(label: &str) -> bool {
    label == "s3" || label.starts_with("s3-")
}

/// The permission for an operation as [`in_text`] gives it. Without its service only where one service has it, or where
/// the code says whose it is.
pub(crate) fn action(operation: &str, service: Option<&str>, knowledge: &Knowledge) -> Option<String> {
    if let Some((service, operation)) = operation.split_once(':') {
        return permission(service, operation, knowledge);
    }
    if let Some(service) = service {
        return permission(&format!("{service}.amazonaws.com"), operation, knowledge);
    }
    let own = |prefix: &str| {
        let called = format!("{prefix}:{operation}");
        reference::permission_of(&called).map(str::to_owned)
    };
    let services = knowledge.services()?;
    let mut with_name = services.services().filter_map(|service| service.action(operation));
    let first = with_name.next();
    // Others name the action in their message: who says no more is mostly S3.
    let of_s3 = || services.service("s3").and_then(|service| service.action(operation));
    match (first, with_name.next()) {
        (Some(only), None) => Some(only.to_string()),
        (Some(_), Some(_)) => of_s3().map(|action| action.to_string()),
        (None, _) => own("s3").or_else(|| own("lambda")).or_else(|| own("dynamodb")),
    }
}
