//! Everything in the corpora, counted by an independent reader.

use std::collections::BTreeSet;
use std::time::Instant;

use ezu::application::imports::ImportOptions;
use ezu::interchange::{Format, ReadItem, SourceFile, Statement, Target};
use roxmltree::{Document, Node};

use crate::support::{
    bpmn, corpus, empty, import, of_kind, peak_memory, proposal, reset_peak_memory, structurizr, value,
};

const MODEL: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const ACTIVITIES: [&str; 12] = [
    "task",
    "userTask",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "manualTask",
    "scriptTask",
    "businessRuleTask",
    "callActivity",
    "subProcess",
    "adHocSubProcess",
    "transaction",
];

/// Counts of the same thing by two readers.
#[derive(Debug, PartialEq, Eq)]
struct Counts {
    processes: usize,
    /// Activities with no activity inside.
    steps: usize,
    /// Different names of lanes and pools that steps are in.
    performers: usize,
    /// Different names of data.
    data: usize,
    message_flows: usize,
}

fn is(node: &Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().namespace() == Some(MODEL) && node.tag_name().name() == name
}

fn is_activity(node: &Node<'_, '_>) -> bool {
    let in_process = node.ancestors().any(|above| is(&above, "process"));
    in_process && ACTIVITIES.iter().any(|name| is(node, name))
}

