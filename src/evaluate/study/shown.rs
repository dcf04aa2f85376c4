//! The pages to be looked at: which, and how much of them.

use serde::Serialize;

use super::Evidence;
use crate::evaluate::{BlockScore, Report};
use crate::render;
use crate::train::PreparedPage;

/// Label coverage under which a page's gold text is to blame before the model.
pub const LOW_COVERAGE: f64 = 0.8;

/// Characters of a gold text or an output that are held.
const MOST_TEXT: usize = 4_000;
/// Characters of a block that are held.
const MOST_BLOCK_TEXT: usize = 400;
/// Blocks of a page that are held.
const MOST_BLOCKS: usize = 300;

/// A text, or its beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// The text, as far as it is held.
    pub text: String,
    /// Characters that follow and are not held.
    pub more: usize,
}

impl Excerpt {
    /// The first `most` characters of a text.
    pub(in crate::evaluate) fn of(text: &str, most: usize) -> Self {
        let end = text
            .char_indices()
            .nth(most)
            .map_or(text.len(), |(at, _)| at);
        Self {
            text: text[..end].to_owned(),
            more: text[end..].chars().count(),
        }
    }
}

/// What became of a block × what it is: content where at least half of its
/// words are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Content that was kept.
    Kept,
    /// Boilerplate that was kept.
    WronglyKept,
    /// Content that was left.
    Missed,
    /// Boilerplate that was left.
    Left,
}

impl Outcome {
    fn of(kept: bool, label: f32) -> Self {
        match (kept, label >= 0.5) {
            (true, true) => Self::Kept,
            (true, false) => Self::WronglyKept,
            (false, true) => Self::Missed,
            (false, false) => Self::Left,
        }
    }

    /// Its name in a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::WronglyKept => "wrongly kept",
            Self::Missed => "missed",
            Self::Left => "left",
        }
    }
}

/// A block of a page that is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownBlock {
    /// Its place among the page's blocks, from 0.
    pub order: usize,
    /// Name of the block-level element it stands under.
    pub tag: String,
    /// XPath of that element.
    pub xpath: String,
    /// Its words.
    pub words: usize,
    /// Its probability of being content, 0 to 1.
    pub probability: f32,
    /// Share of its words that is content, 0 to 1.
    pub label: f32,
    /// What became of it.
    pub outcome: Outcome,
    /// What it says.
    pub text: Excerpt,
}

/// A page that is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownPage {
    /// Its place in [`Report::pages`].
    pub page: usize,
    /// Its address, as the corpus has it.
    pub url: Option<String>,
    /// The gold text.
    pub gold: Excerpt,
    /// The extraction.
    pub output: Excerpt,
    /// Its blocks in order, where blocks were judged.
    pub blocks: Vec<ShownBlock>,
    /// Blocks that are not held: of a page of very many, those of the fewest
    /// wrong words.
    pub blocks_left_out: usize,
}

/// A page that does not hold its gold text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LowCoverage {
    /// Its place in [`Report::pages`].
    pub page: usize,
    /// Share of the gold words that it holds, 0 to 1, under [`LOW_COVERAGE`].
    pub coverage: f64,
    /// About the best word F1 that any choice of its words reaches, 0 to 1:
    /// that of keeping all that is matched and nothing else, `2c/(1+c)`.
    pub best_f1: f64,
}

fn is_low(coverage: Option<f64>) -> bool {
    coverage.is_some_and(|coverage| coverage < LOW_COVERAGE)
}

/// The pages of low label coverage, lowest first.
pub(super) fn low_coverage(report: &Report) -> Vec<LowCoverage> {
    let mut low: Vec<LowCoverage> = report
        .pages
        .iter()
        .enumerate()
        .filter(|(_, score)| is_low(score.coverage))
        .filter_map(|(page, score)| {
            let coverage = score.coverage?;
            Some(LowCoverage {
                page,
                coverage,
                best_f1: 2.0 * coverage / (1.0 + coverage),
            })
        })
        .collect();
    low.sort_by(|a, b| a.coverage.total_cmp(&b.coverage));
    low
}

/// The `most` pages of lowest F1 whose labels can be trusted, lowest first; of
/// equals the one with more gold words first.
pub(super) fn worst(report: &Report, evidence: Evidence<'_>, most: usize) -> Vec<ShownPage> {
    let scores = &report.pages;
    let mut pages: Vec<usize> = (0..scores.len())
        .filter(|&i| !is_low(scores[i].coverage))
        .collect();
    pages.sort_by(|&a, &b| {
        let (a, b) = (&scores[a], &scores[b]);
        a.f1.total_cmp(&b.f1)
            .then(b.gold_words.cmp(&a.gold_words))
            .then_with(|| (&a.corpus, &a.id).cmp(&(&b.corpus, &b.id)))
    });
    pages.truncate(most);
    pages
        .into_iter()
        .map(|page| match evidence {
            Evidence::Blocks { pages, .. } => with_blocks(page, &pages[page], &scores[page].blocks),
            Evidence::Texts { pages, predictions } => {
                let labelled = &pages[page];
                let output = predictions.text(&labelled.id).unwrap_or_default();
                ShownPage {
                    page,
                    url: labelled.url.clone(),
                    gold: Excerpt::of(&labelled.text, MOST_TEXT),
                    output: Excerpt::of(output, MOST_TEXT),
                    blocks: Vec::new(),
                    blocks_left_out: 0,
                }
            }
        })
        .collect()
}

