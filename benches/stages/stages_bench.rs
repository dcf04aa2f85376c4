//! Where the time of an extraction goes, stage by stage.
//!
//! `cargo bench --bench stages_bench -- FOLDER [ROUNDS]` takes all pages below
//! FOLDER (`.html`, `.htm`, `.html.gz`) through the stages one after the other and
//! prints, for each, microseconds a page and its share of what the words alone need, as
//! a Markdown table: the median of the rounds, and the least and the most. What is
//! made only where it is asked for stands below the line.

#[path = "../pages.rs"]
mod pages;

use std::hint::black_box;
use std::time::{Duration, Instant};

use dehusk::block::Blocks;
use dehusk::model::{Model, Profile};
use dehusk::page::{Page, PageContext};
use dehusk::select::Policies;
use dehusk::text::count_words;
use dehusk::{Extractor, feature, metadata, render};
use pages::spread;

/// What every extraction needs.
const NEEDED: usize = 7;
const STAGES: [&str; NEEDED + 4] = [
    "page: decoding, parsing",
    "blocks",
    "features and terms",
    "model",
    "hidden text",
    "selection",
    "text",
    "metadata",
    "Markdown",
    "HTML",
    "block list",
];

/// The stages of one page, timed.
struct Timed {
    stages: [Duration; STAGES.len()],
    since: Instant,
    stage: usize,
}

impl Timed {
    /// Does the next stage.
    fn stage<T>(&mut self, work: impl FnOnce() -> T) -> T {
        self.since = Instant::now();
        let done = black_box(work());
        self.stages[self.stage] += self.since.elapsed();
        self.stage += 1;
        done
    }
}

fn extract(bytes: &[u8], timed: &mut Timed) {
    timed.stage = 0;
    let model = Model::shipped();
    let page = timed.stage(|| Page::parse(bytes, &PageContext::default()));
    let blocks = timed.stage(|| Blocks::of(&page));
    let measured = timed.stage(|| feature::measure(&page, &blocks));
    let probabilities = timed.stage(|| model.probabilities(&measured, Profile::default()));
    let hidden = timed.stage(|| blocks.hidden(&page));
    let selected = timed.stage(|| {
        let texts = blocks.blocks.iter();
        let words: Vec<f32> = texts.map(|b| count_words(&b.text) as f32).collect();
        let discussion = &measured.discussion;
        let (policies, selection) = (Policies::default(), &model.selection);
        policies.keep(
            selection,
            &blocks,
            &probabilities,
            &words,
            discussion,
            &hidden,
        )
    });
    let text = timed.stage(|| render::text(&blocks, &selected.kept));
    timed.stage(|| metadata::read(&page, &blocks, &text));
    let judged = Extractor::default().judge(&page);
    let options = Default::default();
    timed.stage(|| render::markdown(&page, &judged, &options));
    timed.stage(|| render::html(&page, &judged, &options));
    timed.stage(|| render::block_list(&page, &judged));
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `cargo bench` adds a flag of its own.
    let mut arguments = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"));
    let folder = arguments.next().ok_or("name a folder of pages")?;
    let rounds = arguments.next().map_or(Ok(5), |rounds| rounds.parse())?;
    let pages = pages::below(folder.as_ref())?;
    if pages.is_empty() || rounds == 0_usize {
        return Err("no pages, or no rounds: nothing to measure".into());
    }
    let bytes: usize = pages.iter().map(Vec::len).sum();
    let kilobytes = bytes as f64 / 1e3 / pages.len() as f64;
    println!("{} pages of {kilobytes:.0} KB on average\n", pages.len());

    let mut times = vec![Vec::new(); STAGES.len()];
    for round in 0..=rounds {
        let mut timed = Timed {
            stages: [Duration::ZERO; STAGES.len()],
            since: Instant::now(),
            stage: 0,
        };
        for page in &pages {
            extract(page, &mut timed);
        }
        // The first round fills caches and tables.
        if round > 0 {
            for (times, time) in times.iter_mut().zip(timed.stages) {
                times.push(time.as_secs_f64() * 1e6 / pages.len() as f64);
            }
        }
    }
    let spreads: Vec<(f64, f64, f64)> = times.into_iter().map(spread).collect();
    let whole: f64 = spreads[..NEEDED].iter().map(|spread| spread.0).sum();
    println!("| stage | µs a page | share |\n|---|---:|---:|");
    for (stage, (name, (median, least, most))) in STAGES.iter().zip(&spreads).enumerate() {
        if stage == NEEDED {
            println!("| **all that the words need** | **{whole:.0}** | **1** |");
        }
        let share = median / whole;
        println!("| {name} | {median:.0} ({least:.0}–{most:.0}) | {share:.3} |");
    }
    Ok(())
}
