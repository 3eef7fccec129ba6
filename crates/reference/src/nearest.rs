//! "did you mean …?" for services, actions and condition keys.

use policy::{called, nearest};

use crate::action::Action;
use crate::key::ConditionKey;
use crate::load::Reference;
use crate::operation::permission_of;
use crate::service::Service;
use crate::text::head;

/// What services are called elsewhere, by the command line or by people, without hyphens, and the prefix of their actions.
const CALLED: [(&str, &str); 49] = [
    ("alb", "elasticloadbalancing"),
    ("apigw", "apigateway"),
    ("applicationdiscovery", "discovery"),
    ("aurora", "rds"),
    ("certificatemanager", "acm"),
    ("cfn", "cloudformation"),
    ("cloudwatchevents", "events"),
    ("cloudwatchlogs", "logs"),
    ("cognito", "cognito-idp"),
    ("costexplorer", "ce"),
    ("cw", "cloudwatch"),
    ("cwl", "logs"),
    ("databasemigrationservice", "dms"),
    ("ddb", "dynamodb"),
    ("directoryservice", "ds"),
    ("docdb", "rds"),
    ("documentdb", "rds"),
    ("efs", "elasticfilesystem"),
    ("elasticsearch", "es"),
    ("elb", "elasticloadbalancing"),
    ("elbv2", "elasticloadbalancing"),
    ("email", "ses"),
    ("emr", "elasticmapreduce"),
    ("eventbridge", "events"),
    ("identitycenter", "sso"),
    ("iotdata", "iot"),
    ("keyspaces", "cassandra"),
    ("kinesisfirehose", "firehose"),
    ("managedprometheus", "aps"),
    ("marketplace", "aws-marketplace"),
    ("monitoring", "cloudwatch"),
    ("msk", "kafka"),
    ("mwaa", "airflow"),
    ("opensearch", "es"),
    ("opensearchserverless", "aoss"),
    ("parameterstore", "ssm"),
    ("pinpoint", "mobiletargeting"),
    ("prometheus", "aps"),
    ("resourcegroupstaggingapi", "tag"),
    ("s3api", "s3"),
    ("s3control", "s3"),
    ("sesv2", "ses"),
    ("sfn", "states"),
    ("stepfunctions", "states"),
    ("systemsmanager", "ssm"),
    ("tagging", "tag"),
    ("timestreamquery", "timestream"),
    ("timestreamwrite", "timestream"),
    ("vpc", "ec2"),
];

/// Services that an action's name alone stands for rather than for others, which came later.
const FIRST: [&str; 12] =
    ["s3", "ec2", "iam", "lambda", "dynamodb", "sqs", "sns", "kms", "logs", "rds", "ecr", "cloudformation"];

/// Verbs that services use for the same: where one is wrong, another may be right.
const VERBS: [&[&str]; 3] = [
    &["Get", "Describe", "List", "Read", "View", "Fetch"],
    &["Put", "Create", "Update", "Modify", "Set", "Write", "Upload", "Add"],
    &["Delete", "Remove", "Terminate", "Deregister"],
];

