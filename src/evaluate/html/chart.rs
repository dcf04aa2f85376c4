//! Charts as SVG inside the page, in the page's own colours.
//!
//! Written here rather than with a plotting crate: colours have to follow the
//! page's theme, and marks need titles that a screen reader can read, neither of
//! which a drawn picture has.

use std::fmt::{self, Display, Write};

use super::text::Text;

const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 388.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 252.0;

/// One side of a chart, from 0.
pub(super) struct Axis {
    label: &'static str,
    most: f64,
    ticks: Vec<(f64, String)>,
}

impl Axis {
    /// From 0 to 1.
    pub(super) fn share(label: &'static str) -> Self {
        let ticks = (0..=4).map(|i| f64::from(i) / 4.0);
        Self {
            label,
            most: 1.0,
            ticks: ticks.map(|at| (at, format!("{at}"))).collect(),
        }
    }

    /// From 0 to at least `most`, in whole and round steps.
    pub(super) fn counts(label: &'static str, most: usize) -> Self {
        let mut step = 1;
        while most.div_ceil(step) > 5 {
            let leading = step.to_string().starts_with('2');
            step = if leading { step / 2 * 5 } else { step * 2 };
        }
        let steps = most.div_ceil(step).max(1);
        Self {
            label,
            most: (steps * step) as f64,
            ticks: (0..=steps)
                .map(|i| ((i * step) as f64, (i * step).to_string()))
                .collect(),
        }
    }
}

/// A chart: axes, and the marks put on it.
pub(super) struct Chart {
    /// Unique in the page.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// What is to be seen, in words and figures.
    pub(super) description: String,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) marks: Vec<Mark>,
}

/// What is drawn, in the units of the axes.
pub(super) enum Mark {
    /// A line through points.
    Line(&'static str, Vec<(f64, f64)>),
    /// A point of a radius in pixels, and what it says.
    Point(&'static str, (f64, f64), f64, String),
    /// A bar between two places, from 0 up, and what it says.
    Bar(&'static str, (f64, f64), f64, String),
}

impl Chart {
    fn x(&self, value: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * value / self.x.most
    }

    fn y(&self, value: f64) -> f64 {
        BOTTOM - (BOTTOM - TOP) * value / self.y.most
    }

    fn axes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, text) in &self.x.ticks {
            let x = self.x(*at);
            write!(
                f,
                "<path class=\"grid\" d=\"M{x:.1} {TOP}V{BOTTOM}\"/>\
                 <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{text}</text>",
                BOTTOM + 18.0
            )?;
        }
        for (at, text) in &self.y.ticks {
            let y = self.y(*at);
            write!(
                f,
                "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{RIGHT}\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{text}</text>",
                LEFT - 7.0,
                y + 4.0
            )?;
        }
        write!(
            f,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            (LEFT + RIGHT) / 2.0,
            HEIGHT - 8.0,
            self.x.label
        )?;
        let middle = (TOP + BOTTOM) / 2.0;
        write!(
            f,
            "<text transform=\"rotate(-90 13 {middle})\" x=\"13\" y=\"{middle}\" \
             text-anchor=\"middle\">{}</text>",
            self.y.label
        )
    }

    fn mark(&self, f: &mut fmt::Formatter<'_>, mark: &Mark) -> fmt::Result {
        match mark {
            Mark::Line(class, points) => {
                let mut path = String::new();
                for (i, (x, y)) in points.iter().enumerate() {
                    let to = if i == 0 { 'M' } else { 'L' };
                    write!(path, "{to}{:.1} {:.1}", self.x(*x), self.y(*y))?;
                }
                write!(f, "<path class=\"{class}\" d=\"{path}\"/>")
            }
            Mark::Point(class, (x, y), radius, says) => write!(
                f,
                "<circle class=\"{class}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius:.1}\">\
                 <title>{}</title></circle>",
                self.x(*x),
                self.y(*y),
                Text(says)
            ),
            Mark::Bar(class, (from, to), height, says) => write!(
                f,
                "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" \
                 height=\"{:.1}\"><title>{}</title></rect>",
                self.x(*from) + 0.5,
                self.y(*height),
                self.x(*to) - self.x(*from) - 1.0,
                BOTTOM - self.y(*height),
                Text(says)
            ),
        }
    }
}

impl Display for Chart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.id;
        write!(
            f,
            "<figure><figcaption>{}</figcaption>\
             <svg class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-desc\"><title id=\"{id}-title\">{}</title>\
             <desc id=\"{id}-desc\">{}</desc>",
            self.title,
            self.title,
            Text(&self.description)
        )?;
        self.axes(f)?;
        for mark in &self.marks {
            self.mark(f, mark)?;
        }
        writeln!(
            f,
            "</svg><p class=\"note\">{}</p></figure>",
            Text(&self.description)
        )
    }
}

