//! Files of every form with damage done to them: each is read or refused, nothing panics, and what was read of an
//! `ArchiMate` model can be written and read again. The fuzz targets in `fuzz/` look deeper; this needs no tools of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ezu::application::imports::{Format, ImportFile, ImportOptions, Proposal, Readers, propose, read_files};
use ezu::application::texts::{self, Drawing, TextForm, TextRequest};
use ezu::domain::element::Model;
use ezu::interchange::Limits;
use ezu::interchange::archimate::{read_archi, read_exchange, write_archi, write_exchange};

use serde_json::json;

use crate::support::{commit, empty, write};

/// A generator of numbers that gives the same ones every time (xorshift64*, Vigna 2016).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % (most.max(1) as u64)).expect("small")
    }
}

/// How many files of each form are damaged whenever the tests run.
const SHORT: usize = 21;

const WORDS: [&str; 28] = [
    "\u{90}",
    "\u{202e}",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<!DOCTYPE a>",
    "&amp;",
    "&#0;",
    "&#x10FFFF;",
    "&a;",
    " xml:lang=\"ja\"",
    " xsi:type=\"",
    "identifier=\"id-a\"",
    " x=\"-2147483648\"",
    " w=\"1e300\"",
    "\"",
    ",",
    "\n",
    "\t",
    "；",
    "㈱",
    "令和99年2月30日",
    "-",
    "null",
    "99999999999999999999",
    "{\"a\":[",
    "\u{feff}",
];

/// A seed with some damage.
fn damaged(seed: &[u8], other: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=numbers.below(4) {
        let (at, length) = (numbers.below(bytes.len()), numbers.below(64));
        let end = (at + length).min(bytes.len());
        match numbers.below(7) {
            0 if at < bytes.len() => bytes[at] = u8::try_from(numbers.below(256)).expect("a byte"),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].to_vec();
                let to = numbers.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            3 => {
                let from = numbers.below(other.len());
                let piece = other[from..(from + length * 4).min(other.len())].to_vec();
                bytes.splice(at..end, piece);
            }
            4 => bytes.truncate(at),
            _ => {
                let word = WORDS[numbers.below(WORDS.len())];
                bytes.splice(at..at, word.bytes());
            }
        }
    }
    bytes
}

/// Reads a file as an import does, and a model of `ArchiMate` there and back.
fn tried(readers: &Readers, workspace: &ezu::application::Workspace, format: Format, bytes: &[u8]) {
    let files = vec![ImportFile { name: "folder.xml".to_owned(), bytes: bytes.to_vec() }];
    let options = ImportOptions::default();
    match read_files(readers, &workspace.current(), files, Some(format), &options, &|_| {}) {
        Err(unreadable) => assert!(!unreadable.to_string().is_empty()),
        Ok((models, digests)) => {
            // What can be read can be recorded: no name, identifier or text of a file stands in the way.
            let proposal = propose(workspace, models, &digests, &options, 100, &|_, _| {});
            assert!(!proposal.is_refused, "{:?}", proposal.report.problems.last());
            if format == Format::Bpmn {
                drawn_again(readers, proposal);
            }
        }
    }
    let limits = limits();
    if format == Format::ArchimateExchange
        && let Ok(read) = read_exchange("a.xml", bytes, &limits, &|_| {})
    {
        let first = write_exchange(&read.document).bytes;
        let again = read_exchange("b.xml", &first, &limits, &|_| {}).expect("what is written can be read");
        let second = write_exchange(&again.document).bytes;
        assert_eq!(String::from_utf8_lossy(&first), String::from_utf8_lossy(&second));
    }
    if format == Format::Archi
        && let Ok(read) = read_archi("a.archimate", bytes, &limits, &|_| {})
        && let Ok(first) = write_archi(&read.document)
    {
        let again = read_archi("b.archimate", &first.bytes, &limits, &|_| {}).expect("what is written can be read");
        let second = write_archi(&again.document).expect("written before").bytes;
        assert_eq!(with_sorted_ends(&first.bytes), with_sorted_ends(&second));
    }
}

/// Commits a drawing, gives every step another name, and reads the drawing that comes back: it says nothing new.
fn drawn_again(readers: &Readers, proposal: Proposal) {
    let workspace = empty();
    commit(&workspace, proposal);
    let snapshot = workspace.current();
    let kind = snapshot.metamodel().kind_named("process_step").expect("a kind").id;
    let renamed = |(number, id): (usize, String)| json!({"op": "update_element", "id": id, "set": {"function": format!("作業 {number}"), "minutes_per_case": number}});
    let steps = snapshot.ids_of_kind(kind, None).map(ToString::to_string).enumerate();
    let edits: Vec<serde_json::Value> = steps.map(renamed).collect();
    if !edits.is_empty() {
        write(&workspace, &json!(edits));
    }
    let request = TextRequest { drawing: Drawing::Imported, limits: limits(), ..TextRequest::of(TextForm::Bpmn) };
    let Ok(file) = texts::write(&workspace.current_view(), &request) else { return };
    if !file.losses.is_empty() {
        return;
    }
    let files = vec![ImportFile { name: "folder.xml".to_owned(), bytes: file.text.into_bytes() }];
    let options = ImportOptions::default();
    let read = read_files(readers, &workspace.current(), files, Some(Format::Bpmn), &options, &|_| {});
    let (models, digests) = read.expect("what is written can be read");
    let again = propose(&workspace, models, &digests, &options, 100, &|_, _| {});
    let new: Vec<_> = again.changes().filter(|change| change.kind != "process_diagram").collect();
    assert!(new.is_empty(), "{new:?}");
}

