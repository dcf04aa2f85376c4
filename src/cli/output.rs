//! Where results go: standard output, or a file that appears whole.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::sink::{Shown, WholeFile, stdout};

/// Where a command writes its results.
pub(super) enum Output {
    Stdout(BufWriter<Shown<Stdout>>),
    File(WholeFile, PathBuf),
}

impl Output {
    /// Writes what is text of pages, which a terminal only shows.
    pub(super) fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        Self::to(path, stdout)
    }

    /// Writes colours too, and texts that are [`printable`](super::printable)
    /// already.
    pub(super) fn with_colours(path: Option<&Path>) -> anyhow::Result<Self> {
        Self::to(path, || BufWriter::new(Shown::on(io::stdout(), false)))
    }

    fn to(
        path: Option<&Path>,
        stdout: impl FnOnce() -> BufWriter<Shown<Stdout>>,
    ) -> anyhow::Result<Self> {
        Ok(match path {
            None => Self::Stdout(stdout()),
            Some(path) => Self::File(
                WholeFile::create(path)
                    .with_context(|| format!("cannot write {}", path.display()))?,
                path.to_owned(),
            ),
        })
    }

    /// Whether somebody watches the results come, so that a progress bar would
    /// run into them.
    pub(super) fn is_terminal(&self) -> bool {
        match self {
            Self::Stdout(_) => io::stdout().is_terminal(),
            Self::File(..) => false,
        }
    }

    pub(super) fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Stdout(mut out) => out.flush()?,
            Self::File(file, path) => file
                .finish()
                .with_context(|| format!("cannot write {}", path.display()))?,
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::File(file, _) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::File(file, _) => file.flush(),
        }
    }
}

/// What came of writing. That nobody reads any more (`dehusk … | head`) is no
/// error: whoever read has seen enough.
pub(super) fn unless_closed(written: anyhow::Result<()>) -> anyhow::Result<()> {
    written.or_else(|error| {
        if is_closed_pipe(&error) {
            Ok(())
        } else {
            Err(error)
        }
    })
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = match cause.downcast_ref::<csv::Error>().map(csv::Error::kind) {
            Some(csv::ErrorKind::Io(io)) => Some(io),
            _ => cause.downcast_ref(),
        };
        io.is_some_and(|io: &io::Error| io.kind() == io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_no_error_and_a_full_disk_is() {
        let fails_with = |kind: io::ErrorKind| {
            let io = || io::Error::from(kind);
            let json = io::Error::from(serde_json::Error::io(io()));
            [io().into(), csv::Error::from(io()).into(), json.into()]
        };
        for error in fails_with(io::ErrorKind::BrokenPipe) {
            assert!(unless_closed(Err(error)).is_ok());
        }
        for error in fails_with(io::ErrorKind::StorageFull) {
            assert!(unless_closed(Err(error)).is_err());
        }
    }
}
