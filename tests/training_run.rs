//! `dehusk train` as a run: its folder, going on with it, the cache, the search.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use tempfile::TempDir;

fn dehusk() -> Command {
    Command::cargo_bin("dehusk").unwrap()
}

/// Settings for models that need not be good.
const QUICK: [&str; 6] = [
    "--set",
    "boosting.trees=8",
    "--set",
    "boosting.random_trees=3",
    "--set",
    "boosting.article_trees=4",
];

/// The sampler's pages as a corpus in `folder`, its news as ones of which only
/// the article's body counts.
fn corpus_of_both_profiles(folder: &Path) -> String {
    let sampler = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/sampler");
    fs::create_dir(folder.join("html")).unwrap();
    let pages: Vec<String> = fs::read_to_string(format!("{sampler}/pages.jsonl"))
        .unwrap()
        .lines()
        .map(|line| {
            let mut page: serde_json::Value = serde_json::from_str(line).unwrap();
            let html = page["html_path"].as_str().unwrap();
            fs::copy(format!("{sampler}/{html}"), folder.join(html)).unwrap();
            if page["id"].as_str().unwrap().starts_with("news") {
                page["profile"] = "article".into();
            }
            page.to_string()
        })
        .collect();
    let path = folder.join("pages.jsonl");
    fs::write(&path, pages.join("\n")).unwrap();
    format!("dehusk:{}", path.display())
}

/// The files below a folder by their paths in it, sorted, without what a cache
/// holds.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().strip_prefix(folder).unwrap().to_owned())
        .filter(|path| !path.starts_with("cache"))
        .collect();
    files.sort();
    files
}

/// A file's bytes, without what is not the same each time.
fn lasting(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    if path.ends_with("MODEL_CARD.md") {
        let card = String::from_utf8(bytes).unwrap();
        card.split_once("\n## What it took\n").unwrap().0.into()
    } else if path.ends_with("sessions.json") {
        Vec::new()
    } else {
        bytes
    }
}

fn sessions(folder: &Path) -> usize {
    let bytes = fs::read(folder.join("sessions.json")).unwrap();
    let sessions: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    sessions.as_array().unwrap().len()
}

#[test]
fn a_run_killed_after_its_first_fold_goes_on_to_the_same_bytes() {
    let folder = TempDir::new().unwrap();
    let corpus = corpus_of_both_profiles(folder.path());
    let run = |name: &str| {
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("dehusk"));
        command
            .args(["train", "--cv", "4", "--corpus", &corpus])
            .args(QUICK)
            .arg("--run-dir")
            .arg(folder.path().join(name))
            .arg("--cache")
            .arg(folder.path().join("shared"));
        command
    };
    let (whole, killed) = (folder.path().join("whole"), folder.path().join("killed"));
    Command::from_std(run("whole")).assert().code(0);

    let mut child = run("killed").stderr(Stdio::null()).spawn().unwrap();
    while !killed.join("folds/0.json").exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!killed.join("dehusk.model").exists());
    let finished = fs::read(killed.join("folds/0.json")).unwrap();

    Command::from_std(run("killed"))
        .assert()
        .code(0)
        .stderr(contains("of 4 folds were finished before"));
    assert!(finished == fs::read(killed.join("folds/0.json")).unwrap());
    let left_over = |path: &PathBuf| path.to_string_lossy().contains(".dehusk-");
    let mut found = files(&killed);
    found.retain(|path| !left_over(path));
    assert_eq!(files(&whole), found);
    for path in found {
        let (a, b) = (lasting(&whole.join(&path)), lasting(&killed.join(&path)));
        assert!(a == b, "{}", path.display());
    }
    assert_eq!((sessions(&whole), sessions(&killed)), (1, 2));
}

