//! A guard between the tokenizer and html5ever's tree builder.
//!
//! The tree builder has no bound of its own and several costs that grow with
//! the square of the input (open elements searched by every tag, active
//! formatting elements rebuilt in every paragraph). The guard drops tags that
//! would go past a bound before the tree builder sees them; text always
//! passes, so it lands in the nearest element that was let through.

use std::cell::{Cell, Ref, RefCell};
use std::collections::HashMap;

use ego_tree::NodeId;
use html5ever::LocalName;
use html5ever::interface::{Tracer, TreeSink};
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use scraper::Html;

use super::names::{ends_formatting, is_formatting, is_raw_text, is_void};
use super::spans::Spans;
use super::tokenizer::Place;
use super::tree::{Created, Tree};
use super::{Limits, Warning};
use crate::watch::spend;

/// html5ever's tree builder behind [`Limits`].
pub(super) struct Guard<'a> {
    builder: TreeBuilder<NodeId, Tree>,
    limits: &'a Limits,
    /// What the tree builder held when it was last asked.
    held: Cell<Held>,
    /// Whether a tag has gone to the tree builder since then.
    stale: Cell<bool>,
    /// Dropped start tags, by name, whose end tags are still to come.
    dropped: RefCell<HashMap<LocalName, usize>>,
    /// Where the token stands that comes next.
    place: Cell<Place>,
    /// Where the characters stand since the tree builder was last given
    /// something else.
    characters: Cell<Option<Place>>,
    warnings: RefCell<Vec<Warning>>,
}

impl<'a> Guard<'a> {
    pub(super) fn new(text: &str, limits: &'a Limits) -> Self {
        let options = TreeBuilderOpts {
            scripting_enabled: false,
            ..TreeBuilderOpts::default()
        };
        Self {
            builder: TreeBuilder::new(Tree::for_page(text), options),
            limits,
            held: Cell::default(),
            stale: Cell::new(false),
            dropped: RefCell::default(),
            place: Cell::default(),
            characters: Cell::default(),
            warnings: RefCell::default(),
        }
    }

    /// What the tokenizer is to tell places in.
    pub(super) fn place(&self) -> &Cell<Place> {
        &self.place
    }

    /// The tree, where its texts stand, and what was bounded on the way.
    pub(super) fn finish(self) -> (Html, Spans, Vec<Warning>) {
        let (html, spans) = self.builder.sink.finish();
        (html, spans, self.warnings.into_inner())
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
                !self.is_full() && self.builder.sink.created().elements < self.limits.elements
            }
        }
    }

    /// Whether the tree may get no more nodes but for what text needs.
    fn is_full(&self) -> bool {
        self.builder.sink.html().tree.values().len() >= self.limits.nodes
    }

    /// Why a start tag of that name may not go on, if it may not.
    fn refusal(&self, name: &LocalName) -> Option<Warning> {
        let limits = self.limits;
        if self.is_full() {
            return Some(Warning::Nodes {
                limit: limits.nodes,
            });
        }
        if self.builder.sink.created().elements >= limits.elements {
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
        let (then, created) = (self.held.get(), self.builder.sink.created());
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
                html: sink.html(),
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
                created: sink.created(),
            });
        }
        self.held.get()
    }

    /// Tells the tree where characters stand that the tree builder is about to
    /// be given: it may keep them, and those that follow, for later.
    fn add_characters(&self) {
        let place = self.place.get();
        let start = self
            .characters
            .get()
            .map_or(place.start, |so_far| so_far.start);
        let all = Place { start, ..place };
        self.characters.set(Some(all));
        self.builder.sink.characters_at(all);
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
                self.characters.set(None);
                if before.is_some_and(|before| self.measure().elements < before.elements) {
                    self.forget_dropped(&name);
                }
                result
            }
            Token::CharacterTokens(_) | Token::NullCharacterToken => {
                self.add_characters();
                self.builder.process_token(token, line_number)
            }
            token => {
                let result = self.builder.process_token(token, line_number);
                self.characters.set(None);
                result
            }
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
