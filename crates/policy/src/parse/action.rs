//! Entries of `Action` and `NotAction`: `service:Name`, or `*`.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>

use super::Reader;
use super::value::part;
use crate::{Diagnostic, PolicyKind, ResourceType, Spanned, template};

impl Reader<'_> {
    pub(super) fn check_action(&mut self, action: &Spanned<String>) {
        let text = action.value.as_str();
        if text == "*" || is_plain(text) && self.kind != PolicyKind::Resource(ResourceType::Role) {
            return;
        }
        if template::has_variable(text) {
            self.push(
                Diagnostic::warning(
                    "variable-unsupported",
                    action.span,
                    "policy variables do not work in actions: this is plain text",
                )
                .help("write the actions out, or use `*` and `?`"),
            );
            return;
        }
        let Some((service, name)) = text.split_once(':') else {
            return self.action_without_service(action);
        };
        if name.contains(':') {
            let help = if text.starts_with("arn:") {
                "this is an ARN: it belongs into `Resource`"
            } else {
                "an action is `service:Name`, such as `s3:GetObject`"
            };
            self.push(
                Diagnostic::error(
                    "action-with-two-colons",
                    action.span,
                    format!("the action `{text}` has more than one colon"),
                )
                .help(help)
                .aws("Actions/Condition can contain only one colon."),
            );
            return;
        }
        let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        if service != "*" && (service.is_empty() || !service.bytes().all(word)) {
            let mut diagnostic = Diagnostic::error(
                "invalid-action-service",
                part(self.text, action, 0, service.len()),
                format!("`{service}` is no service prefix"),
            )
            .aws(format!("Vendor {service} is not valid"));
            diagnostic = if service.contains(['*', '?']) {
                diagnostic.help(
                    "wildcards stand behind the colon only, as in `s3:Get*`; before it a lone `*` means every service",
                )
            } else {
                diagnostic.help("it is letters, digits, `-` and `.`, such as `s3` in `s3:GetObject`")
            };
            self.push(diagnostic);
            return;
        }
        if name.is_empty() || name.contains(char::is_whitespace) {
            let what = if name.is_empty() { "no name" } else { "spaces" };
            let mut diagnostic =
                Diagnostic::error("invalid-action", action.span, format!("the action `{text}` has {what}"));
            let trimmed = name.trim();
            diagnostic = if !trimmed.is_empty() && !trimmed.contains(char::is_whitespace) {
                diagnostic
                    .help(format!("write `{service}:{trimmed}`"))
                    .fix("remove the spaces", vec![(action.span, format!("\"{service}:{trimmed}\""))])
            } else {
                diagnostic.help(format!("such as `{service}:*` for every action of the service"))
            };
            self.push(diagnostic);
            return;
        }
        if self.kind == PolicyKind::Resource(ResourceType::Role) {
            self.check_trust_action(action, service, name);
        }
    }

    fn action_without_service(&mut self, action: &Spanned<String>) {
        let text = action.value.as_str();
        let diagnostic = Diagnostic::error(
            "action-without-service",
            action.span,
            if text.is_empty() {
                "the action is empty".to_owned()
            } else {
                format!("the action `{text}` does not say of which service")
            },
        )
        .aws("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
        let other = text.split_once(['.', '/', '_', ';']).filter(|(service, name)| {
            service.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
                && name.starts_with(|c: char| c.is_ascii_uppercase() || c == '*')
                && !service.is_empty()
        });
        let diagnostic = match other {
            Some((service, name)) => diagnostic
                .help(format!("between service and name stands a colon: `{service}:{name}`"))
                .fix(format!("replace with `{service}:{name}`"), vec![(action.span, format!("\"{service}:{name}\""))]),
            None => {
                diagnostic.help("an action is `service:Name`, such as `s3:GetObject`; `*` alone means every action")
            }
        };
        self.push(diagnostic);
    }

    /// A trust policy is about assuming the role, nothing else.
    fn check_trust_action(&mut self, action: &Spanned<String>, service: &str, name: &str) {
        const TRUST: [&str; 6] = [
            "AssumeRole",
            "AssumeRoleWithSAML",
            "AssumeRoleWithWebIdentity",
            "TagSession",
            "SetSourceIdentity",
            "SetContext",
        ];
        let wildcard = name.contains(['*', '?']);
        let sts = service.eq_ignore_ascii_case("sts");
        if sts && (wildcard || TRUST.iter().any(|known| known.eq_ignore_ascii_case(name))) {
            return;
        }
        self.push(
            Diagnostic::warning(
                "trust-policy-action",
                action.span,
                format!("`{}` has no effect in a role trust policy", action.value),
            )
            .help("a trust policy says who may wear the role (`sts:AssumeRole`, `sts:TagSession`, …); what the role may do belongs into its permissions policies")
            .aws("AssumeRole policy may only specify STS AssumeRole actions."),
        );
    }
}

/// Whether an action is what most are: a service, a colon and a name, with nothing to be said of them.
fn is_plain(text: &str) -> bool {
    let mut colon = None;
    for (at, byte) in text.bytes().enumerate() {
        match (byte, colon) {
            (b':', None) if at > 0 => colon = Some(at),
            (b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.', _) | (b'*' | b'?' | b'_', Some(_)) => {}
            _ => return false,
        }
    }
    colon.is_some_and(|at| at + 1 < text.len())
}
