//! The `OpenAPI` document: what the handlers say of themselves, completed by what all of them share and
//! by a collection for each kind of the metamodel.

mod collections;
mod problems;
mod samples;
mod schemas;
mod shared;

use serde_json::{Value as Json, json};
use utoipa::PartialSchema;
use utoipa::openapi::OpenApi;

use crate::domain::metamodel::Metamodel;
use crate::http::problem::{Problem, ProblemError};

pub use problems::problems_html;

/// Completes the collected document.
pub(super) fn complete(collected: &OpenApi, metamodel: &Metamodel) -> Json {
    let mut document = serde_json::to_value(collected).unwrap_or_default();
    document["info"] = info();
    document["servers"] = json!([{"url": "/", "description": "this server"}]);
    for (name, schema) in [("Problem", Problem::schema()), ("ProblemError", ProblemError::schema())] {
        document["components"]["schemas"][name] = serde_json::to_value(schema).unwrap_or_default();
    }
    let samples = samples::Samples::read(metamodel);
    collections::add(&mut document, metamodel, &samples);
    shared::add(&mut document);
    document["tags"] = tags(&document, metamodel, &samples);
    document
}

fn info() -> Json {
    json!({
        "title": "ezu（絵図）",
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "市のシステム、データ連携、業務を一つのグラフにして問う / A city's systems, flows and work as a graph that answers",
        "description": "Everything that can be read takes `at` (a day in the world) and `revision` (as it was recorded then).\n\
            The only way to write is a change set; `POST`, `PATCH` and `DELETE` on a collection are change sets of one operation.\n\
            Lists answer `{items, next_cursor, revision}`. Every refusal is a problem (RFC 9457) with a stable `code`: \
            [the table](/docs/problems).\n\n\
            読み取りはすべて `at`（いつの姿か）と `revision`（いつの記録か）を取ります。書き込みは変更セットだけです。\
            断るときは必ず理由と直し方を返します。",
        "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
    })
}

fn tags(document: &Json, metamodel: &Metamodel, samples: &samples::Samples) -> Json {
    let general = [
        ("elements", "Things of all kinds; search and neighbourhood"),
        ("relationships", "Connections of all kinds; a data flow is one"),
        ("change sets", "The only way to write, and what was written"),
        ("history", "What an item was, what differs between two revisions"),
        ("analyses", "Questions about the model, answered with evidence"),
        ("findings", "Rules, what they found, what need not be dealt with"),
        ("questions", "Questions in people's own words; hearing sheets and handover documents"),
        ("diagrams", "Pictures"),
        ("metamodel", "Kinds, attributes, impact meanings"),
        ("ledger", "The ledger's head, backup, export"),
        ("service", "Well-being and counters"),
    ];
    let mut tags: Vec<Json> = general.iter().map(|(name, text)| json!({"name": name, "description": text})).collect();
    let paths = document["paths"].as_object();
    // What a city records comes before what ArchiMate offers besides.
    let (own, other): (Vec<_>, Vec<_>) = metamodel.kinds().iter().partition(|kind| samples.exactly(kind).is_some());
    for kind in own.into_iter().chain(other) {
        let Some(collection) = kind.rest_collection() else {
            continue;
        };
        if paths.is_some_and(|paths| paths.contains_key(&format!("/api/v1/{collection}"))) {
            let text = format!("{} / {}: {}", kind.label.get("ja"), kind.label.get("en"), kind.help.get("ja"));
            tags.push(json!({"name": collection, "description": text}));
        }
    }
    Json::Array(tags)
}
