//! `--report DIR` of `dehusk evaluate`.

use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::progress;
use crate::corpus::LabelledPage;
use crate::evaluate::{Evidence, Importance, REPORT_FOLDER, Report, SHOWN_PAGES, Study, Subject};
use crate::feature;
use crate::model::FORMAT_VERSION;
use crate::page::InputKind;
use crate::sink::WholeFolder;
use crate::train::trained_on;

#[derive(Debug, clap::Args)]
pub(super) struct ReportFolder {
    /// Write a report into this folder: a page of HTML, and the same data as
    /// JSON and CSV (it appears whole or not at all, and replaces only an
    /// earlier report)
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Worst pages that the report shows block by block
    #[arg(long, value_name = "N", requires = "report", default_value_t = SHOWN_PAGES)]
    report_pages: usize,
}

/// A report's folder that can be written, where one is asked for.
pub(super) struct OpenReport {
    folder: Option<WholeFolder>,
    pages: usize,
}

impl ReportFolder {
    pub(super) fn is_asked(&self) -> bool {
        self.report.is_some()
    }

    /// Makes sure that the folder can be written.
    pub(super) fn open(&self) -> anyhow::Result<OpenReport> {
        let folder = self.report.as_deref();
        Ok(OpenReport {
            folder: folder
                .map(|path| WholeFolder::create(path, REPORT_FOLDER))
                .transpose()?,
            pages: self.report_pages,
        })
    }
}

impl OpenReport {
    /// Writes what is known of a report, where it is asked for.
    pub(super) fn write(
        self,
        report: &Report,
        extractor: String,
        evidence: Evidence<'_>,
    ) -> anyhow::Result<()> {
        let Some(folder) = self.folder else {
            return Ok(());
        };
        let spinner = progress::spinner("taking the corpora's digests");
        let subject = subject(extractor, evidence);
        spinner.finish_and_clear();
        let bar = progress::bar("importance", Importance::parts(kind_of(evidence)));
        let study = Study::of(report.clone(), subject?, evidence, self.pages, || {
            bar.inc(1)
        });
        bar.finish_and_clear();
        Ok(study.write(folder)?)
    }
}

/// What the pages are read as that are the evidence.
fn kind_of(evidence: Evidence<'_>) -> InputKind {
    match evidence {
        Evidence::Texts { .. } => InputKind::Html,
        Evidence::Blocks { pages, .. } => {
            (pages.first()).map_or(InputKind::Html, |page| page.measured.kind)
        }
    }
}

fn subject(extractor: String, evidence: Evidence<'_>) -> anyhow::Result<Subject> {
    let (pages, model): (Vec<&LabelledPage>, _) = match evidence {
        Evidence::Texts { pages, .. } => (pages.iter().collect(), None),
        Evidence::Blocks { pages, model } => {
            (pages.iter().map(|page| &page.labelled).collect(), model)
        }
    };
    let sha256 = |bytes: Vec<u8>| -> String {
        let digest = Sha256::digest(bytes);
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let versions = [
        ("dehusk", env!("CARGO_PKG_VERSION").to_owned()),
        (
            "feature schema",
            feature::schema_version(kind_of(evidence)).to_string(),
        ),
        ("model format", FORMAT_VERSION.to_string()),
    ];
    Ok(Subject {
        extractor,
        command: command(),
        model_sha256: model
            .map(|model| model.to_bytes().map(sha256))
            .transpose()?,
        provenance: model.map(|model| model.provenance.clone()),
        corpora: trained_on(&pages)?,
        versions: versions
            .map(|(name, version)| (name.to_owned(), version))
            .to_vec(),
    })
}

/// The command as it was given, for a shell to take again.
fn command() -> String {
    let arguments = std::env::args_os().skip(1);
    let quoted = arguments.map(|argument| quoted(&argument.to_string_lossy()));
    std::iter::once("dehusk".to_owned())
        .chain(quoted)
        .collect::<Vec<_>>()
        .join(" ")
}

/// An argument as a shell takes it: in quotes where it needs them.
fn quoted(argument: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
    if !argument.is_empty() && argument.chars().all(is_plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_can_be_given_again() {
        assert_eq!(quoted("wcxb:corpora/wcxb"), "wcxb:corpora/wcxb");
        assert_eq!(quoted("my pages"), "'my pages'");
        assert_eq!(quoted("without=['a']"), r"'without=['\''a'\'']'");
        assert_eq!(quoted(""), "''");
    }
}
