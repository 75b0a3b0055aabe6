//! People: what leaves with whom.

use super::report::{Cell, Report};
use super::{Parameters, Question};
use crate::analyses::Column;
use crate::analyses::error::AnalysisError;
use crate::analyses::findings::Reader;
use crate::graph::Place;

pub(super) const QUESTION: Question = Question {
    name: "people",
    ja: "人：その職員がいなくなると、分かる人がいなくなるもの",
    en: "People: what nobody knows any more once somebody leaves",
    parameters: &[],
    ask,
};

fn ask(reader: &Reader<'_>, _: &Parameters) -> Result<Report, AnalysisError> {
    let mut people: Vec<(Place, Vec<Place>, Vec<Place>)> = reader
        .all("person")
        .into_iter()
        .map(|person| {
            let known = reader.sources(person, "known_by");
            let knowers = |item: &Place| reader.targets(*item, "known_by").len();
            let alone = known.iter().copied().filter(|item| knowers(item) == 1).collect();
            let shared = known.into_iter().filter(|item| knowers(item) == 2).collect();
            (person, alone, shared)
        })
        .collect();
    people.retain(|(_, alone, shared)| !alone.is_empty() || !shared.is_empty());
    let hours = |items: &[Place]| -> i64 {
        items.iter().filter_map(|item| reader.integer(*item, "staff_hours_per_year")).sum()
    };
    people.sort_by_key(|(person, alone, shared)| {
        let order = std::cmp::Reverse((alone.len(), hours(alone), shared.len()));
        (order, reader.id(*person))
    });
    let mut report = Report::new(
        reader,
        &QUESTION,
        vec![
            Column::new("person", "職員", "Person"),
            Column::new("department", "所属", "Department"),
            Column::new("years_in_post", "在職年数", "Years in post"),
            Column::new("leaving", "異動・退職の予定", "Leaving"),
            Column::new("only_this_person", "この人しか分からないもの", "Known by this person alone"),
            Column::new("staff_hours_per_year", "その業務時間（時間/年）", "Staff hours of it"),
            Column::new("one_other", "あと1人しか分からないもの", "Known by one other"),
        ],
    );
    let known_of = |kind: &str| reader.all(kind);
    let things: Vec<Place> = known_of("business_process").into_iter().chain(known_of("system")).collect();
    let without = things.iter().filter(|thing| reader.targets(**thing, "known_by").is_empty()).count();
    report.judged(things.len() - without, "業務やシステムが分かる職員", "who knows which process or system");
    report.lacking(without, "分かる職員", "anybody who knows them");
    let count = people.iter().filter(|(_, alone, _)| !alone.is_empty()).count();
    for (person, alone, shared) in people {
        report.rows.push(vec![
            Cell::item(reader, person),
            Cell::some(reader, reader.target_of(person, "works_in")),
            Cell::integer(reader.integer(person, "years_in_post")),
            reader.text(person, "leaving").map_or(Cell::Nothing, |text| Cell::Text(text.to_owned())),
            Cell::items(reader, &alone),
            Cell::Integer(hours(&alone)),
            Cell::items(reader, &shared),
        ]);
    }
    report.figures = vec![("people", Cell::count(count))];
    Ok(report.say(
        &format!("{count}人の職員は、その人しか分からないものを抱えている。"),
        &format!("{count} people know something that nobody else knows."),
    ))
}
