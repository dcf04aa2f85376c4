//! Forms that are text: what stands before, for and after the pages.

use std::io::{self, Write};

use serde::Serialize;

use super::{Content, PageRecord};

/// Writes items one after another.
pub(super) trait Encode<T>: Send {
    /// What stands before the first.
    fn begin(&self, _out: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }

    /// One, before which `before` others were written.
    fn item(&self, item: &T, before: u64, out: &mut Vec<u8>) -> io::Result<()>;

    /// What stands after the last.
    fn end(&self, _out: &mut Vec<u8>) {}
}

/// A rendering alone.
pub(super) struct Rendering {
    pub(super) content: Content,
    /// Whether each is headed by its id.
    pub(super) several: bool,
}

impl Encode<PageRecord> for Rendering {
    fn item(&self, page: &PageRecord, before: u64, out: &mut Vec<u8>) -> io::Result<()> {
        if self.several {
            let gap = if before > 0 { "\n" } else { "" };
            writeln!(out, "{gap}==> {} <==", page.id)?;
        }
        let text = self.content.of(&page.extraction).unwrap_or_default();
        if !text.is_empty() {
            out.extend_from_slice(text.as_bytes());
            if !text.ends_with('\n') {
                out.push(b'\n');
            }
        }
        Ok(())
    }
}

/// JSON for reading.
pub(super) struct Json {
    /// Whether the pages are an array.
    pub(super) several: bool,
}

impl Encode<PageRecord> for Json {
    fn begin(&self, out: &mut Vec<u8>) -> io::Result<()> {
        if self.several {
            out.push(b'[');
        }
        Ok(())
    }

    fn item(&self, page: &PageRecord, before: u64, out: &mut Vec<u8>) -> io::Result<()> {
        if self.several {
            out.extend_from_slice(if before > 0 { b",\n" } else { b"\n" });
        }
        serde_json::to_writer_pretty(&mut *out, page)?;
        if !self.several {
            out.push(b'\n');
        }
        Ok(())
    }

    fn end(&self, out: &mut Vec<u8>) {
        if self.several {
            out.extend_from_slice(b"\n]\n");
        }
    }
}

/// An object a line.
pub(super) struct Jsonl;

impl<T: Serialize> Encode<T> for Jsonl {
    fn item(&self, item: &T, _before: u64, out: &mut Vec<u8>) -> io::Result<()> {
        serde_json::to_writer(&mut *out, item)?;
        out.push(b'\n');
        Ok(())
    }
}
