//! What a model says of a block and what the site's other pages say → a
//! probability.

use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::LazyLock;

use super::Evidence;
use crate::model::{Provenance, logistic};
use crate::page::InputKind;

/// Figures of a block.
const FIGURES: usize = 7;
/// Probabilities are kept so far from 0 and 1, where log-odds are infinite.
const SUREST: f32 = 1e-4;
/// A page is taken for a copy of another where more than this share of its
/// expected content recurs.
const COPIED: f32 = 0.5;

/// What each figure of a block is multiplied by; their sum is the corrected
/// log-odds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coefficients {
    /// 1, for every block.
    pub constant: f64,
    /// The log-odds of what the page's model says.
    pub log_odds: f64,
    /// The same, of a block whose text another page holds.
    pub log_odds_recurring: f64,
    /// 1 for a block whose text another page holds.
    pub recurring: f64,
    /// ln(1 + other pages that hold it).
    pub others: f64,
    /// Share of the other pages that hold it, 0 to 1.
    pub share: f64,
    /// ln(1 + other pages) of a block whose text none of them holds.
    pub unique: f64,
}

impl Coefficients {
    /// Those that leave probabilities as they are.
    pub const IDENTITY: Self = Self::of([0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);

    const fn of(array: [f64; FIGURES]) -> Self {
        let [
            constant,
            log_odds,
            log_odds_recurring,
            recurring,
            others,
            share,
            unique,
        ] = array;
        Self {
            constant,
            log_odds,
            log_odds_recurring,
            recurring,
            others,
            share,
            unique,
        }
    }

    fn array(&self) -> [f64; FIGURES] {
        [
            self.constant,
            self.log_odds,
            self.log_odds_recurring,
            self.recurring,
            self.others,
            self.share,
            self.unique,
        ]
    }
}

/// A logistic regression over what the model of a kind of pages says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteModel {
    /// The kind of pages.
    pub input: InputKind,
    /// The fitted coefficients.
    pub coefficients: Coefficients,
    /// Where they came from.
    pub provenance: Provenance,
}

