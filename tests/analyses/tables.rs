//! Every report is also a table, and what it does not list it counts.

use ezu::analyses::Tabular;
use ezu::analyses::impact::{ImpactRequest, impact};
use ezu::analyses::paths::{PathMode, PathsRequest, paths};
use ezu::analyses::upstream::{UpstreamRequest, upstream};

use crate::support::{ask, city};

fn check(table: &dyn Tabular, rows: usize) {
    for language in ["ja", "en"] {
        assert!(!table.title().get(language).is_empty());
        assert!(table.columns().iter().all(|column| column.label.exactly(language).is_some()));
        let held = table.rows(language);
        assert_eq!(held.len(), rows);
        assert!(held.iter().all(|row| row.len() == table.columns().len()));
    }
}

#[test]
fn a_row_for_every_item_flow_or_step() {
    let view = city();
    let report = ask(&view, "stop", &["inf-vm-old"]);
    check(&report, report.affected_total);
    let request = UpstreamRequest { subjects: vec!["sys-juki".into()], ..UpstreamRequest::default() };
    let report = upstream(&view, &request).expect("answered");
    check(&report, report.flows.len());
    let request = PathsRequest {
        from: vec!["sys-juki".into()],
        to: vec!["inf-vm-old".into()],
        mode: PathMode::All,
        max_hops: Some(2),
        ..PathsRequest::default()
    };
    let report = paths(&view, &request).expect("answered");
    check(&report, report.paths.iter().map(|path| path.length).sum());
}

#[test]
fn what_is_not_listed_is_counted() {
    let all = ask(&city(), "stop", &["inf-vm-old"]);
    let request = ImpactRequest {
        subjects: vec!["inf-vm-old".into()],
        change: "stop".into(),
        kinds: vec!["business_process".into()],
        limit: Some(10),
        ..ImpactRequest::default()
    };
    let some = impact(&city(), &request).expect("answered");
    let processes: Vec<_> = all.affected.iter().filter(|item| *item.kind == *"business_process").collect();
    assert_eq!(some.affected.len(), 10);
    assert!(some.affected.iter().zip(&processes).all(|(some, all)| some.id == all.id));
    assert_eq!(some.affected_total, all.affected_total);
    assert_eq!(some.omitted.by_limit, processes.len() - 10);
    assert_eq!(some.omitted.by_kind, all.affected_total - processes.len());
    assert_eq!(some.by_kind, all.by_kind, "the summary speaks of all");
    assert_eq!(some.by_department, all.by_department);
}
