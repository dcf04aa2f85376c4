//! What becomes of text that a browser does not show at first.

use crate::block::{Hidden, Hiding};

/// Probability from which the model is sure enough of a hidden block. Out of fold
/// .5 is better than .8 on wcxb (word F1 .8855 and .8842), and level elsewhere.
const SURE: f32 = 0.5;

/// A policy for hidden text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum HiddenText {
    /// A hidden block is no content, unless the model is confident of it
    /// (probability .5 or more) and the page plainly shows it later
    /// ([`Hidden::opens`]). `aria-hidden` alone hides nothing from eyes, and does
    /// not count.
    #[default]
    Auto,
    /// Hidden blocks are judged like all others.
    Keep,
    /// No hidden block is content.
    Drop,
}

impl HiddenText {
    /// Sets to 0 the probability of each block that the policy takes for no
    /// content: before selection, so that of two copies the one that is shown is
    /// kept.
    pub fn apply(self, hidden: &[Option<Hidden>], probabilities: &mut [f32]) {
        for (hidden, probability) in hidden.iter().zip(probabilities) {
            let Some(hidden) = hidden else { continue };
            let stays = match self {
                Self::Auto => hidden.how == Hiding::Aria || (hidden.opens && *probability >= SURE),
                Self::Keep => true,
                Self::Drop => false,
            };
            if !stays {
                *probability = 0.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHUT: Option<Hidden> = Some(Hidden {
        how: Hiding::Display,
        opens: false,
    });
    const TAB: Option<Hidden> = Some(Hidden {
        how: Hiding::Display,
        opens: true,
    });
    const ARIA: Option<Hidden> = Some(Hidden {
        how: Hiding::Aria,
        opens: false,
    });

    fn after(policy: HiddenText) -> Vec<f32> {
        let mut probabilities = vec![0.9, 0.95, 0.4, 0.9, 0.3];
        policy.apply(&[None, SHUT, TAB, TAB, ARIA], &mut probabilities);
        probabilities
    }

    #[test]
    fn hidden_text_stays_only_where_it_is_sure_and_opens() {
        assert_eq!(after(HiddenText::Auto), [0.9, 0.0, 0.0, 0.9, 0.3]);
    }

    #[test]
    fn hidden_text_can_be_judged_like_all_other_or_dropped() {
        assert_eq!(after(HiddenText::Keep), [0.9, 0.95, 0.4, 0.9, 0.3]);
        assert_eq!(after(HiddenText::Drop), [0.9, 0.0, 0.0, 0.0, 0.0]);
    }
}
