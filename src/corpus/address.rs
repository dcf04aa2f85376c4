//! Which site a page is of: by its address, else by what it says of itself.

use std::collections::BTreeMap;

use url::{Host, Url};

/// The registrable domain of an address, by the Public Suffix List (private
/// suffixes count: each blog of a blog host is a site). `None` where there is
/// no host, the host is an IP address, or its suffix is not in the list.
///
/// An address without a scheme is read as `http`.
///
/// ```
/// use dehusk::corpus::registrable_domain;
///
/// assert_eq!(registrable_domain("https://www.bbc.co.uk/news").as_deref(), Some("bbc.co.uk"));
/// assert_eq!(registrable_domain("http://192.0.2.7/"), None);
/// ```
pub fn registrable_domain(url: &str) -> Option<String> {
    domain(&absolute(url)?)
}

/// The registrable domain of an address, else its host.
pub(crate) fn site(url: &str) -> Option<String> {
    let url = absolute(url)?;
    domain(&url).or_else(|| url.host_str().map(str::to_owned))
}

fn domain(url: &Url) -> Option<String> {
    let Some(Host::Domain(host)) = url.host() else {
        return None;
    };
    let domain = psl::domain(host.trim_end_matches('.').as_bytes())?;
    let text = std::str::from_utf8(domain.as_bytes()).ok()?;
    domain.suffix().is_known().then(|| text.to_owned())
}

/// Reads an absolute address, one that leaves out the scheme (`//host/path`),
/// or one that leaves out both (`host/path`, where the host's suffix is known).
fn absolute(address: &str) -> Option<Url> {
    let address = address.trim();
    if let Some(rest) = address.strip_prefix("//") {
        return Url::parse(&format!("http://{rest}")).ok();
    }
    match Url::parse(address) {
        Ok(url) if url.has_host() => Some(url),
        _ if address.starts_with(['/', '\\', '#', '?', '.']) || address.contains([' ', '@']) => {
            None
        }
        _ => Url::parse(&format!("http://{address}"))
            .ok()
            .filter(|url| domain(url).is_some()),
    }
}

/// What a page's markup says of where it came from.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Provenance {
    /// Its address: `<link rel=canonical>`, else `og:url`, else the comment
    /// that a browser writes when it saves a page.
    pub url: Option<String>,
    /// Its registrable domain: the address's, else that of `<base>`, else the
    /// one that the page's own links, images and forms name most.
    pub site: Option<String>,
}

/// Bytes of a tag that are read, so that an open quote costs no more.
const TAG_BYTES: usize = 4096;

impl Provenance {
    /// Looks through the tags of a page without building its tree: the answer
    /// is for grouping pages, so a tag in a comment or a script does no harm.
    pub fn of(html: &[u8]) -> Self {
        let (mut canonical, mut open_graph, mut saved, mut base) = (None, None, None, None);
        let mut named = BTreeMap::<String, usize>::new();
        let mut rest = html;
        while let Some(at) = rest.iter().position(|&b| b == b'<') {
            rest = &rest[at + 1..];
            let tag = &rest[..rest.len().min(TAG_BYTES)];
            if saved.is_none() && tag.starts_with(b"!-- saved from url=(") {
                saved = saved_from(tag);
                continue;
            }
            let name: Vec<u8> = tag
                .iter()
                .take(8)
                .take_while(|b| b.is_ascii_alphanumeric())
                .map(u8::to_ascii_lowercase)
                .collect();
            let attribute = |wanted: &str| attribute(&tag[name.len()..], wanted);
            let says = |wanted: &str, word: &str| {
                attribute(wanted).is_some_and(|v| v.eq_ignore_ascii_case(word))
            };
            match &name[..] {
                b"link" if canonical.is_none() && says("rel", "canonical") => {
                    canonical = attribute("href").and_then(|v| absolute(&v));
                }
                b"meta"
                    if open_graph.is_none()
                        && (says("property", "og:url") || says("name", "og:url")) =>
                {
                    open_graph = attribute("content").and_then(|v| absolute(&v));
                }
                b"base" if base.is_none() => {
                    base = attribute("href").and_then(|v| absolute(&v));
                }
                b"a" | b"area" | b"img" | b"form" | b"script" | b"link" => {
                    let address = ["href", "src", "action"].iter().find_map(|a| attribute(a));
                    if let Some(address) = address
                        && address.contains("//")
                        && let Some(site) = registrable_domain(&address)
                    {
                        *named.entry(site).or_default() += 1;
                    }
                }
                _ => {}
            }
        }
        let url = canonical.or(open_graph).or(saved);
        let most_named = || {
            let most = named.iter().map(|(_, &count)| count).max()?;
            let (site, _) = named.iter().find(|&(_, &count)| count == most)?;
            Some(site.clone())
        };
        Self {
            site: (url.as_ref().and_then(domain))
                .or_else(|| base.as_ref().and_then(domain))
                .or_else(most_named),
            url: url.map(String::from),
        }
    }
}

