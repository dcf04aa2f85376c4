//! Gold text + extracted text → overlap of their shingles (runs of four words),
//! which, unlike single words, tell text in its order from a bag of it.
//!
//! As the article extraction benchmark of Scrapinghub (Zyte) defines it, in
//! `evaluate.py` of github.com/scrapinghub/article-extraction-benchmark, so
//! that figures stand beside its published ones. Two things differ: precision
//! and recall of what has no shingle, where the benchmark stops with an error,
//! are defined; and combining marks that Unicode counts as alphabetic stand
//! inside a token, where Python's `\w` cuts there.

use std::collections::HashMap;

use serde::Serialize;

use super::Overlap;
use crate::text::is_word_char;

/// Tokens in a shingle.
pub const SHINGLE_LEN: usize = 4;

/// Shingles of one page, as shares of all that the gold text or the extraction
/// holds: the three sum to 1, so that each page weighs the same, or are all 0
/// where neither text has a token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct ShingleCounts {
    /// In both texts: true positives.
    pub common: f64,
    /// In the extraction only: false positives.
    pub extra: f64,
    /// In the gold text only: false negatives.
    pub missed: f64,
}

impl ShingleCounts {
    /// Counts the shingles of a page as multisets.
    ///
    /// A token is a run of letters, digits and underscores as it is written,
    /// neither lower-cased nor split within CJK; a text of one to three tokens
    /// is one shingle.
    pub fn of(gold: &str, predicted: &str) -> Self {
        let (gold, predicted) = (shingle_tokens(gold), shingle_tokens(predicted));
        let mut counts: HashMap<&[&str], (u32, u32)> = HashMap::new();
        for shingle in shingles(&gold) {
            counts.entry(shingle).or_default().0 += 1;
        }
        for shingle in shingles(&predicted) {
            counts.entry(shingle).or_default().1 += 1;
        }
        let (mut common, mut extra, mut missed) = (0_u32, 0_u32, 0_u32);
        for (gold, predicted) in counts.into_values() {
            common += gold.min(predicted);
            extra += predicted.saturating_sub(gold);
            missed += gold.saturating_sub(predicted);
        }
        let sum = f64::from((common + extra + missed).max(1));
        Self {
            common: f64::from(common) / sum,
            extra: f64::from(extra) / sum,
            missed: f64::from(missed) / sum,
        }
    }

    /// Precision, recall and F1 over pages.
    ///
    /// Precision is the mean of `common / (common + extra)` over the pages whose
    /// extraction has a shingle, recall the mean of `common / (common + missed)`
    /// over those whose gold text has one, F1 the harmonic mean of these two
    /// means (so it is not the mean of pages' F1). Where no page has a shingle
    /// on the one side, its mean is 1 if none has on the other either, else 0;
    /// over no pages at all everything is NaN.
    pub fn overall<'a>(pages: impl IntoIterator<Item = &'a Self>) -> Overlap {
        let (mut pages_seen, mut precision, mut recall) =
            (0_usize, Mean::default(), Mean::default());
        for page in pages {
            pages_seen += 1;
            precision.add(page.common, page.extra);
            recall.add(page.common, page.missed);
        }
        if pages_seen == 0 {
            return Overlap {
                precision: f64::NAN,
                recall: f64::NAN,
                f1: f64::NAN,
            };
        }
        let of_none = if precision.n + recall.n == 0 {
            1.0
        } else {
            0.0
        };
        Overlap::of(precision.or(of_none), recall.or(of_none))
    }
}

/// Overlap of the shingles of two texts: [`ShingleCounts::overall`] of one page.
///
/// ```
/// use dehusk::evaluate::shingle_f1;
///
/// let gold = "the old bridge reopened on Monday";
/// assert_eq!(shingle_f1(gold, "the old bridge reopened, on a Monday").recall, 2.0 / 3.0);
/// ```
pub fn shingle_f1(gold: &str, predicted: &str) -> Overlap {
    ShingleCounts::overall([&ShingleCounts::of(gold, predicted)])
}

/// Mean of the shares that are defined.
#[derive(Default)]
struct Mean {
    sum: f64,
    n: usize,
}

impl Mean {
    fn add(&mut self, common: f64, rest: f64) {
        if common + rest > 0.0 {
            self.sum += common / (common + rest);
            self.n += 1;
        }
    }

    fn or(&self, of_none: f64) -> f64 {
        if self.n == 0 {
            of_none
        } else {
            self.sum / self.n as f64
        }
    }
}

fn shingle_tokens(text: &str) -> Vec<&str> {
    text.split(|c| !is_word_char(c))
        .filter(|token| !token.is_empty())
        .collect()
}

fn shingles<'a, 't>(tokens: &'a [&'t str]) -> std::slice::Windows<'a, &'t str> {
    tokens.windows(tokens.len().clamp(1, SHINGLE_LEN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shingles_are_counted_as_multisets_and_shared_out_to_one() {
        // Gold: abcd bcda cdab dabc abcd; extracted: abcd bcde.
        let counts = ShingleCounts::of("a b c d a b c d", "a b c d e");
        let expected = [1.0 / 6.0, 1.0 / 6.0, 4.0 / 6.0];
        for (found, expected) in [counts.common, counts.extra, counts.missed]
            .into_iter()
            .zip(expected)
        {
            assert!((found - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn a_text_of_fewer_than_four_tokens_is_one_shingle() {
        assert_eq!(shingle_f1("Page not found", "Page not found!").f1, 1.0);
        assert_eq!(shingle_f1("Page not found", "not found").f1, 0.0);
    }

    #[test]
    fn case_and_order_matter() {
        assert_eq!(
            shingle_f1("the old stone bridge", "The old stone bridge").f1,
            0.0
        );
        assert_eq!(
            shingle_f1("the old stone bridge", "bridge stone old the").f1,
            0.0
        );
    }

    #[test]
    fn a_clause_of_chinese_is_one_token() {
        assert_eq!(shingle_f1("今天下雨", "今天").f1, 0.0);
    }

    #[test]
    fn an_empty_extraction_costs_recall_but_not_precision() {
        let pages = [
            ShingleCounts::of("the old stone bridge", "the old stone bridge"),
            ShingleCounts::of("the council voted late", ""),
            ShingleCounts::of("a b c d e", "a b c d"),
        ];
        let found = ShingleCounts::overall(&pages);
        // Precision over two pages: 1, 1; recall over three: 1, 0, 1/2.
        assert_eq!(found.precision, 1.0);
        assert_eq!(found.recall, 0.5);
        assert!((found.f1 - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn what_has_no_shingle_is_right_only_where_nothing_was_to_be_found() {
        assert_eq!(shingle_f1("", "").f1, 1.0);
        assert_eq!(shingle_f1("", "Cookie settings").f1, 0.0);
        assert_eq!(shingle_f1("The council voted", "").f1, 0.0);
        assert!(ShingleCounts::overall([]).f1.is_nan());
    }

    proptest! {
        #[test]
        fn shares_stay_in_range_and_swap_with_the_texts(a in "[ab 今]{0,40}", b in "[ab 今]{0,40}") {
            let (there, back) = (shingle_f1(&a, &b), shingle_f1(&b, &a));
            for share in [there.precision, there.recall, there.f1] {
                prop_assert!((0.0..=1.0).contains(&share));
            }
            prop_assert!((there.precision - back.recall).abs() < 1e-12);
            prop_assert!((there.f1 - back.f1).abs() < 1e-12);
        }

        #[test]
        fn a_text_overlaps_fully_with_itself(text in any::<String>()) {
            prop_assert_eq!(shingle_f1(&text, &text).f1, 1.0);
        }
    }
}
