//! From the files of a request to what they say, whatever their form.

use super::answers::ImportOptions;
use super::baseline::digest;
use super::sources::kept_columns;
use super::versions::recognise;
use crate::application::files::load_dictionary;
use crate::domain::change_set::Operation;
use crate::domain::metamodel::{Kind, Metamodel};
use crate::graph::Snapshot;
use crate::interchange::archimate::mapping::{Words, to_read_model};
use crate::interchange::ledgers::{self, Dictionary, LedgerContext, Meaning, Vocabularies};
use crate::interchange::problem::{Problem, ProblemKind, Said};
use crate::interchange::{
    Ends, Format, Limits, Place, ReadContext, ReadItem, ReadModel, ReadProgress, SourceFile, Statement, Target,
    Unreadable,
};
use crate::interchange::{archimate, bpmn, native, structurizr, tidy};

/// A file of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFile {
    /// Its name; for a file of a folder, its path below it.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// What readers lean on besides the metamodel.
#[derive(Debug)]
pub struct Readers {
    dictionary: Dictionary,
    vocabularies: Vocabularies,
    limits: Limits,
}

/// What files say, and the SHA-256 of the files of each source.
pub type ReadFiles = (Vec<ReadModel>, Vec<String>);

impl Readers {
    /// Readers within limits.
    pub fn new(limits: Limits) -> Self {
        Self { dictionary: load_dictionary(), vocabularies: Vocabularies::default(), limits }
    }
}

/// Reads all files and uses them up, so that none is held longer than it is read; `format` is guessed for each when
/// absent.
///
/// # Errors
/// The first file that cannot be read at all.
pub fn read_files(
    readers: &Readers,
    snapshot: &Snapshot,
    files: Vec<ImportFile>,
    format: Option<Format>,
    options: &ImportOptions,
    progress: &(dyn Fn(ReadProgress) + Sync),
) -> Result<ReadFiles, Unreadable> {
    let memory = kept_columns(snapshot);
    let mut read = ReadFiles::default();
    let (tree, files): (Vec<ImportFile>, Vec<ImportFile>) =
        files.into_iter().partition(|file| is_of_tree(file, format));
    read_tree(readers, snapshot, tree, progress, &mut read)?;
    for file in files {
        let name = file.name.clone();
        let source = SourceFile { name: &file.name, bytes: &file.bytes };
        if source.bytes.len() as u64 > readers.limits.file_bytes {
            return Err(Unreadable::beyond(Place::file(source.name), "file_bytes", readers.limits.file_bytes));
        }
        let format = format.unwrap_or_else(|| Format::guess(&source));
        // A ledger without rows is told with its rows.
        if source.bytes.trim_ascii().is_empty() && format != Format::Csv {
            return Err(nothing_in(source.name));
        }
        let digest = digest(source.bytes, 32);
        let context = ReadContext { metamodel: snapshot.shared_metamodel(), limits: &readers.limits, progress };
        let mut model = read_file(readers, context, &memory, format, file, options)?;
        model.title = title_of(&model, &name);
        recognise(snapshot, &mut model, &name);
        model.limit_problems(readers.limits.problems);
        if model.items.len() > readers.limits.items {
            return Err(Unreadable::beyond(Place::file(&name), "items", readers.limits.items as u64));
        }
        read.0.push(model);
        read.1.push(digest);
    }
    Ok(read)
}

/// The longest name of a source, in characters.
const LONGEST_TITLE: usize = 200;

/// What the record of a source is called: what the file calls itself, as far as a name may be so; else the file's name.
fn title_of(model: &ReadModel, file: &str) -> String {
    let stem = || file.rsplit(['/', '\\']).next().unwrap_or(file);
    let mut titles = [model.title.as_str(), stem(), &model.source].into_iter().map(tidy::one_line);
    let title = titles.find(|title| !title.is_empty()).unwrap_or_else(|| "-".to_owned());
    title.chars().take(LONGEST_TITLE).collect::<String>().trim_end().to_owned()
}

/// Reads a file and uses it up: the bytes are not held beside what they say.
fn read_file(
    readers: &Readers,
    context: ReadContext<'_>,
    memory: &[(String, String, Meaning)],
    format: Format,
    file: ImportFile,
    options: &ImportOptions,
) -> Result<ReadModel, Unreadable> {
    let ImportFile { name, bytes } = file;
    let file = &SourceFile { name: &name, bytes: &bytes };
    match format {
        Format::Workbook | Format::Csv => {
            let Readers { dictionary, vocabularies, .. } = readers;
            let choices = &options.tables;
            let context = LedgerContext { read: context, dictionary, vocabularies, memory, choices };
            ledgers::read(format, &name, bytes, context)
        }
        Format::Native => read_native(context.metamodel, file),
        Format::Bpmn => bpmn::read(file, context),
        Format::Structurizr => structurizr::read(file, context),
        Format::ArchimateExchange => {
            let read = archimate::read_exchange(file.name, file.bytes, context.limits, context.progress)?;
            drop(bytes);
            Ok(to_read_model(read, format, &name, &Words::of(context.metamodel)))
        }
        Format::Archi => {
            let read = archimate::read_archi(file.name, file.bytes, context.limits, context.progress)?;
            drop(bytes);
            Ok(to_read_model(read, format, &name, &Words::of(context.metamodel)))
        }
        Format::CoArchi => {
            let read = archimate::read_coarchi(&[*file], context.limits, context.progress)?;
            Ok(to_read_model(read, format, file.name, &Words::of(context.metamodel)))
        }
    }
}

