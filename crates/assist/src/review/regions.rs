//! Regions that do not exist.

use policy::edit::replace;
use policy::{Diagnostic, Family, Span, Statement, nearest};
use reference::Review;

use super::{MOST, Scope};

/// The regions of all partitions.
/// <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>
const REGIONS: [&str; 45] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-isoe-west-1",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "me-west-1",
    "mx-central-1",
    "sa-east-1",
    "sa-west-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-west-1",
    "us-west-2",
];

/// Whether this is the name of a region.
pub(super) fn is_region(text: &str) -> bool {
    REGIONS.contains(&text)
}

/// A finding where `region` is none that is known. What is no word of letters, digits and `-` is left alone.
pub(super) fn unknown_region(place: Span, region: &str) -> Option<Diagnostic> {
    let word = !region.is_empty() && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !word || REGIONS.contains(&region) || region == "global" || region == "aws-global" {
        return None;
    }
    let finding = Diagnostic::warning("unknown-region", place, format!("`{region}` is no region that is known"));
    Some(match nearest(region, REGIONS) {
        Some(meant) => finding
            .help(format!("did you mean `{meant}`?"))
            .fix(format!("replace with `{meant}`"), vec![(place, meant.to_owned())]),
        None => finding.help("regions are written like `eu-west-1`"),
    })
}

/// The values that `aws:RequestedRegion` is compared with.
pub(super) fn values<'p, 'r>(
    scope: &mut Scope<'p, 'r>,
    statement: &'p Statement,
    _: &Review<'p, 'r>,
    found: &mut Vec<Diagnostic>,
) {
    let compared = statement.conditions.iter().filter(|condition| {
        let text = condition.operator.is_some_and(|operator| operator.base.family() == Family::String);
        text && ["aws:RequestedRegion", "ec2:Region"].iter().any(|key| condition.key.value.eq_ignore_ascii_case(key))
    });
    for value in compared.flat_map(|condition| &condition.values).take(MOST) {
        if let Some(mut finding) = unknown_region(value.span, &value.text) {
            // The whole string is replaced, quotes included.
            if let Some(fix) = finding.fix.as_mut().filter(|_| value.span.of(scope.text).starts_with('"')) {
                fix.edits = fix.edits.iter().flat_map(|(span, by)| replace(*span, by)).collect();
            }
            found.push(finding);
        }
    }
}
