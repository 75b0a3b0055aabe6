//! Tests of the files that ezu ships, and of what a faulty file is told.

use super::*;

fn shipped() -> Vec<MetamodelFile<'static>> {
    vec![
        MetamodelFile { name: "archimate.yaml", text: include_str!("../../../models/metamodel/archimate.yaml") },
        MetamodelFile { name: "municipality.yaml", text: include_str!("../../../models/metamodel/municipality.yaml") },
    ]
}

fn read_with(extra: &str) -> Result<Metamodel, DocumentError> {
    let mut files = shipped();
    files.push(MetamodelFile { name: "own.yaml", text: extra });
    Metamodel::read(&files)
}

#[test]
fn the_shipped_files_are_sound() {
    let metamodel = Metamodel::read(&shipped()).expect("sound");
    let system = metamodel.kind_named("system").expect("present");
    assert_eq!(system.archimate.as_deref(), Some("ApplicationComponent"));
    assert_eq!(metamodel.kind_of_collection("business-processes").map(|kind| &*kind.name), Some("business_process"));
    assert_eq!(metamodel.kind_of_collection("infrastructure").map(|kind| &*kind.name), Some("infrastructure"));
    for kind in metamodel.kinds() {
        for language in ["ja", "en"] {
            assert!(kind.label.exactly(language).is_some(), "{} lacks a label in {language}", kind.name);
            for attribute in &kind.attributes {
                assert!(attribute.label.exactly(language).is_some(), "{}.{}", kind.name, attribute.text);
                assert!(attribute.help.exactly(language).is_some(), "{}.{}", kind.name, attribute.text);
            }
            if let Some(traits) = &kind.relationship {
                let wording = &traits.wording;
                assert!(
                    wording.forward.exactly(language).is_some_and(|text| text.contains("{source}")),
                    "{}",
                    kind.name
                );
                assert!(
                    wording.backward.exactly(language).is_some_and(|text| text.contains("{target}")),
                    "{}",
                    kind.name
                );
            }
        }
    }
}

#[test]
fn archimate_is_complete() {
    let metamodel = Metamodel::read(&shipped()).expect("sound");
    // ArchiMate 3.2 appendix A counts 60 element types besides junctions (Grouping and Location included);
    // §5 has 11 relationships.
    let concrete = |kind: &&Kind| {
        !kind.is_abstract
            && kind
                .lineage
                .iter()
                .all(|id| metamodel.kind(*id).archimate == kind.archimate || metamodel.kind(*id).is_abstract)
    };
    let relationships: Vec<_> = metamodel.relationship_kinds().filter_map(|kind| kind.archimate.as_deref()).collect();
    for name in [
        "Composition",
        "Aggregation",
        "Assignment",
        "Realization",
        "Serving",
        "Access",
        "Influence",
        "Association",
        "Triggering",
        "Flow",
        "Specialization",
    ] {
        assert!(relationships.contains(&name), "{name}");
    }
    let elements: std::collections::BTreeSet<_> =
        metamodel.element_kinds().filter(concrete).filter_map(|kind| kind.archimate.as_deref()).collect();
    assert_eq!(elements.iter().filter(|name| !name.contains("Junction")).count(), 60, "{elements:?}");
}

/// Facts of the specification, appendix B: who may be connected how.
#[test]
fn the_matrix_permits_what_the_specification_permits() {
    let metamodel = Metamodel::read(&shipped()).expect("sound");
    let id = |name: &str| metamodel.kind_named(name).unwrap_or_else(|| panic!("{name}")).id;
    let permits = |relationship, source, target| metamodel.permits(id(relationship), id(source), id(target));
    assert!(permits("serving", "application_service", "business_process"));
    assert!(permits("access", "business_process", "business_object"));
    assert!(!permits("access", "business_object", "business_process"));
    assert!(!permits("triggering", "application_component", "data_object"));
    assert!(permits("association", "flow", "data_object"), "an end may be a relationship");
    assert!(permits("composition", "and_junction", "and_junction") || permits("flow", "and_junction", "and_junction"));
}

