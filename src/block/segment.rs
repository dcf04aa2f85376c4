//! One walk over the DOM: text into blocks, elements into the outline.

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use html5ever::{LocalName, local_name, ns};
use scraper::node::{Element, Node};

use super::namesakes::Namesakes;
use super::outline::{ElementId, Outline, OutlineElement};
use super::tag::{is_block_level, is_emphasis, is_skipped, stands_apart};
use super::{Block, Blocks};
use crate::page::{Page, attr};
use crate::text::{is_space, is_word_char};
use crate::watch::spend;

pub(super) fn segment(page: &Page) -> Blocks {
    let mut walk = Walk {
        most_blocks: page.limits.blocks,
        ..Walk::default()
    };
    let mut skipping: Option<NodeId> = None;
    for edge in page.html.tree.root().traverse() {
        spend(32);
        match edge {
            Edge::Open(node) if skipping.is_none() => match node.value() {
                Node::Element(element) if is_skipped(&element.name.local) => {
                    skipping = Some(node.id());
                    walk.skip(&element.name.local);
                }
                Node::Element(element) => walk.open(node.id(), element),
                Node::Text(text) => walk.text(node.id(), text),
                _ => {}
            },
            Edge::Close(node) => match skipping {
                Some(id) if id == node.id() => skipping = None,
                Some(_) => {}
                None if node.value().is_element() => walk.close(),
                None => {}
            },
            Edge::Open(_) => {}
        }
    }
    walk.finish()
}

/// An element whose end has not been reached.
struct Open {
    id: ElementId,
    block_level: bool,
    /// Would be, but for the bound of blocks: its text stands in lines of its own.
    line: bool,
    emphasis: bool,
    apart: bool,
    /// The outermost `a` that it is or stands in.
    link: Option<ElementId>,
    pre: bool,
    last_of_name: Namesakes,
}

#[derive(Default)]
struct Walk {
    outline: Outline,
    blocks: Vec<Block>,
    open: Vec<Open>,
    run: Run,
    most_blocks: usize,
}

/// The block being gathered.
#[derive(Default)]
struct Run {
    text: String,
    element: Option<ElementId>,
    inner: Option<ElementId>,
    links: Vec<std::ops::Range<usize>>,
    /// The `a` of the last of them.
    last_link: Option<ElementId>,
    emphasis: usize,
    nodes: Vec<NodeId>,
    /// White space was met after the last character.
    space: bool,
    /// `<br>`s met after the last character.
    breaks: usize,
    /// An `a`, `span` or `time` ended right after the last character, a letter
    /// or digit.
    ended_apart: bool,
    /// … and another began there.
    apart: bool,
}

impl Walk {
    fn open(&mut self, node: NodeId, element: &Element) {
        let name = &element.name.local;
        let id = ElementId(self.outline.elements.len());
        let parent = self.open.last().map_or(id, |open| open.id);
        let (mut nth_of_name, mut nth_child, mut namesake) = (1, 0, false);
        if let Some(open) = self.open.last_mut() {
            let above = &mut self.outline.elements[open.id.0];
            nth_child = above.children;
            above.children += 1;
            if let Some(before) = open.last_of_name.replace(name, id) {
                let before = &mut self.outline.elements[before.0];
                before.has_namesake = true;
                nth_of_name = before.nth_of_name + 1;
                namesake = true;
            }
        }
        let is_full = self.blocks.len() >= self.most_blocks;
        let cuts = is_block_level(name, element.name.ns == ns!(html));
        let (block_level, line) = (cuts && !is_full, cuts && is_full);
        if block_level {
            self.flush();
        } else if line {
            self.run.breaks = 1;
        }
        let above = self.open.last();
        let hidden =
            is_hidden(element) || above.is_some_and(|open| self.outline.elements[open.id.0].hidden);
        let is_pre = *name == local_name!("pre");
        let open = Open {
            id,
            block_level,
            line,
            emphasis: is_emphasis(name) || above.is_some_and(|open| open.emphasis),
            apart: stands_apart(name),
            link: above
                .and_then(|open| open.link)
                .or((*name == local_name!("a")).then_some(id)),
            pre: is_pre || above.is_some_and(|open| open.pre),
            last_of_name: Namesakes::default(),
        };
        self.outline.elements.push(OutlineElement {
            node,
            name: name.clone(),
            parent,
            depth: self.open.len(),
            end: id.0 + 1,
            blocks: self.blocks.len()..self.blocks.len(),
            nth_of_name,
            has_namesake: namesake,
            nth_child,
            children: 0,
            skipped_controls: 0,
            hidden,
        });
        match *name {
            local_name!("br") => {
                self.run.breaks += 1;
                if self.run.breaks >= 2 && !is_full {
                    self.flush();
                }
            }
            // A rule inside text ends it, wherever it stands.
            local_name!("hr") if !is_full => self.flush(),
            _ => {}
        }
        self.run.apart = self.run.ended_apart && open.apart;
        self.run.ended_apart = false;
        self.open.push(open);
    }

