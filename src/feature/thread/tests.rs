//! Threads of small pages.

use proptest::prelude::*;

use crate::block::Blocks;
use crate::feature::PageFacts;
use crate::feature::tests_support::{check, value};
use crate::page::{Page, PageContext};

/// `n` comments of an author, a relative time, prose and a reply link.
fn comments(n: usize) -> String {
    (0..n)
        .map(|i| {
            format!(
                "<li class=k><div class=h><b>Ann {i}</b> <span>hace {} horas</span></div>\
                 <div>Me parece muy bien que arreglen el puente antes del invierno.</div>\
                 <a href=#r{i}>Responder</a></li>",
                i + 2
            )
        })
        .collect()
}

fn article_page(n: usize) -> String {
    format!(
        "<body><h1>Old bridge to be repaired</h1><p>By Ann, 17.05.2024, {n} comentarios</p>\
         <p>The council voted on Tuesday to repair the old bridge before the winter comes.</p>\
         <h3>{n} comentarios</h3><ul>{}</ul><p>About us</p>",
        comments(n)
    )
}

#[test]
fn comments_below_an_article_are_a_thread_and_the_article_is_not() {
    let html = article_page(4);
    assert_eq!(value(&html, 2, "thread.in"), 0.0);
    assert_eq!(value(&html, 2, "thread.place"), -1.0);
    assert!(value(&html, 2, "thread.text_before") > 2.0);
    assert_eq!(value(&html, 2, "thread.first_text"), 0.0);
    assert_eq!(value(&html, 2, "thread.headline_before"), 1.0);
    // The first comment: author and time, text, control.
    assert_eq!(value(&html, 4, "thread.in"), 1.0);
    assert_eq!(value(&html, 4, "thread.cells"), 5.0_f32.ln());
    assert_eq!(value(&html, 4, "thread.line"), 1.0);
    assert_eq!(value(&html, 5, "thread.line"), 0.0);
    assert_eq!(value(&html, 6, "thread.control"), 1.0);
    assert_eq!(value(&html, 8, "thread.cell"), 2.0_f32.ln());
    assert_eq!(value(&html, 16, "thread.in"), 0.0);
    assert_eq!(value(&html, 16, "thread.place"), 2.0);
}

#[test]
fn the_count_above_the_thread_is_its_heading_and_the_byline_is_not() {
    let html = article_page(4);
    assert_eq!(value(&html, 1, "thread.heading"), 0.0);
    assert_eq!(value(&html, 2, "thread.under_comments"), 0.0);
    assert_eq!(value(&html, 3, "thread.heading"), 1.0);
    assert_eq!(value(&html, 5, "thread.under_comments"), 1.0);
    assert_eq!(value(&html, 5, "thread.under_answers"), 0.0);
}

#[test]
fn rows_of_a_table_form_the_cells_of_a_forum() {
    let post = "<tr class=row1><td><b class=postauthor>linen</b><td>Posted: Sun Feb 13, 2011 4:52 pm\
                <tr class=row1><td>Posts: 12<td><div>My machine skips every sixth stitch on thick cloth.</div>\
                <tr class=row1><td>Top<td><a href='posting.php?mode=quote'>Reply with quote</a>";
    let html = format!("<h2>Skipped stitches</h2><table>{}</table>", post.repeat(4));
    assert_eq!(value(&html, 1, "thread.page_cells"), 5.0_f32.ln());
    assert_eq!(value(&html, 4, "thread.in"), 1.0);
    assert_eq!(value(&html, 0, "thread.first_text"), 1.0);
}

#[test]
fn a_definition_list_pairs_each_line_with_its_text() {
    let pair = "<dt class=comment>Ann 11.06.12 at 2:47 pm</dt>\
                <dd class=comment><p>Maybe next time do not nominate him again.</p><a href=#r>Reply</a></dd>";
    let html = format!("<p>Menu</p><dl>{}</dl>", pair.repeat(3));
    assert_eq!(value(&html, 1, "thread.page_cells"), 4.0_f32.ln());
    assert_eq!(value(&html, 2, "thread.cell"), 0.0);
    assert_eq!(value(&html, 4, "thread.cell"), 2.0_f32.ln());
}

