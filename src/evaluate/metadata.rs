//! Title, authors and date that an extractor tells + gold ones → how often they
//! are right.
//!
//! Only pages with gold for a field count: that a corpus names no author does
//! not mean that the page has none. What is compared is
//!
//! * of titles the words, whatever their case and what stands between them;
//! * of authors the set of names, gold and predicted ones split and cleaned by
//!   [`names`], their words as of titles;
//! * of dates the calendar day, as written; where both tell a zone, the
//!   predicted one's day in the gold one's zone.
//!
//! Gold dates of less than a day (`1996-6`) are no gold.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use super::{Bootstrap, Interval, word_f1};
use crate::block::Blocks;
use crate::corpus::{CorpusError, LabelledPage};
use crate::metadata::{self, Moment, names};
use crate::text::tokens;

/// What an extractor tells of a page beside its text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ToldMetadata {
    /// The title.
    pub title: Option<String>,
    /// The authors: names, or texts that hold several.
    pub authors: Vec<String>,
    /// The day of publication, in ISO 8601.
    pub date: Option<String>,
}

impl ToldMetadata {
    /// What dehusk tells of a page.
    ///
    /// # Errors
    /// When the page cannot be read.
    pub fn of(page: &LabelledPage) -> Result<Self, CorpusError> {
        let page = page.parse()?;
        let told = metadata::read(&page, &Blocks::of(&page), "");
        Ok(Self {
            title: told.title.map(|found| found.value),
            authors: told.authors.into_iter().map(|found| found.value).collect(),
            date: told.published.map(|found| found.value),
        })
    }
}

/// Whether a page has gold for any field that is measured.
pub fn has_gold_metadata(page: &LabelledPage) -> bool {
    page.title.is_some() || page.author.is_some() || gold_day(page).is_some()
}

/// How many values of a field a page has, an extractor tells, and of both are
/// the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldScore {
    /// The gold value, as the corpus writes it.
    pub gold: String,
    /// What the extractor tells.
    pub told: Option<String>,
    /// Gold values: one, of authors as many as there are names.
    pub wanted: usize,
    /// Values that are told.
    pub given: usize,
    /// Values that are both.
    pub right: usize,
    /// Word F1 of the told and the gold title, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words_f1: Option<f64>,
}

/// What is right of one page's metadata. Made by [`score_metadata`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MetadataScore {
    /// The page's id, unique in its corpus.
    pub id: String,
    /// Its corpus.
    pub corpus: String,
    /// Its group: what intervals resample.
    pub group: String,
    /// The title, where the page has a gold one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<FieldScore>,
    /// The authors, where the page has gold ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<FieldScore>,
    /// The day, where the page has a gold one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<FieldScore>,
}

/// Compares what is told of a page with its gold.
pub fn score_metadata(page: &LabelledPage, told: &ToldMetadata) -> MetadataScore {
    MetadataScore {
        id: page.id.clone(),
        corpus: page.corpus.clone(),
        group: page.group.clone(),
        title: page
            .title
            .as_ref()
            .filter(|gold| !key(gold).is_empty())
            .map(|gold| {
                let title = told.title.clone().filter(|title| !key(title).is_empty());
                FieldScore {
                    wanted: 1,
                    given: usize::from(title.is_some()),
                    right: usize::from(
                        title
                            .as_deref()
                            .is_some_and(|title| key(title) == key(gold)),
                    ),
                    words_f1: Some(word_f1(gold, title.as_deref().unwrap_or_default()).f1),
                    gold: gold.clone(),
                    told: title,
                }
            }),
        author: page
            .author
            .as_ref()
            .and_then(|gold| of_authors(gold, &told.authors)),
        date: gold_day(page).map(|gold| of_date(gold, told.date.as_deref())),
    }
}

fn of_authors(gold: &str, told: &[String]) -> Option<FieldScore> {
    let set = |texts: &mut dyn Iterator<Item = &str>| -> BTreeSet<String> {
        let names = texts.flat_map(names).map(|name| key(&name));
        names.filter(|name| !name.is_empty()).collect()
    };
    let wanted = set(&mut [gold].into_iter());
    let given = set(&mut told.iter().map(String::as_str));
    (!wanted.is_empty()).then(|| FieldScore {
        gold: gold.to_owned(),
        told: (!told.is_empty()).then(|| told.join("; ")),
        wanted: wanted.len(),
        given: given.len(),
        right: wanted.intersection(&given).count(),
        words_f1: None,
    })
}

/// A page's gold date and how the corpus writes it.
fn gold_day(page: &LabelledPage) -> Option<(Moment, &str)> {
    let gold = page.date.as_deref()?;
    Some((Moment::of_day(gold)?, gold))
}

