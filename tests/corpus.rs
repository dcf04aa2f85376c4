//! `dehusk corpus` on the pages that ship with dehusk and on small corpora.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use assert_cmd::Command;
use dehusk::corpus::{CorpusSpec, Format, digest, read};
use predicates::prelude::*;
use predicates::str::contains;
use tempfile::TempDir;

fn corpus(command: &str) -> Command {
    let mut dehusk = Command::cargo_bin("dehusk").unwrap();
    dehusk.args(["corpus", command]);
    dehusk
}

const SAMPLER: &str = concat!("dehusk:", env!("CARGO_MANIFEST_DIR"), "/datasets/sampler");

/// The digest of the pages at a path in our own layout.
fn digest_of(path: &Path) -> String {
    digest(&read(&CorpusSpec::new(Format::Dehusk, path)).unwrap()).unwrap()
}

fn sampler_digest() -> String {
    let (_, path) = SAMPLER.split_once(':').unwrap();
    digest_of(path.as_ref())
}

#[test]
fn converted_pages_read_again_as_the_same_pages() {
    let folder = TempDir::new().unwrap();
    for name in ["pages.jsonl", "pages.jsonl.gz"] {
        let file = folder.path().join(name);
        corpus("convert")
            .args(["--corpus", SAMPLER, "-o"])
            .arg(&file)
            .assert()
            .code(0);
        // Shift_JIS, GB 18030 and windows-1252 pages are among them.
        assert_eq!(digest_of(&file), sampler_digest(), "{name}");
    }
    let mut unpacked = String::new();
    let gzip = fs::File::open(folder.path().join("pages.jsonl.gz")).unwrap();
    flate2::read::GzDecoder::new(gzip)
        .read_to_string(&mut unpacked)
        .unwrap();
    let plain = fs::read_to_string(folder.path().join("pages.jsonl")).unwrap();
    assert!(plain == unpacked);
    fs::remove_file(folder.path().join("pages.jsonl")).unwrap();
    assert_eq!(digest_of(folder.path()), sampler_digest());
}

/// A CleanEval corpus of two pages: one whose markup is fine, one without page.
fn cleaneval(folder: &Path, with_page: bool) -> String {
    for (part, name, content) in [
        (
            "GoldStandard",
            "1.txt",
            "URL: http://example.org/1\n\n<p>The bridge reopened on Monday.",
        ),
        (
            "input",
            "1.html",
            "<text id=\"1\"><p>The bridge reopened on Monday.</text>",
        ),
        ("GoldStandard", "2.txt", "<p>Tea"),
        (
            "input",
            "2.html",
            if with_page {
                "<text id=\"2\"><p>Tea</text>"
            } else {
                "<p>Tea"
            },
        ),
    ] {
        fs::create_dir_all(folder.join(part)).unwrap();
        fs::write(folder.join(part).join(name), content).unwrap();
    }
    format!("cleaneval:{}", folder.display())
}

#[test]
fn licence_and_corpus_go_with_a_converted_page_and_training_on_it_is_refused() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("pages.jsonl");
    corpus("convert")
        .args(["--corpus", &cleaneval(folder.path(), true), "-o"])
        .arg(&file)
        .assert()
        .code(0);
    let line = fs::read_to_string(&file).unwrap();
    assert!(line.contains("\"corpus\":\"cleaneval\""), "{line}");
    assert!(line.contains("\"licence\":\"none stated\""), "{line}");
    Command::cargo_bin("dehusk")
        .unwrap()
        .args(["train", "--cv", "0", "--corpus"])
        .arg(format!("dehusk:{}", file.display()))
        .arg("-o")
        .arg(folder.path().join("a.model"))
        .assert()
        .code(2)
        .stderr(contains("for evaluation only").and(contains("none stated")));
}

#[test]
fn a_page_that_cannot_be_read_is_told_and_the_rest_converted() {
    let folder = TempDir::new().unwrap();
    corpus("convert")
        .args(["--corpus", &cleaneval(folder.path(), false)])
        .assert()
        .code(1)
        .stdout(contains("\"id\":\"1\"").and(contains("\"id\":\"2\"").not()))
        .stderr(contains("2.html"));
}

