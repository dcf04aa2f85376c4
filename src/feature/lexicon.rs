//! What class names, ids and roles say, and how near above the block.
//!
//! Readability (Arc90, 2009) scores elements by two lists of class words; here
//! the words fall into kinds of page furniture, and a learner weighs each kind
//! by its distance.

use std::sync::LazyLock;

use html5ever::local_name;

use super::Feature;
use super::element::{Elements, Own};
use super::word_map::WordMap;
use crate::block::{Blocks, ElementId};
use crate::text::lower;

/// What an element's markup can be a sign of.
pub(crate) mod sign {
    pub(crate) const TAG_ARTICLE: usize = 0;
    pub(crate) const TAG_MAIN: usize = 1;
    pub(crate) const TAG_NAV: usize = 2;
    pub(crate) const TAG_HEADER: usize = 3;
    pub(crate) const TAG_FOOTER: usize = 4;
    pub(crate) const TAG_ASIDE: usize = 5;
    pub(crate) const TAG_FORM: usize = 6;
    pub(crate) const TAG_FIGURE: usize = 7;
    pub(crate) const TAG_QUOTE: usize = 8;
    pub(crate) const TAG_SECTION: usize = 9;
    pub(crate) const TAG_DETAILS: usize = 10;
    pub(crate) const CONTENT: usize = 11;
    pub(crate) const NAV: usize = 12;
    pub(crate) const HEADER: usize = 13;
    pub(crate) const FOOTER: usize = 14;
    pub(crate) const SIDEBAR: usize = 15;
    pub(crate) const COMMENT: usize = 16;
    pub(crate) const SHARE: usize = 17;
    pub(crate) const RELATED: usize = 18;
    pub(crate) const AD: usize = 19;
    pub(crate) const BYLINE: usize = 20;
    pub(crate) const TRAIL: usize = 21;
    pub(crate) const FORM: usize = 22;
    pub(crate) const CONSENT: usize = 23;
    pub(crate) const TITLE: usize = 24;
    pub(crate) const CAPTION: usize = 25;
    pub(crate) const PRODUCT: usize = 26;
    pub(crate) const WIDGET: usize = 27;
    pub(crate) const ITEM: usize = 28;
    pub(crate) const HIDDEN: usize = 29;
}

/// How many kinds of sign there are.
pub(crate) const N_SIGNS: usize = 30;