#[test]
fn a_line_below_a_comment_signs_it() {
    let pair = "<div><p>The economy is tracking our models pretty well so far.</p></div>\
                <p class=posted>Posted by: Steven at October 29, 2012 06:54 AM</p>";
    let html = format!(
        "<div><p>The council voted on Tuesday to repair the old bridge.</p><h2>Comments</h2>{}\
         <h2>Post a comment</h2></div>",
        pair.repeat(3)
    );
    assert_eq!(value(&html, 1, "thread.in"), 0.0);
    assert_eq!(value(&html, 2, "thread.cells"), 4.0_f32.ln());
    assert_eq!(value(&html, 3, "thread.cell"), 0.0);
    assert_eq!(value(&html, 4, "thread.cell"), 2.0_f32.ln());
    assert_eq!(value(&html, 8, "thread.in"), 0.0);
}

#[test]
fn replies_stand_in_the_cell_they_answer() {
    let reply = "<div class=n1><b>Bo</b> <time>2 h</time><p>Seconding this with all my heart, as ever.</p><button>Reply</button></div>";
    let html = format!(
        "<div>{}</div>",
        format!(
            "<div class=n0><b>Ann</b> <time>3 h</time><p>We are nine singers in a village hall.</p>\
             <button>Reply</button><div>{}</div></div>",
            reply.repeat(3)
        )
        .repeat(3)
    );
    assert_eq!(value(&html, 0, "thread.page_cells"), 4.0_f32.ln());
    assert_eq!(value(&html, 1, "thread.depth"), 1.0);
    assert_eq!(value(&html, 4, "thread.depth"), 2.0);
    assert_eq!(value(&html, 4, "thread.cell"), 0.0);
}

#[test]
fn cards_that_link_to_articles_are_no_thread() {
    let card = "<div class=card><h3><a href=/a>Old bridge to be repaired</a></h3><span>17.05.2024</span>\
                <p>The council voted on Tuesday to repair the bridge.</p><a href=/a>Read more</a></div>";
    assert_eq!(value(&card.repeat(5), 1, "thread.page_cells"), 0.0);
}

#[test]
fn a_post_marked_up_otherwise_is_told_from_its_replies() {
    let html = article_page(3).replacen(
        "<li class=k><div class=h>",
        "<li class=k><h4>Q</h4><div class=top>",
        1,
    );
    assert_eq!(value(&html, 0, "thread.first_differs"), 1.0);
    assert_eq!(value(&article_page(3), 0, "thread.first_differs"), 0.0);
}

#[test]
fn a_comment_form_is_told_from_a_contact_form() {
    let form = |head: &str| {
        format!(
            "<p>The council voted.</p><h3>{head}</h3><form><label>Name</label><input name=n>\
             <textarea></textarea><button>Send</button></form><p>Legal</p>"
        )
    };
    let comment = form("Leave a comment");
    assert_eq!(value(&comment, 0, "thread.form"), 1.0);
    assert_eq!(value(&comment, 0, "thread.form_guest"), 1.0);
    assert_eq!(value(&comment, 0, "thread.form_below"), 1.0);
    assert_eq!(value(&comment, 4, "thread.form_below"), 0.0);
    assert_eq!(value(&comment, 1, "thread.invitation"), 1.0);
    assert_eq!(value(&form("Contact us"), 0, "thread.form"), 0.0);
    let service = "<p>The council voted.</p><div id=disqus_thread></div>";
    assert_eq!(value(service, 0, "thread.form_service"), 1.0);
}

