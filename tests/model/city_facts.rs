//! Every id and every fact of the city that was handed over is in the sample.
//!
//! The files handed over lie outside the repository: in the folder `EZU_SHARED`, or `shared` beside the
//! repository. Where there are none, the comparison is skipped and says so; the numbers are checked anyway.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ezu::application::Workspace;
use ezu::domain::Value;
use ezu::domain::document;
use ezu::domain::element::{Item, Model};
use ezu::domain::metamodel::{AttributeDefinition, Kind, ReferenceDefinition};
use ezu::graph::Snapshot;
use serde_json::{Map, Value as Json};

use crate::support;

/// The lists of the files handed over, and the kind of their records.
const LISTS: [(&str, &str); 22] = [
    ("city", "city"),
    ("principles", "principle"),
    ("plateaus", "plateau"),
    ("departments", "department"),
    ("persons", "person"),
    ("zones", "zone"),
    ("infrastructure", "infrastructure"),
    ("technologies", "technology"),
    ("vendors", "vendor"),
    ("externals", "external"),
    ("standard_affairs", "standard_affair"),
    ("function_codes", "function_code"),
    ("pia", "pia"),
    ("systems", "system"),
    ("data_objects", "data_object"),
    ("processes", "business_process"),
    ("flows", "data_flow"),
    ("projects", "project"),
    ("hearings", "hearing"),
    ("issues", "issue"),
    ("risks", "risk"),
    ("adoptions", "adoption"),
];

/// How many records each kind has, as the city's description says.
const COUNTS: [(&str, usize); 16] = [
    ("system", 161),
    ("business_process", 145),
    ("data_object", 107),
    ("data_flow", 406),
    ("department", 66),
    ("vendor", 24),
    ("project", 20),
    ("hearing", 28),
    ("issue", 75),
    ("risk", 20),
    ("pia", 18),
    ("adoption", 23),
    ("person", 216),
    ("standard_affair", 20),
    ("function_code", 61),
    ("city", 1),
];

fn city() -> &'static Workspace {
    static CITY: OnceLock<Workspace> = OnceLock::new();
    CITY.get_or_init(support::city)
}

/// The folder of the files handed over, if there is one.
fn handed_over() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("EZU_SHARED").map_or_else(beside, PathBuf::from).join("city/model");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: the city that was handed over is not at {}", folder.display());
    None
}

/// All records handed over, with their kinds.
fn records(folder: &Path) -> Vec<(&'static str, Map<String, Json>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        let lists = document::parse(&path.display().to_string(), &text).expect("plain YAML").to_json();
        for (list, content) in lists.as_object().expect("named lists") {
            let Some((_, kind)) = LISTS.iter().find(|(name, _)| name == list) else {
                assert_eq!(list, "schema", "a list that nobody knows");
                continue;
            };
            let items = content.as_array().cloned().unwrap_or_else(|| vec![content.clone()]);
            found.extend(items.into_iter().map(|item| (*kind, item.as_object().expect("a record").clone())));
        }
    }
    found
}

/// A record's fields under full names, renamed as the metamodel has them.
fn fields(kind: &str, record: &Map<String, Json>) -> Map<String, Json> {
    let mut flat = Map::new();
    for (key, value) in record {
        match value {
            Json::Object(group) => {
                flat.extend(group.iter().map(|(inner, value)| (format!("{key}.{inner}"), value.clone())));
            }
            value => drop(flat.insert(key.clone(), value.clone())),
        }
    }
    if let Some(value) = flat.remove("kind") {
        flat.insert("type".to_owned(), value);
    }
    if let Some(said) = flat.remove("network_model_ja") {
        // The label of the code, and what there is to say about it in brackets.
        let note = text(&said)
            .strip_prefix("α'モデル（")
            .and_then(|rest| rest.strip_suffix("）"))
            .expect("a label and a note");
        flat.insert("network_model_note".to_owned(), note.into());
    }
    if kind == "function_code" {
        let code = flat.remove("code").expect("a function code has one");
        flat.insert("id".to_owned(), code);
    }
    flat
}

fn text(json: &Json) -> &str {
    json.as_str().expect("text")
}

/// Everything that is not as it was handed over.
struct Comparison<'a> {
    snapshot: &'a Snapshot,
    wrong: Vec<String>,
    facts: usize,
}

