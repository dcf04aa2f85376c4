//! What may stand in the HTML that is written, and a check of it.

use scraper::{Html, Node};

/// The elements that [`html`](fn@super::html) writes, and the attributes of each.
///
/// `href` and `src` begin with one of [`HTML_SCHEMES`] and a colon, `href` may be
/// `#note-…` instead, and where the page's own address is not known both may be
/// relative; `id` begins with `section-` or `note-`; `class` is `math inline`, `math
/// display` or `language-…`; `start`, `colspan` and `rowspan` are numbers.
pub const HTML_ELEMENTS: [(&str, &[&str]); 38] = [
    ("article", &[]),
    ("p", &[]),
    ("br", &[]),
    ("hr", &[]),
    ("blockquote", &[]),
    ("ul", &[]),
    ("ol", &["start"]),
    ("li", &[]),
    ("dl", &[]),
    ("dt", &[]),
    ("dd", &[]),
    ("figure", &[]),
    ("figcaption", &[]),
    ("pre", &[]),
    ("table", &[]),
    ("caption", &[]),
    ("thead", &[]),
    ("tbody", &[]),
    ("tr", &[]),
    ("th", &["colspan", "rowspan"]),
    ("td", &["colspan", "rowspan"]),
    ("em", &[]),
    ("strong", &[]),
    ("del", &[]),
    ("sub", &[]),
    ("sup", &[]),
    ("q", &[]),
    ("code", &["class"]),
    ("span", &["class"]),
    ("a", &["href"]),
    ("img", &["src", "alt"]),
    ("h1", &["id"]),
    ("h2", &["id"]),
    ("h3", &["id"]),
    ("h4", &["id"]),
    ("h5", &["id"]),
    ("h6", &["id"]),
    ("aside", &["id"]),
];

/// The schemes of addresses that are written.
pub const HTML_SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// What may not stand in HTML that is written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAllowed {
    /// An element that is not in [`HTML_ELEMENTS`].
    #[error("element {0} is not allowed")]
    Element(String),
    /// An attribute that its element does not have there.
    #[error("attribute {attribute} of {element} is not allowed")]
    Attribute {
        /// The element's name.
        element: String,
        /// The attribute's name.
        attribute: String,
    },
    /// A value that its attribute may not have.
    #[error("{attribute}={value:?} of {element} is not allowed")]
    Value {
        /// The element's name.
        element: String,
        /// The attribute's name.
        attribute: String,
        /// The value.
        value: String,
    },
    /// A comment, a document type or a processing instruction.
    #[error("markup that is neither element nor text is not allowed")]
    Markup,
}

/// Reads HTML as a browser does and sees that nothing is in it but what
/// [`html`](fn@super::html) may write.
///
/// It is meant for what has been sanitised: it reads nesting of any depth, which
/// takes time quadratic in it.
///
/// # Errors
/// The first element, attribute or value that may not be there.
///
/// ```
/// use dehusk::render::{NotAllowed, check_html};
///
/// assert_eq!(check_html("<p>Open <a href=\"https://site.example/\">again</a>"), Ok(()));
/// let script = NotAllowed::Element("script".to_owned());
/// assert_eq!(check_html("<p>Open<script>alert(1)</script>"), Err(script));
/// assert!(check_html("<p><a href=javascript:alert(1)>again</a>").is_err());
/// ```
pub fn check_html(html: &str) -> Result<(), NotAllowed> {
    let read = Html::parse_fragment(html);
    // The tree has a root and an `html` that no one wrote.
    let own = read.root_element().id();
    for node in read.tree.root().descendants().skip(1) {
        let element = match node.value() {
            Node::Element(_) if node.id() == own => continue,
            Node::Element(element) => element,
            Node::Text(_) => continue,
            _ => return Err(NotAllowed::Markup),
        };
        let name = element.name();
        let is_html = element.name.ns == html5ever::ns!(html);
        let listed = HTML_ELEMENTS.iter().find(|(listed, _)| *listed == name);
        let Some((_, attributes)) = listed.filter(|_| is_html) else {
            return Err(NotAllowed::Element(name.to_owned()));
        };
        for (attribute, value) in element.attrs() {
            if !attributes.contains(&attribute) {
                return Err(NotAllowed::Attribute {
                    element: name.to_owned(),
                    attribute: attribute.to_owned(),
                });
            }
            if !is_value(name, attribute, value) {
                return Err(NotAllowed::Value {
                    element: name.to_owned(),
                    attribute: attribute.to_owned(),
                    value: value.to_owned(),
                });
            }
        }
    }
    Ok(())
}

fn is_value(element: &str, attribute: &str, value: &str) -> bool {
    match attribute {
        "href" => value.starts_with("#note-") || is_address(value, &HTML_SCHEMES),
        "src" => is_address(value, &HTML_SCHEMES[..2]),
        "id" if element == "aside" => value.starts_with("note-"),
        "id" => value.starts_with("section"),
        "class" if element == "span" => matches!(value, "math inline" | "math display"),
        "class" => value.starts_with("language-"),
        "start" | "colspan" | "rowspan" => value.parse::<u32>().is_ok(),
        _ => true,
    }
}

/// Whether an address has one of these schemes, or none.
fn is_address(value: &str, schemes: &[&str]) -> bool {
    // White space and controls are passed over by who reads a scheme.
    if value.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return false;
    }
    let first = value.split(['/', '?', '#']).next().unwrap_or_default();
    match first.split_once(':') {
        Some((scheme, _)) => schemes.iter().any(|s| scheme.eq_ignore_ascii_case(s)),
        None => !value.starts_with('#'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_not_be_there_is_named() {
        for (html, wanted) in [
            ("<p onclick=x()>a", "attribute onclick of p is not allowed"),
            ("<iframe src=/x></iframe>", "element iframe is not allowed"),
            ("<svg><a href=/x>a</a></svg>", "element svg is not allowed"),
            ("<math><p>a", "element math is not allowed"),
            (
                "a<!-- b -->",
                "markup that is neither element nor text is not allowed",
            ),
            (
                "<img src='mailto:a@b.example'>",
                "src=\"mailto:a@b.example\" of img is not allowed",
            ),
            (
                "<a href='java\tscript:x'>a</a>",
                "href=\"java\\tscript:x\" of a is not allowed",
            ),
            (
                "<a href='data:x'>a</a>",
                "href=\"data:x\" of a is not allowed",
            ),
            ("<h2 id=location>a", "id=\"location\" of h2 is not allowed"),
            ("<code class=x>a", "class=\"x\" of code is not allowed"),
            ("<ol start=x><li>a", "start=\"x\" of ol is not allowed"),
        ] {
            let found = check_html(html).map_err(|not_allowed| not_allowed.to_string());
            assert_eq!(found, Err(wanted.to_owned()), "{html}");
        }
    }

    #[test]
    fn all_that_is_written_may_be_there() {
        let html = "<article><h2 id=section-a>A</h2><p>a<sup><a href='#note-1'>1</a></sup>\
            <span class='math inline'>\\(x\\)</span><a href='tel:1'>b</a> <a href=c.html>c</a>\
            <img src='//site.example/i.png' alt=i></p><pre><code class=language-c>x</code></pre>\
            <aside id=note-1>b</aside></article>";
        assert_eq!(check_html(html), Ok(()));
    }
}
