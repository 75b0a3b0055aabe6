//! What was found, counted: by kind, by department, by effect.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::analyses::names::{kind_name, summary_of};
use crate::domain::metamodel::{AttributeName, KindId, SUBJECT};
use crate::domain::{Identifier, Item, Model};
use crate::graph::{Direction, EdgeKind, Node, View};

use super::findings::Finding;
use super::propagation::Propagation;
use super::report::{DepartmentImpact, EffectTotal, Figures, KindCount};

/// The attributes that are summed up, where a kind has them.
mod names {
    pub(super) const OWNER: &str = "owner_department";
    pub(super) const STAFF_HOURS: &str = "staff_hours_per_year";
    pub(super) const VOLUME: &str = "volume_per_year";
    pub(super) const PROCESS_RTO: &str = "continuity.rto_hours";
    pub(super) const COST: &str = "annual_cost_kyen";
    pub(super) const AFFAIRS: [&str; 2] = ["standardization.target_affair", "standard_affair"];
}

/// How many items of each kind suffer each effect: the strongest effect first, then by kind.
pub(super) fn by_kind(propagation: &Propagation<'_>, findings: &[Finding<'_>]) -> Vec<KindCount> {
    let mut counts: Vec<KindCount> = Vec::new();
    let mut places: FxHashMap<(&str, KindId), usize> = FxHashMap::default();
    // Findings come by effect already; within an effect the kinds are sorted below.
    for finding in findings {
        let kind = propagation.view.metamodel().kind(finding.item.kind());
        let place = *places.entry((&finding.effect.name, kind.id)).or_insert_with(|| {
            counts.push(KindCount {
                kind: kind.name.clone(),
                kind_label: kind.label.clone(),
                effect: finding.effect.name.clone(),
                effect_label: finding.effect.label.clone(),
                count: 0,
            });
            counts.len() - 1
        });
        counts[place].count += 1;
    }
    let order: Vec<Arc<str>> = effects_in_order(findings);
    let rank = |count: &KindCount| order.iter().position(|effect| *effect == count.effect);
    counts.sort_by(|a, b| (rank(a), &a.kind).cmp(&(rank(b), &b.kind)));
    counts
}

