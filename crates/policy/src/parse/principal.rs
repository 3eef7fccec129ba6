//! `Principal` and `NotPrincipal`: `"*"`, or an object of `AWS`, `Service`, `Federated`, `CanonicalUser`.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use super::element::list;
use super::{Reader, nearest};
use crate::arn::{Arn, is_account_id};
use crate::json::{Property, Value};
use crate::template;
use crate::{Diagnostic, PolicyKind, PrincipalEntry, PrincipalType, ResourceType, Spanned};

const TYPES: [(&str, PrincipalType); 4] = [
    ("AWS", PrincipalType::Aws),
    ("Service", PrincipalType::Service),
    ("Federated", PrincipalType::Federated),
    ("CanonicalUser", PrincipalType::CanonicalUser),
];

/// What IAM says to principals it cannot read.
const INVALID: &str = "Invalid principal in policy";

impl Reader<'_> {
    pub(super) fn principals(&mut self, property: &Property) -> Vec<PrincipalEntry> {
        let node = &property.node;
        let mut entries = Vec::new();
        match &node.value {
            Value::String(text) if text == "*" => entries.push(PrincipalEntry {
                principal_type: PrincipalType::Everyone,
                value: text.clone(),
                span: node.span,
            }),
            Value::String(text) => {
                let written = Spanned::new(text.clone(), node.span);
                self.bare_principal(&written, &property.key);
            }
            Value::Object(properties) => {
                for property in properties {
                    self.principals_of_type(property, &mut entries);
                }
            }
            // an empty list is saved
            Value::Array(items) if items.is_empty() => {}
            _ => self.wrong_type(
                node,
                &format!("`{}`", property.key),
                "`\"*\"` or an object such as `{\"AWS\": \"111122223333\"}`",
            ),
        }
        let holds_nothing = match &node.value {
            Value::Object(properties) => properties
                .iter()
                .all(|property| matches!(&property.node.value, Value::Array(items) if items.is_empty())),
            Value::Array(items) => items.is_empty(),
            _ => false,
        };
        if holds_nothing {
            self.push(
                Diagnostic::warning("empty-principal", node.span, format!("`{}` names nobody", property.key))
                    .help("name someone, or remove the statement"),
            );
        }
        if self.kind == PolicyKind::Rcp {
            self.rcp_principals(&entries);
        }
        entries
    }

    fn principals_of_type(&mut self, property: &Property, entries: &mut Vec<PrincipalEntry>) {
        let key = property.key.as_str();
        let known = TYPES.iter().find(|(name, _)| *name == key);
        let Some((_, principal_type)) = known else {
            let names = TYPES.map(|(name, _)| name);
            let mut diagnostic = Diagnostic::error(
                "unknown-principal-type",
                property.key_span,
                format!("unknown type of principal `{key}`"),
            )
            .aws(INVALID);
            diagnostic = match nearest(key, names) {
                Some(name) => diagnostic
                    .help(format!("did you mean `{name}`?"))
                    .fix(format!("replace with `{name}`"), vec![(property.key_span, format!("\"{name}\""))]),
                None => diagnostic.help(format!("known are {}", list(&names))),
            };
            return self.push(diagnostic);
        };
        for entry in self.strings(&property.node, &format!("`{key}`")) {
            self.check_principal(*principal_type, &entry);
            entries.push(PrincipalEntry { principal_type: *principal_type, value: entry.value, span: entry.span });
        }
    }

    /// A bare string other than `*`.
    fn bare_principal(&mut self, written: &Spanned<String>, element: &str) {
        let text = &written.value;
        let key = if is_provider(text) {
            Some("Federated")
        } else if text.starts_with("arn:") || is_account_id(text) {
            Some("AWS")
        } else if is_service_name(text) {
            Some("Service")
        } else {
            None
        };
        let diagnostic = Diagnostic::error(
            "invalid-principal",
            written.span,
            format!("`{element}` is `\"*\"` or an object, not `{text}`"),
        )
        .aws(INVALID);
        self.push(match key {
            Some(key) => diagnostic.help(format!("write `{{\"{key}\": \"{text}\"}}`")).fix(
                format!("wrap in `{{\"{key}\": …}}`"),
                vec![(written.span, format!("{{\"{key}\": {}}}", written.span.of(self.text)))],
            ),
            None => diagnostic.help("such as `{\"AWS\": \"arn:aws:iam::111122223333:user/alice\"}`"),
        });
    }

    fn check_principal(&mut self, principal_type: PrincipalType, entry: &Spanned<String>) {
        let text = entry.value.as_str();
        if principal_type == PrincipalType::Aws && text == "*" {
            return;
        }
        if template::has_variable(text) {
            self.push(
                Diagnostic::error("principal-variable", entry.span, "policy variables do not work in principals")
                    .help("name the principal, or use `\"*\"` with a condition on `aws:PrincipalArn` or a tag")
                    .aws(INVALID),
            );
            return;
        }
        if text.contains(['*', '?']) {
            let help = match principal_type {
                PrincipalType::Aws => {
                    "write `{\"AWS\": \"*\"}`, or the account, with a condition `ArnLike` on `aws:PrincipalArn`"
                }
                _ => "name each one",
            };
            self.push(
                Diagnostic::error(
                    "principal-wildcard",
                    entry.span,
                    format!("`{text}`: wildcards do not work inside a principal"),
                )
                .help(help)
                .aws(INVALID),
            );
            return;
        }
        match principal_type {
            PrincipalType::Aws => self.check_aws_principal(entry),
            PrincipalType::Service => self.check_service(entry),
            PrincipalType::Federated => self.check_federated(entry),
            PrincipalType::CanonicalUser | PrincipalType::Everyone => {}
        }
    }

    fn check_aws_principal(&mut self, entry: &Spanned<String>) {
        let text = entry.value.as_str();
        let invalid = |message: String, help: &str| {
            Diagnostic::error("invalid-principal", entry.span, message).help(help).aws(INVALID)
        };
        if is_unique_id(text) {
            self.push(
                Diagnostic::warning(
                    "principal-unique-id",
                    entry.span,
                    format!("`{text}` is the id of a user or role, not its ARN"),
                )
                .help("IAM shows ids where the user or role was deleted: nobody matches; write the ARN of the new one"),
            );
            return;
        }
        let Some(arn) = Arn::split(text) else {
            if is_account_id(text) {
                return;
            }
            let finding = if is_service_name(text) {
                invalid(format!("`{text}` is a service, not an AWS account, user or role"), "write it under `Service`")
            } else if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
                invalid(
                    format!("`{text}` is no account id: it has {} digits", text.len()),
                    "account ids have twelve digits, leading zeros included",
                )
            } else {
                invalid(
                    format!("`{text}` is no principal"),
                    "write an account id, or the ARN of a user, role or session, such as `arn:aws:iam::111122223333:user/alice`",
                )
            };
            return self.push(finding);
        };
        let kind = arn.resource.split('/').next().unwrap_or("");
        let finding = match (arn.service, kind) {
            ("iam", "group") => invalid(
                format!("`{text}` is a group, and groups are no principals"),
                "name its users, or attach an identity-based policy to the group",
            ),
            ("iam", "saml-provider" | "oidc-provider") => {
                invalid(format!("`{text}` is an identity provider"), "write it under `Federated`")
            }
            ("iam", "root") if arn.resource == "root" => return,
            ("iam", "user" | "role") | ("sts", "assumed-role" | "federated-user")
                if arn.resource.len() > kind.len() + 1 =>
            {
                return;
            }
            _ => invalid(
                format!("`{text}` is no principal"),
                "principals are accounts (`…:root`), users (`…:user/NAME`), roles (`…:role/NAME`) and sessions (`arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`)",
            ),
        };
        self.push(finding);
    }

    fn check_service(&mut self, entry: &Spanned<String>) {
        let text = entry.value.as_str();
        if is_service_name(text) {
            return;
        }
        let diagnostic = Diagnostic::warning(
            "unknown-service-principal",
            entry.span,
            format!("`{text}` does not look like a service principal"),
        );
        let short = !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let meant = cfg!(feature = "lints").then(|| with_suffix_mended(text)).flatten();
        self.push(if let Some(meant) = meant {
            diagnostic
                .help(format!("did you mean `{meant}`?"))
                .fix(format!("replace with `{meant}`"), vec![(entry.span, format!("\"{meant}\""))])
        } else if short {
            diagnostic.help(format!("did you mean `{text}.amazonaws.com`?")).fix(
                format!("replace with `{text}.amazonaws.com`"),
                vec![(entry.span, format!("\"{text}.amazonaws.com\""))],
            )
        } else {
            diagnostic.help("service principals look like `lambda.amazonaws.com`")
        });
    }

    fn check_federated(&mut self, entry: &Spanned<String>) {
        const BUILT_IN: [&str; 4] =
            ["accounts.google.com", "cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com"];
        let text = entry.value.as_str();
        if !is_provider(text) && !BUILT_IN.contains(&text) {
            self.push(
                Diagnostic::warning(
                    "unknown-identity-provider",
                    entry.span,
                    format!("`{text}` is no identity provider"),
                )
                .help("write the ARN of a SAML or OIDC provider, such as `arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com`"),
            );
        } else if self.kind != PolicyKind::Resource(ResourceType::Role) {
            self.push(
                Diagnostic::warning(
                    "federated-outside-trust",
                    entry.span,
                    format!("identity providers have no effect in {}", self.kind.name_with_article()),
                )
                .help("they assume a role first, by its trust policy: name the role here"),
            );
        }
    }

    fn rcp_principals(&mut self, entries: &[PrincipalEntry]) {
        for entry in entries.iter().filter(|entry| entry.value != "*") {
            self.push(
                Diagnostic::error(
                    "rcp-principal",
                    entry.span,
                    "the principal of a resource control policy is always `\"*\"`",
                )
                .help("write `\"Principal\": \"*\"`, and narrow with conditions such as `aws:PrincipalOrgID`"),
            );
        }
    }
}

