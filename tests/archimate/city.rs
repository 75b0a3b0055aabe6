//! The reference city as an ArchiMate model, and back.

use ezu::application::{archimate, files as model_files, whole};
use ezu::domain::change_set::ChangeSet;
use ezu::interchange::Format;
use ezu::interchange::archimate::mapping::{Words, to_read_model};
use ezu::interchange::archimate::{Reading, write_archi, write_exchange};

use crate::support::{archi, corpora, exchange, has, invalid};
use crate::through::{empty, operations};

/// A model file without the lists of records that belong to the file it came from.
fn without_records(yaml: &str) -> Vec<String> {
    let mut kept = Vec::new();
    let mut skipping = false;
    for line in yaml.lines() {
        if !line.starts_with([' ', '-']) && line.ends_with(':') {
            skipping = ["diagrams:", "archimate_models:", "property_definitions:", "folders:"].contains(&line);
        }
        if !skipping && !line.is_empty() {
            kept.push(line.to_owned());
        }
    }
    kept
}

fn read_back(reading: Reading, format: Format) -> String {
    let workspace = empty();
    let metamodel = workspace.metamodel();
    let read = to_read_model(reading, format, "city", &Words::of(&metamodel));
    assert_eq!(read.problems, Vec::new());
    let change_set = ChangeSet { operations: operations(&read), ..ChangeSet::default() };
    let request = ezu::application::WriteRequest { change_set, ..ezu::application::WriteRequest::default() };
    if let Err(error) = workspace.commit_blocking(request) {
        panic!("{error:#?}");
    }
    whole::to_yaml(&workspace.current())
}

#[test]
fn the_city_comes_back_from_both_formats() {
    let workspace = empty();
    model_files::load_sample(&workspace).expect("sound");
    let snapshot = workspace.current();
    let city = without_records(&whole::to_yaml(&snapshot));
    let exported = archimate::of_snapshot(&snapshot, "花野市");
    assert_eq!(exported.losses, Vec::new());
    let written = write_exchange(&exported.document);
    assert_eq!(written.losses, Vec::new());
    let again = without_records(&read_back(exchange(&written.bytes), Format::ArchimateExchange));
    assert_eq!(crate::canonical::differences(&city, &again), Vec::<String>::new(), "by the exchange format");
    let archi_file = write_archi(&exported.document).expect("written");
    let lost: Vec<&str> = archi_file.losses.iter().map(|loss| loss.code).collect();
    assert_eq!(lost, ["languages", "language"], "Archi keeps one language");
    let again = without_records(&read_back(archi(&archi_file.bytes), Format::Archi));
    let found = crate::canonical::differences(&city, &again);
    // Descriptions in English go, and nobody says that the others are in Japanese.
    let is_known = |line: &String| {
        ["-     en: ", "-     ja: ", "+     und: ", "+   archimate:", "+     name_language: und"]
            .iter()
            .any(|known| line.starts_with(known))
    };
    let unknown: Vec<&String> = found.iter().filter(|line| !is_known(line)).collect();
    assert_eq!(unknown, Vec::<&String>::new(), "by Archi's format");
    if let Some(corpora) = corpora().filter(|_| has("xmllint")) {
        assert_eq!(invalid(&written.bytes, &corpora.join("xsd")), "");
    }
}

/// A view's boxes as the file places them: identifier of the box around, and left, top, right, bottom.
fn boxes(text: &str) -> Vec<(String, Option<String>, [i64; 4])> {
    let document = roxmltree::Document::parse(text).expect("well-formed");
    let nodes = document.descendants().filter(|node| node.tag_name().name() == "node");
    let number = |node: &roxmltree::Node<'_, '_>, name: &str| {
        node.attribute(name).expect("placed").parse::<i64>().expect("a number")
    };
    let place = |node: roxmltree::Node<'_, '_>| {
        let (x, y) = (number(&node, "x"), number(&node, "y"));
        let around = node.parent().expect("a parent");
        let view = node.ancestors().find(|held| held.tag_name().name() == "view").expect("a view");
        let around = around.attribute("identifier").filter(|_| around.tag_name().name() == "node");
        let around = around.or(view.attribute("identifier")).map(str::to_owned);
        (
            node.attribute("identifier").expect("an id").to_owned(),
            around,
            [x, y, x + number(&node, "w"), y + number(&node, "h")],
        )
    };
    nodes.map(place).collect()
}

#[test]
fn the_citys_views_are_laid_out() {
    let workspace = empty();
    model_files::load_sample(&workspace).expect("sound");
    let view = workspace.view(ezu::application::ViewRequest::default()).expect("a view");
    let settings = ezu::settings::Diagrams::default();
    let file = archimate::export(&view, archimate::ArchimateFormat::Exchange, "花野市", &settings).expect("written");
    let text = String::from_utf8(file.bytes.clone()).expect("UTF-8");
    if let Some(corpora) = corpora().filter(|_| has("xmllint")) {
        assert_eq!(invalid(&file.bytes, &corpora.join("xsd")), "");
    }
    if let Ok(path) = std::env::var("EZU_WRITE_CITY") {
        std::fs::write(path, &file.bytes).expect("written");
    }
    let reading = exchange(&file.bytes);
    assert_eq!(reading.document.views.len(), 4);
    assert!(reading.document.views.iter().all(|view| !view.drawing.nodes.is_empty()));
    let flows = reading.document.relationships.iter().filter(|held| held.kind == "Flow").count();
    let relations =
        reading.document.views.iter().filter(|view| ["view-systems", "view-external"].contains(&view.id.as_str()));
    let drawn: Vec<&String> =
        relations.flat_map(|view| &view.drawing.connections).filter_map(|line| line.relationship.as_ref()).collect();
    let once: std::collections::BTreeSet<&String> = drawn.iter().copied().collect();
    assert_eq!((drawn.len(), once.len()), (flows, flows), "every data flow is drawn once");
    let boxes = boxes(&text);
    assert!(boxes.len() > 150, "{}", boxes.len());
    for (id, around, [left, top, right, bottom]) in &boxes {
        for (other, beside, [l, t, r, b]) in &boxes {
            if id < other && around == beside {
                assert!(right <= l || r <= left || bottom <= t || b <= top, "{id} and {other} overlap");
            }
            if around.as_ref() == Some(other) {
                assert!(l <= left && t <= top && right <= r && bottom <= b, "{id} sticks out of {other}");
            }
        }
    }
}
