//! Blocks that a browser does not show at first: how each is hidden, and whether
//! the page plainly shows it later.
//!
//! Only what stands in the page's own markup is read: attributes, inline styles
//! and class names that mean nothing else. [`OutlineElement::hidden`] knows less
//! of it, and stays as it is, as features are made of it.
//!
//! [`OutlineElement::hidden`]: super::OutlineElement::hidden

use std::collections::HashSet;
use std::sync::LazyLock;

use html5ever::{LocalName, local_name};
use scraper::node::{Element, Node};
use serde::{Deserialize, Serialize};

use super::inline_style::InlineStyle;
use super::{Block, Blocks, ElementId};
use crate::page::attr::{attr, plain};
use crate::page::{InputKind, Page};
use crate::text::count_words;

/// How a text is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Hiding {
    /// The `hidden` attribute.
    Attribute,
    /// `display: none`.
    Display,
    /// `visibility: hidden` or `collapse`.
    Visibility,
    /// `opacity: 0`.
    Opacity,
    /// `font-size: 0`.
    FontSize,
    /// Moved a thousand pixels or more off the screen, or indented so far.
    OffScreen,
    /// `clip` or `clip-path` to nothing.
    Clip,
    /// No width or height, and what overflows is hidden.
    ZeroSize,
    /// Text in the colour of its own background, or a transparent one.
    Colour,
    /// A class that is known to hide: `sr-only`, `d-none`, `is-hidden` …
    Class,
    /// `aria-hidden`: hidden from screen readers, often from them alone.
    Aria,
}

/// What hides a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hidden {
    /// How the outermost element that hides it does so.
    pub how: Hiding,
    /// Whether the page plainly shows it later: in a tab, an accordion or another
    /// part that a control of the page opens, or because more than a quarter of the
    /// page's words are hidden by one element, which a script must undo.
    pub opens: bool,
}

/// Steps up from what hides to where a tab or an accordion may be named.
const REACH: usize = 3;

impl Blocks {
    /// For each block how it is hidden; `None` for what is shown at once. What
    /// stands in a closed `details` counts as shown: readers see that it is there.
    ///
    /// ```
    /// use dehusk::block::{Blocks, Hiding};
    /// use dehusk::page::{Page, PageContext};
    ///
    /// let html = b"<p>Shown<p class=sr-only>Heard<div role=tabpanel hidden>Later";
    /// let page = Page::parse(html, &PageContext::default());
    /// let hidden = Blocks::of(&page).hidden(&page);
    /// assert_eq!(hidden[0], None);
    /// assert_eq!(hidden[1].map(|hidden| hidden.how), Some(Hiding::Class));
    /// assert!(hidden[2].is_some_and(|hidden| hidden.opens));
    /// ```
    pub fn hidden(&self, page: &Page) -> Vec<Option<Hidden>> {
        let words = |block: &Block| count_words(&block.text) as f32;
        self.hidden_of(page, &self.blocks.iter().map(words).collect::<Vec<f32>>())
    }

    /// The same where it is known how many words each block has.
    pub(crate) fn hidden_of(&self, page: &Page, words: &[f32]) -> Vec<Option<Hidden>> {
        if page.kind == InputKind::Text {
            return vec![None; self.len()];
        }
        let elements = self.outline.elements();
        let mut found: Vec<Option<Hidden>> = Vec::with_capacity(elements.len());
        let mut outermost = Vec::new();
        let mut controlled = None;
        for (id, outlined) in elements.iter().enumerate() {
            crate::watch::spend(32);
            let parent = outlined.parent.0;
            let above = if parent == id { None } else { found[parent] };
            let node = page.html.tree.get(outlined.node);
            let Some(element) = node.and_then(|node| node.value().as_element()) else {
                found.push(above);
                continue;
            };
            let style = attr(element, &local_name!("style")).map(InlineStyle::of);
            let undone = |hidden: &Hidden| match (hidden.how, &style) {
                (Hiding::Visibility, Some(style)) => style.is_visible(),
                (Hiding::FontSize, Some(style)) => style.has_size(),
                _ => false,
            };
            let above = above.filter(|hidden| !undone(hidden));
            let hiding = above.map(|hidden| hidden.how);
            let Some(how) = hiding.or_else(|| own_hiding(element, style.as_ref())) else {
                found.push(None);
                continue;
            };
            let controlled = controlled.get_or_insert_with(|| controlled_ids(page));
            let opens = match above {
                Some(hidden) => hidden.opens || is_opened(element, controlled),
                None => {
                    let opens = self
                        .outline
                        .lineage(ElementId(id))
                        .take(REACH + 1)
                        .filter_map(|id| page.html.tree.get(self.outline[id].node))
                        .filter_map(|node| node.value().as_element())
                        .any(|element| is_opened(element, controlled));
                    if !opens {
                        outermost.push(id);
                    }
                    opens
                }
            };
            found.push(Some(Hidden { how, opens }));
        }
        if !outermost.is_empty() {
            self.open_what_holds_much(words, &outermost, &mut found);
        }
        self.blocks
            .iter()
            .map(|block| found[block.inner.0])
            .collect()
    }

