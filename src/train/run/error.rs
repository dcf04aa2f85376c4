//! Why a run cannot begin or go on.

use std::io;
use std::path::{Path, PathBuf};

use crate::model::ModelError;
use crate::train::{RecipeError, TrainError};

/// Why a run cannot begin or go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// A file of the folder cannot be read or written.
    #[error("run folder {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder has files, and none says of what run.
    #[error(
        "run folder {}: it holds files but no run.toml, so they are of no run: \
         name a folder that is new or empty", path.display()
    )]
    Foreign {
        /// The folder.
        path: PathBuf,
    },
    /// The folder's `run.toml` cannot be understood.
    #[error(
        "run folder {}: its run.toml cannot be read ({reason}): \
         name another folder, or delete this one", path.display()
    )]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The folder is of another run.
    #[error(
        "run folder {}: it holds another run: {differences}; \
         run as it was run, or name another folder", path.display()
    )]
    Another {
        /// The folder.
        path: PathBuf,
        /// What differs, in words.
        differences: String,
    },
    /// Only boosting has settings that can be searched.
    #[error("the learner {learner} has no settings to search: search with boosting")]
    NothingToSearch {
        /// Its name.
        learner: &'static str,
    },
    /// Settings or paths that TOML cannot hold.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// A model cannot be fitted.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// The model cannot be written.
    #[error(transparent)]
    Model(#[from] ModelError),
}

impl RunError {
    pub(super) fn io(path: &Path, source: impl Into<io::Error>) -> Self {
        Self::Io {
            path: path.to_owned(),
            source: source.into(),
        }
    }
}