fn nothing_in(file: &str) -> Unreadable {
    let wrong = Said::new("ファイルが空です", "the file is empty");
    let remedy = Said::new("保存し直すか、別のファイルを選んでください", "save it again, or choose another file");
    Unreadable::new("empty_file", Place::file(file), wrong, remedy)
}

/// The form of a file as its bytes, and where they leave it open its name, tell it.
pub fn guessed(name: &str, bytes: &[u8]) -> Format {
    Format::guess(&SourceFile { name, bytes })
}

/// Whether a file is one of coArchi's, which are read together.
fn is_of_tree(file: &ImportFile, format: Option<Format>) -> bool {
    let guess = || Format::guess(&SourceFile { name: &file.name, bytes: &file.bytes });
    format.unwrap_or_else(guess) == Format::CoArchi
}

/// The files of coArchi's tree as one source; nothing if there are none.
fn read_tree(
    readers: &Readers,
    snapshot: &Snapshot,
    tree: Vec<ImportFile>,
    progress: &(dyn Fn(ReadProgress) + Sync),
    read: &mut ReadFiles,
) -> Result<(), Unreadable> {
    if tree.is_empty() {
        return Ok(());
    }
    let (first, tree) = (tree[0].name.clone(), unpacked(readers, tree)?);
    let sources: Vec<SourceFile<'_>> =
        tree.iter().map(|file| SourceFile { name: &file.name, bytes: &file.bytes }).collect();
    let reading = archimate::read_coarchi(&sources, &readers.limits, progress)?;
    let words = Words::of(snapshot.shared_metamodel());
    let mut model = to_read_model(reading, Format::CoArchi, &first, &words);
    model.title = title_of(&model, &first);
    recognise(snapshot, &mut model, &first);
    model.limit_problems(readers.limits.problems);
    read.0.push(model);
    read.1.push(digest(&tree.iter().flat_map(|file| file.bytes.iter().copied()).collect::<Vec<u8>>(), 32));
    Ok(())
}

/// The files of a tree, those that came in a zip file taken out of it.
fn unpacked(readers: &Readers, tree: Vec<ImportFile>) -> Result<Vec<ImportFile>, Unreadable> {
    let mut files = Vec::new();
    for file in tree {
        if file.bytes.starts_with(b"PK") {
            let parts = archimate::unpack_coarchi(&file.name, &file.bytes, &readers.limits)?;
            files.extend(parts.into_iter().map(|(name, bytes)| ImportFile { name, bytes }));
        } else {
            files.push(file);
        }
    }
    Ok(files)
}

/// ezu's own model files: what they say of an item is meant.
fn read_native(metamodel: &Metamodel, file: &SourceFile<'_>) -> Result<ReadModel, Unreadable> {
    let text = std::str::from_utf8(file.bytes).map_err(|_| {
        let wrong = Said::new("UTF-8の文字ではありません", "it is not UTF-8 text");
        Unreadable::new(
            "not_a_text",
            Place::file(file.name),
            wrong,
            Said::new("UTF-8で保存してください", "save it as UTF-8"),
        )
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let mut model = ReadModel::new(Format::Native, format!("native:{}", file.name), file.name);
    match native::read(metamodel, &[native::ModelFile { name: file.name, text }]) {
        Ok(read) => {
            let items = read.operations.into_iter().filter_map(|operation| item_of(metamodel, file.name, operation));
            model.items = items.collect();
        }
        Err(problems) => model.problems.extend(problems.into_iter().map(|problem| {
            let place = Place::line(file.name, u32::try_from(problem.line).unwrap_or(u32::MAX));
            let wrong = Said::new(problem.message.clone(), problem.message);
            Problem::new(ProblemKind::Refused, "model_file", place, problem.id.as_deref().unwrap_or(""), wrong)
        })),
    }
    Ok(model)
}

fn item_of(metamodel: &Metamodel, file: &str, operation: Operation) -> Option<ReadItem> {
    let place = Place::file(file);
    let (kind, id, name, ends, attributes) = match operation {
        Operation::CreateElement(create) => (create.kind, Some(create.id), create.name, None, create.attributes),
        Operation::CreateRelationship(create) => {
            let derived = format!("{}--{}--{}", create.source, create.kind, create.target);
            let ends = Ends { source: Target::Id(create.source), target: Target::Id(create.target) };
            (create.kind, create.id.or(Some(derived)), create.name, Some(ends), create.attributes)
        }
        _ => return None,
    };
    let mut fields = Vec::new();
    flatten(metamodel.kind_named(&kind), &mut fields, "", attributes);
    Some(ReadItem { source_id: id.clone(), id, name, ends, fields, ..ReadItem::new(kind, place) })
}

/// Groups as dotted names.
fn flatten(
    kind: Option<&Kind>,
    fields: &mut Vec<(String, Statement)>,
    prefix: &str,
    attributes: serde_json::Map<String, serde_json::Value>,
) {
    for (key, value) in attributes {
        let name = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
        let is_group = kind.is_some_and(|kind| kind.attribute_named(&name).is_none() && kind.has_group(&name));
        match value {
            serde_json::Value::Object(inner) if is_group => flatten(kind, fields, &name, inner),
            value => fields.push((name, Statement::Value(value))),
        }
    }
}
