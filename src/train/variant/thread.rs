//! Texts → the markup of a thread of comments.

use std::sync::LazyLock;

use rand::Rng;
use rand::seq::SliceRandom;
use serde::Deserialize;

/// What threads are written with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Threads {
    authors: Vec<String>,
    dates: Vec<String>,
    ages: Vec<String>,
    engines: Vec<Engine>,
}

/// The markup of one engine.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Engine {
    start: String,
    comment: String,
    end: String,
}

static THREADS: LazyLock<Threads> = LazyLock::new(|| {
    toml::from_str(include_str!("threads.toml")).expect("the compiled-in threads are valid")
});

/// A thread of these comments, in the markup of an engine that is drawn.
pub(super) fn render(comments: &[&str], rng: &mut impl Rng) -> String {
    let threads = &*THREADS;
    let Some(engine) = threads.engines.choose(rng) else {
        return String::new();
    };
    let count = comments.len().to_string();
    let mut html = engine.start.replace("{count}", &count);
    for (i, comment) in comments.iter().enumerate() {
        let pick = |of: &[String], rng: &mut _| of.choose(rng).cloned().unwrap_or_default();
        let hour = format!("{}:{:02}", rng.gen_range(1..13), rng.gen_range(0..60));
        html += &engine
            .comment
            .replace("{author}", &pick(&threads.authors, rng))
            .replace("{date}", &pick(&threads.dates, rng))
            .replace("{age}", &pick(&threads.ages, rng))
            .replace("{hour}", &hour)
            .replace("{id}", &rng.gen_range(1_000..1_000_000).to_string())
            .replace("{parity}", if i % 2 == 0 { "even" } else { "odd" })
            .replace("{count}", &count)
            .replace("{text}", &escape(comment));
    }
    html + &engine.end.replace("{count}", &count)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
