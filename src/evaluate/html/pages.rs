//! The worst pages, block by block, and the pages whose gold text they lack.

use std::fmt::{self, Write};

use super::text::{Text, count, counted, figure, followable};
use crate::evaluate::{
    Excerpt, LOW_COVERAGE, LowCoverage, Outcome, PageScore, ShownBlock, ShownPage, Study,
};

/// Pages of low coverage that the page lists.
const MOST_LISTED: usize = 100;

/// Blocks rightly left, one after another, that are shown as one line.
const RUN: usize = 4;

pub(super) fn write(out: &mut String, study: &Study) -> fmt::Result {
    worst(out, study)?;
    out.push_str("<section id=\"coverage\">\n<h2>Low label coverage</h2>\n");
    match &study.blocks {
        Some(blocks) => low_coverage(out, study, &blocks.low_coverage)?,
        None => out.push_str(
            "<p class=\"note\">Only texts were measured: how much of its gold text a page holds \
             is not known.</p>\n",
        ),
    }
    out.push_str("</section>\n");
    Ok(())
}

fn worst(out: &mut String, study: &Study) -> fmt::Result {
    write!(
        out,
        "<section id=\"worst\">\n<h2>Worst pages</h2>\n<p>The {} of lowest word F1, of {}, worst \
         first.",
        counted(study.worst.len(), "page"),
        count(study.report.pages.len())
    )?;
    if study.blocks.is_some() {
        out.push_str(
            " Pages that lack part of their gold text stand in a \
             <a href=\"#coverage\">list of their own</a>.",
        );
    }
    out.push_str("</p>\n");
    if study.blocks.is_some() {
        out.push_str("<ul class=\"legend\" aria-label=\"Outcomes of blocks\">\n");
        for (outcome, meaning) in [
            (Outcome::Kept, "content, in the output"),
            (Outcome::WronglyKept, "boilerplate, in the output"),
            (Outcome::Missed, "content, not in the output"),
            (Outcome::Left, "boilerplate, not in the output"),
        ] {
            writeln!(
                out,
                "<li class=\"{}\"><strong>{}</strong> {meaning}</li>",
                class(outcome),
                outcome.name()
            )?;
        }
        out.push_str("</ul>\n");
    }
    for (rank, shown) in study.worst.iter().enumerate() {
        page(out, rank, shown, &study.report.pages[shown.page])?;
    }
    out.push_str("</section>\n");
    Ok(())
}

fn class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Kept => "kept",
        Outcome::WronglyKept => "wrongly-kept",
        Outcome::Missed => "missed",
        Outcome::Left => "left",
    }
}

fn page(out: &mut String, rank: usize, shown: &ShownPage, score: &PageScore) -> fmt::Result {
    let open = if rank == 0 { " open" } else { "" };
    let known = [&score.page_type, &score.language];
    let known: Vec<&str> = known.into_iter().flatten().map(String::as_str).collect();
    writeln!(
        out,
        "<details class=\"page\"{open}><summary><h3><span class=\"f1\">F1 {}</span> \
         <bdi>{}:{}</bdi></h3><span class=\"note\">{}</span></summary>",
        figure(score.f1),
        Text(&score.corpus),
        Text(&score.id),
        Text(&known.join(", "))
    )?;
    if let Some(url) = &shown.url {
        match followable(url) {
            Some(href) => writeln!(
                out,
                "<p class=\"url\"><a href=\"{}\" rel=\"noopener noreferrer nofollow\"><bdi>{}</bdi></a></p>",
                Text(&href),
                Text(url)
            )?,
            None => writeln!(out, "<p class=\"url\"><bdi>{}</bdi></p>", Text(url))?,
        }
    }
    out.push_str("<dl class=\"inline\">");
    for (name, value) in [
        ("precision", figure(score.precision)),
        ("recall", figure(score.recall)),
        ("gold words", count(score.gold_words)),
        ("extracted words", count(score.predicted_words)),
        ("expected F1", figure(score.quality)),
        ("label coverage", figure(score.coverage)),
    ] {
        write!(out, "<div><dt>{name}</dt><dd>{value}</dd></div>")?;
    }
    out.push_str("</dl>\n<div class=\"pair\">");
    excerpt(out, "Gold text", &shown.gold)?;
    excerpt(out, "Output", &shown.output)?;
    out.push_str("</div>\n");
    if !shown.blocks.is_empty() {
        blocks(out, shown)?;
    }
    out.push_str("</details>\n");
    Ok(())
}

fn excerpt(out: &mut String, name: &str, excerpt: &Excerpt) -> fmt::Result {
    write!(out, "<div><h4>{name}</h4>")?;
    if excerpt.text.trim().is_empty() {
        out.push_str("<p class=\"note\">No text.</p>");
    } else {
        write!(
            out,
            "<div class=\"text\" dir=\"auto\" tabindex=\"0\" role=\"region\" \
             aria-label=\"{name}\">{}</div>",
            Text(&excerpt.text)
        )?;
    }
    more(out, excerpt.more)?;
    out.push_str("</div>");
    Ok(())
}

fn more(out: &mut String, characters: usize) -> fmt::Result {
    if characters > 0 {
        let more = counted(characters, "more character");
        write!(out, "<p class=\"note\">{more} not shown.</p>")?;
    }
    Ok(())
}