#[test]
fn a_run_folder_tells_what_was_trained_and_its_recipe_trains_it_again() {
    let folder = TempDir::new().unwrap();
    let corpus = corpus_of_both_profiles(folder.path());
    let run = folder.path().join("runs/first");
    dehusk()
        .args(["train", "--cv", "2", "--corpus", &corpus])
        .args(QUICK)
        .args(["--set", "selection.threshold=0.5", "--run-dir"])
        .arg(&run)
        .assert()
        .code(0)
        .stderr(contains("lowest F1").and(contains("runs/first/dehusk.model: a model of")));
    let read = |name: &str| fs::read_to_string(run.join(name)).unwrap();

    let figures = read("folds.csv");
    let rows: Vec<Vec<&str>> = figures.lines().map(|l| l.split(',').collect()).collect();
    let names: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(names, ["fold", "0", "1", "all"]);
    let pages: Vec<u32> = rows[1..]
        .iter()
        .map(|row| row[1].parse().unwrap())
        .collect();
    assert_eq!((pages[0] + pages[1], pages[2]), (32, 32));
    let report: serde_json::Value = serde_json::from_str(&read("report.json")).unwrap();
    let f1 = report["overall"]["f1"]["mean"].as_f64().unwrap();
    assert_eq!(format!("{f1:.6}"), rows[3][4]);

    let packed = fs::File::open(run.join("out-of-fold.csv.gz")).unwrap();
    let mut blocks = csv::Reader::from_reader(flate2::read::GzDecoder::new(packed));
    let mut ids: Vec<String> = Vec::new();
    for row in blocks.records() {
        let row = row.unwrap();
        let probability: f32 = row[7].parse().unwrap();
        assert!((0.0..=1.0).contains(&probability));
        ids.push(row[1].to_owned());
    }
    ids.dedup();
    assert_eq!(ids.len(), 32);

    // Two folds of eight and three rounds for all pages and four for articles.
    assert_eq!(read("curves.csv").lines().count(), 1 + 2 * (8 + 3 + 4));
    assert_eq!(read("curves.svg").matches("<title>fold ").count(), 6);
    let card = read("MODEL_CARD.md");
    for told in [
        "| all | 32 |",
        "8 trees at rate 0.06, 3 with drawn thresholds",
        "curves.svg",
        "| fold 1 |",
    ] {
        assert!(card.contains(told), "{told}");
    }

    // The folds are taken as they are: no round is fitted for the same figures.
    let judged = dehusk()
        .args(["evaluate", "--json", "--cv", "2", "--corpus", &corpus])
        .args(QUICK)
        .args(["--set", "selection.threshold=0.5", "--run-dir"])
        .arg(&run)
        .assert()
        .code(0)
        .stderr(contains("2 of 2 folds were finished before"));
    let mut again: serde_json::Value = serde_json::from_slice(&judged.get_output().stdout).unwrap();
    // What pages say of themselves is read anew, and is none of a run's doing.
    again.as_object_mut().unwrap().remove("metadata");
    assert!(again == report);

    let again = folder.path().join("again.model");
    dehusk()
        .args(["train", "--corpora", ".", "--recipe"])
        .arg(run.join("recipe.toml"))
        .arg("-o")
        .arg(&again)
        .assert()
        .code(0);
    assert!(fs::read(again).unwrap() == fs::read(run.join("dehusk.model")).unwrap());
}

#[test]
fn a_run_folder_of_other_settings_or_pages_is_refused_by_what_differs() {
    let folder = TempDir::new().unwrap();
    let corpus = corpus_of_both_profiles(folder.path());
    let run = |set: &str| {
        let mut command = dehusk();
        command
            .args(["train", "--cv", "0", "--corpus", &corpus])
            .args(QUICK)
            .args(["--set", set, "--run-dir"])
            .arg(folder.path().join("run"));
        command
    };
    run("boosting.leaves=5").assert().code(0);
    run("boosting.leaves=6").assert().code(2).stderr(
        contains("training.boosting.leaves is 5 there and 6 now")
            .and(contains("name another folder")),
    );
    let pages = folder.path().join("pages.jsonl");
    let fewer = fs::read_to_string(&pages).unwrap();
    fs::write(&pages, fewer.split_once('\n').unwrap().1).unwrap();
    run("boosting.leaves=5")
        .assert()
        .code(2)
        .stderr(contains("corpora.dehusk.pages is 32 there and 31 now"));

    fs::write(folder.path().join("mine.txt"), "notes").unwrap();
    dehusk()
        .args(["train", "--corpus", &corpus, "--run-dir"])
        .arg(folder.path())
        .assert()
        .code(2)
        .stderr(contains("no run.toml"));
}

