//! Labelled pages → variants of them: short posts, and threads of comments.
//!
//! The corpora hold few posts of a paragraph or two, and hardly a page with
//! comments in its markup, as both are made by scripts today; whoever learns
//! from them alone takes a long thread for the page's content and a short post
//! for nothing. So some pages are learned from once more, with most of their
//! content taken away, and some of those with what was taken away put below as
//! a thread of comments, in the markup of one of many engines
//! (`threads.toml`). As the words of such comments are an article's, only the
//! structure around them tells what they are.
//!
//! A variant stands in the fold of the page it was made of; pages to be judged
//! have none.

mod thread;

use std::hash::Hasher;

use ego_tree::NodeId;
use fnv::FnvHasher;
use rand::Rng;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::PreparedPage;
use super::prepare::parse;
use crate::block::{Blocks, ElementId};
use crate::corpus::CorpusError;
use crate::model::Profile;
use crate::page::Page;

/// Share of the pages of articles' bodies that are learned from once more as a
/// shorter post.
const SHORTENED: f64 = 0.7;
/// Share of those that have a thread below.
const THREADED: f64 = 0.6;
/// Words from which a page has enough content to be shortened.
const LEAST_WORDS: f32 = 80.0;
/// Words of content that a variant has at the least.
const SHORTEST: f32 = 6.0;
/// Part of a page's words that a variant keeps at the most.
const LONGEST: f32 = 0.5;
/// Words from which a text will do for a comment.
const COMMENT_WORDS: f32 = 6.0;
/// Part of its words that must be gold for a block to be content.
const CONTENT: f32 = 0.5;

/// The variants to learn from beside `pages`, at most one of each. The same for
/// the same pages and seed, on any number of threads.
///
/// # Errors
/// When a page cannot be read.
pub(super) fn variants(
    pages: &[PreparedPage],
    seed: u64,
) -> Result<Vec<Option<PreparedPage>>, CorpusError> {
    pages
        .par_iter()
        .map(|page| {
            let mut rng = rng(&page.labelled.corpus, &page.labelled.id, seed);
            let chosen = page.teaches()
                && page.labelled.profile == Profile::Article
                && rng.r#gen::<f64>() < SHORTENED;
            if chosen {
                shortened(page, &mut rng)
            } else {
                Ok(None)
            }
        })
        .collect()
}

/// What a page draws from: its own, so that no page moves another's draws.
fn rng(corpus: &str, id: &str, seed: u64) -> Xoshiro256PlusPlus {
    let mut hasher = FnvHasher::with_key(seed);
    hasher.write(corpus.as_bytes());
    hasher.write(id.as_bytes());
    Xoshiro256PlusPlus::seed_from_u64(hasher.finish())
}

/// A page with less of its content, if it has any to spare.
fn shortened(page: &PreparedPage, rng: &mut impl Rng) -> Result<Option<PreparedPage>, CorpusError> {
    let content: Vec<usize> = (0..page.blocks.len())
        .filter(|&i| page.labels[i] >= CONTENT)
        .collect();
    let words: f32 = content.iter().map(|&i| page.words[i]).sum();
    if words < LEAST_WORDS {
        return Ok(None);
    }
    let budget = SHORTEST * (words * LONGEST / SHORTEST).powf(rng.r#gen());
    let mut kept_words = 0.0;
    let kept = content
        .iter()
        .take_while(|&&i| {
            let goes_on = kept_words < budget;
            kept_words += page.words[i];
            goes_on
        })
        .count();
    let (kept, dropped) = content.split_at(kept);
    if kept.is_empty() || dropped.is_empty() {
        return Ok(None);
    }

    let mut parsed = parse(&page.labelled)?;
    let holder = kept
        .iter()
        .chain(dropped)
        .map(|&i| page.blocks.blocks[i].element)
        .reduce(|a, b| page.blocks.outline.common(a, b))
        .unwrap_or(ElementId(0));
    if rng.r#gen::<f64>() < THREADED {
        let comments: Vec<&str> = dropped
            .iter()
            .filter(|&&i| page.words[i] >= COMMENT_WORDS)
            .map(|&i| page.blocks.blocks[i].text.as_str())
            .collect();
        let html = thread::render(&comments, rng);
        let inside = page.blocks.outline[holder].depth < 2 || rng.r#gen();
        insert(&mut parsed, page.blocks.outline[holder].node, &html, inside);
    }
    remove(&mut parsed, &page.blocks, dropped);
    Ok(relabelled(page, &parsed))
}

/// Puts markup into an element, as its last children, or after it.
fn insert(page: &mut Page, node: NodeId, html: &str, inside: bool) {
    let tree = &mut page.html.tree;
    let fragment = tree.extend_tree(scraper::Html::parse_fragment(html).tree).id();
    // A fragment's one child is an `html` element round what was parsed.
    let parsed: Vec<NodeId> = tree
        .get(fragment)
        .into_iter()
        .flat_map(|fragment| fragment.children())
        .flat_map(|html| html.children())
        .map(|node| node.id())
        .collect();
    let Some(mut element) = tree.get_mut(node) else {
        return;
    };
    if inside {
        for node in parsed {
            element.append_id(node);
        }
    } else {
        for node in parsed.into_iter().rev() {
            element.insert_id_after(node);
        }
    }
}

/// Takes blocks away: the elements that hold nothing else, and the text nodes
/// that are left.
fn remove(page: &mut Page, blocks: &Blocks, dropped: &[usize]) {
    let mut gone = vec![false; blocks.len()];
    for &i in dropped {
        gone[i] = true;
    }
    for &i in dropped {
        let element = blocks.blocks[i].element;
        let whole = blocks
            .outline
            .lineage(element)
            .take_while(|&id| blocks.outline[id].blocks.clone().all(|i| gone[i]))
            .last();
        let nodes = match whole {
            Some(id) => vec![blocks.outline[id].node],
            None => blocks.blocks[i].nodes.clone(),
        };
        for node in nodes {
            if let Some(mut node) = page.html.tree.get_mut(node) {
                node.detach();
            }
        }
    }
}

/// The changed page, measured anew, each block with the label that its text
/// had before; none where a text is not found again in its order.
fn relabelled(page: &PreparedPage, changed: &Page) -> Option<PreparedPage> {
    let blocks = Blocks::of(changed);
    let known: std::collections::HashMap<NodeId, usize> = page
        .blocks
        .blocks
        .iter()
        .enumerate()
        .flat_map(|(i, block)| block.nodes.iter().map(move |&node| (node, i)))
        .collect();
    let labels: Vec<f32> = blocks
        .blocks
        .iter()
        .map(|block| {
            let before = block.nodes.first().and_then(|node| known.get(node));
            before.map_or(0.0, |&i| page.labels[i])
        })
        .collect();
    let variant = page.changed(changed, blocks, labels);
    variant.teaches().then_some(variant)
}
