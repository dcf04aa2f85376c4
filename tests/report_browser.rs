//! A report opened in headless Chromium. Where there is none the tests say so
//! and pass, unless `DEHUSK_REQUIRE_CHROMIUM=1` is set.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// How long a browser may take for a page.
const LIMIT: Duration = Duration::from_secs(120);

/// Names under which a browser's maker is asked things by the browser itself,
/// whatever page is open.
const MAKERS: [&str; 3] = ["google.com", "googleapis.com", "gvt1.com"];

/// The browser's command, or `None` where there is none and none is required.
fn chromium() -> Option<&'static str> {
    let found = NAMES.into_iter().find(|name| {
        let version = Command::new(name)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        version.is_ok_and(|status| status.success())
    });
    if found.is_none() {
        let required = std::env::var_os("DEHUSK_REQUIRE_CHROMIUM").is_some_and(|set| set == "1");
        assert!(!required, "no Chromium: none of {NAMES:?} can be run");
        eprintln!("skipped: no Chromium, as none of {NAMES:?} can be run");
    }
    found
}

/// What came of opening a page.
struct Visit {
    console: Vec<String>,
    requests: Vec<String>,
    dom: String,
}

/// Opens a file. All requests to the network go to a proxy that notes them and
/// answers that there is nothing.
fn visit(chromium: &str, page: &Path) -> Visit {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = proxy.local_addr().unwrap().port();
    let noted = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&noted);
    thread::spawn(move || {
        for stream in proxy.incoming().flatten() {
            let notes = Arc::clone(&notes);
            thread::spawn(move || refuse(stream, &notes));
        }
    });
    let profile = TempDir::new().unwrap();
    let started = Instant::now();
    let out = assert_cmd::Command::new(chromium)
        .timeout(LIMIT)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
        ])
        .args([
            "--disable-sync",
            "--disable-extensions",
            "--disable-dev-shm-usage",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--proxy-server=http://127.0.0.1:{port}"))
        .args(["--proxy-bypass-list=<-loopback>", "--enable-logging=stderr"])
        .arg("--dump-dom")
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    assert!(
        started.elapsed() < LIMIT,
        "{chromium} had not finished with {} after {LIMIT:?} and was stopped: {}",
        page.display(),
        String::from_utf8_lossy(&out.stderr)
    );
    let messages = String::from_utf8_lossy(&out.stderr).into_owned();
    let requests = noted.lock().unwrap().clone();
    Visit {
        console: messages
            .lines()
            .filter(|line| line.contains("CONSOLE"))
            .map(str::to_owned)
            .collect(),
        requests: requests
            .into_iter()
            .filter(|line| !MAKERS.iter().any(|maker| asks(line, maker)))
            .collect(),
        dom: String::from_utf8_lossy(&out.stdout).into_owned(),
    }
}

/// Notes the first line of a request, then refuses it.
fn refuse(mut stream: TcpStream, notes: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut line = String::new();
    BufReader::new(&stream).read_line(&mut line)?;
    if !line.is_empty() {
        notes.lock().unwrap().push(line.trim().to_owned());
    }
    stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

/// Whether a request is to a site.
fn asks(request: &str, site: &str) -> bool {
    let address = request.split(' ').nth(1).unwrap_or_default();
    let host = address.trim_start_matches("http://");
    let host = host.split(['/', ':']).next().unwrap_or_default();
    host == site || host.ends_with(&format!(".{site}"))
}

/// A corpus of pages that would do harm if their text were taken for markup.
fn hostile_corpus(folder: &Path) {
    let harm = "</script></style></title><script>console.error('ran')</script>\
                <img src=http://tracker.test/x.png onerror=console.error('ran')>\
                <link rel=stylesheet href=http://tracker.test/x.css>\u{202e}\u{0}\u{1b}\"'";
    let escaped = harm.replace('&', "&amp;").replace('<', "&lt;");
    let pages: Vec<String> = (0..3)
        .map(|i| {
            serde_json::json!({
                "id": format!("{harm}{i}"),
                "url": "javascript:console.error('ran')",
                "html": format!("<title>x</title><p>The old bridge {escaped} was mended.<li>{escaped}"),
                "text": format!("The old bridge {harm} was mended."),
                "page_type": harm,
            })
            .to_string()
        })
        .collect();
    fs::write(folder.join("pages.jsonl"), pages.join("\n")).unwrap();
}

fn report(folder: &Path, corpus: &str) {
    assert_cmd::Command::cargo_bin("dehusk")
        .unwrap()
        .current_dir(folder)
        .args(["evaluate", "--corpus", corpus, "--report", "out"])
        .assert()
        .code(0);
}

#[test]
fn the_browser_would_tell_of_requests_and_errors() {
    let Some(chromium) = chromium() else { return };
    let folder = TempDir::new().unwrap();
    let page = folder.path().join("control.html");
    fs::write(
        &page,
        "<!DOCTYPE html><img src='http://tracker.test/x.png'><script>console.error('seen')</script>",
    )
    .unwrap();
    let visit = visit(chromium, &page);
    assert!(
        visit.console.iter().any(|line| line.contains("seen")),
        "{:?}",
        visit.console
    );
    assert!(
        visit
            .requests
            .iter()
            .any(|line| line.contains("tracker.test/x.png")),
        "{:?}",
        visit.requests
    );
}

#[test]
fn the_example_asks_the_network_for_nothing_and_logs_no_error() {
    let Some(chromium) = chromium() else { return };
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let visit = visit(chromium, &docs.join("example-report/index.html"));
    assert_eq!(visit.console, Vec::<String>::new());
    assert_eq!(visit.requests, Vec::<String>::new());
    assert!(visit.dom.contains("Worst pages"));
}

#[test]
fn hostile_pages_stay_text() {
    let Some(chromium) = chromium() else { return };
    let folder = TempDir::new().unwrap();
    hostile_corpus(folder.path());
    report(folder.path(), "dehusk:pages.jsonl");
    let visit = visit(chromium, &folder.path().join("out/index.html"));
    assert_eq!(visit.console, Vec::<String>::new());
    assert_eq!(visit.requests, Vec::<String>::new());
    assert!(visit.dom.contains("tracker.test/x.png"));
    for element in [
        "<script",
        "<img",
        "<link rel=\"stylesheet",
        "href=\"javascript:",
    ] {
        assert!(!visit.dom.contains(element), "{element}");
    }
    // To the end of the page, nothing was cut short.
    assert!(visit.dom.trim_end().ends_with("</body></html>"));
}
