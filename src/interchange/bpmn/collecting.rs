//! From the tree of a file to a document.

use super::document::{Data, Document, Lane, MessageFlow, Node, Participant, Process};
use super::hints::{self, Hints};
use super::reading::is_bpmn;
use super::{EZU, MODEL};
use crate::interchange::place::Place;
use crate::interchange::problem::{Problem, ProblemKind, Said};
use crate::interchange::tidy;
use crate::interchange::xml::{XML_NAMESPACE, XmlAttribute, XmlElement};

/// Gathers what a file says.
pub(super) struct Collector {
    file: String,
    most_problems: usize,
    document: Document,
}

impl Collector {
    pub(super) fn new(file: &str, most_problems: usize) -> Self {
        Self { file: file.to_owned(), most_problems, document: Document::default() }
    }

    pub(super) fn finish(self) -> Document {
        self.document
    }

    pub(super) fn definitions(&mut self, root: &XmlElement) {
        self.ids(root);
        let text = |name: &str| root.attribute(name).map(tidy::one_line).unwrap_or_default();
        (self.document.id, self.document.name, self.document.exporter) = (text("id"), text("name"), text("exporter"));
        for element in root.elements().filter(|element| is_bpmn(element)) {
            match element.local() {
                "process" => self.process(element),
                "collaboration" | "globalConversation" | "choreography" => self.collaboration(element),
                "interface" => self.interface(element),
                _ => self.named(element),
            }
        }
        let is_shape = |element: &XmlElement| element.local() == "BPMNShape";
        let planes = root.elements().filter(|held| held.local() == "BPMNDiagram").flat_map(XmlElement::elements);
        self.document.has_places = planes.flat_map(XmlElement::elements).any(is_shape);
        self.name_message_flows();
    }

    /// Every id once; a second one is told.
    fn ids(&mut self, root: &XmlElement) {
        let mut waiting = vec![root];
        while let Some(element) = waiting.pop() {
            if let Some(id) = element.attribute("id").filter(|_| is_bpmn(element))
                && !self.document.ids.insert(id.to_owned())
            {
                let wrong =
                    Said::new(format!("ID「{id}」が二度使われています"), format!("the id {id:?} is used twice"));
                self.tell("duplicate_id", ProblemKind::Assumed, element.line, id, wrong, |problem| {
                    problem.assuming("先にあるものを採りました", "the first one was taken")
                });
            }
            waiting.extend(element.elements());
        }
    }

    fn named(&mut self, element: &XmlElement) {
        if let (Some(id), Some(name)) = (element.attribute("id"), element.attribute("name")) {
            self.document.names.entry(id.to_owned()).or_insert_with(|| tidy::one_line(name));
        }
    }

    fn interface(&mut self, element: &XmlElement) {
        let name = name_of(element);
        for operation in element.elements().filter(|held| held.local() == "operation") {
            if let Some(id) = operation.attribute("id") {
                self.document.operations.insert(id.to_owned(), name.clone());
            }
        }
    }

    fn collaboration(&mut self, element: &XmlElement) {
        for held in element.elements().filter(|held| is_bpmn(held)) {
            match held.local() {
                "participant" => self.document.participants.push(Participant {
                    id: id_of(held),
                    name: name_of(held),
                    process: held.attribute("processRef").map(local_id),
                    line: held.line,
                }),
                "messageFlow" => self.document.message_flows.push(MessageFlow {
                    id: id_of(held),
                    name: name_of(held),
                    source: held.attribute("sourceRef").map(local_id).unwrap_or_default(),
                    target: held.attribute("targetRef").map(local_id).unwrap_or_default(),
                    message: held.attribute("messageRef").map(local_id),
                    line: held.line,
                }),
                _ => {}
            }
        }
    }

    fn name_message_flows(&mut self) {
        let names = &self.document.names;
        for flow in self.document.message_flows.iter_mut().filter(|flow| flow.name.is_empty()) {
            flow.name = flow.message.as_ref().and_then(|id| names.get(id)).cloned().unwrap_or_default();
        }
    }

