//! Findings, held against second, independent computations over the text of the city.

#[path = "../analyses/support.rs"]
#[expect(dead_code, reason = "shared with the analyses")]
mod support;

#[path = "../analyses/city_text.rs"]
mod city_text;
#[path = "../analyses/yaml_text.rs"]
mod yaml_text;

mod by_hand;
mod by_hand_code;
mod city;
mod coverage;
mod incremental;
mod mutated;
mod rules;
mod stability;
