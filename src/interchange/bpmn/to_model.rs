//! From a document to what it says of the model.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use serde_json::{Value as Json, json};

use super::document::{Document, MessageFlow, Node, Process};
use super::hints::overlaid;
use super::order::steps_in_order;
use super::reading::parse;
use super::steps::{Facts, Information, Performer};
use crate::domain::change_set::JsonObject;
use crate::interchange::format::Format;
use crate::interchange::identifiers::identifier;
use crate::interchange::json_text::escaped;
use crate::interchange::place::Place;
use crate::interchange::problem::{Problem, ProblemKind, Said};
use crate::interchange::read_model::{
    Absent, Ends, NamedAmong, Otherwise, ReadItem, ReadModel, Reference, Statement, Target,
};
use crate::interchange::source::{ReadContext, SourceFile, Unreadable};
use crate::interchange::tidy;

/// Between several names in one text.
pub(super) const AND: &str = "、";

/// Reads a file into what it says of the model.
///
/// # Errors
/// As for [`parse`].
pub fn read(file: &SourceFile<'_>, context: ReadContext<'_>) -> Result<ReadModel, Unreadable> {
    let (mut document, kept) = parse(file, context)?;
    let mut read = ReadModel::new(Format::Bpmn, source(&document), title(&document, file.name));
    read.absent = Absent::Deleted;
    read.problems = std::mem::take(&mut document.problems);
    let mut mapper = Mapper {
        document: &document,
        file: file.name,
        most_problems: context.limits.problems,
        read,
        items: Vec::new(),
        seen: FxHashSet::default(),
        data: BTreeMap::new(),
        parts: Vec::new(),
    };
    mapper.document(kept);
    mapper.read.items = mapper.items.into_iter().collect();
    Ok(mapper.read)
}

/// Processes are known by their ids; programs give the file itself any id.
fn source(document: &Document) -> String {
    let ids: Vec<&str> = document.processes.iter().map(|process| process.id.as_str()).collect();
    let own = if ids.is_empty() { document.id.clone() } else { ids.join("+") };
    // Programs begin every drawing with these ids.
    let is_usual = ids.iter().all(|id| matches!(*id, "Process_1" | "process" | "Process"));
    if is_usual { format!("bpmn:{}/{own}", document.id) } else { format!("bpmn:{own}") }
}

fn title(document: &Document, file: &str) -> String {
    let stem = || tidy::one_line(file.rsplit('/').next().unwrap_or(file).trim_end_matches(".bpmn"));
    names(document).next().cloned().unwrap_or_else(stem)
}

/// Whether the file itself says what it is called.
fn is_titled(document: &Document) -> bool {
    names(document).next().is_some()
}

fn names(document: &Document) -> impl Iterator<Item = &String> {
    let processes = document.processes.iter().map(|process| &process.name);
    let pools = document.participants.iter().map(|pool| &pool.name);
    std::iter::once(&document.name).chain(processes).chain(pools).filter(|name| !name.is_empty())
}

struct Mapper<'d> {
    document: &'d Document,
    file: &'d str,
    most_problems: usize,
    read: ReadModel,
    /// What `read` will hold.
    items: Vec<ReadItem>,
    /// Ids of items that were written down.
    seen: FxHashSet<String>,
    /// By name, what the source knows the data by.
    data: BTreeMap<String, String>,
    /// Ids of the source that became items.
    parts: Vec<String>,
}

/// How a process uses data.
#[derive(Default)]
struct Uses {
    reads: bool,
    writes: bool,
}

impl<'d> Mapper<'d> {
    fn document(&mut self, kept: String) {
        let document = self.document;
        for process in &document.processes {
            self.process(process);
        }
        self.message_flows();
        self.participants();
        if document.processes.is_empty() {
            let wrong = Said::new("業務（process）がありません", "there is no process in it");
            let problem = Problem::new(ProblemKind::Notice, "no_process", Place::file(self.file), "", wrong);
            self.tell(problem.assuming("図にだけ残します", "it is kept in the diagram only"));
        }
        self.diagram(kept);
    }

