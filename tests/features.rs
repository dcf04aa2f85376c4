//! `dehusk features` on the pages that ship with dehusk.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use dehusk::export::{LEADING, columns};
use predicates::prelude::*;
use predicates::str::contains;
use tempfile::TempDir;

fn features() -> Command {
    let mut dehusk = Command::cargo_bin("dehusk").unwrap();
    dehusk.arg("features");
    dehusk
}

const SAMPLER: &str = concat!("dehusk:", env!("CARGO_MANIFEST_DIR"), "/datasets/sampler");
const PAGE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/datasets/sampler/html/news-fr-1999.html"
);

fn sampler_as_csv(path: &Path, threads: &str) {
    features()
        .env("RAYON_NUM_THREADS", threads)
        .args(["--corpus", SAMPLER, "-o"])
        .arg(path)
        .assert()
        .code(0);
}

#[test]
fn every_block_of_a_corpus_is_a_row_with_label_weight_and_features() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("blocks.csv");
    sampler_as_csv(&path, "1");
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let header = reader.headers().unwrap().clone();
    let names: Vec<&str> = header.iter().collect();
    assert_eq!(names[..LEADING.len()], LEADING);
    assert!(names[LEADING.len()..].iter().eq(columns(false).iter()));
    let at = |name: &str| header.iter().position(|head| head == name).unwrap();
    let number = |row: &csv::StringRecord, name: &str| row[at(name)].parse::<f32>().unwrap();
    let (mut weight, mut content, mut pages) = (0.0, 0, 0);
    for row in reader.records().map(Result::unwrap) {
        pages += usize::from(&row[at("block")] == "0");
        weight += number(&row, "weight");
        let label = number(&row, "label");
        assert!((0.0..=1.0).contains(&label));
        content += usize::from(label > 0.9);
        assert!(number(&row, "coverage") > 0.5);
        assert!(
            row.iter()
                .skip(LEADING.len())
                .all(|field| field.parse::<f32>().unwrap().is_finite())
        );
    }
    assert_eq!(pages, 32);
    assert!((weight - 32.0).abs() < 1e-3, "{weight}");
    assert!(content > 100, "{content}");

    let again = folder.path().join("again.csv");
    sampler_as_csv(&again, "3");
    assert!(fs::read(&path).unwrap() == fs::read(&again).unwrap());
}

#[test]
fn a_page_has_rows_without_labels() {
    let out = features()
        .arg(PAGE)
        .assert()
        .code(0)
        .get_output()
        .stdout
        .clone();
    let mut reader = csv::Reader::from_reader(&out[..]);
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert!(rows.len() > 10);
    assert_eq!(
        (&rows[0][0], &rows[0][1], &rows[0][8]),
        ("", "news-fr-1999", "")
    );
    assert_eq!((&rows[0][4], &rows[0][5]), ("", "false"));
    assert!(rows.iter().any(|row| &row[11] == "td"));
}

#[test]
fn log_odds_add_the_columns_that_a_classifier_sees() {
    let out = features()
        .args(["--log-odds", PAGE])
        .assert()
        .code(0)
        .get_output()
        .stdout
        .clone();
    let mut reader = csv::Reader::from_reader(&out[..]);
    let header = reader.headers().unwrap();
    assert!(header.iter().skip(LEADING.len()).eq(columns(true).iter()));
}

#[test]
fn what_cannot_be_asked_for_is_told() {
    features().assert().code(2).stderr(contains("--corpus"));
    features()
        .args(["--corpus", SAMPLER, PAGE])
        .assert()
        .code(2)
        .stderr(contains("cannot be used with"));
    features()
        .args([PAGE, "--model", "x.model"])
        .assert()
        .code(2)
        .stderr(contains("--log-odds"));
    features()
        .arg("no/such/page.html")
        .assert()
        .code(1)
        .stderr(contains("no/such/page.html"));
    features()
        .args([PAGE, "-o", "no/such/folder/x.parquet"])
        .assert()
        .code(2)
        .stderr(contains("no/such/folder/x.parquet").and(contains("can be written to")));
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_holds_what_csv_holds() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    let folder = TempDir::new().unwrap();
    let table = folder.path().join("blocks.parquet");
    features()
        .args(["--corpus", SAMPLER, "-o"])
        .arg(&table)
        .assert()
        .code(0);
    let lines = folder.path().join("blocks.csv");
    sampler_as_csv(&lines, "2");
    let reader = SerializedFileReader::new(fs::File::open(&table).unwrap()).unwrap();
    let mut csv = csv::Reader::from_path(&lines).unwrap();
    let mut records = csv.records();
    for row in reader.get_row_iter(None).unwrap() {
        let (row, record) = (row.unwrap(), records.next().unwrap().unwrap());
        for ((_, field), text) in row.get_column_iter().zip(&record) {
            match field {
                Field::Str(value) => assert_eq!(value, text),
                Field::Bool(value) => assert_eq!(value.to_string(), text),
                Field::Int(value) => assert_eq!(value.to_string(), text),
                Field::Float(value) => assert_eq!(value.to_string(), text),
                other => panic!("{other:?}"),
            }
        }
    }
    assert!(records.next().is_none());
}

#[test]
fn a_table_of_pages_that_all_fail_leaves_what_was_there() {
    let folder = TempDir::new().unwrap();
    let pages = folder.path().join("pages.jsonl");
    fs::write(
        &pages,
        r#"{"id": "1", "html_path": "1.html", "text": "Tea"}"#,
    )
    .unwrap();
    fs::write(folder.path().join("1.html.gz"), "no gzip").unwrap();
    let corpus = format!("dehusk:{}", pages.display());
    let gone = folder.path().join("none.html");
    for given in [vec!["--corpus", &corpus], vec![gone.to_str().unwrap()]] {
        for name in ["blocks.csv", "blocks.parquet"] {
            if name.ends_with("parquet") && !cfg!(feature = "parquet") {
                continue;
            }
            let out = folder.path().join(name);
            fs::write(&out, "before").unwrap();
            features().args(&given).arg("-o").arg(&out).assert().code(1);
            assert_eq!(fs::read_to_string(&out).unwrap(), "before");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("dehusk"))
        .args(["features", "--corpus", SAMPLER])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_page_that_cannot_be_read_is_told_and_the_rest_measured() {
    let folder = TempDir::new().unwrap();
    for (part, name, content) in [
        ("GoldStandard", "1.txt", "<p>Tea"),
        ("input", "1.html", "<text id=\"1\"><p>Tea</text>"),
        ("GoldStandard", "2.txt", "<p>Tea"),
        ("input", "2.html", "<p>Tea"),
    ] {
        fs::create_dir_all(folder.path().join(part)).unwrap();
        fs::write(folder.path().join(part).join(name), content).unwrap();
    }
    features()
        .arg("--corpus")
        .arg(format!("cleaneval:{}", folder.path().display()))
        .assert()
        .code(1)
        .stdout(contains("cleaneval,1,").and(contains("cleaneval,2,").not()))
        .stderr(contains("2.html"));
}
