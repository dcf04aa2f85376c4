//! Text → the same text with no tag of more attributes than a bound.
//!
//! html5ever's tokenizer compares each attribute with those before it in its
//! tag, so one tag of 100,000 costs seconds before anything sees it. This scan
//! follows the tokenizer's states for tags, comments and raw text (HTML
//! Standard §13.2.5) and copies the text only where a tag passes the bound. It
//! keeps no tree: within `svg` and `math` raw text is read as markup, and
//! escaped scripts and CDATA sections are not followed; there a text that looks
//! like one tag of as many attributes may be cut.

use std::borrow::Cow;

/// Cuts from every tag the attributes after the first `limit`.
pub(super) fn bounded(text: &str, limit: usize) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut copied = 0;
    let mut scan = Scan {
        bytes: text.as_bytes(),
        at: 0,
    };
    let mut foreign = 0_usize;
    let mut before = 0;
    while let Some(tag) = scan.next_tag(limit) {
        crate::watch::spend((scan.at - before) / 8);
        before = scan.at;
        if let Some((from, to)) = tag.surplus {
            kept.push_str(&text[copied..from]);
            // A slash before the cut must not meet the `>` after it.
            kept.push(' ');
            copied = to;
        }
        let name = &text[tag.name.0..tag.name.1];
        let is = |names: &[&str]| names.iter().any(|n| name.eq_ignore_ascii_case(n));
        if is(&["svg", "math"]) {
            match (tag.is_end, tag.self_closing) {
                (true, _) => foreign = foreign.saturating_sub(1),
                (false, true) => {}
                (false, false) => foreign += 1,
            }
        } else if !tag.is_end && foreign == 0 && is(&RAW_TEXT) {
            scan.skip_to_end_tag(name.as_bytes());
        } else if !tag.is_end && foreign == 0 && is(&["plaintext"]) {
            break;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(&text[copied..]);
    Cow::Owned(kept)
}

/// Elements that hold text up to their end tag.
const RAW_TEXT: [&str; 8] = [
    "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes",
];

/// A tag, by the places of its parts.
struct TagAt {
    name: (usize, usize),
    is_end: bool,
    self_closing: bool,
    /// From the first attribute too many up to the end of the last.
    surplus: Option<(usize, usize)>,
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Goes to the first byte that `stops`, or to the end.
    fn go_to(&mut self, stops: impl Fn(u8) -> bool) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|&b| stops(b)).unwrap_or(rest.len());
    }

    /// Goes past the first `mark`, or to the end.
    fn go_past(&mut self, mark: &[u8]) {
        let rest = &self.bytes[self.at..];
        let found = rest.windows(mark.len()).position(|window| window == mark);
        self.at += found.map_or(rest.len(), |i| i + mark.len());
    }

    /// The next tag; the scan stands after it.
    fn next_tag(&mut self, limit: usize) -> Option<TagAt> {
        loop {
            self.go_to(|b| b == b'<');
            self.at += 1;
            match (self.peek()?, self.bytes.get(self.at + 1)) {
                (b'!', _) if self.bytes[self.at..].starts_with(b"!--") => self.skip_comment(),
                (b'!' | b'?', _) => self.go_past(b">"),
                (b'/', Some(b)) if b.is_ascii_alphabetic() => {
                    self.at += 1;
                    return Some(self.tag(true, limit));
                }
                (b'/', Some(_)) => self.go_past(b">"),
                (b, _) if b.is_ascii_alphabetic() => return Some(self.tag(false, limit)),
                _ => {}
            }
        }
    }

    /// Comments end at `-->` or `--!>`; `<!-->` and `<!--->` are whole.
    fn skip_comment(&mut self) {
        self.at += 3;
        for whole in [&b">"[..], b"->"] {
            if self.bytes[self.at..].starts_with(whole) {
                self.at += whole.len();
                return;
            }
        }
        loop {
            self.go_past(b"--");
            match self.peek() {
                None => return,
                Some(b'>') => self.at += 1,
                Some(b'!') if self.bytes.get(self.at + 1) == Some(&b'>') => self.at += 2,
                // The second dash may be the first of the next two.
                Some(b'-') => {
                    self.at -= 1;
                    continue;
                }
                Some(_) => continue,
            }
            return;
        }
    }

    /// Goes to the end tag of that name, or to the end.
    fn skip_to_end_tag(&mut self, name: &[u8]) {
        while self.at < self.bytes.len() {
            self.go_to(|b| b == b'<');
            let rest = &self.bytes[self.at..];
            let after = 2 + name.len();
            if rest.len() > after
                && rest[1] == b'/'
                && rest[2..after].eq_ignore_ascii_case(name)
                && (is_space(rest[after]) || matches!(rest[after], b'/' | b'>'))
            {
                return;
            }
            self.at = (self.at + 1).min(self.bytes.len());
        }
    }

    /// A tag whose name begins here.
    fn tag(&mut self, is_end: bool, limit: usize) -> TagAt {
        let start = self.at;
        self.go_to(|b| is_space(b) || matches!(b, b'/' | b'>'));
        let mut tag = TagAt {
            name: (start, self.at),
            is_end,
            self_closing: false,
            surplus: None,
        };
        let mut attributes = 0;
        loop {
            self.go_to(|b| !is_space(b));
            match self.peek() {
                None => return tag,
                Some(b'>') => {
                    self.at += 1;
                    return tag;
                }
                Some(b'/') => {
                    self.at += 1;
                    tag.self_closing = self.peek() == Some(b'>');
                }
                Some(_) => {
                    let from = self.at;
                    self.attribute();
                    attributes += 1;
                    if attributes > limit {
                        let (from, _) = tag.surplus.unwrap_or((from, from));
                        tag.surplus = Some((from, self.at));
                    }
                }
            }
        }
    }

    /// An attribute, which begins here, and its value.
    fn attribute(&mut self) {
        // An equals sign in first place belongs to the name.
        self.at += 1;
        self.go_to(|b| is_space(b) || matches!(b, b'/' | b'>' | b'='));
        let named = self.at;
        self.go_to(|b| !is_space(b));
        if self.peek() != Some(b'=') {
            self.at = named;
            return;
        }
        self.at += 1;
        self.go_to(|b| !is_space(b));
        match self.peek() {
            None | Some(b'>') => {}
            Some(quote @ (b'"' | b'\'')) => {
                self.at += 1;
                self.go_past(&[quote]);
            }
            Some(_) => self.go_to(|b| is_space(b) || b == b'>'),
        }
    }
}

fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use scraper::Html;

    #[test]
    fn a_tag_keeps_its_first_attributes_and_all_that_follows_it() {
        let page = "<p a=1 b='>' c = \"x y\" d e=2>text</p><i a b c>";
        assert_eq!(
            bounded(page, 3),
            "<p a=1 b='>' c = \"x y\"  >text</p><i a b c>"
        );
        assert_eq!(bounded("<p a b/c d/>x", 2), "<p a b/ />x");
        assert_eq!(bounded("<p a/b>x", 1), "<p a/ >x");
        assert_eq!(bounded("<p a b c", 1), "<p a  ");
        assert_eq!(bounded("</p a b>é", 1), "</p a  >é");
    }

    #[test]
    fn comments_and_raw_text_hold_no_tags() {
        for page in [
            "<!-- <p a b c> -->",
            "<!--><!---><!-- - -- --- <p a b c> ---><!--x--!>",
            "<script>if (a <b && c || d) e('</scripts a b c>')</script>",
            "<TextArea><p a b c></TEXTAREA >",
            "<title><p a b c></title>",
            "a <1 b c d> < p a b c>",
            "<!doctype html public a b c>",
            "<plaintext><p a b c>",
        ] {
            assert!(matches!(bounded(page, 2), Cow::Borrowed(_)), "{page}");
        }
        assert_ne!(bounded("<!--x--!><p a b c>", 2), "<!--x--!><p a b c>");
        assert_ne!(bounded("<svg><style><p a b c>", 2), "<svg><style><p a b c>");
    }

    #[test]
    fn a_tag_of_very_many_attributes_costs_linear_time() {
        let names: String = (0..200_000).map(|i| format!(" a{i}")).collect();
        let page = format!("<p{names}>x<p{names}");
        assert!(bounded(&page, 100).len() < 2_000);
    }

    fn text_of(html: &Html) -> String {
        html.root_element().text().collect()
    }

    proptest! {
        #[test]
        fn any_text_is_scanned(text in any::<String>(), limit in 0_usize..3) {
            let _ = bounded(&text, limit);
        }

        #[test]
        fn only_attributes_go_and_only_past_the_bound(
            soup in "(</?(p|b|textarea|script|svg|br|title)|<!--|--!?>|</?|>|/|[ \n]|=|\"|'|x|é|a=|b='c'|d=e){0,60}",
            limit in 1_usize..4,
        ) {
            let before = Html::parse_document(&soup);
            let found = bounded(&soup, limit);
            let after = Html::parse_document(&found);
            let most = |html: &Html| {
                html.tree
                    .nodes()
                    .filter_map(|n| n.value().as_element())
                    .map(|e| e.attrs().count())
                    .max()
                    .unwrap_or(0)
            };
            if let Cow::Borrowed(_) = found {
                prop_assert!(soup.contains("<svg") || soup.contains("<!--") || most(&before) <= limit);
            } else if !soup.contains("<svg") && !soup.contains("<!--") {
                prop_assert_eq!(text_of(&after), text_of(&before));
            }
        }
    }
}
