//! What a BPMN file says, as far as the model has a place for it.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::hints::Hints;
use crate::interchange::problem::Problem;

/// A file: processes, pools and what passes between them (BPMN 2.0 §8.1, Definitions).
#[derive(Debug, Default)]
pub struct Document {
    /// The file's own id.
    pub id: String,
    /// What the file calls itself.
    pub name: String,
    /// The program that wrote it.
    pub exporter: String,
    /// Processes, in the order of the file.
    pub processes: Vec<Process>,
    /// Pools.
    pub participants: Vec<Participant>,
    /// Messages between pools.
    pub message_flows: Vec<MessageFlow>,
    /// What an id of an element outside of processes is called: messages, data stores, interfaces, resources.
    pub names: BTreeMap<String, String>,
    /// The interface (§8.4.7) that each operation belongs to.
    pub operations: BTreeMap<String, String>,
    /// Whether it says where things stand (BPMN 2.0 §12, diagram interchange).
    pub has_places: bool,
    /// All ids of the file.
    pub ids: FxHashSet<String>,
    /// What was assumed or left out while reading.
    pub problems: Vec<Problem>,
}

/// A process (§10.1).
#[derive(Debug, Default)]
pub struct Process {
    /// Its id in the file.
    pub id: String,
    /// Its name; empty where it has none.
    pub name: String,
    /// What is said of it.
    pub documentation: String,
    /// Its id in the model, if ezu wrote it.
    pub model_id: Option<String>,
    /// Data that ezu wrote as used by it: id in the model and CRUD.
    pub model_data: Vec<(String, Option<String>)>,
    /// Activities, events and gateways, those of sub-processes included, in the order of the file.
    pub nodes: Vec<Node>,
    /// Sequence flows: id, source, target.
    pub flows: Vec<(String, String, String)>,
    /// Innermost and other lanes, in the order of the file.
    pub lanes: Vec<Lane>,
    /// Data objects, references to them and to data stores.
    pub data: Vec<Data>,
    /// Texts of annotations by id.
    pub annotations: BTreeMap<String, String>,
    /// Texts by id of annotations that ezu itself wrote for people.
    pub own_notes: BTreeMap<String, String>,
    /// Associations: source, target.
    pub associations: Vec<(String, String)>,
    /// The line on which it begins.
    pub line: u32,
}

/// A flow node (§10.2 to §10.6).
#[derive(Debug, Default)]
pub struct Node {
    /// Its id in the file.
    pub id: String,
    /// The BPMN element: `userTask`, `exclusiveGateway`, ….
    pub kind: String,
    /// Its name; empty where it has none.
    pub name: String,
    /// What is said of it.
    pub documentation: String,
    /// The place, among the nodes, of the sub-process that it is in.
    pub parent: Option<usize>,
    /// The activity that a boundary event is attached to.
    pub attached: Option<String>,
    /// The process that a call activity calls.
    pub called: Option<String>,
    /// The operation that a service task runs.
    pub operation: Option<String>,
    /// The resources (§8.4.11) that perform it.
    pub performers: Vec<String>,
    /// Ids of data that it reads.
    pub inputs: Vec<String>,
    /// Ids of data that it writes.
    pub outputs: Vec<String>,
    /// What its vendor extensions say of system, minutes, medium.
    pub hints: Hints,
    /// Whether something is inside.
    pub has_children: bool,
    /// The line on which it begins.
    pub line: u32,
}

/// A lane (§10.8).
#[derive(Debug, Default)]
pub struct Lane {
    /// Its id in the file.
    pub id: String,
    /// Its name; empty where it has none.
    pub name: String,
    /// The id in the model of who it stands for, if ezu wrote it.
    pub model_id: Option<String>,
    /// The place of the lane that it is in.
    pub parent: Option<usize>,
    /// What is in it.
    pub nodes: Vec<String>,
    /// The line on which it begins.
    pub line: u32,
}

/// A data object, or a reference to one or to a data store (§10.4.1).
#[derive(Debug, Default)]
pub struct Data {
    /// Its id in the file.
    pub id: String,
    /// Its name; empty where it has none.
    pub name: String,
    /// What it refers to.
    pub refers_to: Option<String>,
    /// Whether it is or stands for a data store.
    pub is_store: bool,
    /// Its id in the model, if ezu wrote it.
    pub model_id: Option<String>,
    /// Whether ezu wrote it as a mere text of a step.
    pub is_text: bool,
    /// The line on which it begins.
    pub line: u32,
}

/// A pool (§9.3).
#[derive(Debug, Default)]
pub struct Participant {
    /// Its id in the file.
    pub id: String,
    /// Its name; empty where it has none.
    pub name: String,
    /// Its process; a pool without one is a black box.
    pub process: Option<String>,
    /// The line on which it begins.
    pub line: u32,
}

/// A message between pools (§9.4).
#[derive(Debug, Default)]
pub struct MessageFlow {
    /// Its id in the file.
    pub id: String,
    /// Its name or that of its message; empty where neither has one.
    pub name: String,
    /// Who sends: a pool or a flow node.
    pub source: String,
    /// Who receives.
    pub target: String,
    /// The message.
    pub message: Option<String>,
    /// The line on which it begins.
    pub line: u32,
}

impl Node {
    /// Whether it is an activity (§10.3): a task, a call activity or a sub-process.
    pub fn is_activity(&self) -> bool {
        self.kind == "task" || self.kind.ends_with("Task") || self.kind == "callActivity" || self.is_sub_process()
    }

    /// Whether it may hold others.
    pub fn is_sub_process(&self) -> bool {
        matches!(self.kind.as_str(), "subProcess" | "adHocSubProcess" | "transaction")
    }

    /// Whether it is a step of the process: an activity with nothing inside.
    pub fn is_step(&self) -> bool {
        self.is_activity() && !self.has_children
    }
}
