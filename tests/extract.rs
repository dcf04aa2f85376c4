//! `dehusk extract` and `dehusk blocks`, run as a person runs them.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use tempfile::TempDir;

fn dehusk() -> Command {
    Command::cargo_bin("dehusk").unwrap()
}

const PAGE: &str = r#"<!doctype html><html lang="en"><head><title>Harbour reopens - The Quay</title></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li><li><a href="/contact">Contact us</a></li></ul></nav>
<article><h1>Harbour reopens after the storm</h1>
<p>The harbour opened again on Friday after divers had cleared the sunken crane from the channel,
eleven days after the storm that closed it to all but the smallest boats.</p>
<p>Fishermen, who had moved their boats to the next port along the coast, came back the same evening,
and the first catch was sold on the quay before midnight.</p>
<p>The council expects that repairs to the northern wall, which lost forty metres of its parapet,
will take until the spring and cost about two million.</p></article>
<aside class="related"><h3>Related stories</h3><ul><li><a href="/a">Storm warning</a></li><li><a href="/b">Crane sinks</a></li></ul></aside>
<footer>Copyright 2024 The Quay. All rights reserved. <a href="/privacy">Privacy policy</a></footer>
</body></html>"#;

/// What a command that succeeds prints.
fn output(command: &mut Command) -> Vec<u8> {
    command.assert().code(0).get_output().stdout.clone()
}

fn page_in(folder: &TempDir, name: &str) -> PathBuf {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, PAGE).unwrap();
    path
}

#[test]
fn the_article_is_printed_and_the_boilerplate_is_not() {
    let folder = TempDir::new().unwrap();
    let page = page_in(&folder, "harbour.html");
    dehusk()
        .arg("extract")
        .arg(page)
        .assert()
        .code(0)
        .stdout(contains("The harbour opened again on Friday"))
        .stdout(contains("cost about two million."))
        .stdout(contains("Related stories").not())
        .stdout(contains("Privacy policy").not())
        .stderr("");
}

#[test]
fn standard_input_is_a_page_too() {
    dehusk()
        .args(["extract", "-"])
        .write_stdin(PAGE)
        .assert()
        .code(0)
        .stdout(contains("The harbour opened again on Friday"));
}

#[test]
fn a_folder_gives_one_record_a_page_in_the_order_of_paths() {
    let folder = TempDir::new().unwrap();
    for name in ["b/2.html", "b/10.htm", "a.html", "c.html.gz", "notes.txt"] {
        page_in(&folder, name);
    }
    let gz = folder.path().join("c.html.gz");
    let mut encoder =
        flate2::write::GzEncoder::new(fs::File::create(gz).unwrap(), Default::default());
    std::io::Write::write_all(&mut encoder, PAGE.as_bytes()).unwrap();
    encoder.finish().unwrap();

    let out = dehusk()
        .args(["extract", "-f", "jsonl"])
        .arg(folder.path())
        .assert()
        .code(0)
        .stderr(contains("passed over: 1 file not named like a page"))
        .get_output()
        .stdout
        .clone();
    let records: Vec<serde_json::Value> = String::from_utf8(out)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let ids: Vec<&str> = records.iter().map(|r| r["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a", "b/10", "b/2", "c"]);
    for record in &records {
        assert_eq!(record["title"], "Harbour reopens after the storm");
        assert_eq!(
            record["provenance"],
            serde_json::json!({"title": "heading", "language": "text"})
        );
        assert_eq!(record["language"], "en");
        assert!(record["text"].as_str().unwrap().contains("Fishermen"));
        assert!((0.0..=1.0).contains(&record["quality"].as_f64().unwrap()));
        assert_eq!(record["warnings"], serde_json::json!([]));
        assert!(record["source"].as_str().unwrap().contains(".htm"));
    }
}

