//! ARN formats such as `arn:${Partition}:s3:::${BucketName}/${ObjectName}`: filled in, and held against an ARN.

use serde::Serialize;

use crate::subject::Fill;
use crate::units;

/// A part of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'f> {
    Text(&'f str),
    /// `${Name}`
    Part(&'f str),
}

fn pieces(format: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = format;
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, after)) = rest.strip_prefix("${").and_then(|inside| inside.split_once('}')) {
            rest = after;
            return Some(Piece::Part(name));
        }
        // A `$` that begins no part is text.
        let end = rest.get(1..).and_then(|behind| behind.find("${")).map_or(rest.len(), |at| at + 1);
        let (text, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(Piece::Text(text))
    })
}

/// A named part of an ARN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArnPart {
    /// Its name in AWS's documentation, such as `BucketName`.
    pub name: String,
    /// What stands there.
    pub value: String,
}

/// What stands in the parts of an ARN, where it has this format.
pub(crate) fn parts(format: &str, arn: &str) -> Option<Vec<ArnPart>> {
    let mut found = Vec::new();
    let mut formats = format.splitn(6, ':');
    let mut fields = arn.splitn(6, ':');
    for _ in 0..6 {
        fit(formats.next()?, fields.next()?, &mut found)?;
    }
    Some(found)
}

/// Holds one field against its format: each part is as short as it can be, the last takes the rest.
fn fit(format: &str, field: &str, found: &mut Vec<ArnPart>) -> Option<()> {
    let mut rest = field;
    let mut open: Option<&str> = None;
    let mut pieces = pieces(format).peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Part(name) => open = Some(name),
            Piece::Text(text) => {
                let at = match open {
                    None => rest.starts_with(text).then_some(0)?,
                    Some(_) if pieces.peek().is_none() => rest.len().checked_sub(text.len())?,
                    Some(_) => rest.find(text)?,
                };
                let (value, behind) = rest.split_at_checked(at)?;
                if let Some(name) = open.take() {
                    found.push(ArnPart { name: name.to_owned(), value: value.to_owned() });
                }
                rest = behind.strip_prefix(text)?;
            }
        }
    }
    match open {
        Some(name) => found.push(ArnPart { name: name.to_owned(), value: rest.to_owned() }),
        None if rest.is_empty() => {}
        None => return None,
    }
    Some(())
}

/// A piece of an ARN that was made from a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filled {
    pub(crate) text: String,
    /// Whether it is but a proposal.
    pub(crate) open: bool,
}

/// An ARN of this format, from what is known; what is not known is named.
pub(crate) fn fill(format: &str, fill: Fill<'_>, known: &[ArnPart]) -> Vec<Filled> {
    let filled = |text: &str, open| Filled { text: text.to_owned(), open };
    let piece = |piece| match piece {
        Piece::Text(text) => filled(text, false),
        Piece::Part("Partition") => filled(fill.partition, false),
        Piece::Part("Region") => filled(fill.region.unwrap_or("us-east-1"), fill.region.is_none()),
        Piece::Part("Account") => filled(fill.account.unwrap_or("111122223333"), fill.account.is_none()),
        Piece::Part(name) => match known.iter().find(|part| part.name == name && !part.value.is_empty()) {
            Some(part) => filled(&part.value, false),
            None => filled(name, true),
        },
    };
    pieces(format).map(piece).collect()
}

/// The same for all that differ in their last part: a wildcard stands there.
pub(crate) fn fill_all(format: &str, given: Fill<'_>, known: &[ArnPart]) -> Option<Vec<Filled>> {
    let last =
        pieces(format).filter_map(|piece| if let Piece::Part(name) = piece { Some(name) } else { None }).last()?;
    if matches!(last, "Partition" | "Region" | "Account") {
        return None;
    }
    let mut all = fill(format, given, known);
    let parts = pieces(format).zip(&mut all);
    for (piece, filled) in parts {
        match piece {
            Piece::Part(name) if name == last => *filled = Filled { text: "*".to_owned(), open: false },
            _ => {}
        }
    }
    Some(all)
}

pub(crate) fn text(pieces: &[Filled]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

/// A part of a text that is to be looked at, by its UTF-16 offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Where it starts.
    pub start: u32,
    /// Behind its end.
    pub end: u32,
}

/// The open pieces of a text.
pub(crate) fn fields(pieces: &[Filled]) -> Vec<Field> {
    let mut at = 0;
    let mut fields = Vec::new();
    for piece in pieces {
        let start = at;
        at += units::to_utf16(&piece.text, piece.text.len());
        if piece.open {
            fields.push(Field { start, end: at });
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_taken_apart_by_its_format() {
        let of = |format, arn| {
            parts(format, arn)
                .map(|parts| parts.into_iter().map(|part| format!("{}={}", part.name, part.value)).collect::<Vec<_>>())
        };
        let object = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";
        assert_eq!(of(object, "arn:aws:s3:::b/k/l").unwrap(), ["Partition=aws", "BucketName=b", "ObjectName=k/l"]);
        assert_eq!(of(object, "arn:aws:s3:::b"), None);
        let index = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}/index/${IndexName}";
        let parts = of(index, "arn:aws:dynamodb:eu-west-1:111122223333:table/t/index/i").unwrap();
        assert_eq!(parts[3..], ["TableName=t", "IndexName=i"]);
        assert_eq!(of("arn:${Partition}:iam::${Account}:root", "arn:aws:iam::1:rooted"), None);
    }

    #[test]
    fn what_is_not_known_is_named() {
        let given = Fill { partition: "aws", region: None, account: Some("111122223333") };
        let format = "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}";
        let filled = fill(format, given, &[]);
        assert_eq!(text(&filled), "arn:aws:sqs:us-east-1:111122223333:QueueName");
        assert_eq!(fields(&filled).iter().map(|field| field.start).collect::<Vec<_>>(), [12, 35]);
        let all = fill_all(format, given, &[]).unwrap();
        assert_eq!(text(&all), "arn:aws:sqs:us-east-1:111122223333:*");
    }
}
