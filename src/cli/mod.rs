//! Flags → library calls, library errors → messages and exit codes.
//!
//! One file a command. Results go to standard output or to the file of `-o`;
//! everything else (messages, progress) to standard error.

mod blocks;
mod corpora;
mod corpus;
mod evaluate;
mod exit;
mod extract;
mod extraction;
mod features;
mod message;
mod one_page;
mod output;
mod profile;
mod progress;
mod study;
mod train;

use std::path::PathBuf;

use anyhow::Context;
use clap::{Parser, Subcommand};

pub use exit::Exit;

use crate::model::Model;

/// Learns to tell a page's article from its boilerplate.
#[derive(Debug, Parser)]
#[command(name = "dehusk", version, about, long_about = None, after_help = AFTER_HELP)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Exit codes: 0 all is well; 1 some inputs failed, the rest was done, or a
check found problems; 2 usage, model or corpus.

Examples:
  dehusk extract page.html
  dehusk extract -f jsonl crawl/ -o texts.jsonl
  curl -s https://example.org/ | dehusk extract -
  dehusk blocks page.html
  dehusk train --corpus wcxb:corpora/wcxb -o my.model
  dehusk evaluate --corpus wcxb:corpora/wcxb --cv 5
  dehusk corpus check --corpus dehusk:train.jsonl --corpus dehusk:test.jsonl
  dehusk features --corpus wcxb:corpora/wcxb -o blocks.parquet";

#[derive(Debug, Subcommand)]
enum Command {
    /// Take the main content out of pages
    Extract(extract::Args),
    /// Show every block of a page with its probability, as CSV
    Blocks(blocks::Args),
    /// Fit a model on labelled pages
    Train(train::Args),
    /// Measure a model, or another extractor's output, on labelled pages
    Evaluate(evaluate::Args),
    /// Look at, check, split and convert labelled pages
    Corpus(corpus::Args),
    /// Write the blocks of pages with all that is measured of them
    Features(features::Args),
}

/// Runs the command that the process's arguments name.
pub fn run() -> Exit {
    let result = match Args::parse().command {
        Command::Extract(args) => extract::run(&args),
        Command::Blocks(args) => blocks::run(&args),
        Command::Train(args) => train::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Corpus(args) => corpus::run(&args),
        Command::Features(args) => features::run(&args),
    };
    match result {
        Ok(exit) => exit,
        Err(error) => {
            message::error(format_args!("{error:#}"));
            Exit::Usage
        }
    }
}

/// The model of a `--model` flag, or the shipped one.
fn load_model(path: Option<&PathBuf>) -> anyhow::Result<Model> {
    match path {
        None => Ok(Model::shipped().clone()),
        Some(path) => Model::load(path).with_context(|| format!("model {}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn parses(line: &str) -> bool {
        Args::try_parse_from(line.split(' ')).is_ok()
    }

    #[test]
    fn the_flags_agree_with_each_other() {
        Args::command().debug_assert();
    }

    #[test]
    fn flags_that_would_do_nothing_are_refused() {
        assert!(!parses("dehusk evaluate --corpus wcxb:x --learner tree"));
        assert!(parses(
            "dehusk evaluate --corpus wcxb:x --learner tree --cv 2"
        ));
        assert!(parses("dehusk evaluate --corpus wcxb:x --seed 2"));
        assert!(!parses("dehusk evaluate --corpus wcxb:x --report-pages 5"));
        assert!(!parses("dehusk evaluate --corpus wcxb:x --cv 2 --model m"));
        let peers = "dehusk evaluate --corpus wcxb:x --predictions a=x --predictions y";
        for itself in ["", " --model builtin", " --cv 2 --learner tree"] {
            assert!(parses(&format!("{peers}{itself}")), "{itself}");
        }
        assert!(parses("dehusk train --corpus wcxb:x --learner tree -o m"));
        assert!(parses("dehusk train --corpus wcxb:x --run-dir r"));
        assert!(!parses("dehusk train --corpus wcxb:x"));
        assert!(!parses("dehusk train --corpus wcxb:x --search 3 -o m"));
        assert!(parses(
            "dehusk train --corpus wcxb:x --run-dir r --search 3"
        ));
        assert!(!parses(
            "dehusk train --corpus wcxb:x --run-dir r --search 3 -o m"
        ));
        assert!(!parses(
            "dehusk train --corpus wcxb:x --run-dir r --search 0"
        ));
        assert!(!parses("dehusk extract --charset nonsense x.html"));
        assert!(parses(
            "dehusk blocks --charset latin1 --url https://example.org/ -"
        ));
    }
}