fn blocks(out: &mut String, shown: &ShownPage) -> fmt::Result {
    out.push_str("<h4>Blocks</h4>\n<ol class=\"blocks\">\n");
    // Single blocks, and runs of those that were rightly left.
    let follows = |a: &ShownBlock, b: &ShownBlock| {
        a.outcome == Outcome::Left && b.outcome == Outcome::Left && b.order == a.order + 1
    };
    for run in shown.blocks.chunk_by(follows) {
        if run.len() >= RUN {
            run_of_left(out, run)?;
        } else {
            for shown in run {
                block(out, shown)?;
            }
        }
    }
    out.push_str("</ol>\n");
    if shown.blocks_left_out > 0 {
        writeln!(
            out,
            "<p class=\"note\">{} with the fewest wrong words not shown.</p>",
            counted(shown.blocks_left_out, "more block")
        )?;
    }
    Ok(())
}

fn block(out: &mut String, block: &ShownBlock) -> fmt::Result {
    write!(
        out,
        "<li class=\"{}\"><p class=\"facts\"><strong>{}</strong> probability {:.2}, label {:.2}, \
         {}, <code>{}</code></p><p class=\"text\" dir=\"auto\">{}</p>",
        class(block.outcome),
        block.outcome.name(),
        block.probability,
        block.label,
        counted(block.words, "word"),
        Text(&block.tag),
        Text(&block.text.text)
    )?;
    more(out, block.text.more)?;
    out.push_str("</li>\n");
    Ok(())
}

fn run_of_left(out: &mut String, run: &[ShownBlock]) -> fmt::Result {
    let words: usize = run.iter().map(|block| block.words).sum();
    let most = run
        .iter()
        .map(|block| block.probability)
        .fold(0.0, f32::max);
    let texts: Vec<&str> = run.iter().map(|block| block.text.text.as_str()).collect();
    let excerpt = Excerpt::of(&texts.join(" · "), 200);
    let cut = if excerpt.more > 0 { "…" } else { "" };
    writeln!(
        out,
        "<li class=\"left\"><p class=\"facts\"><strong>{} left</strong> probability at most {most:.2}, \
         {}</p><p class=\"text\" dir=\"auto\">{}{cut}</p></li>",
        counted(run.len(), "block"),
        counted(words, "word"),
        Text(&excerpt.text)
    )
}

fn low_coverage(out: &mut String, study: &Study, low: &[LowCoverage]) -> fmt::Result {
    writeln!(
        out,
        "<p>{} less than {LOW_COVERAGE} of the gold words: the gold text is of another version of \
         the page, or scripts bring it. No model can reach more than about the F1 in the last \
         column there, so these pages are not shown among the worst.</p>",
        match low.len() {
            0 => "No page holds".to_owned(),
            1 => "1 page holds".to_owned(),
            n => format!("{} pages hold", count(n)),
        }
    )?;
    if low.is_empty() {
        return Ok(());
    }
    out.push_str(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Pages of low label \
         coverage\"><table>\n<caption>Pages of low label coverage</caption>\n<thead><tr>\
         <th scope=\"col\">page</th><th scope=\"col\" class=\"n\">coverage</th>\
         <th scope=\"col\" class=\"n\">gold words</th><th scope=\"col\" class=\"n\">F1</th>\
         <th scope=\"col\" class=\"n\">best F1, about</th></tr></thead>\n<tbody>\n",
    );
    for page in low.iter().take(MOST_LISTED) {
        let score = &study.report.pages[page.page];
        writeln!(
            out,
            "<tr><th scope=\"row\"><bdi>{}:{}</bdi></th><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            Text(&score.corpus),
            Text(&score.id),
            figure(page.coverage),
            count(score.gold_words),
            figure(score.f1),
            figure(page.best_f1)
        )?;
    }
    out.push_str("</tbody></table></div>\n");
    if low.len() > MOST_LISTED {
        let more = counted(low.len() - MOST_LISTED, "more page");
        writeln!(
            out,
            "<p class=\"note\">{more} in <code>report.json</code> only.</p>"
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(order: usize, text: &str) -> ShownBlock {
        ShownBlock {
            order,
            tag: "li".to_owned(),
            xpath: "/html/body/li".to_owned(),
            words: 1,
            probability: 0.1 * order as f32,
            label: 0.0,
            outcome: Outcome::Left,
            text: Excerpt::of(text, 6),
        }
    }

    #[test]
    fn long_runs_of_what_was_rightly_left_are_one_line() {
        let mut missed = left(5, "Bridge mended");
        missed.outcome = Outcome::Missed;
        let texts = ["Home", "News", "<b>", "Sport", "Imprint"];
        let mut shown: Vec<ShownBlock> = (0..5).map(|i| left(i, texts[i])).collect();
        shown.extend([missed, left(6, "Legal"), left(8, "Terms")]);
        let shown = ShownPage {
            page: 0,
            url: None,
            gold: Excerpt::of("", 1),
            output: Excerpt::of("", 1),
            blocks: shown,
            blocks_left_out: 2,
        };
        let mut out = String::new();
        blocks(&mut out, &shown).unwrap();
        assert_eq!(out.matches("<li ").count(), 4);
        assert!(out.contains("<strong>5 blocks left</strong> probability at most 0.40, 5 words"));
        assert!(out.contains("Home · News · &lt;b&gt; · Sport · Imprin"));
        assert!(out.contains("<strong>missed</strong> probability 0.50, label 0.00, 1 word,"));
        assert!(out.contains("7 more characters not shown"));
        assert!(out.contains("2 more blocks with the fewest wrong words not shown"));
    }
}
