//! Views: what is valid on a day and may be seen, against a naive filter.

use std::collections::BTreeSet;
use std::sync::Arc;

use ezu::application::{ViewRequest, Workspace};
use ezu::domain::element::{Item, Model};
use ezu::domain::{Element, Relationship};
use ezu::graph::{Direction, Everything, Filter, Snapshot, View, ViewFilter};
use jiff::civil::{Date, date};
use serde_json::{Value as Json, json};

use crate::naive::State;
use crate::random::drawing::Draw;
use crate::random::{comparing, generating};
use crate::rules::small;
use crate::support::{self, accept};

/// Ids that a view sees, found one by one.
fn seen(view: &View, ids: &[&str]) -> BTreeSet<String> {
    ids.iter().filter(|id| view.item(id).is_some()).map(|id| (*id).to_owned()).collect()
}

fn view_on(workspace: &Workspace, day: Date) -> View {
    workspace.view(ViewRequest { at: Some(day), revision: None }).expect("the newest revision")
}

#[test]
fn both_limits_of_validity_are_inclusive() {
    let workspace = small();
    accept(
        &workspace,
        &json!([{"op": "update_element", "id": "sys-a", "set": {"valid_from": "2026-04-01", "valid_to": "2027-03-31"}}]),
    );
    for (day, expected) in [
        (date(2026, 3, 31), false),
        (date(2026, 4, 1), true),
        (date(2026, 11, 1), true),
        (date(2027, 3, 31), true),
        (date(2027, 4, 1), false),
    ] {
        let view = view_on(&workspace, day);
        assert_eq!((view.element("sys-a").is_some(), view.date()), (expected, day), "{day}");
    }
}

#[test]
fn contract_end_installed_and_lease_end_are_facts_and_no_limits() {
    let workspace = small();
    accept(
        &workspace,
        &json!([
            {"op": "update_element", "id": "sys-a", "set": {"installed": "2026-01-01", "contract_end": "2026-12-31"}},
            {"op": "update_element", "id": "inf-a", "set": {"lease_end": "2026-12-31"}},
        ]),
    );
    for day in [date(2025, 1, 1), date(2030, 1, 1)] {
        let view = view_on(&workspace, day);
        assert!(view.element("sys-a").is_some() && view.element("inf-a").is_some(), "{day}");
    }
}

#[test]
fn a_hidden_end_hides_its_relationships_and_what_hangs_on_them() {
    let workspace = small();
    accept(&workspace, &json!([{"op": "update_element", "id": "sys-b", "set": {"valid_to": "2026-12-31"}}]));
    let view = view_on(&workspace, date(2027, 1, 1));
    for id in ["sys-b", "flw-a", "flw-a--carries--dat-a", "dec-a--explains--flw-a", "sys-b--depends_on--sys-a"] {
        assert!(view.item(id).is_none() && view.node(id).is_none(), "{id} is hidden");
        assert!(view.outgoing(id, None).is_empty() && view.incoming(id, None).is_empty(), "nothing is at {id}");
    }
    for id in ["sys-a", "dat-a", "dec-a", "dat-a--mastered_by--sys-a"] {
        assert!(view.item(id).is_some(), "{id} is seen");
    }
    assert!(view.incoming("dat-a", None).is_empty() && view.outgoing("dec-a", None).is_empty());
    let flows = view.metamodel().kind_named("data_flow").expect("a kind of the profile").id;
    assert_eq!((view.items_of_kind(flows, None).count(), view.relationships_of_kind(flows).count()), (0, 0));
    assert!(view_on(&workspace, date(2026, 12, 31)).item("flw-a--carries--dat-a").is_some());
}

#[test]
fn a_hidden_flow_hides_what_it_carries_and_not_its_ends() {
    let workspace = small();
    accept(&workspace, &json!([{"op": "update_relationship", "id": "flw-a", "set": {"valid_from": "2027-01-01"}}]));
    let view = view_on(&workspace, date(2026, 12, 31));
    assert!(view.item("flw-a").is_none() && view.item("flw-a--carries--dat-a").is_none());
    assert!(view.item("sys-a").is_some() && view.item("sys-b").is_some() && view.item("dat-a").is_some());
}

