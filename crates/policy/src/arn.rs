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
        let mut parts = text.splitn(6, ':');
        if parts.next() != Some("arn") {
            return None;
        }
        Some(Self {
            partition: parts.next()?,
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next()?,
        })
    }
}

/// Whether `text` is an account id: exactly twelve ASCII digits.
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}
