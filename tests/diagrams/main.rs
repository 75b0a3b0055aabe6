//! Diagrams, from the reference city to DOT, SVG and PNG.

mod city;
mod completeness;
mod hostile;
mod rendering;

use std::process::Command;

use ezu::diagrams::{
    DepartmentTree, Diagram, ImpactItem, ImpactPicture, ImpactStep, LayerOverview, Neighbourhood, SystemMap,
};
use ezu::domain::Model;
use ezu::graph::View;

/// Whether a program can be run here; says so when not.
fn has(program: &str, argument: &str) -> bool {
    let found = Command::new(program).arg(argument).output().is_ok();
    if !found {
        eprintln!("skipped: {program} is not installed");
    }
    found
}

/// One of every sort, over the reference city.
fn every_diagram(view: &View) -> Vec<(&'static str, Diagram)> {
    let scoped = |departments: &[&str]| SystemMap {
        departments: departments.iter().map(|id| (*id).to_owned()).collect(),
        ..SystemMap::default()
    };
    vec![
        ("neighbourhood", Diagram::Neighbourhood(Neighbourhood::of("sys-juki"))),
        ("neighbourhood 3", Diagram::Neighbourhood(Neighbourhood { depth: 3, ..Neighbourhood::of("sys-juki") })),
        ("around data", Diagram::Neighbourhood(Neighbourhood { depth: 2, ..Neighbourhood::of("dat-juki") })),
        ("around a flow", Diagram::Neighbourhood(Neighbourhood::of("flw-juki-to-cs"))),
        ("impact", Diagram::Impact(impact(view))),
        ("map of a department", Diagram::SystemMap(scoped(&["dept-shimin"]))),
        ("map of the city", Diagram::SystemMap(SystemMap::default())),
        ("layers", Diagram::Layers(LayerOverview::default())),
        ("department", Diagram::Department(DepartmentTree::of("dept-shimin"))),
    ]
}

/// Everything that depends on a virtual machine host, one step far, as if it stopped.
fn impact(view: &View) -> ImpactPicture {
    let depends_on = view.metamodel().kind_named("depends_on").expect("the profile has it").id;
    let items = view.incoming("inf-vm-old", Some(depends_on)).into_iter().map(|found| {
        let (from, to) = (found.target.to_string(), found.source.to_string());
        let path = vec![ImpactStep { relationship: found.id.to_string(), from, to: to.clone() }];
        ImpactItem { id: to, effect: "stopped".to_owned(), distance: 1, path }
    });
    ImpactPicture {
        title: "旧基幹系仮想基盤の停止".to_owned(),
        subjects: vec!["inf-vm-old".to_owned()],
        items: items.collect(),
        notes: Vec::new(),
        most_figures: 60,
    }
}
