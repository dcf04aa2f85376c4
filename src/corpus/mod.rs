//! Labelled pages: folders in their publishers' layouts → [`LabelledPage`]s.
//!
//! One reader a published format, and our own JSONL ([`Format::Dehusk`]). A
//! reader lists what is there without holding page bytes: they are read when
//! [`LabelledPage::read`] asks, so that a corpus costs its gold text only.

use std::path::PathBuf;

/// Where the bytes of a labelled page are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageSource {
    /// A file; one that ends in `.gz` is gunzipped when read.
    File(PathBuf),
    /// The page itself, as our own JSONL may carry it.
    Inline(Vec<u8>),
}

/// What the annotators of a corpus counted as content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Policy {
    /// All that is the page's own: headings, lists, captions, forum replies,
    /// product data.
    Full,
    /// The article's body only: no captions, bylines or comments.
    Article,
}

/// A page and what its annotators say of it.
#[derive(Debug, Clone)]
pub struct LabelledPage {
    /// Unique in its corpus; what predictions are matched by.
    pub id: String,
    /// Name of the corpus's format: `wcxb`, `fundus` …
    pub corpus: String,
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
    pub policy: Policy,
}

// --- provisional ---
#[derive(Debug, thiserror::Error)]
pub enum CorpusError { #[error("{0}")] Io(#[from] std::io::Error), #[error("{0}")] Other(String), #[error("{0}")] Split(#[from] SplitError) }
#[derive(Debug, thiserror::Error)]
#[error("split")]
pub struct SplitError;
#[derive(Debug, Clone)]
pub struct CorpusSpec { pub format: String, pub path: PathBuf }
impl std::str::FromStr for CorpusSpec { type Err = String; fn from_str(s: &str) -> Result<Self, String> { let (f, p) = s.split_once(':').ok_or("FORMAT:PATH")?; Ok(Self { format: f.into(), path: p.into() }) } }
impl LabelledPage { pub fn read(&self) -> Result<Vec<u8>, CorpusError> { match &self.source { PageSource::File(p) => { use std::io::Read; let mut v = Vec::new(); flate2::read::MultiGzDecoder::new(std::fs::File::open(p)?).read_to_end(&mut v)?; Ok(v) } PageSource::Inline(b) => Ok(b.clone()) } } }
pub fn registrable_domain(url: &str) -> Option<String> { let u = url::Url::parse(url).ok()?; let h = u.host_str()?; psl::domain_str(h).map(str::to_owned).or_else(|| Some(h.to_owned())) }
pub fn read(spec: &CorpusSpec) -> Result<Vec<LabelledPage>, CorpusError> {
    let mut pages = Vec::new();
    for e in std::fs::read_dir(spec.path.join("dev/ground-truth"))? {
        let p = e?.path();
        let v: serde_json::Value = serde_json::from_slice(&std::fs::read(&p)?).map_err(|e| CorpusError::Other(e.to_string()))?;
        let id = p.file_stem().unwrap().to_string_lossy().into_owned();
        let url = v["url"].as_str().map(str::to_owned);
        pages.push(LabelledPage { source: PageSource::File(spec.path.join(format!("dev/html/{id}.html.gz"))), corpus: "wcxb".into(), group: url.as_deref().and_then(registrable_domain).unwrap_or(id.clone()), url, text: v["ground_truth"]["main_content"].as_str().unwrap_or("").into(), comments: None, title: None, author: None, date: None, page_type: v["_internal"]["page_type"]["primary"].as_str().map(str::to_owned), lang: None, with: vec![], without: vec![], policy: Policy::Full, id });
    }
    pages.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(pages)
}
pub fn grouped_folds(groups: &[String], k: usize, seed: u64) -> Result<Vec<usize>, SplitError> {
    use rand::{SeedableRng, seq::SliceRandom};
    let mut sizes: std::collections::BTreeMap<&String, usize> = Default::default();
    for g in groups { *sizes.entry(g).or_default() += 1; }
    let mut order: Vec<_> = sizes.into_iter().collect();
    order.shuffle(&mut rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(seed));
    order.sort_by_key(|x| std::cmp::Reverse(x.1));
    let mut folds = vec![0; k]; let mut of = std::collections::HashMap::new();
    for (g, n) in order { let f = (0..k).min_by_key(|&f| folds[f]).unwrap(); folds[f] += n; of.insert(g, f); }
    Ok(groups.iter().map(|g| of[g]).collect())
}
