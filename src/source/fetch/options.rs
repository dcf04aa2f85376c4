//! What a fetcher may do and how long it may take.

use std::time::Duration;

/// How pages are fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchOptions {
    /// For one page from the look-up of its name to its last byte, redirects
    /// included. Waiting for the host's turn does not count; the host's
    /// `robots.txt` has as long again.
    pub timeout: Duration,
    /// Bytes of a page, decoded; a longer page is cut there, with a
    /// [`FetchWarning`](super::FetchWarning).
    pub max_bytes: usize,
    /// Redirects followed for one page.
    pub max_redirects: usize,
    /// Whether what a host's `robots.txt` disallows is left alone (RFC 9309),
    /// and its `Crawl-delay` heeded.
    pub respect_robots: bool,
    /// Whether addresses outside the public Internet are fetched from: see
    /// [`not_public`](super::not_public).
    pub allow_private: bool,
    /// The `User-Agent` header. Characters other than printable ASCII are left
    /// out.
    pub user_agent: String,
    /// Between the end of one page of a host and the request for its next.
    /// A longer `Crawl-delay` of its `robots.txt` takes its place, up to
    /// [`MAX_CRAWL_DELAY`].
    pub delay: Duration,
}

/// The longest `Crawl-delay` that is waited for.
pub const MAX_CRAWL_DELAY: Duration = Duration::from_secs(30);

impl Default for FetchOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(20),
            max_bytes: crate::source::MAX_BYTES,
            max_redirects: 5,
            respect_robots: true,
            allow_private: false,
            user_agent: concat!("dehusk/", env!("CARGO_PKG_VERSION")).to_owned(),
            delay: Duration::from_secs(1),
        }
    }
}
