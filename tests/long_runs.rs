//! Long runs of `dehusk extract`: killed, interrupted, gone on with, in memory
//! that does not grow.

mod crawl;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use assert_cmd::cargo::cargo_bin;
use assert_cmd::prelude::*;
use predicates::str::contains;
use tempfile::TempDir;

use crawl::{texts, warc_gz, warc_gz_of};

/// The command that extracts an archive to a file, to be cut off.
fn run(archive: &Path, out: &Path, errors: &Path, resume: bool) -> Command {
    let mut command = Command::new(cargo_bin("dehusk"));
    command
        .args(["--no-config", "extract", "-j", "2"])
        .arg(archive)
        .arg("-o")
        .arg(out)
        .arg("--errors")
        .arg(errors)
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    if resume {
        command.arg("--resume");
    }
    command
}

/// Waits until so many of the bytes that a whole run writes are there, or the run
/// has ended.
fn wait_for(child: &mut Child, partial: &Path, bytes: u64) {
    while child.try_wait().unwrap().is_none() {
        let there = fs::metadata(partial).map_or(0, |metadata| metadata.len());
        if there >= bytes {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn partial_of(out: &Path) -> PathBuf {
    let mut partial = out.as_os_str().to_owned();
    partial.push(".partial");
    partial.into()
}

#[test]
fn a_run_that_is_killed_again_and_again_ends_as_one_that_is_not() {
    let folder = TempDir::new().unwrap();
    let archive = folder.path().join("crawl.warc.gz");
    let mut bytes = warc_gz(6_000);
    bytes.truncate(bytes.len() - 40);
    fs::write(&archive, bytes).unwrap();
    for name in ["texts.jsonl", "texts.csv.gz", "texts.parquet"] {
        if cfg!(not(feature = "parquet")) && name.ends_with("parquet") {
            continue;
        }
        let (whole, errors) = (folder.path().join(name), folder.path().join("errors.jsonl"));
        let status = run(&archive, &whole, &errors, false).status().unwrap();
        assert_eq!(status.code(), Some(1));
        let expected = (fs::read(&whole).unwrap(), fs::read(&errors).unwrap());

        let (out, out_errors) = (
            folder.path().join(format!("cut-{name}")),
            folder.path().join(format!("cut-{name}-errors.jsonl")),
        );
        let mut kills = 0;
        for share in 1_u64.. {
            let mut child = run(&archive, &out, &out_errors, share > 1).spawn().unwrap();
            // The last run is left to end.
            if share <= 4 {
                wait_for(
                    &mut child,
                    &partial_of(&out),
                    expected.0.len() as u64 * share / 6,
                );
                kills += usize::from(child.try_wait().unwrap().is_none());
                let _ = child.kill();
            }
            if child.wait().unwrap().code() == Some(1) {
                break;
            }
        }
        assert!(kills > 0, "{name} was never cut off");
        assert!(!partial_of(&out).exists());
        let found = (fs::read(&out).unwrap(), fs::read(&out_errors).unwrap());
        assert!(found == expected, "{name} differs after {kills} kills");
    }
}

#[test]
fn an_unfinished_run_is_not_thrown_away_unasked() {
    let folder = TempDir::new().unwrap();
    let (archive, out) = (
        folder.path().join("a.warc.gz"),
        folder.path().join("o.jsonl"),
    );
    fs::write(&archive, warc_gz(4_000)).unwrap();
    let errors = folder.path().join("e.jsonl");
    let mut child = run(&archive, &out, &errors, false).spawn().unwrap();
    // Behind the first checkpoint there is something to lose.
    wait_for(&mut child, &partial_of(&out), 1_000_000);
    child.kill().unwrap();
    child.wait().unwrap();
    run(&archive, &out, &errors, false)
        .assert()
        .code(2)
        .stderr(contains("--resume"));
    run(&archive, &out, &errors, true)
        .args(["--profile", "article"])
        .assert()
        .code(2)
        .stderr(contains("differs in extraction"));
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_is_done_and_says_how_to_go_on() {
    let folder = TempDir::new().unwrap();
    let (archive, out) = (
        folder.path().join("a.warc.gz"),
        folder.path().join("o.jsonl"),
    );
    let errors = folder.path().join("e.jsonl");
    fs::write(&archive, warc_gz(6_000)).unwrap();
    let mut child = run(&archive, &out, &errors, false).spawn().unwrap();
    wait_for(&mut child, &partial_of(&out), 1);
    let interrupted = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupted.success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("--resume"), "{said}");
    assert!(!out.exists());
    let status = run(&archive, &out, &errors, true).status().unwrap();
    assert_eq!(status.code(), Some(0));
    let (whole, errors) = (
        folder.path().join("whole.jsonl"),
        folder.path().join("none.jsonl"),
    );
    let status = run(&archive, &whole, &errors, false).status().unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(fs::read(&out).unwrap() == fs::read(&whole).unwrap());
    assert_eq!(texts(&fs::read(&out).unwrap()).len(), 6_000);
}

#[cfg(target_os = "linux")]
#[test]
fn memory_stays_flat_over_a_hundred_thousand_records() {
    let folder = TempDir::new().unwrap();
    let (archive, out) = (
        folder.path().join("a.warc.gz"),
        folder.path().join("o.jsonl.zst"),
    );
    let small = |n| {
        format!(
            "<nav><a href=/>Home</a></nav><p>Ship {n} was seen at noon off the northern cape, \
             bound for the yard."
        )
    };
    fs::write(&archive, warc_gz_of(100_000, small)).unwrap();
    let errors = folder.path().join("e.jsonl");
    let mut child = run(&archive, &out, &errors, false).spawn().unwrap();
    let mut peak_kib = 0;
    while child.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        if let Some(kib) = line.and_then(|line| line.split_whitespace().nth(1)) {
            peak_kib = peak_kib.max(kib.parse().unwrap());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let records = zstd::decode_all(&fs::read(&out).unwrap()[..]).unwrap();
    assert_eq!(records.iter().filter(|&&b| b == b'\n').count(), 100_000);
    assert!((1..300_000).contains(&peak_kib), "{peak_kib} KiB");
}
