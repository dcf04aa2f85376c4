//! The file beside an output that holds what is written so far.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::SinkError;

/// A file that only grows, and that no other process writes to meanwhile.
#[derive(Debug)]
pub(super) struct PartialFile {
    file: File,
    path: PathBuf,
    /// Bytes of it that were written in full.
    bytes: u64,
}

/// How often a file that is replaced while it is opened is opened again.
const ATTEMPTS: usize = 8;

impl PartialFile {
    /// Opens the file at `path`, or makes it where there is none.
    ///
    /// # Errors
    /// When something else is there, or another process has it.
    pub(super) fn claim(path: &Path) -> Result<Self, SinkError> {
        for _ in 0..ATTEMPTS {
            let open = match Self::claim_existing(path)? {
                Some(open) => return Ok(open),
                None => OpenOptions::new()
                    .read(true)
                    .write(true)
                    .create_new(true)
                    .open(path),
            };
            match open {
                Ok(file) => {
                    if let Some(open) = Self::lock(file, path)? {
                        return Ok(open);
                    }
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(SinkError::io(path)(error)),
            }
        }
        Err(locked(path))
    }

    /// Opens the file at `path`, if there is one.
    ///
    /// # Errors
    /// When something else is there, or another process has it.
    pub(super) fn claim_existing(path: &Path) -> Result<Option<Self>, SinkError> {
        for _ in 0..ATTEMPTS {
            match fs::symlink_metadata(path) {
                // A link might lead to a file that is not ours to write to.
                Ok(there) if !there.is_file() => {
                    return Err(SinkError::NotOurs {
                        path: path.to_owned(),
                    });
                }
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(SinkError::io(path)(error)),
            }
            match OpenOptions::new().read(true).write(true).open(path) {
                Ok(file) => {
                    if let Some(open) = Self::lock(file, path)? {
                        return Ok(Some(open));
                    }
                }
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(SinkError::io(path)(error)),
            }
        }
        Err(locked(path))
    }

    /// `None` when the file has lost its name before it was locked.
    fn lock(mut file: File, path: &Path) -> Result<Option<Self>, SinkError> {
        lock(&file, path)?;
        if !is_at(&file, path).map_err(SinkError::io(path))? {
            return Ok(None);
        }
        let bytes = file.seek(SeekFrom::End(0)).map_err(SinkError::io(path))?;
        let path = path.to_owned();
        Ok(Some(Self { file, path, bytes }))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The file alone, locked as long as it is open.
    pub(super) fn into_file(self) -> File {
        self.file
    }

    /// The file, to be read.
    pub(super) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Cuts the file to this length, which it has or passes.
    pub(super) fn cut(&mut self, bytes: u64) -> Result<(), SinkError> {
        let cut = self.file.set_len(bytes);
        cut.and_then(|()| self.file.seek(SeekFrom::Start(bytes)))
            .map_err(SinkError::io(&self.path))?;
        self.bytes = bytes;
        Ok(())
    }

    /// Adds what `write` writes, or nothing.
    pub(super) fn append(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), SinkError> {
        let mut out = BufWriter::new(&self.file);
        let written = write(&mut out).and_then(|()| out.flush());
        // What is left in the buffer is not to be written after all.
        drop(out.into_parts());
        match written.and_then(|()| self.file.stream_position()) {
            Ok(bytes) => self.bytes = bytes,
            Err(error) => {
                self.cut(self.bytes)?;
                return Err(SinkError::io(&self.path)(error));
            }
        }
        Ok(())
    }

    /// Makes what was written durable.
    pub(super) fn sync(&self) -> Result<(), SinkError> {
        self.file.sync_data().map_err(SinkError::io(&self.path))
    }
}

/// Locks a file until it is closed.
pub(super) fn lock(file: &File, path: &Path) -> Result<(), SinkError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(locked(path)),
        // Some network file systems have no locks: better unguarded than not at all.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(error)) => Err(SinkError::io(path)(error)),
    }
}

fn locked(path: &Path) -> SinkError {
    SinkError::Locked {
        path: path.to_owned(),
    }
}

/// Whether the file still has this name.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let own = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (own.dev(), own.ino())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether there is still a file of this name.
#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}

/// Makes durable what names a folder has.
pub(super) fn sync_folder_of(path: &Path) -> Result<(), SinkError> {
    let above = path.parent().filter(|above| !above.as_os_str().is_empty());
    sync_folder(above.unwrap_or(Path::new(".")))
}

/// Makes durable what names this folder has.
pub(super) fn sync_folder(folder: &Path) -> Result<(), SinkError> {
    // Elsewhere a folder cannot be opened as a file.
    if cfg!(unix) {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(SinkError::io(folder))?;
    }
    Ok(())
}

/// Removes a file that may be gone already.
pub(super) fn remove(path: &Path) -> Result<(), SinkError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(SinkError::io(path)(error)),
        _ => Ok(()),
    }
}

/// Makes a new file in place of whatever has its name; a link is not followed.
pub(super) fn create_anew(path: &Path) -> Result<File, SinkError> {
    remove(path)?;
    let open = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .open(path);
    open.map_err(SinkError::io(path))
}