#[test]
fn a_page_tells_whether_it_is_a_forum_or_an_article() {
    let forum =
        "<meta name=generator content='phpBB 3'><title>My Forum</title><body class=viewtopic><p>x";
    assert_eq!(value(forum, 0, "thread.page_forum"), 3.0);
    assert_eq!(value(forum, 0, "thread.page_article"), 0.0);
    let article = "<meta property=og:type content=article><script type=application/ld+json>\
                   {\"@type\": [\"NewsArticle\"]}</script><article><p>x</article>";
    assert_eq!(value(article, 0, "thread.page_article"), 3.0);
    assert_eq!(value(article, 0, "thread.page_forum"), 0.0);
    let answers = "<main itemscope itemtype='https://schema.org/QAPage'><p>x";
    assert_eq!(value(answers, 0, "thread.page_questions"), 1.0);
}

/// Blocks of 5, 10 and 2 words; three comments of a line (4), a text (7) and a
/// control (1), two of them with a marked author; a last block of 2 words: 55.
fn repaired_bridge() -> String {
    let comment = |author: &str| {
        format!(
            "<li><b{author}>Ann</b> <span>3 hours ago</span>\
             <p>So good that they mend it now.</p><a href=#r>Reply</a></li>"
        )
    };
    format!(
        "<h1>Old bridge to be repaired</h1>\
         <p>The council voted on Tuesday to repair the old bridge.</p><h3>3 comments</h3>\
         <ul>{}{}{}</ul><p>About us</p>",
        comment(" class=author"),
        comment(" class=author"),
        comment("")
    )
}

#[test]
fn a_thread_is_measured_against_the_text_around_it() {
    // All cells have a control, two of three an author, and a heading is above.
    let evidence = 0.4 + 0.2 * 2.0 / 3.0 + 0.25;
    check(
        &repaired_bridge(),
        &[
            (0, "thread.page_cells", 3.0_f32.ln_1p()),
            (0, "thread.page_share", 36.0 / 55.0),
            (0, "thread.page_evidence", evidence),
            (0, "thread.text_before", 10.0_f32.ln_1p()),
            (0, "thread.text_before_share", 10.0 / (10.0 + 36.0)),
            (0, "thread.first_text", 0.0),
            (0, "thread.headline_before", 1.0),
            (0, "thread.evidence", 0.0),
            (3, "thread.evidence", evidence),
            (11, "thread.evidence", evidence),
            (12, "thread.evidence", 0.0),
        ],
    );
}

#[test]
fn a_block_is_placed_by_the_thread_and_by_its_cell() {
    check(
        &repaired_bridge(),
        &[
            (0, "thread.from_start", -(3.0_f32.ln_1p())),
            (3, "thread.from_start", 0.0),
            (12, "thread.from_start", 9.0_f32.ln_1p()),
            (2, "thread.in", 0.0),
            (2, "thread.cells", 0.0),
            (2, "thread.depth", 0.0),
            (2, "thread.cell_length", 0.0),
            (2, "thread.cell_share", 0.0),
            (9, "thread.in", 1.0),
            (9, "thread.cells", 3.0_f32.ln_1p()),
            (9, "thread.depth", 1.0),
            (9, "thread.cell", 2.0_f32.ln_1p()),
            (9, "thread.cell_length", 12.0_f32.ln_1p()),
            (9, "thread.cell_share", 4.0 / 12.0),
            (10, "thread.cell_share", 7.0 / 12.0),
            (11, "thread.cell_share", 1.0 / 12.0),
            (1, "thread.heading_distance", 9.0),
            (2, "thread.heading_distance", 0.0),
            (5, "thread.heading_distance", 3.0_f32.ln_1p()),
            (3, "thread.time", 1.0),
            (4, "thread.time", 0.0),
            (3, "thread.line", 1.0),
            (4, "thread.line", 0.0),
            (5, "thread.line", 1.0),
            (4, "thread.control", 0.0),
            (5, "thread.control", 1.0),
        ],
    );
}

