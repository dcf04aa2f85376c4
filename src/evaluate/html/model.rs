//! What is known of the model's blocks and columns: curves, words by tag,
//! importance.

use std::fmt::{self, Write};

use super::chart::{Axis, Chart, Mark, stacked};
use super::text::{Text, count, counted, figure};
use crate::evaluate::{
    BlockStudy, Importance, PrecisionRecall, ReliabilityBin, Study, TagConfusion, Worth,
};
use crate::feature;

/// Tags, columns and groups that the page shows.
const MOST_ROWS: usize = 25;

pub(super) fn write(out: &mut String, study: &Study) -> fmt::Result {
    out.push_str("<section id=\"blocks\">\n<h2>Blocks</h2>\n");
    let Some(blocks) = &study.blocks else {
        out.push_str(
            "<p class=\"note\">Only texts were measured: what extracted them says nothing of \
             blocks, so there are no curves.</p>\n</section>\n\
             <section id=\"tags\">\n<h2>Content and boilerplate by tag</h2>\n\
             <p class=\"note\">Only texts were measured.</p>\n</section>\n\
             <section id=\"importance\">\n<h2>Feature importance</h2>\n\
             <p class=\"note\">Only texts were measured.</p>\n</section>\n",
        );
        return Ok(());
    };
    curves(out, study, blocks)?;
    out.push_str("</section>\n");
    tags(out, &blocks.by_tag)?;
    out.push_str("<section id=\"importance\">\n<h2>Feature importance</h2>\n");
    match &blocks.importance {
        Some(importance) => worths(out, importance)?,
        None => out.push_str(
            "<p class=\"note\">No one model judged all pages (each fold was judged by one of its \
             own), or no page has words and its own gold text. Measure one model to see what its \
             columns are worth.</p>\n",
        ),
    }
    out.push_str("</section>\n");
    Ok(())
}

fn curves(out: &mut String, study: &Study, blocks: &BlockStudy) -> fmt::Result {
    if let Some(summary) = &study.report.blocks {
        writeln!(
            out,
            "<p>{}, by words: AUC {}, expected calibration error {}, Brier score {}.</p>",
            counted(summary.blocks, "block"),
            figure(summary.auc),
            figure(summary.calibration_error),
            figure(summary.brier_score)
        )?;
    }
    out.push_str("<div class=\"charts\">\n");
    match &blocks.precision_recall {
        Some(curve) => write!(out, "{}", precision_recall(study, curve))?,
        None => {
            out.push_str("<p class=\"note\">No word is content: no precision–recall curve.</p>")
        }
    }
    write!(out, "{}", reliability(&blocks.reliability))?;
    out.push_str("</div>\n");
    Ok(())
}

fn precision_recall(study: &Study, curve: &PrecisionRecall) -> Chart {
    let mut marks = vec![Mark::Line(
        "line",
        curve
            .points
            .iter()
            .map(|p| (p.recall, p.precision))
            .collect(),
    )];
    let mut description = format!(
        "Precision against recall of words for every threshold; average precision {}.",
        figure(curve.average_precision)
    );
    if let Some(kept) = study
        .report
        .blocks
        .as_ref()
        .and_then(|blocks| blocks.overlap)
    {
        let says = format!(
            "What is kept has precision {} and recall {}.",
            figure(kept.precision),
            figure(kept.recall)
        );
        description.push_str(&format!(" The point: {says}"));
        marks.push(Mark::Point(
            "point",
            (kept.recall, kept.precision),
            5.0,
            says,
        ));
    }
    Chart {
        id: "precision-recall",
        title: "Precision and recall of blocks, by words",
        description,
        x: Axis::share("recall"),
        y: Axis::share("precision"),
        marks,
    }
}

fn reliability(bins: &[ReliabilityBin]) -> Chart {
    let most = bins.iter().map(|bin| bin.words).fold(0.0, f64::max);
    let mut marks = vec![
        Mark::Line("diagonal", vec![(0.0, 0.0), (1.0, 1.0)]),
        Mark::Line(
            "line",
            bins.iter().map(|b| (b.probability, b.content)).collect(),
        ),
    ];
    marks.extend(bins.iter().map(|bin| {
        let says = format!(
            "Probability {:.2} to {:.2}: {} of {} words are content, {} were expected",
            bin.low,
            bin.high,
            figure(bin.content),
            count(bin.words as usize),
            figure(bin.probability)
        );
        let radius = 2.5 + 6.0 * (bin.words / most).sqrt();
        Mark::Point("point", (bin.probability, bin.content), radius, says)
    }));
    Chart {
        id: "reliability",
        title: "Reliability of probabilities, by words",
        description: "How much is content of what was said to be content with a probability. On \
                      the dashed diagonal all is as it was said; below it the model is too sure of \
                      content. Points are larger where there are more words."
            .to_owned(),
        x: Axis::share("probability"),
        y: Axis::share("share that is content"),
        marks,
    }
}

