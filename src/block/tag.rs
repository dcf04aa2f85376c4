//! Which elements end a run of text, and which hold none that is shown.

use html5ever::{LocalName, local_name};

/// True for elements whose content is never read as text of the page: code,
/// style, drawings, the choices of a form, and fallback markup kept as raw
/// text. (`noscript` is not among them: what it holds is markup.)
pub fn is_skipped(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("script")
            | local_name!("style")
            | local_name!("template")
            | local_name!("svg")
            | local_name!("select")
            | local_name!("textarea")
            | local_name!("datalist")
            | local_name!("head")
            | local_name!("title")
            | local_name!("iframe")
            | local_name!("noembed")
            | local_name!("noframes")
            | local_name!("audio")
            | local_name!("video")
            | local_name!("canvas")
    )
}

/// True for elements that begin a new block and end one: all but the phrasing
/// elements of the HTML Standard (§3.2.5.2.5) and those of MathML. Custom
/// elements, `button` and `label` count as block-level, as they are laid out
/// apart from the text around them on practically every page; the names with a
/// colon that word processors leave (`o:p`, `st1:City`) do not.
pub fn is_block_level(name: &LocalName, is_html: bool) -> bool {
    is_html && !is_phrasing(name) && !name.contains(':')
}

fn is_phrasing(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("a")
            | local_name!("abbr")
            | local_name!("acronym")
            | local_name!("area")
            | local_name!("b")
            | local_name!("bdi")
            | local_name!("bdo")
            | local_name!("big")
            | local_name!("br")
            | local_name!("cite")
            | local_name!("code")
            | local_name!("data")
            | local_name!("del")
            | local_name!("dfn")
            | local_name!("em")
            | local_name!("embed")
            | local_name!("font")
            | local_name!("i")
            | local_name!("img")
            | local_name!("input")
            | local_name!("ins")
            | local_name!("kbd")
            | local_name!("link")
            | local_name!("map")
            | local_name!("mark")
            | local_name!("meta")
            | local_name!("meter")
            | local_name!("nobr")
            | local_name!("object")
            | local_name!("output")
            | local_name!("param")
            | local_name!("picture")
            | local_name!("progress")
            | local_name!("q")
            | local_name!("rb")
            | local_name!("rp")
            | local_name!("rt")
            | local_name!("rtc")
            | local_name!("ruby")
            | local_name!("s")
            | local_name!("samp")
            | local_name!("slot")
            | local_name!("small")
            | local_name!("source")
            | local_name!("span")
            | local_name!("strike")
            | local_name!("strong")
            | local_name!("sub")
            | local_name!("sup")
            | local_name!("time")
            | local_name!("track")
            | local_name!("tt")
            | local_name!("u")
            | local_name!("var")
            | local_name!("wbr")
    )
}

/// Inline elements that pages set side by side without a space where a reader
/// sees one: menu entries, tags, bylines and dates.
pub(super) fn stands_apart(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("a") | local_name!("span") | local_name!("time")
    )
}

pub(super) fn is_emphasis(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("b")
            | local_name!("strong")
            | local_name!("em")
            | local_name!("i")
            | local_name!("u")
            | local_name!("mark")
            | local_name!("font")
    )
}