    fn process(&mut self, process: &'d Process) {
        if !self.seen.insert(process.id.clone()) {
            return;
        }
        self.dangling(process);
        let facts = Facts::of(self.document, process);
        let name = self.process_name(process, &facts);
        let mut item = ReadItem::new("business_process", self.place(process.line, &process.id));
        item.id.clone_from(&process.model_id);
        item.source_id = Some(process.id.clone());
        item.name = Some(name.clone());
        item.is_name_assumed = process.name.is_empty();
        let owner = process.model_id.clone().unwrap_or_else(|| format!("prc-{}", identifier_of(&name)));
        let mut uses: BTreeMap<String, (Uses, Target)> = BTreeMap::new();
        let place = self.items.len();
        let mut steps = Vec::new();
        for (node, number) in numbered(process) {
            self.uses(&facts, node, &mut uses);
            if let Some(number) = number
                && self.seen.insert(node.id.clone())
            {
                let step = self.step(&facts, node, number, &owner);
                steps.push(Reference::to(Target::Source(node.id.clone()), step.place.clone()));
                self.parts.push(node.id.clone());
                self.items.push(step);
            }
        }
        if !process.documentation.is_empty() {
            item.fields.push(("documentation".to_owned(), Statement::Value(json!(process.documentation))));
        }
        self.owner(process, &facts, &mut item);
        self.data_of(process, uses, &mut item);
        if !steps.is_empty() {
            item.fields.push(("steps".to_owned(), Statement::References(steps)));
        }
        self.parts.push(process.id.clone());
        self.items.insert(place, item);
    }

    /// The pool is the department in charge, if it is a department at all.
    fn owner(&self, process: &Process, facts: &Facts<'d>, item: &mut ReadItem) {
        if process.model_id.is_some() {
            return;
        }
        if let Some(pool) = facts.pool() {
            let target = named(pool, &["department"], Otherwise::Nothing);
            let all = vec![Reference::to(target, item.place.clone())];
            item.fields.push(("owner_department".to_owned(), Statement::References(all)));
        }
    }

    fn data_of(&self, process: &Process, uses: BTreeMap<String, (Uses, Target)>, item: &mut ReadItem) {
        let mut all: Vec<Reference> = Vec::new();
        for (id, crud) in &process.model_data {
            let mut reference = Reference::to(Target::Id(id.clone()), item.place.clone());
            reference.attributes.extend(crud.as_ref().map(|crud| ("crud".to_owned(), json!(crud))));
            all.push(reference);
        }
        for (uses, target) in uses.into_values() {
            let mut reference = Reference::to(target, item.place.clone());
            reference.attributes = uses.attributes();
            all.push(reference);
        }
        if !all.is_empty() {
            item.fields.push(("data".to_owned(), Statement::References(all)));
        }
    }

    /// Notes what a node reads and writes, and writes down the data.
    fn uses(&mut self, facts: &Facts<'d>, node: &Node, uses: &mut BTreeMap<String, (Uses, Target)>) {
        let (inputs, outputs) = facts.inputs_and_outputs(node);
        let all = inputs.iter().map(|held| (held, false)).chain(outputs.iter().map(|held| (held, true)));
        for (held, is_output) in all {
            // What ezu wrote stands in its list of data, with all that is done with it.
            if held.is_text || held.model_id.is_some() {
                continue;
            }
            let key = self.data_item(held);
            let entry = uses.entry(key.clone()).or_insert_with(|| (Uses::default(), Target::Source(key)));
            entry.0.reads |= !is_output;
            entry.0.writes |= is_output;
        }
    }

    /// The item of some data, one for each name; answers with what the source knows it by.
    fn data_item(&mut self, held: &Information<'d>) -> String {
        if let Some(known) = self.data.get(held.name) {
            return known.clone();
        }
        let key = self.key_of_its_own(held.key);
        self.data.insert(held.name.to_owned(), key.clone());
        self.parts.push(key.clone());
        let mut item = ReadItem::new("data_object", self.place(held.line, held.key));
        item.source_id = Some(key.clone());
        item.name = Some(held.name.to_owned());
        self.items.push(item);
        key
    }

    /// The key, unless an item has it already: in a file that uses an id twice, data may have that of a process.
    fn key_of_its_own(&mut self, key: &str) -> String {
        let mut own = key.to_owned();
        let mut number = 1;
        while !self.seen.insert(own.clone()) {
            number += 1;
            own = format!("~{key}-{number}");
        }
        own
    }

