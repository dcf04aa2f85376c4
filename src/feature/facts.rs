//! All that features ask of a page, gathered once.

use html5ever::{LocalName, local_name};
use scraper::Node;

use super::container::Containers;
use super::element::Elements;
use super::lexicon::{Ancestry, N_SIGNS};
use super::line::Lines;
use super::markup::Kind;
use super::page::Shares;
use super::position::distances_to_paragraph;
use super::repetition::Repetition;
use super::stats::BlockStats;
use super::thread::Threads;
use super::title::Titles;
use super::vocabulary::{Texts, Vocabulary};
use crate::block::{Block, Blocks, ElementId, OutlineElement};
use crate::page::{InputKind, Page, attr};

/// Sums over a range of blocks.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct BlockSums {
    pub length: f32,
    pub link_length: f32,
    pub chars: f32,
    pub commas: f32,
    pub stopwords: f32,
    pub words: f32,
    /// Blocks that read like paragraphs, and their length.
    pub paragraphs: f32,
    pub paragraph_length: f32,
    pub blocks: f32,
    pub links: f32,
    pub dates: f32,
}

impl BlockSums {
    fn add(mut self, stats: &BlockStats) -> Self {
        let paragraph = stats.is_paragraph();
        self.length += stats.length;
        self.link_length += stats.link_length;
        self.chars += stats.chars as f32;
        self.commas += stats.commas as f32;
        self.stopwords += stats.stopwords as f32;
        self.words += stats.words as f32;
        self.blocks += 1.0;
        self.links += stats.links as f32;
        self.dates += f32::from(u8::from(stats.date_like));
        if paragraph {
            self.paragraphs += 1.0;
            self.paragraph_length += stats.length;
        }
        self
    }

    #[inline]
    fn minus(self, other: Self) -> Self {
        Self {
            length: self.length - other.length,
            link_length: self.link_length - other.link_length,
            chars: self.chars - other.chars,
            commas: self.commas - other.commas,
            stopwords: self.stopwords - other.stopwords,
            words: self.words - other.words,
            paragraphs: self.paragraphs - other.paragraphs,
            paragraph_length: self.paragraph_length - other.paragraph_length,
            blocks: self.blocks - other.blocks,
            links: self.links - other.links,
            dates: self.dates - other.dates,
        }
    }

    /// Share of the length that stands in links, 0 to 1.
    pub(crate) fn link_density(&self) -> f32 {
        super::stats::ratio(self.link_length, self.length)
    }
}

/// Elements of some kinds over a range of the outline.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ElementSums {
    pub elements: u32,
    pub links: u32,
    pub images: u32,
    pub items: u32,
    pub controls: u32,
    pub paragraphs: u32,
    pub headings: u32,
    pub cells: u32,
}

impl ElementSums {
    fn add(mut self, kind: Kind, skipped_controls: u32) -> Self {
        self.elements += 1;
        self.controls += skipped_controls;
        match kind {
            Kind::Link => self.links += 1,
            Kind::Image => self.images += 1,
            Kind::Item => self.items += 1,
            Kind::Control => self.controls += 1,
            Kind::Paragraph => self.paragraphs += 1,
            Kind::Heading(_) => self.headings += 1,
            Kind::Cell => self.cells += 1,
            _ => {}
        }
        self
    }

    #[inline]
    fn minus(self, other: Self) -> Self {
        Self {
            elements: self.elements - other.elements,
            links: self.links - other.links,
            images: self.images - other.images,
            items: self.items - other.items,
            controls: self.controls - other.controls,
            paragraphs: self.paragraphs - other.paragraphs,
            headings: self.headings - other.headings,
            cells: self.cells - other.cells,
        }
    }
}

