//! Our own JSONL: a `.jsonl` or `.jsonl.gz` file, or a folder with
//! `pages.jsonl` or `pages.jsonl.gz`.
//!
//! One object a line. Needed: `id`, `text`, and the page as `html` (text),
//! `html_base64` (bytes that are not UTF-8) or `html_path`, relative to the
//! file's folder. Known besides: `url`, `group`, `comments`, `title`, `author`,
//! `date`, `page_type`, `lang`, `with`, `without`, `profile` (`full` or
//! `article`), and where the page was taken from: `corpus`, `licence`,
//! `evaluation_only`. Other keys are passed over, as are blank lines.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use super::{CorpusError, Format, LabelledPage, PageSource, file};
use crate::model::Profile;

#[derive(Deserialize)]
struct Row {
    id: String,
    text: String,
    html: Option<String>,
    html_base64: Option<String>,
    html_path: Option<String>,
    url: Option<String>,
    group: Option<String>,
    comments: Option<String>,
    title: Option<String>,
    author: Option<String>,
    date: Option<String>,
    page_type: Option<String>,
    lang: Option<String>,
    with: Option<Vec<String>>,
    without: Option<Vec<String>>,
    profile: Option<Profile>,
    corpus: Option<String>,
    licence: Option<String>,
    evaluation_only: Option<bool>,
}

pub(super) fn read(path: &Path) -> Result<Vec<LabelledPage>, CorpusError> {
    let path = if path.is_dir() {
        let inner = ["pages.jsonl", "pages.jsonl.gz"].map(|name| path.join(name));
        match inner.into_iter().find(|inner| inner.exists()) {
            Some(inner) => inner,
            None => return Ok(Vec::new()),
        }
    } else {
        path.to_owned()
    };
    let opened = File::open(&path).map_err(|source| CorpusError::io(&path, source))?;
    if path.extension().is_some_and(|e| e == "gz") {
        rows(&path, BufReader::new(MultiGzDecoder::new(opened)))
    } else {
        rows(&path, BufReader::new(opened))
    }
}

fn rows(path: &Path, mut lines: impl BufRead) -> Result<Vec<LabelledPage>, CorpusError> {
    let mut pages = Vec::new();
    let mut line_of = HashMap::new();
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = (&mut lines)
            .take(file::LIMIT + 1)
            .read_until(b'\n', &mut line)
            .map_err(|source| CorpusError::io(path, source))?;
        if read == 0 {
            break;
        }
        let wrong =
            |problem: String| CorpusError::malformed(path, format!("line {number}"), problem);
        if line.len() as u64 > file::LIMIT {
            return Err(wrong(format!("longer than {} bytes", file::LIMIT)));
        }
        let json = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line);
        if json.trim_ascii().is_empty() {
            continue;
        }
        // serde_json counts lines within what it is given: a line of one.
        let row: Row = serde_json::from_slice(json).map_err(|error| {
            let said = error.to_string();
            let end = said.find(" at line 1 ").unwrap_or(said.len());
            wrong(format!("{} (column {})", &said[..end], error.column()))
        })?;
        if let Some(first) = line_of.insert(row.id.clone(), number) {
            return Err(wrong(format!(
                "the id {:?} is that of line {first}",
                row.id
            )));
        }
        pages.push(page(path, number, row)?);
    }
    Ok(pages)
}

