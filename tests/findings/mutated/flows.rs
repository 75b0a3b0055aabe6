//! Rules on flows: domain knowledge §3.2 S01 to S04, S09 to S15, §4.1 D03, D07.

use ezu::domain::Operation;
use serde_json::{Value as Json, json};

use super::{Mutation, create, flow, mutation, system, update};

const MINE: &str = "sys-juki";
const PRINTER: &str = "ext-print";

/// Two new systems, of the LGWAN zone and on the internet, and some flows.
fn zones(flows: Vec<Operation>) -> Vec<Operation> {
    let mut all = vec![
        system("sys-l", json!({"zone": "zone-lgwan", "personal_data": {"my_number_use": "related"}})),
        system("sys-i", json!({"zone": "zone-internet", "personal_data": {"my_number_use": "none"}})),
        system("sys-m", json!({"zone": "zone-mynumber", "personal_data": {"my_number_use": "use"}})),
    ];
    all.extend(flows);
    all
}

fn one(source: &str, target: &str, attributes: Json) -> Vec<Operation> {
    zones(vec![flow("flw-x", source, target, attributes)])
}

pub(super) fn mutations() -> Vec<Mutation> {
    let mut all = across_zones();
    all.extend(of_my_number());
    all.extend(of_personal_data());
    all.extend(of_ways());
    all.extend([
        mutation("D03", &["flw-x"], one(MINE, "sys-m", json!({"method": "rekey"}))).but_not(one(
            MINE,
            "sys-m",
            json!({"method": "paper"}),
        )),
        // sys-juki is compliant; the new ones have no status.
        mutation("D07", &["flw-x"], one("sys-m", MINE, json!({"method": "dbl"})))
            .but_not(one("sys-m", MINE, json!({"method": "file"})))
            .but_not(one("sys-m", "sys-l", json!({"method": "dbl"}))),
    ]);
    all
}

fn across_zones() -> Vec<Mutation> {
    let control = |control: &str| json!({"control": control});
    vec![
        mutation("S01", &["flw-x"], one(MINE, "sys-i", json!({})))
            .but_not(one(MINE, "sys-i", json!({"method": "paper"})))
            .but_not(one("sys-i", MINE, json!({"control": "media", "sanitized": true})))
            .but_not(one(MINE, "sys-l", json!({}))),
        // Approved media excuse only what comes in, and only sanitized.
        mutation("S01", &["flw-x"], one(MINE, "sys-i", json!({"control": "media", "sanitized": true}))).but_not(one(
            MINE,
            "sys-i",
            json!({"method": "view"}),
        )),
        mutation("S01", &["flw-x"], one("sys-i", MINE, json!({"control": "media", "sanitized": false}))).but_not(one(
            "sys-i",
            MINE,
            json!({"method": "rekey"}),
        )),
        mutation("S02", &["flw-x"], one(MINE, "sys-l", control("none")))
            .but_not(one(MINE, "sys-l", control("specific")))
            .but_not(one("sys-l", MINE, control("media")))
            .but_not(one(MINE, "sys-l", json!({"control": "none", "method": "view"}))),
        mutation("S03", &["flw-x"], one("sys-i", "sys-l", control("none")))
            .but_not(one("sys-i", "sys-l", control("sanitize")))
            .but_not(one("sys-i", "sys-l", control("lbo")))
            .but_not(one("sys-l", "sys-i", control("none")))
            .but_not(one("sys-i", "sys-l", json!({"control": "none", "method": "rekey"}))),
        // What leaves is judged by whatever method: paper is no excuse.
        mutation("S03b", &["flw-x"], one("sys-l", "sys-i", json!({"control": "none", "method": "paper"})))
            .but_not(one("sys-l", "sys-i", control("outbound")))
            .but_not(one("sys-l", "sys-i", control("lbo")))
            .but_not(one("sys-i", "sys-l", control("none"))),
        // sys-card and sys-cs, the municipal server, are in the Juki segment.
        mutation("S14", &["flw-x"], one(MINE, "sys-card", json!({})))
            .but_not(one(MINE, "sys-cs", json!({})))
            .but_not(one("sys-cs", "sys-card", json!({})))
            .but_not(one(MINE, "sys-card", json!({"method": "paper"}))),
        mutation("S12", &["flw-x"], one(PRINTER, MINE, json!({"method": "remote", "control": "none"})))
            .but_not(one(PRINTER, MINE, json!({"method": "remote", "control": "approved-ext"})))
            .but_not(one(PRINTER, "sys-l", json!({"method": "remote", "control": "none"}))),
    ]
}

