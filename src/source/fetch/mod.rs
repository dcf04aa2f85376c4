//! `http` and `https` addresses → pages, politely and safely.
//!
//! [`Fetcher`] is shared by all threads that fetch. **Polite:** it names itself
//! in its `User-Agent`, leaves alone what a host's `robots.txt` disallows,
//! asks a host for one page at a time, and lets it rest before the next (the
//! redirects of one page within a host, and `robots.txt`, count as one visit).
//! **Safe:** time, bytes and redirects are bounded; an address outside the
//! public Internet is refused ([`not_public`]), for each redirect anew, and the
//! address that was checked is the one connected to; certificates are always
//! checked; no proxy of the environment is used, as it would look names up
//! past the check.
//!
//! ```no_run
//! use dehusk::source::fetch::{FetchOptions, Fetcher};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let fetcher = Fetcher::new(FetchOptions::default());
//! let fetched = fetcher.fetch(&"https://example.org/".parse()?)?;
//! println!("{} bytes from {}", fetched.bytes.len(), fetched.url);
//! # Ok(())
//! # }
//! ```

mod address;
mod body;
mod client;
mod error;
mod head;
mod options;
mod resolver;
mod robots;
mod turns;

#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use ureq::unversioned::resolver::{DefaultResolver, Resolver};
use ureq::unversioned::transport::{Connector, DefaultConnector};
use url::Url;

pub use address::{NotPublic, not_public};
pub use error::{FetchError, FetchWarning};
pub use options::{FetchOptions, MAX_CRAWL_DELAY};

use client::Client;
use robots::RobotsFiles;
use turns::{Turns, Walk};

/// Fetches pages; one for all threads, so that they take turns at a host.
#[derive(Debug)]
pub struct Fetcher {
    options: FetchOptions,
    client: Client,
    robots: RobotsFiles,
    turns: Turns,
}

/// A page as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Where it was in the end, without fragment.
    pub url: Url,
    /// HTTP status, 200 to 299.
    pub status: u16,
    /// The `charset` parameter of the `Content-Type`, where there was one.
    pub charset: Option<String>,
    /// The page, unpacked, in the encoding it came in.
    pub bytes: Vec<u8>,
    /// What was cut, if anything was.
    pub warning: Option<FetchWarning>,
}

/// What one request came to.
enum Step {
    Page(Fetched),
    Redirect(Url),
}

impl Fetcher {
    /// A fetcher that has asked no host yet.
    pub fn new(options: FetchOptions) -> Self {
        Self::over(
            options,
            DefaultResolver::default(),
            DefaultConnector::default(),
        )
    }

    /// As [`Fetcher::new`], with names looked up by `lookup` and connections
    /// made by `connector`.
    fn over(options: FetchOptions, lookup: impl Resolver, connector: impl Connector) -> Self {
        Self {
            client: Client::new(&options, lookup, connector),
            options,
            robots: RobotsFiles::default(),
            turns: Turns::default(),
        }
    }

    /// Fetches the page at `url`, or at where it redirects to. Blocks until the
    /// host's turn has come and the page is there; other threads may fetch from
    /// other hosts meanwhile.
    ///
    /// # Errors
    /// When the address may not be fetched, nothing comes in time, or what
    /// comes is no page; see [`FetchError`].
    pub fn fetch(&self, url: &Url) -> Result<Fetched, FetchError> {
        let mut walk = self.turns.walk();
        let mut left = self.options.timeout;
        let mut url = url.clone();
        url.set_fragment(None);
        let mut redirects = 0;
        loop {
            match self.step(&url, &mut walk, &mut left) {
                Ok(Step::Page(fetched)) => return Ok(fetched),
                Ok(Step::Redirect(target)) if redirects < self.options.max_redirects => {
                    redirects += 1;
                    url = target;
                }
                Ok(Step::Redirect(_)) => {
                    let limit = self.options.max_redirects;
                    return Err(FetchError::TooManyRedirects { limit });
                }
                Err(error) if redirects > 0 => return Err(FetchError::redirected(url, error)),
                Err(error) => return Err(error),
            }
        }
    }

    /// One request; what it takes is taken off `left`.
    fn step(
        &self,
        url: &Url,
        walk: &mut Walk<'_>,
        left: &mut Duration,
    ) -> Result<Step, FetchError> {
        self.client.check(url)?;
        walk.go_to(url);
        let mut pause = self.options.delay;
        if self.options.respect_robots
            && let Some(delay) = self.robots.check(&self.client, url, walk)?
        {
            pause = pause.max(delay);
        }
        walk.pause_after(pause);
        let started = Instant::now();
        let step = self.ask(url, *left);
        *left = left.saturating_sub(started.elapsed());
        step
    }

    fn ask(&self, url: &Url, left: Duration) -> Result<Step, FetchError> {
        let response = self.client.get(url, left)?;
        let status = response.status();
        if let Some(target) = head::redirect(url, status, response.headers())? {
            return Ok(Step::Redirect(target));
        }
        if !status.is_success() {
            let status = status.as_u16();
            return Err(FetchError::Status { status });
        }
        let content_type = head::ContentType::of(response.headers());
        if !content_type.may_be_html() {
            let content_type = error::quoted(&content_type.essence);
            return Err(FetchError::ContentType { content_type });
        }
        let (bytes, warning) = body::read(&self.client, response, self.options.max_bytes)?;
        Ok(Step::Page(Fetched {
            url: url.clone(),
            status: status.as_u16(),
            charset: content_type.charset,
            bytes,
            warning,
        }))
    }
}
