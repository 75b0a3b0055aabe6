//! A file of 100 MB: how long, and how much memory. Run by hand:
//! `cargo test --test archimate large -- --ignored --nocapture`.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use ezu::interchange::Limits;
use ezu::interchange::archimate::read_exchange;

/// A model of about so many bytes: elements with documentation and properties, relationships, folders and a view.
fn model(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 4_096);
    text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<model xmlns=\"http://www.opengroup.org/xsd/archimate/3.0/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" identifier=\"large\">\n  <name xml:lang=\"ja\">大きなモデル</name>\n  <elements>\n");
    let mut count = 0;
    while text.len() < bytes / 2 {
        count += 1;
        let _ = write!(
            text,
            "    <element identifier=\"id-{count}\" xsi:type=\"ApplicationComponent\">\n      <name xml:lang=\"ja\">システム{count}</name>\n      <documentation xml:lang=\"ja\">窓口で使うシステムの説明</documentation>\n      <properties>\n        <property propertyDefinitionRef=\"p1\">\n          <value xml:lang=\"ja\">値{count}</value>\n        </property>\n      </properties>\n    </element>\n"
        );
    }
    text.push_str("  </elements>\n  <relationships>\n");
    let mut number = 0;
    while text.len() < bytes {
        number += 1;
        let (from, to) = (number % count + 1, (number * 7) % count + 1);
        let _ = writeln!(
            text,
            "    <relationship identifier=\"r-{number}\" source=\"id-{from}\" target=\"id-{to}\" xsi:type=\"Flow\"/>"
        );
    }
    text.push_str("  </relationships>\n  <propertyDefinitions>\n    <propertyDefinition identifier=\"p1\" type=\"string\"><name>p</name></propertyDefinition>\n  </propertyDefinitions>\n</model>\n");
    text
}

/// The most memory that this process has held since the last reset, in bytes; 0 where the system does not tell.
pub fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse::<u64>().ok()).unwrap_or(0) * 1_024
}

/// Begins to watch the peak anew.
pub fn reset_peak_memory() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

#[test]
#[ignore = "takes long; measures"]
fn a_hundred_megabytes_are_read() {
    let text = model(100 << 20);
    reset_peak_memory();
    let (before, start) = (peak_memory(), Instant::now());
    let reports = AtomicU64::new(0);
    let reading = read_exchange("large.xml", text.as_bytes(), &Limits::default(), &|_| {
        reports.fetch_add(1, Ordering::Relaxed);
    })
    .expect("readable");
    let (seconds, peak) = (start.elapsed().as_secs_f64(), peak_memory());
    eprintln!(
        "{} bytes, {} elements, {} relationships: {seconds:.1} s, peak {:.2} times the file (file included), {} reports",
        text.len(),
        reading.document.elements.len(),
        reading.document.relationships.len(),
        peak as f64 / text.len() as f64,
        reports.load(Ordering::Relaxed),
    );
    assert_eq!(reading.document.relationships.len(), text.matches("<relationship ").count());
    assert!(peak > before && peak < 5 * text.len() as u64, "{peak}");
    assert!(reports.load(Ordering::Relaxed) > 100);
}

#[test]
#[ignore = "takes long; measures"]
fn a_hundred_megabytes_become_items() {
    let text = model(100 << 20);
    let metamodel = ezu::application::files::load_metamodel(None).expect("sound");
    reset_peak_memory();
    let start = Instant::now();
    let reading = read_exchange("large.xml", text.as_bytes(), &Limits::default(), &|_| {}).expect("readable");
    let words = ezu::interchange::archimate::mapping::Words::of(&metamodel);
    let read = ezu::interchange::archimate::mapping::to_read_model(
        reading,
        ezu::interchange::Format::ArchimateExchange,
        "large.xml",
        &words,
    );
    let (seconds, peak) = (start.elapsed().as_secs_f64(), peak_memory());
    eprintln!(
        "{} items: {seconds:.1} s, peak {:.2} times the file (file included)",
        read.items.len(),
        peak as f64 / text.len() as f64
    );
}
