//! A prepared page as the cache has it, but for what its corpus says of it.
//!
//! Nothing in an entry is trusted: [`Entry::restore`] gives a page only where
//! every index and length fits, so that no entry makes later stages panic.

use std::collections::HashMap;

use ego_tree::{NodeId, Tree};
use html5ever::LocalName;
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::block::{Block, Blocks, ElementId, Hidden, Outline, OutlineElement};
use crate::corpus::LabelledPage;
use crate::feature::term::{Bags, Terms};
use crate::feature::{self, Discussion, Measured};
use crate::page::{InputKind, Page};
use crate::train::PreparedPage;

/// Nodes that a page of the largest size can have: one for four of its bytes.
const MOST_NODES: usize = 1 << 24;

#[derive(Serialize, Deserialize)]
pub(super) struct Entry {
    /// Nodes of the page's DOM up to the last that is spoken of.
    nodes: usize,
    coverage: f32,
    labels: Vec<f32>,
    words: Vec<f32>,
    blocks: Vec<BlockEntry>,
    elements: Vec<ElementEntry>,
    /// Column by column, which packs better than row by row.
    matrix: Vec<f32>,
    lengths: Vec<f32>,
    comments: Vec<usize>,
    discussion: Discussion,
    hidden: Vec<Option<Hidden>>,
    parents: Vec<u32>,
    inner: Vec<u32>,
    word_bags: BagsEntry,
    near_bags: BagsEntry,
    name_bags: BagsEntry,
    heading_bags: BagsEntry,
}

#[derive(Serialize, Deserialize)]
struct BlockEntry {
    text: String,
    element: usize,
    inner: usize,
    links: Vec<(usize, usize)>,
    emphasis: usize,
    nodes: Vec<usize>,
}

#[derive(Serialize, Deserialize)]
struct ElementEntry {
    node: usize,
    name: String,
    parent: usize,
    depth: usize,
    end: usize,
    blocks: (usize, usize),
    nth_of_name: usize,
    has_namesake: bool,
    nth_child: usize,
    children: usize,
    skipped_controls: u32,
    hidden: bool,
}

#[derive(Serialize, Deserialize)]
struct BagsEntry {
    ends: Vec<u32>,
    hashes: Vec<u32>,
}

impl Entry {
    /// Of a page and what it was prepared from.
    pub(super) fn of(page: &PreparedPage, parsed: &Page) -> Self {
        let nodes = parsed.html.tree.nodes().map(|node| node.id());
        let at: HashMap<NodeId, usize> = nodes.enumerate().map(|(i, node)| (node, i)).collect();
        let blocks: Vec<BlockEntry> = page
            .blocks
            .blocks
            .iter()
            .map(|block| {
                let Block {
                    text,
                    element,
                    inner,
                    links,
                    emphasis,
                    nodes,
                } = block;
                BlockEntry {
                    text: text.clone(),
                    element: element.0,
                    inner: inner.0,
                    links: links.iter().map(|link| (link.start, link.end)).collect(),
                    emphasis: *emphasis,
                    nodes: nodes.iter().map(|node| at[node]).collect(),
                }
            })
            .collect();
        let elements: Vec<ElementEntry> = page
            .blocks
            .outline
            .elements()
            .iter()
            .map(|element| element_entry(element, &at))
            .collect();
        let Measured {
            kind: _,
            matrix,
            terms,
            lengths,
            comments,
            discussion,
        } = &page.measured;
        let Terms {
            words,
            near,
            names,
            parents,
            inner,
            heading,
        } = terms;
        Self {
            nodes: blocks
                .iter()
                .flat_map(|block| &block.nodes)
                .chain(elements.iter().map(|element| &element.node))
                .max()
                .map_or(0, |last| last + 1),
            coverage: page.coverage,
            labels: page.labels.clone(),
            words: page.words.clone(),
            blocks,
            elements,
            matrix: matrix.t().iter().copied().collect(),
            lengths: lengths.clone(),
            comments: comments.clone(),
            discussion: discussion.clone(),
            hidden: page.hidden.clone(),
            parents: parents.clone(),
            inner: inner.clone(),
            word_bags: BagsEntry::of(words),
            near_bags: BagsEntry::of(near),
            name_bags: BagsEntry::of(names),
            heading_bags: BagsEntry::of(heading),
        }
    }

