//! What becomes of a workspace.

use serde_json::json;

use ezu::application::imports::ImportOptions;
use ezu::domain::element::Model;

use crate::support::{changes, codes, empty, import, proposal, structurizr, value};

fn workspace(revision: u32) -> serde_json::Value {
    let name = if revision == 1 { "Sends" } else { "Sends daily" };
    json!({
        "id": 7, "name": "Bank", "revision": revision,
        "model": {
            "people": [{"id": "1", "name": "Customer", "relationships": [
                {"id": "10", "sourceId": "1", "destinationId": "2", "description": "Views balances using"}]}],
            "softwareSystems": [
                {"id": "2", "name": "Internet Banking", "description": "Lets customers\nview balances", "relationships": [
                    {"id": "11", "sourceId": "2", "destinationId": "3", "description": name, "technology": "SMTP"},
                    {"id": "12", "sourceId": "2", "destinationId": "99"}],
                 "containers": [{"id": "4", "name": "Database", "technology": "Oracle, JDBC",
                    "components": [{"id": "5", "name": "Schema"}]}]},
                {"id": "3", "name": "Mail", "containers": [{"id": "6", "name": "Database"}]}
            ],
            "deploymentNodes": [{"id": "20", "name": "Live"}]
        },
        "views": {"x": "kept"}
    })
}

#[test]
fn systems_containers_and_what_uses_what_are_read() {
    let bytes = workspace(1).to_string();
    let read = structurizr("bank.json", bytes.as_bytes()).expect("readable");
    let found: Vec<(String, Option<String>)> =
        read.items.iter().map(|item| (item.kind.clone(), item.source_id.clone())).collect();
    let expected = [
        ("business_role", "Customer"),
        ("system", "Internet Banking"),
        ("system", "Internet Banking/Database"),
        ("application_component", "Internet Banking/Database/Schema"),
        ("composition", "Internet Banking/Database>Internet Banking/Database/Schema"),
        ("system", "Mail"),
        ("system", "Mail/Database"),
        ("serving", "Customer->Internet Banking:Views balances using"),
        ("depends_on", "Internet Banking->Mail:Sends"),
        ("structurizr_workspace", "workspace:structurizr:7"),
    ];
    let expected = expected.map(|(kind, id)| (kind.to_owned(), Some(id.to_owned())));
    assert_eq!(found, expected);
    assert_eq!(codes(&read), ["dangling_reference", "deployment_kept"]);
    assert_eq!(value(&read.items.get(1).expect("there"), "documentation"), "Lets customers\nview balances");
    let kept = value(&read.items.get(9).expect("there"), "content");
    let kept: serde_json::Value = serde_json::from_str(kept.as_str().expect("a text")).expect("JSON");
    assert_eq!(kept, workspace(1), "all of it is kept");
}

#[test]
fn containers_of_one_name_stay_apart_and_a_newer_workspace_is_the_difference() {
    let model = empty();
    import(&model, "bank.json", workspace(1).to_string().as_bytes(), &ImportOptions::default());
    let snapshot = model.current();
    let kind = |name: &str| snapshot.metamodel().kind_named(name).expect("a kind").id;
    assert_eq!(snapshot.ids_of_kind(kind("system"), None).count(), 4);
    assert_eq!(snapshot.ids_of_kind(kind("technology"), None).count(), 2, "Oracle and JDBC");
    assert_eq!(snapshot.ids_of_kind(kind("subsystem_of"), None).count(), 2);
    // Structurizr numbers everything anew; only one relationship says something else.
    let newer = workspace(2).to_string().replace("\"4\"", "\"44\"").replace("\"3\"", "\"33\"");
    let report =
        serde_json::to_value(proposal(&model, "bank.json", newer.as_bytes(), &ImportOptions::default()).report)
            .expect("JSON");
    let relationship = "sys-Internet-Banking--depends_on--sys-Mail".to_owned();
    assert_eq!(changes(&report), [("depends_on".to_owned(), relationship, 1)], "its name: {report:#}");
}
