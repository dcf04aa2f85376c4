//! Maths on a page → TeX, once.
//!
//! A page shows a formula two or three times over: KaTeX as MathML and as HTML,
//! MathJax 2 as HTML with its TeX in a `script`, MathJax 3 as HTML with MathML
//! for screen readers, MediaWiki as MathML and as an image. Blocks hold all the
//! text there is of these; a rendering shows one TeX instead.

mod presentation;

use ego_tree::NodeRef;
use memchr::memchr2_iter;
use scraper::Node;
use scraper::node::Element;

use super::document::Piece;
use crate::page::{Page, Sought};

/// A formula of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Formula {
    pub(super) tex: String,
    /// Set on a line of its own.
    pub(super) display: bool,
}

/// What an element has to do with maths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Maths {
    /// It is this formula, with all that stands in it.
    Formula(Formula),
    /// It shows a formula that an element after it gives as TeX.
    Shadow,
}

/// Siblings after what MathJax 2 shows among which its `script` stands.
const SCRIPT_WITHIN: usize = 3;

/// Nodes of what shows a formula among which its MathML begins.
const WITHIN: usize = 4_096;

/// What a node of the page has to do with maths; `None` for most.
pub(super) fn maths(node: NodeRef<'_, Node>) -> Option<Maths> {
    let element = node.value().as_element()?;
    match element.name() {
        "script" => script(node, element).map(Maths::Formula),
        "math" => {
            let display = element.attr("display") == Some("block");
            mathml(node, display).map(Maths::Formula)
        }
        "mjx-container" => {
            let display = element.attr("display") == Some("true");
            inner_mathml(node, display).map(Maths::Formula)
        }
        "img" => image(element).map(Maths::Formula),
        "span" | "div" => wrapper(node, element),
        _ => None,
    }
}

/// True of elements that are set within a line where they show maths, whatever
/// their names are.
pub(super) fn is_inline(name: &str) -> bool {
    name.starts_with("mjx-")
}

fn wrapper(node: NodeRef<'_, Node>, element: &Element) -> Option<Maths> {
    let class = element.attr("class")?;
    let has = |name: &str| class.split_ascii_whitespace().any(|class| class == name);
    if has("katex") || has("katex-display") {
        return inner_mathml(node, has("katex-display")).map(Maths::Formula);
    }
    if has("mwe-math-element") {
        let display = class.contains("display") || class.contains("block");
        return inner_mathml(node, display).map(Maths::Formula);
    }
    if class.starts_with("MathJax") {
        let followed = node
            .next_siblings()
            .filter(|sibling| sibling.value().is_element())
            .take(SCRIPT_WITHIN)
            .any(|sibling| {
                sibling
                    .value()
                    .as_element()
                    .is_some_and(|element| script(sibling, element).is_some())
            });
        if followed {
            return Some(Maths::Shadow);
        }
        return inner_mathml(node, class.contains("isplay")).map(Maths::Formula);
    }
    None
}

fn script(node: NodeRef<'_, Node>, element: &Element) -> Option<Formula> {
    let kind = element.attr("type")?;
    let (kind, parameters) = kind.split_once(';').unwrap_or((kind, ""));
    if element.name() != "script" || kind.trim() != "math/tex" {
        return None;
    }
    let tex: String = node
        .children()
        .filter_map(|child| child.value().as_text())
        .map(|text| &**text)
        .collect();
    formula(&tex, parameters.contains("display"))
}

/// The images that some pages show maths as, with the TeX for those who see none.
fn image(element: &Element) -> Option<Formula> {
    let class = element.attr("class")?;
    let is_tex = class
        .split_ascii_whitespace()
        .any(|name| matches!(name, "latex" | "tex") || name.starts_with("mwe-math-fallback-image"));
    let alternative = element.attr("alt").filter(|_| is_tex)?;
    formula(alternative, class.contains("display"))
}

fn inner_mathml(node: NodeRef<'_, Node>, display: bool) -> Option<Formula> {
    let math = node.descendants().take(WITHIN).find(|node| {
        node.value()
            .as_element()
            .is_some_and(|e| e.name() == "math")
    })?;
    let block = math
        .value()
        .as_element()
        .is_some_and(|element| element.attr("display") == Some("block"));
    mathml(math, display || block)
}

/// TeX that MathML is annotated with, else what its elements say.
fn mathml(math: NodeRef<'_, Node>, display: bool) -> Option<Formula> {
    let annotated = math
        .descendants()
        .find(|node| {
            node.value().as_element().is_some_and(|element| {
                element.name() == "annotation"
                    && element
                        .attr("encoding")
                        .is_some_and(|e| matches!(e.trim(), "application/x-tex" | "TeX"))
            })
        })
        .and_then(|annotation| {
            let tex: String = annotation
                .descendants()
                .filter_map(|node| node.value().as_text())
                .map(|text| &**text)
                .collect();
            formula(&tex, display)
        });
    annotated.or_else(|| formula(&presentation::tex(math), display))
}

