//! [`Document`] and metadata → TEI P5.
//!
//! Of the elements of TEI All these are written, each where its content model
//! allows it:
//!
//! | of a page | TEI |
//! |---|---|
//! | a heading and what is under it | `div` with `head`; inside anything else a `p` |
//! | paragraph | `p`, left out where it is all of an item or a cell |
//! | list | `list` of `item` |
//! | definitions | `list type="gloss"` of `label` and `item`, in turn |
//! | table | `table` of `row` and `cell`, its caption `head` |
//! | quote, inline quotation | `quote`, `q` |
//! | code, inline code | `ab type="code"` of a `code`, `code` |
//! | figure, image | `figure`, `graphic`; its caption `head`, the alternative `figDesc` |
//! | emphasis and the like | `hi` with `rend` |
//! | link, footnote | `ref`, `note` |
//! | maths | `formula notation="TeX"` |
//! | break, rule | `lb`, `milestone` |

mod body;
mod header;
mod xml;

use super::Bounded;
use super::document::Document;
use crate::metadata::Metadata;

use body::Body;
use xml::Xml;

const NAMESPACE: &str = "http://www.tei-c.org/ns/1.0";

/// Writes a document of this metadata, which came from this address, of about
/// `most` bytes at the most.
pub(super) fn write(
    document: &Document,
    metadata: &Metadata,
    url: Option<&str>,
    most: usize,
) -> Bounded<String> {
    let mut xml = Xml::new();
    xml.open("TEI", &[("xmlns", NAMESPACE)]);
    xml.line();
    header::write(&mut xml, metadata, url);
    let mut attributes = Vec::new();
    if let Some(language) = header::language(metadata) {
        attributes.push(("xml:lang", language));
    }
    let page_type = metadata.page_type.as_ref();
    if let Some(page_type) = page_type.filter(|found| is_word(&found.value)) {
        attributes.push(("type", &page_type.value));
    }
    xml.open("text", &attributes);
    xml.line();
    let cut = Body::new(&mut xml).write(document, most);
    for name in ["text", "TEI"] {
        xml.close(name);
        xml.line();
    }
    Bounded {
        rendering: xml.finish(),
        cut,
    }
}

/// Whether a text can be the value of an attribute that takes one word.
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

#[cfg(test)]
mod tests;
