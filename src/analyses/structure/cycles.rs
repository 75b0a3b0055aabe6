//! Cycles in dependencies and in flows.

use super::gathering::{Gathered, dependencies, flows};
use super::report::{Cell, Report};
use super::{Parameters, Question, Sketch, SketchBox, SketchLine};
use crate::analyses::Column;
use crate::analyses::error::AnalysisError;
use crate::analyses::findings::Reader;
use crate::analyses::names::words_of;
use crate::domain::Localized;
use crate::graph::Place;

pub(super) const QUESTION: Question = Question {
    name: "cycles",
    ja: "循環：互いに依存し、又は回り続けるデータ",
    en: "Cycles: what depends on itself, and data that come back",
    parameters: &[],
    ask,
};

fn ask(reader: &Reader<'_>, _: &Parameters) -> Result<Report, AnalysisError> {
    let mut report = Report::new(
        reader,
        &QUESTION,
        vec![
            Column::new("of", "種類", "Of"),
            Column::new("size", "要素数", "Items"),
            Column::new("items", "要素", "Items in it"),
            Column::new("shortest", "最短の循環", "A shortest cycle"),
        ],
    );
    let (dependencies, flows) = (dependencies(reader), flows(reader));
    report.judged(dependencies.edges.len() + flows.edges.len(), "依存又はデータの流れ", "dependencies or flows");
    let mut sketch = Sketch {
        strong: Localized::ja_en("最短の循環", "a shortest cycle"),
        note: Localized::ja_en("互いに行き着く要素を枠で囲む", "A frame holds what leads back to itself"),
        ..Sketch::default()
    };
    let counts = [("依存", "dependencies", &dependencies), ("データ連携", "flows", &flows)].map(|(ja, en, held)| {
        let found = cycles(held);
        for (number, set) in found.iter().enumerate() {
            let frame =
                Localized::ja_en(&format!("{ja}の循環{}", number + 1), &format!("cycle {} of {en}", number + 1));
            draw(reader, held, set, &frame, &mut sketch);
            let items: Vec<Place> = set.iter().map(|number| held.items[*number]).collect();
            report.rows.push(vec![
                Cell::Words(Localized::ja_en(ja, en)),
                Cell::count(set.len()),
                Cell::items(reader, &items),
                shortest(reader, held, set),
            ]);
        }
        found.len()
    });
    report.sketch = Some(sketch);
    report.figures = vec![("dependencies", Cell::count(counts[0])), ("flows", Cell::count(counts[1]))];
    Ok(report.say(
        &format!("依存の循環が{}組、データ連携の循環が{}組ある。", counts[0], counts[1]),
        &format!("There are {} cycles of dependencies and {} of flows.", counts[0], counts[1]),
    ))
}

/// The items of a cycle in a frame, with all that leads from one to another.
fn draw(reader: &Reader<'_>, held: &Gathered, set: &[usize], frame: &Localized, sketch: &mut Sketch) {
    let id = |number: usize| reader.id(held.items[number]).to_owned();
    let way = held.graph.shortest_cycle(set[0], set).unwrap_or_default();
    let is_next = |from: usize, to: usize| {
        way.iter().position(|node| *node == from).is_some_and(|place| way[(place + 1) % way.len()] == to)
    };
    for number in set {
        sketch.put(SketchBox { ids: vec![id(*number)], frame: frame.clone(), ..SketchBox::default() });
        for target in held.graph.targets(*number).iter().filter(|target| set.binary_search(target).is_ok()) {
            let is_strong = is_next(*number, *target);
            sketch.draw(SketchLine { from: id(*number), to: id(*target), is_strong, ..SketchLine::default() });
        }
    }
}

/// Sets of items that reach each other, or one that points to itself; the largest first.
fn cycles(held: &Gathered) -> Vec<Vec<usize>> {
    let sets = held.graph.strongly_connected().into_iter();
    let mut found: Vec<Vec<usize>> = sets.filter(|set| set.len() > 1 || held.graph.has_loop(set[0])).collect();
    found.sort_by_key(|set| (std::cmp::Reverse(set.len()), set[0]));
    found
}

/// The relationships of a shortest cycle through the first item, read aloud.
fn shortest(reader: &Reader<'_>, held: &Gathered, set: &[usize]) -> Cell {
    let way = held.graph.shortest_cycle(set[0], set).unwrap_or_else(|| vec![set[0]]);
    let steps = (0..way.len()).map(|place| (way[place], way[(place + 1) % way.len()]));
    let texts: Vec<Localized> = steps
        .filter_map(|pair| {
            let relationship = reader.relationship(*held.edges.get(&pair)?)?;
            let forward = relationship.source == *reader.id(held.items[pair.0]);
            Some(words_of(reader.view(), relationship, forward))
        })
        .collect();
    let [ja, en] = ["ja", "en"].map(|language| {
        texts.iter().map(|text| text.get(language)).collect::<Vec<_>>().join(if language == "en" {
            "; "
        } else {
            "、"
        })
    });
    Cell::Words(Localized::ja_en(&ja, &en))
}
