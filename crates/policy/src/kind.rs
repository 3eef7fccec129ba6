//! The kinds of policy, and for a resource-based policy what it is attached to, because the required and
//! forbidden elements differ.

/// What a resource-based policy is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResourceType {
    /// An S3 bucket: the policy must name its resources.
    Bucket,
    /// A KMS key: a key policy.
    Key,
    /// An IAM role: a role trust policy.
    Role,
    /// Anything else (queue, topic, secret, function, …).
    Other,
}

impl ResourceType {
    /// The type of resource that an ARN names; `Other` for what is no ARN.
    ///
    /// ```
    /// use policy::ResourceType;
    /// assert_eq!(ResourceType::of_arn("arn:aws:iam::111122223333:role/app/R"), ResourceType::Role);
    /// assert_eq!(ResourceType::of_arn("arn:aws:kms:us-east-1:111122223333:key/k"), ResourceType::Key);
    /// assert_eq!(ResourceType::of_arn("arn:aws:s3:::b/k"), ResourceType::Bucket);
    /// ```
    pub fn of_arn(arn: &str) -> Self {
        let Some(arn) = crate::arn::Arn::split(arn) else {
            return Self::Other;
        };
        match (arn.service, arn.resource) {
            ("s3", _) if arn.region.is_empty() => Self::Bucket,
            ("kms", resource) if resource.starts_with("key/") => Self::Key,
            ("iam", resource) if resource.starts_with("role/") => Self::Role,
            _ => Self::Other,
        }
    }
}

/// The kind of a policy: decides which elements a document must, may and must not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyKind {
    /// Attached to a user, group or role: managed or inline.
    Identity,
    /// Attached to a resource.
    Resource(ResourceType),
    /// The ceiling of a user or role.
    PermissionsBoundary,
    /// Passed when a session is made.
    Session,
    /// Service control policy.
    Scp,
    /// Resource control policy.
    Rcp,
    /// VPC endpoint policy.
    VpcEndpoint,
}

impl PolicyKind {
    /// Whether statements of this kind name principals.
    pub fn has_principal(self) -> bool {
        matches!(self, Self::Resource(_) | Self::Rcp | Self::VpcEndpoint)
    }

    /// The kind in words, with its article: "an identity-based policy".
    pub fn name_with_article(self) -> String {
        let article = if self == Self::Identity { "an" } else { "a" };
        format!("{article} {}", self.name())
    }

    /// The kind in words, as AWS spells it: "identity-based policy", "role trust policy", …
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity-based policy",
            Self::Resource(ResourceType::Bucket) => "bucket policy",
            Self::Resource(ResourceType::Key) => "key policy",
            Self::Resource(ResourceType::Role) => "role trust policy",
            Self::Resource(ResourceType::Other) => "resource-based policy",
            Self::PermissionsBoundary => "permissions boundary",
            Self::Session => "session policy",
            Self::Scp => "service control policy",
            Self::Rcp => "resource control policy",
            Self::VpcEndpoint => "VPC endpoint policy",
        }
    }
}
