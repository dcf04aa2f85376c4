//! [`Page`] → [`Metadata`]: what the page says of itself, each value with its
//! [`Provenance`].
//!
//! All that the markup states is gathered in one walk; JSON-LD is read where it
//! is broken in usual ways, and of its many things the one that the page is
//! about is found by address and headline. Which source goes first differs by
//! field, by how exact it was on the corpora that have gold for it:
//!
//! | field | sources, the first that has a value |
//! |---|---|
//! | title | `heading` that agrees with a stated title; `json-ld`, `og`, `meta`, `title`, less the site's name; any `heading` |
//! | authors | `json-ld` persons, `meta`, `og`, `microdata`, `byline`, `json-ld` organisations |
//! | published | `og`, `json-ld`, `meta`, `microdata`, `url`, `time`, `byline` |
//! | modified | `og`, `json-ld`, `meta`, `microdata` |
//! | site | `og`, `json-ld`, `meta`, `microdata` |
//! | description | `og`, `meta`, `json-ld` |
//! | declared language | `html`, `meta`, `og`, `json-ld` |
//! | canonical address | `link`, `og` |
//! | image | `og`, `meta`, `json-ld`, `link`, `microdata` |
//! | tags | all: `json-ld`, `og`, `meta`, `microdata`, `link` |
//! | licence | `link`, `json-ld`, `microdata`, `meta` |
//! | page type | `json-ld`, `og`, `microdata` |
//!
//! The files of the fields say why. A plain text has a language, and the day in its
//! address.

mod author;
mod byline;
mod date;
mod date_text;
mod found;
mod gather;
mod json_ld;
mod key;
mod language;
mod link;
mod moment;
mod month;
mod name;
mod name_words;
mod plain;
mod site;
mod structured;
mod title;
mod topic;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::Serialize;

pub use found::{Found, Provenance};
pub use language::{language, primary_code, text_language};
pub use link::canonical_url;
pub use moment::Moment;
pub use name::names;
pub use plain::{description, title};
pub(crate) use structured::is_json_ld;
pub use structured::structured_texts;

use crate::block::Blocks;
use crate::page::{InputKind, Page};
use byline::Lines;
use date::Dates;
use gather::Gathered;
use json_ld::plain as plain_text;
use key::{address_key, text_key};
use site::SiteNames;

/// What a page says of itself. Texts have their white space folded and their
/// character references decoded; none is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Metadata {
    /// The title, without the site's name.
    pub title: Option<Found<String>>,
    /// The authors, each once, as the source orders them.
    pub authors: Vec<Found<String>>,
    /// When it was published, in ISO 8601: `2021-03-04`,
    /// `2021-03-04T10:05:00+01:00`.
    pub published: Option<Found<String>>,
    /// When it was last changed, in ISO 8601.
    pub modified: Option<Found<String>>,
    /// The name of the site.
    pub site: Option<Found<String>>,
    /// The description.
    pub description: Option<Found<String>>,
    /// ISO 639-1 code of the language that the page declares.
    pub declared_language: Option<Found<String>>,
    /// ISO 639-1 code of the language that the extracted text is written in,
    /// where that is long enough to tell.
    pub detected_language: Option<Found<String>>,
    /// The page's own address, absolute.
    pub canonical_url: Option<Found<String>>,
    /// The address of the image that stands for the page, absolute.
    pub image: Option<Found<String>>,
    /// Sections, categories and tags, each once.
    pub tags: Vec<Found<String>>,
    /// The licence: an address, or a name.
    pub license: Option<Found<String>>,
    /// The page type: `article`, `forum`, `product` …
    pub page_type: Option<Found<String>>,
}

impl Metadata {
    /// Where each field was found, by the names that
    /// [`Extraction`](crate::Extraction) has for them; of lists, where their
    /// first value was.
    pub fn provenance(&self) -> BTreeMap<&'static str, Provenance> {
        let language = self.detected_language.as_ref();
        let fields = [
            ("title", self.title.as_ref()),
            ("authors", self.authors.first()),
            ("date", self.published.as_ref()),
            ("modified", self.modified.as_ref()),
            ("site", self.site.as_ref()),
            ("description", self.description.as_ref()),
            ("language", language.or(self.declared_language.as_ref())),
            ("canonical_url", self.canonical_url.as_ref()),
            ("image", self.image.as_ref()),
            ("tags", self.tags.first()),
            ("license", self.license.as_ref()),
            ("page_type", self.page_type.as_ref()),
        ];
        let found = fields
            .into_iter()
            .filter_map(|(name, found)| Some((name, found?.provenance)));
        found.collect()
    }
}

