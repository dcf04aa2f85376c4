//! The rows of one page.

use ndarray::Array2;

use crate::align::align;
use crate::block::Blocks;
use crate::corpus::{CorpusError, LabelledPage};
use crate::feature::{self, Measured};
use crate::model::{Model, Profile, design};
use crate::page::{InputKind, Page};
use crate::text::count_words;

/// Names of the columns before the features, in order.
pub const LEADING: [&str; 13] = [
    "corpus",
    "page",
    "group",
    "profile",
    "licence",
    "evaluation_only",
    "coverage",
    "block",
    "label",
    "words",
    "weight",
    "tag",
    "xpath",
];

/// The rows of a page, one a block.
///
/// ```
/// use dehusk::export::{PageRows, columns};
/// use dehusk::page::{Page, PageContext};
///
/// let page = Page::parse(b"<p>One block.<p>Another.", &PageContext::default());
/// let rows = PageRows::of_page("1", &page, None);
/// assert_eq!(rows.tags, ["p", "p"]);
/// assert_eq!(rows.features.ncols(), columns(false).len());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PageRows {
    /// What the page is called: its id.
    pub page: String,
    /// What its corpus knows of it; nothing for a page of no corpus.
    pub labelled: Option<Labels>,
    /// Words of each block.
    pub words: Vec<u32>,
    /// What each block weighs in training: the square root of its words, as a
    /// share of the page's sum. They sum to 1, but are all 0 on a page without
    /// words.
    pub weights: Vec<f32>,
    /// Name of the block-level element that each block stands under.
    pub tags: Vec<String>,
    /// XPath of that element.
    pub xpaths: Vec<String>,
    /// The features: shape `(blocks, columns)`, every value finite.
    pub features: Array2<f32>,
}

/// What a corpus knows of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Labels {
    /// Name of the corpus.
    pub corpus: String,
    /// Pages of one group never stand on both sides of a split.
    pub group: String,
    /// What the labels count as content.
    pub profile: Profile,
    /// Licence of the annotations, as the publisher states it.
    pub licence: String,
    /// Whether that licence forbids that a model that is given away be trained
    /// on the page.
    pub evaluation_only: bool,
    /// Share of the gold words that the page holds, 0 to 1: under a half its
    /// labels mean nothing.
    pub coverage: f32,
    /// Share of each block's words that is content, 0 to 1.
    pub labels: Vec<f32>,
}

/// Names of the columns of features: those of [`feature::schema`], and with
/// `log_odds` all that a classifier sees ([`design::columns`]).
pub fn columns(log_odds: bool) -> Vec<String> {
    let mut columns = design::columns(InputKind::Html);
    if !log_odds {
        columns.truncate(feature::schema().len());
    }
    columns
}

impl PageRows {
    /// The rows of a labelled page. With a model, the log-odds of its term
    /// models stand beside the features.
    ///
    /// # Errors
    /// When the page cannot be read.
    pub fn of(labelled: &LabelledPage, log_odds: Option<&Model>) -> Result<Self, CorpusError> {
        let page = labelled.parse()?;
        let blocks = Blocks::of(&page);
        let alignment = align(&blocks, &labelled.text);
        let labels = Labels {
            corpus: labelled.corpus.clone(),
            group: labelled.group.clone(),
            profile: labelled.profile,
            licence: labelled.licence.clone(),
            evaluation_only: labelled.evaluation_only,
            coverage: alignment.coverage,
            labels: alignment.labels,
        };
        let profile = labelled.profile;
        let mut rows = Self::measured(&labelled.id, &page, &blocks, log_odds, profile);
        rows.labelled = Some(labels);
        Ok(rows)
    }

    /// The rows of a page of no corpus, under profile `full`. With a model, the
    /// log-odds of its term models stand beside the features.
    pub fn of_page(id: &str, page: &Page, log_odds: Option<&Model>) -> Self {
        Self::measured(id, page, &Blocks::of(page), log_odds, Profile::Full)
    }

    fn measured(
        id: &str,
        page: &Page,
        blocks: &Blocks,
        log_odds: Option<&Model>,
        profile: Profile,
    ) -> Self {
        let measured: Measured = feature::measure(page, blocks);
        let words: Vec<u32> = (blocks.blocks.iter())
            .map(|block| u32::try_from(count_words(&block.text)).unwrap_or(u32::MAX))
            .collect();
        let roots: f32 = words.iter().map(|&words| (words as f32).sqrt()).sum();
        let weight = |&words: &u32| {
            if roots > 0.0 {
                (words as f32).sqrt() / roots
            } else {
                0.0
            }
        };
        Self {
            page: id.to_owned(),
            labelled: None,
            weights: words.iter().map(weight).collect(),
            words,
            tags: (0..blocks.len())
                .map(|i| blocks.tag(i).to_owned())
                .collect(),
            xpaths: (0..blocks.len()).map(|i| blocks.xpath(i)).collect(),
            features: match log_odds {
                Some(model) => {
                    let log_odds = model.terms.log_odds(&measured.terms);
                    design::matrix(&measured, &log_odds, profile)
                }
                None => measured.matrix,
            },
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// True for a page without visible text.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Format, PageSource};
    use crate::page::PageContext;

    #[test]
    fn a_labelled_page_has_labels_and_weights_that_sum_to_one() {
        let source = PageSource::Inline(b"<nav>Home</nav><p>The old bridge reopened.".to_vec());
        let page = LabelledPage::new("1", Format::Fundus, source, "The old bridge reopened.");
        let rows = PageRows::of(&page, None).unwrap();
        let labels = rows.labelled.unwrap();
        assert_eq!((labels.labels, labels.coverage), (vec![0.0, 1.0], 1.0));
        assert_eq!(
            (&*labels.corpus, labels.profile),
            ("fundus", Profile::Article)
        );
        assert_eq!((&*labels.licence, labels.evaluation_only), ("MIT", false));
        assert_eq!(
            (&rows.words[..], &rows.weights[..]),
            (&[1, 4][..], &[1.0 / 3.0, 2.0 / 3.0][..])
        );
        assert_eq!(rows.xpaths[1], "/html/body/p");
    }

    #[test]
    fn log_odds_and_the_profile_stand_after_the_features() {
        let page = Page::parse(b"<p>The old bridge reopened.", &PageContext::default());
        let bare = PageRows::of_page("1", &page, None);
        let full = PageRows::of_page("1", &page, Some(Model::shipped()));
        let n = feature::schema().len();
        assert_eq!(
            bare.features.row(0),
            full.features.row(0).split_at(ndarray::Axis(0), n).0
        );
        assert_eq!(full.features.ncols(), columns(true).len());
        assert_eq!(
            columns(true).last().map(String::as_str),
            Some(design::ARTICLE)
        );
    }

    #[test]
    fn a_page_without_words_weighs_nothing() {
        let page = Page::parse(b"<p>--", &PageContext::default());
        assert_eq!(PageRows::of_page("1", &page, None).weights, [0.0]);
        let page = Page::parse(b"", &PageContext::default());
        assert!(PageRows::of_page("1", &page, None).is_empty());
    }
}
