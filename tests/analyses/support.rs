//! Models and questions for the tests.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, OnceLock};

use ezu::analyses::impact::{ImpactReport, ImpactRequest, impact};
use ezu::domain::metamodel::MetamodelFile;
use ezu::domain::{ChangeSet, Metamodel, Operation, validation};
use ezu::graph::{ChangeSummary, Snapshot, View};
use ezu::interchange::native::{self, ModelFile};
use jiff::Timestamp;
use jiff::civil::Date;

pub(crate) const ARCHIMATE: &str = include_str!("../../models/metamodel/archimate.yaml");
pub(crate) const MUNICIPALITY: &str = include_str!("../../models/metamodel/municipality.yaml");

/// The files of the reference city.
pub(crate) const CITY: [&str; 10] = [
    include_str!("../../models/hanano/00-city.yaml"),
    include_str!("../../models/hanano/10-organization.yaml"),
    include_str!("../../models/hanano/20-infrastructure.yaml"),
    include_str!("../../models/hanano/30-standards.yaml"),
    include_str!("../../models/hanano/40-systems.yaml"),
    include_str!("../../models/hanano/50-data-objects.yaml"),
    include_str!("../../models/hanano/60-business-processes.yaml"),
    include_str!("../../models/hanano/70-data-flows.yaml"),
    include_str!("../../models/hanano/80-projects.yaml"),
    include_str!("../../models/hanano/90-decisions.yaml"),
];

/// The day that the reference city describes.
pub(crate) fn city_day() -> Date {
    "2026-11-01".parse().expect("a date")
}

/// The metamodel of these files.
pub(crate) fn metamodel(texts: &[&str]) -> Arc<Metamodel> {
    let files: Vec<MetamodelFile<'_>> = texts.iter().map(|text| MetamodelFile { name: "test.yaml", text }).collect();
    Arc::new(Metamodel::read(&files).expect("a sound metamodel"))
}

/// A snapshot of model files under a metamodel.
pub(crate) fn snapshot(metamodel: Arc<Metamodel>, texts: &[&str]) -> Arc<Snapshot> {
    let files: Vec<ModelFile<'_>> = texts.iter().map(|text| ModelFile { name: "model.yaml", text }).collect();
    let read = native::read(&metamodel, &files).unwrap_or_else(|problems| panic!("{}", problems[0]));
    apply(&Arc::new(Snapshot::empty(metamodel)), read.operations)
}

/// The snapshot after some operations.
pub(crate) fn apply(base: &Arc<Snapshot>, operations: Vec<Operation>) -> Arc<Snapshot> {
    let change_set = ChangeSet { message: "test".into(), operations, ..ChangeSet::default() };
    let resolution = validation::resolve(&**base, &change_set);
    assert!(resolution.refusals.is_empty(), "{:?}", resolution.refusals.first());
    let summary = ChangeSummary {
        revision: base.revision() + 1,
        hash: OnceLock::default(),
        time: Timestamp::UNIX_EPOCH,
        message: "test".into(),
        author: None,
        reason: None,
        source: None,
        operations: change_set.operations.len(),
        touched: Arc::default(),
    };
    Arc::new(base.apply(&resolution.delta, summary))
}

/// The reference city on its day.
pub(crate) fn city() -> View {
    static SNAPSHOT: LazyLock<Arc<Snapshot>> = LazyLock::new(|| snapshot(metamodel(&[ARCHIMATE, MUNICIPALITY]), &CITY));
    View::new(Arc::clone(&SNAPSHOT), city_day())
}

/// The reference city under the municipal profile with further text laid over it.
pub(crate) fn city_with(metamodel_text: &str) -> View {
    View::new(snapshot(metamodel(&[ARCHIMATE, MUNICIPALITY, metamodel_text]), &CITY), city_day())
}

/// A small model of one file.
pub(crate) fn model(metamodels: &[&str], text: &str) -> View {
    View::new(snapshot(metamodel(metamodels), &[text]), city_day())
}

pub(crate) fn ask(view: &View, change: &str, subjects: &[&str]) -> ImpactReport {
    let subjects = subjects.iter().map(|id| (*id).to_owned()).collect();
    let request = ImpactRequest { subjects, change: change.into(), ..ImpactRequest::default() };
    impact(view, &request).unwrap_or_else(|error| panic!("{error}"))
}

/// What a report says of every item: effect and distance by id.
pub(crate) fn effects(report: &ImpactReport) -> BTreeMap<String, (String, usize)> {
    report.affected.iter().map(|item| (item.id.clone(), (item.effect.to_string(), item.distance))).collect()
}

/// Effects by id, without distances.
pub(crate) fn effects_only(report: &ImpactReport) -> BTreeMap<&str, &str> {
    report.affected.iter().map(|item| (item.id.as_str(), &*item.effect)).collect()
}