    /// The page, which is of a kind; `None` where the entry contradicts itself.
    pub(super) fn restore(self, labelled: LabelledPage, kind: InputKind) -> Option<PreparedPage> {
        let (n, elements) = (self.blocks.len(), self.elements.len());
        let features = feature::schema_of(kind).len();
        let lengths = [self.labels.len(), self.words.len(), self.lengths.len()];
        let fits = lengths.iter().all(|&len| len == n)
            && self.inner.len() == n
            && self.parents.len() == elements
            && self.inner.iter().all(|&e| (e as usize) < elements)
            && ascends(&self.parents)
            && self.comments.is_sorted()
            && self.comments.last().is_none_or(|&block| block < n)
            && self.discussion.len() == n
            && self.hidden.len() == n
            && self.nodes <= MOST_NODES
            && self.labels.iter().all(|label| (0.0..=1.0).contains(label))
            && self
                .words
                .iter()
                .all(|&words| words >= 0.0 && words.is_finite());
        if !fits {
            return None;
        }
        let matrix = Array2::from_shape_vec((features, n), self.matrix).ok()?;
        // A node's id is its place in its tree, and so the same in any tree.
        let mut tree = Tree::new(());
        let nodes: Vec<NodeId> = std::iter::once(tree.root().id())
            .chain((1..self.nodes).map(|_| tree.orphan(()).id()))
            .collect();
        let outline: Vec<OutlineElement> = self
            .elements
            .into_iter()
            .enumerate()
            .map(|(at, element)| element.restore(at, elements, n, &nodes))
            .collect::<Option<_>>()?;
        let blocks: Vec<Block> = self
            .blocks
            .into_iter()
            .map(|block| block.restore(elements, &nodes))
            .collect::<Option<_>>()?;
        Some(PreparedPage {
            labelled,
            blocks: Blocks {
                blocks,
                outline: Outline::of_elements(outline),
            },
            measured: Measured {
                kind,
                matrix: matrix.t().as_standard_layout().into_owned(),
                terms: Terms {
                    words: self.word_bags.restore(n)?,
                    near: self.near_bags.restore(n)?,
                    names: self.name_bags.restore(elements)?,
                    parents: self.parents,
                    inner: self.inner,
                    heading: self.heading_bags.restore(n)?,
                },
                lengths: self.lengths,
                comments: self.comments,
                discussion: self.discussion,
            },
            hidden: self.hidden,
            labels: self.labels,
            words: self.words,
            coverage: self.coverage,
        })
    }
}

/// Whether each stands below one before it, and the first below itself: then
/// whoever climbs arrives.
fn ascends(parents: &[u32]) -> bool {
    let before = |(at, &parent): (usize, &u32)| (parent as usize) < at.max(1);
    parents.iter().enumerate().all(before)
}

fn element_entry(element: &OutlineElement, at: &HashMap<NodeId, usize>) -> ElementEntry {
    let OutlineElement {
        node,
        name,
        parent,
        depth,
        end,
        blocks,
        nth_of_name,
        has_namesake,
        nth_child,
        children,
        skipped_controls,
        hidden,
    } = element;
    ElementEntry {
        node: at[node],
        name: name.to_string(),
        parent: parent.0,
        depth: *depth,
        end: *end,
        blocks: (blocks.start, blocks.end),
        nth_of_name: *nth_of_name,
        has_namesake: *has_namesake,
        nth_child: *nth_child,
        children: *children,
        skipped_controls: *skipped_controls,
        hidden: *hidden,
    }
}

