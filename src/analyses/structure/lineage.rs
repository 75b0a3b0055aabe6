//! Lineage of data: where they are created, every copy, by what method, and how old it can be at most.

use std::collections::{BTreeMap, BinaryHeap};

use super::gathering::find;
use super::report::{Cell, Report};
use super::{Parameters, Question, Sketch, SketchBox, SketchLine};
use crate::analyses::Column;
use crate::analyses::error::AnalysisError;
use crate::analyses::findings::Reader;
use crate::domain::Localized;
use crate::graph::{Edge, Place};

pub(super) const QUESTION: Question = Question {
    name: "lineage",
    ja: "情報の系譜：どこで作られ、どこに写され、どれだけ古いか",
    en: "Lineage: where data are created, where they are copied, how old each copy is at most",
    parameters: &[("data", "the data object"), ("place", "only what leads to this place: backwards")],
    ask,
};

/// How often, in hours; `e` (随時) has no upper bound, `h` is half a year.
fn hours(frequency: &str) -> Option<f64> {
    Some(match frequency {
        "rt" => 0.0,
        "5min" => 5.0 / 60.0,
        "d" => 24.0,
        "w" => 7.0 * 24.0,
        "m" => 31.0 * 24.0,
        "q" => 92.0 * 24.0,
        "h" => 184.0 * 24.0,
        "y" => 366.0 * 24.0,
        _ => return None,
    })
}

/// A copy: how it got there. An age that is not known is older than every known one.
#[derive(Debug, Clone, PartialEq)]
struct Copy {
    age: Option<f64>,
    hops: usize,
    by: Option<Edge>,
}

fn ask(reader: &Reader<'_>, parameters: &Parameters) -> Result<Report, AnalysisError> {
    let id = parameters.get("data").ok_or(AnalysisError::NothingAsked { field: "data" })?;
    let data = find(reader, "data", id)?;
    let wanted = parameters.get("place").map(|id| find(reader, "place", id)).transpose()?;
    let masters = reader.targets(data, "mastered_by");
    let flows: Vec<Edge> = reader
        .sources(data, "carries")
        .into_iter()
        .filter_map(|place| if let Place::Relationship(edge) = place { Some(edge) } else { None })
        .collect();
    let copies = copies(reader, &masters, &flows);
    let mut report = Report::new(
        reader,
        &QUESTION,
        vec![
            Column::new("place", "所在", "Place"),
            Column::new("role", "役割", "Role"),
            Column::new("from", "受取元", "From"),
            Column::new("flow", "データ連携", "Flow"),
            Column::new("method", "方式", "Method"),
            Column::new("frequency", "頻度", "Frequency"),
            Column::new("hops", "段数", "Hops"),
            Column::new("oldest_hours", "最大の古さ（時間）", "At most so old, in hours"),
            Column::new("feeds", "渡す先の数", "Feeds"),
        ],
    );
    let unknown = copies.values().filter(|copy| copy.age.is_none()).count();
    report.judged(copies.len() + flows.len(), "その情報の正本又は連携", "master or flow of these data");
    report.lacking(
        unknown,
        "上限のある頻度（随時、又は記載なし）があるため古さ",
        "a bounded frequency, so their age is unknown",
    );
    let shown = shown(reader, &copies, wanted);
    let mut sketch = Sketch {
        subjects: Localized::ja_en("正本", "master"),
        strong: Localized::ja_en(
            "頻度に上限がない（随時、又は記載なし）",
            "no bound to its frequency, or none recorded",
        ),
        note: Localized::ja_en(
            "最も新しい写しが届く道だけを描いた。時間は写しの古さの上限",
            "Only the way of the freshest copy is drawn; hours say how old it can be at most",
        ),
        ..Sketch::default()
    };
    for place in reader.sorted(shown) {
        report.rows.push(row(reader, place, &copies, &flows));
        draw(reader, place, &copies[&place], &mut sketch);
    }
    report.sketch = Some(sketch.trimmed());
    let orphan = flows.iter().filter(|flow| reader.target(**flow).is_some_and(|to| !copies.contains_key(&to))).count();
    report.lacking(orphan, "正本からの道", "a way from a master");
    let processes = reader.sources(data, "accesses");
    report.figures = vec![
        ("masters", Cell::items(reader, &masters)),
        ("created_by", Cell::items(reader, &creators(reader, data))),
        ("consumers", Cell::items(reader, &processes)),
        ("copies", Cell::count(copies.len().saturating_sub(masters.len()))),
    ];
    let count = copies.len().saturating_sub(masters.len());
    Ok(report.say(
        &format!("正本{}か所から{count}か所に写しがある。うち{unknown}か所は古さの上限が分からない。", masters.len()),
        &format!(
            "There are {count} copies of {} masters; of {unknown} it is unknown how old they can be.",
            masters.len()
        ),
    ))
}

