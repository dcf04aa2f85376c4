//! What is written: pages, and inputs that gave none.

use serde::Serialize;

use crate::extract::Extraction;

/// A page that was extracted. As JSON an object of `id`, `source`, `offset`
/// where there is one, and the extraction's fields.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PageRecord {
    /// What the page is called; parts of a path are joined by `/`.
    pub id: String,
    /// The file, `-` or address it came from, as it was named.
    pub source: String,
    /// Where in its source it begins: a byte of a WARC file, a line or row from
    /// 1 of other containers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// What was extracted.
    #[serde(flatten)]
    pub extraction: Extraction,
}

/// An input that gave no page, as it is written to the file of failures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The file, `-` or address, as it was named.
    pub source: String,
    /// Where in its source it begins, as in [`PageRecord::offset`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// What the page would be called, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What went wrong, in a sentence.
    pub reason: String,
}

/// A rendering of a page's main content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum Content {
    /// The words.
    #[default]
    Text,
    /// Text for readers, where [`Renderings`](crate::render::Renderings) had it
    /// made; else the words.
    Plain,
    /// Markdown, likewise.
    Markdown,
    /// HTML, likewise.
    Html,
    /// TEI, likewise. Each is an XML document of its own: several in one stream
    /// are not one.
    Tei,
}

impl Content {
    /// Its name, as a column or a form of output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Plain => "plain",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Tei => "tei",
        }
    }

    /// What the name of a file of it ends in, after the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Text | Self::Plain => "txt",
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Tei => "xml",
        }
    }

    /// The rendering of a page, where it was made.
    pub fn of(self, extraction: &Extraction) -> Option<&str> {
        match self {
            Self::Text => Some(&extraction.text),
            Self::Plain => Some(extraction.plain.as_ref().unwrap_or(&extraction.text)),
            Self::Markdown => extraction.markdown.as_deref(),
            Self::Html => extraction.html.as_deref(),
            Self::Tei => extraction.tei.as_deref(),
        }
    }
}
