//! What the rules say of the reference city.

use crate::by_hand::{City, all};
use crate::city_text::CityText;
use crate::rules::subjects;
use crate::support::city;

/// Every rule of the domain.
pub(crate) const DOMAIN: [&str; 56] = [
    "S01", "S02", "S03", "S03b", "S04", "S05", "S06", "S06b", "S07", "S08", "S09", "S10", "S11", "S12", "S13", "S14",
    "S15", "B01", "B02", "B03", "B04", "B07", "L01", "L01b", "L02", "L03", "D01", "D02", "D03", "D04", "D05", "D05b",
    "D06", "D07", "D08", "D09a", "D09b", "D09c", "D09d", "D09e", "K01", "K02", "K03", "K04", "P01", "P02", "P03",
    "P04", "I01", "I02", "I03", "R01", "R02", "R03", "A01", "A02",
];

#[test]
fn every_rule_finds_what_a_second_computation_finds() {
    let expected = all(&City::new(CityText::read()));
    let found = subjects(&city());
    for (rule, subjects) in &found {
        assert_eq!(Some(subjects), expected.get(rule), "{rule}");
    }
}

#[test]
fn every_rule_of_the_domain_is_there() {
    let expected = all(&City::new(CityText::read()));
    let (catalogue, _) = crate::rules::run_all(&city());
    for rule in DOMAIN {
        assert!(expected.contains_key(rule), "{rule} is not computed a second time");
        let held = catalogue.rule(rule).unwrap_or_else(|| panic!("{rule} is missing"));
        assert!(held.unusable.is_none(), "{rule}: {:?}", held.unusable);
        for text in [&held.title, &held.sentence, &held.advice] {
            assert!(
                ["ja", "en"].iter().all(|language| text.exactly(language).is_some_and(|t| !t.is_empty())),
                "{rule}"
            );
        }
    }
    assert_eq!(catalogue.rules().len(), DOMAIN.len());
}
