//! Defaults of flags from a configuration file.
//!
//! The file is TOML: keys are the long names of flags, a table is a command.
//!
//! ```toml
//! log-format = "json"
//!
//! [extract]
//! format = "jsonl"
//! profile = "article"
//! with = ["markdown"]
//! ```
//!
//! What it says becomes the default of the flag, so that the command line has
//! the last word and `--help` shows what is in force.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use clap::{ArgAction, Command};
use toml::{Table, Value};

/// Where the file is. Looked for by [`path`]; here for `--help` and for parsing
/// to pass them by.
#[derive(Debug, clap::Args)]
pub(super) struct Configuration {
    /// Take defaults of flags from this file instead
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Configuration"
    )]
    config: Option<PathBuf>,
    /// Take defaults of flags from no file
    #[arg(long, global = true, help_heading = "Configuration")]
    no_config: bool,
}

/// The file's name.
const NAME: &str = "dehusk.toml";

/// Flags that a file lying about may not set: where results go, and what lifts
/// a safeguard.
const NEVER: [&str; 9] = [
    "config",
    "no-config",
    "output",
    "out-dir",
    "run-dir",
    "errors",
    "resume",
    "allow-private",
    "ignore-robots",
];

/// The command with the defaults of the file that `arguments` or the places
/// looked at name, and that file.
///
/// # Errors
/// When the file cannot be read, or names a flag that there is not or that it
/// may not set.
pub(super) fn with_defaults(
    command: Command,
    arguments: &[OsString],
) -> anyhow::Result<(Command, Option<PathBuf>)> {
    let Some(path) = path(arguments) else {
        return Ok((command, None));
    };
    let apply = || -> anyhow::Result<Command> {
        let text = std::fs::read_to_string(&path)?;
        let table: Table = toml::from_str(&text)?;
        defaults(command, &table, "")
    };
    let command = apply().with_context(|| format!("configuration {}", path.display()))?;
    Ok((command, Some(path)))
}

/// The file of `--config`, which stands before all parsing as it says how to
/// parse; else one in this folder, else the person's own.
fn path(arguments: &[OsString]) -> Option<PathBuf> {
    let mut arguments = arguments.iter().take_while(|argument| *argument != "--");
    while let Some(argument) = arguments.next() {
        if argument == "--no-config" {
            return None;
        }
        if argument == "--config" {
            return arguments.next().map(PathBuf::from);
        }
        if let Some(path) = argument.to_str().and_then(|a| a.strip_prefix("--config=")) {
            return Some(PathBuf::from(path));
        }
    }
    let own = std::env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".config")))
        .map(|folder| folder.join("dehusk").join(NAME));
    [Some(PathBuf::from(NAME)), own]
        .into_iter()
        .flatten()
        .find(|path| path.is_file())
}

/// The command with the defaults of a table; `above` names the tables round it.
fn defaults(mut command: Command, table: &Table, above: &str) -> anyhow::Result<Command> {
    for (key, value) in table {
        let name = format!("{above}{key}");
        if let Value::Table(below) = value {
            ensure!(
                command.find_subcommand(key).is_some(),
                "[{name}]: there is no such command"
            );
            let mut failed = None;
            command = command.mut_subcommand(key, |subcommand| {
                defaults(subcommand.clone(), below, &format!("{name}.")).unwrap_or_else(|error| {
                    failed = Some(error);
                    subcommand
                })
            });
            if let Some(error) = failed {
                return Err(error);
            }
            continue;
        }
        ensure!(
            !NEVER.contains(&key.as_str()),
            "{name}: give it on the command line, not in a file"
        );
        let Some(argument) = command.get_arguments().find(|a| a.get_long() == Some(key)) else {
            bail!("{name}: there is no such flag; flags are named as in --help, without --");
        };
        let (id, several) = (
            argument.get_id().clone(),
            matches!(argument.get_action(), ArgAction::Append),
        );
        let values = values(value, several).with_context(|| name)?;
        command = command.mut_arg(id, |argument| argument.default_values(values));
    }
    Ok(command)
}

/// A value as the command line would spell it.
fn values(value: &Value, several: bool) -> anyhow::Result<Vec<String>> {
    match value {
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => Ok(vec![value.to_string()]),
        Value::Array(list) if several => {
            let lists: anyhow::Result<Vec<_>> =
                list.iter().map(|value| values(value, false)).collect();
            Ok(lists?.concat())
        }
        Value::Array(_) => bail!("the flag takes one value, not a list"),
        Value::Datetime(_) | Value::Table(_) => bail!("a text, number or boolean is wanted"),
    }
}

/// Says with a usage error that a file took part.
pub(super) fn told_by(path: &Path) -> String {
    format!("defaults were taken from {}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Arg, CommandFactory};

    fn command() -> Command {
        Command::new("x")
            .arg(Arg::new("loud").long("loud").action(ArgAction::SetTrue))
            .subcommand(
                Command::new("sum")
                    .arg(Arg::new("size").long("size").default_value("1"))
                    .arg(Arg::new("output").long("output"))
                    .arg(
                        Arg::new("with")
                            .long("with")
                            .action(ArgAction::Append)
                            .value_delimiter(','),
                    ),
            )
    }

    fn configured(text: &str) -> anyhow::Result<Command> {
        defaults(command(), &toml::from_str(text).unwrap(), "")
    }

    #[test]
    fn the_file_sets_defaults_and_the_command_line_has_the_last_word() {
        let text = "loud = true\n[sum]\nsize = 3\nwith = ['a', 'b']";
        let parse = |line: &str| {
            let command = configured(text).unwrap();
            command.try_get_matches_from(line.split(' ')).unwrap()
        };
        let matches = parse("x sum");
        assert!(matches.get_flag("loud"));
        let sum = matches.subcommand_matches("sum").unwrap();
        let with: Vec<&String> = sum.get_many("with").unwrap().collect();
        assert_eq!(sum.get_one::<String>("size").unwrap(), "3");
        assert_eq!(with, ["a", "b"]);
        let matches = parse("x sum --size 4 --with c");
        let sum = matches.subcommand_matches("sum").unwrap();
        let with: Vec<&String> = sum.get_many("with").unwrap().collect();
        assert_eq!(sum.get_one::<String>("size").unwrap(), "4");
        assert_eq!(with, ["c"]);
    }

    #[test]
    fn what_no_flag_is_and_what_a_file_may_not_set_is_refused_by_name() {
        for (text, message) in [
            ("[sum]\nsise = 3", "sum.sise: there is no such flag"),
            ("[summ]\nsize = 3", "[summ]: there is no such command"),
            (
                "[sum]\noutput = 'x'",
                "sum.output: give it on the command line",
            ),
            ("[sum]\nsize = [3, 4]", "sum.size"),
        ] {
            let error = format!("{:#}", configured(text).unwrap_err());
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn the_flag_names_the_file_and_can_do_without() {
        let of = |line: &str| {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            path(&arguments)
        };
        assert_eq!(of("x sum --config a.toml"), Some("a.toml".into()));
        assert_eq!(of("x --config=b.toml sum"), Some("b.toml".into()));
        assert_eq!(of("x --no-config sum"), None);
    }

    #[test]
    fn what_may_never_be_set_is_the_name_of_a_flag() {
        let command = super::super::Args::command();
        let has = |command: &Command, name: &str| {
            command.get_arguments().any(|a| a.get_long() == Some(name))
        };
        for name in NEVER {
            assert!(
                has(&command, name) || command.get_subcommands().any(|below| has(below, name)),
                "{name}"
            );
        }
    }
}