impl ElementEntry {
    fn restore(
        self,
        at: usize,
        elements: usize,
        n: usize,
        nodes: &[NodeId],
    ) -> Option<OutlineElement> {
        let (start, end) = self.blocks;
        let fits = self.parent < at.max(1)
            // The tree's root is a document, and no element.
            && self.node != 0
            && at < self.end
            && self.end <= elements
            && start <= end
            && end <= n;
        fits.then_some(OutlineElement {
            node: *nodes.get(self.node)?,
            name: LocalName::from(self.name),
            parent: ElementId(self.parent),
            depth: self.depth,
            end: self.end,
            blocks: start..end,
            nth_of_name: self.nth_of_name,
            has_namesake: self.has_namesake,
            nth_child: self.nth_child,
            children: self.children,
            skipped_controls: self.skipped_controls,
            hidden: self.hidden,
        })
    }
}

impl BlockEntry {
    fn restore(self, elements: usize, nodes: &[NodeId]) -> Option<Block> {
        let text = &self.text;
        let links_fit = self
            .links
            .iter()
            .all(|&(start, end)| text.get(start..end).is_some());
        let fits = !text.is_empty()
            && self.element < elements
            && self.inner < elements
            && links_fit
            && self.emphasis <= text.len();
        let nodes = self
            .nodes
            .iter()
            .map(|&node| nodes.get(node).copied())
            .collect::<Option<_>>()?;
        fits.then_some(Block {
            element: ElementId(self.element),
            inner: ElementId(self.inner),
            links: self.links.iter().map(|&(start, end)| start..end).collect(),
            emphasis: self.emphasis,
            nodes,
            text: self.text,
        })
    }
}

impl BagsEntry {
    fn of(bags: &Bags) -> Self {
        Self {
            ends: bags.ends().to_vec(),
            hashes: bags.all().to_vec(),
        }
    }

    /// As many bags as are expected.
    fn restore(self, expected: usize) -> Option<Bags> {
        let bags = Bags::of_parts(self.ends, self.hashes)?;
        (bags.len() == expected).then_some(bags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Format, PageSource};
    use crate::train::prepare::prepared;

    fn labelled() -> LabelledPage {
        let html = b"<ul><li><a href=/>Home</a></ul><h1>Ferry</h1><p>It <b>sailed</b> again.";
        let source = PageSource::Inline(html.to_vec());
        LabelledPage::new("ferry", Format::Dehusk, source, "It sailed again.")
    }

    #[test]
    fn an_entry_that_contradicts_itself_gives_no_page() {
        let damages: [fn(&mut Entry); 16] = [
            |e| e.labels.truncate(1),
            |e| e.matrix.truncate(1),
            |e| e.parents[0] = 7,
            |e| e.inner[0] = u32::MAX,
            |e| e.nodes = usize::MAX,
            |e| e.nodes = 2,
            |e| e.comments.push(99),
            |e| e.discussion = Discussion::default(),
            |e| e.hidden.clear(),
            |e| e.blocks[0].element = 99,
            |e| e.blocks[0].links = vec![(3, 99)],
            |e| e.blocks[0].text.clear(),
            |e| e.elements[1].parent = 1,
            |e| e.elements[1].end = 99,
            |e| e.elements[1].blocks = (2, 1),
            |e| e.near_bags.ends[0] = 1_000,
        ];
        let (page, parsed) = prepared(labelled(), InputKind::Html, &labelled().read().unwrap());
        let restored = |entry: Entry, kind| entry.restore(labelled(), kind).is_some();
        assert!(restored(Entry::of(&page, &parsed), InputKind::Html));
        assert!(!restored(Entry::of(&page, &parsed), InputKind::Text));
        for (i, damage) in damages.into_iter().enumerate() {
            let mut entry = Entry::of(&page, &parsed);
            damage(&mut entry);
            assert!(!restored(entry, InputKind::Html), "damage {i}");
        }
    }
}
