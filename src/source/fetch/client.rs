//! One request, one answer: no redirect is followed here.

use std::io;
use std::time::Duration;

use ureq::http::Response;
use ureq::unversioned::resolver::Resolver;
use ureq::unversioned::transport::Connector;
use ureq::{Agent, Body};
use url::Url;

use super::error::FetchError;
use super::options::FetchOptions;
use super::resolver::{CheckedResolver, NameFault};

/// What is asked for; anything is taken, as hosts without choice answer so.
const ACCEPT: &str = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1";

/// How long a connection is kept for the next request: short of the five
/// seconds after which common servers close theirs.
const MAX_IDLE_AGE: Duration = Duration::from_secs(3);

/// Asks for one address at a time, within bounds.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
    timeout: Duration,
}

impl Client {
    /// No proxy of the environment is used: it would look names up by itself,
    /// past the check.
    pub fn new(options: &FetchOptions, lookup: impl Resolver, connector: impl Connector) -> Self {
        let user_agent: String = options
            .user_agent
            .chars()
            .filter(|c| matches!(c, ' '..='~'))
            .collect();
        let config = Agent::config_builder()
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(options.timeout))
            .user_agent(user_agent)
            .accept(ACCEPT)
            .accept_encoding("gzip")
            .max_idle_age(MAX_IDLE_AGE)
            .build();
        let resolver = CheckedResolver {
            lookup,
            allow_private: options.allow_private,
        };
        Self {
            agent: Agent::with_parts(config, connector, resolver),
            timeout: options.timeout,
        }
    }

    /// The time that one page has.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Checks what an address says by itself, before anything is asked.
    ///
    /// # Errors
    /// When it is of another scheme, or holds a user name or password.
    pub fn check(&self, url: &Url) -> Result<(), FetchError> {
        if !matches!(url.scheme(), "http" | "https") {
            let scheme = url.scheme().to_owned();
            return Err(FetchError::Scheme { scheme });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(FetchError::Credentials);
        }
        Ok(())
    }

    /// Asks for `url`. The answer's body is still to be read, in what is left
    /// of `left`.
    ///
    /// # Errors
    /// When the address may not be asked, or no answer comes.
    pub fn get(&self, url: &Url, left: Duration) -> Result<Response<Body>, FetchError> {
        self.check(url)?;
        let request = self.agent.get(url.as_str());
        let answer = if left < self.timeout {
            let request = request.config().timeout_global(Some(left));
            request.build().call()
        } else {
            // Only requests that change no setting share the TLS set-up.
            request.call()
        };
        answer.map_err(|error| self.fault(error, url))
    }

    fn fault(&self, error: ureq::Error, url: &Url) -> FetchError {
        let host = || url.host_str().unwrap_or_default().to_owned();
        match error {
            ureq::Error::Io(error) if tls_fault(&error, url) => FetchError::Tls {
                reason: error.to_string(),
            },
            ureq::Error::Tls(reason) => FetchError::Tls {
                reason: reason.to_owned(),
            },
            ureq::Error::Rustls(error) => FetchError::Tls {
                reason: error.to_string(),
            },
            ureq::Error::Other(other) => match other.downcast::<NameFault>().map(|fault| *fault) {
                Ok(NameFault::Refused { address, reason }) => FetchError::Refused {
                    host: host(),
                    address,
                    reason,
                },
                Ok(NameFault::NotFound(reason)) => FetchError::HostNotFound {
                    host: host(),
                    reason,
                },
                Err(other) => FetchError::Protocol {
                    reason: other.to_string(),
                },
            },
            error => self.transport_fault(error),
        }
    }

    /// What a fault on the way means, while the head or the body is read.
    pub fn transport_fault(&self, error: ureq::Error) -> FetchError {
        match error {
            ureq::Error::Timeout(_) => FetchError::Timeout {
                limit: self.timeout,
            },
            ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => {
                FetchError::Timeout {
                    limit: self.timeout,
                }
            }
            ureq::Error::Io(error) => FetchError::Connection(error),
            error => FetchError::Protocol {
                reason: error.to_string(),
            },
        }
    }
}

/// What rustls finds wrong comes as invalid data from the handshake.
fn tls_fault(error: &io::Error, url: &Url) -> bool {
    url.scheme() == "https" && error.kind() == io::ErrorKind::InvalidData
}

#[cfg(test)]
mod tests {
    use super::*;
    use ureq::unversioned::resolver::DefaultResolver;
    use ureq::unversioned::transport::DefaultConnector;

    #[test]
    fn no_proxy_is_used_and_no_user_agent_can_break_a_header() {
        let options = FetchOptions {
            user_agent: "crawler\r\nX-Admin: 1 ✓".to_owned(),
            ..FetchOptions::default()
        };
        let client = Client::new(
            &options,
            DefaultResolver::default(),
            DefaultConnector::default(),
        );
        assert!(client.agent.config().proxy().is_none());
        let sent = format!("{:?}", client.agent.config().user_agent());
        assert!(sent.contains("\"crawlerX-Admin: 1 \""), "{sent}");
    }
}
