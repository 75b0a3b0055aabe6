//! The analyses, held against second, independent computations and against answers worked out by hand.

mod archimate;
mod city_by_hand;
mod city_text;
mod hostile_questions;
mod impact_of_the_city;
mod inward;
mod metamodel_as_data;
mod naive;
mod paths;
mod properties;
mod support;
mod tables;
mod unknowns;
mod upstream;
mod views;
mod yaml_text;
