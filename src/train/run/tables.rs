//! Figures and probabilities → CSV.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::evaluate::Report;
use crate::train::{CrossValidation, PreparedPage};

const FIGURES: [&str; 11] = [
    "fold",
    "pages",
    "precision",
    "recall",
    "f1",
    "f1_low",
    "f1_high",
    "shingle_f1",
    "block_auc",
    "calibration_error",
    "brier_score",
];

/// Reports by name, one a row; what is not known is empty.
pub(super) fn figures<'r>(
    reports: impl IntoIterator<Item = (String, &'r Report)>,
) -> io::Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(FIGURES)?;
    for (name, report) in reports {
        let (all, blocks) = (&report.overall, report.blocks.as_ref());
        let mut row = vec![name, all.pages.to_string()];
        row.extend(
            [
                Some(all.precision),
                Some(all.recall),
                Some(all.f1.mean),
                Some(all.f1.low),
                Some(all.f1.high),
                Some(all.shingles.f1),
                blocks.and_then(|blocks| blocks.auc),
                blocks.and_then(|blocks| blocks.calibration_error),
                blocks.and_then(|blocks| blocks.brier_score),
            ]
            .map(figure),
        );
        csv.write_record(row)?;
    }
    csv.into_inner().map_err(|e| e.into_error())
}

/// Six decimal places; empty where there is no figure.
pub(super) fn figure(value: Option<f64>) -> String {
    let known = value.filter(|value| value.is_finite());
    known.map(|value| format!("{value:.6}")).unwrap_or_default()
}

/// Every block of every page with its label and its out-of-fold probability,
/// gzipped. The archive bears no time, so that the same rows are the same bytes.
pub(super) fn out_of_fold(
    pages: &[PreparedPage],
    validation: &CrossValidation,
) -> io::Result<Vec<u8>> {
    let gzip = GzEncoder::new(Vec::new(), Compression::default());
    let mut csv = csv::Writer::from_writer(gzip);
    csv.write_record([
        "corpus",
        "id",
        "fold",
        "block",
        "tag",
        "words",
        "label",
        "probability",
    ])?;
    for ((page, fold), probabilities) in pages
        .iter()
        .zip(&validation.folds)
        .zip(&validation.probabilities)
    {
        for (block, probability) in probabilities.iter().enumerate() {
            csv.write_record([
                page.labelled.corpus.as_str(),
                &page.labelled.id,
                &fold.to_string(),
                &block.to_string(),
                page.blocks.tag(block),
                &page.words[block].to_string(),
                &page.labels[block].to_string(),
                &probability.to_string(),
            ])?;
        }
    }
    let mut gzip = csv.into_inner().map_err(|e| e.into_error())?;
    gzip.flush()?;
    gzip.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Format, LabelledPage, PageSource};
    use crate::train::prepare;
    use flate2::read::GzDecoder;

    fn pages() -> Vec<PreparedPage> {
        let source = PageSource::Inline(b"<h1>One</h1><p>Two words".to_vec());
        let page = LabelledPage::new("a,b", Format::Dehusk, source, "One two words");
        prepare(vec![page], || {}).unwrap()
    }

    #[test]
    fn every_block_is_a_row_with_its_page_label_and_probability() {
        let validation = CrossValidation {
            folds: vec![3],
            probabilities: vec![vec![0.1, 0.75]],
            page_calibrations: Vec::new(),
        };
        let packed = out_of_fold(&pages(), &validation).unwrap();
        let text = io::read_to_string(GzDecoder::new(packed.as_slice())).unwrap();
        assert_eq!(
            text,
            "corpus,id,fold,block,tag,words,label,probability\n\
             dehusk,\"a,b\",3,0,h1,1,1,0.1\n\
             dehusk,\"a,b\",3,1,p,2,1,0.75\n"
        );
    }

    #[test]
    fn figures_that_are_not_known_are_empty() {
        let report = Report::new(Vec::new(), 1);
        let csv = String::from_utf8(figures([("all".to_owned(), &report)]).unwrap()).unwrap();
        let row: Vec<&str> = csv.lines().nth(1).unwrap().split(',').collect();
        assert_eq!(row[..5], ["all", "0", "", "", ""]);
        assert_eq!(row.len(), FIGURES.len());
    }
}
