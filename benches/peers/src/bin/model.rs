//! A whole model of a generated city: memory, one-element change sets, reach through a view.
//!
//! `cargo run --release --bin model [elements]` prints one table. A change set is validated, recorded as
//! the ledger would keep it, applied (search, references and history included) and published; nothing is
//! written to a disk. Reach runs through the view that impact uses, beside a plain
//! compressed-sparse-row array and petgraph on the same edges; counts are compared.

use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Instant;

use arc_swap::ArcSwap;
use ezu::application::files::load_metamodel;
use ezu::application::generate::generate_snapshot;
use ezu::domain::change_set::{ChangeSet, Operation, Update};
use ezu::domain::element::Model;
use ezu::domain::recorded::{record, touched_fields};
use ezu::domain::validation::resolve;
use ezu::graph::{
    ChangeSummary, Direction, Edge, EdgeKind, EdgeRecord, Everything, Node, Snapshot, TopologyBuilder, View, ViewFilter, reach,
};
use ezu_peers::csr::Csr;
use ezu_peers::timing::median_of;
use petgraph::stable_graph::{NodeIndex, StableDiGraph};
use petgraph::visit::Bfs;
use serde_json::json;

fn main() {
    let only = std::env::args().nth(1).and_then(|text| text.parse().ok());
    println!("| elements | relationships | what | median |");
    println!("|---|---|---|---|");
    for elements in [10_000, 100_000, 1_000_000] {
        if only.is_none_or(|only: usize| only == elements) {
            measure(elements);
        }
    }
}

fn measure(elements: usize) {
    let metamodel = load_metamodel(None).expect("the built-in metamodel is sound");
    let before = resident_bytes();
    let begun = Instant::now();
    let snapshot = generate_snapshot(&metamodel, elements, 1).expect("the generated city is valid");
    let counts = snapshot.counts();
    let row = |what: &str, figure: String| println!("| {} | {} | {what} | {figure} |", counts.elements, counts.relationships);
    row("generated, validated, applied", format!("{:.1} s", begun.elapsed().as_secs_f64()));
    let items = counts.elements + counts.relationships;
    let bytes = resident_bytes().saturating_sub(before);
    row("resident memory an item", format!("{} bytes ({} MB in all)", bytes / items.max(1), bytes >> 20));
    changes(&snapshot, &row);
    reaches(snapshot, &row);
}

/// Change sets of one operation on elements all over the model.
fn changes(snapshot: &Snapshot, row: &dyn Fn(&str, String)) {
    let systems: Vec<String> = ids(snapshot, "system");
    let departments: Vec<String> = ids(snapshot, "department");
    let published = ArcSwap::from_pointee(snapshot.clone());
    for (what, set) in [
        ("an attribute", json!({"users": 7})),
        ("a name (search)", json!({"name": "新しい名前のシステム"})),
        ("a reference", json!({"owner_department": departments[departments.len() / 2]})),
    ] {
        let mut turn = 0;
        let median = median_of(201, || {
            turn += 1;
            let id = systems[turn * 7919 % systems.len()].clone();
            let serde_json::Value::Object(mut set) = set.clone() else { unreachable!("an object") };
            if set.contains_key("users") {
                set.insert("users".into(), json!(turn));
            }
            let operations = vec![Operation::UpdateElement(Update { id, set, unset: Vec::new() })];
            let change_set = ChangeSet { message: "bench".into(), operations, ..ChangeSet::default() };
            let next = apply(&published.load(), &change_set);
            published.store(Arc::new(next));
        });
        row(&format!("one change set: {what}"), format!("{:.1} µs", median.as_secs_f64() * 1e6));
    }
}

fn ids(snapshot: &Snapshot, kind: &str) -> Vec<String> {
    let kind = snapshot.metamodel().kind_named(kind).expect("a municipal kind").id;
    snapshot.ids_of_kind(kind, None).map(ToString::to_string).collect()
}

