//! Random small models under random meanings: ezu's search against the definition.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ezu::analyses::impact::{ImpactDirection, ImpactRequest, impact};
use ezu::graph::View;
use proptest::prelude::*;

use crate::naive::{End, Link, Meaning, Model};
use crate::support::{ask, effects, model};

const EFFECTS: [&str; 3] = ["strong", "middle", "weak"];
const KINDS: usize = 3;

const HEADER: &str = "
metamodel: random
version: \"1\"
description: {ja: 乱数, en: random}
changes:
  shake: {label: {ja: 揺, en: shake}, help: {ja: 揺, en: shake}}
effects:
  strong: {rank: 30, label: {ja: 強, en: strong}, sentence: {ja: \"{subject}{item}\", en: \"{subject}{item}\"}}
  middle: {rank: 20, label: {ja: 中, en: middle}, sentence: {ja: \"{subject}{item}\", en: \"{subject}{item}\"}}
  weak: {rank: 10, label: {ja: 弱, en: weak}, sentence: {ja: \"{subject}{item}\", en: \"{subject}{item}\"}}
layers: {}
ds467_layers: {}
element_kinds:
  thing: {label: {ja: 物, en: thing}, help: {ja: 物, en: thing}}
  a: {specialises: thing, label: {ja: あ, en: a}, help: {ja: あ, en: a}, collection: a_things}
  b: {specialises: thing, label: {ja: い, en: b}, help: {ja: い, en: b}, collection: b_things}
relationship_kinds:
";

fn metamodel_text(meanings: &[Vec<Meaning>]) -> String {
    let mut text = HEADER.to_owned();
    for (kind, meanings) in meanings.iter().enumerate() {
        let wording = "{forward: {ja: \"{source}{target}\", en: \"{source}{target}\"}, backward: {ja: \"{target}{source}\", en: \"{target}{source}\"}}";
        let any = "[any_element, any_relationship]";
        let _ = write!(
            text,
            "  r{kind}:\n    label: {{ja: 関{kind}, en: r{kind}}}\n    help: {{ja: 関, en: r}}\n    wording: {wording}\n    \
             ends: [{{source: {any}, target: {any}}}]\n    collection: r{kind}s\n    attributes:\n      \
             level: {{type: text, label: {{ja: 度, en: level}}, help: {{ja: 度, en: level}}}}\n    impact:\n"
        );
        if meanings.is_empty() {
            text.push_str("    - {change: [], direction: forward, from: [], gives: weak}\n");
        }
        for meaning in meanings {
            let _ = writeln!(text, "    - {{{}}}", meaning_text(meaning));
        }
    }
    text
}

fn meaning_text(meaning: &Meaning) -> String {
    let (direction, end) = match meaning.places.as_slice() {
        [(End::Source, End::Target)] => ("forward", ""),
        [(End::Target, End::Source)] => ("backward", ""),
        [(End::Source, End::Itself)] => ("to_relationship", ", end: source"),
        [(End::Target, End::Itself)] => ("to_relationship", ", end: target"),
        [(End::Itself, End::Source)] => ("to_ends", ", end: source"),
        [(End::Itself, End::Target)] => ("to_ends", ", end: target"),
        [(End::Itself, _), _] => ("to_ends", ""),
        _ => ("to_relationship", ""),
    };
    let mut text = format!(
        "change: [shake], direction: {direction}{end}, from: [{}], gives: {}",
        meaning.from.join(", "),
        meaning.gives
    );
    for (key, kind) in [("from_kinds", &meaning.from_kind), ("to_kinds", &meaning.to_kind)] {
        if let Some(kind) = kind {
            let _ = write!(text, ", {key}: [{kind}]");
        }
    }
    if let Some(level) = &meaning.level {
        let _ = write!(text, ", when: {{level: [{level}]}}");
    }
    if let Some(remaining) = meaning.remaining {
        let _ = write!(text, ", remaining: {remaining}");
    }
    text
}

fn model_text(held: &Model) -> String {
    let mut text = String::new();
    for kind in ["a", "b"] {
        let _ = writeln!(text, "{kind}_things:");
        for (id, _) in held.elements.iter().filter(|(_, held)| *held == kind) {
            let _ = writeln!(text, "- {{id: {id}, name: {id}}}");
        }
    }
    for kind in 0..KINDS {
        let _ = writeln!(text, "r{kind}s:");
        for link in held.links.iter().filter(|link| link.kind == kind) {
            let level = link.level.as_ref().map_or_else(String::new, |level| format!(", level: {level}"));
            let _ = writeln!(text, "- {{id: {}, source: {}, target: {}{level}}}", link.id, link.source, link.target);
        }
    }
    text
}

fn a_meaning() -> impl Strategy<Value = Meaning> {
    let places = prop_oneof![
        4 => Just(vec![(End::Source, End::Target)]),
        4 => Just(vec![(End::Target, End::Source)]),
        1 => Just(vec![(End::Source, End::Itself)]),
        1 => Just(vec![(End::Source, End::Itself), (End::Target, End::Itself)]),
        1 => Just(vec![(End::Itself, End::Target)]),
        1 => Just(vec![(End::Itself, End::Source), (End::Itself, End::Target)]),
    ];
    let states = prop::sample::subsequence(vec!["subject", "strong", "middle", "weak"], 1..=3);
    let kind = || prop::option::weighted(0.2, prop::sample::select(vec!["a".to_owned(), "b".to_owned()]));
    let level = prop::option::weighted(0.3, prop::sample::select(vec!["hi".to_owned(), "lo".to_owned()]));
    (states, prop::sample::select(&EFFECTS[..]), places, level, kind(), kind(), prop::option::weighted(0.2, 0_usize..3))
        .prop_map(|(from, gives, places, level, from_kind, to_kind, remaining)| Meaning {
            from: from.into_iter().map(str::to_owned).collect(),
            gives: gives.to_owned(),
            // How many others remain is asked of an end.
            remaining: remaining.filter(|_| places.iter().all(|(_, acted)| *acted != End::Itself)),
            places,
            level,
            from_kind,
            to_kind,
        })
}

fn a_model() -> impl Strategy<Value = Model> {
    let kinds = prop::collection::vec(prop::sample::select(vec!["a", "b"]), 2..9);
    let meanings = prop::collection::vec(prop::collection::vec(a_meaning(), 0..4), KINDS);
    let level = prop::option::of(prop::sample::select(vec!["hi".to_owned(), "lo".to_owned()]));
    let links =
        prop::collection::vec((0..KINDS, any::<prop::sample::Index>(), any::<prop::sample::Index>(), level), 0..14);
    (kinds, meanings, links).prop_map(|(kinds, meanings, drawn)| {
        let ids: Vec<String> = (0..kinds.len()).map(|place| format!("e{place}")).collect();
        let elements: BTreeMap<String, String> =
            ids.iter().cloned().zip(kinds.into_iter().map(str::to_owned)).collect();
        let mut links: Vec<Link> = Vec::new();
        for (place, (kind, source, target, level)) in drawn.into_iter().enumerate() {
            // An end may be an element, or a relationship made before.
            let ends: Vec<String> = ids.iter().cloned().chain(links.iter().map(|link| link.id.clone())).collect();
            let (source, target) = (source.get(&ends).clone(), target.get(&ends).clone());
            links.push(Link { id: format!("l{place}"), kind, source, target, level });
        }
        Model { elements, links, meanings, ranks: EFFECTS.map(str::to_owned).to_vec() }
    })
}

fn view_of(held: &Model) -> View {
    model(&[&metamodel_text(&held.meanings)], &model_text(held))
}

/// Where an unrecorded level leaves a step open, ezu says so instead of answering; the definition says no.
fn inward(view: &View, subject: &str) -> BTreeMap<String, (String, usize)> {
    let request = ImpactRequest {
        subjects: vec![subject.into()],
        change: "shake".into(),
        direction: ImpactDirection::Inward,
        ..ImpactRequest::default()
    };
    impact(view, &request).map(|report| effects(&report)).unwrap_or_default()
}

fn items(held: &Model) -> Vec<String> {
    held.elements.keys().cloned().chain(held.links.iter().map(|link| link.id.clone())).collect()
}

fn is_suitable(view: &View, subject: &str) -> bool {
    let request = ImpactRequest { subjects: vec![subject.into()], change: "shake".into(), ..ImpactRequest::default() };
    impact(view, &request).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn outward_is_the_fixpoint(held in a_model(), several in prop::bool::weighted(0.3)) {
        let view = view_of(&held);
        let all = items(&held);
        for (place, subject) in all.iter().enumerate() {
            if !is_suitable(&view, subject) {
                prop_assert!(held.impact(&[subject]).is_empty(), "{} was refused", subject);
                continue;
            }
            prop_assert_eq!(effects(&ask(&view, "shake", &[subject])), held.impact(&[subject]), "of {}", subject);
            let other = &all[(place + 1) % all.len()];
            if several && other != subject && is_suitable(&view, other) {
                let pair = [subject.as_str(), other.as_str()];
                prop_assert_eq!(effects(&ask(&view, "shake", &pair)), held.impact(&pair), "of {:?}", pair);
            }
        }
    }

    #[test]
    fn explanations_are_chains_of_their_distance(held in a_model()) {
        let view = view_of(&held);
        for subject in items(&held).iter().filter(|subject| is_suitable(&view, subject)) {
            for item in ask(&view, "shake", &[subject]).affected {
                prop_assert_eq!(item.path.len(), item.distance);
                let mut place = subject.clone();
                for step in &item.path {
                    let link = held.links.iter().find(|link| link.id == step.relationship);
                    let link = link.expect("a step is over a relationship of the model");
                    let places = [&link.source, &link.target, &link.id];
                    prop_assert!(step.from == place && places.contains(&&step.from) && places.contains(&&step.to));
                    place.clone_from(&step.to);
                }
                prop_assert_eq!(&place, &item.id);
            }
        }
    }

    #[test]
    fn inward_is_outward_seen_from_the_other_end(mut held in a_model()) {
        // Who else leaves is only known outward where others than the subject act.
        for meaning in held.meanings.iter_mut().flatten() {
            if meaning.from.iter().any(|state| state != "subject") {
                meaning.remaining = None;
            }
        }
        let view = view_of(&held);
        for hit in items(&held) {
            let expected: BTreeMap<String, (String, usize)> = items(&held)
                .into_iter()
                .filter(|subject| *subject != hit)
                .filter_map(|subject| held.impact(&[&subject]).remove(&hit).map(|effect| (subject, effect)))
                .collect();
            prop_assert_eq!(inward(&view, &hit), expected, "of {}", hit);
        }
    }
}