    fn process(&mut self, element: &XmlElement) {
        let mut process =
            Process { id: id_of(element), name: name_of(element), line: element.line, ..Process::default() };
        process.documentation = documentation(element);
        for own in own_elements(element) {
            match own.local() {
                "element" => process.model_id = own.attribute("id").map(str::to_owned),
                "data" => {
                    let crud = own.attribute("crud").map(str::to_owned);
                    process.model_data.extend(own.attribute("id").map(|id| (id.to_owned(), crud)));
                }
                _ => {}
            }
        }
        contents(&mut process, element, None);
        if process.id.is_empty() {
            process.id = format!("~process-{}", self.document.processes.len() + 1);
        }
        name_the_nameless(&mut process);
        self.document.processes.push(process);
    }

    /// Notes a problem.
    fn tell(
        &mut self,
        code: &str,
        kind: ProblemKind,
        line: u32,
        text: &str,
        wrong: Said,
        finish: impl FnOnce(Problem) -> Problem,
    ) {
        if self.document.problems.len() < self.most_problems {
            let place = Place::line(&self.file, line);
            self.document.problems.push(finish(Problem::new(kind, code, place, text, wrong)));
        }
    }
}

/// Activities without an id, which BPMN permits, are known by their place.
fn name_the_nameless(process: &mut Process) {
    let owner = process.id.clone();
    for (place, node) in process.nodes.iter_mut().enumerate().filter(|(_, node)| node.id.is_empty()) {
        node.id = format!("~{owner}-{}", place + 1);
    }
}

/// What is in a process or sub-process. As deep as the document, which is limited.
fn contents(process: &mut Process, element: &XmlElement, parent: Option<usize>) {
    for held in element.elements().filter(|held| is_bpmn(held)) {
        match held.local() {
            "sequenceFlow" => {
                let end = |name: &str| held.attribute(name).map(local_id).unwrap_or_default();
                process.flows.push((id_of(held), end("sourceRef"), end("targetRef")));
            }
            "laneSet" => lanes(process, held, None),
            "dataObject" | "dataObjectReference" | "dataStoreReference" | "dataStore" => process.data.push(data(held)),
            "ioSpecification" if parent.is_none() => {
                let is_data = |held: &&XmlElement| matches!(held.local(), "dataInput" | "dataOutput");
                process.data.extend(held.elements().filter(is_data).map(data));
            }
            "textAnnotation" => {
                let text = held.elements().find(|held| held.local() == "text").map(XmlElement::text);
                // What ezu notes for people stands in the extensions of the step.
                let is_own = own_elements(held).next().is_some();
                let notes = if is_own { &mut process.own_notes } else { &mut process.annotations };
                notes.insert(id_of(held), tidy::lines(&text.unwrap_or_default()));
            }
            "association" => {
                let end = |name: &str| held.attribute(name).map(local_id).unwrap_or_default();
                process.associations.push((end("sourceRef"), end("targetRef")));
            }
            local if is_flow_node(local) => node(process, held, parent),
            _ => {}
        }
    }
}

pub(super) fn is_flow_node(local: &str) -> bool {
    local == "task"
        || ["Task", "Gateway", "Event"].iter().any(|ending| local.ends_with(ending))
        || matches!(local, "callActivity" | "subProcess" | "adHocSubProcess" | "transaction")
}

fn node(process: &mut Process, element: &XmlElement, parent: Option<usize>) {
    let place = process.nodes.len();
    let attribute = |name: &str| element.attribute(name).map(local_id);
    let mut node = Node {
        id: id_of(element),
        kind: element.local().to_owned(),
        name: name_of(element),
        documentation: documentation(element),
        parent,
        attached: attribute("attachedToRef"),
        called: attribute("calledElement"),
        operation: attribute("operationRef"),
        line: element.line,
        hints: hints_of(element),
        ..Node::default()
    };
    for held in element.elements().filter(|held| is_bpmn(held)) {
        match held.local() {
            "dataInputAssociation" => node.inputs.extend(references(held, "sourceRef")),
            "dataOutputAssociation" => node.outputs.extend(references(held, "targetRef")),
            "potentialOwner" | "performer" | "humanPerformer" | "resourceRole" => {
                node.performers.extend(references(held, "resourceRef"));
            }
            _ => {}
        }
    }
    let is_sub_process = node.is_sub_process();
    process.nodes.push(node);
    if is_sub_process {
        let before = process.nodes.len();
        contents(process, element, Some(place));
        process.nodes[place].has_children = process.nodes[before..].iter().any(Node::is_activity);
    }
}