impl Reference {
    /// The service whose prefix is most like `prefix`, where one is like enough.
    pub fn nearest_service(&self, prefix: &str) -> Option<Service<'_>> {
        // `ec2.amazonaws.com` is the service's principal.
        let prefix = prefix.split_once('.').map_or(prefix, |(prefix, _)| prefix);
        if let Some(service) = self.called(prefix) {
            return Some(service);
        }
        let small = small(prefix);
        let bare = without_vendor(&small);
        let without_hyphens = |service: &Service<'_>| {
            let prefix = service.prefix().bytes().filter(|byte| *byte != b'-');
            prefix.eq(small.bytes()) || service.prefix() == bare
        };
        let same = self.service(prefix).or_else(|| self.services().find(without_hyphens));
        let near = || self.service(nearest(prefix, self.services().map(Service::prefix))?);
        // `iot-data` and `bedrock-runtime` are addresses of a service.
        let first = || self.service(prefix.split_once('-')?.0);
        same.or_else(near).or_else(first)
    }

    /// The service that people call so.
    fn called(&self, name: &str) -> Option<Service<'_>> {
        let small = small(name);
        let (_, prefix) = CALLED.iter().find(|(name, _)| *name == without_vendor(&small))?;
        self.service(prefix)
    }

    /// The action that `name` was probably meant to be: an API operation's permission, one spelled like it in the same
    /// service, or the one of this name in another service where only one has it.
    ///
    /// ```
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// # let reference = reference::Reference::load(text).unwrap();
    /// let near = |name| reference.nearest_action(name).map(|action| action.to_string());
    /// assert_eq!(near("s3:GetObjects").as_deref(), Some("s3:GetObject"));
    /// assert_eq!(near("s3:ListObjects").as_deref(), Some("s3:ListBucket"));
    /// assert_eq!(near("dynamdb:GetItem").as_deref(), Some("dynamodb:GetItem"));
    /// assert_eq!(near("s3:PassRole").as_deref(), Some("iam:PassRole"));
    /// assert_eq!(near("s3:Xyzzy"), None);
    /// ```
    pub fn nearest_action(&self, name: &str) -> Option<Action<'_>> {
        if let Some(permission) = permission_of(name) {
            return self.action(permission);
        }
        let of_name = |name: &str| {
            let mut found = self.services().filter_map(|service| service.action(name));
            let only = found.next().filter(|_| found.next().is_none());
            only.or_else(|| FIRST.into_iter().find_map(|prefix| self.service(prefix)?.action(name)))
        };
        let Some((prefix, name)) = name.split_once(':').or_else(|| name.rsplit_once('.')) else {
            return of_name(name);
        };
        let service = self.service(prefix).or_else(|| self.nearest_service(prefix));
        if let Some(permission) = service.and_then(|service| permission_of(&format!("{}:{name}", service.prefix()))) {
            return self.action(permission);
        }
        let near = service.and_then(|service| service.nearest_action(name));
        near.or_else(|| self.called(prefix)?.action(name)).or_else(|| of_name(name))
    }

    /// The condition key that `name` was probably meant to be; for a member of a family, that member.
    ///
    /// ```
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// # let reference = reference::Reference::load(text).unwrap();
    /// let near = |name| reference.nearest_key(name);
    /// assert_eq!(near("aws:SourceIP4").as_deref(), Some("aws:SourceIp"));
    /// assert_eq!(near("aws:PrincipleTag/team").as_deref(), Some("aws:PrincipalTag/team"));
    /// assert_eq!(near("s3:prefxi").as_deref(), Some("s3:prefix"));
    /// assert_eq!(near("aws:Xyzzy"), None);
    /// ```
    pub fn nearest_key(&self, name: &str) -> Option<String> {
        let prefix = head(name, ':').0;
        let service = self.service(prefix);
        if let Some(key) = called(name) {
            return Some(key);
        }
        // `kms:EncryptionContext:app`
        if let Some((_, member)) = name.split_once(':').and_then(|(_, rest)| rest.split_once(':'))
            && let Some(stem) = name.strip_suffix(member)
        {
            let families = service.into_iter().flat_map(Service::condition_keys);
            let families = families.filter(|key| key.is_family() && key.stem().ends_with(':')).map(ConditionKey::stem);
            return nearest(stem, families).map(|stem| format!("{stem}{member}"));
        }
        // Where the prefix says nothing, every key of every service is a candidate.
        let everywhere = (service.is_none() && !prefix.eq_ignore_ascii_case("aws")).then(|| self.services());
        let services = service.into_iter().chain(everywhere.into_iter().flatten());
        let keys = self.global_keys().chain(services.flat_map(Service::condition_keys));
        if let Some(slash) = name.find('/') {
            let (stem, member) = name.split_at_checked(slash + 1)?;
            let families = keys.filter(|key| key.is_family()).map(ConditionKey::stem);
            return nearest(stem, families).map(|stem| format!("{stem}{member}"));
        }
        let near = nearest(name, keys.filter(|key| !key.is_family()).map(ConditionKey::name));
        near.map(str::to_owned).or_else(|| self.key_of_others(name))
    }

    /// The key of this name of AWS's global ones, or of the only service that has one: `sts:ExternalId` for
    /// `aws:ExternalId`.
    fn key_of_others(&self, name: &str) -> Option<String> {
        let (_, bare) = name.split_once(':')?;
        let is_it = |key: &ConditionKey<'_>| {
            key.name().split_once(':').is_some_and(|(_, name)| name.eq_ignore_ascii_case(bare))
        };
        let global = self.global_keys().find(is_it);
        let only = || {
            let mut found = self.services().flat_map(Service::condition_keys).filter(is_it);
            let first = found.next()?;
            found.all(|other| other.name() == first.name()).then_some(first)
        };
        global.or_else(only).map(|key| key.name().to_owned())
    }
}

/// A name without the differences in how names are written.
fn small(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
}

fn without_vendor(name: &str) -> &str {
    ["amazon", "aws"].into_iter().find_map(|vendor| name.strip_prefix(vendor)).unwrap_or(name)
}

