//! Tables of data and tables of layout.

use ego_tree::NodeRef;
use scraper::Node;

use crate::text::count_words;

/// Cells of data are short: longer on the average, and without a heading cell,
/// they are a page's columns.
const WORDS_OF_A_CELL: usize = 40;

/// True of a table that shows data: rows of two or more cells, no other table
/// and no part of a page in it. Every other table is read as if its cells stood
/// below one another.
pub(super) fn is_data(table: NodeRef<'_, Node>) -> bool {
    let role = table.value().as_element().and_then(|e| e.attr("role"));
    if role.is_some_and(|role| matches!(role.trim(), "presentation" | "none")) {
        return false;
    }
    let (mut cells, mut widest, mut width, mut words) = (0, 0, 0, 0);
    let mut headed = false;
    for node in table.descendants().skip(1) {
        match node.value() {
            Node::Text(text) => words += count_words(text),
            Node::Element(element) => match element.name() {
                "table" | "pre" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "article"
                | "section" | "form" | "blockquote" | "nav" | "aside" => return false,
                "tr" => width = 0,
                "td" | "th" => {
                    headed |= element.name() == "th";
                    cells += 1;
                    width += 1;
                    widest = widest.max(width);
                }
                "thead" | "caption" => headed = true,
                _ => {}
            },
            _ => {}
        }
    }
    widest >= 2 && (headed || words <= WORDS_OF_A_CELL * cells)
}

/// How many columns or rows a cell spans, as its attribute says: 1 to 1,000
/// (HTML Standard §4.9.11; there is no row beyond the table's last to fill).
pub(super) fn span(value: Option<&str>) -> usize {
    value
        .and_then(|value| value.trim().parse::<usize>().ok())
        .map_or(1, |span| span.clamp(1, 1_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Page, PageContext};

    fn first_is_data(html: &str) -> bool {
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        let table = page.nodes().find(|node| {
            node.value()
                .as_element()
                .is_some_and(|e| e.name() == "table")
        });
        is_data(table.unwrap())
    }

    #[test]
    fn rows_of_short_cells_are_data() {
        assert!(first_is_data("<table><tr><td>a<td>b<tr><td>c<td>d</table>"));
        let long = "word ".repeat(50);
        assert!(first_is_data(&format!(
            "<table><tr><th>a<th>b<tr><td>{long}<td>{long}</table>"
        )));
    }

    #[test]
    fn columns_of_a_page_and_lists_in_rows_are_not() {
        assert!(!first_is_data("<table><tr><td>a<tr><td>b</table>"));
        assert!(!first_is_data(
            "<table role=presentation><tr><td>a<td>b</table>"
        ));
        assert!(!first_is_data(
            "<table><tr><td><table></table><td>b</table>"
        ));
        assert!(!first_is_data("<table><tr><td><h2>a</h2>b<td>c</table>"));
        let long = "word ".repeat(50);
        assert!(!first_is_data(&format!(
            "<table><tr><td>{long}<td>{long}</table>"
        )));
    }

    #[test]
    fn spans_are_bounded() {
        assert_eq!(span(Some("3")), 3);
        assert_eq!(span(Some("0")), 1);
        assert_eq!(span(Some("99999999")), 1_000);
        assert_eq!(span(Some("x")), 1);
        assert_eq!(span(None), 1);
    }
}
