//! The labelled page: what every reader makes.

use std::path::PathBuf;

use super::{CorpusError, Format, address, cleaneval, file};
use crate::model::Profile;
use crate::page::{InputKind, Page, PageContext};

/// Where the bytes of a labelled page are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageSource {
    /// A file; one that ends in `.gz` is gunzipped when read.
    File(PathBuf),
    /// A file that holds the page inside a `<text …>` element, as CleanEval's
    /// do; the page is what stands between its tags.
    Enclosed {
        /// The file.
        path: PathBuf,
    },
    /// The page itself, as our own JSONL may carry it.
    Inline(Vec<u8>),
}

/// A page and what its annotators say of it.
#[derive(Debug, Clone)]
pub struct LabelledPage {
    /// Unique in its corpus; what predictions are matched by.
    pub id: String,
    /// Name of the corpus: of its format (`wcxb`, `fundus` …), unless our own
    /// JSONL says which corpus the page was converted from.
    pub corpus: String,
    /// Licence of the annotations, as the publisher states it.
    pub licence: String,
    /// Whether that licence forbids that a model that is given away be trained
    /// on the page.
    pub evaluation_only: bool,
    /// Where the page's bytes are.
    pub source: PageSource,
    /// The page's address, where the corpus knows it.
    pub url: Option<String>,
    /// Pages of one group never stand on both sides of a split: the
    /// registrable domain of `url`, else the publisher, else the page's id.
    pub group: String,
    /// Gold text: the main content, empty where the right answer is nothing.
    pub text: String,
    /// Gold comments, where the corpus sets them apart from the text.
    pub comments: Option<String>,
    /// Gold title.
    pub title: Option<String>,
    /// Gold author or authors, as the corpus writes them.
    pub author: Option<String>,
    /// Gold publication date, as the corpus writes it.
    pub date: Option<String>,
    /// Page type: `article`, `forum`, `product` …
    pub page_type: Option<String>,
    /// ISO 639-1 language code.
    pub lang: Option<String>,
    /// Snippets that the extraction must hold.
    pub with: Vec<String>,
    /// Snippets that the extraction must not hold.
    pub without: Vec<String>,
    /// What the corpus counts as content.
    pub profile: Profile,
}

impl LabelledPage {
    /// A page with its gold text, the format's profile and licence, a group of
    /// its own, and nothing else known of it.
    pub fn new(
        id: impl Into<String>,
        format: Format,
        source: PageSource,
        text: impl Into<String>,
    ) -> Self {
        let id = id.into();
        Self {
            group: id.clone(),
            id,
            corpus: format.name().into(),
            licence: format.licence().into(),
            evaluation_only: !format.may_train(),
            source,
            url: None,
            text: text.into(),
            comments: None,
            title: None,
            author: None,
            date: None,
            page_type: None,
            lang: None,
            with: Vec::new(),
            without: Vec::new(),
            profile: format.profile(),
        }
    }

    /// The page at its address: sets [`url`](Self::url), and
    /// [`group`](Self::group) to the address's registrable domain, else its
    /// host; an address with neither leaves the group as it is.
    ///
    /// ```
    /// use dehusk::corpus::{Format, LabelledPage, PageSource};
    ///
    /// let page = LabelledPage::new("7", Format::Dehusk, PageSource::Inline(vec![]), "")
    ///     .at("https://news.example.co.uk/7");
    /// assert_eq!(page.group, "example.co.uk");
    /// ```
    #[must_use]
    pub fn at(mut self, url: impl Into<String>) -> Self {
        let url = url.into();
        if let Some(site) = address::site(&url) {
            self.group = site;
        }
        self.url = Some(url);
        self
    }

    /// The page, read and parsed.
    ///
    /// # Errors
    /// Those of [`read`](Self::read).
    pub fn parse(&self) -> Result<Page, CorpusError> {
        Ok(self.parse_bytes(&self.read()?))
    }

    /// The page of its bytes, as [`read`](Self::read) gives them.
    pub(crate) fn parse_bytes(&self, bytes: &[u8]) -> Page {
        let context = PageContext {
            url: self.url.as_deref().and_then(|url| url.parse().ok()),
            charset: None,
            kind: InputKind::Html,
        };
        Page::parse(bytes, &context)
    }

    /// The page's bytes, gunzipped where they are gzipped.
    ///
    /// # Errors
    /// When its file cannot be read, holds more than 256 MB, or has no
    /// `<text …>` element where one is due.
    pub fn read(&self) -> Result<Vec<u8>, CorpusError> {
        match &self.source {
            PageSource::File(path) => file::bytes(path),
            PageSource::Enclosed { path } => cleaneval::enclosed(path, &file::bytes(path)?),
            PageSource::Inline(bytes) => Ok(bytes.clone()),
        }
    }
}

/// Ids that more than one page has, each once, sorted.
pub fn doubled_ids(pages: &[LabelledPage]) -> Vec<&str> {
    let mut ids: Vec<&str> = pages.iter().map(|page| page.id.as_str()).collect();
    ids.sort_unstable();
    let mut doubled: Vec<&str> = (ids.windows(2).filter(|two| two[0] == two[1]))
        .map(|two| two[0])
        .collect();
    doubled.dedup();
    doubled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> LabelledPage {
        LabelledPage::new("7", Format::Dragnet, PageSource::Inline(vec![1]), "Gold")
    }

    #[test]
    fn a_new_page_has_its_formats_profile_and_a_group_of_its_own() {
        let page = page();
        assert_eq!((page.group.as_str(), page.profile), ("7", Profile::Article));
        assert_eq!(page.read().unwrap(), [1]);
    }

    #[test]
    fn the_group_is_the_domain_else_the_host_else_the_id() {
        for (url, group) in [
            ("https://www.news.example.com/a", "example.com"),
            ("http://192.0.2.7/a", "192.0.2.7"),
            ("http://intranet/a", "intranet"),
            ("no address", "7"),
        ] {
            assert_eq!(page().at(url).group, group, "{url}");
        }
    }

    #[test]
    fn an_id_of_several_pages_is_named_once() {
        let pages = ["b", "a", "b", "c", "b", "c"]
            .map(|id| LabelledPage::new(id, Format::Wcxb, PageSource::Inline(vec![]), ""));
        assert_eq!(doubled_ids(&pages), ["b", "c"]);
    }

    #[test]
    fn policies_are_written_in_snake_case() {
        let written = serde_json::to_string(&[Profile::Full, Profile::Article]).unwrap();
        assert_eq!(written, r#"["full","article"]"#);
    }
}
