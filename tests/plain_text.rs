//! Pages of plain text: `.txt` files, WET archives, `--input text`.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use assert_cmd::Command;
use flate2::Compression;
use flate2::write::GzEncoder;
use predicates::str::contains;
use serde_json::Value;
use tempfile::TempDir;

fn dehusk() -> Command {
    let mut command = Command::cargo_bin("dehusk").unwrap();
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// A news page flattened to text: navigation, share bar, related links and
/// rankings round an article.
const PAGE: &str = "\
Top Stories:  \n\
\n\
English>>Harbour & Shipping\n\
\n\
Port authority agrees to rebuild northern sea wall with two neighbouring towns\n\
\n\
\n\
09:40, October 7, 2019\n\
\n\
LINDHAVEN, Oct. 6 (Coast Wire) -- The port authority of Lindhaven agreed on Sunday to rebuild \
the northern sea wall together with two neighbouring towns, ending a dispute over its cost that \
had gone on since the storm of last winter.\n\
\n\
Anna Brekke, who has led the authority since May, told reporters that work would begin in the \
spring, and that fishing boats could use the inner basin while it lasts.\n\
\n\
\n\
During talks at the town hall on Friday, the mayors of Skarvik and Osby said that their towns \
depend on the wall as much as Lindhaven does, and that they would pay a third of the cost each.\n\
\n\
Engineers found in April that the storm had laid bare the foundations over a length of forty \
metres, and advised that no ship of more than sixty metres should moor there.\n\
\n\
The three towns will share one office for the works, which is to publish its accounts every \
quarter, the agreement says.\n\
\n\
He added that the council had received more than two hundred letters about the wall, most of \
which had asked for a decision before the autumn gales.\n\
\n\
Print|Share|Comments(Editor:M. Dahl, K. Lunde)\n\
\n\
Related Stories\n\
\n\
Leave your comment0 comments\n\
\n\
\x20 1. Name\n\
\n\
\n\
Picked for you\n\
\n\
\x20 1. Week in pictures\n\
\n\
\x20 2. Lighthouse keepers meet for annual supper\n\
\n\
\x20 3. Old ropewalk becomes museum\n\
\n\
\x20 4. Seal pup found in car park\n\
\n\
\x20 5. Ferry timetable changes in November\n\
\n\
Most Read\n\
\n\
\n\
\x20 1. Ten walks along the coast\n\
\x20 2. Why herring prices fell\n\
\x20 3. Commentary: a wall for all\n\
\x20 4. Skipper rescued after night at sea\n\
\x20 5. New crane arrives at dock\n\
\n\
What's on this week\n\
\n\
\x20 1. Choir rehearsal moved to Thursday\n\
\x20 2. Fish market opens late\n";

/// What the article begins and ends with, and what is none of it.
const FIRST: &str = "The port authority of Lindhaven agreed on Sunday";
const LAST: &str = "most of which had asked for a decision before the autumn gales.";
const BOILERPLATE: [&str; 7] = [
    "Top Stories",
    "Harbour & Shipping",
    "Print|Share",
    "Related Stories",
    "Leave your comment",
    "Picked for you",
    "Ten walks",
];

fn assert_is_the_article(text: &str) {
    assert!(text.contains(FIRST) && text.contains(LAST), "{text}");
    assert!(text.contains("pay a third of the cost each"), "{text}");
    for boilerplate in BOILERPLATE {
        assert!(!text.contains(boilerplate), "{boilerplate} in {text}");
    }
}

fn stdout(command: &mut Command) -> String {
    let output = command.assert().code(0).get_output().stdout.clone();
    String::from_utf8(output).unwrap()
}

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.txt");
    fs::write(&page, PAGE).unwrap();
    (folder, page)
}

fn conversion(n: usize, content_type: &str, text: &str) -> Vec<u8> {
    let record = format!(
        "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://site-{n}.example/\r\n\
         WARC-Record-ID: <urn:text:{n}>\r\nContent-Type: {content_type}\r\n\
         Content-Length: {}\r\n\r\n{text}\r\n\r\n",
        text.len()
    );
    let mut member = GzEncoder::new(Vec::new(), Compression::fast());
    member.write_all(record.as_bytes()).unwrap();
    member.finish().unwrap()
}

#[test]
fn a_flattened_page_gives_its_article() {
    let (_folder, page) = folder();
    let text = stdout(dehusk().arg("extract").arg(&page));
    assert_is_the_article(&text);
    let mut command = dehusk();
    command.args(["extract", "-", "--input", "text"]);
    assert_eq!(stdout(command.write_stdin(PAGE)), text);
}

