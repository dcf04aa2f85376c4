//! The model's card (Mitchell et al. 2019, *Model Cards for Model Reporting*):
//! what it is, what it learned from, how good it is and where not, and how to
//! make it again. Written from the run, not by hand.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Session, Validated, dependency_versions};
use crate::evaluate::{Report, Summary};
use crate::model::{Model, TrainedOn};
use crate::train::PreparedPage;

/// Title of the last section, which is not the same each time.
const WHAT_IT_TOOK: &str = "## What it took";

/// What a card tells of.
pub(super) struct Card<'a> {
    pub model: &'a Model,
    /// Size of its file.
    pub bytes: usize,
    pub corpora: &'a [TrainedOn],
    pub pages: &'a [PreparedPage],
    pub measured: Option<&'a Validated>,
    pub sessions: &'a [Session],
}

/// The card as Markdown. All but its last section is the same for the same run.
pub(super) fn write(card: &Card<'_>) -> String {
    let sections = [
        what_it_is(card),
        learned_from(card),
        how_good(card),
        not_good_at(card),
        again(),
        what_it_took(card.sessions),
    ];
    sections.join("\n")
}

fn what_it_is(card: &Card<'_>) -> String {
    let provenance = &card.model.provenance;
    format!(
        "# Model card\n\n\
         `dehusk.model`, {} KB, tells the main content of web pages from their boilerplate: \
         for each block of a page it gives the probability of being content.\n\n\
         Learner: {}. Seed {}.\n\n\
         Use it with `dehusk extract --model dehusk.model`.\n",
        card.bytes.div_ceil(1_000),
        plain(&provenance.learner),
        provenance.seed,
    )
}

fn learned_from(card: &Card<'_>) -> String {
    let mut text = String::from(
        "## What it learned from\n\n\
         | corpus | pages | licence of the annotations | SHA-256 of pages and gold |\n\
         |---|---|---|---|\n",
    );
    for corpus in card.corpora {
        let TrainedOn {
            corpus,
            pages,
            sha256,
            licence,
        } = corpus;
        line(
            &mut text,
            format_args!(
                "| {} | {pages} | {} | `{sha256}` |",
                plain(corpus),
                plain(licence)
            ),
        );
    }
    let foreign = card.pages.iter().filter(|page| !page.has_its_gold());
    line(
        &mut text,
        format_args!(
            "\nPages that hold less than half of their gold text, and are not learned from: {}.",
            foreign.count()
        ),
    );
    for (what, counts) in [
        (
            "Languages",
            counts(card.pages, |p| p.labelled.lang.as_deref()),
        ),
        (
            "Page types",
            counts(card.pages, |p| p.labelled.page_type.as_deref()),
        ),
    ] {
        line(&mut text, format_args!("\n{what}: {counts}."));
    }
    text
}

/// Values by how many pages have them, most first.
fn counts<'p>(
    pages: &'p [PreparedPage],
    value: impl Fn(&'p PreparedPage) -> Option<&'p str>,
) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for page in pages {
        *counts.entry(value(page).unwrap_or("not told")).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
    let named: Vec<String> = counts
        .into_iter()
        .map(|(value, n)| format!("{} {n}", plain(value)))
        .collect();
    named.join(", ")
}

fn how_good(card: &Card<'_>) -> String {
    let mut text = String::from("## How good it is\n\n");
    let Some(measured) = card.measured else {
        text.push_str("Not measured: the run had no folds.\n");
        return text;
    };
    let report = &measured.report;
    line(
        &mut text,
        format_args!(
            "Out of fold: {} folds of whole registrable domains, each judged by a model that \
             learned from the others. Means over pages of word precision, recall and F1, with the \
             95 % interval over domains.\n\n\
             | | pages | precision | recall | F1 | 95 % interval |\n\
             |---|---|---|---|---|---|",
            measured.by_fold.len()
        ),
    );
    text.push_str(&row("all", &report.overall));
    for (kind, parts) in [
        ("corpus", &report.by_corpus),
        ("type", &report.by_page_type),
    ] {
        for (name, part) in parts {
            text.push_str(&row(&format!("{kind} {}", plain(name)), part));
        }
    }
    for (fold, part) in measured.by_fold.iter().enumerate() {
        text.push_str(&row(&format!("fold {fold}"), &part.overall));
    }
    if let Some(blocks) = &report.blocks {
        line(
            &mut text,
            format_args!(
                "\nBlocks, by words: AUC {}, calibration error {}, Brier score {}.",
                three(blocks.auc),
                three(blocks.calibration_error),
                three(blocks.brier_score)
            ),
        );
    }
    if measured.curve.iter().any(|p| p.held_out_loss.is_some()) {
        text.push_str("\n![Held-out loss by round, a line a fold](curves.svg)\n");
    }
    text
}

fn row(name: &str, summary: &Summary) -> String {
    let known = |value: f64| Some(value).filter(|value| value.is_finite());
    format!(
        "| {name} | {} | {} | {} | {} | {} to {} |\n",
        summary.pages,
        three(known(summary.precision)),
        three(known(summary.recall)),
        three(known(summary.f1.mean)),
        three(known(summary.f1.low)),
        three(known(summary.f1.high)),
    )
}

