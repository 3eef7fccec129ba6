//! Statements: which elements they must, may and must not have, by kind of policy.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html>

use super::element::Elements;
use super::{Reader, SYNTAX};
use crate::json::{Node, Property, Value};
use crate::seen::Seen;
use crate::{Clause, Diagnostic, Effect, Polarity, PolicyKind, ResourceType, Severity, Span, Spanned, Statement};

const ELEMENTS: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

#[derive(PartialEq, Eq)]
enum Need {
    Required,
    Optional,
    Forbidden,
}

impl Reader<'_> {
    /// One object or a non-empty array of objects.
    pub(super) fn statements(&mut self, property: &Property) -> Vec<Statement> {
        let node = &property.node;
        let statements: Vec<_> = match &node.value {
            Value::Object(_) => vec![self.statement(node)],
            Value::Array(items) => items.iter().map(|item| self.statement(item)).collect(),
            _ => {
                self.wrong_type(node, "`Statement`", "an object `{ }` or an array of objects");
                return Vec::new();
            }
        };
        if statements.is_empty() {
            self.push(
                Diagnostic::error("empty-statement", node.span, "the policy has no statements")
                    .help("add one, or detach the policy: it says nothing")
                    .aws(SYNTAX),
            );
        }
        self.unique_sids(&statements);
        statements
    }

    /// An entry that is no object is kept as an empty statement, so that the others keep their numbers.
    fn statement(&mut self, node: &Node) -> Statement {
        let mut statement = Statement {
            span: node.span,
            sid: None,
            effect: None,
            principal: None,
            action: None,
            resource: None,
            conditions: Vec::new(),
            condition_span: None,
        };
        let Some(elements) = self.elements(node, "a statement", &ELEMENTS) else {
            return statement;
        };
        statement.sid = elements.get("Sid").and_then(|property| self.sid(property));
        statement.effect = self.effect(node, &elements);
        statement.principal = self.principal_clause(node, &elements);
        statement.action = self.action_clause(node, &elements);
        statement.resource = self.resource_clause(node, &elements);
        if let Some(property) = elements.get("Condition") {
            statement.condition_span = Some(property.span());
            statement.conditions = self.conditions(&property.node);
        }
        if self.kind == PolicyKind::Rcp {
            self.rcp_statement(&statement);
        }
        statement
    }

    fn sid(&mut self, property: &Property) -> Option<Spanned<String>> {
        let sid = self.string(&property.node, "`Sid`")?;
        let severity = match self.kind {
            PolicyKind::Resource(ResourceType::Role)
            | PolicyKind::Identity
            | PolicyKind::PermissionsBoundary
            | PolicyKind::Session => Severity::Error,
            PolicyKind::Scp | PolicyKind::Rcp => Severity::Warning,
            // KMS, S3 and others take spaces and more
            PolicyKind::Resource(_) | PolicyKind::VpcEndpoint => return Some(sid),
        };
        if sid.value.bytes().any(|byte| !byte.is_ascii_alphanumeric()) {
            let mut diagnostic = Diagnostic::new(
                "invalid-sid",
                severity,
                sid.span,
                format!("the `Sid` `{}` has characters other than letters and digits", sid.value),
            )
            .aws("Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*");
            let plain: String = sid.value.chars().filter(char::is_ascii_alphanumeric).collect();
            if !plain.is_empty() {
                diagnostic = diagnostic
                    .help(format!("write `{plain}`"))
                    .fix(format!("replace with `{plain}`"), vec![(sid.span, format!("\"{plain}\""))]);
            }
            self.push(diagnostic);
        }
        Some(sid)
    }

    fn unique_sids(&mut self, statements: &[Statement]) {
        // in S3, KMS and others the service decides
        let severity = match self.kind {
            PolicyKind::Resource(ResourceType::Role) => Severity::Error,
            PolicyKind::Resource(_) | PolicyKind::VpcEndpoint => Severity::Warning,
            _ => Severity::Error,
        };
        let mut seen = Seen::default();
        let sid = |number: usize| statements.get(number)?.sid.as_ref().filter(|sid| !sid.value.is_empty());
        for (number, sid_here) in (0..statements.len()).filter_map(|number| Some((number, sid(number)?))) {
            if let Some(first) = seen.before(&sid_here.value, number).and_then(sid) {
                self.push(
                    Diagnostic::new(
                        "duplicate-sid",
                        severity,
                        sid_here.span,
                        format!("two statements have the `Sid` `{}`", sid_here.value),
                    )
                    .help("a `Sid` names one statement of the policy: change or remove one of them")
                    .related(first.span, "first used here")
                    .aws("Statement IDs (SID) in a single policy must be unique."),
                );
            }
        }
    }

    fn effect(&mut self, node: &Node, elements: &Elements<'_>) -> Option<Spanned<Effect>> {
        let Some(property) = elements.get("Effect") else {
            if !elements.suggested("Effect") {
                self.missing(
                    "missing-effect",
                    node,
                    "the statement has no `Effect`",
                    "add `\"Effect\": \"Allow\"` or `\"Effect\": \"Deny\"`",
                    SYNTAX,
                );
            }
            return None;
        };
        let written = self.string(&property.node, "`Effect`")?;
        match written.value.as_str() {
            "Allow" => return Some(Spanned::new(Effect::Allow, written.span)),
            "Deny" => return Some(Spanned::new(Effect::Deny, written.span)),
            _ => {}
        }
        let mut diagnostic =
            Diagnostic::error("invalid-effect", written.span, format!("`{}` is no effect", written.value));
        let meant = ["Allow", "Deny"].into_iter().find(|effect| effect.eq_ignore_ascii_case(&written.value));
        diagnostic = match meant {
            Some(effect) => diagnostic
                .help(format!("write `{effect}`: case matters here"))
                .aws(LEGACY)
                .fix(format!("replace with `{effect}`"), vec![(written.span, format!("\"{effect}\""))]),
            None => diagnostic.help("write `Allow` or `Deny`").aws(SYNTAX),
        };
        self.push(diagnostic);
        None
    }

    /// The element in its plain or its `Not` form. Both is an error, and the plain form is read.
    fn either<'n>(&mut self, elements: &Elements<'n>, plain: &str, not: &str) -> Option<(Polarity, &'n Property)> {
        match (elements.get(plain), elements.get(not)) {
            (Some(is), Some(is_not)) => {
                self.push(
                    Diagnostic::error(
                        "unsupported-combination",
                        is_not.key_span,
                        format!("a statement has `{plain}` or `{not}`, never both"),
                    )
                    .help("keep one, or split the statement in two")
                    .related(is.key_span, format!("`{plain}` is here"))
                    .aws(SYNTAX),
                );
                Some((Polarity::Is, is))
            }
            (Some(property), None) => Some((Polarity::Is, property)),
            (None, Some(property)) => Some((Polarity::Not, property)),
            (None, None) => None,
        }
    }

    fn principal_clause(&mut self, node: &Node, elements: &Elements<'_>) -> Option<Clause<crate::PrincipalEntry>> {
        let found = self.either(elements, "Principal", "NotPrincipal");
        let Some((polarity, property)) = found else {
            let suggested = elements.suggested("Principal") || elements.suggested("NotPrincipal");
            if self.kind.has_principal() && !suggested {
                self.missing(
                    "missing-principal",
                    node,
                    &format!("a statement of {} needs a `Principal`", self.kind.name_with_article()),
                    "say who the statement is about: `\"Principal\": {\"AWS\": \"111122223333\"}`, or `\"*\"` for everyone",
                    "Missing required field Principal",
                );
            }
            return None;
        };
        if !self.kind.has_principal() {
            self.forbidden(
                property,
                "it holds for whoever it is attached to; who may use a resource is said in the resource's own policy",
            );
        } else if polarity == Polarity::Not
            && matches!(self.kind, PolicyKind::Rcp | PolicyKind::Resource(ResourceType::Role))
        {
            self.forbidden(property, "use `Principal` with a condition such as `ArnNotEquals` on `aws:PrincipalArn`");
        }
        Some(Clause { polarity, span: property.span(), entries: self.principals(property) })
    }

    fn action_clause(&mut self, node: &Node, elements: &Elements<'_>) -> Option<Clause<Spanned<String>>> {
        const MUST: &str = "Policy statement must contain actions.";
        let Some((polarity, property)) = self.either(elements, "Action", "NotAction") else {
            if !elements.suggested("Action") && !elements.suggested("NotAction") {
                self.missing(
                    "missing-action",
                    node,
                    "the statement has no `Action`",
                    "add `\"Action\": \"service:Name\"`, such as `s3:GetObject`",
                    MUST,
                );
            }
            return None;
        };
        if polarity == Polarity::Not && self.kind == PolicyKind::Rcp {
            self.forbidden(property, "list the actions in `Action`");
        }
        let clause = self.clause(polarity, property);
        if is_empty_array(&property.node) {
            self.empty("empty-action", property, MUST);
        }
        for action in &clause.entries {
            self.check_action(action);
        }
        Some(clause)
    }

    fn resource_clause(&mut self, node: &Node, elements: &Elements<'_>) -> Option<Clause<Spanned<String>>> {
        const MUST: &str = "Policy statement must contain resources.";
        let need = match self.kind {
            PolicyKind::Resource(ResourceType::Role) => Need::Forbidden,
            PolicyKind::Resource(ResourceType::Other) | PolicyKind::Scp | PolicyKind::VpcEndpoint => Need::Optional,
            _ => Need::Required,
        };
        let Some((polarity, property)) = self.either(elements, "Resource", "NotResource") else {
            let suggested = elements.suggested("Resource") || elements.suggested("NotResource");
            if need == Need::Required && !suggested {
                self.missing(
                    "missing-resource",
                    node,
                    "the statement has no `Resource`",
                    "add the ARN of what it is about, such as `arn:aws:s3:::my-bucket/*`, or `\"*\"`",
                    MUST,
                );
            }
            return None;
        };
        if need == Need::Forbidden {
            self.forbidden(property, "the resource of a trust policy is the role it belongs to");
        }
        let clause = self.clause(polarity, property);
        if is_empty_array(&property.node) {
            self.empty("empty-resource", property, MUST);
        }
        for resource in &clause.entries {
            self.check_resource(resource);
        }
        Some(clause)
    }

    fn clause(&mut self, polarity: Polarity, property: &Property) -> Clause<Spanned<String>> {
        Clause {
            polarity,
            span: property.span(),
            entries: self.strings(&property.node, &format!("`{}`", property.key)),
        }
    }

    fn missing(&mut self, code: &'static str, node: &Node, message: &str, help: &str, aws: &str) {
        // the whole statement would be too much to underline: its opening brace
        let brace = Span { start: node.span.start, end: node.span.start.saturating_add(1) };
        self.push(Diagnostic::error(code, brace, message).help(help).aws(aws));
    }

    fn empty(&mut self, code: &'static str, property: &Property, aws: &str) {
        self.push(
            Diagnostic::error(code, property.node.span, format!("`{}` is empty", property.key))
                .help("name at least one, or remove the statement")
                .aws(aws),
        );
    }

    /// An element that this kind of policy must not have.
    pub(super) fn forbidden(&mut self, property: &Property, help: &str) {
        self.push(
            Diagnostic::error(
                "unsupported-element",
                property.key_span,
                format!("{} has no `{}`", self.kind.name_with_article(), property.key),
            )
            .help(help)
            .aws(format!("Has prohibited field {}", property.key)),
        );
    }

    /// RCPs only deny, but for the one that AWS attaches everywhere.
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html>
    fn rcp_statement(&mut self, statement: &Statement) {
        let star = |clause: &Option<Clause<Spanned<String>>>| {
            clause.as_ref().is_some_and(|clause| {
                clause.polarity == Polarity::Is && clause.entries.iter().any(|entry| entry.value == "*")
            })
        };
        let full_access = star(&statement.action) && star(&statement.resource) && statement.conditions.is_empty();
        let allow = statement.effect.as_ref().filter(|effect| effect.value == Effect::Allow);
        match (allow, &statement.action) {
            (Some(_), _) if full_access => {}
            (Some(effect), _) => {
                self.push(Diagnostic::error("rcp-allow", effect.span, "a resource control policy only denies").help(
                    "write `Deny`; what is not denied is let through by `RCPFullAWSAccess`, which is always attached",
                ))
            }
            (None, Some(action)) if star(&statement.action) => self.push(
                Diagnostic::error(
                    "rcp-bare-wildcard",
                    action.span,
                    "a resource control policy must name the service of each action",
                )
                .help("such as `s3:*`, `sts:*`, `kms:*`, `sqs:*`, `secretsmanager:*`"),
            ),
            _ => {}
        }
    }
}

/// What IAM says to what its older parser does not take.
pub(super) const LEGACY: &str = "The policy failed legacy parsing";

fn is_empty_array(node: &Node) -> bool {
    matches!(&node.value, Value::Array(items) if items.is_empty())
}
