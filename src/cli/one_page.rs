//! The page that a command for a single one names.

use std::path::Path;

use anyhow::ensure;

use super::message;
use crate::page::{InputKind, Limits, Page, PageContext};
use crate::source::{Input, Reading};

/// Reads and parses the page at `path` (`-` for standard input), and tells what
/// was odd about it; its id beside it. `None`, with a message, where it cannot
/// be read. What it is written in is told by its name, unless it is said.
pub(super) fn parse(
    path: &Path,
    context: &PageContext,
    kind: Option<InputKind>,
    limits: &Limits,
) -> anyhow::Result<Option<(String, Page)>> {
    ensure!(
        !path.is_dir(),
        "{}: a page is wanted, this is a folder",
        path.display()
    );
    let input = if path == Path::new("-") {
        Input::stdin()
    } else {
        Input::file(path)
    };
    let (id, place) = (input.id.clone(), input.place.clone());
    let reading = Reading {
        kind,
        ..Reading::default()
    };
    let page = match input.read(&reading) {
        Ok(page) => page,
        Err(error) => {
            message::error_at(&place, error);
            return Ok(None);
        }
    };
    for warning in &page.warnings {
        message::warning_at(&place, warning);
    }
    let context = PageContext {
        kind: page.context.kind,
        ..context.clone()
    };
    let page = Page::parse_within(&page.bytes, &context, limits);
    for warning in &page.warnings {
        message::warning_at(&place, warning);
    }
    Ok(Some((id, page)))
}
