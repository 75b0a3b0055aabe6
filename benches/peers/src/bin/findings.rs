//! The rules: all of them over the reference city and over a generated one, and the findings of a one-element change.
//!
//! `cargo run --release --bin findings [elements]` prints one table. The findings of a change are worked out from the
//! change; how many times quicker that is than two full runs stands beside it, and both must give the same.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use ezu::analyses::findings::{Catalogue, FindingsRun, change, run};
use ezu::application::files::{load_metamodel, load_rules, sample_operations};
use ezu::application::generate::generate_snapshot;
use ezu::domain::change_set::{ChangeSet, CreateElement, CreateRelationship, Operation, Update};
use ezu::domain::recorded::touched_fields;
use ezu::domain::validation::resolve;
use ezu::domain::{Delta, Metamodel};
use ezu::graph::{ChangeSummary, Snapshot, View};
use ezu_peers::timing::median_of;
use serde_json::{Value as Json, json};

fn main() {
    let elements = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let metamodel = load_metamodel(None).expect("the built-in metamodel is sound");
    let catalogue = load_rules(&metamodel, None).expect("the built-in rules are sound");
    println!("| model | what | median |");
    println!("|---|---|---|");
    let empty = Arc::new(Snapshot::empty(Arc::clone(&metamodel)));
    let (city, _) = apply(&empty, sample_operations(&metamodel));
    measure("reference city", city, &catalogue, "dept-joho", 51);
    let generated = generated(&metamodel, elements);
    measure(&format!("{elements} elements"), generated, &catalogue, "dept-0000001", 5);
}

fn generated(metamodel: &Arc<Metamodel>, elements: usize) -> Arc<Snapshot> {
    Arc::new(generate_snapshot(metamodel, elements, 1).expect("the generated city is valid"))
}

fn measure(model: &str, snapshot: Arc<Snapshot>, catalogue: &Catalogue, department: &str, turns: usize) {
    let row = |what: &str, figure: String| println!("| {model} | {what} | {figure} |");
    let view = view(&snapshot);
    let all = || run(&view, catalogue, |_| true);
    let found = all();
    let time = median_of(turns, || drop(std::hint::black_box(all())));
    let figure = format!("{:.2} ms, {} findings", time.as_secs_f64() * 1e3, found.findings.len());
    row(&format!("all {} rules", catalogue.rules().len()), figure);
    slowest(&view, catalogue, &row);
    for (what, operations) in changes(&snapshot, department) {
        dry_run(&snapshot, catalogue, &row, (what, operations), time.as_secs_f64(), &found);
    }
}

/// The rules that take longest.
fn slowest(view: &View, catalogue: &Catalogue, row: &dyn Fn(&str, String)) {
    let mut times: Vec<(f64, &str)> = catalogue
        .rules()
        .iter()
        .map(|rule| {
            let begun = Instant::now();
            std::hint::black_box(run(view, catalogue, |held| held.id == rule.id));
            (begun.elapsed().as_secs_f64() * 1e3, &*rule.id)
        })
        .collect();
    times.sort_by(|a, b| b.0.total_cmp(&a.0));
    let named: Vec<String> = times.iter().take(6).map(|(time, rule)| format!("{rule} {time:.1}")).collect();
    row("slowest rules, alone, in ms", named.join(", "));
}

fn view(snapshot: &Arc<Snapshot>) -> View {
    View::new(Arc::clone(snapshot), jiff::civil::date(2026, 11, 1))
}

fn changes(snapshot: &Snapshot, department: &str) -> Vec<(&'static str, Vec<Operation>)> {
    let kind = snapshot.metamodel_kind("system");
    let ids: Vec<String> = snapshot.ids_of_kind(kind, None).map(ToString::to_string).collect();
    let (one, other) = (ids[ids.len() / 3].clone(), ids[ids.len() / 2].clone());
    let object = |json: Json| json.as_object().expect("an object").clone();
    let update = |set: Json| {
        vec![Operation::UpdateElement(Update { id: one.clone(), set: object(set), unset: Vec::new() })]
    };
    let create = CreateElement {
        id: "sys-new".into(),
        kind: "system".into(),
        name: Some("新規".into()),
        attributes: object(json!({"owner_department": department, "status": "active",
            "depends_on": [{"target": one, "level": "essential"}], "availability": {"rto_hours": 1}})),
    };
    let flow = CreateRelationship {
        id: Some("flw-new".into()),
        kind: "data_flow".into(),
        source: one.clone(),
        target: other,
        name: None,
        attributes: object(json!({"method": "rekey", "control": "none", "carries_my_number": true})),
    };
    vec![
        ("a recovery time", update(json!({"availability": {"rto_hours": 1}}))),
        ("a new system", vec![Operation::CreateElement(create)]),
        ("a new flow", vec![Operation::CreateRelationship(flow)]),
    ]
}

trait KindOf {
    fn metamodel_kind(&self, name: &str) -> ezu::domain::KindId;
}

impl KindOf for Snapshot {
    fn metamodel_kind(&self, name: &str) -> ezu::domain::KindId {
        self.shared_metamodel().kind_named(name).expect("a municipal kind").id
    }
}

fn dry_run(
    snapshot: &Arc<Snapshot>,
    catalogue: &Catalogue,
    row: &dyn Fn(&str, String),
    (what, operations): (&str, Vec<Operation>),
    full: f64,
    before: &FindingsRun,
) {
    let tried = || {
        let (after, delta) = apply(snapshot, operations.clone());
        let (old, new) = (view(snapshot), view(&after));
        (change(catalogue, &old, &new, &delta), new)
    };
    let (found, after) = tried();
    let after = run(&after, catalogue, |_| true);
    let (old, new): (BTreeSet<&str>, BTreeSet<&str>) = (before.ids().into_iter().collect(), after.ids().into_iter().collect());
    let ids = |list: &[(usize, ezu::analyses::findings::Draft)]| list.iter().map(|(_, d)| d.id().to_owned()).collect::<BTreeSet<_>>();
    assert!(ids(&found.created).iter().map(String::as_str).eq(new.difference(&old).copied()), "created");
    assert!(ids(&found.resolved).iter().map(String::as_str).eq(old.difference(&new).copied()), "resolved");
    let time = median_of(21, || drop(std::hint::black_box(tried()))).as_secs_f64();
    let counts = format!("{} created, {} resolved, {} judged", found.created.len(), found.resolved.len(), found.judged);
    row(
        &format!("dry run: {what}, validation and snapshot included"),
        format!("{:.2} ms ({counts}; {:.0} × quicker than two full runs)", time * 1e3, 2.0 * full / time),
    );
}

fn apply(base: &Arc<Snapshot>, operations: Vec<Operation>) -> (Arc<Snapshot>, Delta) {
    let change_set = ChangeSet { message: "bench".into(), operations, ..ChangeSet::default() };
    let resolution = resolve(&**base, &change_set);
    assert!(resolution.refusals.is_empty(), "{:?}", resolution.refusals.first());
    let summary = ChangeSummary {
        revision: base.revision() + 1,
        hash: OnceLock::new(),
        time: jiff::Timestamp::UNIX_EPOCH,
        message: "bench".into(),
        author: None,
        reason: None,
        source: None,
        operations: 1,
        touched: touched_fields(&**base, &resolution.delta).into(),
    };
    (Arc::new(base.apply(&resolution.delta, summary)), resolution.delta)
}
