//! What the flags of `dehusk extract` do, and how it names, orders and counts
//! its inputs.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;
use tempfile::TempDir;

/// `dehusk` in the folder of the repository.
fn dehusk() -> Command {
    let mut command = Command::cargo_bin("dehusk").unwrap();
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// What a command that succeeds prints.
fn output(command: &mut Command) -> Vec<u8> {
    command.assert().code(0).get_output().stdout.clone()
}

fn json(command: &mut Command) -> Value {
    serde_json::from_slice(&output(command)).unwrap()
}

/// A page of three paragraphs about mills, titled so.
fn page(title: &str) -> String {
    format!(
        "<!doctype html><html><head><title>{title}</title></head><body>
        <nav><a href=/>Home</a> <a href=/map>Map</a></nav><main><h1>{title}</h1>
        <p>The mill stood idle for thirty years, until a baker from the next valley bought it
        and had the wheel rebuilt by the last carpenter who knew how.</p>
        <p>It now grinds two tonnes of rye a week, most of which is sold at the Saturday market,
        and the rest to three inns along the river road.</p>
        <p>Visitors may watch on weekdays, when the sluice is open and the stones are running.</p>
        </main><footer>Imprint <a href=/privacy>Privacy notice</a></footer></body></html>"
    )
}

fn write(folder: &TempDir, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn the_first_command_of_the_readme_prints_the_article() {
    dehusk()
        .args(["extract", "datasets/sampler/html/news-fr-1999.html"])
        .assert()
        .code(0)
        .stdout(contains(
            "« On a commencé avec deux faucilles et un thermos »",
        ))
        .stdout(contains("le billet aller simple coûtera 18 francs"))
        .stdout(contains("casquette de chef de gare"))
        .stdout(contains("Foire aux bœufs").not());
}

#[test]
fn json_is_an_object_for_a_page_and_an_array_for_several_or_a_folder() {
    let folder = TempDir::new().unwrap();
    write(&folder, "mill.html", page("The mill"));
    let one = folder.path().join("mill.html");
    let mut extract = dehusk();
    let object = json(extract.args(["extract", "-f", "json"]).arg(&one));
    assert_eq!(object["id"], "mill");
    // However many pages are in it.
    let array = json(dehusk().args(["extract", "-f", "json"]).arg(folder.path()));
    assert_eq!(array, Value::from(vec![object.clone()]));
    let array = json(dehusk().args(["extract", "-f", "json"]).args([&one, &one]));
    assert_eq!(array, Value::from(vec![object.clone(), object]));
    let empty = TempDir::new().unwrap();
    let array = json(dehusk().args(["extract", "-f", "json"]).arg(empty.path()));
    assert_eq!(array, Value::from(Vec::<Value>::new()));
}

#[test]
fn more_inputs_than_a_batch_come_in_order() {
    let folder = TempDir::new().unwrap();
    for i in 0..300 {
        write(&folder, format!("{i:03}.html"), page(&format!("Mill {i}")));
    }
    let lines = output(dehusk().args(["extract", "-f", "jsonl"]).arg(folder.path()));
    let lines = String::from_utf8(lines).unwrap();
    let records: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(records.len(), 300);
    for (i, record) in records.iter().enumerate() {
        assert_eq!(record["id"], format!("{i:03}"));
        assert_eq!(record["title"], format!("Mill {i}"));
    }
}

#[test]
fn the_profile_is_what_the_model_is_asked_for() {
    let forum = "datasets/sampler/html/forum-en-phpbb-like.html";
    let full = output(dehusk().args(["blocks", "--profile", "full", forum]));
    let by_default = output(dehusk().args(["blocks", forum]));
    let article = output(dehusk().args(["blocks", "--profile", "article", forum]));
    assert!(full == by_default && full != article);
    dehusk()
        .args(["extract", "--profile", "article", "-"])
        .write_stdin(page("The mill"))
        .assert()
        .code(0)
        .stdout(contains("It now grinds two tonnes of rye a week"));
}

const SHORT_POST: &str = "datasets/sampler/html/blog-short-post-long-thread.html";

#[test]
fn comments_are_dropped_kept_or_told_apart() {
    let text = |flags: &[&str]| {
        let text = output(dehusk().arg("extract").args(flags).arg(SHORT_POST));
        String::from_utf8(text).unwrap()
    };
    let (post, comment) = (
        "New chain, new cassette",
        "Mine turned out to be the saddle rail",
    );
    let dropped = text(&[]);
    assert!(dropped.contains(post) && !dropped.contains(comment));
    assert_eq!(text(&["--comments", "drop"]), dropped);
    let kept = text(&["--comments", "keep"]);
    assert!(kept.find(post) < kept.find(comment), "{kept}");
    assert!(!kept.contains("old_spanner"), "{kept}");

    let record = text(&["--comments", "separate", "-f", "json"]);
    let record: Value = serde_json::from_str(&record).unwrap();
    let main = record["text"].as_str().unwrap();
    assert!(main.contains(post) && !main.contains(comment));
    let comments = record["comments"].as_array().unwrap();
    assert_eq!(comments.len(), 14);
    assert_eq!(comments[0]["author"], "Marrow");
    assert!(comments[0]["text"].as_str().unwrap().starts_with(comment));
}

#[test]
fn tei_is_a_document_a_page() {
    let tei = output(dehusk().args(["extract", "-f", "tei", SHORT_POST]));
    let tei = String::from_utf8(tei).unwrap();
    assert!(tei.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TEI xmlns="));
    assert!(tei.contains("<teiHeader>") && tei.contains("New chain, new cassette"));
    assert_eq!(tei.matches("<TEI").count(), 1);

    let several = ["extract", "-f", "tei", SHORT_POST, SHORT_POST];
    dehusk()
        .args(several)
        .assert()
        .code(2)
        .stdout("")
        .stderr(contains("give --out-dir"));
    let folder = TempDir::new().unwrap();
    dehusk()
        .args(["extract", "-f", "tei", SHORT_POST, "--out-dir"])
        .arg(folder.path().join("out"))
        .assert()
        .code(0);
    let file = folder.path().join("out/blog-short-post-long-thread.xml");
    assert_eq!(fs::read_to_string(file).unwrap(), tei);
}

#[test]
fn no_policy_for_comments_touches_a_forums_posts() {
    for forum in [
        "ar",
        "de-q-and-a",
        "en-modern-divs",
        "en-phpbb-like",
        "ru-thread",
    ] {
        let page = format!("datasets/sampler/html/forum-{forum}.html");
        let texts = ["drop", "keep", "separate"]
            .map(|policy| output(dehusk().args(["extract", "--comments", policy, &page])));
        assert!(texts[0] == texts[1] && texts[1] == texts[2], "{forum}");
    }
}

#[test]
fn hidden_text_is_listed_with_how_and_kept_only_where_it_is_asked_for() {
    let hidden = "Ask the miller for the key to the upper floor, which hangs behind the door \
                  beside the great wheel and must be back before noon.";
    let page = page("The mill").replace(
        "</main>",
        &format!("<p style='position:absolute;left:-9999px'>{hidden}</p></main>"),
    );
    assert!(page.contains(hidden));
    let extract = |flags: &[&str]| {
        let mut extract = dehusk();
        extract
            .args(["extract", "-", "--threshold", "0.001"])
            .args(flags);
        String::from_utf8(output(extract.write_stdin(page.clone()))).unwrap()
    };
    assert!(extract(&["--hidden", "keep"]).contains(hidden));
    assert!(!extract(&[]).contains(hidden));
    let record = extract(&[
        "-f",
        "json",
        "--with",
        "markdown,html,blocks",
        "--hidden",
        "drop",
    ]);
    let record: Value = serde_json::from_str(&record).unwrap();
    for form in ["text", "markdown", "html"] {
        assert!(!record[form].as_str().unwrap().contains(hidden), "{form}");
    }
    let blocks = record["blocks"].as_array().unwrap();
    let listed = blocks.iter().find(|block| block["text"] == hidden).unwrap();
    assert_eq!(listed["hidden"], "off-screen");
    assert!(blocks[0]["hidden"].is_null());
}

#[test]
fn the_threshold_replaces_the_models_rule() {
    dehusk()
        .args(["extract", "--threshold", "0", "-"])
        .write_stdin(page("The mill"))
        .assert()
        .code(0)
        .stdout(contains("Privacy notice"));
}

#[test]
fn the_address_is_taken_from_the_command_line() {
    let mut extract = dehusk();
    extract.args([
        "extract",
        "-f",
        "json",
        "--url",
        "https://example.org/mill",
        "-",
    ]);
    let record = json(extract.write_stdin(page("The mill")));
    assert_eq!(record["url"], "https://example.org/mill");
}

#[test]
fn the_charset_outranks_what_the_page_declares() {
    let folder = TempDir::new().unwrap();
    let declared = page("Мельница").replace("<title>", "<meta charset=iso-8859-1><title>");
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(&declared);
    write(&folder, "mill.html", bytes);
    let mut extract = dehusk();
    extract.args(["extract", "-f", "json", "--charset", "cp1251"]);
    let record = json(extract.arg(folder.path().join("mill.html")));
    assert_eq!(record["title"], "Мельница");
}

#[test]
fn binary_standard_input_is_told() {
    dehusk()
        .args(["extract", "-"])
        .write_stdin(&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..])
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("this is a PNG image file, not HTML").and(contains("rest").not()));
    dehusk()
        .args(["extract", "-"])
        .write_stdin(vec![0; 100_000])
        .assert()
        .code(1)
        .stderr(contains("binary data"));
}

#[test]
fn pages_of_one_id_are_told_once() {
    let folder = TempDir::new().unwrap();
    for name in ["mill.htm", "mill.html", "mill.xhtml", "quay.html"] {
        write(&folder, name, page("The mill"));
    }
    dehusk()
        .arg("extract")
        .arg(folder.path())
        .assert()
        .code(0)
        .stderr(
            contains("2 inputs have the id of an earlier one, the first being `mill`").count(1),
        );
}

#[cfg(target_os = "linux")]
#[test]
fn a_page_whose_name_is_not_utf8_is_extracted() {
    use std::os::unix::ffi::OsStrExt;
    let folder = TempDir::new().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.html");
    write(&folder, name, page("The mill"));
    let records = json(dehusk().args(["extract", "-f", "json"]).arg(folder.path()));
    assert_eq!(records[0]["id"], "caf\u{fffd}");
    assert_eq!(records[0]["title"], "The mill");
}

#[cfg(unix)]
#[test]
fn an_output_that_is_no_file_is_written_in_place() {
    dehusk()
        .args(["extract", "-o", "/dev/stdout", "-"])
        .write_stdin(page("The mill"))
        .assert()
        .code(0)
        .stdout(contains("It now grinds two tonnes"));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_does_not_hide_that_inputs_failed() {
    let folder = TempDir::new().unwrap();
    write(&folder, "mill.html", page("The mill"));
    for (first, code) in [("mill.html", 0), ("missing.html", 1)] {
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("dehusk"))
            .arg("extract")
            .args([first, "mill.html"].map(|name| folder.path().join(name)))
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{first}");
    }
}