/// Reads a page's metadata as of this day: dates more than a year ahead are not
/// believed. `blocks` are the page's; `text` is what was extracted of it, and
/// only tells the language.
///
/// ```
/// use dehusk::block::Blocks;
/// use dehusk::metadata::{self, Provenance};
/// use dehusk::page::{Page, PageContext};
///
/// let page = Page::parse(
///     b"<title>Old bridge reopened | The Town Post</title>
///       <h1>Old bridge reopened</h1><p>By Ada Lovelace</p><p>17 May 2024</p>",
///     &PageContext::default(),
/// );
/// let metadata = metadata::read(&page, &Blocks::of(&page), "");
/// assert_eq!(metadata.title.unwrap().value, "Old bridge reopened");
/// assert_eq!(metadata.authors[0].value, "Ada Lovelace");
/// assert_eq!(metadata.authors[0].provenance, Provenance::Byline);
/// assert_eq!(metadata.published.unwrap().value, "2024-05-17");
/// ```
pub fn read(page: &Page, blocks: &Blocks, text: &str) -> Metadata {
    let today = Offset::UTC.to_datetime(Timestamp::now()).date();
    read_as_of(page, blocks, text, today)
}

/// [`read`] as of another day.
pub fn read_as_of(page: &Page, blocks: &Blocks, text: &str, today: Date) -> Metadata {
    if page.kind == InputKind::Text {
        return of_plain_text(page, text, today);
    }
    let gathered = Gathered::of(page);
    let base = page.url.as_ref();
    let canonical_url = link::canonical(&gathered, base);
    let canonical = canonical_url
        .as_ref()
        .and_then(|found| found.value.parse().ok());
    let address = base.or(canonical.as_ref());
    let addresses: Vec<String> = [base, canonical.as_ref()]
        .into_iter()
        .flatten()
        .map(|url| address_key(url.as_str()))
        .collect();
    let stated = [gathered.meta(&["og:title"]), gathered.title.as_deref()];
    let titles: Vec<String> = stated
        .into_iter()
        .flatten()
        .chain(gathered.headings.iter().map(String::as_str))
        .map(text_key)
        .filter(|key| !key.is_empty())
        .collect();
    let main = gathered.json_ld.main(&addresses, &titles);
    let site_names = SiteNames::of(&gathered, &main, address);
    let title = title::read(&gathered, &main, &site_names);
    let lines = Lines::about(
        title.as_ref().map(|found| found.value.as_str()),
        page,
        blocks,
    );
    let dates = Dates::of(&gathered, &main, &lines, address, today);
    Metadata {
        authors: author::read(&gathered, &main, &lines, &site_names),
        published: dates.published(),
        modified: dates.modified(),
        site: site::name(&gathered, &main),
        description: described(&gathered, &main),
        declared_language: language::declared(&gathered, &main),
        detected_language: text_language(text).map(|code| Found::new(code, Provenance::Text)),
        image: link::image(&gathered, &main, base),
        tags: topic::tags(&gathered, &main),
        license: link::license(&gathered, &main, base),
        page_type: topic::page_type(&gathered, &main),
        canonical_url,
        title,
    }
}

/// A plain text states nothing: what its address tells, and its words. Names and
/// dates in lines that nothing marks as the article's are as often another's.
fn of_plain_text(page: &Page, text: &str, today: Date) -> Metadata {
    let (gathered, no_blocks) = (Gathered::default(), Blocks::default());
    let main = gathered.json_ld.main(&[], &[]);
    let lines = Lines::about(None, page, &no_blocks);
    let dates = Dates::of(&gathered, &main, &lines, page.url.as_ref(), today);
    Metadata {
        published: dates.published(),
        detected_language: text_language(text).map(|code| Found::new(code, Provenance::Text)),
        ..Metadata::default()
    }
}

/// The description: `og:description`, which is written for readers, `meta`,
/// which is for search engines, JSON-LD.
fn described(page: &Gathered, main: &json_ld::Main) -> Option<Found<String>> {
    let all = [
        (
            page.meta(&["og:description"]).map(plain_text),
            Provenance::OpenGraph,
        ),
        (
            page.meta(&["description", "twitter:description", "dc.description"])
                .map(plain_text),
            Provenance::Meta,
        ),
        (main.text(&["description"]), Provenance::JsonLd),
    ];
    all.into_iter()
        .filter_map(|(text, provenance)| Some(Found::new(text?, provenance)))
        .find(|found| !found.value.is_empty())
}

#[cfg(test)]
mod tests;
