//! Labelled pages → variants of them: short posts, and threads of comments.
//!
//! The corpora hold few posts of a paragraph or two, and hardly a page with
//! comments in its markup, as scripts bring them today; whoever learns from
//! them alone takes a long thread for the page's content and a short post for
//! nothing. So most pages of the corpora that count an article's body only are
//! learned from once more, with most of the body taken away, and many of those
//! with what was taken away put below as a thread of comments, in the markup of
//! one of many engines (`threads.toml`). As the words of such comments are an
//! article's, only the structure around them tells what they are.
//!
//! Only the trees of profile `article` learn from variants: the others and the
//! term models would learn that a forum's replies are no content. A variant
//! stands in the fold of the page it was made of; pages to be judged have none.

mod thread;

use std::collections::{HashMap, HashSet};
use std::hash::Hasher;

use ego_tree::NodeId;
use fnv::FnvHasher;
use rand::Rng;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;
use scraper::Node;

use super::PreparedPage;
use crate::block::{Blocks, ElementId};
use crate::corpus::CorpusError;
use crate::metadata::is_json_ld;
use crate::model::Profile;
use crate::page::Page;
use crate::text::count_words;

/// Share of the pages of profile `article` that have a variant.
const SHORTENED: f64 = 0.7;
/// Share of the variants that have a thread below.
const THREADED: f64 = 0.6;
/// Words from which a page has enough content to be shortened.
const LEAST_WORDS: f32 = 80.0;
/// Words of content that a variant has at the least.
const SHORTEST: f32 = 6.0;
/// Part of a page's content after which a variant ends at the latest, but for
/// the block that it ends in.
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

/// A page with less of its content, and maybe a thread of the rest below; none
/// where there is too little to take away.
fn shortened(page: &PreparedPage, rng: &mut impl Rng) -> Result<Option<PreparedPage>, CorpusError> {
    let content: Vec<usize> = (0..page.blocks.len())
        .filter(|&i| page.labels[i] >= CONTENT)
        .collect();
    let words: f32 = content.iter().map(|&i| page.words[i]).sum();
    if words < LEAST_WORDS {
        return Ok(None);
    }
    // Short posts as often as long ones, by orders of magnitude.
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

    let mut parsed = page.labelled.parse()?;
    remove_linked_data(&mut parsed);
    let holder = kept
        .iter()
        .chain(dropped)
        .map(|&i| page.blocks.blocks[i].element)
        .reduce(|a, b| page.blocks.outline.common(a, b))
        .unwrap_or(ElementId(0));
    if rng.r#gen::<f64>() < THREADED {
        let comments = comments(page, dropped);
        let html = thread::render(&comments, rng);
        let inside = page.blocks.outline[holder].depth < 2 || rng.r#gen();
        insert(&mut parsed, page.blocks.outline[holder].node, &html, inside);
    }
    remove(&mut parsed, &page.blocks, dropped);
    Ok(relabelled(page, &parsed))
}

/// Texts of the blocks that will do for comments: what the rest of the page
/// says too would be known by its repetition.
fn comments<'p>(page: &'p PreparedPage, dropped: &[usize]) -> Vec<&'p str> {
    let text = |i: usize| page.blocks.blocks[i].text.as_str();
    let gone: HashSet<usize> = dropped.iter().copied().collect();
    let stays: HashSet<&str> = (0..page.blocks.len())
        .filter(|i| !gone.contains(i))
        .map(text)
        .collect();
    dropped
        .iter()
        .filter(|&&i| page.words[i] >= COMMENT_WORDS && !stays.contains(text(i)))
        .map(|&i| text(i))
        .collect()
}

/// Takes the page's JSON-LD away, which often holds all of the article: short
/// posts would be told by it from what was taken away, and made comments be
/// taken for the article.
fn remove_linked_data(page: &mut Page) {
    let scripts: Vec<NodeId> = page
        .nodes()
        .filter(|node| node.value().as_element().is_some_and(is_json_ld))
        .map(|node| node.id())
        .collect();
    for script in scripts {
        detach(page, script);
    }
}

fn detach(page: &mut Page, node: NodeId) {
    if let Some(mut node) = page.tree_mut().get_mut(node) {
        node.detach();
    }
}

/// Puts markup into an element, as its last children, or after it.
fn insert(page: &mut Page, node: NodeId, html: &str, inside: bool) {
    let tree = page.tree_mut();
    let fragment = tree
        .extend_tree(scraper::Html::parse_fragment(html).tree)
        .id();
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
            detach(page, node);
        }
    }
}