impl<'r> Service<'r> {
    /// Its action whose name is most like `name`, where one is like enough.
    pub fn nearest_action(self, name: &str) -> Option<Action<'r>> {
        // `GetSecret`: what goes on behind it.
        let longer = || (name.len() > 5).then(|| self.actions_starting(name)).into_iter().flatten();
        let mut going_on = longer();
        let only = going_on.next().filter(|_| going_on.next().is_none());
        if let Some(action) = only.or_else(|| self.with_other_verb(name)) {
            return Some(action);
        }
        if let Some(near) = nearest(name, self.actions().map(Action::name)) {
            return self.action(near);
        }
        longer().min_by_key(|action| action.name().len())
    }

    /// Its action of the same name but for the verb, of one thing or of many.
    fn with_other_verb(self, name: &str) -> Option<Action<'r>> {
        VERBS.iter().find_map(|verbs| {
            let rest = verbs.iter().find_map(|verb| name.strip_prefix(verb)).filter(|rest| rest.len() > 2)?;
            let one = rest.strip_suffix('s').unwrap_or(rest);
            // The verb as it is first: then only the number was wrong.
            let own = verbs.iter().filter(|verb| name.starts_with(**verb));
            let mut all = own.chain(verbs.iter());
            all.find_map(|verb| {
                [rest, one, &format!("{rest}s")].into_iter().find_map(|rest| self.action(&format!("{verb}{rest}")))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_instead_leads_to_the_action() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/services.txt");
        let reference = Reference::load(std::fs::read_to_string(path).unwrap()).unwrap();
        for (written, meant) in [
            // Another service's name, or its principal.
            ("cfn:CreateStack", "cloudformation:CreateStack"),
            ("secrets-manager:GetSecretValue", "secretsmanager:GetSecretValue"),
            ("amazon-ec2:RunInstances", "ec2:RunInstances"),
            ("bedrock-runtime:InvokeModel", "bedrock:InvokeModel"),
            ("x-ray:PutTraceSegments", "xray:PutTraceSegments"),
            ("ec2.amazonaws.com:RunInstances", "ec2:RunInstances"),
            ("cloudwatch:PutLogEvents", "logs:PutLogEvents"),
            ("opensearch:DescribeDomain", "es:DescribeDomain"),
            // No colon.
            ("s3.GetObject", "s3:GetObject"),
            ("GetObject", "s3:GetObject"),
            ("PutLogEvents", "logs:PutLogEvents"),
            // The operation's name.
            ("s3:PutBucketEncryption", "s3:PutEncryptionConfiguration"),
            ("s3api:HeadObject", "s3:GetObject"),
            ("bedrock:Converse", "bedrock:InvokeModel"),
            ("budgets:CreateBudget", "budgets:ModifyBudget"),
            // Another verb, or the number.
            ("ec2:ListInstances", "ec2:DescribeInstances"),
            ("ec2:GetInstance", "ec2:DescribeInstances"),
            ("rds:ListDBInstances", "rds:DescribeDBInstances"),
            ("iam:DescribeRole", "iam:GetRole"),
            ("s3:UploadObject", "s3:PutObject"),
            ("dynamodb:RemoveItem", "dynamodb:DeleteItem"),
            ("iam:GetRoles", "iam:GetRole"),
            // The start of a name.
            ("secretsmanager:GetSecret", "secretsmanager:GetSecretValue"),
            ("ssm:GetParam", "ssm:GetParameter"),
            // Slips.
            ("ec2:RunInstance", "ec2:RunInstances"),
            ("s3:get_object", "s3:GetObject"),
            ("lamdba:InvokeFunction", "lambda:InvokeFunction"),
        ] {
            assert!(reference.action(written).is_none(), "{written}");
            let near = reference.nearest_action(written).map(|action| action.to_string());
            assert_eq!(near.as_deref(), Some(meant), "{written}");
        }
        for nothing in ["s3:Xyzzy", "Xyzzy", "", ":", ".", "s3:", "é:é", "Get", "s3:Get"] {
            let near = reference.nearest_action(nothing).map(|action| action.to_string());
            assert_eq!(near, None, "{nothing}");
        }
    }

    #[test]
    fn what_people_call_keys_leads_to_the_key() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/services.txt");
        let reference = Reference::load(std::fs::read_to_string(path).unwrap()).unwrap();
        for (written, meant) in [
            ("aws:Region", "aws:RequestedRegion"),
            ("aws:MFAPresent", "aws:MultiFactorAuthPresent"),
            ("aws:OrgId", "aws:PrincipalOrgID"),
            ("aws:SourceVpcEndpoint", "aws:SourceVpce"),
            ("aws:Tag/team", "aws:ResourceTag/team"),
            ("aws:ExternalId", "sts:ExternalId"),
            ("aws:PermissionsBoundary", "iam:PermissionsBoundary"),
            ("s3:SourceIp", "aws:SourceIp"),
            ("kms:EncryptionContetx:app", "kms:EncryptionContext:app"),
        ] {
            assert_eq!(reference.nearest_key(written).as_deref(), Some(meant), "{written}");
        }
        for name in ["aws:Xyzzy", "aws:", ":", "kms:Xyzzy:app", "s3:a:b"] {
            assert_eq!(reference.nearest_key(name), None, "{name}");
        }
    }

    #[test]
    fn what_services_are_called_leads_to_services() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/services.txt");
        let reference = Reference::load(std::fs::read_to_string(path).unwrap()).unwrap();
        for (name, prefix) in CALLED {
            // `opensearch` is one too, of a few actions that are not what people look for.
            assert!(reference.service(name).is_none() || name == "opensearch", "{name} is a prefix itself");
            assert_eq!(reference.nearest_service(name).map(Service::prefix), Some(prefix));
        }
    }
}
