//! Work, systems, data, laws, decisions, projects.

use std::collections::BTreeMap;

use crate::analyses::findings::Reader;
use crate::analyses::sections::{BlankFact, Scope, cell_of, form, items_of, listed, summary};
use crate::analyses::sheets::{SheetCell, SheetColumn, SheetTable};
use crate::domain::Localized;
use crate::graph::{Edge, Place};

/// The work itself.
pub(super) fn work(reader: &Reader<'_>, scope: &Scope) -> SheetTable {
    let attributes = [
        "type",
        "legal_basis",
        "volume_per_year",
        "staff_hours_per_year",
        "staff_fte",
        "channel",
        "online",
        "continuity.bcp_class",
        "continuity.rto_hours",
        "manual.status",
        "manual.updated",
    ];
    form(reader, ("work", "業務", "Work"), "business_process", &scope.processes, &attributes)
}

/// The tasks of one piece of work, in order.
pub(super) fn steps(reader: &Reader<'_>, scope: &Scope) -> SheetTable {
    let mut steps = listed(reader, &scope.processes, |place| reader.targets(place, "has_step"));
    steps.sort_by_key(|place| reader.integer(*place, "no").unwrap_or(i64::MAX));
    let attributes = ["no", "lane", "means", "system", "input", "output", "medium", "minutes_per_case"];
    let mut table = form(reader, ("steps", "作業の流れ", "Steps"), "process_step", &steps, &attributes);
    if table.rows.is_empty() {
        table.notes.push(Localized::ja_en("作業の流れは記録されていない。", "The steps are not on record."));
    }
    table
}

/// Systems that are used or owned, with who is in charge of them.
pub(super) fn systems(reader: &Reader<'_>, scope: &Scope) -> SheetTable {
    let columns = vec![
        SheetColumn::new("system", "システム", "System"),
        SheetColumn::new("use", "使い方", "Use"),
        SheetColumn::new("processes", "使う業務", "Used in"),
        SheetColumn::new("department", "所管課", "In charge"),
        SheetColumn::new("vendor", "事業者", "Vendor"),
        SheetColumn::new("zone", "ネットワーク系", "Zone"),
        SheetColumn::new("contract_end", "契約終了日", "Contract end"),
        SheetColumn::new("rto_hours", "目標復旧時間（時間）", "RTO (hours)"),
        SheetColumn::new("known_by", "担当者", "Known by"),
    ];
    let rows = scope.systems(reader).into_iter().map(|system| system_row(reader, scope, system)).collect();
    SheetTable { rows, ..SheetTable::new("systems", "システム", "Systems", columns) }
}

fn system_row(reader: &Reader<'_>, scope: &Scope, system: Place) -> Vec<SheetCell> {
    let uses: Vec<Edge> = reader
        .incoming(system, &reader.kinds("uses"))
        .into_iter()
        .filter(|edge| reader.source(*edge).is_some_and(|process| scope.processes.contains(&process)))
        .collect();
    let essential = uses.iter().any(|edge| reader.text(Place::Relationship(*edge), "role") == Some("essential"));
    let words = match (uses.is_empty(), essential) {
        (true, _) => Localized::ja_en("所管のみ", "owned only"),
        (false, true) => Localized::ja_en("必須", "essential"),
        (false, false) => Localized::ja_en("補助", "supporting"),
    };
    let processes = reader.sorted(uses.iter().filter_map(|edge| reader.source(*edge)).collect());
    vec![
        summary(reader, system).map_or(SheetCell::Empty, SheetCell::Item),
        SheetCell::Localized(words),
        items_of(reader, &processes),
        cell_of(reader, system, "owner_department"),
        cell_of(reader, system, "vendor"),
        cell_of(reader, system, "zone"),
        cell_of(reader, system, "contract_end"),
        cell_of(reader, system, "availability.rto_hours"),
        cell_of(reader, system, "known_by"),
    ]
}

/// Data that the work uses or that the department is in charge of.
pub(super) fn data(reader: &Reader<'_>, scope: &Scope) -> SheetTable {
    let columns = vec![
        SheetColumn::new("data", "情報", "Data"),
        SheetColumn::new("access", "扱い（CRUD）", "Access (CRUD)"),
        SheetColumn::new("processes", "扱う業務", "Used in"),
        SheetColumn::new("masters", "正本", "Master"),
        SheetColumn::new("personal_class", "個人情報", "Personal data"),
        SheetColumn::new("retention", "保存期間", "Retention"),
        SheetColumn::new("department", "所管課", "In charge"),
    ];
    let rows = scope.data.iter().map(|data| data_row(reader, scope, *data)).collect();
    SheetTable { rows, ..SheetTable::new("data", "情報", "Data", columns) }
}

