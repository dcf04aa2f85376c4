use super::*;
use crate::page::PageContext;
use crate::text::words;
use proptest::prelude::*;

fn blocks(html: &str) -> Blocks {
    Blocks::of(&Page::parse(html.as_bytes(), &PageContext::default()))
}

fn texts(html: &str) -> Vec<String> {
    blocks(html).blocks.into_iter().map(|b| b.text).collect()
}

#[test]
fn inline_markup_does_not_cut_and_block_markup_does() {
    assert_eq!(
        texts("<div>In <i>one</i>, as <a href=x>always</a>.<p>Two</p>Three</div>"),
        ["In one, as always.", "Two", "Three"]
    );
}

#[test]
fn two_breaks_or_a_rule_cut_and_one_break_is_a_line() {
    assert_eq!(
        texts("<td>First<br>line<br> <br>Second<hr>Third</td>"),
        ["First\nline", "Second", "Third"]
    );
}

#[test]
fn cells_items_buttons_labels_and_custom_elements_are_blocks() {
    assert_eq!(
        texts(
            "<ul><li>a<li>b</ul><table><tr><td>c<td>d</table><button>e</button><label>f</label><my-card>g</my-card>"
        ),
        ["a", "b", "c", "d", "e", "f", "g"]
    );
}

#[test]
fn neighbouring_links_are_set_apart_and_letters_are_not() {
    assert_eq!(
        texts("<p><a>Home</a><a>News</a><time>12:30</time></p>"),
        ["Home News 12:30"]
    );
    assert_eq!(
        texts("<p><b>D</b>rop <span>(</span><span>cap</span>"),
        ["Drop (cap"]
    );
}

#[test]
fn code_style_forms_and_drawings_are_skipped_and_noscript_is_not() {
    assert_eq!(
        texts(
            "<p>a<script>x</script><style>y</style>\
             <svg><text>z</text></svg><select><option>o</select><textarea>t</textarea>\
             <template>q</template></p><noscript><p>shown</p></noscript>"
        ),
        ["a", "shown"]
    );
}

#[test]
fn lines_of_code_are_kept() {
    assert_eq!(
        texts("<pre><code>fn main() {\n    run();\n}\n</code></pre>"),
        ["fn main() {\n    run();\n}"]
    );
}

#[test]
fn a_block_knows_its_links_its_elements_and_its_path() {
    let found =
        blocks("<ul><li>x</li><li><a href=y>Menu entry</a></li></ul><p>See <a href=z>this</a> now");
    let entry = &found.blocks[1];
    assert_eq!(&*found.outline[entry.inner].name, "a");
    assert_eq!(found.tag(1), "li");
    assert_eq!(found.xpath(1), "/html/body/ul/li[2]");
    assert_eq!(found.depth(1), 3);
    let see = &found.blocks[2];
    assert_eq!(&see.text[see.links[0].clone()], "this");
    assert_eq!(&*found.outline[see.inner].name, "p");
}

#[test]
fn each_link_of_a_block_has_one_range() {
    let links = |html: &str| -> Vec<String> {
        let block = &blocks(html).blocks[0];
        let text = |link: &std::ops::Range<usize>| block.text[link.clone()].to_owned();
        block.links.iter().map(text).collect()
    };
    assert_eq!(
        links("<p>See <a href=x> the <b>old</b> <i>bridge</i> </a><a href=y>now</a></p>"),
        ["the old bridge", "now"]
    );
    assert_eq!(
        links("<p><a href=x>(one)</a><a href=y>(two)</a></p>"),
        ["(one)", "(two)"]
    );
    // One link over two blocks is in each.
    assert_eq!(links("<a href=x><h3>Head</h3><p>Text</p></a>"), ["Head"]);
    assert_eq!(
        links("<pre>let <a href=x> a\n = 1  </a></pre>"),
        ["a\n = 1"]
    );
}

#[test]
fn emphasis_is_counted_without_the_space_around_it() {
    let emphasis = |html: &str| blocks(html).blocks[0].emphasis;
    assert_eq!(emphasis("<p>See the <b>map</b> here</p>"), 3);
    assert_eq!(emphasis("<p>See the<b> map </b>here</p>"), 3);
    assert_eq!(emphasis("<pre><b>map   </b></pre>"), 3);
}

#[test]
fn an_element_knows_its_blocks_and_its_descendants() {
    let found = blocks("<div><p>a</p><p>b</p></div><p>c</p>");
    let div = found
        .outline
        .elements()
        .iter()
        .position(|e| &*e.name == "div")
        .unwrap();
    let div = &found.outline.elements()[div];
    assert_eq!(div.blocks, 0..2);
    assert_eq!(div.children, 2);
}

#[test]
fn an_element_knows_the_controls_skipped_right_in_it() {
    let found = blocks(
        "<form><p><select><option>a</select></p><textarea>b</textarea><select></select>\
         <template><textarea></textarea></template></form>",
    );
    let skipped = |name: &str| {
        let elements = found.outline.elements();
        let element = elements.iter().find(|e| &*e.name == name).unwrap();
        (element.skipped_controls, element.children)
    };
    assert_eq!(skipped("form"), (2, 1));
    assert_eq!(skipped("p"), (1, 0));
    assert_eq!(skipped("body"), (0, 1));
}

#[test]
fn what_markup_hides_is_marked_down_to_its_leaves() {
    let found = blocks("<div style='DISPLAY : none'><p>a</p></div><p aria-hidden=true>b<p>c");
    let hidden: Vec<bool> = found
        .blocks
        .iter()
        .map(|b| found.outline[b.element].hidden)
        .collect();
    assert_eq!(hidden, [true, true, false]);
}

/// The words of all text nodes outside skipped elements, run together.
fn visible_letters(page: &Page) -> String {
    let tree = &page.html.tree;
    tree.root()
        .descendants()
        .filter(|n| {
            !n.ancestors().any(|a| {
                a.value()
                    .as_element()
                    .is_some_and(|e| is_skipped(&e.name.local))
            })
        })
        .filter_map(|n| n.value().as_text())
        .flat_map(|t| t.chars())
        .filter(|&c| is_word_char(c))
        .collect()
}

proptest! {
    #[test]
    fn every_word_of_visible_text_is_in_exactly_one_block(
        soup in "(<[/]?(p|b|a|table|tr|td|li|svg|select|br|pre|span|custom-x|hr|noscript)>|[a-z]{1,3}| |\\.|\n){0,60}"
    ) {
        let page = Page::parse(soup.as_bytes(), &PageContext::default());
        let found = Blocks::of(&page);
        let letters: String = found
            .blocks
            .iter()
            .flat_map(|b| words(&b.text))
            .collect();
        prop_assert_eq!(letters, visible_letters(&page));
        for block in &found.blocks {
            prop_assert!(!block.text.is_empty());
            let mut end = 0;
            for link in &block.links {
                prop_assert!(end <= link.start && link.start < link.end);
                end = link.end;
                let shown = block.text.get(link.clone());
                prop_assert!(shown.is_some_and(|s| s.trim_matches(is_space) == s));
            }
            prop_assert!(block.emphasis <= block.text.len());
            prop_assert!(found.outline.holds(block.element, block.inner)
                || found.outline.holds(block.inner, block.element));
        }
    }
}
