//! Bytes, plain or packed → rows of JSON lines or CSV.

#![no_main]

use std::io::Read;
use std::path::Path;

use dehusk::source::{
    Compression, CsvReader, JsonlReader, Plain, Row, RowFailure, RowPage, TableOptions,
};
use dehusk_fuzz::{Options, Slow, is_one_of_every};
use libfuzzer_sys::fuzz_target;

#[derive(Clone)]
enum Form {
    Jsonl,
    Csv,
}

fn read(bytes: impl Read, form: &Form, options: &TableOptions) -> Vec<String> {
    let Ok(plain) = Plain::new(bytes) else {
        return Vec::new();
    };
    match form {
        Form::Jsonl => rows(JsonlReader::new(plain, options.clone()), options),
        Form::Csv => match CsvReader::new(plain, options.clone()) {
            Ok(reader) => rows(reader, options),
            Err(error) => vec![error.to_string()],
        },
    }
}

/// All that is read of a table, as text.
fn rows(
    mut reader: impl Iterator<Item = Result<Row, RowFailure>>,
    options: &TableOptions,
) -> Vec<String> {
    let mut found = Vec::new();
    let mut before = 0;
    for row in reader.by_ref() {
        let number = match &row {
            Ok(row) => {
                if let RowPage::Bytes(bytes) = &row.page {
                    assert!(bytes.len() <= options.max_bytes);
                    assert!(row.cut.is_none_or(|had| had > bytes.len() as u64));
                }
                row.number
            }
            Err(failure) => failure.number,
        };
        assert!(
            number > before || row.is_err(),
            "row {number} after {before}"
        );
        before = number;
        found.push(match row {
            Ok(row) => format!("{row:?}"),
            Err(failure) => format!("{number} {failure}"),
        });
    }
    assert!(reader.next().is_none(), "a table that ended goes on");
    found
}

fuzz_target!(|input: &[u8]| {
    let Some((mut options, bytes)) = Options::split::<3>(input) else {
        return;
    };
    let form = options.one_of(&[Form::Jsonl, Form::Csv]);
    let max_bytes = options.one_of(&[1 << 20, 16, 0]);
    let mut table = TableOptions::of(Path::new("tables/pages"), max_bytes);
    let page = options.one_of(&[None, Some("body"), Some("page_base64"), Some("url")]);
    table.fields.html = page.map(str::to_owned);
    let found = read(bytes, &form, &table);
    // Of a damaged stream more is unpacked where less is read at a time.
    if is_one_of_every(4, input) && Compression::of(bytes).is_none() {
        assert_eq!(read(Slow(bytes), &form, &table), found);
    }
});
