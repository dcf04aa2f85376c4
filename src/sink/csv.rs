//! Pages as CSV.

use std::borrow::Cow;
use std::io;

use super::PageRecord;
use super::columns::{Cell, Column};
use super::encode::Encode;

/// A line of names, then a line a page. What a page lacks is empty, as is a list
/// of nothing; another list is a JSON array.
pub(super) struct Csv(pub(super) Vec<Column>);

impl Encode<PageRecord> for Csv {
    fn begin(&self, out: &mut Vec<u8>) -> io::Result<()> {
        line(self.0.iter().map(|column| Cow::Borrowed(column.name)), out)
    }

    fn item(&self, page: &PageRecord, _before: u64, out: &mut Vec<u8>) -> io::Result<()> {
        line(self.0.iter().map(|column| shown(column.cell(page))), out)
    }
}

fn line<'a>(cells: impl Iterator<Item = Cow<'a, str>>, out: &mut Vec<u8>) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    for cell in cells {
        writer.write_field(cell.as_bytes())?;
    }
    writer.write_record(None::<&[u8]>)?;
    writer.flush()
}

fn shown(cell: Cell<'_>) -> Cow<'_, str> {
    match cell {
        Cell::Text(text) => inert(text),
        Cell::TextIfAny(text) => inert(text.unwrap_or_default()),
        Cell::WholeIfAny(number) => number.map(|n| n.to_string()).unwrap_or_default().into(),
        Cell::Number(number) => number.to_string().into(),
        Cell::Texts([]) => Cow::Borrowed(""),
        Cell::Texts(texts) => serde_json::Value::from(texts).to_string().into(),
    }
}

/// The text with an apostrophe before it where a spreadsheet might take it for
/// a formula, as [`Form::Csv`](super::Form::Csv) tells.
fn inert(text: &str) -> Cow<'_, str> {
    let inner = text.trim_start_matches(|c: char| c == '\'' || c.is_whitespace());
    let formula = inner.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    // Apostrophes before it may be ours: then one more tells them apart.
    let cut = (text.trim_start_matches('\'')).starts_with(['\t', '\r', '\n']);
    if formula || cut {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_written_as_text_and_can_be_told_back() {
        for formula in [
            "=1+1",
            "+1",
            "-2 degrees",
            "@SUM(A1)",
            "\t=1",
            "\rx",
            "\nx",
            " \u{a0}=HYPERLINK(\"https://evil.example\")",
            "＝1",
            "'=1",
            "''\tx",
        ] {
            assert_eq!(inert(formula), format!("'{formula}"));
        }
        for text in ["", "tea", "'tis", "a=b", "2-1", "' '", "…"] {
            assert_eq!(inert(text), text);
        }
    }
}
