//! Pace of parsing beside html5ever and scraper, and whether the trees are the
//! same.
//!
//! `cargo bench --bench parsing_bench -- FOLDER [ROUNDS]` reads all pages below
//! FOLDER (`.html`, `.htm`, `.html.gz`; bytes that are no UTF-8 are replaced
//! first, so that all get the same text) and prints how many trees are the same,
//! and for each way of parsing its MB/s and how it compares with html5ever's: the
//! median of the rounds, and the least and the most. In each round each page goes
//! each way before the next page does, and another way is first each time.
//! Building a tree includes taking it down.

#[path = "../pages.rs"]
mod pages;

use std::cell::Cell;
use std::hint::black_box;
use std::time::{Duration, Instant};

use dehusk::page::tokenizer::{Options, Place, tokenize};
use dehusk::page::{Page, PageContext};
use ego_tree::NodeId;
use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::TreeSink;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{TokenizerResult, local_name};
use pages::spread;
use scraper::{Html, HtmlTreeSink};

type Builder = TreeBuilder<NodeId, HtmlTreeSink>;

/// scraper's sink behind html5ever's tree builder, as dehusk asks for it.
fn builder() -> Builder {
    let options = TreeBuilderOpts {
        scripting_enabled: false,
        ..TreeBuilderOpts::default()
    };
    TreeBuilder::new(HtmlTreeSink::new(Html::new_document()), options)
}

/// Takes tokens and lets them go, answering as a tree builder would.
#[derive(Default)]
struct Void;

impl TokenSink for Void {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let token = black_box(token);
        let Token::TagToken(tag) = &token else {
            return TokenSinkResult::Continue;
        };
        if tag.kind == TagKind::EndTag {
            return TokenSinkResult::Continue;
        }
        match tag.name {
            local_name!("title") | local_name!("textarea") => {
                TokenSinkResult::RawData(RawKind::Rcdata)
            }
            local_name!("style") | local_name!("xmp") | local_name!("iframe") => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            local_name!("noembed") | local_name!("noframes") => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            local_name!("script") => TokenSinkResult::RawData(RawKind::ScriptData),
            local_name!("plaintext") => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }
}

fn html5ever_tokens<S: TokenSink>(text: &str, sink: S) -> S {
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(text));
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink
}

fn dehusk_tokens<S: TokenSink>(text: &str, sink: S) -> S {
    tokenize(
        text,
        Options::default(),
        &sink,
        &Cell::new(Place::default()),
    );
    sink
}

fn page(text: &str) -> Page {
    Page::parse(text.as_bytes(), &PageContext::default())
}

/// A way of parsing, by name; the time of each round so far.
struct Way {
    name: &'static str,
    /// The way that it is compared with.
    beside: usize,
    parse: fn(&str),
    rounds: Vec<Duration>,
}

fn ways() -> Vec<Way> {
    let way = |name, beside, parse| Way {
        name,
        beside,
        parse,
        rounds: Vec::new(),
    };
    vec![
        way("html5ever tokenizer, no tree", 0, |text| {
            black_box(html5ever_tokens(text, Void));
        }),
        way("dehusk tokenizer, no tree", 0, |text| {
            black_box(dehusk_tokens(text, Void));
        }),
        way("html5ever tokenizer, scraper's tree", 2, |text| {
            black_box(html5ever_tokens(text, builder()).sink.finish());
        }),
        way("dehusk tokenizer, scraper's tree", 2, |text| {
            black_box(dehusk_tokens(text, builder()).sink.finish());
        }),
        way("dehusk's Page::parse", 2, |text| {
            black_box(page(text));
        }),
    ]
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `cargo bench` adds a flag of its own.
    let mut arguments = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"));
    let folder = arguments.next().ok_or("name a folder of pages")?;
    let rounds = arguments.next().map_or(Ok(5), |rounds| rounds.parse())?;
    let texts = pages::below(folder.as_ref())?.into_iter();
    let pages: Vec<String> = texts
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    if pages.is_empty() || rounds == 0_usize {
        return Err("no pages, or no rounds: nothing to measure".into());
    }

    let (mut same, mut unbounded) = (0, 0);
    for text in &pages {
        let theirs = html5ever_tokens(text, builder()).sink.finish();
        let page = page(text);
        same += usize::from(dehusk_tokens(text, builder()).sink.finish() == theirs);
        // Bounds and the repair of titles change a tree, and say so.
        unbounded += usize::from(page.html == theirs || !page.warnings.is_empty());
    }
    let bytes: usize = pages.iter().map(String::len).sum();
    let megabytes = bytes as f64 / 1e6;
    println!("{} pages, {megabytes:.1} MB", pages.len());
    println!("{same} trees the same; {unbounded} by Page::parse, or with a warning");

    let mut ways = ways();
    for round in 0..rounds {
        let mut times = vec![Duration::ZERO; ways.len()];
        for (number, text) in pages.iter().enumerate() {
            for turn in 0..ways.len() {
                let way = (turn + number + round) % ways.len();
                let start = Instant::now();
                (ways[way].parse)(text);
                times[way] += start.elapsed();
            }
        }
        for (way, time) in ways.iter_mut().zip(times) {
            way.rounds.push(time);
        }
    }
    for way in &ways {
        let pace = |time: &Duration| megabytes / time.as_secs_f64();
        let (pace, _, _) = spread(way.rounds.iter().map(pace).collect());
        let beside = &ways[way.beside].rounds;
        let ratios = beside.iter().zip(&way.rounds);
        let ratios = ratios.map(|(theirs, ours)| theirs.as_secs_f64() / ours.as_secs_f64());
        let (ratio, least, most) = spread(ratios.collect());
        println!(
            "{:36} {pace:7.1} MB/s  × {ratio:.2} ({least:.2} to {most:.2})",
            way.name
        );
    }
    Ok(())
}
