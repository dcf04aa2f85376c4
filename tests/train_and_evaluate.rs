//! `dehusk train` and `dehusk evaluate` on the pages that ship with dehusk.

use std::fs;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use tempfile::TempDir;

fn dehusk() -> Command {
    Command::cargo_bin("dehusk").unwrap()
}

const SAMPLER: &str = concat!("dehusk:", env!("CARGO_MANIFEST_DIR"), "/datasets/sampler");

/// The sampler's pages, or every few of them, as a corpus in `folder`, its news
/// as ones of which only the article's body counts.
fn corpus_of_both_profiles(folder: &TempDir, every: usize) -> String {
    let sampler = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/sampler");
    fs::create_dir(folder.path().join("html")).unwrap();
    let pages: Vec<String> = fs::read_to_string(format!("{sampler}/pages.jsonl"))
        .unwrap()
        .lines()
        .step_by(every)
        .map(|line| {
            let mut page: serde_json::Value = serde_json::from_str(line).unwrap();
            let html = page["html_path"].as_str().unwrap();
            fs::copy(format!("{sampler}/{html}"), folder.path().join(html)).unwrap();
            if page["id"].as_str().unwrap().starts_with("news") {
                page["profile"] = "article".into();
            }
            page.to_string()
        })
        .collect();
    let path = folder.path().join("pages.jsonl");
    fs::write(&path, pages.join("\n")).unwrap();
    format!("dehusk:{}", path.display())
}

/// Settings for models that need not be good.
const QUICK: [&str; 6] = [
    "--set",
    "boosting.trees=20",
    "--set",
    "boosting.random_trees=10",
    "--set",
    "boosting.article_trees=10",
];

#[test]
fn a_trained_model_is_the_same_bytes_each_time_and_extracts() {
    let folder = TempDir::new().unwrap();
    let corpus = corpus_of_both_profiles(&folder, 1);
    for (name, threads) in [("one.model", "1"), ("two.model", "3")] {
        dehusk()
            .env("RAYON_NUM_THREADS", threads)
            .args(["train", "--corpus", &corpus, "--cv", "0"])
            .args(QUICK)
            .arg("-o")
            .arg(folder.path().join(name))
            .assert()
            .code(0)
            .stderr(contains("fitted on"));
    }
    let one = fs::read(folder.path().join("one.model")).unwrap();
    assert!(one == fs::read(folder.path().join("two.model")).unwrap());

    dehusk()
        .args(["evaluate", "--corpus", SAMPLER, "--json", "--model"])
        .arg(folder.path().join("one.model"))
        .assert()
        .code(0)
        .stderr(contains("the model was trained on pages of dehusk"))
        .stdout(contains("\"overall\""));
}

#[test]
fn a_recipe_and_lines_over_it_say_how_a_model_is_fitted() {
    let folder = TempDir::new().unwrap();
    let corpus = corpus_of_both_profiles(&folder, 1);
    let recipe = folder.path().join("recipe.toml");
    fs::write(
        &recipe,
        "corpora = [{ format = 'dehusk', path = 'pages.jsonl' }]\n\
         [training]\nvariants = false\n\
         [training.boosting]\ntrees = 10\nrandom_trees = 7\narticle_trees = 5\n",
    )
    .unwrap();
    let train = |lines: &[&str]| {
        let model = folder.path().join("a.model");
        dehusk()
            .args(["train", "-o"])
            .arg(&model)
            .arg("--recipe")
            .arg(&recipe)
            .arg("--corpora")
            .arg(folder.path())
            .args(lines)
            .assert()
            .code(0);
        String::from_utf8_lossy(&fs::read(model).unwrap()).into_owned()
    };
    let by_recipe = train(&[]);
    assert!(by_recipe.contains("10 trees at rate 0.06, 7 with drawn thresholds"));
    assert!(by_recipe.contains("5 more for profile article"));
    assert!(by_recipe.contains("no variants of pages"));
    let without = "without=['terms.', 'thread.']";
    let by_lines = train(&["--set", "learner='logistic'", "--set", without]);
    assert!(by_lines.contains("linfa-logistic"));
    assert!(by_lines.contains("without terms., thread."));

    dehusk()
        .args(["evaluate", "--cv", "2", "--corpus", &corpus])
        .args(["--set", "boosting.threes=1"])
        .assert()
        .code(2)
        .stderr(contains("boosting.threes=1").and(contains("trees")));
    dehusk()
        .args(["evaluate", "--cv", "2", "--corpus", &corpus])
        .args(["--set", "without=['term.']"])
        .assert()
        .code(2)
        .stderr(contains("no column's name begins with `term.`"));
    dehusk()
        .args(["evaluate", "--corpus", &corpus, "--set", "seed=2"])
        .assert()
        .code(2)
        .stderr(contains("--cv"));
}

