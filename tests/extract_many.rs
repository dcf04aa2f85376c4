//! `dehusk extract` over crawls: archives, tables, lists, the web.

mod crawl;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use tempfile::TempDir;

use crawl::{name, page, texts, warc_gz};

fn dehusk() -> Command {
    let mut command = Command::cargo_bin("dehusk").unwrap();
    command.arg("--no-config");
    command
}

/// The pages of [`warc_gz`] as files of their ids.
fn write_pages(folder: &Path, pages: usize) {
    fs::create_dir_all(folder).unwrap();
    for n in 0..pages {
        fs::write(folder.join(format!("{}.html", name(n))), page(n)).unwrap();
    }
}

/// The texts that a run over `inputs` writes, by id.
fn jsonl(inputs: &[&Path]) -> Vec<(String, String)> {
    let out = dehusk()
        .args(["extract", "-f", "jsonl"])
        .args(inputs)
        .assert()
        .code(0)
        .get_output()
        .stdout
        .clone();
    texts(&out)
}

#[test]
fn an_archive_gives_what_a_folder_of_its_pages_gives() {
    let folder = TempDir::new().unwrap();
    let pages = folder.path().join("pages");
    write_pages(&pages, 30);
    let archive = folder.path().join("crawl.warc.gz");
    fs::write(&archive, warc_gz(30)).unwrap();
    let of_folder = jsonl(&[&pages]);
    let of_archive = jsonl(&[&archive]);
    assert_eq!(of_folder.len(), 30);
    assert_eq!(of_folder, of_archive);
    dehusk()
        .arg("extract")
        .arg(&archive)
        .args(["-f", "jsonl"])
        .assert()
        .stdout(contains("\"offset\":").count(30))
        .stdout(contains("\"url\":\"https://site-3.example/page/3\""))
        .stderr(contains("30 pages extracted"))
        .stderr(contains("30 request records"));
}

#[test]
fn archives_below_a_folder_and_on_standard_input_are_read() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.html"), page(1)).unwrap();
    fs::write(folder.path().join("b.warc.gz"), warc_gz(3)).unwrap();
    fs::write(folder.path().join("c.jsonl"), "{}").unwrap();
    assert_eq!(jsonl(&[folder.path()]).len(), 4);
    dehusk()
        .args(["extract", "-f", "jsonl", "-"])
        .write_stdin(warc_gz(5))
        .assert()
        .code(0)
        .stdout(contains("\n").count(5));
}

#[test]
fn damaged_records_are_told_with_their_place_and_the_rest_is_extracted() {
    let folder = TempDir::new().unwrap();
    let (archive, errors) = (
        folder.path().join("a.warc.gz"),
        folder.path().join("e.jsonl"),
    );
    let whole = warc_gz(8);
    fs::write(&archive, &whole[..whole.len() - 40]).unwrap();
    let out = folder.path().join("out.csv");
    dehusk()
        .arg("extract")
        .arg(&archive)
        .arg("-o")
        .arg(&out)
        .arg("--errors")
        .arg(&errors)
        .assert()
        .code(1)
        .stderr(contains("a.warc.gz, record at byte"))
        .stderr(contains("1 failed"));
    let rows = csv::Reader::from_path(&out).unwrap().into_records().count();
    assert_eq!(rows, 7);
    let failure: serde_json::Value =
        serde_json::from_str(fs::read_to_string(&errors).unwrap().trim()).unwrap();
    assert!(failure["source"].as_str().unwrap().ends_with("a.warc.gz"));
    assert!(failure["offset"].as_u64().unwrap() > 0);
    assert!(!failure["reason"].as_str().unwrap().is_empty());
}

#[test]
fn tables_lists_and_patterns_name_pages() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    write_pages(&at("pages"), 4);
    let line = |n: usize| {
        serde_json::json!({ "id": format!("n{n}"), "body": page(n), "extra": n }).to_string()
    };
    let lines = [line(1), "{ broken".to_owned(), line(2)].join("\n");
    fs::write(
        at("pages.jsonl.zst"),
        zstd::encode_all(lines.as_bytes(), 1).unwrap(),
    )
    .unwrap();
    dehusk()
        .args(["extract", "-f", "jsonl", "--html-field", "body"])
        .arg(at("pages.jsonl.zst"))
        .assert()
        .code(1)
        .stdout(contains("\"id\":\"n1\"").and(contains("\"id\":\"n2\"")))
        .stderr(contains("pages.jsonl.zst, line 2"));

    fs::write(
        at("pages.csv"),
        "path\npages/page-0.html\npages/page-3.html\n",
    )
    .unwrap();
    assert_eq!(jsonl(&[&at("pages.csv")]).len(), 2);

    let pattern = at("pages/page-[12].html");
    assert_eq!(jsonl(&[&pattern]).len(), 2);

    let list = format!("{0}/page-1.html\0{0}/page-2.html\0", at("pages").display());
    dehusk()
        .args(["extract", "-f", "jsonl", "--from-file", "-"])
        .write_stdin(list)
        .assert()
        .code(0)
        .stdout(contains("\n").count(2));
}

