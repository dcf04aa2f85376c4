//! `--comments` and `--hidden`.

use clap::ValueEnum;

use crate::select::{Comments, HiddenText, Policies};

/// What is wanted of kinds of text.
#[derive(Debug, clap::Args)]
pub(super) struct PolicyFlags {
    /// What becomes of readers' comments; a forum's posts are none
    #[arg(long, value_enum, default_value_t)]
    comments: CommentsName,
    /// What becomes of text that a browser does not show at first
    #[arg(long, value_enum, default_value_t)]
    hidden: HiddenName,
}

impl PolicyFlags {
    pub(super) fn resolve(&self) -> Policies {
        Policies {
            comments: self.comments.into(),
            hidden: self.hidden.into(),
        }
    }
}

impl From<CommentsName> for Comments {
    fn from(name: CommentsName) -> Self {
        match name {
            CommentsName::Drop => Self::Drop,
            CommentsName::Keep => Self::Keep,
            CommentsName::Separate => Self::Separate,
        }
    }
}

impl From<HiddenName> for HiddenText {
    fn from(name: HiddenName) -> Self {
        match name {
            HiddenName::Auto => Self::Auto,
            HiddenName::Keep => Self::Keep,
            HiddenName::Drop => Self::Drop,
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum CommentsName {
    /// Left to the model, which drops comments under an article
    #[default]
    Drop,
    /// Kept beside the main content, without names, times and controls
    Keep,
    /// Left out of the text, and listed apart in JSON
    Separate,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum HiddenName {
    /// Kept where the model is sure and the page opens it: tabs, accordions
    #[default]
    Auto,
    /// Judged like all other text
    Keep,
    /// Left out
    Drop,
}
