//! Any model → a workbook → the same model.

use ezu::application::imports::{ImportFile, ImportOptions};
use ezu::application::tables::{TableRequest, to_workbook};
use ezu::application::{Workspace, whole};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::support::{empty, import, write};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ぁ-んァ-ヶ一-龠a-zA-Z0-9０-９・（）()、。,=+@'\"-]{1,12}",
        "\\PC{1,16}",
        "[ \\t\\n\"_x0-9;,、・=+@-]{1,12}",
        Just("なし".to_owned()),
        Just("-".to_owned()),
        Just("2026-03-31".to_owned()),
        Just("x".repeat(40_000)),
    ]
    .prop_filter("characters that the model takes", |text| {
        let wrong = |c: char| {
            (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        !text.chars().any(wrong)
    })
}

fn name() -> impl Strategy<Value = String> {
    text()
        .prop_map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
        .prop_filter("a name", |name| !name.is_empty() && name.len() < 500)
}

fn system(number: usize) -> impl Strategy<Value = Json> {
    let optional = |values: BoxedStrategy<Json>| proptest::option::of(values);
    let fields = (
        optional(text().prop_map(Json::from).boxed()),
        optional(prop_oneof![Just(json!("package")), Just(json!("saas")), Just(json!("euc-excel"))].boxed()),
        optional((0_i64..1_000_000_000_000).prop_map(Json::from).boxed()),
        optional((0.0_f64..1e12).prop_map(Json::from).boxed()),
        optional(any::<bool>().prop_map(Json::from).boxed()),
        optional(
            (1_i16..9999, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| json!(format!("{y:04}-{m:02}-{d:02}"))).boxed(),
        ),
        optional(proptest::collection::vec(text(), 1..4).prop_map(Json::from).boxed()),
        optional(text().prop_map(|text| json!({"ja": text, "en": "x"})).boxed()),
        optional(text().prop_map(|text| json!({ "en": text })).boxed()),
        optional(prop_oneof![Just(json!("住民情報")), text().prop_map(Json::from)].boxed()),
    );
    (name(), fields).prop_map(move |(name, fields)| {
        let mut attributes = serde_json::Map::new();
        let mut put = |key: &str, value: Option<Json>| attributes.extend(value.map(|value| (key.to_owned(), value)));
        put("remarks", fields.0);
        put("type", fields.1);
        put("users", fields.2);
        put("annual_cost_kyen", fields.3);
        put("availability.redundant", fields.4);
        put("installed", fields.5);
        put("aliases", fields.6);
        put("documentation", fields.7.or(fields.8));
        put("category", fields.9);
        json!({"op": "create_element", "id": format!("sys-{number}"), "kind": "system", "name": name, "attributes": attributes})
    })
}

fn model() -> impl Strategy<Value = Vec<Json>> {
    let systems = (1_usize..6).prop_flat_map(|count| (0..count).map(system).collect::<Vec<_>>());
    let links = proptest::collection::vec((0_usize..6, 0_usize..6, any::<bool>(), proptest::option::of(text())), 0..8);
    (systems, links).prop_map(|(mut operations, links)| {
        let count = operations.len();
        for (number, (from, to, essential, note)) in links.into_iter().enumerate() {
            let (from, to) = (format!("sys-{}", from % count), format!("sys-{}", to % count));
            let mut flow = json!({"op": "create_relationship", "id": format!("flw-{number}"), "kind": "data_flow",
                "source": from, "target": to, "attributes": {"method": "api"}});
            if let Some(note) = note {
                flow["attributes"]["note"] = json!(note);
            }
            operations.push(flow);
            let level = if essential { "essential" } else { "support" };
            let id = format!("{from}--depends_on--{to}");
            if !operations.iter().any(|held| held["id"] == json!(id)) {
                operations.push(json!({"op": "create_relationship", "id": id, "kind": "depends_on", "source": from,
                    "target": to, "attributes": {"level": level}}));
            }
        }
        operations
    })
}

fn same(workspace: &Workspace, japanese_calendar: bool) -> Result<(), TestCaseError> {
    let request = TableRequest { japanese_calendar, ..TableRequest::default() };
    let bytes = to_workbook(&workspace.current_view(), &request).expect("written");
    let files = [ImportFile { name: "model.xlsx".to_owned(), bytes }];
    let back = empty();
    import(&back, &files, &ImportOptions::default());
    prop_assert_eq!(whole::to_yaml(&back.current()), whole::to_yaml(&workspace.current()));
    let proposal = crate::support::proposal(workspace, &files, &ImportOptions::default());
    prop_assert!(proposal.operations.is_empty(), "{:?}", proposal.report.changes);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_model_comes_back_from_a_workbook(operations in model(), japanese_calendar in any::<bool>()) {
        let workspace = empty();
        write(&workspace, &Json::Array(operations));
        same(&workspace, japanese_calendar)?;
    }
}
