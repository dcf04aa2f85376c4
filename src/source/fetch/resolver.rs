//! Names → addresses that may be connected to.
//!
//! ureq connects to the addresses that its resolver returns and looks no name
//! up again, so an address that passed here is the address connected to: a name
//! server that answers otherwise the second time (DNS rebinding) gains nothing.

use std::net::IpAddr;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::address::{NotPublic, not_public};

/// A resolver that refuses a name when any of its addresses is not public: a
/// name with one address inside and one outside is a mistake or an attack.
#[derive(Debug)]
pub(super) struct CheckedResolver<R> {
    pub lookup: R,
    pub allow_private: bool,
}

/// What went wrong with a name; carried through ureq as its `Error::Other`.
#[derive(Debug, thiserror::Error)]
pub(super) enum NameFault {
    #[error("{0}")]
    NotFound(String),
    #[error("{address} is {reason}")]
    Refused { address: IpAddr, reason: NotPublic },
}

impl<R: Resolver> Resolver for CheckedResolver<R> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = match self.lookup.resolve(uri, config, timeout) {
            Ok(found) => found,
            Err(timeout @ ureq::Error::Timeout(_)) => return Err(timeout),
            Err(error) => {
                let reason = match error {
                    ureq::Error::Io(error) => error.to_string(),
                    error => error.to_string(),
                };
                return Err(other(NameFault::NotFound(reason)));
            }
        };
        if !self.allow_private {
            for address in found.iter().map(|socket| socket.ip()) {
                if let Some(reason) = not_public(address) {
                    return Err(other(NameFault::Refused { address, reason }));
                }
            }
        }
        Ok(found)
    }
}

fn other(fault: NameFault) -> ureq::Error {
    ureq::Error::Other(Box::new(fault))
}
