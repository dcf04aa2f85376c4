//! Bytes → plain text → extraction in every rendering.

#![no_main]

use dehusk::Extractor;
use dehusk::block::Blocks;
use dehusk::model::Profile;
use dehusk::page::{InputKind, Limits, Page, PageContext};
use dehusk::render::Renderings;
use dehusk::select::{Comments, HiddenText, Policies};
use dehusk::text::is_space;
use dehusk_fuzz::{Options, check_extraction, check_judged, is_one_of_every};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((mut options, text)) = Options::split::<5>(input) else {
        return;
    };
    let policies = Policies {
        comments: options.one_of(&[Comments::Keep, Comments::Drop, Comments::Separate]),
        hidden: options.one_of(&[HiddenText::Auto, HiddenText::Keep, HiddenText::Drop]),
    };
    let charset = options.one_of(&[None, Some("utf-8"), Some("utf-16le"), Some("gb18030")]);
    let context = PageContext {
        charset: charset.map(str::to_owned),
        kind: InputKind::Text,
        ..PageContext::default()
    };
    let mut limits = Limits::default();
    match options.one_of(&["none", "elements", "nodes", "blocks", "bytes", "output"]) {
        "elements" => limits.elements = 12,
        "nodes" => limits.nodes = 20,
        "blocks" => limits.blocks = 5,
        "bytes" => limits.bytes = 100,
        "output" => limits.output = 100,
        _ => {}
    }
    let extractor = Extractor::default()
        .profile(options.one_of(&[Profile::Full, Profile::Article]))
        .policies(policies)
        .limits(limits.clone())
        .renderings(Renderings::all());

    let extraction = extractor.extract(text, &context);
    check_extraction(&extraction);
    let page = Page::parse_within(text, &context, &limits);
    check_judged(text, &page, &extractor.judge(&page));
    if limits.bytes > text.len() {
        check_whole(text, &page);
    }
    if is_one_of_every(8, input) {
        assert_eq!(extractor.extract(text, &context), extraction);
    }
});

/// Checks that blocks hold all that is no white space of a text, whatever bounds
/// them.
fn check_whole(bytes: &[u8], page: &Page) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if page.encoding != "UTF-8" {
        return;
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let shown = |c: &char| !is_space(*c);
    let written = text.chars().filter(shown);
    let written: String = written
        .map(|c| if c == '\0' { '\u{fffd}' } else { c })
        .collect();
    let blocks = Blocks::of(page).blocks;
    let held = blocks.iter().flat_map(|block| block.text.chars());
    assert_eq!(held.filter(shown).collect::<String>(), written);
}
