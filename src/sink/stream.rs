//! Outputs that are written as they come.

#[cfg(feature = "parquet")]
use std::fs::File;
use std::io::{self, BufWriter, Stdout, Write};
use std::path::{Path, PathBuf};

#[cfg(feature = "parquet")]
use super::columns::Column;
use super::journal::Position;
use super::segment::Segment;
use super::terminal::{Shown, stdout};
use super::{Failure, Mark, PageRecord, Sink, SinkError, WholeFile};

/// Items on their way to standard output, a pipe or a device, or to a file that
/// appears whole at the end or not at all.
pub(super) struct Stream<T> {
    /// `None` once it is ended.
    out: Option<Out>,
    segment: Box<dyn Segment<T>>,
    /// Row groups of a Parquet file, which says only at its end where they are.
    #[cfg(feature = "parquet")]
    spool: Option<(File, Vec<Column>)>,
}

enum Out {
    Stdout(BufWriter<Shown<Stdout>>),
    File(WholeFile, PathBuf),
}

impl<T> Stream<T> {
    pub(super) fn to_stdout(segment: Box<dyn Segment<T>>) -> Result<Self, SinkError> {
        Self::begin(Out::Stdout(stdout()), segment)
    }

    pub(super) fn to_file(path: &Path, segment: Box<dyn Segment<T>>) -> Result<Self, SinkError> {
        let file = WholeFile::create(path).map_err(SinkError::io(path))?;
        Self::begin(Out::File(file, path.to_owned()), segment)
    }

    fn begin(out: Out, mut segment: Box<dyn Segment<T>>) -> Result<Self, SinkError> {
        segment.begin().map_err(SinkError::Encode)?;
        Ok(Self {
            out: Some(out),
            segment,
            #[cfg(feature = "parquet")]
            spool: None,
        })
    }

    /// Keeps row groups of these columns until the end.
    #[cfg(feature = "parquet")]
    pub(super) fn spooled(mut self, columns: Vec<Column>) -> Result<Self, SinkError> {
        let spool = tempfile::tempfile().map_err(SinkError::io(&std::env::temp_dir()))?;
        self.spool = Some((spool, columns));
        Ok(self)
    }

    pub(super) fn write(&mut self, item: &T) -> Result<(), SinkError> {
        self.segment.write(item)
    }

    pub(super) fn advance(&mut self) -> Result<(), SinkError> {
        self.segment.cover();
        if self.segment.is_full() || self.segment.ends_anywhere() {
            self.seal()?;
        }
        // Somebody waits for each page.
        let watched = matches!(&self.out, Some(Out::Stdout(out)) if out.get_ref().is_on_terminal());
        if watched { self.flush() } else { Ok(()) }
    }

    fn seal(&mut self) -> Result<(), SinkError> {
        let segment = &self.segment;
        #[cfg(feature = "parquet")]
        if let Some((spool, _)) = &mut self.spool {
            let sealed = segment.seal(spool);
            sealed.map_err(SinkError::io(&std::env::temp_dir()))?;
            self.segment.forget();
            return Ok(());
        }
        if let Some(out) = &mut self.out {
            out.write(|out| segment.seal(out))?;
        }
        self.segment.forget();
        Ok(())
    }

    fn flush(&mut self) -> Result<(), SinkError> {
        match &mut self.out {
            Some(out) => out.write(|out| out.flush()),
            None => Ok(()),
        }
    }

    /// Writes all that is still to be written; nothing can be added then.
    pub(super) fn end(&mut self) -> Result<(), SinkError> {
        self.segment.end();
        self.seal()?;
        #[cfg(feature = "parquet")]
        if let (Some(out), Some((spool, columns))) = (&mut self.out, &mut self.spool) {
            out.write(|mut out| super::rows::splice(columns, spool, &mut out))?;
        }
        let Some(out) = self.out.take() else {
            return Ok(());
        };
        match out {
            Out::Stdout(mut out) => out.flush().map_err(SinkError::io(Path::new(STDOUT))),
            Out::File(file, path) => file.finish().map_err(SinkError::io(&path)),
        }
    }
}

const STDOUT: &str = "standard output";

impl Out {
    fn write(
        &mut self,
        write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
    ) -> Result<(), SinkError> {
        match self {
            Self::Stdout(out) => write(out).map_err(SinkError::io(Path::new(STDOUT))),
            Self::File(file, path) => write(file).map_err(SinkError::io(path)),
        }
    }
}

/// Pages that are written as they come.
pub(super) struct StreamSink {
    pub(super) pages: Stream<PageRecord>,
    pub(super) errors: Option<Stream<Failure>>,
}

impl Sink for StreamSink {
    fn write(&mut self, page: &PageRecord) -> Result<(), SinkError> {
        self.pages.write(page)
    }

    fn fail(&mut self, failure: &Failure) -> Result<(), SinkError> {
        match &mut self.errors {
            Some(errors) => errors.write(failure),
            None => Ok(()),
        }
    }

    fn advance(&mut self, _position: Position) -> Result<(), SinkError> {
        self.pages.advance()?;
        self.errors.as_mut().map_or(Ok(()), Stream::advance)
    }

    fn checkpoint(&mut self) -> Result<Option<Mark>, SinkError> {
        self.pages.flush()?;
        Ok(None)
    }

    fn finish(mut self: Box<Self>) -> Result<(), SinkError> {
        self.pages.end()?;
        self.errors.as_mut().map_or(Ok(()), Stream::end)
    }
}