/// The figures of each department, the strongest effect first, then by department.
pub(super) fn by_department(
    propagation: &Propagation<'_>,
    subjects: &[Item<'_>],
    findings: &[Finding<'_>],
) -> Vec<DepartmentImpact> {
    let view = propagation.view;
    let counter = Counter::new(view);
    let mut groups: BTreeMap<(usize, Option<Identifier>), Figures> = BTreeMap::new();
    let order = with_subject(findings);
    for (place, counted) in placed(propagation, subjects, findings, &order) {
        if counter.has_owner(counted) {
            let figures = groups.entry((place, counter.owner(counted))).or_default();
            counter.add(figures, counted);
        }
    }
    let department = |id: &Identifier| view.item(id.as_str()).map(|item| summary_of(view, item));
    let rows = groups.into_iter().map(|((place, owner), figures)| DepartmentImpact {
        department: owner.as_ref().and_then(department),
        effect: order[place].clone(),
        figures,
    });
    rows.collect()
}

/// The figures of each effect, the strongest first, the subjects' own last.
pub(super) fn totals(
    propagation: &Propagation<'_>,
    subjects: &[Item<'_>],
    findings: &[Finding<'_>],
) -> Vec<EffectTotal> {
    let counter = Counter::new(propagation.view);
    let order = with_subject(findings);
    let mut totals: BTreeMap<usize, Figures> = BTreeMap::new();
    for (place, counted) in placed(propagation, subjects, findings, &order) {
        counter.add(totals.entry(place).or_default(), counted);
    }
    totals.into_iter().map(|(place, figures)| EffectTotal { effect: order[place].clone(), figures }).collect()
}

/// The effects that occur, the strongest first.
fn effects_in_order(findings: &[Finding<'_>]) -> Vec<Arc<str>> {
    let mut order: Vec<Arc<str>> = Vec::new();
    for finding in findings {
        if !order.contains(&finding.effect.name) {
            order.push(finding.effect.name.clone());
        }
    }
    order
}

fn with_subject(findings: &[Finding<'_>]) -> Vec<Arc<str>> {
    let mut order = effects_in_order(findings);
    order.push(SUBJECT.into());
    order
}

/// An item that is counted, with its node if it has one.
#[derive(Clone, Copy)]
struct Counted<'i> {
    item: Item<'i>,
    node: Option<Node>,
}

/// All items with the place of their effect in `order`.
fn placed<'i>(
    propagation: &'i Propagation<'_>,
    subjects: &'i [Item<'i>],
    findings: &'i [Finding<'i>],
    order: &'i [Arc<str>],
) -> impl Iterator<Item = (usize, Counted<'i>)> {
    let place = |effect: &Arc<str>| order.iter().position(|held| held == effect);
    let affected = findings.iter().filter_map(move |finding| {
        let node = Propagation::node(finding.state.item);
        Some((place(&finding.effect.name)?, Counted { item: finding.item, node }))
    });
    let node = |item: &Item<'_>| propagation.key(*item).and_then(Propagation::node);
    affected.chain(subjects.iter().map(move |item| (order.len() - 1, Counted { item: *item, node: node(item) })))
}

/// Sums up attributes by name.
struct Counter<'v> {
    view: &'v View,
    staff_hours: Option<AttributeName>,
    volume: Option<AttributeName>,
    rto: Option<AttributeName>,
    cost: Option<AttributeName>,
    owner: Option<AttributeName>,
    affairs: Vec<AttributeName>,
}

impl<'v> Counter<'v> {
    fn new(view: &'v View) -> Self {
        let name = |text| view.metamodel().attribute_name(text);
        Self {
            view,
            staff_hours: name(names::STAFF_HOURS),
            volume: name(names::VOLUME),
            rto: name(names::PROCESS_RTO),
            cost: name(names::COST),
            owner: name(names::OWNER),
            affairs: names::AFFAIRS.iter().filter_map(|text| name(text)).collect(),
        }
    }

    /// Whether items of this kind have a department in charge at all.
    fn has_owner(&self, counted: Counted<'_>) -> bool {
        let kind = self.view.metamodel().kind(counted.item.kind());
        self.owner.is_some_and(|owner| kind.attribute(owner).is_some())
    }

    fn owner(&self, counted: Counted<'_>) -> Option<Identifier> {
        self.owner.and_then(|owner| self.references(counted, owner).into_iter().next())
    }

    fn add(&self, figures: &mut Figures, counted: Counted<'_>) {
        let item = counted.item;
        *figures.counts.entry(kind_name(self.view, item.kind())).or_default() += 1;
        let number = |name: Option<AttributeName>| name.and_then(|name| item.attributes().get(name)?.as_integer());
        add(&mut figures.staff_hours_per_year, number(self.staff_hours));
        add(&mut figures.volume_per_year, number(self.volume));
        add(&mut figures.annual_cost_kyen, number(self.cost));
        let rto = number(self.rto);
        figures.shortest_rto_hours = figures.shortest_rto_hours.into_iter().chain(rto).min();
        for affair in self.affairs.iter().flat_map(|name| self.references(counted, *name)) {
            if let Err(place) = figures.standard_affairs.binary_search_by(|held| held.as_str().cmp(affair.as_str())) {
                figures.standard_affairs.insert(place, affair.to_string());
            }
        }
    }

    /// The ids that a reference attribute points to, sorted.
    fn references(&self, counted: Counted<'_>, name: AttributeName) -> Vec<Identifier> {
        let kind = self.view.metamodel().kind(counted.item.kind());
        let reference = kind.attribute(name).and_then(|definition| definition.reference());
        let (Some(reference), Some(node)) = (reference, counted.node) else {
            return Vec::new();
        };
        let edge_kind = EdgeKind(reference.relationship.number());
        let held = self.view.topology().neighbours_of_kind(node, Direction::Outgoing, edge_kind);
        let targets = held.filter_map(|neighbour| Some(self.view.relationship_at(neighbour.edge)?.target.clone()));
        let mut targets: Vec<Identifier> = targets.collect();
        targets.sort();
        targets
    }
}

fn add(sum: &mut Option<i64>, value: Option<i64>) {
    if let Some(value) = value {
        *sum = Some(sum.unwrap_or(0).saturating_add(value));
    }
}
