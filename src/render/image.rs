//! Images: which address of the several that a page gives, and which show nothing.

use scraper::node::Element;

use super::address::Base;
use crate::block::{Hiding, InlineStyle};
use crate::text::fold_space;

/// Attributes that pages put an image's address in until it is scrolled to.
const LAZY: [&str; 5] = [
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-url",
];

/// An image no wider or higher than so many pixels is there to count readers.
const DOT: f32 = 2.0;
/// Letters of what an image shows; more is no description.
const LONGEST: usize = 4_096;

/// Where an image lies: the address that scripts would load, else `src`, else the
/// largest of `srcset`. `None` for one that is not on the web, that its own style
/// hides, or that is there to count readers: of two pixels and less.
pub(super) fn address(image: &Element, base: &Base) -> Option<String> {
    let is_dot = |name| {
        let value = image.attr(name).map(|v| v.trim().trim_end_matches("px"));
        let size = value.and_then(|value| value.parse::<f32>().ok());
        size.is_some_and(|size| size <= DOT)
    };
    let style = image.attr("style").map(InlineStyle::of);
    // Opacity fades in what is loaded late.
    let is_unseen = style.is_some_and(|style| {
        let is_dot = |name| style.length(name).is_some_and(|size| size <= DOT);
        let hiding = style.hiding();
        (is_dot("width") && is_dot("height"))
            || matches!(hiding, Some(Hiding::Display | Hiding::OffScreen))
    });
    if is_dot("width") || is_dot("height") || is_unseen {
        return None;
    }
    let given = |name: &&str| image.attr(name).and_then(|src| base.image(src));
    let of_set = |name: &&str| image.attr(name).and_then(|set| base.image(largest(set)?));
    LAZY.iter()
        .find_map(given)
        .or_else(|| given(&"src"))
        .or_else(|| ["srcset", "data-srcset"].iter().find_map(of_set))
}

/// What an image shows, in words.
pub(super) fn alternative(image: &Element) -> String {
    let shown = image.attr("alt").map(fold_space).unwrap_or_default();
    shown.chars().take(LONGEST).collect()
}

/// The candidate of the largest width or density, the first of equals.
fn largest(srcset: &str) -> Option<&str> {
    let mut largest: Option<(f64, &str)> = None;
    for candidate in srcset.split(", ").flat_map(|part| part.split(",\n")) {
        let mut parts = candidate.split_whitespace();
        let Some(address) = parts.next() else {
            continue;
        };
        let size = parts
            .next()
            .and_then(|size| size.trim_end_matches([',', 'w', 'x']).parse().ok())
            .unwrap_or(1.0);
        if largest.is_none_or(|(least, _)| size > least) {
            largest = Some((size, address.trim_end_matches(',')));
        }
    }
    largest.map(|(_, address)| address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Page, PageContext};

    fn address_of(attributes: &str) -> Option<String> {
        let html = format!("<img {attributes}>");
        let context = PageContext {
            url: "https://news.example/a/".parse().ok(),
            ..PageContext::default()
        };
        let page = Page::parse(html.as_bytes(), &context);
        let base = Base::of(&page);
        let image = page
            .nodes()
            .filter_map(|node| node.value().as_element())
            .find(|element| element.name() == "img");
        address(image.unwrap(), &base)
    }

    #[test]
    fn the_address_is_the_one_that_will_be_shown() {
        for attributes in [
            "src=x.jpg",
            "src=data:image/gif;base64,R0 data-src=x.jpg",
            "src=placeholder.gif data-original=x.jpg",
            "srcset='s.jpg 300w, x.jpg 1200w, m.jpg 600w'",
            "data-srcset='x.jpg 2x, s.jpg'",
            "src=x.jpg width=100% height=3 style='width:100%;height:0;opacity:0'",
        ] {
            let address = address_of(attributes);
            assert_eq!(
                address.as_deref(),
                Some("https://news.example/a/x.jpg"),
                "{attributes}"
            );
        }
    }

    #[test]
    fn counters_and_embedded_images_have_none() {
        for attributes in [
            "src=x.gif width=1 height=1",
            "src=x.gif width=600 height=2px",
            "src=x.gif width=0.5",
            "src=x.gif style='width:1px;height:1px'",
            "src=x.gif style='display:none'",
            "src=x.gif style='position:absolute;left:-9999px'",
            "src=data:image/png;base64,R0",
            "alt=x",
        ] {
            assert_eq!(address_of(attributes), None, "{attributes}");
        }
    }
}
