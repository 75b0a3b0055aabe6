//! The six clean ledgers of the reference city.

use std::collections::BTreeMap;

use ezu::application::Workspace;
use ezu::application::imports::{Answer, ImportOptions, QuestionKind};
use ezu::domain::element::{Item, Model};
use ezu::domain::naming::display_name;
use ezu::graph::Snapshot;
use serde_json::Value as Json;

use crate::support::{city, commit, empty, import, proposal, shared_ledgers};

const CLEAN: [&str; 6] = ["01_", "02_", "03_", "04_", "05_", "06_"];

#[test]
fn they_say_what_the_reference_city_says() {
    let Some(files) = shared_ledgers(&CLEAN) else { return };
    let workspace = city();
    let proposal = proposal(&workspace, &files, &ImportOptions::default());
    let report = &proposal.report;
    assert_eq!(report.changes, []);
    assert_eq!(report.conflicts, []);
    assert_eq!(report.questions, []);
    // 161 systems, 145 processes, 406 flows, 107 data objects, 75 issues and 20 projects, as `wc -l` counts them.
    assert_eq!((report.records.read, report.records.skipped), (914, 6));
    assert_eq!(report.records.assumed + report.records.question + report.records.refused, 0);
    // Nothing changes, and what was said is kept; after that the same files have nothing to do at all.
    commit(&workspace, proposal);
    let again = crate::support::proposal(&workspace, &files, &ImportOptions::default());
    assert!(again.operations.is_empty(), "{:?}", again.operations.get(0));
}

/// What the ledgers hold of each kind: the fields of their columns.
const HELD: [(&str, &[&str]); 6] = [
    (
        "system",
        &[
            "kana",
            "category",
            "type",
            "owner_department",
            "vendor",
            "zone",
            "runs_on",
            "standardization.target_affair",
            "standardization.status",
            "standardization.customizations",
            "users",
            "installed",
            "contract_end",
            "annual_cost_kyen",
            "technologies",
            "availability.rto_hours",
            "availability.rpo_hours",
            "availability.bcp_rank",
            "availability.redundant",
            "availability.backup",
            "personal_data.class",
            "personal_data.subjects",
            "personal_data.my_number_use",
            "confidentiality",
            "characters",
            "character_map",
            "known_by",
            "status",
            "remarks",
        ],
    ),
    (
        "business_process",
        &[
            "kana",
            "field",
            "owner_department",
            "type",
            "legal_basis",
            "volume_per_year",
            "staff_hours_per_year",
            "staff_fte",
            "peak",
            "channel",
            "classification.routine",
            "classification.core",
            "online",
            "continuity.bcp_class",
            "continuity.rto_hours",
            "systems",
            "data",
            "known_by",
            "manual.status",
            "manual.updated",
        ],
    ),
    (
        "data_flow",
        &[
            "data",
            "method",
            "frequency",
            "control",
            "carries_my_number",
            "records_per_month",
            "standard_interface",
            "documented",
            "manual_hours_per_year",
            "note",
        ],
    ),
    (
        "data_object",
        &[
            "kana",
            "entity",
            "masters",
            "personal_class",
            "contains_my_number",
            "subjects",
            "retention",
            "owner_department",
            "confidentiality",
            "standard_layout",
            "personal_file_registry",
            "items",
        ],
    ),
    (
        "issue",
        &[
            "department",
            "process",
            "systems",
            "title",
            "cause",
            "severity",
            "loss_hours_per_year",
            "status",
            "assignee",
            "due",
            "project",
            "proposed_solution",
        ],
    ),
    (
        "project",
        &["owner_department", "manager", "start", "go_live", "status", "budget_kyen", "systems", "depends_on", "goal"],
    ),
];

/// What a model holds of that, with names instead of ids, by id of the record.
fn held(snapshot: &Snapshot) -> BTreeMap<String, BTreeMap<String, Json>> {
    let mut all = BTreeMap::new();
    for (kind_name, fields) in HELD {
        let kind = snapshot.metamodel().kind_named(kind_name).expect("a kind");
        for id in snapshot.ids_of_kind(kind.id, None) {
            let item = snapshot.item(id.as_str()).expect("present");
            let mut said = BTreeMap::from([("name".to_owned(), Json::from(display_name(snapshot, item, "ja")))]);
            if let Item::Relationship(flow) = item {
                for (end, id) in [("source", &flow.source), ("target", &flow.target)] {
                    said.insert(end.to_owned(), name(snapshot, id.as_str()));
                }
                said.remove("name");
            }
            for field in fields {
                let definition = kind.attribute_named(field).expect("an attribute");
                let value = match definition.reference() {
                    None => item.attributes().get(definition.name).map(ezu::domain::Value::to_json),
                    Some(reference) => {
                        let held = snapshot.outgoing(id.as_str(), Some(reference.relationship));
                        let mut names: Vec<String> = held
                            .iter()
                            .map(|one| {
                                let role: Vec<String> =
                                    one.attributes.iter().map(|(_, value)| value.to_line("ja")).collect();
                                format!("{} {}", name(snapshot, one.target.as_str()), role.join(" "))
                            })
                            .collect();
                        names.sort();
                        (!names.is_empty()).then(|| names.into())
                    }
                };
                said.extend(value.map(|value| ((*field).to_owned(), value)));
            }
            all.insert(format!("{kind_name} {id}"), said);
        }
    }
    all
}

fn name(snapshot: &Snapshot, id: &str) -> Json {
    snapshot.item(id).map_or_else(|| id.into(), |item| display_name(snapshot, item, "ja").into())
}

/// The ends of flows may be systems or outside parties; what is no system of the ledger is an outside party.
fn answered(workspace: &Workspace, files: &[ezu::application::imports::ImportFile]) -> ImportOptions {
    let mut options = ImportOptions::default();
    let report = proposal(workspace, files, &options).report;
    for question in &report.questions {
        assert_eq!(question.kind, QuestionKind::WhichItem, "{question:?}");
        assert_eq!(question.kinds, ["external", "system"], "{question:?}");
        options.answers.insert(question.id.clone(), Answer::Create("external".to_owned()));
    }
    options
}

#[test]
fn they_rebuild_what_they_hold_of_the_reference_city() {
    let Some(files) = shared_ledgers(&CLEAN) else { return };
    let workspace = empty();
    let options = answered(&workspace, &files);
    import(&workspace, &files, &options);
    let (expected, found) = (held(&city().current()), held(&workspace.current()));
    assert_eq!(expected.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>());
    let mut wrong = Vec::new();
    for (id, said) in &expected {
        for (field, value) in said {
            if found[id].get(field) != Some(value) {
                wrong.push(format!("{id} {field}: {value} ≠ {:?}", found[id].get(field)));
            }
        }
        wrong.extend(
            found[id].keys().filter(|field| !said.contains_key(*field)).map(|field| format!("{id} {field} added")),
        );
    }
    assert!(wrong.is_empty(), "{} {:#?}", wrong.len(), &wrong[..wrong.len().min(30)]);
    // The answers are kept: the same files again change nothing and ask nothing.
    let again = proposal(&workspace, &files, &ImportOptions::default());
    assert_eq!(again.report.questions, []);
    assert!(again.operations.is_empty(), "{:?}", again.operations.get(0));
}
