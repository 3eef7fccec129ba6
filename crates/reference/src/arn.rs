//! Whether a policy's resource pattern can match an ARN of a given format. Both have parts that vary: the question is
//! whether any text follows both.

use policy::template::{self, Part};

/// Which separators a part that varies may hold.
#[derive(Clone, Copy)]
struct Within {
    colon: bool,
    slash: bool,
}

const ANYTHING: Within = Within { colon: true, slash: true };

#[derive(Clone, Copy)]
enum Token {
    Character(char),
    One(Within),
    Many(Within),
}

/// A policy's resource pattern, made ready to be held against many formats.
///
/// A `*` of it runs over everything, which is more than AWS allows in the first five fields: it is better to find
/// nothing wrong than something that is right.
pub(crate) struct Pattern<'p> {
    /// The service it names, where it names one.
    service: Option<&'p str>,
    tokens: Vec<Token>,
}

impl<'p> Pattern<'p> {
    pub(crate) fn new(pattern: &'p str) -> Self {
        let mut fields = pattern.splitn(4, ':');
        let start = [fields.next(), fields.next(), fields.next()];
        let plain = start.iter().all(|field| field.is_some_and(|field| !field.contains(['*', '?', '$'])));
        let [_, _, service] = start;
        // Where the pattern ends within the service, there is no ARN it can match.
        Self { service: service.filter(|_| plain && fields.next().is_some()), tokens: pattern_tokens(pattern) }
    }

    /// Whether there is an ARN of this format that it matches. `no_slash` says of which of the format's parts it is
    /// known that they hold no slash.
    pub(crate) fn fits(&self, format: &str, no_slash: impl Fn(&str) -> bool) -> bool {
        let vendor = format.split(':').nth(2).unwrap_or("");
        // A recovery point of AWS Backup has the ARN of whatever was backed up.
        if self.service.is_some_and(|service| vendor != service && !vendor.contains(['$', '*'])) {
            return false;
        }
        meet(&format_tokens(format, no_slash), &self.tokens)
    }
}

fn format_tokens(format: &str, no_slash: impl Fn(&str) -> bool) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut colons = 0;
    let mut rest = format;
    while let Some(character) = rest.chars().next() {
        let after = rest.get(character.len_utf8()..).unwrap_or("");
        if let Some((name, after)) = rest.strip_prefix("${").and_then(|inside| inside.split_once('}')) {
            let in_resource = colons >= 5;
            let within = Within { colon: in_resource, slash: in_resource && !no_slash(name) };
            tokens.extend([Token::One(within), Token::Many(within)]);
            rest = after;
            continue;
        }
        colons += usize::from(character == ':');
        tokens.push(if character == '*' { Token::Many(ANYTHING) } else { Token::Character(character) });
        rest = after;
    }
    tokens
}

fn pattern_tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for part in template::split(pattern) {
        match part {
            Part::Text(text) | Part::Malformed(text) => tokens.extend(text.chars().map(|character| match character {
                '*' => Token::Many(ANYTHING),
                '?' => Token::One(ANYTHING),
                other => Token::Character(other),
            })),
            Part::Literal(character) => tokens.push(Token::Character(character)),
            Part::Variable { .. } => tokens.push(Token::Many(ANYTHING)),
        }
    }
    tokens
}

/// Whether a text follows both: a walk over the pairs of places that both can be at, each visited once.
fn meet(a: &[Token], b: &[Token]) -> bool {
    let width = b.len() + 1;
    let mut seen = vec![false; (a.len() + 1) * width];
    let mut open = vec![(0, 0)];
    while let Some((i, j)) = open.pop() {
        let Some(seen) = seen.get_mut(i * width + j) else { continue };
        if core::mem::replace(seen, true) {
            continue;
        }
        let (at, bt) = (a.get(i), b.get(j));
        if let Some(Token::Many(_)) = at {
            open.push((i + 1, j));
        }
        if let Some(Token::Many(_)) = bt {
            open.push((i, j + 1));
        }
        match (at, bt) {
            (None, None) => return true,
            (Some(at), Some(bt)) if share(at, bt) => {
                open.push((
                    i + usize::from(!matches!(at, Token::Many(_))),
                    j + usize::from(!matches!(bt, Token::Many(_))),
                ));
            }
            _ => {}
        }
    }
    false
}

/// Whether a character follows both tokens.
fn share(a: &Token, b: &Token) -> bool {
    match (a, b) {
        (Token::Character(a), Token::Character(b)) => a == b,
        (Token::Character(character), Token::One(within) | Token::Many(within))
        | (Token::One(within) | Token::Many(within), Token::Character(character)) => match character {
            ':' => within.colon,
            '/' => within.slash,
            _ => true,
        },
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(format: &str, pattern: &str) -> bool {
        Pattern::new(pattern).fits(format, |name| name == "Bucket")
    }

    const BUCKET: &str = "arn:${Partition}:s3:::${Bucket}";
    const OBJECT: &str = "arn:${Partition}:s3:::${Bucket}/${Object}";
    const ROLE: &str = "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}";

    #[test]
    fn buckets_and_objects_are_told_apart() {
        for pattern in ["arn:aws:s3:::b", "arn:aws:s3:::b*", "arn:*:s3:::*", "arn:aws:s3:::b-${aws:username}"] {
            assert!(fit(BUCKET, pattern), "{pattern}");
        }
        for pattern in
            ["arn:aws:s3:::b/*", "arn:aws:s3:::b/k", "arn:aws:s3:::", "arn:aws:sqs:::b", "", "arn:aws:s3:::${*}/"]
        {
            assert!(!fit(BUCKET, pattern), "{pattern}");
        }
        for pattern in
            ["arn:aws:s3:::b/*", "arn:aws:s3:::b*", "arn:aws:s3:::b/a/b", "*", "arn:aws:s3:::*/${aws:username}/*"]
        {
            assert!(fit(OBJECT, pattern), "{pattern}");
        }
        for pattern in ["arn:aws:s3:::b", "arn:aws:s3:::b/", "arn:aws:s3:::/k"] {
            assert!(!fit(OBJECT, pattern), "{pattern}");
        }
    }

    #[test]
    fn a_part_may_hold_slashes_and_a_field_no_colon() {
        assert!(fit(ROLE, "arn:aws:iam::111122223333:role/app/deploy"));
        assert!(fit(ROLE, "arn:aws:iam::*:role/*"));
        assert!(fit(ROLE, "arn:aws:iam:*"));
        assert!(!fit(ROLE, "arn:aws:iam::1:2:role/x"));
        assert!(!fit(ROLE, "arn:aws:iam::111122223333:user/x"));
        assert!(!fit(ROLE, "arn:aws:iam:::role/x"));
    }

    #[test]
    fn the_service_of_a_format_may_vary() {
        let format = "arn:${Partition}:${Vendor}:${Region}:*:${ResourceType}:${RecoveryPointId}";
        assert!(fit(format, "arn:aws:ec2:eu-west-1:111122223333:snapshot:snap-1"));
        assert!(!fit(format, "arn:aws:ec2:eu-west-1:111122223333:snapshot/snap-1"));
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        let pattern = format!("arn:aws:iam::1:role/{}b", "*a?".repeat(400));
        assert!(fit(ROLE, &pattern));
        let pattern = format!("arn:aws:iam::1:user/{}b", "*a?".repeat(400));
        assert!(!fit(ROLE, &pattern));
    }
}
