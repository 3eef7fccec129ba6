//! Principals.

use policy::arn::{Arn, is_account_id};

use super::{About, GUIDE, Words};

pub(super) fn principal(about: &About<'_>, kind: &str, written: &str) -> Words {
    let mut words = Words::new(written);
    words.say(describe(kind, written));
    words.link = Some(format!("{GUIDE}reference_policies_elements_principal.html"));
    if let Some(value) = about.trace.as_ref().and_then(|trace| trace.value(about.offset())) {
        let fallback = if value.matches { "names who asks" } else { "does not name who asks" };
        words.here(value.matches, value.message.as_deref().unwrap_or(fallback));
    }
    words
}

fn describe(kind: &str, written: &str) -> String {
    let Some(arn) = Arn::split(written) else {
        return match kind {
            _ if written == "*" => {
                "Everyone, also callers without an AWS account. Conditions can narrow it down.".to_owned()
            }
            "AWS" if is_account_id(written) => {
                "The account: everyone in it whom the account's own policies allow it. The same as the ARN of its root."
                    .to_owned()
            }
            "Service" => "An AWS service that calls for you, or takes on the role.".to_owned(),
            "Federated" => "An identity provider: people who signed in there.".to_owned(),
            "CanonicalUser" => "An account, by its canonical id.".to_owned(),
            _ => String::new(),
        };
    };
    let (what, name) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
    let account = arn.account;
    match (arn.service, what) {
        ("iam", "root") => format!(
            "The account `{account}`: everyone in it whom the account's own policies allow it, not only its root user."
        ),
        ("iam", "user") => format!("The user `{name}` of account `{account}`."),
        ("iam", "role") => {
            format!(
                "The role `{name}` of account `{account}`: all its sessions. IAM keeps the role's id, so a role made anew under this name is another one."
            )
        }
        ("iam", "oidc-provider" | "saml-provider") => {
            format!("The identity provider `{name}` of account `{account}`: people who signed in there.")
        }
        ("sts", "assumed-role") => match name.split_once('/') {
            Some((role, session)) => {
                format!("The one session `{session}` of the role `{role}` of account `{account}`.")
            }
            None => String::new(),
        },
        ("sts", "federated-user") => format!("The federated user `{name}` of account `{account}`."),
        _ => String::new(),
    }
}
