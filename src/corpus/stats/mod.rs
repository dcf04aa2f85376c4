//! A corpus → how large it is, and what it is made of.

mod quantiles;
mod table;

use std::collections::BTreeMap;

use serde::Serialize;

pub use quantiles::Quantiles;

use super::{LEAST_COVERAGE, LabelledPage, domains, survey};

/// How large a corpus is, and what it is made of. Displayed it is a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CorpusStats {
    /// What it is called.
    pub name: String,
    /// Pages.
    pub pages: usize,
    /// Bytes of all pages, unpacked.
    pub bytes: u64,
    /// Sites that a split keeps whole: registrable domains, else publishers.
    pub domains: usize,
    /// Pages that are of no site known ([`alone`](super::alone)).
    pub without_domain: usize,
    /// Pages by licence of the annotations.
    pub licences: BTreeMap<String, usize>,
    /// Pages by what their gold text holds: `full` or `article`.
    pub profiles: BTreeMap<String, usize>,
    /// Pages by language; `unknown` where neither corpus, gold text nor page
    /// tells.
    pub languages: BTreeMap<String, usize>,
    /// Pages by type; `unknown` where the corpus does not tell.
    pub page_types: BTreeMap<String, usize>,
    /// Pages whose gold text has no words.
    pub empty_gold: usize,
    /// Words of the gold text of those that have one.
    pub gold_words: Quantiles,
    /// Blocks of a page.
    pub blocks: Quantiles,
    /// Share of a page's gold words that its blocks hold, of pages with a gold
    /// text.
    pub coverage: Quantiles,
    /// Pages that hold less than half of their gold text: their labels mean
    /// nothing.
    pub foreign_gold: Vec<String>,
    /// Pages that cannot be read, and why; they count as pages only.
    pub unreadable: Vec<Unreadable>,
}

/// A page that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    /// The page.
    pub id: String,
    /// Why.
    pub error: String,
}

/// What is told of a page's language or type where nothing is known.
const UNKNOWN: &str = "unknown";

impl CorpusStats {
    /// Reads all pages of a corpus that is called `name`; `each` is told of
    /// every page done, for progress.
    ///
    /// ```
    /// use dehusk::corpus::{CorpusStats, Format, LabelledPage, PageSource};
    ///
    /// let source = PageSource::Inline(b"<p>Old bridge<p>reopened".to_vec());
    /// let pages = [LabelledPage::new("1", Format::Wcxb, source, "Old bridge reopened")];
    /// let stats = CorpusStats::gather("mine", &pages, || {});
    /// assert_eq!((stats.gold_words.median, stats.blocks.median), (3.0, 2.0));
    /// ```
    pub fn gather(name: &str, pages: &[LabelledPage], each: impl Fn() + Sync) -> Self {
        let (domains, without_domain) = domains(pages);
        let mut unreadable = Vec::new();
        let mut read = Vec::new();
        for (page, surveyed) in pages.iter().zip(survey(pages, each)) {
            match surveyed {
                Ok(surveyed) => read.push((page, surveyed)),
                Err(error) => unreadable.push(Unreadable {
                    id: page.id.clone(),
                    error: error.to_string(),
                }),
            }
        }
        let with_gold = || read.iter().filter(|(_, found)| found.gold_words > 0);
        Self {
            name: name.to_owned(),
            pages: pages.len(),
            bytes: read.iter().map(|(_, found)| found.bytes as u64).sum(),
            domains,
            without_domain,
            licences: counts(pages.iter().map(|page| page.licence.as_str())),
            profiles: counts(pages.iter().map(|page| page.profile.name())),
            languages: counts(
                (read.iter()).map(|(_, found)| found.language.as_deref().unwrap_or(UNKNOWN)),
            ),
            page_types: counts(
                pages
                    .iter()
                    .map(|page| page.page_type.as_deref().unwrap_or(UNKNOWN)),
            ),
            empty_gold: read.len() - with_gold().count(),
            gold_words: with_gold()
                .map(|(_, found)| found.gold_words as f64)
                .collect(),
            blocks: read.iter().map(|(_, found)| found.blocks as f64).collect(),
            coverage: with_gold()
                .map(|(_, found)| f64::from(found.coverage))
                .collect(),
            foreign_gold: read
                .iter()
                .filter(|(_, found)| found.coverage < LEAST_COVERAGE)
                .map(|(page, _)| page.id.clone())
                .collect(),
            unreadable,
        }
    }
}

fn counts<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name.to_owned()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::super::{Format, PageSource};
    use super::*;

    fn page(id: &str, html: &str, text: &str) -> LabelledPage {
        let source = PageSource::Inline(html.as_bytes().to_vec());
        LabelledPage::new(id, Format::Fundus, source, text)
    }

    #[test]
    fn pages_are_counted_by_what_they_are() {
        let mut dutch = page("1", "<p>Een brug", "Een brug").at("https://a.example.nl/");
        dutch.lang = Some("nl-BE".to_owned());
        dutch.page_type = Some("article".to_owned());
        let pages = [
            dutch,
            page("2", "<html lang=de><p>x", "x").at("https://b.example.nl/"),
            page(
                "3",
                "<p>Quite another page",
                "The council of the city voted late",
            ),
            page("4", "<p>Nothing here", "–"),
            LabelledPage::new("5", Format::Wcxb, PageSource::File("no/such".into()), "Tea"),
        ];
        let stats = CorpusStats::gather("mine", &pages, || {});
        assert_eq!((stats.pages, stats.empty_gold), (5, 1));
        assert_eq!((stats.domains, stats.without_domain), (1, 3));
        assert_eq!(stats.licences["MIT"], 4);
        assert_eq!(stats.profiles["article"], 4);
        assert_eq!(stats.languages["nl"], 1);
        assert_eq!(stats.languages["de"], 1);
        assert_eq!(stats.page_types[UNKNOWN], 4);
        assert_eq!(stats.gold_words.count, 3);
        assert_eq!((stats.gold_words.least, stats.gold_words.most), (1.0, 7.0));
        assert_eq!((stats.coverage.least, stats.coverage.most), (0.0, 1.0));
        assert_eq!(stats.foreign_gold, ["3"]);
        assert_eq!(stats.unreadable[0].id, "5");
        assert!(stats.unreadable[0].error.contains("no/such"));
    }
}
