//! The part of an output that is still in memory.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use super::SinkError;
use super::encode::Encode;
use super::form::Packing;

/// An output is a row of sealed segments (gzip members, Zstandard frames, row
/// groups), each written in one go, and one that is open. Where a segment ends is
/// a matter of the items alone, so a run that was interrupted gives the bytes of
/// one that was not; the open one is kept in the journal meanwhile.
pub(super) trait Segment<T>: Send {
    /// Begins an output.
    fn begin(&mut self) -> io::Result<()>;

    /// Goes on with one of which `written` items are in `sealed` or in `open`. A
    /// journal that tells otherwise is refused in words.
    fn resume(&mut self, written: u64, open: Open, sealed: &mut dyn Read) -> Result<(), String>;

    /// Adds an item.
    fn write(&mut self, item: &T) -> Result<(), SinkError>;

    /// Says that all items so far belong to inputs that are done with: only these
    /// are sealed and told of.
    fn cover(&mut self);

    /// Covered items since the output began.
    fn items(&self) -> u64;

    /// Whether the covered part is to be sealed.
    fn is_full(&self) -> bool;

    /// Whether it may be sealed before it is full without another outcome.
    fn ends_anywhere(&self) -> bool;

    /// Ends the output: what stands after the last item becomes part of the open
    /// segment, and all of it is covered.
    fn end(&mut self);

    /// Writes the covered part as a segment.
    fn seal(&self, out: &mut dyn Write) -> io::Result<()>;

    /// Forgets the covered part, as it is sealed.
    fn forget(&mut self);

    /// Whether nothing is covered.
    fn is_empty(&self) -> bool;

    /// The covered part, for the journal.
    fn open(&self) -> Open;

    /// Makes durable what was written elsewhere.
    fn sync(&mut self) -> Result<(), SinkError> {
        Ok(())
    }
}

/// An open segment, as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Open {
    #[default]
    Nothing,
    Text {
        text: String,
        /// Items that it holds.
        items: u64,
    },
    #[cfg(feature = "parquet")]
    Rows(Vec<super::rows::Values>),
}

/// When a segment is full.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) items: u64,
    pub(super) bytes: usize,
}

/// Text that is packed segment by segment.
pub(super) struct TextSegment<T> {
    encode: Box<dyn Encode<T>>,
    packing: Packing,
    bounds: Bounds,
    text: Vec<u8>,
    /// How much of `text` is covered.
    covered: usize,
    /// Items since the output began.
    written: u64,
    /// How many of these are covered.
    covered_items: u64,
    /// How many were sealed.
    sealed_items: u64,
}

impl<T> TextSegment<T> {
    pub(super) fn new(encode: Box<dyn Encode<T>>, packing: Packing, bounds: Bounds) -> Self {
        Self {
            encode,
            packing,
            bounds,
            text: Vec::new(),
            covered: 0,
            written: 0,
            covered_items: 0,
            sealed_items: 0,
        }
    }
}

impl<T> Segment<T> for TextSegment<T> {
    fn begin(&mut self) -> io::Result<()> {
        self.encode.begin(&mut self.text)?;
        self.covered = self.text.len();
        Ok(())
    }

    fn resume(&mut self, written: u64, open: Open, _sealed: &mut dyn Read) -> Result<(), String> {
        let (text, items) = match open {
            Open::Nothing => (Vec::new(), 0),
            Open::Text { text, items } => (text.into_bytes(), items),
            #[cfg(feature = "parquet")]
            Open::Rows(_) => return Err("rows where text should be".to_owned()),
        };
        self.sealed_items = (written.checked_sub(items)).ok_or("more items open than written")?;
        (self.written, self.covered_items) = (written, written);
        self.covered = text.len();
        self.text = text;
        Ok(())
    }

    fn write(&mut self, item: &T) -> Result<(), SinkError> {
        let encoded = self.encode.item(item, self.written, &mut self.text);
        encoded.map_err(SinkError::Encode)?;
        self.written += 1;
        Ok(())
    }

    fn cover(&mut self) {
        self.covered = self.text.len();
        self.covered_items = self.written;
    }

    fn items(&self) -> u64 {
        self.covered_items
    }

    fn is_full(&self) -> bool {
        self.covered_items - self.sealed_items >= self.bounds.items
            || self.covered >= self.bounds.bytes
    }

    fn ends_anywhere(&self) -> bool {
        self.packing == Packing::Plain
    }

    fn end(&mut self) {
        self.encode.end(&mut self.text);
        self.cover();
    }

    fn seal(&self, out: &mut dyn Write) -> io::Result<()> {
        self.packing.write(&self.text[..self.covered], out)
    }

    fn forget(&mut self) {
        self.text.drain(..self.covered);
        self.covered = 0;
        self.sealed_items = self.covered_items;
    }

    fn is_empty(&self) -> bool {
        self.covered == 0
    }

    fn open(&self) -> Open {
        if self.is_empty() {
            return Open::Nothing;
        }
        Open::Text {
            text: String::from_utf8_lossy(&self.text[..self.covered]).into_owned(),
            items: self.covered_items - self.sealed_items,
        }
    }
}
