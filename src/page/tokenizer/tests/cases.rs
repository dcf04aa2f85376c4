//! Cases written from the Standard: what goes in, and the tokens or the tree.
//!
//! Each line of a file is one case, `input => outcome`, with `\n`, `\r`, `\t`,
//! `\f`, `\0`, `\u{…}` and `\\` for what a line cannot hold; lines that begin
//! with `#` name the section.

use ego_tree::NodeRef;
use scraper::Node;

use super::record::{ours, theirs};
use crate::page::{Page, PageContext};

/// The cases of a file.
fn cases(file: &'static str) -> Vec<(usize, String, &'static str)> {
    let mut cases = Vec::new();
    for (number, line) in file.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let (input, outcome) = line
            .rsplit_once(" =>")
            .unwrap_or_else(|| panic!("line {}: no arrow", number + 1));
        cases.push((number + 1, unescaped(input.trim_end()), outcome.trim()));
    }
    cases
}

fn unescaped(input: &str) -> String {
    let mut text = String::new();
    let mut chars = input.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        text.push(match chars.next() {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('f') => '\u{c}',
            Some('0') => '\0',
            Some('s') => ' ',
            Some('\\') => '\\',
            Some('u') => {
                let code: String = chars.by_ref().take_while(|&c| c != '}').collect();
                let code = u32::from_str_radix(code.trim_start_matches('{'), 16).unwrap();
                char::from_u32(code).unwrap()
            }
            other => panic!("no such escape: {other:?}"),
        });
    }
    text
}

/// A node as the cases of trees write it.
fn written(node: NodeRef<'_, Node>) -> String {
    let children: Vec<String> = node.children().map(written).collect();
    let children = children.join(" ");
    let name = match node.value() {
        Node::Text(text) => return format!("{:?}", &**text),
        Node::Comment(comment) => return format!("!{:?}", &**comment),
        Node::Document => return children,
        Node::Fragment => "#",
        Node::Element(element) => element.name(),
        _ => "",
    };
    if children.is_empty() {
        return name.to_owned();
    }
    format!("{name}({children})")
}

/// The cases of a file that do not come to what they should.
fn wrong(file: &'static str, outcome: impl Fn(&str) -> String) -> Vec<String> {
    let cases = cases(file).into_iter().map(|(line, input, wanted)| {
        let found = outcome(&input);
        (found != wanted).then(|| format!("line {line}: {input:?} => {found}"))
    });
    cases.flatten().collect()
}

const TOKENS: [&str; 2] = [
    include_str!("cases/text.txt"),
    include_str!("cases/markup.txt"),
];
const TREES: &str = include_str!("cases/trees.txt");

#[test]
fn tokens_are_those_of_the_standard() {
    for file in TOKENS {
        assert_eq!(wrong(file, |input| ours(input).join(" ")), [""; 0]);
    }
}

#[test]
fn html5ever_gives_the_same_tokens_in_all_cases() {
    for file in TOKENS {
        assert_eq!(wrong(file, |input| theirs(input).join(" ")), [""; 0]);
    }
}

#[test]
fn trees_are_those_of_the_standard() {
    let tree = |input: &str| {
        let page = Page::parse(input.as_bytes(), &PageContext::default());
        let nodes = page.html.tree.root().children().map(written);
        let nodes: Vec<String> = nodes.filter(|node| !node.is_empty()).collect();
        nodes.join(" ")
    };
    assert_eq!(wrong(TREES, tree), [""; 0]);
}

#[test]
fn there_are_cases_in_every_file() {
    for (file, least) in [(TOKENS[0], 100), (TOKENS[1], 120), (TREES, 50)] {
        let count = cases(file).len();
        assert!(count >= least, "{count}");
    }
}
