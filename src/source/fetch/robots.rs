//! What hosts allow to be fetched: `robots.txt`, by RFC 9309.
//!
//! The file of a scheme, host and port is fetched the same safe way as pages
//! are, once a day at most. A host that says that it has none (4xx) allows
//! everything; one that cannot say (5xx, no answer) forbids everything, and is
//! asked again after five minutes.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use robotxt::{BYTE_LIMIT, Robots};
use url::{Position, Url};

use super::client::Client;
use super::error::{FetchError, FetchWarning, quoted};
use super::options::MAX_CRAWL_DELAY;
use super::turns::Walk;
use super::{body, head};

/// The name that groups of rules are for (RFC 9309 §2.2.1).
const PRODUCT_TOKEN: &str = "dehusk";

/// RFC 9309 §2.3.1.2.
const MAX_REDIRECTS: usize = 5;

/// RFC 9309 §2.4.
const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

const ASKED_AGAIN_AFTER: Duration = Duration::from_secs(5 * 60);

/// Bounds on what is kept: files, and bytes of them. A rule of eight bytes
/// takes some fifty in memory.
const KEPT_FILES: usize = 4096;
const KEPT_BYTES: usize = 8 << 20;

/// The files that were fetched; shared by all threads that fetch.
#[derive(Debug, Default)]
pub(super) struct RobotsFiles {
    kept: Mutex<Kept>,
}

#[derive(Debug)]
enum Rules {
    Known(Robots),
    Unreachable(String),
}

impl RobotsFiles {
    /// Says whether `url` may be fetched, and how long its host is to rest
    /// after it, where its `robots.txt` tells. The walk's turn ends up at
    /// `url`'s host.
    ///
    /// # Errors
    /// When it may not be, or when the host cannot be reached at all.
    pub fn check(
        &self,
        client: &Client,
        url: &Url,
        walk: &mut Walk<'_>,
    ) -> Result<Option<Duration>, FetchError> {
        let Ok(robots_url) = robotxt::robots_url(url) else {
            let scheme = url.scheme().to_owned();
            return Err(FetchError::Scheme { scheme });
        };
        // While the turn is held no other walk fetches the same file.
        walk.go_to(url);
        let kept = self.kept().get(robots_url.as_str());
        let rules = match kept {
            Some(rules) => rules,
            None => self.fetch(client, &robots_url, walk)?,
        };
        walk.go_to(url);
        let robots = robots_url.to_string();
        match &*rules {
            Rules::Unreachable(reason) => Err(FetchError::RobotsUnreachable {
                robots,
                reason: reason.clone(),
            }),
            Rules::Known(rules) if rules.is_url_allowed(url) => {
                Ok(rules.crawl_delay().map(|delay| delay.min(MAX_CRAWL_DELAY)))
            }
            Rules::Known(rules) => {
                let path = &url[Position::BeforePath..Position::AfterQuery];
                let pattern = rules.matching_rule(path).map_or("/", |rule| rule.pattern());
                Err(FetchError::Disallowed {
                    robots,
                    rule: format!("Disallow: {}", quoted(pattern)),
                })
            }
        }
    }

