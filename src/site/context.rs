//! An index and the models that read it, for an extractor.

use super::{SiteIndex, SiteModel, SitePage};
use crate::block::Blocks;
use crate::page::{InputKind, Page};

/// What is known of sites, and how it is weighed.
#[derive(Debug, Clone)]
pub struct SiteContext {
    index: SiteIndex,
    /// For pages of HTML, and of plain text, instead of the shipped ones.
    html: Option<SiteModel>,
    text: Option<SiteModel>,
}

impl SiteContext {
    /// Of an index that every page was added to which is to be judged, weighed by
    /// the shipped models.
    pub fn new(index: SiteIndex) -> Self {
        Self {
            index,
            html: None,
            text: None,
        }
    }

    /// Weighs by another model pages of its kind.
    #[must_use]
    pub fn with_model(mut self, model: SiteModel) -> Self {
        match model.input {
            InputKind::Html => self.html = Some(model),
            InputKind::Text => self.text = Some(model),
        }
        self
    }

    /// Corrects what a model says of the blocks of a page.
    pub(crate) fn correct(
        &self,
        page: &Page,
        blocks: &Blocks,
        words: &[f32],
        probabilities: &mut [f32],
    ) {
        if let Some(evidence) = self.index.evidence(&SitePage::of(page, blocks)) {
            let own = match page.kind {
                InputKind::Html => &self.html,
                InputKind::Text => &self.text,
            };
            let model = own.as_ref();
            model
                .unwrap_or_else(|| SiteModel::shipped_for(page.kind))
                .correct(probabilities, words, &evidence);
        }
    }
}
