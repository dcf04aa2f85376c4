//! Ctrl-C: what is in hand is finished; the second time, nothing is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::message;

/// Whether the person has asked to stop.
#[derive(Debug, Clone)]
pub(super) struct Interrupt(Arc<AtomicBool>);

/// Exit code of a process that a signal ended, as shells count: 128 + SIGINT.
const CUT_OFF: i32 = 130;

impl Interrupt {
    /// Listens from here on. Where it cannot, Ctrl-C ends the process as ever.
    pub(super) fn listen() -> Self {
        let asked = Arc::new(AtomicBool::new(false));
        let handler = Arc::clone(&asked);
        let listening = ctrlc::set_handler(move || {
            if handler.swap(true, Ordering::SeqCst) {
                std::process::exit(CUT_OFF);
            }
            message::note("stopping after the pages in hand; again to stop at once");
        });
        if let Err(error) = listening {
            message::warning(format_args!("Ctrl-C will stop at once: {error}"));
        }
        Self(asked)
    }

    /// True from the first Ctrl-C on.
    pub(super) fn is_asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
