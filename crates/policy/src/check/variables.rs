//! Policy variables: where they work, and how they are written.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use super::Context;
use crate::parse::{Findings, part};
use crate::template::{Part, has_variable, split};
use crate::{Diagnostic, Document, Span, Spanned, Statement, Version};

/// Under the older version of the language a variable is plain text.
pub(super) fn version(context: Context<'_>, findings: &mut Findings) {
    if context.document.version == Version::V2012 {
        return;
    }
    let Some((text, span)) = first_variable(context.document) else {
        return;
    };
    let diagnostic = Diagnostic::warning(
        "variable-needs-version",
        span,
        format!("`{text}` is plain text here: policy variables need the version `2012-10-17`"),
    );
    findings.push(match &context.document.version_element {
        Some(version) => diagnostic
            .help("write `\"Version\": \"2012-10-17\"`")
            .related(version.span, "the version in force")
            .fix("use the version `2012-10-17`", vec![(version.span, "\"2012-10-17\"".to_owned())]),
        None => {
            let diagnostic = diagnostic.help("add `\"Version\": \"2012-10-17\"`");
            match context.text.find('{') {
                Some(brace) => diagnostic.fix(
                    "add the version `2012-10-17`",
                    vec![(Span::new(brace + 1, brace + 1), " \"Version\": \"2012-10-17\",".to_owned())],
                ),
                None => diagnostic,
            }
        }
    });
}

fn first_variable(document: &Document) -> Option<(&str, Span)> {
    document.statements.iter().find_map(|statement| {
        let resources = statement
            .resource
            .iter()
            .flat_map(|clause| &clause.entries)
            .map(|entry| (entry.value.as_str(), entry.span));
        let values = statement
            .conditions
            .iter()
            .filter(|condition| condition.operator.is_some_and(|operator| operator.base.variables()))
            .flat_map(|condition| &condition.values)
            .map(|value| (value.text.as_str(), value.span));
        resources.chain(values).find(|(text, _)| has_variable(text))
    })
}

pub(super) fn in_resources(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    if context.document.version != Version::V2012 {
        return;
    }
    for entry in statement.resource.iter().flat_map(|clause| &clause.entries) {
        malformed(context, entry, findings);
        let text = entry.value.as_str();
        let fifth = text.match_indices(':').nth(4).map_or(text.len(), |(at, _)| at);
        // a variable holds colons of its own: what counts is where it starts
        if let Some(at) = text.find("${").filter(|at| *at < fifth && text.starts_with("arn:")) {
            findings.push(
                Diagnostic::warning(
                    "variable-unsupported",
                    part(context.text, entry, at, 2),
                    "policy variables work only behind the fifth colon of an ARN: this is plain text",
                )
                .help("use `*`, with a condition on the key"),
            );
        }
    }
}

pub(super) fn in_values(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    if context.document.version != Version::V2012 {
        return;
    }
    let supported = statement
        .conditions
        .iter()
        .filter(|condition| condition.operator.is_some_and(|operator| operator.base.variables()));
    for value in supported.flat_map(|condition| &condition.values) {
        malformed(context, &Spanned::new(value.text.clone(), value.span), findings);
    }
}

/// `${` that follows no form of a variable.
fn malformed(context: Context<'_>, entry: &Spanned<String>, findings: &mut Findings) {
    if !has_variable(&entry.value) {
        return;
    }
    let mut at = 0;
    for part_of in split(&entry.value) {
        let length = match part_of {
            Part::Text(text) | Part::Malformed(text) | Part::Variable { text, .. } => text.len(),
            Part::Literal(c) => c.len_utf8() + 3,
        };
        if let Part::Malformed(text) = part_of {
            let what = match text {
                "${}" => "names no key",
                text if !text.ends_with('}') => "is not closed",
                text if text.contains(',') => "has a default without single quotes",
                _ => "is not the name of a key",
            };
            findings.push(
                Diagnostic::warning(
                    "malformed-variable",
                    part(context.text, entry, at, length),
                    format!("`{text}` {what}, and is taken as plain text"),
                )
                .help("write `${aws:username}`, or `${aws:PrincipalTag/team, 'default'}`"),
            );
        }
        at += length;
    }
}
