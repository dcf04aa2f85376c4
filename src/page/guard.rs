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
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, Tracer, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, QualName};
use scraper::{Html, HtmlTreeSink};

use super::names::{ends_formatting, is_formatting, is_raw_text, is_void};
use super::{Limits, Warning};
use crate::watch::spend;

/// html5ever's tree builder behind [`Limits`].
pub(super) struct Guard<'a> {
    builder: TreeBuilder<NodeId, CountingSink>,
    limits: &'a Limits,
    /// What the tree builder held when it was last asked.
    held: Cell<Held>,
    /// Whether a tag has gone to the tree builder since then.
    stale: Cell<bool>,
    /// Dropped start tags, by name, whose end tags are still to come.
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
            held: Cell::default(),
            stale: Cell::new(false),
            dropped: RefCell::default(),
            warnings: RefCell::default(),
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
        if tag.attrs.len() > self.limits.attributes {
            tag.attrs.truncate(self.limits.attributes);
            self.warn(Warning::Attributes {
                limit: self.limits.attributes,
            });
        }
        // The tokenizer depends on these reaching the tree builder: it alone
        // switches to raw text. They hold no elements, so they cost nothing;
        // in MathML and SVG they are elements like any other.
        let foreign = self.adjusted_current_node_present_but_not_in_html_namespace();
        if is_raw_text(&tag.name) && !foreign {
            return true;
        }
        match tag.kind {
            TagKind::StartTag => {
                let Some(warning) = self.refusal(&tag.name) else {
                    if ends_formatting(&tag.name) {
                        self.dropped
                            .borrow_mut()
                            .retain(|name, _| !is_formatting(name));
                    }
                    return true;
                };
                self.warn(warning);
                // A slash closes a foreign element and means nothing on others.
                let closes_itself = is_void(&tag.name) || (foreign && tag.self_closing);
                if !closes_itself {
                    let mut dropped = self.dropped.borrow_mut();
                    *dropped.entry(tag.name.clone()).or_default() += 1;
                }
                false
            }
            TagKind::EndTag => {
                let mut dropped = self.dropped.borrow_mut();
                if let Some(n) = dropped.get_mut(&tag.name) {
                    *n -= 1;
                    if *n == 0 {
                        dropped.remove(&tag.name);
                    }
                    return false;
                }
                // A tree that is full stays as it is: an end tag could make
                // the tree builder rebuild formatting elements.
                !self.is_full() && self.builder.sink.created.get().elements < self.limits.elements
            }
        }
    }

    /// Whether the tree may get no more nodes but for what text needs.
    fn is_full(&self) -> bool {
        self.builder.sink.inner.0.borrow().tree.values().len() >= self.limits.nodes
    }

    /// Why a start tag of that name may not go on, if it may not.
    fn refusal(&self, name: &LocalName) -> Option<Warning> {
        let limits = self.limits;
        if self.is_full() {
            return Some(Warning::Nodes {
                limit: limits.nodes,
            });
        }
        if self.builder.sink.created.get().elements >= limits.elements {
            return Some(Warning::Elements {
                limit: limits.elements,
            });
        }
        let within = |held: Held| {
            if held.elements >= limits.depth {
                Some(Warning::Depth {
                    limit: limits.depth,
                })
            } else if is_formatting(name) && held.formatting >= limits.formatting {
                Some(Warning::Formatting {
                    limit: limits.formatting,
                })
            } else {
                None
            }
        };
        within(self.held_at_most())?;
        within(self.measure())
    }

    /// An upper bound of what the tree builder holds: all that it can hold was
    /// held when it was last asked, or created since.
    fn held_at_most(&self) -> Held {
        let (then, created) = (self.held.get(), self.builder.sink.created.get());
        Held {
            elements: then.elements + created.elements - then.created.elements,
            formatting: then.formatting + created.formatting - then.created.formatting,
            created,
        }
    }

    /// Asks the tree builder what it holds, unless the answer would be the same.
    fn measure(&self) -> Held {
        if self.stale.replace(false) {
            let sink = &self.builder.sink;
            let counter = Counter {
                html: sink.inner.0.borrow(),
                elements: Cell::new(0),
                formatting: RefCell::default(),
            };
            self.builder.trace_handles(&counter);
            let mut formatting = counter.formatting.into_inner();
            formatting.sort_unstable();
            formatting.dedup();
            self.held.set(Held {
                elements: counter.elements.get(),
                formatting: formatting.len(),
                created: sink.created.get(),
            });
        }
        self.held.get()
    }

    /// Forgets dropped start tags that stood in what an end tag has closed:
    /// their end tags, if they come at all, come too late.
    fn forget_dropped(&self, closed: &LocalName) {
        let mut dropped = self.dropped.borrow_mut();
        if ends_formatting(closed) {
            dropped.clear();
        } else {
            dropped.retain(|name, _| is_formatting(name));
        }
    }
}

/// Elements of the tree builder's two lists, and how many had been created when
/// they were counted.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    /// Open elements and active formatting elements; one that is both counts
    /// twice.
    elements: usize,
    /// Formatting elements among them, each counted once.
    formatting: usize,
    created: Created,
}

/// Elements created so far.
#[derive(Debug, Clone, Copy, Default)]
struct Created {
    elements: usize,
    /// Formatting elements among them.
    formatting: usize,
}

/// Counts what the tree builder holds.
struct Counter<'b> {
    html: Ref<'b, Html>,
    elements: Cell<usize>,
    formatting: RefCell<Vec<NodeId>>,
}

impl Tracer for Counter<'_> {
    type Handle = NodeId;

    fn trace_handle(&self, node: &NodeId) {
        self.elements.set(self.elements.get() + 1);
        let element = self
            .html
            .tree
            .get(*node)
            .and_then(|n| n.value().as_element());
        if element.is_some_and(|e| is_formatting(&e.name.local)) {
            self.formatting.borrow_mut().push(*node);
        }
    }
}

impl TokenSink for Guard<'_> {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line_number: u64) -> TokenSinkResult<NodeId> {
        spend(match &token {
            Token::CharacterTokens(text) | Token::CommentToken(text) => 32 + text.len(),
            _ => 32,
        });
        match token {
            Token::ParseError(_) => TokenSinkResult::Continue,
            Token::CommentToken(_) if self.is_full() => {
                self.warn(Warning::Nodes {
                    limit: self.limits.nodes,
                });
                TokenSinkResult::Continue
            }
            Token::TagToken(mut tag) => {
                if !self.admits(&mut tag) {
                    return TokenSinkResult::Continue;
                }
                let (name, kind) = (tag.name.clone(), tag.kind);
                let watched = kind == TagKind::EndTag && !self.dropped.borrow().is_empty();
                let before = watched.then(|| self.measure());
                self.stale.set(true);
                let result = self
                    .builder
                    .process_token(Token::TagToken(tag), line_number);
                if before.is_some_and(|before| self.measure().elements < before.elements) {
                    self.forget_dropped(&name);
                }
                result
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

/// scraper's sink, counting what it is asked to make.
struct CountingSink {
    inner: HtmlTreeSink,
    created: Cell<Created>,
}

impl CountingSink {
    fn new() -> Self {
        Self {
            inner: HtmlTreeSink::new(Html::new_document()),
            created: Cell::default(),
        }
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
        let mut created = self.created.get();
        created.elements += 1;
        created.formatting += usize::from(is_formatting(&name.local));
        self.created.set(created);
        self.inner.create_element(name, attrs, flags)
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.inner.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.inner.create_pi(target, data)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
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
