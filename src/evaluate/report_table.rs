//! A [`Report`] as an aligned table of plain text.

use std::collections::BTreeMap;
use std::fmt;

use super::table::{FIELD_HEADS, Table, counted, share};
use super::{FieldSummaries, MetadataReport, Overlap, Report, Summary};
use crate::text::printable;

/// Missing pages that are named; of more, only the number is told.
const NAMED_MISSING: usize = 10;

impl fmt::Display for Report {
    /// The table of means by word, then a line each for what was measured
    /// beside it and for the worst pages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::of_summaries(&self.overall);
        table.add("all", self.overall.cells());
        add_parts(&mut table, "corpus", &self.by_corpus);
        add_parts(&mut table, "page type", &self.by_page_type);
        add_parts(&mut table, "language", &self.by_language);
        add_parts(&mut table, "gold text", &self.by_length);
        write!(f, "{table}")?;
        if let Some(metadata) = &self.metadata {
            write_metadata(f, metadata)?;
        }
        write_notes(f, self)?;
        write_worst(f, self)
    }
}

fn add_parts<K: fmt::Display>(table: &mut Table, title: &str, parts: &BTreeMap<K, Summary>) {
    if !parts.is_empty() {
        table.add(title, Vec::new());
    }
    for (name, part) in parts {
        table.add(format!("  {name}"), part.cells());
    }
}

fn write_metadata(f: &mut fmt::Formatter<'_>, of: &MetadataReport) -> fmt::Result {
    let mut table = Table::new(&FIELD_HEADS);
    let mut add = |title: &str, fields: &FieldSummaries| {
        table.add(title, Vec::new());
        for (name, field) in fields.fields() {
            table.add(format!("  {name}"), field.cells());
        }
    };
    add("metadata", &of.overall);
    if of.by_corpus.len() > 1 {
        of.by_corpus
            .iter()
            .for_each(|(corpus, fields)| add(corpus, fields));
    }
    write!(f, "\n{table}")
}

fn write_notes(f: &mut fmt::Formatter<'_>, report: &Report) -> fmt::Result {
    let mut notes = vec![(
        "texts",
        format!(
            "ROUGE-2 F1 {}, edit similarity {} (means over pages)",
            share(Some(report.overall.rouge_2_f1)),
            share(Some(report.overall.edit_similarity)),
        ),
    )];
    if let Some(blocks) = &report.blocks {
        let kept = |figure: fn(&Overlap) -> f64| share(blocks.overlap.as_ref().map(figure));
        notes.push((
            "kept",
            format!(
                "{} blocks: precision {}, recall {}, F1 {} (by words)",
                blocks.blocks,
                kept(|overlap| overlap.precision),
                kept(|overlap| overlap.recall),
                kept(|overlap| overlap.f1),
            ),
        ));
        notes.push((
            "judged",
            format!(
                "AUC {}, calibration error {}, Brier score {} (by words)",
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
    writeln!(f)?;
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
\x20                  pages     F1  95 % interval  precision  recall  ROUGE-L  shingles   with  without
all                    2  0.500    0.000–1.000      0.500   0.500    0.500     0.667  1.000        -
corpus
  newspaper4k          1  0.000    0.000–0.000      0.000   0.000    0.000     0.000      -        -
  wcxb                 1  1.000    1.000–1.000      1.000   1.000    1.000     1.000  1.000        -
page type
  article              1  1.000    1.000–1.000      1.000   1.000    1.000     1.000  1.000        -
gold text
  under 100 words      2  0.500    0.000–1.000      0.500   0.500    0.500     0.667  1.000        -

texts     ROUGE-2 F1 0.500, edit similarity 0.500 (means over pages)
missing   1 page without a prediction, counted as empty: council

lowest F1
  0.000  newspaper4k:council\u{FFFD}[2J  (3 words gold, 0 extracted)
  1.000  wcxb:bridge  (6 words gold, 6 extracted)
";
        assert_eq!(report.to_string(), expected);
    }

    #[test]
    fn a_row_of_every_figure_and_range_fits_a_hundred_columns() {
        let mut page = labelled("a", "newspaper4k", &"voted ".repeat(1_000));
        page.page_type = Some("documentation".to_owned());
        page.lang = Some("en".to_owned());
        page.with = vec!["voted".to_owned()];
        page.without = vec!["Share".to_owned()];
        let text = Report::new(vec![score_page(&page, "voted"); 10_000], 1).to_string();
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(100), "{text}");
        let first = text.lines().next().unwrap();
        assert!(first.ends_with("with  without") && first.find("F1") < first.find("precision"));
    }

    #[test]
    fn blocks_quality_and_coverage_have_a_line_each() {
        let block = |probability, label| BlockScore {
            probability,
            label,
            weight: 1.0,
            kept: true,
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
        assert!(text.contains("judged    AUC 1.000, calibration error 0.250, Brier score 0.062"));
        assert!(text.contains("kept      2 blocks: precision 0.500, recall 1.000, F1 0.667"));
        assert!(text.contains("quality   correlates 1.000 with"));
        assert!(text.contains("coverage  1.000 of"));
    }

    #[test]
    fn no_pages_make_a_table_of_dashes() {
        let text = Report::new(Vec::new(), 0).to_string();
        assert!(text.contains("all      0   -              -"));
        assert!(!text.contains("lowest F1") && !text.contains("NaN"));
    }
}