#[test]
fn the_records_of_a_wet_archive_are_pages() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("crawl.warc.wet.gz");
    let flat: String = PAGE
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| format!("{}\n", line.trim()))
        .collect();
    let members = [
        conversion(1, "text/plain", &flat),
        conversion(2, "application/json", "{}"),
        conversion(3, "text/plain; charset=utf-8", PAGE),
    ];
    fs::write(&archive, members.concat()).unwrap();
    let mut command = dehusk();
    command.args(["extract", "-f", "jsonl"]).arg(&archive);
    let rows: Vec<Value> = stdout(&mut command)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["url"], "https://site-1.example/");
    for row in &rows {
        assert_is_the_article(row["text"].as_str().unwrap());
        assert_eq!(row["language"], "en");
    }
    command
        .assert()
        .stderr(contains("1 conversions to other than plain text"));
    // Below a folder too.
    let below = stdout(dehusk().args(["extract", "-f", "jsonl"]).arg(folder.path()));
    assert_eq!(below.lines().count(), 2);
}

#[test]
fn folders_give_their_texts_where_they_are_asked_for() {
    let (folder, _) = folder();
    fs::write(folder.path().join("page.html"), "<p>Tea").unwrap();
    let ids = |input: &str| -> Vec<String> {
        let mut command = dehusk();
        command.args(["extract", "-f", "jsonl", "--input", input]);
        let rows = stdout(command.arg(folder.path()));
        let id = |row: &str| serde_json::from_str::<Value>(row).unwrap()["source"].to_string();
        rows.lines().map(id).collect()
    };
    assert!(ids("text")[0].contains("page.txt"));
    assert!(ids("auto")[0].contains("page.html"));
    assert_eq!((ids("text").len(), ids("html").len()), (1, 1));
}

#[test]
fn a_text_that_is_html_is_a_page_whatever_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("saved.txt");
    fs::write(&page, "<!doctype html><p>The <b>ferry</b> sails again.").unwrap();
    let blocks = stdout(dehusk().arg("blocks").arg(&page));
    assert!(blocks.contains("The ferry sails again."), "{blocks}");
    let blocks = stdout(dehusk().args(["blocks", "--input", "text"]).arg(&page));
    assert!(blocks.contains("<b>ferry</b>"), "{blocks}");
}

#[test]
fn markdown_and_html_of_a_text_are_paragraphs() {
    let (_folder, page) = folder();
    let html = stdout(dehusk().args(["extract", "-f", "html"]).arg(&page));
    assert!(html.contains("<p>LINDHAVEN, Oct. 6"), "{html}");
    let markdown = stdout(dehusk().args(["extract", "-f", "markdown"]).arg(&page));
    assert!(markdown.contains("\n\nAnna Brekke"), "{markdown}");
}

#[test]
fn a_model_of_html_refuses_texts_with_the_remedy() {
    let (_folder, page) = folder();
    dehusk()
        .args([
            "extract",
            "--model",
            "models/dehusk.model",
            "--input",
            "text",
        ])
        .arg(&page)
        .assert()
        .code(2)
        .stderr(contains("`--input text`"));
    dehusk()
        .args(["extract", "--model", "models/dehusk.model"])
        .arg(&page)
        .assert()
        .code(1)
        .stderr(contains("the model is of html pages"));
    dehusk()
        .args(["evaluate", "--corpus", "dehusk:datasets/sampler"])
        .args(["--model", "models/text.model"])
        .assert()
        .code(2)
        .stderr(contains("the model is of text pages"));
}

#[test]
fn flattened_pages_are_trained_on_and_compared_with_rules() {
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("my.model");
    let corpus = ["--corpus", "dehusk:datasets/sampler", "--input", "text"];
    let few = [
        "--set",
        "boosting.trees=8",
        "--set",
        "boosting.random_trees=0",
    ];
    let train = |cache: bool| {
        let mut command = dehusk();
        command
            .arg("train")
            .args(corpus)
            .args(few)
            .args(["--cv", "0"]);
        if cache {
            command.arg("--cache").arg(folder.path().join("cache"));
        }
        command.arg("-o").arg(&model).assert().code(0);
        fs::read(&model).unwrap()
    };
    let first = train(false);
    assert_eq!(train(true), first);
    assert_eq!(train(true), first);
    let mut command = dehusk();
    command.arg("evaluate").args(corpus).arg("--baselines");
    let table = stdout(command.arg("--model").arg(&model));
    for rule in [
        "everything",
        "long lines",
        "sentence lines",
        "justext rules",
    ] {
        assert!(table.contains(rule), "{table}");
    }
    let (_texts, page) = self::folder();
    dehusk()
        .args(["extract", "--model"])
        .arg(&model)
        .arg(&page)
        .assert()
        .code(0)
        .stdout(contains(FIRST));
}

#[test]
fn a_run_folder_of_texts_is_gone_on_with_and_refuses_html() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run");
    let train = |input: &str| {
        let mut command = dehusk();
        command.args(["train", "--corpus", "dehusk:datasets/sampler", "--cv", "2"]);
        command.args([
            "--set",
            "boosting.trees=3",
            "--set",
            "boosting.random_trees=0",
        ]);
        command.args(["--input", input, "--run-dir"]).arg(&run);
        command.assert()
    };
    train("text").code(0);
    train("text")
        .code(0)
        .stderr(contains("2 of 2 folds were finished before"));
    train("html").code(2).stderr(contains("input"));
    let recipe = fs::read_to_string(run.join("recipe.toml")).unwrap();
    assert!(recipe.contains("input = \"text\""), "{recipe}");
}
