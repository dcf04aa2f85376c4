//! What the head of an answer says: where it redirects to, what it is.

use ureq::http::{HeaderMap, StatusCode, header};
use url::Url;

use super::error::{FetchError, quoted};

/// Where an answer redirects to; `None` when it is no redirect.
///
/// # Errors
/// When it redirects to nothing that is an address.
pub(super) fn redirect(
    url: &Url,
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<Option<Url>, FetchError> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = headers
        .get(header::LOCATION)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .unwrap_or_default();
    match url.join(&location) {
        Ok(mut target) if !location.is_empty() => {
            target.set_fragment(None);
            Ok(Some(target))
        }
        _ => Err(FetchError::BadRedirect {
            status: status.as_u16(),
            location: quoted(&location),
        }),
    }
}

/// What a `Content-Type` header says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ContentType {
    /// Type and subtype, in lower case; empty where the header says nothing.
    pub essence: String,
    /// The `charset` parameter.
    pub charset: Option<String>,
}

impl ContentType {
    pub fn of(headers: &HeaderMap) -> Self {
        headers
            .get(header::CONTENT_TYPE)
            .map(|value| Self::parse(&String::from_utf8_lossy(value.as_bytes())))
            .unwrap_or_default()
    }

    fn parse(value: &str) -> Self {
        let mut parts = value.split(';');
        let essence = parts.next().unwrap_or_default().trim();
        let charset = parts.find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            let value = value.trim().trim_matches(['"', '\'']);
            let is_charset = name.trim().eq_ignore_ascii_case("charset") && !value.is_empty();
            is_charset.then(|| value.to_owned())
        });
        Self {
            essence: essence.to_ascii_lowercase(),
            charset,
        }
    }

    /// Whether it may be a page: one that says nothing may.
    pub fn may_be_html(&self) -> bool {
        matches!(
            self.essence.as_str(),
            "" | "text/html" | "application/xhtml+xml"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charset_is_found_however_it_is_written() {
        for value in [
            "text/html; charset=koi8-r",
            "Text/HTML;CHARSET=\"koi8-r\"",
            "text/html; x=1; Charset = 'koi8-r' ; charset=utf-8",
        ] {
            let content_type = ContentType::parse(value);
            assert_eq!(content_type.essence, "text/html");
            assert_eq!(content_type.charset.as_deref(), Some("koi8-r"), "{value}");
        }
        assert_eq!(ContentType::parse("text/html; charset=").charset, None);
    }
}
