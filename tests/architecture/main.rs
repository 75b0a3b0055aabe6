//! The table of rooms in ARCHITECTURE.md holds: a room imports only what the table allows.

mod dependencies;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Which room may import which; `startup`, `main.rs` and `lib.rs` may import all.
const TABLE: [(&str, &[&str]); 12] = [
    ("domain", &[]),
    ("settings", &[]),
    ("graph", &["domain"]),
    ("query", &["domain", "graph"]),
    ("analyses", &["domain", "graph", "query"]),
    ("diagrams", &["domain", "graph", "query", "analyses"]),
    ("reports", &["domain", "graph", "query", "analyses"]),
    ("interchange", &["domain"]),
    ("storage", &["domain"]),
    (
        "application",
        &["domain", "graph", "query", "analyses", "diagrams", "reports", "interchange", "storage", "settings"],
    ),
    ("http", &["domain", "graph", "query", "analyses", "diagrams", "reports", "application", "settings", "storage"]),
    (
        "cli",
        &[
            "domain",
            "graph",
            "query",
            "analyses",
            "diagrams",
            "reports",
            "application",
            "settings",
            "storage",
            "startup",
            "http",
        ],
    ),
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The rooms that a text names behind `crate::`.
fn imports(text: &str) -> Vec<String> {
    let code = text.lines().map(|line| line.split("//").next().unwrap_or(""));
    let mut found = Vec::new();
    for line in code {
        for piece in line.split("crate::").skip(1) {
            match piece.strip_prefix('{') {
                Some(list) => found.extend(list.split(',').map(|item| first_word(item.trim()))),
                None => found.push(first_word(piece)),
            }
        }
    }
    found
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    let rooms: BTreeMap<&str, &[&str]> = TABLE.into_iter().collect();
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for (room, allowed) in &rooms {
        let mut files = Vec::new();
        rust_files(&source().join(room), &mut files);
        assert!(!files.is_empty(), "the room {room} is gone; mend the table");
        for file in files {
            let text = std::fs::read_to_string(&file).expect("text");
            looked_at += 1;
            for import in imports(&text) {
                let is_room = rooms.contains_key(import.as_str()) || import == "startup";
                if is_room && import != **room && !allowed.contains(&import.as_str()) {
                    wrong.push(format!("{} imports {import}", file.display()));
                }
            }
        }
    }
    assert!(looked_at > 100, "{looked_at}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_folder_is_a_room_of_the_table() {
    let rooms: BTreeMap<&str, &[&str]> = TABLE.into_iter().collect();
    for entry in std::fs::read_dir(source()).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(!entry.path().is_dir() || rooms.contains_key(name.as_str()), "{name} is in no row of the table");
    }
}

#[test]
fn the_page_says_the_same() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).expect("present");
    for (room, allowed) in TABLE {
        let expected = if allowed.is_empty() { "nothing of ours".to_owned() } else { allowed.join(", ") };
        let row = format!("| {room} | {expected} |");
        assert!(page.contains(&row), "ARCHITECTURE.md lacks the row {row:?}");
    }
}

#[test]
fn sled_and_the_http_framework_stay_in_their_rooms() {
    for (name, home) in [("sled::", "storage"), ("actix_web", "http"), ("utoipa", "http"), ("petgraph", "graph")] {
        let mut files = Vec::new();
        rust_files(&source(), &mut files);
        for file in files {
            let inside = file.strip_prefix(source()).expect("a source file");
            let at_home = inside.starts_with(home) || inside.starts_with("startup.rs");
            let text = std::fs::read_to_string(&file).expect("text");
            let used = text.lines().map(|line| line.split("//").next().unwrap_or("")).any(|line| line.contains(name));
            assert!(at_home || !used, "{} uses {name}", file.display());
        }
    }
}
