//! Patterns with `*` and `?`, compiled once and matched in time proportional to pattern × text at worst.
//!
//! Three rules of AWS meet here: in an action and in `StringLike` a `*` runs over everything; in the first five
//! fields of a resource ARN a `*` stays inside its field unless it is the field's last character; text that came
//! out of a variable is never a wildcard. All three are the same tokens with different flags.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>

use std::borrow::Cow;

use policy::template::{self, Part};

use crate::context::KeyName;
use crate::{Choice, Readings};

/// One piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token<'t> {
    /// Exactly this text.
    Literal(Cow<'t, str>),
    /// `?`: one character; a colon only where `colon` is set.
    One { colon: bool },
    /// `*`: any run of characters; over colons only where `colon` is set.
    Many { colon: bool },
}

/// A compiled pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// What the text must start with: all that stands before the first wildcard.
    prefix: String,
    /// The rest; empty for a pattern without wildcards.
    rest: Vec<Token<'static>>,
}

impl Pattern {
    pub(crate) fn new(mut tokens: Vec<Token<'static>>) -> Self {
        match tokens.first_mut() {
            Some(Token::Literal(text)) => {
                let prefix = core::mem::take(text).into_owned();
                tokens.remove(0);
                Self { prefix, rest: tokens }
            }
            _ => Self { prefix: String::new(), rest: tokens },
        }
    }

    /// Whether the whole of `text` matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        // Comparing nothing is not free: the system's `memcmp` may take longer over it than over a sentence.
        let text = if self.prefix.is_empty() { Some(text) } else { text.strip_prefix(self.prefix.as_str()) };
        let Some(text) = text else {
            return false;
        };
        match self.rest.as_slice() {
            [] => text.is_empty(),
            [Token::Many { colon: true }] => true,
            tokens => matches(tokens, text),
        }
    }
}