/// The facts that the features of one page's blocks are computed from.
pub struct PageFacts<'a> {
    /// What the page is written in, and so which features it has.
    pub(crate) input: InputKind,
    pub(crate) blocks: &'a Blocks,
    pub(crate) elements: Elements<'a>,
    pub(crate) stats: Vec<BlockStats>,
    pub(crate) vocabulary: Vocabulary<'a>,
    pub(crate) texts: Texts,
    /// Running sums over the blocks; one more than there are blocks.
    block_sums: Vec<BlockSums>,
    /// Running sums over the outline; one more than there are elements.
    element_sums: Vec<ElementSums>,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) ancestry: Ancestry,
    pub(crate) containers: Containers,
    pub(crate) repetition: Repetition,
    pub(crate) titles: Titles,
    pub(crate) threads: Threads,
    /// Of plain text only.
    pub(crate) lines: Lines,
    pub(crate) shares: Shares,
    /// For each block the nearest heading block at or before it.
    pub(crate) heading_before: Vec<Option<usize>>,
    /// For each block the next heading block after it, or how many blocks there are.
    pub(crate) heading_after: Vec<usize>,
    /// As [`distances_to_paragraph`] back and ahead.
    pub(crate) since_paragraph: Vec<u8>,
    pub(crate) until_paragraph: Vec<u8>,
    pub(crate) page: BlockSums,
}

impl<'a> PageFacts<'a> {
    /// Gathers the facts of a page, those that the features of its kind ask for:
    /// time linear in elements and text.
    pub fn gather(page: &'a Page, blocks: &'a Blocks) -> Self {
        match page.kind {
            InputKind::Html => Self::of_html(page, blocks),
            InputKind::Text => Self::of_text(blocks),
        }
    }

    /// Facts of the blocks' texts alone.
    fn of_stats(input: InputKind, blocks: &'a Blocks) -> Self {
        let mut vocabulary = Vocabulary::for_blocks(blocks, input);
        let mut texts = Texts::for_blocks(blocks);
        let stats: Vec<BlockStats> = (blocks.blocks.iter())
            .map(|block| BlockStats::of(block, &mut vocabulary, &mut texts))
            .collect();
        let mut block_sums = Vec::with_capacity(stats.len() + 1);
        block_sums.push(BlockSums::default());
        for (i, block_stats) in stats.iter().enumerate() {
            block_sums.push(block_sums[i].add(block_stats));
        }
        let since_paragraph = distances_to_paragraph(&stats, false);
        let until_paragraph = distances_to_paragraph(&stats, true);
        Self {
            input,
            blocks,
            page: block_sums[stats.len()],
            stats,
            vocabulary,
            texts,
            block_sums,
            elements: Elements::default(),
            element_sums: Vec::new(),
            kinds: Vec::new(),
            ancestry: Ancestry::default(),
            containers: Containers::default(),
            repetition: Repetition::default(),
            titles: Titles::default(),
            threads: Threads::default(),
            lines: Lines::default(),
            shares: Shares::default(),
            heading_before: Vec::new(),
            heading_after: Vec::new(),
            since_paragraph,
            until_paragraph,
        }
    }

    fn of_text(blocks: &'a Blocks) -> Self {
        let mut facts = Self::of_stats(InputKind::Text, blocks);
        let mean = super::stats::ratio(facts.page.length, facts.page.blocks);
        facts.lines = Lines::of(blocks, &facts.stats, mean);
        facts.heading_before = facts.lines.heading_before();
        facts.repetition = Repetition::of_texts(&facts.stats);
        facts.titles = Titles::of_lines(&facts);
        facts.threads = Threads::none(facts.len());
        facts
    }

