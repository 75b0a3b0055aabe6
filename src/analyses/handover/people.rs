//! Who knows the work and the systems.

use crate::analyses::findings::Reader;
use crate::analyses::sections::{Scope, cell_of, items_of, listed, summary};
use crate::analyses::sheets::{SheetCell, SheetColumn, SheetTable};
use crate::domain::Localized;
use crate::graph::Place;

/// Who knows what, and what nobody else knows.
pub(super) fn people(reader: &Reader<'_>, scope: &Scope) -> SheetTable {
    let known = reader.sorted(scope.processes.iter().chain(&scope.owned_systems).copied().collect());
    let people = listed(reader, &known, |place| reader.targets(place, "known_by"));
    let columns = vec![
        SheetColumn::new("person", "職員", "Person"),
        SheetColumn::new("role", "職", "Post"),
        SheetColumn::new("department", "所属", "Department"),
        SheetColumn::new("knows", "分かるもの", "Knows"),
        SheetColumn::new("alone", "その人しか分からないもの", "Known by nobody else"),
    ];
    let mut table = SheetTable::new("people", "分かる人", "People who know", columns);
    table.rows = people.iter().map(|person| row(reader, *person, &known)).collect();
    let nobody = known.iter().filter(|place| reader.targets(**place, "known_by").is_empty()).count();
    if nobody > 0 {
        table.notes.push(Localized::ja_en(
            &format!("{nobody}件は、分かる職員の記載がない。"),
            &format!("For {nobody}, nobody who knows them is on record."),
        ));
    }
    table
}

fn row(reader: &Reader<'_>, person: Place, known: &[Place]) -> Vec<SheetCell> {
    let knows = |place: &&Place| reader.targets(**place, "known_by").contains(&person);
    let knows: Vec<Place> = known.iter().filter(knows).copied().collect();
    let alone: Vec<Place> =
        knows.iter().copied().filter(|place| reader.targets(*place, "known_by").len() == 1).collect();
    vec![
        summary(reader, person).map_or(SheetCell::Empty, SheetCell::Item),
        cell_of(reader, person, "role"),
        cell_of(reader, person, "department"),
        items_of(reader, &knows),
        items_of(reader, &alone),
    ]
}
