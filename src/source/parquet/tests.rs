//! Files that the `parquet` crate writes, whole and damaged.

use std::io::{Seek, Write};
use std::path::Path;

use parquet::basic::{Compression, Encoding};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use proptest::prelude::*;

use super::super::{Fields, RowPage};
use super::*;

const SCHEMA: &str = "message pages {
    optional int64 id;
    required binary url (STRING);
    optional binary html (STRING);
    optional int32 depth;
    optional group links (LIST) { repeated group list { optional binary element (STRING); } }
    optional group response { optional binary body; }
}";

/// Pages of a table: each with an id, and null where there is none.
type Pages = Vec<Option<String>>;

fn pages(rows: usize) -> Pages {
    let page = |row: usize| format!("<p>{row} {}", "The ferry sailed again. ".repeat(row % 7));
    (0..rows)
        .map(|row| (row % 5 != 3).then(|| page(row)))
        .collect()
}

/// A table with these pages in `html`, and their bytes in `response.body`.
fn table(groups: &[Pages], properties: WriterPropertiesBuilder) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let properties = Arc::new(properties.build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    let mut number = 0;
    for pages in groups {
        let rows = pages.len();
        let given: Vec<ByteArray> = pages
            .iter()
            .flatten()
            .map(|page| page.as_str().into())
            .collect();
        let levels = |most: i16| -> Vec<i16> {
            pages
                .iter()
                .map(|page| if page.is_some() { most } else { 0 })
                .collect()
        };
        let ids: Vec<i64> = (number..).take(rows).collect();
        number += rows as i64;
        let mut group = writer.next_row_group().unwrap();
        let mut at = 0;
        while let Some(mut column) = group.next_column().unwrap() {
            let none = vec![0; rows];
            match at {
                0 => column
                    .typed::<Int64Type>()
                    .write_batch(&ids, Some(&vec![1; rows]), None),
                1 => {
                    let urls: Vec<ByteArray> = (0..rows)
                        .map(|row| format!("https://example.org/{row}").as_str().into())
                        .collect();
                    column
                        .typed::<ByteArrayType>()
                        .write_batch(&urls, None, None)
                }
                2 => column
                    .typed::<ByteArrayType>()
                    .write_batch(&given, Some(&levels(1)), None),
                3 => column.typed::<parquet::data_type::Int32Type>().write_batch(
                    &[],
                    Some(&none),
                    None,
                ),
                4 => column
                    .typed::<ByteArrayType>()
                    .write_batch(&[], Some(&none), Some(&none)),
                _ => column
                    .typed::<ByteArrayType>()
                    .write_batch(&given, Some(&levels(2)), None),
            }
            .unwrap();
            column.close().unwrap();
            at += 1;
        }
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

fn options(html: Option<&str>, max_bytes: usize) -> TableOptions {
    let html = html.map(str::to_owned);
    TableOptions {
        fields: Fields {
            html,
            ..Fields::default()
        },
        ..TableOptions::of(Path::new("crawl/pages.parquet"), max_bytes)
    }
}

fn reader(bytes: &[u8], options: TableOptions) -> Result<ParquetReader, TableError> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    ParquetReader::new(file, options)
}

fn small_pages() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_data_page_row_count_limit(7)
        .set_write_batch_size(3)
}

