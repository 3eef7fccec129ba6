//! The positioned document: what was understood of a policy's text.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use crate::{Operator, Span, Spanned};

/// The version of the policy language: the meaning of `${…}` hangs on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Version {
    /// `2008-10-17`, also where `Version` is absent: `${…}` is literal text.
    #[default]
    V2008,
    /// `2012-10-17`: policy variables work.
    V2012,
}

/// `Allow` or `Deny`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Grants, or lets pass.
    Allow,
    /// Denies, whatever else allows.
    Deny,
}

/// Whether an element lists what is meant (`Action`) or what is left out (`NotAction`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Polarity {
    /// `Action`, `Resource`, `Principal`.
    Is,
    /// `NotAction`, `NotResource`, `NotPrincipal`.
    Not,
}

/// An element in its plain or its `Not` form, with its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause<T> {
    /// Plain or `Not`.
    pub polarity: Polarity,
    /// The place of the element: its key and its value.
    pub span: Span,
    /// The entries in the order written; one where a bare string was written. Entries that are no strings are
    /// left out (they have a diagnostic).
    pub entries: Vec<T>,
}

/// A kind of principal: the keys of a `Principal` object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrincipalType {
    /// The bare string `"*"`.
    Everyone,
    /// `AWS`: accounts, users, roles, sessions, or `*`.
    Aws,
    /// `Service`: service principals.
    Service,
    /// `Federated`: SAML and OIDC providers.
    Federated,
    /// `CanonicalUser`: the S3 canonical id of an account.
    CanonicalUser,
}

/// One principal as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalEntry {
    /// Under which key.
    pub principal_type: PrincipalType,
    /// The text, such as `arn:aws:iam::111122223333:root`.
    pub value: String,
    /// Where the text stands, quotes included.
    pub span: Span,
}

/// The JSON type a condition value was written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonType {
    /// In quotes.
    String,
    /// A bare number; the text is the number as written.
    Number,
    /// A bare `true` or `false`.
    Bool,
}

/// One value of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionValue {
    /// The value's text: a string's contents, a number as written, `true` or `false`.
    pub text: String,
    /// How it was written.
    pub json_type: JsonType,
    /// Where it stands.
    pub span: Span,
}

/// One `"operator": {"key": values}` pair of a `Condition` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The operator; `None` where the name is unknown (the document then has an error).
    pub operator: Option<Operator>,
    /// The operator as written, and its place.
    pub operator_name: Spanned<String>,
    /// The condition key as written, and its place.
    pub key: Spanned<String>,
    /// The place of key and values.
    pub span: Span,
    /// The values; one where no array was written.
    pub values: Vec<ConditionValue>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// From its `{` to behind its `}`.
    pub span: Span,
    /// Its `Sid`.
    pub sid: Option<Spanned<String>>,
    /// Its effect; `None` where absent or not exactly `Allow` or `Deny` (the document then has an error).
    pub effect: Option<Spanned<Effect>>,
    /// `Principal` or `NotPrincipal`.
    pub principal: Option<Clause<PrincipalEntry>>,
    /// `Action` or `NotAction`.
    pub action: Option<Clause<Spanned<String>>>,
    /// `Resource` or `NotResource`.
    pub resource: Option<Clause<Spanned<String>>>,
    /// The pairs of the `Condition` block in the order written.
    pub conditions: Vec<Condition>,
    /// The place of the `Condition` element (key and value), where there is one.
    pub condition_span: Option<Span>,
}

/// A policy document as far as it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// The language version in force.
    pub version: Version,
    /// `Version` as written, where it was.
    pub version_element: Option<Spanned<String>>,
    /// `Id`, where written.
    pub id: Option<Spanned<String>>,
    /// The statements in the order written, whether `Statement` was one object or an array.
    pub statements: Vec<Statement>,
}
