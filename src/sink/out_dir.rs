//! A file a page.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::encode::Encode;
use super::form::Packing;
use super::names::Names;
use super::partial::{create_anew, remove};
use super::segment::{Bounds, Open, Segment, TextSegment};
use super::{Form, PageRecord, SinkError};

/// The name under which a page's file is begun.
const SPARE: &str = ".dehusk.page";

/// What the names of files begin with that are none of a page.
const OURS: &str = ".dehusk.";

/// Pages in files of their own; the output proper is a list of their names, of
/// which those of an interrupted run are known again.
pub(super) struct FolderSegment {
    folder: PathBuf,
    form: Box<dyn Encode<PageRecord>>,
    /// With its dot.
    extension: String,
    names: Names,
    list: TextSegment<String>,
    page: Vec<u8>,
    #[cfg(not(target_os = "linux"))]
    unsynced: Vec<PathBuf>,
}

/// A name a line: none has an end of line in it.
struct Lines;

impl Encode<String> for Lines {
    fn item(&self, name: &String, _before: u64, out: &mut Vec<u8>) -> io::Result<()> {
        writeln!(out, "{name}")
    }
}

impl FolderSegment {
    /// Files of this form.
    pub(super) fn new(form: Form, bounds: Bounds) -> Result<Self, SinkError> {
        use super::encode::{Json, Rendering};
        let several = false;
        let (extension, form): (_, Box<dyn Encode<PageRecord>>) = match form {
            Form::Content(content) => (
                content.extension(),
                Box::new(Rendering { content, several }),
            ),
            Form::Json => ("json", Box::new(Json { several })),
            _ => {
                return Err(SinkError::Form {
                    form: form.name(),
                    place: "to a file a page",
                    remedy: "it holds many pages, so name one file for all",
                });
            }
        };
        Ok(Self {
            folder: PathBuf::new(),
            form,
            extension: format!(".{extension}"),
            names: Names::default(),
            list: TextSegment::new(Box::new(Lines), Packing::Plain, bounds),
            page: Vec::new(),
            #[cfg(not(target_os = "linux"))]
            unsynced: Vec::new(),
        })
    }

    /// In this folder, which is there.
    pub(super) fn in_folder(mut self, folder: &Path) -> Self {
        self.folder = folder.to_owned();
        self
    }

    /// Makes the folders on the way to a file, none of which may be a link.
    fn make_folders(&self, name: &str) -> Result<(), SinkError> {
        for (at, _) in name.match_indices('/') {
            let path = self.folder.join(&name[..at]);
            match fs::symlink_metadata(&path) {
                Ok(there) if there.is_dir() => {}
                Ok(_) => return Err(SinkError::NotAFolder { path }),
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    fs::create_dir(&path).map_err(SinkError::io(&path))?;
                }
                Err(error) => return Err(SinkError::io(&path)(error)),
            }
        }
        Ok(())
    }
}

impl Segment<PageRecord> for FolderSegment {
    fn begin(&mut self) -> io::Result<()> {
        self.list.begin()
    }

    fn resume(&mut self, written: u64, open: Open, sealed: &mut dyn Read) -> Result<(), String> {
        let mut given = 0;
        for name in BufReader::new(&mut *sealed).lines() {
            self.names.take(&name.map_err(|error| error.to_string())?);
            given += 1;
        }
        if given != written {
            return Err(format!(
                "it tells of {written} pages, and {given} have names"
            ));
        }
        self.list.resume(written, open, sealed)
    }

    fn write(&mut self, page: &PageRecord) -> Result<(), SinkError> {
        self.page.clear();
        let encoded = self.form.item(page, 0, &mut self.page);
        encoded.map_err(SinkError::Encode)?;
        let name = self.names.give(&page.id, &self.extension);
        self.make_folders(&name)?;
        // A link that has the file's name is replaced, not followed.
        let (spare, path) = (self.folder.join(SPARE), self.folder.join(&name));
        let mut file = create_anew(&spare)?;
        file.write_all(&self.page).map_err(SinkError::io(&path))?;
        drop(file);
        fs::rename(&spare, &path).map_err(SinkError::io(&path))?;
        #[cfg(not(target_os = "linux"))]
        self.unsynced.push(path);
        self.list.write(&name)
    }

    fn cover(&mut self) {
        self.list.cover();
    }

    fn items(&self) -> u64 {
        self.list.items()
    }

    fn is_full(&self) -> bool {
        self.list.is_full()
    }

    fn ends_anywhere(&self) -> bool {
        self.list.ends_anywhere()
    }

    fn end(&mut self) {
        self.list.end();
    }

    fn seal(&self, out: &mut dyn Write) -> io::Result<()> {
        self.list.seal(out)
    }

    fn forget(&mut self) {
        self.list.forget();
    }

    fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    fn open(&self) -> Open {
        self.list.open()
    }

    /// In one call, not one a page.
    #[cfg(target_os = "linux")]
    fn sync(&mut self) -> Result<(), SinkError> {
        let folder = File::open(&self.folder).map_err(SinkError::io(&self.folder))?;
        let synced = rustix::fs::syncfs(folder).map_err(io::Error::from);
        synced.map_err(SinkError::io(&self.folder))
    }

    #[cfg(not(target_os = "linux"))]
    fn sync(&mut self) -> Result<(), SinkError> {
        for path in self.unsynced.drain(..) {
            let synced = File::options().write(true).open(&path);
            let synced = synced.and_then(|file| file.sync_all());
            synced.map_err(SinkError::io(&path))?;
            super::partial::sync_folder_of(&path)?;
        }
        Ok(())
    }
}

/// Whether there is no page in the folder, nor anything else.
pub(super) fn is_empty(folder: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        if !entry?.file_name().to_string_lossy().starts_with(OURS) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Removes the page that a killed process may have begun.
pub(super) fn remove_spare(folder: &Path) -> Result<(), SinkError> {
    remove(&folder.join(SPARE))
}
