//! The service started from the command line, and what other commands say meanwhile.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::support::{Folder, Ran, repository};

/// A running service and what it writes; it is killed at the end.
struct Service(Child, #[expect(dead_code, reason = "held open until the end")] Lines<BufReader<ChildStdout>>);

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(folder: &Folder) -> (Service, String) {
    let mut command = folder.command(&["serve", "--sample", "--port", "0"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("starts");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let first = lines.next().expect("a line").expect("text");
    let address = first.split_whitespace().find(|word| word.starts_with("http://")).expect("an address").to_owned();
    (Service(child, lines), address)
}

#[test]
fn a_folder_in_service_is_left_to_the_service() {
    let folder = Folder::new();
    let (service, address) = serve(&folder);
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    for arguments in [&["export"][..], &["backup", "x.backup"], &["verify"], &["history"]] {
        let error = folder.fails(3, arguments);
        assert!(error.contains("in use") && error.contains("GET /api/v1/backup"), "{error}");
    }
    assert!(!folder.path("x.backup").exists());
    drop(service);
    assert!(folder.succeeds(&["export"]).contains("sys-juki"));
    folder.succeeds(&["verify"]);
}

#[test]
fn an_address_that_others_can_reach_needs_a_word() {
    let folder = Folder::new();
    let error = folder.fails(3, &["serve", "--host", "0.0.0.0", "--port", "0"]);
    assert!(error.contains("--allow-remote"), "{error}");
}

#[test]
fn the_walk_through_the_rest_interface_goes_to_its_end() {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("left out: there is no curl");
        return;
    }
    let folder = Folder::new();
    let (_service, address) = serve(&folder);
    let base = address.trim_end_matches("/docs/");
    let walked = Command::new("sh").args([&repository("examples/rest-walk.sh"), base]).output().expect("runs");
    let ran = Ran::of(&walked);
    assert!(ran.code == 0 && ran.out.ends_with("All steps answered as expected.\n"), "{}{}", ran.out, ran.err);
}

#[test]
fn the_ten_questions_are_answered_to_the_scripts() {
    let folder = Folder::new();
    let (_service, address) = serve(&folder);
    let base = address.trim_end_matches("/docs/");
    for (program, script) in [("curl", "examples/ten-questions.sh"), ("python3", "examples/ten-questions.py")] {
        if Command::new(program).arg("--version").output().is_err() {
            eprintln!("left out: there is no {program}");
            continue;
        }
        let interpreter = if program == "curl" { "sh" } else { program };
        let mut asked = Command::new(interpreter);
        asked.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONIOENCODING", "utf-8").args([&repository(script), base]);
        let ran = Ran::of(&asked.output().expect("runs"));
        assert_eq!(ran.code, 0, "{script}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains("== 10-if-it-stops") && ran.out.contains("会計課"), "{script}: {}", ran.out);
    }
}
