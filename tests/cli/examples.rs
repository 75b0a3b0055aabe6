//! The examples load.

use ezu::settings::Settings;

use crate::support::{Folder, repository};

#[test]
fn the_small_model_loads_and_answers() {
    let folder = Folder::new();
    let said = folder.succeeds(&["import", &repository("examples/ten-elements.yaml")]);
    assert!(said.contains("total: 11 created"), "ten elements and a data flow: {said}");
    let answer = folder.succeeds(&["impact", "sys-kyutokei", "--language", "en"]);
    assert!(answer.contains("prc-shinsei"), "{answer}");
    // The file is written as an export writes it, comments aside.
    let example = std::fs::read_to_string(repository("examples/ten-elements.yaml")).expect("readable");
    let records = example.split_once("model:").expect("a header").1.split_once('\n').expect("lines").1.to_owned();
    let export = folder.succeeds(&["export"]);
    assert_eq!(export.split_once('\n').expect("lines").1, records);
}

#[test]
fn the_metamodel_extension_loads() {
    let folder = Folder::new();
    let extension = repository("examples/our-city-metamodel");
    let said = folder.succeeds(&["import", &repository("examples/our-city.yaml"), "--metamodel", &extension]);
    assert!(said.contains("form "), "{said}");
    let answer = folder.succeeds(&["impact", "sys-shomei", "--language", "en", "--metamodel", &extension]);
    assert!(answer.contains("frm-juminhyo") && answer.contains("impaired"), "{answer}");
    // Without the extension the same file is refused, and the message helps.
    let error = folder.fails(1, &["import", &repository("examples/our-city.yaml"), "--data", "other"]);
    assert!(error.contains("forms"), "{error}");
}

#[test]
fn the_settings_page_says_what_holds() {
    let page = std::fs::read_to_string(repository("docs/settings.md")).expect("readable");
    let block = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block");
    let folder = Folder::new();
    folder.write("page.toml", block);
    let (said, usual) = (Settings::load(Some(&folder.path("page.toml"))).expect("loads"), Settings::default());
    assert_eq!(format!("{said:?}"), format!("{usual:?}"));
    let json = serde_json::to_value(usual).expect("JSON");
    let groups = json.as_object().expect("an object").iter();
    for (group, settings) in groups {
        let names = settings.as_object().map_or(vec![group], |settings| settings.keys().collect());
        for name in names {
            assert!(block.contains(&format!("{name} = ")), "{name} is not on the page");
        }
    }
}
