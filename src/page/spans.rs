//! Where the text nodes of a page stand in its bytes.

use std::ops::Range;

use ego_tree::NodeId;

use super::tokenizer::Place;

/// The place of each text node, in bytes of the text that was parsed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spans {
    /// In the order of the nodes, which is that of their making.
    texts: Vec<Span>,
    /// What was put into the text before it was parsed.
    inserted: Option<Inserted>,
    /// Bytes of the page before the text.
    skipped: usize,
}

/// Offsets in 32 bits: a text that is parsed has fewer bytes.
#[derive(Debug, Clone, Copy)]
struct Span {
    node: NodeId,
    start: u32,
    end: u32,
}

#[derive(Debug, Clone, Copy)]
struct Inserted {
    at: usize,
    bytes: usize,
}

impl Spans {
    /// A text node that was just made stands at `place`.
    pub fn note(&mut self, node: NodeId, place: Place) {
        self.texts.push(Span {
            node,
            start: place.start as u32,
            end: place.end as u32,
        });
    }

    /// A text node has gained text that stands at `place`.
    pub fn widen(&mut self, node: NodeId, place: Place) {
        let found = match self.texts.last() {
            Some(last) if last.node == node => Some(self.texts.len() - 1),
            _ => self.find(node),
        };
        if let Some(span) = found.and_then(|found| self.texts.get_mut(found)) {
            span.start = span.start.min(place.start as u32);
            span.end = span.end.max(place.end as u32);
        }
    }

    fn find(&self, node: NodeId) -> Option<usize> {
        self.texts
            .binary_search_by_key(&node, |span| span.node)
            .ok()
    }

    /// The text had `bytes` bytes put in at `at` that the page has not.
    pub fn without_inserted(&mut self, at: usize, bytes: usize) {
        self.inserted = Some(Inserted { at, bytes });
    }

    /// The page has `bytes` bytes before the text.
    pub fn after_skipped(&mut self, bytes: usize) {
        self.skipped = bytes;
    }

    /// Bytes of the page that a text node was made of.
    pub fn of(&self, node: NodeId) -> Option<Range<usize>> {
        let span = self.texts[self.find(node)?];
        let range = self.in_page(span.start as usize)..self.in_page(span.end as usize);
        Some(range)
    }

    fn in_page(&self, at: usize) -> usize {
        let at = match self.inserted {
            Some(inserted) if at > inserted.at => {
                at.saturating_sub(inserted.bytes).max(inserted.at)
            }
            _ => at,
        };
        self.skipped + at
    }
}
