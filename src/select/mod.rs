//! Probabilities → the blocks that are kept.
//!
//! [`Selection::ExpectedF1`] takes blocks in order of probability as long as
//! the page's expected word F1 grows; [`Selection::Threshold`] takes what
//! reaches a probability. [`Selection::keep`] does so for the blocks of a page,
//! of which it takes no text twice, and [`Policies::keep`] within what is wanted of
//! readers' comments and of hidden text.

mod comments;
mod hidden_text;
mod policies;
mod repeats;

use crate::block::Blocks;
pub use comments::Comments;
pub use hidden_text::HiddenText;
pub use policies::Policies;

/// A rule that decides which blocks are kept.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Selection {
    /// Keep blocks in order of probability up to the number that maximises the
    /// expected word F1; nothing when fewer than `least` words are expected to
    /// be content.
    ExpectedF1 {
        /// Expected content words below which nothing is kept.
        least: f32,
    },
    /// Keep blocks whose probability is at least this, 0 to 1.
    Threshold(f32),
}

impl Default for Selection {
    fn default() -> Self {
        Self::ExpectedF1 { least: 15.0 }
    }
}

/// What was kept of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Selected {
    /// For each block whether it is kept.
    pub kept: Vec<bool>,
    /// What is expected of it.
    pub expected: Expected,
}

/// What an extraction is expected to be worth, as far as the probabilities are to
/// be trusted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// Word F1, 0 to 1. For nothing kept, how sure it is that nothing is content:
    /// 1 at no expected word, falling to 0 at 30.
    pub f1: f32,
    /// Words of content on the page.
    pub words: f32,
    /// Share of the page's words that are kept.
    pub kept: f32,
    /// True of a page without words: that scripts bring its content is as likely
    /// as that it has none (4 of 8 such pages each in WCXB).
    pub blank: bool,
}

impl Selection {
    /// Selects among the blocks of a page by their probabilities of being
    /// content and their numbers of words. Blocks that only say again what
    /// another says are left out first.
    ///
    /// # Panics
    /// When the slices differ in length from the blocks.
    pub fn keep(&self, blocks: &Blocks, probabilities: &[f32], words: &[f32]) -> Selected {
        let mut probabilities = probabilities.to_vec();
        repeats::drop_repeats(blocks, words, &mut probabilities);
        self.select(&probabilities, words)
    }

    /// Selects among the blocks of a page, given for each its probability of
    /// being content and its number of words (any weight ≥ 0 will do).
    ///
    /// With probabilities `p`, words `w` and the chosen blocks `C`, the
    /// expected F1 is taken as `2·Σ_C p·w / (Σ_C w + Σ p·w)`: precision and
    /// recall of expected counts. For blocks in order of `p` the best `C` is a
    /// prefix (as for F1 of independent labels: Ye, Chai, Lee and Chieu 2012,
    /// *Optimizing F-measure: A Tale of Two Approaches*, Theorem 3).
    ///
    /// # Panics
    /// When the slices differ in length.
    ///
    /// ```
    /// use dehusk::select::Selection;
    ///
    /// let selected = Selection::default().select(&[0.9, 0.4, 0.1], &[100.0, 40.0, 30.0]);
    /// assert_eq!(selected.kept, [true, false, false]);
    /// ```
    pub fn select(&self, probabilities: &[f32], words: &[f32]) -> Selected {
        assert_eq!(probabilities.len(), words.len());
        let kept = match *self {
            Self::Threshold(least) => probabilities.iter().map(|&p| p >= least).collect(),
            Self::ExpectedF1 { least } => best_prefix(probabilities, words, least),
        };
        let expected = Expected::of(probabilities, words, &kept);
        Selected { kept, expected }
    }
}

fn best_prefix(probabilities: &[f32], words: &[f32], least: f32) -> Vec<bool> {
    let mut kept = vec![false; probabilities.len()];
    let expected: f32 = probabilities.iter().zip(words).map(|(p, w)| p * w).sum();
    if expected < least {
        return kept;
    }
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|&a, &b| {
        probabilities[b]
            .total_cmp(&probabilities[a])
            .then(a.cmp(&b))
    });
    let (mut hits, mut chosen) = (0.0, 0.0);
    let (mut best, mut best_len) = (0.0, 0);
    for (n, &i) in order.iter().enumerate() {
        hits += probabilities[i] * words[i];
        chosen += words[i];
        let f1 = 2.0 * hits / (chosen + expected);
        if f1 > best {
            (best, best_len) = (f1, n + 1);
        }
    }
    for &i in &order[..best_len] {
        kept[i] = true;
    }
    kept
}

impl Expected {
    fn of(probabilities: &[f32], words: &[f32], kept: &[bool]) -> Self {
        let (mut expected, mut hits, mut chosen) = (0.0, 0.0, 0.0);
        for ((&p, &w), &kept) in probabilities.iter().zip(words).zip(kept) {
            expected += p * w;
            if kept {
                hits += p * w;
                chosen += w;
            }
        }
        let total: f32 = words.iter().sum();
        Self {
            f1: if chosen > 0.0 {
                2.0 * hits / (chosen + expected)
            } else {
                (1.0 - expected / 30.0).clamp(0.0, 1.0)
            },
            words: expected,
            kept: if total > 0.0 { chosen / total } else { 0.0 },
            blank: words.iter().all(|&w| w == 0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_is_kept_of_a_page_without_content() {
        let selected = Selection::default().select(&[0.05, 0.1], &[20.0, 30.0]);
        assert_eq!(selected.kept, [false, false]);
        assert!(selected.expected.f1 > 0.8);
    }

    #[test]
    fn f1_and_words_are_expected_by_the_probabilities() {
        let expected = Selection::Threshold(0.5)
            .select(&[0.75, 0.25], &[40.0, 40.0])
            .expected;
        assert_eq!(expected.f1, 0.75);
        assert_eq!((expected.words, expected.kept), (40.0, 0.5));
        assert!(!expected.blank);
        assert!(Selection::default().select(&[], &[]).expected.blank);
    }

    #[test]
    fn a_threshold_keeps_what_reaches_it() {
        let selected = Selection::Threshold(0.5).select(&[0.5, 0.49], &[1.0, 1.0]);
        assert_eq!(selected.kept, [true, false]);
    }

    #[test]
    fn an_uncertain_block_is_kept_where_little_else_is() {
        let selection = Selection::default();
        assert!(selection.select(&[0.4, 0.1], &[60.0, 5.0]).kept[0]);
        assert!(!selection.select(&[0.4, 0.99], &[60.0, 500.0]).kept[0]);
    }

    proptest! {
        #[test]
        fn no_other_choice_is_expected_to_do_better(
            page in proptest::collection::vec((0.0_f32..1.0, 1.0_f32..50.0), 1..9),
        ) {
            let (p, w): (Vec<f32>, Vec<f32>) = page.into_iter().unzip();
            let best = Selection::ExpectedF1 { least: 0.0 }.select(&p, &w).expected.f1;
            for mask in 1_u32..1 << p.len() {
                let kept: Vec<bool> = (0..p.len()).map(|i| mask >> i & 1 == 1).collect();
                prop_assert!(Expected::of(&p, &w, &kept).f1 <= best + 1e-5);
            }
        }
    }
}