fn of_date((gold, written): (Moment, &str), told: Option<&str>) -> FieldScore {
    let moment = told.and_then(Moment::of_day);
    FieldScore {
        gold: written.to_owned(),
        told: told.map(str::to_owned),
        wanted: 1,
        given: usize::from(told.is_some()),
        right: usize::from(moment.is_some_and(|moment| day_beside(&moment, &gold) == gold.date)),
        words_f1: None,
    }
}

/// The day of `moment`, in the zone of `gold` where both tell one.
fn day_beside(moment: &Moment, gold: &Moment) -> Date {
    let (Some(time), Some(offset), Some(zone)) = (moment.time, moment.offset, gold.offset) else {
        return moment.date;
    };
    let timestamp = offset.to_timestamp(moment.date.to_datetime(time));
    timestamp.map_or(moment.date, |timestamp| zone.to_datetime(timestamp).date())
}

fn key(text: &str) -> String {
    let text = text.replace('\u{AD}', "");
    tokens(&text).collect::<Vec<_>>().join(" ")
}

/// How good an extractor is at one field, over the pages that have gold for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldSummary {
    /// Pages that have gold.
    pub pages: usize,
    /// Pages of these that the extractor tells the field of.
    pub told: usize,
    /// Right values by those given; `None` where none is.
    pub precision: Option<f64>,
    /// Right values by those wanted, 0 to 1.
    pub recall: f64,
    /// `2 · right / (given + wanted)`, which is the harmonic mean of precision
    /// and recall, 0 to 1, with its interval over groups.
    pub f1: Interval,
    /// Mean word F1 of titles, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words_f1: Option<f64>,
}

impl FieldSummary {
    /// `None` over no pages.
    fn of<'a>(
        pages: &[&'a MetadataScore],
        field: fn(&'a MetadataScore) -> Option<&'a FieldScore>,
        bootstrap: Bootstrap,
    ) -> Option<Self> {
        let (scores, groups): (Vec<&FieldScore>, Vec<&str>) = pages
            .iter()
            .filter_map(|page| Some((field(page)?, page.group.as_str())))
            .unzip();
        if scores.is_empty() {
            return None;
        }
        let sum = |of: fn(&FieldScore) -> usize| {
            scores.iter().map(|score| of(score)).sum::<usize>() as f64
        };
        let (right, given, wanted) = (sum(|s| s.right), sum(|s| s.given), sum(|s| s.wanted));
        let twice: Vec<f64> = scores.iter().map(|s| 2.0 * s.right as f64).collect();
        let both: Vec<f64> = scores.iter().map(|s| (s.given + s.wanted) as f64).collect();
        let words: Vec<f64> = scores.iter().filter_map(|score| score.words_f1).collect();
        Some(Self {
            pages: scores.len(),
            told: scores.iter().filter(|score| score.given > 0).count(),
            precision: (given > 0.0).then(|| right / given),
            recall: right / wanted,
            f1: bootstrap.ratio_by_group(&twice, &both, &groups),
            words_f1: (!words.is_empty()).then(|| words.iter().sum::<f64>() / words.len() as f64),
        })
    }
}

/// How good an extractor is at the fields.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldSummaries {
    /// Titles; `None` where no page has a gold one, as below.
    pub title: Option<FieldSummary>,
    /// Authors, each name counts once.
    pub author: Option<FieldSummary>,
    /// Days of publication.
    pub date: Option<FieldSummary>,
}

impl FieldSummaries {
    fn of(pages: &[&MetadataScore], bootstrap: Bootstrap) -> Self {
        Self {
            title: FieldSummary::of(pages, |page| page.title.as_ref(), bootstrap),
            author: FieldSummary::of(pages, |page| page.author.as_ref(), bootstrap),
            date: FieldSummary::of(pages, |page| page.date.as_ref(), bootstrap),
        }
    }

    /// The fields that were measured, by name.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &FieldSummary)> {
        let all = [
            ("title", &self.title),
            ("author", &self.author),
            ("date", &self.date),
        ];
        all.into_iter()
            .filter_map(|(name, summary)| Some((name, summary.as_ref()?)))
    }
}

/// How good an extractor is at metadata on labelled pages.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MetadataReport {
    /// Over all pages.
    pub overall: FieldSummaries,
    /// Over the pages of each corpus.
    pub by_corpus: BTreeMap<String, FieldSummaries>,
    /// Every page with gold, in the order given.
    pub pages: Vec<MetadataScore>,
}

