//! The CRUD matrix with its checks, and who uses what for which function.

use std::collections::{BTreeMap, BTreeSet};

use super::report::{Cell, Report};
use super::{Parameters, Question};
use crate::analyses::Column;
use crate::analyses::error::AnalysisError;
use crate::analyses::findings::Reader;
use crate::analyses::names::unknown_word;
use crate::domain::Localized;
use crate::graph::Place;

pub(super) const MATRIX: Question = Question {
    name: "crud",
    ja: "CRUD表：どの業務がどの情報を作り、読み、変え、消すか",
    en: "CRUD matrix: which process creates, reads, updates and deletes which data",
    parameters: &[("rows", "process (as usual) or department")],
    ask: matrix,
};

pub(super) const COVERAGE_MATRIX: Question = Question {
    name: "coverage-matrix",
    ja: "機能×課：どの課が何を何のために使うか",
    en: "Functions by department: who uses what for what",
    parameters: &[],
    ask: coverage_matrix,
};

/// Letters by row and data.
type Letters = BTreeMap<(Place, Place), BTreeSet<char>>;

fn matrix(reader: &Reader<'_>, parameters: &Parameters) -> Result<Report, AnalysisError> {
    let by_department = match parameters.get("rows").map(String::as_str) {
        None | Some("process") => false,
        Some("department") => true,
        Some(other) => return Err(unknown_word("rows", "kind of row", other, ["process", "department"])),
    };
    let (letters, unknown) = letters(reader, by_department);
    let mut report = Report::new(
        reader,
        &MATRIX,
        vec![
            Column::new("row", "業務又は課", "Process or department"),
            Column::new("data", "情報", "Data"),
            Column::new("crud", "CRUD", "CRUD"),
            Column::new("check", "検査", "Check"),
        ],
    );
    report.judged(letters.len(), "業務と情報の関わり", "access of processes to data");
    report.lacking(unknown, "CRUDの区別", "which of create, read, update and delete it is");
    let mut rows: Vec<(&(Place, Place), &BTreeSet<char>)> = letters.iter().collect();
    rows.sort_by_key(|((row, data), _)| (reader.id(*row), reader.id(*data)));
    for ((row, data), held) in rows {
        let text: String = "CRUD".chars().filter(|letter| held.contains(letter)).collect();
        report.rows.push(vec![Cell::item(reader, *row), Cell::item(reader, *data), Cell::Text(text), Cell::Nothing]);
    }
    let found = checks(reader, &letters);
    let count = found.len();
    for (data, ja, en, rows) in found {
        report.rows.push(vec![
            Cell::items(reader, &rows),
            Cell::item(reader, data),
            Cell::Nothing,
            Cell::Words(Localized::ja_en(ja, en)),
        ]);
    }
    report.figures = vec![("cells", Cell::count(letters.len())), ("checks", Cell::count(count))];
    Ok(report.say(
        &format!("{}の組合せがあり、検査に掛かった情報が{count}件ある。", letters.len()),
        &format!("There are {} combinations; {count} checks found something.", letters.len()),
    ))
}

fn letters(reader: &Reader<'_>, by_department: bool) -> (Letters, usize) {
    let (mut letters, mut unknown) = (Letters::new(), 0);
    for kind in reader.kinds("access").to_vec() {
        for edge in super::gathering::edges_of(reader, kind) {
            let (Some(source), Some(target)) = (reader.source(edge), reader.target(edge)) else { continue };
            if !reader.is_a(source, "business_process") || !is_data(reader, target) {
                continue;
            }
            let place = Place::Relationship(edge);
            let held = reader.text(place, "crud").or_else(|| by_access_type(reader.text(place, "access_type")));
            if held.is_none() {
                unknown += 1;
            }
            let rows = if by_department { reader.targets(source, "owned_by") } else { vec![source] };
            for row in rows {
                letters.entry((row, target)).or_default().extend(held.unwrap_or("").chars());
            }
        }
    }
    (letters, unknown)
}

fn is_data(reader: &Reader<'_>, place: Place) -> bool {
    reader.is_a(place, "data_object") || reader.is_a(place, "business_object")
}

