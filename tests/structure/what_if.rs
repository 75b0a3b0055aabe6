//! What if systems went, merged or moved: on paper, and with the supposition carried out a second time on the text.

use std::collections::BTreeSet;
use std::sync::Arc;

use ezu::analyses::findings::run;
use ezu::application::findings::Rulebook;
use ezu::application::what_if::{Supposition, WhatIf};
use ezu::application::{Workspace, files};
use ezu::domain::Model;
use ezu::domain::clock::Clock;
use ezu::graph::{Snapshot, View};
use ezu::settings::Settings;
use ezu::storage::Store;
use proptest::prelude::*;

use crate::city_text::{CityText, entries, text};
use crate::made_up::made_up;
use crate::on_paper::SMALL;
use crate::support::CITY;

fn workspace(texts: &[&str]) -> Workspace {
    let metamodel = files::load_metamodel(None).expect("sound");
    let limits = Settings::default().limits;
    let workspace = Workspace::open(metamodel, Store::memory(), Clock::System, &limits).expect("opens");
    let named: Vec<_> =
        texts.iter().enumerate().map(|(place, text)| (format!("{place}.yaml"), (*text).into())).collect();
    files::load_model_files(&workspace, &named, "test", None).expect("sound");
    workspace
}

fn rules(workspace: &Workspace) -> Rulebook {
    Rulebook::new(files::load_rules(&workspace.metamodel(), None).expect("sound"))
}

fn asked(systems: &[&str], supposition: Supposition) -> WhatIf {
    WhatIf { systems: systems.iter().map(|id| (*id).to_owned()).collect(), supposition }
}

#[test]
fn on_paper() {
    let workspace = workspace(&[SMALL]);
    let rulebook = rules(&workspace);
    let supposed = workspace.suppose(&asked(&["sys-i"], Supposition::Remove)).expect("known");
    assert_eq!((supposed.flows, supposed.processes), (vec!["flw-2".to_owned()], Vec::new()));
    let tried = workspace.dry_run(&supposed.change_set);
    let (_, _, found) = rulebook.of_dry_run(&workspace, &tried).expect("not refused");
    let resolved: BTreeSet<&str> = found.resolved.iter().map(|(_, draft)| draft.id()).collect();
    // A system that no process uses; sensitive data sent by mail, without protection and to the internet unapproved.
    assert_eq!(resolved, BTreeSet::from(["D09a--sys-i", "S03b--flw-2", "S09--flw-2"]));
    assert_eq!(found.created, []);
    let supposed = workspace.suppose(&asked(&["sys-b"], Supposition::MergeInto("sys-a".into()))).expect("known");
    assert_eq!((supposed.flows.len(), supposed.processes), (4, vec!["prc-b".to_owned()]));
}

/// Flows by their ends, uses, and the zones of systems: what a supposition changes.
#[derive(Debug, PartialEq, Eq)]
struct State {
    flows: Vec<(String, String)>,
    uses: BTreeSet<(String, String)>,
    zones: BTreeSet<(String, String)>,
}

fn recorded(model: &Arc<Snapshot>) -> State {
    let all = |kind: &str| -> Vec<(String, String)> {
        let kind = model.metamodel().kind_named(kind).expect("a kind").id;
        let held = model.ids_of_kind(kind, None).filter_map(|id| model.relationship(id.as_str()));
        held.map(|held| (held.source.to_string(), held.target.to_string())).collect()
    };
    let mut flows = all("data_flow");
    flows.sort();
    let zones = all("in_zone").into_iter().filter(|(system, _)| system.starts_with("sys-")).collect();
    State { flows, uses: all("uses").into_iter().collect(), zones }
}

