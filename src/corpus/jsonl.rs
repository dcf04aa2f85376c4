//! Labelled pages → our own JSONL, which [`Format::Dehusk`](super::Format)
//! reads again.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use rayon::prelude::*;
use serde::Serialize;

use super::{CorpusError, LabelledPage, file};
use crate::model::Profile;

/// A line, by the keys that the reader knows; what is not known of the page is
/// left out.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    corpus: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    group: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<&'a str>,
    profile: Profile,
    licence: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    evaluation_only: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    with: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    without: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html_base64: Option<String>,
}

/// The page as a line of our own JSONL, without the line's end: all that is
/// known of it and its bytes, in `html` where they are UTF-8, else in
/// `html_base64`. Reading the line gives the same page.
///
/// ```
/// use dehusk::corpus::{Format, LabelledPage, PageSource, jsonl};
///
/// let source = PageSource::Inline(b"<p>Tea".to_vec());
/// let line = jsonl(&LabelledPage::new("7", Format::Wcxb, source, "Tea"))?;
/// assert!(line.starts_with(r#"{"id":"7","corpus":"wcxb","#));
/// assert!(line.ends_with(r#""html":"<p>Tea"}"#));
/// # Ok::<(), dehusk::corpus::CorpusError>(())
/// ```
///
/// # Errors
/// When the page cannot be read, or the line would pass 256 MB.
pub fn jsonl(page: &LabelledPage) -> Result<String, CorpusError> {
    let bytes = page.read()?;
    let html = std::str::from_utf8(&bytes).ok();
    let row = Row {
        id: &page.id,
        corpus: &page.corpus,
        url: page.url.as_deref(),
        group: &page.group,
        page_type: page.page_type.as_deref(),
        lang: page.lang.as_deref(),
        profile: page.profile,
        licence: &page.licence,
        evaluation_only: page.evaluation_only,
        title: page.title.as_deref(),
        author: page.author.as_deref(),
        date: page.date.as_deref(),
        text: &page.text,
        comments: page.comments.as_deref(),
        with: &page.with,
        without: &page.without,
        html,
        html_base64: html.is_none().then(|| BASE64.encode(&bytes)),
    };
    // Strings, lists of strings and a flag: nothing that JSON cannot hold.
    let line = serde_json::to_string(&row)
        .map_err(|error| CorpusError::malformed(page.id.as_ref(), "the page", error.to_string()))?;
    if line.len() as u64 >= file::LIMIT {
        return Err(CorpusError::LongLine {
            id: page.id.clone(),
            limit: file::LIMIT,
        });
    }
    Ok(line)
}

/// Pages in memory at once: enough for every core, few enough that memory does
/// not grow with their number.
const BATCH: usize = 64;

/// Writes pages as JSON lines, in their order; `each` is told of every page
/// done, for progress. Pages that cannot be read are left out, and why is
/// returned.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_jsonl<'a>(
    pages: impl IntoIterator<Item = &'a LabelledPage>,
    out: &mut impl Write,
    each: impl Fn(),
) -> io::Result<Vec<CorpusError>> {
    let pages: Vec<&LabelledPage> = pages.into_iter().collect();
    let mut failures = Vec::new();
    for batch in pages.chunks(BATCH) {
        let lines: Vec<_> = batch.par_iter().map(|page| jsonl(page)).collect();
        for line in lines {
            match line {
                Ok(line) => {
                    out.write_all(line.as_bytes())?;
                    out.write_all(b"\n")?;
                }
                Err(error) => failures.push(error),
            }
            each();
        }
    }
    Ok(failures)
}

#[cfg(test)]
mod tests {
    use super::super::{CorpusSpec, Format, PageSource, digest, read};
    use super::*;
    use proptest::prelude::*;

    /// The page as its line reads again.
    fn again(page: &LabelledPage) -> LabelledPage {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pages.jsonl");
        std::fs::write(&path, jsonl(page).unwrap()).unwrap();
        let mut pages = read(&CorpusSpec::new(Format::Dehusk, path)).unwrap();
        assert_eq!(pages.len(), 1);
        pages.remove(0)
    }

    #[test]
    fn all_that_is_known_of_a_page_reads_again() {
        let source = PageSource::Inline("<title>Grüße</title>\u{feff}\0".into());
        let page = LabelledPage {
            comments: Some("Yes".to_owned()),
            title: Some("T".to_owned()),
            author: Some("A".to_owned()),
            date: Some("D".to_owned()),
            page_type: Some("forum".to_owned()),
            lang: Some("de".to_owned()),
            with: vec!["a".to_owned()],
            without: vec!["b".to_owned(), "c\n\u{2028}".to_owned()],
            ..LabelledPage::new("1", Format::L3sGn1, source, "Grüße").at("https://a.example.org/")
        };
        let page = LabelledPage {
            group: "a publisher".to_owned(),
            ..page
        };
        assert_eq!(format!("{:?}", again(&page)), format!("{page:?}"));
        assert!(again(&page).evaluation_only);
    }

    #[test]
    fn a_page_of_which_little_is_known_has_few_keys() {
        let source = PageSource::Inline(b"<p>Tea".to_vec());
        let line = jsonl(&LabelledPage::new("7", Format::Dehusk, source, "Tea")).unwrap();
        for key in ["null", "[]", "url", "evaluation_only", "html_base64"] {
            assert!(!line.contains(key), "{line}");
        }
    }

    #[test]
    fn a_page_that_cannot_be_read_is_left_out_and_told() {
        let page = |id: &str, source| LabelledPage::new(id, Format::Wcxb, source, "Tea");
        let pages = [
            page("1", PageSource::File("no/such/1.html".into())),
            page("2", PageSource::Inline(b"<p>Tea".to_vec())),
        ];
        let mut out = Vec::new();
        let failures = write_jsonl(&pages, &mut out, || {}).unwrap();
        assert_eq!(failures.len(), 1);
        assert!(failures[0].to_string().contains("no/such/1.html"));
        let out = String::from_utf8(out).unwrap();
        assert!(out.starts_with("{\"id\":\"2\"") && out.ends_with("}\n"));
        assert_eq!(out.lines().count(), 1);
    }

    proptest! {
        #[test]
        fn any_bytes_and_text_read_again(
            bytes in proptest::collection::vec(any::<u8>(), 0..60),
            text: String, snippets: Vec<String>, title: Option<String>
        ) {
            let source = PageSource::Inline(bytes);
            let page = LabelledPage {
                title,
                with: snippets,
                ..LabelledPage::new("1", Format::Wcxb, source, text)
            };
            prop_assert_eq!(digest(&[again(&page)]).unwrap(), digest(&[page]).unwrap());
        }
    }
}
