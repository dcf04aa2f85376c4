//! `--site-context`: what recurs over the pages of a site.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{Value, json};
use tempfile::TempDir;

fn dehusk() -> Command {
    let mut command = Command::cargo_bin("dehusk").unwrap();
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// Below every article, in sentences of its own.
const PROMOTION: &str = "Coast Wire is free for everyone because readers give what they can. Sign \
    up for the weekly letter and support our work.";

const NEWS: [[&str; 3]; 5] = [
    [
        "The island's only ferry sailed again on Monday after eleven weeks in the yard, with some \
         two hundred people waiting on the quay to see it come in.",
        "The operator said that the new engine had cost less than was feared, and that fares would \
         stay as they are until the end of the year.",
        "A second boat is to be chartered for the summer, when twice as many people cross as in \
         winter, the harbour master added.",
    ],
    [
        "Divers went down again to look at the foundations of the northern wall, which the storm \
         had laid bare over a length of forty metres, and found no new cracks.",
        "Boats of up to twelve metres may use the inner basin meanwhile, at their own risk, until \
         the work is done in spring.",
        "The three towns that share the cost will publish the accounts every quarter, their mayors \
         agreed after a long evening.",
    ],
    [
        "The last sardine cannery of the town will close in March, and eighty people, most of them \
         over fifty, will have to look for other work.",
        "Its owner had tried for two years to sell it, and says that the price of oil and tin left \
         him no choice in the end.",
        "The council wants to keep the building, whose hall of brick and iron is among the oldest \
         of its kind in the country.",
    ],
    [
        "A lighthouse keeper's diary of ninety years ago was found behind a panel when the kitchen \
         of the old station was taken apart last week.",
        "It tells of storms and of visitors, and of a winter in which no boat could land for \
         thirty-one days and the flour ran out.",
        "The museum will show it from May, and asks whoever knew the keeper's family to write to \
         the director.",
    ],
    [
        "Seals have come back to the sandbank off the river's mouth, where none had been counted \
         since the dredging of the channel began.",
        "Biologists from the university saw sixty of them on one morning, a third of them born \
         this year, and ask boats to keep away.",
        "The port has moved the anchorage half a mile to the west until the young ones can swim \
         well enough.",
    ],
];

fn html(n: usize) -> String {
    let [first, second, third] = NEWS[n];
    format!(
        "<!doctype html><html lang=en><title>Coast report {n}</title>\
         <ul><li><a href=/>Home</a><li><a href=/news>News</a></ul><div><h1>Coast report {n}</h1>\
         <p>{first}</p><p>{second}</p><p>{third}</p></div><div><p>{PROMOTION}</p></div>\
         <footer>Copyright Coast Wire</footer></html>"
    )
}

/// Five pages of one host and one of another, as JSON lines.
fn crawl(folder: &Path, field: &str, page: fn(usize) -> String, reversed: bool) -> String {
    let mut lines: Vec<String> = (0..6)
        .map(|n| {
            let host = if n < 5 {
                "coast-wire.example"
            } else {
                "elsewhere.example"
            };
            json!({
                "id": format!("page-{n}"),
                "url": format!("https://www.{host}/{n}"),
                field: page(n % 5),
            })
            .to_string()
        })
        .collect();
    if reversed {
        lines.reverse();
    }
    let path = folder.join(format!("{field}-{reversed}.jsonl"));
    fs::write(&path, lines.join("\n")).unwrap();
    path.to_str().unwrap().to_owned()
}

/// For each page what is printed of it.
fn extracted(arguments: &[&str]) -> (String, BTreeMap<String, Value>) {
    let output = dehusk()
        .args(["extract", "-f", "jsonl"])
        .args(arguments)
        .assert()
        .code(0)
        .get_output()
        .clone();
    let printed = String::from_utf8(output.stdout).unwrap();
    let pages = printed
        .lines()
        .map(|line| {
            let mut page: Value = serde_json::from_str(line).unwrap();
            // Where a page lies in its file differs with the order.
            page.as_object_mut()
                .unwrap()
                .retain(|key, _| key != "source" && key != "offset");
            (page["id"].as_str().unwrap().to_owned(), page)
        })
        .collect();
    (printed, pages)
}

fn says(page: &Value, text: &str) -> bool {
    page["text"]
        .as_str()
        .unwrap()
        .contains(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn promotion_is_told_from_the_article(crawl: &str, more: &[&str]) {
    let with = |flags: &[&str]| extracted(&[&[crawl], more, flags].concat()).1;
    let (alone, sites) = (with(&[]), with(&["--site-context"]));
    assert_eq!(alone.len(), 6);
    for n in 0..5 {
        let (alone, sites) = (&alone[&format!("page-{n}")], &sites[&format!("page-{n}")]);
        assert!(says(alone, PROMOTION), "page {n}");
        assert!(!says(sites, PROMOTION), "page {n}");
        for paragraph in NEWS[n] {
            assert!(says(sites, paragraph), "page {n}: {paragraph}");
        }
    }
    // The only page of its site is extracted as ever.
    assert_eq!(alone["page-5"], sites["page-5"]);
}

#[test]
fn a_paragraph_on_every_page_of_a_site_is_dropped_with_the_flag_and_kept_without() {
    let folder = TempDir::new().unwrap();
    promotion_is_told_from_the_article(&crawl(folder.path(), "html", html, false), &[]);
}

#[test]
fn neither_threads_nor_order_change_what_comes_of_a_page() {
    let folder = TempDir::new().unwrap();
    let forwards = crawl(folder.path(), "html", html, false);
    let backwards = crawl(folder.path(), "html", html, true);
    let one = extracted(&[&forwards, "--site-context", "-j", "1"]);
    let two = extracted(&[&forwards, "--site-context", "-j", "2"]);
    assert_eq!(one.0, two.0);
    assert_eq!(one.1, extracted(&[&backwards, "--site-context"]).1);
}

#[test]
fn files_are_of_the_site_that_they_declare() {
    let folder = TempDir::new().unwrap();
    for n in 0..5 {
        let link = format!("<link rel=canonical href=https://coast-wire.example/{n}>");
        let page = html(n).replace("<title>", &format!("{link}<title>"));
        fs::write(folder.path().join(format!("{n}.html")), page).unwrap();
    }
    fs::write(folder.path().join("stray.html"), html(0)).unwrap();
    let pages = folder.path().to_str().unwrap();
    let (_, sites) = extracted(&[pages, "--site-context"]);
    assert!(!says(&sites["3"], PROMOTION));
    assert!(says(&sites["stray"], PROMOTION));
    dehusk()
        .args(["extract", "-f", "jsonl", "--site-context", pages])
        .assert()
        .stderr(contains("1 pages are of no known site"));
}

#[test]
fn a_page_that_is_there_twice_is_not_emptied() {
    let folder = TempDir::new().unwrap();
    let line = |n: usize| {
        json!({"id": n.to_string(), "url": "https://coast-wire.example/1", "html": html(1)})
            .to_string()
    };
    let path = folder.path().join("twice.jsonl");
    fs::write(&path, [line(0), line(1)].join("\n")).unwrap();
    let path = path.to_str().unwrap();
    let alone = extracted(&[path]).1;
    assert_eq!(alone, extracted(&[path, "--site-context"]).1);
}

#[test]
fn what_can_be_read_once_is_refused_with_the_remedy() {
    dehusk()
        .args(["extract", "--site-context", "-"])
        .write_stdin("<p>x")
        .assert()
        .code(2)
        .stderr(contains(
            "standard input can be read once: save it to a file",
        ));
    dehusk()
        .args(["extract", "--site-context", "https://example.org/"])
        .assert()
        .code(2)
        .stderr(contains("would be fetched twice"));
}

#[test]
fn a_damaged_site_model_is_refused() {
    let folder = TempDir::new().unwrap();
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/models/site.toml");
    let text = fs::read_to_string(shipped).unwrap();
    let model = folder.path().join("site.toml");
    let page = folder.path().join("page.html");
    fs::write(&page, html(0)).unwrap();
    for (damaged, reason) in [
        (text.replace("share", "shire"), "unknown field"),
        (
            text.replace("\nlog_odds = ", "\nlog_odds = -"),
            "is damaged",
        ),
        (text[..text.len() / 3].to_owned(), "is not what"),
    ] {
        fs::write(&model, damaged).unwrap();
        dehusk()
            .args(["extract", "--site-context", "--site-model"])
            .args([&model, &page])
            .assert()
            .code(2)
            .stderr(contains("site.toml").and(contains(reason)));
    }
}
