//! A guard between html5ever's tokenizer and its tree builder.
//!
//! The tree builder has no bound of its own and several costs that grow with
//! the square of the input (open elements searched by every tag, active
//! formatting elements rebuilt in every paragraph). The guard drops tags that
//! would go past a bound before the tree builder sees them; text always
//! passes, so it lands in the nearest element that was let through.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};
use std::collections::HashMap;

use ego_tree::NodeId;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, QualName, local_name};
use scraper::{Html, HtmlTreeSink};

use super::{Limits, Warning};

/// html5ever's tree builder behind [`Limits`].
pub(super) struct Guard<'a> {
    builder: TreeBuilder<NodeId, CountingSink>,
    limits: &'a Limits,
    /// Dropped start tags whose end tags are still to come, by name.
    dropped: RefCell<HashMap<LocalName, usize>>,
    warnings: RefCell<Vec<Warning>>,
}

impl<'a> Guard<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        let options = TreeBuilderOpts {
            scripting_enabled: false,
            ..TreeBuilderOpts::default()
        };
        Self {
            builder: TreeBuilder::new(CountingSink::new(), options),
            limits,
            dropped: RefCell::new(HashMap::new()),
            warnings: RefCell::new(Vec::new()),
        }
    }

    /// The tree, and what was bounded on the way.
    pub(super) fn finish(self) -> (Html, Vec<Warning>) {
        (self.builder.sink.finish(), self.warnings.into_inner())
    }

    fn warn(&self, warning: Warning) {
        let mut warnings = self.warnings.borrow_mut();
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }

    /// Whether the tag may go on to the tree builder.
    fn admits(&self, tag: &mut Tag) -> bool {
        let limits = self.limits;
        if tag.attrs.len() > limits.attributes {
            tag.attrs.truncate(limits.attributes);
            self.warn(Warning::Attributes {
                limit: limits.attributes,
            });
        }
        // The tokenizer depends on these reaching the tree builder: it alone
        // switches to raw text. They hold no elements, so they cost nothing,
        // except in drawings and formulas, where they are tags like any other.
        if is_raw_text(&tag.name) && !self.adjusted_current_node_present_but_not_in_html_namespace()
        {
            return true;
        }
        match tag.kind {
            TagKind::StartTag => {
                let sink = &self.builder.sink;
                let refusal = if sink.created.get() >= limits.elements {
                    Some(Warning::Elements {
                        limit: limits.elements,
                    })
                } else if sink.deeper_than(limits.depth) {
                    Some(Warning::Depth {
                        limit: limits.depth,
                    })
                } else if is_formatting(&tag.name) && sink.formatting.get() >= limits.formatting {
                    Some(Warning::Formatting {
                        limit: limits.formatting,
                    })
                } else {
                    None
                };
                if let Some(warning) = refusal {
                    self.warn(warning);
                    if !is_void(&tag.name) && !tag.self_closing {
                        let mut dropped = self.dropped.borrow_mut();
                        *dropped.entry(tag.name.clone()).or_insert(0) += 1;
                    }
                    return false;
                }
                if is_formatting(&tag.name) {
                    sink.formatting.set(sink.formatting.get() + 1);
                }
            }
            TagKind::EndTag => {
                if let Some(dropped) = self.dropped.borrow_mut().get_mut(&tag.name)
                    && *dropped > 0
                {
                    *dropped -= 1;
                    return false;
                }
                // A tree that is full stays as it is: an end tag could make
                // the tree builder rebuild formatting elements.
                if self.builder.sink.created.get() >= limits.elements {
                    return false;
                }
                let sink = &self.builder.sink;
                sink.ended.set(sink.ended.get() + 1);
                if is_formatting(&tag.name) {
                    sink.formatting.set(sink.formatting.get().saturating_sub(1));
                }
            }
        }
        true
    }
}

impl TokenSink for Guard<'_> {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line_number: u64) -> TokenSinkResult<NodeId> {
        match token {
            Token::ParseError(_) => TokenSinkResult::Continue,
            Token::TagToken(mut tag) => {
                if self.admits(&mut tag) {
                    self.builder
                        .process_token(Token::TagToken(tag), line_number)
                } else {
                    TokenSinkResult::Continue
                }
            }
            token => self.builder.process_token(token, line_number),
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

fn is_raw_text(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("script")
            | local_name!("style")
            | local_name!("title")
            | local_name!("textarea")
            | local_name!("xmp")
            | local_name!("iframe")
            | local_name!("noembed")
            | local_name!("noframes")
            | local_name!("plaintext")
    )
}

