//! What a page is written in.

use serde::{Deserialize, Serialize};

/// What a page is written in. Whoever reads pages tells it; each kind has
/// features and a model of its own.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// HTML.
    #[default]
    Html,
    /// Plain text: lines, and groups of them between blank lines. Such are pages
    /// that were flattened, as Common Crawl's WET files hold them.
    Text,
}

impl InputKind {
    /// Its name, as files and the command line have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Text => "text",
        }
    }

    /// Whether it is HTML, as all was that says nothing of it.
    pub(crate) fn is_html(&self) -> bool {
        *self == Self::Html
    }
}