impl MetadataReport {
    /// Sums up the scores of pages; `seed` fixes the intervals. `None` where no
    /// page has gold.
    pub fn new(scores: Vec<MetadataScore>, seed: u64) -> Option<Self> {
        let has_gold = |page: &MetadataScore| {
            page.title.is_some() || page.author.is_some() || page.date.is_some()
        };
        let pages: Vec<MetadataScore> = scores.into_iter().filter(has_gold).collect();
        if pages.is_empty() {
            return None;
        }
        let bootstrap = Bootstrap::new(super::RESAMPLES, seed);
        let mut parts: BTreeMap<&str, Vec<&MetadataScore>> = BTreeMap::new();
        for page in &pages {
            parts.entry(&page.corpus).or_default().push(page);
        }
        Some(Self {
            overall: FieldSummaries::of(&pages.iter().collect::<Vec<_>>(), bootstrap),
            by_corpus: parts
                .iter()
                .map(|(corpus, pages)| ((*corpus).to_owned(), FieldSummaries::of(pages, bootstrap)))
                .collect(),
            pages,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::page_score::labelled;
    use super::*;

    fn page(id: &str, title: &str, author: &str, date: &str) -> LabelledPage {
        let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        LabelledPage {
            title: said(title),
            author: said(author),
            date: said(date),
            ..labelled(id, "wcxb", "x")
        }
    }

    fn told(title: &str, authors: &[&str], date: &str) -> ToldMetadata {
        let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        ToldMetadata {
            title: said(title),
            authors: authors.iter().map(|&author| author.to_owned()).collect(),
            date: said(date),
        }
    }

    #[test]
    fn titles_are_compared_by_their_words_and_authors_by_their_names() {
        let page = page(
            "a",
            "Old bridge: reopened!",
            "Ada Lovelace & Charles Babbage",
            "",
        );
        let score = score_metadata(
            &page,
            &told("old bridge – Reopened", &["ada lovelace; Ida Rhodes"], ""),
        );
        let title = score.title.unwrap();
        assert_eq!((title.wanted, title.given, title.right), (1, 1, 1));
        assert_eq!(title.words_f1, Some(1.0));
        let author = score.author.unwrap();
        assert_eq!((author.wanted, author.given, author.right), (2, 2, 1));
        assert_eq!(score.date, None);
        let title = score_metadata(&page, &told("Old bridge", &[], ""))
            .title
            .unwrap();
        assert_eq!((title.right, title.words_f1), (0, Some(0.8)));
    }

    #[test]
    fn dates_are_compared_by_day_in_the_gold_one_s_zone() {
        let right = |gold: &str, told_date: &str| {
            let score = score_metadata(&page("a", "", "", gold), &told("", &[], told_date));
            score.date.map(|date| date.right)
        };
        assert_eq!(right("2024-05-17", "2024-05-17T23:30:00Z"), Some(1));
        assert_eq!(right("2024-05-17 21:23", "2024-05-16"), Some(0));
        assert_eq!(right("2005-5-7 21:23:57", "2005-05-07"), Some(1));
        assert_eq!(
            right("2024-05-18 00:30:00+01:00", "2024-05-17T23:30:00Z"),
            Some(1)
        );
        assert_eq!(right("1996-6", "1996-06-01"), None);
        assert_eq!(right("2024-05-17", "soon"), Some(0));
    }

    #[test]
    fn precision_is_of_what_is_given_and_recall_of_what_is_wanted() {
        let scores = vec![
            score_metadata(
                &page("a", "Old bridge", "", ""),
                &told("Old bridge", &[], ""),
            ),
            score_metadata(&page("b", "Old mill", "", ""), &told("Old bridge", &[], "")),
            score_metadata(&page("c", "Old gate", "", ""), &told("", &[], "")),
            score_metadata(&page("d", "", "", ""), &told("Old", &["Ada"], "2024-05-17")),
        ];
        let report = MetadataReport::new(scores, 0).unwrap();
        assert_eq!(report.pages.len(), 3);
        let title = report.by_corpus["wcxb"].title.clone().unwrap();
        assert_eq!((title.pages, title.told), (3, 2));
        assert_eq!((title.precision, title.recall), (Some(0.5), 1.0 / 3.0));
        assert!((title.f1.mean - 0.4).abs() < 1e-12);
        assert_eq!(title.words_f1, Some((1.0 + 0.5) / 3.0));
        assert_eq!(
            (&report.overall.author, &report.overall.date),
            (&None, &None)
        );
    }

    #[test]
    fn without_gold_there_is_no_report() {
        let score = score_metadata(&page("a", "", "", ""), &told("Old", &["Ada"], "2024-05-17"));
        assert_eq!(MetadataReport::new(vec![score], 0), None);
    }
}
