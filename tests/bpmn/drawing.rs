//! Processes of the model as BPMN: what they say comes back, and nothing of the drawing overlaps.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use ezu::application::Workspace;
use ezu::application::imports::ImportOptions;
use ezu::domain::element::Model;
use ezu::interchange::bpmn;
use proptest::prelude::*;
use roxmltree::{Document, Node};
use serde_json::json;

use crate::support::{changes, city, empty, import, proposal};

/// The reference city, its processes with steps, and their drawing.
fn drawn_city() -> (Workspace, Vec<String>, String) {
    let workspace = city();
    let snapshot = workspace.current();
    let kind = |name: &str| snapshot.metamodel().kind_named(name).expect("a kind").id;
    let (process, has_step) = (kind("business_process"), kind("has_step"));
    let all = snapshot.ids_of_kind(process, None).map(ToString::to_string);
    let ids: Vec<String> = all.filter(|id| !snapshot.outgoing(id, Some(has_step)).is_empty()).collect();
    let written = bpmn::write(&*snapshot, &ids);
    assert_eq!(written.left_out, Vec::<String>::new());
    (workspace, ids, written.text)
}

#[test]
fn the_city_reads_its_own_drawings_as_what_it_knows() {
    let (workspace, ids, text) = drawn_city();
    assert!(ids.len() > 3, "{ids:?}");
    let back = proposal(&workspace, "city.bpmn", text.as_bytes(), &ImportOptions::default());
    let report = serde_json::to_value(&back.report).expect("JSON");
    assert_eq!(changes(&report), Vec::new(), "{:#}", report["changes"]);
    assert_eq!([&report["conflicts"], &report["questions"], &report["problems"]], [&json!([]); 3]);
}

#[test]
fn an_edit_of_a_drawing_comes_back_as_that_edit() {
    let (workspace, ids, _) = drawn_city();
    let text = bpmn::write(&*workspace.current(), &ids[..1]).text;
    import(&workspace, "one.bpmn", text.as_bytes(), &ImportOptions::default());
    let document = Document::parse(&text).expect("well-formed");
    let task = document.descendants().find(|node| node.tag_name().name().ends_with("Task")).expect("a task");
    let (name, step) = (task.attribute("name").expect("a name"), task.attribute("id").expect("an id"));
    let edited = text.replacen(&format!("name=\"{name}\""), "name=\"書き直した作業\"", 1);
    assert_ne!(edited, text);
    let back = proposal(&workspace, "one.bpmn", edited.as_bytes(), &ImportOptions::default());
    let report = serde_json::to_value(&back.report).expect("JSON");
    assert_eq!(changes(&report), [("process_step".to_owned(), step.to_owned(), 1)], "{report:#}");
}

type Bounds = (i64, i64, i64, i64);

/// Boxes and ways by the element they draw.
#[derive(Default)]
struct Drawing {
    boxes: BTreeMap<String, Bounds>,
    ways: BTreeMap<String, Vec<(i64, i64)>>,
    kinds: BTreeMap<String, String>,
}

fn drawing(document: &Document<'_>) -> Drawing {
    let number =
        |node: &Node<'_, '_>, name: &str| node.attribute(name).and_then(|t| t.parse().ok()).expect("a whole number");
    let mut drawing = Drawing::default();
    for node in document.descendants() {
        let of = || node.attribute("bpmnElement").expect("an element").to_owned();
        match node.tag_name().name() {
            "BPMNShape" => {
                let b = node.children().find(|held| held.tag_name().name() == "Bounds").expect("bounds");
                let bounds = (number(&b, "x"), number(&b, "y"), number(&b, "width"), number(&b, "height"));
                drawing.boxes.insert(of(), bounds);
            }
            "BPMNEdge" => {
                let points = node.children().filter(Node::is_element).map(|p| (number(&p, "x"), number(&p, "y")));
                drawing.ways.insert(of(), points.collect());
            }
            name => {
                if let (Some(id), true) = (node.attribute("id"), node.tag_name().namespace() != Some(bpmn::EZU)) {
                    drawing.kinds.insert(id.to_owned(), name.to_owned());
                }
            }
        }
    }
    drawing
}

fn overlap(a: Bounds, b: Bounds) -> bool {
    a.0 < b.0 + b.2 && b.0 < a.0 + a.2 && a.1 < b.1 + b.3 && b.1 < a.1 + a.3
}

