//! Reports of several extractors on the same pages → by how much they differ,
//! and where.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use super::{Bootstrap, Interval, PageScore, RESAMPLES, Report};

/// Pages that [`Difference::pages`] lists.
pub const DIFFERING_PAGES: usize = 10;

/// Why reports cannot be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ComparisonError {
    /// There are not two reports.
    #[error("a comparison takes two extractors or more, and there is {given}: add another")]
    TooFew {
        /// How many there are.
        given: usize,
    },
    /// Two reports have one name.
    #[error("two of the compared are called `{name}`: give one of them another name")]
    SameName {
        /// The name.
        name: String,
    },
    /// Two reports are not of the same pages in the same order.
    #[error(
        "`{name}` and `{against}` are not measured on the same pages ({place}): measure both on \
         all pages, in one order"
    )]
    OtherPages {
        /// Name of the one.
        name: String,
        /// Name of the other.
        against: String,
        /// The first page on which they part, or their numbers of pages.
        place: String,
    },
}

/// Several extractors, measured on the same pages by the same code. The first
/// is the one that each of the others is compared with.
///
/// ```
/// use dehusk::corpus::{Format, LabelledPage, PageSource};
/// use dehusk::evaluate::{Comparison, Report, score_page};
///
/// let page = LabelledPage::new("a", Format::Dehusk, PageSource::Inline(vec![]), "The council voted");
/// let report = |text| Report::new(vec![score_page(&page, text)], 1);
/// let comparison = Comparison::new(vec![
///     ("ours".to_owned(), report("The council voted")),
///     ("theirs".to_owned(), report("Home")),
/// ])?;
/// assert_eq!(comparison.differences[0].f1.mean, -1.0);
/// # Ok::<(), dehusk::evaluate::ComparisonError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The extractors, in the order given.
    pub compared: Vec<Compared>,
    /// Each extractor but the first against the first, in the order given.
    pub differences: Vec<Difference>,
}

/// One of the extractors of a [`Comparison`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// Its name.
    pub name: String,
    /// How good it is.
    pub report: Report,
}

/// By how much one extractor is better (above 0) or worse than another: means
/// over pages of the difference of their figures, −1 to 1, each with its paired
/// interval over groups; see [`Bootstrap::difference_by_group`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The extractor.
    pub name: String,
    /// The one it is compared with.
    pub against: String,
    /// Difference in word F1.
    pub f1: Interval,
    /// Difference in word precision.
    pub precision: Interval,
    /// Difference in word recall.
    pub recall: Interval,
    /// Difference in the F1 of ROUGE-L.
    pub rouge_l_f1: Interval,
    /// Difference in word F1 on the pages of each corpus.
    pub f1_by_corpus: BTreeMap<String, Interval>,
    /// Pages on which its word F1 is higher.
    pub better: usize,
    /// Pages on which its word F1 is lower.
    pub worse: usize,
    /// Pages on which both have the same word F1.
    pub equal: usize,
    /// The [`DIFFERING_PAGES`] pages on which word F1 differs most, the greatest
    /// difference first; those of equal F1 are left out.
    pub pages: Vec<DifferingPage>,
}

/// A page on which two extractors differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DifferingPage {
    /// Its corpus.
    pub corpus: String,
    /// Its id.
    pub id: String,
    /// Word F1 of the extractor.
    pub f1: f64,
    /// Word F1 of the one it is compared with.
    pub against_f1: f64,
}

impl Comparison {
    /// Compares reports, each under the name of its extractor; intervals are
    /// drawn with the seed of the first.
    ///
    /// # Errors
    /// When there are fewer than two, two have one name, or they are not of the
    /// same pages in the same order.
    pub fn new(reports: Vec<(String, Report)>) -> Result<Self, ComparisonError> {
        let mut names = HashSet::new();
        if let Some((name, _)) = reports.iter().find(|(name, _)| !names.insert(name)) {
            return Err(ComparisonError::SameName { name: name.clone() });
        }
        let given = reports.len();
        let compared: Vec<Compared> = reports
            .into_iter()
            .map(|(name, report)| Compared { name, report })
            .collect();
        let [first, _, ..] = &compared[..] else {
            return Err(ComparisonError::TooFew { given });
        };
        let differences = compared[1..]
            .iter()
            .map(|other| {
                check_same_pages(other, first)?;
                Ok(Difference::of(other, first))
            })
            .collect::<Result<_, ComparisonError>>()?;
        Ok(Self {
            compared,
            differences,
        })
    }
}

