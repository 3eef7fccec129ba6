//! From an API operation to the permission it needs. Mostly they are called the same; where not, AWS documents it at
//! the operation.

use crate::Knowledge;

/// Where the service's name in an event is not the prefix of its actions.
const SOURCES: [(&str, &str); 12] = [
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

/// Operations whose permission is called otherwise.
const PERMISSIONS: [(&str, &str); 55] = [
    ("s3:CompleteMultipartUpload", "s3:PutObject"),
    ("s3:CopyObject", "s3:PutObject"),
    ("s3:CreateMultipartUpload", "s3:PutObject"),
    ("s3:DeleteBucketCors", "s3:PutBucketCORS"),
    ("s3:DeleteBucketEncryption", "s3:PutEncryptionConfiguration"),
    ("s3:DeleteBucketLifecycle", "s3:PutLifecycleConfiguration"),
    ("s3:DeleteBucketReplication", "s3:PutReplicationConfiguration"),
    ("s3:DeleteBucketTagging", "s3:PutBucketTagging"),
    ("s3:DeleteObjects", "s3:DeleteObject"),
    ("s3:DeletePublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    ("s3:GetBucketAccelerateConfiguration", "s3:GetAccelerateConfiguration"),
    ("s3:GetBucketAnalyticsConfiguration", "s3:GetAnalyticsConfiguration"),
    ("s3:GetBucketEncryption", "s3:GetEncryptionConfiguration"),
    ("s3:GetBucketIntelligentTieringConfiguration", "s3:GetIntelligentTieringConfiguration"),
    ("s3:GetBucketInventoryConfiguration", "s3:GetInventoryConfiguration"),
    ("s3:GetBucketLifecycle", "s3:GetLifecycleConfiguration"),
    ("s3:GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration"),
    ("s3:GetBucketMetricsConfiguration", "s3:GetMetricsConfiguration"),
    ("s3:GetBucketNotificationConfiguration", "s3:GetBucketNotification"),
    ("s3:GetBucketReplication", "s3:GetReplicationConfiguration"),
    ("s3:GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration"),
    ("s3:GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
    ("s3:HeadBucket", "s3:ListBucket"),
    ("s3:HeadObject", "s3:GetObject"),
    ("s3:ListBuckets", "s3:ListAllMyBuckets"),
    ("s3:ListMultipartUploads", "s3:ListBucketMultipartUploads"),
    ("s3:ListObjectVersions", "s3:ListBucketVersions"),
    ("s3:ListObjects", "s3:ListBucket"),
    ("s3:ListObjectsV2", "s3:ListBucket"),
    ("s3:ListParts", "s3:ListMultipartUploadParts"),
    ("s3:PutBucketAccelerateConfiguration", "s3:PutAccelerateConfiguration"),
    ("s3:PutBucketAnalyticsConfiguration", "s3:PutAnalyticsConfiguration"),
    ("s3:PutBucketEncryption", "s3:PutEncryptionConfiguration"),
    ("s3:PutBucketInventoryConfiguration", "s3:PutInventoryConfiguration"),
    ("s3:PutBucketLifecycle", "s3:PutLifecycleConfiguration"),
    ("s3:PutBucketLifecycleConfiguration", "s3:PutLifecycleConfiguration"),
    ("s3:PutBucketMetricsConfiguration", "s3:PutMetricsConfiguration"),
    ("s3:PutBucketNotificationConfiguration", "s3:PutBucketNotification"),
    ("s3:PutBucketReplication", "s3:PutReplicationConfiguration"),
    ("s3:PutObjectLockConfiguration", "s3:PutBucketObjectLockConfiguration"),
    ("s3:PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    ("s3:SelectObjectContent", "s3:GetObject"),
    ("s3:UploadPart", "s3:PutObject"),
    ("s3:UploadPartCopy", "s3:PutObject"),
    ("lambda:Invoke", "lambda:InvokeFunction"),
    ("lambda:InvokeWithResponseStream", "lambda:InvokeFunction"),
    ("dynamodb:BatchExecuteStatement", "dynamodb:PartiQLSelect"),
    ("dynamodb:ExecuteStatement", "dynamodb:PartiQLSelect"),
    ("dynamodb:TransactGetItems", "dynamodb:GetItem"),
    ("dynamodb:TransactWriteItems", "dynamodb:PutItem"),
    ("kms:ReEncrypt", "kms:ReEncryptFrom"),
    ("sqs:SendMessageBatch", "sqs:SendMessage"),
    ("sqs:DeleteMessageBatch", "sqs:DeleteMessage"),
    ("sqs:ChangeMessageVisibilityBatch", "sqs:ChangeMessageVisibility"),
    ("sns:PublishBatch", "sns:Publish"),
];

/// The permission that an operation of a service needs, in AWS's spelling where it is known. `service` is as in an event
/// or a message: `s3.amazonaws.com`, `Amazon S3`, `DynamoDb`.
pub(crate) fn permission(service: &str, operation: &str, knowledge: &Knowledge) -> Option<String> {
    let prefix = prefix(service, knowledge)?;
    // Lambda's events carry the version of the interface: `CreateFunction20150331v2`.
    let name = if prefix == "lambda" { without_version(operation) } else { operation };
    let called = format!("{prefix}:{name}");
    let other = PERMISSIONS.iter().find(|(operation, _)| operation.eq_ignore_ascii_case(&called));
    let wanted = other.map_or(called.as_str(), |(_, permission)| *permission);
    let services = knowledge.services();
    if let Some(action) = services.and_then(|services| services.action(wanted)) {
        return Some(action.to_string());
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
    if let Some(prefix) = named.or_else(|| (host != service).then(|| host.to_owned())) {
        return Some(prefix);
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
    let name = stem.trim_end_matches(|char: char| char.is_ascii_digit());
    if stem.len() - name.len() == 8 { name } else { operation }
}

/// API Gateway's permissions are HTTP methods.
fn verb(operation: &str) -> &'static str {
    const VERBS: [(&str, &str); 8] = [
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
    // The SDK for Go, and so Terraform: `operation error S3: HeadBucket, https response error`.
    let (_, rest) = text.split_once("operation error ")?;
    let (service, rest) = rest.split_once(':')?;
    let operation = word(rest)?;
    (service.len() < 60).then(|| format!("{}:{operation}", service.trim()))
}

/// The permission for an operation as [`in_text`] gives it. Without its service only where one service has it, or where
/// the code says whose it is.
pub(crate) fn action(operation: &str, is_ec2: bool, knowledge: &Knowledge) -> Option<String> {
    if let Some((service, operation)) = operation.split_once(':') {
        return permission(service, operation, knowledge);
    }
    if is_ec2 {
        return permission("ec2", operation, knowledge);
    }
    let own = |prefix: &str| {
        let called = format!("{prefix}:{operation}");
        PERMISSIONS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(&called))
            .map(|(_, permission)| (*permission).to_owned())
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