#[test]
fn the_day_is_the_one_asked_for_else_the_models_else_todays() {
    let workspace = small();
    let today = workspace.clock().today();
    let own = workspace.current_view().date();
    assert!(own == today || own == workspace.clock().today());
    accept(
        &workspace,
        &json!([{"op": "create_element", "id": "city-a", "kind": "city", "name": "x", "attributes": {"as_of": "2026-11-01"}}]),
    );
    assert_eq!(workspace.current_view().date(), date(2026, 11, 1));
    assert_eq!(view_on(&workspace, date(2028, 4, 1)).date(), date(2028, 4, 1));
    let past = workspace.view(ViewRequest { at: None, revision: Some(1) }).expect("it was");
    assert!(past.date() == today || past.date() == workspace.clock().today(), "the model said nothing then");
    assert!(workspace.view(ViewRequest { at: None, revision: Some(3) }).is_err());
}

#[test]
fn both_times_at_once() {
    let workspace = small();
    accept(&workspace, &json!([{"op": "update_element", "id": "sys-a", "set": {"valid_to": "2027-12-31"}}]));
    accept(&workspace, &json!([{"op": "update_element", "id": "sys-a", "set": {"valid_to": "2029-12-31"}}]));
    let sees = |revision: u64, day: Date| {
        let view = workspace.view(ViewRequest { at: Some(day), revision: Some(revision) }).expect("it was");
        view.element("sys-a").is_some()
    };
    assert!(!sees(2, date(2028, 6, 1)), "as we believed then, it ends in 2027");
    assert!(sees(3, date(2028, 6, 1)) && !sees(3, date(2030, 1, 1)) && sees(1, date(2040, 1, 1)));
}

/// Ids of a state that a naive filter leaves: those that pass and whose ends are left too.
fn left(state: &State, passes: impl Fn(&str, &crate::naive::Item) -> bool) -> BTreeSet<String> {
    let mut left: BTreeSet<String> =
        state.iter().filter(|(id, item)| passes(id, item)).map(|(id, _)| id.clone()).collect();
    loop {
        let stands = |id: &String| {
            state[id].ends.as_ref().is_none_or(|(source, target)| left.contains(source) && left.contains(target))
        };
        let next: BTreeSet<String> = left.iter().filter(|id| stands(id)).cloned().collect();
        if next == left {
            return left;
        }
        left = next;
    }
}

fn is_valid(item: &crate::naive::Item, day: &str) -> bool {
    // Dates of this form sort as text.
    let limit = |name: &str| item.attributes.get(name).and_then(Json::as_str);
    limit("valid_from").is_none_or(|from| from <= day) && limit("valid_to").is_none_or(|to| day <= to)
}

/// A random model of many change sets, in both forms.
fn random_model(draw: &mut Draw) -> (Arc<Snapshot>, State) {
    let workspace = support::empty();
    let mut state = State::new();
    for _ in 0..120 {
        let operations = generating::operations(draw, &state);
        if let Ok(next) = crate::naive::applying::apply(&state, &operations) {
            let change_set = ezu::domain::ChangeSet { operations, ..Default::default() };
            let request = ezu::application::WriteRequest { change_set, ..Default::default() };
            workspace.commit_blocking(request).expect("the naive model accepts it");
            state = next;
        }
    }
    (workspace.current(), state)
}