/// Whether the whole of `text` matches the tokens.
pub(crate) fn matches(tokens: &[Token<'_>], text: &str) -> bool {
    if let Some(Token::Literal(literal)) = tokens.last()
        && !text.ends_with(literal.as_ref())
    {
        return false;
    }
    if tokens.contains(&Token::Many { colon: false }) {
        matches_confined(tokens, text)
    } else {
        matches_greedy(tokens, text)
    }
}

/// Two pointers: after a `*` the shortest run that lets the next piece match is always enough, so only the last
/// `*` is ever taken back. Not correct where a `*` may not cross colons.
fn matches_greedy(tokens: &[Token<'_>], text: &str) -> bool {
    let mut rest = text;
    let mut at = 0;
    // Where to go on after a mismatch: behind the last `*`, with one more character given to it.
    let mut retry: Option<(usize, &str)> = None;
    loop {
        let step = match tokens.get(at) {
            Some(Token::Many { .. }) => {
                at += 1;
                if at == tokens.len() {
                    return true;
                }
                retry = Some((at, rest));
                continue;
            }
            Some(Token::Literal(literal)) => rest.strip_prefix(literal.as_ref()),
            Some(Token::One { colon }) => {
                let mut characters = rest.chars();
                match characters.next() {
                    Some(':') if !colon => None,
                    Some(_) => Some(characters.as_str()),
                    None => None,
                }
            }
            None if rest.is_empty() => return true,
            None => None,
        };
        if let Some(next) = step {
            rest = next;
            at += 1;
            continue;
        }
        let Some((behind, from)) = retry else {
            return false;
        };
        let mut characters = from.chars();
        if characters.next().is_none() {
            return false;
        }
        rest = characters.as_str();
        at = behind;
        retry = Some((behind, rest));
    }
}

/// All ways at once: the set of places in the text, as byte offsets, that the tokens so far can reach.
fn matches_confined(tokens: &[Token<'_>], text: &str) -> bool {
    let mut reached = vec![false; text.len() + 1];
    set(&mut reached, 0);
    for token in tokens {
        let mut next = vec![false; text.len() + 1];
        let mut running = false;
        for (at, here) in reached.iter().enumerate() {
            match token {
                Token::Literal(literal) => {
                    if *here && text.get(at..).is_some_and(|rest| rest.starts_with(literal.as_ref())) {
                        set(&mut next, at + literal.len());
                    }
                }
                Token::One { colon } => {
                    let character = text.get(at..).filter(|_| *here).and_then(|rest| rest.chars().next());
                    if let Some(character) = character.filter(|character| *colon || *character != ':') {
                        set(&mut next, at + character.len_utf8());
                    }
                }
                Token::Many { colon } => {
                    // Places inside a character are reached too; nothing but another `*` goes on from there.
                    running |= here;
                    if running {
                        set(&mut next, at);
                    }
                    if !colon && text.as_bytes().get(at) == Some(&b':') {
                        running = false;
                    }
                }
            }
        }
        reached = next;
    }
    reached.last() == Some(&true)
}

fn set(places: &mut [bool], at: usize) {
    if let Some(place) = places.get_mut(at) {
        *place = true;
    }
}

/// Adds text as it stands.
fn push_literal(tokens: &mut Vec<Token<'_>>, text: &str) {
    match tokens.last_mut() {
        _ if text.is_empty() => {}
        Some(Token::Literal(last)) => last.to_mut().push_str(text),
        _ => tokens.push(Token::Literal(Cow::Owned(text.to_owned()))),
    }
}

/// Adds text whose `*` and `?` are wildcards. `colon` says of the wildcard at a place whether it runs over colons.
fn push_wild(tokens: &mut Vec<Token<'_>>, text: &str, colon: impl Fn(usize) -> bool) {
    let mut written = 0;
    for (at, wildcard) in text.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'*' | b'?')) {
        push_literal(tokens, text.get(written..at).unwrap_or_default());
        written = at + 1;
        let colon = colon(at);
        let token = if wildcard == b'*' { Token::Many { colon } } else { Token::One { colon } };
        // `**` is `*`.
        if token != (Token::Many { colon: true }) || tokens.last() != Some(&token) {
            tokens.push(token);
        }
    }
    push_literal(tokens, text.get(written..).unwrap_or_default());
}

/// A pattern whose `*` runs over everything: actions, `StringLike`, one part of an ARN condition.
pub(crate) fn glob(text: &str) -> Pattern {
    glob_of(text.to_owned())
}

/// The same, of a text that is the pattern's own.
pub(crate) fn glob_of(mut text: String) -> Pattern {
    let mut rest = Vec::new();
    if let Some(at) = first_wildcard(&text) {
        push_wild(&mut rest, text.get(at..).unwrap_or_default(), |_| true);
        text.truncate(at);
    }
    Pattern { prefix: text, rest }
}

fn first_wildcard(text: &str) -> Option<usize> {
    text.bytes().position(|byte| matches!(byte, b'*' | b'?'))
}

/// A pattern for a resource ARN: `*` and `?` stay inside the first five fields, but for a `*` at a field's end.
pub(crate) fn resource_glob(text: &str, readings: Readings) -> Pattern {
    Pattern::new(resource_tokens(text, readings))
}

fn resource_tokens(text: &str, readings: Readings) -> Vec<Token<'static>> {
    let crossing = !readings.is_flipped(Choice::StarCrossesColon);
    let resource = resource_part(text);
    let bytes = text.as_bytes();
    let ends_field = |at: usize| bytes.get(at) == Some(&b'*') && matches!(bytes.get(at + 1), None | Some(b':'));
    let mut tokens = Vec::new();
    push_wild(&mut tokens, text, |at| at >= resource || (crossing && ends_field(at)));
    tokens
}

/// Whether there is a `*` in the fields before the resource part.
pub(crate) fn has_star_in_fields(text: &str) -> bool {
    text.get(..resource_part(text)).is_some_and(|fields| fields.contains('*'))
}

/// Whether there are capitals in the fields before the resource part.
pub(crate) fn has_capitals_in_fields(text: &str) -> bool {
    text.get(..resource_part(text)).is_some_and(|fields| fields.bytes().any(|byte| byte.is_ascii_uppercase()))
}

/// With the fields before the resource part in lower case.
pub(crate) fn fields_in_lower_case(text: &str) -> String {
    let (fields, resource) = text.split_at_checked(resource_part(text)).unwrap_or((text, ""));
    fields.to_ascii_lowercase() + resource
}

