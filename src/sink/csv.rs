//! Pages as CSV.

use std::borrow::Cow;
use std::io;

use super::PageRecord;
use super::columns::{Cell, Column};
use super::encode::Encode;
use super::inert::inert;

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
