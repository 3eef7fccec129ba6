use super::*;
use crate::knowledge::loaded::services as knowledge;
use proptest::prelude::*;

fn read(text: &str) -> Reading {
    read_message(text, knowledge())
}

/// Principal, action, resource and what refused, as one line; `-` for what is not told.
fn line(text: &str) -> String {
    let reading = read(text);
    let request = reading.request.unwrap_or_default();
    let field = |name: &str| request.get(name).map_or("-".to_owned(), |value| value.as_str().unwrap().to_owned());
    let suspect = reading.suspect.map_or("-".to_owned(), |suspect| {
        let decision = match suspect.expect {
            Some(Decision::ExplicitDeny) => "explicit",
            Some(Decision::ImplicitDeny) => "implicit",
            _ => "-",
        };
        format!("{decision} {}", suspect.policy.unwrap_or("-"))
    });
    format!("{} | {} | {} | {suspect}", field("principal"), field("action"), field("resource"))
}

const BOB: &str = "User: arn:aws:iam::111122223333:user/bob is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/k\"";

#[test]
fn every_documented_reason_names_its_policy() {
    for (reason, expected) in [
        ("with an explicit deny in an identity-based policy", "explicit identity"),
        ("with an explicit deny in a resource-based policy", "explicit resource"),
        ("with an explicit deny in a permissions boundary", "explicit permissionsBoundary"),
        ("with an explicit deny in a session policy", "explicit session"),
        ("with an explicit deny in a sessions policy", "explicit session"),
        ("with an explicit deny in a service control policy", "explicit scp"),
        ("with an explicit deny in a resource control policy", "explicit rcp"),
        ("with an explicit deny in a VPC endpoint policy", "explicit vpcEndpoint"),
        ("with an explicit deny in the role trust policy", "explicit resource"),
        (
            "with an explicit deny in a VPC endpoint policy transitively through a service control policy",
            "explicit vpcEndpoint",
        ),
        ("with an explicit deny", "explicit -"),
        ("because no identity-based policy allows the s3:GetObject action", "implicit identity"),
        ("because no resource-based policy allows the s3:GetObject action", "implicit resource"),
        ("because no permissions boundary allows the s3:GetObject action", "implicit permissionsBoundary"),
        ("because no session policy allows the s3:GetObject action", "implicit session"),
        ("because no service control policy allows the s3:GetObject action", "implicit scp"),
        ("because no VPC endpoint policy allows the s3:GetObject action", "implicit vpcEndpoint"),
        ("because no role trust policy allows the sts:AssumeRole action", "implicit resource"),
        ("because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access", "- -"),
        ("", "-"),
    ] {
        let expected = format!("arn:aws:iam::111122223333:user/bob | s3:GetObject | arn:aws:s3:::b/k | {expected}");
        assert_eq!(line(&format!("{BOB} {reason}")), expected, "{reason}");
    }
}

#[test]
fn the_appended_arn_of_the_policy_is_read() {
    let text = format!(
        "{BOB} with an explicit deny in a service control policy: arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd."
    );
    let arn = read(&text).suspect.unwrap().arn;
    assert_eq!(
        arn.as_deref(),
        Some("arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd")
    );
}