fn apply(snapshot: &Snapshot, change_set: &ChangeSet) -> Snapshot {
    let resolution = resolve(snapshot, change_set);
    assert!(resolution.refusals.is_empty(), "{:?}", resolution.refusals);
    let payload = serde_json::to_vec(&record(snapshot.metamodel(), &resolution.delta)).expect("JSON");
    assert!(!payload.is_empty());
    let summary = ChangeSummary {
        revision: snapshot.revision() + 1,
        hash: OnceLock::new(),
        time: jiff::Timestamp::UNIX_EPOCH,
        message: "bench".into(),
        author: None,
        reason: None,
        source: None,
        operations: 1,
        touched: touched_fields(snapshot, &resolution.delta).into(),
    };
    snapshot.apply(&resolution.delta, summary)
}

fn reaches(snapshot: Snapshot, row: &dyn Fn(&str, String)) {
    let nodes = u32::try_from(snapshot.node_count()).expect("fits");
    let edges: Vec<(u32, u32)> = (0..u32::try_from(snapshot.edge_capacity()).expect("fits"))
        .filter_map(|edge| snapshot.ends(Edge(edge)).filter(|_| snapshot.relationship_at(Edge(edge)).is_some()))
        .map(|(source, target)| (source.0, target.0))
        .collect();
    let view = View::new(Arc::new(snapshot), jiff::civil::date(2026, 11, 1));
    let csr = Csr::new(nodes, &edges);
    let back: Vec<(u32, u32)> = edges.iter().map(|(source, target)| (*target, *source)).collect();
    let csr_back = Csr::new(nodes, &back);
    let best = (0..nodes).step_by(nodes as usize / 500).max_by_key(|start| csr.reach(*start).1.max(csr_back.reach(*start).1));
    let start = best.expect("a node");
    let (direction, csr, pairs) = if csr.reach(start).1 >= csr_back.reach(start).1 {
        (Direction::Outgoing, &csr, &edges)
    } else {
        (Direction::Incoming, &csr_back, &back)
    };
    let reached = csr.reach(start).1;
    let ours = || match view.filter() {
        ViewFilter::Everything(filter) => reach(view.topology(), &[Node(start)], direction, &filter).count,
        ViewFilter::Masked(filter) => reach(view.topology(), &[Node(start)], direction, &filter).count,
    };
    assert_eq!(ours(), reached, "the view and the array reach the same");
    let mut stable = StableDiGraph::<(), ()>::new();
    (0..nodes).for_each(|_| drop(stable.add_node(())));
    for (source, target) in pairs {
        stable.add_edge(NodeIndex::new(*source as usize), NodeIndex::new(*target as usize), ());
    }
    let petgraph = || {
        let mut search = Bfs::new(&stable, NodeIndex::new(start as usize));
        std::iter::from_fn(|| search.next(&stable)).count()
    };
    assert_eq!(petgraph(), reached, "petgraph reaches the same");
    let mut builder = TopologyBuilder::new(nodes);
    for (edge, (source, target)) in edges.iter().enumerate() {
        let edge = Edge(u32::try_from(edge).expect("fits"));
        builder.add(EdgeRecord { edge, kind: EdgeKind(0), source: Node(*source), target: Node(*target) });
    }
    let fresh = builder.build();
    let fresh_time = median_of(51, || drop(std::hint::black_box(reach(&fresh, &[Node(start)], direction, &Everything).count)));
    row("the same in a topology built at once", format!("{:.3} ms", fresh_time.as_secs_f64() * 1e3));
    let view_time = median_of(51, || drop(std::hint::black_box(ours())));
    let csr_time = median_of(51, || drop(std::hint::black_box(csr.reach(start))));
    let stable_time = median_of(7, || drop(std::hint::black_box(petgraph())));
    let ratio = view_time.as_secs_f64() / csr_time.as_secs_f64();
    let faster = stable_time.as_secs_f64() / view_time.as_secs_f64();
    row(
        &format!("reach of {reached} of {nodes} nodes through the view"),
        format!("{:.3} ms ({ratio:.2} × CSR, {faster:.1} × faster than StableDiGraph)", view_time.as_secs_f64() * 1e3),
    );
}

/// Resident memory of this process in bytes; 0 where the system does not tell.
fn resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)).and_then(|text| text.parse::<usize>().ok());
    kilobytes.unwrap_or(0) * 1024
}
