//! Flags that say how a page is extracted: the same for every command that
//! extracts, so that `blocks` can show what `extract` did.

use std::path::PathBuf;

use encoding_rs::Encoding;

use super::input::InputName;
use super::limits::{Limit, limits};
use super::load_model;
use super::policies::PolicyFlags;
use super::profile::ProfileName;
use crate::extract::Extractor;
use crate::model::ModelError;
use crate::page::{InputKind, Limits, PageContext};
use crate::render::Renderings;
use crate::select::Selection;
use crate::site::SiteContext;

/// How a page is read and judged.
#[derive(Debug, clap::Args)]
pub(super) struct How {
    /// Use this model instead of the built-in ones; it is of HTML or of plain
    /// text, and pages of the other kind fail
    #[arg(short, long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// What pages are written in. `auto` takes files named .txt for plain text,
    /// and all others for HTML; `text` takes the .txt files below folders, and no
    /// .html. What a record of an archive is, it says itself
    #[arg(long, value_enum, default_value_t)]
    input: InputName,
    /// What counts as main content
    #[arg(long, value_enum, default_value_t)]
    profile: ProfileName,
    /// Keep blocks from this probability up, instead of the model's own rule
    #[arg(long, value_name = "P", value_parser = probability)]
    threshold: Option<f32>,
    #[command(flatten)]
    policies: PolicyFlags,
    /// Set a bound of what a page may cost: depth, elements, nodes, attributes
    /// (of a tag), formatting (open elements), blocks, output (bytes of a
    /// rendering). What passes one is flattened or cut, with a warning
    #[arg(long, value_name = "NAME=N")]
    limit: Vec<Limit>,
    /// Address of the page; for a single page only
    #[arg(long)]
    pub(super) url: Option<url::Url>,
    /// Encoding that the page was served with
    #[arg(long, value_name = "LABEL", value_parser = charset)]
    charset: Option<&'static Encoding>,
}

impl How {
    /// The extractor that is asked for, and what is known of the page.
    pub(super) fn resolve(&self) -> anyhow::Result<(Judge, PageContext)> {
        let model = self.model.as_ref().map(|path| load_model(path));
        let model = model.transpose()?;
        if let (Some(model), Some(input)) = (&model, self.input()) {
            model.check_reads(input)?;
        }
        let only = model.as_ref().map(|model| model.kind);
        let mut extractor = model
            .map_or_else(Extractor::default, Extractor::with_model)
            .profile(self.profile.into())
            .policies(self.policies.resolve())
            .limits(self.limits());
        if let Some(threshold) = self.threshold {
            extractor = extractor.selection(Selection::Threshold(threshold));
        }
        let context = PageContext {
            url: self.url.clone(),
            charset: self.charset.map(|encoding| encoding.name().to_owned()),
            kind: self.input().unwrap_or_default(),
        };
        Ok((Judge { extractor, only }, context))
    }

    /// What pages are to be read as, where that is said.
    pub(super) fn input(&self) -> Option<InputKind> {
        self.input.kind()
    }

    /// The bounds of a page.
    pub(super) fn limits(&self) -> Limits {
        limits(&self.limit)
    }
}

/// An extractor, and what pages it may be given.
#[derive(Clone)]
pub(super) struct Judge {
    pub(super) extractor: Extractor,
    /// The kind of the model that was named: it judges no others.
    only: Option<InputKind>,
}

impl Judge {
    /// Gives these forms of the main content beside its text.
    pub(super) fn renderings(mut self, renderings: Renderings) -> Self {
        self.extractor = self.extractor.renderings(renderings);
        self
    }

    /// Hears what the other pages of a site say.
    pub(super) fn site(mut self, site: SiteContext) -> Self {
        self.extractor = self.extractor.site(site);
        self
    }

    /// Reads pages within these limits.
    pub(super) fn limits(mut self, limits: Limits) -> Self {
        self.extractor = self.extractor.limits(limits);
        self
    }

    /// Whether a page of that kind may be judged.
    pub(super) fn check_reads(&self, page: InputKind) -> Result<(), ModelError> {
        self.only
            .map_or(Ok(()), |kind| self.extractor.model(kind).check_reads(page))
    }
}

/// Parses a number from 0 to 1.
pub(super) fn probability(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(p),
        _ => Err("a number from 0 to 1 is wanted".to_owned()),
    }
}

/// Parses a label of the Encoding Standard (§4.2 *Names and labels*).
pub(super) fn charset(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        "no encoding is called so; give one as web pages do: utf-8, windows-1252, gbk …".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charsets_are_the_labels_of_the_standard() {
        assert_eq!(charset("latin1").unwrap().name(), "windows-1252");
        assert!(charset("nonsense").is_err());
    }

    #[test]
    fn probabilities_are_from_0_to_1() {
        assert_eq!(probability("0.5"), Ok(0.5));
        for wrong in ["2", "-0.1", "NaN", "half"] {
            assert!(probability(wrong).is_err(), "{wrong}");
        }
    }
}
