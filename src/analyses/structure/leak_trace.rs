//! Leak trace: where data can get to, flow by flow, with the control at each.

use std::collections::{BTreeMap, VecDeque};

use super::gathering::find;
use super::report::{Cell, Report};
use super::{Parameters, Question, Sketch, SketchBox, SketchLine};
use crate::analyses::Column;
use crate::analyses::error::AnalysisError;
use crate::analyses::findings::Reader;
use crate::analyses::names::name_of;
use crate::domain::Localized;
use crate::graph::{Edge, Place};

pub(super) const QUESTION: Question = Question {
    name: "leak-trace",
    ja: "情報の到達経路：どこまで届き、どこで措置が切れるか",
    en: "Leak trace: where data can get to, and where control ends",
    parameters: &[
        ("data", "data objects, separated by commas"),
        ("class", "or classes of personal data, such as sensitive,specific-sensitive"),
        ("to", "a zone, a system or an outside party to reach; anywhere where absent"),
    ],
    ask,
};

/// Controls that leave a crossing open.
const OPEN: [&str; 2] = ["none", "manual"];

fn ask(reader: &Reader<'_>, parameters: &Parameters) -> Result<Report, AnalysisError> {
    let goal = parameters.get("to").map(|id| find(reader, "to", id)).transpose()?;
    let (data, unclassed) = wanted(reader, parameters)?;
    let mut report = Report::new(
        reader,
        &QUESTION,
        vec![
            Column::new("data", "情報", "Data"),
            Column::new("from", "起点", "From"),
            Column::new("to", "到達先", "To"),
            Column::new("zone", "到達先の系", "Zone reached"),
            Column::new("hops", "段数", "Hops"),
            Column::new("path", "経路と措置", "Way, with the control at each hop"),
            Column::new("first_open", "最初に措置のない段", "First uncontrolled hop"),
            Column::new("crosses", "系をまたぐ", "Crosses zones"),
        ],
    );
    let mut judged = 0;
    let mut without = 0;
    report.sketch = Some(Sketch {
        subjects: Localized::ja_en("情報の起点（正本）", "where the data start: a master"),
        strong: Localized::ja_en("措置のない段", "a hop without control"),
        note: Localized::ja_en(
            "矢印は情報の届く道の一つ（最短）。添え書きは方式と措置。枠は系",
            "Arrows are the shortest ways of the data, with method and control; frames are zones",
        ),
        ..Sketch::default()
    });
    for item in data {
        let flows = carrying(reader, item);
        judged += flows.len();
        without += flows.iter().filter(|flow| reader.text(Place::Relationship(**flow), "control").is_none()).count();
        trace(reader, item, &flows, goal, &mut report);
    }
    report.judged(judged, "その情報を運ぶデータ連携", "flows that carry these data");
    report.lacking(without, "系間の措置", "a control, and count as open");
    report.lacking(unclassed, "個人情報区分", "a class of personal data");
    let open = report.rows.iter().filter(|row| row[6] != Cell::Nothing).count();
    report.figures = vec![("reached", Cell::count(report.rows.len())), ("with_open_hop", Cell::count(open))];
    let count = report.rows.len();
    Ok(report.say(
        &format!("情報は{count}か所に届き、うち{open}か所では措置のない段を通る。"),
        &format!("The data reach {count} places; on the way to {open} of them a hop has no control."),
    ))
}

/// The data asked for, and how many have no class where classes were asked for.
fn wanted(reader: &Reader<'_>, parameters: &Parameters) -> Result<(Vec<Place>, usize), AnalysisError> {
    let list = |name: &str| -> Vec<&str> {
        let text = parameters.get(name).map_or("", String::as_str);
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect()
    };
    let chosen = list("data").into_iter().map(|id| find(reader, "data", id)).collect::<Result<Vec<_>, _>>()?;
    if !chosen.is_empty() {
        return Ok((chosen, 0));
    }
    let classes = list("class");
    let classes = if classes.is_empty() { vec!["sensitive", "specific", "specific-sensitive"] } else { classes };
    let all = reader.all("data_object");
    let (known, unknown): (Vec<Place>, Vec<Place>) =
        all.into_iter().partition(|data| reader.text(*data, "personal_class").is_some());
    let of_class = |data: &Place| reader.text(*data, "personal_class").is_some_and(|held| classes.contains(&held));
    Ok((known.into_iter().filter(of_class).collect(), unknown.len()))
}

/// The flows that carry data in a form in which they can be kept and read.
fn carrying(reader: &Reader<'_>, data: Place) -> Vec<Edge> {
    let flows = reader.sources(data, "carries").into_iter();
    let edges = flows.filter_map(|place| if let Place::Relationship(edge) = place { Some(edge) } else { None });
    edges
        .filter(|edge| {
            let place = Place::Relationship(*edge);
            reader.text(place, "method") != Some("view") && reader.boolean(place, "anonymized") != Some(true)
        })
        .collect()
}

