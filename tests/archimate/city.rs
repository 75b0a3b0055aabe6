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
    let again = without_records(&read_back(archi(&archi_file.bytes), Format::Archi));
    assert_eq!(crate::canonical::differences(&city, &again), Vec::<String>::new(), "by Archi's format");
    if let Some(corpora) = corpora().filter(|_| has("xmllint")) {
        assert_eq!(invalid(&written.bytes, &corpora.join("xsd")), "");
    }
}