    fn process_name(&mut self, process: &Process, facts: &Facts<'d>) -> String {
        if !process.name.is_empty() {
            return process.name.clone();
        }
        let only = self.document.processes.len() == 1;
        let name = match facts.pool() {
            Some(pool) => pool.to_owned(),
            None if only => self.read.title.clone(),
            None => process.id.clone(),
        };
        let wrong = Said::new("業務（process）に名称がありません", "the process has no name");
        let place = self.place(process.line, &process.id);
        let problem = Problem::new(ProblemKind::Assumed, "unnamed_process", place, &process.id, wrong);
        self.tell(problem.assuming(format!("「{name}」としました"), format!("it is called \"{name}\"")));
        name
    }

    fn step(&mut self, facts: &Facts<'d>, node: &'d Node, number: usize, owner: &str) -> ReadItem {
        let place = self.place(node.line, &node.id);
        let mut item = ReadItem::new("process_step", place.clone());
        item.id = node.hints.model_id.clone().or_else(|| identifier(&format!("{owner}--{}", node.id)));
        item.source_id = Some(node.id.clone());
        let mut say = |name: &str, value: Json| item.fields.push((name.to_owned(), Statement::Value(value)));
        say("no", json!(number));
        say("function", json!(self.step_name(node)));
        let (inputs, outputs) = facts.inputs_and_outputs(node);
        let written = [&node.hints.input, &node.hints.output];
        for ((name, drawn), written) in [("input", inputs), ("output", outputs)].into_iter().zip(written) {
            if let Some(text) = listed(&drawn).or_else(|| written.clone()) {
                say(name, json!(text));
            }
        }
        if let Some(means) = means(node) {
            say("means", json!(means));
        }
        if let Some(medium) = node.hints.said_medium() {
            say("medium", json!(medium));
        }
        if let Some(minutes) = node.hints.said_minutes() {
            say("minutes_per_case", json!(minutes));
        }
        let texts: Vec<&str> = std::iter::once(node.documentation.as_str())
            .filter(|text| !text.is_empty())
            .chain(facts.annotations(node).into_iter().filter(|_| node.hints.takes_annotations()))
            .collect();
        if !texts.is_empty() {
            say("documentation", json!(texts.join("\n\n")));
        }
        let references = [("lane", self.lane(facts, node)), ("system", Self::system(facts, node))];
        for (name, target) in references.into_iter().filter_map(|(name, target)| Some((name, target?))) {
            let all = vec![Reference::to(target, place.clone())];
            item.fields.push((name.to_owned(), Statement::References(all)));
        }
        self.unclear_time(node, place);
        item
    }

    fn step_name(&mut self, node: &Node) -> String {
        if !node.name.is_empty() {
            let own = node.hints.own_name.as_ref().filter(|own| tidy::one_line(own) == node.name);
            return own.unwrap_or(&node.name).clone();
        }
        let wrong = Said::new("作業に名称がありません", "the activity has no name");
        let place = self.place(node.line, &node.id);
        let problem = Problem::new(ProblemKind::Assumed, "unnamed_step", place, &node.id, wrong);
        self.tell(problem.assuming("IDを名称としました", "its id is taken for a name"));
        node.id.clone()
    }

    fn lane(&self, facts: &Facts<'d>, node: &'d Node) -> Option<Target> {
        Some(match facts.performer(node)? {
            Performer::Model(id) => Target::Id(id.to_owned()),
            Performer::Named(name) => named(name, &PERFORMERS, Otherwise::Make("business_role".to_owned())),
        })
    }

    /// The system that a step names. A service task without one is a question.
    fn system(facts: &Facts<'d>, node: &'d Node) -> Option<Target> {
        let hints = &node.hints;
        if let Some(id) = &hints.model_system {
            return Some(id).filter(|id| !id.is_empty()).map(|id| Target::Id(id.clone()));
        }
        let text = facts.implied_system(node)?;
        Some(named(text, &["system", "external"], Otherwise::Ask))
    }

    fn unclear_time(&mut self, node: &Node, place: Place) {
        let Some(text) = node.hints.unclear_time.as_ref().filter(|_| node.hints.own_minutes.is_none()) else { return };
        let wrong =
            Said::new(format!("「{text}」は時間として読めません"), format!("\"{text}\" cannot be read as a time"));
        let problem = Problem::new(ProblemKind::Question, "unclear_time", place, text, wrong);
        self.tell(problem.advising("「15」「15分」「PT15M」のように書いてください", "write it as 15, 15 min or PT15M"));
    }

