//! Names and figures → aligned lines of plain text, as reports and comparisons
//! print them.

use std::fmt;

use super::{FieldSummary, Interval, Summary};
use crate::text::printable;

/// Heads of the cells of a [`Summary`]. The last two only where some page has
/// snippets.
const SUMMARY_HEADS: [&str; 9] = [
    "pages",
    "F1",
    "95 % interval",
    "precision",
    "recall",
    "ROUGE-L",
    "shingles",
    "with",
    "without",
];

/// Rows of a name and cells, each cell under its head.
pub(super) struct Table {
    heads: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

impl Table {
    /// A table with these heads over its cells; the names have none.
    pub(super) fn new(heads: &[&str]) -> Self {
        Self {
            heads: heads.iter().map(|head| printable(head)).collect(),
            rows: Vec::new(),
        }
    }

    /// A table whose rows are [`Summary::cells`] of parts of `overall`.
    pub(super) fn of_summaries(overall: &Summary) -> Self {
        let snippets = overall.with.is_some() || overall.without.is_some();
        Self::new(&SUMMARY_HEADS[..if snippets { 9 } else { 7 }])
    }

    /// Adds a row; one without cells is a title. Cells beyond the heads are
    /// left out.
    pub(super) fn add(&mut self, name: impl AsRef<str>, cells: Vec<String>) {
        self.rows.push((printable(name.as_ref()), cells));
    }
}

/// Heads of the cells of a [`FieldSummary`].
pub(super) const FIELD_HEADS: [&str; 7] = [
    "pages",
    "F1",
    "95 % interval",
    "precision",
    "recall",
    "told",
    "words F1",
];

impl FieldSummary {
    /// A cell for each of [`FIELD_HEADS`].
    pub(super) fn cells(&self) -> Vec<String> {
        vec![
            self.pages.to_string(),
            share(Some(self.f1.mean)),
            range(&self.f1),
            share(self.precision),
            share(Some(self.recall)),
            self.told.to_string(),
            share(self.words_f1),
        ]
    }
}

impl Summary {
    /// A cell for each of the heads of [`Table::of_summaries`].
    pub(super) fn cells(&self) -> Vec<String> {
        vec![
            self.pages.to_string(),
            share(Some(self.f1.mean)),
            range(&self.f1),
            share(Some(self.precision)),
            share(Some(self.recall)),
            share(Some(self.rouge_l_f1)),
            share(Some(self.shingles.f1)),
            share(self.with),
            share(self.without),
        ]
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |text: &String| text.chars().count();
        let names = self.rows.iter().map(|row| width(&row.0)).max().unwrap_or(0);
        let mut widths: Vec<usize> = self.heads.iter().map(width).collect();
        for (_, cells) in &self.rows {
            for (widest, cell) in widths.iter_mut().zip(cells) {
                *widest = width(cell).max(*widest);
            }
        }
        let heads = (String::new(), self.heads.clone());
        for (name, cells) in std::iter::once(&heads).chain(&self.rows) {
            let mut line = format!("{name:names$}");
            for (cell, width) in cells.iter().zip(&widths) {
                line.push_str(&format!("  {cell:>width$}"));
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Three digits, or `-` where there is no figure.
pub(super) fn share(value: Option<f64>) -> String {
    match value {
        Some(value) if !value.is_nan() => format!("{value:.3}"),
        _ => "-".to_owned(),
    }
}

fn range(interval: &Interval) -> String {
    if interval.low.is_nan() {
        "-".to_owned()
    } else {
        format!("{:.3}–{:.3}", interval.low, interval.high)
    }
}

pub(super) fn counted(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}
