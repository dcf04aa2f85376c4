//! What pages and names of files bring, as a terminal, a spreadsheet and a program
//! that reads messages get it.

use std::fs;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use assert_cmd::prelude::*;
use tempfile::TempDir;

const PAGE: &str = "<h1>Tea</h1><p>Tea is made of \u{1b}[2Jleaves that are poured over \u{9b}31m \
    with \u{202e}hot\u{202c} water in the pot by the window.</p>\
    <p>=HYPERLINK(\"https://evil.example/\", \"and drunk in the afternoon with milk\")</p>";

fn dehusk(arguments: &[&str]) -> Command {
    let mut command = Command::new(cargo_bin("dehusk"));
    command.arg("--no-config").args(arguments);
    command
}

/// Whether a terminal would only show it.
fn is_harmless(text: &str) -> bool {
    let lines = text.replace("\r\n", "\n");
    let steers = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}');
    !lines.contains(|c: char| steers(c) && !matches!(c, '\n' | '\t'))
}

#[test]
fn blocks_are_no_formulas() {
    let folder = TempDir::new().unwrap();
    let page = folder.path().join("tea.html");
    fs::write(&page, PAGE).unwrap();
    let output = dehusk(&["blocks", page.to_str().unwrap()]).unwrap();
    let mut csv = csv::Reader::from_reader(&output.stdout[..]);
    let texts: Vec<String> = csv
        .records()
        .map(|row| row.unwrap()[8].to_owned())
        .collect();
    assert!(texts[2].starts_with("'=HYPERLINK("), "{texts:?}");
}

#[cfg(unix)]
#[test]
fn a_name_of_a_file_is_shown_in_messages_of_both_forms() {
    let folder = TempDir::new().unwrap();
    let name = "a\u{1b}[2J\u{9b}31m\u{202e}.html";
    fs::write(folder.path().join(name), b"\x89PNG\r\n\x1a\n\0\0\0").unwrap();
    for form in ["text", "json"] {
        let output = dehusk(&["extract", "--log-format", form, name])
            .current_dir(&folder)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(is_harmless(&said), "{said:?}");
        if form == "json" {
            let line: serde_json::Value =
                serde_json::from_str(said.lines().next().unwrap()).unwrap();
            assert_eq!(line["source"], name);
        }
    }
}

/// `script` gives a command a terminal to write to; it is part of util-linux.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_is_shown_what_others_are_given() {
    if Command::new("script").arg("--version").output().is_err() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let page = folder.path().join("tea.html");
    fs::write(&page, PAGE).unwrap();
    let page = page.to_str().unwrap();
    for arguments in [
        &["extract", page][..],
        &["extract", "-f", "markdown", page],
        &["extract", "-f", "jsonl", page],
        &["blocks", page],
    ] {
        let given = dehusk(arguments).unwrap();
        let given = String::from_utf8(given.stdout).unwrap();
        assert!(!is_harmless(&given), "nothing was changed: {given:?}");
        let dehusk = cargo_bin("dehusk");
        let line = format!("'{}' --no-config {}", dehusk.display(), arguments.join(" "));
        let shown = Command::new("script")
            .args(["-qec", &line, "/dev/null"])
            .output()
            .unwrap();
        let shown = String::from_utf8(shown.stdout).unwrap();
        assert!(shown.contains("leaves that are poured over"), "{shown:?}");
        assert!(is_harmless(&shown), "{shown:?}");
    }
}
