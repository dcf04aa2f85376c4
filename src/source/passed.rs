//! What is passed over on purpose.

use std::fmt::{self, Display};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::warc::PassedOver;

/// Counts what is passed over because it is no page; clones share the counts.
///
/// It shows itself as `2 files that are not named like pages or archives, 3 request
/// records`.
#[derive(Debug, Clone, Default)]
pub struct Passed {
    files: Arc<AtomicU64>,
    /// Records of WARC archives.
    pub records: PassedOver,
}

impl Passed {
    pub(super) fn file(&self) {
        self.files.fetch_add(1, Ordering::Relaxed);
    }

    /// Files below folders whose names are neither a page's nor an archive's.
    pub fn files(&self) -> u64 {
        self.files.load(Ordering::Relaxed)
    }
}

impl Display for Passed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (files, records) = (self.files(), self.records.total());
        if files > 0 {
            let files = if files == 1 {
                "1 file".to_owned()
            } else {
                format!("{files} files")
            };
            write!(
                f,
                "{files} not named like a page (.html, .htm, .xhtml, .shtml; as text .txt) or archive \
                 (.warc, .wet)"
            )?;
        }
        let comma = if files > 0 && records > 0 { ", " } else { "" };
        write!(f, "{comma}{}", self.records)
    }
}