    fn of_html(page: &'a Page, blocks: &'a Blocks) -> Self {
        let mut facts = Self::of_stats(InputKind::Html, blocks);
        let own = Elements::of(page, blocks);
        let elements = blocks.outline.elements();
        let kinds: Vec<Kind> = elements
            .iter()
            .map(|e| match Kind::of(&e.name) {
                Kind::Control if is_hidden_input(page, e) => Kind::Other,
                kind => kind,
            })
            .collect();

        let mut element_sums = Vec::with_capacity(kinds.len() + 1);
        element_sums.push(ElementSums::default());
        for (i, &kind) in kinds.iter().enumerate() {
            crate::watch::spend(32);
            element_sums.push(element_sums[i].add(kind, elements[i].skipped_controls));
        }

        let mut heading_before = Vec::with_capacity(blocks.len());
        let mut heading = None;
        for (i, block) in blocks.blocks.iter().enumerate() {
            if kinds[block.element.0].is_heading() {
                heading = Some(i);
            }
            heading_before.push(heading);
        }

        let mut heading_after = vec![blocks.len(); blocks.len()];
        for i in (1..blocks.len()).rev() {
            heading_after[i - 1] = match kinds[blocks.blocks[i].element.0].is_heading() {
                true => i,
                false => heading_after[i],
            };
        }

        facts.ancestry = Ancestry::of(&own, blocks);
        facts.elements = own;
        facts.element_sums = element_sums;
        facts.kinds = kinds;
        facts.heading_before = heading_before;
        facts.heading_after = heading_after;
        facts.containers = Containers::of(&facts);
        facts.repetition = Repetition::of(&facts);
        facts.titles = Titles::of(page, &facts);
        facts.threads = Threads::of(page, &facts);
        facts.shares = Shares::of(&facts);
        facts
    }

    #[inline]
    pub(crate) fn block(&self, i: usize) -> &Block {
        &self.blocks.blocks[i]
    }

    pub(crate) fn len(&self) -> usize {
        self.stats.len()
    }

    /// The kind of the block-level element of block `i`.
    #[inline]
    pub(crate) fn kind(&self, i: usize) -> Kind {
        self.kinds[self.block(i).element.0]
    }

    /// The stats of the block `offset` from `i`, if there is one.
    #[inline]
    pub(crate) fn at(&self, i: usize, offset: isize) -> Option<&BlockStats> {
        self.stats.get(i.checked_add_signed(offset)?)
    }

    /// Sums over the blocks of `range`.
    #[inline]
    pub(crate) fn sums(&self, range: std::ops::Range<usize>) -> BlockSums {
        self.block_sums[range.end].minus(self.block_sums[range.start])
    }

    /// Sums over the blocks at most `reach` from `i`, and `i` itself.
    #[inline]
    pub(crate) fn window(&self, i: usize, reach: usize) -> BlockSums {
        self.sums(i.saturating_sub(reach)..(i + reach + 1).min(self.len()))
    }

    /// Sums over the blocks below an element.
    #[inline]
    pub(crate) fn below(&self, id: ElementId) -> BlockSums {
        self.sums(self.blocks.outline[id].blocks.clone())
    }

    /// Sums over an element and the elements below it.
    #[inline]
    pub(crate) fn elements_below(&self, id: ElementId) -> ElementSums {
        self.element_sums[self.blocks.outline[id].end].minus(self.element_sums[id.0])
    }

    pub(crate) fn elements(&self) -> ElementSums {
        self.element_sums[self.kinds.len()]
    }

    /// The element `levels` above the block-level element of block `i`; the
    /// root where there are fewer.
    #[inline]
    pub(crate) fn ancestor(&self, i: usize, levels: usize) -> ElementId {
        let mut id = self.block(i).element;
        for _ in 0..levels {
            id = self.blocks.outline[id].parent;
        }
        id
    }

    /// How near the nearest sign of a kind is above block `i`: 1 on the
    /// innermost element, 1/2 on its parent …, 0 where there is none.
    pub(crate) fn sign(&self, i: usize, sign: usize) -> f32 {
        debug_assert!(sign < N_SIGNS);
        match self.ancestry.distance(self.block(i).inner, sign) {
            Some(distance) => 1.0 / (1.0 + f32::from(distance)),
            None => 0.0,
        }
    }
}

fn is_hidden_input(page: &Page, element: &OutlineElement) -> bool {
    element.name == local_name!("input")
        && attribute(page, element.node, &local_name!("type"))
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("hidden"))
}

/// Value of the attribute of that name, by node.
pub(crate) fn attribute<'p>(
    page: &'p Page,
    node: ego_tree::NodeId,
    name: &LocalName,
) -> Option<&'p str> {
    match page.html.tree.get(node)?.value() {
        Node::Element(element) => attr::attr(element, name),
        _ => None,
    }
}
