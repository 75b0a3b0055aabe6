//! A department, the work it is in charge of, and the systems that work needs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::bundles::Bundles;
use super::canvas::Canvas;
use super::error::DiagramError;
use super::scene::{Border, Reading, Sample, Scene};
use super::{Options, lookup};
use crate::domain::element::{Element, Item, Model, Relationship};
use crate::domain::metamodel::KindId;
use crate::graph::View;

/// How deep departments may lie in each other.
const DEEPEST: usize = 8;

/// A request for a department with its processes and systems.
#[derive(Debug, Clone)]
pub struct DepartmentTree {
    /// The department's id; those that are part of it count as it.
    pub department: String,
    /// The kinds that the picture speaks of.
    pub kinds: super::MapKinds,
    /// The attributes of a process that are printed in its box.
    pub facts: Vec<String>,
    /// About how many processes are drawn singly; above it they are counted by `fold_by`. 5 to 500.
    pub most_processes: usize,
    /// The attribute by which processes are folded when they are too many.
    pub fold_by: String,
}

impl DepartmentTree {
    /// The tree of a department, with the usual kinds and facts.
    pub fn of(department: &str) -> Self {
        Self {
            department: department.to_owned(),
            kinds: super::MapKinds::default(),
            facts: vec!["continuity.rto_hours".to_owned(), "staff_hours_per_year".to_owned()],
            most_processes: 40,
            fold_by: "field".to_owned(),
        }
    }
}

/// What is in the picture.
struct Content {
    departments: Vec<String>,
    processes: Vec<Arc<Element>>,
    systems: BTreeSet<String>,
    owned: BTreeSet<String>,
}

/// The kinds of relationships that make the tree.
struct Ties {
    part_of: KindId,
    owned_by: KindId,
    uses: KindId,
    process: KindId,
    system: KindId,
}

impl Ties {
    fn new(view: &View, kinds: &super::MapKinds) -> Result<Self, DiagramError> {
        let kind = |name: &str| lookup::kind(view.metamodel(), name);
        Ok(Self {
            part_of: kind(&kinds.part_of)?,
            owned_by: kind(&kinds.owned_by)?,
            uses: kind(&kinds.uses)?,
            process: kind(&kinds.process)?,
            system: kind(&kinds.system)?,
        })
    }
}

/// Draws a department's tree.
pub fn draw(view: &View, request: &DepartmentTree, options: &Options) -> Result<Scene, DiagramError> {
    lookup::within("most_processes", request.most_processes, 5, 500)?;
    let ties = Ties::new(view, &request.kinds)?;
    let kind = lookup::kind(view.metamodel(), &request.kinds.department)?;
    let subject = lookup::item_of_kind(view, &request.department, kind)?;
    let content = gather(view, &ties, &request.department);
    let name = crate::domain::naming::display_name(view, subject, &options.language);
    let title = if super::language::is_english(&options.language) {
        format!("{name}: processes and systems")
    } else {
        format!("{name}の業務と情報システム")
    };
    let mut canvas = Canvas::new(view, options, &title, Reading::LeftToRight);
    place_departments(&mut canvas, &content);
    let figures = place_processes(&mut canvas, request, &content);
    place_systems(&mut canvas, &content);
    connect(&mut canvas, &ties, &content, &figures);
    explain(&mut canvas, &content);
    Ok(canvas.finish())
}

/// A department and all that are part of it, itself first.
pub fn with_parts(view: &View, part_of: KindId, department: &str) -> Vec<String> {
    let mut all = vec![department.to_owned()];
    let mut border = all.clone();
    for _ in 0..DEEPEST {
        let inside = border.iter().flat_map(|id| view.incoming(id, Some(part_of)));
        let next: Vec<String> = inside.map(|found| found.source.to_string()).filter(|id| !all.contains(id)).collect();
        all.extend(next.iter().cloned());
        border = next;
    }
    all
}

fn gather(view: &View, ties: &Ties, department: &str) -> Content {
    let departments = with_parts(view, ties.part_of, department);
    let owned = departments.iter().flat_map(|id| view.incoming(id, Some(ties.owned_by)));
    let owned: Vec<String> = owned.map(|found| found.source.to_string()).collect();
    let of_kind = |kind: KindId| {
        let elements = owned.iter().filter_map(|id| view.element(id));
        elements.filter(move |element| view.metamodel().is_a(element.kind, kind))
    };
    let processes: Vec<Arc<Element>> = of_kind(ties.process).cloned().collect();
    let owned: BTreeSet<String> = of_kind(ties.system).map(|element| element.id.to_string()).collect();
    let used = processes.iter().flat_map(|process| view.outgoing(process.id.as_str(), Some(ties.uses)));
    let mut systems: BTreeSet<String> = used.map(|found| found.target.to_string()).collect();
    systems.extend(owned.iter().cloned());
    Content { departments, processes, systems, owned }
}

