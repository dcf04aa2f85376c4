//! Rows as CSV (RFC 4180).

use std::fmt::Write as _;
use std::io::Write;

use super::{ExportError, LEADING, PageRows};
use crate::sink::inert;

/// Writes rows as CSV: a line of names, then a line a block. What is not known
/// is empty, but `evaluation_only` is `true` or `false`; numbers read back as the
/// same numbers. A text that a spreadsheet might take for a formula has an
/// apostrophe before it, as in [`Form::Csv`](crate::sink::Form::Csv).
#[derive(Debug)]
pub struct CsvTable<W: Write> {
    out: csv::Writer<W>,
    field: String,
}

impl<W: Write> CsvTable<W> {
    /// Begins a table of rows that have these columns of features.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn new(out: W, features: &[String]) -> Result<Self, ExportError> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(
            LEADING
                .into_iter()
                .chain(features.iter().map(String::as_str)),
        )?;
        Ok(Self {
            out,
            field: String::new(),
        })
    }

    /// Writes the rows of a page.
    ///
    /// # Errors
    /// When they cannot be written, or have other columns than the table.
    pub fn write(&mut self, rows: &PageRows) -> Result<(), ExportError> {
        let labelled = rows.labelled.as_ref();
        let known = |text: Option<&String>| text.map(String::as_str).unwrap_or_default().to_owned();
        let corpus = known(labelled.map(|page| &page.corpus));
        let group = known(labelled.map(|page| &page.group));
        let profile = labelled.map_or("", |page| page.profile.name());
        let licence = known(labelled.map(|page| &page.licence));
        let evaluation_only = labelled.is_some_and(|page| page.evaluation_only);
        let evaluation_only = if evaluation_only { "true" } else { "false" };
        let coverage = labelled.map(|page| page.coverage);
        for block in 0..rows.len() {
            let texts = [&*corpus, &*rows.page, &*group, profile, &*licence];
            for text in texts.into_iter().chain([evaluation_only]) {
                self.out.write_field(&*inert(text))?;
            }
            self.number(coverage)?;
            self.number(Some(block))?;
            self.number(labelled.map(|page| page.labels[block]))?;
            self.number(Some(rows.words[block]))?;
            self.number(Some(rows.weights[block]))?;
            self.out.write_field(&rows.tags[block])?;
            self.out.write_field(&rows.xpaths[block])?;
            for &value in rows.features.row(block) {
                self.number(Some(value))?;
            }
            self.out.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    fn number(&mut self, number: Option<impl std::fmt::Display>) -> Result<(), ExportError> {
        self.field.clear();
        if let Some(number) = number {
            // A string takes whatever is written to it.
            let _ = write!(self.field, "{number}");
        }
        Ok(self.out.write_field(&self.field)?)
    }

    /// Ends the table, and gives back what it was written to.
    ///
    /// # Errors
    /// When the last rows cannot be written.
    pub fn finish(self) -> Result<W, ExportError> {
        let unwritten = |error: csv::IntoInnerError<csv::Writer<W>>| error.into_error();
        Ok(self
            .out
            .into_inner()
            .map_err(unwritten)
            .map_err(csv::Error::from)?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::columns;
    use super::*;
    use crate::corpus::{Format, LabelledPage, PageSource};
    use crate::page::{Page, PageContext};

    #[test]
    fn every_number_reads_back_and_unknown_fields_are_empty() {
        let html = "<nav>Home, \"sweet\"</nav><p>The old bridge\nreopened.";
        let source = PageSource::Inline(html.into());
        let page = LabelledPage::new("a,b", Format::Dragnet, source, "The old bridge reopened.");
        let labelled = PageRows::of(&page, None).unwrap();
        let bare = Page::parse(html.as_bytes(), &PageContext::default());
        let bare = PageRows::of_page("c", &bare, None);
        let mut table = CsvTable::new(Vec::new(), &columns(false)).unwrap();
        for rows in [&labelled, &bare] {
            table.write(rows).unwrap();
        }
        let bytes = table.finish().unwrap();
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        let header = reader.headers().unwrap().clone();
        assert_eq!(header.len(), LEADING.len() + columns(false).len());
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), 4);
        let of = |record: usize, name: &str| {
            &records[record][header.iter().position(|head| head == name).unwrap()]
        };
        assert_eq!(
            (of(1, "page"), of(1, "label"), of(1, "words")),
            ("a,b", "1", "4")
        );
        assert_eq!(
            (of(0, "corpus"), of(0, "profile")),
            ("dragnet", page.profile.name())
        );
        assert_eq!(
            (of(0, "licence"), of(0, "evaluation_only")),
            ("AGPL-3.0", "true")
        );
        assert_eq!((of(3, "licence"), of(3, "evaluation_only")), ("", "false"));
        assert_eq!(
            (of(3, "page"), of(3, "label"), of(3, "corpus")),
            ("c", "", "")
        );
        for (column, &value) in labelled.features.row(1).iter().enumerate() {
            assert_eq!(records[1][LEADING.len() + column].parse(), Ok(value));
        }
    }
    #[test]
    fn a_page_called_like_a_formula_is_no_formula() {
        let page = Page::parse(b"<p>Tea", &PageContext::default());
        let mut table = CsvTable::new(Vec::new(), &columns(false)).unwrap();
        let rows = PageRows::of_page("=cmd|' /C calc'!A0", &page, None);
        table.write(&rows).unwrap();
        let bytes = table.finish().unwrap();
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        let at = reader
            .headers()
            .unwrap()
            .iter()
            .position(|head| head == "page");
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(&record[at.unwrap()], "'=cmd|' /C calc'!A0");
    }
}