/// Which lines end at a box has no order. It follows the places of the lines in the file, and where two boxes have one
/// identifier a line is written in another place than it was read from.
fn with_sorted_ends(bytes: &[u8]) -> String {
    const LIST: &str = " targetConnections=\"";
    let text = String::from_utf8_lossy(bytes);
    let mut pieces = text.split(LIST);
    let mut sorted = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        // In a comment or a text it is no list, and need not end.
        let (list, rest) = piece.split_once('"').unwrap_or((piece, ""));
        let mut ids: Vec<&str> = list.split(' ').collect();
        ids.sort_unstable();
        sorted.extend([LIST, &ids.join(" "), "\"", rest]);
    }
    sorted
}

fn limits() -> Limits {
    Limits { cells: 100_000, unpacked_bytes: 16 << 20, items: 100_000, ..Limits::default() }
}

const EXCHANGE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<model xmlns="http://www.opengroup.org/xsd/archimate/3.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" identifier="id-m">
  <name xml:lang="ja">小さなモデル</name><documentation>d</documentation>
  <elements>
    <element identifier="id-a" xsi:type="ApplicationComponent"><name xml:lang="ja">甲</name><properties>
      <property propertyDefinitionRef="p1"><value xml:lang="ja">値</value></property></properties></element>
    <element identifier="id-b" xsi:type="DataObject"><name>乙</name></element>
  </elements>
  <relationships>
    <relationship identifier="id-r" source="id-a" target="id-b" xsi:type="Access" accessType="Write"/>
    <relationship identifier="id-s" source="id-a" target="id-r" xsi:type="Association" isDirected="true"/>
  </relationships>
  <organizations><item><label>f</label><item identifierRef="id-a"/></item></organizations>
  <propertyDefinitions><propertyDefinition identifier="p1" type="string"><name>鍵</name></propertyDefinition></propertyDefinitions>
  <views><diagrams><view identifier="id-v" xsi:type="Diagram"><name xml:lang="ja">図</name>
    <node identifier="id-n1" elementRef="id-a" xsi:type="Element" x="10" y="10" w="120" h="55"><style lineWidth="1"><fillColor r="1" g="2" b="3" a="50"/></style></node>
    <node identifier="id-n2" elementRef="id-b" xsi:type="Element" x="200" y="10" w="120" h="55"/>
    <connection identifier="id-c" relationshipRef="id-r" xsi:type="Relationship" source="id-n1" target="id-n2"><bendpoint x="5" y="6"/></connection>
  </view></diagrams></views>
</model>"#;

const ARCHI: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<archimate:model xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:archimate="http://www.archimatetool.com/archimate" name="小" id="id-m" version="5.0.0">
  <folder name="Application" id="id-f" type="application">
    <element xsi:type="archimate:ApplicationComponent" name="甲" id="id-a"><property key="k" value="v"/></element>
    <element xsi:type="archimate:DataObject" name="乙" id="id-b"/>
  </folder>
  <folder name="Relations" id="id-g" type="relations">
    <element xsi:type="archimate:AccessRelationship" id="id-r" source="id-a" target="id-b" accessType="1"/>
  </folder>
  <folder name="Views" id="id-h" type="diagrams">
    <element xsi:type="archimate:ArchimateDiagramModel" name="図" id="id-v">
      <child xsi:type="archimate:DiagramObject" id="id-n1" archimateElement="id-a" fillColor="#ffffff">
        <bounds x="10" y="20" width="120" height="55"/>
        <sourceConnection xsi:type="archimate:Connection" id="id-c" source="id-n1" target="id-n2" archimateRelationship="id-r"><bendpoint startX="1" startY="2" endX="3" endY="4"/></sourceConnection>
      </child>
      <child xsi:type="archimate:DiagramObject" id="id-n2" targetConnections="id-c" archimateElement="id-b"><bounds x="300" y="20"/></child>
    </element>
  </folder>
</archimate:model>"##;

