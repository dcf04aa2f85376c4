//! A value and where on the page it was found.

use std::fmt;

use serde::Serialize;

/// A value that the page tells, and where it tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found<T> {
    /// The value.
    pub value: T,
    /// Where it was found.
    pub provenance: Provenance,
}

impl<T> Found<T> {
    /// A value that was found there.
    pub fn new(value: T, provenance: Provenance) -> Self {
        Self { value, provenance }
    }
}

/// Where on a page a value of its metadata was found; written as
/// [`Provenance::name`] has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Provenance {
    /// `json-ld`: a `script` of JSON-LD.
    JsonLd,
    /// `og`: Open Graph and its kin, `meta property=og:…` and `article:…`.
    OpenGraph,
    /// `meta`: any other `meta`, those of Twitter and Dublin Core among them.
    Meta,
    /// `microdata`: an element with `itemprop`, or with `property` (RDFa).
    Microdata,
    /// `link`: a `link` or an `a` with `rel`.
    Link,
    /// `title`: the `title` element.
    Title,
    /// `heading`: an `h1`.
    Heading,
    /// `byline`: the visible lines about the headline.
    Byline,
    /// `url`: the page's address.
    Url,
    /// `time`: a `time` element.
    Time,
    /// `html`: the root element.
    Html,
    /// `text`: the extracted text.
    Text,
}

impl Provenance {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::JsonLd => "json-ld",
            Self::OpenGraph => "og",
            Self::Meta => "meta",
            Self::Microdata => "microdata",
            Self::Link => "link",
            Self::Title => "title",
            Self::Heading => "heading",
            Self::Byline => "byline",
            Self::Url => "url",
            Self::Time => "time",
            Self::Html => "html",
            Self::Text => "text",
        }
    }
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Provenance {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
