//! The key `aws:MultiFactorAuthPresent`, which requests signed with access keys do not have.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent>

use super::{Context, replace_operator};
use crate::parse::Findings;
use crate::{Base, Diagnostic, Statement};

pub(super) fn multi_factor(_: Context<'_>, statement: &Statement, findings: &mut Findings) {
    for condition in statement.on_key("aws:multifactorauthpresent") {
        let Some(operator) = condition.operator else {
            continue;
        };
        let place = condition.operator_name.span;
        match (operator.base, operator.if_exists) {
            (Base::Bool, false) if statement.denies() && condition.holds("false") => {
                findings.push(replace_operator(
                    Diagnostic::warning(
                        "deny-without-mfa",
                        place,
                        "this does not deny requests signed with access keys: they have no `aws:MultiFactorAuthPresent`",
                    )
                    .help("use `BoolIfExists`, which holds where the key is absent"),
                    condition,
                    "BoolIfExists",
                ));
            }
            (Base::Bool, true) if statement.allows() && condition.holds("true") => {
                findings.push(replace_operator(
                    Diagnostic::warning(
                        "allow-without-mfa",
                        place,
                        "this allows requests signed with access keys without any MFA: `IfExists` holds where the key is absent",
                    )
                    .help("use `Bool`"),
                    condition,
                    "Bool",
                ));
            }
            (Base::Null, _) => findings.push(
                Diagnostic::warning(
                    "null-as-mfa",
                    place,
                    "that the key exists does not prove MFA: it is there, as `false`, for every temporary credential",
                )
                .help("test its value: `\"Bool\": {\"aws:MultiFactorAuthPresent\": \"true\"}`"),
            ),
            _ => {}
        }
    }
}
