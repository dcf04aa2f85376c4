//! A [`Study`] as CSV: one table a file.

use serde::Serialize;

use super::Study;
use crate::evaluate::{Summary, Worth};

/// A table as CSV, the names of its columns first.
fn csv_of<R: Serialize>(rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row)?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

#[derive(Serialize)]
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

#[derive(Serialize)]
struct PageRow<'a> {
    corpus: &'a str,
    id: &'a str,
    group: &'a str,
    page_type: Option<&'a str>,
    language: Option<&'a str>,
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

#[derive(Serialize)]
struct BlockRow<'a> {
    corpus: &'a str,
    id: &'a str,
    order: usize,
    xpath: &'a str,
    tag: &'a str,
    words: usize,
    probability: f32,
    label: f32,
    outcome: &'a str,
    text: &'a str,
    more_characters: usize,
}

#[derive(Serialize)]
struct WorthRow<'a> {
    /// "column" or "group".
    of: &'a str,
    name: &'a str,
    gain: f64,
    log_loss: f64,
    auc: f64,
    f1: f64,
}

impl Study {
    /// The tables by the names of their files; those of blocks only where blocks
    /// were judged.
    pub(super) fn tables(&self) -> Result<Vec<(&'static str, Vec<u8>)>, csv::Error> {
        let mut tables = vec![
            ("summaries.csv", csv_of(self.summary_rows())?),
            ("pages.csv", csv_of(self.page_rows())?),
            ("f1-histogram.csv", csv_of(&self.f1_histogram)?),
        ];
        if let Some(blocks) = &self.blocks {
            if let Some(curve) = &blocks.precision_recall {
                tables.push(("precision-recall.csv", csv_of(&curve.points)?));
            }
            tables.push(("reliability.csv", csv_of(&blocks.reliability)?));
            tables.push(("blocks-by-tag.csv", csv_of(&blocks.by_tag)?));
            if let Some(importance) = &blocks.importance {
                let columns = worth_rows("column", &importance.columns);
                let groups = worth_rows("group", &importance.groups);
                tables.push(("importance.csv", csv_of(columns.chain(groups))?));
            }
            tables.push(("blocks-of-worst-pages.csv", csv_of(self.block_rows())?));
        }
        Ok(tables)
    }

    fn summary_rows(&self) -> impl Iterator<Item = SummaryRow<'_>> {
        self.report.groups().into_iter().flat_map(|(group, parts)| {
            parts
                .into_iter()
                .map(move |(name, part)| SummaryRow::of(group, name, part))
        })
    }

    fn page_rows(&self) -> impl Iterator<Item = PageRow<'_>> {
        self.report.pages.iter().map(|page| PageRow {
            corpus: &page.corpus,
            id: &page.id,
            group: &page.group,
            page_type: page.page_type.as_deref(),
            language: page.language.as_deref(),
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
                corpus: &page.corpus,
                id: &page.id,
                order: block.order,
                xpath: &block.xpath,
                tag: &block.tag,
                words: block.words,
                probability: block.probability,
                label: block.label,
                outcome: block.outcome.name(),
                text: &block.text.text,
                more_characters: block.text.more,
            })
        })
    }
}

impl<'a> SummaryRow<'a> {
    fn of(group: &'a str, name: String, part: &Summary) -> Self {
        Self {
            group,
            name,
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
        name: &worth.name,
        gain: worth.gain,
        log_loss: worth.log_loss,
        auc: worth.auc,
        f1: worth.f1,
    })
}
