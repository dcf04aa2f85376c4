//! `dehusk diff` on real files.

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;
use tempfile::TempDir;

fn diff() -> Command {
    let mut command = Command::cargo_bin("dehusk").unwrap();
    command.args(["--no-config", "diff"]);
    command
}

/// A page about a mill that grinds so much, with an advertisement.
fn page(tonnes: &str, closing: &str, advertisement: &str) -> String {
    format!(
        "<!doctype html><html><head><title>The mill</title></head><body>
        <nav><a href=/>Home</a> <a href=/map>Map</a></nav><main><h1>The mill by the river</h1>
        <p>The mill stood idle for thirty years, until a baker from the next valley bought it
        and had the wheel rebuilt by the last carpenter who knew how.</p>
        <p>It now grinds {tonnes} tonnes of rye a week, most of which is sold at the Saturday
        market, and the rest to three inns along the river road.</p>{closing}</main>
        <aside class=ad><a href=/buy>{advertisement}</a></aside>
        <footer>Imprint <a href=/privacy>Privacy notice</a></footer></body></html>"
    )
}

const VISITORS: &str = "<p>Visitors may watch on weekdays, when the sluice is open and the \
    stones are running.</p>";

/// The files `old.html` and `new.html` of a folder.
fn pages(old: &str, new: &str) -> (TempDir, PathBuf, PathBuf) {
    let folder = TempDir::new().unwrap();
    let (before, after) = (
        folder.path().join("old.html"),
        folder.path().join("new.html"),
    );
    fs::write(&before, old).unwrap();
    fs::write(&after, new).unwrap();
    (folder, before, after)
}

#[test]
fn what_changed_was_added_and_was_removed_is_marked() {
    let (_folder, old, new) = pages(
        &page("two", "", "Soap for sale"),
        &page("three", VISITORS, "Win a car"),
    );
    let shown = diff().args([&old, &new]).assert().code(1);
    let shown = shown.stderr(contains(", changed 1, before only 0, after only 1,"));
    let text = String::from_utf8(shown.get_output().stdout.clone()).unwrap();
    let begins = |sign: &str, words: &str| {
        text.lines()
            .any(|line| line.starts_with(sign) && line.contains(words))
    };
    assert!(begins("  ", "The mill stood idle"), "{text}");
    assert!(begins("~ ", "grinds [-two-]{+three+} tonnes"), "{text}");
    assert!(begins("+ ", "Visitors may watch"), "{text}");
    assert!(begins("  … ", "kept on neither side"), "{text}");
    assert!(!text.contains("Soap") && !text.contains('\x1b'), "{text}");
    assert!(text.starts_with("--- "), "{text}");
    // The other way round.
    diff()
        .args([&new, &old])
        .assert()
        .code(1)
        .stdout(contains("\n- "));
    diff()
        .args([&old, &new])
        .arg("--all")
        .assert()
        .code(1)
        .stdout(contains("Soap for sale").and(contains("kept on neither").not()));
}

#[test]
fn pages_of_which_the_same_is_kept_are_the_same() {
    let (_folder, old, new) = pages(
        &page("two", VISITORS, "Soap for sale"),
        &page("two", VISITORS, "Win a car"),
    );
    diff().args([&old, &new]).assert().code(0);
    diff()
        .args([old.as_os_str(), "-".as_ref()])
        .write_stdin(page("two", VISITORS, ""))
        .assert()
        .code(0);
}

#[test]
fn one_page_is_compared_under_two_rules() {
    let (_folder, old, _) = pages(&page("two", VISITORS, "Soap for sale"), "");
    let compare = |flags: &[&str]| diff().arg(&old).args(flags).assert();
    compare(&["--threshold", "0", "--threshold", "0.5"])
        .code(1)
        .stdout(
            contains("--threshold 0.5")
                .and(predicate::str::is_match("(?m)^- .*Soap for sale").unwrap()),
        );
    compare(&["--model", "builtin", "--model", "builtin"]).code(0);
    compare(&["--profile", "full", "--profile", "full"]).code(0);
    compare(&[])
        .code(2)
        .stderr(contains("nothing to compare with: name a second page"));
    compare(&["--model", "builtin"])
        .code(2)
        .stderr(contains("nothing to compare with"));
    let three = ["--threshold", "0", "--threshold", "0.5", "--threshold", "1"];
    compare(&three)
        .code(2)
        .stderr(contains("--threshold: there are two sides"));
}

