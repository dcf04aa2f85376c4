//! Code: its language and its line numbers.

use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;

/// How many elements above a `pre` may name its language.
const ABOVE: usize = 3;

/// Class names, or their beginnings, that a language follows.
const BEFORE_LANGUAGE: [&str; 5] = [
    "language-",
    "lang-",
    "highlight-source-",
    "highlight-text-",
    "sourcecode-",
];

/// The language of the code in a `pre`, as its own markup, that of the `code` in
/// it or that of what wraps it says.
pub(super) fn language(pre: NodeRef<'_, Node>) -> Option<String> {
    let inside = pre
        .children()
        .filter_map(|node| node.value().as_element())
        .filter(|element| element.name() == "code");
    let above = pre
        .ancestors()
        .take(ABOVE)
        .filter_map(|node| node.value().as_element());
    pre.value()
        .as_element()
        .into_iter()
        .chain(inside)
        .chain(above)
        .find_map(declared)
}

fn declared(element: &Element) -> Option<String> {
    let class = element.attr("class").unwrap_or_default();
    // SyntaxHighlighter: `class="brush: js; toolbar: false"`.
    let brush = class
        .split(';')
        .filter_map(|part| part.split_once(':'))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("brush"))
        .map(|(_, language)| language.trim());
    let prefixed = || {
        class.split_ascii_whitespace().find_map(|name| {
            let before = BEFORE_LANGUAGE
                .iter()
                .find(|before| starts_with(name, before))?;
            Some(&name[before.len()..])
        })
    };
    let attribute = || {
        ["data-lang", "data-language"]
            .iter()
            .find_map(|name| element.attr(name))
    };
    // Pandoc and highlight.js name the language right after their own class.
    let second = || {
        let mut names = class.split_ascii_whitespace();
        names
            .find(|name| matches!(*name, "sourceCode" | "hljs"))
            .and_then(|_| names.next())
    };
    brush
        .or_else(prefixed)
        .or_else(attribute)
        .or_else(second)
        .map(str::to_ascii_lowercase)
        .filter(|language| is_language(language))
}

fn starts_with(name: &str, before: &str) -> bool {
    name.get(..before.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(before))
}

fn is_language(name: &str) -> bool {
    let names_none = matches!(
        name,
        "none" | "plain" | "plaintext" | "text" | "nohighlight"
    );
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '#' | '.' | '_');
    !name.is_empty() && name.len() <= 32 && !names_none && name.chars().all(known)
}

/// Parts of class names that mark line numbers.
const GUTTERS: [&str; 8] = [
    "lineno",
    "line-number",
    "linenum",
    "line_number",
    "ln-num",
    "gutter",
    "blob-num",
    "lnum",
];

/// Text of more bytes is not read to see whether it is line numbers.
const LONGEST_GUTTER: usize = 1 << 16;

/// True of an element, in code, of a class for line numbers in which no letter
/// stands.
pub(super) fn is_gutter(node: NodeRef<'_, Node>) -> bool {
    let class = node.value().as_element().and_then(|e| e.attr("class"));
    let is_named = class.is_some_and(|class| {
        let class = class.to_ascii_lowercase();
        !class.contains("brush") && GUTTERS.iter().any(|gutter| class.contains(gutter))
    });
    is_named && numbers(node).is_some()
}

/// True of a cell beside one with a `pre` that holds the numbers 1, 2, 3 … or is of
/// a class for them.
pub(super) fn is_column_of_numbers(cell: NodeRef<'_, Node>) -> bool {
    is_beside_code(cell)
        && (is_gutter(cell)
            || numbers(cell).is_some_and(|text| {
                let mut numbers = text.split_whitespace();
                numbers.clone().nth(1).is_some() && (1_u64..).zip(&mut numbers).all(is_in_turn)
            }))
}

/// The text of an element, if there is nothing in it but numbers.
fn numbers(node: NodeRef<'_, Node>) -> Option<String> {
    let mut text = String::new();
    for part in node.descendants().filter_map(|n| n.value().as_text()) {
        let foreign = |c: char| !c.is_ascii_digit() && !c.is_whitespace() && !".:|".contains(c);
        if part.contains(foreign) || text.len() > LONGEST_GUTTER {
            return None;
        }
        text.push_str(part);
        text.push('\n');
    }
    Some(text)
}

fn is_in_turn((n, number): (u64, &str)) -> bool {
    number.parse() == Ok(n)
}

fn is_beside_code(cell: NodeRef<'_, Node>) -> bool {
    cell.next_siblings()
        .find(|node| node.value().is_element())
        .is_some_and(|beside| {
            beside
                .descendants()
                .take(NEAR)
                .filter_map(|node| node.value().as_element())
                .any(|element| element.name() == "pre")
        })
}

/// Nodes of the next cell that are looked at for a `pre`.
const NEAR: usize = 16;

/// Code without the empty lines at both ends and the space that ends it.
pub(super) fn trimmed(code: &str) -> &str {
    let mut code = code.trim_end();
    while let Some((line, rest)) = code.split_once('\n') {
        if !line.trim().is_empty() {
            break;
        }
        code = rest;
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Page, PageContext};

    fn is_element(node: NodeRef<'_, Node>, name: &str) -> bool {
        node.value().as_element().is_some_and(|e| e.name() == name)
    }

    fn language_of(html: &str) -> Option<String> {
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        let pre = page
            .nodes()
            .find(|node| node.value().as_element().is_some_and(|e| e.name() == "pre"));
        language(pre.unwrap())
    }

    #[test]
    fn languages_are_found_where_highlighters_write_them() {
        for html in [
            "<pre class=language-rust>x",
            "<pre><code class='hljs rust'>x",
            "<pre><code class=lang-Rust>x",
            "<div class='highlight highlight-source-rust'><pre>x",
            "<div class='language-rust highlighter-rouge'><div class=highlight><pre>x",
            "<pre class='brush: rust; toolbar: false'>x",
            "<pre><code data-lang=rust>x",
            "<div class=sourceCode><pre class='sourceCode rust'>x",
        ] {
            assert_eq!(language_of(html).as_deref(), Some("rust"), "{html}");
        }
        assert_eq!(
            language_of("<pre><code class=language-c++>x").as_deref(),
            Some("c++")
        );
        assert_eq!(language_of("<pre><code class=language-none>x"), None);
        assert_eq!(language_of("<pre class='language-a`b'>x"), None);
    }

    #[test]
    fn line_numbers_are_told_from_numbers() {
        let gutter = |html: &str| {
            let page = Page::parse(html.as_bytes(), &PageContext::default());
            let is_column = |node| is_element(node, "td") && is_column_of_numbers(node);
            page.nodes().any(|node| is_gutter(node) || is_column(node))
        };
        assert!(gutter("<pre><span class=lineno>12</span>x"));
        assert!(gutter(
            "<table><tr><td><pre>1\n2\n3\n</pre><td><pre>x</table>"
        ));
        assert!(!gutter("<table><tr><td>1 2<td>x</table>"));
        assert!(!gutter("<table><tr><td>3 4<td><pre>x</table>"));
        assert!(!gutter("<span class=lineno>line 1</span>"));
    }

    #[test]
    fn the_first_line_keeps_its_indentation() {
        assert_eq!(trimmed("\n  \n    a\n  b\n\n"), "    a\n  b");
    }
}
