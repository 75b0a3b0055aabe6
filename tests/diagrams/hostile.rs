//! Labels that try to be something else.

use std::io::Write;
use std::process::{Command, Stdio};

use ezu::diagrams::{Diagram, Format, GraphvizSettings, Neighbourhood, Options, SystemMap, render, scene};
use ezu::graph::View;
use serde_json::{Value as Json, json};

use super::{city, has};

/// What Graphviz is told to keep an ampersand an ampersand; invisible.
const WORD_JOINER: char = '\u{2060}';

/// Short enough to stand on one line each, so that the drawing must hold them whole.
const NAMES: [&str; 16] = [
    "a\"b",
    "a\\",
    "\\N\\G\\L",
    "a\\\"];x[",
    "<b>x</b>",
    "</B>>, x=<",
    "a&amp;b&lt;c",
    "&#65;&;&",
    "]]><!--",
    "{a|b}",
    "שלום",
    "مرحبا",
    "👩‍👩‍👧🙂",
    "髙﨑𠮷",
    "%s $HOME `x`",
    "-->",
];

fn model(names: &[&str]) -> View {
    let metamodel = city::metamodel();
    let elements = names.iter().enumerate().map(|(place, name)| {
        let attributes = match place {
            0 => json!({}),
            _ => json!({"depends_on": [{"target": "sys-0", "level": "essential"}]}),
        };
        let Json::Object(attributes) = attributes else { unreachable!("it is one") };
        city::element(&format!("sys-{place}"), "system", Some(name), attributes)
    });
    let operations = elements.collect();
    city::view_of(metamodel, operations)
}

fn neighbourhood() -> Diagram {
    Diagram::Neighbourhood(Neighbourhood { most_figures: 100, ..Neighbourhood::of("sys-0") })
}

fn dot_of(view: &View, diagram: &Diagram) -> String {
    let options =
        Options { link_base: Some("/x?y=\"&z=".to_owned()), stamp: Some("案<&>\"".to_owned()), ..Options::default() };
    scene(view, diagram, &options).expect("drawn").to_dot()
}

/// Gives a text to a program and takes its answer.
fn run(program: &str, arguments: &[&str], input: &str) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it was there a moment ago");
    let mut stdin = child.stdin.take().expect("piped");
    let text = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("an end");
    assert!(writer.join().expect("no panic").is_ok(), "{program} did not read");
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn no_label_becomes_a_statement() {
    if !has("dot", "-V") {
        return;
    }
    let read: Json =
        serde_json::from_str(&run("dot", &["-Tjson"], &dot_of(&model(&NAMES), &neighbourhood()))).expect("JSON");
    let objects = read["objects"].as_array().expect("a list");
    let figures: Vec<&str> =
        objects.iter().filter_map(|object| object["name"].as_str()).filter(|name| name.starts_with("sys-")).collect();
    assert_eq!(figures.len(), NAMES.len());
    // Besides the figures there is the frame that carries the title, and nothing else.
    assert_eq!(objects.len(), NAMES.len() + 1);
    assert_eq!(read["edges"].as_array().map(Vec::len), Some(NAMES.len() - 1));
}

#[test]
fn every_label_arrives_in_the_picture_as_it_was() {
    if !has("dot", "-V") {
        return;
    }
    let dot = dot_of(&model(&NAMES), &neighbourhood());
    let svg = render(&dot, Format::Svg, &GraphvizSettings::default()).expect("drawn");
    let svg = String::from_utf8(svg).expect("UTF-8");
    let texts: Vec<String> = text_elements(&svg);
    for name in NAMES {
        assert!(texts.iter().any(|text| text == name), "{name:?} is missing in {texts:?}");
    }
}

/// The contents of the text elements of an SVG, entities resolved.
fn text_elements(svg: &str) -> Vec<String> {
    svg.split("<text ")
        .skip(1)
        .filter_map(|part| Some(part.split_once('>')?.1.split_once("</text>")?.0))
        .map(|text| unescape(text).replace(WORD_JOINER, ""))
        .collect()
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (entity, tail) = after.split_once(';').expect("an entity ends");
        out.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            number => {
                let digits = number.strip_prefix('#').expect("known or numeric");
                let code = digits.strip_prefix('x').map_or_else(|| digits.parse(), |hex| u32::from_str_radix(hex, 16));
                char::from_u32(code.expect("a number")).expect("a character")
            }
        });
        rest = tail;
    }
    // Graphviz writes consecutive and leading blanks as no-break ones.
    (out + rest).replace('\u{A0}', " ")
}

#[test]
fn what_cannot_be_drawn_is_replaced_and_seen() {
    // The model refuses such names; a stamp is anybody's.
    let options = Options { stamp: Some("a\u{202E}dna\u{FFFF}".to_owned()), ..Options::default() };
    let dot = scene(&model(&["ok"]), &neighbourhood(), &options).expect("drawn").to_dot();
    assert!(dot.contains("a\u{FFFD}dna\u{FFFD}"));
    assert!(!dot.contains('\u{202E}') && !dot.contains('\u{FFFF}'));
}

#[test]
fn pictures_of_hostile_models_are_well_formed_xml() {
    if !has("dot", "-V") || !has("xmllint", "--version") {
        return;
    }
    let long = "長い名前".repeat(200);
    let mut names = NAMES.to_vec();
    names.push(&long);
    let view = model(&names);
    for diagram in [neighbourhood(), Diagram::SystemMap(SystemMap::default())] {
        let svg = render(&dot_of(&view, &diagram), Format::Svg, &GraphvizSettings::default()).expect("drawn");
        let svg = String::from_utf8(svg).expect("UTF-8");
        run("xmllint", &["--nonet", "--noout", "-"], &svg);
    }
}
