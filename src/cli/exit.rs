//! Every way out.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All was done: 0.
    Success,
    /// Inputs failed, each with a message, or a check found problems; the rest,
    /// if any, was done: 1.
    SomeFailed,
    /// All was done, and what was compared differs: 1, as `diff` has it.
    Different,
    /// Nothing was done: usage, model, corpus, output or a page that was to be
    /// compared is at fault: 2.
    Usage,
    /// Ctrl-C; what was done was kept: 130.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Success => Self::SUCCESS,
            Exit::SomeFailed | Exit::Different => Self::from(1),
            Exit::Usage => Self::from(2),
            Exit::Interrupted => Self::from(130),
        }
    }
}
