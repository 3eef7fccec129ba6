//! Why a data file could not be loaded.

use core::fmt;

/// A data file that is damaged, cut off, or of another format.
///
/// ```
/// let error = reference::Reference::load("<!doctype html>").err().unwrap();
/// assert_eq!(error.to_string(), "line 1 of the service data: expected `iam-playground services 1`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError {
    file: File,
    line: u32,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum File {
    Services,
    Descriptions,
    ManagedPolicies,
    ManagedNames,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The first line is another.
    Header,
    /// A line that follows no rule of the format.
    Line,
    /// A line that may stand only inside a service or a policy.
    Outside,
    /// The counts in the file's head are not what follows.
    Counts,
    /// The file was made for other service data.
    Mismatch,
    /// Offsets are kept in 32 bits.
    Size,
    /// It refers to the service data, which is not there.
    Early,
}

impl LoadError {
    /// `line` counts from 0.
    pub(crate) fn new(file: File, line: usize, kind: Kind) -> Self {
        Self { file, line: u32::try_from(line).unwrap_or(u32::MAX).saturating_add(1), kind }
    }

    /// The descriptions were given before the service data, to which they refer.
    pub fn without_services() -> Self {
        Self::new(File::Descriptions, 0, Kind::Early)
    }
}

impl File {
    /// The first line of the file.
    pub(crate) fn header(self) -> &'static str {
        match self {
            Self::Services => "iam-playground services 1",
            Self::Descriptions => "iam-playground descriptions 1",
            Self::ManagedPolicies => "iam-playground managed policies 1",
            Self::ManagedNames => "iam-playground managed names 1",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Services => "service data",
            Self::Descriptions => "descriptions",
            Self::ManagedPolicies => "managed policies",
            Self::ManagedNames => "names of the managed policies",
        }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} of the {}: ", self.line, self.file.name())?;
        match self.kind {
            Kind::Header => write!(f, "expected `{}`", self.file.header()),
            Kind::Line => f.write_str("not understood"),
            Kind::Outside => f.write_str("nothing to belong to"),
            Kind::Counts => f.write_str("the counts are not those of what follows; the file may be cut off"),
            Kind::Mismatch => f.write_str("made for another version of the service data"),
            Kind::Size => f.write_str("the file is too large"),
            Kind::Early => f.write_str("the service data has to be loaded before"),
        }
    }
}

impl core::error::Error for LoadError {}
