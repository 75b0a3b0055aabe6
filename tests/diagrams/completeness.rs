//! Nothing is left out silently, and the same model gives the same bytes.

use std::collections::BTreeSet;

use ezu::diagrams::{
    DepartmentTree, Diagram, DiagramError, LayerOverview, Neighbourhood, Options, Scene, SystemMap, scene,
};
use ezu::domain::Model;
use ezu::domain::metamodel::KindId;
use ezu::graph::View;

use super::{city, every_diagram, impact};

fn draw(view: &View, diagram: &Diagram) -> Scene {
    scene(view, diagram, &Options::default()).expect("a sound request")
}

fn kind(view: &View, name: &str) -> KindId {
    view.metamodel().kind_named(name).expect("the profile has it").id
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    let (first, second) = (city::view(), city::view());
    for (name, diagram) in every_diagram(&first) {
        let bytes = draw(&first, &diagram).to_dot();
        assert_eq!(bytes, draw(&second, &diagram).to_dot(), "{name}");
    }
}

#[test]
fn every_arrow_joins_figures_that_are_there() {
    let view = city::view();
    for (name, diagram) in every_diagram(&view) {
        let scene = draw(&view, &diagram);
        let ids: BTreeSet<&str> = scene.figures.iter().map(|figure| figure.id.as_str()).collect();
        assert_eq!(ids.len(), scene.figures.len(), "{name}: an id stands twice");
        for arrow in &scene.arrows {
            assert!(ids.contains(arrow.source.as_str()) && ids.contains(arrow.target.as_str()), "{name}: {arrow:?}");
        }
        assert!(!scene.legend.is_empty(), "{name} has a legend");
        assert!(
            scene.subtitle.contains("第1版") && scene.subtitle.contains("2026-11-01"),
            "{name}: {}",
            scene.subtitle
        );
    }
}

#[test]
fn the_map_of_the_city_accounts_for_every_system_party_and_flow() {
    let view = city::view();
    let scene = draw(&view, &Diagram::SystemMap(SystemMap::default()));
    // 161 systems and 36 outside parties; 406 flows.
    assert_eq!(scene.item_count(), 197);
    let inside: usize = scene
        .figures
        .iter()
        .flat_map(|figure| &figure.facts)
        .filter_map(|fact| fact.strip_prefix("箱の中の連携 ")?.strip_suffix("件")?.parse::<usize>().ok())
        .sum();
    assert_eq!(scene.relationship_count() + inside, 406);
}

#[test]
fn a_map_without_folding_names_every_system_and_counts_every_flow() {
    let view = city::view();
    let request = SystemMap { most_figures: 500, most_arrows: 1000, ..SystemMap::default() };
    let scene = draw(&view, &Diagram::SystemMap(request));
    let drawn: BTreeSet<&str> = scene.figures.iter().map(|figure| figure.id.as_str()).collect();
    for name in ["system", "external"] {
        for element in view.elements_of_kind(kind(&view, name)) {
            assert!(drawn.contains(element.id.as_str()), "{}", element.id);
        }
    }
    assert_eq!(scene.relationship_count(), 406);
    // Two flows between the same two systems are one arrow that says so.
    let merged = scene.arrows.iter().find(|arrow| arrow.source == "sys-seiho" && arrow.target == "sys-kokuho");
    assert_eq!(merged.map(|arrow| arrow.count), Some(2));
}

#[test]
fn the_map_of_a_department_holds_its_systems_and_all_their_flows() {
    let view = city::view();
    let request = SystemMap { departments: vec!["dept-shimin".to_owned()], ..SystemMap::default() };
    let scene = draw(&view, &Diagram::SystemMap(request));
    let owned: BTreeSet<String> = view
        .incoming("dept-shimin", Some(kind(&view, "owned_by")))
        .iter()
        .map(|found| found.source.to_string())
        .filter(|id| id.starts_with("sys-"))
        .collect();
    assert_eq!(owned.len(), 13);
    for id in &owned {
        assert!(scene.figures.iter().any(|figure| figure.id == *id), "{id}");
    }
    let flows = view.relationships_of_kind(kind(&view, "data_flow"));
    let touching = flows.filter(|flow| owned.contains(flow.source.as_str()) || owned.contains(flow.target.as_str()));
    assert_eq!(scene.relationship_count(), touching.count());
}

#[test]
fn direct_neighbours_are_all_in_a_box() {
    let view = city::view();
    for subject in ["sys-juki", "sys-renkei", "dat-juki", "dept-shimin", "zone-mynumber"] {
        let scene = draw(&view, &Diagram::Neighbourhood(Neighbourhood::of(subject)));
        let mut around: BTreeSet<String> = BTreeSet::from([subject.to_owned()]);
        around.extend(view.outgoing(subject, None).iter().map(|found| found.target.to_string()));
        around.extend(view.incoming(subject, None).iter().map(|found| found.source.to_string()));
        assert_eq!(scene.item_count(), around.len(), "{subject}");
        assert!(scene.figures.len() <= 40, "{subject}: {}", scene.figures.len());
        assert!(!scene.notes.iter().any(|note| note.contains("箱にしていない")), "{subject}: {:?}", scene.notes);
    }
}

