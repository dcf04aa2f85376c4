//! How often title, authors and date are right, where the corpora have gold for
//! them.

use std::fmt::{self, Write};

use super::chart::interval;
use super::figures::head;
use super::text::{count, figure};
use crate::evaluate::{FieldSummaries, MetadataReport, Study};

pub(super) fn write(out: &mut String, study: &Study) -> fmt::Result {
    let Some(metadata) = &study.report.metadata else {
        return Ok(());
    };
    out.push_str(
        "<section id=\"metadata\">\n<h2>Metadata</h2>\n\
         <p>Of each field only the pages count that have gold for it. Precision is of the values \
         that are told, recall of those that are wanted, and F1 their harmonic mean, with an \
         interval of 95 % that resamples whole sites. Titles are compared by their words, and \
         words F1 is the mean overlap of these; authors by their names; dates by their \
         day.</p>\n",
    );
    let least = least(metadata);
    table(out, "All pages", &metadata.overall, least)?;
    if metadata.by_corpus.len() > 1 {
        for (corpus, fields) in &metadata.by_corpus {
            table(out, corpus, fields, least)?;
        }
    }
    out.push_str("</section>\n");
    Ok(())
}

/// Down to a round figure, so that intervals near 1 can be told apart.
fn least(metadata: &MetadataReport) -> f64 {
    let all = metadata.by_corpus.values().chain([&metadata.overall]);
    let lows = all.flat_map(|fields| fields.fields().map(|(_, field)| field.f1.low));
    (lows.fold(0.9, f64::min) * 10.0).floor() / 10.0
}

fn table(out: &mut String, title: &str, fields: &FieldSummaries, least: f64) -> fmt::Result {
    let names = [
        "pages",
        "F1",
        "95 % interval",
        "",
        "precision",
        "recall",
        "told",
        "words F1",
    ];
    head(out, "Metadata: ", title, "field", &names, least)?;
    for (name, field) in fields.fields() {
        let f1 = &field.f1;
        writeln!(
            out,
            "<tr><th scope=\"row\">{name}</th><td class=\"n\">{}</td>\
             <td class=\"n\"><strong>{}</strong></td><td class=\"n\">{} to {}</td><td>{}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td></tr>",
            count(field.pages),
            figure(f1.mean),
            figure(f1.low),
            figure(f1.high),
            interval(least, f1.low, f1.mean, f1.high),
            figure(field.precision),
            figure(field.recall),
            count(field.told),
            figure(field.words_f1)
        )?;
    }
    out.push_str("</tbody></table></div>\n");
    Ok(())
}