/// What `ArchiMate` says of an access (3.2 §5.2.2); writing may create.
fn by_access_type(access: Option<&str>) -> Option<&'static str> {
    match access? {
        "read" => Some("R"),
        "write" => Some("CU"),
        "read_write" | "readWrite" => Some("CRU"),
        _ => None,
    }
}

/// What a column of the matrix must have (domain §8.2): a C, an R, one owner of C, and any row at all.
fn checks(reader: &Reader<'_>, letters: &Letters) -> Vec<(Place, &'static str, &'static str, Vec<Place>)> {
    let mut found = Vec::new();
    let all = ["data_object", "business_object"].iter().flat_map(|kind| reader.all(kind)).collect();
    for data in reader.sorted(all) {
        let column: Vec<(&Place, &BTreeSet<char>)> =
            letters.iter().filter(|((_, held), _)| *held == data).map(|((row, _), held)| (row, held)).collect();
        let with = |letter: char| -> Vec<Place> {
            column.iter().filter(|(_, held)| held.contains(&letter)).map(|(row, _)| **row).collect()
        };
        if column.is_empty() {
            found.push((data, "どの業務も扱わない", "no process works with it", Vec::new()));
            continue;
        }
        if with('C').is_empty() {
            found.push((data, "作る業務がない", "nobody creates it", Vec::new()));
        }
        if with('R').is_empty() {
            found.push((data, "読む業務がない", "nobody reads it", Vec::new()));
        }
        let owners: BTreeSet<Place> = with('C').iter().flat_map(|row| owners(reader, *row)).collect();
        if owners.len() > 1 {
            found.push((data, "複数の課が作る", "several sections create it", owners.into_iter().collect()));
        }
    }
    found
}

fn owners(reader: &Reader<'_>, row: Place) -> Vec<Place> {
    if reader.is_a(row, "department") { vec![row] } else { reader.targets(row, "owned_by") }
}

fn coverage_matrix(reader: &Reader<'_>, _: &Parameters) -> Result<Report, AnalysisError> {
    let mut cells: BTreeMap<(Place, Place), (BTreeSet<Place>, BTreeSet<Place>)> = BTreeMap::new();
    for system in reader.all("application_component") {
        let functions = reader.targets(system, "provides");
        let owners = reader.targets(system, "owned_by");
        let processes = reader.sources(system, "uses");
        for function in &functions {
            for owner in &owners {
                cells.entry((*function, *owner)).or_default().0.insert(system);
            }
            for process in &processes {
                for department in reader.targets(*process, "owned_by") {
                    let cell = cells.entry((*function, department)).or_default();
                    cell.0.insert(system);
                    cell.1.insert(*process);
                }
            }
        }
    }
    let mut report = Report::new(
        reader,
        &COVERAGE_MATRIX,
        vec![
            Column::new("function", "機能", "Function"),
            Column::new("department", "課", "Department"),
            Column::new("systems", "システム", "Systems"),
            Column::new("processes", "業務", "Processes"),
        ],
    );
    report.judged(cells.len(), "システムの機能", "functions of systems");
    let without = reader.all("application_component").into_iter();
    let without = without.filter(|system| reader.targets(*system, "provides").is_empty()).count();
    report.lacking(without, "機能", "functions");
    let mut rows: Vec<_> = cells.into_iter().collect();
    rows.sort_by_key(|((function, department), _)| (reader.id(*function), reader.id(*department)));
    for ((function, department), (systems, processes)) in rows {
        report.rows.push(vec![
            Cell::item(reader, function),
            Cell::item(reader, department),
            Cell::items(reader, &systems.into_iter().collect::<Vec<_>>()),
            Cell::items(reader, &processes.into_iter().collect::<Vec<_>>()),
        ]);
    }
    let count = report.rows.len();
    report.figures = vec![("cells", Cell::count(count))];
    Ok(report.say(
        &format!("機能と課の組合せが{count}件ある。"),
        &format!("There are {count} combinations of function and department."),
    ))
}