    fn fetch(
        &self,
        client: &Client,
        robots_url: &Url,
        walk: &mut Walk<'_>,
    ) -> Result<Arc<Rules>, FetchError> {
        let (rules, size, keep_for) = match read(client, robots_url, walk) {
            Ok(text) => {
                let rules = Robots::parse(&text, PRODUCT_TOKEN);
                (Rules::Known(rules), text.len(), KEPT_FOR)
            }
            // The page would fail the same way: that is the better message.
            Err(
                error @ (FetchError::Refused { .. }
                | FetchError::HostNotFound { .. }
                | FetchError::Tls { .. }
                | FetchError::Connection(_)),
            ) => return Err(error),
            Err(error) => {
                let reason = error.to_string();
                let size = reason.len();
                (Rules::Unreachable(reason), size, ASKED_AGAIN_AFTER)
            }
        };
        let rules = Arc::new(rules);
        self.kept()
            .insert(robots_url.as_str(), Arc::clone(&rules), size, keep_for);
        Ok(rules)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The text of a `robots.txt`; none where there is no such file, or more
/// redirects to it than are to be followed.
fn read(client: &Client, robots_url: &Url, walk: &mut Walk<'_>) -> Result<Vec<u8>, FetchError> {
    let mut left = client.timeout();
    let mut url = robots_url.clone();
    for redirects in 0..=MAX_REDIRECTS {
        walk.go_to(&url);
        let started = Instant::now();
        let answer = match ask(client, &url, left) {
            Err(error) if redirects > 0 => return Err(FetchError::redirected(url, error)),
            answer => answer?,
        };
        left = left.saturating_sub(started.elapsed());
        match answer {
            Answer::Text(text) => return Ok(text),
            Answer::Redirect(target) => url = target,
        }
    }
    Ok(Vec::new())
}

enum Answer {
    Text(Vec<u8>),
    Redirect(Url),
}

fn ask(client: &Client, url: &Url, left: Duration) -> Result<Answer, FetchError> {
    let response = client.get(url, left)?;
    let status = response.status();
    if let Some(target) = head::redirect(url, status, response.headers())? {
        return Ok(Answer::Redirect(target));
    }
    if status.is_client_error() {
        return Ok(Answer::Text(Vec::new()));
    }
    if !status.is_success() {
        let status = status.as_u16();
        return Err(FetchError::Status { status });
    }
    // One byte more lets the parser see that the last line is cut.
    match body::read(client, response, BYTE_LIMIT + 1)? {
        (_, Some(broken @ FetchWarning::BrokenOff { .. })) => Err(FetchError::Protocol {
            reason: broken.to_string(),
        }),
        (text, _) => Ok(Answer::Text(text)),
    }
}

/// Rules by address of their file, the oldest forgotten first.
#[derive(Debug, Default)]
struct Kept {
    files: HashMap<String, KeptFile>,
    oldest_first: VecDeque<String>,
    bytes: usize,
}

#[derive(Debug)]
struct KeptFile {
    rules: Arc<Rules>,
    size: usize,
    until: Option<Instant>,
}

impl Kept {
    fn get(&self, address: &str) -> Option<Arc<Rules>> {
        let file = self.files.get(address)?;
        let fresh = file.until.is_none_or(|until| Instant::now() < until);
        fresh.then(|| Arc::clone(&file.rules))
    }

    fn insert(&mut self, address: &str, rules: Arc<Rules>, size: usize, keep_for: Duration) {
        let file = KeptFile {
            rules,
            size,
            until: Instant::now().checked_add(keep_for),
        };
        self.bytes += size;
        if let Some(stale) = self.files.insert(address.to_owned(), file) {
            self.bytes -= stale.size;
            self.oldest_first.retain(|kept| kept != address);
        }
        self.oldest_first.push_back(address.to_owned());
        while self.files.len() > KEPT_FILES || (self.bytes > KEPT_BYTES && self.files.len() > 1) {
            let Some(oldest) = self.oldest_first.pop_front() else {
                break;
            };
            if let Some(file) = self.files.remove(&oldest) {
                self.bytes -= file.size;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowing() -> Arc<Rules> {
        Arc::new(Rules::Known(Robots::allow_all()))
    }

    #[test]
    fn what_is_kept_stays_within_bounds_and_the_newest_stays() {
        let mut kept = Kept::default();
        for number in 0..2 * KEPT_FILES {
            kept.insert(&format!("h{number}"), allowing(), 10, KEPT_FOR);
        }
        assert_eq!(kept.files.len(), KEPT_FILES);
        assert!(kept.get("h0").is_none());
        for number in 0..40 {
            kept.insert(&format!("big{number}"), allowing(), BYTE_LIMIT, KEPT_FOR);
        }
        assert!(kept.bytes <= KEPT_BYTES);
        assert!(kept.get("big39").is_some());
        assert_eq!(kept.files.len(), kept.oldest_first.len());
    }

    #[test]
    fn a_file_past_its_time_is_fetched_again() {
        let mut kept = Kept::default();
        kept.insert("h", allowing(), 10, Duration::ZERO);
        assert!(kept.get("h").is_none());
        kept.insert("h", allowing(), 30, KEPT_FOR);
        assert!(kept.get("h").is_some());
        assert_eq!(kept.bytes, 30);
        assert_eq!(kept.oldest_first.len(), 1);
    }
}