/// Why a file of coefficients cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SiteModelError {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// It is none.
    #[error(
        "is not what `dehusk train --site-context` writes: {}",
        .0.to_string().trim().replace('\n', " ")
    )]
    Malformed(#[from] Box<toml::de::Error>),
    /// A coefficient is no number.
    #[error("is damaged: a coefficient is not finite, or that of `log_odds` below 0")]
    Coefficients,
    /// It cannot be written.
    #[error("cannot be written as TOML: {0}")]
    Unwritable(#[from] Box<toml::ser::Error>),
}

/// A block to learn from.
pub(crate) struct Sample {
    pub(crate) probability: f32,
    pub(crate) evidence: Evidence,
    pub(crate) label: f32,
    pub(crate) weight: f32,
}

impl SiteModel {
    /// The one that ships in this build for a kind of pages.
    ///
    /// # Panics
    /// Never in a released build: the files are compiled in and tested.
    pub fn shipped_for(input: InputKind) -> &'static Self {
        static HTML: LazyLock<SiteModel> =
            LazyLock::new(|| sound(include_str!("../../models/site.toml")));
        static TEXT: LazyLock<SiteModel> =
            LazyLock::new(|| sound(include_str!("../../models/text-site.toml")));
        match input {
            InputKind::Html => &HTML,
            InputKind::Text => &TEXT,
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or is damaged.
    pub fn load(path: &Path) -> Result<Self, SiteModelError> {
        Self::from_toml(&std::fs::read_to_string(path)?)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// When it is no such file, or is damaged.
    pub fn from_toml(text: &str) -> Result<Self, SiteModelError> {
        let model: Self = toml::from_str(text).map_err(Box::new)?;
        let finite = model.coefficients.array().iter().all(|c| c.is_finite());
        if finite && model.coefficients.log_odds >= 0.0 {
            Ok(model)
        } else {
            Err(SiteModelError::Coefficients)
        }
    }

    /// The text of its file.
    ///
    /// # Errors
    /// When its provenance has numbers that TOML has not.
    pub fn to_toml(&self) -> Result<String, SiteModelError> {
        Ok(toml::to_string(self).map_err(Box::new)?)
    }

    /// Fits by maximum likelihood with a pull towards leaving probabilities as
    /// they are, as strong as one page's.
    pub(crate) fn fit(
        input: InputKind,
        samples: impl IntoIterator<Item = Sample>,
        provenance: Provenance,
    ) -> Self {
        let samples: Vec<logistic::Sample<FIGURES>> = samples
            .into_iter()
            .map(|sample| logistic::Sample {
                figures: figures(sample.probability, sample.evidence),
                label: f64::from(sample.label),
                weight: f64::from(sample.weight),
            })
            .collect();
        let fitted = logistic::fit(&samples, Coefficients::IDENTITY.array());
        // To six places, beyond which nothing is certain.
        let fitted = fitted.map(|c| (c * 1e6).round() / 1e6);
        Self {
            input,
            coefficients: Coefficients::of(fitted),
            provenance,
        }
    }

    /// Corrects the probabilities of a page's blocks by what the other pages of
    /// its site say. A page that is a copy of another, as more than half of the
    /// words that it is expected to have of content recur, is left as it is.
    pub(crate) fn correct(
        &self,
        probabilities: &mut [f32],
        words: &[f32],
        evidence: &[Option<Evidence>],
    ) {
        let Some(evidence) = unless_a_copy(probabilities, words, evidence) else {
            return;
        };
        for (p, evidence) in probabilities.iter_mut().zip(evidence) {
            if let &Some(evidence) = evidence {
                *p = self.corrected(*p, evidence);
            }
        }
    }

    fn corrected(&self, p: f32, evidence: Evidence) -> f32 {
        let figures = figures(p, evidence);
        let z: f64 = (figures.iter().zip(self.coefficients.array()))
            .map(|(x, c)| x * c)
            .sum();
        // Coefficients of a file may be so large that they cancel to no number.
        if z.is_nan() {
            return p;
        }
        (1.0 / (1.0 + (-z).exp())) as f32
    }
}

/// The evidence, where the page is not a copy of another: then it says nothing.
pub(crate) fn unless_a_copy<'e>(
    probabilities: &[f32],
    words: &[f32],
    evidence: &'e [Option<Evidence>],
) -> Option<&'e [Option<Evidence>]> {
    let (mut all, mut recurring) = (0.0, 0.0);
    for ((p, words), evidence) in probabilities.iter().zip(words).zip(evidence) {
        all += p * words;
        if evidence.is_some_and(|evidence| evidence.others > 0) {
            recurring += p * words;
        }
    }
    (recurring <= COPIED * all).then_some(evidence)
}

fn figures(p: f32, evidence: Evidence) -> [f64; FIGURES] {
    let p = f64::from(p.clamp(SUREST, 1.0 - SUREST));
    let log_odds = (p / (1.0 - p)).ln();
    let recurs = f64::from(u8::from(evidence.others > 0));
    [
        1.0,
        log_odds,
        recurs * log_odds,
        recurs,
        f64::from(evidence.others).ln_1p(),
        evidence.share(),
        (1.0 - recurs) * f64::from(evidence.pages).ln_1p(),
    ]
}

fn sound(text: &str) -> SiteModel {
    SiteModel::from_toml(text).expect("the compiled-in coefficients are valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(others: u32) -> Option<Evidence> {
        Some(Evidence { others, pages: 4 })
    }

    #[test]
    fn the_shipped_coefficients_lower_what_recurs_and_raise_nothing_by_it() {
        let model = SiteModel::shipped_for(InputKind::Html);
        assert!(model.provenance.command.contains("--site-context"));
        for p in [0.2, 0.5, 0.8] {
            let mut blocks = [p, p];
            model.correct(&mut blocks, &[30.0, 10.0], &[on(0), on(4)]);
            assert!(blocks[1] < blocks[0].min(p), "{blocks:?}");
        }
        for kind in [InputKind::Html, InputKind::Text] {
            assert_eq!(SiteModel::shipped_for(kind).input, kind);
        }
    }

    #[test]
    fn without_evidence_and_on_copies_nothing_changes() {
        let model = SiteModel::shipped_for(InputKind::Html);
        let words = [30.0, 10.0];
        for evidence in [[None, None], [on(1), on(1)], [on(1), None]] {
            let mut blocks = [0.9, 0.5];
            model.correct(&mut blocks, &words, &evidence);
            assert_eq!(blocks, [0.9, 0.5], "{evidence:?}");
        }
    }

    #[test]
    fn what_is_learned_is_written_and_read_again() {
        let samples = (0..900).map(|n| Sample {
            probability: 0.5,
            evidence: Evidence {
                others: n % 3,
                pages: 2,
            },
            label: f32::from(u8::from(n % 3 == 0)),
            weight: 1.0,
        });
        let model = SiteModel::fit(InputKind::Text, samples, Provenance::default());
        let mut blocks = [0.5, 0.5, 0.5];
        let evidence = [0, 1, 2].map(|others| Some(Evidence { others, pages: 2 }));
        model.correct(&mut blocks, &[50.0, 1.0, 1.0], &evidence);
        assert!(
            blocks[0] > 0.9 && blocks[1] < 0.2 && blocks[2] < 0.1,
            "{blocks:?}"
        );
        let again = SiteModel::from_toml(&model.to_toml().unwrap()).unwrap();
        assert_eq!(again, model);
    }

    #[test]
    fn damaged_files_say_what_is_wrong() {
        let text = SiteModel::shipped_for(InputKind::Html).to_toml().unwrap();
        let error = |text: &str| SiteModel::from_toml(text).unwrap_err().to_string();
        assert!(error("").contains("`dehusk train --site-context`"));
        assert!(error(&text.replace("\nshare = ", "\nshare = inf #")).contains("not finite"));
        assert!(error(&text.replace("\nlog_odds = ", "\nlog_odds = -")).contains("below 0"));
    }
}
