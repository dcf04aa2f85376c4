//! What is not gone on with, and what is not thrown away.

use super::*;

/// A run of 30 inputs that was killed after a checkpoint.
fn killed(output: &Output) {
    let (mut sink, _) = output.open(false).unwrap();
    for (at, given) in inputs(30).iter().enumerate() {
        give(&mut *sink, at, given).unwrap();
    }
    sink.checkpoint().unwrap();
}

fn refusal(output: &Output, resume: bool) -> SinkError {
    output.open(resume).err().unwrap()
}

#[test]
fn an_unfinished_run_is_neither_overwritten_nor_gone_on_with_unasked() {
    let folder = tempfile::tempdir().unwrap();
    for output in Output::all(folder.path()) {
        restore(folder.path(), &BTreeMap::new());
        killed(&output);
        let was = files(folder.path());
        let error = refusal(&output, false);
        assert!(
            matches!(error, SinkError::Unfinished { pages: 22, .. }),
            "{error}"
        );
        assert!(error.to_string().contains("--resume"));
        assert!(files(folder.path()) == was);
    }
}

#[test]
fn another_runs_journal_is_told_by_what_differs() {
    let folder = tempfile::tempdir().unwrap();
    let output = Output::file(folder.path(), "pages.jsonl", Some("errors.jsonl"));
    killed(&output);
    let was = files(folder.path());
    let differs = |output: &Output, change: fn(&mut Options)| {
        let mut options = output.options(true);
        change(&mut options);
        match open_within(&output.target, output.form, options, SMALL).err() {
            Some(SinkError::Another { differences, .. }) => differences,
            other => panic!("{other:?}"),
        }
    };
    let other_inputs = differs(&output, |options| {
        options
            .fingerprint
            .insert("inputs".to_owned(), "some".to_owned());
        options
            .fingerprint
            .insert("model".to_owned(), "new".to_owned());
    });
    assert_eq!(other_inputs, "inputs, model");
    let no_errors = differs(&output, |options| options.errors = None);
    assert_eq!(no_errors, "the file of failures");
    let other_form = Output {
        form: Form::Csv,
        ..output.clone()
    };
    assert_eq!(differs(&other_form, |_| {}), "the form of the output");
    assert!(files(folder.path()) == was);
}

#[test]
fn a_run_that_lost_bytes_is_not_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    for output in Output::all(folder.path()) {
        restore(folder.path(), &BTreeMap::new());
        killed(&output);
        let was = files(folder.path());
        let partials: Vec<_> = (was.keys())
            .filter(|path| path.extension().is_some_and(|ending| ending == "partial"))
            .collect();
        assert_eq!(partials.len(), 1 + usize::from(output.errors.is_some()));
        for partial in partials {
            let path = folder.path().join(partial);
            let bytes = &was[partial];
            if bytes.is_empty() {
                continue;
            }
            fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
            let error = refusal(&output, true);
            assert!(matches!(error, SinkError::Short { .. }), "{error}");
            fs::remove_file(&path).unwrap();
            let error = refusal(&output, true);
            assert!(
                matches!(error, SinkError::Short { bytes: 0, .. }),
                "{error}"
            );
            restore(folder.path(), &was);
        }
    }
}

#[test]
fn a_damaged_journal_is_told_of_wherever_it_was_cut() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["pages.jsonl.gz", "pages.jsonl"] {
        restore(folder.path(), &BTreeMap::new());
        let output = Output::file(folder.path(), name, None);
        killed(&output);
        let was = files(folder.path());
        let journal = folder.path().join(name.to_owned() + ".partial.json");
        let told = fs::read(&journal).unwrap();
        for end in (0..told.len()).step_by(1 + told.len() / 97) {
            fs::write(&journal, &told[..end]).unwrap();
            assert!(matches!(refusal(&output, true), SinkError::Damaged { .. }));
        }
        let newer = String::from_utf8(told).unwrap();
        let newer = newer.replace("\"dehusk_journal\":1", "\"dehusk_journal\":2");
        fs::write(&journal, newer).unwrap();
        let error = refusal(&output, true).to_string();
        assert!(error.contains("version 2, not 1"), "{error}");
        restore(folder.path(), &was);
        output.open(true).unwrap();
    }
}

#[test]
fn a_journal_of_other_pages_than_the_output_holds_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let output = Output::folder(folder.path());
    killed(&output);
    let list = folder.path().join("pages/.dehusk.partial");
    let names = fs::read_to_string(&list).unwrap();
    fs::write(&list, names.replace('/', "\n")).unwrap();
    assert!(matches!(refusal(&output, true), SinkError::Damaged { .. }));
}