/// Where the resource part of an ARN begins: behind the fifth colon.
fn resource_part(text: &str) -> usize {
    text.bytes().enumerate().filter(|(_, byte)| *byte == b':').nth(4).map_or(text.len(), |(at, _)| at + 1)
}

/// Text with variables, compiled but for their values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    pieces: Vec<Piece>,
    /// Whether `*` and `?` of the text are wildcards.
    wild: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Token(Token<'static>),
    Variable { key: KeyName, default: Option<String> },
}

/// A template with its variables filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filled<'t> {
    /// A pattern: what was substituted is literal.
    Tokens(Vec<Token<'t>>),
    /// A variable has neither value nor default.
    NoValue {
        /// The variable's key as written.
        key: &'t str,
    },
}

impl Template {
    /// `wild` says whether `*` and `?` of the text itself are wildcards.
    pub(crate) fn new(text: &str, wild: bool) -> Self {
        let mut pieces = Vec::new();
        for part in template::split(text) {
            let mut tokens = Vec::new();
            match part {
                Part::Text(text) | Part::Malformed(text) if wild => push_wild(&mut tokens, text, |_| true),
                Part::Text(text) | Part::Malformed(text) => push_literal(&mut tokens, text),
                Part::Literal(character) => push_literal(&mut tokens, character.encode_utf8(&mut [0; 4])),
                Part::Variable { key, default, .. } => {
                    pieces.push(Piece::Variable { key: KeyName::new(key), default: default.map(str::to_owned) });
                }
            }
            pieces.extend(tokens.into_iter().map(Piece::Token));
        }
        Self { pieces, wild }
    }

    /// A resource ARN with variables, which work only behind its fifth colon; `None` where it has none there.
    pub(crate) fn of_resource(text: &str, readings: Readings) -> Option<Self> {
        let (head, tail) = text.split_at_checked(resource_part(text))?;
        if !template::has_variable(tail) {
            return None;
        }
        let mut template = Self::new(tail, true);
        template.pieces.splice(..0, resource_tokens(head, readings).into_iter().map(Piece::Token));
        Some(template)
    }

    /// Whether `*` and `?` of the text are wildcards.
    pub(crate) fn is_wild(&self) -> bool {
        self.wild
    }

    /// Fills in the variables' values; where `wild` is set, `*` and `?` of the values are wildcards too.
    pub(crate) fn fill<'t>(&'t self, wild: bool, mut value: impl FnMut(&'t KeyName) -> Option<&'t str>) -> Filled<'t> {
        let mut filled = Vec::with_capacity(self.pieces.len());
        for piece in &self.pieces {
            let text = match piece {
                Piece::Token(Token::Literal(text)) => text.as_ref(),
                Piece::Token(token) => {
                    filled.push(token.clone());
                    continue;
                }
                Piece::Variable { key, default } => match (value(key), default) {
                    (Some(value), _) if wild => {
                        push_wild(&mut filled, value, |_| true);
                        continue;
                    }
                    (Some(value), _) => value,
                    (None, Some(default)) => default.as_str(),
                    (None, None) => return Filled::NoValue { key: key.exact() },
                },
            };
            if !text.is_empty() {
                filled.push(Token::Literal(Cow::Borrowed(text)));
            }
        }
        Filled::Tokens(filled)
    }
}

