//! Hubs, islands and communities.

use super::gathering::{Gathered, dependencies, everything, flows};
use super::report::{Cell, Report};
use super::summary::number;
use super::{Parameters, Question, Sketch, SketchBox, SketchLine};
use crate::analyses::Column;
use crate::analyses::error::AnalysisError;
use crate::analyses::findings::Reader;
use crate::domain::Localized;
use crate::graph::Place;

pub(super) const HUBS: Question = Question {
    name: "hubs",
    ja: "要：多くとつながり、間に立つもの",
    en: "Hubs: what is connected with many and stands between many",
    parameters: &[("limit", "the most rows"), ("seed", "the seed of the sample in a large model")],
    ask: hubs,
};

pub(super) const ISLANDS: Question = Question {
    name: "islands",
    ja: "孤島：残りのモデルとつながっていないもの",
    en: "Islands: what is not connected with the rest",
    parameters: &[],
    ask: islands,
};

pub(super) const COMMUNITIES: Question = Question {
    name: "communities",
    ja: "まとまり：実際には一つの塊をなす要素",
    en: "Communities: what really forms one block",
    parameters: &[("seed", "decides between equally good groups; the same seed gives the same groups")],
    ask: communities,
};

/// Up to so many elements centrality is exact.
const EXACT: usize = 5_000;
/// In a larger model paths are followed from so many elements.
const SAMPLE: usize = 500;

fn hubs(reader: &Reader<'_>, parameters: &Parameters) -> Result<Report, AnalysisError> {
    let (limit, seed) = (number(parameters, "limit")?.unwrap_or(50), number(parameters, "seed")?.unwrap_or(1));
    let held = everything(reader);
    let sample = (held.items.len() > EXACT).then_some((SAMPLE, seed as u64));
    let between = held.graph.betweenness(sample);
    let degree = |node: usize| held.graph.targets(node).len() + held.graph.sources(node).len();
    let mut order: Vec<usize> = (0..held.items.len()).collect();
    order.sort_by(|a, b| {
        degree(*b).cmp(&degree(*a)).then(between.values[*b].total_cmp(&between.values[*a])).then(a.cmp(b))
    });
    let mut report = Report::new(
        reader,
        &HUBS,
        vec![
            Column::new("item", "要素", "Item"),
            Column::new("neighbours", "隣接数", "Neighbours"),
            Column::new("incoming", "入り", "Incoming"),
            Column::new("outgoing", "出", "Outgoing"),
            Column::new("betweenness", "媒介数", "Betweenness"),
        ],
    );
    report.judged(held.items.len(), "関係", "relationships");
    for node in order.into_iter().take(limit) {
        report.rows.push(vec![
            Cell::item(reader, held.items[node]),
            Cell::count(degree(node)),
            Cell::count(held.graph.sources(node).len()),
            Cell::count(held.graph.targets(node).len()),
            Cell::Number((between.values[node] * 1_000.0).round() / 1_000.0),
        ]);
    }
    let exact = between.sources == held.items.len();
    report.figures = vec![
        ("elements", Cell::count(held.items.len())),
        ("exact", Cell::Boolean(exact)),
        ("sampled_sources", Cell::count(between.sources)),
        ("seed", Cell::count(seed)),
        ("relative_error", error(between.sources, held.items.len())),
    ];
    Ok(report.say(
        "つながりの多い順に示す。媒介数は、ほかの要素どうしの最短の道が何本通るかである。",
        "The most connected come first; betweenness counts the shortest ways between others that pass through.",
    ))
}

/// The error of the sampled mean that is exceeded in one of twenty cases at most, as a share of the largest possible
/// value (Hoeffding 1963): √(ln 40 / 2k).
#[expect(clippy::cast_precision_loss, reason = "a count of samples")]
fn error(sources: usize, elements: usize) -> Cell {
    if sources == elements || sources == 0 {
        return Cell::Number(0.0);
    }
    Cell::Number(((40_f64.ln() / (2.0 * sources as f64)).sqrt() * 1_000.0).round() / 1_000.0)
}