fn with_blocks(at: usize, page: &PreparedPage, scores: &[BlockScore]) -> ShownPage {
    let kept: Vec<bool> = scores.iter().map(|score| score.kept).collect();
    let output = render::text(&page.blocks, &kept);
    let mut shown: Vec<usize> = (0..scores.len()).collect();
    if shown.len() > MOST_BLOCKS {
        let wrong_words = |&i: &usize| match scores[i] {
            score if score.kept => score.weight * (1.0 - score.label),
            score => score.weight * score.label,
        };
        shown.sort_by(|a, b| wrong_words(b).total_cmp(&wrong_words(a)));
        shown.truncate(MOST_BLOCKS);
        shown.sort_unstable();
    }
    ShownPage {
        page: at,
        url: page.labelled.url.clone(),
        gold: Excerpt::of(&page.labelled.text, MOST_TEXT),
        output: Excerpt::of(&output, MOST_TEXT),
        blocks_left_out: scores.len() - shown.len(),
        blocks: shown
            .into_iter()
            .map(|i| ShownBlock {
                order: i,
                tag: page.blocks.tag(i).to_owned(),
                xpath: page.blocks.xpath(i),
                words: scores[i].weight as usize,
                probability: scores[i].probability,
                label: scores[i].label,
                outcome: Outcome::of(scores[i].kept, scores[i].label),
                text: Excerpt::of(&page.blocks.blocks[i].text, MOST_BLOCK_TEXT),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Format, LabelledPage, PageSource};
    use crate::evaluate::score_prepared;
    use crate::model::PageCalibration;
    use crate::select::{Policies, Selection};
    use crate::train::prepare;

    fn report_of(pages: &[PreparedPage], probabilities: &[Vec<f32>]) -> Report {
        let selection = Selection::Threshold(0.5);
        let scores = pages.iter().zip(probabilities);
        let calibration = PageCalibration::default();
        let scores = scores.map(|(page, p)| {
            score_prepared(page, p, &selection, &calibration, Policies::default())
        });
        Report::new(scores.collect(), 0)
    }

    fn shown(pages: &[PreparedPage], report: &Report) -> Vec<ShownPage> {
        worst(report, Evidence::Blocks { pages, model: None }, 5)
    }

    fn prepared(pages: &[(&str, &str)]) -> Vec<PreparedPage> {
        let pages = pages.iter().enumerate().map(|(i, (html, gold))| {
            let source = PageSource::Inline(html.as_bytes().to_vec());
            LabelledPage::new(i.to_string(), Format::Wcxb, source, *gold)
        });
        prepare(pages.collect(), || {}).unwrap()
    }

    #[test]
    fn blocks_are_told_by_what_they_are_and_what_became_of_them() {
        let pages = prepared(&[(
            "<p>The council voted late.<p>It was cold outside.<li>Share this now<li>Home",
            "The council voted late. It was cold outside.",
        )]);
        let report = report_of(&pages, &[vec![0.9, 0.2, 0.6, 0.1]]);
        let shown = shown(&pages, &report).remove(0);
        let names: Vec<&str> = shown.blocks.iter().map(|b| b.outcome.name()).collect();
        assert_eq!(names, ["kept", "missed", "wrongly kept", "left"]);
        assert_eq!(
            shown.output.text,
            "The council voted late.\n\nShare this now"
        );
        assert_eq!(shown.blocks[1].xpath, "/html/body/p[2]");
    }

    #[test]
    fn a_page_without_its_gold_is_listed_apart() {
        let pages = prepared(&[
            ("<p>The council voted late.", "The council voted late."),
            (
                "<p>Page not found.",
                "The bridge over the river was mended.",
            ),
        ]);
        let report = report_of(&pages, &[vec![0.1], vec![0.1]]);
        let shown: Vec<usize> = shown(&pages, &report).iter().map(|p| p.page).collect();
        assert_eq!(shown, [0]);
        let low = low_coverage(&report);
        assert_eq!(
            (low[0].page, low[0].coverage, low[0].best_f1),
            (1, 0.0, 0.0)
        );
        assert_eq!(low.len(), 1);
    }

    #[test]
    fn long_texts_and_pages_of_many_blocks_are_cut_and_say_so() {
        let excerpt = Excerpt::of("añ今b", 3);
        assert_eq!((excerpt.text.as_str(), excerpt.more), ("añ今", 1));
        let html = format!("{}<p>The council voted late.", "<li>Home".repeat(400));
        let pages = prepared(&[(&html, "The council voted late.")]);
        let report = report_of(&pages, &[vec![0.1; 401]]);
        let shown = shown(&pages, &report).remove(0);
        assert_eq!((shown.blocks.len(), shown.blocks_left_out), (300, 101));
        assert_eq!(shown.blocks[299].order, 400);
    }
}
