//! `dehusk completions` and `dehusk man`: what shells and `man` are told, from
//! the one definition of the flags.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use super::Exit;
use super::output::{Output, unless_closed};
use crate::sink::write_whole;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  dehusk completions bash > ~/.local/share/bash-completion/completions/dehusk
  dehusk completions zsh > ~/.zfunc/_dehusk
  dehusk completions fish > ~/.config/fish/completions/dehusk.fish")]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub(super) fn completions(args: &CompletionsArgs) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(
        args.shell,
        &mut super::Args::command(),
        "dehusk",
        &mut script,
    );
    print(&script)
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  dehusk man | man -l -
  dehusk man --out-dir ~/.local/share/man/man1      every command's page")]
pub(super) struct ManArgs {
    /// Write the page of every command into this folder, instead of the main
    /// one to standard output
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
}

pub(super) fn man(args: &ManArgs) -> anyhow::Result<Exit> {
    let mut command = super::Args::command();
    command.build();
    let Some(folder) = &args.out_dir else {
        return print(&page(&command)?);
    };
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let mut commands = vec![&command];
    while let Some(command) = commands.pop() {
        let name = command.get_display_name().unwrap_or(command.get_name());
        let path = folder.join(format!("{name}.1"));
        write_whole(&path, &page(command)?)
            .with_context(|| format!("cannot write {}", path.display()))?;
        commands.extend(command.get_subcommands().filter(|c| c.get_name() != "help"));
    }
    Ok(Exit::Success)
}

fn page(command: &clap::Command) -> anyhow::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}

fn print(bytes: &[u8]) -> anyhow::Result<Exit> {
    let mut out = Output::open(None)?;
    let written = out.write_all(bytes).map_err(anyhow::Error::from);
    unless_closed(written.and_then(|()| out.finish()))?;
    Ok(Exit::Success)
}