fn page(path: &Path, number: usize, row: Row) -> Result<LabelledPage, CorpusError> {
    let place = format!("line {number}");
    let wrong = |problem: String| CorpusError::malformed(path, &*place, problem);
    let source = match (row.html, row.html_base64, row.html_path) {
        (Some(html), None, None) => PageSource::Inline(html.into_bytes()),
        (None, Some(base64), None) => PageSource::Inline(
            BASE64
                .decode(base64)
                .map_err(|error| wrong(format!("html_base64 is no base64: {error}")))?,
        ),
        (None, None, Some(relative)) => {
            let folder = path.parent().unwrap_or(Path::new(""));
            let page = file::inside(folder, &relative).ok_or_else(|| {
                wrong(format!(
                    "html_path {relative:?} must name a file below this file's folder, \
                     without a leading slash or \"..\""
                ))
            })?;
            PageSource::File(file::page(&page, path, &place)?)
        }
        (None, None, None) => {
            return Err(wrong(
                "has none of html, html_base64 and html_path".to_owned(),
            ));
        }
        _ => {
            return Err(wrong(
                "has more than one of html, html_base64 and html_path".to_owned(),
            ));
        }
    };
    let new = LabelledPage::new(row.id, Format::Dehusk, source, row.text);
    let mut page = LabelledPage {
        corpus: row.corpus.unwrap_or(new.corpus),
        licence: row.licence.unwrap_or(new.licence),
        evaluation_only: row.evaluation_only.unwrap_or(new.evaluation_only),
        comments: row.comments,
        title: row.title,
        author: row.author,
        date: row.date,
        page_type: row.page_type,
        lang: row.lang,
        with: row.with.unwrap_or_default(),
        without: row.without.unwrap_or_default(),
        profile: row.profile.unwrap_or(new.profile),
        ..new
    };
    if let Some(url) = row.url {
        page = page.at(url);
    }
    if let Some(group) = row.group {
        page.group = group;
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fs;

    fn wrong(jsonl: &str) -> String {
        rows(Path::new("my/pages.jsonl"), jsonl.as_bytes())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn every_key_is_read_and_unknown_ones_are_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("html")).unwrap();
        fs::write(folder.path().join("html/2.html.gz"), "").unwrap();
        let jsonl = "\u{feff}{\"id\":\"1\",\"html\":\"<p>Tea\",\"text\":\"Tea\",\"shelf\":3}\r\n\n\
            {\"id\":\"2\",\"html_path\":\"html/2.html\",\"text\":\"\",\"comments\":\"Yes\",\
            \"title\":\"T\",\"author\":\"A\",\"date\":\"D\",\"page_type\":\"forum\",\"lang\":\"en\",\
            \"with\":[\"a\"],\"without\":null,\"profile\":\"article\",\
            \"url\":\"https://a.example.org/2\"}";
        fs::write(folder.path().join("pages.jsonl"), jsonl).unwrap();
        let pages = read(folder.path()).unwrap();
        assert_eq!((pages.len(), pages[0].profile), (2, Profile::Full));
        assert_eq!(pages[0].source, PageSource::Inline(b"<p>Tea".into()));
        let second = &pages[1];
        assert!(matches!(&second.source, PageSource::File(p) if p.ends_with("html/2.html.gz")));
        assert_eq!(
            (second.group.as_str(), second.profile),
            ("example.org", Profile::Article)
        );
        assert_eq!(second.comments.as_deref(), Some("Yes"));
        assert_eq!((second.with.len(), second.without.len()), (1, 0));
        assert_eq!(read(&folder.path().join("pages.jsonl")).unwrap().len(), 2);
    }

    #[test]
    fn errors_name_file_line_and_what_is_wrong() {
        let good = "{\"id\":\"1\",\"html\":\"\",\"text\":\"\"}\n";
        for (line, problem) in [
            ("{\"id\":\"2\"", "EOF while parsing an object (column "),
            ("{\"id\":\"2\",\"html\":\"\"}", "missing field `text`"),
            (
                "{\"id\":\"1\",\"html\":\"\",\"text\":\"\"}",
                "the id \"1\" is that of line 1",
            ),
            (
                "{\"id\":\"2\",\"text\":\"\"}",
                "none of html, html_base64 and",
            ),
            (
                "{\"id\":\"2\",\"text\":\"\",\"html_base64\":\"a?\"}",
                "html_base64 is no base64",
            ),
            (
                "{\"id\":\"2\",\"text\":\"\",\"html\":\"\",\"html_path\":\"a\"}",
                "more than one of html",
            ),
            (
                "{\"id\":\"2\",\"text\":\"\",\"html\":\"\",\"profile\":\"all\"}",
                "unknown variant `all`",
            ),
            (
                "{\"id\":\"2\",\"text\":\"\",\"html_path\":\"../a.html\"}",
                "must name a file below",
            ),
            (
                "{\"id\":\"2\",\"text\":\"\",\"html_path\":\"/a.html\"}",
                "must name a file below",
            ),
            (
                "{\"id\":\"2\",\"text\":\"\",\"html_path\":\"a.html\"}",
                "is missing",
            ),
        ] {
            let message = wrong(&format!("{good}\n{line}"));
            assert!(message.starts_with("my/pages.jsonl, line 3: "), "{message}");
            assert!(message.contains(problem), "{message}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_rows_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = rows(Path::new("pages.jsonl"), &bytes[..]);
        }

        #[test]
        fn any_near_json_is_rows_or_an_error(
            soup in "([{}\\[\\],:\n\"é]|\"(id|text|html|html_path|profile)\"|\"(x|\\.\\.|/x)?\"){0,40}"
        ) {
            let _ = rows(Path::new("pages.jsonl"), soup.as_bytes());
        }
    }
}