#[test]
fn linfas_learners_train_through_the_same_command() {
    let folder = TempDir::new().unwrap();
    let corpus = corpus_of_both_profiles(&folder, 4);
    for (learner, folds) in [("logistic", "0"), ("tree", "2"), ("forest", "0")] {
        let model = folder.path().join(learner);
        dehusk()
            .args([
                "train",
                "--corpus",
                &corpus,
                "--cv",
                folds,
                "--learner",
                learner,
                "-o",
            ])
            .arg(&model)
            .assert()
            .code(0)
            .stderr(contains("lowest F1").count(usize::from(folds != "0")));
        assert!(model.exists(), "{learner}");
    }
}

#[test]
fn corpora_for_evaluation_only_are_refused() {
    let folder = TempDir::new().unwrap();
    dehusk()
        .args(["train", "--corpus", "dragnet:anywhere", "-o"])
        .arg(folder.path().join("x.model"))
        .assert()
        .code(2)
        .stderr(contains("dragnet is for evaluation only"));
}

#[test]
fn a_corpus_that_is_not_there_is_told() {
    dehusk()
        .args(["evaluate", "--corpus", "wcxb:no/such/folder"])
        .assert()
        .code(2)
        .stderr(contains("no/such/folder"));
    dehusk()
        .args(["evaluate", "--corpus", "nonsense:x"])
        .assert()
        .code(2)
        .stderr(contains("wcxb"));
}

#[test]
fn another_tools_texts_are_measured_and_gaps_are_told() {
    let folder = TempDir::new().unwrap();
    let pages = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/datasets/sampler/pages.jsonl"
    ))
    .unwrap();
    let gold: Vec<serde_json::Value> = pages
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let predictions: Vec<String> = gold
        .iter()
        .skip(1)
        .map(|page| serde_json::json!({ "id": page["id"], "text": page["text"] }).to_string())
        .collect();
    let file = folder.path().join("texts.jsonl");
    fs::write(&file, predictions.join("\n")).unwrap();
    let missing = gold[0]["id"].as_str().unwrap();
    let out = dehusk()
        .args(["evaluate", "--corpus", SAMPLER, "--json", "--predictions"])
        .arg(&file)
        .assert()
        .code(1)
        .stderr(contains("1 pages have no prediction").and(contains(missing)))
        .get_output()
        .stdout
        .clone();
    let report: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let f1 = report["overall"]["f1"]["mean"].as_f64().unwrap();
    let expected = (gold.len() - 1) as f64 / gold.len() as f64;
    assert!((f1 - expected).abs() < 1e-9, "{f1} {expected}");
}

#[test]
fn what_is_measured_is_what_a_policy_for_comments_keeps() {
    let precision = |policy: &str| -> f64 {
        let run = dehusk()
            .args(["evaluate", "--corpus", SAMPLER, "--json"])
            .args(["--comments", policy])
            .assert()
            .code(0);
        let json: serde_json::Value = serde_json::from_slice(&run.get_output().stdout).unwrap();
        let pages = json["pages"].as_array().unwrap();
        let post = "blog-short-post-long-thread";
        let page = pages.iter().find(|page| page["id"] == post).unwrap();
        page["precision"].as_f64().unwrap()
    };
    let (dropped, kept) = (precision("drop"), precision("keep"));
    assert!(dropped > 0.9 && kept < dropped - 0.2, "{dropped} {kept}");
}

#[test]
fn an_output_that_cannot_be_written_is_told_before_anything_is_fitted() {
    dehusk()
        .args([
            "train",
            "--corpus",
            SAMPLER,
            "-o",
            "no/such/folder/my.model",
        ])
        .assert()
        .code(2)
        .stderr(contains("no/such/folder/my.model").and(contains("F1").not()));
}

#[test]
fn a_learner_without_cross_validation_is_refused() {
    dehusk()
        .args(["evaluate", "--corpus", SAMPLER, "--learner", "tree"])
        .assert()
        .code(2)
        .stderr(contains("--cv"));
}

#[cfg(unix)]
#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("dehusk"))
        .args(["evaluate", "--corpus", SAMPLER, "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