#[cfg(feature = "parquet")]
#[test]
fn what_is_written_as_parquet_is_read_again() {
    let folder = TempDir::new().unwrap();
    let (archive, table) = (
        folder.path().join("a.warc.gz"),
        folder.path().join("a.parquet"),
    );
    fs::write(&archive, warc_gz(12)).unwrap();
    dehusk()
        .arg("extract")
        .arg(&archive)
        .args(["--with", "html", "-o"])
        .arg(&table)
        .assert()
        .code(0);
    let again = dehusk()
        .args(["extract", "-f", "jsonl", "--html-column", "html"])
        .arg(&table)
        .assert()
        .code(0)
        .get_output()
        .stdout
        .clone();
    assert_eq!(texts(&again).len(), 12);
}

#[test]
fn a_file_a_page_is_written_into_a_folder() {
    let folder = TempDir::new().unwrap();
    let (pages, out) = (folder.path().join("pages"), folder.path().join("out"));
    write_pages(&pages, 3);
    dehusk()
        .arg("extract")
        .arg(&pages)
        .args(["-f", "markdown", "--out-dir"])
        .arg(&out)
        .assert()
        .code(0);
    let text = fs::read_to_string(out.join("page-2.md")).unwrap();
    assert!(text.starts_with("# "), "{text}");
    assert_eq!(fs::read_dir(&out).unwrap().count(), 3);
}

#[test]
fn the_first_failure_may_be_the_last() {
    let folder = TempDir::new().unwrap();
    write_pages(folder.path(), 3);
    fs::write(folder.path().join("a.html"), "").unwrap();
    dehusk()
        .arg("extract")
        .arg(folder.path())
        .args(["--fail-fast", "-f", "jsonl"])
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("stopped at the first failure after 1 inputs"));
}

#[test]
fn messages_can_be_for_programs_or_left_out() {
    let folder = TempDir::new().unwrap();
    write_pages(folder.path(), 2);
    let broken = folder.path().join("a.html");
    fs::write(&broken, "%PDF-1.7").unwrap();
    let said = |flags: &[&str]| {
        let assert = dehusk()
            .args(flags)
            .arg("extract")
            .arg(folder.path())
            .assert()
            .code(1);
        String::from_utf8(assert.get_output().stderr.clone()).unwrap()
    };
    let lines = said(&["--log-format", "json"]);
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first["level"], "error");
    assert_eq!(first["source"], broken.to_str().unwrap());
    assert!(lines.lines().count() > 1);
    assert_eq!(said(&["--quiet"]).lines().count(), 1);
}

#[test]
fn a_page_is_cut_at_the_bound_with_a_warning() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.html");
    fs::write(&path, page(1).repeat(9)).unwrap();
    dehusk()
        .args(["extract", "--max-bytes", "1k"])
        .arg(&path)
        .assert()
        .code(0)
        .stderr(contains("page cut after 1000 bytes"));
}

#[test]
fn defaults_come_from_a_file_and_the_command_line_has_the_last_word() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.html"), page(1)).unwrap();
    fs::write(
        folder.path().join("dehusk.toml"),
        "[extract]\nformat = 'jsonl'\n",
    )
    .unwrap();
    let run = |flags: &[&str]| {
        let mut command = Command::cargo_bin("dehusk").unwrap();
        command.current_dir(folder.path());
        command.args(["extract", "a.html"]).args(flags).assert()
    };
    run(&[]).code(0).stdout(contains("\"id\":\"a\""));
    run(&["-f", "text"])
        .code(0)
        .stdout(contains("\"id\"").not());
    run(&["--no-config"])
        .code(0)
        .stdout(contains("\"id\"").not());
    fs::write(
        folder.path().join("dehusk.toml"),
        "[extract]\nfromat = 'x'\n",
    )
    .unwrap();
    run(&[])
        .code(2)
        .stderr(contains("dehusk.toml").and(contains("extract.fromat")));
}

#[test]
fn shells_and_man_are_told_of_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        dehusk()
            .args(["completions", shell])
            .assert()
            .code(0)
            .stdout(contains("from-file"));
    }
    dehusk()
        .arg("man")
        .assert()
        .code(0)
        .stdout(contains(".TH dehusk"));
    let folder = TempDir::new().unwrap();
    dehusk()
        .args(["man", "--out-dir"])
        .arg(folder.path())
        .assert()
        .code(0);
    let page = fs::read_to_string(folder.path().join("dehusk-corpus-check.1")).unwrap();
    assert!(page.contains("near"), "{page}");
    assert!(folder.path().join("dehusk-extract.1").exists());
}

#[cfg(feature = "fetch")]
mod web {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    /// Answers every request on an address of this machine with a page.
    fn serve() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = [0; 4096];
                let read = stream.read(&mut request).unwrap_or(0);
                let robots = request[..read].starts_with(b"GET /robots.txt");
                let body = if robots {
                    "User-agent: *\nDisallow: /private\n".to_owned()
                } else {
                    page(7)
                };
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\
                     Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        format!("http://{address}")
    }

    #[test]
    fn a_page_of_the_web_is_fetched_where_its_address_may_be() {
        let site = serve();
        let extract = |url: &str, flags: &[&str]| {
            dehusk()
                .args(["extract", "-f", "jsonl", "--fetch-delay", "0"])
                .args(flags)
                .arg(url)
                .assert()
        };
        let page = format!("{site}/page");
        extract(&page, &["--allow-private"])
            .code(0)
            .stdout(contains(format!("\"url\":\"{page}\"")));
        extract(&page, &[])
            .code(1)
            .stderr(contains("--allow-private"));
        let private = format!("{site}/private/page");
        extract(&private, &["--allow-private"])
            .code(1)
            .stderr(contains("robots.txt"));
        extract(&private, &["--allow-private", "--ignore-robots"]).code(0);
    }
}
