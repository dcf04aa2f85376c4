//! A [`Report`] as an aligned table of plain text.

use std::fmt;

use super::{Report, Summary};

/// Heads of the columns after the name.
const HEADS: [&str; 8] = [
    "pages",
    "precision",
    "recall",
    "F1",
    "95 % interval",
    "shingle F1",
    "with",
    "without",
];

/// Missing pages that are named; of more, only the number is told.
const NAMED_MISSING: usize = 10;

/// A line of the table: a title alone, or a name and its cells.
struct Row {
    name: String,
    cells: Vec<String>,
}

impl Row {
    fn title(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            cells: Vec::new(),
        }
    }

    fn of(name: String, summary: &Summary) -> Self {
        let interval = if summary.f1.low.is_nan() {
            "-".to_owned()
        } else {
            format!("{:.3} to {:.3}", summary.f1.low, summary.f1.high)
        };
        let cells = vec![
            summary.pages.to_string(),
            share(Some(summary.precision)),
            share(Some(summary.recall)),
            share(Some(summary.f1.mean)),
            interval,
            share(Some(summary.shingles.f1)),
            share(summary.with),
            share(summary.without),
        ];
        Self { name, cells }
    }
}

impl fmt::Display for Report {
    /// The table of means by word, then a line each for what was measured
    /// beside it and for the worst pages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![
            Row {
                name: String::new(),
                cells: HEADS.map(str::to_owned).to_vec(),
            },
            Row::of("all".to_owned(), &self.overall),
        ];
        for (title, parts) in [
            ("corpus", &self.by_corpus),
            ("page type", &self.by_page_type),
        ] {
            if !parts.is_empty() {
                rows.push(Row::title(title));
                rows.extend(
                    parts
                        .iter()
                        .map(|(name, part)| Row::of(format!("  {}", printable(name)), part)),
                );
            }
        }
        write_aligned(f, &rows)?;
        write_notes(f, self)?;
        write_worst(f, self)
    }
}

fn write_aligned(f: &mut fmt::Formatter<'_>, rows: &[Row]) -> fmt::Result {
    let width = |text: &str| text.chars().count();
    let names = rows.iter().map(|row| width(&row.name)).max().unwrap_or(0);
    let mut widths = HEADS.map(width);
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(&row.cells) {
            *widest = width(cell).max(*widest);
        }
    }
    for row in rows {
        let mut line = format!("{:names$}", row.name);
        for (cell, width) in row.cells.iter().zip(widths) {
            line.push_str(&format!("  {cell:>width$}"));
        }
        writeln!(f, "{}", line.trim_end())?;
    }
    Ok(())
}

fn write_notes(f: &mut fmt::Formatter<'_>, report: &Report) -> fmt::Result {
    let mut notes = Vec::new();
    if let Some(blocks) = &report.blocks {
        notes.push((
            "blocks",
            format!(
                "{}: AUC {}, calibration error {}, Brier score {} (by words)",
                blocks.blocks,
                share(blocks.auc),
                share(blocks.calibration_error),
                share(blocks.brier_score)
            ),
        ));
    }
    if let Some(correlation) = report.quality_correlation {
        notes.push((
            "quality",
            format!("correlates {correlation:.3} with a page's F1"),
        ));
    }
    if let Some(coverage) = report.mean_coverage {
        notes.push((
            "coverage",
            format!("{coverage:.3} of a page's gold words are in its blocks"),
        ));
    }
    if !report.missing.is_empty() {
        let mut named: Vec<String> = report
            .missing
            .iter()
            .take(NAMED_MISSING)
            .map(|id| printable(id))
            .collect();
        if report.missing.len() > NAMED_MISSING {
            named.push("…".to_owned());
        }
        notes.push((
            "missing",
            format!(
                "{} without a prediction, counted as empty: {}",
                counted(report.missing.len(), "page"),
                named.join(", ")
            ),
        ));
    }
    if !notes.is_empty() {
        writeln!(f)?;
    }
    for (name, note) in notes {
        writeln!(f, "{name:<9} {note}")?;
    }
    Ok(())
}

fn write_worst(f: &mut fmt::Formatter<'_>, report: &Report) -> fmt::Result {
    if report.worst.is_empty() {
        return Ok(());
    }
    writeln!(f, "\nlowest F1")?;
    for page in &report.worst {
        writeln!(
            f,
            "  {:.3}  {}:{}  ({} gold, {} extracted)",
            page.f1,
            printable(&page.corpus),
            printable(&page.id),
            counted(page.gold_words, "word"),
            page.predicted_words
        )?;
    }
    Ok(())
}

/// Three digits, or `-` where there is no figure.
fn share(value: Option<f64>) -> String {
    match value {
        Some(value) if !value.is_nan() => format!("{value:.3}"),
        _ => "-".to_owned(),
    }
}

fn counted(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}

/// Names come from files: control characters would break the table or steer
/// the terminal.
fn printable(name: &str) -> String {
    name.replace(char::is_control, "\u{FFFD}")
}

#[cfg(test)]
mod tests {
    use super::super::page_score::labelled;
    use super::super::{BlockScore, score_page};
    use super::*;

    #[test]
    fn the_table_is_aligned_and_tells_only_what_was_measured() {
        let mut bridge = labelled("bridge", "wcxb", "The old bridge reopened on Monday.");
        bridge.page_type = Some("article".to_owned());
        bridge.with = vec!["old bridge".to_owned()];
        let council = labelled("council\u{1b}[2J", "newspaper4k", "The council voted.");
        let scores = vec![
            score_page(&bridge, "The old bridge reopened on Monday."),
            score_page(&council, ""),
        ];
        let report = Report::new(scores, 1).with_missing(vec!["council".to_owned()]);
        let expected = "\
\x20              pages  precision  recall     F1   95 % interval  shingle F1   with  without
all                2      0.500   0.500  0.500  0.000 to 1.000       0.667  1.000        -
corpus
  newspaper4k      1      0.000   0.000  0.000  0.000 to 0.000       0.000      -        -
  wcxb             1      1.000   1.000  1.000  1.000 to 1.000       1.000  1.000        -
page type
  article          1      1.000   1.000  1.000  1.000 to 1.000       1.000  1.000        -

missing   1 page without a prediction, counted as empty: council

lowest F1
  0.000  newspaper4k:council\u{FFFD}[2J  (3 words gold, 0 extracted)
  1.000  wcxb:bridge  (6 words gold, 6 extracted)
";
        assert_eq!(report.to_string(), expected);
    }

    #[test]
    fn blocks_quality_and_coverage_have_a_line_each() {
        let block = |probability, label| BlockScore {
            probability,
            label,
            weight: 1.0,
        };
        let page = labelled("a", "wcxb", "The council voted");
        let scores = vec![
            score_page(&page, "The council voted")
                .with_quality(0.8)
                .with_coverage(1.0)
                .with_blocks(vec![block(0.75, 1.0), block(0.25, 0.0)]),
            score_page(&page, "").with_quality(0.2),
        ];
        let text = Report::new(scores, 1).to_string();
        assert!(
            text.contains("blocks    2: AUC 1.000, calibration error 0.250, Brier score 0.062")
        );
        assert!(text.contains("quality   correlates 1.000 with"));
        assert!(text.contains("coverage  1.000 of"));
    }

    #[test]
    fn no_pages_make_a_table_of_dashes() {
        let text = Report::new(Vec::new(), 0).to_string();
        assert!(text.contains("all      0          -"));
        assert!(!text.contains("lowest F1") && !text.contains("NaN"));
    }
}
