//! What of a `style` attribute can hide text.

use super::hidden::Hiding;

/// Pixels from which something is moved off any screen.
const FAR: f32 = 999.0;
/// Pixels of an `em` or `rem`, unless told otherwise.
const EM: f32 = 16.0;

/// The declarations of a `style` attribute, the last of a property.
#[derive(Debug, Default)]
pub(crate) struct InlineStyle {
    declarations: Vec<(String, String)>,
}

impl InlineStyle {
    /// Reads `name: value; …`; what is neither is passed over.
    pub(crate) fn of(text: &str) -> Self {
        let declarations = text
            .split(';')
            .take(64)
            .filter_map(|declaration| declaration.split_once(':'))
            .map(|(name, value)| {
                let value = value.trim().to_ascii_lowercase();
                let value = value.split('!').next().unwrap_or("").trim().to_owned();
                (name.trim().to_ascii_lowercase(), value)
            })
            .collect();
        Self { declarations }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let mut from_last = self.declarations.iter().rev();
        let found = from_last.find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    fn is(&self, name: &str, values: &[&str]) -> bool {
        self.get(name).is_some_and(|value| values.contains(&value))
    }

    /// The length that a property is, in pixels.
    pub(crate) fn length(&self, name: &str) -> Option<f32> {
        self.get(name).and_then(pixels)
    }

    /// True when it undoes the `visibility: hidden` of an element above.
    pub(super) fn is_visible(&self) -> bool {
        self.is("visibility", &["visible"])
    }

    /// True when it undoes the `font-size: 0` of an element above, of which an
    /// `em` or a percentage is none.
    pub(super) fn has_size(&self) -> bool {
        let relative = |value: &str| {
            value.ends_with('%') || (value.ends_with("em") && !value.ends_with("rem"))
        };
        self.get("font-size")
            .is_some_and(|value| !relative(value) && pixels(value).is_none_or(|size| size > 0.0))
    }

    /// How it hides, if it does.
    pub(crate) fn hiding(&self) -> Option<Hiding> {
        let out_of_flow = self.is("position", &["absolute", "fixed"]);
        let checks = [
            (Hiding::Display, self.is("display", &["none"])),
            (
                Hiding::Visibility,
                self.is("visibility", &["hidden", "collapse"]),
            ),
            (
                Hiding::Opacity,
                self.get("opacity")
                    .and_then(|value| value.trim_end_matches('%').parse::<f32>().ok())
                    .is_some_and(|opacity| opacity <= 0.0),
            ),
            (Hiding::FontSize, self.length("font-size") == Some(0.0)),
            (Hiding::OffScreen, self.is_off_screen(out_of_flow)),
            (Hiding::Clip, self.is_clipped(out_of_flow)),
            (Hiding::ZeroSize, self.is_sizeless()),
            (Hiding::Colour, self.is_colourless()),
        ];
        let found = checks.into_iter().find(|(_, hides)| *hides);
        found.map(|(how, _)| how)
    }

    fn is_off_screen(&self, out_of_flow: bool) -> bool {
        let far = |name: &&str| self.length(name).is_some_and(|length| length <= -FAR);
        ["text-indent", "margin-left", "margin-top"]
            .iter()
            .any(&far)
            || (out_of_flow && ["left", "right", "top", "bottom"].iter().any(far))
    }

    fn is_clipped(&self, out_of_flow: bool) -> bool {
        let clip = self
            .get("clip")
            .and_then(|value| value.strip_prefix("rect("));
        let to_nothing = clip.is_some_and(|edges| {
            let edges = edges.trim_end_matches(')').split([',', ' ']);
            let edges = edges.filter(|edge| !edge.is_empty());
            let mut lengths = edges.map(pixels);
            lengths.all(|length| length.is_some_and(|length| length <= 1.0))
        });
        let path = self
            .get("clip-path")
            .and_then(|path| path.strip_prefix("inset("));
        let inset = path.and_then(|path| path.trim_end_matches(')').strip_suffix('%'));
        let inset = inset.and_then(|share| share.parse::<f32>().ok());
        (out_of_flow && to_nothing) || inset.is_some_and(|share| share >= 50.0)
    }

    fn is_sizeless(&self) -> bool {
        let hides_overflow = ["overflow", "overflow-x", "overflow-y"]
            .iter()
            .any(|name| self.is(name, &["hidden", "clip"]));
        let sides = [["width", "max-width"], ["height", "max-height"]].map(|names| {
            let lengths = names.iter().filter_map(|name| self.length(name));
            lengths.fold(f32::INFINITY, f32::min)
        });
        hides_overflow
            && (sides.iter().any(|side| *side <= 0.0) || sides.iter().all(|side| *side <= 1.0))
    }

    fn is_colourless(&self) -> bool {
        let Some(text) = self.get("color").map(colour) else {
            return false;
        };
        let ground = self.get("background-color").or(self.get("background"));
        text == "transparent" || ground.is_some_and(|ground| colour(ground) == text)
    }
}

/// A length in pixels; `None` for what depends on the layout.
fn pixels(value: &str) -> Option<f32> {
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let number: f32 = value[..value.len() - unit.len()].parse().ok()?;
    match unit {
        "" | "px" => Some(number),
        "pt" => Some(number / 0.75),
        "em" | "rem" => Some(number * EM),
        _ if number == 0.0 => Some(0.0),
        _ => None,
    }
}

/// A colour in one of its ways of writing, `#rrggbb` where that is plain.
fn colour(value: &str) -> String {
    let plain: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(digits) = plain.strip_prefix('#').filter(|digits| digits.len() == 3) {
        let doubled = digits.chars().flat_map(|digit| [digit, digit]);
        return std::iter::once('#').chain(doubled).collect();
    }
    let parts = plain
        .strip_prefix("rgb(")
        .and_then(|rest| rest.strip_suffix(')'));
    let parts = parts.and_then(|parts| {
        let parts = parts.split(',').map(|part| part.parse::<u8>().ok());
        parts.collect::<Option<Vec<u8>>>()
    });
    match (&*plain, parts.as_deref()) {
        (_, Some([red, green, blue])) => format!("#{red:02x}{green:02x}{blue:02x}"),
        ("white", _) => "#ffffff".to_owned(),
        ("black", _) => "#000000".to_owned(),
        _ => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_last_declaration_of_a_property_counts() {
        let style = InlineStyle::of("display:none; color: red; display: block");
        assert_eq!(style.hiding(), None);
    }

    #[test]
    fn a_colour_is_the_same_however_it_is_written() {
        for white in ["#fff", "#ffffff", "rgb(255, 255, 255)", "white"] {
            assert_eq!(colour(white), "#ffffff");
        }
        assert_ne!(colour("#ffe"), colour("#fff"));
    }

    #[test]
    fn lengths_are_read_in_pixels() {
        assert_eq!(pixels("-10em"), Some(-160.0));
        assert_eq!(pixels("0%"), Some(0.0));
        assert_eq!(pixels("12%"), None);
        assert_eq!(pixels("auto"), None);
    }

    proptest! {
        #[test]
        fn any_style_can_be_read(style in "[a-z:;#%(),. \u{e9}-]{0,60}") {
            let style = InlineStyle::of(&style);
            let _ = (style.hiding(), style.has_size(), style.is_visible());
        }
    }
}
