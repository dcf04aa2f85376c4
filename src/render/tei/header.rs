//! Metadata → `teiHeader`.
//!
//! What the page says of itself is about the page, so that it stands in
//! `sourceDesc`; `titleStmt` has title and authors once more, as the header of a
//! file must.

use super::xml::{Xml, pointer};
use crate::metadata::{Found, Metadata};

/// Writes the header of a page of this metadata, which came from this address.
pub(super) fn write(xml: &mut Xml, metadata: &Metadata, url: Option<&str>) {
    xml.open("teiHeader", &[]);
    xml.line();
    xml.open("fileDesc", &[]);
    xml.line();
    xml.open("titleStmt", &[]);
    let title = value(&metadata.title).unwrap_or_default();
    xml.element("title", &[("type", "main")], title);
    authors(xml, metadata);
    close(xml, "titleStmt");
    xml.open("publicationStmt", &[]);
    let by = concat!(
        "The main content of a web page, taken out by dehusk ",
        env!("CARGO_PKG_VERSION"),
        "."
    );
    xml.element("p", &[], by);
    close(xml, "publicationStmt");
    xml.open("sourceDesc", &[]);
    source(xml, metadata, url);
    close(xml, "sourceDesc");
    close(xml, "fileDesc");
    profile(xml, metadata);
    close(xml, "teiHeader");
}

/// `sourceDesc/bibl`: the page.
fn source(xml: &mut Xml, metadata: &Metadata, url: Option<&str>) {
    xml.open("bibl", &[]);
    if let Some(title) = value(&metadata.title) {
        xml.element("title", &[], title);
    }
    authors(xml, metadata);
    if let Some(site) = value(&metadata.site) {
        xml.element("publisher", &[], site);
    }
    for (kind, date) in [
        ("published", &metadata.published),
        ("modified", &metadata.modified),
    ] {
        if let Some(date) = value(date) {
            xml.element("date", &[("type", kind), ("when", date)], date);
        }
    }
    let canonical = value(&metadata.canonical_url);
    if let Some(url) = url.or(canonical) {
        xml.element("ref", &[("target", &pointer(url))], url);
    }
    if let Some(canonical) = canonical {
        xml.element("idno", &[("type", "canonical")], canonical);
    }
    if let Some(license) = value(&metadata.license) {
        xml.open("availability", &[]);
        let is_address = url::Url::parse(license).is_ok();
        let pointer = pointer(license);
        let target = [("target", pointer.as_str())];
        let target = if is_address { &target[..] } else { &[] };
        xml.element("licence", target, license);
        xml.close("availability");
    }
    // A `figure` may stand in a `bibl`, a `graphic` by itself may not.
    if let Some(image) = value(&metadata.image) {
        xml.open("figure", &[("type", "image")]);
        xml.empty("graphic", &[("url", &pointer(image))]);
        xml.close("figure");
    }
    xml.close("bibl");
}

/// `profileDesc`: what the text is like.
fn profile(xml: &mut Xml, metadata: &Metadata) {
    let description = value(&metadata.description);
    let language = language(metadata);
    if description.is_none() && language.is_none() && metadata.tags.is_empty() {
        return;
    }
    xml.open("profileDesc", &[]);
    xml.line();
    if let Some(description) = description {
        xml.open("abstract", &[]);
        xml.element("p", &[], description);
        close(xml, "abstract");
    }
    if let Some(code) = language {
        xml.open("langUsage", &[]);
        xml.element("language", &[("ident", code)], code);
        close(xml, "langUsage");
    }
    if !metadata.tags.is_empty() {
        xml.open("textClass", &[]);
        xml.open("keywords", &[]);
        for tag in &metadata.tags {
            xml.element("term", &[], &tag.value);
        }
        xml.close("keywords");
        close(xml, "textClass");
    }
    close(xml, "profileDesc");
}

/// The language of the text: as it is written, else as the page declares it.
pub(super) fn language(metadata: &Metadata) -> Option<&str> {
    value(&metadata.detected_language).or(value(&metadata.declared_language))
}

fn authors(xml: &mut Xml, metadata: &Metadata) {
    for author in &metadata.authors {
        xml.element("author", &[], &author.value);
    }
}

fn close(xml: &mut Xml, name: &str) {
    xml.close(name);
    xml.line();
}

fn value(found: &Option<Found<String>>) -> Option<&str> {
    found.as_ref().map(|found| found.value.as_str())
}
