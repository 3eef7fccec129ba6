//! The committed data: what it must hold, and well-known facts out of AWS's Service Authorization Reference.

use policy::arn::Arn;
use policy::{PolicyKind, Severity};
use reference::{AccessLevel, Descriptions, KeyType, ManagedPolicies, Reference, Reviewer, Support};

fn read(name: &str) -> String {
    std::fs::read_to_string(format!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/{}.txt"), name)).unwrap()
}

fn reference() -> Reference {
    Reference::load(read("services")).unwrap()
}

#[test]
fn the_data_is_all_there() {
    let reference = reference();
    assert!(reference.services().len() >= 456);
    assert!(reference.actions().count() >= 22_000);
    assert!(reference.services().map(|service| service.resource_types().len()).sum::<usize>() >= 2_300);
    assert!(reference.services().map(|service| service.condition_keys().len()).sum::<usize>() >= 2_500);
    assert_eq!(reference.date().len(), "2026-09-26".len());
}

#[test]
fn actions_have_the_levels_and_resources_that_aws_documents() {
    let reference = reference();
    for (name, level, resources) in [
        ("s3:GetObject", AccessLevel::Read, &["accesspointobject", "object"][..]),
        ("s3:PutObjectAcl", AccessLevel::PermissionsManagement, &["accesspointobject", "object"]),
        ("s3:ListAllMyBuckets", AccessLevel::List, &[]),
        ("s3:PutObjectTagging", AccessLevel::Tagging, &["accesspointobject", "object"]),
        ("ec2:DescribeInstances", AccessLevel::List, &[]),
        ("ec2:StopInstances", AccessLevel::Write, &["instance"]),
        ("iam:PassRole", AccessLevel::Write, &["role"]),
        ("iam:AttachRolePolicy", AccessLevel::PermissionsManagement, &["role"]),
        ("iam:CreateUser", AccessLevel::Write, &["user"]),
        ("dynamodb:GetItem", AccessLevel::Read, &["table"]),
        ("dynamodb:ListTables", AccessLevel::List, &[]),
        ("sqs:SendMessage", AccessLevel::Write, &["queue"]),
        ("sns:Publish", AccessLevel::Write, &["topic"]),
        ("sts:GetCallerIdentity", AccessLevel::Read, &[]),
        ("sts:AssumeRole", AccessLevel::Write, &["role"]),
        ("kms:Decrypt", AccessLevel::Write, &["key"]),
        ("secretsmanager:GetSecretValue", AccessLevel::Read, &["Secret"]),
    ] {
        let action = reference.action(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(action.to_string(), name);
        assert_eq!(action.access_level(), level, "{name}");
        let found: Vec<_> = action.resources().map(|used| used.resource_type.name()).collect();
        assert_eq!(found, resources, "{name}");
        assert_eq!(action.has_resources(), !resources.is_empty(), "{name}");
    }
}

#[test]
fn launching_an_instance_needs_its_parts_and_the_role() {
    let reference = reference();
    let launch = reference.action("ec2:RunInstances").unwrap();
    let required: Vec<_> =
        launch.resources().filter(|used| used.required).map(|used| used.resource_type.name()).collect();
    assert_eq!(required, ["image", "instance", "network-interface", "security-group", "subnet"]);
    let dependent: Vec<_> = launch.dependent_actions().collect();
    assert!(dependent.contains(&"iam:PassRole"), "{dependent:?}");
    let instance = launch.resources().find(|used| used.resource_type.name() == "instance").unwrap();
    assert!(instance.condition_keys().any(|key| key.name() == "ec2:InstanceType"));
    let image = launch.resources().find(|used| used.resource_type.name() == "image").unwrap();
    assert!(!image.condition_keys().any(|key| key.name() == "ec2:InstanceType"));
}

#[test]
fn both_generations_of_load_balancers_are_known() {
    let reference = reference();
    let delete = reference.action("elasticloadbalancing:DeleteLoadBalancer").unwrap();
    for arn in ["loadbalancer/classic", "loadbalancer/net/name/0123456789abcdef"] {
        let arn = format!("arn:aws:elasticloadbalancing:eu-west-1:111122223333:{arn}");
        assert!(delete.resources_fitting(&arn).next().is_some(), "{arn}");
    }
}

#[test]
fn condition_keys_have_their_types() {
    let reference = reference();
    for (name, value_type, multivalued) in [
        ("aws:SourceIp", KeyType::IpAddress, false),
        ("aws:CurrentTime", KeyType::Date, false),
        ("aws:MultiFactorAuthPresent", KeyType::Bool, false),
        ("aws:MultiFactorAuthAge", KeyType::Numeric, false),
        ("aws:PrincipalArn", KeyType::Arn, false),
        ("aws:SourceVpcArn", KeyType::Arn, false),
        ("aws:SignInSessionArn", KeyType::Arn, false),
        ("aws:PrincipalOrgPaths", KeyType::String, true),
        ("aws:TagKeys", KeyType::String, true),
        ("aws:CalledVia", KeyType::String, true),
        ("aws:RequestTag/project", KeyType::String, false),
        ("s3:max-keys", KeyType::Numeric, false),
        ("s3:ExistingObjectTag/owner", KeyType::String, false),
        ("dynamodb:LeadingKeys", KeyType::String, true),
        ("iam:PolicyARN", KeyType::Arn, false),
        ("iam:PassedToService", KeyType::String, false),
        ("kms:GrantIsForAWSResource", KeyType::Bool, false),
        ("kms:EncryptionContext:app", KeyType::String, false),
        ("saml:aud", KeyType::String, false),
        ("token.actions.githubusercontent.com:sub", KeyType::String, false),
        ("oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF:aud", KeyType::String, false),
        ("cognito-identity.amazonaws.com:amr", KeyType::String, true),
    ] {
        let key = reference.condition_key(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!((key.value_type(), key.is_multivalued()), (value_type, multivalued), "{name}");
        assert!(key.covers(&name.to_ascii_uppercase()), "{name}");
    }
    for name in ["aws:PrincipalTag", "aws:PrincipalTag/", "s3:Prefixes", "s3:aud", "nothing", ""] {
        assert!(reference.condition_key(name).is_none(), "{name}");
    }
}

#[test]
fn every_arn_format_is_an_arn_that_its_own_type_fits() {
    let mut count = 0;
    for service in reference().services() {
        for resource_type in service.resource_types() {
            for format in resource_type.arn_formats() {
                let arn = Arn::split(format).unwrap_or_else(|| panic!("{resource_type:?}: {format}"));
                assert!(!arn.service.is_empty() && !arn.resource.is_empty(), "{resource_type:?}: {format}");
                assert!(format.matches("${").count() == format.matches('}').count(), "{format}");
                assert!(resource_type.fits(format), "{format}");
                count += 1;
            }
        }
    }
    assert!(count > 2_334, "{count}");
}

#[test]
fn an_arn_says_what_it_is() {
    let reference = reference();
    let types = |arn| {
        let types = reference.identify(arn);
        types.iter().map(|found| format!("{} {}", found.service().prefix(), found.name())).collect::<Vec<_>>()
    };
    assert_eq!(types("arn:aws:sqs:eu-west-1:111122223333:orders"), ["sqs queue"]);
    assert!(types("arn:aws:s3:::bucket").contains(&"s3 bucket".to_owned()));
    assert!(!types("arn:aws:s3:::bucket").contains(&"s3 object".to_owned()));
    assert!(types("arn:aws:s3:::bucket/a/b").contains(&"s3 object".to_owned()));
    assert!(!types("arn:aws:s3:::bucket/a/b").contains(&"s3 bucket".to_owned()));
    assert!(types("arn:aws:iam::111122223333:role/app/deploy").contains(&"iam role".to_owned()));
    assert!(types("arn:aws:xyzzy:::a").is_empty());
    assert!(types("not an ARN").is_empty());
}

#[test]
fn descriptions_belong_to_their_actions() {
    let reference = reference();
    let descriptions = Descriptions::load(read("descriptions"), &reference).unwrap();
    let action = |name| descriptions.action(reference.action(name).unwrap()).unwrap();
    assert_eq!(action("s3:GetObject"), "Grants permission to retrieve objects from Amazon S3");
    assert!(action("xray:PutTraceSegments").contains("segment"));
    let iam = reference.service("iam").unwrap();
    let key = reference.condition_key("iam:PassedToService").unwrap();
    let sentence = descriptions.condition_key(iam, key).unwrap();
    assert!(sentence.starts_with("Filters access by the AWS service to which"), "{sentence}");

    let other = read("descriptions").replacen("for 20", "for 19", 1);
    let error = Descriptions::load(other, &reference).unwrap_err().to_string();
    assert_eq!(error, "line 2 of the descriptions: made for another version of the service data");
}

#[test]
fn aws_managed_policies_are_documents_without_an_error() {
    let policies = ManagedPolicies::load(read("managed-policies")).unwrap();
    assert!(policies.iter().len() >= 1_500);
    let mut errors = Vec::new();
    for managed in policies.iter() {
        let document = managed.document();
        serde_json::from_str::<serde_json::Value>(&document).unwrap();
        let parsed = policy::parse(&document, PolicyKind::Identity);
        assert!(!parsed.document.statements.is_empty(), "{}", managed.name());
        for found in parsed.diagnostics.iter().filter(|found| found.severity == Severity::Error) {
            errors.push(format!("{}: {}: {}", managed.name(), found.code, found.message));
        }
    }
    assert_eq!(errors, Vec::<String>::new());
}

#[test]
fn a_managed_policy_is_found_by_name_and_arn() {
    let policies = ManagedPolicies::load(read("managed-policies")).unwrap();
    let document = |name| policies.get(name).map(|policy| policy.document());
    let expected = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "s3:Get*",
        "s3:List*",
        "s3:Describe*",
        "s3-object-lambda:Get*",
        "s3-object-lambda:List*"
      ],
      "Resource": "*"
    }
  ]
}"#;
    assert_eq!(document("AmazonS3ReadOnlyAccess").as_deref(), Some(expected));
    assert_eq!(document("arn:aws-us-gov:iam::aws:policy/AmazonS3ReadOnlyAccess").as_deref(), Some(expected));
    let lambda = policies.get("AWSLambdaBasicExecutionRole").unwrap();
    assert_eq!(lambda.arn(), "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole");
    assert!(policies.get(&lambda.arn()).is_some());
    for name in [
        "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",
        "arn:aws:iam::111122223333:policy/AmazonS3ReadOnlyAccess",
        "policy/AmazonS3ReadOnlyAccess",
        "AmazonS3ReadOnly",
        "",
    ] {
        assert!(policies.get(name).is_none(), "{name}");
    }
}

