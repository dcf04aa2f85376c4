//! What is measured of a page → the matrix that a classifier sees.
//!
//! Training and extraction build it here, so that a column is the same number
//! in both.

use ndarray::{Array2, ArrayViewMut2, Axis, ShapeBuilder, Slice};

use super::Profile;
use super::term_model::{self, TermModels};
use crate::feature::{self, Measured, term::KINDS};

/// Name of the last column: 1 where profile `article` is asked for, else 0.
pub const ARTICLE: &str = "profile.article";

/// Names of the columns, in order: the features of [`feature::schema`], the
/// log-odds of the term models, and 1 where profile `article` is asked for.
pub fn columns() -> Vec<String> {
    feature::schema()
        .iter()
        .map(|feature| feature.name.to_owned())
        .chain(TermModels::names())
        .chain(std::iter::once(ARTICLE.to_owned()))
        .collect()
}

/// Index of the column [`ARTICLE`].
pub fn article_column() -> usize {
    feature::schema().len() + KINDS.len() * term_model::COLUMNS
}

/// The matrix of a page: shape `(blocks, columns)`, every value finite. It lies
/// column by column, as features are measured and trees ask.
/// `log_odds` are those of the term models, by kind and block.
///
/// # Panics
/// When there are not as many log-odds as blocks.
pub fn matrix(
    measured: &Measured,
    log_odds: &[Vec<f32>; KINDS.len()],
    profile: Profile,
) -> Array2<f32> {
    let blocks = measured.matrix.nrows();
    let mut matrix = Array2::zeros((blocks, article_column() + 1).f());
    let write = |first, mut rows: ArrayViewMut2<'_, f32>| {
        let last = first + rows.nrows();
        let features = &measured.matrix;
        rows.assign(&features.slice_axis(Axis(0), Slice::from(first..last)));
    };
    Design::of(&write, log_odds, &measured.lengths, profile).write(0, matrix.view_mut());
    matrix
}

/// Writes the features of blocks, from the one given on, into as many rows.
pub(super) type Features<'a> = &'a dyn Fn(usize, ArrayViewMut2<'_, f32>);

/// The matrix of a page, of which some rows are made at a time: that of a page of
/// many small blocks is many times as large as the page.
pub(super) struct Design<'a> {
    features: Features<'a>,
    terms: [term_model::Columns<'a>; KINDS.len()],
    profile: Profile,
}

impl<'a> Design<'a> {
    pub(super) fn of(
        features: Features<'a>,
        log_odds: &'a [Vec<f32>; KINDS.len()],
        lengths: &[f32],
        profile: Profile,
    ) -> Self {
        Self {
            features,
            terms: log_odds
                .each_ref()
                .map(|log_odds| term_model::Columns::of(log_odds, lengths)),
            profile,
        }
    }

    /// Writes the rows of the blocks from `first` on, as many as `rows` has.
    pub(super) fn write(&self, first: usize, mut rows: ArrayViewMut2<'_, f32>) {
        let features = feature::schema().len();
        (self.features)(first, rows.slice_axis_mut(Axis(1), Slice::from(..features)));
        for (kind, terms) in self.terms.iter().enumerate() {
            terms.write(first, &mut rows, features + kind * term_model::COLUMNS);
        }
        let article = if self.profile == Profile::Article {
            1.0
        } else {
            0.0
        };
        rows.column_mut(article_column()).fill(article);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_is_the_last_column() {
        let columns = columns();
        assert_eq!(columns[article_column()], ARTICLE);
        assert_eq!(columns.len(), article_column() + 1);
    }
}