/// Everything that can be asked of a view gives what is left, and nothing else.
fn same_view(view: &View, state: &State, left: &BTreeSet<String>) {
    let ids: Vec<&str> = state.keys().map(String::as_str).collect();
    assert_eq!(seen(view, &ids), *left);
    for id in &ids {
        let naive = |found: Vec<&str>| -> Vec<String> {
            found.into_iter().filter(|one| left.contains(*one)).map(str::to_owned).collect()
        };
        let real =
            |found: Vec<Arc<Relationship>>| -> Vec<String> { found.iter().map(|held| held.id.to_string()).collect() };
        assert_eq!(real(view.outgoing(id, None)), naive(crate::naive::outgoing(state, id, None)), "from {id}");
        assert_eq!(real(view.incoming(id, None)), naive(crate::naive::incoming(state, id, None)), "to {id}");
    }
    for kind in view.metamodel().kinds() {
        let real: Vec<String> = view.items_of_kinds(&[kind.id], None).map(|item| item.id().to_string()).collect();
        let naive: Vec<&String> = left.iter().filter(|id| *state[*id].kind == *kind.name).collect();
        assert!(real.iter().eq(naive.iter().copied()), "{}: {real:?}, not {naive:?}", kind.name);
    }
    match view.filter() {
        ViewFilter::Everything(filter) => same_traversal(view, state, left, filter),
        ViewFilter::Masked(filter) => same_traversal(view, state, left, filter),
    }
}

/// A traversal meets the same relationships, by node and by edge.
fn same_traversal(view: &View, state: &State, left: &BTreeSet<String>, filter: impl Filter) {
    let mut met = BTreeSet::new();
    for node in view.topology().nodes() {
        let item = view.snapshot().item_at(node);
        let is_seen = item.is_some_and(|item| left.contains(item.id().as_str()));
        if item.is_some() {
            assert_eq!((filter.node(node), view.sees_node(node)), (is_seen, is_seen), "{item:?}");
            assert_eq!(view.item_at(node).is_some(), is_seen);
        }
        for neighbour in view.topology().neighbours(node, Direction::Outgoing) {
            let passes = filter.edge(neighbour.kind, neighbour.edge);
            assert_eq!(
                (passes, passes),
                (view.sees_edge(neighbour.edge), view.relationship_at(neighbour.edge).is_some())
            );
            if passes && filter.node(node) && filter.node(neighbour.node) {
                met.insert(view.relationship_at(neighbour.edge).expect("it is seen").id.to_string());
            }
        }
    }
    let expected: BTreeSet<String> = left.iter().filter(|id| state[*id].is_relationship()).cloned().collect();
    assert_eq!(met, expected);
}

#[test]
fn views_of_random_models_are_what_a_naive_filter_leaves() {
    let (mut hidden, mut limited) = (0, 0);
    for seed in 1..=12 {
        let mut draw = Draw::new(seed);
        let (snapshot, state) = random_model(&mut draw);
        for day in [date(2026, 1, 1), date(2026, 3, 15), date(2026, 6, 14), date(2026, 9, 19)] {
            let by_date = left(&state, |_, item| is_valid(item, &day.to_string()));
            same_view(&View::new(Arc::clone(&snapshot), day), &state, &by_date);
            limited += state.len() - by_date.len();

            let salt = draw.next();
            let may_see =
                |id: &str| !(id.len() as u64 + u64::from(id.as_bytes()[id.len() - 1]) + salt).is_multiple_of(5);
            let by_both = left(&state, |id, item| may_see(id) && is_valid(item, &day.to_string()));
            let view = View::with_visibility(Arc::clone(&snapshot), day, |item: Item<'_>| may_see(item.id().as_str()));
            same_view(&view, &state, &by_both);
            hidden += by_date.len() - by_both.len();
        }
        let ids: Vec<&str> = state.keys().map(String::as_str).collect();
        comparing::same_state(&snapshot, &state, &ids);
    }
    assert!(hidden > 100 && limited > 100, "{hidden} hidden, {limited} out of their time");
}

#[test]
fn a_view_without_limits_asks_no_questions() {
    let view = view_on(&small(), date(2026, 11, 1));
    assert!(matches!(view.filter(), ViewFilter::Everything(Everything)));
    let elements: Vec<&Arc<Element>> =
        view.elements_of_kind(view.metamodel().kind_named("system").expect("a kind").id).collect();
    assert_eq!(elements.iter().map(|element| element.id.as_str()).collect::<Vec<_>>(), ["sys-a", "sys-b"]);
}