fn creators(reader: &Reader<'_>, data: Place) -> Vec<Place> {
    let accesses = reader.incoming(data, &reader.kinds("accesses")).into_iter();
    let creating =
        accesses.filter(|edge| reader.text(Place::Relationship(*edge), "crud").is_some_and(|crud| crud.contains('C')));
    creating.filter_map(|edge| reader.source(edge)).collect()
}

/// Every place that the data reach, with the freshest way there: known ages before unknown ones, then fewer hops.
fn copies(reader: &Reader<'_>, masters: &[Place], flows: &[Edge]) -> BTreeMap<Place, Copy> {
    let mut found: BTreeMap<Place, Copy> = BTreeMap::new();
    let mut waiting = BinaryHeap::new();
    let rank = |copy: &Copy| (copy.age.is_none(), minutes(copy.age.unwrap_or(0.0)), copy.hops);
    for master in masters {
        let copy = Copy { age: Some(0.0), hops: 0, by: None };
        waiting.push(std::cmp::Reverse((rank(&copy), *master)));
        found.insert(*master, copy);
    }
    while let Some(std::cmp::Reverse((held, place))) = waiting.pop() {
        let here = found[&place].clone();
        if rank(&here) != held {
            continue;
        }
        for flow in flows.iter().filter(|flow| reader.source(**flow) == Some(place)) {
            let Some(to) = reader.target(*flow) else { continue };
            let step = reader.text(Place::Relationship(*flow), "frequency").and_then(hours);
            let copy =
                Copy { age: here.age.zip(step).map(|(age, step)| age + step), hops: here.hops + 1, by: Some(*flow) };
            if found.get(&to).is_none_or(|known| rank(&copy) < rank(known)) {
                waiting.push(std::cmp::Reverse((rank(&copy), to)));
                found.insert(to, copy);
            }
        }
    }
    found
}

/// Whole minutes, which compare exactly.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "ages of copies in minutes")]
fn minutes(hours: f64) -> u64 {
    (hours * 60.0).round() as u64
}

/// All copies, or those on the way to one place.
fn shown(reader: &Reader<'_>, copies: &BTreeMap<Place, Copy>, wanted: Option<Place>) -> Vec<Place> {
    let Some(wanted) = wanted else { return copies.keys().copied().collect() };
    let mut found = Vec::new();
    let mut place = Some(wanted).filter(|place| copies.contains_key(place));
    while let Some(held) = place {
        found.push(held);
        place = copies[&held].by.and_then(|flow| reader.source(flow)).filter(|from| !found.contains(from));
    }
    found
}

/// A copy with its age, and the flow that brings it.
fn draw(reader: &Reader<'_>, place: Place, copy: &Copy, sketch: &mut Sketch) {
    let age = copy.age.map_or_else(
        || Localized::ja_en("古さの上限は不明", "age unknown"),
        |age| {
            let hours = (age * 100.0).round() / 100.0;
            Localized::ja_en(&format!("最大{hours}時間前"), &format!("at most {hours} hours old"))
        },
    );
    let facts = if copy.by.is_none() { Vec::new() } else { vec![age] };
    let ids = vec![reader.id(place).to_owned()];
    sketch.put(SketchBox { ids, facts, is_subject: copy.by.is_none(), ..SketchBox::default() });
    let Some(flow) = copy.by else { return };
    let Some(from) = reader.source(flow) else { return };
    let at = Place::Relationship(flow);
    let text = |language: &str| {
        let [method, frequency] = ["method", "frequency"].map(|key| Cell::code(reader, at, key).to_text(language));
        format!("{method} / {frequency}")
    };
    sketch.draw(SketchLine {
        from: reader.id(from).to_owned(),
        to: reader.id(place).to_owned(),
        label: Localized::ja_en(&text("ja"), &text("en")),
        is_strong: reader.text(at, "frequency").and_then(hours).is_none(),
    });
}

fn row(reader: &Reader<'_>, place: Place, copies: &BTreeMap<Place, Copy>, flows: &[Edge]) -> Vec<Cell> {
    let copy = &copies[&place];
    let feeds = flows.iter().filter(|flow| reader.source(**flow) == Some(place)).count();
    let role = match (copy.by, feeds) {
        (None, _) => Localized::ja_en("正本", "master"),
        (Some(_), 0) => Localized::ja_en("最後の利用先", "last consumer"),
        _ => Localized::ja_en("写し", "copy"),
    };
    let flow = copy.by.map(Place::Relationship);
    let code = |key: &str| flow.map_or(Cell::Nothing, |flow| Cell::code(reader, flow, key));
    vec![
        Cell::item(reader, place),
        Cell::Words(role),
        Cell::some(reader, copy.by.and_then(|flow| reader.source(flow))),
        flow.map_or(Cell::Nothing, |flow| Cell::Text(reader.id(flow).to_owned())),
        code("method"),
        code("frequency"),
        Cell::count(copy.hops),
        copy.age.map_or(Cell::Nothing, |age| Cell::Number((age * 100.0).round() / 100.0)),
        Cell::count(feeds),
    ]
}
