//! Text of scripts (HTML Standard §13.2.5.4 and §13.2.5.15 to §13.2.5.31).
//!
//! A script ends at its end tag, but for old scripts that hide themselves in
//! `<!--` … `-->`: within, a `<script` opens a script whose end tag does not end
//! the outer one. The text of all the states is the same, so only where they
//! change is looked for: at `<`, and at a `>` after two dashes.

use html5ever::tokenizer::TokenSink;
use html5ever::tokenizer::states::ScriptEscapeKind::{self, DoubleEscaped, Escaped};
use memchr::{memchr, memchr2};

use super::Tokenizer;
use super::byte::ends_tag_name;
use super::input::References;

impl<S: TokenSink> Tokenizer<'_, S> {
    /// A script's text, and its end tag.
    pub(super) fn script(&mut self, mut escape: Option<ScriptEscapeKind>) {
        let (start, bytes) = (self.at, self.input.bytes);
        let mut from = start;
        let end_tag = loop {
            let rest = &bytes[from..];
            let found = match escape {
                None => memchr(b'<', rest),
                Some(_) => memchr2(b'<', b'>', rest),
            };
            let Some(found) = found else {
                break None;
            };
            let at = from + found;
            let (before, after) = (&bytes[start..at], &bytes[at + 1..]);
            // Carries on with the byte after `at`, unless more is known of.
            from = at + 1;
            match (escape, bytes[at]) {
                (Some(_), b'>') => {
                    if before.ends_with(b"--") {
                        escape = None;
                    }
                }
                (None | Some(Escaped), _) if self.is_appropriate_end_tag(at) => {
                    break Some(at);
                }
                (None, _) => {
                    if after.starts_with(b"!--") {
                        escape = Some(Escaped);
                        // Its dashes may be those of a `-->` already.
                        from = at + 2;
                    }
                }
                (Some(Escaped), _) => {
                    if names_script(after) {
                        escape = Some(DoubleEscaped);
                        from += "script".len();
                    }
                }
                (Some(DoubleEscaped), _) => {
                    if after.strip_prefix(b"/").is_some_and(names_script) {
                        escape = Some(Escaped);
                        from += "/script".len();
                    }
                }
            }
        };
        self.raw_up_to(end_tag, References::None);
    }
}

/// Whether the text begins with `script` and with what ends a tag's name.
fn names_script(text: &[u8]) -> bool {
    const SCRIPT: &[u8] = b"script";
    text.len() > SCRIPT.len()
        && text[..SCRIPT.len()].eq_ignore_ascii_case(SCRIPT)
        && ends_tag_name(text[SCRIPT.len()])
}
