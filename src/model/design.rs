//! What is measured of a page → the matrix that a classifier sees.
//!
//! Training and extraction build it here, so that a column is the same number
//! in both.

use ndarray::{Array2, ArrayViewMut2, Axis, ShapeBuilder, Slice};

use super::Profile;
use super::term_model::{self, TermModels};
use crate::feature::term::{KINDS, kinds_of};
use crate::feature::{self, Measured};
use crate::page::InputKind;

/// Name of the last column: 1 where profile `article` is asked for, else 0.
pub const ARTICLE: &str = "profile.article";

/// Names of the columns for pages of a kind, in order: the features of
/// [`feature::schema_of`] it, the log-odds of the term models, and 1 where profile
/// `article` is asked for.
pub fn columns(kind: InputKind) -> Vec<String> {
    feature::schema_of(kind)
        .iter()
        .map(|feature| feature.name.to_owned())
        .chain(TermModels::names(kind))
        .chain(std::iter::once(ARTICLE.to_owned()))
        .collect()
}

/// Index of the column [`ARTICLE`] for pages of a kind.
pub fn article_column(kind: InputKind) -> usize {
    feature::schema_of(kind).len() + kinds_of(kind).len() * term_model::COLUMNS
}

/// The matrix of a page: shape `(blocks, columns of its kind)`, every value
/// finite. It lies column by column, as features are measured and trees ask.
/// `log_odds` are those of the term models, by kind of terms and block.
///
/// # Panics
/// When there are not as many log-odds as blocks.
pub fn matrix(
    measured: &Measured,
    log_odds: &[Vec<f32>; KINDS.len()],
    profile: Profile,
) -> Array2<f32> {
    let blocks = measured.matrix.nrows();
    let kind = measured.kind;
    let mut matrix = Array2::zeros((blocks, article_column(kind) + 1).f());
    let write = |first, rows: ArrayViewMut2<'_, f32>| measured.write(first, rows);
    Design::of(kind, &write, log_odds, &measured.lengths, profile).write(0, matrix.view_mut());
    matrix
}

/// Writes the features of blocks, from the one given on, into as many rows.
pub(super) type Features<'a> = &'a dyn Fn(usize, ArrayViewMut2<'_, f32>);

/// The matrix of a page, of which some rows are made at a time: that of a page of
/// many small blocks is many times as large as the page.
pub(super) struct Design<'a> {
    pub(super) kind: InputKind,
    features: Features<'a>,
    terms: Vec<term_model::Columns<'a>>,
    profile: Profile,
}

impl<'a> Design<'a> {
    pub(super) fn of(
        kind: InputKind,
        features: Features<'a>,
        log_odds: &'a [Vec<f32>; KINDS.len()],
        lengths: &[f32],
        profile: Profile,
    ) -> Self {
        Self {
            kind,
            features,
            terms: kinds_of(kind)
                .iter()
                .map(|&terms| term_model::Columns::of(&log_odds[terms], lengths))
                .collect(),
            profile,
        }
    }

    /// Writes the rows of the blocks from `first` on, as many as `rows` has.
    pub(super) fn write(&self, first: usize, mut rows: ArrayViewMut2<'_, f32>) {
        let features = feature::schema_of(self.kind).len();
        (self.features)(first, rows.slice_axis_mut(Axis(1), Slice::from(..features)));
        for (place, terms) in self.terms.iter().enumerate() {
            terms.write(first, &mut rows, features + place * term_model::COLUMNS);
        }
        let article = if self.profile == Profile::Article {
            1.0
        } else {
            0.0
        };
        rows.column_mut(article_column(self.kind)).fill(article);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_is_the_last_column() {
        for kind in [InputKind::Html, InputKind::Text] {
            let columns = columns(kind);
            assert_eq!(columns[article_column(kind)], ARTICLE);
            assert_eq!(columns.len(), article_column(kind) + 1);
        }
    }

    #[test]
    fn a_plain_text_has_columns_of_its_own() {
        let columns = columns(InputKind::Text);
        let has = |name: &str| columns.iter().any(|column| column == name);
        assert!(has("line.mark") && has("text.length") && has("terms.heading"));
        assert!(!has("link.density") && !has("terms.path"));
    }
}
