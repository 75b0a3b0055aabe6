//! Questions, hearing sheets and handover documents, through the front door.

mod by_hand;
mod catalogue;
mod city;
mod command;
mod printed;
mod sheets;
#[expect(dead_code, reason = "shared with the tests of the whole interface")]
#[path = "../rest/support.rs"]
mod support;
mod unknown;
