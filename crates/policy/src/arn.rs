//! Amazon Resource Names: `arn:partition:service:region:account:resource`.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>

/// An ARN split on its first five colons; the resource keeps all further colons and slashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    pub partition: &'a str,
    /// `s3`, `iam`, …
    pub service: &'a str,
    /// Empty for global services and S3 buckets.
    pub region: &'a str,
    /// Twelve digits, `aws`, or empty.
    pub account: &'a str,
    /// Everything after the fifth colon.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Splits `text`; `None` where it does not start with `arn:` or has fewer than six parts.
    ///
    /// ```
    /// use policy::arn::Arn;
    /// let arn = Arn::split("arn:aws:logs:eu-west-1:111122223333:log-group:/app:*").unwrap();
    /// assert_eq!(arn.resource, "log-group:/app:*");
    /// assert!(Arn::split("arn:aws:s3").is_none());
    /// ```
    pub fn split(text: &'a str) -> Option<Self> {
        // Byte by byte: for so few of them it takes less time than a search.
        let mut rest = text.strip_prefix("arn:")?;
        let mut field = || {
            let (field, behind) = rest.split_at_checked(rest.bytes().position(|byte| byte == b':')?)?;
            rest = behind.get(1..)?;
            Some(field)
        };
        let (partition, service, region, account) = (field()?, field()?, field()?, field()?);
        Some(Self { partition, service, region, account, resource: rest })
    }
}

/// Whether `text` is an account id: exactly twelve ASCII digits.
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// What the short form of a REST API's resources starts with.
const API: &str = "execute-api:";

/// Whether `text` is the short form in which the resource policy of a REST API may name parts of that API:
/// `execute-api:/STAGE/METHOD/PATH`. API Gateway writes the whole ARN in its place when it saves the policy.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html>
///
/// ```
/// use policy::arn::is_api_path;
/// assert!(is_api_path("execute-api:/prod/GET/pets"));
/// assert!(!is_api_path("execute-api:Invoke"));
/// ```
pub fn is_api_path(text: &str) -> bool {
    text.strip_prefix(API).is_some_and(|path| path.starts_with('/'))
}

/// What stands behind the API in a short form, or in the ARN of a part of a REST API: `/STAGE/METHOD/PATH`.
///
/// ```
/// use policy::arn::api_path;
/// assert_eq!(api_path("execute-api:/prod/GET/*"), Some("/prod/GET/*"));
/// assert_eq!(api_path("arn:aws:execute-api:us-east-2:111122223333:abc/prod/GET/pets"), Some("/prod/GET/pets"));
/// assert_eq!(api_path("arn:aws:s3:::b/k"), None);
/// ```
pub fn api_path(text: &str) -> Option<&str> {
    if let Some(path) = text.strip_prefix(API) {
        return path.starts_with('/').then_some(path);
    }
    let resource = Arn::split(text).filter(|arn| arn.service == "execute-api")?.resource;
    resource.get(resource.find('/')?..)
}
