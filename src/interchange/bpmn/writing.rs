//! Processes of the model as BPMN with a diagram.

use rustc_hash::FxHashSet;

use super::drawn::{Drawn, DrawnStep, drawn};
use super::layout::{DATA_LABEL, Layout, Place, Shape, Way, place};
use super::{EZU, MODEL};
use crate::domain::element::Model;
use crate::interchange::archimate::xml_ids::encoded;
use crate::interchange::tidy;
use crate::interchange::xml::XmlWriter;

/// The distance between two pools.
const BETWEEN: i64 = 40;

/// A file, and the processes that are not in it because they have no steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The XML.
    pub text: String,
    /// Ids of processes without steps.
    pub left_out: Vec<String>,
}

/// Writes processes with their steps, a pool each, with a layout. The same model gives the same text.
pub fn write(model: &dyn Model, processes: &[String]) -> Written {
    let mut all = Vec::new();
    let mut left_out = Vec::new();
    for id in processes {
        match drawn(model, id) {
            Some(process) => all.push(process),
            None => left_out.push(id.clone()),
        }
    }
    let mut top = 80;
    let pages: Vec<Page> = all
        .into_iter()
        .map(|drawn| {
            let layout = place(&drawn, top);
            top = layout.pool.bottom() + BETWEEN;
            Page { drawn, layout }
        })
        .collect();
    Written { text: File::of(&pages).write(&pages), left_out }
}

/// Whether a process has steps to draw.
pub fn has_steps(model: &dyn Model, process: &str) -> bool {
    drawn(model, process).is_some()
}

/// A process and where it stands.
struct Page {
    drawn: Drawn,
    layout: Layout,
}

/// Ids that are given out, so that none is used twice.
struct File {
    writer: XmlWriter,
    ids: FxHashSet<String>,
    /// Shapes and edges to come: id of the element, box or way, and where its name stands.
    boxes: Vec<Drawing>,
}

/// Something with a place.
enum Drawing {
    Box { element: String, place: Place, label: Option<Place>, is_horizontal: bool },
    Line { element: String, way: Way },
}

impl File {
    fn of(pages: &[Page]) -> Self {
        let mut ids = FxHashSet::default();
        for page in pages {
            ids.insert(encoded(&page.drawn.id).into_owned());
            ids.extend(page.drawn.steps.iter().map(|step| encoded(&step.id).into_owned()));
        }
        Self { writer: XmlWriter::document(), ids, boxes: Vec::new() }
    }

    /// An id that nothing has yet.
    fn fresh(&mut self, word: &str) -> String {
        let mut number = self.ids.len();
        loop {
            let id = format!("{word}_{number}");
            if self.ids.insert(id.clone()) {
                return id;
            }
            number += 1;
        }
    }

    fn write(mut self, pages: &[Page]) -> String {
        self.writer.start("bpmn:definitions");
        for (prefix, namespace) in [
            ("xmlns:bpmn", MODEL),
            ("xmlns:bpmndi", "http://www.omg.org/spec/BPMN/20100524/DI"),
            ("xmlns:dc", "http://www.omg.org/spec/DD/20100524/DC"),
            ("xmlns:di", "http://www.omg.org/spec/DD/20100524/DI"),
            ("xmlns:ezu", EZU),
        ] {
            self.writer.attribute(prefix, namespace);
        }
        let id = self.fresh("definitions");
        self.writer.attribute("id", &id);
        self.writer.attribute("targetNamespace", EZU);
        self.writer.attribute("exporter", "ezu");
        let collaboration = self.collaboration(pages);
        for page in pages {
            self.process(page);
        }
        self.diagram(&collaboration);
        self.writer.end();
        self.writer.finish()
    }

    fn collaboration(&mut self, pages: &[Page]) -> String {
        let id = self.fresh("collaboration");
        self.writer.start("bpmn:collaboration");
        self.writer.attribute("id", &id);
        for page in pages {
            let pool = self.fresh("pool");
            self.writer.start("bpmn:participant");
            self.writer.attribute("id", &pool);
            self.writer.attribute("name", &page.drawn.name);
            self.writer.attribute("processRef", &encoded(&page.drawn.id));
            self.writer.end();
            let place = page.layout.pool;
            self.boxes.push(Drawing::Box { element: pool, place, label: None, is_horizontal: true });
        }
        self.writer.end();
        id
    }

