//! Tokens of a text, as lines, by this tokenizer and by html5ever's.

use std::cell::{Cell, RefCell};

use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    Doctype, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::super::{Options, Place, tokenize};

/// Writes tokens down, and answers tags as the tree builder does: raw text for
/// the elements that hold it, but not within `svg` and `math`.
#[derive(Default)]
pub struct Record {
    tokens: RefCell<Vec<String>>,
    characters: RefCell<String>,
    foreign: Cell<usize>,
    ended: Cell<bool>,
    /// Where the next token stands, if the tokenizer tells.
    pub place: Cell<Place>,
    /// The places of all tokens, and whether each is of characters.
    pub places: RefCell<Vec<(Place, bool)>>,
}

impl Record {
    /// The tokens, neighbouring characters as one.
    pub fn tokens(self) -> Vec<String> {
        self.flush();
        assert!(self.ended.get(), "the end of file is told");
        self.tokens.into_inner()
    }

    fn flush(&self) {
        let characters = self.characters.take();
        if !characters.is_empty() {
            self.tokens.borrow_mut().push(format!("{characters:?}"));
        }
    }

    fn answer(&self, tag: &Tag) -> TokenSinkResult<()> {
        let foreign = self.foreign.get();
        if matches!(&*tag.name, "svg" | "math") {
            self.foreign.set(match tag.kind {
                TagKind::EndTag => foreign.saturating_sub(1),
                TagKind::StartTag if tag.self_closing => foreign,
                TagKind::StartTag => foreign + 1,
            });
            return TokenSinkResult::Continue;
        }
        match (&*tag.name, tag.kind) {
            _ if foreign > 0 => TokenSinkResult::Continue,
            ("title" | "textarea", TagKind::StartTag) => TokenSinkResult::RawData(RawKind::Rcdata),
            ("style" | "xmp" | "iframe" | "noembed" | "noframes", TagKind::StartTag) => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            ("script", TagKind::StartTag) => TokenSinkResult::RawData(RawKind::ScriptData),
            ("script", TagKind::EndTag) => TokenSinkResult::Script(()),
            ("plaintext", TagKind::StartTag) => TokenSinkResult::Plaintext,
            ("meta", TagKind::StartTag) => TokenSinkResult::EncodingIndicator(StrTendril::new()),
            _ => TokenSinkResult::Continue,
        }
    }
}

impl TokenSink for Record {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        if matches!(token, Token::ParseError(_)) {
            return TokenSinkResult::Continue;
        }
        let is_text = matches!(token, Token::CharacterTokens(_) | Token::NullCharacterToken);
        self.places.borrow_mut().push((self.place.get(), is_text));
        if let Token::CharacterTokens(text) = token {
            self.characters.borrow_mut().push_str(&text);
            return TokenSinkResult::Continue;
        }
        self.flush();
        let (line, answer) = match token {
            Token::TagToken(tag) => (tag_line(&tag), self.answer(&tag)),
            Token::CommentToken(text) => {
                (format!("<!--{:?}-->", &*text), TokenSinkResult::Continue)
            }
            Token::DoctypeToken(doctype) => (doctype_line(&doctype), TokenSinkResult::Continue),
            Token::NullCharacterToken => ("NUL".to_owned(), TokenSinkResult::Continue),
            _ => {
                self.ended.set(true);
                return TokenSinkResult::Continue;
            }
        };
        self.tokens.borrow_mut().push(line);
        answer
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.foreign.get() > 0
    }
}

fn tag_line(tag: &Tag) -> String {
    let slash = |yes| if yes { "/" } else { "" };
    let attributes: String = tag
        .attrs
        .iter()
        .map(|attribute| format!(" {}={:?}", &*attribute.name.local, &*attribute.value))
        .collect();
    let duplicate = if tag.had_duplicate_attributes {
        " again"
    } else {
        ""
    };
    format!(
        "<{}{}{attributes}{duplicate}{}>",
        slash(tag.kind == TagKind::EndTag),
        &*tag.name,
        slash(tag.self_closing)
    )
}

fn doctype_line(doctype: &Doctype) -> String {
    let part = |part: &Option<StrTendril>| match part {
        Some(text) => format!(" {:?}", &**text),
        None => " -".to_owned(),
    };
    format!(
        "<!doctype{}{}{}{}>",
        part(&doctype.name),
        part(&doctype.public_id),
        part(&doctype.system_id),
        if doctype.force_quirks { " quirks" } else { "" }
    )
}

/// What this tokenizer gives.
pub fn ours(text: &str) -> Vec<String> {
    let record = Record::default();
    tokenize(text, Options::default(), &record, &record.place);
    record.tokens()
}

/// What html5ever's gives.
pub fn theirs(text: &str) -> Vec<String> {
    drive_theirs(text, Record::default()).tokens()
}

/// Gives a sink the tokens of html5ever's tokenizer.
pub fn drive_theirs<S: TokenSink>(text: &str, sink: S) -> S {
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(text));
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink
}