/// The formatting elements of HTML Standard §13.2.4.2, less `a`: a second `a`
/// closes the first, so they never pile up.
fn is_formatting(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("b")
            | local_name!("big")
            | local_name!("code")
            | local_name!("em")
            | local_name!("font")
            | local_name!("i")
            | local_name!("nobr")
            | local_name!("s")
            | local_name!("small")
            | local_name!("strike")
            | local_name!("strong")
            | local_name!("tt")
            | local_name!("u")
    )
}

fn is_cell(name: &QualName) -> bool {
    name.ns == html5ever::ns!(html)
        && matches!(
            name.local,
            local_name!("td") | local_name!("th") | local_name!("caption")
        )
}

pub(crate) fn is_void(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("area")
            | local_name!("base")
            | local_name!("br")
            | local_name!("col")
            | local_name!("embed")
            | local_name!("hr")
            | local_name!("img")
            | local_name!("input")
            | local_name!("link")
            | local_name!("meta")
            | local_name!("param")
            | local_name!("source")
            | local_name!("track")
            | local_name!("wbr")
    )
}

/// scraper's sink, counting what it is asked to make.
struct CountingSink {
    inner: HtmlTreeSink,
    created: Cell<usize>,
    /// Elements created and not yet popped: never less than the number open,
    /// as whatever is open was created and not popped.
    unpopped: Cell<usize>,
    /// Where the last node was put.
    last_parent: Cell<Option<NodeId>>,
    /// End tags since then.
    ended: Cell<usize>,
    /// Formatting elements that were opened and not closed in the current
    /// table cell, or outside all.
    formatting: Cell<usize>,
    /// Open table cells and captions, with the count outside each: formatting
    /// does not reach into a cell nor out of it (HTML Standard §13.2.4.3).
    cells: RefCell<Vec<(NodeId, usize)>>,
}

impl CountingSink {
    fn new() -> Self {
        Self {
            inner: HtmlTreeSink::new(Html::new_document()),
            created: Cell::new(0),
            unpopped: Cell::new(0),
            last_parent: Cell::new(None),
            ended: Cell::new(0),
            formatting: Cell::new(0),
            cells: RefCell::new(Vec::new()),
        }
    }

    /// Whether the next element would lie deeper than `limit`. The count of
    /// unpopped elements is an upper bound that void elements inflate, so when
    /// it passes half the limit the depth is measured and the count corrected.
    ///
    /// The depth is that of the last node put in, less the end tags since. Stray
    /// end tags make it too small by their number only until the next element
    /// goes in, so that n bytes of them reach a depth of `limit` + √n at most.
    fn deeper_than(&self, limit: usize) -> bool {
        if self.unpopped.get() <= limit / 2 {
            return false;
        }
        let html = self.inner.0.borrow();
        let depth = self
            .last_parent
            .get()
            .and_then(|id| html.tree.get(id))
            .map_or(0, |node| node.ancestors().take(2 * limit).count() + 1)
            .saturating_sub(self.ended.get());
        self.unpopped.set(depth);
        depth >= limit
    }
}

impl TreeSink for CountingSink {
    type Output = Html;
    type Handle = NodeId;
    type ElemName<'b> = Ref<'b, QualName>;

    fn finish(self) -> Html {
        self.inner.finish()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        self.inner.get_document()
    }

    fn elem_name<'b>(&'b self, target: &'b NodeId) -> Ref<'b, QualName> {
        self.inner.elem_name(target)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        self.created.set(self.created.get() + 1);
        self.unpopped.set(self.unpopped.get() + 1);
        let is_cell = is_cell(&name);
        let id = self.inner.create_element(name, attrs, flags);
        if is_cell {
            let outside = self.formatting.replace(0);
            self.cells.borrow_mut().push((id, outside));
        }
        id
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.inner.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.inner.create_pi(target, data)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.last_parent.set(Some(*parent));
        self.ended.set(0);
        self.inner.append(parent, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        prev_element: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        self.inner
            .append_based_on_parent_node(element, prev_element, child);
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.inner.append_doctype_to_document(name, public, system);
    }

    fn pop(&self, node: &NodeId) {
        self.unpopped.set(self.unpopped.get().saturating_sub(1));
        let outside = self.cells.borrow_mut().pop_if(|(cell, _)| cell == node);
        if let Some((_, outside)) = outside {
            self.formatting.set(outside);
        }
        self.inner.pop(node);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.inner.get_template_contents(target)
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        self.inner.same_node(x, y)
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        self.inner.append_before_sibling(sibling, new_node);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        self.inner.add_attrs_if_missing(target, attrs);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.inner.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.inner.reparent_children(node, new_parent);
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &NodeId) -> bool {
        self.inner
            .is_mathml_annotation_xml_integration_point(handle)
    }
}
