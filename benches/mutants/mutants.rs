//! Pages of corpora, damaged in the ways that pages come damaged, and extracted
//! with every rendering.
//!
//! `cargo bench --bench mutants -- [pages=N] [bytes=N] [seed=N] WHERE…` takes
//! pages from each WHERE, a `FORMAT:PATH` as `--corpus` takes it or a folder of
//! pages, makes `pages` mutants (100,000) of at most `bytes` bytes (200,000), and
//! prints how many panicked, the slowest, and the memory in use on the way.
//! `show=N` writes mutant N to standard output instead.

mod mutate;

use std::error::Error;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use dehusk::Extractor;
use dehusk::corpus::{self, LabelledPage};
use dehusk::page::PageContext;
use dehusk::render::Renderings;
use dehusk::select::{Comments, Policies};
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use mutate::mutant;

/// Mutants that are made and extracted between two looks at the memory.
const BATCH: u64 = 1_000;

enum Original {
    Labelled(Box<LabelledPage>),
    File(PathBuf),
}

impl Original {
    fn read(&self) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
        Ok(match self {
            Self::Labelled(page) => page.read()?,
            Self::File(path) => std::fs::read(path)?,
        })
    }
}

struct Settings {
    pages: u64,
    bytes: usize,
    seed: u64,
    show: Option<u64>,
    originals: Vec<Original>,
}

fn settings() -> Result<Settings, Box<dyn Error>> {
    let mut settings = Settings {
        pages: 100_000,
        bytes: 200_000,
        seed: 2026,
        show: None,
        originals: Vec::new(),
    };
    // `cargo bench` adds a flag of its own.
    for argument in std::env::args().skip(1).filter(|a| !a.starts_with("--")) {
        match argument.split_once('=') {
            Some(("pages", n)) => settings.pages = n.parse()?,
            Some(("bytes", n)) => settings.bytes = n.parse()?,
            Some(("seed", n)) => settings.seed = n.parse()?,
            Some(("show", n)) => settings.show = Some(n.parse()?),
            _ if std::path::Path::new(&argument).is_dir() => {
                for entry in walkdir::WalkDir::new(&argument).sort_by_file_name() {
                    let path = entry?.into_path();
                    if path.extension().is_some_and(|e| e == "html" || e == "htm") {
                        settings.originals.push(Original::File(path));
                    }
                }
            }
            _ => {
                let pages = corpus::read(&argument.parse()?)?;
                let pages = pages.into_iter().map(Box::new).map(Original::Labelled);
                settings.originals.extend(pages);
            }
        }
    }
    if settings.originals.is_empty() {
        return Err("name a corpus as FORMAT:PATH, or a folder of pages".into());
    }
    Ok(settings)
}

/// What came of a mutant.
struct Outcome {
    number: u64,
    bytes: usize,
    words: usize,
    took: Duration,
    panicked: bool,
}

impl Settings {
    fn mutant(&self, number: u64) -> Vec<u8> {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(self.seed ^ number.rotate_left(32));
        let original = |i: usize| {
            let original = &self.originals[i % self.originals.len()];
            original.read().unwrap_or_default()
        };
        mutant(&mut rng, original, self.bytes)
    }

    fn outcome(&self, number: u64, extractor: &Extractor) -> Outcome {
        let bytes = self.mutant(number);
        let context = PageContext {
            url: "https://site.example/a/page.html".parse().ok(),
            ..PageContext::default()
        };
        let started = Instant::now();
        let extracted = catch_unwind(AssertUnwindSafe(|| extractor.extract(&bytes, &context)));
        Outcome {
            number,
            bytes: bytes.len(),
            took: started.elapsed(),
            panicked: extracted.is_err(),
            words: extracted.map_or(0, |e| e.text.split_whitespace().count()),
        }
    }
}

/// Memory in use and the most that was, in MiB; where the system tells.
fn memory() -> [Option<u64>; 2] {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    ["VmRSS:", "VmHWM:"].map(|name| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kib >> 10)
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let settings = settings()?;
    if let Some(number) = settings.show {
        std::io::stdout().write_all(&settings.mutant(number))?;
        return Ok(());
    }
    let extractor = Extractor::default()
        .policies(Policies {
            comments: Comments::Separate,
            ..Policies::default()
        })
        .renderings(Renderings::all());
    println!("pages to make mutants of: {}", settings.originals.len());
    let (mut panicked, mut bytes, mut words) = (0, 0, 0);
    let mut slowest: Option<Outcome> = None;
    let started = Instant::now();
    let batches = settings.pages.div_ceil(BATCH);
    for batch in 0..batches {
        let numbers = batch * BATCH..((batch + 1) * BATCH).min(settings.pages);
        let outcomes: Vec<Outcome> = numbers
            .into_par_iter()
            .map(|number| settings.outcome(number, &extractor))
            .collect();
        for outcome in outcomes {
            bytes += outcome.bytes;
            words += outcome.words;
            if outcome.panicked {
                panicked += 1;
                println!("mutant {} panicked", outcome.number);
            }
            if slowest.as_ref().is_none_or(|most| outcome.took > most.took) {
                slowest = Some(outcome);
            }
        }
        if batch % batches.div_ceil(10) == 0 || batch + 1 == batches {
            let done = ((batch + 1) * BATCH).min(settings.pages);
            if let [Some(now), Some(most)] = memory() {
                println!("after {done} mutants: {now} MiB in use, {most} MiB at most");
            }
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{} mutants of {:.1} MB in {seconds:.0} s, {words} words extracted",
        settings.pages,
        bytes as f64 / 1e6
    );
    if let Some(slowest) = slowest {
        println!(
            "slowest: {:.3} s, mutant {} of {} bytes",
            slowest.took.as_secs_f64(),
            slowest.number,
            slowest.bytes
        );
    }
    println!("panics: {panicked}");
    if panicked > 0 {
        return Err("some mutants panicked: show=N writes one".into());
    }
    Ok(())
}
