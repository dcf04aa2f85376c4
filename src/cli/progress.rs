//! Progress bars: on a terminal only, on standard error.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over `total` pieces of work.
pub(super) fn bar(what: &'static str, total: usize) -> ProgressBar {
    let style = ProgressStyle::with_template(
        "{msg:>12} {wide_bar:.cyan/dim} {pos}/{len} {per_sec:.dim} eta {eta}",
    )
    .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total as u64)
        .with_style(style)
        .with_message(what)
}

/// A spinner for work of unknown length.
pub(super) fn spinner(what: &'static str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(what);
    spinner.enable_steady_tick(std::time::Duration::from_millis(120));
    spinner
}
