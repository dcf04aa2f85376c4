//! Messages to the person at the keyboard, or to a program that reads them, on
//! standard error.

use std::fmt::Display;
use std::io::{IsTerminal, Write, stderr};
use std::sync::OnceLock;

use serde::Serialize;

use super::printable::printable;
use crate::source::Place;
use crate::text::steers_terminal;

/// How messages look, and which are told.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(super) struct Style {
    /// Tell errors only: no progress, notes, warnings or closing line
    #[arg(short, long, global = true, help_heading = "Messages")]
    pub(super) quiet: bool,
    /// Form of messages on standard error
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "FORM",
        help_heading = "Messages"
    )]
    log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum LogFormat {
    /// For people: a line of text a message
    #[default]
    Text,
    /// For programs: a JSON object a line, of level, source, offset and message
    Json,
}

static STYLE: OnceLock<Style> = OnceLock::new();

/// Sets how all messages of this process look.
pub(super) fn set_style(style: Style) {
    // Set once, by the one command that a process runs.
    let _ = STYLE.set(style);
}

fn style() -> Style {
    STYLE.get().copied().unwrap_or_default()
}

/// Whether progress may be shown at all.
pub(super) fn shows_progress() -> bool {
    !style().quiet && style().log_format == LogFormat::Text
}

#[derive(Clone, Copy)]
enum Level {
    Error,
    Warning,
    Note,
}

/// Something failed.
pub(super) fn error(text: impl Display) {
    say(Level::Error, None, text);
}

/// Something of an input failed.
pub(super) fn error_at(place: &Place, text: impl Display) {
    say(Level::Error, Some(place), text);
}

/// Something was done otherwise than asked for.
pub(super) fn warning(text: impl Display) {
    say(Level::Warning, None, text);
}

/// Something of an input was read otherwise than it is written.
pub(super) fn warning_at(place: &Place, text: impl Display) {
    say(Level::Warning, Some(place), text);
}

/// Something worth knowing.
pub(super) fn note(text: impl Display) {
    say(Level::Note, None, text);
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }

    fn colour(self) -> &'static str {
        match self {
            Self::Error => "31",
            Self::Warning => "33",
            Self::Note => "36",
        }
    }
}

/// A message as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    level: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    message: &'a str,
}

fn say(level: Level, place: Option<&Place>, text: impl Display) {
    let style = style();
    if style.quiet && !matches!(level, Level::Error) {
        return;
    }
    let text = text.to_string();
    let line = match style.log_format {
        LogFormat::Text => {
            let text = match place {
                Some(place) => format!("{place}: {text}"),
                None => text,
            };
            human(level, &text, stderr().is_terminal())
        }
        LogFormat::Json => {
            let line = Line {
                level: level.name(),
                source: place.map(|place| place.source.as_str()),
                offset: place.and_then(Place::offset),
                message: &text,
            };
            // Texts and a number: nothing that JSON cannot hold.
            let json = serde_json::to_string(&line).unwrap_or_default();
            without_control(&json)
        }
    };
    // Nothing can be said where standard error is closed.
    let _ = writeln!(stderr().lock(), "{line}");
}

/// JSON, without the characters that it may hold as they are and a terminal would
/// obey: they stand in its texts only.
fn without_control(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    for c in json.chars() {
        if steers_terminal(c) {
            plain.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            plain.push(c);
        }
    }
    plain
}

/// Colours only on a terminal, and not where `NO_COLOR` asks for none.
/// Control characters (a file name may hold any) are shown, not sent.
fn human(level: Level, text: &str, terminal: bool) -> String {
    let text = printable(text);
    let name = level.name();
    if terminal && std::env::var_os("NO_COLOR").is_none() {
        format!("\x1b[1;{}m{name}\x1b[0m: {text}", level.colour())
    } else {
        format!("{name}: {text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_json_means_what_it_did_and_steers_no_terminal() {
        let message = "a\u{1b}[2J\u{9b}31m\u{7f} \u{202e}net \u{200f}\"é\"\n";
        let line = without_control(&serde_json::to_string(message).unwrap());
        assert!(!line.contains(steers_terminal), "{line}");
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), message);
    }
}