/// A mean with its interval on a line from `least` (under 1) to 1, beside the
/// figures that say the same.
pub(super) fn interval(least: f64, low: f64, mean: f64, high: f64) -> String {
    if ![low, mean, high].iter().all(|value| value.is_finite()) {
        return String::new();
    }
    let at = |share: f64| 4.0 + 92.0 * ((share - least) / (1.0 - least)).clamp(0.0, 1.0);
    format!(
        "<svg class=\"interval\" viewBox=\"0 0 100 12\" aria-hidden=\"true\">\
         <path class=\"track\" d=\"M4 6H96\"/><path class=\"span\" d=\"M{:.1} 6H{:.1}\"/>\
         <circle cx=\"{:.1}\" cy=\"6\" r=\"3.5\"/></svg>",
        at(low),
        at(high).max(at(low) + 0.1),
        at(mean)
    )
}

/// Parts side by side in a bar that is `width` long, 0 to 1, each with its
/// class and size.
pub(super) fn stacked(width: f64, parts: &[(&str, f64)]) -> String {
    let all: f64 = parts.iter().map(|(_, size)| size).sum();
    let mut bar = String::from(
        "<svg class=\"stack\" viewBox=\"0 0 100 12\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
    );
    let mut at = 0.0;
    for (class, size) in parts {
        let long = if all > 0.0 {
            100.0 * width.clamp(0.0, 1.0) * size / all
        } else {
            0.0
        };
        bar.push_str(&format!(
            "<rect class=\"{class}\" x=\"{at:.2}\" width=\"{long:.2}\" height=\"12\"/>"
        ));
        at += long;
    }
    bar.push_str("</svg>");
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_where_their_values_are() {
        let chart = Chart {
            id: "c",
            title: "A chart",
            description: "From 0 to 1 & back".to_owned(),
            x: Axis::share("x"),
            y: Axis::counts("pages", 7),
            marks: vec![
                Mark::Line("line", vec![(0.0, 0.0), (1.0, 8.0)]),
                Mark::Bar("bar", (0.25, 0.5), 4.0, "4 <pages>".to_owned()),
            ],
        };
        let svg = chart.to_string();
        assert!(svg.contains("d=\"M52.0 252.0L388.0 12.0\""), "{svg}");
        assert!(svg.contains("x=\"136.5\" y=\"132.0\" width=\"83.0\" height=\"120.0\""));
        assert!(svg.contains("<title>4 &lt;pages&gt;</title>"));
        assert!(svg.contains("<desc id=\"c-desc\">From 0 to 1 &amp; back</desc>"));
    }

    #[test]
    fn counts_go_in_round_steps_to_above_the_most() {
        let ticks = |most| -> Vec<f64> {
            Axis::counts("n", most)
                .ticks
                .iter()
                .map(|tick| tick.0)
                .collect()
        };
        assert_eq!(ticks(0), [0.0, 1.0]);
        assert_eq!(ticks(7), [0.0, 2.0, 4.0, 6.0, 8.0]);
        assert_eq!(ticks(23), [0.0, 5.0, 10.0, 15.0, 20.0, 25.0]);
        assert_eq!(ticks(1200), [0.0, 500.0, 1000.0, 1500.0]);
    }

    #[test]
    fn what_has_no_figure_has_no_mark() {
        assert_eq!(interval(0.0, f64::NAN, 0.5, 0.6), "");
        assert!(interval(0.8, 0.85, 0.9, 1.0).contains("cx=\"50.0\""));
        assert!(!stacked(1.0, &[("a", 0.0)]).contains("NaN"));
    }
}
