//! Asked the other way round: what would hit this?

use std::collections::BTreeSet;

use ezu::analyses::impact::{HeadlineAnswer, ImpactDirection, ImpactReport, ImpactRequest, impact};
use ezu::graph::View;

use crate::city_by_hand;
use crate::city_text::{CityText, text};
use crate::support::{ARCHIMATE, MUNICIPALITY, city, model};

fn ask(view: &View, change: &str, subject: &str) -> ImpactReport {
    let request = ImpactRequest {
        subjects: vec![subject.into()],
        change: change.into(),
        direction: ImpactDirection::Inward,
        ..ImpactRequest::default()
    };
    impact(view, &request).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn what_stops_a_process_is_what_stops_it_when_it_stops() {
    let (view, city) = (city(), CityText::read());
    for process in ["prc-tennyu", "prc-jidoteate", "prc-hozei"] {
        if !city.list("business_processes").iter().any(|record| text(record, "id") == process) {
            continue;
        }
        let report = ask(&view, "stop", process);
        let found: BTreeSet<(String, String)> =
            report.affected.iter().map(|item| (item.id.clone(), item.effect.to_string())).collect();
        let mut expected = BTreeSet::new();
        for list in ["systems", "infrastructures", "business_processes", "data_flows"] {
            for record in city.list(list) {
                let subject = text(record, "id");
                if let Some((effect, _)) = city_by_hand::stop(&city, &[subject]).get(process) {
                    expected.insert((subject.to_owned(), effect.clone()));
                }
            }
        }
        assert_eq!(found, expected, "{process}");
        for item in &report.affected {
            let (first, last) = (item.path.first().expect("a step"), item.path.last().expect("a step"));
            assert_eq!((first.from.as_str(), last.to.as_str()), (item.id.as_str(), process));
        }
    }
}

#[test]
fn whose_leaving_would_matter() {
    let text = "
departments:
- {id: dept-a, name: 課}
persons:
- {id: per-a, code: A, department: dept-a}
- {id: per-b, code: B, department: dept-a}
systems:
- {id: sys-one, name: 一, known_by: [per-a]}
- {id: sys-two, name: 二, known_by: [per-a, per-b]}
- {id: sys-none, name: 零}
";
    let view = model(&[ARCHIMATE, MUNICIPALITY], text);
    let effects = |subject: &str| -> Vec<(String, String)> {
        ask(&view, "person_leaves", subject).affected.iter().map(|i| (i.id.clone(), i.effect.to_string())).collect()
    };
    assert_eq!(effects("sys-one"), [("per-a".to_owned(), "nobody_left".to_owned())]);
    assert_eq!(
        effects("sys-two"),
        [("per-a".to_owned(), "one_left".to_owned()), ("per-b".to_owned(), "one_left".to_owned())]
    );
    assert_eq!(ask(&view, "person_leaves", "sys-none").headline.answer, HeadlineAnswer::Unknown);
}