#[test]
fn corpora_with_ids_in_common_are_told_how_to_stand_in_one_file() {
    let folder = TempDir::new().unwrap();
    let first = cleaneval(folder.path(), true);
    let second = folder.path().join("own.jsonl");
    let mut file = fs::File::create(&second).unwrap();
    writeln!(
        file,
        "{{\"id\":\"1\",\"html\":\"<p>Tea\",\"text\":\"Tea\"}}"
    )
    .unwrap();
    let second = format!("dehusk:{}", second.display());
    let both = ["--corpus", &first, "--corpus", &second];
    corpus("convert")
        .args(both)
        .assert()
        .code(2)
        .stderr(contains("several pages: 1;").and(contains("--qualify-ids")));
    corpus("convert")
        .args(both)
        .arg("--qualify-ids")
        .assert()
        .code(0)
        .stdout(contains("\"id\":\"cleaneval/1\"").and(contains("\"id\":\"dehusk/1\"")));
}

/// Our own JSONL in `folder`: pages of an id, an address and a text that is all
/// there is on the page.
fn own(folder: &Path, name: &str, pages: &[(&str, &str, &str)]) -> String {
    let lines: Vec<String> = pages
        .iter()
        .map(|(id, url, text)| {
            let html = format!("<title>{id}</title><p>{text}</p>");
            serde_json::json!({ "id": id, "url": url, "html": html, "text": text }).to_string()
        })
        .collect();
    let path = folder.join(name);
    fs::write(&path, lines.join("\n")).unwrap();
    format!("dehusk:{}", path.display())
}

const BRIDGE: &str = "The old bridge over the river reopened on Monday after eleven weeks of work.";
const BREAD: &str = "A good bread needs nothing but flour, water, salt and a night of patience.";

#[test]
fn stats_tell_what_a_corpus_is_made_of() {
    corpus("stats")
        .args(["--corpus", SAMPLER])
        .assert()
        .code(0)
        .stdout(contains("pages        32 of ").and(contains("article 11")))
        .stdout(contains("gold words").and(contains("empty gold   0")));
    let out = corpus("stats")
        .args(["--json", "--corpus", SAMPLER])
        .assert()
        .code(0)
        .get_output()
        .stdout
        .clone();
    let stats: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(stats[0]["pages"], 32);
    assert_eq!(stats[0]["coverage"]["count"], 32);
    assert!(stats[0]["coverage"]["median"].as_f64().unwrap() > 0.9);
    assert!(stats[0]["languages"]["ja"].as_u64().unwrap() > 0);
}

#[test]
fn a_page_that_cannot_be_read_is_told_by_stats_and_the_rest_counted() {
    let folder = TempDir::new().unwrap();
    corpus("stats")
        .args(["--corpus", &cleaneval(folder.path(), false)])
        .assert()
        .code(1)
        .stdout(contains("pages        2 of").and(contains("unreadable   1\n    2: ")));
}

#[test]
fn the_pages_that_ship_with_dehusk_pass_the_check() {
    corpus("check")
        .args(["--corpus", SAMPLER])
        .assert()
        .code(0)
        .stdout(contains("compared").and(contains("pairs 0")));
}

#[test]
fn a_check_finds_what_parts_have_in_common() {
    let folder = TempDir::new().unwrap();
    let near = BRIDGE.replace("work", "repairs");
    let train = own(
        folder.path(),
        "train.jsonl",
        &[
            ("1", "https://a.org/", BRIDGE),
            ("2", "https://b.org/", BREAD),
        ],
    );
    let test = own(
        folder.path(),
        "test.jsonl",
        &[
            ("3", "https://c.org/", &near),
            ("4", "https://d.org/", "Tea"),
        ],
    );
    let both = ["--corpus", &train, "--corpus", &test];
    corpus("check")
        .args(both)
        .assert()
        .code(1)
        .stdout(contains("of [2]         1  100.0 %    0.0 %"))
        .stdout(contains("too short to compare      1: 4"))
        .stdout(contains("[1] 1  [2] 3"));
    corpus("check")
        .args(both)
        .args(["--allow", "near-duplicate"])
        .assert()
        .code(0);
    corpus("check")
        .args(both)
        .args(["--resemblance", "0.9"])
        .assert()
        .code(0)
        .stdout(contains("pairs 0"));
    corpus("check")
        .args(both)
        .args(["--resemblance", "0.1"])
        .assert()
        .code(2)
        .stderr(contains("0.3 to 1"));
}