/// The review of the only statement in `text`, as sentences.
fn review(text: &str) -> Vec<String> {
    let reference = reference();
    let parsed = policy::parse(text, PolicyKind::Identity);
    let review = Reviewer::new(&reference).review(&parsed.document.statements[0]).unwrap();
    let mut found = Vec::new();
    for used in &review.actions {
        let name = &used.entry.value;
        if used.covered == 0 {
            found.push(format!("{name} is unknown, near {:?}", used.nearest));
        }
        if !used.only_star.is_empty() {
            found.push(format!("{name}: {} only on *", used.only_star.len()));
        }
        if !used.misfits.is_empty() {
            found.push(format!("{name}: {} fit nothing", used.misfits.len()));
        }
    }
    for used in review.resources.iter().filter(|used| used.is_useless()) {
        found.push(format!("{} is useless", used.entry.value));
    }
    for used in &review.keys {
        let name = &used.condition.key.value;
        match used.support {
            Support::Unlisted => found.push(format!("{name} is not supported")),
            Support::Unknown if used.key.is_none() => found.push(format!("{name} is unknown, near {:?}", used.nearest)),
            _ => {}
        }
        if !used.operator_fits {
            found.push(format!("{} does not fit {name}", used.condition.operator_name.value));
        }
        if used.lacks_set_operator {
            found.push(format!("{name} has several values"));
        }
        if used.needless_set_operator {
            found.push(format!("{name} has one value"));
        }
    }
    found
}