/// Words of class names, ids and roles, by what they are a sign of.
const WORDS: [(usize, &str); 19] = [
    (
        sign::CONTENT,
        "content article story post entry body text main blog page maintext articlebody \
         postbody richtext prose markdown readme detail details description desc copy editorial \
         contenido inhalt artikel contenu corpo texto",
    ),
    (
        sign::NAV,
        "nav navigation navbar navi menu menubar mainmenu submenu topmenu topnav subnav dropdown \
         megamenu offcanvas hamburger toc sitemap tabs tab tablist navigationrole",
    ),
    (
        sign::HEADER,
        "header head masthead banner top topbar logo brand branding hero site-header",
    ),
    (
        sign::FOOTER,
        "footer foot bottom copyright legal imprint impressum colophon footnote credits disclaimer",
    ),
    (
        sign::SIDEBAR,
        "sidebar side aside rail right left column col3 rightcol leftcol secondary complementary",
    ),
    (
        sign::COMMENT,
        "comment comments commentlist commenter disqus reply replies respond discussion thread \
         kommentar kommentare commentaire commentaires comentario comentarios pinglun feedback \
         talkback guestbook livefyre",
    ),
    (
        sign::SHARE,
        "share sharing social socials facebook twitter linkedin whatsapp pinterest addthis sharedaddy \
         bookmark follow tweet like likes email print rss",
    ),
    (
        sign::RELATED,
        "related recommend recommended recommendation recommendations similar more popular trending \
         latest recent mostread mostviewed topstories teaser teasers promo upnext also readmore \
         suggestions upsell crosssell taboola outbrain",
    ),
    (
        sign::AD,
        "ad ads adv advert advertisement advertising adsense adslot sponsor sponsored sponsors \
         dfp gpt billboard leaderboard skyscraper werbung anzeige publicidad banner-ad affiliate",
    ),
    (
        sign::BYLINE,
        "byline author authors meta metadata date time timestamp published pubdate posted posted-on \
         dateline writer contributor source bio vcard autor datum fecha info",
    ),
    (
        sign::TRAIL,
        "breadcrumb breadcrumbs crumb crumbs pager pagination paging paginate pages prev next previous \
         tag tags taglist category categories topics cat label labels keywords",
    ),
    (
        sign::FORM,
        "search form login signin signup register subscribe subscription newsletter input field \
         checkout cart basket account button btn cta filter filters sort facet facets",
    ),
    (
        sign::CONSENT,
        "cookie cookies consent gdpr privacy modal popup overlay lightbox dialog notice alert toast \
         paywall skip skiplink adblock onetrust",
    ),
    (
        sign::TITLE,
        "title headline heading subtitle subheading h1 headings lead lede intro summary standfirst \
         excerpt abstract kicker dek titel titre titulo",
    ),
    (
        sign::CAPTION,
        "caption captions figure image img photo gallery slideshow video media thumb thumbnail \
         figcaption picture credit audio player",
    ),
    (
        sign::PRODUCT,
        "product products price prices sku spec specs specification specifications rating ratings \
         review reviews shop item-price woocommerce offer buy stock variant",
    ),
    (
        sign::WIDGET,
        "widget widgets module box block panel card cards tile tiles carousel slider slick swiper \
         accordion weather poll calendar ticker",
    ),
    (
        sign::ITEM,
        "list listing item items grid row results result feed archive index directory loop message \
         messages question answer answers topic forum postcontent cooked",
    ),
    (
        sign::HIDDEN,
        "hidden hide invisible sr-only sronly screenreader visuallyhidden offscreen noprint print-only \
         collapse collapsed hiddenxs",
    ),
];

pub(super) fn word_signs(word: &str) -> u32 {
    static SIGNS: LazyLock<WordMap> =
        LazyLock::new(|| WordMap::new(WORDS.map(|(sign, words)| (1 << sign, words))));
    SIGNS.of(word)
}

/// For every element: how far above it (0 is itself) the nearest sign of each
/// kind stands, and how many lists and tables are around it.
#[derive(Debug, Default)]
pub(crate) struct Ancestry {
    /// `distance + 1`, 0 where there is none.
    nearest: Vec<[u8; N_SIGNS]>,
    lists: Vec<u8>,
    tables: Vec<u8>,
    /// Signs of each element's own markup.
    own: Vec<u32>,
}

impl Ancestry {
    pub(crate) fn of(own: &Elements<'_>, blocks: &Blocks) -> Self {
        let elements = blocks.outline.elements();
        let mut ancestry = Self {
            nearest: Vec::with_capacity(elements.len()),
            lists: Vec::with_capacity(elements.len()),
            tables: Vec::with_capacity(elements.len()),
            own: Vec::with_capacity(elements.len()),
        };
        for (i, (element, own)) in elements.iter().zip(own.iter()).enumerate() {
            crate::watch::spend(64);
            let (mut nearest, mut lists, mut tables) = ([0; N_SIGNS], 0, 0);
            if element.parent.0 != i {
                nearest = ancestry.nearest[element.parent.0];
                for distance in &mut nearest {
                    if *distance > 0 {
                        *distance = distance.saturating_add(1);
                    }
                }
                lists = ancestry.lists[element.parent.0];
                tables = ancestry.tables[element.parent.0];
            }
            let own = own_signs(own);
            // What `html` and `body` are called says what the site runs on.
            if element.depth > 1 {
                for (sign, distance) in nearest.iter_mut().enumerate() {
                    if own & (1 << sign) != 0 {
                        *distance = 1;
                    }
                }
            }
            match element.name {
                local_name!("ul") | local_name!("ol") | local_name!("menu") | local_name!("dl") => {
                    lists += 1
                }
                local_name!("table") => tables += 1,
                _ => {}
            }
            ancestry.nearest.push(nearest);
            ancestry.lists.push(lists.min(100));
            ancestry.tables.push(tables.min(100));
            ancestry.own.push(own);
        }
        ancestry
    }