impl Comparison<'_> {
    fn check(&mut self, holds: bool, what: impl FnOnce() -> String) {
        self.facts += 1;
        if !holds {
            self.wrong.push(what());
        }
    }

    fn record(&mut self, kind: &str, id: &str, mut fields: Map<String, Json>) {
        let snapshot = self.snapshot;
        let Some(item) = snapshot.item(id) else { return self.wrong.push(format!("{id} is missing")) };
        let held = snapshot.metamodel().kind(item.kind());
        self.check(*held.name == *kind, || format!("{id} is a {}, not a {kind}", held.name));
        fields.remove("id");
        if let Some(name) = fields.remove("name") {
            self.check(item.name().map(|name| &**name) == name.as_str(), || format!("{id}: its name is not {name}"));
        }
        if let Item::Relationship(relationship) = item {
            for (key, end) in [("source", &relationship.source), ("target", &relationship.target)] {
                let said = fields.remove(key).expect("a flow has ends");
                self.check(end.as_str() == text(&said), || format!("{id}: its {key} is {end}, not {said}"));
            }
        }
        self.labels(held, item, &mut fields);
        for definition in &held.attributes {
            let said = fields.remove(&*definition.text).filter(|value| !says_nothing(value));
            if let Some(reference) = definition.reference() {
                self.references(id, definition, reference, said);
                continue;
            }
            let real = item.attributes().get(definition.name).map(Value::to_json);
            let is_right = is_same(real.as_ref(), said.as_ref());
            self.check(is_right, || format!("{id}: {} is {real:?}, not {said:?}", definition.text));
        }
        self.check(fields.is_empty(), || format!("{id}: {:?} has no place", fields.keys().collect::<Vec<_>>()));
    }

    /// `*_ja` and `cost_band` are what people call a value.
    fn labels(&mut self, kind: &Kind, item: Item<'_>, fields: &mut Map<String, Json>) {
        let names: Vec<String> =
            fields.keys().filter(|name| name.ends_with("_ja") && !name.starts_with("disclaimer")).cloned().collect();
        for name in names {
            let said = fields.remove(&name).expect("it was there");
            let definition =
                kind.attribute_named(name.trim_end_matches("_ja")).expect("what is labelled is an attribute");
            let code = fields[&*definition.text].as_str().expect("a code");
            let label = definition.enumeration().expect("codes have labels").label(code, "ja");
            self.check(label == text(&said), || format!("{}: {name} is {label}, not {said}", item.id()));
        }
        if let Some(said) = fields.remove("cost_band") {
            let definition = kind.attribute_named("annual_cost_kyen").expect("systems cost something");
            let label = fields["annual_cost_kyen"]
                .as_f64()
                .and_then(|cost| definition.band(cost))
                .map(|band| band.get("ja").to_owned());
            self.check(label.as_deref() == said.as_str(), || {
                format!("{}: the band is {label:?}, not {said}", item.id())
            });
        }
    }

    fn references(
        &mut self,
        id: &str,
        definition: &AttributeDefinition,
        reference: &ReferenceDefinition,
        said: Option<Json>,
    ) {
        let entries = match said {
            None => Vec::new(),
            Some(Json::Array(entries)) => entries,
            Some(single) => vec![single],
        };
        let real = self.snapshot.outgoing(id, Some(reference.relationship));
        self.check(real.len() == entries.len(), || {
            format!("{id}: {} has {} entries, not {}", definition.text, real.len(), entries.len())
        });
        for (place, entry) in entries.iter().enumerate() {
            if let Some(owned) = &reference.owned {
                let kind = self.snapshot.metamodel().kind(owned.kind).name.to_string();
                let part = part_id(id, &kind, entry, place + 1);
                let joined = real.iter().any(|held| *held.target.as_str() == part);
                self.check(joined, || format!("{id} has no part {part}"));
                self.record(&kind, &part, fields(&kind, entry.as_object().expect("a part is a record")));
                continue;
            }
            let mut said = entry.as_object().cloned().unwrap_or_default();
            let key = reference.key.as_deref().unwrap_or("target");
            let target = said.remove(key).unwrap_or_else(|| entry.clone());
            let matches = real.iter().any(|held| {
                let kind = self.snapshot.metamodel().kind(held.kind);
                let same = |(name, value): (&String, &Json)| {
                    let name = kind.attribute_named(name).expect("an attribute of the relationship").name;
                    held.attributes.get(name).map(Value::to_json).as_ref() == Some(value)
                };
                held.target.as_str() == text(&target) && held.attributes.len() == said.len() && said.iter().all(same)
            });
            self.check(matches, || format!("{id}: {} does not say {entry}", definition.text));
        }
    }
}

fn part_id(owner: &str, kind: &str, entry: &Json, place: usize) -> String {
    match kind {
        "process_step" => format!("{owner}--step-{}", entry["no"]),
        "control" => format!("{owner}--control-{place}"),
        other => panic!("a part of the kind {other}"),
    }
}

/// An empty list or text says nothing.
fn says_nothing(value: &Json) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_str().is_some_and(str::is_empty)
}

