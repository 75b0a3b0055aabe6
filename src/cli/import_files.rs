//! `ezu import` of ledgers, workbooks and models of other tools: what they would change, then the change.

use std::path::{Path, PathBuf};

use super::arguments::Import;
use super::failure::Failure;
use super::import::present_model;
use super::language::Language;
use super::output::Output;
use super::{asking, opening, progress, table};
use crate::application::imports::{
    Agreement, ImportError, ImportFile, ImportOptions, ImportReport, ImportStage, Problem, ProblemKind, Proposal,
    ReadProgress, RecordOutcome, WaitingImports, agreed,
};
use crate::application::{Workspace, WriteRequest, folder};
use crate::settings::Settings;

/// More than anybody reads at once on a terminal.
const MOST_LINES: usize = 40;

pub(super) fn run(
    settings: &Settings,
    arguments: &Import,
    language: Language,
    out: &mut Output,
) -> Result<(), Failure> {
    let files = read_all(&arguments.files)?;
    let names: Vec<String> = arguments.files.iter().map(|path| file_name(path)).collect();
    let options = options(arguments)?;
    let workspace = present_model(settings)?;
    let imports = WaitingImports::new(settings);
    let proposal = work_out(&imports, &workspace, files, &options, arguments)?;
    out.text(&preview(&proposal.report, language))?;
    if let Some(path) = &arguments.report {
        let mut file = Output::to(Some(path))?;
        file.json(&proposal.shown(usize::MAX))?;
        file.finish()?;
    }
    if proposal.report.sources.iter().all(|source| source.items == 0) {
        let problems = &proposal.report.problems;
        let refused = problems.iter().find(|problem| problem.kind == ProblemKind::Refused);
        let why = refused
            .or(problems.first())
            .map_or_else(String::new, |problem| format!(": {}", line(problem, language.tag())));
        return Err(Failure::refused(format!("nothing in the files could be read{why}")));
    }
    if proposal.is_refused {
        return Err(Failure::refused("nothing was imported: the ledger would refuse what is listed last"));
    }
    if proposal.report.is_empty {
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
    let committed = commit(&workspace, proposal, &names, arguments)?;
    out.line(&committed)
}

fn read_all(paths: &[PathBuf]) -> Result<Vec<ImportFile>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(read_one(path, file_name(path))?);
        } else if is_coarchi_tree(path) {
            read_tree(path, "", &mut files)?;
        } else {
            let message = format!(
                "{} is a folder; name the files, a folder of coArchi (with folder.xml or model/folder.xml), or a folder \
                 of model files (*.yaml) alone",
                path.display()
            );
            return Err(Failure::cannot(message));
        }
    }
    Ok(files)
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

fn read_one(path: &Path, name: String) -> Result<ImportFile, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::file("read", path, &error))?;
    Ok(ImportFile { name, bytes })
}

/// Whether a folder is a tree as coArchi keeps it in git.
pub(super) fn is_coarchi_tree(path: &Path) -> bool {
    ["folder.xml", "model/folder.xml"].iter().any(|file| path.join(file).is_file())
}

/// All files below a folder, named by their paths. Links are not followed, so that it ends; hidden folders (git's own) and
/// files that are neither XML nor pictures are left alone.
fn read_tree(folder: &Path, above: &str, files: &mut Vec<ImportFile>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::file("read", folder, &error);
    let mut entries: Vec<_> = std::fs::read_dir(folder).and_then(Iterator::collect).map_err(failed)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (name, kind) = (entry.file_name().to_string_lossy().into_owned(), entry.file_type().map_err(failed)?);
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            read_tree(&entry.path(), &format!("{above}{name}/"), files)?;
        } else if kind.is_file() && (name.ends_with(".xml") || above.ends_with("images/")) {
            files.push(read_one(&entry.path(), format!("{above}{name}"))?);
        }
    }
    Ok(())
}

/// Decisions from a file, with those of the command line laid over.
fn options(arguments: &Import) -> Result<ImportOptions, Failure> {
    let mut options: ImportOptions = match &arguments.decisions {
        None => ImportOptions::default(),
        Some(path) => {
            let text = std::fs::read(path).map_err(|error| Failure::file("read", path, &error))?;
            let wrong = |error: serde_json::Error| Failure::usage(format!("{}: {error}", shown(path)));
            serde_json::from_slice(&text).map_err(wrong)?
        }
    };
    options.conflicts = arguments.conflicts.map(Into::into).or(options.conflicts);
    Ok(options)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn work_out(
    imports: &WaitingImports,
    workspace: &Workspace,
    files: Vec<ImportFile>,
    options: &ImportOptions,
    arguments: &Import,
) -> Result<Proposal, Failure> {
    let bar = progress::bar(0, "reading");
    let told = |stage: ImportStage, progress: ReadProgress| {
        let word = word_of(stage);
        bar.set_length(progress.of);
        bar.set_position(progress.done);
        if bar.message() != word {
            bar.set_message(word);
            // A stage that tells nothing more is seen all the same.
            bar.force_draw();
        }
    };
    let format = arguments.format.as_deref().map(format_of).transpose()?;
    let proposal = imports.work_out(workspace, files, format, options, &told);
    bar.finish_and_clear();
    proposal.map_err(|error| match error {
        ImportError::Unreadable(unreadable) => {
            let problem = &unreadable.0;
            let remedy = problem.remedy.as_ref().map_or("", |remedy| remedy.en.as_str());
            Failure::refused(format!("{}: {} ({}); {remedy}", problem.place, problem.wrong.ja, problem.wrong.en))
        }
        other => Failure::cannot(other.to_string()),
    })
}

fn word_of(stage: ImportStage) -> &'static str {
    match stage {
        ImportStage::Reading => "reading",
        ImportStage::Matching => "matching",
        ImportStage::Comparing => "comparing",
        ImportStage::Checking => "checking",
    }
}

