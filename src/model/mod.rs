//! Matrix → probabilities: a fitted model, and the file that holds it.
//!
//! A [`Model`] turns what is measured of a page into a design matrix
//! ([`design`]: the features, log-odds of sparse models of the hashed terms, the
//! profile asked for), puts a [`Classifier`] and a [`Calibration`] on it, and
//! carries the rule that selects with its probabilities and where it came from.
//! It judges pages of one kind, HTML or plain text. It knows nothing of training: whatever a learner fits is lowered to a linear
//! function or to trees, so that extraction needs neither the learner nor its
//! library.

mod bitwise;
mod calibration;
pub mod design;
mod file;
pub(crate) mod gated;
mod linear;
pub(crate) mod logistic;
mod page_calibration;
mod payload;
mod profile;
mod question;
pub mod term_model;
mod tree_check;
pub mod trees;

use std::cell::Cell;
use std::sync::LazyLock;

use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, Axis, ShapeBuilder, Slice};
use serde::{Deserialize, Serialize};

use crate::feature::term::KINDS;
use crate::feature::{Measured, PageFacts};
use crate::page::InputKind;
use crate::select::Selection;
pub use calibration::Calibration;
use design::Design;
pub use file::{FORMAT_VERSION, ModelError};
pub use linear::Linear;
pub use page_calibration::PageCalibration;
pub use profile::Profile;
use term_model::TermModels;
use trees::Scorer;

/// A fitted function from a block's features to its probability of being
/// content.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Classifier {
    /// Logistic function of standardised features.
    Linear(Linear),
    /// One tree, a forest, or boosted trees.
    Trees(Scorer),
}

thread_local! {
    /// What a page's matrix lies in; every cell is written before it is read.
    static ROOM: Cell<Vec<f32>> = const { Cell::new(Vec::new()) };
}

impl Classifier {
    /// Uncalibrated probabilities for the blocks of a page, as `profile`
    /// understands main content.
    ///
    /// Under profile `full` all that is the page's own is content. Comments
    /// under an article are not its own: they are judged as profile `article`
    /// judges them, where that is lower.
    pub fn judge(
        &self,
        measured: &Measured,
        log_odds: &[Vec<f32>; KINDS.len()],
        profile: Profile,
    ) -> Array1<f32> {
        let write = |first, rows: ArrayViewMut2<'_, f32>| measured.write(first, rows);
        let design = Design::of(measured.kind, &write, log_odds, &measured.lengths, profile);
        let blocks = measured.matrix.nrows();
        self.judge_design(&design, blocks, &measured.comments, profile)
    }

    fn judge_design(
        &self,
        design: &Design<'_>,
        blocks: usize,
        comments: &[usize],
        profile: Profile,
    ) -> Array1<f32> {
        let mut probabilities = Array1::zeros(blocks);
        let rows = bitwise::ROWS.min(blocks).max(1);
        let article = design::article_column(design.kind);
        let cells = rows * (article + 1);
        let mut room = ROOM.take();
        room.resize(room.len().max(cells), 0.0);
        let mut matrix = ArrayViewMut2::from_shape((rows, article + 1).f(), &mut room[..cells])
            .expect("there are as many cells as the shape has");
        let mut comments = comments.iter().copied().peekable();
        for (at, mut found) in probabilities
            .axis_chunks_iter_mut(Axis(0), rows)
            .enumerate()
        {
            let (first, n) = (at * rows, found.len());
            let mut matrix = matrix.slice_axis_mut(Axis(0), Slice::from(..n));
            design.write(first, matrix.view_mut());
            found.assign(&self.probabilities_of(matrix.view()));
            let here: Vec<usize> =
                std::iter::from_fn(|| comments.next_if(|&block| block < first + n))
                    .map(|block| block - first)
                    .collect();
            if profile == Profile::Full && !here.is_empty() {
                let mut as_article = matrix.select(Axis(0), &here);
                as_article.column_mut(article).fill(1.0);
                for (&block, p) in here.iter().zip(self.probabilities(&as_article)) {
                    found[block] = found[block].min(p);
                }
            }
        }
        ROOM.set(room);
        probabilities
    }

