//! How many records gave no page on purpose, and why.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Why a record is passed over: it is whole, but no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NoPage {
    /// A `request` record.
    Request,
    /// A `metadata` record.
    Metadata,
    /// A `warcinfo` record.
    Warcinfo,
    /// A `revisit` record: the page was as it had been, and stands elsewhere.
    Revisit,
    /// A `conversion` record of something else than plain text.
    Conversion,
    /// A `continuation` record: a later segment of a long one.
    Continuation,
    /// A record of another type, or of none.
    OtherType,
    /// A response of status 3xx.
    Redirect,
    /// A response of status 4xx.
    ClientError,
    /// A response of status 5xx.
    ServerError,
    /// A response of another status that is not 2xx.
    OtherStatus,
    /// Something else than HTML, by its type or, without one, by how it begins.
    NotHtml,
    /// A response or resource without a body.
    Empty,
}

impl NoPage {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 13] = [
        Self::Request,
        Self::Metadata,
        Self::Warcinfo,
        Self::Revisit,
        Self::Conversion,
        Self::Continuation,
        Self::OtherType,
        Self::Redirect,
        Self::ClientError,
        Self::ServerError,
        Self::OtherStatus,
        Self::NotHtml,
        Self::Empty,
    ];

    /// In words, for a count to stand before.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "request records",
            Self::Metadata => "metadata records",
            Self::Warcinfo => "warcinfo records",
            Self::Revisit => "revisit records",
            Self::Conversion => "conversions to other than plain text",
            Self::Continuation => "continuation records",
            Self::OtherType => "records of other types",
            Self::Redirect => "redirects",
            Self::ClientError => "client errors (4xx)",
            Self::ServerError => "server errors (5xx)",
            Self::OtherStatus => "responses of other statuses",
            Self::NotHtml => "not HTML",
            Self::Empty => "without a body",
        }
    }
}

/// Counts of the records that were passed over. Clones share the counts, so
/// one can be kept and read while the reader works, or after it is gone.
///
/// It shows itself as `3 request records, 1 redirects`.
#[derive(Debug, Clone, Default)]
pub struct PassedOver(Arc<[AtomicU64; NoPage::ALL.len()]>);

impl PassedOver {
    pub(super) fn add(&self, reason: NoPage) {
        self.0[reason as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Records passed over for one reason.
    pub fn count(&self, reason: NoPage) -> u64 {
        self.0[reason as usize].load(Ordering::Relaxed)
    }

    /// Records passed over in all.
    pub fn total(&self) -> u64 {
        NoPage::ALL.iter().map(|&reason| self.count(reason)).sum()
    }

    /// The reasons that there were, with their counts, in the order of
    /// [`NoPage::ALL`].
    pub fn counts(&self) -> impl Iterator<Item = (NoPage, u64)> + '_ {
        NoPage::ALL
            .into_iter()
            .map(|reason| (reason, self.count(reason)))
            .filter(|&(_, count)| count > 0)
    }
}

impl fmt::Display for PassedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (reason, count)) in self.counts().enumerate() {
            let comma = if i > 0 { ", " } else { "" };
            write!(f, "{comma}{count} {}", reason.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_shared_and_shown_in_order() {
        let counts = PassedOver::default();
        let shared = counts.clone();
        for reason in NoPage::ALL {
            shared.add(reason);
        }
        shared.add(NoPage::Request);
        assert_eq!(counts.total(), 14);
        assert!(counts.counts().map(|(reason, _)| reason).is_sorted());
        let shown = counts.to_string();
        assert!(
            shown.starts_with("2 request records, 1 metadata"),
            "{shown}"
        );
    }
}