#[test]
fn municipal_relationships_keep_to_their_archimate_base() {
    let metamodel = Metamodel::read(&shipped()).expect("sound");
    let matrix = metamodel.permitted();
    let expand = |end: &EndKind| match end {
        EndKind::Kind(kind) => vec![*kind],
        EndKind::AnyElement => metamodel.element_kinds().filter(|kind| !kind.is_abstract).map(|kind| kind.id).collect(),
        EndKind::AnyRelationship => Vec::new(),
    };
    for kind in metamodel.relationship_kinds() {
        for rule in &kind.relationship.as_ref().expect("relationship").ends {
            for source in rule.sources.iter().flat_map(expand) {
                for target in rule.targets.iter().flat_map(expand) {
                    let (from, to) = (&metamodel.kind(source).name, &metamodel.kind(target).name);
                    assert!(matrix.permits(&metamodel, kind.id, source, target), "{}: {from} -> {to}", kind.name);
                }
            }
        }
    }
}

#[test]
fn an_own_file_adds_kinds_attributes_codes_and_meanings() {
    let metamodel = read_with(
        "metamodel: own\nextends: [municipality]\nelement_kinds:\n  robot:\n    specialises: system\n    label: {ja: ロボット, en: Robot}\n  \
         system:\n    attributes:\n      nickname: {type: text, label: {ja: 愛称, en: Nickname}}\n      \
         type: {values: {robot: {ja: ロボット, en: robot}}}\nrelationship_kinds:\n  depends_on:\n    impact: []\n",
    )
    .expect("sound");
    let robot = metamodel.kind_named("robot").expect("added");
    assert!(robot.attribute_named("nickname").is_some(), "inherits what was added to its parent");
    let codes = robot.attribute_named("type").and_then(AttributeDefinition::enumeration).expect("enumeration");
    assert!(codes.code("robot").is_some() && codes.code("package").is_some());
    let depends = metamodel.kind_named("depends_on").and_then(|kind| kind.relationship.as_ref()).expect("present");
    assert!(depends.impact.is_empty() && !depends.shows_dependency);
}

#[test]
fn a_faulty_file_is_told_where_and_what_to_write_instead() {
    for (text, line, part) in [
        ("element_kinds: {}\n", 1, "metamodel: NAME"),
        ("metamodel: own\nelement_kindz: {}\n", 2, "did you mean \"element_kinds\"?"),
        ("metamodel: own\nextends: [municipal]\n", 2, "did you mean \"municipality\"?"),
        ("metamodel: own\nelement_kinds:\n  robot: {specialises: sistem}\n", 3, "did you mean \"system\"?"),
        ("metamodel: own\nelement_kinds:\n  a: {specialises: b}\n  b: {specialises: a}\n", 3, "specialises itself"),
        ("metamodel: own\nelement_kinds:\n  robot:\n    attributes:\n      x: {type: txt}\n", 5, "no attribute type"),
        ("metamodel: own\nelement_kinds:\n  Robot: {}\n", 3, "snake_case"),
        ("metamodel: own\nelement_kinds:\n  robot: {collection: systems}\n", 3, "belongs to"),
        ("metamodel: own\nelement_kinds:\n  robot:\n    attributes:\n      id: {type: text}\n", 5, "reserved"),
        (
            "metamodel: own\nrelationship_kinds:\n  depends_on:\n    impact: [{change: stop, direction: up, from: [subject], gives: stopped}]\n",
            4,
            "no direction",
        ),
        (
            "metamodel: own\nrelationship_kinds:\n  depends_on:\n    impact: [{change: stop, direction: forward, from: [subject], gives: stoped}]\n",
            4,
            "did you mean \"stopped\"?",
        ),
        ("metamodel: own\nfacts: {stop: {system: [rto]}}\n", 2, "has no attribute \"rto\""),
    ] {
        let error = read_with(text).err().unwrap_or_else(|| panic!("accepted: {text}"));
        assert!(error.message.contains(part), "{text}\n{error}");
        assert_eq!((error.file.as_str(), error.line), ("own.yaml", line), "{text}\n{error}");
    }
}
