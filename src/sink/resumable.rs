//! Outputs that an interrupted run can be gone on with.

use std::fs::File;

use super::growing::Growing;
use super::journal::{Fingerprint, Journal, JournalFile, Position, Written};
use super::partial::{PartialFile, lock, sync_folder_of};
use super::place::{Ending, Place};
use super::segment::Segment;
use super::stream::Stream;
use super::{Failure, Mark, PageRecord, Sink, SinkError};

/// A file or folder of pages, and perhaps a file of failures.
pub(super) struct Resumable {
    place: Place,
    journal_file: JournalFile,
    /// As of the last input that is done with.
    journal: Journal,
    /// Failures so far, some perhaps of an input that is not.
    failures: u64,
    errors_place: Option<Place>,
    state: State,
    /// Inputs since the last checkpoint.
    since: u64,
    /// Inputs after which there is one.
    every: u64,
    /// Whether there is something on disk that a run can be gone on with.
    kept: bool,
}

enum State {
    Open {
        output: Growing<PageRecord>,
        errors: Errors,
    },
    /// Only names are to be taken. The files are locked meanwhile.
    Complete(#[expect(dead_code, reason = "held for its locks")] Vec<File>),
}

enum Errors {
    Nowhere,
    Kept(Growing<Failure>),
    /// To a pipe or a device.
    Streamed(Stream<Failure>),
}

/// Where failures go.
pub(super) enum ErrorsTo {
    Nowhere,
    Place(Place, Box<dyn Segment<Failure>>),
    Stream(Stream<Failure>),
}

/// What opening is asked for.
pub(super) struct Run {
    pub(super) fingerprint: Fingerprint,
    pub(super) resume: bool,
    /// Inputs after which there is a checkpoint.
    pub(super) every: u64,
}

impl Resumable {
    /// Begins, or goes on where the journal tells.
    pub(super) fn open(
        place: Place,
        pages: Box<dyn Segment<PageRecord>>,
        errors: ErrorsTo,
        run: Run,
    ) -> Result<(Self, Option<Mark>), SinkError> {
        let journal_file = JournalFile::of(&place.partial);
        if !place.is_begun() && !place.is_free()? {
            return Err(SinkError::NotEmpty { path: place.path });
        }
        let (partial, journal) = claim(&place, &journal_file)?;
        let unfinished = |journal: &Journal| SinkError::Unfinished {
            partial: match place.ending {
                Ending::Remove => place.path.clone(),
                _ => place.partial.clone(),
            },
            journal: journal_file.path().to_owned(),
            pages: journal.pages,
            failures: journal.failures,
        };
        // A journal of nothing only says that the files are ours.
        let nothing = (journal.as_ref()).is_none_or(|journal| journal.is_empty());
        let anew = nothing && place.is_free()?;
        match (&journal, &partial) {
            (None, Some(partial)) if partial.bytes() > 0 => {
                let path = place.partial;
                return Err(SinkError::NotOurs { path });
            }
            (Some(journal), _) if !anew && !run.resume => return Err(unfinished(journal)),
            (Some(journal), _) if !anew => {
                if let Some(differences) = journal.differences(&run.fingerprint) {
                    return Err(SinkError::Another {
                        journal: journal_file.path().to_owned(),
                        differences,
                    });
                }
            }
            _ => {}
        }
        let open = Self {
            journal: Journal::new(run.fingerprint, matches!(errors, ErrorsTo::Place(..))),
            place,
            journal_file,
            failures: 0,
            errors_place: None,
            state: State::Complete(Vec::new()),
            since: 0,
            every: run.every,
            kept: true,
        };
        let Some(partial) = partial else {
            // All but the journal is in its place: `claim` saw to that.
            let journal = journal.unwrap_or_else(|| open.journal.clone());
            return open.settle_later(journal, errors, None);
        };
        match journal {
            Some(journal) if journal.complete => open.settle_later(journal, errors, Some(partial)),
            Some(journal) if !anew => open.go_on(partial, pages, errors, journal),
            journal => open.begin(partial, pages, errors, journal),
        }
    }