    pub(crate) fn distance(&self, id: ElementId, sign: usize) -> Option<u8> {
        self.nearest[id.0][sign].checked_sub(1)
    }

    pub(crate) fn lists(&self, id: ElementId) -> u8 {
        self.lists[id.0]
    }

    pub(crate) fn tables(&self, id: ElementId) -> u8 {
        self.tables[id.0]
    }

    pub(crate) fn has_own(&self, id: ElementId, sign: usize) -> bool {
        self.own[id.0] & (1 << sign) != 0
    }
}

fn own_signs(own: &Own<'_>) -> u32 {
    let mut signs = match *own.name {
        local_name!("article") => 1 << sign::TAG_ARTICLE,
        local_name!("main") => 1 << sign::TAG_MAIN,
        local_name!("nav") => 1 << sign::TAG_NAV,
        local_name!("header") => 1 << sign::TAG_HEADER,
        local_name!("footer") => 1 << sign::TAG_FOOTER,
        local_name!("aside") => 1 << sign::TAG_ASIDE,
        local_name!("form") => 1 << sign::TAG_FORM,
        local_name!("figure") => 1 << sign::TAG_FIGURE,
        local_name!("blockquote") => 1 << sign::TAG_QUOTE,
        local_name!("section") => 1 << sign::TAG_SECTION,
        local_name!("details") | local_name!("dialog") => 1 << sign::TAG_DETAILS,
        _ => 0,
    };
    let attributes = &own.attributes;
    signs |= own.class.signs;
    for value in [attributes.id, attributes.itemprop, attributes.testid] {
        signs |= value.map_or(0, value_signs);
    }
    let role = attributes.role.map(|role| role.trim().to_ascii_lowercase());
    signs |= match role.as_deref() {
        Some("main") => 1 << sign::TAG_MAIN,
        Some("navigation") => 1 << sign::TAG_NAV,
        Some("banner") => 1 << sign::TAG_HEADER,
        Some("contentinfo") => 1 << sign::TAG_FOOTER,
        Some("complementary") => 1 << sign::TAG_ASIDE,
        Some("article") => 1 << sign::TAG_ARTICLE,
        Some("search") => 1 << sign::FORM,
        Some("dialog" | "alertdialog") => 1 << sign::CONSENT,
        _ => 0,
    };
    signs
}

/// The signs of the words of one attribute's value.
fn value_signs(value: &str) -> u32 {
    let mut signs = 0;
    for_each_word(value, |word| signs |= word_signs(word));
    signs
}

/// The names that a class or id value lists.
pub(super) fn names(value: &str) -> impl Iterator<Item = &str> {
    value.split_ascii_whitespace().take(64)
}

/// The words of a class or id value, lower-case: those of each name.
pub(crate) fn for_each_word(value: &str, mut each: impl FnMut(&str)) {
    for name in names(value) {
        for_each_word_of(name, &mut each);
    }
}

