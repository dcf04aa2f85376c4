//! One walk over the DOM: text into blocks, elements into the outline.

use std::collections::HashMap;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use html5ever::{LocalName, local_name, ns};
use scraper::node::{Element, Node};

use super::outline::{ElementId, Outline, OutlineElement};
use super::tag::{is_block_level, is_emphasis, is_skipped, stands_apart};
use super::{Block, Blocks};
use crate::page::Page;
use crate::text::{is_space, is_word_char};
use crate::watch::{pieces, spend};

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
    last_of_name: HashMap<LocalName, ElementId>,
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
            if let Some(before) = open.last_of_name.insert(name.clone(), id) {
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
            last_of_name: HashMap::new(),
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
        for c in pieces(text).flat_map(str::chars) {
            if is_space(c) {
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
            let start = shown.map_or(run.text.len(), |shown| shown.start);
            run.text.push(c);
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
    for (name, value) in element.attrs() {
        let hidden = match name {
            "hidden" => !value.eq_ignore_ascii_case("until-found"),
            "aria-hidden" => value.eq_ignore_ascii_case("true"),
            "style" => {
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
mod tests {
    use super::*;
    use crate::page::PageContext;
    use crate::text::words;
    use proptest::prelude::*;

    fn blocks(html: &str) -> Blocks {
        Blocks::of(&Page::parse(html.as_bytes(), &PageContext::default()))
    }

    fn texts(html: &str) -> Vec<String> {
        blocks(html).blocks.into_iter().map(|b| b.text).collect()
    }

    #[test]
    fn inline_markup_does_not_cut_and_block_markup_does() {
        assert_eq!(
            texts("<div>In <i>one</i>, as <a href=x>always</a>.<p>Two</p>Three</div>"),
            ["In one, as always.", "Two", "Three"]
        );
    }

    #[test]
    fn two_breaks_or_a_rule_cut_and_one_break_is_a_line() {
        assert_eq!(
            texts("<td>First<br>line<br> <br>Second<hr>Third</td>"),
            ["First\nline", "Second", "Third"]
        );
    }

    #[test]
    fn cells_items_buttons_labels_and_custom_elements_are_blocks() {
        assert_eq!(
            texts(
                "<ul><li>a<li>b</ul><table><tr><td>c<td>d</table><button>e</button><label>f</label><my-card>g</my-card>"
            ),
            ["a", "b", "c", "d", "e", "f", "g"]
        );
    }

    #[test]
    fn neighbouring_links_are_set_apart_and_letters_are_not() {
        assert_eq!(
            texts("<p><a>Home</a><a>News</a><time>12:30</time></p>"),
            ["Home News 12:30"]
        );
        assert_eq!(
            texts("<p><b>D</b>rop <span>(</span><span>cap</span>"),
            ["Drop (cap"]
        );
    }

    #[test]
    fn code_style_forms_and_drawings_are_skipped_and_noscript_is_not() {
        assert_eq!(
            texts(
                "<p>a<script>x</script><style>y</style>\
                 <svg><text>z</text></svg><select><option>o</select><textarea>t</textarea>\
                 <template>q</template></p><noscript><p>shown</p></noscript>"
            ),
            ["a", "shown"]
        );
    }

    #[test]
    fn lines_of_code_are_kept() {
        assert_eq!(
            texts("<pre><code>fn main() {\n    run();\n}\n</code></pre>"),
            ["fn main() {\n    run();\n}"]
        );
    }

    #[test]
    fn a_block_knows_its_links_its_elements_and_its_path() {
        let found = blocks(
            "<ul><li>x</li><li><a href=y>Menu entry</a></li></ul><p>See <a href=z>this</a> now",
        );
        let entry = &found.blocks[1];
        assert_eq!(&*found.outline[entry.inner].name, "a");
        assert_eq!(found.tag(1), "li");
        assert_eq!(found.xpath(1), "/html/body/ul/li[2]");
        assert_eq!(found.depth(1), 3);
        let see = &found.blocks[2];
        assert_eq!(&see.text[see.links[0].clone()], "this");
        assert_eq!(&*found.outline[see.inner].name, "p");
    }

    #[test]
    fn each_link_of_a_block_has_one_range() {
        let links = |html: &str| -> Vec<String> {
            let block = &blocks(html).blocks[0];
            let text = |link: &std::ops::Range<usize>| block.text[link.clone()].to_owned();
            block.links.iter().map(text).collect()
        };
        assert_eq!(
            links("<p>See <a href=x> the <b>old</b> <i>bridge</i> </a><a href=y>now</a></p>"),
            ["the old bridge", "now"]
        );
        assert_eq!(
            links("<p><a href=x>(one)</a><a href=y>(two)</a></p>"),
            ["(one)", "(two)"]
        );
        // One link over two blocks is in each.
        assert_eq!(links("<a href=x><h3>Head</h3><p>Text</p></a>"), ["Head"]);
        assert_eq!(
            links("<pre>let <a href=x> a\n = 1  </a></pre>"),
            ["a\n = 1"]
        );
    }

    #[test]
    fn emphasis_is_counted_without_the_space_around_it() {
        let emphasis = |html: &str| blocks(html).blocks[0].emphasis;
        assert_eq!(emphasis("<p>See the <b>map</b> here</p>"), 3);
        assert_eq!(emphasis("<p>See the<b> map </b>here</p>"), 3);
        assert_eq!(emphasis("<pre><b>map   </b></pre>"), 3);
    }

    #[test]
    fn an_element_knows_its_blocks_and_its_descendants() {
        let found = blocks("<div><p>a</p><p>b</p></div><p>c</p>");
        let div = found
            .outline
            .elements()
            .iter()
            .position(|e| &*e.name == "div")
            .unwrap();
        let div = &found.outline.elements()[div];
        assert_eq!(div.blocks, 0..2);
        assert_eq!(div.children, 2);
    }

    #[test]
    fn an_element_knows_the_controls_skipped_right_in_it() {
        let found = blocks(
            "<form><p><select><option>a</select></p><textarea>b</textarea><select></select>\
             <template><textarea></textarea></template></form>",
        );
        let skipped = |name: &str| {
            let elements = found.outline.elements();
            let element = elements.iter().find(|e| &*e.name == name).unwrap();
            (element.skipped_controls, element.children)
        };
        assert_eq!(skipped("form"), (2, 1));
        assert_eq!(skipped("p"), (1, 0));
        assert_eq!(skipped("body"), (0, 1));
    }

    #[test]
    fn what_markup_hides_is_marked_down_to_its_leaves() {
        let found = blocks("<div style='DISPLAY : none'><p>a</p></div><p aria-hidden=true>b<p>c");
        let hidden: Vec<bool> = found
            .blocks
            .iter()
            .map(|b| found.outline[b.element].hidden)
            .collect();
        assert_eq!(hidden, [true, true, false]);
    }

    /// The words of all text nodes outside skipped elements, run together.
    fn visible_letters(page: &Page) -> String {
        let tree = &page.html.tree;
        tree.root()
            .descendants()
            .filter(|n| {
                !n.ancestors().any(|a| {
                    a.value()
                        .as_element()
                        .is_some_and(|e| is_skipped(&e.name.local))
                })
            })
            .filter_map(|n| n.value().as_text())
            .flat_map(|t| t.chars())
            .filter(|&c| is_word_char(c))
            .collect()
    }

    proptest! {
        #[test]
        fn every_word_of_visible_text_is_in_exactly_one_block(
            soup in "(<[/]?(p|b|a|table|tr|td|li|svg|select|br|pre|span|custom-x|hr|noscript)>|[a-z]{1,3}| |\\.|\n){0,60}"
        ) {
            let page = Page::parse(soup.as_bytes(), &PageContext::default());
            let found = Blocks::of(&page);
            let letters: String = found
                .blocks
                .iter()
                .flat_map(|b| words(&b.text))
                .collect();
            prop_assert_eq!(letters, visible_letters(&page));
            for block in &found.blocks {
                prop_assert!(!block.text.is_empty());
                let mut end = 0;
                for link in &block.links {
                    prop_assert!(end <= link.start && link.start < link.end);
                    end = link.end;
                    let shown = block.text.get(link.clone());
                    prop_assert!(shown.is_some_and(|s| s.trim_matches(is_space) == s));
                }
                prop_assert!(block.emphasis <= block.text.len());
                prop_assert!(found.outline.holds(block.element, block.inner)
                    || found.outline.holds(block.inner, block.element));
            }
        }
    }
}
