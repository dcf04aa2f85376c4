//! Labelled pages: folders in their publishers' layouts → [`LabelledPage`]s.
//!
//! One reader a published format, and our own JSONL ([`Format::Dehusk`]). A
//! reader lists what is there without holding page bytes: they are read when
//! [`LabelledPage::read`] asks, so that a corpus costs its gold text only.

use std::path::PathBuf;

/// Where the bytes of a labelled page are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageSource {
    /// A file; one that ends in `.gz` is gunzipped when read.
    File(PathBuf),
    /// The page itself, as our own JSONL may carry it.
    Inline(Vec<u8>),
}

/// What the annotators of a corpus counted as content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Policy {
    /// All that is the page's own: headings, lists, captions, forum replies,
    /// product data.
    Full,
    /// The article's body only: no captions, bylines or comments.
    Article,
}

/// A page and what its annotators say of it.
#[derive(Debug, Clone)]
pub struct LabelledPage {
    /// Unique in its corpus; what predictions are matched by.
    pub id: String,
    /// Name of the corpus's format: `wcxb`, `fundus` …
    pub corpus: String,
    /// Where the page's bytes are.
    pub source: PageSource,
    /// The page's address, where the corpus knows it.
    pub url: Option<String>,
    /// Pages of one group never stand on both sides of a split: the
    /// registrable domain of `url`, else the publisher, else the page's id.
    pub group: String,
    /// Gold text: the main content, empty where the right answer is nothing.
    pub text: String,
    /// Gold comments, where the corpus sets them apart from the text.
    pub comments: Option<String>,
    /// Gold title.
    pub title: Option<String>,
    /// Gold author or authors, as the corpus writes them.
    pub author: Option<String>,
    /// Gold publication date, as the corpus writes it.
    pub date: Option<String>,
    /// Page type: `article`, `forum`, `product` …
    pub page_type: Option<String>,
    /// ISO 639-1 language code.
    pub lang: Option<String>,
    /// Snippets that the extraction must hold.
    pub with: Vec<String>,
    /// Snippets that the extraction must not hold.
    pub without: Vec<String>,
    /// What the corpus counts as content.
    pub policy: Policy,
}