/// A name as a person reads it off the drawing.
fn name(node: &Node<'_, '_>) -> String {
    node.attribute("name").unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Who does a step, found from the step: the innermost lane that lists it or a sub-process around it, else the pool,
/// else a resource.
fn performer(document: &Document<'_>, step: Node<'_, '_>) -> Option<String> {
    for around in step.ancestors().filter(is_activity) {
        let id = around.attribute("id")?;
        let lists = |lane: &Node<'_, '_>| {
            is(lane, "lane")
                && lane.children().any(|child| is(&child, "flowNodeRef") && child.text().map(str::trim) == Some(id))
        };
        let lane = document.descendants().filter(lists).max_by_key(|lane| lane.ancestors().count());
        let named = lane.and_then(|lane| {
            lane.ancestors().filter(|above| is(above, "lane")).map(|lane| name(&lane)).find(|name| !name.is_empty())
        });
        if named.is_some() {
            return named;
        }
    }
    let local = |text: &str| text.trim().rsplit(':').next().unwrap_or_default().to_owned();
    let process = step.ancestors().find(|above| is(above, "process"))?.attribute("id")?;
    let pool = document
        .descendants()
        .find(|node| is(node, "participant") && node.attribute("processRef").map(local).as_deref() == Some(process));
    let resource = || {
        let held = step.children().flat_map(|child| child.children()).filter(|node| is(node, "resourceRef"));
        let ids: Vec<String> = held.filter_map(|node| node.text()).map(local).collect();
        ids.iter().find_map(|id| document.descendants().find(|node| node.attribute("id") == Some(id))).map(|n| name(&n))
    };
    pool.map(|pool| name(&pool)).filter(|name| !name.is_empty()).or_else(resource).filter(|name| !name.is_empty())
}

fn counted(document: &Document<'_>) -> Counts {
    let count = |name: &str| document.descendants().filter(|node| is(node, name)).count();
    let steps: Vec<Node<'_, '_>> = document
        .descendants()
        .filter(is_activity)
        .filter(|node| !node.descendants().skip(1).any(|inner| is_activity(&inner)))
        .collect();
    Counts {
        processes: count("process"),
        performers: steps.iter().filter_map(|step| performer(document, *step)).collect::<BTreeSet<_>>().len(),
        steps: steps.len(),
        data: data(document).len(),
        message_flows: count("messageFlow"),
    }
}

/// Names of the data that activities and events are joined with.
fn data(document: &Document<'_>) -> BTreeSet<String> {
    let by_id = |id: &str| document.descendants().find(|node| node.attribute("id") == Some(id));
    let is_data = |node: &Node<'_, '_>| {
        let kinds = ["dataObject", "dataObjectReference", "dataStoreReference", "dataInput", "dataOutput"];
        kinds.iter().any(|kind| is(node, kind))
    };
    let mut ids: Vec<String> = Vec::new();
    for node in document.descendants() {
        let text = |name: &str| {
            let found = node.children().filter(|child| is(child, name)).filter_map(|child| child.text());
            found.map(|text| text.trim().to_owned()).collect::<Vec<_>>()
        };
        if is(&node, "dataInputAssociation") {
            ids.extend(text("sourceRef"));
        } else if is(&node, "dataOutputAssociation") {
            ids.extend(text("targetRef"));
        } else if is(&node, "association") {
            ids.extend(["sourceRef", "targetRef"].iter().filter_map(|end| node.attribute(*end)).map(str::to_owned));
        }
    }
    let mut names = BTreeSet::new();
    for held in ids.iter().filter_map(|id| by_id(id)).filter(is_data) {
        // An input or output of an activity is where its data end, and no data of the process.
        let owner = held.ancestors().find(|above| is_activity(above) || is(above, "process"));
        if (is(&held, "dataInput") || is(&held, "dataOutput")) && owner.is_some_and(|owner| is_activity(&owner)) {
            continue;
        }
        let behind = held.attribute("dataObjectRef").or(held.attribute("dataStoreRef")).and_then(by_id);
        let object = behind.map(|object| name(&object)).filter(|name| !name.is_empty());
        let own = name(&held).split('[').next().unwrap_or_default().trim().to_owned();
        names.insert(object.unwrap_or(own));
    }
    names
}

#[test]
fn every_process_is_read_as_an_independent_reader_counts_it() {
    let Some(paths) = corpus("bpmn", ".bpmn") else { return };
    assert!(paths.len() >= 30, "the corpus holds at least thirty files, found {}", paths.len());
    println!("file | processes | steps | performers | data | message flows | problems | milliseconds | peak KiB");
    let mut differences = Vec::new();
    for path in paths {
        let bytes = std::fs::read(&path).expect("readable");
        let file = path.file_name().expect("a name").to_string_lossy().into_owned();
        assert_eq!(Format::guess(&SourceFile { name: &file, bytes: &bytes }), Format::Bpmn, "{file}");
        reset_peak_memory();
        let started = Instant::now();
        let read = bpmn(&file, &bytes).unwrap_or_else(|error| panic!("{file}: {error}"));
        let milliseconds = started.elapsed().as_millis();
        let peak = peak_memory() >> 10;
        // The independent reader takes UTF-8 only; the files in ISO-8859-1 hold bytes that are one character each.
        let latin = || bytes.iter().map(|byte| char::from(*byte)).collect();
        let text = String::from_utf8(bytes.clone()).unwrap_or_else(|_| latin());
        let document = Document::parse(text.trim_start_matches('\u{feff}')).expect("well-formed");
        let steps = of_kind(&read, "process_step");
        let lane = |item: &ReadItem| match item.field("lane") {
            Some(Statement::References(all)) => Some(all[0].target.clone()),
            _ => None,
        };
        let found = Counts {
            processes: of_kind(&read, "business_process").len(),
            performers: steps.iter().filter_map(|step| lane(step)).collect::<BTreeSet<Target>>().len(),
            steps: steps.len(),
            data: of_kind(&read, "data_object").len(),
            message_flows: of_kind(&read, "flow").len(),
        };
        let Counts { processes, steps, performers, data, message_flows } = &found;
        let problems = read.problems.len();
        println!(
            "{file} | {processes} | {steps} | {performers} | {data} | {message_flows} | {problems} | {milliseconds} | {peak}"
        );
        let expected = counted(&document);
        if found != expected {
            differences.push(format!("{file}: read {found:?}, counted {expected:?}"));
        }
        let kept = of_kind(&read, "process_diagram");
        assert_same_tree(&document, value(kept[0], "content").as_str().expect("a text"), &file);
    }
    assert_eq!(differences, Vec::<String>::new());
}

/// Nothing of the file is missing in what is kept: element by element, attribute by attribute, text by text.
fn assert_same_tree(document: &Document<'_>, kept: &str, file: &str) {
    let other = Document::parse(kept).unwrap_or_else(|error| panic!("{file}: {error}"));
    let all = |document: &Document<'_>| -> Vec<String> {
        let node = |node: Node<'_, '_>| {
            let attributes: Vec<_> =
                node.attributes().map(|held| (held.namespace(), held.name(), held.value())).collect();
            format!("{:?} {attributes:?} {:?}", node.tag_name(), node.text())
        };
        document.descendants().filter(Node::is_element).map(node).collect()
    };
    assert_eq!(all(document), all(&other), "{file}");
}

