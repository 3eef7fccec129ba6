//! Text to [`Document`]: the grammar, the elements each kind of policy takes, and what IAM refuses to save.
//!
//! One file an element. Every reader returns what it understood and leaves findings in [`Reader`].

mod action;
mod condition;
mod element;
mod principal;
mod resource;
mod statement;
mod value;

use crate::json::{self, Node, Property, Value};
use crate::nearest::nearest;
use crate::seen::Seen;
use crate::{Diagnostic, Document, PolicyKind, Severity, Span, Spanned, Version};
use element::Elements;
#[cfg(feature = "lints")]
pub(crate) use value::part;

/// What [`parse`] gives: the document as far as it was understood, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parsed {
    /// The document; empty where the text is no JSON object.
    pub document: Document,
    /// The findings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// Whether IAM would refuse to save the document.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Reads a policy document of the given kind.
pub fn parse(text: &str, kind: PolicyKind) -> Parsed {
    let mut reader = Reader { text, kind, findings: Findings::default() };
    let document = match json::parse(text) {
        Ok(root) => {
            reader.characters();
            reader.duplicate_keys(&root);
            let document = reader.document(&root);
            #[cfg(feature = "lints")]
            crate::check::run(text, kind, &document, &mut reader.findings);
            document
        }
        Err(error) => {
            reader.syntax_error(error);
            Document::default()
        }
    };
    Parsed { document, diagnostics: reader.findings.all }
}

/// So many properties are compared with each other.
const FEW: usize = 12;

/// What IAM says to most malformed documents.
const SYNTAX: &str = "Syntax errors in policy.";

/// The findings of one document in the order of the text, bounded: a text of megabytes that is wrong everywhere
/// gets some hundred errors, and warnings do not crowd out errors.
#[derive(Default)]
pub(crate) struct Findings {
    all: Vec<Diagnostic>,
    errors: usize,
}

impl Findings {
    const MOST: usize = 500;

    /// Sentences quote what was typed; what was typed may be megabytes.
    const LONGEST: usize = 4_000;

    /// Whether there is room for another warning: what would be dropped need not be made.
    #[cfg(feature = "lints")]
    pub(crate) fn has_room(&self) -> bool {
        self.all.len() - self.errors < Self::MOST
    }

    #[inline(never)]
    pub(crate) fn push(&mut self, mut diagnostic: Diagnostic) {
        let is_error = diagnostic.severity == Severity::Error;
        let others = self.all.len() - self.errors;
        if (if is_error { self.errors } else { others }) >= Self::MOST {
            return;
        }
        self.errors += usize::from(is_error);
        let sentences = [Some(&mut diagnostic.message), diagnostic.help.as_mut(), diagnostic.aws_message.as_mut()];
        for sentence in sentences.into_iter().flatten().filter(|sentence| sentence.len() > Self::LONGEST) {
            let end = (0..=Self::LONGEST).rev().find(|at| sentence.is_char_boundary(*at));
            sentence.truncate(end.unwrap_or(0));
            sentence.push('…');
        }
        let key = |diagnostic: &Diagnostic| (diagnostic.span.start, diagnostic.severity);
        let at = self.all.partition_point(|other| key(other) <= key(&diagnostic));
        self.all.insert(at, diagnostic);
    }
}

/// The state of reading one document.
struct Reader<'t> {
    text: &'t str,
    kind: PolicyKind,
    findings: Findings,
}