    /// Probabilities for a matrix of shape `(blocks, features)`.
    pub fn probabilities(&self, matrix: &Array2<f32>) -> Array1<f32> {
        self.probabilities_of(matrix.view())
    }

    fn probabilities_of(&self, matrix: ArrayView2<'_, f32>) -> Array1<f32> {
        match self {
            Self::Linear(linear) => linear.probabilities(matrix),
            Self::Trees(trees) => trees.probabilities(matrix),
        }
    }
}

/// A corpus that a model was trained on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainedOn {
    /// The corpus's format.
    pub corpus: String,
    /// Pages used.
    pub pages: usize,
    /// SHA-256 over ids, groups, profiles, page bytes and gold texts, in
    /// hexadecimal: see [`digest`](crate::corpus::digest()).
    pub sha256: String,
    /// Licence of the annotations.
    pub licence: String,
}

/// Where a model came from: enough to make it again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The command that trained it, with `PATH` for every path.
    pub command: String,
    /// Learner and its settings.
    pub learner: String,
    /// Seed of everything drawn at random.
    pub seed: u64,
    /// Corpora, by name.
    pub corpora: Vec<TrainedOn>,
    /// Names and versions of what it was trained with.
    pub versions: Vec<(String, String)>,
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What the pages are written in that it judges.
    pub kind: InputKind,
    /// Sparse models whose log-odds are columns of the design matrix.
    pub terms: TermModels,
    /// The fitted function of the design matrix ([`design::columns`]).
    pub classifier: Classifier,
    /// What turns the classifier's answers into probabilities.
    pub calibration: Calibration,
    /// What turns what is expected of an extraction into its quality.
    pub page_calibration: PageCalibration,
    /// The rule that selects with its probabilities, unless told otherwise.
    pub selection: Selection,
    /// Where it came from.
    pub provenance: Provenance,
}

impl Model {
    /// The model of HTML that ships in this build.
    ///
    /// # Panics
    /// Never in a released build: the bytes are compiled in and tested.
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Model> = LazyLock::new(|| {
            Model::from_sound_bytes(Model::shipped_bytes(InputKind::Html))
                .expect("the compiled-in model is valid")
        });
        &SHIPPED
    }

    /// The file of the model of pages of a kind that ships in this build.
    pub fn shipped_bytes(kind: InputKind) -> &'static [u8] {
        match kind {
            InputKind::Html => include_bytes!("../../models/dehusk.model"),
            InputKind::Text => include_bytes!("../../models/text.model"),
        }
    }

    /// The model of pages of a kind that ships in this build.
    ///
    /// # Panics
    /// Never in a released build: the bytes are compiled in and tested.
    pub fn shipped_for(kind: InputKind) -> &'static Self {
        static TEXT: LazyLock<Model> = LazyLock::new(|| {
            Model::from_sound_bytes(Model::shipped_bytes(InputKind::Text))
                .expect("the compiled-in model is valid")
        });
        match kind {
            InputKind::Html => Self::shipped(),
            InputKind::Text => &TEXT,
        }
    }

    /// Whether it judges pages of a kind.
    ///
    /// # Errors
    /// When it judges those of another.
    pub fn check_reads(&self, page: InputKind) -> Result<(), ModelError> {
        if self.kind == page {
            Ok(())
        } else {
            let model = self.kind;
            Err(ModelError::Kind { model, page })
        }
    }

    /// For each block of a page its probability of being main content, 0 to 1,
    /// as `profile` understands main content.
    ///
    /// # Panics
    /// When the page is of another kind than the model's
    /// ([`check_reads`](Self::check_reads)).
    pub fn probabilities(&self, measured: &Measured, profile: Profile) -> Vec<f32> {
        assert_eq!(self.kind, measured.kind, "a model of another kind of pages");
        if measured.matrix.nrows() == 0 {
            return Vec::new();
        }
        self.classifier
            .judge(measured, &self.terms.log_odds(&measured.terms), profile)
            .iter()
            .map(|&raw| self.calibration.apply(raw))
            .collect()
    }

    /// The same from the facts of a page: no matrix of all its blocks is made.
    ///
    /// # Panics
    /// As [`probabilities`](Self::probabilities).
    pub(crate) fn judge(&self, facts: &PageFacts<'_>, profile: Profile) -> Vec<f32> {
        assert_eq!(self.kind, facts.input, "a model of another kind of pages");
        let log_odds = self.terms.log_odds(&facts.terms());
        let write = |first, rows: ArrayViewMut2<'_, f32>| facts.write(first, rows);
        let design = Design::of(facts.input, &write, &log_odds, &facts.lengths(), profile);
        self.classifier
            .judge_design(&design, facts.len(), &facts.comments(), profile)
            .iter()
            .map(|&raw| self.calibration.apply(raw))
            .collect()
    }

    /// Columns by how much they move the output, most first: for a linear
    /// model the size of its coefficients, for trees how many splits ask them.
    pub fn importance(&self) -> Vec<(String, f32)> {
        let columns = design::columns(self.kind);
        let mut weights = vec![0.0_f32; columns.len()];
        match &self.classifier {
            Classifier::Linear(linear) => {
                for (weight, coefficient) in weights.iter_mut().zip(&linear.coefficients) {
                    *weight = coefficient.abs();
                }
            }
            Classifier::Trees(ensemble) => {
                for node in ensemble.trees.iter().flat_map(|tree| &tree.nodes) {
                    if let trees::Node::Split { feature, .. } = node {
                        weights[*feature as usize] += 1.0;
                    }
                }
            }
        }
        let mut named: Vec<(String, f32)> = columns.into_iter().zip(weights).collect();
        named.sort_by(|a, b| b.1.total_cmp(&a.1));
        named
    }
}

