//! Flags that say how pages of the web are fetched.

use std::sync::Arc;
use std::time::Duration;

use crate::source::fetch::{FetchOptions, Fetcher};

/// How pages of the web are fetched.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Pages of the web")]
pub(super) struct Fetching {
    /// Seconds that a page may take, redirects and all
    #[arg(long, value_name = "SECONDS", default_value = "20", value_parser = seconds)]
    fetch_timeout: Duration,
    /// Seconds to rest between two pages of one host (longer where its
    /// robots.txt asks for it)
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = seconds)]
    fetch_delay: Duration,
    /// Name that is given to servers [default: dehusk/VERSION]
    #[arg(long, value_name = "NAME")]
    user_agent: Option<String>,
    /// Fetch what a host's robots.txt asks to leave alone
    #[arg(long)]
    ignore_robots: bool,
    /// Fetch from addresses that are not of the public Internet: this machine,
    /// private networks, link-local and metadata services
    #[arg(long)]
    allow_private: bool,
}

impl Fetching {
    /// Fetches pages of so many bytes at the most.
    pub(super) fn fetcher(&self, max_bytes: usize) -> Arc<Fetcher> {
        let usual = FetchOptions::default();
        Arc::new(Fetcher::new(FetchOptions {
            timeout: self.fetch_timeout,
            delay: self.fetch_delay,
            max_bytes,
            respect_robots: !self.ignore_robots,
            allow_private: self.allow_private,
            user_agent: self.user_agent.clone().unwrap_or(usual.user_agent),
            ..usual
        }))
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "a number of seconds is wanted: 20, 0.5".to_owned())
}
