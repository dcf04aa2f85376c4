//! Text → tokens: an HTML tokenizer over a page that is there as a whole.
//!
//! html5ever's tokenizer takes its input in pieces, one character at a time.
//! Here the text lies in one piece, so each state of the HTML Standard
//! (§13.2.5) becomes a search for the byte that ends it, a text or an attribute
//! value without references is a part of one shared buffer, and ends of input
//! are the ends of slices. The tokens are html5ever's own and go to any of its
//! [`TokenSink`]s: its tree builder makes the same tree of them. Parse errors
//! are not told.
//!
//! Every state takes time linear in what it reads, whatever it reads. The
//! states are grouped by what they read: `data.rs`, `tag.rs`, `attribute.rs`,
//! `comment.rs`, `doctype.rs`, `raw.rs` (RCDATA, RAWTEXT, PLAINTEXT and CDATA
//! sections) and `script.rs`; `reference.rs` reads character references,
//! `input.rs` cuts texts out of the page and `names.rs` interns names.

mod attribute;
mod byte;
mod comment;
mod data;
mod doctype;
mod input;
mod names;
mod raw;
mod reference;
mod script;
mod tag;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use html5ever::LocalName;
use html5ever::tokenizer::states::{RawKind, ScriptEscapeKind};
use html5ever::tokenizer::{Token, TokenSink, TokenSinkResult};

use attribute::Attributes;
use input::Input;
use names::Names;

/// Where a token stands: bytes of the text that is tokenized.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

/// Longest text that is tokenized, in bytes: offsets into it are kept in 32
/// bits.
pub const MOST_BYTES: usize = u32::MAX as usize;

/// Where to depart from the Standard.
#[derive(Debug, Clone)]
pub struct Options {
    /// Attributes of different names that a tag gets at most; those that follow
    /// are read over.
    pub attributes: usize,
    /// Whether a `title` that is never closed ends at the next `<`. By the
    /// Standard it holds the rest of the page.
    pub end_titles: bool,
}

impl Default for Options {
    /// Nowhere.
    fn default() -> Self {
        Self {
            attributes: usize::MAX,
            end_titles: false,
        }
    }
}

/// What was met on the way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether a title was ended that the page does not close.
    pub ended_title: bool,
}

/// Gives `sink` the tokens of `text`, which is the whole page, and then the end
/// of file. Before each token its place is put into `place`.
///
/// Neighbouring characters come as one token where html5ever's tokenizer gives
/// several. Scripts do not run, and encodings that the page names are not
/// heeded.
///
/// ```
/// use std::cell::{Cell, RefCell};
///
/// use dehusk::page::tokenizer::{Options, Place, tokenize};
/// use html5ever::tokenizer::{Token, TokenSink, TokenSinkResult};
///
/// struct Texts(RefCell<Vec<String>>);
///
/// impl TokenSink for Texts {
///     type Handle = ();
///
///     fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
///         if let Token::CharacterTokens(text) = token {
///             self.0.borrow_mut().push(text.to_string());
///         }
///         TokenSinkResult::Continue
///     }
/// }
///
/// let texts = Texts(RefCell::default());
/// let place = Cell::new(Place::default());
/// tokenize("<p>Fish &amp; chips</p>", Options::default(), &texts, &place);
/// assert_eq!(texts.0.into_inner(), ["Fish & chips"]);
/// ```
///
/// # Panics
///
/// If the text is longer than [`MOST_BYTES`].
pub fn tokenize<S: TokenSink>(
    text: &str,
    options: Options,
    sink: &S,
    place: &Cell<Place>,
) -> Outcome {
    let mut tokenizer = Tokenizer {
        input: Input::new(text),
        at: 0,
        content: Content::Data,
        last_start_tag: LocalName::default(),
        names: Names::default(),
        attributes: Attributes::default(),
        options,
        outcome: Outcome::default(),
        sink,
        place,
    };
    tokenizer.skip_byte_order_mark();
    while tokenizer.at < text.len() {
        match tokenizer.content {
            Content::Data => tokenizer.data(),
            Content::Rcdata => tokenizer.rcdata(),
            Content::Rawtext => tokenizer.rawtext(),
            Content::Script(escape) => tokenizer.script(escape),
            Content::Plaintext => tokenizer.plaintext(),
        }
    }
    tokenizer.emit(Token::EOFToken, text.len());
    sink.end();
    tokenizer.outcome
}

/// What the text that comes next is read as.
#[derive(Debug, Clone, Copy)]
enum Content {
    Data,
    Rcdata,
    Rawtext,
    Script(Option<ScriptEscapeKind>),
    Plaintext,
}

/// The tokenizer, between two tokens.
struct Tokenizer<'t, S> {
    input: Input<'t>,
    /// The next byte.
    at: usize,
    content: Content,
    /// Name of the last start tag, whose end tag ends raw text.
    last_start_tag: LocalName,
    names: Names,
    attributes: Attributes,
    options: Options,
    outcome: Outcome,
    sink: &'t S,
    place: &'t Cell<Place>,
}

impl<S: TokenSink> Tokenizer<'_, S> {
    /// The byte that is `ahead` of the next.
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.input.bytes.get(self.at + ahead).copied()
    }

    /// Gives a token that began at `start` and ends before the next byte.
    fn emit(&mut self, token: Token, start: usize) {
        let end = self.at;
        self.place.set(Place { start, end });
        match self.sink.process_token(token, 1) {
            TokenSinkResult::Continue => {}
            TokenSinkResult::Plaintext => self.content = Content::Plaintext,
            TokenSinkResult::RawData(kind) => {
                self.content = match kind {
                    RawKind::Rcdata => Content::Rcdata,
                    RawKind::Rawtext => Content::Rawtext,
                    RawKind::ScriptData => Content::Script(None),
                    RawKind::ScriptDataEscaped(escape) => Content::Script(Some(escape)),
                }
            }
            // html5ever's tokenizer pauses here, and looks for a byte-order
            // mark each time that it goes on.
            TokenSinkResult::Script(_) | TokenSinkResult::EncodingIndicator(_) => {
                self.skip_byte_order_mark();
            }
        }
    }

    fn skip_byte_order_mark(&mut self) {
        if self.input.text[self.at..].starts_with('\u{feff}') {
            self.at += '\u{feff}'.len_utf8();
        }
    }
}
