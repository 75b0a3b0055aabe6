//! The reference city, the native model file and change sets, through the workspace.

mod city;
mod city_facts;
mod naive;
mod random;
mod rules;
mod support;
mod views;
