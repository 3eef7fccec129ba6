//! "did you mean …?" for services, actions and condition keys.

use policy::nearest;

use crate::action::Action;
use crate::key::ConditionKey;
use crate::load::Reference;
use crate::service::Service;
use crate::text::head;

/// API operations whose permission has another name, and that people write in policies.
const OPERATIONS: [(&str, &str); 14] = [
    ("s3:HeadObject", "s3:GetObject"),
    ("s3:CopyObject", "s3:PutObject"),
    ("s3:UploadPart", "s3:PutObject"),
    ("s3:CreateMultipartUpload", "s3:PutObject"),
    ("s3:CompleteMultipartUpload", "s3:PutObject"),
    ("s3:DeleteObjects", "s3:DeleteObject"),
    ("s3:ListObjects", "s3:ListBucket"),
    ("s3:ListObjectsV2", "s3:ListBucket"),
    ("s3:HeadBucket", "s3:ListBucket"),
    ("s3:ListObjectVersions", "s3:ListBucketVersions"),
    ("s3:ListMultipartUploads", "s3:ListBucketMultipartUploads"),
    ("s3:ListParts", "s3:ListMultipartUploadParts"),
    ("s3:ListBuckets", "s3:ListAllMyBuckets"),
    ("lambda:Invoke", "lambda:InvokeFunction"),
];

/// What services are called elsewhere, by the command line or by people, and the prefix of their actions.
const CALLED: [(&str, &str); 18] = [
    ("alb", "elasticloadbalancing"),
    ("api-gateway", "apigateway"),
    ("aurora", "rds"),
    ("cloudwatchevents", "events"),
    ("cloudwatchlogs", "logs"),
    ("cognito", "cognito-idp"),
    ("efs", "elasticfilesystem"),
    ("elb", "elasticloadbalancing"),
    ("elbv2", "elasticloadbalancing"),
    ("emr", "elasticmapreduce"),
    ("eventbridge", "events"),
    ("msk", "kafka"),
    ("parameterstore", "ssm"),
    ("s3api", "s3"),
    ("sfn", "states"),
    ("stepfunctions", "states"),
    ("systemsmanager", "ssm"),
    ("vpc", "ec2"),
];

impl Reference {
    /// The service whose prefix is most like `prefix`, where one is like enough.
    pub fn nearest_service(&self, prefix: &str) -> Option<Service<'_>> {
        let known_as = CALLED.iter().find(|(name, _)| name.eq_ignore_ascii_case(prefix));
        match known_as {
            Some((_, prefix)) => self.service(prefix),
            None => self.service(nearest(prefix, self.services().map(Service::prefix))?),
        }
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
        let operation = OPERATIONS.iter().find(|(operation, _)| operation.eq_ignore_ascii_case(name));
        if let Some((_, permission)) = operation {
            return self.action(permission);
        }
        let (prefix, name) = name.split_once(':')?;
        let service = self.service(prefix).or_else(|| self.nearest_service(prefix));
        let same_name = || {
            let mut found = self.services().filter_map(|service| service.action(name));
            found.next().filter(|_| found.next().is_none())
        };
        service.and_then(|service| service.nearest_action(name)).or_else(same_name)
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
        // Where the prefix says nothing, every key of every service is a candidate.
        let everywhere = (service.is_none() && !prefix.eq_ignore_ascii_case("aws")).then(|| self.services());
        let services = service.into_iter().chain(everywhere.into_iter().flatten());
        let keys = self.global_keys().chain(services.flat_map(Service::condition_keys));
        if let Some(slash) = name.find('/') {
            let (stem, member) = name.split_at_checked(slash + 1)?;
            let families = keys.filter(|key| key.is_family()).map(ConditionKey::stem);
            return nearest(stem, families).map(|stem| format!("{stem}{member}"));
        }
        nearest(name, keys.filter(|key| !key.is_family()).map(ConditionKey::name)).map(str::to_owned)
    }
}

impl<'r> Service<'r> {
    /// Its action whose name is most like `name`, where one is like enough.
    pub fn nearest_action(self, name: &str) -> Option<Action<'r>> {
        self.action(nearest(name, self.actions().map(Action::name))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_services_are_called_leads_to_services() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/services.txt");
        let reference = Reference::load(std::fs::read_to_string(path).unwrap()).unwrap();
        for (name, prefix) in CALLED {
            assert!(reference.service(name).is_none(), "{name} is a prefix itself");
            assert_eq!(reference.nearest_service(name).map(Service::prefix), Some(prefix));
        }
    }
}
