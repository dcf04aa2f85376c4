//! How soon the work on a page stops when it is asked to.
//!
//! `cargo bench --bench stopping_bench -- FOLDER [TIMES]` extracts each page below
//! FOLDER (as make.py writes them) in every form, once to the end and then TIMES (20)
//! times with a timeout spread evenly over that time, and prints how long after its
//! timeout each came back, in milliseconds: of each page whose latest is over a
//! millisecond, and of all.

#[path = "../pages.rs"]
mod pages;

use std::time::Instant;

use dehusk::Extractor;
use dehusk::page::PageContext;
use dehusk::render::Renderings;
use dehusk::select::{Comments, Policies};
use dehusk::watch::Watch;
use pages::spread;

/// How long extractions went on after their timeouts, in milliseconds.
fn lateness(extractor: &Extractor, page: &[u8], times: u32) -> Vec<f64> {
    let context = PageContext::default();
    let begun = Instant::now();
    drop(extractor.extract(page, &context));
    let whole = begun.elapsed();
    let late = |time| {
        let after = whole * time / times;
        let begun = Instant::now();
        let watch = Watch::default().timeout(after);
        drop(extractor.extract_within(page, &context, &watch));
        begun.elapsed().saturating_sub(after).as_secs_f64() * 1e3
    };
    (0..times).map(late).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `cargo bench` adds a flag of its own.
    let mut arguments = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let folder = arguments.next().ok_or("name a folder of pages")?;
    let times = arguments.next().map_or(Ok(20), |n| n.parse())?;
    let extractor = Extractor::default()
        .policies(Policies {
            comments: Comments::Separate,
            ..Policies::default()
        })
        .renderings(Renderings::all());
    let pages = pages::below(folder.as_ref())?;
    if pages.is_empty() || times == 0 {
        return Err("no pages, or no timeouts: nothing to measure".into());
    }
    let mut all = Vec::new();
    for (name, page) in &pages {
        let late = lateness(&extractor, page, times);
        all.extend(&late);
        let (median, _, most) = spread(late);
        if most > 1.0 {
            println!("{name}: {median:.1}, {most:.1} at most");
        }
    }
    let (median, _, most) = spread(all);
    println!(
        "{} pages, {times} timeouts each: {median:.1}, {most:.1} at most",
        pages.len()
    );
    Ok(())
}
