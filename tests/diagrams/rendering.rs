//! Running Graphviz, and what happens when it cannot be run.

use std::path::PathBuf;
use std::time::Duration;

use ezu::diagrams::{Format, GraphvizSettings, Options, RenderError, render, scene};

use super::{city, every_diagram, has};

const SMALL: &str = "digraph { a -> b }";

#[test]
fn every_diagram_becomes_svg_and_png() {
    if !has("dot", "-V") {
        return;
    }
    let view = city::view();
    for language in ["ja", "en"] {
        let options = Options { language: language.to_owned(), ..Options::default() };
        for (name, diagram) in every_diagram(&view) {
            let dot = scene(&view, &diagram, &options).expect(name).to_dot();
            let svg = render(&dot, Format::Svg, &GraphvizSettings::default()).expect(name);
            assert!(String::from_utf8(svg).expect("UTF-8").trim_end().ends_with("</svg>"), "{name}");
        }
    }
    let png = render(SMALL, Format::Png, &GraphvizSettings::default()).expect("drawn");
    assert_eq!(&png[..4], b"\x89PNG");
}

#[test]
fn a_missing_program_says_how_to_get_it() {
    let settings = GraphvizSettings { program: PathBuf::from("no-such-dot"), ..GraphvizSettings::default() };
    let error = render(SMALL, Format::Svg, &settings).expect_err("not there");
    assert!(matches!(error, RenderError::NotInstalled { .. }), "{error}");
    for system in ["Windows", "Debian", "macOS"] {
        assert!(error.to_string().contains(system), "{error}");
    }
}

#[test]
fn faulty_text_large_pictures_and_long_work_are_told_apart() {
    if !has("dot", "-V") {
        return;
    }
    let usual = GraphvizSettings::default();
    let error = render("digraph {", Format::Svg, &usual).expect_err("no graph");
    assert!(matches!(&error, RenderError::Failed { complaint } if complaint.contains("syntax")), "{error}");
    let narrow = GraphvizSettings { largest_output: 100, ..usual.clone() };
    assert!(matches!(render(SMALL, Format::Svg, &narrow), Err(RenderError::TooLarge { limit: 100 })));
    let hasty = GraphvizSettings { timeout: Duration::ZERO, ..usual };
    assert!(matches!(render(SMALL, Format::Svg, &hasty), Err(RenderError::TimedOut { .. })));
}

#[test]
fn text_that_is_longer_than_a_pipe_holds_does_not_block() {
    if !has("dot", "-V") {
        return;
    }
    let filler = " ".repeat(1 << 20);
    let text = format!("digraph {{ {filler} a -> b }}");
    assert!(render(&text, Format::Svg, &GraphvizSettings::default()).is_ok());
    // A program that stops reading at the first error, too.
    let faulty = format!("digraph {{ ]{filler}");
    assert!(matches!(render(&faulty, Format::Svg, &GraphvizSettings::default()), Err(RenderError::Failed { .. })));
}
