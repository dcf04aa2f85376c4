//! Class names, ids and roles, of small pages.

use super::*;
use crate::feature::tests_support::{check, value};

#[test]
fn class_names_are_cut_as_their_writers_meant() {
    let mut words = Vec::new();
    for_each_word("postBody entry-content_2 sr-only", |w| {
        words.push(w.to_owned())
    });
    assert_eq!(
        words,
        [
            "post",
            "body",
            "postbody",
            "entry",
            "content",
            "2",
            "entry-content_2",
            "sr",
            "only",
            "sr-only"
        ]
    );
}

#[test]
fn a_class_is_felt_below_it_and_not_beside_it() {
    let html = "<div class='site-comments'><div><p>x</p></div></div><p>y</p>";
    assert_eq!(value(html, 0, "class.comment"), 1.0 / 3.0);
    assert_eq!(value(html, 1, "class.comment"), 0.0);
}

#[test]
fn the_class_of_body_says_nothing() {
    assert_eq!(
        value("<body class='single-post'><p>x", 0, "class.content"),
        0.0
    );
}

#[test]
fn roles_count_as_the_elements_they_stand_for() {
    assert_eq!(value("<div role=navigation>x</div>", 0, "in.nav"), 1.0);
}

#[test]
fn each_kind_of_class_is_felt_by_its_own_feature_alone() {
    let kinds = [
        ("class.content", "class=entry-content"),
        ("class.content", "itemprop=articleBody"),
        ("class.nav", "class=navbar"),
        ("class.header", "class=masthead"),
        ("class.footer", "id=site-footer"),
        ("class.sidebar", "class=sidebar"),
        ("class.comment", "id=comments"),
        ("class.share", "class=social-share"),
        ("class.related", "class=related-posts"),
        ("class.ad", "class=ad-slot"),
        ("class.byline", "class=byline"),
        ("class.trail", "class=breadcrumbs"),
        ("class.form", "class=search-form"),
        ("class.form", "role=search"),
        ("class.consent", "id=cookie-notice"),
        ("class.consent", "role=dialog"),
        ("class.title", "class=headline"),
        ("class.caption", "class=wp-caption"),
        ("class.product", "class=product-price"),
        ("class.widget", "class=widget"),
        ("class.item", "data-testid=results-grid"),
        ("class.hidden", "class=sr-only"),
    ];
    for (name, attribute) in kinds {
        let html = format!("<div {attribute}><p>Text</p></div><p>Text after</p>");
        for (other, _) in kinds {
            let near = if other == name { 1.0 / 2.0 } else { 0.0 };
            check(&html, &[(0, other, near), (1, other, 0.0)]);
        }
    }
}

#[test]
fn the_class_of_the_block_itself_is_told_from_one_above() {
    check(
        "<p class=post-body>Text</p><div class=post-body><p>Text</p></div>",
        &[
            (0, "class.own_content", 1.0),
            (0, "class.content", 1.0),
            (1, "class.own_content", 0.0),
            (1, "class.content", 1.0 / 2.0),
        ],
    );
}
