//! The condition keys the engine knows: AWS's spelling, type, and whether a key holds one value or many, which is
//! the key's own property and not the request's.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

/// What a key's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// Text.
    String,
    /// An ARN.
    Arn,
    /// `true` or `false`.
    Bool,
    /// A decimal number.
    Numeric,
    /// An instant.
    Date,
    /// An IP address.
    IpAddress,
}

/// What is known of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// AWS's spelling; ends in `/` for a family of keys such as `aws:PrincipalTag/`.
    pub name: &'static str,
    /// What its values are.
    pub key_type: KeyType,
    /// Whether it holds a list.
    pub multivalued: bool,
}

macro_rules! keys {
    ($($key_type:ident $arity:ident: $($name:literal)*;)*) => {
        /// Every key of the table.
        pub static KEYS: &[Key] = &[
            $($(Key { name: $name, key_type: KeyType::$key_type, multivalued: keys!(@$arity) },)*)*
        ];
    };
    (@single) => { false };
    (@list) => { true };
}

keys! {
    // Of the principal.
    Arn single: "aws:PrincipalArn" "aws:SignInSessionArn" "aws:ChatbotSourceArn" "aws:FederatedProvider";
    String single: "aws:PrincipalAccount" "aws:PrincipalOrgID" "aws:PrincipalTag/" "aws:PrincipalServiceName"
        "aws:PrincipalType" "aws:userid" "aws:username" "aws:SourceIdentity" "aws:Ec2InstanceSourceVpc";
    String list: "aws:PrincipalOrgPaths" "aws:PrincipalServiceNamesList";
    Bool single: "aws:PrincipalIsAWSService" "aws:AssumedRoot" "aws:MultiFactorAuthPresent";
    Date single: "aws:TokenIssueTime";
    Numeric single: "aws:MultiFactorAuthAge" "ec2:RoleDelivery";
    IpAddress single: "aws:Ec2InstanceSourcePrivateIPv4";
    Arn single: "ec2:SourceInstanceArn" "codebuild:BuildArn" "codebuild:ProjectArn" "lambda:SourceFunctionArn"
        "ssm:SourceInstanceArn";
    String single: "glue:RoleAssumedBy" "glue:CredentialIssuingService" "identitystore:UserId";
    // Of the network.
    IpAddress single: "aws:SourceIp" "aws:VpcSourceIp";
    String single: "aws:SourceVpc" "aws:SourceVpce" "aws:VpceAccount" "aws:VpceOrgID";
    Arn single: "aws:SourceVpcArn";
    String list: "aws:VpceOrgPaths";
    // Of the resource.
    String single: "aws:ResourceAccount" "aws:ResourceOrgID" "aws:ResourceTag/";
    String list: "aws:ResourceOrgPaths";
    // Of the request.
    String list: "aws:CalledVia" "aws:TagKeys" "aws:SourceOrgPaths";
    String single: "aws:CalledViaFirst" "aws:CalledViaLast" "aws:CalledViaAWSMCP" "aws:referer" "aws:UserAgent"
        "aws:RequestedRegion" "aws:RequestTag/" "aws:SourceAccount" "aws:SourceOrgID" "aws:SourceOwner";
    Arn single: "aws:SourceArn";
    Bool single: "aws:ViaAWSService" "aws:ViaAWSMCPService" "aws:IsMcpServiceAction" "aws:SecureTransport";
    Date single: "aws:CurrentTime" "aws:EpochTime";
    // Of services, as met in teaching.
    String single: "s3:prefix" "s3:delimiter" "s3:x-amz-acl" "s3:x-amz-server-side-encryption"
        "s3:x-amz-storage-class" "s3:ExistingObjectTag/"
        "s3:RequestObjectTag/" "s3:signatureversion" "s3:authType" "s3:versionid" "s3:ResourceAccount"
        "s3:LocationConstraint";
    Arn single: "s3:x-amz-server-side-encryption-aws-kms-key-id";
    Numeric single: "s3:max-keys" "s3:TlsVersion" "s3:signatureAge";
    String list: "s3:RequestObjectTagKeys";
    String single: "ec2:InstanceType" "ec2:Region" "ec2:ResourceTag/" "ec2:CreateAction";
    String single: "iam:PassedToService" "iam:ResourceTag/" "iam:AWSServiceName";
    Arn single: "iam:AssociatedResourceArn" "iam:PermissionsBoundary" "iam:PolicyARN";
    String single: "kms:ViaService" "kms:CallerAccount" "kms:EncryptionContext:";
    String list: "kms:EncryptionContextKeys" "kms:ResourceAliases";
    Bool single: "kms:GrantIsForAWSResource";
    String list: "dynamodb:LeadingKeys" "dynamodb:Attributes";
    String single: "dynamodb:Select" "lambda:FunctionUrlAuthType" "sns:Protocol" "sns:Endpoint"
        "secretsmanager:ResourceTag/" "rds:DatabaseEngine" "ssm:resourceTag/";
    Arn single: "secretsmanager:SecretId";
    // Of the token service and of identity providers.
    String single: "sts:ExternalId" "sts:RoleSessionName" "sts:SourceIdentity" "sts:AWSServiceName";
    String list: "sts:TransitiveTagKeys";
    Numeric single: "sts:DurationSeconds";
    String single: "saml:aud" "saml:iss" "saml:sub" "saml:sub_type" "saml:namequalifier" "saml:doc"
        "saml:commonName" "saml:name" "saml:surname" "saml:uid" "saml:mail" "saml:organizationStatus"
        "saml:primaryGroupSID" "saml:givenName" "saml:x500UniqueIdentifier" "saml:edupersonorgdn"
        "saml:edupersonprimaryaffiliation" "saml:edupersonprimaryorgunitdn" "saml:edupersonprincipalname";
    String list: "saml:cn" "saml:edupersonaffiliation" "saml:edupersonassurance" "saml:edupersonentitlement"
        "saml:edupersonnickname" "saml:edupersonorgunitdn" "saml:edupersonscopedaffiliation"
        "saml:edupersontargetedid" "saml:eduorghomepageuri" "saml:eduorgidentityauthnpolicyuri" "saml:eduorglegalname"
        "saml:eduorgsuperioruri" "saml:eduorgwhitepagesuri";
    String list: "cognito-identity.amazonaws.com:amr";
    String single: "cognito-identity.amazonaws.com:aud" "cognito-identity.amazonaws.com:sub"
        "token.actions.githubusercontent.com:aud" "token.actions.githubusercontent.com:sub"
        "accounts.google.com:aud" "accounts.google.com:sub" "accounts.google.com:oaud" "www.amazon.com:app_id"
        "www.amazon.com:user_id" "graph.facebook.com:app_id" "graph.facebook.com:id";
}

impl Key {
    /// Looks a key up, ignoring ASCII case; keys of a family are found by their beginning.
    ///
    /// ```
    /// use evaluator::keys::Key;
    /// assert!(Key::find("aws:tagkeys").unwrap().multivalued);
    /// assert_eq!(Key::find("aws:PrincipalTag/team").unwrap().name, "aws:PrincipalTag/");
    /// assert!(Key::find("aws:Nonsense").is_none());
    /// ```
    pub fn find(key: &str) -> Option<&'static Self> {
        KEYS.iter().find(|known| {
            let name = known.name;
            if known.is_family() {
                key.len() > name.len() && key.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
            } else {
                key.eq_ignore_ascii_case(name)
            }
        })
    }

    /// Whether the name stands for a family of keys, such as one for each tag.
    pub fn is_family(&self) -> bool {
        matches!(self.name.as_bytes().last(), Some(b'/' | b':'))
    }
}