#[test]
fn a_review_tells_buckets_from_objects() {
    let text = |action, resource| {
        format!(r#"{{"Statement": {{"Effect": "Allow", "Action": {action}, "Resource": {resource}}}}}"#)
    };
    let of = |action, resource| review(&text(action, resource));
    assert_eq!(
        of(r#""s3:GetObject""#, r#""arn:aws:s3:::b""#),
        ["s3:GetObject: 1 fit nothing", "arn:aws:s3:::b is useless"]
    );
    assert_eq!(of(r#"["s3:ListBucket", "s3:GetObject"]"#, r#""arn:aws:s3:::b/*""#), ["s3:ListBucket: 1 fit nothing"]);
    assert!(of(r#"["s3:ListBucket", "s3:GetObject"]"#, r#"["arn:aws:s3:::b", "arn:aws:s3:::b/*"]"#).is_empty());
    assert!(of(r#""s3:*""#, r#""*""#).is_empty());
    assert!(of(r#""s3:ListAllMyBuckets""#, r#""arn:aws:s3:::*""#).is_empty());
    assert_eq!(
        of(r#""ec2:DescribeInstances""#, r#""arn:aws:ec2:*:*:instance/*""#),
        ["ec2:DescribeInstances: 1 only on *", "arn:aws:ec2:*:*:instance/* is useless"]
    );
    assert!(of(r#""*""#, r#""arn:aws:s3:::b""#).is_empty());
    assert_eq!(
        of(r#"["s3:GetObject", "sqs:SendMessage"]"#, r#"["arn:aws:s3:::b/*", "arn:aws:sns:*:*:t"]"#),
        ["sqs:SendMessage: 1 fit nothing", "arn:aws:sns:*:*:t is useless"]
    );
    // What is unknown may work on anything.
    assert_eq!(
        of(r#""s3:GetObjekt""#, r#""arn:aws:s3:::b""#),
        ["s3:GetObjekt is unknown, near Some(Action(s3:GetObject))"]
    );
}

#[test]
fn a_review_looks_up_condition_keys() {
    let of = |action: &str, condition: &str| {
        review(&format!(
            r#"{{"Version": "2012-10-17", "Statement":
            {{"Effect": "Allow", "Action": "{action}", "Resource": "*", "Condition": {{{condition}}}}}}}"#
        ))
    };
    assert_eq!(of("s3:GetObject", r#""StringLike": {"s3:prefix": "a/*"}"#), ["s3:prefix is not supported"]);
    let subject = r#""StringLike": {"token.actions.githubusercontent.com:sub": "repo:me/mine:*"}"#;
    assert!(of("sts:AssumeRoleWithWebIdentity", subject).is_empty());
    assert_eq!(of("sts:AssumeRoleWithSAML", subject), ["token.actions.githubusercontent.com:sub is not supported"]);
    assert!(of("s3:ListBucket", r#""StringLike": {"S3:Prefix": "a/*"}"#).is_empty());
    assert!(of("s3:*", r#""StringLike": {"s3:prefix": "a/*"}"#).is_empty());
    assert!(of("*", r#""StringLike": {"s3:prefix": "a/*"}"#).is_empty());
    assert_eq!(
        of("s3:ListBucket", r#""StringEquals": {"aws:PrincipalOrgId2": "o-1"}"#),
        ["aws:PrincipalOrgId2 is unknown, near Some(\"aws:PrincipalOrgID\")"]
    );
    assert_eq!(
        of("s3:ListBucket", r#""StringEquals": {"aws:SourceIp": "10.0.0.1"}"#),
        ["StringEquals does not fit aws:SourceIp"]
    );
    assert_eq!(
        of("dynamodb:GetItem", r#""StringEquals": {"dynamodb:LeadingKeys": "a"}"#),
        ["dynamodb:LeadingKeys has several values"]
    );
    assert_eq!(
        of("s3:ListBucket", r#""ForAllValues:StringEquals": {"aws:username": "a"}"#),
        ["aws:username has one value"]
    );
    assert!(of("s3:ListBucket", r#""Null": {"aws:TagKeys": "true", "aws:SourceIp": "true"}"#).is_empty());
    assert!(of("ec2:*", r#""ArnLike": {"aws:RequestTag/owner": "arn:aws:iam::*:role/x"}"#).is_empty());
}

#[test]
fn a_review_counts_levels() {
    let reference = reference();
    let text = r#"{"Statement": {"Effect": "Allow", "Action": ["sts:Get*", "iam:PassRole"], "Resource": "*"}}"#;
    let parsed = policy::parse(text, PolicyKind::Identity);
    let review = Reviewer::new(&reference).review(&parsed.document.statements[0]).unwrap();
    let count = |level| review.levels.iter().find(|(known, _)| *known == level).unwrap().1;
    let covered = reference.expand("sts:Get*").count();
    assert_eq!(review.actions[0].covered, covered);
    assert_eq!(AccessLevel::ALL.into_iter().map(count).sum::<usize>(), covered + 1);
    assert!(count(AccessLevel::Write) >= 1);
    assert!(count(AccessLevel::Read) >= 1);
}

#[test]
fn a_document_of_any_size_is_reviewed_in_no_time_or_not_at_all() {
    let reference = reference();
    let list = |entry: &str, count: usize| vec![format!("\"{entry}\""); count].join(",");
    let statement = |actions: &str, resources: &str, conditions: &str| {
        format!(
            r#"{{"Statement": {{"Action": [{actions}], "Resource": [{resources}], "Condition": {{{conditions}}}}}}}"#
        )
    };
    let keys = |operator: &str, key: &str| {
        let keys: Vec<_> = (0..5_000).map(|number| format!(r#""{key}{number}": "x""#)).collect();
        format!(r#""{operator}": {{{}}}"#, keys.join(","))
    };
    let long = format!("arn:aws:ec2:*:*:{}", "*a?".repeat(30_000));
    for text in [
        statement(&list("*", 10_000), r#""*""#, ""),
        statement(&list("*:*e*", 10_000), r#""arn:aws:s3:::b""#, ""),
        statement(&list("s3:Xyzzy", 10_000), r#""*""#, ""),
        statement(r#""ec2:*""#, &list("arn:aws:ec2:*:*:*", 10_000), ""),
        statement(r#""ec2:*""#, &list(&long, 1), ""),
        statement(r#""ec2:*""#, r#""*""#, &keys("StringEquals", "xyzzy:Key")),
        statement(r#""ec2:*""#, r#""*""#, &keys("StringEquals", "aws:RequestTag/")),
        statement(r#""ec2:*""#, r#""*""#, &keys("StringEquals", "ec2:ResourceTag/")),
    ] {
        let parsed = policy::parse(&text, PolicyKind::Identity);
        let start = std::time::Instant::now();
        let _ = Reviewer::new(&reference).review(&parsed.document.statements[0]);
        // Seconds of slack: the machine may be busy.
        assert!(start.elapsed().as_secs() < 8, "{} took {:?}", &text[..60], start.elapsed());
    }
    let parsed = policy::parse(&statement(&list("*", 10_000), r#""*""#, ""), PolicyKind::Identity);
    assert!(Reviewer::new(&reference).review(&parsed.document.statements[0]).is_none());
}
