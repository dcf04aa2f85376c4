//! Blocks, or pages, → the curves that a report draws.

use serde::Serialize;

use super::{BINS, BlockScore};

/// Points of a [`PrecisionRecall`] curve, about: one for each half per cent of
/// recall.
const POINTS: f64 = 200.0;

/// Bins of [`f1_histogram`].
pub const F1_BINS: usize = 20;

/// What would be kept at one threshold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct PrecisionRecallPoint {
    /// Blocks of at least this probability are kept, 0 to 1.
    pub threshold: f64,
    /// Share of the kept words that is content, 0 to 1.
    pub precision: f64,
    /// Share of the content words that is kept, 0 to 1.
    pub recall: f64,
}

/// Precision against recall of blocks, by their weights, for every threshold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PrecisionRecall {
    /// Average precision, 0 to 1: `Σ (R_n − R_{n−1})·P_n` over all thresholds
    /// from the highest (Manning, Raghavan and Schütze 2008, *Introduction to
    /// Information Retrieval*, §8.4), without interpolation, which flatters
    /// (Davis and Goadrich 2006, *The Relationship Between Precision-Recall and
    /// ROC Curves*, §4).
    pub average_precision: f64,
    /// Points from the highest threshold to the lowest, thinned to one for each
    /// half per cent of recall; the first and the last are always there.
    pub points: Vec<PrecisionRecallPoint>,
}

impl PrecisionRecall {
    /// The curve of some blocks; `None` where no weight is content.
    ///
    /// ```
    /// use dehusk::evaluate::{BlockScore, PrecisionRecall};
    ///
    /// let block = |probability, label| BlockScore {
    ///     probability, label, weight: 1.0, kept: true,
    /// };
    /// let curve = PrecisionRecall::of([block(0.9, 1.0), block(0.5, 0.0), block(0.3, 1.0)]).unwrap();
    /// assert_eq!(curve.points[1].precision, 2.0 / 3.0);
    /// assert!((curve.average_precision - (0.5 + 0.5 * 2.0 / 3.0)).abs() < 1e-12);
    /// ```
    pub fn of(blocks: impl IntoIterator<Item = BlockScore>) -> Option<Self> {
        let mut blocks: Vec<BlockScore> = blocks.into_iter().collect();
        blocks.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        let content = |block: &BlockScore| f64::from(block.label) * f64::from(block.weight);
        let all: f64 = blocks.iter().map(content).sum();
        if all <= 0.0 {
            return None;
        }
        let (mut kept, mut hits, mut average_precision) = (0.0, 0.0, 0.0);
        let mut points: Vec<PrecisionRecallPoint> = Vec::new();
        let mut last = None;
        for tied in blocks.chunk_by(|a, b| a.probability == b.probability) {
            let hits_before = hits;
            kept += tied.iter().map(|b| f64::from(b.weight)).sum::<f64>();
            hits += tied.iter().map(content).sum::<f64>();
            if kept <= 0.0 {
                continue;
            }
            let point = PrecisionRecallPoint {
                threshold: f64::from(tied[0].probability),
                precision: hits / kept,
                recall: hits / all,
            };
            average_precision += (hits - hits_before) / all * point.precision;
            let due = points
                .last()
                .is_none_or(|before| point.recall - before.recall >= 1.0 / POINTS);
            if due {
                points.push(point);
            }
            last = (!due).then_some(point);
        }
        points.extend(last);
        Some(Self {
            average_precision,
            points,
        })
    }
}

/// Blocks of about the same probability, and how many of them were right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// Lowest probability of the bin.
    pub low: f64,
    /// Highest probability, which only the last bin includes.
    pub high: f64,
    /// Weight of its blocks: their words.
    pub words: f64,
    /// Mean probability by weight, 0 to 1.
    pub probability: f64,
    /// Mean label by weight, 0 to 1: the share that is content.
    pub content: f64,
}

/// The reliability diagram of blocks (Murphy and Winkler 1977, *Reliability of
/// Subjective Probability Forecasts of Precipitation and Temperature*), over
/// the [`BINS`] bins whose gaps [`calibration_error`](super::calibration_error)
/// averages, less those without weight.
pub fn reliability(blocks: impl IntoIterator<Item = BlockScore>) -> Vec<ReliabilityBin> {
    let mut bins = [(0.0_f64, 0.0_f64, 0.0_f64); BINS];
    for block in blocks {
        let (p, weight) = (f64::from(block.probability), f64::from(block.weight));
        let (words, probability, content) = &mut bins[((p * BINS as f64) as usize).min(BINS - 1)];
        *words += weight;
        *probability += weight * p;
        *content += weight * f64::from(block.label);
    }
    bins.into_iter()
        .enumerate()
        .filter(|(_, (words, ..))| *words > 0.0)
        .map(|(i, (words, probability, content))| ReliabilityBin {
            low: i as f64 / BINS as f64,
            high: (i + 1) as f64 / BINS as f64,
            words,
            probability: probability / words,
            content: content / words,
        })
        .collect()
}