#[test]
fn a_message_is_found_in_whatever_printed_it() {
    let session = "arn:aws:sts::111122223333:assumed-role/Deploy/ci";
    let expected = format!(
        "{session} | dynamodb:PutItem | arn:aws:dynamodb:eu-west-1:111122223333:table/Books | implicit identity"
    );
    let message = format!(
        "User: {session} is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/Books because no identity-based policy allows the dynamodb:PutItem action"
    );
    for text in [
        // The AWS CLI.
        format!("\nAn error occurred (AccessDeniedException) when calling the PutItem operation: {message}\n"),
        // boto3's stack trace.
        format!(
            "Traceback (most recent call last):\n  File \"app.py\", line 7, in <module>\n    table.put_item(Item={{'a': 1}})\nbotocore.exceptions.ClientError: An error occurred (AccessDeniedException) when calling the PutItem operation: {message}"
        ),
        // The SDK for Java.
        format!(
            "software.amazon.awssdk.services.dynamodb.model.DynamoDbException: {message} (Service: DynamoDb, Status Code: 400, Request ID: ABC)\n\tat software.amazon.awssdk.core.internal.http.CombinedResponseHandler.handleErrorResponse(CombinedResponseHandler.java:125)"
        ),
        // The SDK for JavaScript.
        format!(
            "AccessDeniedException: {message}\n    at throwDefaultError (/app/node_modules/@smithy/smithy-client/dist-cjs/index.js:867:20) {{\n  '$fault': 'client'\n}}"
        ),
        // The SDK for Go, and so Terraform.
        format!(
            "╷\n│ Error: operation error DynamoDB: PutItem, https response error StatusCode: 400, RequestID: ABC, api error AccessDeniedException: {message}\n│ \n│   with aws_dynamodb_table_item.one,\n│   on main.tf line 1\n╵"
        ),
        // JSON in a log.
        format!(r#"{{"level":"error","message":"{message}","requestId":"x"}}"#),
        // Escaped once more.
        format!(r#"{{"body":"{{\"Message\":\"{message}\"}}"}}"#),
        // XML.
        format!("<ErrorResponse><Error><Code>AccessDenied</Code><Message>{message}</Message></Error></ErrorResponse>"),
        // A terminal of 40 columns.
        message.as_bytes().chunks(40).map(|line| std::str::from_utf8(line).unwrap()).collect::<Vec<_>>().join("\n"),
        // A mail.
        format!("> {}", message.replace("because", "\n> because")),
    ] {
        assert_eq!(line(&text), expected, "{text}");
    }
}

#[test]
fn wherever_a_line_is_wrapped_the_same_is_read() {
    let message = "User: arn:aws:iam::111122223333:user/bob is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:111122223333:instance/* with an explicit deny in a service control policy";
    let expected = line(message);
    assert_eq!(
        expected,
        "arn:aws:iam::111122223333:user/bob | ec2:RunInstances | arn:aws:ec2:us-east-1:111122223333:instance/* | explicit scp"
    );
    for at in 1..message.len() {
        let (before, after) = message.split_at(at);
        assert_eq!(line(&format!("{before}\n{after}")), expected, "{at}: {before}⏎");
    }
}

#[test]
fn older_and_shorter_forms_tell_what_they_tell() {
    for (text, expected) in [
        (
            "User: arn:aws:iam::111122223333:user/bob is not authorized to perform: ec2:DescribeInstances",
            "arn:aws:iam::111122223333:user/bob | ec2:DescribeInstances | * | -",
        ),
        (
            "User: arn:aws:iam::111122223333:user/bob is not authorized to perform: lambda:invokefunction.",
            "arn:aws:iam::111122223333:user/bob | lambda:InvokeFunction | - | -",
        ),
        ("User: anonymous is not authorized to perform: es:ESHttpGet", "* | es:ESHttpGet | - | -"),
        (
            "User: arn:aws:iam::111122223333:user/x is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/app/web because no identity-based policy allows the iam:PassRole action",
            "arn:aws:iam::111122223333:user/x | iam:PassRole | arn:aws:iam::111122223333:role/app/web | implicit identity",
        ),
        (
            "An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::111122223333:user/x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/Audit",
            "arn:aws:iam::111122223333:user/x | sts:AssumeRole | arn:aws:iam::444455556666:role/Audit | -",
        ),
        (
            "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
            "- | sts:AssumeRoleWithWebIdentity | - | -",
        ),
        (
            "An error occurred (AccessDenied) when calling the AssumeRole operation: Roles may not be assumed by root accounts.",
            "- | sts:AssumeRole | - | -",
        ),
        (
            "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied",
            "- | s3:GetObject | - | -",
        ),
        (
            "An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied",
            "- | s3:ListBucket | - | -",
        ),
        (
            "fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden",
            "- | s3:GetObject | - | -",
        ),
        (
            "download failed: s3://photos/2026/cat.jpg to ./cat.jpg An error occurred (AccessDenied) when calling the GetObject operation: Access Denied",
            "- | s3:GetObject | arn:aws:s3:::photos/2026/cat.jpg | -",
        ),
        (
            "operation error S3: HeadBucket, https response error StatusCode: 403, RequestID: X, HostID: Y, api error Forbidden: Forbidden",
            "- | s3:ListBucket | - | -",
        ),
        (
            "An error occurred (UnauthorizedOperation) when calling the StopInstances operation: You are not authorized to perform this operation.",
            "- | ec2:StopInstances | - | -",
        ),
        (
            "Insufficient permissions to list objects. After you or your AWS administrator has updated your permissions to allow the s3:ListBucket action, refresh the page.",
            "- | s3:ListBucket | - | -",
        ),
        (
            "The provided execution role does not have permissions to call CreateNetworkInterface on EC2",
            "- | ec2:CreateNetworkInterface | - | -",
        ),
        (
            "<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>X</RequestId></Error>",
            "- | - | - | -",
        ),
        ("Access Denied", "- | - | - | -"),
        (
            "User: arn:aws:sts::111122223333:assumed-role/R/s is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********3333:abc/prod/GET/pets",
            "arn:aws:sts::111122223333:assumed-role/R/s | execute-api:Invoke | arn:aws:execute-api:us-east-1:********3333:abc/prod/GET/pets | -",
        ),
    ] {
        assert_eq!(line(text), expected, "{text}");
        assert_eq!(read(text).kind, ReadingKind::Denied);
        assert!(!read(text).next.is_empty());
    }
}

#[test]
fn other_programs_and_services_words_are_read_too() {
    let code = "Ab9_".repeat(60);
    for (text, expected) in [
        (
            "User: arn:aws:sts::111122223333:assumed-role/Deploy/ci is not authorized to perform: kms:GenerateDataKey on the resource associated with this ciphertext because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access",
            "arn:aws:sts::111122223333:assumed-role/Deploy/ci | kms:GenerateDataKey | - | - resource",
        ),
        ("API: s3:CreateBucket Access Denied", "- | s3:CreateBucket | - | -"),
        (
            &*format!(
                "API: ec2:RunInstances You are not authorized to perform this operation. Encoded authorization failure message: {code}"
            ),
            "- | ec2:RunInstances | - | -",
        ),
        (
            r#"{"Message":"User is not authorized to access this resource with an explicit deny"}"#,
            "- | execute-api:Invoke | - | explicit -",
        ),
        (
            "Access denied to iam:ListUsers\nYou don't have permission to iam:ListUsers. To request access, copy the following text and send it to your AWS administrator.\nUser: arn:aws:iam::111122223333:user/bob\nAction: iam:ListUsers\nOn resource(s): arn:aws:iam::111122223333:user/\nContext: no identity-based policy allows the iam:ListUsers action",
            "arn:aws:iam::111122223333:user/bob | iam:ListUsers | arn:aws:iam::111122223333:user/ | implicit identity",
        ),
        (
            "User: arn:aws:iam::111122223333:user/bob\nService: codebuild\nAction: BatchGetProjects\nOn resource(s): arn:aws:codebuild:us-east-1:111122223333:project/x\nContext: explicit deny",
            "arn:aws:iam::111122223333:user/bob | codebuild:BatchGetProjects | arn:aws:codebuild:us-east-1:111122223333:project/x | -",
        ),
        (
            "An error occurred (AccessDenied) when calling the SendMessage operation: Access to the resource https://sqs.us-east-1.amazonaws.com/111122223333/jobs is denied.",
            "- | sqs:SendMessage | arn:aws:sqs:us-east-1:111122223333:jobs | -",
        ),
        (
            "An error occurred (AccessDeniedException) when calling the ListAccounts operation: You don't have permissions to access this resource.",
            "- | organizations:ListAccounts | * | -",
        ),
        (
            r#"Aws\S3\Exception\S3Exception: Error executing "GetObject" on "https://photos.s3.eu-west-1.amazonaws.com/2026/cat.jpg"; AWS HTTP error: Client error: `GET https://photos.s3.eu-west-1.amazonaws.com/2026/cat.jpg` resulted in a `403 Forbidden` response: AccessDenied (client): Access Denied"#,
            "- | s3:GetObject | arn:aws:s3:::photos/2026/cat.jpg | -",
        ),
        ("GET https://photos.s3.amazonaws.com/cat.jpg 403 (Forbidden)", "- | - | - | -"),
        ("The role defined for the function cannot be assumed by Lambda.", "- | sts:AssumeRole | - | -"),
        (
            "CodeBuild is not authorized to perform: sts:AssumeRole on arn:aws:iam::111122223333:role/build. Please verify that: 1) The provided role exists",
            "- | sts:AssumeRole | arn:aws:iam::111122223333:role/build | -",
        ),
        (
            "User arn:aws:iam::111122223333:user/bob is not authorized to perform ssm:StartSession on resource arn:aws:ec2:us-east-1:111122223333:instance/i-1",
            "arn:aws:iam::111122223333:user/bob | ssm:StartSession | arn:aws:ec2:us-east-1:111122223333:instance/i-1 | -",
        ),
        (
            "User: arn:aws:iam::111122223333:user/bob is not authorized to perform: iam:GetUser on resource: user bob because no identity-based policy allows the iam:GetUser action",
            "arn:aws:iam::111122223333:user/bob | iam:GetUser | arn:aws:iam::111122223333:user/bob | implicit identity",
        ),
    ] {
        assert_eq!(line(text), expected, "{text}");
    }
}

#[test]
fn a_service_is_a_caller_too() {
    let reading = read(
        "User: cloudtrail.amazonaws.com is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::b/x because no resource-based policy allows the s3:PutObject action",
    );
    assert_eq!(reading.request.unwrap()["principal"], json!({ "Service": "cloudtrail.amazonaws.com" }));
}

#[test]
fn what_is_no_refusal_stays_none() {
    for text in [
        "An error occurred (ExpiredToken) when calling the GetObject operation: The provided token has expired.",
        "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.",
        "error: You must be logged in to the server (Unauthorized)",
    ] {
        assert_eq!(read(text).kind, ReadingKind::Nothing, "{text}");
    }
}

#[test]
fn an_object_key_may_have_spaces() {
    let text = BOB.replace("b/k", "b/holiday pictures/a \u{e9}.jpg");
    assert_eq!(read(&text).request.unwrap()["resource"], "arn:aws:s3:::b/holiday pictures/a é.jpg");
}

#[test]
fn an_encoded_message_comes_with_the_command_that_decodes_it() {
    let code = "oGHjS4tVoaR2O-GzL7EZWqJ_4nN0ZSsCk8RyqY3x".repeat(6);
    let text = format!(
        "An error occurred (UnauthorizedOperation) when calling the RunInstances operation: You are not authorized to perform this operation. User: arn:aws:iam::111122223333:user/bob is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:111122223333:instance/* because no identity-based policy allows the ec2:RunInstances action. Encoded authorization failure message: {code}\n\tstatus code: 403, request id: abc"
    );
    let reading = read(&text);
    assert_eq!(
        reading.command.unwrap(),
        format!("aws sts decode-authorization-message --query DecodedMessage --output text --encoded-message {code}")
    );
    assert_eq!(reading.kind, ReadingKind::Denied);
    assert_eq!(reading.request.unwrap()["action"], "ec2:RunInstances");
    let alone = read(&format!(
        "Client.UnauthorizedOperation: Encoded authorization failure message:\n{}\n{}",
        &code[..80],
        &code[80..]
    ));
    assert_eq!(alone.kind, ReadingKind::Encoded);
    assert!(alone.command.unwrap().ends_with(&code));
}

#[test]
fn what_the_decoding_prints_becomes_a_request_with_context() {
    let message = r#"{"allowed":false,"explicitDeny":true,"matchedStatements":{"items":[{"statementId":"NoStops","effect":"DENY","principals":{"items":[]},"principalGroups":{"items":[]},"actions":{"items":[]}}]},"failures":{"items":[]},"context":{"principal":{"id":"AIDACKCEVSQ6C2EXAMPLE","name":"Bob","arn":"arn:aws:iam::123456789012:user/Bob"},"action":"ec2:StopInstances","resource":"arn:aws:ec2:us-east-1:123456789012:instance/i-dd01c9bd","conditions":{"items":[{"key":"ec2:Tenancy","values":{"items":[{"value":"default"}]}},{"key":"aws:TagKeys","values":{"items":[{"value":"a"},{"value":"b"}]}},{"key":"Region","values":{"items":[{"value":"us-east-1"}]}}]}}}"#;
    let wrapped = json!({ "DecodedMessage": message }).to_string();
    for text in [message, &wrapped] {
        let reading = read(text);
        assert_eq!(reading.kind, ReadingKind::Decoded);
        assert_eq!(
            reading.request.unwrap(),
            json!({
                "principal": "arn:aws:iam::123456789012:user/Bob",
                "action": "ec2:StopInstances",
                "resource": "arn:aws:ec2:us-east-1:123456789012:instance/i-dd01c9bd",
                "context": {"ec2:Tenancy": "default", "aws:TagKeys": ["a", "b"]}
            })
        );
        assert!(reading.facts.contains(&fact("statement", "DENY NoStops")));
        assert_eq!(reading.scenario.unwrap()["tests"][0]["expect"], "explicitDeny");
    }
}

#[test]
fn text_that_is_neither_is_told_what_was_looked_for() {
    for text in ["", "hello", "{}", "[1, 2", "s3:GetObject", "{\"eventName\": 7}", "The operation timed out"] {
        let reading = read(text);
        assert_eq!(reading.kind, ReadingKind::Nothing, "{text}");
        assert_eq!((reading.request, reading.scenario), (None, None));
        assert!(reading.next.iter().any(|line| line.contains("eventSource")));
    }
}

#[test]
fn the_scenario_is_one_and_expects_what_aws_answered() {
    let reading = read(&format!("{BOB} with an explicit deny in a service control policy"));
    let (scenario, problems) = playground::Scenario::from_value(&reading.scenario.unwrap());
    assert_eq!(problems, []);
    assert_eq!(scenario.tests[0].expect, playground::Expect::Decision(Decision::ExplicitDeny));
}

#[test]
fn no_name_from_outside_reaches_a_shell() {
    let evil = "User: arn:aws:iam::111122223333:user/$(rm${IFS}-rf) is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b`id`;x/k\" with an explicit deny in a resource-based policy";
    let reading = read(evil);
    let commands: String = reading.next.concat();
    assert!(
        commands.contains("--bucket NAME") && !commands.contains("`id`") && !commands.contains("$(rm"),
        "{commands}"
    );
}

#[test]
fn the_next_steps_name_the_commands_that_show_the_policies() {
    let reading = read(&format!("{BOB} because no identity-based policy allows the s3:GetObject action"));
    assert!(reading.next.iter().any(|line| line.contains("aws iam list-attached-user-policies --user-name bob")));
    let scp = read(&format!("{BOB} with an explicit deny in a service control policy"));
    assert!(scp.next.iter().any(|line| line.contains("--target-id 111122223333 --filter SERVICE_CONTROL_POLICY")));
}

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,400}") {
        let _ = read(&text);
    }

    #[test]
    fn no_mixture_of_what_is_looked_for_panics(
        parts in prop::collection::vec(prop::sample::select(vec![
            "User: ", "arn:aws:iam::111122223333:user/é", " is not authorized to perform: ", "s3:GetObject", ":", "\"", "'",
            " on resource: ", "arn:aws:s3:::b/k 😀", " because no ", "identity-based policy", " allows the ", " with an explicit deny in ",
            "a ", "the ", "session policy", ": arn:aws:organizations::1:policy/x", "\n", "│ ", "\\n", "\\\"", "(Service: S3",
            "Encoded authorization failure message: ", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "when calling the ", " operation: ",
            "operation error S3: ", "Access Denied", "UnauthorizedOperation", "{", "}", "[", "]", "\"eventSource\":\"s3.amazonaws.com\"",
            ",", "\"eventName\":\"GetObject\"", "\"requestParameters\":{\"key\":[{}]}", "\"userIdentity\":{\"type\":\"Root\"}", "<", "&quot;",
        ]), 0..24)
    ) {
        let _ = read(&parts.concat());
    }
}
