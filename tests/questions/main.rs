//! Questions, hearing sheets and handover documents, through the front door.

mod by_hand;
mod catalogue;
mod city;
#[path = "../rest/support.rs"]
mod support;
mod unknown;