    fn open_what_holds_much(
        &self,
        words_of: &[f32],
        outermost: &[usize],
        found: &mut [Option<Hidden>],
    ) {
        let mut words = vec![0];
        for (i, &of_block) in words_of.iter().enumerate() {
            words.push(words[i] + of_block as usize);
        }
        for &id in outermost {
            let element = &self.outline.elements()[id];
            let within = words[element.blocks.end] - words[element.blocks.start];
            if 4 * within > words[self.blocks.len()] {
                for hidden in found[id..element.end].iter_mut().flatten() {
                    hidden.opens = true;
                }
            }
        }
    }
}

fn own_hiding(element: &Element, style: Option<&InlineStyle>) -> Option<Hiding> {
    let attribute = attr(element, &local_name!("hidden"))
        .is_some_and(|value| !value.eq_ignore_ascii_case("until-found"));
    if attribute {
        return Some(Hiding::Attribute);
    }
    let by_class = || attr(element, &local_name!("class")).is_some_and(is_hiding_class);
    let aria = || {
        let value = attr(element, &local_name!("aria-hidden"));
        value.is_some_and(|value| value.eq_ignore_ascii_case("true"))
    };
    style
        .and_then(InlineStyle::hiding)
        .or_else(|| by_class().then_some(Hiding::Class))
        .or_else(|| aria().then_some(Hiding::Aria))
}

/// Classes that hide, of Bootstrap, WordPress, Drupal, Tailwind, UIkit,
/// Foundation and what many stylesheets have; lower-case.
const CLASSES: [&str; 26] = [
    "sr-only",
    "visually-hidden",
    "visuallyhidden",
    "screen-reader-text",
    "screen-reader-only",
    "screen-reader",
    "screenreader",
    "show-for-sr",
    "assistive-text",
    "a11y-hidden",
    "hidden-visually",
    "u-hidden-visually",
    "u-visually-hidden",
    "element-invisible",
    "element-hidden",
    "offscreen",
    "off-screen",
    "d-none",
    "display-none",
    "is-hidden",
    "u-hidden",
    "uk-hidden",
    "ng-hide",
    "hidden",
    "hide",
    "invisible",
];

/// Whether one of the names hides, unless another shows it again on some screens
/// (`d-none d-md-block`, `hidden lg:flex`).
fn is_hiding_class(value: &str) -> bool {
    const SHOWN: [&str; 6] = ["block", "flex", "grid", "inline", "table", "contents"];
    let names = |value| str::split_ascii_whitespace(value).take(64);
    let hides = |name: &str| CLASSES.iter().any(|class| class.eq_ignore_ascii_case(name));
    if !names(value).any(hides) {
        return false;
    }
    let value = value.to_ascii_lowercase();
    !names(&value).any(|name| {
        let responsive = name
            .strip_prefix("d-")
            .or(name.split_once(':').map(|s| s.1));
        responsive.is_some_and(|part| SHOWN.iter().any(|shown| part.contains(shown)))
    })
}

/// Whether an element is a part that the page opens.
fn is_opened(element: &Element, controlled: &HashSet<&str>) -> bool {
    const PARTS: [&str; 12] = [
        "tab-pane",
        "tabpanel",
        "tab-panel",
        "tab-content",
        "tabcontent",
        "tab_content",
        "accordion",
        "collapse",
        "collapsible",
        "expandable",
        "read-more",
        "readmore",
    ];
    let role = attr(element, &local_name!("role")).unwrap_or("");
    if role.eq_ignore_ascii_case("dialog") || role.eq_ignore_ascii_case("alertdialog") {
        return false;
    }
    role.eq_ignore_ascii_case("tabpanel")
        || attr(element, &local_name!("aria-labelledby")).is_some()
        || attr(element, &local_name!("id")).is_some_and(|id| controlled.contains(id))
        || attr(element, &local_name!("class")).is_some_and(|class| {
            let class = class.to_ascii_lowercase();
            PARTS.iter().any(|part| class.contains(part))
        })
}