#[test]
fn what_lies_further_is_drawn_or_counted() {
    let view = city::view();
    let scene = draw(&view, &Diagram::Neighbourhood(Neighbourhood { depth: 2, ..Neighbourhood::of("sys-juki") }));
    let mut known = BTreeSet::from(["sys-juki".to_owned()]);
    for _ in 0..2 {
        for id in known.clone() {
            known.extend(view.outgoing(&id, None).iter().map(|found| found.target.to_string()));
            known.extend(view.incoming(&id, None).iter().map(|found| found.source.to_string()));
        }
    }
    let note = scene.notes.iter().find_map(|note| note.strip_prefix("2段以内にあるが箱にしていないもの: "));
    let missing = note.map_or(0, |note| note.split('件').next().expect("a count").parse::<usize>().expect("a number"));
    assert_eq!(scene.item_count() + missing, known.len());
}

#[test]
fn a_kinds_filter_shows_these_kinds_only() {
    let view = city::view();
    let kinds = vec!["business_process".to_owned(), "uses".to_owned()];
    let scene = draw(&view, &Diagram::Neighbourhood(Neighbourhood { kinds, ..Neighbourhood::of("sys-juki") }));
    let users = view.incoming("sys-juki", Some(kind(&view, "uses"))).len();
    assert_eq!((scene.item_count(), scene.relationship_count()), (users + 1, users));
}

#[test]
fn an_impact_shows_or_counts_every_item() {
    let view = city::view();
    let mut picture = impact(&view);
    let items = picture.items.len();
    assert!(items > 10);
    for most_figures in [10, 60] {
        picture.most_figures = most_figures;
        let scene = draw(&view, &Diagram::Impact(picture.clone()));
        assert_eq!((scene.item_count(), scene.relationship_count()), (items + 1, items));
        assert!(scene.notes.iter().any(|note| note.starts_with(&format!("停止: {items}件"))), "{:?}", scene.notes);
    }
    picture.items.clear();
    let scene = draw(&view, &Diagram::Impact(picture));
    assert!(scene.notes.iter().any(|note| note.contains("記録はない")), "{:?}", scene.notes);
}

#[test]
fn the_layers_hold_every_element() {
    let view = city::view();
    let scene = draw(&view, &Diagram::Layers(LayerOverview::default()));
    assert_eq!(scene.groups.len(), 9);
    let kinds: Vec<KindId> = view.metamodel().element_kinds().map(|kind| kind.id).collect();
    let elements = view.items_of_kinds(&kinds, None).count();
    let unlayered = scene.notes.iter().find_map(|note| note.strip_prefix("9層のどれにも当たらない種類: "));
    let unlayered =
        unlayered.map_or(0, |note| note.split('件').next().expect("a count").parse::<usize>().expect("a number"));
    // The 406 data flows are relationships with a list of their own.
    assert_eq!(scene.item_count() + unlayered, elements + 406);
}

#[test]
fn a_department_has_its_processes_and_their_systems() {
    let view = city::view();
    let scene = draw(&view, &Diagram::Department(DepartmentTree::of("dept-shimin")));
    let processes: Vec<String> = view
        .incoming("dept-shimin", Some(kind(&view, "owned_by")))
        .iter()
        .map(|found| found.source.to_string())
        .filter(|id| id.starts_with("prc-"))
        .collect();
    let drawn = |id: &str| scene.figures.iter().any(|figure| figure.id == id);
    for id in &processes {
        assert!(drawn(id), "{id}");
        for used in view.outgoing(id, Some(kind(&view, "uses"))) {
            assert!(drawn(used.target.as_str()), "{}", used.id);
            let joined = |arrow: &&ezu::diagrams::Arrow| arrow.source == *id && arrow.target == used.target.as_str();
            assert!(scene.arrows.iter().any(|arrow| joined(&arrow)), "{}", used.id);
        }
    }
    let mut folded = DepartmentTree::of("dept-shimin");
    folded.most_processes = 5;
    assert_eq!(draw(&view, &Diagram::Department(folded)).item_count(), scene.item_count());
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    let view = city::view();
    let refused = |diagram: Diagram| scene(&view, &diagram, &Options::default()).expect_err("not drawn");
    let error = refused(Diagram::Neighbourhood(Neighbourhood::of("sys-jukii")));
    assert_eq!(error.to_string(), "there is no \"sys-jukii\"; did you mean \"sys-juki\"?");
    let deep = Neighbourhood { depth: 4, ..Neighbourhood::of("sys-juki") };
    assert!(matches!(refused(Diagram::Neighbourhood(deep)), DiagramError::OutOfRange { parameter: "depth", .. }));
    let odd = Neighbourhood { kinds: vec!["sistem".to_owned()], ..Neighbourhood::of("sys-juki") };
    assert!(matches!(refused(Diagram::Neighbourhood(odd)), DiagramError::UnknownKind { .. }));
    let wrong = refused(Diagram::Department(DepartmentTree::of("sys-juki")));
    assert!(matches!(wrong, DiagramError::UnsuitableKind { .. }), "{wrong}");
    let zone = SystemMap { zones: vec!["zone-x".to_owned()], ..SystemMap::default() };
    assert!(matches!(refused(Diagram::SystemMap(zone)), DiagramError::UnknownItem { .. }));
}
