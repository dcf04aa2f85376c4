//! How long the work on a page may take, and who may stop it.
//!
//! Every loop that a page can make long tells how much it does (`spend`); now
//! and then the clock and the token are looked at. Where the time is up, or the
//! token was used, the work unwinds from there to where the watch was
//! begun: no stage has to hand errors through, and each drops what it had made.
//! Nothing that outlives a page is touched in between.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Stops the work of any thread that watches it; its clones are one.
///
/// ```
/// use dehusk::Extractor;
/// use dehusk::page::PageContext;
/// use dehusk::watch::{CancelToken, Stopped, Watch};
///
/// let token = CancelToken::default();
/// token.cancel();
/// let watch = Watch::default().token(&token);
/// let page = b"<p>Some text".repeat(10_000);
/// let extracted = Extractor::default().extract_within(&page, &PageContext::default(), &watch);
/// assert_eq!(extracted, Err(Stopped::Cancelled));
/// ```
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Asks to stop; for good.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What may stop the work on a page before it is done. By default nothing does.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    timeout: Option<Duration>,
    token: Option<CancelToken>,
}

/// The work on a page was stopped, and nothing came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Stopped {
    /// It took longer than it may.
    #[error("not done after {} s: allow the page more time, or read less of it", .after.as_secs_f64())]
    TimedOut {
        /// The time that it had.
        after: Duration,
    },
    /// A [`CancelToken`] was used.
    #[error("cancelled")]
    Cancelled,
}

/// Work between two looks at the clock, in the bytes of [`spend`]: under a
/// millisecond.
const LOOK_EVERY: usize = 1 << 16;

thread_local! {
    /// What is left to spend before the next look.
    static LEFT: Cell<usize> = const { Cell::new(LOOK_EVERY) };
    static WATCHING: RefCell<Option<Watching>> = const { RefCell::new(None) };
}

/// A watch that was begun.
struct Watching {
    until: Option<(Instant, Duration)>,
    token: Option<CancelToken>,
}

impl Watching {
    fn stopped(&self) -> Option<Stopped> {
        if self.token.as_ref().is_some_and(CancelToken::is_cancelled) {
            return Some(Stopped::Cancelled);
        }
        let (until, after) = self.until?;
        (Instant::now() >= until).then_some(Stopped::TimedOut { after })
    }
}

impl Watch {
    /// Stops what takes longer than this.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Stops when `token` is used.
    #[must_use]
    pub fn token(mut self, token: &CancelToken) -> Self {
        self.token = Some(token.clone());
        self
    }

    /// Does `work` on this thread, unless it is stopped.
    ///
    /// # Errors
    /// [`Stopped`] once the time is up or the token was used: within 50 ms, or
    /// when the work is done where panics abort the process, as nothing can be
    /// unwound there.
    pub(crate) fn over<R>(&self, work: impl FnOnce() -> R) -> Result<R, Stopped> {
        let until = self
            .timeout
            .and_then(|after| Some((Instant::now().checked_add(after)?, after)));
        let watching = Watching {
            until,
            token: self.token.clone(),
        };
        let before = WATCHING.replace(Some(watching));
        let done = catch_unwind(AssertUnwindSafe(|| {
            look();
            work()
        }));
        let watching = WATCHING.replace(before);
        match done {
            Ok(done) if cfg!(panic = "unwind") => Ok(done),
            Ok(done) => watching
                .and_then(|watching| watching.stopped())
                .map_or(Ok(done), Err),
            Err(unwound) => match unwound.downcast::<Stopped>() {
                Ok(stopped) => Err(*stopped),
                Err(panic) => resume_unwind(panic),
            },
        }
    }
}

/// Tells that about so many bytes were read, or as much was done otherwise (a
/// byte stands for up to ten nanoseconds). Does not come back if the thread's
/// work is to stop.
#[inline]
pub(crate) fn spend(bytes: usize) {
    LEFT.with(|left| match left.get().checked_sub(bytes) {
        Some(rest) => left.set(rest),
        None => look(),
    });
}

#[cold]
fn look() {
    LEFT.set(LOOK_EVERY);
    let stopped = WATCHING.with_borrow(|watching| watching.as_ref()?.stopped());
    if let Some(stopped) = stopped
        && cfg!(panic = "unwind")
    {
        resume_unwind(Box::new(stopped));
    }
}

/// A text in pieces short enough to look at the clock between them.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(LOOK_EVERY));
        rest = after;
        spend(piece.len());
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endless() {
        loop {
            spend(1_000);
        }
    }

    #[test]
    fn work_that_takes_too_long_is_stopped() {
        let after = Duration::from_millis(20);
        let begun = Instant::now();
        let stopped = Watch::default().timeout(after).over(endless);
        assert_eq!(stopped, Err(Stopped::TimedOut { after }));
        assert!((after..Duration::from_secs(1)).contains(&begun.elapsed()));
    }

    #[test]
    fn another_thread_can_stop_the_work() {
        let token = CancelToken::default();
        let watch = Watch::default().token(&token);
        let stopped = std::thread::scope(|scope| {
            let work = scope.spawn(|| watch.over(endless));
            std::thread::sleep(Duration::from_millis(20));
            token.cancel();
            work.join()
        });
        assert_eq!(stopped.ok(), Some(Err(Stopped::Cancelled)));
    }

    #[test]
    fn work_that_is_not_watched_or_done_in_time_is_not_stopped() {
        spend(usize::MAX);
        let watch = Watch::default().timeout(Duration::from_secs(3_600));
        let done = watch.over(|| {
            spend(usize::MAX);
            7
        });
        assert_eq!(done, Ok(7));
        assert_eq!(Watch::default().timeout(Duration::MAX).over(|| 7), Ok(7));
    }

    #[test]
    fn a_watch_ends_with_its_work_and_outlasts_one_within() {
        let token = CancelToken::default();
        let outer = Watch::default().token(&token);
        let stopped = outer.over(|| {
            assert_eq!(Watch::default().over(|| 7), Ok(7));
            token.cancel();
            spend(usize::MAX);
        });
        assert_eq!(stopped, Err(Stopped::Cancelled));
        spend(usize::MAX);
    }

    #[test]
    fn a_panic_stays_a_panic() {
        let panics = || Watch::default().over(|| panic!("of the work"));
        let panic = catch_unwind(panics).unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"of the work"));
    }

    #[test]
    fn pieces_are_the_text() {
        let text = "aé中".repeat(50_000);
        assert_eq!(pieces(&text).collect::<String>(), text);
        assert!(pieces(&text).all(|piece| piece.len() <= LOOK_EVERY));
        assert_eq!(pieces("").count(), 0);
    }
}
