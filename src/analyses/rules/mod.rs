//! The rules that need more than a query: one file each. What they say, how grave they are and what they read
//! stands in `models/rules`, beside the rules that are queries.

mod changed_together;
mod dependents;
mod essential_dependency;
mod extended_and_retired;
mod leaving_person;
mod outlived_contract;
mod pia_age;
mod pia_level;
mod protective_measures;
mod same_pattern;
mod shared_cause;
mod transitive_leak;

use super::findings::Code;

/// The code by the name under which a rule file calls it.
const TABLE: [(&str, Code); 12] = [
    ("changed_together", changed_together::CODE),
    ("dependents", dependents::CODE),
    ("essential_dependency", essential_dependency::CODE),
    ("extended_and_retired", extended_and_retired::CODE),
    ("leaving_person", leaving_person::CODE),
    ("outlived_contract", outlived_contract::CODE),
    ("pia_age", pia_age::CODE),
    ("pia_level", pia_level::CODE),
    ("protective_measures", protective_measures::CODE),
    ("same_pattern", same_pattern::CODE),
    ("shared_cause", shared_cause::CODE),
    ("transitive_leak", transitive_leak::CODE),
];

/// The code of this name.
pub(super) fn code(name: &str) -> Option<Code> {
    TABLE.iter().find(|(held, _)| *held == name).map(|(_, code)| *code)
}

/// The names of all code.
pub(super) fn names() -> Vec<&'static str> {
    TABLE.iter().map(|(name, _)| *name).collect()
}
