//! Answers as pictures.

use ezu::application::pictures::{PictureFormat, draw, structure_picture};
use ezu::graph::View;
use ezu::settings::Diagrams;

use crate::asking::report;
use crate::on_paper::small;
use crate::support::{ARCHIMATE, MUNICIPALITY, city, model};

fn dot(view: &View, name: &str, parameters: &[(&str, &str)], language: &str) -> Option<String> {
    let diagram = structure_picture(&report(view, name, parameters), language)?;
    let bytes = draw(view, &diagram, language, PictureFormat::Dot, &Diagrams::default()).expect("drawn");
    Some(String::from_utf8(bytes).expect("UTF-8"))
}

/// One project runs from January 2026 to January 2027, the other from June 2026 to June 2027, on one system.
#[test]
fn a_schedule_has_a_cell_for_each_month() {
    let drawn = dot(&small(), "schedule", &[], "ja").expect("a picture");
    let count = |text: &str| drawn.matches(text).count();
    // January to May of the first and February to June of the last year alone, June to January together.
    assert_eq!(count("<TD BGCOLOR=\"#7CC0EA\">"), 10);
    assert_eq!(count("<TD BGCOLOR=\"#A8500F\">"), 16);
    assert_eq!(count(">◆</FONT>"), 2, "each goes live once");
    assert_eq!(count(">▲</FONT>"), 2, "the contract of the system ends in March 2027");
    let years = [(3, "令和7年度"), (12, "令和8年度"), (3, "令和9年度")];
    for (months, year) in years {
        assert_eq!(count(&format!("COLSPAN=\"{months}\" BGCOLOR=\"#EDEDED\"><B>{year}</B>")), 1, "{year}");
    }
}

#[test]
fn a_schedule_without_days_says_so() {
    let text = "
systems: [{id: sys-a, name: A}]
projects: [{id: prj-a, name: '<P> & \"Q\"', systems: [{system: sys-a, role: modify}]}]
";
    let view = model(&[ARCHIMATE, MUNICIPALITY], text);
    let drawn = dot(&view, "schedule", &[], "en").expect("a picture");
    assert!(drawn.contains("rows without a bar, as a start or go-live is not known: 1"), "{drawn}");
    assert!(drawn.contains("&lt;P&gt;") && drawn.contains("&quot;Q&quot;") && !drawn.contains("<P>"), "{drawn}");
    assert_eq!(dot(&model(&[ARCHIMATE, MUNICIPALITY], "systems: [{id: sys-a, name: A}]"), "schedule", &[], "ja"), None);
}

#[test]
fn islands_stand_in_frames() {
    let drawn = dot(&small(), "islands", &[], "en").expect("a picture");
    // The city is not connected with anything.
    assert!(drawn.contains("Without any relationship") && drawn.contains("\"city-a\""), "{drawn}");
    assert!(!drawn.contains("\"sys-a\""), "it is of the mainland");
}

#[test]
fn pictures_of_the_city_are_drawn() {
    let view = city();
    let has_graphviz = std::process::Command::new("dot").arg("-V").output().is_ok();
    if !has_graphviz {
        eprintln!("dot is not here: nothing was drawn");
        return;
    }
    for name in ["schedule", "islands", "projects", "cycles"] {
        let diagram = structure_picture(&report(&view, name, &[]), "ja").expect("a picture");
        let svg = draw(&view, &diagram, "ja", PictureFormat::Svg, &Diagrams::default()).expect("drawn");
        assert!(String::from_utf8(svg).expect("UTF-8").contains("</svg>"), "{name}");
    }
}
