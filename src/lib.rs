//! Learns to tell a web page's article from its boilerplate.
//!
//! dehusk cuts a page into blocks, gives each block a probability of being
//! main content, keeps the blocks that together make the best extraction, and
//! renders them. The judgement is learned from annotated pages; a trained model
//! is compiled in, so extraction needs no file and no service.
//!
//! # Extracting
//!
//! [`Extractor`] is the front door: bytes in, [`Extraction`] out. Any bytes
//! will do; there is no error to handle.
//!
//! ```
//! use dehusk::Extractor;
//! use dehusk::page::PageContext;
//!
//! let page = br#"<title>Ferry back in service</title>
//!   <nav><a href="/">Home</a> <a href="/sport">Sport</a> <a href="/weather">Weather</a></nav>
//!   <main><h1>Ferry back in service</h1>
//!   <p>After eleven weeks in the yard the island's only ferry sailed again on Monday morning,
//!   with some two hundred people waiting on the quay to see it come in.</p>
//!   <p>The operator said that the new engine had cost less than was feared, and that
//!   fares would stay as they are until the end of the year.</p></main>
//!   <aside><h3>Most read</h3><ul><li><a href="/1">Ten walks</a></li></ul></aside>"#;
//!
//! let extraction = Extractor::default().extract(page, &PageContext::default());
//! assert!(extraction.text.contains("the island's only ferry sailed again"));
//! assert!(!extraction.text.contains("Most read"));
//! assert_eq!(extraction.title.as_deref(), Some("Ferry back in service"));
//! ```
//!
//! # Seeing why
//!
//! Each stage is a module that knows only the stage before it, and each can be
//! called alone:
//!
//! | stage | takes → gives |
//! |---|---|
//! | [`page`] | bytes → [`page::Page`]: decoded text, DOM, limits that were hit |
//! | [`block`] | page → [`block::Blocks`]: pieces of text and the elements they stand in |
//! | [`feature`] | blocks → a matrix of named features, one row a block |
//! | [`model`] | matrix → a probability for each block |
//! | [`select`] | probabilities → which blocks are kept |
//! | [`render`] | kept blocks → text, Markdown, HTML |
//!
//! ```
//! use dehusk::Extractor;
//! use dehusk::page::{Page, PageContext};
//!
//! let page = Page::parse(b"<p>One.</p><p>Two.</p>", &PageContext::default());
//! let judged = Extractor::default().judge(&page);
//! for (i, block) in judged.blocks.blocks.iter().enumerate() {
//!     println!("{:.2} {} {}", judged.probabilities[i], judged.blocks.xpath(i), block.text);
//! }
//! assert_eq!(judged.probabilities.len(), 2);
//! ```
//!
//! A page need not be HTML. Of a page that was flattened to plain text, as Common
//! Crawl's WET files hold them, lines are the blocks, and a model of its own judges
//! them:
//!
//! ```
//! use dehusk::Extractor;
//! use dehusk::page::{InputKind, PageContext};
//!
//! let text = "Home\nSport\nWeather\nFerry back in service\n\
//!     After eleven weeks in the yard the island's only ferry sailed again on Monday morning, \
//!     with some two hundred people waiting on the quay to see it come in.\n\
//!     The operator said that the new engine had cost less than was feared, and that \
//!     fares would stay as they are until the end of the year.\n\
//!     Most read\nTen walks\nShare\n";
//! let context = PageContext { kind: InputKind::Text, ..PageContext::default() };
//! let extraction = Extractor::default().extract(text.as_bytes(), &context);
//! assert!(extraction.text.contains("the island's only ferry sailed again"));
//! assert!(!extraction.text.contains("Weather"));
//! ```
//!
//! # Many pages
//!
//! [`source`] finds pages in files, folders, archives, tables and the web;
//! [`stream`] extracts them on all cores, in order and in bounded memory; [`sink`]
//! writes them so that a file appears whole or not at all and a run that was cut off
//! is gone on with.
//!
//! ```no_run
//! use dehusk::Extractor;
//! use dehusk::sink::{Form, Options, PageRecord, Target, open};
//! use dehusk::source::{InputOptions, Inputs, Named, Reading};
//! use dehusk::stream::{Ordered, Window};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let crawl = Inputs::new([Named::of("crawl.warc.gz".as_ref())], InputOptions::default());
//! let extractor = Extractor::default();
//! let extracted = Ordered::new(crawl, Window::default(), |_| 0, move |input| {
//!     let input = input.map_err(|failed| format!("{}: {}", failed.place, failed.error))?;
//!     let (id, place) = (input.id.clone(), input.place.clone());
//!     let page = input.read(&Reading::default()).map_err(|error| format!("{place}: {error}"))?;
//!     let extraction = extractor.extract(&page.bytes, &page.context);
//!     Ok::<_, String>(PageRecord { id, offset: place.offset(), source: place.source, extraction })
//! });
//! let mut sink = open(&Target::File("texts.jsonl.zst".into()), Form::Jsonl, Options::default())?.sink;
//! for (record, n) in extracted.zip(1_u64..) {
//!     match record {
//!         Ok(record) => sink.write(&record)?,
//!         Err(reason) => eprintln!("{reason}"),
//!     }
//!     sink.advance(n.into())?;
//! }
//! sink.finish()?;
//! # Ok(())
//! # }
//! ```
//!
//! # Training and measuring
//!
//! [`corpus`] reads labelled pages, [`align`] turns their gold text into a
//! label for each block, [`train`] fits a [`model::Model`] through
//! `linfa::Dataset` and `Fit`, and [`evaluate`] measures texts against gold
//! texts; [`export`] writes blocks, labels and features as a table for learning
//! elsewhere. They go the same way through page, blocks, features, model and
//! selection that extraction goes, so what is measured is what is shipped.
//! [`train::run`] keeps all of it in a folder that an interrupted run goes on in.
//!
//! ```no_run
//! use dehusk::corpus;
//! use dehusk::evaluate::Report;
//! use dehusk::model::Provenance;
//! use dehusk::train::{Learner, Settings, cross_validate, fit, prepare};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let pages = prepare(corpus::read(&"dehusk:my-pages.jsonl".parse()?)?, || {})?;
//! let settings = Settings::of(Learner::Forest);
//! let validation = cross_validate(&pages, &settings, 5, |_| {})?;
//! println!("{}", Report::new(validation.scores(&pages, &settings.selection), 1));
//!
//! let model = fit(&pages, &settings, Provenance::default())?;
//! model.save("my.model".as_ref())?;
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod align;
pub mod block;
#[doc(hidden)]
pub mod cli;
pub mod corpus;
pub mod diff;
pub mod evaluate;
pub mod export;
pub mod extract;
pub mod feature;
pub mod metadata;
pub mod model;
pub mod page;
pub mod render;
pub mod select;
pub mod sink;
pub mod site;
pub mod source;
pub mod stream;
pub mod text;
pub mod train;
pub mod watch;

pub use extract::{Extraction, Extractor, Judged};
