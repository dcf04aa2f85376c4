//! Which child of an element was the last of its name.

use std::collections::HashMap;

use html5ever::LocalName;

use super::ElementId;

/// The last child of each name.
#[derive(Default)]
pub(super) struct Namesakes {
    few: Vec<(LocalName, ElementId)>,
    more: HashMap<LocalName, ElementId>,
}

impl Namesakes {
    /// Names that are searched one by one: most elements have no more.
    const FEW: usize = 8;

    /// The last child of that name, of which `id` is the next.
    pub(super) fn replace(&mut self, name: &LocalName, id: ElementId) -> Option<ElementId> {
        if let Some((_, last)) = self.few.iter_mut().find(|(own, _)| own == name) {
            return Some(std::mem::replace(last, id));
        }
        if self.few.len() < Self::FEW {
            self.few.push((name.clone(), id));
            return None;
        }
        self.more.insert(name.clone(), id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_each_name_is_known_however_many_names_there_are() {
        let mut last = Namesakes::default();
        for round in 0..3 {
            for name in 0..30 {
                let name_of = LocalName::from(format!("name-{name}"));
                let before = last.replace(&name_of, ElementId(round * 30 + name));
                let expected = (round > 0).then(|| ElementId((round - 1) * 30 + name));
                assert_eq!(before, expected);
            }
        }
    }
}
