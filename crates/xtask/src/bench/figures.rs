//! Figures of a benchmark, and how they are shown.

use std::collections::BTreeMap;
use std::fs;
use std::time::SystemTime;

use policy::literal::Instant;

use crate::command;

/// Medians in nanoseconds by `WORKLOAD/FORM`.
#[derive(Default)]
pub(crate) struct Medians(BTreeMap<String, f64>);

impl Medians {
    pub(crate) fn add(&mut self, name: &str, nanoseconds: f64) {
        self.0.insert(name.to_owned(), nanoseconds);
    }

    pub(crate) fn of(&self, workload: &str, form: &str) -> Option<f64> {
        self.0.get(&format!("{workload}/{form}")).copied()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Nanoseconds in the unit that reads best.
pub(crate) fn duration(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        ns if ns < 1e3 => (ns, "ns"),
        ns if ns < 1e6 => (ns / 1e3, "µs"),
        ns if ns < 1e9 => (ns / 1e6, "ms"),
        ns => (ns / 1e9, "s"),
    };
    let digits = if value < 10.0 { 2 } else { 1 };
    format!("{value:.digits$} {unit}")
}

/// A duration, and how many times another it is.
pub(crate) fn with_ratio(nanoseconds: Option<f64>, base: Option<f64>) -> String {
    match (nanoseconds, base) {
        (Some(nanoseconds), Some(base)) => format!("{} ({}×)", duration(nanoseconds), ratio(nanoseconds / base)),
        (Some(nanoseconds), None) => duration(nanoseconds),
        (None, _) => String::new(),
    }
}

/// Two digits that count.
fn ratio(ratio: f64) -> String {
    match ratio {
        ratio if ratio < 9.95 => format!("{ratio:.1}"),
        ratio => format!("{ratio:.0}"),
    }
}

/// When and on what the figures above were measured, as a line for the documentation.
pub(crate) fn measured_on(versions: &str) -> String {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let now = Instant { seconds: i64::try_from(since_1970).unwrap_or_default(), nanoseconds: 0 }.to_iso8601();
    let date = now.split('T').next().unwrap_or_default();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let rustc = command::output(command::program("rustc").arg("--version")).unwrap_or_default();
    let rustc = rustc.split(" (").next().unwrap_or_default();
    let mut line = format!("Measured on {date}, {processors} × {}, {}, {rustc}", processor(), std::env::consts::OS);
    if !versions.is_empty() {
        line.push_str(", ");
        line.push_str(versions);
    }
    line + "."
}

/// The processor's name, where the system tells.
fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let linux = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, name)| name));
    let name = linux.map(str::to_owned);
    let mac = || command::output(command::program("sysctl").args(["-n", "machdep.cpu.brand_string"]));
    name.or_else(mac).unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{duration, with_ratio};

    #[test]
    fn durations_are_shown_in_a_readable_unit() {
        assert_eq!(duration(812.3), "812.3 ns");
        assert_eq!(duration(1_500.0), "1.50 µs");
        assert_eq!(duration(24_000_000.0), "24.0 ms");
    }

    #[test]
    fn ratios_have_two_digits_that_count() {
        assert_eq!(with_ratio(Some(3_000.0), Some(1_000.0)), "3.00 µs (3.0×)");
        assert_eq!(with_ratio(Some(123_000.0), Some(1_000.0)), "123.0 µs (123×)");
        assert_eq!(with_ratio(None, Some(1_000.0)), "");
    }
}
