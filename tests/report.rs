//! `dehusk evaluate --report`: a folder with a page and its data.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

fn dehusk() -> Command {
    Command::cargo_bin("dehusk").unwrap()
}

const SAMPLER: &str = concat!("dehusk:", env!("CARGO_MANIFEST_DIR"), "/datasets/sampler");

/// Six of the sampler's pages as a corpus in `folder`, as importance takes time.
fn six_pages(folder: &TempDir) -> &'static str {
    let sampler = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/sampler");
    fs::create_dir(folder.path().join("html")).unwrap();
    let pages = fs::read_to_string(sampler.join("pages.jsonl")).unwrap();
    let pages: Vec<&str> = pages.lines().step_by(6).collect();
    for page in &pages {
        let page: serde_json::Value = serde_json::from_str(page).unwrap();
        let html = page["html_path"].as_str().unwrap();
        fs::copy(sampler.join(html), folder.path().join(html)).unwrap();
    }
    fs::write(folder.path().join("pages.jsonl"), pages.join("\n")).unwrap();
    "dehusk:pages.jsonl"
}

/// Measures the built-in model on a corpus, in `folder`.
fn report(folder: &TempDir, corpus: &str, more: &[&str]) -> assert_cmd::assert::Assert {
    dehusk()
        .current_dir(folder.path())
        .args(["evaluate", "--corpus", corpus, "--report", "out"])
        .args(more)
        .assert()
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn text(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join("out").join(name)).unwrap()
}

#[test]
fn a_report_holds_the_same_data_as_a_page_json_and_tables() {
    let folder = TempDir::new().unwrap();
    let corpus = six_pages(&folder);
    report(&folder, corpus, &["--report-pages", "3"])
        .code(0)
        .stdout(contains("page type"));
    let before = files(&folder.path().join("out"));
    let names: Vec<&str> = before.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "blocks-by-tag.csv",
        "blocks-of-worst-pages.csv",
        "f1-histogram.csv",
        "importance.csv",
        "index.html",
        "pages.csv",
        "precision-recall.csv",
        "reliability.csv",
        "report.json",
        "summaries.csv",
    ];
    assert_eq!(names, expected);

    let json: serde_json::Value = serde_json::from_str(&text(&folder, "report.json")).unwrap();
    assert_eq!(json["worst"].as_array().unwrap().len(), 3);
    assert_eq!(json["subject"]["extractor"], "the built-in model");
    let f1 = json["report"]["overall"]["f1"]["mean"].as_f64().unwrap();
    let html = text(&folder, "index.html");
    assert!(html.contains(&format!("<strong>{f1:.3}</strong>")));
    assert_eq!(html.matches("<details class=\"page\"").count(), 3);
    assert!(!html.contains("<script"));
    assert!(text(&folder, "summaries.csv").contains("language,"));
    let pages = text(&folder, "pages.csv");
    assert_eq!(
        pages.lines().count(),
        1 + json["report"]["pages"].as_array().unwrap().len()
    );
    let first = &json["blocks"]["importance"]["columns"][0];
    assert!(first["log_loss"].as_f64().unwrap() > 0.0);

    // Over an earlier report, on other threads: the same bytes.
    dehusk()
        .current_dir(folder.path())
        .env("RAYON_NUM_THREADS", "3")
        .args(["evaluate", "--corpus", corpus, "--report", "out"])
        .args(["--report-pages", "3"])
        .assert()
        .code(0);
    assert!(before == files(&folder.path().join("out")));
}

#[test]
fn a_folder_that_is_no_report_is_refused_before_anything_is_measured() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("index.html"), "my home page").unwrap();
    report(&folder, SAMPLER, &[])
        .code(2)
        .stderr(contains("is there already and is not an earlier report"))
        .stdout(predicate::str::is_empty());
    // Nor a report to which somebody has added notes.
    fs::write(
        out.join("report.json"),
        r#"{"kind": "dehusk evaluation report"}"#,
    )
    .unwrap();
    fs::write(out.join("notes.txt"), "mine").unwrap();
    report(&folder, SAMPLER, &[]).code(2);
    assert_eq!(
        fs::read_to_string(out.join("index.html")).unwrap(),
        "my home page"
    );
    assert_eq!(files(&out).len(), 3);
    let texts = |name: &str| format!("{name}={}", folder.path().join("none.jsonl").display());
    dehusk()
        .args(["evaluate", "--corpus", SAMPLER, "--report", "out"])
        .args(["--predictions", &texts("a"), "--predictions", &texts("b")])
        .assert()
        .code(2)
        .stderr(contains("--report is of one extractor"));
    dehusk()
        .current_dir(folder.path())
        .args(["evaluate", "--corpus", SAMPLER, "--report", "no/such/out"])
        .assert()
        .code(2)
        .stderr(contains("no/such/out"));
}