fn islands(reader: &Reader<'_>, _: &Parameters) -> Result<Report, AnalysisError> {
    let held = everything(reader);
    let mut parts = held.graph.components();
    parts.sort_by_key(|part| (std::cmp::Reverse(part.len()), part[0]));
    let alone = alone(reader, &held);
    let mut report = Report::new(
        reader,
        &ISLANDS,
        vec![
            Column::new("island", "島", "Island"),
            Column::new("size", "要素数", "Items"),
            Column::new("items", "要素", "Items in it"),
        ],
    );
    report.judged(held.items.len() + alone.len(), "要素", "elements");
    let main = parts.first().map_or(0, Vec::len);
    let small = parts.into_iter().skip(1).map(|part| part.into_iter().map(|node| held.items[node]).collect::<Vec<_>>());
    let islands: Vec<Vec<Place>> = small.chain(alone.into_iter().map(|place| vec![place])).collect();
    for (number, items) in islands.iter().enumerate() {
        report.rows.push(vec![Cell::count(number + 1), Cell::count(items.len()), Cell::items(reader, items)]);
    }
    report.sketch = Some(draw_islands(reader, &held, &islands));
    report.figures = vec![("mainland", Cell::count(main)), ("islands", Cell::count(islands.len()))];
    let count = islands.len();
    Ok(report.say(
        &format!("{main}件がつながり合い、そこから離れた島が{count}個ある。"),
        &format!("{main} elements hang together; {count} islands lie apart from them."),
    ))
}

/// Each island in a frame, with the lines that hold it together.
fn draw_islands(reader: &Reader<'_>, held: &Gathered, islands: &[Vec<Place>]) -> Sketch {
    let id = |place: Place| reader.id(place).to_owned();
    let mut sketch = Sketch::default();
    for (number, items) in islands.iter().enumerate().filter(|(_, items)| items.len() > 1) {
        let frame = Localized::ja_en(&format!("島{}", number + 1), &format!("Island {}", number + 1));
        for item in items {
            sketch.put(SketchBox { ids: vec![id(*item)], frame: frame.clone(), ..SketchBox::default() });
        }
    }
    let frame = Localized::ja_en("どの関係もない要素", "Without any relationship");
    for item in islands.iter().filter(|items| items.len() == 1).flatten() {
        sketch.put(SketchBox { ids: vec![id(*item)], frame: frame.clone(), ..SketchBox::default() });
    }
    for (from, item) in held.items.iter().enumerate() {
        for to in held.graph.targets(from) {
            sketch.lines.push(SketchLine { from: id(*item), to: id(held.items[*to]), ..SketchLine::default() });
        }
    }
    sketch.trimmed()
}

/// Elements without any relationship.
fn alone(reader: &Reader<'_>, held: &Gathered) -> Vec<Place> {
    let kinds: Vec<_> = reader.metamodel().element_kinds().map(|kind| kind.id).collect();
    let all = kinds.into_iter().flat_map(|kind| reader.members(kind).to_vec());
    let connected: std::collections::BTreeSet<Place> = held.items.iter().copied().collect();
    reader.sorted(all.filter(|place| !connected.contains(place)).collect())
}

