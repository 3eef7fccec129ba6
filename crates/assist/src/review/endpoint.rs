//! Wildcards that policies of VPC endpoints may not have.
//! <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html>

use policy::arn::Arn;
use policy::template::{Part, split};
use policy::{Base, Diagnostic, PolicyKind, Statement};
use reference::Review;

use super::actions::part;
use super::{MOST, Scope};

/// So many characters must be written out beside a wildcard.
const WRITTEN_OUT: usize = 6;

pub(super) fn wildcards<'p, 'r>(
    scope: &mut Scope<'p, 'r>,
    statement: &'p Statement,
    _: &Review<'p, 'r>,
    found: &mut Vec<Diagnostic>,
) {
    if scope.kind != PolicyKind::VpcEndpoint {
        return;
    }
    for entry in statement.resource.iter().flat_map(|clause| &clause.entries).take(MOST) {
        let Some(account) = Arn::split(&entry.value).map(|arn| arn.account) else {
            continue;
        };
        if account.contains(['*', '?']) && account.bytes().any(|byte| byte.is_ascii_digit()) {
            let rest = entry.value.splitn(6, ':').nth(5).unwrap_or("");
            let at = entry.value.len() - rest.len() - 1 - account.len();
            found.push(
                Diagnostic::warning(
                    "endpoint-wildcard",
                    part(scope.text, entry, at, account),
                    format!("`{account}` is neither an account id nor a wildcard: in the policy of an endpoint the account of an ARN is one or the other"),
                )
                .help("write all twelve digits, or `*`"),
            );
        }
    }
    let patterns = statement.conditions.iter().filter(|condition| {
        condition.operator.is_some_and(|operator| matches!(operator.base, Base::StringLike | Base::StringNotLike))
    });
    for value in patterns.flat_map(|condition| &condition.values).take(MOST) {
        let text = value.text.as_str();
        let variable = split(text).any(|part| !matches!(part, Part::Text(_)));
        let written = text.chars().filter(|c| !matches!(c, '*' | '?')).count();
        if text.contains(['*', '?']) && !variable && written < WRITTEN_OUT {
            found.push(
                Diagnostic::warning(
                    "endpoint-wildcard",
                    value.span,
                    format!("`{text}` has too little beside its wildcard for the policy of an endpoint"),
                )
                .help("write out six characters at least; to ask whether the key is there at all, use `Null`"),
            );
        }
    }
}