/// How many pages have an F1 within a range.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct F1Bin {
    /// Lowest F1 of the bin.
    pub low: f64,
    /// Highest F1, which only the last bin includes.
    pub high: f64,
    /// Pages.
    pub pages: usize,
}

/// Pages by their word F1, each 0 to 1, in [`F1_BINS`] bins of equal width.
pub fn f1_histogram(f1: impl IntoIterator<Item = f64>) -> Vec<F1Bin> {
    let mut pages = [0; F1_BINS];
    for f1 in f1 {
        pages[((f1 * F1_BINS as f64) as usize).min(F1_BINS - 1)] += 1;
    }
    pages
        .into_iter()
        .enumerate()
        .map(|(i, pages)| F1Bin {
            low: i as f64 / F1_BINS as f64,
            high: (i + 1) as f64 / F1_BINS as f64,
            pages,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::calibration_error;
    use super::*;
    use proptest::prelude::*;

    fn block(probability: f32, label: f32, weight: f32) -> BlockScore {
        BlockScore {
            probability,
            label,
            weight,
            kept: true,
        }
    }

    #[test]
    fn tied_blocks_are_one_threshold_and_soft_labels_are_part_content() {
        let curve = PrecisionRecall::of([
            block(0.2, 0.5, 4.0),
            block(0.8, 1.0, 3.0),
            block(0.8, 0.0, 3.0),
        ])
        .unwrap();
        let [high, low] = curve.points[..] else {
            panic!("{:?}", curve.points)
        };
        assert_eq!((high.precision, high.recall), (0.5, 0.6));
        assert_eq!((low.precision, low.recall), (0.5, 1.0));
        assert!((curve.average_precision - 0.5).abs() < 1e-12);
    }

    #[test]
    fn without_content_there_is_no_curve() {
        assert_eq!(PrecisionRecall::of([block(0.5, 0.0, 2.0)]), None);
        assert_eq!(PrecisionRecall::of([]), None);
    }

    #[test]
    fn a_long_curve_is_thinned_and_ends_where_all_is_kept() {
        let blocks = (0..5_000).map(|i| block(i as f32 / 5_000.0, (i % 2) as f32, 1.0));
        let curve = PrecisionRecall::of(blocks).unwrap();
        assert!(curve.points.len() <= 202, "{}", curve.points.len());
        let last = curve.points.last().unwrap();
        assert_eq!((last.threshold, last.recall), (0.0, 1.0));
    }

    #[test]
    fn bins_tell_what_was_said_and_what_was_so() {
        let bins = reliability([
            block(0.9, 1.0, 1.0),
            block(0.92, 0.5, 3.0),
            block(0.1, 0.0, 2.0),
        ]);
        assert_eq!(bins.len(), 2);
        assert_eq!((bins[0].words, bins[0].content), (2.0, 0.0));
        assert!((bins[1].probability - (0.9 + 3.0 * 0.92) / 4.0).abs() < 1e-6);
        assert!((bins[1].content - 2.5 / 4.0).abs() < 1e-12);
    }

    #[test]
    fn pages_are_counted_in_the_bin_of_their_f1() {
        let bins = f1_histogram([0.0, 0.049, 0.05, 0.99, 1.0]);
        assert_eq!((bins[0].pages, bins[1].pages), (2, 1));
        assert_eq!(bins[F1_BINS - 1].pages, 2);
        assert_eq!(bins.iter().map(|bin| bin.pages).sum::<usize>(), 5);
    }

    proptest! {
        #[test]
        fn gaps_of_the_bins_make_the_calibration_error(
            blocks in proptest::collection::vec((0.0_f32..=1.0, 0.0_f32..=1.0, 0.1_f32..50.0), 1..30),
        ) {
            let bins = reliability(blocks.iter().map(|b| block(b.0, b.1, b.2)));
            let words: f64 = bins.iter().map(|bin| bin.words).sum();
            let gap: f64 = bins.iter().map(|b| b.words * (b.probability - b.content).abs()).sum();
            let p: Vec<f32> = blocks.iter().map(|b| b.0).collect();
            let labels: Vec<f32> = blocks.iter().map(|b| b.1).collect();
            let weights: Vec<f32> = blocks.iter().map(|b| b.2).collect();
            let error = calibration_error(&p, &labels, &weights).unwrap();
            prop_assert!((gap / words - error).abs() < 1e-9);
        }

        #[test]
        fn recall_only_grows(
            blocks in proptest::collection::vec((0.0_f32..=1.0, 0.0_f32..=1.0, 0.0_f32..50.0), 0..30),
        ) {
            if let Some(curve) = PrecisionRecall::of(blocks.iter().map(|b| block(b.0, b.1, b.2))) {
                prop_assert!(curve.points.windows(2).all(|two| two[0].recall <= two[1].recall));
                prop_assert!((0.0..=1.0 + 1e-9).contains(&curve.average_precision));
            }
        }
    }
}
