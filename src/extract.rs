//! Bytes → [`Extraction`]: the front door.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde::Serialize;

use crate::block::{Blocks, Hidden};
use crate::feature::{Discussion, PageFacts};
use crate::metadata::{self, Found, Metadata, Provenance};
use crate::model::{Model, Profile};
use crate::page::{InputKind, Limits, Page, PageContext, Warning};
use crate::render::{self, Bounded, Renderings};
use crate::select::{Comments, HiddenText, Policies, Selected, Selection};
use crate::site::SiteContext;
use crate::watch::{Stopped, Watch};

/// Takes the main content out of pages with one rule and a model for each kind of
/// pages: by default the shipped models, and their own rule.
///
/// ```
/// use dehusk::Extractor;
///
/// let page = r#"<html lang="en"><title>Old bridge</title>
///   <ul class="nav"><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul>
///   <article><h1>Old bridge to be repaired</h1>
///   <p>The council voted on Tuesday night to repair the old bridge over the river,
///   which has been closed since the flood, and work is to begin in the spring.</p>
///   <p>Traders on both banks, who had asked for a quick decision, were relieved.</p></article>
///   <footer>Copyright 2024. All rights reserved.</footer>"#;
/// let extraction = Extractor::default().extract(page.as_bytes(), &Default::default());
/// assert!(extraction.text.contains("The council voted"));
/// assert!(!extraction.text.contains("Copyright"));
/// assert_eq!(extraction.language.as_deref(), Some("en"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Extractor {
    /// For pages of HTML, and of plain text, instead of the shipped ones.
    html: Option<Model>,
    text: Option<Model>,
    /// Instead of the models' own.
    selection: Option<Selection>,
    policies: Policies,
    profile: Profile,
    limits: Limits,
    renderings: Renderings,
    site: Option<Arc<SiteContext>>,
}

impl Extractor {
    /// With a model of your own and its own selection, for pages of its kind;
    /// others are judged by the shipped model.
    pub fn with_model(model: Model) -> Self {
        let mut extractor = Self::default();
        match model.kind {
            InputKind::Html => extractor.html = Some(model),
            InputKind::Text => extractor.text = Some(model),
        }
        extractor
    }

    /// Selects by another rule.
    #[must_use]
    pub fn selection(mut self, selection: Selection) -> Self {
        self.selection = Some(selection);
        self
    }

    /// Wants other things of readers' comments and of hidden text.
    #[must_use]
    pub fn policies(mut self, policies: Policies) -> Self {
        self.policies = policies;
        self
    }

    /// Understands main content otherwise.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Reads pages within other limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Gives these forms of the main content beside its text.
    #[must_use]
    pub fn renderings(mut self, renderings: Renderings) -> Self {
        self.renderings = renderings;
        self
    }

    /// Hears what the other pages of a page's site say of it: see
    /// [`site`](crate::site).
    #[must_use]
    pub fn site(mut self, site: SiteContext) -> Self {
        self.site = Some(Arc::new(site));
        self
    }

    /// The model that it judges pages of a kind with.
    pub fn model(&self, kind: InputKind) -> &Model {
        self.own_model(kind)
            .unwrap_or_else(|| Model::shipped_for(kind))
    }

    /// The model that it was given for pages of a kind, if any.
    pub(crate) fn own_model(&self, kind: InputKind) -> Option<&Model> {
        match kind {
            InputKind::Html => self.html.as_ref(),
            InputKind::Text => self.text.as_ref(),
        }
    }

    /// Extracts a page. Any bytes will do: what cannot be read as text gives an
    /// empty text and warnings, never an error.
    pub fn extract(&self, bytes: &[u8], context: &PageContext) -> Extraction {
        let page = Page::parse_within(bytes, context, &self.limits);
        let judged = self.judge(&page);
        let mut warnings = page.warnings.clone();
        let Limits {
            output,
            blocks: most,
            ..
        } = page.limits;
        if judged.blocks.len() >= most {
            warnings.push(Warning::Blocks { limit: most });
        }
        let mut cut = Vec::new();
        let text = render::bounded_text(&judged.blocks, &judged.kept, output);
        let text = taken("text", text, &mut cut);
        let value = |found: Option<Found<String>>| found.map(|found| found.value);
        let values = |found: Vec<Found<String>>| found.into_iter().map(|one| one.value).collect();
        let Renderings {
            plain,
            markdown,
            html,
            tei,
            blocks,
            metadata,
            options,
        } = &self.renderings;
        let told = if *metadata || *tei {
            metadata::read(&page, &judged.blocks, &text)
        } else {
            Metadata::default()
        };
        let plain = plain.then(|| taken("plain", render::bounded_plain(&page, &judged), &mut cut));
        let markdown = markdown.then(|| {
            let bounded = render::bounded_markdown(&page, &judged, options);
            taken("markdown", bounded, &mut cut)
        });
        let html = html.then(|| {
            let bounded = render::bounded_html(&page, &judged, options);
            taken("html", bounded, &mut cut)
        });
        let tei = tei.then(|| {
            let bounded = render::bounded_tei(&page, &judged, &told, options);
            taken("tei", bounded, &mut cut)
        });
        let blocks = blocks.then(|| {
            let bounded = render::bounded_block_list(&page, &judged, output);
            taken("blocks", bounded, &mut cut)
        });
        let limit = output;
        warnings.extend(
            cut.into_iter()
                .map(|rendering| Warning::Output { rendering, limit }),
        );
        Extraction {
            plain,
            markdown,
            html,
            tei,
            blocks,
            comments: (self.policies.comments == Comments::Separate)
                .then(|| render::comments(&page, &judged)),
            provenance: told.provenance(),
            title: value(told.title),
            url: page
                .url
                .as_ref()
                .map(url::Url::to_string)
                .or_else(|| value(told.canonical_url.clone())),
            canonical_url: value(told.canonical_url),
            authors: values(told.authors),
            date: value(told.published),
            modified: value(told.modified),
            site: value(told.site),
            description: value(told.description),
            language: value(told.detected_language.or(told.declared_language)),
            image: value(told.image),
            tags: values(told.tags),
            license: value(told.license),
            page_type: value(told.page_type),
            quality: judged.quality,
            warnings: warnings.iter().map(ToString::to_string).collect(),
            text,
        }
    }