/// The address in `<!-- saved from url=(0021)http://… -->`.
fn saved_from(comment: &[u8]) -> Option<Url> {
    let text = String::from_utf8_lossy(comment);
    let (_, address) = text.split_once(')')?;
    let (address, _) = address.split_once("-->")?;
    absolute(address)
}

/// The value of an attribute of a tag whose name has been read.
fn attribute(mut tag: &[u8], wanted: &str) -> Option<String> {
    loop {
        tag = skip(tag, |b| b.is_ascii_whitespace() || b == b'/');
        if tag.first().is_none_or(|&b| b == b'>') {
            return None;
        }
        let name = until(tag, |b| {
            b.is_ascii_whitespace() || matches!(b, b'=' | b'>' | b'/')
        });
        // A stray `=` is a name of no length: step over it.
        tag = &tag[name.len().max(1)..];
        let spaced = skip(tag, |b| b.is_ascii_whitespace());
        let mut value: &[u8] = b"";
        if let Some(after) = spaced.strip_prefix(b"=") {
            let after = skip(after, |b| b.is_ascii_whitespace());
            (value, tag) = match after.first() {
                Some(&quote @ (b'"' | b'\'')) => {
                    let value = until(&after[1..], |b| b == quote);
                    (value, after.get(value.len() + 2..).unwrap_or_default())
                }
                _ => {
                    let value = until(after, |b| b.is_ascii_whitespace() || b == b'>');
                    (value, &after[value.len()..])
                }
            };
        }
        if name.eq_ignore_ascii_case(wanted.as_bytes()) {
            return Some(String::from_utf8_lossy(value).replace("&amp;", "&"));
        }
    }
}

fn skip(bytes: &[u8], what: impl Fn(u8) -> bool) -> &[u8] {
    &bytes[until(bytes, |b| !what(b)).len()..]
}

fn until(bytes: &[u8], stop: impl Fn(u8) -> bool) -> &[u8] {
    let end = bytes.iter().position(|&b| stop(b));
    &bytes[..end.unwrap_or(bytes.len())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn domains_follow_the_public_suffix_list() {
        for (url, domain) in [
            (
                "https://WWW.News.Example.Co.Uk:8080/a?b#c",
                Some("example.co.uk"),
            ),
            ("http://one.blogspot.com/", Some("one.blogspot.com")),
            ("http://example.com./", Some("example.com")),
            ("//www.example.org/a", Some("example.org")),
            ("www.example.org/a/434_1", Some("example.org")),
            ("http://192.0.2.7/", None),
            ("http://[2001:db8::1]/", None),
            ("http://intranet/", None),
            ("http://co.uk/", None),
            ("/a/b.html", None),
            ("index.html", None),
            ("mailto:a@example.org", None),
            ("", None),
        ] {
            assert_eq!(registrable_domain(url).as_deref(), domain, "{url}");
        }
    }

    #[test]
    fn a_page_names_its_address_in_order_of_trust() {
        let canonical = "<LINK href='https://a.example.org/x?y=1&amp;z=2' REL=Canonical />";
        let open_graph = r#"<meta property="og:url" content="www.example.net/x">"#;
        let saved = "<!-- saved from url=(0022)http://example.com/old -->";
        let base = r#"<base target=_blank><base href="http://example.edu/">"#;
        let links = r#"<a href="/x"><a href=http://b.example.info/><img src="//example.info/i">"#;
        let of = |parts: &[&str]| {
            let Provenance { url, site } = Provenance::of(parts.concat().as_bytes());
            (url.unwrap_or_default(), site.unwrap_or_default())
        };
        assert_eq!(
            of(&[links, base, saved, open_graph, canonical]),
            (
                "https://a.example.org/x?y=1&z=2".into(),
                "example.org".into()
            )
        );
        assert_eq!(of(&[base, saved, open_graph]).1, "example.net");
        assert_eq!(of(&[base, saved]).0, "http://example.com/old");
        assert_eq!(
            of(&[links, "<base href='http://example.edu/'>"]),
            (String::new(), "example.edu".into())
        );
        assert_eq!(of(&[links]).1, "example.info");
        assert_eq!(Provenance::of(b"<p>nothing"), Provenance::default());
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_provenance(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            Provenance::of(&bytes);
        }

        #[test]
        fn any_tag_soup_has_a_provenance(soup in "(<(a|base|link|meta)|[ /=>'\"]|href|rel|//x\\.org){0,60}") {
            Provenance::of(soup.as_bytes());
        }
    }
}
