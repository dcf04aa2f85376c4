//! Folders that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Why a folder cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// Something of that name is there already, and is not ours to replace.
    #[error(
        "{} is there already and is not {ours}: name a folder that does not exist, \
         or remove it",
        path.display()
    )]
    NotOurs {
        /// The folder.
        path: PathBuf,
        /// What may be replaced.
        ours: &'static str,
    },
    /// The file system refuses.
    #[error("cannot write the folder {}: {source}", path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The new folder cannot take its name, nor the old one have it back.
    #[error(
        "cannot write the folder {}: {source}; what was there is now {}: move it back",
        path.display(),
        old.display()
    )]
    Displaced {
        /// The folder.
        path: PathBuf,
        /// Where what was there lies.
        old: PathBuf,
        /// Why it could not be moved back.
        source: io::Error,
    },
}

/// What a new folder may replace: an empty folder, or one that `is_ours`
/// recognises.
#[derive(Debug, Clone, Copy)]
pub struct Replaceable {
    /// What it is called in an error: "an earlier report".
    pub name: &'static str,
    /// Recognises it.
    pub is_ours: fn(&Path) -> bool,
}

/// A folder being filled under a temporary name beside its own. It takes its
/// own name in [`WholeFolder::finish`]; dropped before, it leaves nothing
/// behind and what was there stays.
#[derive(Debug)]
pub struct WholeFolder {
    /// Holds `new`, and what is replaced as `old`.
    beside: TempDir,
    path: PathBuf,
    replaceable: Replaceable,
}

impl WholeFolder {
    /// Begins a folder. Where `path` is a symbolic link to a folder, that one
    /// is replaced and the link stays.
    ///
    /// # Errors
    /// When something is there that may not be replaced, or the folder above is
    /// missing or not writable.
    pub fn create(path: &Path, replaceable: Replaceable) -> Result<Self, FolderError> {
        let path = match fs::canonicalize(path) {
            Ok(there) => there,
            Err(_) => path.to_owned(),
        };
        let fails = |source| FolderError::Io {
            path: path.clone(),
            source,
        };
        check(&path, replaceable)?;
        let above = path
            .parent()
            .filter(|above| !above.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let beside = tempfile::Builder::new()
            .prefix(".dehusk-")
            .tempdir_in(above)
            .map_err(fails)?;
        fs::create_dir(beside.path().join("new")).map_err(fails)?;
        Ok(Self {
            beside,
            path,
            replaceable,
        })
    }

    /// Writes a file of the folder.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let written = File::create(self.new_path().join(name)).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        written.map_err(|source| self.fails(source))
    }

    /// Gives the folder its name, replacing what had it.
    ///
    /// # Errors
    /// When something that may not be replaced has taken the name meanwhile, or
    /// the name cannot be taken; what was there is then there still, or where the
    /// error says.
    pub fn finish(self) -> Result<(), FolderError> {
        self.finish_by(|from, to| fs::rename(from, to))
    }

    fn finish_by(self, rename: impl Fn(&Path, &Path) -> io::Result<()>) -> Result<(), FolderError> {
        check(&self.path, self.replaceable)?;
        let old = self.beside.path().join("old");
        let replaces = match rename(&self.path, &old) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(self.fails(error)),
        };
        if let Err(error) = rename(&self.new_path(), &self.path) {
            if replaces && let Err(source) = rename(&old, &self.path) {
                // Dropped, the temporary folder would take the old one with it.
                let old = self.beside.keep().join("old");
                let path = self.path;
                return Err(FolderError::Displaced { path, old, source });
            }
            return Err(self.fails(error));
        }
        Ok(())
    }

    fn new_path(&self) -> PathBuf {
        self.beside.path().join("new")
    }

    fn fails(&self, source: io::Error) -> FolderError {
        FolderError::Io {
            path: self.path.clone(),
            source,
        }
    }
}

