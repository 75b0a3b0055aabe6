//! One record after the other, so that a city of any size fits in little memory.
//!
//! A record refers only to records before it, but for data flows, which come last.

use serde_json::{Map, Value as Json, json};

use super::quota::{Quota, RELATIONSHIPS_PER_ELEMENT};
use super::random::Random;
use super::words::{BACKUPS, CHANNELS, CONTROLS, CRUD, FIELDS, METHODS, PERSONAL, PROCESS_WORDS, SYSTEM_TYPES, TOPICS};

/// An element or a data flow, as a model file would hold it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its kind.
    pub kind: &'static str,
    /// Its list in a model file.
    pub collection: &'static str,
    /// Its id.
    pub id: String,
    /// Its name, where the kind has one.
    pub name: Option<String>,
    /// Source and target of a data flow.
    pub ends: Option<(String, String)>,
    /// Its attributes, references included.
    pub attributes: Map<String, Json>,
}

/// An invented city: yields its records, the same for the same size and seed.
#[derive(Debug, Clone)]
pub struct City {
    quota: Quota,
    random: Random,
    stage: usize,
    index: usize,
    relationships_left: usize,
}

type Maker = fn(&mut City, usize) -> Record;

/// The kinds in the order in which they are made.
const STAGES: [Maker; 8] = [
    |_, index| zone(index),
    City::department,
    City::person,
    City::vendor,
    City::infrastructure,
    City::system,
    City::data_object,
    City::process,
];

impl City {
    /// A city of so many elements (at least [`super::FEWEST_ELEMENTS`]), with four relationships to each.
    pub fn new(elements: usize, seed: u64) -> Self {
        let quota = Quota::of(elements.max(super::FEWEST_ELEMENTS));
        let relationships_left = quota.total() * RELATIONSHIPS_PER_ELEMENT;
        Self { quota, random: Random::new(seed), stage: 0, index: 0, relationships_left }
    }

    fn stage_length(&self) -> usize {
        let Quota { zones, departments, persons, vendors, infrastructures, systems, data_objects, processes } =
            self.quota;
        [zones, departments, persons, vendors, infrastructures, systems, data_objects, processes]
            .get(self.stage)
            .copied()
            .unwrap_or(0)
    }

    /// Counts relationships that a record makes.
    fn relate(&mut self, count: usize) {
        self.relationships_left = self.relationships_left.saturating_sub(count);
    }

    fn department(&mut self, index: usize) -> Record {
        let (field, _) = FIELDS[index % FIELDS.len()];
        let mut attributes = json!({"type": "division"});
        if index > 0 {
            self.relate(1);
            attributes = json!({"type": "section", "parent": department_id((index - 1) / 8), "staff": self.random.between(3, 40)});
        }
        let name = if index == 0 { "見本市役所".to_owned() } else { format!("{field}第{index}課") };
        record(("department", "departments"), department_id(index), Some(name), attributes)
    }

    fn person(&mut self, index: usize) -> Record {
        self.relate(1);
        let department = department_id(index % self.quota.departments);
        let role = *self.random.pick(&["課長", "係長", "主査", "主任", "主事"]);
        let attributes = json!({
            "code": format!("職員{:07}", index + 1), "role": role, "department": department,
            "years_in_post": self.random.below(9),
        });
        record(("person", "persons"), numbered("per", index), None, attributes)
    }

    fn vendor(&mut self, index: usize) -> Record {
        let area = format!("{}の情報システム", self.random.pick(&FIELDS).0);
        let name = format!("見本事業者{:05}", index + 1);
        record(("vendor", "vendors"), numbered("vnd", index), Some(name), json!({"area": area, "fictional": true}))
    }

    fn infrastructure(&mut self, index: usize) -> Record {
        self.relate(1);
        let (code, word) = *self.random.pick(&[
            ("server", "サーバー"),
            ("line", "回線"),
            ("network", "ネットワーク"),
            ("cloud", "クラウド"),
        ]);
        let attributes = json!({
            "type": code, "zone": zone_id(self.random.below(self.quota.zones)),
            "redundant": self.random.percent(40), "rto_hours": self.random.pick(&[4, 12, 24, 72]),
        });
        record(
            ("infrastructure", "infrastructures"),
            numbered("inf", index),
            Some(format!("{word}{:06}", index + 1)),
            attributes,
        )
    }

    fn system(&mut self, index: usize) -> Record {
        let (_, category) = *self.random.pick(&FIELDS);
        let name = format!("{}{:06}システム", self.random.pick(&TOPICS), index + 1);
        let depends_on = self.dependencies(index);
        self.relate(3 + depends_on.len());
        let mut attributes = json!({
            "category": category, "type": self.random.pick(&SYSTEM_TYPES), "status": "active",
            "owner_department": self.department_near(index, self.quota.systems),
            "vendor": numbered("vnd", self.random.target(self.quota.vendors, 0)),
            "zone": zone_id(self.random.below(self.quota.zones)),
            "users": self.random.between(1, 400),
            "contract_end": format!("{}-03-31", self.random.between(2027, 2032)),
            "annual_cost_kyen": self.random.between(1, 400) * 100,
            "availability": {"redundant": self.random.percent(40), "backup": self.random.pick(&BACKUPS)},
            "personal_data": {"class": self.random.pick(&PERSONAL)},
            "depends_on": depends_on,
        });
        // Somebody forgot to say it, as somebody always does.
        if self.random.percent(90) {
            attributes["availability"]["rto_hours"] = json!(self.random.pick(&[4, 12, 24, 72, 168]));
        }
        record(("system", "systems"), system_id(index), Some(name), attributes)
    }

