//! When the page was published, and when it was changed.

use jiff::civil::Date;
use url::Url;

use super::byline::{Lines, order};
use super::date_text::Order;
use super::gather::Gathered;
use super::json_ld::Main;
use super::moment::Moment;
use super::{Found, Provenance};

/// `meta` of the day of publication, the most exact first.
const PUBLISHED: [&str; 32] = [
    "datepublished",
    "date_published",
    "publishdate",
    "publish_date",
    "publish-date",
    "published",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "article.published",
    "published_at",
    "publishtime",
    "publish_time",
    "date.created",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "citation_publication_date",
    "citation_date",
    "date",
    "displaydate",
    "originalpublicationdate",
    "article_date_original",
    "pub_date",
    "datecreated",
    "date.available",
    "releasedate",
];

/// `meta` of the day of the last change.
const MODIFIED: [&str; 10] = [
    "datemodified",
    "lastmod",
    "last-modified",
    "dateupdate",
    "modified",
    "date.modified",
    "date.updated",
    "dc.date.modified",
    "dcterms.modified",
    "revised",
];

/// How dates are read on a page.
pub(super) struct Dates<'a> {
    page: &'a Gathered,
    main: &'a Main<'a>,
    lines: &'a Lines<'a>,
    address: Option<&'a Url>,
    order: Order,
    today: Date,
}

impl<'a> Dates<'a> {
    pub fn of(
        page: &'a Gathered,
        main: &'a Main<'a>,
        lines: &'a Lines<'a>,
        address: Option<&'a Url>,
        today: Date,
    ) -> Self {
        let order = order(page.language.as_deref(), address.and_then(Url::host_str));
        Self {
            page,
            main,
            lines,
            address,
            order,
            today,
        }
    }

    /// The day of publication, from the first source that has a plausible one:
    ///
    /// 1. `og`: `article:published_time`, written for this one use;
    /// 2. `json-ld`: of the thing that the page is about;
    /// 3. `meta`, many names;
    /// 4. `microdata`;
    /// 5. `url`: a path with a day is named once and never changed;
    /// 6. `time`: such an element beside the headline;
    /// 7. `byline`: a date in the lines beside the headline, read by guess, else
    ///    one anywhere that is called that of the publication.
    pub fn published(&self) -> Option<Found<String>> {
        let og = [
            "article:published_time",
            "og:article:published_time",
            "og:published_time",
            "og:publish_date",
            "og:release_date",
            "article:published",
        ];
        let json = ["datePublished", "dateCreated", "uploadDate"];
        let properties = ["datePublished", "dateCreated", "date", "issued", "created"];
        let stated = [
            (
                self.first(og.iter().flat_map(|name| self.page.metas(name))),
                Provenance::OpenGraph,
            ),
            (
                self.first(self.main.text(&json).iter().map(String::as_str)),
                Provenance::JsonLd,
            ),
            (
                self.first(PUBLISHED.iter().flat_map(|name| self.page.metas(name))),
                Provenance::Meta,
            ),
            (
                self.first(
                    properties
                        .iter()
                        .flat_map(|name| self.page.properties(name)),
                ),
                Provenance::Microdata,
            ),
            (self.in_address(), Provenance::Url),
        ];
        let found = stated
            .into_iter()
            .find_map(|(moment, provenance)| Some((moment?, provenance)));
        let found = found
            .or_else(|| Some((self.lines.time(|text| self.read(text))?, Provenance::Time)))
            .or_else(|| Some((self.lines.date(|text| self.read(text))?, Provenance::Byline)))
            .or_else(|| {
                Some((
                    self.lines.named_date(|text| self.read(text))?,
                    Provenance::Byline,
                ))
            });
        found.map(|(moment, provenance)| Found::new(moment.to_string(), provenance))
    }

    /// The day of the last change: `og`, `json-ld`, `meta`, `microdata`, for the
    /// same reasons; what is visible is not asked.
    pub fn modified(&self) -> Option<Found<String>> {
        let og = [
            "article:modified_time",
            "og:updated_time",
            "og:article:modified_time",
        ];
        let stated = [
            (
                self.first(og.iter().flat_map(|name| self.page.metas(name))),
                Provenance::OpenGraph,
            ),
            (
                self.first(self.main.text(&["dateModified"]).iter().map(String::as_str)),
                Provenance::JsonLd,
            ),
            (
                self.first(MODIFIED.iter().flat_map(|name| self.page.metas(name))),
                Provenance::Meta,
            ),
            (
                self.first(
                    ["dateModified", "modified"]
                        .iter()
                        .flat_map(|name| self.page.properties(name)),
                ),
                Provenance::Microdata,
            ),
        ];
        let found = stated
            .into_iter()
            .find_map(|(moment, provenance)| Some((moment?, provenance)));
        found.map(|(moment, provenance)| Found::new(moment.to_string(), provenance))
    }

    fn read(&self, text: &str) -> Option<Moment> {
        Moment::parse(text, self.order).filter(|moment| moment.is_plausible(self.today))
    }

    fn first<'t>(&self, mut texts: impl Iterator<Item = &'t str>) -> Option<Moment> {
        texts.find_map(|text| self.read(text))
    }

    /// The day in the page's address: `/2021/03/04/`, `/2021-03/04/`,
    /// `/2021-03-04-`, `/20210304/`.
    fn in_address(&self) -> Option<Moment> {
        let path = self.address?.path();
        let digits = |text: &str, n: usize| -> Option<i16> {
            let head = text
                .get(..n)
                .filter(|head| head.bytes().all(|b| b.is_ascii_digit()))?;
            head.parse().ok()
        };
        for (at, _) in path.match_indices(|c: char| c.is_ascii_digit()) {
            if path[..at].ends_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            let rest = &path[at..];
            let Some(year) = digits(rest, 4) else {
                continue;
            };
            let mark = |text: &'_ str| text.starts_with(['/', '-', '_', '.']);
            let rest = &rest[4..];
            let (month, rest) = if mark(rest) {
                let rest = &rest[1..];
                match digits(rest, 2).or(digits(rest, 1)) {
                    Some(month) => (month, rest.trim_start_matches(|c: char| c.is_ascii_digit())),
                    None => continue,
                }
            } else {
                match digits(rest, 2) {
                    Some(month) => (month, &rest[2..]),
                    None => continue,
                }
            };
            let rest = rest.strip_prefix(['/', '-', '_', '.']).unwrap_or(rest);
            let length = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            let Some(day) = Some(length)
                .filter(|n| (1..=2).contains(n))
                .and_then(|n| digits(rest, n))
            else {
                continue;
            };
            let (month, day) = (
                i8::try_from(month).unwrap_or(0),
                i8::try_from(day).unwrap_or(0),
            );
            let moment = Date::new(year, month, day).ok().map(|date| Moment {
                date,
                time: None,
                offset: None,
            });
            if let Some(moment) = moment.filter(|moment| moment.is_plausible(self.today)) {
                return Some(moment);
            }
        }
        None
    }
}
