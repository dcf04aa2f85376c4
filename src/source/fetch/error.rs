//! Why a page was not fetched, and what is to be said of one that was.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use url::Url;

use super::address::NotPublic;

/// Why an address gives no page.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// Neither `http` nor `https`.
    #[error("only http and https addresses are fetched, not {scheme}")]
    Scheme {
        /// What it is instead.
        scheme: String,
    },
    /// The address holds a user name or password.
    #[error("the address holds a user name or a password, which are never sent: leave them out")]
    Credentials,
    /// The host is not on the public Internet. One such address among a name's
    /// is enough.
    #[error("{host} is at {address}, {reason}: --allow-private fetches from such addresses")]
    Refused {
        /// As the URL has it.
        host: String,
        /// Where it is.
        address: IpAddr,
        /// What kind of address that is.
        reason: NotPublic,
    },
    /// The host's `robots.txt` says no.
    #[error("{robots} disallows it ({rule}): --ignore-robots fetches it all the same")]
    Disallowed {
        /// Address of the `robots.txt`.
        robots: String,
        /// The rule that decides, as `Disallow: PATTERN`.
        rule: String,
    },
    /// The host's `robots.txt` cannot be had, which forbids everything
    /// (RFC 9309 §2.3.1.4).
    #[error(
        "{robots} cannot be had ({reason}), so nothing may be fetched from there for now: \
         try again later, or do without it by --ignore-robots"
    )]
    RobotsUnreachable {
        /// Address of the `robots.txt`.
        robots: String,
        /// What went wrong.
        reason: String,
    },
    /// [`FetchOptions::max_redirects`](super::FetchOptions::max_redirects) was
    /// passed.
    #[error("redirected more than {limit} times")]
    TooManyRedirects {
        /// The bound.
        limit: usize,
    },
    /// A redirect that leads nowhere.
    #[error("status {status} redirects to no address that can be read ({location:?})")]
    BadRedirect {
        /// HTTP status.
        status: u16,
        /// The `Location` header; empty where there is none.
        location: String,
    },
    /// What went wrong went wrong after a redirect.
    #[error("redirected to {to}: {error}")]
    Redirected {
        /// The address that was asked last.
        to: Box<Url>,
        /// What went wrong there.
        #[source]
        error: Box<FetchError>,
    },
    /// The host answered with a status other than 2xx.
    #[error("the host answered with status {status}")]
    Status {
        /// HTTP status.
        status: u16,
    },
    /// The host says that this is no HTML.
    #[error("this is {content_type}, not HTML")]
    ContentType {
        /// The `Content-Type` header without its parameters.
        content_type: String,
    },
    /// The host packed the page in a way that was not asked for.
    #[error("the page is packed by {encoding:?}: only gzip is undone")]
    ContentEncoding {
        /// The `Content-Encoding` header.
        encoding: String,
    },
    /// The page's packing is damaged.
    #[error("the page cannot be unpacked: {0}")]
    Unpack(#[source] io::Error),
    /// [`FetchOptions::timeout`](super::FetchOptions::timeout) was passed.
    #[error("not there after {limit:?}: the host is slow, or a longer --fetch-timeout is needed")]
    Timeout {
        /// The bound.
        limit: Duration,
    },
    /// The name cannot be looked up.
    #[error("the name {host} cannot be looked up: {reason}")]
    HostNotFound {
        /// As the URL has it.
        host: String,
        /// What the resolver said.
        reason: String,
    },
    /// No secure connection: a certificate that is not trusted, most often.
    #[error("no secure connection to the host: {reason}")]
    Tls {
        /// What was wrong.
        reason: String,
    },
    /// No connection, or one that broke.
    #[error("the connection failed: {0}")]
    Connection(#[source] io::Error),
    /// The answer is not HTTP, or out of bounds.
    #[error("the host's answer cannot be read: {reason}")]
    Protocol {
        /// What was wrong.
        reason: String,
    },
}

/// Characters of a host's words that a message holds at most.
const QUOTED: usize = 200;

/// What a host says, short enough for a message.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

impl FetchError {
    /// What went wrong at `to`, which a redirect had led to. Of a user name and
    /// password that the redirect held nothing is told.
    pub(super) fn redirected(mut to: Url, error: Self) -> Self {
        // Only addresses without a host cannot have these taken off.
        let _ = to.set_username("");
        let _ = to.set_password(None);
        Self::Redirected {
            to: Box::new(to),
            error: Box::new(error),
        }
    }

    /// What went wrong, wherever redirects had led to.
    pub fn cause(&self) -> &Self {
        match self {
            Self::Redirected { error, .. } => error.cause(),
            other => other,
        }
    }
}

/// Something to know of a page that was fetched all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchWarning {
    /// [`FetchOptions::max_bytes`](super::FetchOptions::max_bytes) was passed.
    #[error("page cut after {limit} bytes: a larger --max-bytes reads more")]
    Cut {
        /// Bytes that were kept.
        limit: usize,
    },
    /// The connection ended before the page did.
    #[error("the connection broke off after {bytes} bytes of the page")]
    BrokenOff {
        /// Bytes that had come, decoded.
        bytes: usize,
    },
}
