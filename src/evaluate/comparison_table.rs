//! A [`Comparison`] as aligned tables of plain text.

use std::fmt;

use super::table::{FIELD_HEADS, Table, share};
use super::{Comparison, Difference, FieldSummaries, Interval, MetadataReport, Summary};

impl fmt::Display for Comparison {
    /// The means of each extractor, by corpus too where there are several; the
    /// differences from the first; the pages that differ most.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = self.compared.first() else {
            return Ok(());
        };
        let corpora = &first.report.by_corpus;
        let titles = if corpora.len() > 1 {
            corpora.keys().map(String::as_str).collect()
        } else {
            Vec::new()
        };

        let mut means = Table::of_summaries(&first.report.overall);
        for one in &self.compared {
            means.add(&one.name, one.report.overall.cells());
        }
        for &corpus in &titles {
            means.add(corpus, Vec::new());
            for one in &self.compared {
                let part = one.report.by_corpus.get(corpus);
                means.add(
                    format!("  {}", one.name),
                    part.map_or_else(Vec::new, Summary::cells),
                );
            }
        }
        write!(f, "{means}")?;

        let mut differences = Table::new(&["F1", "95 % interval", "better", "worse", "equal"]);
        differences.add(format!("minus {}", first.name), Vec::new());
        for one in &self.differences {
            let mut cells = interval_cells(&one.f1);
            cells.extend([one.better, one.worse, one.equal].map(|pages| pages.to_string()));
            differences.add(format!("  {}", one.name), cells);
        }
        for &corpus in &titles {
            differences.add(format!("minus {} on {corpus}", first.name), Vec::new());
            for one in &self.differences {
                let part = one.f1_by_corpus.get(corpus);
                differences.add(
                    format!("  {}", one.name),
                    part.map_or_else(Vec::new, interval_cells),
                );
            }
        }
        write!(f, "\n{differences}")?;
        write_metadata(f, self, &titles)?;
        self.differences
            .iter()
            .try_for_each(|one| write_pages(f, one))
    }
}

/// Each field of the metadata with a row for each extractor that tells any.
fn write_metadata(f: &mut fmt::Formatter<'_>, of: &Comparison, corpora: &[&str]) -> fmt::Result {
    let told: Vec<(&str, &MetadataReport)> = of
        .compared
        .iter()
        .filter_map(|one| Some((one.name.as_str(), one.report.metadata.as_ref()?)))
        .collect();
    let Some((_, first)) = told.first() else {
        return Ok(());
    };
    let mut table = Table::new(&FIELD_HEADS);
    let parts = [None].into_iter().chain(corpora.iter().map(Some));
    for corpus in parts {
        let summaries = |report: &'_ MetadataReport| match corpus {
            None => Some(report.overall.clone()),
            Some(corpus) => report.by_corpus.get(*corpus).cloned(),
        };
        for (field, _) in summaries(first).iter().flat_map(FieldSummaries::fields) {
            table.add(
                corpus.map_or(field.to_owned(), |corpus| format!("{field} on {corpus}")),
                Vec::new(),
            );
            for (name, report) in &told {
                let summaries = summaries(report);
                let of_field = summaries
                    .iter()
                    .flat_map(FieldSummaries::fields)
                    .find(|of| of.0 == field);
                table.add(
                    format!("  {name}"),
                    of_field.map_or_else(Vec::new, |of| of.1.cells()),
                );
            }
        }
    }
    write!(f, "\n{table}")
}

/// Cells of a difference: its sign is what matters.
fn interval_cells(of: &Interval) -> Vec<String> {
    if of.mean.is_nan() {
        return vec!["-".to_owned(); 2];
    }
    vec![
        format!("{:+.3}", of.mean),
        format!("{:+.3} to {:+.3}", of.low, of.high),
    ]
}

fn write_pages(f: &mut fmt::Formatter<'_>, of: &Difference) -> fmt::Result {
    if of.pages.is_empty() {
        return Ok(());
    }
    let mut pages = Table::new(&[&of.name, &of.against]);
    pages.add("most different F1", Vec::new());
    for page in &of.pages {
        pages.add(
            format!("  {}:{}", page.corpus, page.id),
            vec![share(Some(page.f1)), share(Some(page.against_f1))],
        );
    }
    write!(f, "\n{pages}")
}

#[cfg(test)]
mod tests {
    use super::super::page_score::labelled;
    use super::super::{Comparison, Report, score_page};

    fn compared(name: &str, corpora: [&str; 2], texts: [&str; 2]) -> (String, Report) {
        let scores = (0..2)
            .map(|i| score_page(&labelled(&i.to_string(), corpora[i], "a b c d"), texts[i]))
            .collect();
        (name.to_owned(), Report::new(scores, 1))
    }

    #[test]
    fn one_corpus_is_told_in_three_tables() {
        let corpora = ["wcxb"; 2];
        let comparison = Comparison::new(vec![
            compared("dehusk", corpora, ["a b c d", "a b c d"]),
            compared("peer\u{1b}", corpora, ["a b", "a b c d"]),
        ])
        .unwrap();
        let expected = "\
\x20       pages     F1  95 % interval  precision  recall  ROUGE-L  shingles
dehusk      2  1.000    1.000–1.000      1.000   1.000    1.000     1.000
peer\u{FFFD}       2  0.833    0.667–1.000      1.000   0.750    0.833     0.500

\x20                 F1     95 % interval  better  worse  equal
minus dehusk
  peer\u{FFFD}       -0.167  -0.333 to +0.000       0      1      1

\x20                  peer\u{FFFD}  dehusk
most different F1
  wcxb:0           0.667   1.000
";
        assert_eq!(comparison.to_string(), expected);
    }

    #[test]
    fn several_corpora_have_rows_of_their_own() {
        let corpora = ["fundus", "wcxb"];
        let text = Comparison::new(vec![
            compared("dehusk", corpora, ["a b c d", ""]),
            compared("peer", corpora, ["a b c d", "a b c d"]),
        ])
        .unwrap()
        .to_string();
        assert!(text.contains("fundus\n  dehusk      1  1.000"), "{text}");
        assert!(text.contains("wcxb\n  dehusk      1  0.000"), "{text}");
        assert!(
            text.contains("minus dehusk on fundus\n  peer                  +0.000"),
            "{text}"
        );
        assert!(
            text.contains("minus dehusk on wcxb\n  peer                  +1.000"),
            "{text}"
        );
    }

    #[test]
    fn extractors_that_agree_have_no_pages_to_show() {
        let texts = ["a b", "a b c d"];
        let text = Comparison::new(vec![
            compared("one", ["wcxb"; 2], texts),
            compared("two", ["wcxb"; 2], texts),
        ])
        .unwrap()
        .to_string();
        assert!(!text.contains("most different") && text.contains("+0.000 to +0.000"));
    }
}