/// TeX as it stands between dollar signs: on one line, without a bare dollar sign
/// or the style that a display has anyway.
fn formula(tex: &str, display: bool) -> Option<Formula> {
    let mut tex = tex.split_whitespace().collect::<Vec<_>>().join(" ");
    for style in ["{\\displaystyle ", "{\\textstyle "] {
        let inner = tex
            .strip_prefix(style)
            .and_then(|tex| tex.strip_suffix('}'));
        if let Some(inner) = inner.map(str::trim).filter(|inner| is_balanced(inner)) {
            tex = inner.to_owned();
        }
    }
    let mut bare = String::with_capacity(tex.len());
    let mut escaped = false;
    for c in tex.chars() {
        if c == '$' && !escaped {
            bare.push('\\');
        }
        escaped = c == '\\' && !escaped;
        bare.push(c);
    }
    if escaped {
        bare.push(' ');
        bare.truncate(bare.trim_end_matches(['\\', ' ']).len());
    }
    let tex = balanced(&bare);
    (!tex.is_empty()).then_some(Formula { tex, display })
}

/// TeX in which a brace without its fellow is a sign. What reads `$…$` looks for its
/// end outside of braces.
fn balanced(tex: &str) -> String {
    let mut open = Vec::new();
    let mut alone = Vec::new();
    let mut escaped = false;
    for (at, c) in tex.char_indices() {
        match c {
            '{' if !escaped => open.push(at),
            '}' if !escaped && open.pop().is_none() => alone.push(at),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    alone.append(&mut open);
    alone.sort_unstable();
    let mut balanced = String::with_capacity(tex.len() + alone.len());
    let mut done = 0;
    for at in alone {
        balanced.push_str(&tex[done..at]);
        balanced.push('\\');
        done = at;
    }
    balanced.push_str(&tex[done..]);
    balanced
}

/// True of a page that loads a script which turns TeX in its text into maths.
pub(super) fn is_made_of_text(page: &Page) -> bool {
    let ends_with = |text: &[u8], name: &str| {
        let end = text
            .len()
            .checked_sub(name.len())
            .map(|start| &text[start..]);
        end.is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes()))
    };
    // Both names end in a letter that is rare.
    let names = |text: &str| {
        memchr2_iter(b'x', b'X', text.as_bytes()).any(|last| {
            let text = &text.as_bytes()[..=last];
            ends_with(text, "mathjax") || ends_with(text, "katex")
        })
    };
    page.all(Sought::Script).any(|script| {
        let element = script.value().as_element();
        element.and_then(|e| e.attr("src")).is_some_and(names)
            || script
                .children()
                .filter_map(|child| child.value().as_text())
                .any(|text| names(text))
    })
}

/// A text of such a page as texts and formulas: what stands in `\\(…\\)`,
/// `\\[…\\]` or `$$…$$` is TeX.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    const MARKS: [(&str, &str, bool); 3] = [
        ("\\(", "\\)", false),
        ("\\[", "\\]", true),
        ("$$", "$$", true),
    ];
    // What has no end here has none further on, and is not looked for again.
    let mut ends = [true; MARKS.len()];
    let mut pieces = Vec::new();
    let (mut done, mut at) = (0, 0);
    while let Some(next) = text[at..].find(['\\', '$']) {
        at += next;
        let kind = MARKS
            .iter()
            .position(|(begin, _, _)| text[at..].starts_with(begin));
        let Some(kind) = kind.filter(|&kind| ends[kind]) else {
            at += 1;
            continue;
        };
        let (begin, end, display) = MARKS[kind];
        let inside = at + begin.len();
        let Some(length) = text[inside..].find(end) else {
            ends[kind] = false;
            continue;
        };
        let after = inside + length + end.len();
        if let Some(formula) = formula(&text[inside..inside + length], display) {
            if done < at {
                pieces.push(Piece::Text(text[done..at].to_owned()));
            }
            pieces.push(Piece::Maths {
                tex: formula.tex,
                display,
            });
            done = after;
        }
        at = after;
    }
    if done < text.len() {
        pieces.push(Piece::Text(text[done..].to_owned()));
    }
    pieces
}

/// True when no brace closes before it opens.
fn is_balanced(tex: &str) -> bool {
    let mut open = 0_usize;
    let mut escaped = false;
    for c in tex.chars() {
        match c {
            '{' if !escaped => open += 1,
            '}' if !escaped => match open.checked_sub(1) {
                Some(left) => open = left,
                None => return false,
            },
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    open == 0
}
