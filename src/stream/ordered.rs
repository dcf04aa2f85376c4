//! A map over an iterator on several threads, in order, a few items ahead.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, sync_channel};
use std::time::Duration;

use rayon::ThreadPool;

/// How far the work may run ahead of whoever takes its results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Items in work or waiting to be taken, at the most; at least 1.
    pub items: usize,
    /// What they may weigh together; a single item may be heavier.
    pub weight: usize,
}

impl Default for Window {
    /// 32 items a thread of rayon's pool, 64 MiB.
    fn default() -> Self {
        Self {
            items: 32 * rayon::current_num_threads(),
            weight: 64 << 20,
        }
    }
}

/// Items, each mapped on a thread of a pool, in the order of the items.
///
/// Items are drawn from the iterator on the thread that asks for results, and
/// only as far ahead as the [`Window`] allows: whoever is slow to take results
/// slows the drawing, so that memory does not grow with the number of items.
///
/// ```
/// use dehusk::stream::{Ordered, Window};
///
/// let squares = Ordered::new(1_u64.., Window::default(), |_| 0, |n| n * n);
/// assert_eq!(squares.take(4).collect::<Vec<_>>(), [1, 4, 9, 16]);
/// ```
pub struct Ordered<I: Iterator, F, R> {
    items: I,
    window: Window,
    weigh: fn(&I::Item) -> usize,
    map: Arc<F>,
    pool: Option<Arc<ThreadPool>>,
    waiting: VecDeque<Waiting<R>>,
    weight: usize,
}

/// How long a result may lie while others are waited for.
const NOT_NOTICED: Duration = Duration::from_millis(10);

struct Waiting<R> {
    weight: usize,
    result: Pending<R>,
}

type Mapped<R> = Result<R, Box<dyn Any + Send>>;

enum Pending<R> {
    Asked(Receiver<Mapped<R>>),
    /// `None` where its thread died.
    Known(Option<Mapped<R>>),
}

impl<R> Pending<R> {
    fn is_known(&mut self) -> bool {
        if let Self::Asked(result) = self {
            match result.try_recv() {
                Ok(result) => *self = Self::Known(Some(result)),
                Err(TryRecvError::Disconnected) => *self = Self::Known(None),
                Err(TryRecvError::Empty) => return false,
            }
        }
        true
    }

