//! A run that is killed while its files take their names.

use super::*;

/// Runs to the end, but something stands where `blocked` is to appear.
fn finish_blocked(output: &Output, blocked: &Path, inputs: &[Given]) {
    let (mut sink, _) = output.open(false).unwrap();
    for (at, given) in inputs.iter().enumerate() {
        give(&mut *sink, at, given).unwrap();
    }
    fs::create_dir(blocked).unwrap();
    assert!(matches!(sink.finish(), Err(SinkError::Io { .. })));
    fs::remove_dir(blocked).unwrap();
}

fn finish_later(output: &Output, inputs: &[Given]) {
    let opened = open_within(&output.target, output.form, output.options(true), SMALL).unwrap();
    let (mut sink, mark) = (opened.sink, opened.resumed.unwrap());
    assert!(mark.complete);
    assert_eq!(mark.position, inputs.len());
    assert!(matches!(
        sink.write(&page("one", "more")),
        Err(SinkError::Complete)
    ));
    sink.finish().unwrap();
}

#[test]
fn a_run_killed_between_its_last_steps_is_finished_by_going_on() {
    let inputs = inputs(50);
    let folder = tempfile::tempdir().unwrap();
    for output in Output::all(folder.path()) {
        let (Target::File(path), Some(errors)) = (&output.target, &output.errors) else {
            continue;
        };
        restore(folder.path(), &BTreeMap::new());
        output.run(&inputs);
        let whole = files(folder.path());
        for blocked in [errors, path] {
            restore(folder.path(), &BTreeMap::new());
            finish_blocked(&output, blocked, &inputs);
            // Whichever file has not its name yet, another run does not take it.
            assert!(matches!(
                output.open(false).err(),
                Some(SinkError::Unfinished { .. })
            ));
            let was = files(folder.path());
            let journal = was
                .keys()
                .find(|path| path.to_string_lossy().ends_with(".partial.json"));
            let journal = folder.path().join(journal.unwrap());
            let told = fs::read(&journal).unwrap();
            finish_later(&output, &inputs);
            assert!(files(folder.path()) == whole, "{output:?}");
            // All had their names, and only the journal was left.
            fs::write(&journal, told).unwrap();
            finish_later(&output, &inputs);
            assert!(files(folder.path()) == whole, "{output:?}");
        }
    }
}

#[test]
fn a_folder_whose_list_is_gone_already_is_finished() {
    let inputs = inputs(50);
    let folder = tempfile::tempdir().unwrap();
    let output = Output::folder(folder.path());
    finish_blocked(&output, output.errors.as_ref().unwrap(), &inputs);
    let journal = folder.path().join("pages/.dehusk.partial.json");
    let told = fs::read(&journal).unwrap();
    finish_later(&output, &inputs);
    let whole = files(folder.path());
    assert!(
        whole
            .keys()
            .all(|path| !path.to_string_lossy().contains(".dehusk"))
    );
    fs::write(&journal, told).unwrap();
    finish_later(&output, &inputs);
    assert!(files(folder.path()) == whole);
}

#[test]
fn an_output_that_is_neither_finished_nor_there_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let output = Output::file(folder.path(), "pages.jsonl", None);
    let Target::File(path) = &output.target else {
        unreachable!()
    };
    fs::write(path, "of an earlier run").unwrap();
    let (mut sink, _) = output.open(false).unwrap();
    give(&mut *sink, 0, &inputs(1)[0]).unwrap();
    fs::remove_file(path).unwrap();
    fs::create_dir(path).unwrap();
    sink.finish().unwrap_err();
    fs::remove_dir(path).unwrap();
    fs::write(path, "of an earlier run").unwrap();
    fs::remove_file(folder.path().join("pages.jsonl.partial")).unwrap();
    let (sink, _) = output.open(true).unwrap();
    assert!(matches!(
        sink.finish(),
        Err(SinkError::Short { bytes: 0, .. })
    ));
}

#[cfg(unix)]
#[test]
fn a_replaced_file_keeps_its_permissions_and_a_link_its_place() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for name in ["pages.jsonl", "pages.csv.gz", "pages.parquet"] {
        if Form::of_file(name.as_ref()).is_none() {
            continue;
        }
        let real = folder.path().join("real");
        fs::write(&real, "").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o440)).unwrap();
        let output = Output::file(folder.path(), name, None);
        std::os::unix::fs::symlink("real", folder.path().join(name)).unwrap();
        let (mut sink, _) = output.open(false).unwrap();
        assert_eq!(mode(&folder.path().join("real.partial")), 0o640);
        give(&mut *sink, 0, &inputs(1)[0]).unwrap();
        sink.finish().unwrap();
        assert_eq!(mode(&real), 0o440);
        assert!(fs::metadata(&real).unwrap().len() > 0);
        assert!(folder.path().join(name).is_symlink());
        restore(folder.path(), &BTreeMap::new());
    }
}