    fn skip(&mut self, name: &LocalName) {
        if let Some(open) = self.open.last()
            && matches!(*name, local_name!("select") | local_name!("textarea"))
        {
            self.outline.elements[open.id.0].skipped_controls += 1;
        }
    }

    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        if open.block_level {
            self.flush();
        } else if open.line {
            self.run.breaks = 1;
        }
        self.run.ended_apart = open.apart && self.run.text.ends_with(is_word_char);
        let end = self.outline.elements.len();
        let element = &mut self.outline.elements[open.id.0];
        element.end = end;
        element.blocks.end = self.blocks.len();
    }

    fn text(&mut self, node: NodeId, text: &str) {
        let Some(open) = self.open.last() else { return };
        let element = self
            .open
            .iter()
            .rev()
            .find(|open| open.block_level)
            .map_or(ElementId(0), |open| open.id);
        let run = &mut self.run;
        let mut shown: Option<std::ops::Range<usize>> = None;
        let mut rest = text;
        spend(text.len());
        while let Some(c) = rest.chars().next() {
            if is_space(c) {
                rest = &rest[c.len_utf8()..];
                if open.pre && !run.text.is_empty() {
                    if c == '\n' {
                        run.breaks = 0;
                        run.space = false;
                        run.text.push('\n');
                        continue;
                    }
                    if c == ' ' || c == '\t' {
                        run.text.push(c);
                        continue;
                    }
                }
                run.space = true;
                continue;
            }
            if !run.text.is_empty() {
                if run.breaks > 0 {
                    run.text.push('\n');
                } else if run.space || (run.apart && is_word_char(c)) {
                    run.text.push(' ');
                }
            }
            (run.breaks, run.space) = (0, false);
            (run.ended_apart, run.apart) = (false, false);
            if run.text.is_empty() {
                run.text.reserve(rest.len());
            }
            let start = shown.map_or(run.text.len(), |shown| shown.start);
            let folded;
            let piece = &rest[..rest.floor_char_boundary(PIECE)];
            (folded, rest) = rest.split_at(folded_length(piece));
            spend(folded.len());
            run.text.push_str(folded);
            shown = Some(start..run.text.len());
        }
        let Some(shown) = shown else { return };
        run.element.get_or_insert(element);
        run.nodes.push(node);
        if open.emphasis {
            run.emphasis += shown.len();
        }
        if open.link.is_some() {
            match run.links.last_mut() {
                Some(last) if run.last_link == open.link => last.end = shown.end,
                _ => run.links.push(shown),
            }
            run.last_link = open.link;
        }
        run.inner = Some(match run.inner {
            None => open.id,
            Some(inner) => innermost_common(&self.outline, &self.open, inner),
        });
    }

    fn flush(&mut self) {
        let mut run = std::mem::take(&mut self.run);
        let (Some(element), Some(inner)) = (run.element, run.inner) else {
            return;
        };
        run.text.truncate(run.text.trim_end_matches(is_space).len());
        self.blocks.push(Block {
            text: run.text,
            element,
            inner,
            links: run.links,
            emphasis: run.emphasis,
            nodes: run.nodes,
        });
    }

    fn finish(mut self) -> Blocks {
        self.flush();
        Blocks {
            blocks: self.blocks,
            outline: self.outline,
        }
    }
}

/// Bytes of text that are added between two looks at the clock.
const PIECE: usize = 1 << 16;

/// Bytes that are looked at together.
const AT_ONCE: usize = 17;

/// Whether all but the last of these bytes are ASCII, with no white space but single
/// spaces.
fn is_plain(bytes: &[u8; AT_ONCE]) -> bool {
    let mut odd = false;
    for (&byte, &next) in bytes.iter().zip(&bytes[1..]) {
        odd |= !byte.is_ascii() | byte.wrapping_sub(b'\t').lt(&5);
        odd |= (byte == b' ') & ((next <= b' ') | !next.is_ascii());
    }
    !odd
}

/// Bytes of a text, which begins with no white space, before any that would be folded:
/// single spaces between other characters stay as they are.
pub(super) fn folded_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut plain_until = 0;
    while let Some(&byte) = bytes.get(at) {
        if at >= plain_until {
            if bytes[at..].first_chunk().is_some_and(is_plain) {
                at += AT_ONCE - 1;
                continue;
            }
            plain_until = at + AT_ONCE;
        }
        match byte {
            b' ' => match text[at + 1..].chars().next() {
                Some(c) if !is_space(c) => at += 1 + c.len_utf8(),
                _ => return at,
            },
            b'\t'..=b'\r' => return at,
            0..0x80 => at += 1,
            _ => match text[at..].chars().next() {
                Some(c) if !is_space(c) => at += c.len_utf8(),
                _ => return at,
            },
        }
    }
    at
}

/// The innermost open element that holds `inner`, which was open or has ended.
fn innermost_common(outline: &Outline, open: &[Open], inner: ElementId) -> ElementId {
    outline
        .lineage(inner)
        .find(|&id| {
            open.get(outline[id].depth)
                .is_some_and(|open| open.id == id)
        })
        .unwrap_or(ElementId(0))
}

/// True when an element's own markup hides it: the `hidden` attribute,
/// `aria-hidden`, or an inline `display: none` or `visibility: hidden`.
fn is_hidden(element: &Element) -> bool {
    for (name, value) in attr::plain(element) {
        let hidden = match *name {
            local_name!("hidden") => !value.eq_ignore_ascii_case("until-found"),
            local_name!("aria-hidden") => value.eq_ignore_ascii_case("true"),
            local_name!("style") => {
                let style: String = value
                    .chars()
                    .filter(|c| !c.is_whitespace())
                    .map(|c| c.to_ascii_lowercase())
                    .collect();
                style.contains("display:none") || style.contains("visibility:hidden")
            }
            _ => false,
        };
        if hidden {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests;
