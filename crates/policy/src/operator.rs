//! The condition operators: one table that is also the chapter's index.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

/// What an operator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// Text.
    String,
    /// Decimal numbers.
    Numeric,
    /// Instants.
    Date,
    /// `true` and `false`.
    Bool,
    /// Bytes in base64.
    Binary,
    /// IPv4 and IPv6 addresses against CIDR ranges.
    IpAddress,
    /// ARNs, part by part.
    Arn,
    /// Whether the key is there at all.
    Null,
}

macro_rules! operators {
    ($($name:ident: $family:ident, $negated:literal, $wildcards:literal;)*) => {
        /// An operator without set operator and `IfExists`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Base {
            $(
                #[doc = concat!("`", stringify!($name), "`")]
                $name,
            )*
        }

        impl Base {
            /// Every operator, in the order of AWS's page.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The operator's name as AWS spells it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// What it compares.
            pub fn family(self) -> Family {
                match self { $(Self::$name => Family::$family,)* }
            }

            /// Whether it is the complement of another operator (`…Not…`).
            pub fn negated(self) -> bool {
                match self { $(Self::$name => $negated,)* }
            }

            /// Whether `*` and `?` in its values are wildcards.
            pub fn wildcards(self) -> bool {
                match self { $(Self::$name => $wildcards,)* }
            }
        }
    };
}

operators! {
    // name:                     family,  negated, wildcards
    StringEquals:                String,    false, false;
    StringNotEquals:             String,    true,  false;
    StringEqualsIgnoreCase:      String,    false, false;
    StringNotEqualsIgnoreCase:   String,    true,  false;
    StringLike:                  String,    false, true;
    StringNotLike:               String,    true,  true;
    NumericEquals:               Numeric,   false, false;
    NumericNotEquals:            Numeric,   true,  false;
    NumericLessThan:             Numeric,   false, false;
    NumericLessThanEquals:       Numeric,   false, false;
    NumericGreaterThan:          Numeric,   false, false;
    NumericGreaterThanEquals:    Numeric,   false, false;
    DateEquals:                  Date,      false, false;
    DateNotEquals:               Date,      true,  false;
    DateLessThan:                Date,      false, false;
    DateLessThanEquals:          Date,      false, false;
    DateGreaterThan:             Date,      false, false;
    DateGreaterThanEquals:       Date,      false, false;
    Bool:                        Bool,      false, false;
    BinaryEquals:                Binary,    false, false;
    IpAddress:                   IpAddress, false, false;
    NotIpAddress:                IpAddress, true,  false;
    ArnEquals:                   Arn,       false, true;
    ArnLike:                     Arn,       false, true;
    ArnNotEquals:                Arn,       true,  true;
    ArnNotLike:                  Arn,       true,  true;
    Null:                        Null,      false, false;
}

impl Base {
    /// Whether policy variables (`${…}`) work in its values.
    pub fn variables(self) -> bool {
        matches!(self.family(), Family::String | Family::Arn)
    }

    /// Whether it, or the operator whose complement it is, asks whether two values are the same, so that a value can
    /// be looked up among many.
    pub fn is_equality(self) -> bool {
        matches!(
            self,
            Self::StringEquals
                | Self::StringNotEquals
                | Self::StringEqualsIgnoreCase
                | Self::StringNotEqualsIgnoreCase
                | Self::NumericEquals
                | Self::NumericNotEquals
                | Self::DateEquals
                | Self::DateNotEquals
                | Self::Bool
                | Self::BinaryEquals
        )
    }
}

/// `ForAllValues:` or `ForAnyValue:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SetOperator {
    /// Every value of the request must pass; true when there is none.
    ForAllValues,
    /// One value of the request must pass; false when there is none.
    ForAnyValue,
}

impl SetOperator {
    /// The prefix without its colon.
    pub fn name(self) -> &'static str {
        match self {
            Self::ForAllValues => "ForAllValues",
            Self::ForAnyValue => "ForAnyValue",
        }
    }
}

/// A whole operator: `[ForAnyValue:|ForAllValues:]Base[IfExists]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operator {
    /// The set operator, where written.
    pub set: Option<SetOperator>,
    /// The operator itself.
    pub base: Base,
    /// Whether `IfExists` was written.
    pub if_exists: bool,
}

/// Why a name is no operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnknownOperator {
    /// No operator has this name.
    Name,
    /// What stands before the colon is no set operator.
    SetOperator,
    /// `NullIfExists`: `Null` takes no `IfExists`.
    NullIfExists,
}

impl Operator {
    /// Reads a name, ignoring ASCII case.
    ///
    /// ```
    /// use policy::{Base, Operator, SetOperator};
    /// let operator = Operator::parse("ForAnyValue:StringLikeIfExists").unwrap();
    /// assert_eq!(operator.base, Base::StringLike);
    /// assert_eq!(operator.set, Some(SetOperator::ForAnyValue));
    /// assert!(operator.if_exists);
    /// assert_eq!(Operator::parse("boolifexists").unwrap().to_string(), "BoolIfExists");
    /// assert!(Operator::parse("IpAdress").is_err());
    /// ```
    ///
    /// # Errors
    /// Says which part of the name is unknown.
    pub fn parse(name: &str) -> Result<Self, UnknownOperator> {
        let (set, rest) = match name.split_once(':') {
            None => (None, name),
            Some((prefix, rest)) => {
                let set = [SetOperator::ForAllValues, SetOperator::ForAnyValue]
                    .into_iter()
                    .find(|set| set.name().eq_ignore_ascii_case(prefix))
                    .ok_or(UnknownOperator::SetOperator)?;
                (Some(set), rest)
            }
        };
        let find = |text: &str| Base::ALL.iter().copied().find(|base| base.name().eq_ignore_ascii_case(text));
        if let Some(base) = find(rest) {
            return Ok(Self { set, base, if_exists: false });
        }
        const SUFFIX: &str = "IfExists";
        let stem = rest
            .len()
            .checked_sub(SUFFIX.len())
            .and_then(|at| rest.split_at_checked(at))
            .filter(|(_, suffix)| suffix.eq_ignore_ascii_case(SUFFIX))
            .map(|(stem, _)| stem)
            .ok_or(UnknownOperator::Name)?;
        match find(stem).ok_or(UnknownOperator::Name)? {
            Base::Null => Err(UnknownOperator::NullIfExists),
            base => Ok(Self { set, base, if_exists: true }),
        }
    }
}

impl core::fmt::Display for Operator {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if let Some(set) = self.set {
            write!(f, "{}:", set.name())?;
        }
        f.write_str(self.base.name())?;
        f.write_str(if self.if_exists { "IfExists" } else { "" })
    }
}
