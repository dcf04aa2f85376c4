//! The `dehusk` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    dehusk::cli::run().into()
}