#[test]
fn a_page_without_a_thread_is_all_text() {
    check(
        "<h1>Old bridge</h1><p>Posted 3 hours ago</p>",
        &[
            (1, "thread.time", 1.0),
            (1, "thread.in", 0.0),
            (1, "thread.line", 0.0),
            (1, "thread.place", 0.0),
            (1, "thread.from_start", 0.0),
            (1, "thread.page_cells", 0.0),
            (1, "thread.page_share", 0.0),
            (1, "thread.page_evidence", 0.0),
            (1, "thread.text_before", 0.0),
            (1, "thread.text_before_share", 1.0),
            (1, "thread.first_text", 0.0),
            (1, "thread.first_longer", 0.0),
            (1, "thread.first_differs", 0.0),
            (1, "thread.headline_before", 0.0),
            (1, "thread.form", 0.0),
            (1, "thread.form_service", 0.0),
            (1, "thread.form_distance", 9.0),
            (1, "thread.page_questions", 0.0),
        ],
    );
}

#[test]
fn all_paragraphs_stand_before_a_thread_that_is_not_there() {
    // Paragraphs of 10 words and of 11, one of these a link.
    check(
        "<p>The council voted on Tuesday to repair the old bridge.</p><p>News</p>\
         <p>It will be shut in winter, says the <a href=/t>town</a> on Friday.</p>",
        &[(0, "thread.text_before", 20.0_f32.ln_1p())],
    );
}

#[test]
fn a_page_of_questions_is_told_from_one_of_frequent_ones() {
    let page = |kinds: &[&str]| {
        let kinds = kinds.iter().map(|kind| {
            format!("<div itemscope itemtype='https://schema.org/{kind}'><p>x</p></div>")
        });
        kinds.collect::<String>()
    };
    for (kinds, asks) in [
        (&["QAPage"][..], 1.0),
        (&["Question"], 1.0),
        (&["FAQPage", "Question"], 0.0),
        (&["FAQPage"], 0.0),
        (&["Article"], 0.0),
    ] {
        check(&page(kinds), &[(0, "thread.page_questions", asks)]);
    }
}

#[test]
fn a_long_first_post_is_told_from_first_comments_like_the_others() {
    check(&repaired_bridge(), &[(0, "thread.first_longer", 0.0)]);
    // Cells of 18, 12 and 12 words.
    let longer = repaired_bridge().replacen(
        "mend it now",
        "mend it now before the winter comes again",
        1,
    );
    check(
        &longer,
        &[(0, "thread.first_longer", (18.0_f32 / 13.0).ln())],
    );
    // Some 300 words by 12 are over the bound: ln 25 is 3.2.
    let long = "The bridge is old and long. ".repeat(50);
    let html = repaired_bridge().replacen("So good that they mend it now.", &long, 1);
    check(
        &html,
        &[
            (0, "thread.first_longer", 3.0),
            (0, "thread.page_cells", 3.0_f32.ln_1p()),
        ],
    );
}

#[test]
fn headings_name_answers_as_well_as_comments() {
    check(
        "<p>Question</p><h2>2 answers</h2><p>Use a longer needle.</p>",
        &[
            (0, "thread.under_answers", 0.0),
            (1, "thread.heading", 1.0),
            (1, "thread.under_answers", 0.0),
            (2, "thread.under_answers", 1.0),
            (2, "thread.under_comments", 0.0),
        ],
    );
}

#[test]
fn comment_classes_are_known_in_languages_that_the_lexicon_has_not() {
    check(
        "<section class=yorumlar><div><p>Çok güzel</p></div></section><p>Künye</p>",
        &[
            (0, "thread.class", 1.0 / 3.0),
            (0, "class.comment", 0.0),
            (1, "thread.class", 0.0),
        ],
    );
}

