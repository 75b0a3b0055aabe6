//! Imports that wait for somebody to agree.

use std::sync::Arc;
use std::thread;

use ezu::application::imports::{Agreement, ImportError, ImportOptions, WaitingImports};

use ezu::settings::Settings;

use crate::support::{empty, text_file};

fn waiting(folder: &std::path::Path) -> WaitingImports {
    WaitingImports::new(&Settings { data: folder.to_owned(), ..Settings::default() })
}

#[test]
fn of_many_who_agree_at_once_one_writes_and_the_others_are_told_what_was_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let (workspace, imports) = (Arc::new(empty()), Arc::new(waiting(folder.path())));
    let rows: String = (0..200).map(|number| format!("システム{number},市民課\n")).collect();
    let files = [text_file("台帳.csv", &format!("システム名,課名\n{rows}"))];
    let now = workspace.clock().now();
    let id = imports.add(now, &files, None, ImportOptions::default(), None).expect("kept").id;
    let agree = |_| {
        let (workspace, imports, id) = (Arc::clone(&workspace), Arc::clone(&imports), id.clone());
        thread::spawn(move || imports.commit(&workspace, &id, Agreement::default()))
    };
    let answers: Vec<_> = (0..6).map(agree).collect();
    let answers: Vec<_> = answers.into_iter().map(|answer| answer.join().expect("no panic")).collect();
    let written =
        answers.iter().filter(|answer| matches!(answer, Ok(Some(committed)) if committed.revision == 1)).count();
    let told = answers.iter().filter(|answer| matches!(answer, Err(ImportError::Committed(1)))).count();
    assert_eq!((written, told), (1, 5), "{answers:?}");
    assert_eq!(workspace.current().revision(), 1);
    assert!(workspace.current().element("sys-システム199").is_some());
}

#[test]
fn decisions_and_looks_at_the_same_time_do_not_get_in_each_others_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let (workspace, imports) = (Arc::new(empty()), Arc::new(waiting(folder.path())));
    let files = [text_file("台帳.csv", "システム名,課名\n甲,市民課\n")];
    let id = imports.add(workspace.clock().now(), &files, None, ImportOptions::default(), None).expect("kept").id;
    let work = |number: usize| {
        let (workspace, imports, id) = (Arc::clone(&workspace), Arc::clone(&imports), id.clone());
        thread::spawn(move || {
            for turn in 0..40 {
                let options = ImportOptions {
                    create_missing: Some((number + turn).is_multiple_of(2)),
                    ..ImportOptions::default()
                };
                imports.decide(&id, options).unwrap_or_else(|error| panic!("{error}"));
                imports.preview(&workspace, &id).unwrap_or_else(|error| panic!("{error}"));
            }
        })
    };
    let threads: Vec<_> = (0..4).map(work).collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no failure"));
    assert!(imports.get(&id).is_ok());
}

#[test]
fn what_a_killed_process_left_of_a_file_is_removed_and_what_waits_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let (workspace, imports) = (empty(), waiting(folder.path()));
    let files = [text_file("台帳.csv", "システム名,課名\n甲,市民課\n")];
    let now = workspace.clock().now();
    let id = imports.add(now, &files, None, ImportOptions::default(), None).expect("kept").id;
    let held = folder.path().join("imports");
    let of_killed = held.join("0123456789abcdef");
    std::fs::create_dir(&of_killed).expect("a folder");
    std::fs::write(of_killed.join("0.file"), "システム名\n乙\n").expect("a file");
    let (whole, half) = (held.join(&id).join("0.file"), held.join(&id).join("about.new"));
    std::fs::write(&half, "{").expect("a file");

    imports.tidy(now);
    assert!(!of_killed.exists(), "nobody can reach it any more");
    assert!(!half.exists() && whole.exists());
    assert!(imports.preview(&workspace, &id).is_ok());

    imports.tidy(imports.get(&id).expect("waits").expires);
    assert!(!whole.exists(), "it waited too long");
}