/// From the masters of the data (from every sender that nobody sends to, where there is none), breadth first.
fn trace(reader: &Reader<'_>, data: Place, flows: &[Edge], goal: Option<Place>, report: &mut Report) {
    let mut next: BTreeMap<Place, Vec<(Edge, Place)>> = BTreeMap::new();
    for flow in flows {
        if let (Some(from), Some(to)) = (reader.source(*flow), reader.target(*flow)) {
            next.entry(from).or_default().push((*flow, to));
        }
    }
    let mut starts = reader.targets(data, "mastered_by");
    if starts.is_empty() {
        starts = reader.sorted(next.keys().copied().collect());
    }
    for start in starts {
        let mut before: BTreeMap<Place, (Edge, Place)> = BTreeMap::new();
        let mut waiting = VecDeque::from([start]);
        while let Some(place) = waiting.pop_front() {
            for (flow, to) in next.get(&place).into_iter().flatten() {
                if *to != start && !before.contains_key(to) {
                    before.insert(*to, (*flow, place));
                    waiting.push_back(*to);
                }
            }
        }
        let reached = reader.sorted(before.keys().copied().collect());
        for end in reached.into_iter().filter(|end| is_goal(reader, goal, *end)) {
            let way = way(&before, end);
            if let Some(sketch) = &mut report.sketch {
                draw(reader, start, &way, sketch);
            }
            report.rows.push(row(reader, data, start, end, &way));
        }
    }
}

/// A way: the places in the frames of their zones, the flows with method and control.
fn draw(reader: &Reader<'_>, start: Place, way: &[Edge], sketch: &mut Sketch) {
    let name = |place: Place| reader.item(place).map(|item| name_of(reader.view(), item)).unwrap_or_default();
    let made = |place: Place, is_subject: bool| SketchBox {
        ids: vec![reader.id(place).to_owned()],
        frame: reader.target_of(place, "in_zone").map(name).unwrap_or_default(),
        is_subject,
        ..SketchBox::default()
    };
    sketch.put(made(start, true));
    for flow in way {
        let (Some(from), Some(to)) = (reader.source(*flow), reader.target(*flow)) else { continue };
        let place = Place::Relationship(*flow);
        let [method, control] = ["method", "control"].map(|key| Cell::code(reader, place, key));
        let text = |language: &str| format!("{} / {}", method.to_text(language), control.to_text(language));
        sketch.put(made(to, false));
        sketch.draw(SketchLine {
            from: reader.id(from).to_owned(),
            to: reader.id(to).to_owned(),
            label: Localized::ja_en(&text("ja"), &text("en")),
            is_strong: reader.text(place, "control").is_none_or(|control| OPEN.contains(&control)),
        });
    }
}

fn is_goal(reader: &Reader<'_>, goal: Option<Place>, end: Place) -> bool {
    goal.is_none_or(|goal| end == goal || reader.targets(end, "in_zone").contains(&goal))
}

fn way(before: &BTreeMap<Place, (Edge, Place)>, end: Place) -> Vec<Edge> {
    let mut way = Vec::new();
    let mut place = end;
    while let Some((flow, from)) = before.get(&place) {
        way.push(*flow);
        place = *from;
    }
    way.reverse();
    way
}

fn row(reader: &Reader<'_>, data: Place, start: Place, end: Place, way: &[Edge]) -> Vec<Cell> {
    let zone = |place: Option<Place>| place.and_then(|place| reader.target_of(place, "in_zone"));
    let control = |flow: &Edge| reader.text(Place::Relationship(*flow), "control");
    let open = way.iter().position(|flow| control(flow).is_none_or(|control| OPEN.contains(&control)));
    let crosses = way.iter().any(|flow| zone(reader.source(*flow)) != zone(reader.target(*flow)));
    vec![
        Cell::item(reader, data),
        Cell::item(reader, start),
        Cell::item(reader, end),
        Cell::some(reader, zone(Some(end))),
        Cell::count(way.len()),
        Cell::Words(told(reader, start, way)),
        open.map_or(Cell::Nothing, |place| Cell::item(reader, Place::Relationship(way[place]))),
        Cell::Boolean(crosses),
    ]
}

/// The way in words: places joined by the method and control between them.
fn told(reader: &Reader<'_>, start: Place, way: &[Edge]) -> Localized {
    let name =
        |place: Option<Place>| place.and_then(|place| reader.item(place)).map(|item| name_of(reader.view(), item));
    let [ja, en] = ["ja", "en"].map(|language| {
        let mut text = name(Some(start)).unwrap_or_default().get(language).to_owned();
        for flow in way {
            let place = Place::Relationship(*flow);
            let [method, control] = ["method", "control"].map(|key| Cell::code(reader, place, key).to_text(language));
            let to = name(reader.target(*flow)).unwrap_or_default();
            text.push_str(&format!(" →［{method}・{control}］→ {}", to.get(language)));
        }
        text
    });
    Localized::ja_en(&ja, &en)
}
