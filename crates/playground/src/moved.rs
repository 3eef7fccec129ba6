//! Statements that say what they said before at another place of the text: while somebody types, those behind the cursor.

use crate::{ConditionReport, ElementReport, PolicyReport, Position, StatementReport, ValueReport};

impl PolicyReport {
    /// The same with something else in the place of its statements.
    pub fn with_statements<S>(&self, statements: Vec<S>) -> PolicyReport<S> {
        PolicyReport {
            name: self.name.clone(),
            policy_index: self.policy_index,
            kind: self.kind,
            kind_name: self.kind_name,
            via: self.via.clone(),
            target: self.target.clone(),
            valid: self.valid,
            not_applicable: self.not_applicable.clone(),
            text: self.text.clone(),
            statements,
        }
    }
}

impl StatementReport {
    /// Whether this is `before` with all its places moved as its start has: by as many lines and as far in the text, and
    /// on the line of its start by as many columns.
    pub fn is_moved(&self, before: &Self) -> bool {
        let way = Way { from: before.start, to: self.start };
        let Self { index, sid, effect, matches, near_miss, message, start: _, end, elements } = self;
        *index == before.index
            && *sid == before.sid
            && *effect == before.effect
            && *matches == before.matches
            && *near_miss == before.near_miss
            && *message == before.message
            && way.of(before.end) == *end
            && all(elements, &before.elements, |now, before| way.leads_element(now, before))
    }
}

/// From where to where a statement has moved.
#[derive(Clone, Copy)]
struct Way {
    from: Position,
    to: Position,
}

impl Way {
    /// Where a place of the statement is now.
    fn of(self, place: Position) -> Position {
        let moved = |place: u32, from: u32, to: u32| place.wrapping_sub(from).wrapping_add(to);
        let Self { from, to } = self;
        let column = if place.line == from.line { moved(place.column, from.column, to.column) } else { place.column };
        Position {
            line: moved(place.line, from.line, to.line),
            column,
            offset: moved(place.offset, from.offset, to.offset),
        }
    }

    fn leads_element(self, now: &ElementReport, before: &ElementReport) -> bool {
        let ElementReport { element, matches, message, start, end, values, conditions } = now;
        *element == before.element
            && *matches == before.matches
            && *message == before.message
            && self.of(before.start) == *start
            && self.of(before.end) == *end
            && values.is_some() == before.values.is_some()
            && self.leads_values(values.as_deref().unwrap_or_default(), before.values.as_deref().unwrap_or_default())
            && conditions.is_some() == before.conditions.is_some()
            && all(
                conditions.as_deref().unwrap_or_default(),
                before.conditions.as_deref().unwrap_or_default(),
                |now, before| self.leads_condition(now, before),
            )
    }

    fn leads_condition(self, now: &ConditionReport, before: &ConditionReport) -> bool {
        let ConditionReport { operator, key, matches, request_values, present, message, values, start, end } = now;
        *operator == before.operator
            && *key == before.key
            && *matches == before.matches
            && *request_values == before.request_values
            && *present == before.present
            && *message == before.message
            && self.of(before.start) == *start
            && self.of(before.end) == *end
            && self.leads_values(values, &before.values)
    }

    fn leads_values(self, now: &[ValueReport], before: &[ValueReport]) -> bool {
        all(now, before, |now, before| {
            let ValueReport { value, matches, resolved, message, start, end } = now;
            *value == before.value
                && *matches == before.matches
                && *resolved == before.resolved
                && *message == before.message
                && self.of(before.start) == *start
                && self.of(before.end) == *end
        })
    }
}

/// Whether there are as many, and each is the same as the other in its place.
fn all<T>(now: &[T], before: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    now.len() == before.len() && now.iter().zip(before).all(|(now, before)| same(now, before))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Options, StatementReport, evaluate_value};

    fn first(text: &str) -> StatementReport {
        let request =
            json!({"principal": "arn:aws:iam::111122223333:user/alice", "action": "s3:GetObject", "resource": "*"});
        let scenario = json!({"request": request, "policies": [{"kind": "identity", "document": text}]});
        evaluate_value(&scenario, Options::default()).policies.remove(0).statements.remove(0)
    }

    const STATEMENT: &str = r#"{"Effect": "Allow", "Action": "s3:*",
        "Resource": ["a", "*"], "Condition": {"Bool": {"aws:SecureTransport": "true"}}}"#;

    #[test]
    fn a_statement_moves_with_what_is_written_before_it() {
        let before = first(&format!(r#"{{"Statement": [{STATEMENT}]}}"#));
        for start in ["", " ", "\n", "\n\n   ", "\n \"Id\": \"é🔑\",\n "] {
            let now = first(&format!(r#"{{{start}"Statement": [{STATEMENT}]}}"#));
            assert!(now.is_moved(&before), "{start:?}");
            assert!(before.is_moved(&now), "{start:?}");
        }
    }

    #[test]
    fn what_changes_in_a_statement_is_seen() {
        let before = first(&format!(r#"{{"Statement": [{STATEMENT}]}}"#));
        for (from, to) in [
            ("Allow", "Deny"),
            ("s3:*", "s3:Get*"),
            ("\"a\"", "\"b\""),
            ("\"a\",", "\"a\", "),
            ("\"a\", ", ""),
            ("true", "false"),
            ("Bool", "BoolIfExists"),
            ("\n", " \n"),
            ("\n", "\n\n"),
            ("}}}", "}} }"),
        ] {
            let changed = STATEMENT.replacen(from, to, 1);
            let now = first(&format!(r#"{{"Statement": [{changed}]}}"#));
            // A space at a line's end moves what is behind it in the text, not in its column.
            assert!(!now.is_moved(&before), "{from} {to}");
        }
    }
}
