//! Rules on standards, duplicates and gaps: domain knowledge §4.1 D01, D02, D04 to D06, D08, D09.

use ezu::domain::Operation;
use serde_json::{Value as Json, json};

use super::{Mutation, create, flow, mutation, over, process, system};

pub(super) fn mutations() -> Vec<Mutation> {
    let mut all = duplicates();
    all.extend(standards());
    all.extend(gaps());
    all
}

fn duplicates() -> Vec<Mutation> {
    let tools = |general: bool, other: &str| {
        let code = create("function_code", "FX", json!({"general_purpose": general}));
        let tool = |id: &str, section: &str| system(id, json!({"owner_department": section, "function_codes": ["FX"]}));
        vec![code, tool("sys-y", other), tool("sys-x", "dept-joho")]
    };
    let masters = |masters: &[&str]| vec![create("data_object", "dat-x", json!({"masters": masters}))];
    vec![
        mutation("D01", &["FX", "sys-x", "sys-y"], tools(true, "dept-shimin"))
            .but_not(tools(false, "dept-shimin"))
            .but_not(tools(true, "dept-joho")),
        mutation("D02", &["dat-x"], masters(&["sys-juki", "sys-inkan"])).but_not(masters(&["sys-juki"])),
        mutation("D04", &["prc-x", "prc-y"], pattern("euc-excel", "hojo-x", "b", ["sys-x", "sys-y"]))
            // One of them uses no such tool, both use the same one, the functions differ, the types differ.
            .but_not(pattern("package", "hojo-x", "b", ["sys-x", "sys-y"]))
            .but_not(pattern("euc-excel", "hojo-x", "b", ["sys-x", "sys-x"]))
            .but_not(pattern("euc-excel", "hojo-x", "c", ["sys-x", "sys-y"]))
            .but_not(pattern("euc-excel", "hojo-y", "b", ["sys-x", "sys-y"])),
    ]
}

/// Two processes: the tool of the first is a spreadsheet, the second one differs as is said.
fn pattern(tool: &str, kind: &str, last: &str, tools: [&str; 2]) -> Vec<Operation> {
    let work = |id: &str, kind: &str, last: &str, tool: &str| {
        let systems = json!([{"system": tool, "role": "essential"}]);
        process(id, json!({"type": kind, "functions": ["a", last], "systems": systems}))
    };
    vec![
        system("sys-x", json!({"type": "euc-excel"})),
        system("sys-y", json!({"type": tool})),
        work("prc-x", "hojo-x", "b", tools[0]),
        work("prc-y", kind, last, tools[1]),
    ]
}

fn standards() -> Vec<Mutation> {
    let with = |status: &str, customizations: u32| {
        let standardization = json!({"status": status, "customizations": customizations});
        vec![system("sys-x", json!({"standardization": standardization}))]
    };
    let receiving = |characters: &str, map: &str, source: &str, more: Json| {
        let attributes = json!({"characters": characters, "character_map": map});
        vec![system("sys-x", attributes), flow("flw-x", source, "sys-x", more)]
    };
    let plain = || json!({});
    vec![
        mutation("D05", &["sys-x"], with("undesignated", 0)).but_not(with("special", 0)),
        mutation("D05b", &["sys-x"], with("special", 0)).but_not(with("undesignated", 0)),
        mutation("D06", &["sys-x"], with("compliant", 1))
            .but_not(with("compliant", 0))
            .but_not(with("undesignated", 1)),
        // sys-juki uses MJ+ characters, sys-akiya records none.
        mutation("D08", &["sys-x"], receiving("vendor", "n", "sys-juki", plain()))
            .but_not(receiving("vendor", "y", "sys-juki", plain()))
            .but_not(receiving("mjplus", "n", "sys-juki", plain()))
            .but_not(receiving("vendor", "n", "sys-akiya", plain()))
            .but_not(receiving("vendor", "n", "sys-juki", json!({"method": "paper"})))
            .but_not(receiving("vendor", "n", "sys-juki", json!({"data": ["dat-rosenka"]}))),
        mutation("D08", &["sys-x"], receiving("none", "n", "sys-juki", plain())),
    ]
}

fn gaps() -> Vec<Mutation> {
    let new = || system("sys-x", json!({}));
    let using = process("prc-x", json!({"systems": [{"system": "sys-x", "role": "support"}]}));
    let data = |masters: Json| create("data_object", "dat-x", json!({"masters": masters}));
    let access = |crud: &str, more: Json| {
        let data = json!({"data": [{"data": "dat-x", "crud": crud}]});
        process("prc-x", over(data, more))
    };
    vec![
        mutation("D09a", &["sys-x"], vec![new()]).but_not(vec![new(), using]),
        mutation("D09d", &["sys-x"], vec![new()])
            .but_not(vec![new(), flow("flw-x", "sys-x", "ext-citizen", json!({}))]),
        mutation("D09b", &["dat-x"], vec![data(json!([]))]).but_not(vec![data(json!(["sys-juki"]))]),
        mutation("D09c", &["dat-x"], vec![data(json!([]))]).but_not(vec![data(json!([])), access("R", json!({}))]),
        mutation("D09e", &["dat-x"], vec![data(json!([])), access("RUD", json!({}))])
            .but_not(vec![data(json!([])), access("C", json!({}))]),
    ]
}
