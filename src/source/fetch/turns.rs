//! One page of a host at a time, and a pause before its next.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use url::Url;

/// Hosts that are known before those that are free again are first forgotten.
const FORGET_FROM: usize = 1024;

/// Whose turn it is at each host; shared by all threads that fetch.
#[derive(Debug, Default)]
pub(super) struct Turns {
    hosts: Mutex<Hosts>,
}

#[derive(Debug, Default)]
struct Hosts {
    known: HashMap<String, Arc<Host>>,
    forget_from: usize,
}

#[derive(Debug, Default)]
struct Host {
    state: Mutex<HostState>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct HostState {
    taken: bool,
    /// When its next page may be asked for.
    free_from: Option<Instant>,
}

impl Turns {
    /// A walk from host to host that holds one turn at most, so that no two
    /// walks wait for each other.
    pub fn walk(&self) -> Walk<'_> {
        Walk {
            turns: self,
            held: None,
        }
    }

    fn take(&self, name: &str) -> Turn {
        let host = self.host(name);
        let mut state = lock(&host.state);
        while state.taken {
            state = host
                .freed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.taken = true;
        let free_from = state.free_from;
        drop(state);
        if let Some(free_from) = free_from {
            thread::sleep(free_from.saturating_duration_since(Instant::now()));
        }
        Turn { host, pause: None }
    }

    fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = lock(&self.hosts);
        if hosts.known.len() >= hosts.forget_from.max(FORGET_FROM) {
            let now = Instant::now();
            // Nobody else can come by a host while the map is locked.
            hosts.known.retain(|_, host| {
                Arc::strong_count(host) > 1
                    || lock(&host.state).free_from.is_some_and(|from| from > now)
            });
            hosts.forget_from = 2 * hosts.known.len();
        }
        Arc::clone(hosts.known.entry(name.to_owned()).or_default())
    }
}

/// The turn at one host; over when it is dropped.
#[derive(Debug)]
struct Turn {
    host: Arc<Host>,
    /// Set once a page was asked for.
    pause: Option<Duration>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = lock(&self.host.state);
        state.taken = false;
        if let Some(pause) = self.pause {
            state.free_from = Instant::now().checked_add(pause);
        }
        drop(state);
        self.host.freed.notify_one();
    }
}

/// Goes from host to host as redirects lead.
#[derive(Debug)]
pub(super) struct Walk<'t> {
    turns: &'t Turns,
    held: Option<(String, Turn)>,
}

impl Walk<'_> {
    /// Waits for the turn at `url`'s host and gives the one held back before,
    /// unless it is the same host's.
    pub fn go_to(&mut self, url: &Url) {
        let name = url.host_str().unwrap_or_default().trim_end_matches('.');
        if self.held.as_ref().is_some_and(|(held, _)| held == name) {
            return;
        }
        self.held = None;
        self.held = Some((name.to_owned(), self.turns.take(name)));
    }

    /// From the end of this turn on the host is left alone for `pause`.
    pub fn pause_after(&mut self, pause: Duration) {
        if let Some((_, turn)) = &mut self.held {
            turn.pause = Some(pause);
        }
    }
}

/// What these locks guard is whole at any time, panics elsewhere or not.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Barrier, mpsc};

    fn url(host: &str) -> Url {
        Url::parse(&format!("http://{host}/")).unwrap()
    }

    #[test]
    fn a_host_rests_after_a_page_and_others_do_not_wait_for_it() {
        let turns = Turns::default();
        let pause = Duration::from_millis(400);
        let mut walk = turns.walk();
        walk.go_to(&url("a.test"));
        walk.pause_after(pause);
        let ended = Instant::now();
        walk.go_to(&url("b.test"));
        assert!(ended.elapsed() < pause / 2, "b.test waited for a.test");
        walk.go_to(&url("a.test."));
        assert!(ended.elapsed() >= pause, "a.test had no rest");
    }

    #[test]
    fn one_host_serves_one_walk_at_a_time() {
        let turns = Turns::default();
        let inside = Mutex::new(());
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let mut walk = turns.walk();
                        walk.go_to(&url("a.test"));
                        let alone = inside.try_lock();
                        assert!(alone.is_ok(), "two walks at one host");
                        thread::yield_now();
                    }
                });
            }
        });
    }

    #[test]
    fn walks_that_cross_do_not_wait_for_each_other_for_ever() {
        let turns = Arc::new(Turns::default());
        let both_hold = Arc::new(Barrier::new(2));
        let (through, arrivals) = mpsc::channel();
        for [first, second] in [["a.test", "b.test"], ["b.test", "a.test"]] {
            let (turns, both_hold) = (Arc::clone(&turns), Arc::clone(&both_hold));
            let through = through.clone();
            thread::spawn(move || {
                let mut walk = turns.walk();
                walk.go_to(&url(first));
                both_hold.wait();
                walk.go_to(&url(second));
                through.send(second).unwrap();
            });
        }
        for _ in 0..2 {
            let arrived = arrivals.recv_timeout(Duration::from_secs(10));
            assert!(arrived.is_ok(), "two walks wait for each other");
        }
    }

    #[test]
    fn hosts_that_are_free_are_forgotten_and_those_visited_or_at_rest_are_not() {
        let turns = Turns::default();
        let mut visiting = turns.walk();
        visiting.go_to(&url("visited.test"));
        let mut resting = turns.walk();
        resting.go_to(&url("resting.test"));
        resting.pause_after(Duration::from_secs(60));
        drop(resting);
        for number in 0..5 * FORGET_FROM {
            turns.walk().go_to(&url(&format!("h{number}.test")));
        }
        let hosts = lock(&turns.hosts);
        assert!(hosts.known.len() <= FORGET_FROM);
        assert!(hosts.known.contains_key("resting.test"));
        assert!(hosts.known.contains_key("visited.test"));
        drop(hosts);
        drop(visiting);
    }
}
