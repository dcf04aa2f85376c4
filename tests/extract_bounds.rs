//! `dehusk extract` of pages that cost too much.

use std::fs;
use std::path::PathBuf;
#[cfg(unix)]
use std::process::Stdio;
use std::time::{Duration, Instant};

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use tempfile::TempDir;

fn dehusk() -> Command {
    let mut command = Command::cargo_bin("dehusk").unwrap();
    command.args(["--no-config", "extract"]);
    command
}

/// A page that takes long by its number of blocks, and one that does not.
fn pages(folder: &TempDir) -> [PathBuf; 2] {
    let [slow, quick] = ["slow.html", "quick.html"].map(|name| folder.path().join(name));
    fs::write(&slow, "<p>Word and others".repeat(400_000)).unwrap();
    let text = "The ferry left the quay at nine, an hour late, with two hundred people.";
    fs::write(&quick, format!("<h1>Ferry</h1><p>{text}<p>{text}")).unwrap();
    [slow, quick]
}

#[test]
fn a_page_over_its_time_fails_with_the_remedy_and_the_others_go_on() {
    let folder = TempDir::new().unwrap();
    let errors = folder.path().join("errors.jsonl");
    let begun = Instant::now();
    dehusk()
        .args(["--timeout", "0.6", "--threshold", "0", "-f", "jsonl"])
        .args(["--limit", "blocks=1000000"])
        .arg("--errors")
        .arg(&errors)
        .args(pages(&folder))
        .assert()
        .code(1)
        .stdout(contains("quay at nine").and(contains("Word and").not()))
        .stderr(
            contains("slow.html")
                .and(contains("not done after 0.6 s"))
                .and(contains("--timeout")),
        );
    assert!(begun.elapsed() < Duration::from_secs(8));
    let errors = fs::read_to_string(errors).unwrap();
    assert!(
        errors.contains("slow.html") && errors.contains("0.6 s"),
        "{errors}"
    );
}

#[cfg(unix)]
#[test]
fn ctrl_c_gives_up_the_page_in_hand() {
    let folder = TempDir::new().unwrap();
    let [slow, _] = pages(&folder);
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("dehusk"))
        .args(["--no-config", "extract", "--limit", "blocks=1000000"])
        .arg(slow)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(1));
    let interrupted = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupted.success());
    let begun = Instant::now();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_limit_is_set_by_its_name_and_passing_it_is_told() {
    let folder = TempDir::new().unwrap();
    let page = folder.path().join("page.html");
    fs::write(
        &page,
        format!("{}The ferry left at nine.", "<div>".repeat(30)),
    )
    .unwrap();
    let told = "elements nested deeper than 20 were flattened";
    dehusk()
        .args(["--limit", "depth=20", "--threshold", "0", "-f", "json"])
        .arg(&page)
        .assert()
        .success()
        .stdout(contains("The ferry left at nine.").and(contains(told)))
        .stderr(contains("page.html").and(contains(told)));
    dehusk()
        .args(["--limit", "deep=20"])
        .arg(&page)
        .assert()
        .code(2)
        .stderr(contains("no limit is called `deep`: there are depth"));
}