    fn wait(&mut self, at_most: Duration) {
        if let Self::Asked(result) = self {
            match result.recv_timeout(at_most) {
                Ok(result) => *self = Self::Known(Some(result)),
                Err(RecvTimeoutError::Disconnected) => *self = Self::Known(None),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn take(self) -> Option<Mapped<R>> {
        match self {
            Self::Asked(result) => received(&result),
            Self::Known(result) => result,
        }
    }
}

impl<I, F, R> Ordered<I, F, R>
where
    I: Iterator<Item: Send + 'static>,
    F: Fn(I::Item) -> R + Send + Sync + 'static,
    R: Send + 'static,
{
    /// Maps `items` on rayon's global pool; `weigh` tells how heavy an item is.
    pub fn new(items: I, window: Window, weigh: fn(&I::Item) -> usize, map: F) -> Self {
        Self {
            items,
            window,
            weigh,
            map: Arc::new(map),
            pool: None,
            waiting: VecDeque::new(),
            weight: 0,
        }
    }

    /// Maps on the threads of this pool instead: for work that waits more than
    /// it computes.
    #[must_use]
    pub fn on(mut self, pool: Arc<ThreadPool>) -> Self {
        self.pool = Some(pool);
        self
    }

    /// Draws items as far ahead as the window allows.
    fn fill(&mut self) {
        while self.waiting.is_empty()
            || (self.waiting.len() < self.window.items && self.weight < self.window.weight)
        {
            let Some(item) = self.items.next() else { break };
            let weight = (self.weigh)(&item);
            let (sender, result) = sync_channel(1);
            let map = Arc::clone(&self.map);
            let work = move || {
                let mapped = catch_unwind(AssertUnwindSafe(|| map(item)));
                // Nobody listens any more where the results were dropped.
                let _ = sender.send(mapped);
            };
            match &self.pool {
                Some(pool) => pool.spawn(work),
                None => rayon::spawn(work),
            }
            self.weight += weight;
            let result = Pending::Asked(result);
            self.waiting.push_back(Waiting { weight, result });
        }
    }
}

impl<I, F, R> Iterator for Ordered<I, F, R>
where
    I: Iterator<Item: Send + 'static>,
    F: Fn(I::Item) -> R + Send + Sync + 'static,
    R: Send + 'static,
{
    type Item = R;

    /// The next result.
    ///
    /// # Panics
    /// When mapping its item did.
    fn next(&mut self) -> Option<R> {
        self.fill();
        // To be woken for each small item would cost a good part of its work.
        if rayon::current_thread_index().is_none() && !self.waiting.front_mut()?.result.is_known() {
            let half = self.waiting.len() / 2;
            self.waiting[half].result.wait(NOT_NOTICED);
        }
        let Waiting { weight, result } = self.waiting.pop_front()?;
        self.weight -= weight;
        match result.take()? {
            Ok(mapped) => Some(mapped),
            Err(panic) => resume_unwind(panic),
        }
    }
}

/// Waits for a result; on a thread of a pool by doing that pool's work, which
/// may be the very work that is waited for.
fn received<R>(result: &Receiver<R>) -> Option<R> {
    if rayon::current_thread_index().is_none() {
        return result.recv().ok();
    }
    loop {
        match result.try_recv() {
            Ok(result) => return Some(result),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => {
                if rayon::yield_now() != Some(rayon::Yield::Executed) {
                    std::thread::yield_now();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::rc::Rc;

    const FEW: Window = Window {
        items: 4,
        weight: 100,
    };

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let slow_first = |n: u64| {
            std::thread::sleep(Duration::from_millis(if n.is_multiple_of(4) {
                8
            } else {
                0
            }));
            n
        };
        let mapped: Vec<u64> = Ordered::new(0..40, FEW, |_| 1, slow_first).collect();
        assert_eq!(mapped, (0..40).collect::<Vec<_>>());
    }

    /// Numbers, and how many were drawn.
    fn drawn() -> (impl Iterator<Item = usize>, Rc<Cell<usize>>) {
        let drawn = Rc::new(Cell::new(0));
        let counter = Rc::clone(&drawn);
        let items = (0..1_000).inspect(move |_| counter.set(counter.get() + 1));
        (items, drawn)
    }

    #[test]
    fn no_more_is_drawn_than_the_window_allows() {
        let (items, count) = drawn();
        let mut mapped = Ordered::new(items, FEW, |_| 1, |n| n);
        for taken in 1..=10 {
            mapped.next();
            assert_eq!(count.get(), taken + 3);
        }
        let (items, count) = drawn();
        let mut heavy = Ordered::new(items, FEW, |_| 60, |n| n);
        heavy.next();
        assert_eq!(count.get(), 2);
        let (items, count) = drawn();
        let mut too_heavy = Ordered::new(items, FEW, |_| 1_000, |n| n);
        assert_eq!(too_heavy.next(), Some(0));
        assert_eq!(count.get(), 1);
    }

    #[test]
    fn a_result_does_not_wait_for_later_ones() {
        let (release, released) = std::sync::mpsc::channel();
        let released = std::sync::Mutex::new(released);
        let third_waits = move |n| {
            if n == 2 {
                released.lock().unwrap().recv().unwrap();
            }
            n
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build();
        let mut mapped = Ordered::new(0..4, FEW, |_| 1, third_waits).on(Arc::new(pool.unwrap()));
        assert_eq!(mapped.next(), Some(0));
        assert_eq!(mapped.next(), Some(1));
        release.send(()).unwrap();
        assert_eq!(mapped.collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn a_thread_of_the_pool_may_take_results_too() {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .unwrap();
        let pool = Arc::new(pool);
        let of_itself = Arc::clone(&pool);
        let sum = pool.install(|| {
            let mapped = Ordered::new(0..20_u32, FEW, |_| 1, |n| n).on(of_itself);
            mapped.sum::<u32>()
        });
        assert_eq!(sum, 190);
    }

    #[test]
    fn a_panic_reaches_whoever_takes_the_result() {
        let mut mapped = Ordered::new(0..3, FEW, |_| 1, |n| 6 / (1 - n));
        assert_eq!(mapped.next(), Some(6));
        assert!(catch_unwind(AssertUnwindSafe(|| mapped.next())).is_err());
        assert_eq!(mapped.next(), Some(-6));
    }
}
