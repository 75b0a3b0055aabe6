//! With whom the work is done: other departments, outside parties, vendors.

use std::collections::BTreeMap;

use crate::analyses::findings::Reader;
use crate::analyses::sections::{Scope, items_of, listed, summary};
use crate::analyses::sheets::{SheetCell, SheetColumn, SheetTable};
use crate::domain::Localized;
use crate::graph::Place;

/// How a partner works with the department.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    Gives,
    Takes,
    Performs,
    Lends,
    Supplies,
}

impl Tie {
    fn words(self) -> Localized {
        match self {
            Self::Gives => Localized::ja_en("データをもらう", "gives data"),
            Self::Takes => Localized::ja_en("データを渡す", "takes data"),
            Self::Performs => Localized::ja_en("作業を担う", "performs steps"),
            Self::Lends => Localized::ja_en("システムを所管する", "is in charge of a system used"),
            Self::Supplies => Localized::ja_en("システムを提供・保守する", "supplies a system"),
        }
    }
}

/// A partner, a tie, and through what: systems, steps or flows.
type Ties = BTreeMap<(String, Tie), Through>;

/// The partner, through what, and the data.
type Through = (Place, Vec<Place>, Vec<Place>);

/// Everybody with whom the department works, by id, and how.
pub(super) fn partners(reader: &Reader<'_>, scope: &Scope) -> SheetTable {
    let mut ties = Ties::new();
    let systems = if scope.is_process { scope.used_systems.clone() } else { scope.systems(reader) };
    let own = if scope.is_process { &scope.used_systems } else { &scope.owned_systems };
    for flow in &scope.flows {
        flow_ties(reader, scope, own, *flow, &mut ties);
    }
    for step in listed(reader, &scope.processes, |place| reader.targets(place, "has_step")) {
        for lane in reader.targets(step, "performed_by") {
            put(reader, scope, &mut ties, (lane, Tie::Performs), step, &[]);
        }
    }
    for system in systems {
        for owner in reader.targets(system, "owned_by") {
            put(reader, scope, &mut ties, (owner, Tie::Lends), system, &[]);
        }
        for vendor in reader.targets(system, "supplied_by") {
            put(reader, scope, &mut ties, (vendor, Tie::Supplies), system, &[]);
        }
    }
    table(reader, ties)
}

fn put(reader: &Reader<'_>, scope: &Scope, ties: &mut Ties, (who, tie): (Place, Tie), via: Place, data: &[Place]) {
    if scope.departments.contains(&who) {
        return;
    }
    let held = ties.entry((reader.id(who).to_owned(), tie)).or_insert_with(|| (who, Vec::new(), Vec::new()));
    held.1.push(via);
    held.2.extend(data);
}

/// The other end of a flow: an outside party, or the department in charge of the system there.
fn flow_ties(reader: &Reader<'_>, scope: &Scope, own: &[Place], flow: Place, ties: &mut Ties) {
    let Place::Relationship(edge) = flow else { return };
    let (Some(source), Some(target)) = (reader.source(edge), reader.target(edge)) else { return };
    let data = reader.targets(flow, "carries");
    for (here, there, tie) in [(target, source, Tie::Gives), (source, target, Tie::Takes)] {
        if !own.contains(&here) || own.contains(&there) {
            continue;
        }
        let owners = reader.targets(there, "owned_by");
        let who = if owners.is_empty() { vec![there] } else { owners };
        for who in who {
            put(reader, scope, ties, (who, tie), there, &data);
        }
    }
}

fn table(reader: &Reader<'_>, ties: Ties) -> SheetTable {
    let columns = vec![
        SheetColumn::new("partner", "相手", "Partner"),
        SheetColumn::new("kind", "種類", "Kind"),
        SheetColumn::new("tie", "関係", "Tie"),
        SheetColumn::new("via", "何を通じて", "Through"),
        SheetColumn::new("data", "情報", "Data"),
    ];
    let row = |((_, tie), (who, via, data)): ((String, Tie), Through)| {
        let kind = reader.kind_of(who).map(|kind| reader.metamodel().kind(kind).label.clone()).unwrap_or_default();
        vec![
            summary(reader, who).map_or(SheetCell::Empty, SheetCell::Item),
            SheetCell::localized(kind),
            SheetCell::localized(tie.words()),
            items_of(reader, &reader.sorted(via)),
            items_of(reader, &reader.sorted(data)),
        ]
    };
    SheetTable {
        rows: ties.into_iter().map(row).collect(),
        ..SheetTable::new("partners", "連携相手", "Partners", columns)
    }
}
