//! [`Blocks`] → a matrix of named features, one row a block, and hashed terms.
//!
//! Each feature is a name, a sentence and a function of the page's facts
//! ([`facts::PageFacts`]) and a block's index, from which the compiler makes a loop of
//! its own over a column. The facts are gathered in one
//! pass over the blocks and one down the outline; every question about an
//! ancestor or a window is then a difference of running sums. [`schema_of`] lists
//! the features of a kind of page in the order of the matrix's columns: those of
//! plain text are what survives of the others, and what only lines tell.

mod ancestor;
mod container;
mod date;
mod element;
mod facts;
mod lexicon;
mod line;
mod link;
mod logarithm;
mod markup;
mod neighbour;
mod page;
mod position;
mod repetition;
mod shallow;
mod stats;
mod stopword;
pub mod term;
mod text_schema;
mod thread;
mod title;
mod vocabulary;
mod word_map;

use ndarray::{Array2, ArrayView1, ArrayViewMut1, ArrayViewMut2, Axis, ShapeBuilder, Slice};

use crate::block::Blocks;
use crate::page::{InputKind, Page};
pub use facts::PageFacts;
use term::Terms;

pub(crate) use stopword::is_stopword;
pub(crate) use thread::is_author;
pub use thread::{Discussion, Place, Role};
pub(crate) use vocabulary::text_hash;

/// Version of the schema of HTML: raised whenever a feature is added, dropped,
/// moved or changes its meaning, as a model fitted on other features is useless.
pub const SCHEMA_VERSION: u32 = 3;

/// Version of the schema of plain text, raised likewise.
pub const TEXT_SCHEMA_VERSION: u32 = 1;

/// Version of a kind's schema.
pub const fn schema_version(kind: InputKind) -> u32 {
    match kind {
        InputKind::Html => SCHEMA_VERSION,
        InputKind::Text => TEXT_SCHEMA_VERSION,
    }
}

/// One column of the feature matrix.
#[derive(Clone, Copy)]
pub struct Feature {
    /// Unique name, `group.what`.
    pub name: &'static str,
    /// What it measures: shape, unit, range and source of the formula.
    pub about: &'static str,
    value: Value,
}

