//! `ezu import`: model files into the model, after showing what would change.

use std::path::{Path, PathBuf};

use super::arguments::Import;
use super::failure::Failure;
use super::language::Language;
use super::output::Output;
use super::{asking, import_files, opening, progress, table};
use crate::application::import::{self, ImportPlan};
use crate::application::imports::{self, Format};
use crate::application::{Workspace, WriteRequest, files, folder};
use crate::domain::ChangeSet;
use crate::settings::Settings;

pub(super) fn run(
    settings: &Settings,
    arguments: &Import,
    language: Language,
    out: &mut Output,
) -> Result<(), Failure> {
    if !are_model_files(arguments) {
        return import_files::run(settings, arguments, language, out);
    }
    let files = read_all(&arguments.files)?;
    let workspace = present_model(settings)?;
    let spinner = progress::spinner("checking");
    let plan = import::plan(&workspace, &files).map_err(|problems| Failure::problems(&problems));
    spinner.finish_and_clear();
    let plan = plan?;
    out.text(&preview(&plan, language))?;
    if plan.change_set.operations.is_empty() {
        return out.line("nothing to do: the model says all of it already");
    }
    if arguments.dry_run {
        return out.line("dry run: nothing was changed");
    }
    if !arguments.yes && asking::is_possible() {
        out.flush()?;
        if !asking::confirm("Load this?") {
            return Err(Failure::refused("nothing was changed"));
        }
    }
    let workspace =
        if folder::has_data(&settings.data) { workspace } else { opening::new_or_existing_model(settings)? };
    let committed = commit(&workspace, plan.change_set, arguments)?;
    out.line(&committed)
}

/// The model as it is; what is refused must leave nothing behind, not even an empty data folder.
pub(super) fn present_model(settings: &Settings) -> Result<Workspace, Failure> {
    if folder::has_data(&settings.data) {
        opening::existing_model(settings)
    } else {
        Ok(folder::scratch_workspace(settings)?)
    }
}

fn commit(workspace: &Workspace, change_set: ChangeSet, arguments: &Import) -> Result<String, Failure> {
    let names: Vec<String> = arguments.files.iter().map(|path| path.display().to_string()).collect();
    let message = arguments.message.clone().unwrap_or_else(|| format!("import {}", names.join(", ")));
    let change_set = ChangeSet { message, author: arguments.author.clone(), ..change_set };
    let spinner = progress::spinner("writing");
    let committed = workspace.commit_blocking(WriteRequest { change_set, ..WriteRequest::default() });
    spinner.finish_and_clear();
    let committed = committed?;
    Ok(format!("revision {}, hash {}", committed.revision, committed.hash))
}

/// All files, those of folders included, with the names under which problems are told.
fn read_all(paths: &[PathBuf]) -> Result<Vec<(String, String)>, Failure> {
    let mut all = Vec::new();
    for path in paths {
        check_format(path)?;
        let found = files::yaml_files(path).map_err(Failure::cannot)?;
        if found.is_empty() {
            return Err(Failure::cannot(format!("{} holds no model file (*.yaml, *.yml)", path.display())));
        }
        all.extend(found);
    }
    Ok(all)
}

fn check_format(path: &Path) -> Result<(), Failure> {
    if path.is_dir() || !path.exists() || is_model_file(path) {
        return Ok(());
    }
    Err(Failure::refused(format!(
        "{}: model files (.yaml, .yml, .json, or a folder of .yaml files) are loaded by themselves; \
         import other files with a command of their own",
        path.display()
    )))
}

/// Whether a file is ezu's own: other programs write JSON as well.
fn is_model_file(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match extension.as_str() {
        "yaml" | "yml" => true,
        "json" => std::fs::read(path)
            .map_or(true, |bytes| imports::guessed(&import_files::file_name(path), &bytes) == Format::Native),
        _ => false,
    }
}

/// Whether the files are ezu's own; what is not there is told by whoever reads it.
fn are_model_files(arguments: &Import) -> bool {
    let is_ours = |path: &PathBuf| (path.is_dir() && !import_files::is_coarchi_tree(path)) || is_model_file(path);
    arguments.format.is_none() && arguments.files.iter().any(is_ours)
}

fn preview(plan: &ImportPlan, language: Language) -> String {
    let rows: Vec<Vec<String>> = plan
        .kinds
        .iter()
        .map(|tally| {
            let counts = [tally.created, tally.updated, tally.unchanged].map(|count| count.to_string());
            [vec![tally.kind.to_string(), tally.label.get(language.tag()).to_owned()], counts.to_vec()].concat()
        })
        .collect();
    let sum = |of: fn(&import::KindTally) -> usize| plan.kinds.iter().map(of).sum::<usize>();
    format!(
        "{}total: {} created, {} updated, {} unchanged; {} relationship(s) by reference\n",
        table::render(&["kind", "label", "created", "updated", "unchanged"], &rows),
        sum(|tally| tally.created),
        sum(|tally| tally.updated),
        sum(|tally| tally.unchanged),
        plan.references
    )
}
