//! A [`Study`] as CSV: one table a file.

use std::borrow::Cow;

use serde::Serialize;

use super::Study;
use crate::evaluate::{Summary, TagConfusion, Worth};
use crate::sink::inert;

/// Writes a table; `None` where a study lacks what is in it.
type Table = fn(&Study) -> Result<Option<Vec<u8>>, csv::Error>;

/// All tables that a report may have, by the names of their files.
pub(super) const TABLES: [(&str, Table); 8] = [
    ("summaries.csv", |study| {
        csv_of(study.summary_rows()).map(Some)
    }),
    ("pages.csv", |study| csv_of(study.page_rows()).map(Some)),
    ("f1-histogram.csv", |study| {
        csv_of(study.f1_histogram.iter().copied()).map(Some)
    }),
    ("precision-recall.csv", |study| {
        let blocks = study.blocks.as_ref();
        let curve = blocks.and_then(|blocks| blocks.precision_recall.as_ref());
        curve
            .map(|curve| csv_of(curve.points.iter().copied()))
            .transpose()
    }),
    ("reliability.csv", |study| {
        let blocks = study.blocks.as_ref();
        blocks
            .map(|blocks| csv_of(blocks.reliability.iter().copied()))
            .transpose()
    }),
    ("blocks-by-tag.csv", |study| {
        let blocks = study.blocks.as_ref();
        blocks
            .map(|blocks| csv_of(tag_rows(&blocks.by_tag)))
            .transpose()
    }),
    ("importance.csv", |study| {
        let blocks = study.blocks.as_ref();
        let importance = blocks.and_then(|blocks| blocks.importance.as_ref());
        importance
            .map(|importance| {
                let columns = worth_rows("column", &importance.columns);
                csv_of(columns.chain(worth_rows("group", &importance.groups)))
            })
            .transpose()
    }),
    ("blocks-of-worst-pages.csv", |study| {
        let blocks = study.blocks.as_ref();
        blocks.map(|_| csv_of(study.block_rows())).transpose()
    }),
];

/// A table as CSV, the names of its columns first, also where it has no row.
fn csv_of<R: Serialize + Default>(
    rows: impl IntoIterator<Item = R>,
) -> Result<Vec<u8>, csv::Error> {
    let mut rows = rows.into_iter().peekable();
    let is_empty = rows.peek().is_none();
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row)?;
    }
    if is_empty {
        // The names come with a row.
        writer.serialize(R::default())?;
    }
    let mut bytes = writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))?;
    if is_empty && let Some(end) = bytes.iter().position(|&byte| byte == b'\n') {
        bytes.truncate(end + 1);
    }
    Ok(bytes)
}

#[derive(Default, Serialize)]
struct SummaryRow<'a> {
    group: &'a str,
    name: String,
    pages: usize,
    f1: f64,
    f1_low: f64,
    f1_high: f64,
    precision: f64,
    recall: f64,
    shingle_f1: f64,
    rouge_2_f1: f64,
    rouge_l_f1: f64,
    edit_similarity: f64,
    with: Option<f64>,
    without: Option<f64>,
}

#[derive(Default, Serialize)]
struct PageRow<'a> {
    corpus: Cow<'a, str>,
    id: Cow<'a, str>,
    group: Cow<'a, str>,
    page_type: Option<Cow<'a, str>>,
    language: Option<Cow<'a, str>>,
    gold_words: usize,
    predicted_words: usize,
    f1: f64,
    precision: f64,
    recall: f64,
    rouge_2_f1: f64,
    rouge_l_f1: f64,
    edit_similarity: f64,
    with: Option<f64>,
    without: Option<f64>,
    quality: Option<f64>,
    coverage: Option<f64>,
}

#[derive(Default, Serialize)]
struct BlockRow<'a> {
    corpus: Cow<'a, str>,
    id: Cow<'a, str>,
    order: usize,
    xpath: Cow<'a, str>,
    tag: Cow<'a, str>,
    words: usize,
    probability: f32,
    label: f32,
    outcome: &'a str,
    text: Cow<'a, str>,
    more_characters: usize,
}

#[derive(Default, Serialize)]
struct WorthRow<'a> {
    /// "column" or "group".
    of: &'a str,
    name: Cow<'a, str>,
    gain: f64,
    log_loss: f64,
    auc: f64,
    f1: f64,
}

