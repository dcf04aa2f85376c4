//! [`Page`] → what the page says of itself: title, description, language.

mod language;
mod structured;

pub use language::{language, primary_code, text_language};
pub(crate) use structured::is_json_ld;
pub use structured::structured_texts;

use crate::page::Page;
use crate::text::fold_space;

/// The page's title: `og:title`, else `twitter:title`, else `<title>`, else the
/// first `h1`; white space folded, site name and all. `None` when all are empty.
pub fn title(page: &Page) -> Option<String> {
    meta(page, &["og:title", "twitter:title"])
        .or_else(|| text_of_first(page, "title"))
        .or_else(|| text_of_first(page, "h1"))
}

/// The page's description: `og:description`, else `description`.
pub fn description(page: &Page) -> Option<String> {
    meta(page, &["og:description", "description"])
}

/// The page's own address as it declares it: `<link rel=canonical>`, else
/// `og:url`. Relative addresses are resolved where the page's address is known.
pub fn canonical_url(page: &Page) -> Option<String> {
    let canonical = elements(page)
        .find(|e| {
            e.name() == "link"
                && e.attr("rel")
                    .is_some_and(|rel| rel.trim().eq_ignore_ascii_case("canonical"))
        })
        .and_then(|e| e.attr("href"))
        .map(str::trim)
        .filter(|href| !href.is_empty())
        .map(str::to_owned)
        .or_else(|| meta(page, &["og:url"]))?;
    match &page.url {
        Some(base) => base.join(&canonical).ok().map(String::from),
        None => url::Url::parse(&canonical).ok().map(String::from),
    }
}

/// The content of the first `<meta>` of the first of `names` that has any.
fn meta(page: &Page, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        elements(page)
            .filter(|e| e.name() == "meta")
            .filter(|e| {
                e.attr("property")
                    .or_else(|| e.attr("name"))
                    .is_some_and(|n| n.eq_ignore_ascii_case(name))
            })
            .filter_map(|e| e.attr("content"))
            .map(fold_space)
            .find(|content| !content.is_empty())
    })
}

fn elements(page: &Page) -> impl Iterator<Item = &scraper::node::Element> {
    page.nodes().filter_map(|node| node.value().as_element())
}

/// The text of the first element of that name that has any, outside drawings
/// (an `svg` has titles of its own).
fn text_of_first(page: &Page, name: &str) -> Option<String> {
    page.nodes()
        .filter(|node| {
            node.value()
                .as_element()
                .is_some_and(|e| e.name() == name && e.name.ns == html5ever::ns!(html))
        })
        .map(|node| {
            let text: String = node
                .descendants()
                .filter_map(|n| n.value().as_text())
                .map(|t| &**t)
                .collect();
            fold_space(&text)
        })
        .find(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::PageContext;

    fn page(html: &str) -> Page {
        Page::parse(html.as_bytes(), &PageContext::default())
    }

    #[test]
    fn the_title_comes_from_the_best_place_that_has_one() {
        let full =
            "<title>T | Site</title><meta property='og:title' content=' A  title '><h1>H</h1>";
        assert_eq!(title(&page(full)).as_deref(), Some("A title"));
        assert_eq!(
            title(&page("<title>\nT | Site</title><h1>H</h1>")).as_deref(),
            Some("T | Site")
        );
        assert_eq!(
            title(&page("<svg><title>x</title></svg><h1>H <i>1</i></h1>")).as_deref(),
            Some("H 1")
        );
        assert_eq!(title(&page("<p>nothing")), None);
    }

    #[test]
    fn canonical_addresses_are_resolved() {
        let mut page = page("<link rel=canonical href='/a/b'>");
        assert_eq!(canonical_url(&page), None);
        page.url = url::Url::parse("https://news.example/x?y=1").ok();
        assert_eq!(
            canonical_url(&page).as_deref(),
            Some("https://news.example/a/b")
        );
    }
}
