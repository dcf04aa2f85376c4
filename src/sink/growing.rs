//! An output that grows segment by segment.

use std::io::{Seek, SeekFrom};

use super::SinkError;
use super::journal::{JournalFile, Written};
use super::partial::PartialFile;
use super::segment::Segment;

/// The sealed segments of an output on disk, and the open one.
pub(super) struct Growing<T> {
    pub(super) partial: PartialFile,
    segment: Box<dyn Segment<T>>,
}

impl<T> Growing<T> {
    /// Begins an output; what the file holds is forgotten.
    pub(super) fn begin(
        mut partial: PartialFile,
        mut segment: Box<dyn Segment<T>>,
    ) -> Result<Self, SinkError> {
        partial.cut(0)?;
        segment.begin().map_err(SinkError::Encode)?;
        Ok(Self { partial, segment })
    }

    /// Goes on with an output as the journal tells of it; what the file holds
    /// beyond is forgotten.
    pub(super) fn resume(
        mut partial: PartialFile,
        mut segment: Box<dyn Segment<T>>,
        items: u64,
        written: &Written,
        journal: &JournalFile,
    ) -> Result<Self, SinkError> {
        if partial.bytes() < written.bytes {
            return Err(SinkError::Short {
                partial: partial.path().to_owned(),
                journal: journal.path().to_owned(),
                bytes: partial.bytes(),
                expected: written.bytes,
            });
        }
        partial.cut(written.bytes)?;
        let start = partial.file().seek(SeekFrom::Start(0));
        start.map_err(SinkError::io(partial.path()))?;
        segment
            .resume(items, written.open.clone(), partial.file())
            .map_err(|reason| journal.damaged(reason))?;
        partial.cut(written.bytes)?;
        Ok(Self { partial, segment })
    }

    pub(super) fn write(&mut self, item: &T) -> Result<(), SinkError> {
        self.segment.write(item)
    }

    /// Says that all written so far is of inputs that are done with.
    pub(super) fn cover(&mut self) {
        self.segment.cover();
    }

    /// Seals the segment if it is full: then the answer is `true`.
    pub(super) fn seal_if_full(&mut self) -> Result<bool, SinkError> {
        let full = self.segment.is_full();
        if full {
            self.seal()?;
        }
        Ok(full)
    }

    fn seal(&mut self) -> Result<(), SinkError> {
        let segment = &self.segment;
        self.partial.append(|out| segment.seal(out))?;
        self.segment.forget();
        Ok(())
    }

    /// Covered items since the output began.
    pub(super) fn items(&self) -> u64 {
        self.segment.items()
    }

    /// Makes durable what is in the file.
    pub(super) fn sync(&mut self) -> Result<(), SinkError> {
        self.segment.sync()?;
        self.partial.sync()
    }

    /// Puts in the file what can be, and tells what is there and what is not.
    pub(super) fn flush(&mut self) -> Result<Written, SinkError> {
        if self.segment.ends_anywhere() && !self.segment.is_empty() {
            self.seal()?;
        }
        Ok(Written {
            bytes: self.partial.bytes(),
            open: self.segment.open(),
        })
    }

    /// Writes all that is still to be written.
    pub(super) fn end(&mut self) -> Result<(), SinkError> {
        self.segment.end();
        // An empty file is no gzip file: it has a member, if one of nothing.
        if !self.segment.is_empty() || self.partial.bytes() == 0 {
            self.seal()?;
        }
        self.sync()
    }
}
