//! What the forms hold reads back as it was.

use std::io::Read;

use super::*;

/// Writes pages to a file of this name, and reads its bytes, unpacked.
fn written(name: &str, pages: &[PageRecord], options: Options) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let target = Target::File(path.clone());
    let form = Form::of_file(&path).unwrap();
    let mut sink = open_within(&target, form, options, SMALL).unwrap().sink;
    for (at, page) in pages.iter().enumerate() {
        give(&mut *sink, at, &Given::Page(Box::new(page.clone()))).unwrap();
    }
    sink.finish().unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let bytes = fs::read(path).unwrap();
    let mut unpacked = Vec::new();
    match name.rsplit_once('.').unwrap().1 {
        "gz" => flate2::read::MultiGzDecoder::new(&bytes[..])
            .read_to_end(&mut unpacked)
            .unwrap(),
        "zst" => zstd::Decoder::new(&bytes[..])
            .unwrap()
            .read_to_end(&mut unpacked)
            .unwrap(),
        _ => return bytes,
    };
    unpacked
}

fn pages() -> Vec<PageRecord> {
    let pages = inputs(60).into_iter().filter_map(|given| match given {
        Given::Page(page) => Some(*page),
        _ => None,
    });
    pages.collect()
}

#[test]
fn packed_files_hold_what_plain_ones_do() {
    for form in ["txt", "json", "jsonl", "csv"] {
        for pages in [pages(), Vec::new()] {
            let plain = written(&format!("pages.{form}"), &pages, Options::default());
            for packing in ["gz", "zst"] {
                let name = format!("pages.{form}.{packing}");
                assert!(
                    written(&name, &pages, Options::default()) == plain,
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn texts_are_headed_by_their_ids_where_there_are_several() {
    let two = [
        page("a/1", "One."),
        page("a/2", ""),
        page("b", "Two.\n\nThree."),
    ];
    let text = written("pages.txt", &two, Options::default());
    assert_eq!(
        String::from_utf8(text).unwrap(),
        "==> a/1 <==\nOne.\n\n==> a/2 <==\n\n==> b <==\nTwo.\n\nThree.\n"
    );
    let options = Options {
        several: false,
        ..Options::default()
    };
    let text = written("pages.txt", &two[..1], options);
    assert_eq!(text, b"One.\n");
}

#[test]
fn json_is_an_array_of_several_and_an_object_of_one() {
    let pages = pages();
    let read = |bytes: Vec<u8>| serde_json::from_slice::<serde_json::Value>(&bytes).unwrap();
    let as_value = |page: &PageRecord| read(serde_json::to_vec(page).unwrap());
    let expected: Vec<_> = pages.iter().map(as_value).collect();
    let array = read(written("pages.json", &pages, Options::default()));
    assert_eq!(array, serde_json::Value::from(expected.clone()));
    let none = read(written("pages.json", &[], Options::default()));
    assert_eq!(none, serde_json::json!([]));
    let options = Options {
        several: false,
        ..Options::default()
    };
    assert_eq!(
        read(written("pages.json", &pages[..1], options)),
        expected[0]
    );
    let lines = written("pages.jsonl", &pages, Options::default());
    let lines = String::from_utf8(lines).unwrap();
    let lines: Vec<_> = lines.lines().map(|line| read(line.into())).collect();
    assert_eq!(lines, expected);
    // In the order that a reader looks for them, and an offset only if there is one.
    let first = serde_json::to_string(&page("x", "y")).unwrap();
    assert!(
        first.starts_with(r#"{"id":"x","source":"crawl.warc.gz","url":"#),
        "{first}"
    );
}

#[test]
fn a_csv_table_reads_back_but_for_the_apostrophes_that_keep_formulas_still() {
    let pages = pages();
    let bytes = written("pages.csv", &pages, Options::default());
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    let names: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(
        names,
        [
            "id",
            "source",
            "offset",
            "url",
            "title",
            "authors",
            "date",
            "modified",
            "site",
            "description",
            "language",
            "image",
            "tags",
            "license",
            "page_type",
            "text",
            "quality",
            "warnings"
        ]
    );
    let records: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), pages.len());
    for (record, page) in records.iter().zip(&pages) {
        let cell = |name: &str| &record[names.iter().position(|other| other == name).unwrap()];
        let text = cell("text");
        assert!(text.is_empty() || text.starts_with("'=Page"));
        assert_eq!(
            text.strip_prefix('\'').unwrap_or(text),
            page.extraction.text
        );
        assert_eq!(cell("offset").parse().ok(), page.offset);
        assert_eq!(
            cell("title"),
            page.extraction.title.as_deref().unwrap_or_default()
        );
        assert_eq!(cell("quality").parse(), Ok(page.extraction.quality));
        match cell("warnings") {
            "" => assert!(page.extraction.warnings.is_empty()),
            list => {
                let list: Vec<String> = serde_json::from_str(list).unwrap();
                assert_eq!(list, page.extraction.warnings);
            }
        }
    }
}

#[cfg(feature = "parquet")]
#[test]
fn a_parquet_table_reads_back_with_its_types_in_bounded_row_groups() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::{ListAccessor, RowAccessor};
    let pages = pages();
    let bytes = bytes::Bytes::from(written("pages.parquet", &pages, Options::default()));
    let reader = SerializedFileReader::new(bytes).unwrap();
    let groups = reader.metadata().row_groups();
    assert!(groups.len() > pages.len() / 5);
    assert!(
        groups
            .iter()
            .all(|group| (1..=5).contains(&group.num_rows()))
    );
    let schema = reader.metadata().file_metadata().schema_descr();
    let columns: Vec<String> = (schema.columns().iter())
        .map(|column| format!("{} {}", column.path().string(), column.physical_type()))
        .collect();
    assert_eq!(
        columns,
        [
            "id BYTE_ARRAY",
            "source BYTE_ARRAY",
            "offset INT64",
            "url BYTE_ARRAY",
            "title BYTE_ARRAY",
            "authors.list.element BYTE_ARRAY",
            "date BYTE_ARRAY",
            "modified BYTE_ARRAY",
            "site BYTE_ARRAY",
            "description BYTE_ARRAY",
            "language BYTE_ARRAY",
            "image BYTE_ARRAY",
            "tags.list.element BYTE_ARRAY",
            "license BYTE_ARRAY",
            "page_type BYTE_ARRAY",
            "text BYTE_ARRAY",
            "quality FLOAT",
            "warnings.list.element BYTE_ARRAY"
        ]
    );
    let rows: Vec<_> = reader
        .get_row_iter(None)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(rows.len(), pages.len());
    for (row, page) in rows.iter().zip(&pages) {
        let of = &page.extraction;
        assert_eq!(row.get_string(0).unwrap(), &page.id);
        assert_eq!(row.get_string(1).unwrap(), &page.source);
        assert_eq!(
            row.get_long(2).ok(),
            page.offset.map(|offset| offset as i64)
        );
        assert_eq!(row.get_string(3).ok(), of.url.as_ref());
        assert_eq!(row.get_string(4).ok(), of.title.as_ref());
        assert_eq!(row.get_string(10).ok(), of.language.as_ref());
        assert_eq!(row.get_string(15).unwrap(), &of.text);
        assert_eq!(row.get_float(16).unwrap(), of.quality);
        let warnings = row.get_list(17).unwrap();
        assert_eq!(warnings.len(), of.warnings.len());
        for (at, warning) in of.warnings.iter().enumerate() {
            assert_eq!(warnings.get_string(at).unwrap(), warning);
        }
    }
    let none = bytes::Bytes::from(written("pages.parquet", &[], Options::default()));
    let reader = SerializedFileReader::new(none).unwrap();
    assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
}

#[test]
fn pages_get_a_file_each_in_the_folders_of_their_ids() {
    let folder = tempfile::tempdir().unwrap();
    let target = Target::Folder(folder.path().join("out"));
    let pages = [
        "news/1",
        "../../etc/passwd",
        "News/1",
        "/abs",
        "news/1.txt/x",
        "",
    ];
    for (form, ending) in [(Form::Content(Content::Text), "txt"), (Form::Json, "json")] {
        let mut sink = super::super::open(&target, form, Options::default())
            .unwrap()
            .sink;
        for (at, id) in pages.iter().enumerate() {
            let page = page(id, &format!("Text of {id}."));
            give(&mut *sink, at, &Given::Page(Box::new(page))).unwrap();
        }
        sink.finish().unwrap();
        let found = files(folder.path());
        let mut names = [
            "news/1",
            "__/__/etc/passwd",
            "News/1-2",
            "abs",
            "news/1.txt/x",
            "page",
        ]
        .map(|name| PathBuf::from(format!("out/{name}.{ending}")));
        if ending == "txt" {
            names[4] = "out/news/1.txt-2/x.txt".into();
        }
        let expected: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(
            found.keys().collect::<std::collections::BTreeSet<_>>(),
            expected
        );
        let first = String::from_utf8(found[&names[0]].clone()).unwrap();
        match ending {
            "txt" => assert_eq!(first, "Text of news/1.\n"),
            _ => assert!(first.contains("\"id\": \"news/1\"")),
        }
        restore(folder.path(), &BTreeMap::new());
    }
}

#[cfg(unix)]
#[test]
fn no_page_leaves_its_folder_through_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let (out, elsewhere) = (folder.path().join("out"), folder.path().join("elsewhere"));
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("precious"), "precious").unwrap();
    let target = Target::Folder(out.clone());
    let form = Form::Content(Content::Text);
    let mut sink = super::super::open(&target, form, Options::default())
        .unwrap()
        .sink;
    std::os::unix::fs::symlink(&elsewhere, out.join("news")).unwrap();
    let error = sink.write(&page("news/1", "x")).unwrap_err();
    assert!(matches!(error, SinkError::NotAFolder { .. }), "{error}");
    for name in ["page.txt", ".dehusk.page"] {
        std::os::unix::fs::symlink(elsewhere.join("precious"), out.join(name)).unwrap();
    }
    sink.write(&page("page", "mine")).unwrap();
    assert_eq!(fs::read_to_string(out.join("page.txt")).unwrap(), "mine\n");
    let precious = fs::read_to_string(elsewhere.join("precious")).unwrap();
    assert_eq!(precious, "precious");
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_device_takes_pages_of_every_form_as_they_come() {
    let folder = tempfile::tempdir().unwrap();
    for output in Output::all(folder.path()) {
        let target = Target::File("/dev/null".into());
        let mut sink = open_within(&target, output.form, output.options(false), SMALL)
            .unwrap()
            .sink;
        for (at, given) in inputs(40).iter().enumerate() {
            give(&mut *sink, at, given).unwrap();
        }
        assert_eq!(sink.checkpoint().unwrap(), None);
        sink.finish().unwrap();
        if let Some(errors) = &output.errors {
            assert!(fs::metadata(errors).unwrap().len() > 0);
        }
        restore(folder.path(), &BTreeMap::new());
    }
}