#[test]
fn texts_alone_make_a_report_that_says_what_it_lacks() {
    let folder = TempDir::new().unwrap();
    let hostile = "</div></script><img src=x onerror=alert(1)>\u{202e}\u{1b}]0;\u{7}\"'";
    let page = serde_json::json!({
        "id": hostile, "url": "javascript:alert(1)", "html": "<p>Old bridge",
        "text": hostile, "page_type": hostile,
    });
    fs::write(folder.path().join("pages.jsonl"), page.to_string()).unwrap();
    let texts = serde_json::json!({ "id": hostile, "text": hostile });
    fs::write(folder.path().join("texts.jsonl"), texts.to_string()).unwrap();
    report(
        &folder,
        "dehusk:pages.jsonl",
        &["--predictions", "texts.jsonl"],
    )
    .code(0);

    let html = text(&folder, "index.html");
    assert!(html.contains("Only texts were measured"));
    assert!(!html.contains("list of their own") && !html.contains("blocks are there only"));
    assert!(
        html.contains("&lt;img src=x onerror=alert(1)&gt;⟨U+202E⟩⟨U+001B⟩]0;⟨U+0007⟩&quot;&#39;")
    );
    assert!(!html.contains("<img") && !html.contains("</script>"));
    assert!(!html.contains("href=\"javascript:") && html.contains("javascript:alert(1)"));
    let json: serde_json::Value = serde_json::from_str(&text(&folder, "report.json")).unwrap();
    assert!(json["blocks"].is_null());
    assert!(!folder.path().join("out/reliability.csv").exists());
}

#[test]
fn folds_are_reported_and_gold_that_a_page_lacks_is_set_apart() {
    let folder = TempDir::new().unwrap();
    let pages: Vec<String> = (0..6)
        .map(|i| {
            let gold = format!(
                "Paragraph {i} says at some length how the old bridge over the river was mended \
                 in the spring and what the town had to pay for it in the end."
            );
            let html = match i {
                5 => "<h1>Page not found</h1><p>Try the search instead.".to_owned(),
                _ => format!("<ul><li>Home<li>News {i}</ul><p>{gold}</p><div>Legal</div>"),
            };
            let url = format!("https://site{i}.example/");
            serde_json::json!({"id": i.to_string(), "url": url, "html": html, "text": gold})
                .to_string()
        })
        .collect();
    fs::write(folder.path().join("pages.jsonl"), pages.join("\n")).unwrap();
    let cv = [
        "--cv",
        "2",
        "--set",
        "boosting.trees=5",
        "--set",
        "boosting.random_trees=5",
    ];
    report(&folder, "dehusk:pages.jsonl", &cv).code(0);
    let html = text(&folder, "index.html");
    assert!(html.contains("Evaluation of boosting out of 2 folds"));
    assert!(html.contains("No one model judged all pages"));
    assert!(html.contains("list of their own") && html.contains("blocks are there only"));
    assert!(html.contains("1 page holds less than 0.8 of the gold words"));
    assert!(html.contains("href=\"https://site0.example/\""));
    let json: serde_json::Value = serde_json::from_str(&text(&folder, "report.json")).unwrap();
    assert_eq!(json["blocks"]["low_coverage"][0]["page"], 5);
    assert!(
        json["worst"]
            .as_array()
            .unwrap()
            .iter()
            .all(|page| page["page"] != 5)
    );
}

#[test]
fn the_example_is_of_the_built_in_model() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let json = fs::read(docs.join("example-report/report.json")).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let subject = &json["subject"];
    let model = dehusk::model::Model::shipped().to_bytes().unwrap();
    let again = "the example is out of date: give the command that it names again";
    assert_eq!(
        subject["model_sha256"],
        format!("{:x}", Sha256::digest(model)),
        "{again}"
    );
    let schema = serde_json::json!([
        "feature schema",
        dehusk::feature::SCHEMA_VERSION.to_string()
    ]);
    let versions = subject["versions"].as_array().unwrap();
    assert!(versions.contains(&schema), "{again}: {versions:?}");
}
