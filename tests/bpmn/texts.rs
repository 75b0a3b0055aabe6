//! The model as text for other programs.

use ezu::application::Workspace;
use ezu::application::texts::{TextError, TextForm, TextRequest, write};
use ezu::domain::element::Model;
use roxmltree::Document;

use crate::support::city;

fn around(form: TextForm, id: &str) -> TextRequest {
    TextRequest { around: vec![id.to_owned()], ..TextRequest::of(form) }
}

fn text(workspace: &Workspace, request: &TextRequest) -> String {
    write(&workspace.current_view(), request).expect("written").text
}

/// Elements and relationships of the model, records left out: counted kind by kind.
fn counts(workspace: &Workspace) -> (usize, usize) {
    let snapshot = workspace.current();
    let metamodel = snapshot.metamodel();
    let record = metamodel.kind_named("record").expect("a kind").id;
    let of = |id| snapshot.ids_of_kind(id, None).count();
    let elements =
        metamodel.element_kinds().filter(|kind| !metamodel.is_a(kind.id, record)).map(|kind| of(kind.id)).sum();
    (elements, metamodel.relationship_kinds().map(|kind| of(kind.id)).sum())
}

#[test]
fn ndjson_is_every_item_on_a_line_of_its_own() {
    let workspace = city();
    let text = text(&workspace, &TextRequest::of(TextForm::Ndjson));
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let (elements, relationships) = counts(&workspace);
    let of = |word: &str| lines.iter().filter(|line| line["type"] == word).count();
    assert_eq!((of("element"), of("relationship")), (elements, relationships));
    let juki = lines.iter().find(|line| line["id"] == "sys-juki").expect("the system");
    assert_eq!(juki["kind"], "system");
    assert!(juki["attributes"]["availability"]["rto_hours"].is_i64(), "groups stay groups: {juki}");
    assert!(juki["attributes"].get("owner_department").is_none(), "references stand as relationships of their own");
    let owned = |line: &&serde_json::Value| line["kind"] == "owned_by" && line["source"] == "sys-juki";
    assert_eq!(lines.iter().filter(owned).count(), 1);
}

#[test]
fn graphml_holds_every_element_and_every_relationship_between_them() {
    let workspace = city();
    let text = text(&workspace, &TextRequest::of(TextForm::GraphMl));
    let document = Document::parse(&text).expect("well-formed");
    let of = |name: &str| document.descendants().filter(|node| node.tag_name().name() == name).collect::<Vec<_>>();
    let (elements, relationships) = counts(&workspace);
    let (nodes, edges) = (of("node"), of("edge"));
    // A relationship that another one ends at is a node between two edges.
    let ends = nodes.len() - elements;
    assert!(ends > 0, "the city has flows that carry data");
    assert_eq!(edges.len(), relationships + ends);
    let ids: std::collections::BTreeSet<_> = nodes.iter().filter_map(|node| node.attribute("id")).collect();
    for edge in &edges {
        assert!(ids.contains(edge.attribute("source").expect("an end")));
        assert!(ids.contains(edge.attribute("target").expect("an end")));
    }
    let keys: std::collections::BTreeSet<_> = of("key").iter().filter_map(|key| key.attribute("id")).collect();
    assert!(of("data").iter().all(|data| keys.contains(data.attribute("key").expect("a key"))));
    let numbers = of("key").into_iter().filter(|key| key.attribute("attr.type") == Some("long"));
    for key in numbers.filter_map(|key| key.attribute("id")) {
        let values = of("data").into_iter().filter(|data| data.attribute("key") == Some(key));
        assert!(
            values.filter_map(|data| data.text()).all(|text| text.parse::<i64>().is_ok()),
            "{key} holds whole numbers"
        );
    }
}

#[test]
fn mermaid_and_plantuml_draw_what_is_around_a_system() {
    let workspace = city();
    let view = workspace.current_view();
    let near: std::collections::BTreeSet<String> = view
        .outgoing("sys-juki", None)
        .iter()
        .map(|held| held.target.to_string())
        .chain(view.incoming("sys-juki", None).iter().map(|held| held.source.to_string()))
        .filter(|id| view.element(id).is_some())
        .chain(["sys-juki".to_owned()])
        .collect();
    let mermaid = text(&workspace, &around(TextForm::Mermaid, "sys-juki"));
    assert!(mermaid.starts_with("flowchart LR\n"), "{mermaid}");
    assert_eq!(mermaid.lines().filter(|line| line.contains("<br/>«")).count(), near.len());
    assert!(mermaid.contains("住民記録システム"), "{mermaid}");
    let plantuml = text(&workspace, &around(TextForm::PlantUml, "sys-juki"));
    assert!(plantuml.starts_with("@startuml\n!include <archimate/Archimate>\n"), "{plantuml}");
    assert!(plantuml.ends_with("@enduml\n"));
    assert!(plantuml.contains("Application_Component(") && plantuml.contains("Rel_Flow("), "{plantuml}");
    // Network zones are groupings; every other type has a macro of its own.
    let zones = near.iter().filter(|id| id.starts_with("zone-")).count();
    assert_eq!(plantuml.matches("Grouping(").count(), zones, "{plantuml}");
}

#[test]
fn the_same_view_gives_the_same_text() {
    let workspace = city();
    for form in TextForm::ALL {
        assert_eq!(text(&workspace, &TextRequest::of(form)), text(&workspace, &TextRequest::of(form)), "{form:?}");
    }
}

#[test]
fn what_is_not_there_is_said() {
    let workspace = city();
    let view = workspace.current_view();
    let error = |request: TextRequest| write(&view, &request).expect_err("refused");
    assert!(
        matches!(error(around(TextForm::Mermaid, "sys-jukki")), TextError::UnknownItem(_, hint) if hint.contains("sys-juki"))
    );
    assert!(matches!(error(around(TextForm::Bpmn, "sys-juki")), TextError::NoSteps(_)));
    let kinds = TextRequest { kinds: vec!["sytem".to_owned()], ..TextRequest::of(TextForm::GraphMl) };
    assert!(matches!(error(kinds), TextError::UnknownKind(_, hint) if hint.contains("system")));
    let diagram = TextRequest { diagram: Some("sys-juki".to_owned()), ..TextRequest::of(TextForm::Mermaid) };
    assert!(matches!(error(diagram), TextError::NoDiagram(..)));
}
