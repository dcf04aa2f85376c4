//! Bytes → extraction in every rendering.

#![no_main]

use std::sync::LazyLock;

use dehusk::Extractor;
use dehusk::model::Profile;
use dehusk::page::{Limits, Page, PageContext};
use dehusk::render::{RenderOptions, Renderings};
use dehusk::select::{Comments, HiddenText, Policies};
use dehusk_fuzz::{Options, check_extraction, check_judged, is_one_of_every};
use libfuzzer_sys::fuzz_target;
use rayon::{ThreadPool, ThreadPoolBuilder};

static POOLS: LazyLock<[ThreadPool; 2]> = LazyLock::new(|| {
    [1, 2].map(|threads| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        pool.expect("threads can be started")
    })
});

fuzz_target!(|input: &[u8]| {
    let Some((mut options, page)) = Options::split::<7>(input) else {
        return;
    };
    let mut renderings = Renderings::all();
    renderings.options = options.one_of(&[
        RenderOptions::default(),
        RenderOptions::default().links(false),
        RenderOptions::default().images(false),
    ]);
    let policies = Policies {
        comments: options.one_of(&[Comments::Keep, Comments::Drop, Comments::Separate]),
        hidden: options.one_of(&[HiddenText::Auto, HiddenText::Keep, HiddenText::Drop]),
    };
    let charset = options.one_of(&[
        None,
        Some("utf-8"),
        Some("utf-16le"),
        Some("gb18030"),
        Some("iso-2022-jp"),
        Some("shift_jis"),
        Some("no such charset"),
    ]);
    let url = options.one_of(&[None, Some("https://site.example/2024/05/06/a.html?b#c")]);
    let context = PageContext {
        url: url.and_then(|url| url.parse().ok()),
        charset: charset.map(str::to_owned),
        ..PageContext::default()
    };
    let mut limits = Limits::default();
    if options.one_of(&[false, true]) {
        limits.depth = 12;
        limits.attributes = 2;
        limits.elements = 40;
        limits.formatting = 3;
        limits.bytes = 2_000;
    }
    let extractor = Extractor::default()
        .profile(options.one_of(&[Profile::Full, Profile::Article]))
        .policies(policies)
        .limits(limits.clone())
        .renderings(renderings);

    let extraction = extractor.extract(page, &context);
    check_extraction(&extraction);
    if is_one_of_every(4, input) {
        let bytes = page;
        let page = Page::parse_within(bytes, &context, &limits);
        let judged = extractor.judge(&page);
        check_judged(bytes, &page, &judged);
    }
    if is_one_of_every(8, input) {
        // Beside other pages, on one thread and on two.
        let pages = [page, &page[page.len() / 2..], page];
        let [alone, together] =
            [0, 1].map(|i| POOLS[i].install(|| extractor.extract_batch(&pages)));
        assert_eq!(alone, together);
        assert_eq!(together[0], together[2]);
        assert_eq!(extractor.extract(page, &context), extraction);
    }
});
