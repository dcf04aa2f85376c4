//! CleanEval: `GoldStandard/N.txt` and `input/N.html`.
//!
//! A gold file may open with a line `URL: …`; the rest is text, hard-wrapped,
//! with `<p>`, `<h>` or `<l>` before each paragraph, heading and list item. A
//! page file holds the page inside a `<text …>` element.

use std::path::Path;

use encoding_rs::WINDOWS_1252;

use super::{CorpusError, Format, LabelledPage, PageSource, file};

const MARKS: [&str; 3] = ["<p>", "<h>", "<l>"];

pub(super) fn read(path: &Path) -> Result<Vec<LabelledPage>, CorpusError> {
    let golds = file::list(&path.join("GoldStandard"), ".txt")?;
    file::pages(&golds, |id, gold| page(path, id, gold))
}

fn page(path: &Path, id: &str, gold: &Path) -> Result<LabelledPage, CorpusError> {
    let html = path.join("input").join(format!("{id}.html"));
    let source = PageSource::Enclosed {
        path: file::page(&html, gold, id)?,
    };
    let (url, text) = parse(&file::gold(&file::bytes(gold)?, WINDOWS_1252));
    let page = LabelledPage {
        lang: Some("en".into()),
        ..LabelledPage::new(id, Format::Cleaneval, source, text)
    };
    Ok(match url {
        Some(url) => page.at(url),
        None => page,
    })
}

/// A gold file's address, and its text with a line for each marked unit.
fn parse(gold: &str) -> (Option<String>, String) {
    let (first, rest) = gold.split_once('\n').unwrap_or((gold, ""));
    let (url, body) = match first.trim().strip_prefix("URL:") {
        Some(url) => (file::said(Some(url.into())), rest),
        None => (None, gold),
    };
    let mut units = vec![String::new()];
    for line in body.lines() {
        if line.trim().is_empty() {
            units.push(String::new());
        }
        let mut rest = line;
        while let Some((before, after)) = at_mark(rest) {
            append(&mut units, before);
            units.push(String::new());
            rest = after;
        }
        append(&mut units, rest);
    }
    units.retain(|unit| !unit.is_empty());
    (url, units.join("\n"))
}

/// What stands before and after the first mark of a line.
fn at_mark(line: &str) -> Option<(&str, &str)> {
    let starts = line.match_indices('<').map(|(at, _)| at);
    let mark_at = |&at: &usize| {
        line.get(at..at + 3)
            .is_some_and(|tag| MARKS.iter().any(|mark| tag.eq_ignore_ascii_case(mark)))
    };
    let at = starts.into_iter().find(mark_at)?;
    Some((&line[..at], &line[at + 3..]))
}

fn append(units: &mut [String], words: &str) {
    if let Some(unit) = units.last_mut()
        && !words.trim().is_empty()
    {
        if !unit.is_empty() {
            unit.push(' ');
        }
        unit.push_str(words.trim());
    }
}

/// The page that stands inside the `<text …>` element of `file`, read from
/// `path`.
pub(super) fn enclosed(path: &Path, file: &[u8]) -> Result<Vec<u8>, CorpusError> {
    let missing = || CorpusError::malformed(path, "first line", "no <text …> element in it");
    let open = find(file, b"<text ").ok_or_else(missing)?;
    let start = open + tag_length(&file[open..]).ok_or_else(missing)?;
    let inner = &file[start..];
    let close = inner
        .windows(b"</text>".len())
        .rposition(|window| window == b"</text>")
        .unwrap_or(inner.len());
    Ok(inner[..close].trim_ascii().to_vec())
}

/// Bytes up to the `>` that ends a tag, and not one inside quotes.
fn tag_length(tag: &[u8]) -> Option<usize> {
    let mut quoted = false;
    let end = tag.iter().position(|&b| {
        quoted ^= b == b'"';
        b == b'>' && !quoted
    });
    end.map(|end| end + 1)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fs;

    #[test]
    fn marks_and_wraps_become_lines() {
        let gold = "URL: http://www.example.com/tea\r\n\r\n   <h>On tea\r\n\r\n   \
            <p>Boil the\r\n   water. <p>Wait; 3 < 5.\n<l>one\n<L>two <jelly>\n\nLast.";
        let (url, text) = parse(gold);
        assert_eq!(url.as_deref(), Some("http://www.example.com/tea"));
        assert_eq!(
            text,
            "On tea\nBoil the water.\nWait; 3 < 5.\none\ntwo <jelly>\nLast."
        );
    }

    #[test]
    fn a_gold_file_may_have_no_address_and_no_text() {
        assert_eq!(parse("<p>Tea"), (None, "Tea".into()));
        assert_eq!(parse("URL: "), (None, String::new()));
        assert_eq!(parse(""), (None, String::new()));
    }

    #[test]
    fn a_page_is_what_stands_in_the_text_element() {
        let folder = tempfile::tempdir().unwrap();
        for part in ["GoldStandard", "input"] {
            fs::create_dir(folder.path().join(part)).unwrap();
        }
        let gold = b"URL: http://a.example.com/\n<p>Caf\xe9 \x96 tea";
        fs::write(folder.path().join("GoldStandard/12.txt"), gold).unwrap();
        let html =
            "<text id=\"http://a.example.com/?a>b\" encoding=\"x\">\n<p>Caf&eacute;</text>\n";
        fs::write(folder.path().join("input/12.html"), html).unwrap();
        let pages = read(folder.path()).unwrap();
        assert_eq!(pages[0].text, "Café – tea");
        assert_eq!(pages[0].group, "example.com");
        assert_eq!(pages[0].read().unwrap(), b"<p>Caf&eacute;");

        fs::write(folder.path().join("input/12.html"), "<p>bare").unwrap();
        let message = pages[0].read().unwrap_err().to_string();
        assert!(
            message.contains("12.html") && message.contains("<text"),
            "{message}"
        );
        fs::remove_file(folder.path().join("input/12.html")).unwrap();
        let message = read(folder.path()).unwrap_err().to_string();
        assert!(
            message.contains("12.txt") && message.contains("12.html"),
            "{message}"
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_gold_file(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            parse(&file::gold(&bytes, WINDOWS_1252));
            let _ = enclosed(Path::new("1.html"), &bytes);
        }

        #[test]
        fn any_marks_are_a_gold_file(soup in "(URL: |<[phlxé]?>?|é|\n| |</?text >?|\"){0,40}") {
            parse(&soup);
            let _ = enclosed(Path::new("1.html"), soup.as_bytes());
        }
    }
}
