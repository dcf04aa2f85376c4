//! The page's own address, its image, its licence.

use url::Url;

use super::gather::Gathered;
use super::json_ld::{Main, plain};
use super::{Found, Provenance};
use crate::page::Page;

/// The page's address as it declares it: `<link rel=canonical>`, which is there
/// for nothing else, `og:url`, JSON-LD. Relative ones are resolved where the
/// page's address is known.
pub(super) fn canonical(page: &Gathered, base: Option<&Url>) -> Option<Found<String>> {
    let link = page.links("canonical").map(|href| (href, Provenance::Link));
    let og = page
        .metas("og:url")
        .map(|href| (href, Provenance::OpenGraph));
    link.chain(og)
        .find_map(|(href, provenance)| Some(Found::new(resolved(href, base)?, provenance)))
}

/// The page's own address as it declares it: `<link rel=canonical>`, else
/// `og:url`. Relative addresses are resolved where the page's address is known.
pub fn canonical_url(page: &Page) -> Option<String> {
    Some(canonical(&Gathered::of(page), page.url.as_ref())?.value)
}

/// The image that stands for the page: `og:image`, chosen to be shown beside
/// its title, Twitter's, the one of the JSON-LD's article, `image_src`,
/// microdata.
pub(super) fn image(page: &Gathered, main: &Main, base: Option<&Url>) -> Option<Found<String>> {
    let all = [
        (
            page.meta(&["og:image", "og:image:url", "og:image:secure_url"])
                .map(str::to_owned),
            Provenance::OpenGraph,
        ),
        (
            page.meta(&["twitter:image", "twitter:image:src"])
                .map(str::to_owned),
            Provenance::Meta,
        ),
        (main.address("image"), Provenance::JsonLd),
        (
            page.links("image_src").next().map(str::to_owned),
            Provenance::Link,
        ),
        (
            page.properties("image").next().map(str::to_owned),
            Provenance::Microdata,
        ),
    ];
    all.into_iter()
        .find_map(|(href, provenance)| Some(Found::new(resolved(&href?, base)?, provenance)))
}

/// The licence, an address or a name: `rel=license`, which is what the HTML
/// Standard has for it, JSON-LD, microdata, Dublin Core.
pub(super) fn license(page: &Gathered, main: &Main, base: Option<&Url>) -> Option<Found<String>> {
    let link = page.links("license").find_map(|href| resolved(href, base));
    let named = [
        "dc.license",
        "dcterms.license",
        "dc.rights.license",
        "citation_license",
    ];
    let all = [
        (link, Provenance::Link),
        (main.address("license"), Provenance::JsonLd),
        (
            page.properties("license").next().map(plain),
            Provenance::Microdata,
        ),
        (page.meta(&named).map(plain), Provenance::Meta),
    ];
    all.into_iter()
        .find_map(|(license, provenance)| Some(Found::new(license?, provenance)))
}

/// An address of the web, made absolute; `None` where it is none or cannot be.
fn resolved(href: &str, base: Option<&Url>) -> Option<String> {
    let href = href.trim();
    let url = match base {
        Some(base) => base.join(href).ok()?,
        None => Url::parse(href).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}
