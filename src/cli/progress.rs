//! Progress bars: on a terminal only, on standard error, and not where results
//! appear on the same one as they come, or messages are for a program.

use indicatif::{ProgressBar, ProgressStyle};

use super::message;
use crate::train::Step;

/// A bar over `total` pieces of work.
pub(super) fn bar(what: &'static str, total: usize) -> ProgressBar {
    let style = ProgressStyle::with_template(
        "{msg:>12} {wide_bar:.cyan/dim} {pos}/{len} {per_sec:.dim} eta {eta}",
    )
    .unwrap_or_else(|_| ProgressStyle::default_bar());
    shown(ProgressBar::new(total as u64))
        .with_style(style)
        .with_message(what)
}

/// Shows on a bar over folds, or a spinner, how fitting goes on.
pub(super) fn telling(bar: &ProgressBar) -> impl FnMut(Step) + '_ {
    |step| match step {
        Step::Round(point) => {
            let loss = point.held_out_loss.unwrap_or(f64::NAN);
            bar.set_message(format!(
                "without fold {}, round {}, held-out loss {loss:.4}",
                point.fold, point.round
            ));
        }
        Step::Fold(_) => bar.inc(1),
        _ => bar.tick(),
    }
}

/// The bar, unless nobody wants to see one.
pub(super) fn shown(bar: ProgressBar) -> ProgressBar {
    if message::shows_progress() {
        bar
    } else {
        hidden()
    }
}

/// A bar that is not shown.
pub(super) fn hidden() -> ProgressBar {
    ProgressBar::hidden()
}

/// A spinner for work of unknown length.
pub(super) fn spinner(what: &'static str) -> ProgressBar {
    let spinner = shown(ProgressBar::new_spinner()).with_message(what);
    spinner.enable_steady_tick(std::time::Duration::from_millis(120));
    spinner
}
