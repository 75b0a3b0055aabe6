//! The model as files of `ArchiMate` tools.

mod layout;
mod views;

use std::io::{Cursor, Write as _};
use std::time::Duration;

use crate::diagrams::GraphvizSettings;
use crate::domain::element::{Item, Model};
use crate::graph::{Snapshot, View};
use crate::interchange::archimate::mapping::{Exported, Words, to_document};
use crate::interchange::archimate::{Loss, write_archi, write_coarchi, write_exchange};
use crate::settings::Diagrams;

/// A form of `ArchiMate` file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchimateFormat {
    /// The Open Group's exchange format.
    Exchange,
    /// Archi's own file.
    Archi,
    /// coArchi's tree, as a zip file.
    CoArchi,
}

/// A file, and what it could not carry.
#[derive(Debug)]
pub struct ArchimateFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What was left out or changed.
    pub losses: Vec<Loss>,
}

impl ArchimateFormat {
    /// The format of this name in a request.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "archimate-exchange" => Some(Self::Exchange),
            "archi" => Some(Self::Archi),
            "coarchi" => Some(Self::CoArchi),
            _ => None,
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Exchange => "application/xml",
            Self::Archi => "application/octet-stream",
            Self::CoArchi => "application/zip",
        }
    }

    /// The usual name of such a file.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Exchange => "ezu.xml",
            Self::Archi => "ezu.archimate",
            Self::CoArchi => "ezu-coarchi.zip",
        }
    }
}

/// What a view shows as a file. A model without drawn views gets some: the overview of DS-467, the relations of its
/// systems among themselves and with others, and the department with most work. Views without places get them from Graphviz, or in rows without it.
///
/// # Errors
/// When a file cannot be packed, which needs memory only.
pub fn export(view: &View, format: ArchimateFormat, name: &str, diagrams: &Diagrams) -> std::io::Result<ArchimateFile> {
    let mut exported = of_view(view, name);
    let document = &mut exported.document;
    if document.views.is_empty() {
        document.views = views::made(view);
    }
    let graphviz = graphviz(diagrams);
    for drawn in &mut document.views {
        layout::place(drawn, &graphviz);
    }
    let mut losses = exported.losses;
    let (bytes, more) = match format {
        ArchimateFormat::Exchange => {
            let written = write_exchange(document);
            (written.bytes, written.losses)
        }
        ArchimateFormat::Archi => {
            let written = write_archi(document)?;
            (written.bytes, written.losses)
        }
        ArchimateFormat::CoArchi => {
            let (files, losses) = write_coarchi(document);
            (zipped(&files)?, losses)
        }
    };
    losses.extend(more);
    Ok(ArchimateFile { bytes, losses })
}

fn graphviz(settings: &Diagrams) -> GraphvizSettings {
    GraphvizSettings {
        program: settings.dot.clone(),
        timeout: Duration::from_secs(settings.seconds),
        largest_output: settings.largest_bytes,
        ..GraphvizSettings::default()
    }
}

fn zipped(files: &[(String, Vec<u8>)]) -> std::io::Result<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        archive.start_file(path.as_str(), zip::write::SimpleFileOptions::default())?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// What a view shows, as a document.
pub fn of_view(view: &View, name: &str) -> Exported {
    let kinds = view.metamodel().kinds().iter();
    let items: Vec<Item<'_>> = kinds.flat_map(|kind| view.items_of_kinds(&[kind.id], None)).collect();
    to_document(view, &items, &Words::of(view.metamodel()), name)
}

/// Everything that is recorded, whatever the day, as a document.
pub fn of_snapshot(snapshot: &Snapshot, name: &str) -> Exported {
    let kinds = snapshot.metamodel().kinds().iter();
    let ids = kinds.flat_map(|kind| snapshot.ids_of_kind(kind.id, None));
    let items: Vec<Item<'_>> = ids.filter_map(|id| snapshot.item(id.as_str())).collect();
    to_document(snapshot, &items, &Words::of(snapshot.metamodel()), name)
}
