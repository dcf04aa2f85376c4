//! `dehusk evaluate` with several extractors, on the pages that ship with
//! dehusk.

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::{contains, is_match};
use serde_json::{Value, json};
use tempfile::TempDir;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/sampler");

/// `dehusk evaluate` on the sampler.
fn evaluate() -> Command {
    let mut command = Command::cargo_bin("dehusk").unwrap();
    command.args(["evaluate", "--corpus", &format!("dehusk:{FOLDER}")]);
    command
}

/// The sampler's pages: their ids and gold texts.
fn gold() -> Vec<(String, String)> {
    fs::read_to_string(format!("{FOLDER}/pages.jsonl"))
        .unwrap()
        .lines()
        .map(|line| {
            let page: Value = serde_json::from_str(line).unwrap();
            let field = |name: &str| page[name].as_str().unwrap().to_owned();
            (field("id"), field("text"))
        })
        .collect()
}

/// A file of what `extract` makes of each gold text; pages that it makes
/// nothing of are left out.
fn predictions(
    folder: &TempDir,
    name: &str,
    extract: impl Fn(&str, &str) -> Option<String>,
) -> PathBuf {
    let lines: Vec<String> = gold()
        .iter()
        .filter_map(|(id, text)| Some(json!({"id": id, "text": extract(id, text)?}).to_string()))
        .collect();
    let path = folder.path().join(name);
    fs::write(&path, lines.join("\n")).unwrap();
    path
}

/// The gold text itself.
fn whole(_: &str, text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// The first half of the gold text.
fn half(_: &str, text: &str) -> Option<String> {
    let length = text.chars().count() / 2;
    Some(text.chars().take(length).collect())
}

#[test]
fn predictions_of_several_extractors_stand_in_one_table_with_their_differences() {
    let folder = TempDir::new().unwrap();
    let (best, peer) = (
        predictions(&folder, "best.jsonl", whole),
        predictions(&folder, "peer.jsonl", half),
    );
    evaluate()
        .arg("--predictions")
        .arg(&best)
        .arg("--predictions")
        .arg(format!("half={}", peer.display()))
        .assert()
        .code(0)
        .stdout(
            is_match(r"(?m)^best +\d+ +1\.000 +1\.000–1\.000")
                .unwrap()
                .and(is_match(r"(?m)^half +\d+ +0\.\d{3} +0\.\d{3}–0\.\d{3}").unwrap())
                .and(is_match(r"minus best\n  half +-0\.\d{3}  -0\.\d{3} to -0\.\d{3}").unwrap())
                .and(is_match(r"most different F1\n  dehusk:\S+ +0\.\d{3}  1\.000").unwrap()),
        );
}

#[test]
fn json_holds_every_extractor_and_difference() {
    let folder = TempDir::new().unwrap();
    let best = predictions(&folder, "best.jsonl", whole);
    let peer = predictions(&folder, "peer.jsonl", half);
    let comparison = folder.path().join("comparison.json");
    evaluate()
        .args(["--json", "--predictions"])
        .arg(&best)
        .arg("--predictions")
        .arg(&peer)
        .arg("-o")
        .arg(&comparison)
        .assert()
        .code(0)
        .stdout("");
    let found: Value = serde_json::from_slice(&fs::read(comparison).unwrap()).unwrap();
    let pages = gold().len();
    for (i, name) in ["best", "peer"].into_iter().enumerate() {
        let one = &found["compared"][i];
        assert_eq!(one["name"], name);
        assert_eq!(one["report"]["pages"].as_array().unwrap().len(), pages);
    }
    let mean = |i: usize| found["compared"][i]["report"]["overall"]["f1"]["mean"].as_f64();
    let difference = &found["differences"][0];
    let expected = mean(1).unwrap() - mean(0).unwrap();
    assert!((difference["f1"]["mean"].as_f64().unwrap() - expected).abs() < 1e-9);
    assert_eq!(
        (&difference["name"], &difference["against"]),
        (&json!("peer"), &json!("best"))
    );
    let counts = ["better", "worse", "equal"].map(|name| difference[name].as_u64().unwrap());
    assert_eq!(counts.iter().sum::<u64>(), pages as u64);
}

#[test]
fn dehusk_itself_comes_first_where_it_is_asked_for() {
    let folder = TempDir::new().unwrap();
    let best = predictions(&folder, "best.jsonl", whole);
    evaluate()
        .args(["--model", "builtin", "--predictions"])
        .arg(&best)
        .assert()
        .code(0)
        .stdout(
            is_match(r"(?m)^dehusk +\d+ .*\nbest +\d+  1\.000")
                .unwrap()
                .and(is_match(r"minus dehusk\n  best +\+0\.\d{3}").unwrap()),
        );
}

#[test]
fn a_page_that_one_extractor_lacks_counts_as_empty_and_is_told_with_its_name() {
    let folder = TempDir::new().unwrap();
    let (left_out, _) = gold()[0].clone();
    let gap = |id: &str, text: &str| (id != left_out).then(|| text.to_owned());
    let (best, gap) = (
        predictions(&folder, "best.jsonl", whole),
        predictions(&folder, "gap.jsonl", gap),
    );
    evaluate()
        .arg("--predictions")
        .arg(&best)
        .arg("--predictions")
        .arg(&gap)
        .assert()
        .code(1)
        .stderr(contains("1 pages have no prediction in gap").and(contains(&left_out)))
        .stdout(is_match(r"most different F1\n  dehusk:\S+ +0\.000  1\.000").unwrap());
}

#[test]
fn two_of_one_name_are_refused_before_anything_is_measured() {
    let folder = TempDir::new().unwrap();
    let best = predictions(&folder, "dehusk.jsonl", whole);
    for other in [["--predictions", "dehusk=none.jsonl"], ["--cv", "2"]] {
        evaluate()
            .arg("--predictions")
            .arg(&best)
            .args(other)
            .assert()
            .code(2)
            .stderr(contains("two of the compared are called `dehusk`").and(contains("NAME=")));
    }
}
