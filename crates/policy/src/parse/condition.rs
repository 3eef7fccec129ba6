//! `Condition`: `{ operator: { key: value or [values] } }`.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>

use super::statement::LEGACY;
use super::{Reader, SYNTAX, nearest};
use crate::json::{Node, Property, Value};
use crate::seen::Seen;
use crate::template;
use crate::{
    Base, Condition, ConditionValue, Diagnostic, Family, JsonType, Operator, SetOperator, Spanned, UnknownOperator,
    literal,
};

impl Reader<'_> {
    pub(super) fn conditions(&mut self, node: &Node) -> Vec<Condition> {
        let Value::Object(operators) = &node.value else {
            self.wrong_type(
                node,
                "`Condition`",
                "an object such as `{\"StringEquals\": {\"aws:RequestedRegion\": \"eu-west-1\"}}`",
            );
            return Vec::new();
        };
        if operators.is_empty() {
            self.push(
                Diagnostic::info("empty-condition", node.span, "an empty `Condition` is no condition")
                    .help("remove it"),
            );
        }
        let mut conditions = Vec::new();
        for property in operators {
            self.operator_block(property, &mut conditions);
        }
        conditions
    }

    fn operator_block(&mut self, property: &Property, conditions: &mut Vec<Condition>) {
        let name = Spanned::new(property.key.clone(), property.key_span);
        let keys = match &property.node.value {
            Value::Object(keys) => Some(keys.as_slice()),
            _ => None,
        };
        let operator = self.operator(&name, keys.is_some_and(<[_]>::is_empty));
        let Some(keys) = keys else {
            return self.wrong_type(
                &property.node,
                &format!("`{}`", name.value),
                "an object of keys and values, such as `{\"aws:RequestedRegion\": \"eu-west-1\"}`",
            );
        };
        if keys.is_empty() {
            self.push(
                Diagnostic::info("empty-condition", property.node.span, format!("`{}` tests no key", name.value))
                    .help("remove it"),
            );
        }
        let mut seen = Seen::default();
        for (number, key) in keys.iter().enumerate() {
            if let Some(first) = seen.before(&key.key.to_ascii_lowercase(), number).and_then(|first| keys.get(first))
                && first.key != key.key
            {
                self.push(
                    Diagnostic::error(
                        "duplicate-condition-key",
                        key.key_span,
                        format!("`{}` is the key `{}` again: case does not matter in keys", key.key, first.key),
                    )
                    .help("put the values of both into one array")
                    .related(first.key_span, "first written here")
                    .aws(SYNTAX),
                );
            }
            if operator.is_some() {
                self.check_key(key);
            }
            let values = self.values(&key.node, &key.key);
            if let Some(operator) = operator {
                self.check_values(operator, key, &values);
            }
            conditions.push(Condition {
                operator,
                operator_name: name.clone(),
                key: Spanned::new(key.key.clone(), key.key_span),
                span: key.span(),
                values,
            });
        }
    }

    /// `without_keys`: IAM looks at the name only where there is something to compare.
    fn operator(&mut self, name: &Spanned<String>, without_keys: bool) -> Option<Operator> {
        let replace = |diagnostic: Diagnostic, by: &str| {
            diagnostic.fix(format!("replace with `{by}`"), vec![(name.span, format!("\"{by}\""))])
        };
        let written = name.value.as_str();
        match Operator::parse(written) {
            Ok(operator) => {
                let canonical = operator.to_string();
                if canonical != written {
                    self.push(replace(
                        Diagnostic::warning(
                            "operator-spelling",
                            name.span,
                            format!("AWS spells this operator `{canonical}`"),
                        )
                        .help("other spellings are read alike here, and may be refused elsewhere"),
                        &canonical,
                    ));
                }
                if operator.base == Base::Null
                    && let Some(set) = operator.set
                {
                    let always = if set == SetOperator::ForAllValues { "true" } else { "false" };
                    self.push(replace(
                        Diagnostic::warning(
                            "null-with-set-operator",
                            name.span,
                            format!("`{}` makes no sense with `Null`", set.name()),
                        )
                        .help(format!("where the key is absent it is always {always}: write `Null`")),
                        "Null",
                    ));
                }
                return Some(operator);
            }
            Err(UnknownOperator::NullIfExists) => self.push(replace(
                Diagnostic::error(
                    "null-if-exists",
                    name.span,
                    "`Null` takes no `IfExists`: it asks whether the key exists",
                )
                .help("write `Null`")
                .aws(SYNTAX),
                "Null",
            )),
            Err(reason) => {
                let mut diagnostic = if without_keys {
                    Diagnostic::warning(
                        "unknown-operator",
                        name.span,
                        format!("unknown condition operator `{written}`"),
                    )
                } else {
                    Diagnostic::error("unknown-operator", name.span, format!("unknown condition operator `{written}`"))
                        .aws(SYNTAX)
                };
                diagnostic = match meant(written) {
                    Some(by) => replace(diagnostic.help(format!("did you mean `{by}`?")), &by),
                    None if reason == UnknownOperator::SetOperator && known_base(written) => diagnostic
                        .help("before the colon stands `ForAllValues` or `ForAnyValue`"),
                    None if written.contains(':') || written.starts_with("aws") => diagnostic.help(
                        "this looks like a condition key: the operator comes first, as in `{\"StringEquals\": {\"aws:RequestedRegion\": \"eu-west-1\"}}`",
                    ),
                    None => diagnostic.help("such as `StringEquals`, `StringLike`, `ArnLike`, `Bool`, `IpAddress`, `DateLessThan`"),
                };
                self.push(diagnostic);
            }
        }
        None
    }

    fn check_key(&mut self, key: &Property) {
        let text = key.key.as_str();
        if template::has_variable(text) {
            self.push(
                Diagnostic::warning(
                    "variable-unsupported",
                    key.key_span,
                    "policy variables do not work in condition keys: this is plain text",
                )
                .help("write the key out"),
            );
        } else if !text.contains(':') {
            self.push(
                Diagnostic::warning(
                    "condition-key-without-service",
                    key.key_span,
                    format!("no request has the key `{text}`: it names no service"),
                )
                .help("keys look like `aws:SourceIp` or `s3:prefix`")
                .aws("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
            );
        } else if text.ends_with("Tag") || text.ends_with("Tag/") {
            let key_of = text.trim_end_matches('/');
            self.push(
                Diagnostic::warning(
                    "missing-tag-key",
                    key.key_span,
                    format!("`{text}` does not say which tag, and is never there"),
                )
                .help(format!("write `{key_of}/team` for the tag `team`")),
            );
        }
    }

    /// One value or an array; strings, numbers and booleans.
    fn values(&mut self, node: &Node, key: &str) -> Vec<ConditionValue> {
        let Value::Array(items) = &node.value else {
            return self.value(node, key).into_iter().collect();
        };
        if items.is_empty() {
            self.push(
                Diagnostic::warning("empty-condition-values", node.span, format!("`{key}` is compared with nothing"))
                    .help("no value can be equal to one of none; a negated operator holds always"),
            );
        }
        let values: Vec<_> = items.iter().filter_map(|item| self.value(item, key)).collect();
        if let Some(first) = values.first()
            && let Some(other) = values.iter().find(|value| value.json_type != first.json_type)
        {
            self.push(
                Diagnostic::warning(
                    "mixed-value-types",
                    other.span,
                    format!("the values of `{key}` are of different JSON types"),
                )
                .help("write all of them as strings, in double quotes")
                .related(first.span, "unlike this one"),
            );
        }
        values
    }

    fn value(&mut self, node: &Node, key: &str) -> Option<ConditionValue> {
        let (text, json_type) = match &node.value {
            Value::String(text) => (text.clone(), JsonType::String),
            Value::Number(text) => (text.clone(), JsonType::Number),
            Value::Bool(bool) => (bool.to_string(), JsonType::Bool),
            _ => {
                self.wrong_type(node, &format!("a value of `{key}`"), "a string, a number, `true` or `false`");
                return None;
            }
        };
        Some(ConditionValue { text, json_type, span: node.span })
    }

    /// Whether each value is a literal of the operator's type.
    fn check_values(&mut self, operator: Operator, key: &Property, values: &[ConditionValue]) {
        let family = operator.base.family();
        for value in values {
            if template::has_variable(&value.text) && !operator.base.variables() {
                self.push(
                    Diagnostic::warning(
                        "variable-unsupported",
                        value.span,
                        format!("policy variables do not work with `{}`: this is plain text", operator.base.name()),
                    )
                    .help("variables work with the String and Arn operators"),
                );
                // IAM still refuses what is no date
                if family != Family::Date {
                    continue;
                }
            }
            match family {
                Family::String => {}
                Family::Date => self.check_date(operator, value),
                Family::Numeric if literal::number(&value.text).is_none() => {
                    self.mismatch("invalid-number", operator, value, "a number", "write it like `10` or `0.5`")
                }
                Family::Bool | Family::Null if literal::boolean(&value.text).is_none() => {
                    self.mismatch("invalid-boolean", operator, value, "`true` or `false`", "write `true` or `false`")
                }
                Family::IpAddress => self.check_range(operator, value),
                Family::Binary if literal::binary(&value.text).is_none() => {
                    self.mismatch("invalid-binary", operator, value, "base64", "write the bytes in base64")
                }
                Family::Arn
                    if value.text != "*"
                        && !template::has_variable(&value.text)
                        && crate::arn::Arn::split(&value.text).is_none() =>
                {
                    self.mismatch(
                        "invalid-condition-arn",
                        operator,
                        value,
                        "an ARN with six fields",
                        "such as `arn:aws:iam::111122223333:role/*`; for other text use `StringEquals` or `StringLike`",
                    )
                }
                _ => {}
            }
        }
        if matches!(family, Family::Bool | Family::Null)
            && let [_, second, ..] = values
        {
            self.push(
                Diagnostic::warning(
                    "several-booleans",
                    second.span,
                    format!("`{}` is compared with more than one boolean", key.key),
                )
                .help("`true` or `false` is always one of both: keep one"),
            );
        }
    }

    fn mismatch(&mut self, code: &'static str, operator: Operator, value: &ConditionValue, wanted: &str, help: &str) {
        let holds = if operator.base.negated() { "and so this always holds" } else { "and never matches" };
        self.push(
            Diagnostic::warning(code, value.span, format!("`{}` is not {wanted}, {holds}", value.text)).help(help),
        );
    }

    fn check_range(&mut self, operator: Operator, value: &ConditionValue) {
        let Some(range) = literal::ip_range(&value.text) else {
            let help = if value.text.contains('*') {
                "wildcards do not work here: write `203.0.113.0/24` for `203.0.113.*`"
            } else {
                "such as `203.0.113.7`, `203.0.113.0/24` or `2001:db8::/32`"
            };
            return self.mismatch("invalid-ip-range", operator, value, "an IP address or range", help);
        };
        let plain = range.trunc();
        if plain != range {
            self.push(
                Diagnostic::info(
                    "ip-range-host-bits",
                    value.span,
                    format!("`{}` means `{plain}`: the bits behind the prefix do not count", value.text),
                )
                .help(format!("write `{plain}`"))
                .fix(format!("replace with `{plain}`"), vec![(value.span, format!("\"{plain}\""))]),
            );
        }
    }

    fn check_date(&mut self, operator: Operator, value: &ConditionValue) {
        let text = value.text.as_str();
        match literal::date(text) {
            Some(date) if !date.zoned => self.push(
                Diagnostic::warning(
                    "date-without-zone",
                    value.span,
                    format!("`{text}` names no time zone and is read as UTC"),
                )
                .help(format!("write `{text}Z`, or an offset such as `+01:00`"))
                .fix("add `Z`", vec![(value.span, format!("\"{text}Z\""))]),
            ),
            Some(date) if date.form == literal::DateForm::Epoch && text.len() == 4 => self.push(
                Diagnostic::warning(
                    "date-is-epoch",
                    value.span,
                    format!("`{text}` is read as seconds since 1970: {}", date.instant.to_iso8601()),
                )
                .help(format!("for the year write `{text}-01-01`"))
                .fix(format!("replace with `{text}-01-01`"), vec![(value.span, format!("\"{text}-01-01\""))]),
            ),
            Some(_) => {}
            None if literal::iam_saves_date(text) => self.mismatch(
                "unusual-date",
                operator,
                value,
                "a date in a documented form",
                "IAM saves it; write it like `2026-03-09T14:05:09Z`",
            ),
            None if is_time_of_day(text) => self.push(
                Diagnostic::error(
                    "time-of-day",
                    value.span,
                    format!("`{text}` is a time of day, and conditions have none"),
                )
                .help("dates in conditions are points in time, such as `2026-03-09T09:00:00Z`: a window is `DateGreaterThan` its start and `DateLessThan` its end; for office hours every day, let a schedule attach and detach the policy")
                .aws(LEGACY),
            ),
            None => self.push(
                Diagnostic::error("invalid-date", value.span, format!("`{text}` is no date"))
                    .help("write it like `2026-03-09T14:05:09Z` or `2026-03-09`, or as seconds since 1970")
                    .aws(LEGACY),
            ),
        }
    }
}

