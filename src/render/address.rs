//! Addresses of links and images: absolute, and of schemes that do no harm.

use url::Url;

use crate::page::{Page, Sought};

/// What addresses of a page are relative to.
#[derive(Debug)]
pub(super) struct Base {
    url: Option<Url>,
}

impl Base {
    /// The address of the first `<base href>`, else the page's own.
    pub(super) fn of(page: &Page) -> Self {
        let declared = page
            .all(Sought::Base)
            .filter_map(|node| node.value().as_element())
            .find_map(|element| element.attr("href"));
        let own = page.url.clone();
        let url = match (declared, &own) {
            (None, _) => own,
            (Some(href), Some(own)) => Some(own.join(href.trim()).unwrap_or_else(|_| own.clone())),
            (Some(href), None) => Url::parse(href.trim()).ok(),
        };
        Self {
            url: url.filter(|url| matches!(url.scheme(), "http" | "https")),
        }
    }

    /// Where a link leads: absolute where the base is known, else as the page
    /// says. `None` for a place within the page whose address is not known, and
    /// for every scheme but `http`, `https`, `mailto` and `tel`.
    pub(super) fn link(&self, href: &str) -> Option<String> {
        self.resolve(href, &["http", "https", "mailto", "tel"])
    }

    /// Where an image lies; `http` and `https` only.
    pub(super) fn image(&self, src: &str) -> Option<String> {
        self.resolve(src, &["http", "https"])
    }

    fn resolve(&self, reference: &str, schemes: &[&str]) -> Option<String> {
        let reference = reference.trim_matches(|c: char| c <= ' ');
        if reference.is_empty() || reference.len() > LONGEST {
            return None;
        }
        let parsed = match &self.url {
            Some(base) => base.join(reference),
            None => Url::parse(reference),
        };
        match parsed {
            Ok(url) => schemes
                .contains(&url.scheme())
                .then(|| encoded(url.as_str())),
            Err(url::ParseError::RelativeUrlWithoutBase) if !reference.starts_with('#') => {
                Some(encoded(reference)).filter(|address| is_relative(address))
            }
            Err(_) => None,
        }
    }
}

/// No server takes an address of more bytes, and what escapes attributes takes time
/// quadratic in them.
const LONGEST: usize = 1 << 14;

/// True where no reader of addresses could see a scheme.
fn is_relative(address: &str) -> bool {
    let first = address.split(['/', '?', '#']).next().unwrap_or_default();
    !first.contains([':', '&'])
}

/// With what would end an address in Markdown or HTML percent-encoded.
fn encoded(address: &str) -> String {
    let mut encoded = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            '\t' | '\n' | '\r' => {}
            ' ' | '<' | '>' | '"' | '\\' | '|' | '`' | '\0'..='\x1f' | '\x7f' => {
                encoded.push_str(&format!("%{:02X}", u32::from(c)));
            }
            c if c.is_whitespace() || c.is_control() => {
                let mut utf8 = [0; 4];
                for byte in c.encode_utf8(&mut utf8).bytes() {
                    encoded.push_str(&format!("%{byte:02X}"));
                }
            }
            c => encoded.push(c),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::PageContext;

    fn base(html: &str, url: Option<&str>) -> Base {
        let context = PageContext {
            url: url.map(|url| url.parse().unwrap()),
            ..PageContext::default()
        };
        Base::of(&Page::parse(html.as_bytes(), &context))
    }

    #[test]
    fn addresses_are_relative_to_the_declared_base_then_to_the_page() {
        let page = Some("https://news.example/a/b.html");
        let link = |html: &str, url, href: &str| base(html, url).link(href);
        assert_eq!(
            link("", page, "c?x=1#y").as_deref(),
            Some("https://news.example/a/c?x=1#y")
        );
        assert_eq!(
            link("<base href='/d/'>", page, "c").as_deref(),
            Some("https://news.example/d/c")
        );
        assert_eq!(
            link("<base href='https://o.example/'>", None, "c").as_deref(),
            Some("https://o.example/c")
        );
        assert_eq!(link("", None, "c d.html").as_deref(), Some("c%20d.html"));
        assert_eq!(link("", None, "#top"), None);
        assert_eq!(link("", page, &"&x".repeat(10_000)), None);
        assert_eq!(
            link("", page, "#top").as_deref(),
            Some("https://news.example/a/b.html#top")
        );
    }

    #[test]
    fn schemes_that_run_or_embed_are_no_addresses() {
        for url in [None, Some("https://news.example/")] {
            let base = base("", url);
            for unsafe_address in [
                "javascript:alert(1)",
                " JavaScript:alert(1)",
                "java\nscript:alert(1)",
                "\u{1}javascript:alert(1)",
                "data:text/html,<script>",
                "vbscript:x",
                "file:///etc/passwd",
                "javascript&colon;alert(1)",
            ] {
                let link = base.link(unsafe_address);
                assert!(
                    link.as_deref()
                        .is_none_or(|l| l.starts_with("https://news.example/")),
                    "{unsafe_address:?} gave {link:?}"
                );
            }
            assert_eq!(
                base.link("mailto:a@b.example").as_deref(),
                Some("mailto:a@b.example")
            );
            assert_eq!(base.image("mailto:a@b.example"), None);
        }
    }
}
