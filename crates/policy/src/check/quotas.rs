//! How long a policy may be.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>

use super::Context;
use crate::parse::Findings;
use crate::{Diagnostic, PolicyKind, ResourceType, Span};

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// Characters, white space aside.
    Dense,
    /// Characters.
    Characters,
    /// Bytes.
    Bytes,
}

pub(super) fn size(context: Context<'_>, findings: &mut Findings) {
    use Unit::{Bytes, Characters, Dense};
    let (limit, unit, remedy) = match context.kind {
        PolicyKind::Identity => (
            6_144,
            Dense,
            "split it: a user or role takes ten managed policies and more; inline, a role's policies may have 10,240 characters in all",
        ),
        PolicyKind::PermissionsBoundary => (6_144, Dense, "use wildcards to shorten it: there is one boundary only"),
        PolicyKind::Resource(ResourceType::Role) => (2_048, Dense, "shorten it, or ask AWS for up to 4,096"),
        PolicyKind::Session => (2_048, Characters, "shorten it, or pass managed policies by ARN"),
        PolicyKind::Scp => (10_240, Characters, "split it: ten policies may be attached"),
        PolicyKind::Rcp => (5_120, Characters, "split it"),
        PolicyKind::VpcEndpoint => (20_480, Characters, "shorten it"),
        PolicyKind::Resource(ResourceType::Bucket) => {
            (20_480, Bytes, "shorten it, or give access through access points")
        }
        PolicyKind::Resource(ResourceType::Key) => (32_768, Bytes, "shorten it, or use grants"),
        PolicyKind::Resource(ResourceType::Other) => return,
    };
    // No text has more characters than bytes.
    if context.text.len() <= limit {
        return;
    }
    let size = match unit {
        Dense if context.text.is_ascii() => {
            context.text.bytes().filter(|byte| !matches!(byte, b'\t'..=b'\r' | b' ')).count()
        }
        Dense => context.text.chars().filter(|c| !c.is_whitespace()).count(),
        Characters => context.text.chars().count(),
        Bytes => context.text.len(),
    };
    if size > limit {
        let what = match unit {
            Dense => "characters without spaces",
            Characters => "characters",
            Bytes => "bytes",
        };
        findings.push(
            Diagnostic::warning(
                "policy-too-long",
                Span::new(0, 0),
                format!("the policy has {size} {what}; {} takes {limit}", context.kind.name_with_article()),
            )
            .help(remedy),
        );
    }
}
