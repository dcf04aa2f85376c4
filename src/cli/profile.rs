//! `--profile`.

use clap::ValueEnum;

use crate::model::Profile;

/// The profiles by their names on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum ProfileName {
    /// All that is the page's own: headings, lists, captions, forum replies
    #[default]
    Full,
    /// The article's body only: no captions, bylines or comments
    Article,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Full => Self::Full,
            ProfileName::Article => Self::Article,
        }
    }
}