/// Ids are unique, references lead somewhere, boxes are apart and inside, sequence flows cross nothing.
fn check(text: &str) {
    let document = Document::parse(text).expect("well-formed");
    let standard = || document.descendants().filter(|node| node.tag_name().namespace() != Some(bpmn::EZU));
    let ids: Vec<&str> = standard().filter_map(|node| node.attribute("id")).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(unique.len(), ids.len(), "every id once");
    for node in standard() {
        for name in ["sourceRef", "targetRef", "processRef", "dataObjectRef", "bpmnElement"] {
            let id = node.attribute(name);
            assert!(id.is_none_or(|id| unique.contains(id)), "{name} {id:?} is there");
        }
    }
    let drawing = drawing(&document);
    let is = |id: &str, kinds: &[&str]| kinds.contains(&drawing.kinds[id].as_str());
    let inner: Vec<_> = drawing.boxes.iter().filter(|(id, _)| !is(id, &["participant", "lane"])).collect();
    for (place, (id, a)) in inner.iter().enumerate() {
        for (other, b) in &inner[place + 1..] {
            assert!(!overlap(**a, **b), "{id} and {other} overlap: {a:?} {b:?}");
        }
        let mut pools = drawing.boxes.iter().filter(|(id, _)| is(id, &["participant"]));
        let is_inside = |frame: &Bounds| {
            a.0 >= frame.0 && a.1 >= frame.1 && a.0 + a.2 <= frame.0 + frame.2 && a.1 + a.3 <= frame.1 + frame.3
        };
        assert!(pools.any(|(_, pool)| is_inside(pool)), "{id} is in a pool");
    }
    for (id, way) in drawing.ways.iter().filter(|(id, _)| is(id, &["sequenceFlow"])) {
        for pair in way.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            // A line without the points at which it begins and ends, one pixel wide.
            let line = if a.1 == b.1 {
                (a.0.min(b.0) + 1, a.1, (a.0 - b.0).abs() - 2, 1)
            } else {
                (a.0, a.1.min(b.1) + 1, 1, (a.1 - b.1).abs() - 2)
            };
            for (other, held) in &inner {
                assert!(!overlap(line, **held), "{id} crosses {other}");
            }
        }
    }
}

#[test]
fn nothing_of_the_city_overlaps() {
    let (workspace, ids, text) = drawn_city();
    if let Ok(folder) = std::env::var("EZU_WRITE_BPMN") {
        // For a look at them with render.mjs.
        for id in &ids {
            let one = bpmn::write(&*workspace.current(), std::slice::from_ref(id));
            std::fs::write(format!("{folder}/{id}.bpmn"), one.text).expect("written");
        }
        std::fs::write(format!("{folder}/all.bpmn"), &text).expect("written");
    }
    check(&text);
    ids.iter().for_each(|id| check(&bpmn::write(&*workspace.current(), std::slice::from_ref(id)).text));
}

type RandomStep = (usize, Option<u32>, Vec<usize>, Vec<usize>, bool);

/// A process as a model file, from random parts.
fn model_file(steps: &[RandomStep]) -> String {
    const NAMES: [&str; 4] = ["届書", "住民票 <情報>", "決定通知", "写し & 控え"];
    let mut text = String::from(
        "departments:\n- {id: dept-a, name: 市民課}\n- {id: dept-b, name: 税務課}\nexternals:\n- {id: ext-a, name: 市民}\n\
         systems:\n- {id: sys-a, name: \"住民記録 & 印鑑\"}\ndata_objects:\n- {id: dat-a, name: 届書}\n\
         business_processes:\n- id: prc-a\n  name: 試験\n  data:\n  - {data: dat-a, crud: CRU}\n  steps:\n",
    );
    let list = |of: &[usize]| of.iter().map(|place| NAMES[place % NAMES.len()]).collect::<Vec<_>>().join("、");
    for (number, (lane, minutes, inputs, outputs, system)) in steps.iter().enumerate() {
        let mut line = |text_of: String| writeln!(text, "    {text_of}").expect("a string takes everything");
        line(format!("function: 作業{number}"));
        line(format!("\"no\": {}", number + 1));
        if let Some(lane) = ["dept-a", "dept-b", "ext-a"].get(*lane) {
            line(format!("lane: {lane}"));
        }
        if let Some(minutes) = minutes {
            line(format!("minutes_per_case: {minutes}"));
        }
        for (name, of) in [("input", inputs), ("output", outputs)] {
            if !of.is_empty() {
                line(format!("{name}: \"{}\"", list(of)));
            }
        }
        if *system {
            line("system: sys-a".into());
            line("means: システム".into());
            line("medium: 画面".into());
        }
    }
    text.replace("    function", "  - function")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_process_comes_back_from_its_drawing(
        steps in prop::collection::vec(
            (
                0..4_usize,
                prop::option::of(0..90_u32),
                prop::collection::vec(0..4_usize, 0..3),
                prop::collection::vec(0..4_usize, 0..3),
                any::<bool>(),
            ),
            1..8,
        )
    ) {
        let workspace = empty();
        let report = import(&workspace, "city.yaml", model_file(&steps).as_bytes(), &ImportOptions::default());
        prop_assert_eq!(&report["problems"], &json!([]));
        let text = bpmn::write(&*workspace.current(), &["prc-a".to_owned()]).text;
        check(&text);
        let back = proposal(&workspace, "a.bpmn", text.as_bytes(), &ImportOptions::default());
        let report = serde_json::to_value(&back.report).expect("JSON");
        prop_assert_eq!(changes(&report), Vec::new(), "{}", text);
        prop_assert_eq!(&report["conflicts"], &json!([]));
    }
}