/// Imports a file into an empty model; nothing is refused, and the second time nothing is new.
fn goes_in_once(file: &str, bytes: &[u8]) {
    let workspace = empty();
    let report = import(&workspace, file, bytes, &ImportOptions::default());
    let problems = report["problems"].as_array().expect("a list");
    let refused: Vec<&serde_json::Value> = problems.iter().filter(|problem| problem["code"] == "refused").collect();
    assert!(refused.is_empty(), "{file}: {refused:?}");
    let again = proposal(&workspace, file, bytes, &ImportOptions::default());
    assert!(again.operations.is_empty(), "{file}: {:?}", again.operations);
}

#[test]
fn every_process_goes_into_a_model_and_says_nothing_new_the_second_time() {
    let Some(paths) = corpus("bpmn", ".bpmn") else { return };
    for path in paths {
        let bytes = std::fs::read(&path).expect("readable");
        goes_in_once(&path.file_name().expect("a name").to_string_lossy(), &bytes);
    }
}

#[test]
fn every_workspace_is_read_as_its_json_counts_it() {
    let Some(paths) = corpus("structurizr", ".json") else { return };
    assert!(paths.len() >= 5, "{paths:?}");
    println!("file | people, systems, containers, components, relationships | problems | milliseconds | peak KiB");
    for path in paths {
        let bytes = std::fs::read(&path).expect("readable");
        let file = path.file_name().expect("a name").to_string_lossy().into_owned();
        assert_eq!(Format::guess(&SourceFile { name: &file, bytes: &bytes }), Format::Structurizr, "{file}");
        let json: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        let list = |json: &serde_json::Value, name: &str| json[name].as_array().cloned().unwrap_or_default();
        let people = list(&json["model"], "people");
        let systems = list(&json["model"], "softwareSystems");
        let containers: Vec<_> = systems.iter().flat_map(|system| list(system, "containers")).collect();
        let components: Vec<_> = containers.iter().flat_map(|container| list(container, "components")).collect();
        let elements = people.iter().chain(&systems).chain(&containers).chain(&components);
        let relationships: usize = elements.map(|element| list(element, "relationships").len()).sum();
        reset_peak_memory();
        let started = Instant::now();
        let read = structurizr(&file, &bytes).expect("readable");
        let (milliseconds, peak) = (started.elapsed().as_millis(), peak_memory() >> 10);
        let count = |kind: &str| of_kind(&read, kind).len();
        assert_eq!(count("business_role"), people.len(), "{file}");
        assert_eq!(count("system"), systems.len() + containers.len(), "{file}");
        assert_eq!(count("application_component"), components.len(), "{file}");
        assert_eq!(count("depends_on") + count("serving"), relationships, "{file}");
        let numbers = [people.len(), systems.len(), containers.len(), components.len(), relationships];
        println!("{file} | {numbers:?} | {} | {milliseconds} | {peak}", read.problems.len());
        goes_in_once(&file, &bytes);
    }
}