    fn process(&mut self, page: &Page) {
        let drawn = &page.drawn;
        self.writer.start("bpmn:process");
        self.writer.attribute("id", &encoded(&drawn.id));
        self.writer.attribute("name", &drawn.name);
        self.writer.attribute("isExecutable", "false");
        self.documentation(drawn.documentation.as_deref());
        self.writer.start("bpmn:extensionElements");
        self.own("ezu:element", &[("id", Some(&drawn.id))]);
        for (id, _, crud) in &drawn.data {
            self.own("ezu:data", &[("id", Some(id)), ("crud", crud.as_deref())]);
        }
        self.writer.end();
        let (start, end) = (self.fresh("start"), self.fresh("end"));
        let steps: Vec<String> = drawn.steps.iter().map(|step| encoded(&step.id).into_owned()).collect();
        self.lanes(page, &steps, &start, &end);
        let nodes: Vec<&String> = std::iter::once(&start).chain(&steps).chain([&end]).collect();
        let flows: Vec<String> = (1..nodes.len()).map(|_| self.fresh("flow")).collect();
        self.event("bpmn:startEvent", &start, page.layout.start, None, flows.first());
        let shapes = self.information(page);
        for (place, step) in drawn.steps.iter().enumerate() {
            self.step(page, place, step, (&flows[place], &flows[place + 1]), &shapes);
        }
        self.event("bpmn:endEvent", &end, page.layout.end, flows.last(), None);
        self.flows(page, &nodes, flows.clone());
        self.notes(page, &steps);
        self.writer.end();
    }

    fn lanes(&mut self, page: &Page, steps: &[String], start: &str, end: &str) {
        let id = self.fresh("lanes");
        self.writer.start("bpmn:laneSet");
        self.writer.attribute("id", &id);
        let last = page.drawn.steps.len() - 1;
        for (place, lane) in page.drawn.lanes.iter().enumerate() {
            let id = self.fresh("lane");
            self.writer.start("bpmn:lane");
            self.writer.attribute("id", &id);
            if !lane.name.is_empty() {
                self.writer.attribute("name", &lane.name);
            }
            if let Some(id) = &lane.id {
                self.writer.start("bpmn:extensionElements");
                self.own("ezu:element", &[("id", Some(id))]);
                self.writer.end();
            }
            let here = |step: usize| page.drawn.steps[step].lane == place;
            let inside = (0..=last).filter(|step| here(*step)).map(|step| steps[step].as_str());
            let first = here(0).then_some(start).into_iter();
            for node in first.chain(inside).chain(here(last).then_some(end)) {
                self.writer.text_element("bpmn:flowNodeRef", node);
            }
            self.writer.end();
            let place = page.layout.lanes[place];
            self.boxes.push(Drawing::Box { element: id, place, label: None, is_horizontal: true });
        }
        self.writer.end();
    }

    fn event(&mut self, name: &str, id: &str, place: Place, incoming: Option<&String>, outgoing: Option<&String>) {
        self.writer.start(name);
        self.writer.attribute("id", id);
        for (name, flow) in [("bpmn:incoming", incoming), ("bpmn:outgoing", outgoing)] {
            if let Some(flow) = flow {
                self.writer.text_element(name, flow);
            }
        }
        self.writer.end();
        self.boxes.push(Drawing::Box { element: id.to_owned(), place, label: None, is_horizontal: false });
    }

    /// Data objects, one a name, and a reference for each place where one is drawn; answers with the references.
    fn information(&mut self, page: &Page) -> Vec<String> {
        let mut objects: Vec<(&str, String)> = Vec::new();
        let mut references = Vec::new();
        for shape in &page.layout.shapes {
            let known = objects.iter().find(|(name, _)| *name == shape.name).map(|(_, id)| id.clone());
            let object = match known {
                Some(object) => object,
                None => {
                    let object = self.data_object(page, &shape.name);
                    objects.push((&shape.name, object.clone()));
                    object
                }
            };
            let id = self.fresh("information");
            self.writer.start("bpmn:dataObjectReference");
            self.writer.attribute("id", &id);
            self.writer.attribute("name", &shape.name);
            self.writer.attribute("dataObjectRef", &object);
            self.writer.end();
            let place = shape.place;
            let x = place.middle().0 - DATA_LABEL.0 / 2;
            let label = Some(Place { x, y: place.bottom() + 2, w: DATA_LABEL.0, h: DATA_LABEL.1 });
            self.boxes.push(Drawing::Box { element: id.clone(), place, label, is_horizontal: false });
            references.push(id);
        }
        references
    }

