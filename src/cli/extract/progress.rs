//! How a long extraction goes on, and how it went.

use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};

use super::super::progress;
use crate::source::{Meter, Passed};

/// Counts what came of the inputs, and shows it.
pub(super) struct Progress {
    bar: ProgressBar,
    meter: Meter,
    passed: Passed,
    started: Instant,
    /// Inputs that an earlier run was done with, and how many of them failed.
    before: u64,
    failed_before: u64,
    /// Pages written by this run.
    pub(super) pages: u64,
    /// Inputs of this run that gave none.
    pub(super) failed: u64,
}

impl Progress {
    /// Over files of so many bytes, where that is known.
    pub(super) fn new(bytes: Option<u64>, shown: bool, meter: Meter, passed: Passed) -> Self {
        let bar = match bytes {
            _ if !shown => progress::hidden(),
            Some(bytes) => bar(bytes),
            None => progress::spinner("extracting"),
        };
        Self {
            bar,
            meter,
            passed,
            started: Instant::now(),
            before: 0,
            failed_before: 0,
            pages: 0,
            failed: 0,
        }
    }

    /// Goes on after so many inputs, of which so many failed.
    pub(super) fn resume(&mut self, inputs: u64, failed: u64) {
        (self.before, self.failed_before) = (inputs, failed);
    }

    /// Inputs that failed, those of earlier runs too.
    pub(super) fn failed_in_all(&self) -> u64 {
        self.failed_before + self.failed
    }

    /// Inputs that are done with, those of earlier runs too.
    pub(super) fn inputs(&self) -> u64 {
        self.before + self.pages + self.failed
    }

    /// Shows what has been counted.
    pub(super) fn show(&self) {
        self.bar.set_position(self.meter.bytes());
        let failed = match self.failed {
            0 => String::new(),
            n => format!(", {n} failed"),
        };
        self.bar.set_message(format!(
            "{} pages, {:.0}/s{failed}",
            HumanCount(self.pages),
            self.pages_a_second()
        ));
    }

    /// Says something without running into the bar.
    pub(super) fn suspend(&self, say: impl FnOnce()) {
        self.bar.suspend(say);
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }

    /// The closing line.
    pub(super) fn summary(&self) -> String {
        let mut line = format!(
            "{} of {} read, in {}: {:.0} pages/s",
            extracted(self.pages),
            HumanBytes(self.meter.bytes()),
            seconds(self.started.elapsed()),
            self.pages_a_second()
        );
        if self.before > 0 {
            line += &format!("; {} inputs were done before", HumanCount(self.before));
        }
        if self.failed > 0 {
            line += &format!("; {} failed", HumanCount(self.failed));
        }
        let passed = self.passed.to_string();
        if !passed.is_empty() {
            line += &format!("; passed over: {passed}");
        }
        line
    }

    fn pages_a_second(&self) -> f64 {
        self.pages as f64 / self.started.elapsed().as_secs_f64().max(1e-3)
    }
}

/// How many pages were.
fn extracted(pages: u64) -> String {
    let plural = if pages == 1 { "" } else { "s" };
    format!("{} page{plural} extracted", HumanCount(pages))
}

fn seconds(time: Duration) -> String {
    if time < Duration::from_secs(60) {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        let seconds = time.as_secs();
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

fn bar(bytes: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{msg} {wide_bar:.cyan/dim} {bytes}/{total_bytes} eta {eta}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
    progress::shown(ProgressBar::new(bytes)).with_style(style)
}
