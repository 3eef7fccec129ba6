//! The key `aws:MultiFactorAuthPresent`, which requests signed with access keys do not have.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent>

use super::{Context, replace_operator as with_operator};
use crate::edit::{replace, replace_operator};
use crate::parse::Findings;
use crate::{Base, Diagnostic, Statement};

pub(super) fn multi_factor(_: Context<'_>, statement: &Statement, findings: &mut Findings) {
    for condition in statement.on_key("aws:multifactorauthpresent") {
        let Some(operator) = condition.operator.filter(|_| findings.has_room()) else {
            continue;
        };
        let place = condition.operator_name.span;
        match (operator.base, operator.if_exists) {
            (Base::Bool, false) if statement.denies() && condition.holds("false") => {
                findings.push(with_operator(
                    Diagnostic::warning(
                        "deny-without-mfa",
                        place,
                        "this does not deny requests signed with access keys: they have no `aws:MultiFactorAuthPresent`",
                    )
                    .help("use `BoolIfExists`, which holds where the key is absent"),
                    statement,
                    condition,
                    "BoolIfExists",
                ));
            }
            (Base::Bool, true) if statement.allows() && condition.holds("true") => {
                findings.push(with_operator(
                    Diagnostic::warning(
                        "allow-without-mfa",
                        place,
                        "this allows requests signed with access keys without any MFA: `IfExists` holds where the key is absent",
                    )
                    .help("use `Bool`"),
                    statement,
                    condition,
                    "Bool",
                ));
            }
            (Base::Null, _) => {
                let diagnostic = Diagnostic::warning(
                    "null-as-mfa",
                    place,
                    "that the key exists does not prove MFA: it is there, as `false`, for every temporary credential",
                )
                .help("test its value: `\"Bool\": {\"aws:MultiFactorAuthPresent\": \"true\"}`");
                let by = match condition.values.as_slice() {
                    [value] if statement.allows() && condition.holds("false") => Some(("Bool", "true", value)),
                    [value] if statement.denies() && condition.holds("true") => Some(("BoolIfExists", "false", value)),
                    _ => None,
                };
                findings.push(match by {
                    Some((operator, wanted, value)) => match replace_operator(statement, condition, operator) {
                        Some(mut edits) => {
                            edits.extend(replace(value.span, wanted));
                            diagnostic.fix(format!("test its value with `{operator}`"), edits)
                        }
                        None => diagnostic,
                    },
                    None => diagnostic,
                });
            }
            _ => {}
        }
    }
}
