//! The commands.

use std::process::{Command, Output};

fn ezu(data: &std::path::Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ezu"));
    command.args(arguments).arg("--data").arg(data).env("LANG", "ja_JP.UTF-8").env_remove("LC_ALL");
    command.output().expect("the binary starts")
}

fn succeeds(data: &std::path::Path, arguments: &[&str]) -> String {
    let output = ezu(data, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn questions_are_asked_from_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    succeeds(&data, &["import", concat!(env!("CARGO_MANIFEST_DIR"), "/models/hanano"), "--author", "test"]);
    let list = succeeds(&data, &["questions", "--group", "bcp"]);
    assert!(list.contains("system-stops") && list.contains("「システム」が止まると") && !list.contains("leak-paths"));
    assert!(succeeds(&data, &["ask"]).contains("leak-paths"));
    let answer = succeeds(&data, &["ask", "rekeying"]);
    assert!(answer.contains("35件の連携を手で打ち直しており、年間3,823時間かかっている。"), "{answer}");
    assert!(answer.contains("次に聞くこと"), "{answer}");
    let english = succeeds(&data, &["ask", "contracts-ending", "--param", "days=365", "--language", "en"]);
    assert!(english.contains("Within 365 days of 2026-11-01"), "{english}");
    let page = succeeds(&data, &["handover", "dept-hoiku", "--paper", "a3"]);
    assert!(page.contains("<h1>引継書（保育幼稚園課）</h1>") && page.contains("A3 landscape"));
    let file = folder.path().join("hearing.xlsx");
    succeeds(&data, &["hearing-sheet", "dept-hoiku", "--format", "xlsx", "--output", file.to_str().expect("text")]);
    assert!(std::fs::read(&file).expect("written").starts_with(b"PK"));
    for (arguments, part) in [
        (&["ask", "rekeyin"][..], "did you mean \"rekeying\""),
        (&["ask", "contracts-ending", "--param", "days"][..], "NAME=VALUE"),
        (&["ask", "contracts-ending", "--param", "days=1", "--param", "days=2"][..], "given twice"),
        (&["questions", "--group", "x"][..], "one of bcp"),
        (&["handover", "sys-juki"][..], "there is no"),
    ] {
        let output = ezu(&data, arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(part), "{said}");
    }
}
