//! Projects: what touches what and when, collisions, order, contradictions.

use super::report::{Cell, Report};
use super::{Parameters, Question, Sketch, SketchBox, SketchLine};
use crate::analyses::Column;
use crate::analyses::error::AnalysisError;
use crate::analyses::findings::Reader;
use crate::domain::Localized;
use crate::graph::Place;

pub(super) const QUESTION: Question = Question {
    name: "projects",
    ja: "プロジェクト：いつ何に手を入れ、どことぶつかるか",
    en: "Projects: what they touch and when, and with whom they collide",
    parameters: &[],
    ask,
};

/// What a project does to a system.
pub(super) struct Touch {
    pub(super) project: Place,
    pub(super) system: Place,
    /// What it is recorded with.
    pub(super) edge: Place,
}

fn ask(reader: &Reader<'_>, _: &Parameters) -> Result<Report, AnalysisError> {
    let touches = touches(reader);
    let mut report = Report::new(
        reader,
        &QUESTION,
        vec![
            Column::new("project", "プロジェクト", "Project"),
            Column::new("manager", "責任者", "Manager"),
            Column::new("start", "開始", "Start"),
            Column::new("go_live", "稼働", "Go-live"),
            Column::new("system", "システム", "System"),
            Column::new("role", "内容", "Role"),
            Column::new("contract_end", "今の契約の終わり", "Present contract ends"),
            Column::new("collides_with", "同時に手を入れるプロジェクト", "Changes it at the same time"),
            Column::new("contradicts", "矛盾するプロジェクト", "Contradicts"),
            Column::new("waits_for", "先に終わる必要のあるプロジェクト", "Has to wait for"),
        ],
    );
    let undated = touches.iter().filter(|touch| period(reader, touch.project).is_none()).count();
    report.judged(touches.len(), "プロジェクトとその対象システム", "projects and the systems they touch");
    report.lacking(undated, "開始日又は稼働日", "a start or a go-live");
    let mut collisions = 0;
    let mut sketch = Sketch {
        subjects: Localized::ja_en(
            "二つ以上のプロジェクトが手を入れるシステム",
            "a system that several projects touch",
        ),
        strong: Localized::ja_en("同時期に手を入れる、又は矛盾する", "at the same time as another, or against it"),
        note: Localized::ja_en(
            "先行するプロジェクトから次へも矢印を引く",
            "Arrows also lead from a project to the next",
        ),
        ..Sketch::default()
    };
    for touch in &touches {
        let others: Vec<&Touch> =
            touches.iter().filter(|other| other.system == touch.system && other.project != touch.project).collect();
        let colliding: Vec<Place> =
            others.iter().filter(|other| collide(reader, touch, other)).map(|other| other.project).collect();
        let contradicting: Vec<Place> =
            others.iter().filter(|other| contradict(reader, touch, other)).map(|other| other.project).collect();
        collisions += colliding.len();
        if !others.is_empty() {
            draw(reader, touch, !colliding.is_empty() || !contradicting.is_empty(), &mut sketch);
        }
        report.rows.push(vec![
            Cell::item(reader, touch.project),
            Cell::some(reader, reader.target_of(touch.project, "managed_by")),
            Cell::date(reader.date_of(touch.project, "start")),
            Cell::date(reader.date_of(touch.project, "go_live")),
            Cell::item(reader, touch.system),
            Cell::code(reader, touch.edge, "role"),
            Cell::date(reader.date_of(touch.system, "contract_end")),
            Cell::items(reader, &colliding),
            Cell::items(reader, &contradicting),
            Cell::items(reader, &reader.targets(touch.project, "follows")),
        ]);
    }
    let pairs = collisions / 2;
    report.sketch = Some(sketch.trimmed());
    report.figures = vec![("touches", Cell::count(touches.len())), ("collisions", Cell::count(pairs))];
    Ok(report.say(
        &format!("{}件の手入れのうち、同じシステムに同時に手を入れる組が{pairs}組ある。", touches.len()),
        &format!("Of {} changes, {pairs} pairs change one system at the same time.", touches.len()),
    ))
}

/// A project with its period, and what it does to a system that others touch too.
fn draw(reader: &Reader<'_>, touch: &Touch, is_strong: bool, sketch: &mut Sketch) {
    let id = |place: Place| reader.id(place).to_owned();
    let day = |attribute: &str| reader.date_of(touch.project, attribute).map_or("?".to_owned(), |day| day.to_string());
    let period = format!("{} – {}", day("start"), day("go_live"));
    let period = Localized::ja_en(&period, &period);
    sketch.put(SketchBox { ids: vec![id(touch.project)], facts: vec![period], ..SketchBox::default() });
    sketch.put(SketchBox { ids: vec![id(touch.system)], is_subject: true, ..SketchBox::default() });
    let role = Cell::code(reader, touch.edge, "role");
    let label = Localized::ja_en(&role.to_text("ja"), &role.to_text("en"));
    sketch.draw(SketchLine { from: id(touch.project), to: id(touch.system), label, is_strong });
    for before in reader.targets(touch.project, "follows") {
        let label = Localized::ja_en("先行", "comes first");
        sketch.draw(SketchLine { from: id(before), to: id(touch.project), label, is_strong: false });
    }
}

/// By the start of the project, then by id.
pub(super) fn touches(reader: &Reader<'_>) -> Vec<Touch> {
    let projects = reader.all("project").into_iter();
    let mut found: Vec<Touch> = projects
        .flat_map(|project| {
            let edges = reader.outgoing(project, &reader.kinds("changes_system")).into_iter();
            edges
                .filter_map(move |edge| {
                    Some(Touch { project, system: reader.target(edge)?, edge: Place::Relationship(edge) })
                })
                .collect::<Vec<_>>()
        })
        .collect();
    found.sort_by_key(|touch| {
        (reader.date_of(touch.project, "start"), reader.id(touch.project), reader.id(touch.system))
    });
    found
}

pub(super) fn period(reader: &Reader<'_>, project: Place) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
    reader.date_of(project, "start").zip(reader.date_of(project, "go_live"))
}

/// Both change the system, and their periods overlap (domain §4.1 P01).
pub(super) fn collide(reader: &Reader<'_>, one: &Touch, other: &Touch) -> bool {
    let changes = |touch: &Touch| reader.text(touch.edge, "role").is_some_and(|role| role != "use");
    let periods = period(reader, one.project).zip(period(reader, other.project));
    changes(one) && changes(other) && periods.is_some_and(|(a, b)| a.0 <= b.1 && b.0 <= a.1)
}

/// One retires what the other extends (domain §4.1 P04).
fn contradict(reader: &Reader<'_>, one: &Touch, other: &Touch) -> bool {
    let roles = [one, other].map(|touch| reader.text(touch.edge, "role").unwrap_or(""));
    roles == ["retire", "extend"] || roles == ["extend", "retire"]
}