    /// The same, unless it takes too long or is cancelled: then within 50 ms of
    /// it. What comes of a page otherwise is the same as without a watch.
    ///
    /// # Errors
    /// [`Stopped`], which says by what.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use dehusk::Extractor;
    /// use dehusk::page::PageContext;
    /// use dehusk::watch::Watch;
    ///
    /// let watch = Watch::default().timeout(Duration::from_secs(60));
    /// let page = b"<p>Tea is made of leaves that hot water is poured over, and of nothing else. \
    ///     It is drunk at all hours, and the second cup is better than the first.";
    /// let extracted = Extractor::default().extract_within(page, &PageContext::default(), &watch);
    /// assert!(extracted?.text.starts_with("Tea"));
    /// # Ok::<(), dehusk::watch::Stopped>(())
    /// ```
    pub fn extract_within(
        &self,
        bytes: &[u8],
        context: &PageContext,
        watch: &Watch,
    ) -> Result<Extraction, Stopped> {
        watch.over(|| self.extract(bytes, context))
    }

    /// Judges every block of a page: what [`Extractor::extract`] renders, and
    /// why.
    pub fn judge(&self, page: &Page) -> Judged {
        let blocks = Blocks::of(page);
        let model = self.model(page.kind);
        let (mut probabilities, words, discussion) = {
            let facts = PageFacts::gather(page, &blocks);
            let probabilities = model.judge(&facts, self.profile);
            (probabilities, facts.words(), facts.into_discussion())
        };
        if let Some(site) = &self.site {
            site.correct(page, &blocks, &words, &mut probabilities);
        }
        let hidden = OnceLock::new();
        let of_page = match self.policies.hidden {
            HiddenText::Keep => &[],
            _ => hidden
                .get_or_init(|| blocks.hidden_of(page, &words))
                .as_slice(),
        };
        let Selected { kept, expected } = self.policies.keep(
            &self.selection.unwrap_or(model.selection),
            &blocks,
            &probabilities,
            &words,
            &discussion,
            of_page,
        );
        Judged {
            blocks,
            probabilities,
            words,
            kept,
            discussion,
            hidden,
            policies: self.policies,
            quality: model.page_calibration.apply(&expected),
        }
    }
}

/// A rendering; its name is noted where it was cut.
fn taken<T>(name: &'static str, bounded: Bounded<T>, cut: &mut Vec<&'static str>) -> T {
    if bounded.cut {
        cut.push(name);
    }
    bounded.rendering
}

/// The main content of a page and what is known of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Extraction {
    /// The page's address, as given or as the page declares it.
    pub url: Option<String>,
    /// The page's title, without the site's name.
    pub title: Option<String>,
    /// ISO 639-1 code of the text's language: as it is written, else as the page
    /// declares it.
    pub language: Option<String>,
    /// The page's own address, as it declares it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical_url: Option<String>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// When it was published, in ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// When it was last changed, in ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// The site's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The page's description of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The address of the image that stands for the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Sections, categories and tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The licence: an address, or a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// The page type that the page declares: `article`, `forum`, `product` …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_type: Option<String>,
    /// For each of the fields above that was read from the page, where: see
    /// [`Metadata::provenance`](metadata::Metadata::provenance).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub provenance: BTreeMap<&'static str, Provenance>,
    /// The main content, in words alone: what is measured. Empty where the page
    /// has none.
    pub text: String,
    /// The main content as text for readers, with marks of lists and rows of
    /// tables, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plain: Option<String>,
    /// The main content as Markdown, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markdown: Option<String>,
    /// The main content as clean HTML, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// The main content and its metadata as TEI, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tei: Option<String>,
    /// The comments of readers, where they are told apart
    /// ([`Comments::Separate`]).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comments: Option<Vec<render::Comment>>,
    /// All blocks of the page with what was made of them, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocks: Option<Vec<render::ListedBlock>>,
    /// Expected word F1 of `text`, 0 to 1.
    pub quality: f32,
    /// What was bounded or replaced while the page was read.
    pub warnings: Vec<String>,
}

/// The blocks of a page with what the model thinks of each.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Judged {
    /// The blocks, in order.
    pub blocks: Blocks,
    /// For each block its probability of being content, 0 to 1.
    pub probabilities: Vec<f32>,
    /// For each block how many words it has.
    pub words: Vec<f32>,
    /// For each block whether it is kept.
    pub kept: Vec<bool>,
    /// What the blocks are in discussions.
    pub discussion: Discussion,
    /// Within which policies blocks are kept.
    pub policies: Policies,
    /// Expected word F1 of what is kept, 0 to 1.
    pub quality: f32,
    pub(crate) hidden: OnceLock<Vec<Option<Hidden>>>,
}

impl Judged {
    /// For each block how it is hidden; `page` is the one that was judged. Found
    /// when it is first asked for.
    pub fn hidden(&self, page: &Page) -> &[Option<Hidden>] {
        self.hidden
            .get_or_init(|| self.blocks.hidden_of(page, &self.words))
    }
}
