//! Files that mean harm, or no model at all: refused with a reason, never followed, never a panic.

use ezu::interchange::archimate::{read_archi, read_coarchi, read_exchange, write_archi, write_exchange};
use ezu::interchange::{Limits, SourceFile};
use proptest::prelude::*;

fn refusal(text: &str) -> (String, Option<u32>) {
    let error = read_exchange("evil.xml", text.as_bytes(), &Limits::default(), &|_| {})
        .expect_err(&text[..text.len().min(200)]);
    (error.0.code, error.0.place.line)
}

const HEAD: &str = "<model xmlns=\"http://www.opengroup.org/xsd/archimate/3.0/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" identifier=\"m\"><name>m</name>";

#[test]
fn entities_are_never_expanded_nor_fetched() {
    let bomb =
        "<!DOCTYPE model [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n<model>&b;</model>";
    assert_eq!(refusal(bomb), ("document_type".to_owned(), Some(1)));
    let external = "<?xml version=\"1.0\"?>\n<!DOCTYPE model SYSTEM \"http://127.0.0.1:1/evil.dtd\">\n<model/>";
    assert_eq!(refusal(external).0, "document_type");
    let file = "<!DOCTYPE m [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><m>&x;</m>";
    assert_eq!(refusal(file).0, "document_type");
    let undeclared = format!(
        "{HEAD}\n<elements><element identifier=\"a\" xsi:type=\"Node\"><name>&x;</name></element></elements></model>"
    );
    assert_eq!(refusal(&undeclared), ("unresolved_reference".to_owned(), Some(2)));
}

/// Found by the fuzzer: of two relationships with one identifier the second had no source, and was written all the same.
#[test]
fn a_relationship_without_an_end_is_not_written_under_the_identifier_of_another() {
    let text = format!(
        "{HEAD}<elements><element identifier=\"a\" xsi:type=\"Node\"><name>a</name></element></elements><relationships>\
         <relationship identifier=\"r\" source=\"a\" target=\"a\" xsi:type=\"Association\"/>\
         <relationship identifier=\"r\" source=\"gone\" target=\"a\" xsi:type=\"Association\"/></relationships></model>"
    );
    let read = read_exchange("twice.xml", text.as_bytes(), &Limits::default(), &|_| {}).expect("read");
    let written = write_exchange(&read.document);
    let text = String::from_utf8(written.bytes).expect("text");
    assert_eq!(text.matches("<relationship ").count(), 1, "{text}");
    assert_eq!(written.losses.iter().filter(|loss| loss.code == "dangling_relationship").count(), 1);
    let archi = String::from_utf8(write_archi(&read.document).expect("written").bytes).expect("text");
    assert_eq!((archi.matches("source=\"a\"").count(), archi.matches("gone").count()), (1, 0), "{archi}");
}

/// Found by damaging files: of two lines with one identifier the second had no end, and was written all the same.
#[test]
fn a_line_without_an_end_is_not_written_under_the_identifier_of_another() {
    let node = "<node identifier=\"n\" xsi:type=\"Label\" x=\"1\" y=\"1\" w=\"9\" h=\"9\"/>";
    let line = |end: &str| format!("<connection identifier=\"c\" xsi:type=\"Line\" source=\"n\" target=\"{end}\"/>");
    let text = format!(
        "{HEAD}<views><diagrams><view identifier=\"v\" xsi:type=\"Diagram\"><name>v</name>{node}{}{}</view></diagrams>\
         </views></model>",
        line("n"),
        line("gone")
    );
    let read = read_exchange("twice.xml", text.as_bytes(), &Limits::default(), &|_| {}).expect("read");
    let written = write_exchange(&read.document);
    let text = String::from_utf8(written.bytes).expect("text");
    assert_eq!((text.matches("<connection ").count(), text.matches("gone").count()), (1, 0), "{text}");
    assert_eq!(written.losses.iter().filter(|loss| loss.code == "dangling_connection").count(), 1);
    let archi = String::from_utf8(write_archi(&read.document).expect("written").bytes).expect("text");
    assert_eq!((archi.matches("<sourceConnection ").count(), archi.matches("gone").count()), (1, 0), "{archi}");
}