    /// A text of a step, or data of the model that the process uses under this name.
    fn data_object(&mut self, page: &Page, name: &str) -> String {
        let id = self.fresh("object");
        let known = page.drawn.data.iter().find(|(_, held, _)| held == name).map(|(id, _, _)| id);
        self.writer.start("bpmn:dataObject");
        self.writer.attribute("id", &id);
        self.writer.attribute("name", name);
        self.writer.start("bpmn:extensionElements");
        match known {
            Some(known) => self.own("ezu:element", &[("id", Some(known))]),
            None => self.own("ezu:element", &[("text", Some("true"))]),
        }
        self.writer.end();
        self.writer.end();
        id
    }

    fn step(&mut self, page: &Page, place: usize, step: &DrawnStep, flows: (&str, &str), shapes: &[String]) {
        let name = task(step);
        let id = encoded(&step.id).into_owned();
        self.writer.start(name);
        self.writer.attribute("id", &id);
        self.writer.attribute("name", &step.name);
        self.documentation(step.documentation.as_deref());
        self.writer.start("bpmn:extensionElements");
        let (number, minutes) = (step.number.map(|no| no.to_string()), step.minutes.map(|held| held.to_string()));
        self.own(
            "ezu:step",
            &[
                ("id", Some(&step.id)),
                ("no", number.as_deref()),
                ("system", step.system.as_ref().map(|(id, _)| id.as_str())),
                ("means", step.means.as_deref()),
                ("medium", step.medium.as_deref()),
                ("minutes", minutes.as_deref()),
            ],
        );
        self.writer.end();
        self.writer.text_element("bpmn:incoming", flows.0);
        self.writer.text_element("bpmn:outgoing", flows.1);
        self.data_of(page, place, shapes);
        self.writer.end();
        let place = page.layout.steps[place];
        self.boxes.push(Drawing::Box { element: id, place, label: None, is_horizontal: false });
    }

    /// What a step takes and gives (BPMN 2.0 §10.4.1).
    fn data_of(&mut self, page: &Page, step: usize, shapes: &[String]) {
        let held = || page.layout.shapes.iter().zip(shapes);
        let mut inputs: Vec<(&Shape, &String)> = held().filter(|(shape, _)| shape.to == Some(step)).collect();
        inputs.sort_by_key(|(shape, _)| page.drawn.steps[step].inputs.iter().position(|name| *name == shape.name));
        let outputs: Vec<(&Shape, &String)> = held().filter(|(shape, _)| shape.from == Some(step)).collect();
        if inputs.is_empty() && outputs.is_empty() {
            return;
        }
        let ins: Vec<String> = inputs.iter().map(|_| self.fresh("input")).collect();
        let outs: Vec<String> = outputs.iter().map(|_| self.fresh("output")).collect();
        self.writer.start("bpmn:ioSpecification");
        for (name, ids) in [("bpmn:dataInput", &ins), ("bpmn:dataOutput", &outs)] {
            for id in ids {
                self.writer.start(name);
                self.writer.attribute("id", id);
                self.writer.end();
            }
        }
        for (set, name, ids) in
            [("bpmn:inputSet", "bpmn:dataInputRefs", &ins), ("bpmn:outputSet", "bpmn:dataOutputRefs", &outs)]
        {
            self.writer.start(set);
            ids.iter().for_each(|id| self.writer.text_element(name, id));
            self.writer.end();
        }
        self.writer.end();
        for ((shape, reference), id) in inputs.iter().zip(&ins) {
            let way = page.layout.input(step, shape);
            self.association("bpmn:dataInputAssociation", reference, id, way);
        }
        for ((shape, reference), id) in outputs.iter().zip(&outs) {
            let way = page.layout.output(step, shape);
            self.association("bpmn:dataOutputAssociation", id, reference, way);
        }
    }

    fn association(&mut self, name: &str, source: &str, target: &str, way: Way) {
        let id = self.fresh("passing");
        self.writer.start(name);
        self.writer.attribute("id", &id);
        self.writer.text_element("bpmn:sourceRef", source);
        self.writer.text_element("bpmn:targetRef", target);
        self.writer.end();
        self.boxes.push(Drawing::Line { element: id, way });
    }

    fn flows(&mut self, page: &Page, nodes: &[&String], flows: Vec<String>) {
        let layout = &page.layout;
        let places: Vec<Place> =
            std::iter::once(layout.start).chain(layout.steps.iter().copied()).chain([layout.end]).collect();
        for (place, id) in flows.into_iter().enumerate() {
            self.writer.start("bpmn:sequenceFlow");
            self.writer.attribute("id", &id);
            self.writer.attribute("sourceRef", nodes[place]);
            self.writer.attribute("targetRef", nodes[place + 1]);
            self.writer.end();
            let way = Layout::flow(places[place], places[place + 1]);
            self.boxes.push(Drawing::Line { element: id, way });
        }
    }