/// Whether `text` is the ARN of an identity provider that IAM knows.
fn is_provider(text: &str) -> bool {
    let kinds = ["saml-provider/", "oidc-provider/"];
    Arn::split(text).is_some_and(|arn| arn.service == "iam" && kinds.iter().any(|kind| arn.resource.starts_with(kind)))
}

/// `lambda.amazonaws.com`, `states.eu-west-1.amazonaws.com.cn`, …
fn is_service_name(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    (text.ends_with(".amazonaws.com")
        || text.ends_with(".amazonaws.com.cn")
        || text.ends_with(".amazon.com")
        || text.ends_with(".aws.internal")
        || text.ends_with(".aws.dev"))
        && text.bytes().all(word)
}

/// `ec2.amazonaws.com` for `ec2.amazonaws.co`: the name of a service whose end alone is misspelt.
fn with_suffix_mended(text: &str) -> Option<String> {
    text.match_indices('.').find_map(|(at, _)| {
        let (name, end) = (text.get(..at)?, text.get(at + 1..)?);
        let meant = match nearest(end, ["amazonaws", "amazonaws.com", "amazonaws.com.cn"])? {
            "amazonaws" => "amazonaws.com",
            other => other,
        };
        Some(format!("{name}.{meant}")).filter(|meant| !name.is_empty() && is_service_name(meant))
    })
}

/// `AIDA…`, `AROA…`: what is shown in place of the ARN of a deleted user or role.
fn is_unique_id(text: &str) -> bool {
    text.len() >= 16
        && (text.starts_with("AIDA") || text.starts_with("AROA"))
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}