fn lanes(process: &mut Process, set: &XmlElement, parent: Option<usize>) {
    for held in set.elements().filter(|held| is_bpmn(held) && held.local() == "lane") {
        let place = process.lanes.len();
        let model_id = own_elements(held).find_map(|own| own.attribute("id").map(str::to_owned));
        let nodes = references(held, "flowNodeRef").collect();
        let (id, name) = (id_of(held), name_of(held));
        process.lanes.push(Lane { id, name, model_id, parent, nodes, line: held.line });
        for inner in held.elements().filter(|inner| inner.local() == "childLaneSet") {
            lanes(process, inner, Some(place));
        }
    }
}

fn data(element: &XmlElement) -> Data {
    let refers_to = element.attribute("dataObjectRef").or_else(|| element.attribute("dataStoreRef"));
    let own = |name: &str| own_elements(element).find_map(|own| own.attribute(name).map(str::to_owned));
    Data {
        id: id_of(element),
        name: name_of(element),
        refers_to: refers_to.map(local_id),
        is_store: element.local().starts_with("dataStore"),
        model_id: own("id"),
        is_text: own("text").is_some(),
        line: element.line,
    }
}

fn hints_of(element: &XmlElement) -> Hints {
    let mut hints = Hints::default();
    for own in own_elements(element).filter(|own| own.local() == "step") {
        hints.say_own(own);
    }
    for extension in element.elements().filter(|held| is_bpmn(held) && held.local() == "extensionElements") {
        for held in extension.elements().filter(|held| &*held.name.namespace != EZU) {
            hints::pairs(held, &mut |name, value| hints.say(name, value));
        }
    }
    let is_foreign = |held: &&XmlAttribute| !held.name.namespace.is_empty() && &*held.name.namespace != MODEL;
    for attribute in element.attributes.iter().filter(is_foreign) {
        hints.say(&attribute.name.local, &attribute.value);
    }
    hints
}

/// What ezu wrote into the extensions of an element.
fn own_elements(element: &XmlElement) -> impl Iterator<Item = &XmlElement> {
    let extensions = element.elements().filter(|held| is_bpmn(held) && held.local() == "extensionElements");
    extensions.flat_map(XmlElement::elements).filter(|held| &*held.name.namespace == EZU)
}

fn references<'a>(element: &'a XmlElement, name: &'static str) -> impl Iterator<Item = String> + use<'a> {
    let held = element.elements().filter(move |held| is_bpmn(held) && held.local() == name);
    held.map(|held| local_id(&held.text())).filter(|id| !id.is_empty())
}

fn documentation(element: &XmlElement) -> String {
    let texts = element.elements().filter(|held| is_bpmn(held) && held.local() == "documentation");
    let text = |held: &XmlElement| {
        let is_kept = held
            .attributes
            .iter()
            .any(|one| &*one.name.namespace == XML_NAMESPACE && &*one.name.local == "space" && one.value == "preserve");
        if is_kept { tidy::welcome(&all_text(held)) } else { tidy::lines(&all_text(held)) }
    };
    texts.map(text).filter(|text| !text.is_empty()).collect::<Vec<String>>().join("\n\n")
}

/// The characters of an element and of what is in it: documentation may be marked up.
fn all_text(element: &XmlElement) -> String {
    let mut text = element.text();
    for inner in element.elements() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&all_text(inner));
    }
    text
}

fn id_of(element: &XmlElement) -> String {
    element.attribute("id").map(|id| id.trim().to_owned()).unwrap_or_default()
}

fn name_of(element: &XmlElement) -> String {
    element.attribute("name").map(tidy::one_line).unwrap_or_default()
}

/// References are qualified names; ids of this file are looked for without the prefix.
fn local_id(reference: &str) -> String {
    let reference = reference.trim();
    reference.rsplit_once(':').map_or(reference, |(_, local)| local).to_owned()
}
