//! `dehusk corpus`: what is done with labelled pages before anything is learned
//! from them.

mod check;
mod convert;
mod lines;
mod split;
mod stats;

use super::Exit;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Say how large corpora are, and what they are made of
    Stats(stats::Args),
    /// Find what is amiss in corpora, and what they have in common
    Check(check::Args),
    /// Split pages into parts without sites or near-duplicates in common
    Split(split::Args),
    /// Write labelled pages of any layout as dehusk's JSON lines
    Convert(convert::Args),
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    match &args.command {
        Command::Stats(args) => stats::run(args),
        Command::Check(args) => check::run(args),
        Command::Split(args) => split::run(args),
        Command::Convert(args) => convert::run(args),
    }
}
