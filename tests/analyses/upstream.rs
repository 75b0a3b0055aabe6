//! What feeds a system, held against a plain closure over the YAML text.

use std::collections::{BTreeMap, BTreeSet};

use ezu::analyses::upstream::{UpstreamReport, UpstreamRequest, upstream};
use ezu::graph::View;

use crate::city_text::{CityText, text, texts};
use crate::support::{ARCHIMATE, city, city_with, model};

fn ask(view: &View, subject: &str, methods: Option<&[&str]>) -> UpstreamReport {
    let methods = methods.map(|methods| methods.iter().map(|method| (*method).to_owned()).collect());
    let request = UpstreamRequest { subjects: vec![subject.into()], methods, max_depth: None };
    upstream(view, &request).unwrap_or_else(|error| panic!("{error}"))
}

/// Distance of everything that feeds, the flows by which it does, and how many other flows lead to any of it.
fn closure(
    city: &CityText,
    subject: &str,
    methods: &[&str],
) -> (BTreeMap<String, usize>, BTreeSet<String>, BTreeMap<String, usize>) {
    let mut distances = BTreeMap::from([(subject.to_owned(), 0)]);
    loop {
        let mut new = BTreeMap::new();
        for flow in city.list("data_flows").iter().filter(|flow| methods.contains(&text(flow, "method"))) {
            if let Some(distance) =
                distances.get(text(flow, "target")).filter(|_| !distances.contains_key(text(flow, "source")))
            {
                let held: &mut usize = new.entry(text(flow, "source").to_owned()).or_insert(distance + 1);
                *held = (*held).min(distance + 1);
            }
        }
        if new.is_empty() {
            break;
        }
        distances.extend(new);
    }
    let (mut flows, mut others) = (BTreeSet::new(), BTreeMap::new());
    for flow in city.list("data_flows").iter().filter(|flow| distances.contains_key(text(flow, "target"))) {
        if methods.contains(&text(flow, "method")) {
            flows.insert(text(flow, "id").to_owned());
        } else {
            *others.entry(text(flow, "method").to_owned()).or_insert(0) += 1;
        }
    }
    distances.remove(subject);
    (distances, flows, others)
}

fn check(view: &View, city: &CityText, subject: &str, methods: &[&str], report: &UpstreamReport) {
    let (distances, flows, others) = closure(city, subject, methods);
    let found: BTreeMap<String, usize> =
        report.items.iter().map(|item| (item.item.id.clone(), item.distance)).collect();
    assert_eq!(found, distances, "{subject}");
    assert_eq!(report.flows.iter().map(|flow| flow.id.clone()).collect::<BTreeSet<_>>(), flows, "{subject}");
    let left_out: BTreeMap<String, usize> =
        report.left_out.by_method.iter().map(|(method, count)| (method.to_string(), *count)).collect();
    assert_eq!(left_out, others, "{subject}");
    assert_eq!(report.left_out.total, others.values().sum::<usize>());
    let record =
        |id: &str| city.list("data_flows").iter().find(|flow| text(flow, "id") == id).expect("a flow of the text");
    for item in &report.items {
        assert_eq!(item.path.len(), item.distance);
        let mut place = item.item.id.as_str();
        for step in &item.path {
            let flow = record(&step.relationship);
            assert_eq!((text(flow, "source"), text(flow, "target")), (place, step.to.as_str()));
            place = step.to.as_str();
        }
        assert_eq!(place, subject);
    }
    let data: BTreeSet<&str> = report.flows.iter().flat_map(|flow| texts(record(&flow.id), "data")).collect();
    assert_eq!(report.data.iter().map(|data| data.item.id.as_str()).collect::<BTreeSet<_>>(), data);
    assert_eq!(report.basis.revision, view.revision());
}

#[test]
fn by_automatic_methods_by_default() {
    let (view, city) = (city(), CityText::read());
    for subject in ["sys-juki", "sys-renkei", "sys-zaimu", "sys-kojin", "sys-hinan", "sys-ninsho"] {
        if city.list("systems").iter().any(|system| text(system, "id") == subject) {
            let report = ask(&view, subject, None);
            check(&view, &city, subject, &["api", "file", "dbl", "lgwan", "rpa"], &report);
        }
    }
}

#[test]
fn by_chosen_methods_and_by_all() {
    let (view, city) = (city(), CityText::read());
    check(&view, &city, "sys-zaimu", &["rekey", "paper"], &ask(&view, "sys-zaimu", Some(&["rekey", "paper"])));
    let methods: BTreeSet<&str> = city.list("data_flows").iter().map(|flow| text(flow, "method")).collect();
    let methods: Vec<&str> = methods.into_iter().collect();
    let all = ask(&view, "sys-zaimu", Some(&["all"]));
    check(&view, &city, "sys-zaimu", &methods, &all);
    assert_eq!((all.methods, all.left_out.total), (None, 0));
}

#[test]
fn what_is_automatic_is_read_from_the_metamodel() {
    let own = "
metamodel: own
relationship_kinds:
  data_flow:
    impact:
    - {change: [stop], when: {method: [paper]}, direction: forward, from: [subject], gives: starved}
";
    let report = ask(&city_with(own), "sys-zaimu", None);
    assert!(report.methods.is_some_and(|methods| methods.len() == 1 && *methods[0] == *"paper"));
}

#[test]
fn silence_is_not_independence() {
    let text = "
application_components:
- {id: a, name: A}
- {id: b, name: B}
- {id: c, name: C}
relationships:
- {kind: flow, source: a, target: b}
- {kind: flow, source: c, target: a}
- {kind: flow, source: b, target: a}
";
    let view = model(&[ARCHIMATE], text);
    let report = ask(&view, "c", None);
    assert!(!report.is_known && report.items.is_empty());
    assert!(report.sentence.get("en").contains("does not mean"));
    let fed = ask(&view, "b", None);
    let ids: Vec<(&str, usize)> = fed.items.iter().map(|item| (item.item.id.as_str(), item.distance)).collect();
    assert_eq!(ids, [("a", 1), ("c", 2)], "plain flows know no methods; a cycle is walked once");
    let request = UpstreamRequest { subjects: vec!["b".into()], methods: None, max_depth: Some(1) };
    let cut = upstream(&view, &request).expect("answered");
    assert!(cut.beyond_depth && cut.items.len() == 1);
}
