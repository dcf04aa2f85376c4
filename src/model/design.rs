//! What is measured of a page → the matrix that a classifier sees.
//!
//! Training and extraction build it here, so that a column is the same number
//! in both.

use ndarray::{Array2, Axis, ShapeBuilder, Slice};

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
    let (blocks, features) = measured.matrix.dim();
    let mut matrix = Array2::zeros((blocks, article_column() + 1).f());
    matrix
        .slice_axis_mut(Axis(1), Slice::from(..features))
        .assign(&measured.matrix);
    for (kind, log_odds) in log_odds.iter().enumerate() {
        let at = features + kind * term_model::COLUMNS;
        term_model::write_columns(log_odds, &measured.lengths, &mut matrix, at);
    }
    if profile == Profile::Article {
        matrix.column_mut(article_column()).fill(1.0);
    }
    matrix
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
