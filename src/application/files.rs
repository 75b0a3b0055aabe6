//! Metamodels and model files: from the binary and from folders.

use std::path::Path;
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use super::error::{OpenError, WriteError};
use super::queries::names;
use super::workspace::{Committed, Workspace, WriteRequest};
use crate::analyses::findings::Catalogue;
use crate::analyses::questions::QuestionCatalogue;
use crate::domain::change_set::{ChangeSet, Operation};
use crate::domain::metamodel::{Metamodel, MetamodelFile};
use crate::interchange::ledgers::Dictionary;
use crate::interchange::native::{self, FileProblem, ModelFile};

static MODELS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/models");

/// The built-in metamodel files, in the order they are laid over each other.
const BUILT_IN: [&str; 5] = [
    "metamodel/archimate.yaml",
    "metamodel/records.yaml",
    "metamodel/archimate-files.yaml",
    "metamodel/kept-files.yaml",
    "metamodel/municipality.yaml",
];

/// A file's name and text.
type NamedText = (String, String);

/// The built-in metamodel with a folder's files laid over it, in the order of their names.
///
/// # Errors
/// The first fault, with file, line and what to write instead.
pub fn load_metamodel(folder: Option<&Path>) -> Result<Arc<Metamodel>, OpenError> {
    let mut files: Vec<NamedText> = BUILT_IN.iter().map(|name| ((*name).to_owned(), built_in(name))).collect();
    if let Some(folder) = folder {
        files.extend(yaml_files(folder).map_err(OpenError::File)?);
    }
    let files: Vec<MetamodelFile<'_>> = files.iter().map(|(name, text)| MetamodelFile { name, text }).collect();
    Ok(Arc::new(Metamodel::read(&files)?))
}

/// The built-in rules with a folder's files laid over them, in the order of their names.
///
/// # Errors
/// The first fault, with file, line and what to write instead.
pub fn load_rules(metamodel: &Metamodel, folder: Option<&Path>) -> Result<Catalogue, OpenError> {
    let mut files = folder_of_models("rules");
    if let Some(folder) = folder {
        files.extend(yaml_files(folder).map_err(OpenError::File)?);
    }
    Catalogue::read(metamodel, &files).map_err(|error| OpenError::File(format!("the rules are faulty: {error}")))
}

/// The built-in questions with a folder's files laid over them, in the order of their names.
///
/// # Errors
/// The first fault, with file, line and what to write instead.
pub fn load_questions(
    metamodel: &Metamodel,
    rules: &Catalogue,
    folder: Option<&Path>,
) -> Result<QuestionCatalogue, OpenError> {
    let mut files = folder_of_models("questions");
    if let Some(folder) = folder {
        files.extend(yaml_files(folder).map_err(OpenError::File)?);
    }
    let read = QuestionCatalogue::read(metamodel, rules, &names(metamodel), &files);
    read.map_err(|error| OpenError::File(format!("the questions are faulty: {error}")))
}

fn built_in(name: &str) -> String {
    MODELS.get_file(name).and_then(|file| file.contents_utf8()).unwrap_or_default().to_owned()
}

/// The built-in words of ledgers. They are part of the program, and a test reads them.
pub fn load_dictionary() -> Dictionary {
    let text = built_in("ledgers/municipality.yaml");
    Dictionary::read(&[("ledgers/municipality.yaml", &text)]).unwrap_or_default()
}

/// The files of the reference city.
pub fn sample_files() -> Vec<NamedText> {
    folder_of_models("hanano")
}

fn folder_of_models(name: &str) -> Vec<NamedText> {
    let mut files: Vec<NamedText> = MODELS
        .get_dir(name)
        .into_iter()
        .flat_map(Dir::files)
        .filter_map(|file| Some((file.path().to_string_lossy().into_owned(), file.contents_utf8()?.to_owned())))
        .collect();
    files.sort();
    files
}

/// The operations that create the reference city; empty under a metamodel that does not know its lists.
pub fn sample_operations(metamodel: &Metamodel) -> Vec<Operation> {
    let files = sample_files();
    let files: Vec<ModelFile<'_>> = files.iter().map(|(name, text)| ModelFile { name, text }).collect();
    native::read(metamodel, &files).map(|read| read.operations).unwrap_or_default()
}

/// Reads the YAML files of a folder, or one file, sorted by name.
///
/// # Errors
/// What cannot be read, and why.
pub fn yaml_files(path: &Path) -> Result<Vec<NamedText>, String> {
    let trouble = |path: &Path, error: &std::io::Error| format!("{} cannot be read: {error}", path.display());
    let mut paths = vec![path.to_owned()];
    if path.is_dir() {
        let entries = std::fs::read_dir(path).map_err(|error| trouble(path, &error))?;
        paths = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_yaml(path)).collect();
        paths.sort();
    }
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).map_err(|error| trouble(path, &error))?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        Ok((path.display().to_string(), text))
    };
    paths.iter().map(read).collect()
}

fn is_yaml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml"))
}

/// Why model files were not loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Something is wrong in them.
    #[error("{} problem(s) in the files", .0.len())]
    Problems(Vec<FileProblem>),
    /// The ledger did not take them.
    #[error(transparent)]
    Write(WriteError),
}

/// Reads model files into a change set, checked on the newest revision.
///
/// # Errors
/// Everything that is wrong, with file, line, id and attribute.
pub fn read_model_files(workspace: &Workspace, files: &[NamedText]) -> Result<ChangeSet, Vec<FileProblem>> {
    let files: Vec<ModelFile<'_>> = files.iter().map(|(name, text)| ModelFile { name, text }).collect();
    let mut read = native::read(&workspace.metamodel(), &files)?;
    let change_set = ChangeSet { operations: std::mem::take(&mut read.operations), ..ChangeSet::default() };
    let refusals = workspace.dry_run(&change_set).refusals;
    if refusals.is_empty() {
        Ok(change_set)
    } else {
        Err(refusals.iter().map(|refusal| read.locate(refusal)).collect())
    }
}

/// Loads model files as one change set.
///
/// # Errors
/// See [`LoadError`]; nothing is half-loaded.
pub fn load_model_files(
    workspace: &Workspace,
    files: &[NamedText],
    message: &str,
    author: Option<&str>,
) -> Result<Committed, LoadError> {
    let change_set = read_model_files(workspace, files).map_err(LoadError::Problems)?;
    let change_set = ChangeSet { message: message.to_owned(), author: author.map(str::to_owned), ..change_set };
    workspace.commit_blocking(WriteRequest { change_set, ..WriteRequest::default() }).map_err(LoadError::Write)
}

/// Loads the reference city into an empty model; an existing one stays as it is.
///
/// # Errors
/// See [`LoadError`].
pub fn load_sample(workspace: &Workspace) -> Result<Option<Committed>, LoadError> {
    if workspace.current().revision() > 0 {
        return Ok(None);
    }
    let message = "花野市（架空の見本）を読み込む / load the sample city Hanano (fictional)";
    load_model_files(workspace, &sample_files(), message, Some("ezu")).map(Some)
}