    /// All is written: what is left is done by [`Sink::finish`].
    fn settle_later(
        mut self,
        journal: Journal,
        errors: ErrorsTo,
        partial: Option<PartialFile>,
    ) -> Result<(Self, Option<Mark>), SinkError> {
        let mut locks = Vec::new();
        match partial {
            Some(partial) => locks.push(partial.into_file()),
            None => {
                if let Ok(file) = File::open(&self.place.path) {
                    lock(&file, &self.place.path)?;
                    locks.push(file);
                }
            }
        }
        if let ErrorsTo::Place(place, _) = errors {
            let partial = PartialFile::claim_existing(&place.partial)?;
            locks.extend(partial.map(PartialFile::into_file));
            self.errors_place = Some(place);
        }
        self.failures = journal.failures;
        self.journal = journal;
        self.state = State::Complete(locks);
        let mark = self.mark();
        Ok((self, Some(mark)))
    }

    fn begin(
        mut self,
        mut partial: PartialFile,
        pages: Box<dyn Segment<PageRecord>>,
        errors: ErrorsTo,
        before: Option<Journal>,
    ) -> Result<(Self, Option<Mark>), SinkError> {
        self.kept = false;
        let errors = match errors {
            ErrorsTo::Nowhere => Errors::Nowhere,
            ErrorsTo::Stream(stream) => Errors::Streamed(stream),
            ErrorsTo::Place(place, segment) => {
                let mut partial = PartialFile::claim(&place.partial)?;
                if partial.bytes() > 0 && before.is_none_or(|before| before.errors.is_none()) {
                    let path = place.partial;
                    return Err(SinkError::NotOurs { path });
                }
                place.dress(partial.file())?;
                self.errors_place = Some(place);
                Errors::Kept(Growing::begin(partial, segment)?)
            }
        };
        self.place.dress(partial.file())?;
        let output = Growing::begin(partial, pages)?;
        self.state = State::Open { output, errors };
        self.flush()?;
        self.journal_file.write(&self.journal)?;
        Ok((self, None))
    }

    fn go_on(
        mut self,
        partial: PartialFile,
        pages: Box<dyn Segment<PageRecord>>,
        errors: ErrorsTo,
        journal: Journal,
    ) -> Result<(Self, Option<Mark>), SinkError> {
        let file = &self.journal_file;
        let output = Growing::resume(partial, pages, journal.pages, &journal.output, file)?;
        let errors = match errors {
            ErrorsTo::Nowhere => Errors::Nowhere,
            ErrorsTo::Stream(stream) => Errors::Streamed(stream),
            ErrorsTo::Place(place, segment) => {
                let partial = PartialFile::claim(&place.partial)?;
                let written = journal.errors.clone().unwrap_or_default();
                self.errors_place = Some(place);
                let failures = journal.failures;
                Errors::Kept(Growing::resume(partial, segment, failures, &written, file)?)
            }
        };
        self.state = State::Open { output, errors };
        self.failures = journal.failures;
        let resumed = !journal.is_empty();
        self.journal = journal;
        let mark = resumed.then(|| self.mark());
        Ok((self, mark))
    }

    fn mark(&self) -> Mark {
        Mark {
            position: self.journal.position.clone(),
            pages: self.journal.pages,
            failures: self.journal.failures,
            complete: self.journal.complete,
        }
    }
}

/// The partial file, and what the journal says of it. There is no file when the
/// journal says that all is written and it has taken its name.
fn claim(
    place: &Place,
    file: &JournalFile,
) -> Result<(Option<PartialFile>, Option<Journal>), SinkError> {
    if let Some(partial) = PartialFile::claim_existing(&place.partial)? {
        // Only now that it is locked does the journal stay as it is.
        return Ok((Some(partial), file.read()?));
    }
    let journal = file.read()?;
    match &journal {
        Some(journal) if journal.complete => return Ok((None, Some(journal.clone()))),
        Some(journal) if journal.output.bytes > 0 && !journal.is_empty() => {
            return Err(SinkError::Short {
                partial: place.partial.clone(),
                journal: file.path().to_owned(),
                bytes: 0,
                expected: journal.output.bytes,
            });
        }
        _ => {}
    }
    Ok((Some(PartialFile::claim(&place.partial)?), journal))
}

impl Sink for Resumable {
    fn write(&mut self, page: &PageRecord) -> Result<(), SinkError> {
        match &mut self.state {
            State::Open { output, .. } => output.write(page),
            State::Complete(_) => Err(SinkError::Complete),
        }
    }

