//! Findings keep their ids and their evidence when something unrelated changes.

use std::collections::BTreeMap;

use ezu::domain::Operation;
use ezu::domain::change_set::{CreateElement, Update};
use ezu::graph::View;
use serde_json::json;

use crate::rules::run_all;
use crate::support::{ARCHIMATE, CITY, MUNICIPALITY, apply, city, city_day, metamodel, snapshot};

/// Digests of the evidence by finding.
fn findings(view: &View) -> BTreeMap<String, String> {
    let (_, found) = run_all(view);
    found.findings.iter().map(|(_, draft)| (draft.id().to_owned(), draft.digest())).collect()
}

/// The records of a file in the opposite order.
fn reversed(text: &str) -> String {
    let mut sections: Vec<(String, Vec<String>)> = vec![(String::new(), Vec::new())];
    for line in text.lines() {
        let is_section = line.ends_with(':') && !line.starts_with([' ', '-', '#']);
        if is_section {
            sections.push((line.to_owned(), Vec::new()));
        } else if line.starts_with("- ") {
            sections.last_mut().expect("one").1.push(line.to_owned());
        } else if let Some(record) = sections.last_mut().expect("one").1.last_mut() {
            record.push('\n');
            record.push_str(line);
        } else {
            let head = &mut sections.last_mut().expect("one").0;
            head.push('\n');
            head.push_str(line);
        }
    }
    let written = sections.iter().map(|(head, records)| {
        let records: Vec<&str> = records.iter().rev().map(|record| record.trim_end()).collect();
        format!("{head}\n{}\n", records.join("\n"))
    });
    written.collect()
}

#[test]
fn the_order_of_records_is_no_matter() {
    let texts: Vec<String> = CITY.iter().rev().map(|text| reversed(text)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let backwards = View::new(snapshot(metamodel(&[ARCHIMATE, MUNICIPALITY]), &texts), city_day());
    assert_eq!(findings(&backwards), findings(&city()));
}

#[test]
fn names_are_no_matter() {
    let view = city();
    let renamed = |id: &str| {
        let set = json!({"name": format!("新しい名前 {id}")}).as_object().expect("an object").clone();
        Operation::UpdateElement(Update { id: id.to_owned(), set, unset: Vec::new() })
    };
    let kinds = ["system", "business_process", "data_object", "project", "department", "infrastructure", "vendor"];
    let ids = kinds.iter().flat_map(|kind| {
        use ezu::domain::Model;
        let kind = view.metamodel().kind_named(kind).expect("a kind").id;
        view.elements_of_kind(kind).map(|element| element.id.to_string()).collect::<Vec<_>>()
    });
    let operations = ids.map(|id| renamed(&id)).collect();
    let after = View::new(apply(view.snapshot(), operations), city_day());
    assert_eq!(findings(&after), findings(&view));
}

#[test]
fn an_unrelated_newcomer_is_no_matter() {
    let view = city();
    let attributes = json!({
        "owner_department": "dept-joho", "zone": "zone-lgwan", "status": "planned", "type": "package",
        "availability": {"rto_hours": 72, "redundant": true, "backup": "offsite"},
    });
    let create = CreateElement {
        id: "sys-aaa-new".into(),
        kind: "system".into(),
        name: Some("新規".into()),
        attributes: attributes.as_object().expect("an object").clone(),
    };
    let after = View::new(apply(view.snapshot(), vec![Operation::CreateElement(create)]), city_day());
    let (before, mut after) = (findings(&view), findings(&after));
    after.retain(|id, _| !id.contains("sys-aaa-new"));
    assert_eq!(after, before);
}