fn of_my_number() -> Vec<Mutation> {
    let number = || json!({"carries_my_number": true});
    vec![
        mutation("S04", &["flw-x"], one(MINE, "sys-i", number()))
            .but_not(one(MINE, "sys-i", json!({"carries_my_number": false})))
            .but_not(one(MINE, "sys-l", number()))
            .but_not(one(MINE, PRINTER, number())),
        mutation("S05", &["sys-i"], one(MINE, "sys-i", number()))
            .but_not(one(MINE, "sys-i", json!({})))
            .but_not(one(MINE, "sys-l", number()))
            .but_not(one(MINE, "sys-m", number())),
        mutation("S05", &["sys-i"], zones(vec![mastered("sys-i", true)]))
            .but_not(zones(vec![mastered("sys-i", false)]))
            .but_not(zones(vec![mastered("sys-l", true)])),
    ]
}

fn mastered(system: &str, number: bool) -> Operation {
    create("data_object", "dat-x", json!({"masters": [system], "contains_my_number": number}))
}

fn of_personal_data() -> Vec<Mutation> {
    let contract = |target: &str, more: Json| one(MINE, target, super::over(json!({"control": "none"}), more));
    vec![
        // dat-kubun is sensitive, dat-juki specific, dat-rosenka of nobody.
        mutation("S09", &["flw-x"], one(MINE, "sys-m", mail("none", "dat-kubun")))
            .but_not(one(MINE, "sys-m", mail("encrypted", "dat-kubun")))
            .but_not(one(MINE, "sys-m", mail("none", "dat-juki")))
            .but_not(one(MINE, "sys-m", json!({"method": "file", "control": "none", "data": ["dat-kubun"]}))),
        mutation("S10", &["flw-x"], contract(PRINTER, json!({})))
            .but_not(contract(PRINTER, json!({"control": "contract"})))
            .but_not(contract(PRINTER, json!({"data": ["dat-rosenka"]})))
            // No contractor.
            .but_not(contract("ext-business", json!({}))),
        mutation("S11", &["flw-x"], one(MINE, "sys-m", json!({"documented": false})))
            .but_not(one(MINE, "sys-m", json!({"documented": true})))
            .but_not(one(MINE, "sys-m", json!({"documented": false, "data": ["dat-rosenka"]}))),
    ]
}

fn mail(control: &str, data: &str) -> Json {
    json!({"method": "mail", "control": control, "data": [data]})
}

fn of_ways() -> Vec<Mutation> {
    let chain = |over: &str, last: Json| {
        let first = flow("flw-1", MINE, over, json!({"control": "specific"}));
        zones(vec![first, flow("flw-2", over, "sys-i", last)])
    };
    let address = |more: Json| flow("flw-x", MINE, "sys-m", more);
    let told = flow("flw-y", MINE, "sys-m", json!({"data": ["dat-shien"]}));
    let two = |more: Json| zones(vec![address(more)]);
    vec![
        mutation("S13", &["sys-i"], chain("sys-l", json!({"control": "outbound"})))
            .but_not(chain("sys-l", json!({"method": "view"})))
            .but_not(chain("sys-l", json!({"anonymized": true})))
            .but_not(chain("sys-l", json!({"data": ["dat-rosenka"]})))
            // By way of a system of the zone itself: the last flow alone leads out, and one flow is not transitive.
            .but_not(chain("sys-m", json!({})))
            .but_not(one(MINE, "sys-i", json!({}))),
        mutation("S15", &["sys-m"], two(json!({})))
            .but_not(two(json!({"method": "view"})))
            .but_not(two(json!({"anonymized": true})))
            .but_not(two(json!({"data": ["dat-rosenka"]})))
            .but_not(zones(vec![address(json!({})), told]))
            .but_not(zones(vec![address(json!({})), update("sys-m", json!({"type": "national"}))]))
            .but_not(zones(vec![address(json!({})), update("dat-shien", json!({"masters": [MINE, "sys-m"]}))])),
        mutation("S15", &["sys-m"], two(json!({"data": ["dat-juki-ido"], "method": "paper"})))
            .but_not(two(json!({"data": ["dat-juki-ido", "dat-shien"]}))),
    ]
}