    fn fail(&mut self, failure: &Failure) -> Result<(), SinkError> {
        let State::Open { errors, .. } = &mut self.state else {
            return Err(SinkError::Complete);
        };
        self.failures += 1;
        match errors {
            Errors::Nowhere => Ok(()),
            Errors::Kept(file) => file.write(failure),
            Errors::Streamed(stream) => stream.write(failure),
        }
    }

    fn advance(&mut self, position: Position) -> Result<(), SinkError> {
        let State::Open { output, errors } = &mut self.state else {
            return Ok(());
        };
        // First, so that whatever fails there is a checkpoint to be had.
        output.cover();
        if let Errors::Kept(file) = errors {
            file.cover();
        }
        self.journal.position = position;
        self.journal.pages = output.items();
        self.journal.failures = self.failures;
        self.since += 1;
        let mut full = output.seal_if_full()?;
        match errors {
            Errors::Nowhere => {}
            Errors::Kept(file) => full |= file.seal_if_full()?,
            Errors::Streamed(stream) => stream.advance()?,
        }
        if full || self.since >= self.every {
            self.checkpoint()?;
        }
        Ok(())
    }

    fn checkpoint(&mut self) -> Result<Option<Mark>, SinkError> {
        self.flush()?;
        if let State::Open { output, errors } = &mut self.state {
            output.sync()?;
            if let Errors::Kept(file) = errors {
                file.sync()?;
            }
            if !self.kept {
                self.sync_folders()?;
            }
            self.journal_file.write(&self.journal)?;
            self.since = 0;
            self.kept |= !self.journal.is_empty();
        }
        Ok(Some(self.mark()))
    }

    fn finish(mut self: Box<Self>) -> Result<(), SinkError> {
        // Should there be no room for what follows, it can be gone on with; a
        // single input is as soon given again.
        if self.kept || self.since > 1 {
            self.checkpoint()?;
        }
        if let State::Open { output, errors } = &mut self.state {
            let mut journal = self.journal.clone();
            output.end()?;
            journal.pages = output.items();
            journal.failures = self.failures;
            let (bytes, lock) = self.place.prepare(&mut output.partial)?;
            journal.output = Written::whole(bytes);
            match errors {
                Errors::Nowhere => {}
                Errors::Kept(file) => {
                    file.end()?;
                    journal.errors = Some(Written::whole(file.partial.bytes()));
                }
                Errors::Streamed(stream) => stream.end()?,
            }
            journal.complete = true;
            self.journal_file.write(&journal)?;
            self.journal = journal;
            self.kept = true;
            // The files stay locked until all of them have their names.
            let open = std::mem::replace(&mut self.state, State::Complete(Vec::from_iter(lock)));
            let settled = self.settle();
            drop(open);
            return settled;
        }
        self.settle()
    }
}

impl Resumable {
    /// Puts what is done with in the files, and in the journal what they hold.
    fn flush(&mut self) -> Result<(), SinkError> {
        if let State::Open { output, errors } = &mut self.state {
            self.journal.output = output.flush()?;
            if let Errors::Kept(file) = errors {
                self.journal.errors = Some(file.flush()?);
            }
        }
        Ok(())
    }

    /// Makes durable that the partial files are there.
    fn sync_folders(&self) -> Result<(), SinkError> {
        let places = [Some(&self.place), self.errors_place.as_ref()];
        places
            .into_iter()
            .flatten()
            .try_for_each(|place| sync_folder_of(&place.partial))
    }

    /// The failures take their name first: as long as the pages have not theirs,
    /// it is plain that the run is not finished.
    fn settle(&self) -> Result<(), SinkError> {
        if let (Some(place), Some(written)) = (&self.errors_place, &self.journal.errors) {
            place.settle(written.bytes, &self.journal_file)?;
        }
        self.place
            .settle(self.journal.output.bytes, &self.journal_file)?;
        self.journal_file.remove()
    }
}

impl Drop for Resumable {
    /// What nothing could go on from is not left lying about.
    fn drop(&mut self) {
        if self.kept || !self.place.is_free().unwrap_or(false) {
            return;
        }
        // Nobody is left to hear that it could not be removed.
        let _ = self.place.discard();
        if let Some(place) = &self.errors_place {
            let _ = place.discard();
        }
        let _ = self.journal_file.remove();
    }
}
