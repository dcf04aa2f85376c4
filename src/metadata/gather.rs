//! [`Page`] → [`Gathered`]: all that its markup states of it, in one walk.

use std::collections::HashMap;

use ego_tree::NodeRef;
use html5ever::{local_name, ns};
use scraper::Node;
use scraper::node::Element;

use super::json_ld::JsonLd;
use crate::block::is_skipped;
use crate::page::Page;
use crate::text::{fold_space, is_word_char};

/// Values of one kind (`meta`, `link`, properties, headings) that are kept of a
/// page.
const MOST_VALUES: usize = 1_000;

/// Bytes of a value of a `meta` that are read: of a keyword list, enough.
const MOST_VALUE_BYTES: usize = 10_000;

/// Characters and nodes of an element's text that are read.
const MOST_CHARS: usize = 400;
const MOST_NODES: usize = 400;

/// Elements above a property that are asked whether it is a comment's.
const MOST_ABOVE: usize = 40;

/// What a page's markup states of it, unjudged. All texts have their white
/// space folded, and none is empty.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    metas: HashMap<String, Vec<String>>,
    links: Vec<(String, String)>,
    properties: Vec<(String, String)>,
    /// Types that `itemtype` and `typeof` name, without their vocabulary.
    pub item_types: Vec<String>,
    pub json_ld: JsonLd,
    pub title: Option<String>,
    pub headings: Vec<String>,
    pub language: Option<String>,
}

impl Gathered {
    pub fn of(page: &Page) -> Self {
        let mut gathered = Self::default();
        for node in page.nodes() {
            if let Node::Element(element) = node.value()
                && element.name.ns == ns!(html)
            {
                gathered.take(node, element);
            }
        }
        gathered
    }

    /// The contents of all `meta` of that name (lower case), in order.
    pub fn metas(&self, name: &str) -> impl Iterator<Item = &str> {
        let contents = self.metas.get(name).into_iter().flatten();
        contents.map(String::as_str)
    }

