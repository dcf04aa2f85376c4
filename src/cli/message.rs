//! Messages to the person at the keyboard, on standard error.

use std::fmt::Display;
use std::io::{IsTerminal, Write, stderr};

/// Something failed.
pub(super) fn error(text: impl Display) {
    say("error", "31", text);
}

/// Something was done otherwise than asked for.
pub(super) fn warning(text: impl Display) {
    say("warning", "33", text);
}

/// Something worth knowing.
pub(super) fn note(text: impl Display) {
    say("note", "36", text);
}

/// Colours only on a terminal, and not where `NO_COLOR` asks for none.
/// Control characters (a file name may hold any) are shown, not sent.
fn say(kind: &str, colour: &str, text: impl Display) {
    let text: String = text
        .to_string()
        .chars()
        .flat_map(|c| {
            let escape = c.is_control() && c != '\n';
            let escaped = escape.then(|| c.escape_default());
            let plain = (!escape).then_some(c);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect();
    let mut out = stderr().lock();
    // Nothing can be said where standard error is closed.
    let _ = if out.is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        writeln!(out, "\x1b[1;{colour}m{kind}\x1b[0m: {text}")
    } else {
        writeln!(out, "{kind}: {text}")
    };
}
