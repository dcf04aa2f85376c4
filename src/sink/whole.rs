//! Files that appear whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file being written under a temporary name beside its own. It takes its
/// own name in [`WholeFile::finish`]; dropped before, it leaves nothing behind
/// and what was there stays.
///
/// What is no regular file (a pipe, a terminal, `/dev/null`, `/dev/stdout`)
/// cannot be replaced: it is written to as bytes come.
#[derive(Debug)]
pub struct WholeFile(Target);

#[derive(Debug)]
enum Target {
    Beside {
        file: BufWriter<NamedTempFile>,
        path: PathBuf,
    },
    InPlace(BufWriter<File>),
}

impl WholeFile {
    /// Begins a file. A symbolic link stays, and what it points to is written.
    ///
    /// # Errors
    /// When its folder is missing or not writable.
    pub fn create(path: &Path) -> io::Result<Self> {
        let path = match destination(path)? {
            Destination::InPlace => {
                let file = OpenOptions::new().append(true).open(path)?;
                return Ok(Self(Target::InPlace(BufWriter::new(file))));
            }
            Destination::Replaced(path) => path,
        };
        let folder = path
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let file = temporary().tempfile_in(folder)?;
        if let Ok(replaced) = fs::metadata(&path) {
            file.as_file().set_permissions(replaced.permissions())?;
        }
        Ok(Self(Target::Beside {
            file: BufWriter::new(file),
            path,
        }))
    }

    /// Gives the file its name, replacing what had it.
    ///
    /// # Errors
    /// When bytes cannot be written or the name cannot be taken.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Target::Beside { file, path } => {
                let file = file.into_inner().map_err(|e| e.into_error())?;
                file.as_file().sync_all()?;
                file.persist(path).map_err(|e| e.error)?;
            }
            Target::InPlace(mut file) => file.flush()?,
        }
        Ok(())
    }
}

pub(super) enum Destination {
    /// A regular file, or none yet, at this path behind all links.
    Replaced(PathBuf),
    /// Something that keeps its place.
    InPlace,
}

/// Links followed before they are taken for a ring (Linux allows as many).
const LINKS: usize = 40;

pub(super) fn destination(path: &Path) -> io::Result<Destination> {
    if fs::metadata(path).is_ok_and(|at| !at.is_file()) {
        return Ok(Destination::InPlace);
    }
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        // An open descriptor, whose file somebody else writes to as well.
        if path.starts_with("/proc") || path.starts_with("/dev/fd") {
            return Ok(Destination::InPlace);
        }
        let Ok(target) = fs::read_link(&path) else {
            return Ok(Destination::Replaced(path));
        };
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    Err(io::Error::other("too many levels of symbolic links"))
}

/// Temporary files are private; a result is for whoever the umask lets read it.
fn temporary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dehusk-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Target::Beside { file, .. } => file.write(bytes),
            Target::InPlace(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Target::Beside { file, .. } => file.flush(),
            Target::InPlace(file) => file.flush(),
        }
    }
}

/// Writes `bytes` to `path`, whole or not at all.
///
/// # Errors
/// When the folder is missing or not writable, or the disk is full.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = WholeFile::create(path)?;
    file.write_all(bytes)?;
    file.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        write_whole(&path, b"first").unwrap();
        write_whole(&path, b"second").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"second");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_unfinished_file_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        write_whole(&path, b"before").unwrap();
        let mut file = WholeFile::create(&path).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert_eq!(std::fs::read(&path).unwrap(), b"before");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write_whole(&folder.path().join("no/such/file"), b"x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_its_target_is_written() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("data")).unwrap();
        let link = folder.path().join("out.txt");
        std::os::unix::fs::symlink("data/real.txt", &link).unwrap();
        for content in ["first", "second"] {
            write_whole(&link, content.as_bytes()).unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            let real = folder.path().join("data/real.txt");
            assert_eq!(fs::read_to_string(real).unwrap(), content);
        }
        let ring = folder.path().join("ring");
        std::os::unix::fs::symlink("ring", &ring).unwrap();
        assert!(write_whole(&ring, b"x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_written_in_place() {
        use std::os::unix::fs::FileTypeExt;
        use std::os::unix::net::UnixListener;
        write_whole(Path::new("/dev/null"), b"x").unwrap();
        let null = fs::metadata("/dev/null").unwrap();
        assert!(null.file_type().is_char_device());
        let folder = tempfile::tempdir().unwrap();
        assert!(write_whole(folder.path(), b"x").is_err());
        // A socket cannot be opened, and must not be replaced for that.
        let socket = folder.path().join("socket");
        let _listener = UnixListener::bind(&socket).unwrap();
        assert!(write_whole(&socket, b"x").is_err());
        assert!(fs::metadata(&socket).unwrap().file_type().is_socket());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_open_descriptor_is_added_to() {
        use std::os::fd::AsRawFd;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        fs::write(&path, "before ").unwrap();
        let open = File::open(&path).unwrap();
        let descriptor = format!("/dev/fd/{}", open.as_raw_fd());
        write_whole(Path::new(&descriptor), b"after").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "before after");
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_has_the_usual_permissions_and_a_replaced_one_its_own() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let (usual, path) = (folder.path().join("usual"), folder.path().join("out.txt"));
        fs::write(&usual, "").unwrap();
        write_whole(&path, b"x").unwrap();
        assert_eq!(mode(&path), mode(&usual));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        write_whole(&path, b"y").unwrap();
        assert_eq!(mode(&path), 0o600);
    }
}