/// Means of the columns of a matrix.
pub(crate) fn column_means(matrix: &Array2<f32>) -> Array1<f32> {
    matrix
        .mean_axis(Axis(0))
        .unwrap_or_else(|| Array1::zeros(matrix.ncols()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::Blocks;
    use crate::page::{Page, PageContext};
    use trees::{Link, Node, Tree, TreeEnsemble};

    #[test]
    fn the_models_in_this_build_are_whole() {
        for kind in [InputKind::Html, InputKind::Text] {
            let (shipped, bytes) = (Model::shipped_for(kind), Model::shipped_bytes(kind));
            assert_eq!(Model::from_bytes(bytes).unwrap(), *shipped);
            assert_eq!(shipped.kind, kind);
        }
    }

    #[test]
    fn comments_under_an_article_are_judged_as_of_an_article() {
        let comment = "<li class=comment><b>Ann</b> <i>5 hours ago</i><p>I rode that road for \
                       years and nobody ever mended it.</p><a href=#r>Reply</a></li>";
        let html = format!(
            "<h1>The road</h1><p>The council voted on Tuesday night to mend the old road.</p>\
             <h3>3 comments</h3><ol>{}</ol>",
            comment.repeat(3)
        );
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        let measured = crate::feature::measure(&page, &Blocks::of(&page));
        assert!(!measured.comments.is_empty());
        // Content unless an article is asked for.
        let model = Model {
            kind: InputKind::Html,
            terms: TermModels::default(),
            classifier: Classifier::Trees(
                TreeEnsemble {
                    base: 0.0,
                    trees: vec![Tree {
                        nodes: vec![
                            Node::Split {
                                feature: design::article_column(InputKind::Html) as u32,
                                threshold: 0.5,
                                missing_left: false,
                                left: 1,
                                right: 2,
                            },
                            Node::Leaf { value: 0.9 },
                            Node::Leaf { value: 0.1 },
                        ],
                    }],
                    link: Link::Identity,
                }
                .into(),
            ),
            calibration: Calibration::default(),
            page_calibration: PageCalibration::default(),
            selection: Selection::default(),
            provenance: Provenance::default(),
        };
        let full = model.probabilities(&measured, Profile::Full);
        for (block, p) in full.into_iter().enumerate() {
            let comment = measured.comments.contains(&block);
            assert_eq!(p, if comment { 0.1 } else { 0.9 }, "{block}");
        }
    }
}