    /// The content of the first `meta` of the first of `names` that has any.
    pub fn meta(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.metas(name).next())
    }

    /// The values of all elements with that `itemprop` or `property`.
    pub fn properties(&self, name: &str) -> impl Iterator<Item = &str> {
        self.properties
            .iter()
            .filter(move |(of, _)| of.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The addresses of all `link` and `a` with that `rel`.
    pub fn links(&self, rel: &str) -> impl Iterator<Item = &str> {
        self.links
            .iter()
            .filter(move |(of, _)| of == rel)
            .map(|(_, href)| href.as_str())
    }

    fn take(&mut self, node: NodeRef<'_, Node>, element: &Element) {
        match element.name.local {
            local_name!("html") if self.language.is_none() => {
                let lang = element.attr("lang").or_else(|| element.attr("xml:lang"));
                self.language = lang.map(fold_space).filter(|lang| !lang.is_empty());
            }
            local_name!("meta") => self.take_meta(element),
            local_name!("link") | local_name!("a") => self.take_link(node, element),
            local_name!("script") => self.json_ld.take(node, element),
            local_name!("title") if self.title.is_none() => {
                self.title = text_of(node).filter(|text| !text.is_empty());
            }
            local_name!("h1") if self.headings.len() < MOST_VALUES => {
                self.headings.extend(text_of(node));
            }
            _ => {}
        }
        self.take_property(node, element);
    }

    fn take_meta(&mut self, element: &Element) {
        let Some(content) = element.attr("content").and_then(value) else {
            return;
        };
        for (name, held) in element.attrs() {
            // Some pages write `property`, some `name`, some both.
            if matches!(name, "property" | "name" | "http-equiv") && self.metas.len() < MOST_VALUES
            {
                for name in held.split_ascii_whitespace() {
                    let contents = self.metas.entry(name.to_ascii_lowercase()).or_default();
                    if contents.len() < MOST_VALUES && contents.last() != Some(&content) {
                        contents.push(content.clone());
                    }
                }
            }
        }
    }

    fn take_link(&mut self, node: NodeRef<'_, Node>, element: &Element) {
        let Some(rels) = element
            .attr("rel")
            .filter(|_| self.links.len() < MOST_VALUES)
        else {
            return;
        };
        for rel in rels.split_ascii_whitespace().map(str::to_ascii_lowercase) {
            let said = match rel.as_str() {
                "canonical" | "license" | "image_src" => element.attr("href").and_then(value),
                // What a tag is called stands in its link.
                "tag" | "category" => text_of(node),
                _ => None,
            };
            self.links.extend(said.map(|said| (rel, said)));
        }
    }

    fn take_property(&mut self, node: NodeRef<'_, Node>, element: &Element) {
        for (name, held) in element.attrs() {
            match name {
                "itemtype" | "typeof" if self.item_types.len() < MOST_VALUES => {
                    let types = held.split_ascii_whitespace().take(4);
                    self.item_types.extend(types.map(|of| local(of).to_owned()));
                }
                "itemprop" | "property"
                    if element.name.local != local_name!("meta") || name == "itemprop" =>
                {
                    if self.properties.len() >= MOST_VALUES {
                        return;
                    }
                    for property in held.split_ascii_whitespace().map(local) {
                        if is_read(property) && !is_of_a_comment(node) {
                            let said = value_of(node, element, property);
                            self.properties
                                .extend(said.map(|said| (property.to_owned(), said)));
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// A name without its vocabulary: `schema:author` and `https://schema.org/author`
/// are `author`.
fn local(name: &str) -> &str {
    name.rsplit(['/', ':', '#']).next().unwrap_or(name)
}

/// Properties that some field is read from.
fn is_read(property: &str) -> bool {
    [
        "author",
        "creator",
        "headline",
        "datePublished",
        "dateCreated",
        "dateModified",
        "keywords",
        "articleSection",
        "license",
        "image",
        "publisher",
        "date",
        "issued",
        "created",
        "modified",
        "title",
    ]
    .iter()
    .any(|read| read.eq_ignore_ascii_case(property))
}

/// Whether an element stands in what its markup calls a comment, a review or a
/// list of related pages.
pub(super) fn is_of_a_comment(node: NodeRef<'_, Node>) -> bool {
    node.ancestors().take(MOST_ABOVE).any(|above| {
        above.value().as_element().is_some_and(|element| {
            element.attrs().any(|(name, held)| {
                matches!(name, "itemprop" | "itemtype" | "class" | "id")
                    && element.name.local != local_name!("body")
                    && [
                        "comment",
                        "Comment",
                        "review",
                        "Review",
                        "suggestedAnswer",
                        "related",
                    ]
                    .iter()
                    .any(|mark| held.contains(mark))
            })
        })
    })
}

/// What an element says its property is: `content`, `datetime`, an address, the
/// `name` below it, its text.
fn value_of(node: NodeRef<'_, Node>, element: &Element, property: &str) -> Option<String> {
    let addressed = matches!(property, "image" | "license");
    let attributes: &[&str] = if addressed {
        &["content", "src", "href"]
    } else {
        &["content", "datetime"]
    };
    let own = attributes.iter().find_map(|name| element.attr(name));
    if let Some(own) = own.and_then(value) {
        return Some(own);
    }
    if matches!(property, "author" | "creator" | "publisher") {
        let named = node
            .descendants()
            .skip(1)
            .take(MOST_NODES)
            .find_map(|below| {
                let element = below.value().as_element()?;
                let is_name = element
                    .attr("itemprop")
                    .or_else(|| element.attr("property"));
                is_name.filter(|of| of.split_ascii_whitespace().any(|of| local(of) == "name"))?;
                element
                    .attr("content")
                    .and_then(value)
                    .or_else(|| text_of(below))
            });
        if named.is_some() {
            return named;
        }
    }
    text_of(node)
}

fn value(content: &str) -> Option<String> {
    let end = content.floor_char_boundary(MOST_VALUE_BYTES);
    Some(fold_space(&content[..end])).filter(|value| !value.is_empty())
}

/// The text below a node, up to a length; words of neighbouring elements stay
/// apart.
pub(super) fn text_of(node: NodeRef<'_, Node>) -> Option<String> {
    joined(node, "")
}

/// [`text_of`] with a bar between what different elements hold.
pub(super) fn pieces_of(node: NodeRef<'_, Node>) -> Option<String> {
    joined(node, " | ")
}

fn joined(node: NodeRef<'_, Node>, between: &str) -> Option<String> {
    let mut text = String::new();
    let mut skipped = None;
    for below in node.descendants().take(MOST_NODES) {
        if text.len() > MOST_CHARS {
            break;
        }
        match below.value() {
            Node::Element(element) if is_skipped(&element.name.local) && below != node => {
                skipped = Some(below.id());
            }
            Node::Text(piece) => {
                if skipped.is_some() && below.parent().map(|parent| parent.id()) == skipped {
                    continue;
                }
                let glued = text.ends_with(is_word_char) && piece.starts_with(is_word_char);
                if !text.is_empty() && !between.is_empty() {
                    text.push_str(between);
                } else if glued {
                    text.push(' ');
                }
                text.push_str(piece);
            }
            _ => {}
        }
    }
    Some(fold_space(&text)).filter(|text| !text.is_empty())
}