/// Numbers are the same whether they are written with a point or without.
fn is_same(one: Option<&Json>, other: Option<&Json>) -> bool {
    match (one.and_then(Json::as_f64), other.and_then(Json::as_f64)) {
        #[expect(clippy::float_cmp, reason = "the same digits are the same number")]
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

#[test]
fn every_id_and_fact_handed_over_is_in_the_sample() {
    let Some(folder) = handed_over() else { return };
    let snapshot = city().current();
    let mut comparison = Comparison { snapshot: &snapshot, wrong: Vec::new(), facts: 0 };
    let records = records(&folder);
    let mut ids = BTreeSet::new();
    for (kind, record) in &records {
        let fields = fields(kind, record);
        let id = text(&fields["id"]).to_owned();
        assert!(ids.insert(id.clone()), "{id} was handed over twice");
        comparison.record(kind, &id, fields);
    }
    let Comparison { wrong, facts, .. } = comparison;
    println!("{} records, {facts} facts compared", records.len());
    assert!(wrong.is_empty(), "{} of {facts} facts differ:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    assert!(facts > 20_000, "{facts} facts are too few to be the city");
    for (_, kind) in LISTS {
        let expected = records.iter().filter(|(held, _)| *held == kind).count();
        let kind = snapshot.metamodel().kind_named(kind).expect("a kind of the profile");
        assert_eq!(snapshot.count_of_kind(kind.id), expected, "{} that nobody handed over", kind.name);
    }
}

#[test]
fn the_city_has_the_size_that_its_description_says() {
    let snapshot = city().current();
    for (kind, count) in COUNTS {
        let id = snapshot.metamodel().kind_named(kind).expect("a kind of the profile").id;
        assert_eq!(snapshot.count_of_kind(id), count, "{kind}");
    }
    let decisions = snapshot.metamodel().kind_named("decision").expect("a kind of the profile").id;
    assert!(snapshot.count_of_kind(decisions) >= 3, "at least three decisions, our own");
    let with = |kind: &str, name: &str, code: &str| {
        items(&snapshot, kind).filter(|item| value(&snapshot, *item, name) == Some(code.into())).count()
    };
    assert_eq!((with("department", "type", "division"), with("department", "type", "section")), (13, 53));
    assert_eq!(with("data_flow", "method", "rekey"), 35);
    let zone = |name: &str| systems_in(&snapshot, name);
    assert_eq!((zone("zone-mynumber"), zone("zone-lgwan"), zone("zone-internet")), (51, 66, 34));
    assert_eq!(sum(&snapshot, "data_flow", "manual_hours_per_year"), 3_823);
    assert_eq!((sum(&snapshot, "business_process", "staff_hours_per_year") + 500) / 1_000, 544);
    assert_eq!((sum(&snapshot, "system", "annual_cost_kyen") + 50) / 100, 5_596);
    let steps = snapshot.metamodel().kind_named("has_step").expect("a kind of the profile").id;
    let with_steps = items(&snapshot, "business_process")
        .filter(|item| !snapshot.outgoing(item.id().as_str(), Some(steps)).is_empty());
    assert_eq!(with_steps.count(), 12);
    assert_eq!(cross_zone_flows(&snapshot), 84);
    assert_eq!(city().current_view().date(), jiff::civil::date(2026, 11, 1));
}

fn items<'a>(snapshot: &'a Snapshot, kind: &str) -> impl Iterator<Item = Item<'a>> {
    let id = snapshot.metamodel().kind_named(kind).expect("a kind of the profile").id;
    snapshot.ids_of_kind(id, None).filter_map(|id| snapshot.item(id.as_str()))
}

fn value(snapshot: &Snapshot, item: Item<'_>, name: &str) -> Option<Json> {
    let name = snapshot.metamodel().attribute_name(name).expect("an attribute of the profile");
    item.attributes().get(name).map(Value::to_json)
}

fn sum(snapshot: &Snapshot, kind: &str, name: &str) -> i64 {
    items(snapshot, kind).filter_map(|item| value(snapshot, item, name)?.as_i64()).sum()
}

fn zone_of(snapshot: &Snapshot, id: &str) -> Option<String> {
    let kind = snapshot.metamodel().kind_named("in_zone").expect("a kind of the profile").id;
    snapshot.outgoing(id, Some(kind)).first().map(|held| held.target.to_string())
}

fn systems_in(snapshot: &Snapshot, zone: &str) -> usize {
    items(snapshot, "system").filter(|item| zone_of(snapshot, item.id().as_str()).as_deref() == Some(zone)).count()
}

/// Flows between systems of different zones.
fn cross_zone_flows(snapshot: &Snapshot) -> usize {
    let crosses = |item: &Item<'_>| match item {
        Item::Relationship(flow) => {
            let between_systems = flow.source.as_str().starts_with("sys-") && flow.target.as_str().starts_with("sys-");
            between_systems && zone_of(snapshot, flow.source.as_str()) != zone_of(snapshot, flow.target.as_str())
        }
        Item::Element(_) => false,
    };
    items(snapshot, "data_flow").filter(crosses).count()
}