/// Small files of a form: some written for this, whose number is told, and those of the shared corpora where they are
/// there.
fn seeds(format: Format) -> (usize, Vec<Vec<u8>>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fixture = |name: &str| std::fs::read(folder.join("tests").join(name)).expect("a fixture");
    let (mut seeds, place, endings): (Vec<Vec<u8>>, &str, &[&str]) = match format {
        Format::Csv => (vec!["課名,システム名,利用者数\n市民課,甲,３\n".into()], "../shared/city/ledgers", &[".csv"]),
        Format::Workbook => {
            let all = ["survey.xlsx", "survey.xls", "survey.ods"].map(|name| fixture(&format!("imports/fixtures/{name}")));
            (all.into(), "../shared/city/ledgers", &[".xlsx"])
        }
        Format::ArchimateExchange => (vec![EXCHANGE.into()], "../shared/corpora/archimate/exchange", &[".xml"]),
        Format::Archi => (vec![ARCHI.into()], "../shared/corpora/archimate/native/archi-tests", &[".archimate"]),
        Format::CoArchi => (
            vec![r#"<archimate:model xmlns:archimate="http://www.archimatetool.com/archimate" name="m" id="id-m"/>"#.into()],
            "",
            &[],
        ),
        Format::Bpmn => (vec![fixture("bpmn/fixtures/counter.bpmn")], "../shared/corpora/bpmn/miwg-reference", &[".bpmn"]),
        Format::Structurizr => (
            vec![r#"{"name":"w","model":{"softwareSystems":[{"id":"1","name":"甲","technology":"a,b","containers":[{"id":"2","name":"乙","relationships":[{"id":"3","destinationId":"1"}]}]}]}}"#.into()],
            "../shared/corpora/structurizr",
            &[".json"],
        ),
        Format::Native => (
            vec!["model: m\nsystems:\n- id: sys-a\n  name: 甲\n  availability: {rto_hours: 4}\n  depends_on:\n  - target: sys-a\n".into()],
            "../shared/city/model",
            &[".yaml"],
        ),
    };
    let own = seeds.len();
    let mut paths: Vec<PathBuf> = Vec::new();
    if !place.is_empty()
        && let Ok(entries) = std::fs::read_dir(folder.join(place))
    {
        paths.extend(entries.filter_map(|entry| Some(entry.ok()?.path())));
        paths.sort();
    }
    let wanted = |path: &PathBuf| endings.iter().any(|ending| path.to_string_lossy().ends_with(ending));
    let read = paths.into_iter().filter(wanted).filter_map(|path| std::fs::read(path).ok());
    seeds.extend(read.filter(|bytes| bytes.len() < 100_000));
    (own, seeds)
}

/// Damages seeds until there were so many or the time is over; answers with how many were tried.
fn rounds(format: Format, most: usize, time: Duration) -> usize {
    let (readers, workspace, (own, seeds)) = (Readers::new(limits()), empty(), seeds(format));
    let mut numbers = Numbers(0x00E2_0000 + format as u64 + 1);
    let started = Instant::now();
    for round in 0..most {
        if started.elapsed() > time {
            return round;
        }
        // The seeds of the project come first and in turn, so that a short run is the same wherever it runs.
        let known = if round < SHORT { own } else { seeds.len() };
        let seed = if round < SHORT { round % own } else { numbers.below(known) };
        let bytes = damaged(&seeds[seed], &seeds[numbers.below(known)], &mut numbers);
        let begun = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| tried(&readers, &workspace, format, &bytes)));
        if outcome.is_err() {
            let path = std::env::temp_dir().join(format!("ezu-damaged-{}-{round}", format.word()));
            std::fs::write(&path, &bytes).expect("written");
            panic!("{format:?}, round {round}: {}", path.display());
        }
        // Said, not asserted: how long it takes depends on the machine.
        if begun.elapsed() > Duration::from_secs(10) {
            let path = std::env::temp_dir().join(format!("ezu-slow-{}-{round}", format.word()));
            std::fs::write(&path, &bytes).expect("written");
            println!("{format:?}, round {round}: {:?}, {}", begun.elapsed(), path.display());
        }
    }
    most
}

#[test]
fn damaged_files_are_read_or_refused() {
    for format in Format::ALL {
        assert_eq!(rounds(format, SHORT, Duration::from_secs(600)), SHORT);
    }
}

/// Run by hand: `FUZZ_SECONDS=120 cargo test --test imports mutated -- --ignored --nocapture`.
#[test]
#[ignore = "runs as long as it is told"]
fn damaged_files_are_read_or_refused_for_long() {
    let seconds = std::env::var("FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let wanted = std::env::var("FUZZ_FORMAT").ok();
    for format in Format::ALL {
        if wanted.as_ref().is_some_and(|wanted| *wanted != format.word()) {
            continue;
        }
        let count = rounds(format, usize::MAX, Duration::from_secs(seconds));
        println!("{format:?}: {count} damaged files of {} seeds in {seconds} s", seeds(format).1.len());
    }
}