fn format_of(word: &str) -> Result<crate::application::imports::Format, Failure> {
    use crate::application::imports::Format;
    let known = || Format::ALL.map(Format::word).join(", ");
    Format::from_word(word).ok_or_else(|| Failure::usage(format!("--format {word} is none of {}", known())))
}

fn commit(workspace: &Workspace, proposal: Proposal, names: &[String], arguments: &Import) -> Result<String, Failure> {
    let agreement =
        Agreement { message: arguments.message.clone(), author: arguments.author.clone(), ..Agreement::default() };
    let change_set = agreed(proposal.into_change_set(), agreement, names, None);
    // A scratch model has no revision that the folder's own could conflict with.
    let change_set = crate::domain::ChangeSet { base_revision: None, ..change_set };
    let spinner = progress::spinner("writing");
    let committed = workspace.commit_blocking(WriteRequest { change_set, ..WriteRequest::default() });
    spinner.finish_and_clear();
    let committed = committed?;
    Ok(format!("revision {}, hash {}", committed.revision, committed.hash))
}

fn preview(report: &ImportReport, language: Language) -> String {
    let tag = language.tag();
    let mut text = tables(report, tag);
    text.push_str(&records(report, tag));
    let problems = report.problems.iter().filter(|problem| problem.kind >= ProblemKind::Question);
    section(&mut text, problems.map(|problem| line(problem, tag)).collect());
    let conflicts = report.conflicts.iter().map(|conflict| {
        let said = |value: &Option<serde_json::Value>| value.as_ref().map_or("–".to_owned(), ToString::to_string);
        let (model, file) = (said(&conflict.model), said(&conflict.file));
        format!(
            "{}: {} {} {}: {model} ≠ {file} ({})",
            conflict.place, conflict.id, conflict.name, conflict.field, conflict.item
        )
    });
    section(&mut text, conflicts.collect());
    let questions = report.questions.iter().map(|question| {
        let place = question.places.first().map_or_else(String::new, |place| format!("{place}: "));
        let candidates: Vec<String> =
            question.candidates.iter().map(|one| format!("{} ({} {:.2})", one.name, one.id, one.confidence)).collect();
        format!("{place}{} {} ×{} [{}]", question.id, question.sentence.get(tag), question.count, candidates.join(", "))
    });
    section(&mut text, questions.collect());
    text
}

/// Kinds by what becomes of their items.
fn tables(report: &ImportReport, tag: &str) -> String {
    let rows: Vec<Vec<String>> = report
        .kinds
        .iter()
        .map(|kind| {
            let counts = [kind.created, kind.updated, kind.deleted, kind.unchanged].map(|count| count.to_string());
            [vec![kind.kind.clone(), kind.label.get(tag).to_owned()], counts.to_vec()].concat()
        })
        .collect();
    table::render(&["kind", "label", "created", "updated", "deleted", "unchanged"], &rows)
}

fn records(report: &ImportReport, tag: &str) -> String {
    let counts = &report.records;
    let numbers = [
        (RecordOutcome::Read, counts.read),
        (RecordOutcome::Assumed, counts.assumed),
        (RecordOutcome::Question, counts.question),
        (RecordOutcome::Refused, counts.refused),
        (RecordOutcome::Skipped, counts.skipped),
    ];
    let word = |outcome: RecordOutcome| match (outcome, tag) {
        (RecordOutcome::Read, "en") => "read",
        (RecordOutcome::Assumed, "en") => "read with an assumption",
        (RecordOutcome::Question, "en") => "question",
        (RecordOutcome::Refused, "en") => "not read",
        (RecordOutcome::Skipped, "en") => "skipped",
        (RecordOutcome::Read, _) => "読めた",
        (RecordOutcome::Assumed, _) => "読めた（推定あり）",
        (RecordOutcome::Question, _) => "質問",
        (RecordOutcome::Refused, _) => "読めない",
        (RecordOutcome::Skipped, _) => "対象外",
    };
    let said: Vec<String> = numbers.iter().map(|(outcome, count)| format!("{} {count}", word(*outcome))).collect();
    let (conflicts, questions) = (report.conflicts.len(), report.questions.len());
    let rest = if tag == "en" {
        format!("{conflicts} conflict(s), {questions} question(s), {} problem(s)", report.problems_total)
    } else {
        format!("食い違い {conflicts}、質問 {questions}、気づき {}", report.problems_total)
    };
    format!("{}; {rest}\n", said.join(", "))
}

fn line(problem: &Problem, tag: &str) -> String {
    let parts = [Some(&problem.wrong), problem.assumed.as_ref(), problem.remedy.as_ref()];
    let said: Vec<&str> = parts.into_iter().flatten().map(|said| said.get(tag)).collect();
    format!("{}: 「{}」 {}", problem.place, problem.text, said.join("; "))
}

fn section(text: &mut String, lines: Vec<String>) {
    let more = lines.len().saturating_sub(MOST_LINES);
    for line in lines.iter().take(MOST_LINES) {
        text.push_str(line);
        text.push('\n');
    }
    if more > 0 {
        text.push_str(&format!("… +{more}\n"));
    }
}