/// The changed page, measured anew; none where nothing is to be learned. A
/// block's label is the mean over the words of its text nodes of the labels
/// that they had before, 0 for new ones: what stood between two blocks may be
/// gone, and the two be one.
fn relabelled(page: &PreparedPage, changed: &Page) -> Option<PreparedPage> {
    let blocks = Blocks::of(changed);
    let known: HashMap<NodeId, usize> = page
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
            let (mut words, mut gold) = (0.0, 0.0);
            for node in &block.nodes {
                let text = changed.html.tree.get(*node).map(|node| node.value());
                let count = text
                    .and_then(Node::as_text)
                    .map_or(0, |text| count_words(text)) as f32;
                words += count;
                gold += count * known.get(node).map_or(0.0, |&i| page.labels[i]);
            }
            if words > 0.0 { gold / words } else { 0.0 }
        })
        .collect();
    let variant = page.changed(changed, blocks, labels);
    variant.teaches().then_some(variant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Format, LabelledPage, PageSource};
    use crate::feature::schema;
    use crate::train::prepare;

    const SENTENCES: [&str; 8] = [
        "The council voted on Tuesday night to repair the old bridge over the river.",
        "Work is to begin in the spring, as soon as the water has fallen far enough.",
        "Traders on both banks had asked for a quick decision and were much relieved.",
        "The bridge has been closed since the flood of two winters ago took a pier.",
        "Half of the money will come from the county and half from a public loan.",
        "A ferry will run for as long as the works last, free of charge for all.",
        "The mayor said that the town had waited long enough for its shortest road.",
        "Nobody in the gallery could remember so short a debate on so large a sum.",
    ];

    fn page(id: usize, format: Format) -> LabelledPage {
        let paragraphs: String = SENTENCES.map(|s| format!("<p>{s}</p>")).concat();
        let html = format!(
            "<title>Bridge</title><script type=application/ld+json>{{\"articleBody\": \"{}\"}}</script>\
             <body><ul><li><a href=/>Home</a><li><a href=/n>News</a></ul>\
             <article><h1>Old bridge to be repaired</h1><div class=body>{paragraphs}</div></article>\
             <p>All rights reserved.</p>",
            SENTENCES.join(" ")
        );
        let source = PageSource::Inline(html.into_bytes());
        LabelledPage::new(format!("page{id}"), format, source, SENTENCES.join("\n"))
    }

    /// A page whose blocks have these labels.
    fn prepared(html: String, labels: &[f32]) -> PreparedPage {
        let source = PageSource::Inline(html.into_bytes());
        let page = LabelledPage::new("page", Format::Fundus, source, String::new());
        let mut page = prepare(vec![page], || {}).unwrap().remove(0);
        assert_eq!(page.labels.len(), labels.len());
        page.labels = labels.to_vec();
        page
    }

    fn made_of(format: Format) -> Vec<PreparedPage> {
        let pages = prepare((0..40).map(|i| page(i, format)).collect(), || {}).unwrap();
        let first = variants(&pages, 1).unwrap();
        let again = variants(&pages, 1).unwrap();
        for (a, b) in first.iter().zip(&again) {
            assert_eq!(
                a.as_ref().map(|page| (&page.measured, &page.labels)),
                b.as_ref().map(|page| (&page.measured, &page.labels)),
            );
        }
        first.into_iter().flatten().collect()
    }

    #[test]
    fn a_variant_keeps_the_beginning_and_what_stands_below_as_comments_is_boilerplate() {
        let variants = made_of(Format::Fundus);
        assert!(variants.len() > 20, "{}", variants.len());
        let mut threads = 0;
        for variant in &variants {
            let content: Vec<&str> = variant
                .blocks
                .blocks
                .iter()
                .zip(&variant.labels)
                .filter(|(_, label)| **label > 0.5)
                .map(|(block, _)| block.text.as_str())
                .collect();
            assert!(!content.is_empty() && content.len() < SENTENCES.len());
            assert_eq!(content, SENTENCES[..content.len()]);
            let texts: Vec<&str> = variant
                .blocks
                .blocks
                .iter()
                .map(|block| block.text.as_str())
                .collect();
            assert!(texts.contains(&"Home") && texts.contains(&"All rights reserved."));
            let last = SENTENCES[SENTENCES.len() - 1];
            threads += usize::from(texts.iter().any(|text| text.contains(last)));
        }
        assert!(threads > 5 && threads < variants.len(), "{threads}");
    }

    #[test]
    fn nothing_outside_a_variants_text_says_what_was_taken_away() {
        let column = schema()
            .iter()
            .position(|feature| feature.name == "title.structured")
            .unwrap();
        let stated = |page: &PreparedPage| page.measured.matrix.column(column).sum();
        let page = prepare(vec![page(0, Format::Fundus)], || {}).unwrap();
        assert!(stated(&page[0]) > 0.0);
        for variant in made_of(Format::Fundus) {
            assert_eq!(stated(&variant), 0.0);
        }
    }

    #[test]
    fn what_stands_elsewhere_too_is_no_comment() {
        let [first, second, ..] = SENTENCES;
        let html = format!("<p>{first}</p><p>{second}</p><p>Short.</p><aside>{second}</aside>");
        let page = prepared(html, &[1.0, 1.0, 1.0, 0.0]);
        assert_eq!(comments(&page, &[0, 1, 2]), [first]);
    }

    #[test]
    fn a_block_of_two_is_as_much_content_as_their_words() {
        let html = "<div>Nine words of this one block are the page's.\
                    <p>The council voted on Tuesday.</p>Read: three more.</div>";
        let page = prepared(html.to_owned(), &[1.0, 1.0, 0.0]);
        let mut changed = page.labelled.parse().unwrap();
        remove(&mut changed, &page.blocks, &[1]);
        let variant = relabelled(&page, &changed).unwrap();
        assert_eq!(variant.words, [13.0]);
        assert_eq!(variant.labels, [10.0 / 13.0]);

        // Words that were not there are no content.
        let node = page.blocks.outline[page.blocks.blocks[0].element].node;
        insert(&mut changed, node, "Three new words", true);
        let variant = relabelled(&page, &changed).unwrap();
        assert_eq!(variant.labels, [10.0 / 16.0]);
    }

    #[test]
    fn pages_whose_own_text_is_all_content_have_no_variant() {
        assert!(made_of(Format::Wcxb).is_empty());
    }
}