/// What a feature is a function of.
#[derive(Clone, Copy)]
enum Value {
    Block(&'static dyn OfBlock),
    /// The same for all blocks of a page.
    Page(fn(&PageFacts<'_>) -> f32),
}

/// A function of facts and a block, called for one block or for many.
trait OfBlock: Sync {
    fn value(&self, facts: &PageFacts<'_>, block: usize) -> f32;

    /// Its values for blocks in order, from `first` on; always finite.
    fn fill(&self, facts: &PageFacts<'_>, first: usize, column: &mut [f32]);
}

impl<F: Fn(&PageFacts<'_>, usize) -> f32 + Sync> OfBlock for F {
    fn value(&self, facts: &PageFacts<'_>, block: usize) -> f32 {
        self(facts, block)
    }

    fn fill(&self, facts: &PageFacts<'_>, first: usize, column: &mut [f32]) {
        for (i, cell) in column.iter_mut().enumerate() {
            *cell = finite(self(facts, first + i));
        }
    }
}

impl Feature {
    const fn new<F: Fn(&PageFacts<'_>, usize) -> f32 + Sync>(
        name: &'static str,
        about: &'static str,
        value: &'static F,
    ) -> Self {
        let value = Value::Block(value);
        Self { name, about, value }
    }

    const fn of_page(
        name: &'static str,
        about: &'static str,
        value: fn(&PageFacts<'_>) -> f32,
    ) -> Self {
        let value = Value::Page(value);
        Self { name, about, value }
    }

    /// The feature's value for a block; always finite.
    ///
    /// # Panics
    /// When `block` is not an index of the page's blocks.
    pub fn value(&self, facts: &PageFacts<'_>, block: usize) -> f32 {
        finite(match self.value {
            Value::Block(value) => value.value(facts, block),
            Value::Page(value) => value(facts),
        })
    }

    /// The feature's values for blocks in order, from `first` on.
    fn fill(&self, facts: &PageFacts<'_>, first: usize, mut column: ArrayViewMut1<'_, f32>) {
        match self.value {
            Value::Block(value) => match column.as_slice_mut() {
                Some(column) => value.fill(facts, first, column),
                None => {
                    let mut apart = vec![0.0; column.len()];
                    value.fill(facts, first, &mut apart);
                    column.assign(&ArrayView1::from(&apart));
                }
            },
            Value::Page(_) if column.is_empty() => {}
            Value::Page(value) => column.fill(finite(value(facts))),
        }
    }
}

fn finite(value: f32) -> f32 {
    if value.is_finite() { value } else { 0.0 }
}

impl std::fmt::Debug for Feature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Feature").field("name", &self.name).finish()
    }
}

/// The features of pages of a kind, in the order of the matrix's columns.
pub fn schema_of(kind: InputKind) -> &'static [Feature] {
    match kind {
        InputKind::Html => schema(),
        InputKind::Text => text_schema::schema(),
    }
}

/// The features of HTML, in the order of the matrix's columns.
pub fn schema() -> &'static [Feature] {
    static SCHEMA: std::sync::LazyLock<Vec<Feature>> = std::sync::LazyLock::new(|| {
        [
            shallow::FEATURES,
            link::FEATURES,
            markup::FEATURES,
            lexicon::FEATURES,
            position::FEATURES,
            neighbour::FEATURES,
            ancestor::FEATURES,
            container::FEATURES,
            repetition::FEATURES,
            title::FEATURES,
            page::FEATURES,
            thread::FEATURES,
        ]
        .concat()
    });
    &SCHEMA
}

/// What is measured of a page's blocks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measured {
    /// What the page is written in, and so which features these are.
    pub kind: InputKind,
    /// The features of [`schema_of`] that kind: shape `(blocks, features)`, every value
    /// finite. As measured, it lies column by column.
    pub matrix: Array2<f32>,
    /// The hashed terms of each block.
    pub terms: Terms,
    /// Length of each block in English words, whatever its script; ≥ 0.
    pub lengths: Vec<f32>,
    /// The blocks that are comments under an article, ascending.
    pub comments: Vec<usize>,
    /// What the blocks are in discussions; nothing is learned from it.
    pub discussion: Discussion,
}

/// Measures the blocks of a page.
///
/// ```
/// use dehusk::block::Blocks;
/// use dehusk::feature;
/// use dehusk::page::{Page, PageContext};
///
/// let page = Page::parse(b"<p>One block.<p>Another.", &PageContext::default());
/// let blocks = Blocks::of(&page);
/// let measured = feature::measure(&page, &blocks);
/// assert_eq!(measured.matrix.dim(), (2, feature::schema().len()));
/// ```
pub fn measure(page: &Page, blocks: &Blocks) -> Measured {
    let facts = PageFacts::gather(page, blocks);
    let schema = schema_of(page.kind);
    let mut matrix = Array2::zeros((blocks.len(), schema.len()).f());
    facts.write(0, matrix.view_mut());
    Measured {
        kind: page.kind,
        matrix,
        terms: facts.terms(),
        lengths: facts.lengths(),
        comments: facts.comments(),
        discussion: facts.threads.discussion,
    }
}

impl Measured {
    /// Writes the features of blocks, from `first` on, into `rows` of shape
    /// `(some blocks, features)`.
    ///
    /// # Panics
    /// When the page has not as many blocks.
    pub(crate) fn write(&self, first: usize, mut rows: ArrayViewMut2<'_, f32>) {
        let last = first + rows.nrows();
        let own = self.matrix.slice_axis(Axis(0), Slice::from(first..last));
        rows.assign(&own);
    }
}

impl PageFacts<'_> {
    /// Writes the features of blocks, from `first` on, into `rows` of shape
    /// `(some blocks, features)`.
    ///
    /// # Panics
    /// When the page has not as many blocks.
    pub(crate) fn write(&self, first: usize, mut rows: ArrayViewMut2<'_, f32>) {
        let n = rows.nrows();
        let schema = schema_of(self.input);
        for (column, feature) in rows.columns_mut().into_iter().zip(schema) {
            crate::watch::spend(4 * n);
            feature.fill(self, first, column);
        }
    }

    /// As [`Measured::discussion`].
    pub(crate) fn into_discussion(self) -> Discussion {
        self.threads.discussion
    }

    /// As [`Measured::terms`].
    pub(crate) fn terms(&self) -> Terms {
        match self.input {
            InputKind::Html => Terms::gather(self),
            InputKind::Text => Terms::of_lines(self),
        }
    }

    /// How many words each block has.
    pub(crate) fn words(&self) -> Vec<f32> {
        self.stats.iter().map(|stats| stats.words as f32).collect()
    }

    /// As [`Measured::lengths`].
    pub(crate) fn lengths(&self) -> Vec<f32> {
        self.stats.iter().map(|stats| stats.length).collect()
    }

    /// As [`Measured::comments`].
    pub(crate) fn comments(&self) -> Vec<usize> {
        self.threads.comments()
    }
}

#[cfg(test)]
mod tests_support {
    use crate::block::Blocks;
    use crate::page::{InputKind, Page, PageContext};

    /// The value of a feature for a block of a small page.
    pub(super) fn value(html: &str, block: usize, name: &str) -> f32 {
        values(html, &[(block, name)])[0]
    }

