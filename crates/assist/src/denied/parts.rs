//! The parts of a message: actions, ARNs and codes, out of text that was wrapped, quoted or escaped on its way.

use policy::arn::{Arn, is_account_id};

use super::squeezed::{Squeezed, joined};
use crate::cloudtrail::operation::is_s3_label;

/// How far from each other the parts of one message stand at most, in squeezed bytes.
pub(super) const REACH: usize = 2_200;

/// The text as it was before a terminal, a log or a web page wrapped it.
pub(super) fn plain(text: &str) -> String {
    let text = text.replace("\\\"", "\"").replace("\\n", "\n").replace("\\t", " ");
    let text = text.replace("&quot;", "\"").replace("&#34;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    let text = text.replace("&amp;", "&");
    // Terraform draws a frame around its errors; mail and chat quote with `>`.
    let lines = text.lines().map(|line| line.trim_start().trim_start_matches(['│', '|', '>', '╷', '╵']));
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether a text speaks of a refusal at all.
pub(super) fn is_refusal(text: &Squeezed<'_>) -> bool {
    const WORDS: [&str; 13] = [
        "accessdenied",
        "unauthorizedoperation",
        "encodedauthorizationfailuremessage",
        "notauthorized",
        "authorizationerror",
        "accessisdenied",
        "insufficientpermissions",
        "explicitdeny",
        "403):forbidden",
        "403forbidden",
        "403(forbidden)",
        "apierrorforbidden",
        "operation:forbidden",
    ];
    WORDS.iter().any(|word| text.has(word))
}

/// The action behind a place, and the place behind it.
pub(super) fn action_at(text: &Squeezed<'_>, from: usize) -> Option<(String, usize)> {
    const ENDS: [&str; 5] = ["onresource", "becauseno", "withanexplicit", "(service", "action"];
    let mut start = from;
    while text.byte(start).is_some_and(|byte| matches!(byte, b':' | b'"' | b'\'' | b'`')) {
        start += 1;
    }
    if text.starts("action", start) && text.byte(start + 6).is_some_and(|byte| matches!(byte, b':' | b'"' | b'`')) {
        return action_at(text, start + 6);
    }
    let run = |mut at: usize, more: fn(u8) -> bool| {
        while text.byte(at).is_some_and(more) {
            at += 1;
        }
        at
    };
    let colon = run(start, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if colon == start || text.byte(colon) != Some(b':') {
        return None;
    }
    let end = run(colon + 1, |byte| byte.is_ascii_alphanumeric() || byte == b'*');
    // In the squeezed text the next word follows at once; in the original a space is before it, or a line was wrapped.
    let spaced = text
        .original_from(colon + 1)
        .split_whitespace()
        .next()
        .map_or(0, |word| word.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'*').count());
    let word = colon + 1 + spaced;
    let marked = ENDS.iter().filter_map(|mark| text.find(mark, word, end + 12)).min();
    let end = match marked {
        Some(marked) if marked > word && is_wrapped(text.original(colon + 1, marked)) => marked,
        _ => word,
    };
    (end > colon + 1).then(|| (joined(text.original(start, end)), end))
}

/// Whether the only whitespace in a text is that of wrapped lines.
pub(super) fn is_wrapped(text: &str) -> bool {
    let text = text.trim();
    let breaks = text.split(|char: char| !char.is_whitespace()).filter(|space| !space.is_empty());
    !text.is_empty() && breaks.clone().count() <= 4 && breaks.into_iter().all(|space| space.contains('\n'))
}

/// Without what a sentence or a value was put in.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches(['"', '\'', '`', ',', ';', '(', ')', '[', ']', '{', '}', '.', '<', '>'])
}

/// The ARN that AWS appends behind the reason.
pub(super) fn appended_arn(text: &Squeezed<'_>, reason: usize) -> Option<String> {
    let colon = text.find(":arn:aws", reason, reason + 160)?;
    let word = text.original_from(colon + 1).split_whitespace().next()?;
    let word = trimmed(word.split(['"', '<']).next()?);
    // Of the resource it would be another message.
    Arn::split(word).filter(|arn| arn.resource.contains("policy")).map(|_| word.to_owned())
}

/// The part that only the account itself can decode.
pub(super) fn encoded(text: &Squeezed<'_>) -> Option<String> {
    const MARK: &str = "encodedauthorizationfailuremessage:";
    let at = text.find(MARK, 0, text.len())? + MARK.len();
    let is_code = |char: char| char.is_ascii_alphanumeric() || "-_+/=".contains(char);
    let mut code = String::new();
    for word in text.original_from(at).split_whitespace() {
        let part = word.trim_start_matches('"').split(|char| !is_code(char)).next().unwrap_or("");
        // Words of a sentence behind it are short.
        if !code.is_empty() && part.len() < 24 {
            break;
        }
        code.push_str(part);
        if part.len() < word.trim_start_matches('"').len() {
            break;
        }
    }
    (code.len() >= 16).then_some(code)
}

/// `s3://bucket/key` or an address of S3 anywhere in a text, as an ARN.
pub(super) fn s3_address(text: &str) -> Option<String> {
    let until_end = |rest: &str| rest.split(ends_address).next().unwrap_or("").trim_end_matches('/').to_owned();
    if let Some((_, rest)) = text.split_once("s3://") {
        let address = until_end(rest);
        return (!address.is_empty()).then(|| format!("arn:aws:s3:::{address}"));
    }
    // `https://bucket.s3.eu-west-1.amazonaws.com/key` and `https://s3.eu-west-1.amazonaws.com/bucket/key`
    let address = text.split("https://").skip(1).map(until_end).find(|address| address.contains(".amazonaws.com"))?;
    let address = address.split('?').next()?;
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let bucket = if host.split('.').next().is_some_and(is_s3_label) {
        return (!path.is_empty()).then(|| format!("arn:aws:s3:::{path}"));
    } else {
        host.match_indices('.')
            .find(|(at, _)| host.get(at + 1..).and_then(|rest| rest.split('.').next()).is_some_and(is_s3_label))
    };
    let bucket = host.get(..bucket?.0)?;
    Some(if path.is_empty() { format!("arn:aws:s3:::{bucket}") } else { format!("arn:aws:s3:::{bucket}/{path}") })
}

/// Whether an address in a text ends before this.
fn ends_address(char: char) -> bool {
    char.is_whitespace() || "\"'`,;)<>".contains(char)
}

/// The queue of an address of SQS anywhere in a text.
pub(super) fn queue_address(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("https://sqs.")?;
    let (region, rest) = rest.split_once(".amazonaws.com/")?;
    let mut parts = rest.split(|char: char| char == '/' || ends_address(char));
    let (account, name) = (parts.next()?, parts.next()?);
    let is_region = region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (is_region && is_account_id(account) && !name.is_empty()).then(|| format!("arn:aws:sqs:{region}:{account}:{name}"))
}
