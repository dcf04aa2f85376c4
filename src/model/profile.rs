//! What counts as main content.

use serde::{Deserialize, Serialize};

/// What counts as main content: a matter of policy, on which corpora differ.
/// One model knows both, as it is told whose labels it learns from.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// All that is the page's own: headings, lists, captions, forum replies,
    /// product data; not the comments under an article.
    #[default]
    Full,
    /// The article's body only: no captions, bylines or comments.
    Article,
}

impl Profile {
    /// Its name, as files and the command line have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Article => "article",
        }
    }
}