/// The text of tokens, for showing what a template became.
pub(crate) fn text(tokens: &[Token<'_>]) -> String {
    let text = |token: &'_ Token<'_>| match token {
        Token::Literal(text) => text.clone().into_owned(),
        Token::One { .. } => "?".to_owned(),
        Token::Many { .. } => "*".to_owned(),
    };
    tokens.iter().map(text).collect()
}

/// Cuts tokens into fields at the first five colons of their literals.
pub(crate) fn fields(tokens: &[Token<'_>]) -> Vec<Vec<Token<'static>>> {
    let mut fields = Vec::new();
    let mut field = Vec::new();
    for token in tokens {
        match token {
            Token::Literal(text) => {
                for (at, text) in text.splitn(6 - fields.len(), ':').enumerate() {
                    if at > 0 {
                        fields.push(core::mem::take(&mut field));
                    }
                    push_literal(&mut field, text);
                }
            }
            Token::One { colon } => field.push(Token::One { colon: *colon }),
            Token::Many { colon } => field.push(Token::Many { colon: *colon }),
        }
    }
    fields.push(field);
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(pattern: &str) -> Pattern {
        resource_glob(pattern, Readings::default())
    }

    #[test]
    fn a_star_inside_a_field_stays_there() {
        let pattern = resource("arn:aws:dynamodb:us-*-1:1:table/t");
        assert!(pattern.matches("arn:aws:dynamodb:us-east-1:1:table/t"));
        assert!(!pattern.matches("arn:aws:dynamodb:us-x:y-1:1:table/t"));
    }

    #[test]
    fn a_star_at_the_end_of_a_field_runs_over_colons() {
        let pattern = resource("arn:aws:dynamodb:*:table/prod-*");
        assert!(pattern.matches("arn:aws:dynamodb:us-east-1:111122223333:table/prod-x"));
        assert!(resource("arn:aws:s3*").matches("arn:aws:s3:::b/k"));
    }

    #[test]
    fn a_confined_and_a_free_star_work_together() {
        let pattern = resource("arn:aws:s*s:us-*:*:a*b:c");
        assert!(pattern.matches("arn:aws:sqs:us-east-1:1:axb:c"));
        assert!(!pattern.matches("arn:aws:sq:s:us-east-1:1:axb:d"));
    }

    #[test]
    fn a_question_mark_is_one_character_of_any_width() {
        let pattern = glob("a?c*?");
        assert!(pattern.matches("aéc☃"));
        assert!(!pattern.matches("aéc"));
        assert!(!glob("?*?").matches("é"));
    }

    #[test]
    fn many_stars_against_a_long_text_take_no_exponential_time() {
        let pattern = glob(&"*a".repeat(8));
        assert!(!pattern.matches(&"a".repeat(100_000).replace("aa", "ab")));
        assert!(pattern.matches(&"a".repeat(100_000)));
    }

    #[test]
    fn a_confined_star_counts_bytes_and_characters_alike() {
        let pattern = resource("arn:aws:s*é:::?☃*");
        assert!(pattern.matches("arn:aws:sqé:::é☃"));
        assert!(!pattern.matches("arn:aws:s:é:::é☃"));
        assert!(!pattern.matches("arn:aws:sqé:::☃☃é".trim_end_matches("☃é")));
    }

    fn filled<'t>(template: &'t Template, value: &'t str) -> Vec<Token<'t>> {
        match template.fill(false, |_| Some(value)) {
            Filled::Tokens(tokens) => tokens,
            Filled::NoValue { key } => panic!("{key} has a value"),
        }
    }

    #[test]
    fn a_star_of_a_value_is_literal_and_a_star_of_the_text_is_not() {
        let template = Template::new("home/${a:b}/*${*}", true);
        let tokens = filled(&template, "a*");
        assert_eq!(text(&tokens), "home/a*/**");
        assert!(matches(&tokens, "home/a*/x*"));
        assert!(!matches(&tokens, "home/ab/x*"));
        assert!(!matches(&tokens, "home/a*/x"));
    }

    #[test]
    fn a_variable_before_the_fifth_colon_is_text() {
        assert_eq!(Template::of_resource("arn:aws:s3:${a:b}::c", Readings::default()), None);
        let template = Template::of_resource("arn:aws:s3:*:*:t/${a:b}", Readings::default()).unwrap();
        assert!(matches(&filled(&template, "x:y"), "arn:aws:s3:eu:1:t/x:y"));
    }

    #[test]
    fn values_are_cut_at_their_colons_too() {
        let template = Template::new("arn:aws:iam::${a:b}*", true);
        let fields = fields(&filled(&template, "1:role/r:s"));
        let texts: Vec<String> = fields.iter().map(|field| text(field)).collect();
        assert_eq!(texts, ["arn", "aws", "iam", "", "1", "role/r:s*"]);
    }
}
