//! Matrix → probabilities: a fitted model, and the file that holds it.
//!
//! A [`Model`] is a [`Classifier`] over the features it names, the rule that
//! selects with its probabilities, and where it came from. It knows nothing of
//! training: whatever a learner fits is lowered to a linear function or to
//! trees, so that extraction needs neither the learner nor its library.

mod file;
mod linear;
pub mod trees;

use ndarray::{Array1, Array2, Axis};
use serde::{Deserialize, Serialize};

use crate::feature;
use crate::select::Selection;
pub use file::{FORMAT_VERSION, ModelError};
pub use linear::Linear;
use trees::TreeEnsemble;

/// A fitted function from a block's features to its probability of being
/// content.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Classifier {
    /// Logistic function of standardised features.
    Linear(Linear),
    /// One tree, a forest, or boosted trees.
    Trees(TreeEnsemble),
}

impl Classifier {
    /// Probabilities for a matrix of shape `(blocks, features)`.
    pub fn probabilities(&self, matrix: &Array2<f32>) -> Array1<f32> {
        match self {
            Self::Linear(linear) => linear.probabilities(matrix.view()),
            Self::Trees(trees) => trees.probabilities(matrix.view()),
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
    /// SHA-256 over ids, page bytes and gold texts, in hexadecimal.
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
    /// Corpora, in the order given.
    pub corpora: Vec<TrainedOn>,
    /// Names and versions of what it was trained with.
    pub versions: Vec<(String, String)>,
    /// Macro word F1 out of fold, where it was cross-validated.
    pub cross_validated_f1: Option<f64>,
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Names of the features, in the order of the classifier's columns.
    pub features: Vec<String>,
    /// The fitted function.
    pub classifier: Classifier,
    /// The rule that selects with its probabilities, unless told otherwise.
    pub selection: Selection,
    /// Where it came from.
    pub provenance: Provenance,
}

impl Model {
    /// The model that ships in this build.
    ///
    /// # Panics
    /// Never in a released build: the bytes are compiled in and tested.
    pub fn shipped() -> &'static Self {
        static SHIPPED: std::sync::LazyLock<Model> = std::sync::LazyLock::new(|| {
            Model::from_bytes(include_bytes!("../../models/dehusk.model"))
                .expect("the compiled-in model is valid")
        });
        &SHIPPED
    }

    /// Probabilities for the matrix that [`feature::matrix`] makes.
    ///
    /// # Panics
    /// When the matrix has another number of columns than [`feature::schema`].
    pub fn probabilities(&self, matrix: &Array2<f32>) -> Array1<f32> {
        assert_eq!(matrix.ncols(), self.features.len());
        if matrix.nrows() == 0 {
            return Array1::zeros(0);
        }
        self.classifier.probabilities(matrix)
    }

    /// Features by how much they move the output, most first: for a linear
    /// model the size of its coefficients, for trees how many splits ask them.
    pub fn importance(&self) -> Vec<(&str, f32)> {
        let mut weights = vec![0.0_f32; self.features.len()];
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
        let mut named: Vec<(&str, f32)> = self
            .features
            .iter()
            .map(String::as_str)
            .zip(weights)
            .collect();
        named.sort_by(|a, b| b.1.total_cmp(&a.1));
        named
    }
}

/// The names of the features of this build, in order.
pub(crate) fn feature_names() -> Vec<String> {
    feature::schema().iter().map(|f| f.name.to_owned()).collect()
}

/// Means of the columns of a matrix.
pub(crate) fn column_means(matrix: &Array2<f32>) -> Array1<f32> {
    matrix
        .mean_axis(Axis(0))
        .unwrap_or_else(|| Array1::zeros(matrix.ncols()))
}
