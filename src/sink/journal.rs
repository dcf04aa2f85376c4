//! What an unfinished run is sure to have written.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::SinkError;
use super::partial::{create_anew, remove};
use super::segment::Open;

/// What a run is, by name: of its inputs, its options, its model whatever must be
/// the same for its pages to be. A run goes on only as the same; of another the
/// names of what differs are told. A long value is better given as its hash.
pub type Fingerprint = BTreeMap<String, String>;

/// Where a run stands among its inputs, as its caller counts them.
pub type Position = serde_json::Value;

const VERSION: u32 = 1;

/// The journal of an unfinished run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Journal {
    /// Of this format.
    dehusk_journal: u32,
    pub(super) fingerprint: Fingerprint,
    pub(super) position: Position,
    pub(super) pages: u64,
    pub(super) failures: u64,
    /// Whether all is written, and files only take their names.
    pub(super) complete: bool,
    pub(super) output: Written,
    pub(super) errors: Option<Written>,
}

/// What a file is sure to hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Written {
    /// Bytes on disk.
    pub(super) bytes: u64,
    /// What follows these bytes.
    pub(super) open: Open,
}

impl Written {
    /// A file that nothing follows.
    pub(super) fn whole(bytes: u64) -> Self {
        Self {
            bytes,
            open: Open::Nothing,
        }
    }
}

impl Journal {
    pub(super) fn new(fingerprint: Fingerprint, errors: bool) -> Self {
        Self {
            dehusk_journal: VERSION,
            fingerprint,
            position: Position::Null,
            pages: 0,
            failures: 0,
            complete: false,
            output: Written::default(),
            errors: errors.then(Written::default),
        }
    }

    /// Whether nothing would be lost without it.
    pub(super) fn is_empty(&self) -> bool {
        self.pages == 0 && self.failures == 0 && !self.complete
    }

    /// The names of what differs from another run, if anything does.
    pub(super) fn differences(&self, other: &Fingerprint) -> Option<String> {
        let own = &self.fingerprint;
        let mut differing: Vec<&str> = (own.keys().chain(other.keys()))
            .filter(|name| own.get(*name) != other.get(*name))
            .map(String::as_str)
            .collect();
        differing.sort_unstable();
        differing.dedup();
        (!differing.is_empty()).then(|| differing.join(", "))
    }
}

/// The file a journal is kept in.
#[derive(Debug, Clone)]
pub(super) struct JournalFile(PathBuf);

impl JournalFile {
    /// That of this unfinished output.
    pub(super) fn of(partial: &Path) -> Self {
        Self(with_ending(partial, ".json"))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Reads it, if it is there.
    pub(super) fn read(&self) -> Result<Option<Journal>, SinkError> {
        let bytes = match fs::read(&self.0) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(SinkError::io(&self.0)(error)),
        };
        #[derive(Deserialize)]
        struct OfVersion {
            dehusk_journal: u32,
        }
        let version = serde_json::from_slice(&bytes).map(|of: OfVersion| of.dehusk_journal);
        match version {
            Ok(VERSION) => {}
            Ok(other) => {
                return Err(self.damaged(format!("it is of version {other}, not {VERSION}")));
            }
            Err(error) => return Err(self.damaged(error.to_string())),
        }
        let journal = serde_json::from_slice(&bytes);
        journal
            .map(Some)
            .map_err(|error| self.damaged(error.to_string()))
    }

    pub(super) fn damaged(&self, reason: String) -> SinkError {
        SinkError::Damaged {
            journal: self.0.clone(),
            reason,
        }
    }

    /// Writes it, whole or not at all. Who calls has locked the output.
    pub(super) fn write(&self, journal: &Journal) -> Result<(), SinkError> {
        let fails = |error| SinkError::io(&self.0)(error);
        let bytes = serde_json::to_vec(journal).map_err(|error| fails(error.into()))?;
        let beside = self.beside();
        let mut file = create_anew(&beside)?;
        let written = file.write_all(&bytes).and_then(|()| file.sync_data());
        drop(file);
        written
            .and_then(|()| fs::rename(&beside, &self.0))
            .map_err(fails)
    }

    /// Removes it, and what a killed process may have left of a newer one.
    pub(super) fn remove(&self) -> Result<(), SinkError> {
        remove(&self.beside())?;
        remove(&self.0)
    }

    fn beside(&self) -> PathBuf {
        with_ending(&self.0, ".new")
    }
}

/// The path with something after its last name.
pub(super) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    path.into()
}