    /// System, minutes and medium for people who look at the diagram; what counts stands in the extensions.
    fn notes(&mut self, page: &Page, steps: &[String]) {
        for (place, note) in page.layout.notes.iter().enumerate() {
            let Some((at, text)) = note else { continue };
            let (id, line) = (self.fresh("note"), self.fresh("association"));
            self.writer.start("bpmn:textAnnotation");
            self.writer.attribute("id", &id);
            self.writer.start("bpmn:extensionElements");
            self.own("ezu:element", &[("text", Some("true"))]);
            self.writer.end();
            self.writer.text_element("bpmn:text", text);
            self.writer.end();
            self.writer.start("bpmn:association");
            self.writer.attribute("id", &line);
            self.writer.attribute("sourceRef", &steps[place]);
            self.writer.attribute("targetRef", &id);
            self.writer.end();
            let step = page.layout.steps[place];
            let way = vec![(at.x + 8, step.bottom()), (at.x + 8, at.y)];
            self.boxes.push(Drawing::Box { element: id, place: *at, label: None, is_horizontal: false });
            self.boxes.push(Drawing::Line { element: line, way });
        }
    }

    fn documentation(&mut self, text: Option<&str>) {
        if let Some(text) = text {
            write_documentation(&mut self.writer, "bpmn:documentation", text);
        }
    }

    fn own(&mut self, name: &str, attributes: &[(&str, Option<&str>)]) {
        self.writer.start(name);
        attributes.iter().for_each(|(name, value)| self.writer.optional(name, *value));
        self.writer.end();
    }

    fn diagram(&mut self, collaboration: &str) {
        let (diagram, plane) = (self.fresh("diagram"), self.fresh("plane"));
        self.writer.start("bpmndi:BPMNDiagram");
        self.writer.attribute("id", &diagram);
        self.writer.start("bpmndi:BPMNPlane");
        self.writer.attribute("id", &plane);
        self.writer.attribute("bpmnElement", collaboration);
        for drawing in std::mem::take(&mut self.boxes) {
            match drawing {
                Drawing::Box { element, place, label, is_horizontal } => {
                    self.shape(&element, place, label, is_horizontal);
                }
                Drawing::Line { element, way } => self.edge(&element, &way),
            }
        }
        self.writer.end();
        self.writer.end();
    }

    fn shape(&mut self, element: &str, place: Place, label: Option<Place>, is_horizontal: bool) {
        let id = self.fresh("shape");
        self.writer.start("bpmndi:BPMNShape");
        self.writer.attribute("id", &id);
        self.writer.attribute("bpmnElement", element);
        if is_horizontal {
            self.writer.attribute("isHorizontal", "true");
        }
        self.bounds(place);
        if let Some(label) = label {
            self.writer.start("bpmndi:BPMNLabel");
            self.bounds(label);
            self.writer.end();
        }
        self.writer.end();
    }

    fn bounds(&mut self, place: Place) {
        self.writer.start("dc:Bounds");
        for (name, value) in [("x", place.x), ("y", place.y), ("width", place.w), ("height", place.h)] {
            self.writer.attribute(name, &value.to_string());
        }
        self.writer.end();
    }

    fn edge(&mut self, element: &str, way: &Way) {
        let id = self.fresh("edge");
        self.writer.start("bpmndi:BPMNEdge");
        self.writer.attribute("id", &id);
        self.writer.attribute("bpmnElement", element);
        for (x, y) in way {
            self.writer.start("di:waypoint");
            self.writer.attribute("x", &x.to_string());
            self.writer.attribute("y", &y.to_string());
            self.writer.end();
        }
        self.writer.end();
    }
}

/// Writes documentation so that it is read as it is: white space around it is kept where the file says so (XML 1.0 §2.10).
pub(super) fn write_documentation(writer: &mut XmlWriter, name: &str, text: &str) {
    writer.start(name);
    if tidy::lines(text) != text {
        writer.attribute("xml:space", "preserve");
    }
    writer.text(text);
    writer.end();
}

/// The kind of task (BPMN 2.0 §10.3.3): people at a system, people without one, or nobody knows.
fn task(step: &DrawnStep) -> &'static str {
    match step.means.as_deref() {
        Some("手作業") => "bpmn:manualTask",
        Some(_) => "bpmn:userTask",
        None if step.system.is_some() => "bpmn:userTask",
        None => "bpmn:task",
    }
}