    /// What a system needs: systems made before it, and now and then infrastructure.
    fn dependencies(&mut self, index: usize) -> Vec<Json> {
        let mut targets: Vec<String> = Vec::new();
        for _ in 0..self.random.below(4) {
            let target = if index == 0 || self.random.percent(25) {
                numbered("inf", self.random.target(self.quota.infrastructures, index / 5))
            } else {
                system_id(self.random.target(index, index))
            };
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
        let level = |random: &mut Random| if random.percent(60) { "essential" } else { "support" };
        targets.into_iter().map(|target| json!({"target": target, "level": level(&mut self.random)})).collect()
    }

    fn data_object(&mut self, index: usize) -> Record {
        self.relate(2);
        let home = index * self.quota.systems / self.quota.data_objects;
        let personal = *self.random.pick(&PERSONAL);
        let name = format!("{}情報{:06}", self.random.pick(&TOPICS), index + 1);
        let attributes = json!({
            "entity": self.random.pick(&["ひと", "もの", "かね", "イベント", "その他"]),
            "masters": [system_id(self.random.target(self.quota.systems, home))],
            "personal_class": personal, "contains_my_number": personal.starts_with("specific"),
            "owner_department": self.department_near(index, self.quota.data_objects),
        });
        record(("data_object", "data_objects"), data_id(index), Some(name), attributes)
    }

    fn process(&mut self, index: usize) -> Record {
        let home = index * self.quota.systems / self.quota.processes;
        let (systems, data) = (self.uses(home), self.accesses(index));
        self.relate(1 + systems.len() + data.len());
        let name = format!("{}{}{:06}", self.random.pick(&TOPICS), self.random.pick(&PROCESS_WORDS), index + 1);
        let attributes = json!({
            "field": self.random.pick(&FIELDS).0,
            "owner_department": self.department_near(index, self.quota.processes),
            "volume_per_year": self.random.between(1, 500) * 10,
            "staff_hours_per_year": self.random.between(1, 800) * 5,
            "channel": [self.random.pick(&CHANNELS)],
            "continuity": {"rto_hours": self.random.pick(&[4, 24, 72, 168, 336])},
            "systems": systems, "data": data,
        });
        record(("business_process", "business_processes"), numbered("prc", index), Some(name), attributes)
    }

    fn uses(&mut self, home: usize) -> Vec<Json> {
        let mut systems: Vec<String> = Vec::new();
        for _ in 0..self.random.between(1, 3) {
            let system = system_id(self.random.target(self.quota.systems, home));
            if !systems.contains(&system) {
                systems.push(system);
            }
        }
        let role = |place: usize| if place == 0 { "essential" } else { "support" };
        systems.iter().enumerate().map(|(place, system)| json!({"system": system, "role": role(place)})).collect()
    }

    fn accesses(&mut self, index: usize) -> Vec<Json> {
        let home = index * self.quota.data_objects / self.quota.processes;
        let first = self.random.target(self.quota.data_objects, home);
        let count = self.random.below(3).min(self.quota.data_objects - first);
        (first..first + count).map(|data| json!({"data": data_id(data), "crud": self.random.pick(&CRUD)})).collect()
    }

    /// A flow takes up what is left of the relationships: itself, and one for each sort of data it carries.
    fn flow(&mut self) -> Option<Record> {
        let carried = self.relationships_left.checked_sub(1)?.min(self.random.between(1, 2));
        let source = self.random.below(self.quota.systems);
        let target = self.random.target(self.quota.systems, source);
        let target = if target == source { (source + 1) % self.quota.systems } else { target };
        let first = self.random.target(self.quota.data_objects, source).min(self.quota.data_objects - carried);
        self.relate(1 + carried);
        let data: Vec<String> = (first..first + carried).map(data_id).collect();
        let mut attributes = json!({
            "method": self.random.pick(&METHODS), "frequency": self.random.pick(&["rt", "5min", "d", "w", "m"]),
            "control": self.random.pick(&CONTROLS), "carries_my_number": self.random.percent(20),
            "records_per_month": self.random.between(1, 900) * 10,
        });
        if !data.is_empty() {
            attributes["data"] = json!(data);
        }
        let record = record(("data_flow", "data_flows"), numbered("flw", self.index), None, attributes);
        self.index += 1;
        Some(Record { ends: Some((system_id(source), system_id(target))), ..record })
    }

    fn department_near(&mut self, index: usize, of: usize) -> String {
        department_id(self.random.target(self.quota.departments, index * self.quota.departments / of))
    }
}

impl Iterator for City {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        while self.stage < STAGES.len() && self.index == self.stage_length() {
            self.stage += 1;
            self.index = 0;
        }
        let Some(make) = STAGES.get(self.stage) else { return self.flow() };
        let record = make(self, self.index);
        self.index += 1;
        Some(record)
    }
}

fn zone(index: usize) -> Record {
    let name =
        ["マイナンバー利用事務系", "LGWAN接続系", "インターネット接続系", "学校系", "防災系", "水道監視系"][index];
    record(("zone", "zones"), zone_id(index), Some(name.to_owned()), json!({}))
}

/// A record of a kind, given with its collection.
fn record(
    (kind, collection): (&'static str, &'static str),
    id: String,
    name: Option<String>,
    mut attributes: Json,
) -> Record {
    let attributes = attributes.as_object_mut().map(std::mem::take).unwrap_or_default();
    Record { kind, collection, id, name, ends: None, attributes }
}

fn numbered(prefix: &str, index: usize) -> String {
    format!("{prefix}-{:07}", index + 1)
}

fn zone_id(index: usize) -> String {
    format!("zone-{}", index + 1)
}

fn department_id(index: usize) -> String {
    numbered("dept", index)
}

fn system_id(index: usize) -> String {
    numbered("sys", index)
}

fn data_id(index: usize) -> String {
    numbered("dat", index)
}