fn check(bytes: &[u8], html: Option<&str>, groups: &[Pages]) {
    let rows = reader(bytes, options(html, 1000)).unwrap();
    let rows: Vec<_> = rows.collect();
    let pages: Vec<&Option<String>> = groups.iter().flatten().collect();
    assert_eq!(rows.len(), pages.len());
    for (at, (row, page)) in rows.iter().zip(pages).enumerate() {
        match (row, page) {
            (Ok(row), Some(page)) => {
                assert_eq!(row.page, RowPage::Bytes(page.clone().into_bytes()));
                assert_eq!(
                    (row.number, row.id.clone()),
                    (at as u64 + 1, Some(at.to_string()))
                );
                assert!(
                    row.url
                        .as_ref()
                        .unwrap()
                        .starts_with("https://example.org/")
                );
                assert_eq!(row.charset.as_deref(), html.is_none().then_some("utf-8"));
            }
            (Err(failure), None) => {
                assert_eq!(failure.number, at as u64 + 1);
                assert!(
                    matches!(failure.reason, RowError::Empty { .. }),
                    "{failure}"
                );
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn every_codec_version_and_encoding_reads_back_across_row_groups() {
    let groups = [pages(40), Vec::new(), pages(1), pages(23)];
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(Default::default()),
        Compression::ZSTD(Default::default()),
        Compression::BROTLI(Default::default()),
        Compression::LZ4_RAW,
        Compression::LZ4,
    ];
    for codec in codecs {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            let properties = || {
                small_pages()
                    .set_compression(codec)
                    .set_writer_version(version)
            };
            check(&table(&groups, properties()), None, &groups);
        }
    }
    let encodings = [
        Encoding::PLAIN,
        Encoding::DELTA_LENGTH_BYTE_ARRAY,
        Encoding::DELTA_BYTE_ARRAY,
    ];
    let groups = [pages(400), pages(3)];
    for encoding in encodings {
        let properties = || {
            (WriterProperties::builder().set_dictionary_enabled(false))
                .set_column_encoding("html".into(), encoding)
                .set_column_encoding("id".into(), Encoding::DELTA_BINARY_PACKED)
        };
        check(&table(&groups, properties()), None, &groups);
    }
}

#[test]
fn a_column_within_a_struct_is_called_by_its_path_and_holds_bytes() {
    let groups = [pages(20)];
    check(
        &table(&groups, small_pages()),
        Some("response.body"),
        &groups,
    );
}

#[test]
fn columns_that_cannot_hold_pages_are_named() {
    let bytes = table(&[pages(3)], small_pages());
    let refused = |html: &str| {
        reader(&bytes, options(Some(html), 1000))
            .err()
            .unwrap()
            .to_string()
    };
    let message = refused("response");
    assert!(message.contains("no column \"response\"; columns: \"id\", \"url\", \"html\""));
    let message = refused("links.list.element");
    assert!(message.contains("is BYTE_ARRAY in a list"), "{message}");
    assert!(refused("depth").contains("is INT32"));
    let fields = Fields {
        id: Some("depth".to_owned()),
        url: Some("id".to_owned()),
        html: None,
    };
    let options = TableOptions {
        fields,
        ..options(None, 1000)
    };
    let message = reader(&bytes, options).err().unwrap().to_string();
    assert!(message.starts_with("column \"id\" is INT64"), "{message}");
}

#[test]
fn a_page_past_the_bound_is_cut_and_says_how_long_it_was() {
    let groups = [vec![Some("é".repeat(5000)), Some("<p>Tea".to_owned())]];
    let mut rows = reader(&table(&groups, small_pages()), options(None, 999)).unwrap();
    let row = rows.next().unwrap().unwrap();
    assert_eq!(row.page, RowPage::Bytes("é".repeat(499).into_bytes()));
    assert_eq!(row.cut, Some(10_000));
    assert_eq!(rows.next().unwrap().unwrap().cut, None);
}

#[test]
fn damage_ends_its_row_group_and_the_next_is_read() {
    let groups = [pages(30), pages(30), pages(30)];
    let whole = table(&groups, small_pages().set_compression(Compression::SNAPPY));
    let rows = reader(&whole, options(None, 1000)).unwrap();
    let chunk = rows.metadata.row_group(1).column(2);
    let (start, length) = chunk.byte_range();
    let mut bytes = whole.clone();
    bytes[start as usize..][..length as usize].fill(0xff);
    let rows: Vec<_> = reader(&bytes, options(None, 1000)).unwrap().collect();
    assert_eq!(rows.len(), 61);
    let failure = rows[30].as_ref().unwrap_err();
    assert_eq!(failure.number, 31);
    assert!(
        matches!(
            failure.reason,
            RowError::RowGroup {
                group: 1,
                lost: 30,
                ..
            }
        ),
        "{failure}"
    );
    assert_eq!(rows[31].as_ref().unwrap().id.as_deref(), Some("60"));
    assert_eq!(rows[31].as_ref().unwrap().number, 61);
}

#[test]
fn files_that_are_no_parquet_say_so() {
    let whole = table(&[pages(3)], small_pages());
    let cut = &whole[..whole.len() - 5];
    let mut encrypted = whole.clone();
    *encrypted.last_mut().unwrap() = b'E';
    let mut long = whole.clone();
    let at = long.len() - 5;
    long[at] = 0x7f;
    for (bytes, told) in [
        (&b""[..], "too short"),
        (b"<!DOCTYPE html><p>Tea", "does not end as"),
        (cut, "does not end as"),
        (&encrypted, "encrypted"),
        (&long, "longer than the file"),
    ] {
        let message = reader(bytes, options(None, 1000))
            .err()
            .unwrap()
            .to_string();
        assert!(message.contains(told), "{message}");
    }
}

proptest! {
    #[test]
    fn any_damage_ends_without_a_crash(
        kind in 0..4,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)
    ) {
        let codec = if kind == 0 { Compression::SNAPPY } else { Compression::UNCOMPRESSED };
        let version = if kind == 1 { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 };
        let mut properties = small_pages().set_compression(codec).set_writer_version(version);
        if kind > 1 {
            let encoding = if kind == 2 { Encoding::DELTA_BYTE_ARRAY } else { Encoding::DELTA_LENGTH_BYTE_ARRAY };
            properties = properties.set_dictionary_enabled(false).set_column_encoding("html".into(), encoding);
        }
        let mut bytes = table(&[pages(20), pages(9)], properties);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(rows) = reader(&bytes, options(None, 100)) {
            let mut last = 0;
            for row in rows.take(1000) {
                let number = row.map_or_else(|failure| failure.number, |row| row.number);
                prop_assert!(number > last);
                last = number;
            }
        }
    }

    #[test]
    fn any_bytes_between_the_marks_end_without_a_crash(
        middle in proptest::collection::vec(any::<u8>(), 0..200), size: u8
    ) {
        let bytes = [b"PAR1", &middle[..], &[size, 0, 0, 0], b"PAR1"].concat();
        if let Ok(rows) = reader(&bytes, options(None, 100)) {
            prop_assert!(rows.take(1000).count() < 1000);
        }
    }
}