    /// Checks features of one small page: of each row's block the feature's
    /// value, within what rounding takes.
    #[track_caller]
    pub(super) fn check(html: &str, rows: &[(usize, &str, f32)]) {
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        check_page(&page, html, rows);
    }

    /// [`check`] of a plain text.
    #[track_caller]
    pub(super) fn check_text(text: &str, rows: &[(usize, &str, f32)]) {
        let context = PageContext {
            kind: InputKind::Text,
            ..PageContext::default()
        };
        check_page(&Page::parse(text.as_bytes(), &context), text, rows);
    }

    #[track_caller]
    fn check_page(page: &Page, source: &str, rows: &[(usize, &str, f32)]) {
        let asked: Vec<_> = rows.iter().map(|&(block, name, _)| (block, name)).collect();
        for (found, &(block, name, expected)) in values_of(page, &asked).iter().zip(rows) {
            assert!(
                (found - expected).abs() <= 1e-5 * expected.abs().max(1.0),
                "{name} of block {block} is {found}, not {expected}, in {source}"
            );
        }
    }

    fn values(html: &str, asked: &[(usize, &str)]) -> Vec<f32> {
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        values_of(&page, asked)
    }

    fn values_of(page: &Page, asked: &[(usize, &str)]) -> Vec<f32> {
        let blocks = Blocks::of(page);
        let facts = super::PageFacts::gather(page, &blocks);
        asked
            .iter()
            .map(|&(block, name)| {
                let feature = super::schema_of(page.kind).iter().find(|f| f.name == name);
                let feature = feature.unwrap_or_else(|| panic!("no feature {name}"));
                feature.value(&facts, block)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::PageContext;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_every_feature_is_explained() {
        for schema in [schema(), schema_of(InputKind::Text)] {
            let names: HashSet<_> = schema.iter().map(|f| f.name).collect();
            assert_eq!(names.len(), schema.len());
            assert!(schema.len() >= 40);
            for feature in schema {
                assert!(feature.name.contains('.'), "{}", feature.name);
                assert!(feature.about.len() > 8, "{}", feature.name);
            }
        }
    }

    #[test]
    fn every_feature_is_named_in_a_test() {
        let within = [
            include_str!("shallow.rs"),
            include_str!("link.rs"),
            include_str!("markup.rs"),
            include_str!("position.rs"),
            include_str!("neighbour.rs"),
            include_str!("ancestor.rs"),
            include_str!("container.rs"),
            include_str!("repetition.rs"),
            include_str!("title.rs"),
            include_str!("page.rs"),
            include_str!("line.rs"),
        ]
        .map(|source| {
            source
                .split_once("\nmod tests {")
                .map_or("", |(_, tests)| tests)
        });
        let apart = [
            include_str!("lexicon/tests.rs"),
            include_str!("thread/tests.rs"),
        ];
        let tests = [within.concat(), apart.concat()].concat();
        let untested: Vec<_> = schema()
            .iter()
            .chain(schema_of(InputKind::Text))
            .map(|feature| feature.name)
            .filter(|name| {
                let quoted = format!("\"{name}\"");
                !tests.contains(&quoted)
            })
            .collect();
        assert!(untested.is_empty(), "{untested:?}");
    }

    fn finite_throughout(bytes: &[u8], kind: InputKind) -> Result<(), TestCaseError> {
        let context = PageContext {
            kind,
            ..PageContext::default()
        };
        let page = Page::parse(bytes, &context);
        let blocks = Blocks::of(&page);
        let facts = PageFacts::gather(&page, &blocks);
        let measured = measure(&page, &blocks);
        for (block, row) in measured.matrix.rows().into_iter().enumerate() {
            for (feature, cell) in schema_of(kind).iter().zip(row) {
                let value = match feature.value {
                    Value::Block(value) => value.value(&facts, block),
                    Value::Page(value) => value(&facts),
                };
                prop_assert!(value.is_finite(), "{}", feature.name);
                prop_assert_eq!(value, *cell, "{}", feature.name);
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn every_value_is_finite_on_any_markup(
            soup in "(<[/]?(p|b|a|table|tr|td|li|ul|h1|br|pre|nav|article|title)( class=(comment|nav|post-body))?>|[A-Za-z]{1,3}| |\\.|7){0,60}"
        ) {
            finite_throughout(soup.as_bytes(), InputKind::Html)?;
        }

        #[test]
        fn every_value_is_finite_on_any_lines(
            soup in "([A-Z]?[a-z]{1,3}|[0-9]{1,2}[.)] |- | |\\.|,|7|你|\n|\n\n){0,60}"
        ) {
            finite_throughout(soup.as_bytes(), InputKind::Text)?;
        }
    }
}
