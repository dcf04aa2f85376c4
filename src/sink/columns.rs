//! The columns of a table of pages.

use super::{Content, PageRecord};

/// A column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) name: &'static str,
    #[cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "CSV is untyped"))]
    pub(super) kind: Kind,
    what: What,
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text that every page has.
    Text,
    /// A text that a page may lack.
    TextIfAny,
    /// A whole number that a page may lack.
    WholeIfAny,
    /// A number that every page has.
    Number,
    /// Any number of texts.
    Texts,
}

/// A cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    Text(&'a str),
    TextIfAny(Option<&'a str>),
    WholeIfAny(Option<u64>),
    Number(f32),
    Texts(&'a [String]),
}

#[derive(Debug, Clone, Copy)]
enum What {
    Of(fn(&PageRecord) -> Cell<'_>),
    Content(Content),
}

impl Column {
    const fn new(name: &'static str, kind: Kind, of: fn(&PageRecord) -> Cell<'_>) -> Self {
        let what = What::Of(of);
        Self { name, kind, what }
    }

    /// Whether it holds a rendering of the pages.
    #[cfg(feature = "parquet")]
    pub(super) fn is_content(self) -> bool {
        matches!(self.what, What::Content(_))
    }

    pub(super) fn cell(self, page: &PageRecord) -> Cell<'_> {
        match self.what {
            What::Of(of) => of(page),
            What::Content(content) => Cell::TextIfAny(content.of(&page.extraction)),
        }
    }
}

const BEFORE_CONTENT: [Column; 15] = [
    Column::new("id", Kind::Text, |page| Cell::Text(&page.id)),
    Column::new("source", Kind::Text, |page| Cell::Text(&page.source)),
    Column::new("offset", Kind::WholeIfAny, |page| {
        Cell::WholeIfAny(page.offset)
    }),
    Column::new("url", Kind::TextIfAny, |page| {
        Cell::TextIfAny(page.extraction.url.as_deref())
    }),
    Column::new("title", Kind::TextIfAny, |page| {
        Cell::TextIfAny(page.extraction.title.as_deref())
    }),
    Column::new("authors", Kind::Texts, |page| {
        Cell::Texts(&page.extraction.authors)
    }),
    Column::new("date", Kind::TextIfAny, |page| {
        Cell::TextIfAny(page.extraction.date.as_deref())
    }),
    Column::new("modified", Kind::TextIfAny, |page| {
        Cell::TextIfAny(page.extraction.modified.as_deref())
    }),
    Column::new("site", Kind::TextIfAny, |page| {
        Cell::TextIfAny(page.extraction.site.as_deref())
    }),
    Column::new("description", Kind::TextIfAny, |page| {
        Cell::TextIfAny(page.extraction.description.as_deref())
    }),
    Column::new("language", Kind::TextIfAny, |page| {
        Cell::TextIfAny(page.extraction.language.as_deref())
    }),
    Column::new("image", Kind::TextIfAny, |page| {
        Cell::TextIfAny(page.extraction.image.as_deref())
    }),
    Column::new("tags", Kind::Texts, |page| {
        Cell::Texts(&page.extraction.tags)
    }),
    Column::new("license", Kind::TextIfAny, |page| {
        Cell::TextIfAny(page.extraction.license.as_deref())
    }),
    Column::new("page_type", Kind::TextIfAny, |page| {
        Cell::TextIfAny(page.extraction.page_type.as_deref())
    }),
];

const AFTER_CONTENT: [Column; 2] = [
    Column::new("quality", Kind::Number, |page| {
        Cell::Number(page.extraction.quality)
    }),
    Column::new("warnings", Kind::Texts, |page| {
        Cell::Texts(&page.extraction.warnings)
    }),
];

/// The columns of a table that shows these contents.
pub(super) fn columns(contents: &[Content]) -> Vec<Column> {
    let contents = contents.iter().map(|&content| Column {
        name: content.name(),
        kind: Kind::TextIfAny,
        what: What::Content(content),
    });
    let before = BEFORE_CONTENT.into_iter();
    before.chain(contents).chain(AFTER_CONTENT).collect()
}
