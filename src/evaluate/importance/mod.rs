//! A model + the pages it is measured on → what each column is worth to it.
//!
//! Two answers, as each misleads alone. *Gain* ([`gain`]) says how much the
//! model's own questions about a column part content from boilerplate; of two
//! columns that say the same, one gets it all. *Permutation* ([`shuffled`])
//! says how much worse the model gets when a column's values are dealt anew
//! among the blocks (Breiman 2001, *Random Forests*, §10); of two columns that
//! say the same, neither seems to matter. So groups of columns, named by what
//! stands before the dot, are shuffled together as well (Gregorutti, Michel and
//! Saint-Pierre 2015, *Grouped variable importance with random forests*, §2).
//!
//! Cost is bounded: whole pages, drawn by a seed, of [`MOST_ROWS`] blocks.

mod gain;
mod sample;
mod shuffled;

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use crate::model::{Model, design};
use crate::page::InputKind;
use crate::train::PreparedPage;
use sample::Sample;
use shuffled::Shuffler;

/// Blocks that importance is measured on at most.
pub const MOST_ROWS: usize = 10_000;

/// Times that a column is shuffled; losses are means over them.
pub const SHUFFLES: usize = 3;

/// How good a model is on the sample: what shuffling takes from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Fitness {
    /// Mean log loss of blocks by words, in nats; lower is better.
    pub log_loss: f64,
    /// Area under the ROC curve by words, 0 to 1; `None` where all words are
    /// content or none is.
    pub auc: Option<f64>,
    /// Mean over pages of the word F1 of what is kept, against the labels, 0 to
    /// 1: repeats are not dropped and words off the page do not count, so that
    /// it is not quite the F1 of the texts.
    pub f1: f64,
}

/// What a column, or a group of them, is worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Worth {
    /// Name of the column or group.
    pub name: String,
    /// Share of all gain, 0 to 1 (a little under 0 where the questions about it
    /// are worth less than their penalty).
    pub gain: f64,
    /// By how much log loss rises when it is shuffled, in nats.
    pub log_loss: f64,
    /// By how much the area under the ROC curve falls.
    pub auc: f64,
    /// By how much the pages' mean F1 falls.
    pub f1: f64,
}

/// What the columns of a model are worth on some pages.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Importance {
    /// Pages of the sample.
    pub pages: usize,
    /// Blocks of the sample.
    pub rows: usize,
    /// The seed that draws and shuffles.
    pub seed: u64,
    /// The model as it is.
    pub whole: Fitness,
    /// Every column, by log loss, the one that is missed most first.
    pub columns: Vec<Worth>,
    /// Every group of columns, in the same order.
    pub groups: Vec<Worth>,
}

impl Importance {
    /// How many columns and groups are measured on pages of a kind: how often
    /// [`Importance::of`] tells.
    pub fn parts(kind: InputKind) -> usize {
        let names = design::columns(kind);
        names.len() + groups_of(&names).len()
    }

    /// Measures a model on pages: on all of them, or on whole pages drawn by
    /// `seed` of no more than [`MOST_ROWS`] blocks. Pages that hold less than
    /// half of their gold text are passed over. `None` where no page is left.
    /// `each` is told of every column and group done, from any thread.
    pub fn of(
        model: &Model,
        pages: &[PreparedPage],
        seed: u64,
        each: impl Fn() + Sync,
    ) -> Option<Self> {
        let sample = Sample::draw(model, pages, seed, MOST_ROWS)?;
        let gain = gain::shares(&model.classifier, &sample);
        let names = design::columns(model.kind);
        let groups = groups_of(&names);
        let shuffler = Shuffler::new(model, &sample);
        let whole = shuffler.whole();
        let worth = |(at, (name, columns)): (usize, (&str, Vec<usize>))| {
            let seeds = (0..SHUFFLES).map(|n| seed.wrapping_add((at * SHUFFLES + n + 1) as u64));
            let after: Vec<Fitness> = seeds
                .map(|seed| shuffler.without(&columns, seed).unwrap_or(whole))
                .collect();
            each();
            let mean = |value: &dyn Fn(&Fitness) -> f64| {
                after.iter().map(value).sum::<f64>() / after.len() as f64
            };
            Worth {
                name: name.to_owned(),
                gain: columns.iter().map(|&column| gain[column]).sum(),
                log_loss: mean(&|after| after.log_loss - whole.log_loss),
                auc: mean(&|after| match (whole.auc, after.auc) {
                    (Some(whole), Some(after)) => whole - after,
                    _ => 0.0,
                }),
                f1: mean(&|after| whole.f1 - after.f1),
            }
        };
        let sorted = |parts: Vec<(&str, Vec<usize>)>| {
            let mut worths: Vec<Worth> = parts.into_par_iter().enumerate().map(worth).collect();
            worths.sort_by(|a, b| {
                b.log_loss
                    .total_cmp(&a.log_loss)
                    .then(b.gain.total_cmp(&a.gain))
            });
            worths
        };
        let columns = names
            .iter()
            .enumerate()
            .map(|(column, name)| (name.as_str(), vec![column]))
            .collect();
        Some(Self {
            pages: sample.spans.len(),
            rows: sample.rows(),
            seed,
            whole,
            columns: sorted(columns),
            groups: sorted(groups.into_iter().collect()),
        })
    }
}

