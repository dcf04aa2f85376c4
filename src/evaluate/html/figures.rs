//! Means with their intervals by group of pages, and pages by their F1.

use std::cmp::Reverse;
use std::fmt::{self, Write};

use super::chart::{Axis, Chart, Mark, interval};
use super::text::{Text, count, counted, figure};
use crate::evaluate::{Study, Summary};

/// Groups of one kind that the page shows; of more, those of most pages.
const MOST_GROUPS: usize = 40;

pub(super) fn write(out: &mut String, study: &Study) -> fmt::Result {
    out.push_str(
        "<section id=\"metrics\">\n<h2>Metrics</h2>\n\
         <p>Word precision, recall and F1 are means over pages. The interval of 95 % resamples \
         whole sites; it says how far other sites would differ, where there are many. \
         With and without are shares of snippets: of those that must be there and are, and of \
         those that must not and are not.</p>\n",
    );
    let all = study.report.groups();
    let lows = all
        .iter()
        .flat_map(|(_, parts)| parts.iter().map(|(_, part)| part.f1.low));
    // Down to a round figure, so that intervals near 1 can be told apart.
    let least = (lows.fold(0.9, f64::min) * 10.0).floor() / 10.0;
    for (title, mut parts) in all {
        let groups = parts.len();
        keep_largest(&mut parts, |(_, part)| part.pages);
        table(out, title, &parts, least)?;
        if parts.len() < groups {
            writeln!(
                out,
                "<p class=\"note\">{}, none with more pages, in <code>summaries.csv</code> only.</p>",
                counted(groups - parts.len(), "more group")
            )?;
        }
    }
    histogram(out, study)?;
    out.push_str("</section>\n");
    Ok(())
}

/// Keeps the [`MOST_GROUPS`] of most pages, of equals those that come first, in
/// the order that they have.
fn keep_largest<T>(groups: &mut Vec<T>, pages: impl Fn(&T) -> usize) {
    let mut largest: Vec<usize> = (0..groups.len()).collect();
    largest.sort_by_key(|&at| Reverse(pages(&groups[at])));
    let mut is_kept = vec![false; groups.len()];
    for &at in largest.iter().take(MOST_GROUPS) {
        is_kept[at] = true;
    }
    let mut is_kept = is_kept.into_iter();
    groups.retain(|_| is_kept.next().unwrap_or(false));
}

/// The head of a table of means: its columns by `names`, with a scale of intervals
/// from `least` to 1 for the one without a name. `of` stands before the caption
/// where the table is named to who cannot see it.
pub(super) fn head(
    out: &mut String,
    of: &str,
    caption: &str,
    first: &str,
    names: &[&str],
    least: f64,
) -> fmt::Result {
    let caption = Text(caption);
    write!(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{of}{caption}\">\
         <table class=\"summaries\">\n<caption>{caption}</caption>\n<thead><tr>\
         <th scope=\"col\">{first}</th>"
    )?;
    for name in names {
        if name.is_empty() {
            write!(out, "<td class=\"scale\">{least} to 1</td>")?;
        } else {
            write!(out, "<th scope=\"col\" class=\"n\">{name}</th>")?;
        }
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    Ok(())
}

fn table(out: &mut String, title: &str, parts: &[(String, &Summary)], least: f64) -> fmt::Result {
    let caption = match title {
        "all" => "All pages".to_owned(),
        title => format!("By {title}"),
    };
    let first = if title == "all" { "pages" } else { title };
    let names = [
        "pages",
        "F1",
        "95 % interval",
        "",
        "precision",
        "recall",
        "ROUGE\u{2011}L",
        "edit similarity",
        "shingle F1",
        "with",
        "without",
    ];
    head(out, "", &caption, first, &names, least)?;
    for (name, part) in parts {
        let Summary {
            f1,
            precision,
            recall,
            ..
        } = part;
        writeln!(
            out,
            "<tr><th scope=\"row\"><bdi>{}</bdi></th><td class=\"n\">{}</td>\
             <td class=\"n\"><strong>{}</strong></td><td class=\"n\">{} to {}</td><td>{}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td></tr>",
            Text(name),
            count(part.pages),
            figure(f1.mean),
            figure(f1.low),
            figure(f1.high),
            interval(least, f1.low, f1.mean, f1.high),
            figure(*precision),
            figure(*recall),
            figure(part.rouge_l_f1),
            figure(part.edit_similarity),
            figure(part.shingles.f1),
            figure(part.with),
            figure(part.without)
        )?;
    }
    out.push_str("</tbody></table></div>\n");
    Ok(())
}

fn histogram(out: &mut String, study: &Study) -> fmt::Result {
    let bins = &study.f1_histogram;
    let most = bins.iter().map(|bin| bin.pages).max().unwrap_or(0);
    let pages = &study.report.pages;
    let under = |f1: f64| pages.iter().filter(|page| page.f1 < f1).count();
    let chart = Chart {
        id: "f1-histogram",
        title: "Pages by word F1",
        description: format!(
            "Of {}, {} have an F1 under 0.5 and {} one of 0.9 and more.",
            counted(pages.len(), "page"),
            count(under(0.5)),
            count(pages.len() - under(0.9))
        ),
        x: Axis::share("word F1"),
        y: Axis::counts("pages", most),
        marks: bins
            .iter()
            .filter(|bin| bin.pages > 0)
            .map(|bin| {
                let says = format!(
                    "F1 {:.2} to {:.2}: {}",
                    bin.low,
                    bin.high,
                    counted(bin.pages, "page")
                );
                Mark::Bar("bar", (bin.low, bin.high), bin.pages as f64, says)
            })
            .collect(),
    };
    write!(out, "<div class=\"charts\">{chart}</div>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_group_is_shown_whatever_ties_stand_before_it() {
        let mut groups: Vec<(String, usize)> = (0..100).map(|i| (format!("a{i:02}"), 1)).collect();
        groups.push(("zz".to_owned(), 1000));
        keep_largest(&mut groups, |(_, pages)| *pages);
        let names: Vec<&str> = groups.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names.len(), MOST_GROUPS);
        assert_eq!((names[0], names[38], names[39]), ("a00", "a38", "zz"));
    }

    #[test]
    fn few_groups_are_all_shown() {
        let mut groups = vec![3, 0, 7];
        keep_largest(&mut groups, |&pages| pages);
        assert_eq!(groups, [3, 0, 7]);
    }
}