/// `09:00Z`, `T09:00`, `9am`, `17:30:00+01:00`.
fn is_time_of_day(text: &str) -> bool {
    let lower = text.trim().to_ascii_lowercase();
    let digits = lower.strip_prefix('t').unwrap_or(&lower);
    let rest = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    let hour = digits.len() - rest.len();
    let rest = rest.trim_start();
    matches!(hour, 1 | 2) && (rest.starts_with(':') || matches!(rest, "am" | "pm" | "a.m." | "p.m." | "h" | "z"))
}

/// Whether an operator stands behind the colon.
fn known_base(written: &str) -> bool {
    written.rsplit_once(':').is_some_and(|(_, base)| Operator::parse(base).is_ok())
}

/// The operator that a misspelt name was probably meant to be, set operator and `IfExists` kept.
fn meant(written: &str) -> Option<String> {
    let (set, base) = match written.rsplit_once(':') {
        None => (None, written),
        Some((prefix, base)) => {
            let sets = [SetOperator::ForAllValues, SetOperator::ForAnyValue].map(SetOperator::name);
            (Some(nearest(prefix.trim_end_matches(':'), sets)?), base)
        }
    };
    const SUFFIX: &str = "IfExists";
    // It may be misspelt itself, by a letter more or less too.
    let parts = [0, 1, -1].map(|more| {
        let at = base.len().checked_sub(SUFFIX.len().checked_add_signed(more)?)?;
        base.split_at_checked(at)
    });
    let mut parts = parts.into_iter().flatten();
    let stem = parts.find(|(_, suffix)| nearest(suffix, [SUFFIX]).is_some()).map(|(stem, _)| stem);
    // names people bring along from elsewhere
    const OTHER: [(&str, Base); 6] = [
        ("StringMatches", Base::StringLike),
        ("StringContains", Base::StringLike),
        ("Equals", Base::StringEquals),
        ("Like", Base::StringLike),
        ("Boolean", Base::Bool),
        ("NotNull", Base::Null),
    ];
    let names = || Base::ALL.iter().map(|base| base.name());
    let find = |text: &str| {
        OTHER
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(text))
            .map(|(_, base)| base.name())
            .or_else(|| nearest(text, names()))
    };
    let (name, suffix) = match stem.and_then(find) {
        Some(name) => (name, if name == "Null" { "" } else { SUFFIX }),
        None => (find(base)?, ""),
    };
    Some(match set {
        Some(set) => format!("{set}:{name}{suffix}"),
        None => format!("{name}{suffix}"),
    })
}