fn not_good_at(card: &Card<'_>) -> String {
    let mut text = String::from("## What it is not good at\n\n");
    if let Some(Validated { report, .. }) = card.measured {
        text.push_str(
            "The pages of lowest F1:\n\n| corpus | page | F1 | gold words | extracted |\n",
        );
        text.push_str("|---|---|---|---|---|\n");
        text.push_str(&worst(report));
        text.push('\n');
    }
    text.push_str(
        "Sites, languages and page types that the corpora do not hold it has not learned, and \
         the figures above say nothing of them.\n",
    );
    text
}

fn worst(report: &Report) -> String {
    let mut rows = String::new();
    for page in &report.worst {
        line(
            &mut rows,
            format_args!(
                "| {} | {} | {:.3} | {} | {} |",
                plain(&page.corpus),
                plain(&page.id),
                page.f1,
                page.gold_words,
                page.predicted_words
            ),
        );
    }
    rows
}

fn again() -> String {
    let mut text = String::from(
        "## Making it again\n\n\
         ```sh\ndehusk train --recipe recipe.toml --corpora DIR -o dehusk.model\n```\n\n\
         with the corpora below `DIR` as `recipe.toml` names them. The same build, corpora and \
         recipe give the same bytes, on any number of threads.\n\n\
         | crate | version |\n|---|---|\n",
    );
    for (name, version) in dependency_versions() {
        line(&mut text, format_args!("| {name} | {version} |"));
    }
    text
}

fn what_it_took(sessions: &[Session]) -> String {
    let mut text = format!(
        "{WHAT_IT_TOOK}\n\n\
         | session | seconds | of which | threads | peak memory | git commit |\n\
         |---|---|---|---|---|---|\n"
    );
    for (number, session) in sessions.iter().enumerate() {
        let stages: Vec<String> = session
            .stages
            .iter()
            .map(|stage| format!("{} {:.1}", stage.name, stage.seconds))
            .collect();
        let total: f64 = session.stages.iter().map(|stage| stage.seconds).sum();
        let memory = session
            .peak_memory_kib
            .map_or("not told".to_owned(), |kib| format!("{} MiB", kib >> 10));
        line(
            &mut text,
            format_args!(
                "| {} | {total:.1} | {} | {} | {memory} | {} |",
                number + 1,
                stages.join(", "),
                session.threads,
                session.git.as_deref().unwrap_or("none")
            ),
        );
    }
    text
}

fn three(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.3}"))
}

/// Text that breaks no table: a page's id may hold anything.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect::<String>()
        .replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace('<', "\\<")
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Format, LabelledPage, PageSource};
    use crate::evaluate::score_page;
    use crate::train::run::Stage;
    use crate::train::{CrossValidation, prepare};

    fn page(id: &str, lang: Option<&str>) -> LabelledPage {
        let source = PageSource::Inline(b"<p>The old stone bridge".to_vec());
        let mut page = LabelledPage::new(id, Format::Dehusk, source, "The old stone bridge");
        page.lang = lang.map(str::to_owned);
        page
    }

    fn card(measured: Option<&Validated>) -> String {
        let labelled = vec![
            page("a|b", Some("en")),
            page("c", Some("en")),
            page("d", None),
        ];
        write(&Card {
            model: Model::shipped(),
            bytes: 1_500,
            corpora: &Model::shipped().provenance.corpora,
            pages: &prepare(labelled, || {}).unwrap(),
            measured,
            sessions: &[Session {
                stages: vec![Stage {
                    name: "model".to_owned(),
                    seconds: 2.5,
                }],
                threads: 2,
                peak_memory_kib: None,
                git: None,
            }],
        })
    }

    #[test]
    fn a_card_tells_what_was_learned_from_and_what_was_found() {
        let scores = vec![score_page(&page("a|b", None), "The old")];
        let report = Report::new(scores, 1);
        let measured = Validated {
            validation: CrossValidation::new(&[0]),
            by_fold: vec![report.clone()],
            report,
            curve: Vec::new(),
            taken: 0,
        };
        let card = card(Some(&measured));
        for told in [
            "`dehusk.model`, 2 KB",
            "| wcxb | 1355 | CC-BY-4.0 |",
            "Languages: en 2, not told 1.",
            "| all | 1 | 1.000 | 0.500 | 0.667 |",
            "| fold 0 | 1 |",
            "| dehusk | a\\|b | 0.667 | 4 | 2 |",
            "| 1 | 2.5 | model 2.5 | 2 | not told | none |",
            "| linfa | 0.8",
        ] {
            assert!(card.contains(told), "{told}\n{card}");
        }
        assert!(!card.contains("curves.svg"));
    }

    #[test]
    fn without_folds_nothing_is_claimed() {
        let card = card(None);
        assert!(card.contains("Not measured"));
        assert!(!card.contains("lowest F1"));
    }
}
