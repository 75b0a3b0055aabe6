//! Questions about structure and what could be standardised: small models worked out on paper, the city computed a
//! second time from its text, and plain `ArchiMate`.

#[path = "../analyses/support.rs"]
#[expect(dead_code, reason = "shared with the analyses")]
mod support;

#[path = "../analyses/city_text.rs"]
mod city_text;
#[path = "../analyses/yaml_text.rs"]
mod yaml_text;

mod again;
mod asking;
mod candidates_of_the_city;
mod candidates_on_paper;
mod city;
mod made_up;
mod on_paper;
mod pictures;
mod plain_archimate;
mod second;
mod second_candidates;
mod second_tables;
mod shape;
mod what_if;
