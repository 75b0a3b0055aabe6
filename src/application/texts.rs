//! What a view shows, as text for other programs: NDJSON, `GraphML`, Mermaid, `PlantUML`, BPMN.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::domain::element::{Item, Model};
use crate::domain::metamodel::{Kind, KindId};
use crate::graph::View;
use crate::interchange::loss::Loss;
use crate::interchange::{Limits, ndjson, texts};

mod drawings;

/// The farthest that a surrounding reaches.
pub const FARTHEST: usize = 5;

/// The languages of other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextForm {
    /// One JSON object a line.
    Ndjson,
    /// For Gephi and yEd.
    GraphMl,
    /// A flowchart of Mermaid.
    Mermaid,
    /// A diagram of `PlantUML` in `ArchiMate`'s notation.
    PlantUml,
    /// BPMN 2.0 with a diagram.
    Bpmn,
}

impl TextForm {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Ndjson, Self::GraphMl, Self::Mermaid, Self::PlantUml, Self::Bpmn];

    /// The word for it in a request, which is the usual ending of its files, too.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::GraphMl => "graphml",
            Self::Mermaid => "mermaid",
            Self::PlantUml => "plantuml",
            Self::Bpmn => "bpmn",
        }
    }

    /// The form of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.word() == word)
    }

    /// How an answer of this form is marked.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Ndjson => "application/x-ndjson",
            Self::GraphMl => "application/graphml+xml; charset=utf-8",
            Self::Mermaid => "text/vnd.mermaid; charset=utf-8",
            Self::PlantUml => "text/plain; charset=utf-8",
            Self::Bpmn => "application/xml; charset=utf-8",
        }
    }
}

/// What of the model is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRequest {
    /// How.
    pub form: TextForm,
    /// Kinds by name, those that specialise them included; all but records when empty.
    pub kinds: Vec<String>,
    /// Only what is drawn in this diagram (a record of the model).
    pub diagram: Option<String>,
    /// Only these elements and what is around them; for BPMN the processes to draw.
    pub around: Vec<String>,
    /// How many relationships far the surrounding of `around` reaches.
    pub depth: usize,
    /// Whether labels are in `ja` or `en`.
    pub language: String,
    /// Everything that is recorded, whatever the day (NDJSON).
    pub is_whole: bool,
    /// Which drawing of processes (BPMN).
    pub drawing: Drawing,
    /// How much a drawing that was imported may hold to be read again (BPMN).
    pub limits: Limits,
}

impl TextRequest {
    /// All that is recorded in a form, with the usual limits.
    pub fn of(form: TextForm) -> Self {
        Self {
            form,
            kinds: Vec::new(),
            diagram: None,
            around: Vec::new(),
            depth: 1,
            language: "ja".to_owned(),
            is_whole: true,
            drawing: Drawing::Fitting,
            limits: Limits::default(),
        }
    }
}

/// Which drawing of processes is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Drawing {
    /// One that was imported, if it says where things stand and can show what the model says today; else a new one.
    #[default]
    Fitting,
    /// Likewise, but it need not say where things stand.
    Imported,
    /// A new one.
    New,
}

impl Drawing {
    /// The drawing of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "fitting" => Some(Self::Fitting),
            "imported" => Some(Self::Imported),
            "new" => Some(Self::New),
            _ => None,
        }
    }
}

/// A text, and what it could not carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    /// The text.
    pub text: String,
    /// What is not in it.
    pub losses: Vec<Loss>,
}

impl TextFile {
    fn whole(text: String) -> Self {
        Self { text, losses: Vec::new() }
    }
}

/// Why nothing is written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// There is no such kind.
    #[error("there is no kind {0:?}{1}")]
    UnknownKind(String, String),
    /// There is no such item, or it is not seen.
    #[error("there is no item {0:?}{1}")]
    UnknownItem(String, String),
    /// It is no drawn view.
    #[error("{0:?} is no drawn view (a record of kind diagram){1}")]
    NoDiagram(String, String),
    /// No process has steps to draw.
    #[error("there is nothing to draw: {0} has no steps")]
    NoSteps(String),
}

impl TextError {
    /// The parameter that is wrong.
    pub fn parameter(&self) -> &'static str {
        match self {
            Self::UnknownKind(..) => "kinds",
            Self::UnknownItem(..) | Self::NoSteps(_) => "around",
            Self::NoDiagram(..) => "diagram",
        }
    }
}

/// Writes what a view shows, or the part of it that is asked for. The same view gives the same text.
///
/// # Errors
/// [`TextError`].
pub fn write(view: &View, request: &TextRequest) -> Result<TextFile, TextError> {
    let language = request.language.as_str();
    match request.form {
        TextForm::Bpmn => drawings::write(view, request),
        TextForm::Ndjson if request.is_whole && is_everything(request) => {
            let snapshot = view.snapshot();
            let ids = snapshot.metamodel().kinds().iter().flat_map(|kind| snapshot.ids_of_kind(kind.id, None));
            let items: Vec<Item<'_>> = ids.filter_map(|id| snapshot.item(id.as_str())).collect();
            Ok(TextFile::whole(ndjson::write(&**snapshot, &items)))
        }
        form => {
            let items = selected(view, request)?;
            Ok(TextFile::whole(match form {
                TextForm::GraphMl => texts::write_graphml(view, &items, language),
                TextForm::Mermaid => texts::write_mermaid(view, &items, language),
                TextForm::PlantUml => texts::write_plantuml(view, &items, language),
                TextForm::Ndjson | TextForm::Bpmn => ndjson::write(view, &items),
            }))
        }
    }
}