#[test]
fn the_comment_form_is_as_far_as_there_are_blocks_between() {
    let html = "<p>The council voted.</p><h3>Leave a comment</h3><form><label>Name</label>\
                <textarea></textarea><button>Send</button></form><p>Legal</p>";
    check(
        html,
        &[
            (0, "thread.form_distance", 2.0_f32.ln_1p()),
            (2, "thread.form_distance", 0.0),
            (4, "thread.form_distance", 2.0_f32.ln_1p()),
            (0, "thread.form_below", 1.0),
            (2, "thread.form_below", 0.0),
        ],
    );
}

#[test]
fn comments_under_an_article_are_told_from_answers_and_a_forum() {
    let comments = |html: &str| {
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        crate::feature::measure(&page, &Blocks::of(&page)).comments
    };
    let html = article_page(4);
    // Three blocks a comment: author and time, text, control.
    assert_eq!(comments(&html), (4..16).collect::<Vec<usize>>());
    let answers = html.replace("<h3>4 comentarios</h3>", "<h3>4 respuestas</h3>");
    assert!(comments(&answers).is_empty());
    let forum = format!("<meta name=generator content='phpBB 3'>{html}");
    assert!(comments(&forum).is_empty());
}

#[test]
fn a_heading_of_comments_reaches_to_the_next_of_its_level() {
    let comments = |between: &str, heading: &str| {
        let html = article_page(4).replace(
            "<h3>4 comentarios</h3>",
            &format!("{heading}<p>Be kind.</p>{between}"),
        );
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        crate::feature::measure(&page, &Blocks::of(&page)).comments
    };
    let heading = "<h3>4 comentarios</h3>";
    // Below a heading, a text and what stands between.
    let all = |start: usize| (start..start + 12).collect::<Vec<usize>>();
    assert_eq!(comments("", heading), all(5));
    assert_eq!(comments("<h4>Newest first</h4>", heading), all(6));
    assert!(comments("<h3>Most read</h3>", heading).is_empty());
    assert!(comments("<h2>Most read</h2>", heading).is_empty());
    // A line that counts comments is below every heading.
    let line = "<div>4 comentarios</div>";
    assert_eq!(comments("", line), all(5));
    assert!(comments("<h6>Most read</h6>", line).is_empty());
}

#[test]
fn a_count_of_comments_in_a_thread_is_no_heading_of_it() {
    let html = article_page(4)
        .replace("<h3>4 comentarios</h3>", "<h3>Opiniones</h3>")
        .replacen("<b>Ann 1</b>", "<b>Ann 1</b><p>9 comentarios</p>", 1);
    let page = Page::parse(html.as_bytes(), &PageContext::default());
    let blocks = Blocks::of(&page);
    assert!(crate::feature::measure(&page, &blocks).comments.is_empty());
    check(
        &html,
        &[(12, "thread.in", 1.0), (12, "thread.under_comments", 1.0)],
    );
}

proptest! {
    #[test]
    fn no_block_is_in_two_cells(
        soup in "(<[/]?(li|ul|dt|dd|tr|td|div|p|h2|form|textarea|time)( class=(comment|post|odd))?>|Ann 5 hours ago|We are nine singers in a hall|<a href=#r>Reply</a>|3 comments| ){0,60}"
    ) {
        let page = Page::parse(soup.as_bytes(), &PageContext::default());
        let blocks = Blocks::of(&page);
        let facts = PageFacts::gather(&page, &blocks);
        for thread in &facts.threads.threads {
            for (at, cell) in thread.cells.iter().enumerate() {
                prop_assert!(cell.start < cell.end && cell.end <= blocks.len());
                prop_assert!(at == 0 || thread.cells[at - 1].end <= cell.start);
            }
        }
        let cells: usize = facts.threads.threads.iter().flat_map(|t| &t.cells).map(|c| c.len()).sum();
        let placed = facts.threads.places.iter().flatten().count();
        prop_assert_eq!(cells, placed);
    }
}
