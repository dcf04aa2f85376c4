//! Title and description as features read them.
//!
//! The shipped model was trained on columns that compare blocks with these two:
//! a change here is a change of its columns. What a reader is shown is
//! [`Metadata`](super::Metadata), which may know better.

use html5ever::{local_name, ns};

use crate::page::attr::attr;
use crate::page::{Page, Sought};
use crate::text::fold_space;

/// The page's title for the features: `og:title`, else `twitter:title`, else
/// `<title>`, else the first `h1`; white space folded, site name and all. `None`
/// when all are empty.
pub fn title(page: &Page) -> Option<String> {
    meta(page, &["og:title", "twitter:title"])
        .or_else(|| text_of_first(page, Sought::Title))
        .or_else(|| text_of_first(page, Sought::H1))
}

/// The page's description for the features: `og:description`, else
/// `description`.
pub fn description(page: &Page) -> Option<String> {
    meta(page, &["og:description", "description"])
}

/// The content of the first `<meta>` of the first of `names` that has any.
fn meta(page: &Page, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        page.all(Sought::Meta)
            .filter_map(|node| node.value().as_element())
            .filter(|e| {
                attr(e, &local_name!("property"))
                    .or_else(|| attr(e, &local_name!("name")))
                    .is_some_and(|n| n.eq_ignore_ascii_case(name))
            })
            .filter_map(|e| attr(e, &local_name!("content")))
            .map(fold_space)
            .find(|content| !content.is_empty())
    })
}

/// The text of the first element of that name that has any, outside drawings
/// (an `svg` has titles of its own).
fn text_of_first(page: &Page, sought: Sought) -> Option<String> {
    page.all(sought)
        .filter(|node| {
            let element = node.value().as_element();
            element.is_some_and(|e| e.name.ns == ns!(html))
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
}
