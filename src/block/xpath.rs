//! XPath of an element, as browsers' developer tools write it.

use super::outline::{ElementId, Outline};

/// `/html/body/div[2]/p`: a step is numbered where the name is not unique
/// among its siblings. Steps count visible elements only for names that are
/// shown, which is every name that can be stepped through.
pub(super) fn xpath(outline: &Outline, id: ElementId) -> String {
    let mut lineage: Vec<ElementId> = outline.lineage(id).collect();
    lineage.reverse();
    let mut path = String::new();
    for id in lineage {
        let element = &outline[id];
        path.push('/');
        path.push_str(&element.name);
        if element.has_namesake {
            path.push_str(&format!("[{}]", element.nth_of_name));
        }
    }
    path
}
