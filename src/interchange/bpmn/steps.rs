//! What a file says of each step: who does it, with what, from what to what.

use rustc_hash::FxHashMap;

use super::document::{Data, Document, Node, Process};

/// A process with ways to look things up in it.
pub(super) struct Facts<'d> {
    document: &'d Document,
    process: &'d Process,
    lanes: FxHashMap<&'d str, usize>,
    data: FxHashMap<&'d str, &'d Data>,
}

/// Who does something, as the file names it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Performer<'d> {
    /// By the id that ezu wrote.
    Model(&'d str),
    /// By name.
    Named(&'d str),
}

/// A piece of information as people see it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Information<'d> {
    /// What all references to it have in common.
    pub(super) key: &'d str,
    /// Its name without the state that a reference adds; its key where it has none.
    pub(super) name: &'d str,
    /// Its id in the model, if ezu wrote it.
    pub(super) model_id: Option<&'d str>,
    /// Whether it is only a text of the model.
    pub(super) is_text: bool,
    /// The line on which it stands.
    pub(super) line: u32,
}

impl<'d> Facts<'d> {
    pub(super) fn of(document: &'d Document, process: &'d Process) -> Self {
        let mut lanes = FxHashMap::default();
        // Inner lanes stand behind those that they are in, so that they win.
        for (place, lane) in process.lanes.iter().enumerate() {
            lanes.extend(lane.nodes.iter().map(|id| (id.as_str(), place)));
        }
        let mut data = FxHashMap::default();
        for held in &process.data {
            data.entry(held.id.as_str()).or_insert(held);
        }
        Self { document, process, lanes, data }
    }

    /// Who does a step: who is drawn, else whom ezu wrote beside it.
    pub(super) fn performer(&self, node: &'d Node) -> Option<Performer<'d>> {
        self.drawn_performer(node).or_else(|| node.hints.model_lane.as_deref().map(Performer::Model))
    }

    /// Whether the drawing shows who does a step.
    pub(super) fn is_performer_drawn(&self, node: &'d Node) -> bool {
        self.drawn_performer(node).is_some()
    }

    /// Who does a step: its lane, else that of the sub-process around it, else the pool, else a resource.
    pub(super) fn drawn_performer(&self, node: &'d Node) -> Option<Performer<'d>> {
        if let Some(place) = self.performing_lane(node) {
            let lane = &self.process.lanes[place];
            return Some(lane.model_id.as_deref().map_or(Performer::Named(&lane.name), Performer::Model));
        }
        let pool = self.pool().filter(|_| self.process.model_id.is_none());
        let resource = || node.performers.iter().find_map(|id| self.document.names.get(id)).map(String::as_str);
        pool.or_else(resource).filter(|name| !name.is_empty()).map(Performer::Named)
    }

    /// The place of the innermost lane around a node that says whose it is.
    pub(super) fn performing_lane(&self, node: &'d Node) -> Option<usize> {
        let mut around = Some(node);
        while let Some(held) = around {
            if let Some(place) = self.lanes.get(held.id.as_str()).and_then(|place| self.telling_lane(*place)) {
                return Some(place);
            }
            around = held.parent.map(|place| &self.process.nodes[place]);
        }
        None
    }

    fn telling_lane(&self, place: usize) -> Option<usize> {
        let lanes = &self.process.lanes;
        let mut outwards = std::iter::successors(Some(place), |held| lanes[*held].parent);
        outwards.find(|held| lanes[*held].model_id.is_some() || !lanes[*held].name.is_empty())
    }

    /// The system that a step names, by an extension or the interface of its operation.
    pub(super) fn named_system(&self, node: &'d Node) -> Option<&'d str> {
        let interface = || node.operation.as_ref().and_then(|id| self.document.operations.get(id));
        node.hints.system.as_ref().or_else(interface).map(String::as_str).filter(|name| !name.is_empty())
    }

    /// The same, or what a service task that names none is called, behind which there is some system.
    pub(super) fn implied_system(&self, node: &'d Node) -> Option<&'d str> {
        let unsaid = || {
            let text = Some(&node.name).filter(|name| !name.is_empty()).or(node.hints.technical.as_ref());
            text.filter(|_| node.kind == "serviceTask" && node.hints.model_id.is_none()).map(String::as_str)
        };
        self.named_system(node).or_else(unsaid)
    }

    /// The name of the pool that the process is in.
    pub(super) fn pool(&self) -> Option<&'d str> {
        let mut pools = self.document.participants.iter();
        let pool = pools.find(|pool| pool.process.as_deref() == Some(&self.process.id))?;
        Some(pool.name.as_str()).filter(|name| !name.is_empty())
    }

    /// What an id of data stands for; nothing if it is none of this process.
    pub(super) fn information(&self, id: &str) -> Option<Information<'d>> {
        let held = self.data.get(id)?;
        let behind = held.refers_to.as_deref();
        let object = behind.and_then(|id| self.data.get(id)).copied();
        let key = object.map_or(behind.unwrap_or(&held.id), |object| object.id.as_str());
        let store = behind.and_then(|id| self.document.names.get(id)).map_or("", String::as_str);
        let of_object = object.map_or("", |object| object.name.as_str());
        // A reference repeats the name of its object and adds the state that it is in: `Order [paid]`.
        let bare = held.name.split_once('[').map_or(held.name.as_str(), |(name, _)| name).trim();
        let name = [store, of_object, bare, held.name.as_str()].into_iter().find(|name| !name.is_empty());
        let owner = object.filter(|_| held.model_id.is_none()).unwrap_or(held);
        Some(Information {
            key,
            name: name.unwrap_or(key),
            model_id: owner.model_id.as_deref(),
            is_text: held.is_text || owner.is_text,
            line: held.line,
        })
    }

    /// What a node reads and writes: by data associations, and by plain associations as some programs draw them.
    pub(super) fn inputs_and_outputs(&self, node: &Node) -> (Vec<Information<'d>>, Vec<Information<'d>>) {
        let drawn = |from_node: bool| {
            let ends = self.process.associations.iter().filter_map(move |(source, target)| {
                let (at, other) = if from_node { (source, target) } else { (target, source) };
                (*at == node.id).then_some(other)
            });
            ends.filter_map(|id| self.information(id)).collect::<Vec<_>>()
        };
        let said = |ids: &[String]| ids.iter().filter_map(|id| self.information(id)).collect::<Vec<_>>();
        (unique(said(&node.inputs), drawn(false)), unique(said(&node.outputs), drawn(true)))
    }

    /// The texts of the annotations at a node.
    pub(super) fn annotations(&self, node: &Node) -> Vec<&'d str> {
        let other = |(source, target): &'d (String, String)| {
            if *source == node.id {
                Some(target)
            } else if *target == node.id {
                Some(source)
            } else {
                None
            }
        };
        let ids = self.process.associations.iter().filter_map(other);
        ids.filter_map(|id| self.process.annotations.get(id)).map(String::as_str).filter(|t| !t.is_empty()).collect()
    }
}

fn unique<'d>(first: Vec<Information<'d>>, more: Vec<Information<'d>>) -> Vec<Information<'d>> {
    let mut all: Vec<Information<'d>> = Vec::new();
    for held in first.into_iter().chain(more) {
        if !all.iter().any(|known| known.key == held.key) {
            all.push(held);
        }
    }
    all
}