    fn message_flows(&mut self) {
        let document = self.document;
        for flow in &document.message_flows {
            let ends = (self.end(flow, &flow.source), self.end(flow, &flow.target));
            if let (Some(source), Some(target)) = ends
                && source != target
            {
                let mut item = ReadItem::new("flow", self.place(flow.line, &flow.id));
                item.source_id = Some(flow.id.clone()).filter(|id| !id.is_empty());
                item.name = Some(flow.name.clone()).filter(|name| !name.is_empty());
                item.ends = Some(Ends { source, target });
                self.items.push(item);
            }
        }
    }

    /// Who or what is at the end of a message flow: a step, a process for what is no step, a black-box pool.
    fn end(&mut self, flow: &MessageFlow, id: &str) -> Option<Target> {
        let document = self.document;
        if let Some(pool) = document.participants.iter().find(|pool| pool.id == id) {
            let process = pool.process.as_ref().filter(|id| self.has_process(id));
            return Some(match process {
                Some(process) => Target::Source(process.clone()),
                None => black_box(if pool.name.is_empty() { &pool.id } else { &pool.name }),
            });
        }
        let found = document.processes.iter().find_map(|process| {
            let node = process.nodes.iter().find(|node| node.id == id)?;
            Some(if node.is_step() { node.id.clone() } else { process.id.clone() })
        });
        if found.is_none() {
            self.tell_dangling(flow.line, &flow.id, id, "messageFlow");
        }
        found.map(Target::Source)
    }

    fn has_process(&self, id: &str) -> bool {
        self.document.processes.iter().any(|process| process.id == id)
    }

    /// Pools that nothing in the model shows.
    fn participants(&mut self) {
        let document = self.document;
        for pool in &document.participants {
            if let Some(process) = pool.process.as_ref().filter(|id| !self.has_process(id)) {
                self.tell_dangling(pool.line, &pool.id, process, "participant");
            }
            let is_used = document.message_flows.iter().any(|flow| flow.source == pool.id || flow.target == pool.id);
            if pool.process.is_none() && !is_used {
                let wrong =
                    Said::new("中身もメッセージもないプールです", "this pool has neither a process nor a message");
                let place = self.place(pool.line, &pool.id);
                let problem = Problem::new(ProblemKind::Notice, "unused_pool", place, &pool.name, wrong);
                self.tell(problem.assuming("図にだけ残します", "it is kept in the diagram only"));
            }
        }
    }

