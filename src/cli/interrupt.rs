//! Ctrl-C: what is done is kept, the pages in hand are given up; the second time,
//! the process ends at once.

use super::message;
use crate::watch::CancelToken;

/// Whether the person has asked to stop.
#[derive(Debug, Clone)]
pub(super) struct Interrupt(CancelToken);

/// Exit code of a process that a signal ended, as shells count: 128 + SIGINT.
const CUT_OFF: i32 = 130;

impl Interrupt {
    /// Listens from here on. Where it cannot, Ctrl-C ends the process as ever.
    pub(super) fn listen() -> Self {
        let asked = CancelToken::default();
        let handler = asked.clone();
        let listening = ctrlc::set_handler(move || {
            if handler.is_cancelled() {
                std::process::exit(CUT_OFF);
            }
            handler.cancel();
            message::note("stopping, with what is done kept; again to stop at once");
        });
        if let Err(error) = listening {
            message::warning(format_args!("Ctrl-C will stop at once: {error}"));
        }
        Self(asked)
    }

    /// True from the first Ctrl-C on.
    pub(super) fn is_asked(&self) -> bool {
        self.0.is_cancelled()
    }

    /// What stops the work on pages then.
    pub(super) fn token(&self) -> &CancelToken {
        &self.0
    }
}