/// Found by damaging files: a note that holds a box goes to Archi as a group, whose text is its name and not a content.
#[test]
fn what_a_note_that_holds_boxes_says_reaches_archi() {
    let held = "<node identifier=\"i\" xsi:type=\"Label\" x=\"2\" y=\"2\" w=\"3\" h=\"3\"><label>内</label></node>";
    let text = format!(
        "{HEAD}<views><diagrams><view identifier=\"v\" xsi:type=\"Diagram\"><name>v</name><node identifier=\"n\" \
         xsi:type=\"Label\" x=\"1\" y=\"1\" w=\"9\" h=\"9\"><label>外</label>{held}</node></view></diagrams></views></model>"
    );
    let read = read_exchange("note.xml", text.as_bytes(), &Limits::default(), &|_| {}).expect("read");
    let archi = String::from_utf8(write_archi(&read.document).expect("written").bytes).expect("text");
    let group = archi.lines().find(|line| line.contains("archimate:Group")).expect("a group");
    assert!(group.contains("name=\"外\""), "{archi}");
    assert_eq!((archi.matches("<content>内</content>").count(), archi.matches("<content>").count()), (1, 1), "{archi}");
}

#[test]
fn depth_size_and_counts_have_limits() {
    let deep = format!("{HEAD}<organizations>{}</organizations></model>", "<item>".repeat(100_000));
    assert_eq!(refusal(&deep).0, "limit_exceeded");
    let long = format!("{HEAD}<documentation>{}</documentation></model>", "x".repeat((1 << 20) + 1));
    assert_eq!(refusal(&long).0, "limit_exceeded");
    let attributes: String = (0..1_000).map(|number| format!(" a{number}=\"\"")).collect();
    assert_eq!(refusal(&format!("<model{attributes}/>")).0, "limit_exceeded");
    let limits = Limits { items: 3, ..Limits::default() };
    let element = |number: i32| format!("<element identifier=\"e{number}\" xsi:type=\"Node\"><name>n</name></element>");
    let many = format!("{HEAD}<elements>{}</elements></model>", (0..5).map(element).collect::<String>());
    assert!(read_exchange("m.xml", many.as_bytes(), &limits, &|_| {}).is_err());
    let limits = Limits { file_bytes: 10, ..Limits::default() };
    assert!(read_exchange("m.xml", many.as_bytes(), &limits, &|_| {}).is_err());
}

#[test]
fn what_is_no_model_is_told_with_its_line() {
    assert_eq!(refusal("").0, "malformed_xml");
    assert_eq!(refusal("<html/>").0, "no_archimate_model");
    assert_eq!(refusal(&format!("{HEAD}\n<elements>\n</model>")), ("malformed_xml".to_owned(), Some(3)));
    assert_eq!(refusal(&format!("{HEAD}</model><model/>")).0, "malformed_xml");
    assert_eq!(refusal("<a:model/>").0, "malformed_xml");
    let archi = |bytes: &[u8]| {
        read_archi("m.archimate", bytes, &Limits::default(), &|_| {}).map(drop).map_err(|error| error.0.code)
    };
    assert_eq!(archi(b"PK\x03\x04 this is no zip"), Err("damaged_zip".to_owned()));
    assert_eq!(archi(b"<model/>"), Err("no_archi_model".to_owned()));
    assert!(read_coarchi(&[SourceFile { name: "a/b.xml", bytes: b"<x/>" }], &Limits::default(), &|_| {}).is_err());
}

#[test]
fn a_zip_bomb_is_not_unpacked() {
    use std::io::Write as _;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("model.xml", zip::write::SimpleFileOptions::default()).expect("started");
    for _ in 0..64 {
        archive.write_all(&vec![b' '; 1 << 20]).expect("written");
    }
    let bytes = archive.finish().expect("finished").into_inner();
    let limits = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
    let error = read_archi("m.archimate", &bytes, &limits, &|_| {}).expect_err("too much");
    assert_eq!(error.0.code, "limit_exceeded");
}