fn data_row(reader: &Reader<'_>, scope: &Scope, data: Place) -> Vec<SheetCell> {
    let edges = reader.incoming(data, &reader.kinds("accesses")).into_iter();
    let edges: Vec<Edge> =
        edges.filter(|edge| reader.source(*edge).is_some_and(|process| scope.processes.contains(&process))).collect();
    let held = |letter: char| edges.iter().any(|edge| crud(reader, *edge).contains(letter));
    let letters: String = "CRUD".chars().filter(|letter| held(*letter)).collect();
    let processes = reader.sorted(edges.iter().filter_map(|edge| reader.source(*edge)).collect());
    vec![
        summary(reader, data).map_or(SheetCell::Empty, SheetCell::Item),
        SheetCell::text(letters),
        items_of(reader, &processes),
        cell_of(reader, data, "masters"),
        cell_of(reader, data, "personal_class"),
        cell_of(reader, data, "retention"),
        cell_of(reader, data, "owner_department"),
    ]
}

fn crud<'v>(reader: &Reader<'v>, edge: Edge) -> &'v str {
    reader.text(Place::Relationship(edge), "crud").unwrap_or("")
}

/// The laws and rules that the work rests on.
pub(super) fn laws(reader: &Reader<'_>, scope: &Scope) -> SheetTable {
    let mut by_law: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    for process in &scope.processes {
        if let Some(law) = reader.text(*process, "legal_basis") {
            by_law.entry(law).or_default().push(*process);
        }
    }
    let columns = vec![
        SheetColumn::new("law", "根拠法令等", "Legal basis"),
        SheetColumn::new("processes", "業務", "Work"),
        SheetColumn::new("standard_affair", "標準化対象事務", "Standard affair"),
    ];
    let row = |(law, processes): (&str, Vec<Place>)| {
        let affairs = listed(reader, &processes, |place| reader.targets(place, "implements_affair"));
        vec![SheetCell::text(law), items_of(reader, &processes), items_of(reader, &affairs)]
    };
    SheetTable {
        rows: by_law.into_iter().map(row).collect(),
        ..SheetTable::new("laws", "根拠法令", "Laws and rules", columns)
    }
}

/// Decisions that explain why something here is as it is.
pub(super) fn decisions(reader: &Reader<'_>, scope: &Scope) -> SheetTable {
    let decisions = listed(reader, &scope.everything(reader), |place| reader.sources(place, "explains"));
    let attributes = ["date", "status", "decided_by", "reason", "constraint", "review_due", "explains"];
    form(reader, ("decisions", "これまでの決定", "Decisions"), "decision", &decisions, &attributes)
}

/// Projects of the department, and those that touch its systems.
pub(super) fn projects(reader: &Reader<'_>, scope: &Scope) -> SheetTable {
    let owned = listed(reader, &scope.departments, |place| reader.sources(place, "owned_by"));
    let own = owned.into_iter().filter(|place| !scope.is_process && reader.is_a(*place, "project"));
    let touching = listed(reader, &scope.systems(reader), |place| reader.sources(place, "changes_system"));
    let projects = reader.sorted(own.chain(touching).collect());
    let attributes = ["owner_department", "manager", "start", "go_live", "status", "systems", "goal"];
    form(reader, ("projects", "関係するプロジェクト", "Projects"), "project", &projects, &attributes)
}

/// What nobody has written down.
pub(super) fn not_recorded(reader: &Reader<'_>, blank: &[BlankFact<'_>]) -> SheetTable {
    let columns = vec![
        SheetColumn::new("item", "対象", "Item"),
        SheetColumn::new("attribute", "記録のない事柄", "Not on record"),
        SheetColumn::new("answers", "よくなる答えの数", "Answers improved"),
    ];
    let row = |held: &BlankFact<'_>| {
        vec![
            summary(reader, held.place).map_or(SheetCell::Empty, SheetCell::Item),
            SheetCell::localized(held.definition.label.clone()),
            SheetCell::count(held.waiting.answers()),
        ]
    };
    let rows = blank.iter().map(row).collect();
    SheetTable { rows, ..SheetTable::new("not_recorded", "記録のないこと", "Not on record", columns) }
}
