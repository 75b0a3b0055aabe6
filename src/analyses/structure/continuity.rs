//! Single points of failure, and the order of recovery.

use super::gathering::{Gathered, dependencies, is_redundant, recovery_hours};
use super::report::{Cell, Report};
use super::{Parameters, Question, Sketch, SketchBox, SketchLine};
use crate::analyses::Column;
use crate::analyses::error::AnalysisError;
use crate::analyses::findings::Reader;
use crate::domain::Localized;
use crate::graph::Place;

/// How many points of failure are drawn.
const MOST_DRAWN: usize = 16;

pub(super) const POINTS_OF_FAILURE: Question = Question {
    name: "single-points-of-failure",
    ja: "単一障害点：一つ止まると何が止まるか",
    en: "Single points of failure: what one failure stops",
    parameters: &[("limit", "the most rows")],
    ask: points_of_failure,
};

pub(super) const RECOVERY_ORDER: Question = Question {
    name: "recovery-order",
    ja: "復旧の順番と、復旧目標の逆転",
    en: "Order of recovery, with objectives that cannot be met",
    parameters: &[],
    ask: recovery_order,
};

/// What stops with an item.
struct Behind {
    number: usize,
    stopped: usize,
    processes: Vec<usize>,
    hours: i64,
    shortest: Option<i64>,
}

fn points_of_failure(reader: &Reader<'_>, parameters: &Parameters) -> Result<Report, AnalysisError> {
    let held = dependencies(reader);
    let (dominators, cuts) = (held.graph.immediate_dominators(), held.graph.cut_points());
    let without_spare = |number: &usize| is_redundant(reader, held.items[*number]) != Some(true);
    let leading = (0..held.items.len()).filter(|number| !held.graph.targets(*number).is_empty());
    let mut points: Vec<Behind> = leading.filter(without_spare).map(|number| behind(reader, &held, number)).collect();
    points.sort_by_key(|point| {
        let rto = point.shortest.unwrap_or(i64::MAX);
        (std::cmp::Reverse(point.processes.len()), std::cmp::Reverse(point.hours), rto, point.number)
    });
    let mut report = Report::new(
        reader,
        &POINTS_OF_FAILURE,
        vec![
            Column::new("item", "対象", "Item"),
            Column::new("redundant", "冗長化", "Redundant"),
            Column::new("stopped", "止まる要素", "Stopped"),
            Column::new("processes", "止まる業務", "Processes stopped"),
            Column::new("only_way", "必ず通る業務", "Processes it alone leads to"),
            Column::new("staff_hours_per_year", "業務時間（時間/年）", "Staff hours a year"),
            Column::new("shortest_rto_hours", "最短の復旧目標（時間）", "Shortest RTO in hours"),
            Column::new("cut_point", "切れ目", "Cut point"),
        ],
    );
    let unknown = points.iter().filter(|point| is_redundant(reader, held.items[point.number]).is_none()).count();
    report.judged(held.graph.node_count(), "欠かせない依存", "essential dependencies");
    report.lacking(unknown, "冗長化の有無", "whether they are redundant, and count as not");
    let limit = super::summary::number(parameters, "limit")?.unwrap_or(100);
    let total = points.len();
    report.sketch = Some(sketch_of_points(reader, &held, &points));
    for point in points.into_iter().take(limit) {
        let place = held.items[point.number];
        let only = point.processes.iter().filter(|process| is_dominated(&dominators, **process, point.number)).count();
        report.rows.push(vec![
            Cell::item(reader, place),
            is_redundant(reader, place).map_or(Cell::Nothing, Cell::Boolean),
            Cell::count(point.stopped),
            Cell::count(point.processes.len()),
            Cell::count(only),
            Cell::Integer(point.hours),
            Cell::integer(point.shortest),
            Cell::Boolean(cuts.binary_search(&point.number).is_ok()),
        ]);
    }
    report.figures = vec![("points", Cell::count(total)), ("cut_points", Cell::count(cuts.len()))];
    Ok(report.say(
        &format!("冗長化されていないもののうち{total}件は、止まると他を止める。止まる業務の多い順に示す。"),
        &format!("{total} items without a spare stop others when they stop; those that stop most work come first."),
    ))
}

/// The gravest points, and which of them takes which down.
fn sketch_of_points(reader: &Reader<'_>, held: &Gathered, points: &[Behind]) -> Sketch {
    let (drawn, all) = (points.len().min(MOST_DRAWN), points.len());
    let mut sketch = Sketch {
        note: Localized::ja_en(
            &format!("矢印の元が止まると先も止まる。止まる業務の多い順に、{all}件のうち{drawn}件を描いた"),
            &format!("What an arrow starts from takes down what it points to; {drawn} of {all} are drawn"),
        ),
        ..Sketch::default()
    };
    for point in points.iter().take(MOST_DRAWN) {
        let (work, hours) = (point.processes.len(), point.hours);
        let mut facts = vec![Localized::ja_en(&format!("止まる業務 {work}件"), &format!("{work} processes stop"))];
        facts.push(Localized::ja_en(&format!("年{hours}時間の仕事"), &format!("{hours} hours of work a year")));
        facts.extend(
            point.shortest.map(|rto| {
                Localized::ja_en(&format!("最短の復旧目標 {rto}時間"), &format!("shortest RTO {rto} hours"))
            }),
        );
        let ids = vec![reader.id(held.items[point.number]).to_owned()];
        sketch.put(SketchBox { ids, facts, ..SketchBox::default() });
        for target in held.graph.targets(point.number) {
            sketch.draw(line(reader, held, point.number, *target, false));
        }
    }
    sketch.trimmed()
}

