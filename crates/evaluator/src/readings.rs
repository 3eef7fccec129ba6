//! Where AWS's documentation is silent or at odds with itself we chose a reading. Each choice that can change an
//! answer is a [`Choice`] that can be flipped, so that the report can say "this answer hangs on a contested
//! reading" exactly where it does: the request is decided once more under the other reading.

/// A contested reading; the number is the row in `docs/semantics.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Choice {
    /// A document without `Version` is read by the rules of 2008; the other reading: of 2012, with variables.
    VersionAbsent = 1,
    /// Case does not count in the actions of SCPs and RCPs; the other reading: it does.
    ScpActionCase = 4,
    /// A `*` at the end of an ARN field runs over colons; the other reading: never before the fifth.
    StarCrossesColon = 5,
    /// Case counts in every field of a resource's ARN; the other reading: not in the first five.
    ArnFieldCase = 6,
    /// All buckets are listed on `arn:aws:s3:::*`; the other reading: on `*`, which no ARN covers.
    ListAllMyBuckets = 8,
    /// `{"AWS": "*"}` is the same as `"*"`; the other reading: no service principals.
    AwsStarIsEveryone = 9,
    /// `Deny` with `NotPrincipal` wants every level of the caller listed; the other reading: one is enough.
    NotPrincipalLevels = 11,
    /// `ForAnyValue:…IfExists` on an absent key holds; the other reading: it does not.
    ForAnyValueIfExists = 13,
    /// A multivalued key without set operator never matches; the other reading: like `ForAnyValue`.
    MultivaluedWithoutSet = 14,
    /// A negated operator holds where a value cannot be read; the other reading: it does not.
    UnreadableNegated = 15,
    /// Bare digits in a date operator are epoch seconds; the other reading: a year.
    DigitsAreEpoch = 16,
    /// Variables are plain text under `Bool`; the other reading: they work.
    BoolVariable = 18,
    /// An IPv6 address without prefix is that one address; the other reading: the range of its first 32 bits.
    Ipv6WithoutPrefix = 19,
    /// A single-valued key holding the empty string is present for `Null`; the other reading: absent.
    EmptyStringIsPresent = 21,
    /// `*` and `?` out of a variable's value are literal; the other reading: wildcards.
    SubstitutedWildcards = 22,
    /// A variable whose value is empty has no value; the other reading: it is empty text.
    EmptyVariable = 23,
    /// A `NotResource` entry with an unresolved variable excludes nothing; the other reading: the statement fails.
    UnresolvedNotResource = 24,
    /// A role session carries `aws:MultiFactorAuthPresent`; the other reading: it does not.
    MfaInRoleSession = 26,
    /// Across accounts a session named by its own ARN is still limited by its session policy.
    CrossAccountSession = 29,
    /// A bucket policy that names the bucket's own account delegates; the other reading: it grants.
    BucketNamesAccount = 30,
    /// The root user has no implicit right on a KMS key; the other reading: it has.
    RootNeedsKeyPolicy = 31,
    /// Operators that ignore case do so for all letters; the other reading: for those of ASCII.
    FoldsBeyondAscii = 33,
}

impl Choice {
    /// Every choice, by number.
    pub const ALL: [Self; 22] = [
        Self::VersionAbsent,
        Self::ScpActionCase,
        Self::StarCrossesColon,
        Self::ArnFieldCase,
        Self::ListAllMyBuckets,
        Self::AwsStarIsEveryone,
        Self::NotPrincipalLevels,
        Self::ForAnyValueIfExists,
        Self::MultivaluedWithoutSet,
        Self::UnreadableNegated,
        Self::DigitsAreEpoch,
        Self::BoolVariable,
        Self::Ipv6WithoutPrefix,
        Self::EmptyStringIsPresent,
        Self::SubstitutedWildcards,
        Self::EmptyVariable,
        Self::UnresolvedNotResource,
        Self::MfaInRoleSession,
        Self::CrossAccountSession,
        Self::BucketNamesAccount,
        Self::RootNeedsKeyPolicy,
        Self::FoldsBeyondAscii,
    ];

    fn bit(self) -> u64 {
        1 << (self as u8)
    }
}

/// Which choices are read the other way; by default none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Readings(u64);

impl Readings {
    /// These readings with one choice flipped.
    #[must_use]
    pub fn flip(self, choice: Choice) -> Self {
        Self(self.0 ^ choice.bit())
    }

    /// Whether a choice is read the other way.
    pub fn is_flipped(self, choice: Choice) -> bool {
        cfg!(feature = "contested") && self.0 & choice.bit() != 0
    }
}

/// The choices that an evaluation came upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Touched(u64);

impl Touched {
    pub(crate) fn add(&mut self, choice: Choice) {
        if cfg!(feature = "contested") {
            self.0 |= choice.bit();
        }
    }

    pub(crate) fn add_if(&mut self, came_upon: bool, choice: Choice) {
        if came_upon {
            self.add(choice);
        }
    }

    pub(crate) fn add_all(&mut self, others: Self) {
        self.0 |= others.0;
    }

    /// The choices, by number.
    pub fn iter(self) -> impl Iterator<Item = Choice> {
        Choice::ALL.into_iter().filter(move |choice| self.0 & choice.bit() != 0)
    }
}