fn communities(reader: &Reader<'_>, parameters: &Parameters) -> Result<Report, AnalysisError> {
    let seed = number(parameters, "seed")?.unwrap_or(1);
    let (dependent, flowing) = (dependencies(reader), flows(reader));
    let is_system = |place: Place| reader.is_a(place, "application_component");
    let pairs = [&dependent, &flowing].into_iter().flat_map(|held| {
        held.edges.keys().map(|(a, b)| (held.items[*a], held.items[*b])).filter(|(a, b)| is_system(*a) && is_system(*b))
    });
    let pairs: Vec<(Place, Place)> = pairs.collect();
    let items = reader.sorted(pairs.iter().flat_map(|(a, b)| [*a, *b]).collect());
    let number: std::collections::BTreeMap<Place, usize> =
        items.iter().enumerate().map(|(n, place)| (*place, n)).collect();
    let graph = crate::graph::SmallGraph::new(items.len(), pairs.iter().map(|(a, b)| (number[a], number[b])));
    let mut groups = graph.communities(seed as u64);
    groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group[0]));
    let mut report = Report::new(
        reader,
        &COMMUNITIES,
        vec![
            Column::new("community", "まとまり", "Community"),
            Column::new("size", "要素数", "Items"),
            Column::new("inside", "内の連携", "Links inside"),
            Column::new("outside", "外との連携", "Links to others"),
            Column::new("items", "要素", "Items in it"),
        ],
    );
    report.judged(items.len(), "システム間の依存又は連携", "dependencies or flows between systems");
    for (place, group) in groups.iter().enumerate() {
        let within = |node: &usize| group.binary_search(node).is_ok();
        let links = group.iter().flat_map(|node| graph.targets(*node).iter().chain(graph.sources(*node)));
        let (inside, outside): (Vec<&usize>, Vec<&usize>) = links.partition(|node| within(node));
        let members: Vec<Place> = group.iter().map(|node| items[*node]).collect();
        report.rows.push(vec![
            Cell::count(place + 1),
            Cell::count(group.len()),
            Cell::count(inside.len() / 2),
            Cell::count(outside.len()),
            Cell::items(reader, &members),
        ]);
    }
    report.sketch = Some(sketch_of(reader, &items, &graph, &groups));
    let modularity = (graph.modularity(&groups) * 1_000.0).round() / 1_000.0;
    report.figures = vec![
        ("communities", Cell::count(groups.len())),
        // Newman and Girvan 2004: 0 where groups hold no more links than chance would give them.
        ("modularity", Cell::Number(modularity)),
        ("seed", Cell::count(seed)),
    ];
    let count = groups.len();
    Ok(report.say(
        &format!("システムは、内側のつながりが外より強い{count}個のまとまりに分かれる。"),
        &format!("The systems fall into {count} blocks that are linked more within than between."),
    ))
}

/// Each community as one box, with the number of links between them.
fn sketch_of(reader: &Reader<'_>, items: &[Place], graph: &crate::graph::SmallGraph, groups: &[Vec<usize>]) -> Sketch {
    let mut group_of = vec![0; items.len()];
    for (number, group) in groups.iter().enumerate() {
        group.iter().for_each(|node| group_of[*node] = number);
    }
    let mut links: std::collections::BTreeMap<(usize, usize), usize> = std::collections::BTreeMap::new();
    for node in 0..items.len() {
        for target in graph.targets(node).iter().filter(|target| group_of[**target] != group_of[node]) {
            *links.entry((group_of[node], group_of[*target])).or_default() += 1;
        }
    }
    let first = |number: usize| reader.id(items[groups[number][0]]).to_owned();
    let boxes = groups.iter().enumerate().map(|(number, group)| {
        // The most linked of a block tell best what it is about.
        let mut members = group.clone();
        members[1..].sort_by_key(|node| std::cmp::Reverse(graph.targets(*node).len() + graph.sources(*node).len()));
        SketchBox {
            ids: members.iter().map(|node| reader.id(items[*node]).to_owned()).collect(),
            name: Localized::ja_en(&format!("まとまり{}", number + 1), &format!("Community {}", number + 1)),
            ..SketchBox::default()
        }
    });
    let lines = links.iter().map(|((from, to), count)| SketchLine {
        from: first(*from),
        to: first(*to),
        label: Localized::ja_en(&format!("{count}件"), &count.to_string()),
        is_strong: false,
    });
    let note = Localized::ja_en(
        "箱は内側のつながりが強いシステムの塊。矢印の数は塊どうしの依存と連携の件数",
        "A box is a block of systems linked closely within; numbers count dependencies and flows between blocks",
    );
    Sketch { boxes: boxes.collect(), lines: lines.collect(), note, ..Sketch::default() }
}
