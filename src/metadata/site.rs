//! The name of the site, and titles without it.

use super::gather::Gathered;
use super::json_ld::{Main, plain};
use super::key::text_key;
use super::{Found, Provenance};
use url::Url;

/// Words that a site's name at the end of a title may have where the page does
/// not say how it is called.
const MOST_WORDS: usize = 5;

/// Marks that stand between a title and the site's name, spaces around them.
const MARKS: [&str; 12] = [
    " | ", " - ", " – ", " — ", " · ", " • ", " » ", " « ", " :: ", " ~ ", " / ", " ‹ ",
];

/// Marks that need no space: none of them is found within a title.
const BARE_MARKS: [&str; 5] = ["｜", "|", "_", "ㅣ", "::"];

/// The site's name: `og:site_name`, which is there for nothing else; the
/// publisher and the site of the JSON-LD; the names of the application that the
/// page is of; microdata.
pub(super) fn name(page: &Gathered, main: &Main) -> Option<Found<String>> {
    let og = page
        .meta(&["og:site_name"])
        .map(|name| Found::new(plain(name), Provenance::OpenGraph));
    og.or_else(|| {
        let named = main.publisher().or_else(|| main.site.clone());
        Some(Found::new(named?, Provenance::JsonLd))
    })
    .or_else(|| {
        let named = page.meta(&[
            "application-name",
            "apple-mobile-web-app-title",
            "dc.publisher",
        ]);
        Some(Found::new(plain(named?), Provenance::Meta))
    })
    .or_else(|| {
        let named = page.properties("publisher").next()?;
        Some(Found::new(plain(named), Provenance::Microdata))
    })
    .filter(|found| !found.value.is_empty() && !found.value.starts_with("http"))
}

/// All that a site goes by, as keys without spaces: what it says of itself and
/// the labels of its host.
#[derive(Debug, Default)]
pub(super) struct SiteNames {
    names: Vec<String>,
    labels: Vec<String>,
}

impl SiteNames {
    pub fn of(page: &Gathered, main: &Main, address: Option<&Url>) -> Self {
        let said = page.meta(&["og:site_name"]).map(str::to_owned);
        let more = page.meta(&["application-name", "apple-mobile-web-app-title"]);
        let names = [
            said,
            main.publisher(),
            main.site.clone(),
            more.map(str::to_owned),
        ];
        let host = address.and_then(Url::host_str).unwrap_or_default();
        let host = host.strip_prefix("www.").unwrap_or(host);
        let domain = psl::domain_str(host).unwrap_or(host);
        let label = domain.split('.').next().unwrap_or_default();
        Self {
            names: names
                .iter()
                .flatten()
                .map(|name| squeezed(name))
                .filter(|name| !name.is_empty())
                .collect(),
            labels: [host, domain, label]
                .iter()
                .map(|label| squeezed(label))
                .filter(|label| !label.is_empty())
                .collect(),
        }
    }

    /// Whether a text is the site's name, or its host, domain or the first label of
    /// that: `Tages-Anzeiger` is `tagesanzeiger.ch`.
    pub fn are(&self, text: &str) -> bool {
        let text = squeezed(text);
        !text.is_empty() && (self.names.contains(&text) || self.labels.contains(&text))
    }

    /// Whether a text is named after the site: it holds its name, or the name
    /// holds it.
    pub fn are_like(&self, text: &str) -> bool {
        let text = squeezed(text);
        text.chars().count() >= 3
            && self.names.iter().chain(&self.labels).any(|name| {
                name.chars().count() >= 3 && (text.contains(name.as_str()) || name.contains(&text))
            })
    }
}

fn squeezed(text: &str) -> String {
    text_key(text).replace(' ', "")
}

/// A title without the site's name and what stands beside it: what is behind
/// the last mark goes while it is named after the site or short, and what is
/// before the first where it is the site's name.
pub(super) fn without_site(title: &str, site: &SiteNames) -> String {
    let mut title = title.trim();
    while let Some((head, tail)) = split_last(title) {
        let words = text_key(tail).split(' ').count();
        let kept = text_key(head).split(' ').count();
        // `Chapter 3 - Bridges` and the like: too little is left for a title.
        let short = words <= MOST_WORDS && kept > words && kept > 1;
        if site.are(tail) || (words <= MOST_WORDS + 3 && kept > 1 && site.are_like(tail)) || short {
            title = head;
        } else {
            break;
        }
    }
    if let Some((head, tail)) = split_first(title).filter(|(head, _)| site.are(head))
        && !head.is_empty()
    {
        title = tail;
    }
    title.to_owned()
}

fn split_last(title: &str) -> Option<(&str, &str)> {
    let marks = MARKS.iter().chain(&BARE_MARKS);
    let (at, mark) = marks
        .filter_map(|mark| Some((title.rfind(mark)?, mark)))
        .max()?;
    let (head, tail) = (title[..at].trim(), title[at + mark.len()..].trim());
    (!head.is_empty()).then_some((head, tail))
}

fn split_first(title: &str) -> Option<(&str, &str)> {
    let marks = MARKS.iter().chain(&BARE_MARKS).chain(&[": "]);
    let (at, mark) = marks
        .filter_map(|mark| Some((title.find(mark)?, mark)))
        .min()?;
    let (head, tail) = (title[..at].trim(), title[at + mark.len()..].trim());
    (!tail.is_empty()).then_some((head, tail))
}
