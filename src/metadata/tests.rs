//! Whole pages → what is read of them.

use super::*;
use crate::page::PageContext;

fn read_at(html: &str, url: &str) -> Metadata {
    let context = PageContext {
        url: url.parse().ok(),
        charset: None,
    };
    let page = Page::parse(html.as_bytes(), &context);
    read_as_of(&page, &Blocks::of(&page), "", Date::constant(2024, 6, 1))
}
