//! The formats that corpora are published in, and `FORMAT:PATH`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::CorpusError;
use crate::model::Profile;

/// A layout of labelled pages that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// WCXB: pages of seven types.
    Wcxb,
    /// newspaper4k's article extraction dataset.
    Newspaper4k,
    /// The parser fixtures of fundus.
    Fundus,
    /// The Chinese web content extraction dataset.
    Chinese,
    /// CleanEval's development set.
    Cleaneval,
    /// L3S-GN1: Google News, 2008.
    L3sGn1,
    /// The data of dragnet: blogs and news, 2012.
    Dragnet,
    /// Our own JSONL.
    Dehusk,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 8] = [
        Self::Wcxb,
        Self::Newspaper4k,
        Self::Fundus,
        Self::Chinese,
        Self::Cleaneval,
        Self::L3sGn1,
        Self::Dragnet,
        Self::Dehusk,
    ];

    /// Its name, as `FORMAT:PATH` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wcxb => "wcxb",
            Self::Newspaper4k => "newspaper4k",
            Self::Fundus => "fundus",
            Self::Chinese => "chinese",
            Self::Cleaneval => "cleaneval",
            Self::L3sGn1 => "l3s-gn1",
            Self::Dragnet => "dragnet",
            Self::Dehusk => "dehusk",
        }
    }

    /// What its annotators counted as content.
    pub fn profile(self) -> Profile {
        match self {
            Self::Wcxb | Self::Cleaneval | Self::Dehusk => Profile::Full,
            Self::Newspaper4k | Self::Fundus | Self::Chinese | Self::L3sGn1 | Self::Dragnet => {
                Profile::Article
            }
        }
    }

    /// Licence of the annotations, as the publisher states it. The pages
    /// belong to their authors in every format.
    pub fn licence(self) -> &'static str {
        match self {
            Self::Wcxb => "CC-BY-4.0",
            Self::Newspaper4k => "Apache-2.0",
            Self::Fundus | Self::Chinese => "MIT",
            Self::Cleaneval => "none stated",
            Self::L3sGn1 => "research use only",
            Self::Dragnet => "AGPL-3.0",
            Self::Dehusk => "as its owner states",
        }
    }

    /// Whether the licence lets a model that is given away be trained on it;
    /// the others are for evaluation only.
    pub fn may_train(self) -> bool {
        !matches!(self, Self::Cleaneval | Self::L3sGn1 | Self::Dragnet)
    }

    /// The files that its reader expects under the path, in one line.
    pub fn layout(self) -> &'static str {
        match self {
            Self::Wcxb => "dev/ground-truth/ID.json and dev/html/ID.html (or those two folders)",
            Self::Newspaper4k => "articles.json and html/KEY.html",
            Self::Fundus => {
                "test_data/COUNTRY/PUBLISHER.json, beside it PUBLISHER_YYYY_MM_DD.html.gz"
            }
            Self::Chinese => "cleaned/ID.txt and original/ID.html, also author/ID.txt, date/ID.txt",
            Self::Cleaneval => "GoldStandard/N.txt and input/N.html",
            Self::L3sGn1 => "annotated/UUID.html, original/UUID.html and url-mapping.txt",
            Self::Dragnet => "Corrected/X.html.corrected.txt and HTML/X.html",
            Self::Dehusk => {
                "a .jsonl or .jsonl.gz file, or a folder with pages.jsonl or pages.jsonl.gz"
            }
        }
    }

    /// The names of all formats, for messages.
    pub(super) fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = CorpusError;

    fn from_str(name: &str) -> Result<Self, CorpusError> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| CorpusError::UnknownFormat { name: name.into() })
    }
}

/// A corpus on disk: `FORMAT:PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusSpec {
    /// How it is laid out.
    pub format: Format,
    /// Its folder (or file, for [`Format::Dehusk`]).
    pub path: PathBuf,
}

impl CorpusSpec {
    /// The corpus of `format` at `path`.
    pub fn new(format: Format, path: impl Into<PathBuf>) -> Self {
        Self {
            format,
            path: path.into(),
        }
    }
}

impl fmt::Display for CorpusSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.format, self.path.display())
    }
}

impl FromStr for CorpusSpec {
    type Err = CorpusError;

    fn from_str(spec: &str) -> Result<Self, CorpusError> {
        match spec.split_once(':') {
            Some((format, path)) if !path.is_empty() => Ok(Self::new(format.parse()?, path)),
            _ => Err(CorpusError::Spec { spec: spec.into() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_specs_read_back() {
        for format in Format::ALL {
            assert_eq!(format.name().parse::<Format>().unwrap(), format);
            let spec = CorpusSpec::new(format, "some/where:else");
            assert_eq!(spec.to_string().parse::<CorpusSpec>().unwrap(), spec);
        }
    }

    #[test]
    fn a_spec_that_cannot_be_read_lists_the_formats() {
        for wrong in ["wcxb", "wcxb:", "", "nosuch:path", "WCXB:path"] {
            let message = wrong.parse::<CorpusSpec>().unwrap_err().to_string();
            assert!(message.contains("wcxb, newspaper4k, fundus"), "{message}");
        }
    }

    #[test]
    fn what_is_for_evaluation_only_may_not_train() {
        let held_back: Vec<_> = Format::ALL.into_iter().filter(|f| !f.may_train()).collect();
        assert_eq!(
            held_back,
            [Format::Cleaneval, Format::L3sGn1, Format::Dragnet]
        );
    }
}
