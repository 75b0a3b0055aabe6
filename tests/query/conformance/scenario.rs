//! Scenarios as they are written: a line of JSON each.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// One scenario of the suite.
#[derive(Debug, Clone, Deserialize)]
pub struct Scenario {
    /// The file it stands in, which tells its category.
    pub feature: String,
    /// Its name, unique in the file but for outlines.
    pub name: String,
    /// What is done and what is expected.
    pub steps: Vec<Sentence>,
}

/// One step: a sentence, and what stands under it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Sentence {
    /// The sentence.
    #[serde(rename = "t")]
    pub text: String,
    /// A query.
    pub doc: Option<String>,
    /// Rows of cells.
    pub table: Option<Vec<Vec<String>>>,
}

impl Scenario {
    /// The folder of the file: `clauses/match`.
    pub fn category(&self) -> &str {
        self.feature.rsplit_once('/').map_or(self.feature.as_str(), |(folder, _)| folder)
    }

    /// File and name in one line.
    pub fn title(&self) -> String {
        let file = self.feature.rsplit('/').next().unwrap_or_default();
        format!("{} {}", file.trim_end_matches(".feature"), self.name)
    }
}

/// Where the suite is: the folder that the environment names, or the one beside the project.
pub fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("EZU_TCK").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tck");
    [named, Some(beside)].into_iter().flatten().find(|folder| folder.join("read-only.jsonl").is_file())
}

/// Reads scenarios, one a line.
///
/// # Panics
/// When a line is no scenario.
pub fn read(lines: &str) -> Vec<Scenario> {
    let read = |(place, line): (usize, &str)| {
        serde_json::from_str(line).unwrap_or_else(|error| panic!("line {}: {error}", place + 1))
    };
    lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(read).collect()
}

/// Reads a file of scenarios.
///
/// # Panics
/// When it cannot be read.
pub fn read_file(path: &Path) -> Vec<Scenario> {
    read(&fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}
