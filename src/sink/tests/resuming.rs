//! A run that is killed and gone on with writes what one run writes.

use proptest::prelude::*;

use super::*;

/// One attempt of a run: how many inputs it takes, after which of them it makes
/// a checkpoint of its own, and what becomes of what was not yet durable.
#[derive(Debug, Clone)]
struct Attempt {
    inputs: usize,
    checkpoints: Vec<usize>,
    /// Bytes after the durable ones that survive.
    survive: usize,
    /// Bytes that stand behind these and nobody wrote.
    stray: usize,
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let checkpoints = prop::collection::vec(0..90_usize, 0..4);
    (0..40_usize, checkpoints, 0..5_000_usize, 0..50_usize).prop_map(
        |(inputs, checkpoints, survive, stray)| Attempt {
            inputs,
            checkpoints,
            survive,
            stray,
        },
    )
}

/// How many bytes of a partial file the journal beside it answers for.
fn durable(was: &BTreeMap<PathBuf, Vec<u8>>, partial: &Path) -> usize {
    let name = partial.to_str().unwrap();
    let of = |journal: &str, key: &str| {
        let journal: serde_json::Value =
            serde_json::from_slice(was.get(Path::new(journal))?).ok()?;
        journal[key]["bytes"].as_u64()
    };
    let journal = was
        .keys()
        .find(|path| path.to_string_lossy().ends_with(".partial.json"));
    let journal = journal.unwrap().to_str().unwrap();
    let key = if name.starts_with("errors") {
        "errors"
    } else {
        "output"
    };
    of(journal, key).unwrap() as usize
}

/// Runs an attempt and kills it.
fn kill(output: &Output, root: &Path, inputs: &[Given], attempt: &Attempt) {
    let (mut sink, done) = output.open(true).unwrap();
    for (at, given) in inputs.iter().enumerate().skip(done).take(attempt.inputs) {
        give(&mut *sink, at, given).unwrap();
        if attempt.checkpoints.contains(&at) {
            let mark = sink.checkpoint().unwrap().unwrap();
            assert_eq!(mark.position, at + 1);
        }
    }
    // Taken, but its input is not done with.
    if let Some(given) = inputs.get(done + attempt.inputs) {
        match given {
            Given::Page(page) => sink.write(page).unwrap(),
            Given::Failure(failure) => sink.fail(failure).unwrap(),
            Given::Nothing => {}
        }
        if attempt.checkpoints.contains(&0) {
            sink.checkpoint().unwrap();
        }
    }
    let mut was = files(root);
    drop(sink);
    for path in was.keys().cloned().collect::<Vec<_>>() {
        if path.extension().is_some_and(|ending| ending == "partial") {
            let durable = durable(&was, &path);
            let bytes = was.get_mut(&path).unwrap();
            bytes.truncate(durable + attempt.survive);
            bytes.extend(std::iter::repeat_n(b'?', attempt.stray));
        }
    }
    restore(root, &was);
}

proptest! {
    // Much of the time goes into making files durable.
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn a_killed_run_gone_on_with_writes_the_bytes_of_one_that_was_not(
        attempts in prop::collection::vec(attempt(), 1..5),
        number in 0..90_usize,
    ) {
        let inputs = inputs(number);
        let folder = tempfile::tempdir().unwrap();
        for (at, output) in Output::all(folder.path()).iter().enumerate() {
            restore(folder.path(), &BTreeMap::new());
            output.run(&inputs);
            let whole = files(folder.path());
            restore(folder.path(), &BTreeMap::new());
            for attempt in &attempts {
                kill(output, folder.path(), &inputs, attempt);
            }
            let (sink, done) = output.open(true).unwrap();
            finish_from(sink, done, &inputs);
            let resumed = files(folder.path());
            prop_assert_eq!(
                whole.keys().collect::<Vec<_>>(), resumed.keys().collect::<Vec<_>>()
            );
            prop_assert!(whole == resumed, "other bytes: output {at}, {output:?}");
        }
    }
}

#[test]
fn a_checkpoint_tells_what_is_done_and_nothing_done_is_done_again() {
    let inputs = inputs(40);
    let folder = tempfile::tempdir().unwrap();
    for output in Output::all(folder.path()) {
        restore(folder.path(), &BTreeMap::new());
        let (mut sink, _) = output.open(false).unwrap();
        for (at, given) in inputs[..33].iter().enumerate() {
            give(&mut *sink, at, given).unwrap();
        }
        let mark = sink.checkpoint().unwrap().unwrap();
        let of = |wanted: fn(&Given) -> bool| {
            inputs[..33].iter().filter(|given| wanted(given)).count() as u64
        };
        assert_eq!(mark.pages, of(|given| matches!(given, Given::Page(_))));
        assert_eq!(
            mark.failures,
            of(|given| matches!(given, Given::Failure(_)))
        );
        assert!(!mark.complete);
        drop(sink);
        let opened = open_within(&output.target, output.form, output.options(true), SMALL);
        assert_eq!(opened.unwrap().resumed, Some(mark));
    }
}

#[test]
fn a_run_that_ends_before_its_first_checkpoint_leaves_nothing_and_replaces_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for output in Output::all(folder.path()) {
        let Target::File(path) = &output.target else {
            continue;
        };
        restore(folder.path(), &BTreeMap::new());
        fs::write(path, "before").unwrap();
        let was = files(folder.path());
        let (mut sink, _) = output.open(false).unwrap();
        for (at, given) in inputs(3).iter().enumerate() {
            give(&mut *sink, at, given).unwrap();
        }
        drop(sink);
        assert_eq!(files(folder.path()), was);
    }
}

#[test]
fn a_run_killed_before_its_first_checkpoint_is_simply_begun_again() {
    let inputs = inputs(30);
    let folder = tempfile::tempdir().unwrap();
    for output in Output::all(folder.path()) {
        restore(folder.path(), &BTreeMap::new());
        output.run(&inputs);
        let whole = files(folder.path());
        restore(folder.path(), &BTreeMap::new());
        let (mut sink, _) = output.open(false).unwrap();
        give(&mut *sink, 0, &inputs[0]).unwrap();
        let was = files(folder.path());
        drop(sink);
        restore(folder.path(), &was);
        // Files of single pages are there: they are not to be mixed with others.
        let resume = matches!(output.target, Target::Folder(_));
        let (sink, done) = output.open(resume).unwrap();
        assert_eq!(done, 0);
        finish_from(sink, done, &inputs);
        assert!(files(folder.path()) == whole);
    }
}

/// Where nothing can be written: a device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_page_is_not_doubled_when_what_follows_it_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut output = Output::file(folder.path(), "pages.jsonl", None);
    output.errors = Some("/dev/full".into());
    let (mut sink, _) = output.open(false).unwrap();
    give(&mut *sink, 0, &Given::Page(Box::new(page("0", "first")))).unwrap();
    // An input that gives a page and a failure of which no buffer can hold all.
    sink.write(&page("1", "second")).unwrap();
    let failed = sink.fail(&Failure {
        source: "crawl.warc".to_owned(),
        offset: None,
        id: None,
        reason: "long ".repeat(10_000),
    });
    failed.and_then(|()| sink.advance(2.into())).unwrap_err();
    sink.checkpoint().unwrap();
    drop(sink);
    let (sink, done) = output.open(true).unwrap();
    assert_eq!(done, 2);
    drop(sink);
    let lines = fs::read_to_string(folder.path().join("pages.jsonl.partial")).unwrap();
    assert_eq!(lines.lines().count(), 2);
}
