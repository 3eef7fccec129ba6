//! Resources that are not what the actions work on.

use super::Context;
use crate::arn::Arn;
use crate::edit::add_entry;
use crate::glob::covers;
use crate::parse::{Findings, part};
use crate::{Diagnostic, Polarity, Spanned, Statement};

/// S3 actions that work on a bucket. A pattern at the end of a name stands for the family.
const BUCKET: [&str; 25] = [
    "ListBucket",
    "ListBucketVersions",
    "ListBucketMultipartUploads",
    "CreateBucket",
    "DeleteBucket",
    "DeleteBucketPolicy",
    "DeleteBucketWebsite",
    "GetBucketAcl",
    "GetBucketCORS",
    "GetBucketLocation",
    "GetBucketLogging",
    "GetBucketNotification",
    "GetBucketPolicy",
    "GetBucketPolicyStatus",
    "GetBucketPublicAccessBlock",
    "GetBucketTagging",
    "GetBucketVersioning",
    "GetBucketWebsite",
    "GetEncryptionConfiguration",
    "GetLifecycleConfiguration",
    "PutBucketAcl",
    "PutBucketPolicy",
    "PutBucketTagging",
    "PutBucketVersioning",
    "PutLifecycleConfiguration",
];

/// S3 actions that work on an object.
const OBJECT: [&str; 18] = [
    "GetObject",
    "GetObjectAcl",
    "GetObjectAttributes",
    "GetObjectRetention",
    "GetObjectTagging",
    "GetObjectVersion",
    "GetObjectVersionTagging",
    "PutObject",
    "PutObjectAcl",
    "PutObjectRetention",
    "PutObjectTagging",
    "DeleteObject",
    "DeleteObjectTagging",
    "DeleteObjectVersion",
    "RestoreObject",
    "AbortMultipartUpload",
    "ListMultipartUploadParts",
    "ReplicateObject",
];

/// What the ARNs of a statement name in S3.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Names {
    Buckets,
    Objects,
}

pub(super) fn buckets_and_objects(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let Some(names) = s3_names(statement.resources()) else {
        return;
    };
    let (wrong, code) = match names {
        Names::Objects => (BUCKET.as_slice(), "bucket-action-on-objects"),
        Names::Buckets => (OBJECT.as_slice(), "object-action-on-bucket"),
    };
    let Some(resource) = statement.resources().first() else {
        return;
    };
    let arn = resource.value.as_str();
    for action in statement.actions() {
        let Some(name) = action.value.get(3..).filter(|_| starts_with_s3(&action.value)) else {
            continue;
        };
        // a pattern counts where it covers actions of the wrong sort and none of the right
        let right = if names == Names::Objects { OBJECT.as_slice() } else { BUCKET.as_slice() };
        let any = |list: &[&str]| list.iter().any(|known| covers(name, known));
        if !any(wrong) || any(right) {
            continue;
        }
        let bucket = arn.split('/').next().unwrap_or(arn);
        let written = &action.value;
        let diagnostic = match names {
            Names::Objects => Diagnostic::warning(
                code,
                action.span,
                format!("`{written}` works on the bucket, and the resource names only objects: nothing matches"),
            )
            .help(format!("add the bucket itself, `{bucket}`, to `Resource`")),
            Names::Buckets => Diagnostic::warning(
                code,
                action.span,
                format!("`{written}` works on objects, and the resource names only the bucket: nothing matches"),
            )
            .help(format!("add its objects, `{bucket}/*`, to `Resource`")),
        };
        let missing = if names == Names::Objects { bucket.to_owned() } else { format!("{bucket}/*") };
        let diagnostic = diagnostic.related(resource.span, "the resource");
        findings.push(match (&statement.resource, statement.resources().len()) {
            (Some(clause), 1) => {
                diagnostic.fix(format!("add `{missing}`"), add_entry(context.text, clause, resource, &missing))
            }
            _ => diagnostic,
        });
    }
}

fn starts_with_s3(action: &str) -> bool {
    action.get(..3).is_some_and(|service| service.eq_ignore_ascii_case("s3:"))
}

/// Whether every entry names buckets, or every entry names objects.
fn s3_names(resources: &[Spanned<String>]) -> Option<Names> {
    let mut all = None;
    for resource in resources {
        let arn = Arn::split(&resource.value)?;
        if arn.service != "s3" || !arn.region.is_empty() {
            return None;
        }
        let names = if arn.resource.contains('/') {
            Names::Objects
        } else if arn.resource.contains(['*', '?', '$']) {
            return None;
        } else {
            Names::Buckets
        };
        if *all.get_or_insert(names) != names {
            return None;
        }
    }
    all
}

pub(super) fn not_resource(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let Some(clause) = &statement.resource else {
        return;
    };
    if clause.polarity == Polarity::Not && statement.allows() && context.grants() {
        findings.push(
            Diagnostic::warning(
                "allow-not-resource",
                clause.span,
                "this allows the actions on every resource but the listed ones, future ones included",
            )
            .help("list what is allowed in `Resource`; to keep something out, use `Deny`"),
        );
    }
}

pub(super) fn shapes(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let entries = statement.resource.iter().flat_map(|clause| &clause.entries);
    for entry in entries {
        let Some(arn) = Arn::split(&entry.value) else {
            continue;
        };
        if arn.service.bytes().any(|byte| byte.is_ascii_uppercase()) {
            let lower = arn.service.to_ascii_lowercase();
            let at = "arn:".len() + arn.partition.len() + 1;
            let place = part(context.text, entry, at, arn.service.len());
            let diagnostic = Diagnostic::warning(
                "arn-case",
                place,
                format!("no resource has the service `{}`: case matters in ARNs", arn.service),
            )
            .help(format!("write `{lower}`"));
            findings.push(if place.of(context.text) == arn.service {
                diagnostic.fix(format!("replace with `{lower}`"), vec![(place, lower)])
            } else {
                diagnostic
            });
        }
        let word = arn.resource.split('/').next().unwrap_or("");
        if arn.service == "iam" && word != "*" && word.contains(['*', '?']) && !word.contains('$') {
            findings.push(
                Diagnostic::warning(
                    "resource-type-wildcard",
                    entry.span,
                    format!("`{word}` has a wildcard where the sort of resource stands"),
                )
                .help("write it out: `user/*`, `role/*`, `policy/*`"),
            );
        }
        let open = arn.service == "s3"
            && arn.region.is_empty()
            && arn.resource.len() > 1
            && arn.resource.ends_with('*')
            && !arn.resource.contains('/')
            // A bucket and a path in it.
            && !arn.resource.starts_with("${transfer:HomeDirectory}");
        if open {
            let name = arn.resource.trim_end_matches('*');
            findings.push(
                Diagnostic::info(
                    "bucket-prefix",
                    entry.span,
                    format!("this names every bucket whose name starts with `{name}`, and all their objects"),
                )
                .help(format!("for the objects of one bucket write `arn:{}:s3:::{name}/*`", arn.partition)),
            );
        }
    }
}
