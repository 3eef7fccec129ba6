//! Shows what is going on: spinners on a terminal, plain lines elsewhere.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use anyhow::Result;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// Several steps, some at the same time.
pub(crate) struct Progress {
    bars: Option<MultiProgress>,
    /// Tools write straight to the terminal.
    verbose: bool,
}

/// How a step ended.
pub(crate) enum Done {
    /// The work was done.
    Made,
    /// There was nothing to do.
    Unchanged,
}

impl Progress {
    pub(crate) fn new(verbose: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self { bars: (terminal && !verbose).then(MultiProgress::new), verbose }
    }

    /// Does one step under a name, and shows how it goes and how long it took.
    pub(crate) fn step(&self, name: &'static str, work: impl FnOnce(&Step) -> Result<Done>) -> Result<()> {
        let bar = self.bars.as_ref().map(|bars| {
            let bar = bars.add(ProgressBar::new_spinner());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix:<14} {wide_msg}") {
                bar.set_style(style);
            }
            bar.set_prefix(name);
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        let step = Step { name, bar, verbose: self.verbose };
        let start = Instant::now();
        let result = work(&step);
        let line = match &result {
            Ok(Done::Made) => format!("✓ {name:<14} {:.1} s", start.elapsed().as_secs_f64()),
            Ok(Done::Unchanged) => format!("✓ {name:<14} unchanged"),
            Err(_) => format!("✗ {name:<14} failed"),
        };
        match (&self.bars, &step.bar) {
            (Some(bars), Some(bar)) => {
                bar.finish_and_clear();
                bars.println(line)?;
            }
            _ => eprintln!("{line}"),
        }
        result.map(drop)
    }
}

/// A step at work.
pub(crate) struct Step {
    name: &'static str,
    bar: Option<ProgressBar>,
    verbose: bool,
}

impl Step {
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn verbose(&self) -> bool {
        self.verbose
    }

    /// Says what is being done, where that takes a while.
    pub(crate) fn say(&self, message: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(message.to_owned()),
            None => eprintln!("· {:<14} {message}", self.name),
        }
    }

    /// Shows a line that a tool printed; only a terminal shows these.
    pub(crate) fn detail(&self, line: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(line.trim().to_owned());
        }
    }
}