#[test]
fn metadata_are_told_with_their_sources_and_left_out_where_there_are_none() {
    let head = r#"<meta name="author" content="Ada Lovelace"><meta property="og:site_name" content="The Quay">
        <meta property="article:published_time" content="2024-05-17T08:30:00+01:00"></head>"#;
    let out = output(
        dehusk()
            .args(["extract", "--format", "json", "-"])
            .write_stdin(PAGE.replace("</head>", head)),
    );
    let record: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(record["authors"], serde_json::json!(["Ada Lovelace"]));
    assert_eq!(record["date"], "2024-05-17T08:30:00+01:00");
    assert_eq!(record["site"], "The Quay");
    assert_eq!(record["provenance"]["authors"], "meta");
    assert_eq!(record["provenance"]["date"], "og");
    for absent in ["modified", "license", "tags", "image"] {
        assert!(record.get(absent).is_none(), "{absent}");
    }
}

/// Each bad input beside a good page: the message names file and reason, the
/// good page is extracted, and the exit code says that something failed.
fn fails_alone(bad: &Path, good: &Path, reason: &str) {
    dehusk()
        .arg("extract")
        .args([bad, good])
        .assert()
        .code(1)
        .stdout(contains("The harbour opened again on Friday"))
        .stderr(contains(bad.file_name().unwrap().to_str().unwrap()))
        .stderr(contains(reason))
        .stderr(contains("1 page extracted").and(contains("; 1 failed")));
}

#[test]
fn bad_inputs_are_told_and_the_rest_is_extracted() {
    let folder = TempDir::new().unwrap();
    let good = page_in(&folder, "good.html");
    let at = |name: &str| folder.path().join(name);

    fails_alone(&at("missing.html"), &good, "cannot be read");
    dehusk()
        .arg("extract")
        .arg(at("missing.html"))
        .assert()
        .code(1)
        .stderr(contains("os error").count(1).and(contains("inputs").not()));

    fs::write(at("empty.html"), "").unwrap();
    fails_alone(&at("empty.html"), &good, "the file is empty");

    fs::write(at("paper.html"), b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n").unwrap();
    fails_alone(&at("paper.html"), &good, "this is a PDF file, not HTML");

    let mut state = 88_172_645_463_325_252_u64;
    let noise: Vec<u8> = (0..10_000_000)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8
        })
        .collect();
    fs::write(at("noise.html"), noise).unwrap();
    fails_alone(&at("noise.html"), &good, "binary data");
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_in_a_folder_is_told_and_the_rest_is_extracted() {
    let folder = TempDir::new().unwrap();
    page_in(&folder, "good.html");
    // Dangling: unreadable for every user, even root.
    std::os::unix::fs::symlink("nowhere", folder.path().join("gone.html")).unwrap();
    dehusk()
        .arg("extract")
        .arg(folder.path())
        .assert()
        .code(1)
        .stdout(contains("The harbour opened again on Friday"))
        .stderr(contains("gone.html"));
}

#[test]
fn a_bad_model_ends_the_run_with_its_file_and_the_reason() {
    let folder = TempDir::new().unwrap();
    let page = page_in(&folder, "good.html");
    let shipped = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/models/dehusk.model")).unwrap();
    let mut future = shipped.clone();
    future[b"dehusk model\n".len()] = 99;
    let cases: [(&str, &[u8], &str); 4] = [
        ("future.model", &future, "model format 99 is not the"),
        ("half.model", &shipped[..shipped.len() / 2], "truncated"),
        ("page.model", PAGE.as_bytes(), "not a dehusk model"),
        ("empty.model", b"", "not a dehusk model"),
    ];
    for (name, bytes, reason) in cases {
        let model = folder.path().join(name);
        fs::write(&model, bytes).unwrap();
        dehusk()
            .arg("extract")
            .arg(&page)
            .arg("--model")
            .arg(&model)
            .assert()
            .code(2)
            .stdout("")
            .stderr(contains(name))
            .stderr(contains(reason));
    }
}