/// Columns by what stands before the dot in their names.
fn groups_of(names: &[String]) -> BTreeMap<&str, Vec<usize>> {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (column, name) in names.iter().enumerate() {
        let group = name.split('.').next().unwrap_or(name);
        groups.entry(group).or_default().push(column);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Format, LabelledPage, PageSource};
    use crate::model::trees::{Link, Node, Tree, TreeEnsemble};
    use crate::model::{
        Calibration, Classifier, Linear, PageCalibration, Provenance, term_model::TermModels,
    };
    use crate::select::Selection;
    use crate::train::prepare;

    /// Pages whose content is what has many words.
    fn pages() -> Vec<PreparedPage> {
        let pages = (0..6)
            .map(|i| {
                let gold = format!(
                    "Paragraph {i} says at some length how the old bridge over the river was \
                     mended in the spring and what the town had to pay for it in the end."
                );
                let html = format!("<ul><li>Home<li>News {i}</ul><p>{gold}</p><div>Legal</div>");
                let source = PageSource::Inline(html.into_bytes());
                LabelledPage::new(format!("page{i}"), Format::Wcxb, source, gold)
            })
            .collect();
        prepare(pages, || {}).unwrap()
    }

    fn column(name: &str) -> usize {
        design::columns(InputKind::Html)
            .iter()
            .position(|c| c == name)
            .unwrap()
    }

    fn model(classifier: Classifier) -> Model {
        Model {
            kind: InputKind::Html,
            terms: TermModels::default(),
            classifier,
            calibration: Calibration::default(),
            page_calibration: PageCalibration::default(),
            selection: Selection::Threshold(0.5),
            provenance: Provenance::default(),
        }
    }

    fn of_words(link: Link) -> Model {
        let (few, many, base) = match link {
            Link::Logistic => (-3.0, 3.0, 0.0),
            Link::Identity => (0.05, 0.95, 0.0),
        };
        let nodes = vec![
            Node::Split {
                feature: column("text.length") as u32,
                threshold: 2.0,
                missing_left: false,
                left: 1,
                right: 2,
            },
            Node::Leaf { value: few },
            Node::Leaf { value: many },
        ];
        let trees = vec![Tree { nodes }];
        let ensemble = TreeEnsemble { base, trees, link };
        model(Classifier::Trees(ensemble.into()))
    }

    #[test]
    fn the_column_that_a_model_asks_is_worth_all() {
        for link in [Link::Logistic, Link::Identity] {
            let found = Importance::of(&of_words(link), &pages(), 3, || {}).unwrap();
            assert_eq!((found.pages, found.rows), (6, 24));
            assert_eq!((found.whole.auc, found.whole.f1), (Some(1.0), 1.0));
            let first = &found.columns[0];
            assert_eq!(first.name, "text.length");
            assert!((first.gain - 1.0).abs() < 1e-12);
            assert!(first.log_loss > 0.5 && first.auc > 0.1 && first.f1 > 0.1);
            for other in &found.columns[1..] {
                let nothing = [other.gain, other.log_loss, other.auc, other.f1];
                assert_eq!(nothing, [0.0; 4], "{}", other.name);
            }
            assert_eq!(found.groups[0].name, "text");
            assert!(found.groups[0].log_loss > 0.5);
        }
    }

    #[test]
    fn every_part_that_is_measured_is_told() {
        let told = std::sync::atomic::AtomicUsize::new(0);
        let each = || {
            told.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        };
        let found = Importance::of(&of_words(Link::Logistic), &pages(), 3, each).unwrap();
        assert_eq!(told.into_inner(), Importance::parts(InputKind::Html));
        assert_eq!(
            found.columns.len() + found.groups.len(),
            Importance::parts(InputKind::Html)
        );
    }

    #[test]
    fn a_linear_models_gain_is_how_far_a_column_moves_it() {
        let n = design::columns(InputKind::Html).len();
        let words = column("text.length");
        let mut coefficients = vec![0.0; n];
        coefficients[words] = 0.4;
        // Weighs much and never varies on these pages.
        coefficients[design::article_column(InputKind::Html)] = 50.0;
        let linear = Linear {
            means: vec![0.0; n],
            scales: vec![1.0; n],
            coefficients,
            intercept: -4.0,
        };
        let found = Importance::of(&model(Classifier::Linear(linear)), &pages(), 3, || {});
        let first = &found.unwrap().columns[0];
        assert_eq!((first.name.as_str(), first.gain), ("text.length", 1.0));
        assert!(first.log_loss > 0.1);
    }

    #[test]
    fn a_seed_fixes_it_on_any_number_of_threads() {
        let (model, pages) = (of_words(Link::Logistic), pages());
        let with = |threads, seed| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let pool = pool.build().unwrap();
            pool.install(|| Importance::of(&model, &pages, seed, || {}))
        };
        assert_eq!(with(1, 3), with(3, 3));
        assert_ne!(with(1, 3), with(1, 4));
    }

    #[test]
    fn pages_without_their_gold_have_no_say() {
        let source = PageSource::Inline(b"<p>Page not found".to_vec());
        let gone = LabelledPage::new("x", Format::Wcxb, source, "The council voted on Tuesday");
        let pages = prepare(vec![gone], || {}).unwrap();
        assert_eq!(
            Importance::of(&of_words(Link::Logistic), &pages, 0, || {}),
            None
        );
        assert_eq!(
            Importance::of(&of_words(Link::Logistic), &[], 0, || {}),
            None
        );
    }
}