#[test]
fn the_cache_changes_no_byte_and_mends_itself() {
    let folder = TempDir::new().unwrap();
    let corpus = corpus_of_both_profiles(folder.path());
    let cache = folder.path().join("cache");
    let train = |cached: bool| {
        let model = folder.path().join("a.model");
        let mut command = dehusk();
        command
            .args(["train", "--cv", "0", "--corpus", &corpus, "-o"])
            .arg(&model)
            .args(QUICK);
        if cached {
            command.arg("--cache").arg(&cache);
        }
        let told = command.assert().code(0).get_output().stderr.clone();
        (fs::read(model).unwrap(), String::from_utf8(told).unwrap())
    };
    let entries = || {
        let mut entries: Vec<PathBuf> = fs::read_dir(&cache)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        entries.sort();
        entries
    };
    let (plain, _) = train(false);
    for _ in ["filling", "taking"] {
        let (model, told) = train(true);
        assert!(model == plain);
        assert!(!told.contains("warning: cache"), "{told}");
        assert_eq!(entries().len(), 32);
    }
    let damaged = entries();
    let whole = fs::read(&damaged[0]).unwrap();
    fs::write(&damaged[0], &whole[..whole.len() / 2]).unwrap();
    fs::write(&damaged[1], "something else").unwrap();
    let (model, told) = train(true);
    assert!(model == plain);
    assert!(told.contains("2 entries were damaged"), "{told}");
    assert!(fs::read(&damaged[0]).unwrap() == whole);
    fs::remove_dir_all(&cache).unwrap();
    assert!(train(true).0 == plain);
}

#[test]
fn a_search_prints_the_best_recipe_and_goes_on_where_it_was() {
    let folder = TempDir::new().unwrap();
    let corpus = corpus_of_both_profiles(folder.path());
    let run = folder.path().join("run");
    let search = |n: &str| {
        let output = dehusk()
            .args(["train", "--cv", "2", "--corpus", &corpus])
            .args(QUICK)
            .args(["--search", n, "--run-dir"])
            .arg(&run)
            .assert()
            .code(0)
            .stderr(contains("as asked").and(contains("best of")))
            .get_output()
            .clone();
        String::from_utf8(output.stdout).unwrap()
    };
    search("1");
    let table = fs::read_to_string(run.join("search.csv")).unwrap();
    assert_eq!(table.lines().count(), 3);
    assert!(table.starts_with("trial,trees,random_trees,random_rate,article_trees,"));
    let written = || {
        fs::metadata(run.join("search/1.json"))
            .unwrap()
            .modified()
            .unwrap()
    };
    let before = written();
    let recipe = search("2");
    assert_eq!(written(), before);
    let longer = fs::read_to_string(run.join("search.csv")).unwrap();
    assert!(longer.starts_with(&table));
    assert_eq!(longer.lines().count(), 4);
    assert!(!run.join("dehusk.model").exists());

    let best = longer
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<&str>>())
        .reduce(|best, row| if row[10] > best[10] { row } else { best })
        .unwrap();
    assert!(
        recipe.contains(&format!("\ntrees = {}\n", best[1])),
        "{recipe}"
    );
    let file = folder.path().join("best.toml");
    fs::write(&file, &recipe).unwrap();
    dehusk()
        .args(["train", "--corpora", ".", "--recipe"])
        .arg(file)
        .arg("-o")
        .arg(folder.path().join("best.model"))
        .assert()
        .code(0);

    dehusk()
        .args(["train", "--corpus", &corpus, "--learner", "tree"])
        .args(["--search", "1", "--run-dir"])
        .arg(folder.path().join("other"))
        .assert()
        .code(2)
        .stderr(contains("no settings to search"));
}