/// The same, carried out on the text.
fn carried_out(model: &CityText, asked: &WhatIf) -> State {
    let (into, zone) = match &asked.supposition {
        Supposition::Remove => (None, None),
        Supposition::MergeInto(into) => (Some(into.as_str()), None),
        Supposition::MoveTo(zone) => (None, Some(zone.as_str())),
    };
    let is_asked = |id: &str| asked.systems.iter().any(|system| system == id);
    let goes = |id: &str| zone.is_none() && is_asked(id) && Some(id) != into;
    let stands = |id: &str| if goes(id) { into.map(str::to_owned) } else { Some(id.to_owned()) };
    let mut flows = Vec::new();
    for flow in model.list("data_flows") {
        let (source, target) = (text(flow, "source"), text(flow, "target"));
        let changed = goes(source) || goes(target);
        if let Some(ends) = stands(source).zip(stands(target)).filter(|(a, b)| !changed || a != b) {
            flows.push(ends);
        }
    }
    flows.sort();
    let uses = model.list("business_processes").iter().flat_map(|process| {
        let used = entries(process, "systems").iter().filter_map(|used| stands(text(used, "system")));
        used.map(|system| (text(process, "id").to_owned(), system))
    });
    let zones = model.list("systems").iter().filter(|system| !goes(text(system, "id")));
    let zones = zones.map(|system| {
        let moved = zone.filter(|_| is_asked(text(system, "id")));
        (text(system, "id").to_owned(), moved.unwrap_or(text(system, "zone")).to_owned())
    });
    State { flows, uses: uses.collect(), zones: zones.filter(|(_, zone)| !zone.is_empty()).collect() }
}

fn check(workspace: &Workspace, rulebook: &Rulebook, model: &CityText, asked: &WhatIf) {
    let supposed = workspace.suppose(asked).expect("known");
    let is_asked = |id: &str| asked.systems.iter().any(|system| system == id);
    let flows = model.list("data_flows").iter();
    let flows: BTreeSet<&str> = flows
        .filter(|flow| is_asked(text(flow, "source")) || is_asked(text(flow, "target")))
        .map(|flow| text(flow, "id"))
        .collect();
    assert!(supposed.flows.iter().map(String::as_str).eq(flows.iter().copied()), "{asked:?}");
    let mut processes: Vec<&str> = model
        .list("business_processes")
        .iter()
        .filter(|process| entries(process, "systems").iter().any(|used| is_asked(text(used, "system"))))
        .map(|process| text(process, "id"))
        .collect();
    processes.sort_unstable();
    assert_eq!(supposed.processes, processes, "{asked:?}");
    let tried = workspace.dry_run(&supposed.change_set);
    assert!(tried.refusals.is_empty(), "{asked:?}: {:?}", tried.refusals);
    let outcome = tried.outcome.as_ref().expect("an outcome");
    assert_eq!(recorded(outcome), carried_out(model, asked), "{asked:?}");
    let (before, after, found) = rulebook.of_dry_run(workspace, &tried).expect("not refused");
    let all = |view: &View| -> BTreeSet<String> {
        run(view, rulebook.catalogue(), |_| true).findings.iter().map(|(_, draft)| draft.id().to_owned()).collect()
    };
    let (before, after) = (all(&before), all(&after));
    let ids = |list: &[(usize, ezu::analyses::findings::Draft)]| -> BTreeSet<String> {
        list.iter().map(|(_, draft)| draft.id().to_owned()).collect()
    };
    assert_eq!(ids(&found.created), after.difference(&before).cloned().collect(), "{asked:?}");
    assert_eq!(ids(&found.resolved), before.difference(&after).cloned().collect(), "{asked:?}");
}

#[test]
fn of_the_reference_city() {
    let workspace = workspace(&CITY);
    let (rulebook, model) = (rules(&workspace), CityText::read());
    let forms = ["sys-form-b", "sys-form-c"];
    for supposition in [
        Supposition::Remove,
        Supposition::MergeInto("sys-form-a".into()),
        Supposition::MergeInto("sys-form-b".into()),
        Supposition::MoveTo("zone-lgwan".into()),
    ] {
        check(&workspace, &rulebook, &model, &asked(&forms, supposition));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, ..ProptestConfig::default() })]

    #[test]
    fn of_any_model(seed in any::<u64>(), first in 0..6u8, second in 0..6u8, into in 0..6u8) {
        let written = made_up(seed);
        let (workspace, model) = (workspace(&[&written]), CityText::of(&[&written]));
        let rulebook = rules(&workspace);
        let name = |number: u8| format!("sys-{number}");
        let systems: BTreeSet<String> = [name(first), name(second)].into();
        let systems: Vec<String> = systems.into_iter().collect();
        for supposition in
            [Supposition::Remove, Supposition::MergeInto(name(into)), Supposition::MoveTo("zone-lgwan".into())]
        {
            let asked = WhatIf { systems: systems.clone(), supposition };
            if asked.supposition == Supposition::MergeInto(systems[0].clone()) && systems.len() == 1 {
                prop_assert!(workspace.suppose(&asked).is_err(), "merged into itself");
            } else {
                check(&workspace, &rulebook, &model, &asked);
            }
        }
    }
}