fn place_departments(canvas: &mut Canvas<'_>, content: &Content) {
    for (place, id) in content.departments.iter().enumerate() {
        let Some(item) = canvas.view.item(id) else {
            continue;
        };
        if place == 0 {
            canvas.place_subject(item);
        } else {
            let figure = canvas.figure(item);
            canvas.place(figure);
        }
    }
}

/// Draws processes singly or, when they are too many, by owner and the value of an attribute.
fn place_processes(canvas: &mut Canvas<'_>, request: &DepartmentTree, content: &Content) -> BTreeMap<String, String> {
    let mut figures = BTreeMap::new();
    if content.processes.len() <= request.most_processes {
        for process in &content.processes {
            let item = Item::Element(process);
            let mut figure = canvas.figure(item);
            figure.facts = request.facts.iter().filter_map(|attribute| canvas.fact(item, attribute)).collect();
            figures.insert(figure.id.clone(), figure.id.clone());
            canvas.place(figure);
        }
        return figures;
    }
    let mut folds: BTreeMap<(KindId, String), Vec<String>> = BTreeMap::new();
    for process in &content.processes {
        let value = canvas.value_of(Item::Element(process), &[&request.fold_by]);
        folds.entry((process.kind, value.unwrap_or_default())).or_default().push(process.id.to_string());
    }
    for ((kind, value), ids) in folds {
        let label = canvas.kind_label(kind);
        let name = if value.is_empty() { label.clone() } else { value };
        let figure = canvas.pile(kind, &ids, &label, &name);
        figures.extend(ids.into_iter().map(|id| (id, figure.id.clone())));
        canvas.place(figure);
    }
    figures
}

/// Draws systems, those of other departments with a dashed line.
fn place_systems(canvas: &mut Canvas<'_>, content: &Content) {
    for id in &content.systems {
        let Some(item) = canvas.view.item(id) else {
            continue;
        };
        let mut figure = canvas.figure(item);
        if !content.owned.contains(id) {
            figure.border = Border::Dashed;
        }
        canvas.place(figure);
    }
}

fn connect(canvas: &mut Canvas<'_>, ties: &Ties, content: &Content, figures: &BTreeMap<String, String>) {
    let view = canvas.view;
    let mut bundles = Bundles::default();
    let mut owners = Bundles::default();
    // Ownership is drawn from the department, so that the picture reads from left to right.
    let mut own = |relationship: &Arc<Relationship>| {
        let source = relationship.source.as_str();
        let figure = figures.get(source).map_or(source, String::as_str);
        owners.add(relationship.target.as_str(), figure, relationship);
    };
    for id in &content.departments[1..] {
        view.outgoing(id, Some(ties.part_of)).iter().for_each(&mut own);
    }
    let used: BTreeSet<String> = content
        .processes
        .iter()
        .flat_map(|process| {
            let uses = view.outgoing(process.id.as_str(), Some(ties.uses));
            uses.into_iter().map(|found| found.target.to_string()).collect::<Vec<_>>()
        })
        .collect();
    let unused = content.owned.iter().filter(|id| !used.contains(*id)).map(String::as_str);
    for id in content.processes.iter().map(|process| process.id.as_str()).chain(unused) {
        let found = view.outgoing(id, Some(ties.owned_by));
        let inside = found.iter().filter(|found| content.departments.iter().any(|id| found.target.as_str() == id));
        inside.for_each(&mut own);
    }
    for process in &content.processes {
        for found in view.outgoing(process.id.as_str(), Some(ties.uses)) {
            let figure = figures.get(process.id.as_str()).map_or(process.id.as_str(), String::as_str);
            bundles.add(figure, found.target.as_str(), &found);
        }
    }
    owners.connect(canvas);
    canvas.scene.arrows.iter_mut().for_each(|arrow| arrow.label.clear());
    bundles.connect(canvas);
}

fn explain(canvas: &mut Canvas<'_>, content: &Content) {
    canvas.explain_subject();
    if content.systems.iter().any(|id| !content.owned.contains(id)) {
        let text = canvas.words("破線の箱: ほかの部署が所管", "dashed box: owned by another department");
        canvas.explain(Sample::Box { paint: super::paint::NEUTRAL, border: Border::Dashed }, text);
    }
    let (processes, systems, owned) = (content.processes.len(), content.systems.len(), content.owned.len());
    canvas.note(canvas.words(
        &format!("業務 {processes}件、情報システム {systems}件（うち所管 {owned}件）"),
        &format!("{processes} processes, {systems} systems ({owned} of its own)"),
    ));
    canvas.note(canvas.words(
        "点線は所管。業務で使う記録のない所管システムは部署から直接結ぶ",
        "Dotted: owned by. A system that no process is recorded to use hangs on its department",
    ));
}