fn tags(out: &mut String, tags: &[TagConfusion]) -> fmt::Result {
    out.push_str(
        "<section id=\"tags\">\n<h2>Content and boilerplate by tag</h2>\n\
         <p>Words of blocks by the block-level element they stand under.</p>\n\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Words by tag\"><table>\n\
         <caption>Words by tag</caption>\n<thead><tr><th scope=\"col\">tag</th>\
         <th scope=\"col\" class=\"n\">blocks</th><th scope=\"col\" class=\"n\">words</th>\
         <th scope=\"col\" class=\"n\"><i class=\"key kept\"></i>content kept</th>\
         <th scope=\"col\" class=\"n\"><i class=\"key wrongly-kept\"></i>boilerplate kept</th>\
         <th scope=\"col\" class=\"n\"><i class=\"key missed\"></i>content missed</th>\
         <th scope=\"col\" class=\"n\"><i class=\"key left\"></i>boilerplate left</th>\
         <th scope=\"col\" class=\"n\">wrong</th><td></td></tr></thead>\n<tbody>\n",
    );
    let words = |n: f64| count(n.round() as usize);
    for tag in tags.iter().take(MOST_ROWS) {
        let bar = stacked(
            1.0,
            &[
                ("kept", tag.kept_content),
                ("wrongly-kept", tag.kept_boilerplate),
                ("missed", tag.left_content),
                ("left", tag.left_boilerplate),
            ],
        );
        writeln!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th><td class=\"n\">{}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{:.1} %</td><td>{bar}</td></tr>",
            Text(&tag.tag),
            count(tag.blocks),
            words(tag.words()),
            words(tag.kept_content),
            words(tag.kept_boilerplate),
            words(tag.left_content),
            words(tag.left_boilerplate),
            100.0 * tag.wrong() / tag.words().max(1.0)
        )?;
    }
    out.push_str("</tbody></table></div>\n");
    not_shown(out, tags.len(), "tag", "blocks-by-tag.csv")?;
    out.push_str("</section>\n");
    Ok(())
}

fn worths(out: &mut String, importance: &Importance) -> fmt::Result {
    let whole = &importance.whole;
    writeln!(
        out,
        "<p>On {} of {}. <strong>Permutation</strong>: by how much the model gets worse when a \
         column’s values are dealt anew among these blocks (mean of {} deals), from a log loss of \
         {}, an AUC of {} and an F1 of {}. <strong>Gain</strong>: its share of what the model’s \
         questions gain on these blocks. A column that says what another says too looks worthless \
         by permutation: look at the groups.</p>",
        counted(importance.rows, "block"),
        counted(importance.pages, "page"),
        crate::evaluate::SHUFFLES,
        figure(whole.log_loss),
        figure(whole.auc),
        figure(whole.f1)
    )?;
    worth_table(out, "Groups of columns", &importance.groups)?;
    not_shown(out, importance.groups.len(), "group", "importance.csv")?;
    worth_table(out, "Columns", &importance.columns)?;
    not_shown(out, importance.columns.len(), "column", "importance.csv")
}

fn worth_table(out: &mut String, caption: &str, worths: &[Worth]) -> fmt::Result {
    write!(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\"><table \
         class=\"worths\">\n<caption>{caption}</caption>\n<thead><tr><th scope=\"col\">name</th>\
         <th scope=\"col\" class=\"n\">log loss rises by</th><td></td>\
         <th scope=\"col\" class=\"n\">AUC falls by</th>\
         <th scope=\"col\" class=\"n\">page F1 falls by</th>\
         <th scope=\"col\" class=\"n\">gain</th><td></td></tr></thead>\n<tbody>\n"
    )?;
    let most =
        |value: fn(&Worth) -> f64| worths.iter().map(value).fold(f64::MIN_POSITIVE, f64::max);
    let (most_loss, most_gain) = (most(|w| w.log_loss), most(|w| w.gain));
    for worth in worths.iter().take(MOST_ROWS) {
        let about = feature::schema()
            .iter()
            .find(|feature| feature.name == worth.name)
            .map(|feature| format!("<small>{}</small>", Text(feature.about)));
        writeln!(
            out,
            "<tr><th scope=\"row\"><code>{}</code>{}</th><td class=\"n\">{:.4}</td><td>{}</td>\
             <td class=\"n\">{:.4}</td><td class=\"n\">{:.4}</td>\
             <td class=\"n\">{:.1} %</td><td>{}</td></tr>",
            Text(&worth.name),
            about.unwrap_or_default(),
            unsigned_zero(worth.log_loss),
            stacked(worth.log_loss.max(0.0) / most_loss, &[("loss", 1.0)]),
            unsigned_zero(worth.auc),
            unsigned_zero(worth.f1),
            100.0 * worth.gain.max(0.0),
            stacked(worth.gain.max(0.0) / most_gain, &[("gain", 1.0)])
        )?;
    }
    out.push_str("</tbody></table></div>\n");
    Ok(())
}

/// 0 for what four digits show as −0.
fn unsigned_zero(value: f64) -> f64 {
    if value.abs() < 0.000_05 { 0.0 } else { value }
}

fn not_shown(out: &mut String, all: usize, what: &str, file: &str) -> fmt::Result {
    if all > MOST_ROWS {
        let more = counted(all - MOST_ROWS, &format!("more {what}"));
        writeln!(
            out,
            "<p class=\"note\">{more} in <code>{file}</code> only.</p>"
        )?;
    }
    Ok(())
}
