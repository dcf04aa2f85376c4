//! Learning curves → `curves.csv` and a small drawing, `curves.svg`.

use std::fmt::Write;

use crate::train::{CurvePoint, Trees};

const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 240.0;
/// Left, top, right and bottom of a panel, for its names and numbers.
const MARGINS: [f64; 4] = [48.0, 28.0, 12.0, 36.0];

const STYLE: &str = "\
text{font:11px sans-serif;fill:#333}\
path{fill:none;stroke:#2563ab;stroke-width:1.2;stroke-opacity:.75}\
.axes{stroke:#999;stroke-width:1;stroke-opacity:1}\
@media(prefers-color-scheme:dark){text{fill:#ccc}path{stroke:#7fb3e8}.axes{stroke:#777}}";

/// One row a point, in the order given.
pub(super) fn csv(curve: &[CurvePoint]) -> String {
    let mut text = String::from("fold,trees,round,train_loss,held_out_loss\n");
    for point in curve {
        let held_out = point.held_out_loss.map(|loss| format!("{loss:.6}"));
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{},{},{},{:.6},{}",
            point.fold,
            name(point.trees),
            point.round,
            point.train_loss,
            held_out.unwrap_or_default()
        );
    }
    text
}

fn name(trees: Trees) -> &'static str {
    match trees {
        Trees::Sought => "sought",
        Trees::Drawn => "drawn",
        Trees::Article => "article",
    }
}

/// Held-out loss by round, a line a fold, a panel for each kind of trees; `None`
/// where nothing was held out.
pub(super) fn svg(curve: &[CurvePoint]) -> Option<String> {
    let panels: Vec<String> = [
        (Trees::Sought, "best thresholds"),
        (Trees::Drawn, "drawn thresholds"),
        (Trees::Article, "profile article, trees of its own"),
    ]
    .into_iter()
    .filter_map(|(trees, title)| {
        let points: Vec<&CurvePoint> = curve.iter().filter(|p| p.trees == trees).collect();
        panel(&points, title)
    })
    .collect();
    if panels.is_empty() {
        return None;
    }
    let width = WIDTH * panels.len() as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {HEIGHT}\" \
         width=\"{width}\" height=\"{HEIGHT}\" role=\"img\">\n\
         <title>Held-out loss by round, a line a fold</title>\n<style>{STYLE}</style>\n"
    );
    for (i, panel) in panels.iter().enumerate() {
        let _ = writeln!(
            svg,
            "<g transform=\"translate({} 0)\">\n{panel}</g>",
            WIDTH * i as f64
        );
    }
    svg.push_str("</svg>\n");
    Some(svg)
}

fn panel(points: &[&CurvePoint], title: &str) -> Option<String> {
    let losses = || points.iter().filter_map(|point| point.held_out_loss);
    let (least, most) = (losses().reduce(f64::min)?, losses().reduce(f64::max)?);
    let rounds = points.iter().map(|point| point.round).max()?;
    let [left, top, right, bottom] = MARGINS;
    let (wide, high) = (WIDTH - left - right, HEIGHT - top - bottom);
    let x = |round: usize| left + wide * (round as f64 - 1.0) / (rounds.max(2) as f64 - 1.0);
    // A flat line lies on the floor.
    let span = (most - least).max(1e-6);
    let y = |loss: f64| top + high * (1.0 - (loss - least) / span);

    let (floor, end) = (top + high, left + wide);
    let middle = left + wide / 2.0;
    let mut panel = format!(
        "<text x=\"{left}\" y=\"16\">{title}</text>\n\
         <path class=\"axes\" d=\"M{left} {top}V{floor}H{end}\"/>\n\
         <text x=\"{0}\" y=\"{1}\" text-anchor=\"end\">{most:.3}</text>\n\
         <text x=\"{0}\" y=\"{floor}\" text-anchor=\"end\">{least:.3}</text>\n\
         <text x=\"{left}\" y=\"{2}\">1</text>\n\
         <text x=\"{end}\" y=\"{2}\" text-anchor=\"end\">{rounds}</text>\n\
         <text x=\"{middle}\" y=\"{2}\" text-anchor=\"middle\">round</text>\n",
        left - 5.0,
        top + 8.0,
        floor + 16.0,
    );
    let mut folds: Vec<usize> = points.iter().map(|point| point.fold).collect();
    folds.dedup();
    for fold in folds {
        let mut path = String::new();
        for point in points.iter().filter(|point| point.fold == fold) {
            if let Some(loss) = point.held_out_loss {
                let pen = if path.is_empty() { 'M' } else { 'L' };
                let _ = write!(path, "{pen}{:.1} {:.1}", x(point.round), y(loss));
            }
        }
        let _ = writeln!(
            panel,
            "<path d=\"{path}\"><title>fold {fold}</title></path>"
        );
    }
    Some(panel)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(fold: usize, trees: Trees, round: usize, loss: f64) -> CurvePoint {
        CurvePoint {
            fold,
            trees,
            round,
            train_loss: 0.25,
            held_out_loss: Some(loss),
        }
    }

    #[test]
    fn every_point_is_a_row() {
        let mut silent = point(1, Trees::Article, 7, 0.0);
        silent.held_out_loss = None;
        assert_eq!(
            csv(&[point(0, Trees::Sought, 1, 0.5), silent]),
            "fold,trees,round,train_loss,held_out_loss\n\
             0,sought,1,0.250000,0.500000\n\
             1,article,7,0.250000,\n"
        );
    }

    #[test]
    fn a_line_goes_from_the_highest_loss_to_the_lowest() {
        let curve = [
            point(0, Trees::Sought, 1, 0.6),
            point(0, Trees::Sought, 2, 0.2),
            point(1, Trees::Sought, 1, 0.4),
            point(1, Trees::Sought, 2, 0.4),
        ];
        let drawn = svg(&curve).unwrap();
        assert!(
            drawn.contains("d=\"M48.0 28.0L308.0 204.0\"><title>fold 0<"),
            "{drawn}"
        );
        assert!(
            drawn.contains("d=\"M48.0 116.0L308.0 116.0\"><title>fold 1<"),
            "{drawn}"
        );
        assert_eq!(drawn.matches("<g ").count(), 1);
        let both = [curve[0], point(0, Trees::Article, 1, 0.3)];
        assert_eq!(svg(&both).unwrap().matches("<g ").count(), 2);
    }

    #[test]
    fn without_a_held_out_loss_there_is_no_drawing() {
        assert_eq!(svg(&[]), None);
        let mut silent = point(0, Trees::Sought, 1, 0.0);
        silent.held_out_loss = None;
        assert_eq!(svg(&[silent]), None);
    }
}