fn check_same_pages(one: &Compared, against: &Compared) -> Result<(), ComparisonError> {
    let (pages, other) = (&one.report.pages, &against.report.pages);
    let place = if pages.len() != other.len() {
        format!("{} and {} pages", pages.len(), other.len())
    } else {
        let same = |a: &PageScore, b: &PageScore| (&a.corpus, &a.id) == (&b.corpus, &b.id);
        let Some((a, b)) = pages.iter().zip(other).find(|(a, b)| !same(a, b)) else {
            return Ok(());
        };
        format!("{}:{} and {}:{}", a.corpus, a.id, b.corpus, b.id)
    };
    Err(ComparisonError::OtherPages {
        name: one.name.clone(),
        against: against.name.clone(),
        place,
    })
}

impl Difference {
    /// Of two that are measured on the same pages in the same order.
    fn of(one: &Compared, against: &Compared) -> Self {
        let pairs: Vec<(&PageScore, &PageScore)> =
            one.report.pages.iter().zip(&against.report.pages).collect();
        let bootstrap = Bootstrap::new(RESAMPLES, against.report.seed);
        let mut by_corpus: BTreeMap<String, Vec<(&PageScore, &PageScore)>> = BTreeMap::new();
        for &(page, other) in &pairs {
            by_corpus
                .entry(page.corpus.clone())
                .or_default()
                .push((page, other));
        }
        let count = |ordering| {
            pairs
                .iter()
                .filter(|(page, other)| page.f1.total_cmp(&other.f1) == ordering)
                .count()
        };
        Self {
            name: one.name.clone(),
            against: against.name.clone(),
            f1: difference(bootstrap, &pairs, |page| page.f1),
            precision: difference(bootstrap, &pairs, |page| page.precision),
            recall: difference(bootstrap, &pairs, |page| page.recall),
            rouge_l_f1: difference(bootstrap, &pairs, |page| page.rouge_l.f1),
            f1_by_corpus: by_corpus
                .into_iter()
                .map(|(corpus, pairs)| (corpus, difference(bootstrap, &pairs, |page| page.f1)))
                .collect(),
            better: count(std::cmp::Ordering::Greater),
            worse: count(std::cmp::Ordering::Less),
            equal: count(std::cmp::Ordering::Equal),
            pages: most_different(pairs),
        }
    }
}

fn difference(
    bootstrap: Bootstrap,
    pairs: &[(&PageScore, &PageScore)],
    figure: fn(&PageScore) -> f64,
) -> Interval {
    let (of_one, of_other): (Vec<f64>, Vec<f64>) = pairs
        .iter()
        .map(|(page, other)| (figure(page), figure(other)))
        .unzip();
    let groups: Vec<&str> = pairs.iter().map(|(page, _)| page.group.as_str()).collect();
    bootstrap.difference_by_group(&of_one, &of_other, &groups)
}

