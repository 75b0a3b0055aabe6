//! The candidates of a model computed a second time over its text.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use crate::city_text::{CityText, entries, number, text, texts};

const BEST_FIRST: &str = "api file lgwan dbl rpa web view manualcsv usb mail sms remote paper rekey";
const HUB: &str = "sys-renkei";

fn hours(flow: &Json) -> i64 {
    number(flow, &["manual_hours_per_year"]).unwrap_or(0)
}

fn id(record: &Json) -> &str {
    text(record, "id")
}

/// Place, data, the flow that stays, hours of the others.
pub(crate) fn parallel_methods(model: &CityText) -> BTreeSet<String> {
    let flows = model.list("data_flows");
    let mut found = BTreeSet::new();
    for target in flows.iter().map(|flow| text(flow, "target")).collect::<BTreeSet<_>>() {
        for data in model.list("data_objects").iter().map(id) {
            let same: Vec<&Json> = flows
                .iter()
                .filter(|flow| text(flow, "target") == target && texts(flow, "data").contains(&data))
                .collect();
            let methods: BTreeSet<&str> = same.iter().map(|flow| text(flow, "method")).collect();
            if methods.len() > 1 {
                let rank = |flow: &Json| BEST_FIRST.split(' ').position(|held| held == text(flow, "method"));
                let kept = same.iter().min_by_key(|flow| (rank(flow), id(flow))).expect("one");
                let others: i64 = same.iter().filter(|flow| id(flow) != id(kept)).map(|flow| hours(flow)).sum();
                found.insert(json!([target, data, id(kept), others]).to_string());
            }
        }
    }
    found
}

/// Flow, hours: by hand between two systems, with nothing but data that reach the common data link.
pub(crate) fn file_to_hub(model: &CityText) -> BTreeSet<String> {
    let flows = model.list("data_flows");
    let arriving: BTreeSet<&str> =
        flows.iter().filter(|flow| text(flow, "target") == HUB).flat_map(|flow| texts(flow, "data")).collect();
    let by_hand = flows.iter().filter(|flow| {
        let data = texts(flow, "data");
        ["manualcsv", "usb", "dbl", "rekey", "paper"].contains(&text(flow, "method"))
            && [text(flow, "source"), text(flow, "target")].iter().all(|end| end.starts_with("sys-") && *end != HUB)
            && !data.is_empty()
            && data.iter().all(|data| arriving.contains(data))
    });
    by_hand.map(|flow| json!([id(flow), hours(flow)]).to_string()).collect()
}

/// Data, masters, the one that passes them to most, hours of re-entry between them.
pub(crate) fn double_masters(model: &CityText) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for data in model.list("data_objects").iter().filter(|data| texts(data, "masters").len() > 1) {
        let mut masters = texts(data, "masters");
        masters.sort_unstable();
        let carries = |flow: &&Json| texts(flow, "data").contains(&id(data));
        let flows: Vec<&Json> = model.list("data_flows").iter().filter(carries).collect();
        let out = |master: &str| flows.iter().filter(|flow| text(flow, "source") == master).count();
        let most = masters.iter().map(|master| out(master)).max();
        let kept = masters.iter().find(|master| Some(out(master)) == most);
        let between = flows
            .iter()
            .filter(|flow| [text(flow, "source"), text(flow, "target")].iter().all(|end| masters.contains(end)));
        let hours: i64 = between.map(|flow| hours(flow)).sum();
        found.insert(json!([id(data), masters, kept, hours]).to_string());
    }
    found
}

/// The longest common subsequence, row by row.
fn common(a: &[&str], b: &[&str]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for one in a {
        let mut before = 0;
        for (place, other) in b.iter().enumerate() {
            let above = row[place + 1];
            row[place + 1] = if one == other { before + 1 } else { above.max(row[place]) };
            before = above;
        }
    }
    row[b.len()]
}

/// Whether so many hundredths of the longer list are aligned.
fn alike(a: &[&str], b: &[&str], hundredths: usize) -> bool {
    let longer = a.len().max(b.len());
    longer > 0 && common(a, b) * 100 >= longer * hundredths
}

/// Processes of one type, each with the first in the order of ids that is four fifths alike.
pub(crate) fn same_pattern(model: &CityText) -> BTreeSet<String> {
    let mut processes: Vec<&Json> =
        model.list("business_processes").iter().filter(|process| !texts(process, "functions").is_empty()).collect();
    processes.sort_by_key(|process| id(process));
    let mut groups: Vec<Vec<&Json>> = Vec::new();
    for process in processes {
        let fits = |group: &&mut Vec<&Json>| {
            text(group[0], "type") == text(process, "type")
                && alike(&texts(group[0], "functions"), &texts(process, "functions"), 80)
        };
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(process),
            None => groups.push(vec![process]),
        }
    }
    let hours = |group: &[&Json]| -> i64 {
        group.iter().filter_map(|process| number(process, &["staff_hours_per_year"])).sum()
    };
    let several = groups.iter().filter(|group| group.len() > 1);
    several
        .map(|group| json!([group.iter().map(|held| id(held)).collect::<Vec<_>>(), hours(group)]).to_string())
        .collect()
}

