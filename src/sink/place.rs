//! Where an output is to appear, and how it does.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

#[cfg(feature = "parquet")]
use super::columns::Column;
use super::journal::{JournalFile, with_ending};
use super::partial::{PartialFile, remove, sync_folder, sync_folder_of};
#[cfg(feature = "parquet")]
use super::partial::{create_anew, lock};
use super::whole::{Destination, destination};
use super::{SinkError, out_dir};

/// Where an output is to appear.
#[derive(Debug)]
pub(super) struct Place {
    /// Its file or folder, behind all links.
    pub(super) path: PathBuf,
    /// What it is written to meanwhile.
    pub(super) partial: PathBuf,
    pub(super) ending: Ending,
}

/// What becomes of the partial file in the end.
#[derive(Debug)]
pub(super) enum Ending {
    /// It takes the output's name.
    Rename,
    /// A Parquet file is made of it.
    #[cfg(feature = "parquet")]
    Splice(Vec<Column>),
    /// It goes: pages are in files of their own.
    Remove,
}

impl Place {
    /// That of a file, if it is a regular one or none yet.
    pub(super) fn of_file(path: &Path, ending: Ending) -> Result<Option<Self>, SinkError> {
        match destination(path).map_err(SinkError::io(path))? {
            Destination::InPlace => Ok(None),
            Destination::Replaced(path) => Ok(Some(Self {
                partial: with_ending(&path, ".partial"),
                path,
                ending,
            })),
        }
    }

    /// That of a folder of files, which is made if it is not there.
    pub(super) fn of_folder(path: &Path) -> Result<Self, SinkError> {
        fs::create_dir_all(path).map_err(SinkError::io(path))?;
        let path = fs::canonicalize(path).map_err(SinkError::io(path))?;
        Ok(Self {
            partial: path.join(".dehusk.partial"),
            path,
            ending: Ending::Remove,
        })
    }

    /// Whether nothing of it is there that a new run would mix with.
    pub(super) fn is_free(&self) -> Result<bool, SinkError> {
        match self.ending {
            Ending::Remove => out_dir::is_empty(&self.path).map_err(SinkError::io(&self.path)),
            _ => Ok(true),
        }
    }

    /// Whether a run has begun there.
    pub(super) fn is_begun(&self) -> bool {
        self.partial.exists() || JournalFile::of(&self.partial).path().exists()
    }

    /// The file that takes the output's name.
    fn finished(&self) -> PathBuf {
        match self.ending {
            Ending::Rename | Ending::Remove => self.partial.clone(),
            #[cfg(feature = "parquet")]
            Ending::Splice(_) => with_ending(&self.partial, ".spliced"),
        }
    }

    /// Makes the file that takes the output's name of the partial one, and tells
    /// of how many bytes it is. One that is made is locked as long as it is open.
    pub(super) fn prepare(
        &self,
        partial: &mut PartialFile,
    ) -> Result<(u64, Option<File>), SinkError> {
        #[cfg(feature = "parquet")]
        if let Ending::Splice(columns) = &self.ending {
            let path = self.finished();
            let file = create_anew(&path)?;
            lock(&file, &path)?;
            self.dress(&file)?;
            let spliced = super::rows::splice(columns, partial.file(), io::BufWriter::new(&file))
                .and_then(|()| file.sync_all())
                .and_then(|()| file.metadata());
            let bytes = spliced.map_err(SinkError::io(&path))?.len();
            return Ok((bytes, Some(file)));
        }
        Ok((partial.bytes(), None))
    }

    /// Gives a file that is to replace another the permissions of that one, but
    /// lets its owner write to it as yet.
    pub(super) fn dress(&self, file: &File) -> Result<(), SinkError> {
        #[cfg(unix)]
        if let Ok(replaced) = fs::metadata(&self.path)
            && replaced.is_file()
        {
            use std::os::unix::fs::PermissionsExt;
            let writable = fs::Permissions::from_mode(replaced.permissions().mode() | 0o200);
            let dressed = file.set_permissions(writable);
            dressed.map_err(SinkError::io(&self.partial))?;
        }
        let _ = file;
        Ok(())
    }

    /// Whether the output is there, and of this many bytes.
    fn has(&self, bytes: u64) -> bool {
        fs::metadata(&self.path).is_ok_and(|there| there.is_file() && there.len() == bytes)
    }

    /// The output's path from the root, links to its folder followed.
    pub(super) fn whole_path(&self) -> Result<PathBuf, SinkError> {
        let above = self
            .path
            .parent()
            .filter(|above| !above.as_os_str().is_empty());
        let above = above.unwrap_or(Path::new("."));
        let above = fs::canonicalize(above).map_err(SinkError::io(&self.path))?;
        Ok(above.join(self.path.file_name().unwrap_or_default()))
    }

    /// Whether this file would lie in the other folder, or one's partial file be
    /// the other's output.
    pub(super) fn runs_into(&self, other: &Self) -> Result<bool, SinkError> {
        let (own, other_path) = (self.whole_path()?, other.whole_path()?);
        let begins = |path: &Path, with: &Path| {
            let with = with_ending(with, ".partial");
            let (path, with) = (path.as_os_str(), with.as_os_str());
            (path.as_encoded_bytes()).starts_with(with.as_encoded_bytes())
        };
        Ok(own.starts_with(&other_path) || begins(&own, &other_path) || begins(&other_path, &own))
    }

    /// Removes what is only there as long as the run is not finished.
    pub(super) fn discard(&self) -> Result<(), SinkError> {
        if matches!(self.ending, Ending::Remove) {
            out_dir::remove_spare(&self.path)?;
        }
        remove(&self.partial)
    }

    /// Gives the finished file its name, unless it has it already.
    pub(super) fn settle(&self, bytes: u64, journal: &JournalFile) -> Result<(), SinkError> {
        if matches!(self.ending, Ending::Remove) {
            self.discard()?;
            return sync_folder(&self.path);
        }
        let finished = self.finished();
        let there = match fs::symlink_metadata(&finished) {
            Ok(there) => there.len(),
            Err(error) if error.kind() == ErrorKind::NotFound && self.has(bytes) => {
                remove(&self.partial)?;
                return sync_folder_of(&self.path);
            }
            Err(error) if error.kind() == ErrorKind::NotFound => 0,
            Err(error) => return Err(SinkError::io(&finished)(error)),
        };
        if there < bytes {
            return Err(SinkError::Short {
                partial: finished,
                journal: journal.path().to_owned(),
                bytes: there,
                expected: bytes,
            });
        }
        take_name(&finished, &self.path, bytes).map_err(SinkError::io(&self.path))?;
        remove(&self.partial)?;
        sync_folder_of(&self.path)
    }
}

/// Renames a file, cut to its length, over one whose permissions it gets.
fn take_name(from: &Path, to: &Path, bytes: u64) -> io::Result<()> {
    let file = fs::OpenOptions::new().write(true).open(from)?;
    if file.metadata()?.len() > bytes {
        file.set_len(bytes)?;
        file.sync_all()?;
    }
    let replaced = fs::metadata(to).map(|replaced| replaced.permissions());
    fs::rename(from, to)?;
    replaced.map_or(Ok(()), |permissions| file.set_permissions(permissions))
}
