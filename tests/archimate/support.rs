//! Where other people's models are, and how files are read here.

use std::path::{Path, PathBuf};

use ezu::interchange::archimate::{Reading, read_archi, read_coarchi, read_exchange};
use ezu::interchange::{Limits, SourceFile};

/// Models of other people, beside the project; they are no part of it.
pub fn corpora() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("{} is not there: nothing to read", folder.display());
    None
}

/// All files below a folder with one of these endings, sorted.
pub fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

pub fn exchange(bytes: &[u8]) -> Reading {
    read_exchange("test.xml", bytes, &Limits::default(), &|_| {}).expect("readable")
}

pub fn archi(bytes: &[u8]) -> Reading {
    read_archi("test.archimate", bytes, &Limits::default(), &|_| {}).expect("readable")
}

pub fn coarchi(files: &[(String, Vec<u8>)]) -> Reading {
    let files: Vec<SourceFile<'_>> = files.iter().map(|(name, bytes)| SourceFile { name, bytes }).collect();
    read_coarchi(&files, &Limits::default(), &|_| {}).expect("readable")
}

/// Whether a program is there.
pub fn has(program: &str) -> bool {
    let found = std::process::Command::new(program).arg("--version").output().is_ok();
    if !found {
        eprintln!("{program} is not installed: that part of the test is left out");
    }
    found
}

/// What `xmllint` has to say about a file of the exchange format; empty if it is valid.
pub fn invalid(bytes: &[u8], schemas: &Path) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("export.xml");
    std::fs::write(&file, bytes).expect("written");
    let catalog = folder.path().join("catalog.xml");
    let uri = format!("file://{}", schemas.join("xml.xsd").canonicalize().expect("the schema").display());
    let entries: String = ["http://www.w3.org/2001/xml.xsd", "http://www.w3.org/2001/03/xml.xsd"]
        .iter()
        .map(|name| format!("<system systemId=\"{name}\" uri=\"{uri}\"/><uri name=\"{name}\" uri=\"{uri}\"/>"))
        .collect();
    let text = format!("<catalog xmlns=\"urn:oasis:names:tc:entity:xmlns:xml:catalog\">{entries}</catalog>");
    std::fs::write(&catalog, text).expect("written");
    let output = std::process::Command::new("xmllint")
        .env("XML_CATALOG_FILES", &catalog)
        .args(["--nonet", "--noout", "--schema"])
        .arg(schemas.join("archimate3_Diagram.xsd"))
        .arg(&file)
        .output()
        .expect("xmllint runs");
    if output.status.success() { String::new() } else { String::from_utf8_lossy(&output.stderr).into_owned() }
}
