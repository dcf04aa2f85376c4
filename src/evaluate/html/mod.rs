//! A [`Study`] → one page of HTML that needs nothing else.
//!
//! No script, no image, no font and no request: style and charts stand in the
//! page, and its content security policy forbids the rest, so that text of
//! hostile pages cannot load or run anything even if it got past [`text`].
//! [`figures`] writes the tables of metrics, [`model`] what is known of the
//! model's blocks and columns, [`pages`] the pages to be looked at.

mod chart;
mod figures;
mod metadata;
mod model;
mod pages;
mod text;

use std::fmt::{self, Write};

use super::Study;
use text::{Text, count, counted, figure};

/// The page; `files` are the names of the files beside it.
pub(super) fn page(study: &Study, files: &[&str]) -> Result<String, fmt::Error> {
    let mut out = String::new();
    let title = format!("Evaluation of {}", study.subject.extractor);
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{}</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n{}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the figures</a>\n",
        Text(&title),
        include_str!("style.css")
    )?;
    head(&mut out, study, &title)?;
    out.push_str("<main id=\"main\">\n");
    figures::write(&mut out, study)?;
    metadata::write(&mut out, study)?;
    model::write(&mut out, study)?;
    pages::write(&mut out, study)?;
    measured(&mut out, study)?;
    data(&mut out, study, files)?;
    out.push_str("</main>\n</body>\n</html>\n");
    Ok(out)
}

/// The title, the figures that matter most, and what is where.
fn head(out: &mut String, study: &Study, title: &str) -> fmt::Result {
    let all = &study.report.overall;
    write!(
        out,
        "<header>\n<h1>{}</h1>\n<dl class=\"tiles\">\n",
        Text(title)
    )?;
    let mut tiles = vec![
        (
            "word F1",
            figure(all.f1.mean),
            format!(
                "95 % interval {} to {}",
                figure(all.f1.low),
                figure(all.f1.high)
            ),
        ),
        (
            "precision",
            figure(all.precision),
            "of the words extracted".to_owned(),
        ),
        ("recall", figure(all.recall), "of the gold words".to_owned()),
        ("pages", count(all.pages), sites(study)),
    ];
    if let Some(blocks) = &study.report.blocks {
        tiles.push(("block AUC", figure(blocks.auc), "by words".to_owned()));
        tiles.push((
            "calibration error",
            figure(blocks.calibration_error),
            "by words".to_owned(),
        ));
    }
    for (name, value, note) in tiles {
        writeln!(
            out,
            "<div><dt>{name}</dt><dd><strong>{value}</strong> <span>{note}</span></dd></div>"
        )?;
    }
    out.push_str("</dl>\n");
    let known = study.subject.learned_from();
    if !known.is_empty() {
        writeln!(
            out,
            "<p class=\"warning\"><strong>These figures may flatter.</strong> The model has learned \
             from pages of {}; unless these were held out, measure it out of fold \
             (<code>--cv 5</code>), or on other pages.</p>",
            Text(&known.join(", "))
        )?;
    }
    let missing = study.report.missing.len();
    if missing > 0 {
        writeln!(
            out,
            "<p class=\"warning\"><strong>{} no prediction</strong> and count as empty.</p>",
            if missing == 1 {
                "1 page has".to_owned()
            } else {
                format!("{} pages have", count(missing))
            }
        )?;
    }
    out.push_str("<nav aria-label=\"Sections\"><ul>\n");
    for (id, name) in [
        ("metrics", "Metrics"),
        ("metadata", "Metadata"),
        ("blocks", "Blocks"),
        ("tags", "By tag"),
        ("importance", "Feature importance"),
        ("worst", "Worst pages"),
        ("coverage", "Low label coverage"),
        ("measured", "What was measured"),
        ("data", "Data"),
    ] {
        if id != "metadata" || study.report.metadata.is_some() {
            writeln!(out, "<li><a href=\"#{id}\">{name}</a></li>")?;
        }
    }
    out.push_str("</ul></nav>\n</header>\n");
    Ok(())
}

fn sites(study: &Study) -> String {
    let groups: std::collections::BTreeSet<&str> = study
        .report
        .pages
        .iter()
        .map(|page| page.group.as_str())
        .collect();
    format!("of {}", counted(groups.len(), "site"))
}

/// What was measured, and by what: enough to do it again.
fn measured(out: &mut String, study: &Study) -> fmt::Result {
    let subject = &study.subject;
    out.push_str("<section id=\"measured\">\n<h2>What was measured</h2>\n<dl class=\"facts\">\n");
    let mut facts = vec![
        ("Extractor", subject.extractor.clone()),
        ("Command", subject.command.clone()),
        (
            "Versions",
            subject
                .versions
                .iter()
                .map(|(name, version)| format!("{name} {version}"))
                .collect::<Vec<_>>()
                .join(", "),
        ),
        ("Seed of intervals and draws", study.report.seed.to_string()),
    ];
    if let Some(sha256) = &subject.model_sha256 {
        facts.push(("Model file, SHA-256", sha256.clone()));
    }
    if let Some(provenance) = &subject.provenance {
        let corpora: Vec<String> = provenance
            .corpora
            .iter()
            .map(|corpus| format!("{} ({})", corpus.corpus, counted(corpus.pages, "page")))
            .collect();
        facts.push(("Model trained by", provenance.command.clone()));
        facts.push(("Model trained on", corpora.join(", ")));
        facts.push(("Learner", provenance.learner.clone()));
    }
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        let class = if name.starts_with("Command") {
            " class=\"command\""
        } else {
            ""
        };
        writeln!(out, "<dt>{name}</dt><dd{class}>{}</dd>", Text(value))?;
    }
    out.push_str(
        "</dl>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Corpora\"><table>\n\
         <caption>Corpora</caption>\n<thead><tr><th scope=\"col\">corpus</th>\
         <th scope=\"col\" class=\"n\">pages</th><th scope=\"col\">licence of the annotations</th>\
         <th scope=\"col\">SHA-256 of pages and gold texts</th></tr></thead>\n<tbody>\n",
    );
    for corpus in &subject.corpora {
        writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td>{}</td><td class=\"hash\">{}</td></tr>",
            Text(&corpus.corpus),
            count(corpus.pages),
            Text(&corpus.licence),
            Text(&corpus.sha256)
        )?;
    }
    out.push_str("</tbody></table></div>\n</section>\n");
    Ok(())
}

fn data(out: &mut String, study: &Study, files: &[&str]) -> fmt::Result {
    let of_shown = match study.blocks {
        Some(_) => "; blocks are there only for the pages shown",
        None => "",
    };
    writeln!(
        out,
        "<section id=\"data\">\n<h2>Data</h2>\n<p>Beside this page lie the same figures, for every \
         page and not only for those shown here{of_shown}:</p>\n<ul class=\"files\">"
    )?;
    for name in files {
        writeln!(out, "<li><a href=\"{name}\">{name}</a></li>")?;
    }
    out.push_str("</ul>\n</section>\n");
    Ok(())
}