fn is_everything(request: &TextRequest) -> bool {
    request.kinds.is_empty() && request.diagram.is_none() && request.around.is_empty()
}

/// The items asked for: elements, and relationships whose ends are among them.
fn selected<'v>(view: &'v View, request: &TextRequest) -> Result<Vec<Item<'v>>, TextError> {
    if let Some(diagram) = &request.diagram {
        return drawn(view, diagram);
    }
    request.around.iter().try_for_each(|id| known(view, id))?;
    let kinds = if request.kinds.is_empty() { all_kinds(view) } else { of_kinds(view, &request.kinds)? };
    let is_relationship = |kind: &KindId| view.metamodel().kind(*kind).is_relationship();
    let names_relationships = kinds.iter().any(is_relationship);
    let around = (!request.around.is_empty()).then(|| surrounding(view, &request.around, request.depth.min(FARTHEST)));
    let mut items: Vec<Item<'v>> = Vec::new();
    for kind in kinds.iter().filter(|kind| !is_relationship(kind)) {
        let is_near = |item: &Item<'_>| around.as_ref().is_none_or(|near| near.contains(item.id().as_str()));
        items.extend(view.items_of_kinds(&[*kind], None).filter(is_near));
    }
    let joining = view.metamodel().relationship_kinds().filter(|kind| !names_relationships || kinds.contains(&kind.id));
    let relationships: Vec<Item<'v>> = joining.flat_map(|kind| view.items_of_kinds(&[kind.id], None)).collect();
    items.extend(between(&items, relationships));
    Ok(items)
}

/// Relationships whose ends are among the items; an end may be one of those relationships.
fn between<'v>(items: &[Item<'v>], mut waiting: Vec<Item<'v>>) -> Vec<Item<'v>> {
    let mut ids: rustc_hash::FxHashSet<String> = items.iter().map(|item| item.id().to_string()).collect();
    let mut found = Vec::new();
    loop {
        let before = found.len();
        let (joined, rest): (Vec<Item<'v>>, Vec<Item<'v>>) = waiting.into_iter().partition(|item| match item {
            Item::Relationship(held) => ids.contains(held.source.as_str()) && ids.contains(held.target.as_str()),
            Item::Element(_) => false,
        });
        ids.extend(joined.iter().map(|item| item.id().to_string()));
        found.extend(joined);
        waiting = rest;
        if found.len() == before {
            return found;
        }
    }
}

/// Ids of what can be reached over some relationships, in either direction.
fn surrounding(view: &View, from: &[String], depth: usize) -> BTreeSet<String> {
    let mut seen: BTreeSet<String> = from.iter().cloned().collect();
    let mut border: Vec<String> = from.to_vec();
    for _ in 0..depth {
        let mut next = Vec::new();
        for id in &border {
            let ahead = view.outgoing(id, None).into_iter().map(|held| held.target.to_string());
            let behind = view.incoming(id, None).into_iter().map(|held| held.source.to_string());
            next.extend(ahead.chain(behind).filter(|id| seen.insert(id.clone())));
        }
        border = next;
    }
    seen
}

/// What is drawn in a diagram of the model.
fn drawn<'v>(view: &'v View, diagram: &str) -> Result<Vec<Item<'v>>, TextError> {
    let content = view.metamodel().attribute_name("content");
    let held = view.item(diagram).and_then(|item| content.and_then(|name| item.attributes().get(name)));
    let json = held.and_then(|value| serde_json::from_str::<Json>(value.as_text()?).ok());
    let json = json.ok_or_else(|| TextError::NoDiagram(diagram.to_owned(), hint(view, diagram)))?;
    let mut ids = BTreeSet::new();
    let mut waiting = vec![&json];
    while let Some(part) = waiting.pop() {
        match part {
            Json::Object(fields) => {
                ids.extend(["element", "relationship"].iter().filter_map(|name| fields.get(*name)?.as_str()));
                waiting.extend(fields.values());
            }
            Json::Array(parts) => waiting.extend(parts),
            _ => {}
        }
    }
    Ok(ids.into_iter().filter_map(|id| view.item(id)).collect())
}

fn known(view: &View, id: &str) -> Result<(), TextError> {
    if view.item(id).is_some() {
        return Ok(());
    }
    Err(TextError::UnknownItem(id.to_owned(), hint(view, id)))
}

/// What may have been meant by an id that is not there; nothing for one that is.
fn hint(view: &View, id: &str) -> String {
    let near = if view.item(id).is_some() { None } else { view.similar_id(id) };
    near.map_or_else(String::new, |near| format!("; did you mean {near:?}?"))
}

/// All kinds but records.
fn all_kinds(view: &View) -> Vec<KindId> {
    let metamodel = view.metamodel();
    let records = metamodel.kind_named("record").map(|kind| kind.id);
    let is_record = |kind: &&Kind| records.is_some_and(|records| metamodel.is_a(kind.id, records));
    metamodel.element_kinds().filter(|kind| !is_record(kind)).map(|kind| kind.id).collect()
}

fn of_kinds(view: &View, names: &[String]) -> Result<Vec<KindId>, TextError> {
    let metamodel = view.metamodel();
    let mut kinds = Vec::new();
    for name in names {
        let kind = metamodel.kind_named(name).or_else(|| metamodel.kind_of_collection(&name.replace('-', "_")));
        let kind = kind.ok_or_else(|| TextError::UnknownKind(name.clone(), metamodel.kind_hint(name)))?;
        kinds.extend(metamodel.descendants(kind.id));
    }
    kinds.sort_unstable();
    kinds.dedup();
    Ok(kinds)
}
