//! What belongs to a department, or to one piece of work.

use crate::analyses::findings::Reader;
use crate::graph::Place;

/// What a document is about, each list sorted by id.
#[derive(Debug, Default)]
pub(in crate::analyses) struct Scope {
    /// The department and those that are part of it; of a process, the one in charge.
    pub(in crate::analyses) departments: Vec<Place>,
    /// The work.
    pub(in crate::analyses) processes: Vec<Place>,
    /// Systems that they are in charge of.
    pub(in crate::analyses) owned_systems: Vec<Place>,
    /// Systems that the work uses.
    pub(in crate::analyses) used_systems: Vec<Place>,
    /// Data that they are in charge of, and data that the work uses.
    pub(in crate::analyses) data: Vec<Place>,
    /// Flows from and to those systems.
    pub(in crate::analyses) flows: Vec<Place>,
    /// Whether it is about one piece of work.
    pub(in crate::analyses) is_process: bool,
}

impl Scope {
    /// What belongs to a department and to those that are part of it.
    pub(in crate::analyses) fn of_department(reader: &Reader<'_>, department: Place) -> Self {
        let departments = with_parts(reader, department);
        let owned = listed(reader, &departments, |place| reader.sources(place, "owned_by"));
        let of_kind = |kind: &str| owned.iter().copied().filter(|place| reader.is_a(*place, kind)).collect::<Vec<_>>();
        let (processes, owned_systems) = (of_kind("business_process"), of_kind("system"));
        let used_systems = listed(reader, &processes, |place| reader.targets(place, "uses"));
        let mut data = of_kind("data_object");
        data.extend(listed(reader, &processes, |place| reader.targets(place, "accesses")));
        let flows = flows_of(reader, &owned_systems);
        let data = reader.sorted(data);
        Self { departments, processes, owned_systems, used_systems, data, flows, is_process: false }
    }

    /// What belongs to one piece of work.
    pub(in crate::analyses) fn of_process(reader: &Reader<'_>, process: Place) -> Self {
        let processes = vec![process];
        let used_systems = reader.targets(process, "uses");
        let flows = flows_of(reader, &used_systems);
        Self {
            departments: reader.targets(process, "owned_by"),
            data: reader.targets(process, "accesses"),
            owned_systems: Vec::new(),
            processes,
            used_systems,
            flows,
            is_process: true,
        }
    }

    /// Systems that are owned or used.
    pub(in crate::analyses) fn systems(&self, reader: &Reader<'_>) -> Vec<Place> {
        reader.sorted(self.owned_systems.iter().chain(&self.used_systems).copied().collect())
    }

    /// Elements and flows that findings and decisions can be about.
    pub(in crate::analyses) fn everything(&self, reader: &Reader<'_>) -> Vec<Place> {
        let parts = [&self.processes, &self.owned_systems, &self.used_systems, &self.data, &self.flows];
        reader.sorted(parts.into_iter().flatten().copied().collect())
    }
}

/// A department and those that are part of it, over any number of levels.
fn with_parts(reader: &Reader<'_>, department: Place) -> Vec<Place> {
    let mut found = vec![department];
    let mut next = 0;
    while let Some(place) = found.get(next).copied() {
        next += 1;
        for part in reader.sources(place, "part_of") {
            if !found.contains(&part) {
                found.push(part);
            }
        }
    }
    found
}

/// Flows that start or end at one of these systems.
fn flows_of(reader: &Reader<'_>, systems: &[Place]) -> Vec<Place> {
    let kinds = reader.kinds("data_flow");
    listed(reader, systems, |system| {
        let edges = reader.outgoing(system, &kinds).into_iter().chain(reader.incoming(system, &kinds));
        edges.map(Place::Relationship).collect()
    })
}

/// What something leads to from each of several places, sorted by id, each once.
pub(in crate::analyses) fn listed(
    reader: &Reader<'_>,
    places: &[Place],
    lead: impl Fn(Place) -> Vec<Place>,
) -> Vec<Place> {
    reader.sorted(places.iter().flat_map(|place| lead(*place)).collect())
}

/// Whether the model says that its city is invented.
pub(in crate::analyses) fn is_fictional(reader: &Reader<'_>) -> bool {
    reader.all("city").into_iter().any(|city| reader.boolean(city, "fictional") == Some(true))
}
