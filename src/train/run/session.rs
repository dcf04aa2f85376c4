//! What differs from one sitting to the next: time, memory, working tree.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::Instant;

use serde::{Deserialize, Serialize};

/// One process's part in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// What was done and how long it took, in order.
    pub stages: Vec<Stage>,
    /// Threads that worked.
    pub threads: usize,
    /// The most memory that the process held so far, in KiB, where the system
    /// says so (Linux: `VmHWM`).
    pub peak_memory_kib: Option<u64>,
    /// The git commit of the folder that the command ran in, with `+` where
    /// tracked files were changed; `None` outside a working tree.
    pub git: Option<String>,
}

/// A stage of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// What was done.
    pub name: String,
    /// How long it took.
    pub seconds: f64,
}

impl Session {
    /// A session that begins now, here.
    pub fn begin() -> Self {
        Self {
            stages: Vec::new(),
            threads: rayon::current_num_threads(),
            peak_memory_kib: peak_memory_kib(),
            git: git_commit(Path::new(".")),
        }
    }

    /// Does a stage and notes how long it took.
    pub fn time<T>(&mut self, name: impl Into<String>, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        self.stages.push(Stage {
            name: name.into(),
            seconds: (start.elapsed().as_secs_f64() * 1e3).round() / 1e3,
        });
        self.peak_memory_kib = peak_memory_kib();
        done
    }
}

fn peak_memory_kib() -> Option<u64> {
    peak_of(&std::fs::read_to_string("/proc/self/status").ok()?)
}

fn peak_of(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

fn git_commit(folder: &Path) -> Option<String> {
    let git = |args: &[&str]| {
        let output = Command::new("git")
            .current_dir(folder)
            // A look must not lock a tree that somebody works in.
            .env("GIT_OPTIONAL_LOCKS", "0")
            .args(args)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    let commit = git(&["rev-parse", "HEAD"])?;
    let changes = git(&["status", "--porcelain", "--untracked-files=no"])?;
    let mark = if changes.is_empty() { "" } else { "+" };
    Some(commit + mark)
}

/// The crates that results depend on.
const DEPENDENCIES: [&str; 16] = [
    "chardetng",
    "ego-tree",
    "encoding_rs",
    "fnv",
    "html5ever",
    "linfa",
    "linfa-ensemble",
    "linfa-logistic",
    "linfa-trees",
    "ndarray",
    "psl",
    "rand",
    "rand_xoshiro",
    "scraper",
    "url",
    "whatlang",
];

/// Names and versions of the crates that results depend on, dehusk's own first,
/// as the `Cargo.lock` beside this source has them.
pub fn dependency_versions() -> &'static [(String, String)] {
    static VERSIONS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
        let lock: Option<Lock> = toml::from_str(include_str!("../../../Cargo.lock")).ok();
        let own = ("dehusk".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        std::iter::once(own)
            .chain(lock.into_iter().flat_map(|lock| lock.direct()))
            .collect()
    });
    &VERSIONS
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Lock {
    /// The versions of [`DEPENDENCIES`] that dehusk itself asks for. A dependency
    /// is named with its version where there are several.
    fn direct(&self) -> Vec<(String, String)> {
        let version = |name: &str| {
            let package = self.package.iter().find(|package| package.name == name)?;
            Some(package.version.as_str())
        };
        self.package
            .iter()
            .filter(|package| package.name == "dehusk")
            .flat_map(|package| &package.dependencies)
            .filter_map(|dependency| {
                let (name, told) = match dependency.split_once(' ') {
                    Some((name, told)) => (name, Some(told)),
                    None => (dependency.as_str(), version(dependency)),
                };
                let counts = DEPENDENCIES.contains(&name);
                counts.then_some((name.to_owned(), told?.to_owned()))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peak_memory_is_read_where_the_system_tells_it() {
        assert_eq!(peak_of("VmPeak:\t 9 kB\nVmHWM:\t  1234 kB\n"), Some(1_234));
        assert_eq!(peak_of("VmPeak:\t 9 kB\n"), None);
        assert_eq!(peak_memory_kib().is_some(), cfg!(target_os = "linux"));
    }

    #[test]
    fn a_stage_is_timed_and_gives_what_it_did() {
        let mut session = Session::begin();
        let pause = std::time::Duration::from_millis(20);
        let done = session.time("waiting", || {
            std::thread::sleep(pause);
            7
        });
        assert_eq!(done, 7);
        assert_eq!(session.stages[0].name, "waiting");
        assert!(session.stages[0].seconds >= 0.02);
    }

    #[test]
    fn outside_a_working_tree_there_is_no_commit() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(git_commit(folder.path()), None);
        assert_eq!(git_commit(&folder.path().join("gone")), None);
    }

    #[test]
    fn every_dependency_that_counts_has_a_version() {
        let versions = dependency_versions();
        assert_eq!(versions[0].0, "dehusk");
        for name in DEPENDENCIES {
            let of_name = versions.iter().filter(|(found, _)| found == name);
            assert_eq!(of_name.count(), 1, "{name}");
        }
    }
}
