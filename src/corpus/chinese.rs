//! The Chinese web content extraction dataset: `cleaned/ID.txt` and
//! `original/ID.html`, with `author/ID.txt` and `date/ID.txt`.
//!
//! No row says where its page is from, so a page's group is the site that its
//! own markup names.

use std::path::Path;

use encoding_rs::GB18030;

use super::address::Provenance;
use super::{CorpusError, Format, LabelledPage, PageSource, file};

/// What the annotators wrote for an author or a date that they did not find.
const UNKNOWN: &str = "UNKNOWN";

pub(super) fn read(path: &Path) -> Result<Vec<LabelledPage>, CorpusError> {
    let golds = file::list(&path.join("cleaned"), ".txt")?;
    file::pages(&golds, |id, gold| page(path, id, gold))
}

fn page(path: &Path, id: &str, gold: &Path) -> Result<LabelledPage, CorpusError> {
    let html = path.join("original").join(format!("{id}.html"));
    let html = file::page(&html, gold, id)?;
    let Provenance { url, site } = Provenance::of(&file::bytes(&html)?);
    let beside = |folder: &str| -> Result<Option<String>, CorpusError> {
        let path = path.join(folder).join(format!("{id}.txt"));
        if !path.exists() {
            return Ok(None);
        }
        Ok(file::said(Some(text(&path)?)).filter(|said| said != UNKNOWN))
    };
    let (author, date) = (beside("author")?, beside("date")?);
    let new = LabelledPage::new(id, Format::Chinese, PageSource::File(html), text(gold)?);
    Ok(LabelledPage {
        group: site.unwrap_or_else(|| id.to_owned()),
        url,
        author,
        date,
        lang: Some("zh".into()),
        ..new
    })
}

fn text(path: &Path) -> Result<String, CorpusError> {
    Ok(file::gold(&file::bytes(path)?, GB18030))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn corpus() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, content: &[u8]| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        };
        write("cleaned/a.txt", "今天下雨，大家都带了雨伞。".as_bytes());
        write("author/a.txt", "张三 李四\n".as_bytes());
        write("date/a.txt", b"UNKNOWN");
        write(
            "original/a.html",
            b"<a href=http://news.example.com.cn/1>x</a>",
        );
        let (gbk, _, _) = encoding_rs::GBK.encode("明天天气晴朗，适合出门散步和运动。");
        write("cleaned/b.txt", &gbk);
        write(
            "original/b.html",
            b"<meta property=og:url content='www.example.cn/b'>",
        );
        folder
    }

    #[test]
    fn golds_are_read_in_both_encodings_with_author_and_date() {
        let folder = corpus();
        let pages = read(folder.path()).unwrap();
        assert_eq!(pages[0].text, "今天下雨，大家都带了雨伞。");
        assert_eq!(pages[0].author.as_deref(), Some("张三 李四"));
        assert_eq!(pages[0].date, None);
        assert_eq!(pages[1].text, "明天天气晴朗，适合出门散步和运动。");
        assert_eq!(
            (&pages[1].author, pages[1].lang.as_deref()),
            (&None, Some("zh"))
        );
    }

    #[test]
    fn the_group_is_the_site_that_the_page_names() {
        let folder = corpus();
        let pages = read(folder.path()).unwrap();
        assert_eq!(
            (pages[0].group.as_str(), &pages[0].url),
            ("example.com.cn", &None)
        );
        assert_eq!(pages[1].group, "example.cn");
        assert_eq!(pages[1].url.as_deref(), Some("http://www.example.cn/b"));
    }

    #[test]
    fn a_gold_without_page_is_an_error_that_names_both() {
        let folder = corpus();
        fs::remove_file(folder.path().join("original/b.html")).unwrap();
        let message = read(folder.path()).unwrap_err().to_string();
        assert!(
            message.contains("b.txt") && message.contains("b.html"),
            "{message}"
        );
    }
}
