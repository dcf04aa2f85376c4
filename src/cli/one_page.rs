//! The page that a command for a single one names.

use std::path::Path;

use anyhow::{Context, ensure};

use super::message;
use crate::page::{Page, PageContext};
use crate::source::{Input, list};

/// Reads and parses the page at `path` (`-` for standard input), and tells what
/// was odd about it; `None`, with a message, where it cannot be read.
pub(super) fn parse(path: &Path, context: &PageContext) -> anyhow::Result<Option<(Input, Page)>> {
    ensure!(
        !path.is_dir(),
        "{}: a page is wanted, this is a folder",
        path.display()
    );
    let input = (list([path]).inputs.into_iter().next()).context("no page was named")?;
    let bytes = match input.read() {
        Ok(bytes) => bytes,
        Err(error) => {
            message::error(format_args!("{}: {error}", input.source()));
            return Ok(None);
        }
    };
    let page = Page::parse(&bytes, context);
    for warning in &page.warnings {
        message::warning(format_args!("{}: {warning}", input.source()));
    }
    Ok(Some((input, page)))
}