#[test]
fn programs_get_all_rows_with_both_sides() {
    let (folder, old, new) = pages(
        &page("two", "", "Soap for sale"),
        &page("three", VISITORS, "Win a car"),
    );
    let written = folder.path().join("diff.json");
    diff()
        .args([&old, &new])
        .args(["--json", "-o"])
        .arg(&written)
        .assert()
        .code(1)
        .stdout("");
    let json: Value = serde_json::from_slice(&fs::read(&written).unwrap()).unwrap();
    assert_eq!(json["same"], false);
    let counts = &json["counts"];
    assert_eq!(
        (&counts["changed"], &counts["added"]),
        (&1.into(), &1.into())
    );
    let rows = json["rows"].as_array().unwrap();
    let changed = rows.iter().find(|row| row["mark"] == "changed").unwrap();
    assert!(changed["before"]["probability"].as_f64().unwrap() > 0.5);
    assert_eq!(changed["after"]["xpath"], "/html/body/main/p[2]");
    assert_eq!(changed["words"][1]["text"], "two");
    let orders = |side: &str| -> Vec<u64> {
        let sides = rows.iter().filter_map(|row| row[side]["order"].as_u64());
        sides.collect()
    };
    assert_eq!(
        orders("after"),
        (0..orders("after").len() as u64).collect::<Vec<_>>()
    );
}

#[test]
fn policies_are_compared_and_may_differ_between_the_sides() {
    let hidden = format!("<div hidden>{VISITORS}</div>");
    let (_folder, page, _) = pages(&page("two", &hidden, "Soap for sale"), "");
    let shown = diff()
        .arg(&page)
        .args(["--hidden", "keep", "--hidden", "drop"])
        .assert()
        .code(1)
        .stdout(contains("--hidden keep").and(contains("--hidden drop")));
    let text = String::from_utf8(shown.get_output().stdout.clone()).unwrap();
    let taken_out = |line: &str| line.starts_with('-') && line.contains("Visitors may watch");
    assert!(text.lines().any(taken_out), "{text}");
    diff()
        .args([&page, &page])
        .args(["--hidden", "drop", "--comments", "separate"])
        .assert()
        .code(0);
    diff()
        .arg(&page)
        .args(["--comments", "keep"])
        .assert()
        .code(2)
        .stderr(contains("--comments or --hidden twice"));
}

#[test]
fn comments_kept_and_dropped_are_compared() {
    let post = "datasets/sampler/html/blog-short-post-long-thread.html";
    diff()
        .arg(post)
        .args(["--comments", "drop", "--comments", "keep"])
        .assert()
        .code(1)
        .stdout(contains("Mine turned out to be the saddle rail"))
        .stderr(contains("before only 0"));
}

#[test]
fn trouble_is_told_from_a_difference() {
    let (folder, old, _) = pages(&page("two", "", ""), "");
    let gone = folder.path().join("gone.html");
    diff()
        .args([&old, &gone])
        .assert()
        .code(2)
        .stdout("")
        .stderr(contains("gone.html"));
    diff()
        .args(["-", "-"])
        .write_stdin("")
        .assert()
        .code(2)
        .stderr(contains("standard input holds one page"));
    diff()
        .arg(&old)
        .args(["--model", "builtin", "--model"])
        .arg(&gone)
        .assert()
        .code(2)
        .stderr(contains("model"));
    diff()
        .args([&old, &old])
        .args(["--json", "--all"])
        .assert()
        .code(2);
}
