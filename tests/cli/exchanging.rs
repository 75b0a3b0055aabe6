//! Models of other tools from the command line: in and out, whatever the form.

use crate::support::{Folder, repository};

const SMALL: &str = "\
model: small
departments:
- id: dept-a
  name: 甲課
systems:
- id: sys-a
  name: システム甲
  owner_department: dept-a
  availability:
    rto_hours: 4
- id: sys-b
  name: システム乙
  depends_on:
  - target: sys-a
    level: essential
";

/// What a model that read the export says again.
fn says_the_same(folder: &Folder, file: &str) {
    let loaded = folder.succeeds(&["import", file, "--yes", "--data", "other"]);
    assert!(loaded.contains("revision 1"), "{loaded}");
    let said = folder.succeeds(&["export", "--data", "other"]);
    for line in SMALL.lines().skip(1) {
        assert!(said.contains(line.trim()), "{line} is not in\n{said}");
    }
    let again = folder.succeeds(&["import", file, "--yes", "--data", "other"]);
    assert!(again.contains("nothing to do"), "{again}");
}

fn small() -> Folder {
    let folder = Folder::new();
    folder.write("small.yaml", SMALL);
    folder.succeeds(&["import", "small.yaml"]);
    folder
}

#[test]
fn the_exchange_format_goes_out_and_comes_in() {
    let folder = small();
    folder.succeeds(&["export", "--format", "archimate-exchange", "--output", "small.xml"]);
    assert!(folder.read("small.xml").contains("http://www.opengroup.org/xsd/archimate/3.0/"));
    says_the_same(&folder, "small.xml");
}

#[test]
fn a_file_of_archi_goes_out_and_comes_in() {
    let folder = small();
    folder.succeeds(&["export", "--format", "archi", "--output", "small.archimate"]);
    assert!(folder.read("small.archimate").contains("http://www.archimatetool.com/archimate"));
    says_the_same(&folder, "small.archimate");
}

#[test]
fn a_tree_of_coarchi_goes_out_and_comes_in_packed_or_as_a_folder() {
    let folder = small();
    folder.succeeds(&["export", "--format", "coarchi", "--output", "tree.zip"]);
    says_the_same(&folder, "tree.zip");
    let packed = std::fs::File::open(folder.path("tree.zip")).expect("there");
    zip::ZipArchive::new(packed).expect("a zip file").extract(folder.path("clone")).expect("unpacked");
    // What git and others keep beside the model is no part of it.
    folder.write("clone/.git/model/folder.xml", "not XML");
    folder.write("clone/README.md", "# a model");
    let same = folder.succeeds(&["import", "clone", "--yes", "--data", "other"]);
    assert!(same.contains("nothing to do"), "{same}");
    folder.write("nothing/here.txt", "");
    assert!(folder.fails(3, &["import", "nothing"]).contains("holds no model file"));
}

#[test]
fn a_process_diagram_comes_in_and_is_drawn() {
    let folder = Folder::with_city();
    let diagram = repository("tests/bpmn/fixtures/counter.bpmn");
    let shown = folder.succeeds(&["import", &diagram, "--dry-run"]);
    assert!(shown.contains("process_step") && shown.contains("dry run: nothing was changed"), "{shown}");
    let loaded = folder.succeeds(&["import", &diagram, "--yes"]);
    assert!(loaded.contains("revision 2"), "{loaded}");
    let again = folder.succeeds(&["import", &diagram, "--yes"]);
    assert!(again.contains("nothing to do"), "{again}");
    folder.succeeds(&["export", "--format", "bpmn", "--output", "all.bpmn"]);
    let drawn = folder.read("all.bpmn");
    for name in ["転入の受付", "差し戻す", "証明書を送る", "BPMNShape", "BPMNEdge"] {
        assert!(drawn.contains(name), "{name} is not drawn");
    }
}

#[test]
fn a_workspace_of_structurizr_is_told_from_a_model_of_ezu() {
    let folder = Folder::new();
    let workspace = r#"{"id": 1, "name": "w", "model": {"people": [{"id": "1", "name": "職員"}], "softwareSystems": [{"id": "2", "name": "窓口"}]}}"#;
    folder.write("workspace.json", workspace);
    folder.write("model.json", r#"{"model": "m", "systems": [{"id": "sys-a", "name": "甲"}]}"#);
    folder.succeeds(&["import", "workspace.json", "--yes"]);
    folder.succeeds(&["import", "model.json", "--yes"]);
    let said = folder.succeeds(&["export"]);
    assert!(said.contains("name: 窓口") && said.contains("name: 甲"), "{said}");
    // What keeps the workspace is a model of ezu all the same.
    let exported = folder.succeeds(&["export", "--format", "json"]);
    folder.write("exported.json", &exported);
    let again = folder.succeeds(&["import", "exported.json", "--yes"]);
    assert!(again.contains("nothing to do"), "{again}");
}

#[test]
fn an_imported_drawing_comes_back_and_what_it_cannot_show_is_told() {
    let folder = Folder::new();
    let drawing = include_str!("../bpmn/fixtures/counter.bpmn");
    folder.write("counter.bpmn", drawing);
    folder.succeeds(&["import", "counter.bpmn", "--yes"]);
    assert_eq!(folder.succeeds(&["export", "--format", "bpmn", "--drawing", "imported"]), drawing);
    let drawn = folder.run(&["export", "--format", "bpmn", "--language", "en"]);
    assert!(drawn.out.contains("exporter=\"ezu\""), "{}", drawn.out);
    assert!(drawn.err.contains("drawn anew, without gateways and events"), "{}", drawn.err);
    let drawn = folder.run(&["export", "--format", "bpmn", "--drawing", "new"]);
    assert_eq!(drawn.err, "");
}