/// The ids that controls and links within the page name.
fn controlled_ids(page: &Page) -> HashSet<&str> {
    static NAMING: LazyLock<[LocalName; 3]> = LazyLock::new(|| {
        ["data-target", "data-bs-target", "data-toggle-target"].map(LocalName::from)
    });
    let mut ids = HashSet::new();
    for node in page.nodes() {
        let Node::Element(element) = node.value() else {
            continue;
        };
        for (name, value) in plain(element) {
            match *name {
                local_name!("aria-controls") => ids.extend(value.split_ascii_whitespace()),
                ref name if *name == local_name!("href") || NAMING.contains(name) => {
                    ids.extend(value.strip_prefix('#'));
                }
                _ => {}
            }
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::PageContext;

    fn hidden(html: &str) -> Vec<Option<Hidden>> {
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        Blocks::of(&page).hidden(&page)
    }

    /// How the second block of a page is hidden that has these attributes.
    fn how(attributes: &str) -> Option<Hiding> {
        let html = format!(
            "<p>What is shown, in a few words.<div {attributes}><p>Not seen</div><p>The end, shown."
        );
        let hidden = hidden(&html);
        assert_eq!((hidden[0], hidden[2]), (None, None));
        hidden[1].map(|hidden| hidden.how)
    }

    #[test]
    fn each_usual_way_of_hiding_is_told_by_its_name() {
        use Hiding::*;
        for (attributes, wanted) in [
            ("hidden", Attribute),
            ("style='display: none'", Display),
            ("style='DISPLAY:NONE !important'", Display),
            ("style='visibility:hidden'", Visibility),
            ("style='opacity:0'", Opacity),
            ("style='opacity: 0.0;'", Opacity),
            ("style='font-size:0px'", FontSize),
            ("style='position:absolute; left:-9999px'", OffScreen),
            ("style='position:fixed;top:-999em'", OffScreen),
            ("style='text-indent:-9999px'", OffScreen),
            ("style='position:absolute;clip:rect(0,0,0,0)'", Clip),
            (
                "style='position:absolute;clip: rect(1px 1px 1px 1px)'",
                Clip,
            ),
            ("style='clip-path:inset(50%)'", Clip),
            ("style='height:0;overflow:hidden'", ZeroSize),
            ("style='width:1px;height:1px;overflow:hidden'", ZeroSize),
            ("style='color:#FFF;background:white'", Colour),
            ("style='color:transparent'", Colour),
            ("class='note sr-only'", Class),
            ("class='screen-reader-text'", Class),
            ("class='d-none'", Class),
            ("class='is-hidden'", Class),
            ("aria-hidden=true", Aria),
        ] {
            assert_eq!(how(attributes), Some(wanted), "{attributes}");
        }
    }

    #[test]
    fn what_only_looks_like_hiding_is_shown() {
        for attributes in [
            "hidden=until-found",
            "aria-hidden=false",
            "style='display:block'",
            "style='opacity:0.5'",
            "style='font-size:10px'",
            "style='left:-9999px'",
            "style='position:absolute;left:-10px'",
            "style='clip:rect(0,0,0,0)'",
            "style='height:0'",
            "style='color:#fff'",
            "style='color:#fff;background:#000'",
            "class='d-none d-md-block'",
            "class='hidden lg:flex'",
            "class='hidden-gems'",
        ] {
            assert_eq!(how(attributes), None, "{attributes}");
        }
        assert_eq!(
            hidden("<details><summary>More</summary>Text</details>"),
            [None; 2]
        );
    }

    #[test]
    fn what_hides_from_without_is_named_and_can_be_undone_within() {
        let page = "<p>One two three<div hidden><p style='opacity:0'>a</div>\
            <div style='visibility:hidden'>b<p style='visibility:visible'>c</div>\
            <ul style='font-size:0'><li style='font-size:14px'>d</ul>";
        let how: Vec<_> = hidden(page).iter().map(|h| h.map(|h| h.how)).collect();
        let (attribute, visibility) = (Some(Hiding::Attribute), Some(Hiding::Visibility));
        assert_eq!(how, [None, attribute, visibility, None, None]);
    }

    #[test]
    fn tabs_accordions_and_named_parts_are_told_from_what_stays_hidden() {
        let opens = |html: &str| {
            let html = format!("<p>Some words that are shown to all.</p>{html}");
            hidden(&html).last().unwrap().unwrap().opens
        };
        assert!(opens("<div role=tabpanel hidden>Text"));
        assert!(opens(
            "<div class='tab-pane'><div style='display:none'>Text"
        ));
        assert!(opens("<div class='accordion__body' hidden>Text"));
        assert!(opens(
            "<button aria-controls=x></button><div id=x hidden>Text"
        ));
        assert!(opens("<a href='#y'></a><div id=y hidden>Text"));
        assert!(!opens("<div id=z hidden>Text"));
        assert!(!opens("<div role=dialog aria-labelledby=t hidden>Text"));
    }

    #[test]
    fn a_page_that_is_hidden_until_its_script_runs_is_shown_later() {
        let hidden = hidden("<body style='opacity:0'><p>All there is.<p hidden>And this.");
        assert!(hidden.iter().all(|hidden| hidden.unwrap().opens));
    }
}
