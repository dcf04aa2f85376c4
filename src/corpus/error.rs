//! Why labelled pages cannot be read or split.

use std::io;
use std::path::{Path, PathBuf};

use super::{Format, LEAST_RESEMBLANCE};

/// Why labelled pages cannot be read or split.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CorpusError {
    /// Not a `FORMAT:PATH`.
    #[error("{spec:?} is not FORMAT:PATH; formats: {}", Format::names())]
    Spec {
        /// What was given.
        spec: String,
    },
    /// No format of that name.
    #[error("no corpus format is called {name:?}; formats: {}", Format::names())]
    UnknownFormat {
        /// What was given.
        name: String,
    },
    /// The path does not hold the format's files.
    #[error("{}: no {format} pages there; expected {}", path.display(), format.layout())]
    Layout {
        /// The format asked for.
        format: Format,
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A file or folder cannot be read.
    #[error("{}: {source}; check that the corpus is unpacked whole and readable", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file passes the bound on what is read of one.
    #[error("{}: more than {limit} bytes{}; remove the page from the corpus", path.display(), unpacked(path))]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The bound, in bytes.
        limit: u64,
    },
    /// A page's line would be longer than our own JSONL may have.
    #[error(
        "{id}: with its page in it the line would have more than {limit} bytes; leave the page out"
    )]
    LongLine {
        /// The page.
        id: String,
        /// The bound, in bytes.
        limit: u64,
    },
    /// A row's page is not there.
    #[error("{}, {row}: its page {} is missing; unpack the corpus again or remove the row", path.display(), page.display())]
    MissingPage {
        /// The file that holds the row.
        path: PathBuf,
        /// The row's line, key or name.
        row: String,
        /// Where its page should be.
        page: PathBuf,
    },
    /// A file does not read as its format has it.
    #[error("{}, {place}: {problem}; correct it there or remove the row", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line, column or key.
        place: String,
        /// What is wrong.
        problem: String,
    },
    /// Near-duplicates cannot be sought by such a share.
    #[error(
        "near-duplicates cannot be sought by a resemblance of {given}; ask for {LEAST_RESEMBLANCE} to 1"
    )]
    Resemblance {
        /// What was asked for.
        given: f64,
    },
    /// Parts of a split that cannot be read.
    #[error("{given:?}: {problem}; give parts as train=8,dev=1,test=1")]
    Parts {
        /// What was given.
        given: String,
        /// What is wrong.
        problem: String,
    },
    /// A part of a split gets no page.
    #[error(
        "part {part} gets no page: there are {sets} sets of pages that must stay together, by site or by text; ask for fewer parts, a larger share for it, or add pages of more sites"
    )]
    EmptyPart {
        /// The part.
        part: String,
        /// Sets of pages there are.
        sets: usize,
    },
    /// Pages cannot be split as asked.
    #[error(
        "{groups} groups of pages cannot be split into {folds} folds; ask for 2 to {groups}, or add pages of more sites"
    )]
    Folds {
        /// Folds asked for.
        folds: usize,
        /// Groups there are.
        groups: usize,
    },
}

fn unpacked(path: &Path) -> &'static str {
    if path.extension().is_some_and(|e| e == "gz") {
        " when unpacked"
    } else {
        ""
    }
}

impl CorpusError {
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn malformed(
        path: &Path,
        place: impl Into<String>,
        problem: impl Into<String>,
    ) -> Self {
        Self::Malformed {
            path: path.to_owned(),
            place: place.into(),
            problem: problem.into(),
        }
    }
}
