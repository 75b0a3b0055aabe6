//! Random edits and random damage: what comes back is read again and says nothing new.

use ezu::application::texts::Drawing;
use ezu::domain::element::Model;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{counted, counter, edit, exported, imported, process, says_nothing_new, set, step};
use crate::support::bpmn;

fn any_edit(id: &str) -> impl Strategy<Value = Value> + use<> {
    let shapes = ["Record", "Accept", "Papers", "Person", "Return", "Send"].map(|shape| step(id, shape));
    let text = "[ -~ぁ-んァ-ヶ一-龠<&\"'\n]{1,12}";
    let fields = prop_oneof![
        text.prop_filter("a name", |text| !text.trim().is_empty()).prop_map(|text| json!({"function": text.trim()})),
        text.prop_map(|text| json!({"documentation": text})),
        prop_oneof![Just(json!(null)), (0..500_u32).prop_map(|minutes| json!(minutes))]
            .prop_map(|held| json!({"minutes_per_case": held})),
        prop_oneof![Just(json!(null)), Just(json!("紙")), Just(json!("メール"))]
            .prop_map(|held| json!({"medium": held})),
        prop_oneof![Just(json!(null)), Just(json!("手作業")), Just(json!("システム"))]
            .prop_map(|held| json!({"means": held})),
        prop_oneof![Just(json!(null)), Just(json!("sys-juki")), Just(json!("sys-koseki"))]
            .prop_map(|held| json!({"system": held})),
        prop_oneof![Just(json!("dept-shuzei")), Just(json!("dept-shimin"))].prop_map(|held| json!({"lane": held})),
        prop_oneof![Just(json!(null)), Just(json!("申請書、控え"))].prop_map(|held| json!({"input": held})),
    ];
    (prop::sample::select(shapes.to_vec()), fields).prop_map(|(id, fields)| set(&id, &fields))
}

fn cases() -> ProptestConfig {
    let wanted = std::env::var("KEPT_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig::with_cases(wanted.unwrap_or(24))
}

proptest! {
    #![proptest_config(cases())]

    /// Whatever was edited: the export is well-formed, keeps every shape that was drawn or tells that it does not, and says
    /// nothing new when it is imported again.
    #[test]
    fn any_edits_are_written_so_that_they_are_read_again(edits in prop::collection::vec(any_edit("prc-転入の受付"), 1..6)) {
        let text = counter();
        let workspace = imported(&text);
        let id = process(&workspace, "転入の受付");
        for one in &edits {
            edit(&workspace, &json!([one]));
        }
        let file = exported(&workspace, &id, Drawing::Fitting);
        if file.losses.is_empty() {
            let (before, after) = (counted(&text), counted(&file.text));
            for name in ["exclusiveGateway", "sequenceFlow", "BPMNShape", "lane", "property", "textAnnotation", "dataObjectReference"] {
                prop_assert_eq!(before.get(name), after.get(name), "{}", name);
            }
            says_nothing_new(&workspace, "counter.bpmn", &file.text);
        } else {
            prop_assert!(file.text.contains("exporter=\"ezu\""));
        }
    }

    /// Damaged drawings, as far as they are read at all: what the model says otherwise is written into them or is told not to
    /// be, and says nothing new when it is imported again.
    #[test]
    fn damaged_drawings_are_written_so_that_they_are_read_again(
        at in any::<prop::sample::Index>(),
        length in 0..40_usize,
        from in any::<prop::sample::Index>(),
    ) {
        let text = counter();
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        let (start, piece) = (at.index(places.len()), from.index(places.len()));
        let end = |place: usize| places.get(place + length).copied().unwrap_or(text.len());
        let damaged = format!("{}{}{}", &text[..places[start]], &text[places[piece]..end(piece)], &text[end(start)..]);
        if bpmn("damaged.bpmn", damaged.as_bytes()).is_err() {
            return Ok(());
        }
        let workspace = imported(&damaged);
        let snapshot = workspace.current();
        let kind = |name: &str| snapshot.metamodel().kind_named(name).expect("a kind").id;
        let record = snapshot.ids_of_kind(kind("process_diagram"), None).next().expect("a record").to_string();
        let of_step = |id: &String| snapshot.incoming(id, Some(kind("has_step"))).first().map(|held| held.source.to_string());
        let ours = |id: &String| id.contains("--") && snapshot.revision_of(id) == snapshot.revision_of(&record);
        for step in snapshot.ids_of_kind(kind("process_step"), None).map(ToString::to_string).filter(ours) {
            let Some(process) = of_step(&step) else { continue };
            edit(&workspace, &json!([set(&step, &json!({"function": "書き直した作業", "minutes_per_case": 77}))]));
            let file = exported(&workspace, &process, Drawing::Fitting);
            if file.losses.is_empty() {
                says_nothing_new(&workspace, "damaged.bpmn", &file.text);
            } else {
                prop_assert!(file.text.contains("exporter=\"ezu\""));
            }
        }
    }
}