/// Tool, the process it serves where it has settled, the most alike processes of other sections that do without it.
pub(crate) fn rollout(model: &CityText) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let uses = |process: &Json, tool: &str| entries(process, "systems").iter().any(|used| text(used, "system") == tool);
    let processes = model.list("business_processes");
    for adoption in model.list("adoptions").iter().filter(|held| ["定着", "自走"].contains(&text(held, "stage"))) {
        let (tool, section) = (text(adoption, "system"), text(adoption, "department"));
        for here in processes.iter().filter(|held| text(held, "owner_department") == section && uses(held, tool)) {
            let mine = texts(here, "functions");
            let mut there: Vec<&Json> = processes
                .iter()
                .filter(|held| text(held, "owner_department") != section && !uses(held, tool))
                .filter(|held| alike(&mine, &texts(held, "functions"), 50))
                .collect();
            there.sort_by(|a, b| {
                let share = |held: &Json| {
                    let theirs = texts(held, "functions");
                    (common(&mine, &theirs), mine.len().max(theirs.len()))
                };
                let ((one, of_one), (other, of_other)) = (share(a), share(b));
                let hours = |held: &Json| number(held, &["staff_hours_per_year"]).unwrap_or(0);
                (other * of_one).cmp(&(one * of_other)).then(hours(b).cmp(&hours(a))).then(id(a).cmp(id(b)))
            });
            there.truncate(5);
            if !there.is_empty() {
                let there: Vec<&str> = there.into_iter().map(id).collect();
                found.insert(json!([tool, id(here), there]).to_string());
            }
        }
    }
    found
}

/// What is around an item: work and systems, and data.
type Around<'a> = (BTreeSet<String>, BTreeSet<&'a str>);

/// Two items, how like they are in thousandths: half by what they serve and use, half by their data.
pub(crate) fn neighbourhood(model: &CityText) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for around in [systems_around(model), processes_around(model)] {
        let mut holders: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (item, (served, data)) in &around {
            let all = served.iter().cloned().chain(data.iter().map(|id| (*id).to_owned()));
            all.for_each(|near| holders.entry(near).or_default().push(item));
        }
        // What more than forty share tells nothing; two that share less than two are not compared.
        let telling = |near: &&String| holders[*near].len() <= 40;
        for (one, near) in &around {
            for (other, there) in around.range::<str, _>((std::ops::Bound::Excluded(*one), std::ops::Bound::Unbounded))
            {
                let data = |set: &BTreeSet<&str>| set.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<String>>();
                let (a, b) = (data(&near.1), data(&there.1));
                let shared =
                    near.0.intersection(&there.0).filter(telling).count() + a.intersection(&b).filter(telling).count();
                let shares: Vec<f64> = [share(&near.0, &there.0), share(&a, &b)].into_iter().flatten().collect();
                let parts = f64::from(u32::try_from(shares.len()).expect("two"));
                let likeness = shares.iter().sum::<f64>() / parts;
                if shared >= 2 && likeness >= 0.5 {
                    found.insert(json!([one, other, (likeness * 1_000.0).round()]).to_string());
                }
            }
        }
    }
    found
}

fn share(a: &BTreeSet<String>, b: &BTreeSet<String>) -> Option<f64> {
    let count = |number: usize| f64::from(u32::try_from(number).expect("few"));
    let either = a.union(b).count();
    (either > 0).then(|| count(a.intersection(b).count()) / count(either))
}

fn systems_around(model: &CityText) -> BTreeMap<&str, Around<'_>> {
    let mut around: BTreeMap<&str, Around<'_>> =
        model.list("systems").iter().map(|system| (id(system), Around::default())).collect();
    for system in model.list("systems") {
        let mine = around.entry(id(system)).or_default();
        mine.0.extend(texts(system, "function_codes").into_iter().map(str::to_owned));
        for target in entries(system, "depends_on").iter().map(|entry| text(entry, "target")) {
            if target.starts_with("sys-") {
                around.entry(id(system)).or_default().0.insert(target.to_owned());
                around.entry(target).or_default().0.insert(id(system).to_owned());
            }
        }
    }
    for process in model.list("business_processes") {
        for used in entries(process, "systems") {
            around.entry(text(used, "system")).or_default().0.insert(id(process).to_owned());
        }
        // A step of the work is a function of its own.
        for (number, step) in entries(process, "steps").iter().enumerate() {
            if text(step, "system").starts_with("sys-") {
                around.entry(text(step, "system")).or_default().0.insert(format!("{} step {number}", id(process)));
            }
        }
    }
    for data in model.list("data_objects") {
        for master in texts(data, "masters") {
            around.entry(master).or_default().1.insert(id(data));
        }
    }
    for flow in model.list("data_flows") {
        for end in [text(flow, "source"), text(flow, "target")].into_iter().filter(|end| end.starts_with("sys-")) {
            around.entry(end).or_default().1.extend(texts(flow, "data"));
        }
    }
    around
}

fn processes_around(model: &CityText) -> BTreeMap<&str, Around<'_>> {
    let all = model.list("business_processes").iter();
    all.map(|process| {
        let systems = entries(process, "systems").iter().map(|used| text(used, "system").to_owned()).collect();
        let data = entries(process, "data").iter().map(|entry| text(entry, "data")).collect();
        (id(process), (systems, data))
    })
    .collect()
}
