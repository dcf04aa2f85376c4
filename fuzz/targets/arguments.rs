//! Command lines and configuration files → arguments.

#![no_main]

use std::ffi::{OsStr, OsString};
use std::path::Path;

use dehusk::corpus::{CorpusSpec, Parts};
use dehusk::source::{Named, is_pattern};
use libfuzzer_sys::fuzz_target;

/// What stands before a configuration file, behind arguments of a line each.
const CONFIGURATION: &str = "\n---\n";

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let (lines, configuration) = match text.split_once(CONFIGURATION) {
        Some((lines, configuration)) => (lines, Some(configuration)),
        None => (&*text, None),
    };
    let mut arguments = vec![OsString::from("dehusk")];
    let folder = tempfile::tempdir().expect("a folder can be made");
    match configuration {
        None => arguments.push("--no-config".into()),
        Some(configuration) => {
            let path = folder.path().join("dehusk.toml");
            std::fs::write(&path, configuration).expect("a file can be written");
            arguments.extend(["--config".into(), path.into_os_string()]);
        }
    }
    arguments.extend(lines.lines().map(OsString::from));
    let problem = dehusk::cli::problem_with(&arguments);
    assert!(problem.is_none_or(|problem| !problem.is_empty()));
    for argument in lines.lines() {
        let named = Named::of(OsStr::new(argument));
        let _ = (named.is_several(), named.may_be_web());
        let _ = is_pattern(Path::new(argument));
        if let Ok(spec) = argument.parse::<CorpusSpec>() {
            assert_eq!(spec.to_string().parse::<CorpusSpec>().ok(), Some(spec));
        }
        if let Ok(parts) = argument.parse::<Parts>() {
            assert!(parts.names().next().is_some());
        }
    }
});
