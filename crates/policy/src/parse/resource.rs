//! Entries of `Resource` and `NotResource`: ARNs with wildcards, or `*`.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>

use super::Reader;
use super::statement::LEGACY;
use super::value::part;
use crate::arn::is_api_path;
use crate::{Diagnostic, PolicyKind, ResourceType, Spanned, template};

/// Partitions that exist; <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>.
const PARTITIONS: [&str; 8] =
    ["aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"];

/// What the resource field of an IAM ARN starts with.
const IAM_PATHS: [&str; 16] = [
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
    "assumed-role/",
    "role-template/",
    "delegation-request/",
];

/// What IAM says to an ARN whose service it cannot read.
const VENDOR: &str = "Resource vendor must be fully qualified and cannot contain regexes.";

/// One field of an ARN and where it starts.
#[derive(Clone, Copy)]
struct Field<'a> {
    text: &'a str,
    at: usize,
}

impl Field<'_> {
    fn has_wildcard(self) -> bool {
        self.text.contains(['*', '?'])
    }
}

impl Reader<'_> {
    pub(super) fn check_resource(&mut self, resource: &Spanned<String>) {
        let text = resource.value.as_str();
        if text == "*" || self.kind == PolicyKind::Resource(ResourceType::Other) && is_api_path(text) {
            return;
        }
        let mut fields = fields(text);
        let first = fields.next().map_or("", |field| field.text);
        let (Some(partition), "arn") = (fields.next(), first) else {
            return self.not_an_arn(resource);
        };
        let at = |reader: &Self, field: Field<'_>| part(reader.text, resource, field.at, field.text.len());
        let variable = template::has_variable(partition.text);
        if !partition.has_wildcard() && !variable && !PARTITIONS.contains(&partition.text) {
            let mut diagnostic = Diagnostic::error(
                "invalid-partition",
                at(self, partition),
                format!("`{}` is no AWS partition", partition.text),
            )
            .aws(format!("Partition \"{}\" is not valid for resource \"{text}\".", partition.text));
            diagnostic = match super::nearest(partition.text, PARTITIONS) {
                Some(meant) if !partition.text.is_empty() => diagnostic.help(format!("did you mean `{meant}`?")),
                _ => diagnostic.help("an ARN is `arn:partition:service:region:account:resource`, and the partition is nearly always `aws`"),
            };
            self.push(diagnostic);
            return;
        }
        let Some(service) = fields.next() else {
            if partition.text.ends_with('*') {
                return;
            }
            return self.no_service(resource, VENDOR);
        };
        if text.split(':').count() < 6 {
            return self.short_arn(resource);
        }
        if service.text.is_empty() {
            return self.no_service(resource, LEGACY);
        }
        if service.has_wildcard() && !template::has_variable(service.text) {
            self.push(
                Diagnostic::error(
                    "resource-service-wildcard",
                    at(self, service),
                    format!("the service `{}` of an ARN must be written out", service.text),
                )
                .help("write one ARN a service, or `*` alone for every resource")
                .aws(VENDOR),
            );
            return;
        }
        if let (Some(region), Some(_account)) = (fields.next(), fields.next()) {
            let rest = text.splitn(6, ':').nth(5).unwrap_or("");
            self.service_rules(resource, service.text, region, rest);
        }
    }

    fn no_service(&mut self, resource: &Spanned<String>, aws: &str) {
        self.push(
            Diagnostic::error(
                "resource-without-service",
                resource.span,
                format!("the ARN `{}` names no service", resource.value),
            )
            .help("an ARN is `arn:partition:service:region:account:resource`")
            .aws(aws),
        );
    }

    fn not_an_arn(&mut self, resource: &Spanned<String>) {
        let text = resource.value.as_str();
        let mut diagnostic =
            Diagnostic::error("resource-not-an-arn", resource.span, format!("the resource `{text}` is no ARN"))
                .aws(format!("Resource {text} must be in ARN format or \"*\"."));
        diagnostic = if text.starts_with("aws:") {
            diagnostic
                .help("an ARN starts with `arn:`")
                .fix("put `arn:` before it", vec![(resource.span, format!("\"arn:{text}\""))])
        } else if text.to_ascii_lowercase().starts_with("arn:") {
            let rest = text.get(4..).unwrap_or("");
            diagnostic
                .help("an ARN starts with `arn:`, in small letters")
                .fix("write `arn:`", vec![(resource.span, format!("\"arn:{rest}\""))])
        } else if text.starts_with("s3://") {
            let path = text.trim_start_matches("s3://");
            diagnostic.help(format!("in a policy this is `arn:aws:s3:::{path}`")).fix(
                format!("replace with `arn:aws:s3:::{path}`"),
                vec![(resource.span, format!("\"arn:aws:s3:::{path}\""))],
            )
        } else if is_api_path(text) {
            diagnostic.help(
                "this short form is for the resource policy of a REST API; elsewhere write `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH`",
            )
        } else {
            diagnostic.help("write the ARN, such as `arn:aws:s3:::my-bucket/*`, or `*` for every resource")
        };
        self.push(diagnostic);
    }

    /// Fewer than six fields: only a `*` at the end can stand for the rest.
    fn short_arn(&mut self, resource: &Spanned<String>) {
        let text = resource.value.as_str();
        let mut diagnostic = if text.ends_with('*') {
            Diagnostic::warning(
                "short-arn",
                resource.span,
                format!("the ARN `{text}` has fewer than six fields: the `*` at its end must stand for the rest"),
            )
        } else {
            Diagnostic::error(
                "resource-too-few-fields",
                resource.span,
                format!("the ARN `{text}` has too few fields, and matches nothing"),
            )
            .aws(LEGACY)
        };
        let bucket = text
            .strip_prefix("arn:aws:s3:")
            .map(|rest| rest.trim_start_matches(':'))
            .filter(|bucket| !bucket.is_empty());
        diagnostic = match bucket {
            Some(bucket) => {
                let whole = format!("arn:aws:s3:::{bucket}");
                diagnostic
                    .help(format!("between `s3` and the bucket stand three colons: `{whole}`"))
                    .fix(format!("replace with `{whole}`"), vec![(resource.span, format!("\"{whole}\""))])
            }
            None => diagnostic.help("an ARN is `arn:partition:service:region:account:resource`; region and account may be empty, their colons stay"),
        };
        self.push(diagnostic);
    }

    fn service_rules(&mut self, resource: &Spanned<String>, service: &str, region: Field<'_>, rest: &str) {
        let text = resource.value.as_str();
        let place = part(self.text, resource, region.at, region.text.len());
        let literal = |text: &str| !text.contains(['*', '?', '$']);
        let s3_global = service == "s3"
            && !["accesspoint", "job/", "storage-lens", "access-grants"]
                .iter()
                .any(|with_region| rest.starts_with(with_region));
        if (service == "iam" || s3_global)
            && !region.text.is_empty()
            && literal(region.text)
            && literal(rest.get(..1).unwrap_or(""))
        {
            let what = if service == "iam" { "IAM is" } else { "buckets are" };
            let mut diagnostic =
                Diagnostic::error("resource-with-region", place, format!("{what} global: this ARN has no region"))
                    .help("leave the field empty: two colons follow each other")
                    .aws(if service == "iam" {
                        format!("IAM resource {text} cannot contain region information.")
                    } else {
                        format!("Resource {text} can not contain region information.")
                    });
            if place.of(self.text) == region.text {
                diagnostic = diagnostic.fix("remove the region", vec![(place, String::new())]);
            }
            self.push(diagnostic);
        } else if service == "iam"
            && literal(rest.split('/').next().unwrap_or(""))
            && rest != "root"
            && !IAM_PATHS.iter().any(|path| rest.starts_with(path))
        {
            let start = text.len() - rest.len();
            self.push(
                Diagnostic::error(
                    "invalid-iam-resource",
                    part(self.text, resource, start, rest.len()),
                    format!("`{rest}` does not say what sort of IAM resource it is"),
                )
                .help("such as `user/NAME`, `role/NAME`, `group/NAME`, `policy/NAME`")
                .aws(format!("IAM resource path must either be \"*\" or start with {}.", IAM_PATHS.join(", "))),
            );
        }
    }
}

/// The fields of an ARN with their offsets; the sixth is not split further.
fn fields(text: &str) -> impl Iterator<Item = Field<'_>> {
    let mut at = 0;
    text.splitn(6, ':').map(move |text| {
        let field = Field { text, at };
        at += text.len() + 1;
        field
    })
}
