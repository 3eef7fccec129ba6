//! Patterns with `*` and `?`, compiled once and matched in time proportional to pattern × text at worst.
//!
//! Three rules of AWS meet here: in an action and in `StringLike` a `*` runs over everything; in the first five
//! fields of a resource ARN a `*` stays inside its field unless it is the field's last character; text that came
//! out of a variable is never a wildcard. All three are the same tokens with different flags.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>

use policy::template::{self, Part};

use crate::{Choice, Readings};

/// One piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// Exactly this text.
    Literal(String),
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
    rest: Vec<Token>,
    /// Whether a `*` in it must stay inside its field: then the quick way of matching is not correct.
    confined: bool,
}

impl Pattern {
    /// Whether the whole of `text` matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let Some(text) = text.strip_prefix(self.prefix.as_str()) else {
            return false;
        };
        match self.rest.as_slice() {
            [] => text.is_empty(),
            [Token::Many { colon: true }] => true,
            tokens if self.confined => matches_confined(tokens, text),
            tokens => matches_greedy(tokens, text),
        }
    }
}

/// Two pointers: after a `*` the shortest run that lets the next piece match is always enough, so only the last
/// `*` is ever taken back. Not correct where a `*` may not cross colons.
fn matches_greedy(tokens: &[Token], text: &str) -> bool {
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
            Some(Token::Literal(literal)) => rest.strip_prefix(literal.as_str()),
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

/// All ways at once: the set of places in the text that the tokens so far can reach.
fn matches_confined(tokens: &[Token], text: &str) -> bool {
    let places: Vec<(usize, char)> = text.char_indices().collect();
    let end = places.len();
    let mut reached = vec![false; end + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for token in tokens {
        let mut next = vec![false; end + 1];
        match token {
            Token::Literal(literal) => {
                let length = literal.chars().count();
                for (at, &(offset, _)) in places.iter().enumerate() {
                    let here = reached.get(at) == Some(&true);
                    let follows = || text.get(offset..).is_some_and(|t| t.starts_with(literal.as_str()));
                    if here && follows() {
                        set(&mut next, at + length);
                    }
                }
            }
            Token::One { colon } => {
                for (at, &(_, character)) in places.iter().enumerate() {
                    if reached.get(at) == Some(&true) && (*colon || character != ':') {
                        set(&mut next, at + 1);
                    }
                }
            }
            Token::Many { colon } => {
                let mut running = false;
                for at in 0..=end {
                    running |= reached.get(at) == Some(&true);
                    if running {
                        set(&mut next, at);
                    }
                    let crosses = places.get(at).is_some_and(|&(_, character)| character == ':');
                    if crosses && !colon {
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

/// Collects tokens, joining neighbouring literals.
#[derive(Default)]
struct Builder {
    prefix: String,
    rest: Vec<Token>,
}

impl Builder {
    fn literal(&mut self, character: char) {
        match self.rest.last_mut() {
            None => self.prefix.push(character),
            Some(Token::Literal(text)) => text.push(character),
            Some(_) => self.rest.push(Token::Literal(character.to_string())),
        }
    }

    fn token(&mut self, token: Token) {
        // `**` is `*`.
        if token == (Token::Many { colon: true }) && self.rest.last() == Some(&token) {
            return;
        }
        self.rest.push(token);
    }

    fn build(self) -> Pattern {
        let confined = self.rest.contains(&Token::Many { colon: false });
        Pattern { prefix: self.prefix, rest: self.rest, confined }
    }
}

/// A character of a pattern after variables were filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Just this character.
    Literal(char),
    /// `?`
    One,
    /// `*`
    Many,
}

/// The units of pattern text without variables.
pub(crate) fn units(text: &str) -> impl Iterator<Item = Unit> + '_ {
    text.chars().map(|character| match character {
        '*' => Unit::Many,
        '?' => Unit::One,
        other => Unit::Literal(other),
    })
}

/// A pattern whose `*` runs over everything: actions, `StringLike`, one part of an ARN condition.
pub(crate) fn glob(units: impl Iterator<Item = Unit>) -> Pattern {
    let mut builder = Builder::default();
    for unit in units {
        match unit {
            Unit::Literal(character) => builder.literal(character),
            Unit::One => builder.token(Token::One { colon: true }),
            Unit::Many => builder.token(Token::Many { colon: true }),
        }
    }
    builder.build()
}

/// A pattern for a resource ARN: `*` and `?` stay inside the first five fields, but for a `*` at a field's end.
pub(crate) fn resource_glob(units: &[Unit], readings: Readings) -> Pattern {
    let crossing = !readings.is_flipped(Choice::StarCrossesColon);
    let mut builder = Builder::default();
    let mut colons = 0;
    for (at, unit) in units.iter().enumerate() {
        let in_resource = colons >= 5;
        match unit {
            Unit::Literal(character) => {
                colons += usize::from(*character == ':');
                builder.literal(*character);
            }
            Unit::One => builder.token(Token::One { colon: in_resource }),
            Unit::Many => {
                let ends_field = matches!(units.get(at + 1), None | Some(Unit::Literal(':')));
                let colon = in_resource || (ends_field && crossing);
                builder.token(Token::Many { colon });
            }
        }
    }
    builder.build()
}

/// How a variable is filled in: its value, or nothing.
pub(crate) type Fill<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Text with its variables filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filled {
    /// The units: what was substituted is literal.
    Units(Vec<Unit>),
    /// A variable has neither value nor default.
    NoValue {
        /// The variable's key as written.
        key: String,
    },
}

/// Fills in the variables of `text`. `wild` says whether `*` and `?` of the text itself are wildcards.
pub(crate) fn fill(text: &str, wild: bool, readings: Readings, value: Fill<'_>) -> Filled {
    let mut filled = Vec::new();
    let substituted_wild = wild && readings.is_flipped(Choice::SubstitutedWildcards);
    let push = |filled: &mut Vec<Unit>, text: &str, wild: bool| {
        if wild {
            filled.extend(units(text));
        } else {
            filled.extend(text.chars().map(Unit::Literal));
        }
    };
    for part in template::split(text) {
        match part {
            Part::Text(text) | Part::Malformed(text) => push(&mut filled, text, wild),
            Part::Literal(character) => filled.push(Unit::Literal(character)),
            Part::Variable { key, default, .. } => match value(key) {
                Some(value) => push(&mut filled, &value, substituted_wild),
                None => match default {
                    Some(default) => push(&mut filled, default, false),
                    None => return Filled::NoValue { key: key.to_owned() },
                },
            },
        }
    }
    Filled::Units(filled)
}

/// The text of units, for showing what a pattern became.
pub(crate) fn text(units: &[Unit]) -> String {
    units
        .iter()
        .map(|unit| match unit {
            Unit::Literal(character) => *character,
            Unit::One => '?',
            Unit::Many => '*',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(pattern: &str) -> Pattern {
        let units: Vec<_> = units(pattern).collect();
        resource_glob(&units, Readings::default())
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
        let pattern = glob(units("a?c*?"));
        assert!(pattern.matches("aéc☃"));
        assert!(!pattern.matches("aéc"));
        assert!(!glob(units("?*?")).matches("é"));
    }

    #[test]
    fn many_stars_against_a_long_text_take_no_exponential_time() {
        let pattern = glob(units(&"*a".repeat(8)));
        assert!(!pattern.matches(&"a".repeat(100_000).replace("aa", "ab")));
        assert!(pattern.matches(&"a".repeat(100_000)));
    }
}