#[test]
fn two_runs_do_not_write_to_one_output_or_one_file_of_failures() {
    let folder = tempfile::tempdir().unwrap();
    for output in Output::all(folder.path()) {
        restore(folder.path(), &BTreeMap::new());
        let (sink, _) = output.open(false).unwrap();
        for resume in [false, true] {
            assert!(matches!(refusal(&output, resume), SinkError::Locked { .. }));
        }
        if output.errors.is_some() {
            let other = Output {
                target: Target::File(folder.path().join("other.txt")),
                form: Form::Content(Content::Text),
                ..output
            };
            assert!(matches!(refusal(&other, false), SinkError::Locked { .. }));
            assert!(
                files(folder.path())
                    .keys()
                    .all(|path| !path.starts_with("other"))
            );
        }
        drop(sink);
    }
}

#[test]
fn what_no_run_left_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let output = Output::file(folder.path(), "pages.txt", Some("errors.jsonl"));
    for name in ["pages.txt.partial", "errors.jsonl.partial"] {
        restore(folder.path(), &BTreeMap::new());
        fs::write(folder.path().join(name), "my thesis").unwrap();
        let was = files(folder.path());
        for resume in [false, true] {
            assert!(matches!(
                refusal(&output, resume),
                SinkError::NotOurs { .. }
            ));
            assert_eq!(files(folder.path()), was);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_a_partial_file_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (precious, link) = ["precious", "pages.txt.partial"]
        .map(|name| folder.path().join(name))
        .into();
    fs::write(&precious, "").unwrap();
    std::os::unix::fs::symlink(&precious, &link).unwrap();
    let output = Output::file(folder.path(), "pages.txt", None);
    assert!(matches!(refusal(&output, false), SinkError::NotOurs { .. }));
    fs::remove_file(&link).unwrap();
    // One that is to be the journal is replaced.
    let journal = folder.path().join("pages.txt.partial.json.new");
    std::os::unix::fs::symlink(&precious, &journal).unwrap();
    output.run(&inputs(9));
    assert_eq!(fs::read(&precious).unwrap(), b"");
    assert!(!journal.exists());
}

#[test]
fn a_folder_with_files_of_others_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let output = Output::folder(folder.path());
    fs::create_dir(folder.path().join("pages")).unwrap();
    fs::write(folder.path().join("pages/thesis.txt"), "").unwrap();
    let was = files(folder.path());
    for resume in [false, true] {
        assert!(matches!(
            refusal(&output, resume),
            SinkError::NotEmpty { .. }
        ));
    }
    assert_eq!(files(folder.path()), was);
}

#[test]
fn failures_are_not_written_where_pages_are() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("pages")).unwrap();
    let file = |errors| Output::file(folder.path(), "pages.txt", Some(errors));
    let mut inside = Output::folder(folder.path());
    inside.errors = Some(folder.path().join("pages/errors.jsonl"));
    for output in [
        file("pages.txt"),
        file("pages/../pages.txt"),
        file("pages.txt.partial"),
        file("pages.txt.partial.json"),
        inside,
    ] {
        let error = refusal(&output, false);
        assert!(matches!(error, SinkError::SamePlace { .. }), "{error}");
    }
}

#[test]
fn what_is_written_as_it_comes_cannot_be_gone_on_with() {
    let options = || Options {
        resume: true,
        ..Options::default()
    };
    let mut targets = vec![Target::Stdout];
    if cfg!(unix) {
        targets.push(Target::File("/dev/null".into()));
    }
    for target in targets {
        let error = super::super::open(&target, Form::Jsonl, options())
            .err()
            .unwrap();
        assert!(matches!(error, SinkError::NotResumable { .. }), "{error}");
    }
}

#[test]
fn forms_that_do_not_fit_their_place_are_refused_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pages");
    for form in [Form::Csv, Form::Jsonl] {
        let target = Target::Folder(path.clone());
        let error = super::super::open(&target, form, Options::default())
            .err()
            .unwrap();
        assert!(matches!(error, SinkError::Form { .. }), "{error}");
    }
    #[cfg(feature = "parquet")]
    {
        let target = Target::File(folder.path().join("pages.parquet.gz"));
        let error = super::super::open(&target, Form::Parquet, Options::default())
            .err()
            .unwrap();
        assert!(matches!(error, SinkError::Form { .. }), "{error}");
    }
    let target = Target::File(folder.path().join("no/such/pages.txt"));
    let error = super::super::open(&target, Form::Jsonl, Options::default())
        .err()
        .unwrap();
    assert!(matches!(error, SinkError::Io { .. }), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
