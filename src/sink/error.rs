//! Why pages cannot be written.

use std::io;
use std::path::{Path, PathBuf};

/// Why pages cannot be written, or an unfinished run cannot be gone on with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SinkError {
    /// The system refuses.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A page cannot be written in the form asked for.
    #[error("a page cannot be written in this form: {0}")]
    Encode(#[source] io::Error),
    /// An unfinished run has pages there, and nobody asked to go on with it.
    #[error(
        "{} holds {pages} pages and {failures} failures of a run that was not finished: \
         go on with it (--resume), or remove that file and {} to begin again",
        partial.display(), journal.display()
    )]
    Unfinished {
        /// The unfinished output.
        partial: PathBuf,
        /// Its journal.
        journal: PathBuf,
        /// Pages it is sure to hold.
        pages: u64,
        /// Failures it is sure to know of.
        failures: u64,
    },
    /// Another process writes there.
    #[error(
        "{} is being written by another run: wait for its end, or name another output",
        path.display()
    )]
    Locked {
        /// The unfinished output.
        path: PathBuf,
    },
    /// Something that no run left has a name that is needed.
    #[error(
        "{} is there, and no journal of a run tells of it: \
         move it out of the way, or name another output",
        path.display()
    )]
    NotOurs {
        /// What is there.
        path: PathBuf,
    },
    /// The unfinished run is another one.
    #[error(
        "{} is of a run that differs in {differences}: \
         run as it was run, or remove it and its output to begin again",
        journal.display()
    )]
    Another {
        /// Its journal.
        journal: PathBuf,
        /// The names of what differs.
        differences: String,
    },
    /// The journal cannot be understood.
    #[error(
        "{} cannot be understood ({reason}), so nothing can go on from it: \
         remove it and the unfinished output beside it to begin again",
        journal.display()
    )]
    Damaged {
        /// The journal.
        journal: PathBuf,
        /// Why.
        reason: String,
    },
    /// The unfinished output holds less than the journal says.
    #[error(
        "{} has {bytes} bytes where {} says that {expected} were written: \
         put it back as it was, or remove both to begin again",
        partial.display(), journal.display()
    )]
    Short {
        /// The unfinished output.
        partial: PathBuf,
        /// Its journal.
        journal: PathBuf,
        /// Bytes it has; 0 where it is gone.
        bytes: u64,
        /// Bytes it had.
        expected: u64,
    },
    /// What is written there as it comes cannot be gone on with.
    #[error(
        "{what} cannot be gone on with after an interruption: \
         name a file or a folder of its own to resume"
    )]
    NotResumable {
        /// Standard output, or the pipe or device.
        what: String,
    },
    /// Failures would be written where the pages are.
    #[error("{} cannot be the file of failures, as the pages go there: name another", path.display())]
    SamePlace {
        /// The file.
        path: PathBuf,
    },
    /// The folder for a file a page has files.
    #[error("the folder {} is not empty: name one that is new or empty", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// What should be a folder below the output folder is none.
    #[error(
        "{} is no folder, or a link that may lead out of the output folder: remove it",
        path.display()
    )]
    NotAFolder {
        /// What is there.
        path: PathBuf,
    },
    /// Pages of this form cannot be written there.
    #[error("{form} cannot be written {place}: {remedy}")]
    Form {
        /// The form's name.
        form: &'static str,
        /// Where it was to go.
        place: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// A run whose pages are all written was given another one.
    #[error("the run is finished but for the names of its files: nothing can be added to it")]
    Complete,
}

impl SinkError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}
