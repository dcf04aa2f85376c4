//! What the attributes of a page's visible elements say, read once.
//!
//! Few class values stand on most elements of a page: what one says is worked
//! out where it is first met.

use foldhash::{HashMap, HashMapExt};
use html5ever::{LocalName, local_name};
use scraper::Node;
use scraper::node::Element;

use super::lexicon::{for_each_word_of, names};
use super::{lexicon, term, thread};
use crate::block::Blocks;
use crate::page::{Page, attr};

/// The attributes of one element that features ask for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attributes<'p> {
    pub class: Option<&'p str>,
    pub id: Option<&'p str>,
    pub role: Option<&'p str>,
    pub itemprop: Option<&'p str>,
    pub itemtype: Option<&'p str>,
    pub label: Option<&'p str>,
    pub testid: Option<&'p str>,
    pub align: Option<&'p str>,
    pub width: Option<&'p str>,
    pub href: Option<&'p str>,
    pub rel: Option<&'p str>,
    /// `datetime` or `data-timestamp`.
    pub timed: bool,
}

impl<'p> Attributes<'p> {
    pub(crate) fn of(element: &'p Element) -> Self {
        let mut own = Self::default();
        for (name, value) in attr::plain(element) {
            let value = Some(value);
            match *name {
                local_name!("class") => own.class = value,
                local_name!("id") => own.id = value,
                local_name!("role") => own.role = value,
                local_name!("itemprop") => own.itemprop = value,
                local_name!("itemtype") => own.itemtype = value,
                local_name!("aria-label") => own.label = value,
                local_name!("align") => own.align = value,
                local_name!("width") => own.width = value,
                local_name!("href") => own.href = value,
                local_name!("rel") => own.rel = value,
                local_name!("datetime") => own.timed = true,
                ref name if **name == *"data-testid" => own.testid = value,
                ref name if **name == *"data-timestamp" => own.timed = true,
                _ => {}
            }
        }
        own
    }
}

/// What a class value says.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Class {
    /// Its signs of furniture: [`lexicon::word_signs`].
    pub signs: u32,
    /// Its marks of threads: [`thread::name_marks`].
    pub marks: u16,
    /// A hash of it.
    pub hash: u64,
    /// A hash of its stem ([`thread::class_stem`]), where it has one.
    pub stem: Option<u64>,
    /// Where its terms stand among those of all class values.
    terms: (u32, u32),
}

impl Class {
    /// Its terms are added to those of other values.
    fn of(value: &str, all_terms: &mut Vec<u32>) -> Self {
        let start = all_terms.len();
        let (mut signs, mut marks) = (0, 0);
        for (at, name) in names(value).enumerate() {
            let mut of_name = 0;
            for_each_word_of(name, |word| {
                signs |= lexicon::word_signs(word);
                of_name |= thread::word_marks(word);
                if all_terms.len() < start + term::NAMES {
                    all_terms.push(term::hash(b'c', word.as_bytes()));
                }
            });
            if at < thread::NAMES {
                marks |= thread::name_marks(of_name);
            }
        }
        Self {
            signs,
            marks,
            hash: super::repetition::hash(value.as_bytes()),
            stem: thread::class_stem(value).map(super::repetition::hash),
            terms: (start as u32, all_terms.len() as u32),
        }
    }
}

/// One visible element.
#[derive(Debug)]
pub(crate) struct Own<'p> {
    pub name: &'p LocalName,
    pub attributes: Attributes<'p>,
    pub class: Class,
}

/// The visible elements of a page, in the order of its outline.
#[derive(Debug, Default)]
pub(crate) struct Elements<'p> {
    own: Vec<Own<'p>>,
    class_terms: Vec<u32>,
}

impl<'p> Elements<'p> {
    pub(crate) fn of(page: &'p Page, blocks: &'p Blocks) -> Self {
        let mut elements = Self::default();
        let mut classes: HashMap<&str, Class> = HashMap::new();
        for outlined in blocks.outline.elements() {
            crate::watch::spend(128);
            let node = page.html.tree.get(outlined.node);
            let attributes = match node.map(|node| node.value()) {
                Some(Node::Element(element)) => Attributes::of(element),
                _ => Attributes::default(),
            };
            let value = attributes.class.unwrap_or("");
            let class = *classes
                .entry(value)
                .or_insert_with(|| Class::of(value, &mut elements.class_terms));
            elements.own.push(Own {
                name: &outlined.name,
                attributes,
                class,
            });
        }
        elements
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Own<'p>> {
        self.own.iter()
    }

    pub(crate) fn of_id(&self, id: usize) -> &Own<'p> {
        &self.own[id]
    }

    /// The terms of an element's class.
    pub(crate) fn class_terms(&self, own: &Own<'_>) -> &[u32] {
        let (start, end) = own.class.terms;
        &self.class_terms[start as usize..end as usize]
    }
}
