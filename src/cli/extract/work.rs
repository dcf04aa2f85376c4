//! Inputs → extractions → the sink.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::super::extraction::Judge;
use super::super::interrupt::Interrupt;
use super::super::message;
use super::progress::Progress;
use crate::extract::Extraction;
use crate::page::{Limits, PageContext};
use crate::sink::{Failure, PageRecord, Sink, SinkError};
use crate::source::{Failed, Input, Place, Reading};
use crate::stream::{Ordered, Window};
use crate::watch::{self, Watch};

/// How a page is read and extracted.
#[derive(Clone)]
pub(super) struct How {
    pub(super) judge: Judge,
    /// What the command line says of pages, over what is found with them.
    pub(super) context: PageContext,
    pub(super) reading: Reading,
    /// What may stop the work on a page.
    pub(super) watch: Watch,
    pub(super) limits: Limits,
    /// Whether pages of the web are among the inputs.
    pub(super) web: bool,
}

/// Why a run ended before its inputs did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stopped {
    /// By Ctrl-C.
    Interrupted,
    /// By a failure, where the first is to be the last.
    Failed,
}

/// Threads that fetch: they wait for others more than they work.
const FETCHING: usize = 16;

/// What came of an input.
struct Done {
    place: Place,
    id: Option<String>,
    extracted: Result<Extraction, NotExtracted>,
}

/// Why there is no extraction.
enum NotExtracted {
    /// The input failed, for this reason.
    Failed(String),
    /// The run is being stopped; the input is for the next to do.
    GivenUp,
}

/// A run under way.
pub(super) struct Work {
    pub(super) sink: Box<dyn Sink>,
    pub(super) progress: Progress,
    pub(super) interrupt: Interrupt,
    pub(super) fail_fast: bool,
}

impl Work {
    /// Extracts and writes all inputs in order, unless something stops it.
    pub(super) fn all(
        &mut self,
        inputs: impl Iterator<Item = Result<Input, Failed>>,
        how: Arc<How>,
    ) -> anyhow::Result<Option<Stopped>> {
        let interrupt = self.interrupt.clone();
        let inputs = inputs.take_while(move |_| !interrupt.is_asked());
        if how.web {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(FETCHING)
                .build()?;
            let window = Window {
                items: 4 * FETCHING,
                ..Window::default()
            };
            let fetching = Arc::clone(&how);
            let fetch = move |input: Result<Input, Failed>| input?.fetched(&fetching.reading);
            let inputs = Ordered::new(inputs, window, held, fetch).on(Arc::new(pool));
            self.each(inputs, how)
        } else {
            self.each(inputs, how)
        }
    }

    fn each(
        &mut self,
        inputs: impl Iterator<Item = Result<Input, Failed>>,
        how: Arc<How>,
    ) -> anyhow::Result<Option<Stopped>> {
        let extract = move |input: Result<Input, Failed>| how.extract(input);
        for done in Ordered::new(inputs, Window::default(), held, extract) {
            let failed = done.extracted.is_err();
            if let Err(NotExtracted::GivenUp) = done.extracted {
                return Ok(Some(Stopped::Interrupted));
            }
            self.take(done)?;
            if failed && self.fail_fast {
                return Ok(Some(Stopped::Failed));
            }
        }
        Ok(self.interrupt.is_asked().then_some(Stopped::Interrupted))
    }

    fn take(&mut self, done: Done) -> Result<(), SinkError> {
        let Done {
            place,
            id,
            extracted,
        } = done;
        match extracted {
            Ok(extraction) => {
                for warning in &extraction.warnings {
                    self.progress
                        .suspend(|| message::warning_at(&place, warning));
                }
                self.sink.write(&PageRecord {
                    id: id.unwrap_or_default(),
                    offset: place.offset(),
                    source: place.source,
                    extraction,
                })?;
                self.progress.pages += 1;
            }
            Err(NotExtracted::GivenUp) => return Ok(()),
            Err(NotExtracted::Failed(reason)) => {
                self.progress.suspend(|| message::error_at(&place, &reason));
                self.sink.fail(&Failure {
                    offset: place.offset(),
                    source: place.source,
                    id,
                    reason,
                })?;
                self.progress.failed += 1;
            }
        }
        self.sink.advance(self.progress.inputs().into())?;
        self.progress.show();
        Ok(())
    }
}

pub(super) fn held(input: &Result<Input, Failed>) -> usize {
    input.as_ref().map_or(0, Input::held)
}

impl How {
    fn extract(&self, input: Result<Input, Failed>) -> Done {
        let input = match input {
            Ok(input) => input,
            Err(failed) => {
                return Done {
                    place: failed.place,
                    id: failed.id,
                    extracted: Err(NotExtracted::Failed(failed.error.to_string())),
                };
            }
        };
        let (place, id) = (input.place.clone(), Some(input.id.clone()));
        // A fault in one page must not take the others with it.
        let extracted = catch_unwind(AssertUnwindSafe(|| self.page(input))).unwrap_or_else(|_| {
            let fault = "extraction failed: this is a fault in dehusk, please report the page";
            Err(NotExtracted::Failed(fault.to_owned()))
        });
        Done {
            place,
            id,
            extracted,
        }
    }

    /// What is known of a page: what the command line says, over what was found
    /// with it.
    pub(super) fn context_of(&self, found: PageContext) -> PageContext {
        PageContext {
            url: self.context.url.clone().or(found.url),
            charset: self.context.charset.clone().or(found.charset),
            kind: found.kind,
        }
    }

    fn page(&self, input: Input) -> Result<Extraction, NotExtracted> {
        let page = input
            .read(&self.reading)
            .map_err(|error| NotExtracted::Failed(error.to_string()))?;
        let kind = page.context.kind;
        let reads = self.judge.check_reads(kind);
        reads.map_err(|error| NotExtracted::Failed(error.to_string()))?;
        let context = self.context_of(page.context);
        let mut extraction = self
            .judge
            .extractor
            .extract_within(&page.bytes, &context, &self.watch)
            .map_err(|stopped| match stopped {
                watch::Stopped::Cancelled => NotExtracted::GivenUp,
                watch::Stopped::TimedOut { after } => NotExtracted::Failed(format!(
                    "not done after {} s: give a longer --timeout, or a smaller --max-bytes",
                    after.as_secs_f64()
                )),
            })?;
        extraction.warnings.splice(0..0, page.warnings);
        Ok(extraction)
    }
}