fn line(reader: &Reader<'_>, held: &Gathered, from: usize, to: usize, is_strong: bool) -> SketchLine {
    let id = |number: usize| reader.id(held.items[number]).to_owned();
    SketchLine { from: id(from), to: id(to), is_strong, ..SketchLine::default() }
}

/// What others wait for, step by step; an objective that comes later than that of what needs it stands out.
fn sketch_of_order(reader: &Reader<'_>, held: &Gathered, order: &[usize], levels: &[usize]) -> Sketch {
    let rto = |number: usize| recovery_hours(reader, held.items[number]);
    let mut sketch = Sketch {
        strong: Localized::ja_en("依存先の復旧目標の方が遅い", "the dependency is restored later than needed"),
        note: Localized::ja_en(
            "左の段から復旧する。ほかが待つものだけを描いた",
            "Restored from the left; only what others wait for is drawn",
        ),
        ..Sketch::default()
    };
    let is_awaited = |number: &usize| held.graph.targets(*number).iter().any(|to| !is_process(reader, held, *to));
    let drawn: Vec<usize> = order
        .iter()
        .copied()
        .filter(|number| {
            is_awaited(number) || !held.graph.sources(*number).iter().all(|from| rto(*from) <= rto(*number))
        })
        .collect();
    for number in drawn {
        let step = levels[number] + 1;
        let frame = Localized::ja_en(&format!("第{step}段"), &format!("Step {step}"));
        let fact = rto(number).map_or_else(
            || Localized::ja_en("復旧目標の記載なし", "no RTO recorded"),
            |hours| Localized::ja_en(&format!("復旧目標 {hours}時間"), &format!("RTO {hours} hours")),
        );
        let ids = vec![reader.id(held.items[number]).to_owned()];
        sketch.put(SketchBox { ids, frame, facts: vec![fact], ..SketchBox::default() });
        for need in held.graph.sources(number) {
            let later = rto(*need).zip(rto(number)).is_some_and(|(need, mine)| need > mine);
            sketch.draw(line(reader, held, *need, number, later));
        }
    }
    sketch.trimmed()
}

fn behind(reader: &Reader<'_>, held: &Gathered, number: usize) -> Behind {
    let stopped = held.graph.reach(number);
    let is_process = |number: &usize| reader.is_a(held.items[*number], "business_process");
    let processes: Vec<usize> = stopped.iter().copied().filter(is_process).collect();
    let hours = processes.iter().filter_map(|number| reader.integer(held.items[*number], "staff_hours_per_year")).sum();
    let shortest = stopped.iter().filter_map(|number| recovery_hours(reader, held.items[*number])).min();
    Behind { number, stopped: stopped.len(), processes, hours, shortest }
}

/// Whether one node is on every way to another.
fn is_dominated(dominators: &[Option<usize>], node: usize, by: usize) -> bool {
    std::iter::successors(dominators[node], |node| dominators[*node]).any(|dominator| dominator == by)
}

fn recovery_order(reader: &Reader<'_>, _: &Parameters) -> Result<Report, AnalysisError> {
    let held = dependencies(reader);
    let levels = held.graph.levels();
    let cycles: Vec<Vec<usize>> = held.graph.strongly_connected().into_iter().filter(|set| set.len() > 1).collect();
    let mut order: Vec<usize> = (0..held.items.len()).filter(|number| !is_process(reader, &held, *number)).collect();
    let rto = |number: usize| recovery_hours(reader, held.items[number]);
    order.sort_by_key(|number| (levels[*number], rto(*number).unwrap_or(i64::MAX), *number));
    let mut report = Report::new(
        reader,
        &RECOVERY_ORDER,
        vec![
            Column::new("step", "段", "Step"),
            Column::new("item", "対象", "Item"),
            Column::new("rto_hours", "復旧目標（時間）", "RTO in hours"),
            Column::new("needs", "先に要るもの", "Needs first"),
            Column::new("slower", "目標の遅い依存先", "Dependencies that come later"),
            Column::new("cycle", "循環", "In a cycle"),
        ],
    );
    let unknown = order.iter().filter(|number| rto(**number).is_none()).count();
    report.judged(order.len(), "欠かせない依存", "essential dependencies");
    report.lacking(unknown, "復旧目標", "a recovery time objective");
    let mut inversions = 0;
    report.sketch = Some(sketch_of_order(reader, &held, &order, &levels));
    for number in order {
        let needs = held.graph.sources(number);
        let slower: Vec<Place> = needs
            .iter()
            .filter(|need| rto(**need).zip(rto(number)).is_some_and(|(need, mine)| need > mine))
            .map(|need| held.items[*need])
            .collect();
        inversions += slower.len();
        let needs: Vec<Place> = needs.iter().map(|need| held.items[*need]).collect();
        report.rows.push(vec![
            Cell::count(levels[number] + 1),
            Cell::item(reader, held.items[number]),
            Cell::integer(rto(number)),
            Cell::items(reader, &needs),
            Cell::items(reader, &slower),
            Cell::Boolean(cycles.iter().any(|cycle| cycle.binary_search(&number).is_ok())),
        ]);
    }
    report.figures = vec![("inversions", Cell::count(inversions)), ("cycles", Cell::count(cycles.len()))];
    let (count, cycles) = (report.rows.len(), cycles.len());
    Ok(report.say(
        &format!("{count}件を段の順に復旧する。目標が間に合わない依存が{inversions}件、循環が{cycles}件ある。"),
        &format!("Restore {count} items step by step; {inversions} dependencies come later than what needs them, and there are {cycles} cycles."),
    ))
}

fn is_process(reader: &Reader<'_>, held: &Gathered, number: usize) -> bool {
    reader.is_a(held.items[number], "business_process")
}