impl Study {
    /// The tables by the names of their files; those of blocks only where blocks
    /// were judged.
    pub(super) fn tables(&self) -> Result<Vec<(&'static str, Vec<u8>)>, csv::Error> {
        let tables = TABLES.into_iter().map(|(name, table)| {
            let bytes = table(self)?;
            Ok(bytes.map(|bytes| (name, bytes)))
        });
        tables.filter_map(Result::transpose).collect()
    }

    fn summary_rows(&self) -> impl Iterator<Item = SummaryRow<'_>> {
        self.report.groups().into_iter().flat_map(|(group, parts)| {
            parts
                .into_iter()
                .map(move |(name, part)| SummaryRow::of(group, &name, part))
        })
    }

    fn page_rows(&self) -> impl Iterator<Item = PageRow<'_>> {
        self.report.pages.iter().map(|page| PageRow {
            corpus: inert(&page.corpus),
            id: inert(&page.id),
            group: inert(&page.group),
            page_type: page.page_type.as_deref().map(inert),
            language: page.language.as_deref().map(inert),
            gold_words: page.gold_words,
            predicted_words: page.predicted_words,
            f1: page.f1,
            precision: page.precision,
            recall: page.recall,
            rouge_2_f1: page.rouge_2.f1,
            rouge_l_f1: page.rouge_l.f1,
            edit_similarity: page.edit_similarity,
            with: page.with,
            without: page.without,
            quality: page.quality,
            coverage: page.coverage,
        })
    }

    fn block_rows(&self) -> impl Iterator<Item = BlockRow<'_>> {
        self.worst.iter().flat_map(|shown| {
            let page = &self.report.pages[shown.page];
            shown.blocks.iter().map(|block| BlockRow {
                corpus: inert(&page.corpus),
                id: inert(&page.id),
                order: block.order,
                xpath: inert(&block.xpath),
                tag: inert(&block.tag),
                words: block.words,
                probability: block.probability,
                label: block.label,
                outcome: block.outcome.name(),
                text: inert(&block.text.text),
                more_characters: block.text.more,
            })
        })
    }
}

impl<'a> SummaryRow<'a> {
    fn of(group: &'a str, name: &str, part: &Summary) -> Self {
        Self {
            group,
            name: inert(name).into_owned(),
            pages: part.pages,
            f1: part.f1.mean,
            f1_low: part.f1.low,
            f1_high: part.f1.high,
            precision: part.precision,
            recall: part.recall,
            shingle_f1: part.shingles.f1,
            rouge_2_f1: part.rouge_2_f1,
            rouge_l_f1: part.rouge_l_f1,
            edit_similarity: part.edit_similarity,
            with: part.with,
            without: part.without,
        }
    }
}

fn worth_rows<'a>(of: &'a str, worths: &'a [Worth]) -> impl Iterator<Item = WorthRow<'a>> {
    worths.iter().map(move |worth| WorthRow {
        of,
        name: inert(&worth.name),
        gain: worth.gain,
        log_loss: worth.log_loss,
        auc: worth.auc,
        f1: worth.f1,
    })
}

fn tag_rows(rows: &[TagConfusion]) -> impl Iterator<Item = TagConfusion> {
    rows.iter().map(|row| TagConfusion {
        tag: inert(&row.tag).into_owned(),
        ..row.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_left_as_they_are() {
        let worth = Worth {
            name: "=1+1".to_owned(),
            gain: -0.5,
            log_loss: -0.25,
            auc: 0.0,
            f1: 0.0,
        };
        let table = csv_of(worth_rows("column", &[worth])).unwrap();
        assert_eq!(
            String::from_utf8(table).unwrap(),
            "of,name,gain,log_loss,auc,f1\ncolumn,'=1+1,-0.5,-0.25,0.0,0.0\n"
        );
    }

    #[test]
    fn a_table_without_rows_has_the_names_of_its_columns() {
        let empty = csv_of(tag_rows(&[])).unwrap();
        assert_eq!(
            String::from_utf8(empty).unwrap(),
            "tag,blocks,kept_content,kept_boilerplate,left_content,left_boilerplate\n"
        );
        let block = csv_of(std::iter::empty::<BlockRow<'_>>()).unwrap();
        assert!(block.starts_with(b"corpus,id,order,") && block.ends_with(b",more_characters\n"));
    }
}