fn most_different(mut pairs: Vec<(&PageScore, &PageScore)>) -> Vec<DifferingPage> {
    let gap = |pair: &(&PageScore, &PageScore)| (pair.0.f1 - pair.1.f1).abs();
    pairs.retain(|pair| gap(pair) > 0.0);
    pairs.sort_by(|a, b| {
        gap(b)
            .total_cmp(&gap(a))
            .then(b.0.gold_words.cmp(&a.0.gold_words))
            .then_with(|| (&a.0.corpus, &a.0.id).cmp(&(&b.0.corpus, &b.0.id)))
    });
    pairs
        .into_iter()
        .take(DIFFERING_PAGES)
        .map(|(page, other)| DifferingPage {
            corpus: page.corpus.clone(),
            id: page.id.clone(),
            f1: page.f1,
            against_f1: other.f1,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::page_score::labelled;
    use super::super::score_page;
    use super::*;

    /// A report of pages of gold `a b c d`, each of a site of its own, by what
    /// was extracted of them.
    fn report(texts: &[&str]) -> Report {
        let scores = texts
            .iter()
            .enumerate()
            .map(|(i, text)| score_page(&labelled(&i.to_string(), "wcxb", "a b c d"), text))
            .collect();
        Report::new(scores, 1)
    }

    fn named(name: &str, texts: &[&str]) -> (String, Report) {
        (name.to_owned(), report(texts))
    }

    #[test]
    fn each_further_extractor_is_compared_with_the_first_page_by_page() {
        let comparison = Comparison::new(vec![
            named("ours", &["a b c d", "a b", "a b c d"]),
            named("half", &["a b", "a b", "a b"]),
            named("none", &["", "", ""]),
        ])
        .unwrap();
        let [half, none] = &comparison.differences[..] else {
            panic!("two differences");
        };
        assert_eq!(
            (half.name.as_str(), half.against.as_str()),
            ("half", "ours")
        );
        // F1 of a half extracted is 2/3.
        assert!((half.f1.mean + 2.0 / 9.0).abs() < 1e-12);
        assert!((half.recall.mean + 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(half.precision.mean, 0.0);
        assert_eq!((half.better, half.worse, half.equal), (0, 2, 1));
        assert!(half.f1.low < half.f1.mean && half.f1.mean < half.f1.high);
        assert!(none.f1.high < 0.0);
        assert_eq!(none.f1_by_corpus["wcxb"], none.f1);
    }

    #[test]
    fn a_constant_gain_has_a_narrow_interval_though_pages_spread_widely() {
        let comparison = Comparison::new(vec![
            named("none", &["", "", "", ""]),
            named("half", &["a b", "a b", "a b", "a b"]),
        ])
        .unwrap();
        let gain = comparison.differences[0].f1;
        assert!((gain.low - 2.0 / 3.0).abs() < 1e-12 && (gain.high - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn pages_are_listed_by_how_far_they_differ_either_way_and_equal_ones_not() {
        let comparison = Comparison::new(vec![
            named("ours", &["a b c d", "a b", "", "a"]),
            named("theirs", &["a b", "a b c d", "a b c d", "a"]),
        ])
        .unwrap();
        let pages = &comparison.differences[0].pages;
        let ids: Vec<&str> = pages.iter().map(|page| page.id.as_str()).collect();
        assert_eq!(ids, ["2", "0", "1"]);
        assert_eq!((pages[0].f1, pages[0].against_f1), (1.0, 0.0));
        let many = ["a"; 12];
        let comparison = Comparison::new(vec![named("a", &many), named("b", &[""; 12])]).unwrap();
        assert_eq!(comparison.differences[0].pages.len(), DIFFERING_PAGES);
    }

    #[test]
    fn what_cannot_be_compared_is_told() {
        let message = |reports| Comparison::new(reports).unwrap_err().to_string();
        let one = message(vec![named("ours", &["a"])]);
        assert!(one.contains("two extractors or more, and there is 1"));
        assert!(message(Vec::new()).contains("there is 0"));
        let same = message(vec![named("ours", &["a"]), named("ours", &["b"])]);
        assert!(same.contains("two of the compared are called `ours`"));
        let fewer = message(vec![named("ours", &["a"]), named("theirs", &["a", "b"])]);
        assert!(fewer.contains("`theirs` and `ours`") && fewer.contains("2 and 1 pages"));
        let other = score_page(&labelled("z", "wcxb", "a"), "a");
        let other = ("theirs".to_owned(), Report::new(vec![other], 1));
        let found = message(vec![named("ours", &["a"]), other]);
        assert!(found.contains("wcxb:z and wcxb:0"), "{found}");
    }
}