#[test]
fn wrong_usage_exits_2() {
    dehusk().assert().code(2);
    dehusk()
        .args(["extract", "--threshold", "2", "x.html"])
        .assert()
        .code(2);
    dehusk()
        .args(["extract", "--charset", "nonsense", "x.html"])
        .assert()
        .code(2)
        .stderr(contains("no encoding is called so"));
    dehusk()
        .args([
            "extract",
            "--url",
            "https://example.org/",
            "x.html",
            "y.html",
        ])
        .assert()
        .code(2)
        .stderr(contains("--url is the address of a single page"));
    dehusk()
        .args(["extract", "x.html", "-o", "no/such/folder/out.txt"])
        .assert()
        .code(2)
        .stderr(contains("no/such/folder/out.txt"));
}

#[test]
fn the_output_file_appears_whole() {
    let folder = TempDir::new().unwrap();
    let page = page_in(&folder, "good.html");
    let out = folder.path().join("out.json");
    dehusk()
        .args(["extract", "-f", "json", "-o"])
        .arg(&out)
        .arg(page)
        .assert()
        .code(0)
        .stdout("");
    let record: serde_json::Value = serde_json::from_slice(&fs::read(&out).unwrap()).unwrap();
    assert_eq!(record["id"], "good");
}

#[test]
fn every_block_is_listed_with_its_probability() {
    let folder = TempDir::new().unwrap();
    let page = page_in(&folder, "good.html");
    let out = dehusk()
        .arg("blocks")
        .arg(page)
        .assert()
        .code(0)
        .get_output()
        .stdout
        .clone();
    let mut csv = csv::Reader::from_reader(out.as_slice());
    let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 11);
    let first = rows
        .iter()
        .find(|r| r[8].starts_with("The harbour opened"))
        .unwrap();
    assert_eq!(&first[1], "1");
    assert!(first[2].parse::<f32>().unwrap() > 0.5);
    assert_eq!(&first[3], "p");
    assert_eq!(&first[7], "/html/body/article/p[1]");
    let privacy = rows
        .iter()
        .find(|r| r[8].contains("Privacy policy"))
        .unwrap();
    assert_eq!(&privacy[1], "0");
    assert_eq!(&privacy[6], "2");
}

#[test]
fn the_kept_blocks_are_what_is_extracted() {
    let folder = TempDir::new().unwrap();
    let page = page_in(&folder, "good.html");
    let flags = ["--profile", "article", "--threshold", "0.3"];
    let rows = output(dehusk().args(["blocks", "--kept"]).args(flags).arg(&page));
    let mut csv = csv::Reader::from_reader(rows.as_slice());
    let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    assert!(rows.iter().all(|row| &row[1] == "1"));
    let text = output(dehusk().arg("extract").args(flags).arg(&page));
    let text = String::from_utf8(text).unwrap();
    let words: usize = rows.iter().map(|r| r[8].split_whitespace().count()).sum();
    assert_eq!(text.split_whitespace().count(), words);
}

/// A page of the sampler as `dehusk extract` prints it.
fn of_sampler(page: &str, profile: &str) -> String {
    let path = format!("datasets/sampler/html/{page}.html");
    let text = output(dehusk().args(["extract", "--profile", profile, &path]));
    String::from_utf8(text).unwrap()
}

#[test]
fn a_short_post_is_kept_and_the_long_thread_below_it_is_not() {
    for profile in ["full", "article"] {
        let text = of_sampler("blog-short-post-long-thread", profile);
        assert!(
            text.contains("still the tourer squeaks"),
            "{profile}: {text}"
        );
        assert!(
            !text.contains("half of all bottom bracket noises"),
            "{profile}: {text}"
        );
        let text = of_sampler("news-es-short-comments", profile);
        assert!(
            text.contains("el reloj de la torre atrasa"),
            "{profile}: {text}"
        );
        assert!(
            !text.contains("Yo llevo llegando tarde"),
            "{profile}: {text}"
        );
    }
}

#[test]
fn a_forum_keeps_its_replies() {
    for (page, reply) in [
        (
            "forum-en-phpbb-like",
            "a needle that bends away from the shuttle",
        ),
        ("forum-de-q-and-a", "Ergänzend zum Retten"),
        ("forum-en-modern-divs", "fourteen of us"),
    ] {
        let text = of_sampler(page, "full");
        assert!(text.contains(reply), "{page}: {text}");
    }
}
