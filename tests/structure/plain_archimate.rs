//! On a plain `ArchiMate` model every question gives a true answer or says that it is not applicable.

use ezu::analyses::standardization::{CandidateType, StandardizationRequest};
use ezu::analyses::structure::QUESTIONS;
use ezu::graph::View;
use serde_json::json;

use crate::asking::{all_candidates, answer, candidates, members, rows};
use crate::support::{ARCHIMATE, MUNICIPALITY, model};

const PLAIN: &str = "
nodes:
- {id: node, name: Node}
application_components:
- {id: app-a, name: A}
- {id: app-b, name: B}
- {id: app-c, name: C}
data_objects:
- {id: data-1, name: D1}
- {id: data-2, name: D2}
business_processes:
- {id: work-1, name: W1}
- {id: work-2, name: W2}
relationships:
- {kind: serving, source: node, target: app-a}
- {kind: serving, source: app-a, target: work-1}
- {kind: serving, source: app-b, target: work-1}
- {kind: serving, source: app-a, target: work-2}
- {kind: serving, source: app-b, target: work-2}
- {kind: serving, source: app-c, target: work-2}
- {kind: access, source: app-a, target: data-1}
- {kind: access, source: app-b, target: data-1}
- {kind: access, source: work-1, target: data-2, access_type: write}
- {kind: flow, source: app-a, target: app-b}
- {kind: flow, source: app-b, target: app-a}
";

fn plain(metamodels: &[&str]) -> View {
    model(metamodels, PLAIN)
}

#[test]
fn answers_are_true_or_not_applicable() {
    for metamodels in [&[ARCHIMATE][..], &[ARCHIMATE, MUNICIPALITY][..]] {
        for question in &QUESTIONS {
            let parameters = if question.name == "lineage" { vec![("data", "data-1")] } else { Vec::new() };
            let answer = answer(&plain(metamodels), question.name, &parameters);
            let is_empty = answer["items"].as_array().is_some_and(Vec::is_empty);
            let applicable = answer["coverage"]["applicable"] == true;
            let has_reason = answer["coverage"]["unknown"].as_array().is_some_and(|unknown| !unknown.is_empty());
            assert!(applicable || has_reason, "{}: {answer}", question.name);
            let sound_when_empty = ["islands", "cycles"].contains(&question.name);
            assert!(!is_empty || !applicable || sound_when_empty, "{}: an empty success: {answer}", question.name);
            assert!(answer["sentence"]["ja"].as_str().is_some_and(|text| !text.is_empty()), "{}", question.name);
        }
    }
}

#[test]
fn dependencies_come_from_the_meanings_of_the_base_kinds() {
    let found = rows(&plain(&[ARCHIMATE]), "single-points-of-failure", &[], &["item", "processes"]);
    // Serving: what is served stops with what serves it.
    assert!(found.contains(&json!(["node", 2])), "{found:?}");
    let cycles = rows(&plain(&[ARCHIMATE]), "cycles", &[], &["items"]);
    assert_eq!(cycles, [json!([["app-a", "app-b"]])]);
    let crud = rows(&plain(&[ARCHIMATE]), "crud", &[], &["row", "data", "crud"]);
    assert_eq!(crud[0], json!(["work-1", "data-2", "CU"]));
}

#[test]
fn like_neighbourhoods_need_no_function_codes() {
    for metamodels in [&[ARCHIMATE][..], &[ARCHIMATE, MUNICIPALITY][..]] {
        let found = candidates(&plain(metamodels), CandidateType::Neighbourhood);
        let pairs: Vec<Vec<&str>> = found.items.iter().map(members).collect();
        // a and b serve both works and access one thing each, the same: ½·1 + ½·1. c shares one work only.
        assert!(pairs.contains(&vec!["app-a", "app-b"]), "{pairs:?}");
        assert!(!pairs.iter().any(|pair| pair.contains(&"app-c")), "{pairs:?}");
        let alike = found.items.iter().find(|item| members(item) == ["app-a", "app-b"]).expect("found");
        assert_eq!(alike.evidence["similarity"], json!(1.0));
    }
}

#[test]
fn what_cannot_be_compared_is_said() {
    let found = all_candidates(&plain(&[ARCHIMATE, MUNICIPALITY]), &StandardizationRequest::default());
    for held in &found.coverage {
        let has = found.items.iter().any(|item| item.kind == held.kind);
        assert!(has || !held.applicable || held.kind == CandidateType::Neighbourhood, "an empty success: {held:?}");
        assert!(held.considered > 0, "{held:?}");
    }
}
