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

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;
    use std::collections::HashSet;

    #[test]
    fn every_engine_holds_all_comments_and_leaves_no_blank() {
        let mut starts = HashSet::new();
        for seed in 0..300 {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
            let html = render(&["Salt & sand", "a < b"], &mut rng);
            assert!(html.contains("Salt &amp; sand") && html.contains("a &lt; b"));
            assert!(!html.contains('{') && !html.contains('}'), "{html}");
            let start = html.split("Salt").next().unwrap_or_default().to_owned();
            starts.insert(THREADS.engines.iter().position(|e| {
                start.starts_with(e.start.split("{count}").next().unwrap_or_default())
            }));
        }
        assert_eq!(starts.len(), THREADS.engines.len());
    }
}
