//! 情報システム関連図: systems and outside parties, framed by zone, and what flows between them.

mod drawing;
mod folding;
mod gathering;

use super::canvas::Canvas;
use super::error::DiagramError;
use super::scene::{Reading, Scene};
use super::{Options, lookup};
use crate::graph::View;

/// A request for a map of systems.
#[derive(Debug, Clone)]
pub struct SystemMap {
    /// Only systems owned by these departments or by their parts; empty for all.
    pub departments: Vec<String>,
    /// Only systems in these zones; empty for all.
    pub zones: Vec<String>,
    /// Only these systems; empty for all.
    pub systems: Vec<String>,
    /// The kinds that the picture speaks of.
    pub kinds: MapKinds,
    /// About how many boxes fit; above it, systems are counted by zone and `fold_by`. 10 to 500.
    pub most_figures: usize,
    /// About how many arrows fit; above it, likewise. 10 to 1000.
    pub most_arrows: usize,
    /// Attributes by which systems are folded: of each system, the first that it has.
    pub fold_by: Vec<String>,
    /// How many of the best connected systems stay single when the rest is folded.
    pub hubs: usize,
    /// Attributes of a flow that are printed beside its data.
    pub flow_facts: Vec<String>,
}

/// The metamodel's names for what the maps are about; those of the municipal profile unless told otherwise.
#[derive(Debug, Clone)]
pub struct MapKinds {
    /// Systems.
    pub system: String,
    /// Parties outside.
    pub external: String,
    /// What flows.
    pub flow: String,
    /// From a system to its zone.
    pub in_zone: String,
    /// From anything to the department in charge.
    pub owned_by: String,
    /// From a department to what it is part of.
    pub part_of: String,
    /// Departments.
    pub department: String,
    /// Work.
    pub process: String,
    /// From work to a system.
    pub uses: String,
}

impl Default for MapKinds {
    fn default() -> Self {
        let name = str::to_owned;
        Self {
            system: name("system"),
            external: name("external"),
            flow: name("flow"),
            in_zone: name("in_zone"),
            owned_by: name("owned_by"),
            part_of: name("part_of"),
            department: name("department"),
            process: name("business_process"),
            uses: name("uses"),
        }
    }
}

impl Default for SystemMap {
    fn default() -> Self {
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
        Self {
            departments: Vec::new(),
            zones: Vec::new(),
            systems: Vec::new(),
            kinds: MapKinds::default(),
            most_figures: 70,
            most_arrows: 120,
            fold_by: names(&["category", "type"]),
            hubs: 6,
            flow_facts: names(&["method", "frequency"]),
        }
    }
}

/// Draws a map of systems.
pub fn draw(view: &View, request: &SystemMap, options: &Options) -> Result<Scene, DiagramError> {
    lookup::within("most_figures", request.most_figures, 10, 500)?;
    lookup::within("most_arrows", request.most_arrows, 10, 1000)?;
    let content = gathering::gather(view, request)?;
    let title = title(view, request, options);
    let mut canvas = Canvas::new(view, options, &title, Reading::LeftToRight);
    let folding = folding::fitting(&canvas, request, &content);
    drawing::draw(&mut canvas, request, &content, &folding);
    Ok(canvas.finish())
}

/// The kind of map and its scope.
fn title(view: &View, request: &SystemMap, options: &Options) -> String {
    let language = &options.language;
    let ids = request.departments.iter().chain(&request.zones).chain(&request.systems);
    let names: Vec<String> = ids.map(|id| crate::domain::naming::display_name_of(view, id, language)).collect();
    let map = super::language::pick(language, "情報システム関連図", "Map of information systems");
    let scope = match names.len() {
        0 => super::language::pick(language, "全体", "all").to_owned(),
        _ => super::language::first_of(language, &names, 3),
    };
    if super::language::is_english(language) { format!("{map} ({scope})") } else { format!("{map}（{scope}）") }
}
