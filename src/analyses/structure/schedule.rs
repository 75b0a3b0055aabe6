//! The schedule of projects: which system is changed when, beside the end of its contract.

use jiff::civil::Date;

use super::projects::{Touch, collide, period, touches};
use super::report::{Cell, Report};
use super::{Parameters, Question};
use crate::analyses::Column;
use crate::analyses::error::AnalysisError;
use crate::analyses::findings::Reader;
use crate::domain::Localized;

pub(super) const QUESTION: Question = Question {
    name: "schedule",
    ja: "日程：どのプロジェクトがいつどのシステムに手を入れるか",
    en: "Schedule: which project changes which system when",
    parameters: &[],
    ask,
};

/// Bars over time, in the order in which they are drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Timeline {
    /// One bar a project and system.
    pub bars: Vec<TimelineBar>,
}

/// What a project does to a system, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineBar {
    /// The project's id.
    pub project: String,
    /// The system's id.
    pub system: String,
    /// What it does to the system.
    pub role: Localized,
    /// The day on which the project starts.
    pub start: Option<Date>,
    /// The day on which it goes live.
    pub go_live: Option<Date>,
    /// The day on which the present contract of the system ends.
    pub contract_end: Option<Date>,
    /// First and last day on which another project changes the system as well, one pair a project.
    pub overlaps: Vec<(Date, Date)>,
}

fn ask(reader: &Reader<'_>, _: &Parameters) -> Result<Report, AnalysisError> {
    let touches = touches(reader);
    let mut report = Report::new(
        reader,
        &QUESTION,
        vec![
            Column::new("project", "プロジェクト", "Project"),
            Column::new("system", "システム", "System"),
            Column::new("role", "内容", "Role"),
            Column::new("start", "開始", "Start"),
            Column::new("go_live", "稼働", "Go-live"),
            Column::new("contract_end", "今の契約の終わり", "Present contract ends"),
            Column::new("overlaps_with", "同じ時期に手を入れるプロジェクト", "Changed at the same time by"),
            Column::new("overlap_start", "重なりの始め", "Overlap from"),
            Column::new("overlap_end", "重なりの終わり", "Overlap to"),
        ],
    );
    report.judged(touches.len(), "プロジェクトとその対象システム", "projects and the systems they touch");
    let undated = touches.iter().filter(|touch| period(reader, touch.project).is_none()).count();
    report.lacking(undated, "開始日又は稼働日", "a start or a go-live");
    let mut timeline = Timeline::default();
    for touch in &touches {
        let others: Vec<&Touch> = touches
            .iter()
            .filter(|other| other.system == touch.system && other.project != touch.project)
            .filter(|other| collide(reader, touch, other))
            .collect();
        let bar = bar(reader, touch, &others);
        report.rows.push(vec![
            Cell::item(reader, touch.project),
            Cell::item(reader, touch.system),
            Cell::code(reader, touch.edge, "role"),
            Cell::date(bar.start),
            Cell::date(bar.go_live),
            Cell::date(bar.contract_end),
            Cell::items(reader, &others.iter().map(|other| other.project).collect::<Vec<_>>()),
            Cell::date(bar.overlaps.iter().map(|(from, _)| *from).min()),
            Cell::date(bar.overlaps.iter().map(|(_, to)| *to).max()),
        ]);
        timeline.bars.push(bar);
    }
    let first = timeline.bars.iter().filter_map(|bar| bar.start).min();
    let last = timeline.bars.iter().filter_map(|bar| bar.go_live).max();
    let overlapping = timeline.bars.iter().filter(|bar| !bar.overlaps.is_empty()).count();
    report.figures = vec![
        ("changes", Cell::count(touches.len())),
        ("undated", Cell::count(undated)),
        ("overlapping", Cell::count(overlapping)),
        ("first_start", Cell::date(first)),
        ("last_go_live", Cell::date(last)),
    ];
    report.timeline = Some(timeline);
    Ok(report.say(
        &format!(
            "プロジェクトの手入れ{}件のうち、日程の分かるものは{}件で、{overlapping}件は同じシステムへの別の手入れと時期が重なる。",
            touches.len(),
            touches.len() - undated
        ),
        &format!(
            "Of {} changes by projects {} are dated; {overlapping} overlap with another change of the same system.",
            touches.len(),
            touches.len() - undated
        ),
    ))
}

fn bar(reader: &Reader<'_>, touch: &Touch, others: &[&Touch]) -> TimelineBar {
    let own = period(reader, touch.project);
    let shared = others.iter().filter_map(|other| {
        let (own, other) = own.zip(period(reader, other.project))?;
        Some((own.0.max(other.0), own.1.min(other.1)))
    });
    let role = Cell::code(reader, touch.edge, "role");
    TimelineBar {
        project: reader.id(touch.project).to_owned(),
        system: reader.id(touch.system).to_owned(),
        role: Localized::ja_en(&role.to_text("ja"), &role.to_text("en")),
        start: reader.date_of(touch.project, "start"),
        go_live: reader.date_of(touch.project, "go_live"),
        contract_end: reader.date_of(touch.system, "contract_end"),
        overlaps: shared.collect(),
    }
}
