//! The extractors of crates.io, as a worker of `drive.py`:
//! `dehusk-peers PEER [--comments]`.
//!
//! Reads requests from standard input and answers each on standard output, as
//! `drive.py` says.

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Request {
    path: String,
    url: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Peer(String),
    Text(String),
    Error(String),
}

#[derive(Clone, Copy)]
enum Peer {
    RsTrafilatura { comments: bool },
    DomSmoothie,
    /// html5ever, into scraper's tree: no extractor, but what any must do first.
    Parsing,
}

impl Peer {
    fn crate_name(self) -> &'static str {
        match self {
            Self::RsTrafilatura { .. } => "rs-trafilatura",
            Self::DomSmoothie => "dom_smoothie",
            Self::Parsing => "scraper",
        }
    }

    /// The version that this program was built with.
    fn version(self) -> &'static str {
        let package = format!("name = \"{}\"\nversion = \"", self.crate_name());
        include_str!("../Cargo.lock")
            .split_once(&package)
            .and_then(|(_, rest)| rest.split('"').next())
            .unwrap_or("of unknown version")
    }

    fn text(self, request: Request) -> Result<String, Box<dyn Error>> {
        let bytes = std::fs::read(&request.path)?;
        match self {
            Self::RsTrafilatura { comments } => {
                let options = rs_trafilatura::Options {
                    include_comments: comments,
                    url: request.url,
                    ..Default::default()
                };
                let extracted = match utf8(&bytes) {
                    Some(page) => rs_trafilatura::extract_with_options(page, &options),
                    None => rs_trafilatura::extract_bytes_with_options(&bytes, &options),
                }?;
                let mut text = extracted.content_text;
                if let (true, Some(said)) = (comments, extracted.comments_text) {
                    text.push('\n');
                    text.push_str(&said);
                }
                Ok(text)
            }
            Self::Parsing => {
                let parsed = match utf8(&bytes) {
                    Some(page) => scraper::Html::parse_document(page),
                    None => scraper::Html::parse_document(&guessed(&bytes)),
                };
                Ok(parsed.tree.values().len().to_string())
            }
            Self::DomSmoothie => {
                let config = dom_smoothie::Config {
                    // Raw text glues the last word of a block to the next's first.
                    text_mode: dom_smoothie::TextMode::Formatted,
                    ..Default::default()
                };
                let page = match utf8(&bytes) {
                    Some(page) => page.to_owned(),
                    None => guessed(&bytes),
                };
                let url = request.url.as_deref();
                let article = match dom_smoothie::Readability::new(page, url, Some(config))?.parse()
                {
                    Err(dom_smoothie::ReadabilityError::GrabFailed) => return Ok(String::new()),
                    parsed => parsed?,
                };
                Ok(article.text_content.to_string())
            }
        }
    }
}

fn utf8(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// `dom_smoothie` takes text only: the encoding is Firefox's guess.
fn guessed(bytes: &[u8]) -> String {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Allow);
    encoding.decode(bytes).0.into_owned()
}

fn say(answer: &Answer) -> Result<(), Box<dyn Error>> {
    let mut out = stdout().lock();
    serde_json::to_writer(&mut out, answer)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let comments = arguments.iter().any(|argument| argument == "--comments");
    let peer = match arguments.first().map(String::as_str) {
        Some("rs-trafilatura") => Peer::RsTrafilatura { comments },
        Some("dom_smoothie") => Peer::DomSmoothie,
        Some("parsing") => Peer::Parsing,
        _ => return Err("name a peer: rs-trafilatura, dom_smoothie or parsing".into()),
    };
    say(&Answer::Peer(format!(
        "{} {}",
        peer.crate_name(),
        peer.version()
    )))?;
    for line in stdin().lock().lines() {
        let request = serde_json::from_str(&line?)?;
        say(&match peer.text(request) {
            Ok(text) => Answer::Text(text),
            Err(error) => Answer::Error(error.to_string()),
        })?;
    }
    Ok(())
}