impl Reader<'_> {
    fn push(&mut self, diagnostic: Diagnostic) {
        self.findings.push(diagnostic);
    }

    fn syntax_error(&mut self, error: json::SyntaxError) {
        self.push(Diagnostic {
            code: "invalid-json",
            severity: Severity::Error,
            span: error.span,
            message: error.message,
            help: error.help,
            aws_message: Some(SYNTAX.to_owned()),
            related: error.related,
            fix: error.fix.map(|fix| *fix),
        });
    }

    fn document(&mut self, root: &Node) -> Document {
        let Some(elements) = self.elements(root, "a policy document", &["Version", "Id", "Statement"]) else {
            return Document::default();
        };
        let version_element = elements.get("Version").and_then(|property| self.string(&property.node, "`Version`"));
        let id = elements.get("Id").and_then(|property| {
            self.unsupported_id(property);
            self.string(&property.node, "`Id`")
        });
        let statement = elements.get("Statement");
        if statement.is_none() && !elements.suggested("Statement") {
            self.push(
                Diagnostic::error("missing-statement", root.span, "the policy has no `Statement`")
                    .help("add `\"Statement\": [{ \"Effect\": \"Allow\", … }]`")
                    .aws(SYNTAX),
            );
        }
        Document {
            version: self.version(root, version_element.as_ref(), &elements),
            version_element,
            id,
            statements: statement.map_or_else(Vec::new, |property| self.statements(property)),
        }
    }

    fn version(&mut self, root: &Node, written: Option<&Spanned<String>>, elements: &Elements<'_>) -> Version {
        const NEWEST: &str = "2012-10-17";
        let organization = matches!(self.kind, PolicyKind::Scp | PolicyKind::Rcp);
        let replace = |diagnostic: Diagnostic, span: Span| {
            diagnostic.fix(format!("replace with `{NEWEST}`"), vec![(span, format!("\"{NEWEST}\""))])
        };
        match written {
            Some(version) if version.value == NEWEST => Version::V2012,
            Some(version) if version.value == "2008-10-17" => {
                if organization {
                    self.push(replace(
                        Diagnostic::error(
                            "invalid-version",
                            version.span,
                            format!("{} needs the version `{NEWEST}`", self.kind.name_with_article()),
                        )
                        .help(format!("write `{NEWEST}`")),
                        version.span,
                    ));
                }
                Version::V2008
            }
            Some(version) => {
                self.push(replace(
                    Diagnostic::error(
                        "invalid-version",
                        version.span,
                        format!("`{}` is no version of the policy language", version.value),
                    )
                    .help(format!("the version is not a date of yours: write `{NEWEST}`"))
                    .aws("Policy document must be version 2012-10-17 or greater."),
                    version.span,
                ));
                Version::V2012
            }
            // a version that is no string has its error
            None if elements.has("Version") || elements.suggested("Version") => Version::V2012,
            None => {
                let severity = if organization { Severity::Error } else { Severity::Warning };
                let brace = Span { start: root.span.start, end: root.span.start.saturating_add(1) };
                let behind = Span { start: brace.end, end: brace.end };
                self.push(
                    Diagnostic::new("missing-version", severity, brace, "the policy has no `Version`")
                        .help(format!(
                            "without it the rules of 2008-10-17 hold, where `${{…}}` is plain text: add `\"Version\": \"{NEWEST}\"`"
                        ))
                        .fix(
                            format!("add the version `{NEWEST}`"),
                            vec![(behind, format!(" \"Version\": \"{NEWEST}\","))],
                        ),
                );
                Version::V2008
            }
        }
    }

    /// An `Id` belongs to resource-based policies. IAM saves it elsewhere, where it means nothing.
    fn unsupported_id(&mut self, property: &Property) {
        if self.kind.has_principal() && self.kind != PolicyKind::Rcp {
            return;
        }
        self.push(
            Diagnostic::warning(
                "unsupported-id",
                property.span(),
                format!("`Id` has no meaning in {}", self.kind.name_with_article()),
            )
            .help("remove it; a statement's label is its `Sid`"),
        );
    }

    /// Policy documents are written in Latin-1.
    fn characters(&mut self) {
        if self.text.bytes().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=0x7f)) {
            return;
        }
        let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{ff}');
        let Some((at, c)) = self.text.char_indices().find(|(_, c)| !allowed(*c)) else {
            return;
        };
        let iam = !matches!(self.kind, PolicyKind::Resource(resource) if resource != crate::ResourceType::Role);
        let severity = if iam { Severity::Error } else { Severity::Warning };
        self.push(
            Diagnostic::new(
                "invalid-character",
                severity,
                Span::new(at, at + c.len_utf8()),
                format!("`{c}` (U+{:04X}) is not allowed in a policy", c as u32),
            )
            .help("policies take the characters up to `ÿ` (U+00FF)"),
        );
    }

    /// Keys written twice in one object, everywhere in the document.
    fn duplicate_keys(&mut self, node: &Node) {
        match &node.value {
            Value::Array(items) => items.iter().for_each(|item| self.duplicate_keys(item)),
            Value::Object(properties) => {
                let mut seen = Seen::default();
                for (number, property) in properties.iter().enumerate() {
                    // Among a few it is found sooner than noted.
                    let first = if properties.len() <= FEW {
                        properties.iter().take(number).find(|earlier| earlier.key == property.key)
                    } else {
                        seen.before(&property.key, number).and_then(|first| properties.get(first))
                    };
                    if let Some(first) = first {
                        self.push(
                            Diagnostic::error(
                                "duplicate-key",
                                property.key_span,
                                format!("the key `{}` is written twice", property.key),
                            )
                            .help("keep one; several values of one element go into an array `[ ]`")
                            .related(first.key_span, "first written here")
                            .aws(SYNTAX),
                        );
                    }
                    self.duplicate_keys(&property.node);
                }
            }
            _ => {}
        }
    }
}