/// The words of a name, lower-case: cut at what is no letter or digit and where a
/// capital follows a small letter; and a short name of several whole, like
/// `sr-only`.
pub(super) fn for_each_word_of(name: &str, mut each: impl FnMut(&str)) {
    let mut word = String::new();
    let (mut parts, mut small) = (0, false);
    for c in name.chars().take(80) {
        let in_word = c.is_alphanumeric();
        let cut = !in_word || (small && c.is_uppercase());
        if cut && !word.is_empty() {
            each(&word);
            word.clear();
            parts += 1;
        }
        small = c.is_lowercase() || c.is_numeric();
        if c.is_ascii() {
            if in_word {
                word.push(c.to_ascii_lowercase());
            }
        } else if in_word {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        each(&word);
        parts += 1;
    }
    if parts > 1 && name.len() <= 24 {
        lower(name, &mut word, &mut each);
    }
}

pub(super) const FEATURES: &[Feature] = &[
    Feature::new(
        "class.content",
        "nearness of a content-like class above, 0 to 1",
        &|f, i| f.sign(i, sign::CONTENT),
    ),
    Feature::new(
        "class.nav",
        "nearness of a menu-like class above, 0 to 1",
        &|f, i| f.sign(i, sign::NAV),
    ),
    Feature::new(
        "class.header",
        "nearness of a header-like class above, 0 to 1",
        &|f, i| f.sign(i, sign::HEADER),
    ),
    Feature::new(
        "class.footer",
        "nearness of a footer-like class above, 0 to 1",
        &|f, i| f.sign(i, sign::FOOTER),
    ),
    Feature::new(
        "class.sidebar",
        "nearness of a sidebar-like class above, 0 to 1",
        &|f, i| f.sign(i, sign::SIDEBAR),
    ),
    Feature::new(
        "class.comment",
        "nearness of a comment-like class above, 0 to 1",
        &|f, i| f.sign(i, sign::COMMENT),
    ),
    Feature::new(
        "class.share",
        "nearness of a share-bar-like class above, 0 to 1",
        &|f, i| f.sign(i, sign::SHARE),
    ),
    Feature::new(
        "class.related",
        "nearness of a related-links-like class above, 0 to 1",
        &|f, i| f.sign(i, sign::RELATED),
    ),
    Feature::new(
        "class.ad",
        "nearness of an advertisement-like class above, 0 to 1",
        &|f, i| f.sign(i, sign::AD),
    ),
    Feature::new(
        "class.byline",
        "nearness of a byline-like class above, 0 to 1",
        &|f, i| f.sign(i, sign::BYLINE),
    ),
    Feature::new(
        "class.trail",
        "nearness of a breadcrumb, pager or tag class above, 0 to 1",
        &|f, i| f.sign(i, sign::TRAIL),
    ),
    Feature::new(
        "class.form",
        "nearness of a form-like class above, 0 to 1",
        &|f, i| f.sign(i, sign::FORM),
    ),
    Feature::new(
        "class.consent",
        "nearness of a consent or dialog class above, 0 to 1",
        &|f, i| f.sign(i, sign::CONSENT),
    ),
    Feature::new(
        "class.title",
        "nearness of a title-like class above, 0 to 1",
        &|f, i| f.sign(i, sign::TITLE),
    ),
    Feature::new(
        "class.caption",
        "nearness of a caption or media class above, 0 to 1",
        &|f, i| f.sign(i, sign::CAPTION),
    ),
    Feature::new(
        "class.product",
        "nearness of a product-like class above, 0 to 1",
        &|f, i| f.sign(i, sign::PRODUCT),
    ),
    Feature::new(
        "class.widget",
        "nearness of a widget-like class above, 0 to 1",
        &|f, i| f.sign(i, sign::WIDGET),
    ),
    Feature::new(
        "class.item",
        "nearness of a list-like class above, 0 to 1",
        &|f, i| f.sign(i, sign::ITEM),
    ),
    Feature::new(
        "class.hidden",
        "nearness of a hiding class above, 0 to 1",
        &|f, i| f.sign(i, sign::HIDDEN),
    ),
    Feature::new(
        "class.own_content",
        "1 when the block's own element has a content-like class",
        &|f, i| super::shallow::flag(f.ancestry.has_own(f.block(i).element, sign::CONTENT)),
    ),
];

#[cfg(test)]
mod tests;