#[test]
fn unknown_types_and_dangling_ends_are_told_and_the_rest_is_read() {
    let text = format!(
        "{HEAD}<elements><element identifier=\"a\" xsi:type=\"Node\"><name>n</name></element>\n\
         <element identifier=\"b\" xsi:type=\"Spaceship\"><name>s</name></element></elements>\
         <relationships>\n<relationship identifier=\"r\" source=\"a\" target=\"nowhere\" xsi:type=\"Flow\"/></relationships></model>"
    );
    let reading = read_exchange("m.xml", text.as_bytes(), &Limits::default(), &|_| {}).expect("readable");
    assert_eq!(reading.document.elements.len(), 1);
    let told: Vec<(&str, Option<u32>)> =
        reading.problems.iter().map(|problem| (problem.code.as_str(), problem.place.line)).collect();
    assert_eq!(told, [("unknown_type", Some(2)), ("dangling_end", Some(3))]);
    assert!(reading.problems.iter().all(|problem| problem.remedy.is_some() || problem.assumed.is_some()));
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 400, failure_persistence: None, ..Default::default() })]

    /// Pieces of real files in any order: never a panic.
    #[test]
    fn no_order_of_pieces_panics(pieces in prop::collection::vec(0..24_usize, 0..40)) {
        const PIECES: [&str; 24] = [
            "<model xmlns='http://www.opengroup.org/xsd/archimate/3.0/'>", "</model>", "<elements>", "</elements>",
            "<element identifier='a' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='Node'>", "</element>",
            "<name xml:lang='ja'>", "</name>", "<views>", "</views>", "<diagrams>", "<view identifier='v'>",
            "<node identifier='n' x='9999999999999' y='-1.5e308' w='NaN'>", "</node>", "<connection source='n' target='n'/>",
            "<item/>", "&#0;", "&#x10FFFF;", "]]>", "<![CDATA[x]]>", "<!-- -- -->", "<?xml version='1.0'?>",
            "<archimate:model xmlns:archimate='http://www.archimatetool.com/archimate'>",
            "<folder><element id='x'><child><bounds x='1'/></child></element></folder>",
        ];
        let text: String = pieces.iter().map(|piece| PIECES[*piece]).collect();
        let _ = read_exchange("x.xml", text.as_bytes(), &Limits::default(), &|_| {});
        let _ = read_archi("x.archimate", text.as_bytes(), &Limits::default(), &|_| {});
    }

    /// Bytes of any kind: never a panic.
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_exchange("x.xml", &bytes, &Limits::default(), &|_| {});
        let _ = read_archi("x.archimate", &bytes, &Limits::default(), &|_| {});
    }
}

/// Found by damaging files: `xsi` stood for something else, and what it named was written beside the real one.
#[test]
fn a_prefix_that_stands_for_something_else_is_no_obstacle() {
    let text = r#"<model xmlns="http://www.opengroup.org/xsd/archimate/3.0/" xmlns:xsi="http://example.org/other" identifier="id-m">
  <views><diagrams><view identifier="id-v" xsi:type="Diagram"><node identifier="id-n" x="1" y="2" w="3" h="4" xsi:type="Label"/></view></diagrams></views>
</model>"#;
    let read = crate::support::exchange(text.as_bytes()).document;
    let written = write_exchange(&read).bytes;
    let again = crate::support::exchange(&written).document;
    assert_eq!(again.views[0].drawing.nodes.len(), 1);
    assert_eq!(write_exchange(&again).bytes, written);
    let archi = write_archi(&read).expect("written").bytes;
    let again = crate::support::archi(&archi).document;
    assert_eq!(again.views[0].drawing.nodes.len(), 1);
}

/// Found by damaging files: the `&amp;` of a namespace was written once more with every round.
#[test]
fn a_namespace_with_an_ampersand_stays_as_it_is() {
    let text = r#"<model xmlns="http://www.opengroup.org/xsd/archimate/3.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:o="http://example.org/?a=1&amp;b=2" identifier="id-m">
  <elements><element identifier="id-a" xsi:type="Node" o:kept="1"><name>a</name></element></elements>
</model>"#;
    let read = crate::support::exchange(text.as_bytes()).document;
    let written = write_exchange(&read).bytes;
    assert!(String::from_utf8_lossy(&written).contains("\"http://example.org/?a=1&amp;b=2\""));
    assert_eq!(crate::support::exchange(&written).document, read);
}

/// Found by damaging files: where no view can be written, there is no place for views either.
#[test]
fn a_model_with_sketches_only_is_written_without_views() {
    let text = r#"<archimate:model xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:archimate="http://www.archimatetool.com/archimate" name="m" id="id-m" version="5.0.0">
  <folder name="Application" id="id-e" type="application"><element xsi:type="archimate:DataObject" name="a" id="id-a"/></folder>
  <folder name="Views" id="id-f" type="diagrams"><element xsi:type="archimate:SketchModel" name="s" id="id-s"/></folder>
</archimate:model>"#;
    let written = write_exchange(&crate::support::archi(text.as_bytes()).document);
    assert!(!String::from_utf8_lossy(&written.bytes).contains("views"));
    assert_eq!(written.losses.iter().filter(|loss| loss.code == "sketch").count(), 1);
}