    /// References to what is not in the file.
    fn dangling(&mut self, process: &'d Process) {
        let ids = &self.document.ids;
        let mut lost: Vec<(u32, &str, &str, &str)> = Vec::new();
        let mut check = |line: u32, from: &'d str, id: &'d str, what: &'static str| {
            if !id.is_empty() && !ids.contains(id) {
                lost.push((line, from, id, what));
            }
        };
        for (id, source, target) in &process.flows {
            check(process.line, id, source, "sequenceFlow");
            check(process.line, id, target, "sequenceFlow");
        }
        for lane in &process.lanes {
            lane.nodes.iter().for_each(|id| check(lane.line, &lane.id, id, "lane"));
        }
        for node in &process.nodes {
            node.inputs.iter().chain(&node.outputs).for_each(|id| check(node.line, &node.id, id, "data association"));
            node.attached.iter().for_each(|id| check(node.line, &node.id, id, "boundaryEvent"));
        }
        for data in &process.data {
            data.refers_to.iter().for_each(|id| check(data.line, &data.id, id, "data reference"));
        }
        let ends = process.associations.iter().flat_map(|(source, target)| [source, target]);
        ends.for_each(|id| check(process.line, &process.id, id, "association"));
        for (line, from, id, what) in lost {
            self.tell_dangling(line, from, id, what);
        }
    }

    fn tell_dangling(&mut self, line: u32, from: &str, id: &str, what: &str) {
        let wrong = Said::new(
            format!("{what}「{from}」の参照先「{id}」がファイルにありません"),
            format!("{what} {from:?} refers to {id:?}, which is not in the file"),
        );
        let problem = Problem::new(ProblemKind::Refused, "dangling_reference", self.place(line, from), id, wrong);
        self.tell(problem.assuming("この参照は取り込みません", "the reference is not imported"));
    }

    /// The whole file, beside what was read from it.
    fn diagram(&mut self, kept: String) {
        let source_id = format!("diagram:{}", self.read.source);
        let mut item = ReadItem::new("process_diagram", Place::file(self.file));
        item.name = Some(self.read.title.clone());
        item.is_name_assumed = !is_titled(self.document);
        item.source_id = Some(source_id);
        item.is_local = true;
        item.fields.push(("content".to_owned(), Statement::Value(Json::String(kept))));
        let exporter = self.document.exporter.as_str();
        if !exporter.is_empty() {
            item.fields.push(("exporter".to_owned(), Statement::Value(json!(exporter))));
        }
        let parts: Vec<Json> = self.parts.iter().map(|id| json!({"item": id, "shape": escaped(id)})).collect();
        let ids = (0..parts.len()).map(|place| format!("/{place}/item")).collect();
        if !parts.is_empty() {
            item.fields.push(("parts".to_owned(), Statement::Embedded { json: Json::Array(parts), ids }));
        }
        self.items.push(item);
    }

    fn place(&self, line: u32, id: &str) -> Place {
        Place::line(self.file, line).at(id)
    }

    fn tell(&mut self, problem: Problem) {
        if self.read.problems.len() < self.most_problems {
            self.read.problems.push(problem);
        }
    }
}

impl Uses {
    /// BPMN tells reading from writing, but not creating from changing; only reading is sure to be R.
    fn attributes(&self) -> JsonObject {
        let (access, crud) = match (self.reads, self.writes) {
            (true, false) => ("read", Some("R")),
            (false, _) => ("write", None),
            (true, true) => ("read_write", None),
        };
        let mut attributes = JsonObject::new();
        attributes.insert("access_type".to_owned(), json!(access));
        attributes.extend(crud.map(|crud| ("crud".to_owned(), json!(crud))));
        attributes
    }
}

/// Who can do a step.
const PERFORMERS: [&str; 3] = ["department", "external", "business_role"];

/// A pool without a process is somebody outside, unless its name is known.
fn black_box(name: &str) -> Target {
    named(name, &["external", "department", "business_role"], Otherwise::Make("external".to_owned()))
}

fn named(name: &str, among: &[&str], otherwise: Otherwise) -> Target {
    let among = among.iter().map(|kind| (*kind).to_owned()).collect();
    Target::Named(Box::new(NamedAmong { name: name.to_owned(), among, otherwise }))
}

/// The names of some information as one text; nothing if there is none.
pub(super) fn listed(all: &[Information<'_>]) -> Option<String> {
    let names: Vec<&str> = all.iter().map(|held| held.name).collect();
    (!names.is_empty()).then(|| names.join(AND))
}

/// Nodes in the order in which the process runs; steps with their number.
pub(super) fn numbered(process: &Process) -> impl Iterator<Item = (&Node, Option<usize>)> {
    let nodes = steps_in_order(process).into_iter().map(|place| &process.nodes[place]);
    nodes.scan(0, |last, node| {
        *last += usize::from(node.is_step());
        Some((node, node.is_step().then_some(*last)))
    })
}

/// By hand or by system: what ezu wrote, else what the drawing says.
pub(super) fn means(node: &Node) -> Option<String> {
    overlaid(node.hints.own_means.as_ref(), || drawn_means(node))
}

/// By hand or by system, as a property or the kind of task says (BPMN 2.0 §10.3.3). Kinds that ezu drew say nothing.
pub(super) fn drawn_means(node: &Node) -> Option<String> {
    let of_kind = match node.kind.as_str() {
        "manualTask" => Some("手作業"),
        "userTask" | "serviceTask" | "scriptTask" | "businessRuleTask" => Some("システム"),
        _ => None,
    };
    let is_own = node.hints.model_id.is_some();
    node.hints.means.clone().or_else(|| of_kind.filter(|_| !is_own).map(str::to_owned))
}

fn identifier_of(name: &str) -> String {
    let tidy: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(60).collect();
    tidy.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}
