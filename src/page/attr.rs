//! Attributes by their interned names: a comparison of two numbers each, where
//! [`Element::attr`] makes a name of a string first.

use html5ever::{LocalName, ns};
use scraper::node::Element;

/// The value of an element's attribute of that name.
pub(crate) fn attr<'e>(element: &'e Element, name: &LocalName) -> Option<&'e str> {
    plain(element).find_map(|(own, value)| (own == name).then_some(value))
}

/// The attributes of an element that are of no namespace.
pub(crate) fn plain(element: &Element) -> impl Iterator<Item = (&LocalName, &str)> {
    let attributes = element.attrs.iter();
    let plain = attributes.filter(|(name, _)| name.ns == ns!());
    plain.map(|(name, value)| (&name.local, &**value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Page, PageContext};
    use html5ever::local_name;

    #[test]
    fn attributes_are_found_by_name_whatever_their_order() {
        let html = b"<p ID=x data-of='a b' class>a<svg><a xlink:href=y>b";
        let page = Page::parse(html, &PageContext::default());
        let elements: Vec<&Element> = page
            .nodes()
            .filter_map(|node| node.value().as_element())
            .collect();
        let p = elements.iter().find(|e| e.name() == "p").unwrap();
        assert_eq!(attr(p, &local_name!("id")), Some("x"));
        assert_eq!(attr(p, &local_name!("class")), Some(""));
        assert_eq!(attr(p, &LocalName::from("data-of")), Some("a b"));
        assert_eq!(attr(p, &local_name!("href")), None);
        let link = elements.iter().find(|e| e.name() == "a").unwrap();
        assert_eq!(attr(link, &local_name!("href")), link.attr("href"));
    }
}
