//! `--input`.

use clap::ValueEnum;

use crate::page::InputKind;

/// What pages are written in, or that it is told by their names and records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum InputName {
    /// As each page's name or record says
    #[default]
    Auto,
    /// HTML
    Html,
    /// Plain text: lines, and blank lines between groups of them
    Text,
}

impl InputName {
    /// The kind, where it is said.
    pub(super) fn kind(self) -> Option<InputKind> {
        match self {
            Self::Auto => None,
            Self::Html => Some(InputKind::Html),
            Self::Text => Some(InputKind::Text),
        }
    }
}

/// What labelled pages are read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Flattening {
    /// HTML, as they are
    Html,
    /// Plain text: flattened as WET files are, or with blank lines and list marks
    Text,
}

impl From<Flattening> for InputKind {
    fn from(name: Flattening) -> Self {
        match name {
            Flattening::Html => Self::Html,
            Flattening::Text => Self::Text,
        }
    }
}
