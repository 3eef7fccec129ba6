//! Matching as slowly and simply as it can be written down, to hold the engine's against.

/// A piece of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// This character.
    Char(char),
    /// One character; of those without colons where `colon` is false.
    One {
        /// Whether it may be a colon.
        colon: bool,
    },
    /// Any run; of those without colons where `colon` is false.
    Run {
        /// Whether it may hold colons.
        colon: bool,
    },
}

/// Text that is not all as written: what came out of a variable is literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// As written: `*` and `?` are wildcards.
    Written(char),
    /// Just this character.
    Literal(char),
}

/// Whether the pieces cover the whole text: every way is tried, each place once.
pub fn covers(pieces: &[Piece], text: &[char]) -> bool {
    // row[at]: the pieces so far cover text[..at]
    let mut row = vec![false; text.len() + 1];
    row[0] = true;
    for piece in pieces {
        let mut next = vec![false; text.len() + 1];
        for (from, reached) in row.iter().enumerate() {
            if !reached {
                continue;
            }
            match *piece {
                Piece::Char(c) => {
                    if text.get(from) == Some(&c) {
                        next[from + 1] = true;
                    }
                }
                Piece::One { colon } => {
                    if text.get(from).is_some_and(|c| colon || *c != ':') {
                        next[from + 1] = true;
                    }
                }
                Piece::Run { colon } => {
                    next[from] = true;
                    for (at, c) in text.iter().enumerate().skip(from) {
                        if *c == ':' && !colon {
                            break;
                        }
                        next[at + 1] = true;
                    }
                }
            }
        }
        row = next;
    }
    row[text.len()]
}

fn written(text: &str) -> Vec<Unit> {
    text.chars().map(Unit::Written).collect()
}

/// `StringLike`, and a part of `ArnLike`: wildcards run over everything.
pub fn like_units(units: &[Unit]) -> Vec<Piece> {
    let piece = |unit: &Unit| match *unit {
        Unit::Written('*') => Piece::Run { colon: true },
        Unit::Written('?') => Piece::One { colon: true },
        Unit::Written(c) | Unit::Literal(c) => Piece::Char(c),
    };
    units.iter().map(piece).collect()
}

/// `StringLike` of text without variables.
pub fn like(pattern: &str, text: &str) -> bool {
    covers(&like_units(&written(pattern)), &text.chars().collect::<Vec<_>>())
}

/// `Action`: `*`, or `service:name` without regard to case. What is malformed covers nothing.
pub fn action(pattern: &str, action: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    let parts: Vec<&str> = pattern.split(':').collect();
    let [service, name] = parts.as_slice() else {
        return false;
    };
    if service.is_empty() || name.is_empty() || pattern.contains(char::is_whitespace) {
        return false;
    }
    like(&pattern.to_ascii_lowercase(), &action.to_ascii_lowercase())
}

/// The rules of a resource's ARN: in the first five fields a wildcard stays inside its field, unless it is a `*` at
/// the field's end; behind the fifth colon it runs over everything.
pub fn resource_pieces(units: &[Unit]) -> Vec<Piece> {
    let mut colons = 0;
    let mut pieces = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        let free = colons >= 5;
        pieces.push(match *unit {
            Unit::Written('*') => {
                let next = units.get(at + 1);
                let last_of_field = matches!(next, None | Some(Unit::Written(':') | Unit::Literal(':')));
                Piece::Run { colon: free || last_of_field }
            }
            Unit::Written('?') => Piece::One { colon: free },
            Unit::Written(c) | Unit::Literal(c) => {
                colons += usize::from(c == ':');
                Piece::Char(c)
            }
        });
    }
    pieces
}

/// `Resource` of text without variables.
pub fn resource(pattern: &str, resource: &str) -> bool {
    resource_units(&written(pattern), resource)
}

/// `Resource` of a text whose variables were filled in.
pub fn resource_units(units: &[Unit], resource: &str) -> bool {
    if units == [Unit::Written('*')] {
        return true;
    }
    let text: String = units
        .iter()
        .map(|unit| match unit {
            Unit::Written(c) | Unit::Literal(c) => *c,
        })
        .collect();
    let short = text.split(':').count() < 6 && units.last() != Some(&Unit::Written('*'));
    if !text.starts_with("arn") || short {
        return false;
    }
    covers(&resource_pieces(units), &resource.chars().collect::<Vec<_>>())
}

/// `ArnLike`: six parts, each by itself; the lone `*` covers any value.
pub fn arn_like(pattern: &str, value: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    let patterns: Vec<&str> = pattern.splitn(6, ':').collect();
    let values: Vec<&str> = value.splitn(6, ':').collect();
    patterns.len() == 6
        && values.len() == 6
        && patterns.iter().zip(&values).all(|(pattern, value)| like(pattern, value))
}
