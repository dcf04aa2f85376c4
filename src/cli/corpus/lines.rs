//! JSON lines of labelled pages, gzipped or not: for `convert` and `split`.

use std::io::{self, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::corpora::name_some;
use super::super::output::Output;
use crate::corpus::{LabelledPage, doubled_ids};

/// Where lines go.
pub(super) enum Lines {
    Plain(Output),
    Gzip(Box<GzEncoder<Output>>),
}

impl Lines {
    pub(super) fn open(path: Option<&Path>, gzip: bool) -> anyhow::Result<Self> {
        let output = Output::open(path)?;
        Ok(if gzip {
            Self::Gzip(Box::new(GzEncoder::new(output, Compression::default())))
        } else {
            Self::Plain(output)
        })
    }

    /// Whether somebody watches the lines come.
    pub(super) fn is_terminal(&self) -> bool {
        match self {
            Self::Plain(output) => output.is_terminal(),
            Self::Gzip(_) => false,
        }
    }

    /// Writes all that is due, without taking the file's name yet.
    pub(super) fn complete(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(output) => output.flush(),
            Self::Gzip(gzip) => {
                gzip.try_finish()?;
                gzip.get_mut().flush()
            }
        }
    }

    pub(super) fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Plain(output) => output.finish(),
            Self::Gzip(gzip) => gzip.finish()?.finish(),
        }
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(output) => output.write(bytes),
            Self::Gzip(gzip) => gzip.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(output) => output.flush(),
            Self::Gzip(gzip) => gzip.flush(),
        }
    }
}

pub(super) fn ends_in_gz(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "gz")
}

/// Our JSONL has no two pages of one id.
pub(super) fn ensure_own_ids(pages: &[LabelledPage]) -> anyhow::Result<()> {
    let doubled = doubled_ids(pages);
    anyhow::ensure!(
        doubled.is_empty(),
        "{} ids are those of several pages: {}; `--qualify-ids` writes CORPUS/ID",
        doubled.len(),
        name_some(&doubled)
    );
    Ok(())
}
