use super::*;
use crate::knowledge::loaded::services as knowledge;
use crate::read_message;
use proptest::prelude::*;

fn reading(event: &Value) -> Reading {
    read_message(&event.to_string(), knowledge())
}

fn request(event: &Value) -> Value {
    reading(event).request.unwrap()
}

fn user() -> Value {
    json!({"type": "IAMUser", "principalId": "AIDA1", "arn": "arn:aws:iam::111122223333:user/ana", "accountId": "111122223333", "userName": "ana"})
}

/// An event of one call by a user.
fn call(source: &str, name: &str, parameters: Value) -> Value {
    json!({
        "eventVersion": "1.08", "userIdentity": user(), "eventTime": "2026-01-31T12:00:00Z", "eventSource": source, "eventName": name,
        "awsRegion": "eu-west-1", "sourceIPAddress": "203.0.113.7", "userAgent": "aws-cli/2", "errorCode": "AccessDenied",
        "errorMessage": "Access Denied", "requestParameters": parameters, "responseElements": null,
        "eventType": "AwsApiCall", "recipientAccountId": "111122223333"
    })
}

#[test]
fn an_event_becomes_a_request_with_its_context() {
    let event = json!({
        "userIdentity": {
            "type": "AssumedRole", "principalId": "AROA1:ci", "arn": "arn:aws:sts::111122223333:assumed-role/Deploy/ci", "accountId": "111122223333",
            "sessionContext": {
                "sessionIssuer": {"type": "Role", "arn": "arn:aws:iam::111122223333:role/app/Deploy", "userName": "Deploy"},
                "attributes": {"creationDate": "2026-01-31T11:00:00Z", "mfaAuthenticated": "false"},
                "sourceIdentity": "ana"
            }
        },
        "eventTime": "2026-01-31T12:00:00Z", "eventSource": "s3.amazonaws.com", "eventName": "GetObject", "awsRegion": "eu-west-1",
        "sourceIPAddress": "10.0.0.8", "userAgent": "[aws-cli/2.15]", "vpcEndpointId": "vpce-1a2b", "errorCode": "AccessDenied",
        "errorMessage": "User: arn:aws:sts::111122223333:assumed-role/Deploy/ci is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::reports/q1.pdf\" because no VPC endpoint policy allows the s3:GetObject action",
        "requestParameters": {"bucketName": "reports", "Host": "reports.s3.eu-west-1.amazonaws.com", "key": "q1.pdf"},
        "resources": [{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::reports/q1.pdf"}, {"accountId": "444455556666", "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::reports"}],
        "recipientAccountId": "111122223333"
    });
    let reading = reading(&event);
    assert_eq!(reading.kind, ReadingKind::CloudTrail);
    assert_eq!(reading.message, "a CloudTrail event: `s3:GetObject` was refused with `AccessDenied`");
    assert_eq!(
        reading.request.unwrap(),
        json!({
            "principal": "arn:aws:sts::111122223333:assumed-role/Deploy/ci",
            "sessionIssuer": "arn:aws:iam::111122223333:role/app/Deploy",
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::reports/q1.pdf",
            "resourceAccount": "444455556666",
            "context": {
                "aws:CurrentTime": "2026-01-31T12:00:00Z", "aws:RequestedRegion": "eu-west-1", "aws:SourceVpce": "vpce-1a2b",
                "aws:VpcSourceIp": "10.0.0.8", "aws:UserAgent": "[aws-cli/2.15]", "aws:userid": "AROA1:ci",
                "aws:MultiFactorAuthPresent": "false", "aws:TokenIssueTime": "2026-01-31T11:00:00Z", "aws:SourceIdentity": "ana"
            }
        })
    );
    assert_eq!(reading.suspect.unwrap().policy, Some("vpcEndpoint"));
    let (_, problems) = playground::Scenario::from_value(&reading.scenario.unwrap());
    assert_eq!(problems, []);
}

#[test]
fn it_is_found_alone_in_a_list_in_another_object_in_a_string_and_in_a_log() {
    let event = call("iam.amazonaws.com", "CreateUser", json!({"userName": "x"}));
    let expected = request(&event);
    for text in [
        json!({"Records": [event]}).to_string(),
        json!([event]).to_string(),
        json!({"detail-type": "AWS API Call via CloudTrail", "detail": event}).to_string(),
        json!({"Events": [{"EventId": "1", "CloudTrailEvent": event.to_string()}]}).to_string(),
        format!("2026-01-31 {{not json}} found: {event} and more"),
        serde_json::to_string_pretty(&event).unwrap(),
    ] {
        assert_eq!(read_message(&text, knowledge()).request.as_ref(), Some(&expected), "{text}");
    }
}

#[test]
fn of_several_the_first_refused_is_taken() {
    let mut good = call("iam.amazonaws.com", "GetUser", json!({"userName": "x"}));
    good.as_object_mut().unwrap().remove("errorCode");
    let reading =
        reading(&json!({"Records": [good, call("iam.amazonaws.com", "DeleteUser", json!({"userName": "x"}))]}));
    assert_eq!(reading.request.unwrap()["action"], "iam:DeleteUser");
    assert_eq!(reading.next[0], "of the 2 events here the first that was refused is shown");
}

#[test]
fn callers_of_every_sort_are_named() {
    let account = "111122223333";
    for (identity, expected) in [
        (user(), json!("arn:aws:iam::111122223333:user/ana")),
        (
            json!({"type": "Root", "accountId": account, "arn": "arn:aws:iam::111122223333:root"}),
            json!("arn:aws:iam::111122223333:root"),
        ),
        (
            json!({"type": "FederatedUser", "arn": "arn:aws:sts::111122223333:federated-user/x"}),
            json!("arn:aws:sts::111122223333:federated-user/x"),
        ),
        (
            json!({"type": "AWSService", "invokedBy": "elasticloadbalancing.amazonaws.com"}),
            json!({"Service": "elasticloadbalancing.amazonaws.com"}),
        ),
        (
            json!({"type": "WebIdentityUser", "identityProvider": "accounts.google.com"}),
            json!({"Federated": "accounts.google.com"}),
        ),
        (
            json!({"type": "AWSAccount", "accountId": "444455556666", "principalId": "AIDA2"}),
            json!("arn:aws:iam::444455556666:root"),
        ),
        (json!({"type": "AWSAccount", "accountId": "ANONYMOUS_PRINCIPAL", "principalId": ""}), json!("*")),
        (json!({"type": "IdentityCenterUser", "accountId": account}), Value::Null),
    ] {
        let mut event = call("s3.amazonaws.com", "GetObject", json!({"bucketName": "b", "key": "k"}));
        event["userIdentity"] = identity;
        assert_eq!(request(&event)["principal"], expected);
    }
}

#[test]
fn operations_become_permissions_and_parameters_arns() {
    for (source, name, parameters, action, resource) in [
        ("s3", "ListObjectsV2", json!({"bucketName": "b", "prefix": "x/"}), "s3:ListBucket", "arn:aws:s3:::b"),
        ("s3", "HeadObject", json!({"bucketName": "b", "key": "x/y"}), "s3:GetObject", "arn:aws:s3:::b/x/y"),
        (
            "s3",
            "GetObject",
            json!({"bucketName": "b", "key": "k", "versionId": "1"}),
            "s3:GetObjectVersion",
            "arn:aws:s3:::b/k",
        ),
        ("s3", "PutBucketEncryption", json!({"bucketName": "b"}), "s3:PutEncryptionConfiguration", "arn:aws:s3:::b"),
        ("s3", "ListBuckets", json!(null), "s3:ListAllMyBuckets", "*"),
        ("iam", "CreateUser", json!({"userName": "x"}), "iam:CreateUser", "arn:aws:iam::111122223333:user/x"),
        (
            "iam",
            "AttachRolePolicy",
            json!({"roleName": "R", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
            "iam:AttachRolePolicy",
            "arn:aws:iam::111122223333:role/R",
        ),
        (
            "sts",
            "AssumeRole",
            json!({"roleArn": "arn:aws:iam::444455556666:role/Audit", "roleSessionName": "s"}),
            "sts:AssumeRole",
            "arn:aws:iam::444455556666:role/Audit",
        ),
        (
            "lambda",
            "Invoke",
            json!({"functionName": "hello"}),
            "lambda:InvokeFunction",
            "arn:aws:lambda:eu-west-1:111122223333:function:hello",
        ),
        (
            "lambda",
            "UpdateFunctionCode20150331v2",
            json!({"functionName": "arn:aws:lambda:eu-west-1:111122223333:function:hello"}),
            "lambda:UpdateFunctionCode",
            "arn:aws:lambda:eu-west-1:111122223333:function:hello",
        ),
        (
            "dynamodb",
            "Query",
            json!({"tableName": "Books"}),
            "dynamodb:Query",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/Books",
        ),
        (
            "dynamodb",
            "Query",
            json!({"tableName": "Books", "indexName": "by-author"}),
            "dynamodb:Query",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/Books/index/by-author",
        ),
        (
            "ec2",
            "StopInstances",
            json!({"instancesSet": {"items": [{"instanceId": "i-0abc"}]}}),
            "ec2:StopInstances",
            "arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc",
        ),
        (
            "ec2",
            "RunInstances",
            json!({"instancesSet": {"items": [{"imageId": "ami-1"}]}}),
            "ec2:RunInstances",
            "arn:aws:ec2:eu-west-1:111122223333:instance/*",
        ),
        ("ec2", "DescribeInstances", json!({}), "ec2:DescribeInstances", "*"),
        (
            "sqs",
            "SendMessage",
            json!({"queueUrl": "https://sqs.eu-west-1.amazonaws.com/444455556666/jobs"}),
            "sqs:SendMessage",
            "arn:aws:sqs:eu-west-1:444455556666:jobs",
        ),
        (
            "sns",
            "Publish",
            json!({"topicArn": "arn:aws:sns:eu-west-1:111122223333:news"}),
            "sns:Publish",
            "arn:aws:sns:eu-west-1:111122223333:news",
        ),
        (
            "kms",
            "Decrypt",
            json!({"keyId": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}),
            "kms:Decrypt",
            "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        ),
        (
            "ssm",
            "GetParameter",
            json!({"name": "/app/db"}),
            "ssm:GetParameter",
            "arn:aws:ssm:eu-west-1:111122223333:parameter/app/db",
        ),
        (
            "secretsmanager",
            "GetSecretValue",
            json!({"secretId": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1b2c3"}),
            "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1b2c3",
        ),
        ("monitoring", "PutMetricData", json!({}), "cloudwatch:PutMetricData", "*"),
        (
            "logs",
            "CreateLogGroup",
            json!({"logGroupName": "/aws/app"}),
            "logs:CreateLogGroup",
            "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/app",
        ),
        (
            "rds",
            "DeleteDBInstance",
            json!({"dBInstanceIdentifier": "main"}),
            "rds:DeleteDBInstance",
            "arn:aws:rds:eu-west-1:111122223333:db:main",
        ),
        (
            "ecr",
            "PutImage",
            json!({"repositoryName": "web"}),
            "ecr:PutImage",
            "arn:aws:ecr:eu-west-1:111122223333:repository/web",
        ),
    ] {
        let found = request(&call(&format!("{source}.amazonaws.com"), name, parameters));
        assert_eq!(
            (found["action"].as_str(), found["resource"].as_str()),
            (Some(action), Some(resource)),
            "{source} {name}"
        );
    }
}

/// What no rule of names tells: AWS's other names for sources, operations and parameters.
#[test]
fn calls_whose_names_differ_from_the_permission_are_found_too() {
    for (source, name, parameters, action, resource) in [
        (
            "s3",
            "DeleteBucketPublicAccessBlock",
            json!({"bucketName": "b"}),
            "s3:PutBucketPublicAccessBlock",
            "arn:aws:s3:::b",
        ),
        ("s3", "DeleteAccountPublicAccessBlock", json!({}), "s3:PutAccountPublicAccessBlock", "*"),
        ("s3", "DeleteObjects", json!({"bucketName": "b", "delete": ""}), "s3:DeleteObject", "arn:aws:s3:::b/*"),
        (
            "s3",
            "GetObjectTagging",
            json!({"bucketName": "b", "key": "k", "versionId": "1"}),
            "s3:GetObjectVersionTagging",
            "arn:aws:s3:::b/k",
        ),
        // A policy that is handed over names others.
        (
            "s3",
            "PutBucketPolicy",
            json!({"bucketName": "b", "bucketPolicy": {"Statement": [{"Resource": "arn:aws:s3:::other"}]}}),
            "s3:PutBucketPolicy",
            "arn:aws:s3:::b",
        ),
        (
            "s3",
            "PutBucketReplication",
            json!({"bucketName": "b", "ReplicationConfiguration": {"Rule": {"Destination": {"Bucket": "arn:aws:s3:::copy"}}}}),
            "s3:PutReplicationConfiguration",
            "arn:aws:s3:::b",
        ),
        (
            "s3express",
            "PutObject",
            json!({"bucketName": "b--use1-az4--x-s3", "key": "k"}),
            "s3express:CreateSession",
            "arn:aws:s3express:eu-west-1:111122223333:bucket/b--use1-az4--x-s3",
        ),
        (
            "iam",
            "CreateRole",
            json!({"roleName": "R", "path": "/app/"}),
            "iam:CreateRole",
            "arn:aws:iam::111122223333:role/app/R",
        ),
        (
            "ec2",
            "AuthorizeSecurityGroupIngress",
            json!({"groupId": "sg-1", "ipPermissions": {}}),
            "ec2:AuthorizeSecurityGroupIngress",
            "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1",
        ),
        (
            "ec2",
            "CreateTags",
            json!({"resourcesSet": {"items": [{"resourceId": "i-1"}]}}),
            "ec2:CreateTags",
            "arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
        ),
        (
            "ec2",
            "DeleteTags",
            json!({"resourcesSet": {"items": [{"resourceId": "snap-1"}]}}),
            "ec2:DeleteTags",
            "arn:aws:ec2:eu-west-1::snapshot/snap-1",
        ),
        (
            "dynamodb",
            "BatchGetItem",
            json!({"requestItems": {"Books": {"keys": []}}}),
            "dynamodb:BatchGetItem",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/Books",
        ),
        (
            "ssm",
            "GetParameters",
            json!({"names": ["/app/db"]}),
            "ssm:GetParameters",
            "arn:aws:ssm:eu-west-1:111122223333:parameter/app/db",
        ),
        (
            "ssm",
            "GetParametersByPath",
            json!({"path": "/app"}),
            "ssm:GetParametersByPath",
            "arn:aws:ssm:eu-west-1:111122223333:parameter/app",
        ),
        (
            "ssm",
            "StartSession",
            json!({"target": "i-1"}),
            "ssm:StartSession",
            "arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
        ),
        // What AWS makes up behind a name is not known before.
        (
            "cloudformation",
            "CreateStack",
            json!({"stackName": "app"}),
            "cloudformation:CreateStack",
            "arn:aws:cloudformation:eu-west-1:111122223333:stack/app/*",
        ),
        (
            "secretsmanager",
            "GetSecretValue",
            json!({"secretId": "prod/db"}),
            "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-??????",
        ),
        (
            "autoscaling",
            "SetDesiredCapacity",
            json!({"autoScalingGroupName": "g"}),
            "autoscaling:SetDesiredCapacity",
            "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:*:autoScalingGroupName/g",
        ),
        ("events", "PutRule", json!({"name": "r"}), "events:PutRule", "arn:aws:events:eu-west-1:111122223333:rule/r"),
        (
            "ecs",
            "RunTask",
            json!({"cluster": "c", "taskDefinition": "web:3"}),
            "ecs:RunTask",
            "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:3",
        ),
        (
            "kms",
            "CreateAlias",
            json!({"aliasName": "alias/app", "targetKeyId": "1"}),
            "kms:CreateAlias",
            "arn:aws:kms:eu-west-1:111122223333:alias/app",
        ),
        (
            "rds",
            "CreateDBSnapshot",
            json!({"dBInstanceIdentifier": "main", "dBSnapshotIdentifier": "before"}),
            "rds:CreateDBSnapshot",
            "arn:aws:rds:eu-west-1:111122223333:snapshot:before",
        ),
        (
            "apigateway",
            "GetRestApi",
            json!({"restApiId": "abc"}),
            "apigateway:GET",
            "arn:aws:apigateway:eu-west-1::/restapis/abc",
        ),
        (
            "bedrock",
            "Converse",
            json!({"modelId": "anthropic.claude"}),
            "bedrock:InvokeModel",
            "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude",
        ),
        (
            "bedrock",
            "InvokeModel",
            json!({"modelId": "eu.anthropic.claude"}),
            "bedrock:InvokeModel",
            "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.anthropic.claude",
        ),
        ("iotdata", "Publish", json!({"topic": "t"}), "iot:Publish", "arn:aws:iot:eu-west-1:111122223333:topic/t"),
        ("amazonmq", "CreateBroker", json!({"brokerName": "b"}), "mq:CreateBroker", "*"),
        ("cloudcontrolapi", "CreateResource", json!({}), "cloudformation:CreateResource", "*"),
        (
            "lambda",
            "CreateFunction20150331",
            json!({"functionName": "f", "role": "arn:aws:iam::111122223333:role/x"}),
            "lambda:CreateFunction",
            "arn:aws:lambda:eu-west-1:111122223333:function:f",
        ),
        (
            "cloudfront",
            "CreateInvalidation2020_05_31",
            json!({"distributionId": "E1"}),
            "cloudfront:CreateInvalidation",
            "arn:aws:cloudfront::111122223333:distribution/E1",
        ),
        (
            "eks",
            "DescribeCluster",
            json!({"name": "prod"}),
            "eks:DescribeCluster",
            "arn:aws:eks:eu-west-1:111122223333:cluster/prod",
        ),
        ("organizations", "DescribeOrganization", json!(null), "organizations:DescribeOrganization", "*"),
        (
            "organizations",
            "DescribeAccount",
            json!({"accountId": "444455556666"}),
            "organizations:DescribeAccount",
            "arn:aws:organizations::111122223333:account/o-*/444455556666",
        ),
        // A new image's name is not its id.
        (
            "ec2",
            "CreateImage",
            json!({"instanceId": "i-1", "name": "base"}),
            "ec2:CreateImage",
            "arn:aws:ec2:eu-west-1::image/*",
        ),
        // Who names no user is meant.
        ("iam", "CreateAccessKey", json!(null), "iam:CreateAccessKey", "arn:aws:iam::111122223333:user/ana"),
    ] {
        let found = request(&call(&format!("{source}.amazonaws.com"), name, parameters));
        assert_eq!(
            (found["action"].as_str(), found["resource"].as_str()),
            (Some(action), Some(resource)),
            "{source} {name}"
        );
    }
    for (source, name, action) in [
        ("autoscaling", "RegisterScalableTarget", "application-autoscaling:RegisterScalableTarget"),
        ("api.ecr", "PutImage", "ecr:PutImage"),
        ("runtime.sagemaker", "InvokeEndpoint", "sagemaker:InvokeEndpoint"),
        ("bedrock-agent-runtime", "RetrieveAndGenerate", "bedrock:RetrieveAndGenerate"),
        ("voice-chime", "CreateSipRule", "chime:CreateSipRule"),
        ("budgets", "CreateBudget", "budgets:ModifyBudget"),
    ] {
        assert_eq!(request(&call(&format!("{source}.amazonaws.com"), name, json!({})))["action"], action);
    }
}

#[test]
fn an_alias_does_not_tell_its_key() {
    let found = request(&call("kms.amazonaws.com", "Encrypt", json!({"keyId": "alias/app"})));
    assert_eq!(found.get("resource"), None);
}

#[test]
fn circumstances_that_a_service_writes_down_are_read() {
    let mut event = call(
        "ec2.amazonaws.com",
        "RunInstances",
        json!({
            "instanceType": "t3.micro",
            "tagSpecificationSet": {"items": [{"resourceType": "instance", "tags": [{"key": "team", "value": "red"}]}]}
        }),
    );
    event["tlsDetails"] = json!({"tlsVersion": "TLSv1.3"});
    let context = &request(&event)["context"];
    assert_eq!(context["ec2:InstanceType"], "t3.micro");
    assert_eq!(context["aws:RequestTag/team"], "red");
    assert_eq!(context["aws:SecureTransport"], "true");
    let event = call("kms.amazonaws.com", "Decrypt", json!({"encryptionContext": {"app": "web"}}));
    let context = &request(&event)["context"];
    assert_eq!(context["kms:EncryptionContext:app"], "web");
    assert_eq!(context["kms:EncryptionContextKeys"], json!(["app"]));
    let event = call("s3.amazonaws.com", "PutObject", json!({"bucketName": "b", "key": "k", "x-amz-acl": "private"}));
    assert_eq!(request(&event)["context"]["s3:x-amz-acl"], "private");
}

#[test]
fn parameters_and_callers_give_context() {
    let mut event = call(
        "sts.amazonaws.com",
        "AssumeRole",
        json!({
            "roleArn": "arn:aws:iam::444455556666:role/Audit", "roleSessionName": "s", "externalId": "x1",
            "tags": [{"key": "team", "value": "red"}]
        }),
    );
    event["userIdentity"]["invokedBy"] = json!("cloudformation.amazonaws.com");
    event["sourceIPAddress"] = json!("cloudformation.amazonaws.com");
    let context = &request(&event)["context"];
    assert_eq!(context["sts:ExternalId"], "x1");
    assert_eq!(context["aws:RequestTag/team"], "red");
    assert_eq!(context["aws:TagKeys"], json!(["team"]));
    assert_eq!(context["aws:CalledVia"], json!(["cloudformation.amazonaws.com"]));
    assert_eq!(context.get("aws:SourceIp"), None);
    // A user with access keys has no session, and so no word on MFA.
    assert_eq!(context.get("aws:MultiFactorAuthPresent"), None);
}

#[test]
fn what_succeeded_or_failed_otherwise_is_no_refusal() {
    let mut event = call("s3.amazonaws.com", "GetObject", json!({"bucketName": "b", "key": "k"}));
    event["errorCode"] = json!("NoSuchKey");
    let failed = reading(&event);
    assert_eq!(failed.message, "a CloudTrail event: `s3:GetObject` failed with `NoSuchKey`, which is no refusal");
    event.as_object_mut().unwrap().remove("errorCode");
    let fine = reading(&event);
    assert_eq!(fine.message, "a CloudTrail event: `s3:GetObject` succeeded");
    assert_eq!(fine.scenario.unwrap()["tests"][0]["expect"], "allowed");
}

#[test]
fn a_sign_in_is_no_request() {
    let mut event = call("signin.amazonaws.com", "ConsoleLogin", json!(null));
    event["errorCode"] = Value::Null;
    let reading = reading(&event);
    assert_eq!(reading.request.unwrap().get("action"), None);
    assert!(reading.next.iter().any(|line| line == "`ConsoleLogin` is no call that policies decide about"));
}

#[test]
fn without_the_data_the_names_are_read_as_they_are() {
    let event = call("s3.amazonaws.com", "HeadObject", json!({"bucketName": "b", "key": "k"}));
    let reading = read_message(&event.to_string(), &Knowledge::default());
    assert_eq!(reading.request.unwrap()["action"], "s3:GetObject");
}

fn any_json() -> impl Strategy<Value = Value> {
    let keys = prop::sample::select(vec![
        "eventSource",
        "eventName",
        "userIdentity",
        "type",
        "arn",
        "accountId",
        "invokedBy",
        "sessionContext",
        "attributes",
        "requestParameters",
        "resources",
        "ARN",
        "errorCode",
        "errorMessage",
        "tags",
        "key",
        "queueUrl",
        "awsRegion",
        "bucketName",
        "context",
        "allowed",
        "conditions",
        "items",
        "values",
        "principal",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop::sample::select(vec![
            "s3.amazonaws.com",
            "GetObject",
            "AWSAccount",
            "Root",
            "é",
            "arn:aws:s3:::b",
            "",
            "a/",
            "AccessDenied",
            "lambda.amazonaws.com",
            "Invoke20150331v",
            "{\"a\":"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..8).prop_map(|pairs| Value::Object(
                pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn no_event_panics(mut value in any_json()) {
        if let Value::Object(object) = &mut value {
            object.insert("eventSource".to_owned(), json!("s3.amazonaws.com"));
            object.insert("eventName".to_owned(), json!("GetObject"));
        }
        let _ = read_message(&value.to_string(), knowledge());
    }
}