fn check(path: &Path, replaceable: Replaceable) -> Result<(), FolderError> {
    let free = match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none() || (replaceable.is_ours)(path),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    if free {
        Ok(())
    } else {
        Err(FolderError::NotOurs {
            path: path.to_owned(),
            ours: replaceable.name,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTES: Replaceable = Replaceable {
        name: "a folder of notes",
        is_ours: |path| path.join("notes.txt").is_file(),
    };

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_appears_when_it_is_finished_and_replaces_its_like() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("out");
        for text in ["one", "two"] {
            let folder = WholeFolder::create(&path, NOTES).unwrap();
            folder.write("notes.txt", text.as_bytes()).unwrap();
            assert_eq!(path.exists(), text == "two");
            folder.finish().unwrap();
            assert_eq!(fs::read_to_string(path.join("notes.txt")).unwrap(), text);
            assert_eq!(names(root.path()), ["out"]);
        }
    }

    #[test]
    fn a_folder_that_is_not_finished_leaves_what_was_there() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("out");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("notes.txt"), "before").unwrap();
        let folder = WholeFolder::create(&path, NOTES).unwrap();
        folder.write("notes.txt", b"after").unwrap();
        drop(folder);
        assert_eq!(
            fs::read_to_string(path.join("notes.txt")).unwrap(),
            "before"
        );
        assert_eq!(names(root.path()), ["out"]);
    }

    #[test]
    fn other_peoples_folders_and_files_are_refused() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("thesis.tex"), "").unwrap();
        let error = WholeFolder::create(root.path(), NOTES).unwrap_err();
        assert!(error.to_string().contains("is not a folder of notes"));
        let file = root.path().join("thesis.tex");
        assert!(WholeFolder::create(&file, NOTES).is_err());
        assert!(WholeFolder::create(&root.path().join("no/such"), NOTES).is_err());
        assert_eq!(names(root.path()), ["thesis.tex"]);
    }

    #[test]
    fn what_takes_the_name_meanwhile_is_refused_too() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("out");
        let folder = WholeFolder::create(&path, NOTES).unwrap();
        fs::create_dir(&path).unwrap();
        fs::write(path.join("thesis.tex"), "").unwrap();
        assert!(folder.finish().is_err());
        assert_eq!(names(root.path()), ["out"]);
        assert_eq!(names(&path), ["thesis.tex"]);
    }

    /// A folder of notes at `path`, and a new one that is to replace it.
    fn replacing(path: &Path) -> WholeFolder {
        fs::create_dir(path).unwrap();
        fs::write(path.join("notes.txt"), "before").unwrap();
        let folder = WholeFolder::create(path, NOTES).unwrap();
        folder.write("notes.txt", b"after").unwrap();
        folder
    }

    #[test]
    fn what_was_there_comes_back_when_the_new_folder_cannot_take_its_name() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("out");
        let finished = replacing(&path).finish_by(|from, to| match from.ends_with("new") {
            true => Err(io::Error::other("refused")),
            false => fs::rename(from, to),
        });
        assert!(finished.unwrap_err().to_string().contains("refused"));
        assert_eq!(names(root.path()), ["out"]);
        let notes = fs::read_to_string(path.join("notes.txt"));
        assert_eq!(notes.unwrap(), "before");
    }

    #[test]
    fn what_was_there_is_never_deleted_and_the_error_says_where_it_lies() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("out");
        let finished = replacing(&path).finish_by(|from, to| match to.ends_with("out") {
            true => Err(io::Error::other("refused")),
            false => fs::rename(from, to),
        });
        let error = finished.unwrap_err();
        let FolderError::Displaced { old, .. } = &error else {
            panic!("{error}");
        };
        assert!(error.to_string().contains(&old.display().to_string()));
        let notes = fs::read_to_string(old.join("notes.txt"));
        assert_eq!(notes.unwrap(), "before");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_its_folder_is_replaced() {
        let root = tempfile::tempdir().unwrap();
        let (real, link) = (root.path().join("real"), root.path().join("link"));
        fs::create_dir(&real).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let folder = WholeFolder::create(&link, NOTES).unwrap();
        folder.write("notes.txt", b"x").unwrap();
        folder.finish().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(real.join("notes.txt").is_file());
    }
}