#[test]
fn a_corpus_that_cannot_be_listed_does_not_keep_the_others_from_being_checked() {
    let folder = TempDir::new().unwrap();
    let sound = own(folder.path(), "a.jsonl", &[("1", "https://a.org/", BREAD)]);
    let doubled = own(
        folder.path(),
        "b.jsonl",
        &[
            ("1", "https://a.org/", BREAD),
            ("1", "https://a.org/", BREAD),
        ],
    );
    corpus("check")
        .args(["--corpus", &doubled, "--corpus", &sound])
        .assert()
        .code(1)
        .stdout(contains("a.jsonl: 1 pages"))
        .stderr(contains("b.jsonl, line 2").and(contains("is that of line 1")));
    let missing = format!("dehusk:{}", folder.path().join("c.jsonl").display());
    corpus("check")
        .args(["--corpus", &doubled, "--corpus", &missing])
        .assert()
        .code(2)
        .stderr(contains("b.jsonl, line 2").and(contains("c.jsonl")));
}

#[test]
fn parts_of_a_split_hold_all_pages_once_and_share_neither_sites_nor_texts() {
    let folder = TempDir::new().unwrap();
    let texts: Vec<String> = (0..40)
        .map(|n| (0..12).map(|word| format!("t{}w{word} ", n % 35)).collect())
        .collect();
    let ids: Vec<String> = (0..40).map(|n| format!("p{n}")).collect();
    let urls: Vec<String> = (0..40)
        .map(|n| format!("https://s{}.org/", n / 2))
        .collect();
    let pages: Vec<_> = (0..40).map(|n| (&*ids[n], &*urls[n], &*texts[n])).collect();
    let all = own(folder.path(), "all.jsonl", &pages);
    let parts = folder.path().join("parts");
    let split = |more: &[&str]| {
        corpus("split")
            .args([
                "--corpus",
                &all,
                "--parts",
                "train=6,dev=2,test=2",
                "--out-dir",
            ])
            .arg(&parts)
            .args(more)
            .assert()
    };
    split(&[])
        .code(0)
        .stderr(contains("train.jsonl: ").and(contains("near-duplicates")));
    let names = ["train", "dev", "test"].map(|name| parts.join(format!("{name}.jsonl")));
    let read_part = |path: &Path| read(&CorpusSpec::new(Format::Dehusk, path)).unwrap();
    let mut found: Vec<String> = names
        .iter()
        .flat_map(|path| read_part(path).into_iter().map(|page| page.id))
        .collect();
    found.sort();
    let mut due = ids.clone();
    due.sort();
    assert_eq!(found, due);

    let mut check = corpus("check");
    for path in &names {
        check
            .arg("--corpus")
            .arg(format!("dehusk:{}", path.display()));
    }
    let out = check.arg("--json").assert().get_output().stdout.clone();
    let check: serde_json::Value = serde_json::from_slice(&out).unwrap();
    for (of, corpus) in check["corpora"].as_array().unwrap().iter().enumerate() {
        for (within, found) in corpus["found_in"].as_array().unwrap().iter().enumerate() {
            assert!(of == within || found == 0, "{check}");
        }
    }
    for (one, path) in names.iter().enumerate() {
        for other in names.iter().skip(one + 1) {
            let sites = |path| -> Vec<String> {
                read_part(path).into_iter().map(|page| page.group).collect()
            };
            assert!(sites(path).iter().all(|site| !sites(other).contains(site)));
        }
    }

    // What is there stays, unless told otherwise.
    let before = fs::read(&names[0]).unwrap();
    split(&["--seed", "2"])
        .code(2)
        .stderr(contains("train.jsonl is there already"));
    assert!(before == fs::read(&names[0]).unwrap());
    split(&["--seed", "2", "--force"]).code(0);
    assert!(before != fs::read(&names[0]).unwrap());
    split(&["--force"]).code(0);
    assert!(before == fs::read(&names[0]).unwrap());
    split(&["--gzip"])
        .code(2)
        .stderr(contains("train.jsonl is there already"));
    split(&["--gzip", "--force"]).code(0);
    assert_eq!(
        digest_of(&parts.join("train.jsonl.gz")),
        digest_of(&names[0])
    );
}

#[test]
fn parts_that_cannot_be_filled_write_nothing() {
    let folder = TempDir::new().unwrap();
    let one_site = own(
        folder.path(),
        "a.jsonl",
        &[
            ("1", "https://a.org/", BREAD),
            ("2", "https://a.org/2", BRIDGE),
        ],
    );
    let parts = folder.path().join("parts");
    for (given, problem) in [("a=1,b=1", "part b gets no page"), ("a=1", "not two parts")] {
        corpus("split")
            .args(["--corpus", &one_site, "--parts", given, "--out-dir"])
            .arg(&parts)
            .assert()
            .code(2)
            .stderr(contains(problem));
        assert!(!parts.exists());
    }
}
