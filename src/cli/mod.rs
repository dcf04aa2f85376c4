//! Flags → library calls, library errors → messages and exit codes.
//!
//! One file a command. Results go to standard output or to the file of `-o`;
//! everything else (messages, progress) to standard error.

mod blocks;
mod config;
mod corpora;
mod corpus;
mod diff;
mod evaluate;
mod exit;
mod extract;
mod extraction;
mod features;
#[cfg(feature = "fetch")]
mod fetching;
mod input;
mod interrupt;
mod limits;
mod message;
mod one_page;
mod output;
mod policies;
mod printable;
mod profile;
mod progress;
mod shell;
mod site_context;
mod study;
mod train;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use exit::Exit;

use crate::model::Model;
use crate::page::InputKind;

/// Learns to tell a page's article from its boilerplate.
#[derive(Debug, Parser)]
#[command(name = "dehusk", version, about, long_about = None, after_help = AFTER_HELP)]
struct Args {
    #[command(flatten)]
    messages: message::Style,
    #[command(flatten)]
    configuration: config::Configuration,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Exit codes: 0 all is well; 1 some inputs failed, the rest was done, or a
check found problems, or what `diff` compared differs; 2 usage, model, corpus,
output or a page that `diff` cannot read; 130 stopped by Ctrl-C.

Defaults of flags are taken from dehusk.toml in this folder or, where there is
none, from ~/.config/dehusk/dehusk.toml: flags by their long names, those of a
command in a table of its name.

Examples:
  dehusk extract page.html
  dehusk extract crawl/ -o texts.jsonl
  dehusk extract crawl.warc.gz -o texts.parquet
  curl -s https://example.org/ | dehusk extract -
  dehusk blocks page.html
  dehusk diff old.html new.html
  dehusk train --corpus wcxb:corpora/wcxb -o my.model
  dehusk evaluate --corpus wcxb:corpora/wcxb --cv 5
  dehusk corpus check --corpus dehusk:train.jsonl --corpus dehusk:test.jsonl
  dehusk features --corpus wcxb:corpora/wcxb -o blocks.parquet";

#[derive(Debug, Subcommand)]
enum Command {
    /// Take the main content out of pages
    Extract(Box<extract::Args>),
    /// Show every block of a page with its probability, as CSV
    Blocks(blocks::Args),
    /// Show what is kept of one page and not of another, or by one model and not
    /// by another
    Diff(diff::Args),
    /// Fit a model on labelled pages
    Train(train::Args),
    /// Measure a model, or another extractor's output, on labelled pages
    Evaluate(evaluate::Args),
    /// Look at, check, split and convert labelled pages
    Corpus(corpus::Args),
    /// Write the blocks of pages with all that is measured of them
    Features(features::Args),
    /// Write what a shell needs to complete commands and flags
    Completions(shell::CompletionsArgs),
    /// Write the manual page
    Man(shell::ManArgs),
}

/// Runs the command that the process's arguments name.
pub fn run() -> Exit {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let result = parse(&arguments).and_then(|args| {
        message::set_style(args.messages);
        match args.command {
            Command::Extract(args) => extract::run(&args),
            Command::Blocks(args) => blocks::run(&args),
            Command::Diff(args) => diff::run(&args),
            Command::Train(args) => train::run(&args),
            Command::Evaluate(args) => evaluate::run(&args),
            Command::Corpus(args) => corpus::run(&args),
            Command::Features(args) => features::run(&args),
            Command::Completions(args) => shell::completions(&args),
            Command::Man(args) => shell::man(&args),
        }
    });
    match result {
        Ok(exit) => exit,
        Err(error) => {
            message::error(format_args!("{error:#}"));
            Exit::Usage
        }
    }
}

/// What is wrong with a command line, or what it shows instead of running, as it
/// would be told; `None` where a command would run. Runs nothing.
pub fn problem_with(arguments: &[OsString]) -> Option<String> {
    match read(arguments) {
        Ok((parsed, _)) => parsed.err().map(|error| error.to_string()),
        Err(error) => Some(format!("{error:#}")),
    }
}

/// Parses the arguments over the defaults of a configuration file. Leaves the
/// process where they are wrong, or ask for help.
fn parse(arguments: &[OsString]) -> anyhow::Result<Args> {
    let (parsed, configuration) = read(arguments)?;
    Ok(parsed.unwrap_or_else(|error| {
        if let Some(path) = configuration.filter(|_| error.use_stderr()) {
            message::note(config::told_by(&path));
        }
        error.exit()
    }))
}

/// The arguments over the defaults of a configuration file, and that file.
fn read(arguments: &[OsString]) -> anyhow::Result<(Result<Args, clap::Error>, Option<PathBuf>)> {
    let (command, configuration) = config::with_defaults(Args::command(), arguments)?;
    let parsed = command
        .try_get_matches_from(arguments)
        .and_then(|matches| Args::from_arg_matches(&matches));
    Ok((parsed, configuration))
}

/// The model of a `--model` flag.
fn load_model(path: &Path) -> anyhow::Result<Model> {
    Model::load(path).with_context(|| format!("model {}", path.display()))
}

/// The model of a `--model` flag, or the shipped one, of pages of a kind.
fn model_of(path: Option<&PathBuf>, kind: InputKind) -> anyhow::Result<Model> {
    let Some(path) = path else {
        return Ok(Model::shipped_for(kind).clone());
    };
    let model = load_model(path)?;
    let reads = model.check_reads(kind);
    reads.with_context(|| format!("model {}", path.display()))?;
    Ok(model)
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
    fn what_is_wrong_with_a_command_line_is_told_without_running_it() {
        let told = |line: &str| {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            problem_with(&arguments)
        };
        assert_eq!(told("dehusk --no-config extract absent.html"), None);
        let unknown = told("dehusk --no-config extract --colour x.html");
        assert!(unknown.is_some_and(|text| text.contains("--colour")));
        let absent = told("dehusk --config absent.toml extract x.html");
        assert!(absent.is_some_and(|text| text.starts_with("configuration absent.toml")));
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
