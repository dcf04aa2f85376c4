//! WCXB: `ground-truth/ID.json` and `html/ID.html` in the folder of a split.
//!
//! Given the corpus's own folder, the development split is read: the test
//! split is for the benchmark's owners' tables, and whoever wants it names its
//! folder. A page without `main_content` is one whose right answer is nothing.

use std::path::Path;

use serde::Deserialize;

use super::{CorpusError, Format, LabelledPage, PageSource, file};

#[derive(Deserialize)]
struct Row {
    url: Option<String>,
    ground_truth: Gold,
    #[serde(rename = "_internal", default)]
    internal: Internal,
}

#[derive(Deserialize)]
struct Gold {
    main_content: Option<String>,
    title: Option<String>,
    author: Option<String>,
    publish_date: Option<String>,
    with: Option<Vec<String>>,
    without: Option<Vec<String>>,
}

#[derive(Deserialize, Default)]
struct Internal {
    page_type: Option<PageType>,
}

#[derive(Deserialize)]
struct PageType {
    primary: Option<String>,
}

pub(super) fn read(path: &Path) -> Result<Vec<LabelledPage>, CorpusError> {
    let split = if path.join("ground-truth").is_dir() {
        path.to_owned()
    } else {
        path.join("dev")
    };
    let rows = file::list(&split.join("ground-truth"), ".json")?;
    file::pages(&rows, |id, json| page(&split, id, json))
}

fn page(split: &Path, id: &str, json: &Path) -> Result<LabelledPage, CorpusError> {
    let row: Row = file::json(json)?;
    let html = split.join("html").join(format!("{id}.html"));
    let source = PageSource::File(file::page(&html, json, id)?);
    let gold = row.ground_truth;
    let text = gold.main_content.unwrap_or_default();
    let mut page = LabelledPage {
        title: file::said(gold.title),
        author: file::said(gold.author),
        date: file::said(gold.publish_date),
        page_type: row.internal.page_type.and_then(|types| types.primary),
        with: gold.with.unwrap_or_default(),
        without: gold.without.unwrap_or_default(),
        ..LabelledPage::new(id, Format::Wcxb, source, text)
    };
    if let Some(url) = file::said(row.url) {
        page = page.at(url);
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn corpus() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for part in ["ground-truth", "html"] {
            fs::create_dir_all(folder.path().join("dev").join(part)).unwrap();
        }
        let write = |name: &str, content: &str| {
            fs::write(folder.path().join("dev").join(name), content).unwrap();
        };
        write(
            "ground-truth/0001.json",
            r#"{"url": "https://blog.example.com/tea", "schema_version": "2.0",
                "ground_truth": {"title": "Tea", "author": "", "publish_date": null,
                "main_content": "Boil water.", "with": ["Boil"], "without": ["Menu"]},
                "_internal": {"page_type": {"primary": "article", "tags": []}}}"#,
        );
        write("html/0001.html", "<p>Boil water.");
        write(
            "ground-truth/0002.json",
            r#"{"url": "https://example.org/", "ground_truth": {"title": "", "with": []}}"#,
        );
        write("html/0002.html.gz", "");
        folder
    }

    #[test]
    fn rows_become_pages_and_missing_content_is_empty() {
        let folder = corpus();
        let pages = read(folder.path()).unwrap();
        let first = &pages[0];
        assert_eq!(
            (first.id.as_str(), first.text.as_str()),
            ("0001", "Boil water.")
        );
        assert_eq!(first.group, "example.com");
        assert_eq!(first.page_type.as_deref(), Some("article"));
        assert_eq!((&first.author, &first.date), (&None, &None));
        assert_eq!(
            (&first.with[0], &first.without[0]),
            (&"Boil".into(), &"Menu".into())
        );
        assert_eq!((pages[1].text.as_str(), &pages[1].title), ("", &None));
        assert!(matches!(&pages[1].source, PageSource::File(p) if p.ends_with("0002.html.gz")));
    }

    #[test]
    fn a_split_may_be_named_itself() {
        let folder = corpus();
        assert_eq!(read(&folder.path().join("dev")).unwrap().len(), 2);
    }

    #[test]
    fn a_row_without_page_and_broken_json_name_their_file() {
        let folder = corpus();
        fs::remove_file(folder.path().join("dev/html/0002.html.gz")).unwrap();
        let message = read(folder.path()).unwrap_err().to_string();
        assert!(
            message.contains("0002.json") && message.contains("0002.html"),
            "{message}"
        );
        let broken = folder.path().join("dev/ground-truth/0001.json");
        fs::write(broken, "{\n\"url\": 3}").unwrap();
        let message = read(folder.path()).unwrap_err().to_string();
        assert!(message.contains("0001.json, line 2"), "{message}");
    }
}
