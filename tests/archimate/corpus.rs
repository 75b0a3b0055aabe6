//! Everything in the corpora: counted by an independent reader, written back, compared, validated.

use roxmltree::Node;

use ezu::interchange::archimate::{Document, write_archi, write_coarchi, write_exchange};

use crate::canonical::{differences, lines};
use crate::support::{archi, coarchi, corpora, exchange, files, has, invalid};

/// Time and memory of reading a file.
struct Measured(std::time::Instant);

impl Measured {
    fn start() -> Self {
        crate::large::reset_peak_memory();
        Self(std::time::Instant::now())
    }

    /// A row of the table: file, format, elements, relationships, views, problems, seconds, peak memory (of the whole
    /// process, other tests included).
    fn row(self, path: &std::path::Path, format: &str, bytes: usize, reading: &ezu::interchange::archimate::Reading) {
        let counts = counts_of(&reading.document);
        println!(
            "| {} | {format} | {bytes} B | {} elements | {} relationships | {} views | {} problems | {:.2} s | {} MiB |",
            path.file_name().unwrap_or_default().to_string_lossy(),
            counts.elements,
            counts.relationships,
            counts.views,
            reading.problems.len(),
            self.0.elapsed().as_secs_f64(),
            crate::large::peak_memory() >> 20,
        );
    }
}

/// How many there are of what.
#[derive(Debug, PartialEq, Eq, Default)]
struct Counts {
    elements: usize,
    relationships: usize,
    views: usize,
    nodes: usize,
    connections: usize,
    bends: usize,
    properties: usize,
    folders: usize,
}

fn counts_of(document: &Document) -> Counts {
    let nodes: usize = document.views.iter().map(|view| view.drawing.all_nodes().len()).sum();
    let lines = || document.views.iter().flat_map(|view| &view.drawing.connections);
    let drawn = document.views.iter().flat_map(|view| view.drawing.all_nodes()).map(|node| node.properties.len());
    let properties = document.properties.len()
        + document.elements.iter().map(|held| held.properties.len()).sum::<usize>()
        + document.relationships.iter().map(|held| held.properties.len()).sum::<usize>()
        + document.views.iter().map(|held| held.properties.len()).sum::<usize>()
        + lines().map(|held| held.properties.len()).sum::<usize>()
        + drawn.sum::<usize>();
    Counts {
        elements: document.elements.len(),
        relationships: document.relationships.len(),
        views: document.views.len(),
        nodes,
        connections: lines().count(),
        bends: lines().map(|line| line.bendpoints.len()).sum(),
        properties,
        folders: document.organizations.iter().map(|tree| folders(tree)).sum(),
    }
}

fn folders(entries: &[ezu::interchange::archimate::document::Entry]) -> usize {
    use ezu::interchange::archimate::document::Entry;
    let count = |entry: &Entry| match entry {
        Entry::Folder(folder) => 1 + folders(&folder.entries),
        Entry::Item(_) => 0,
    };
    entries.iter().map(count).sum()
}

fn named<'a, 'i>(root: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    root.descendants().filter(move |node| node.has_tag_name(("http://www.opengroup.org/xsd/archimate/3.0/", name)))
}

/// The same counts, from the XML itself.
fn counted_in_exchange(text: &str) -> Counts {
    let document = roxmltree::Document::parse(text).expect("well-formed");
    let root = document.root_element();
    let count = |name| named(root, name).count();
    Counts {
        elements: count("element"),
        relationships: count("relationship"),
        views: count("view"),
        nodes: count("node"),
        connections: count("connection"),
        bends: count("bendpoint"),
        properties: count("property"),
        folders: named(root, "item").filter(|item| !item.has_attribute("identifierRef")).count(),
    }
}

fn xsi_type<'a>(node: &Node<'a, '_>) -> &'a str {
    node.attribute(("http://www.w3.org/2001/XMLSchema-instance", "type")).unwrap_or_default()
}

fn counted_in_archi(text: &str) -> Counts {
    let document = roxmltree::Document::parse(text).expect("well-formed");
    let all: Vec<Node<'_, '_>> = document.root_element().descendants().collect();
    let count = |name: &str| all.iter().filter(|node| node.has_tag_name(name)).count();
    let items = |wanted: fn(&str) -> bool| {
        all.iter().filter(|node| node.has_tag_name("element") && wanted(xsi_type(node))).count()
    };
    let views = items(|kind| kind.ends_with("DiagramModel") || kind.ends_with("SketchModel"));
    let relationships = items(|kind| kind.ends_with("Relationship"));
    Counts {
        elements: count("element") - views - relationships,
        relationships,
        views,
        nodes: count("child"),
        connections: count("sourceConnection"),
        bends: count("bendpoint"),
        properties: count("property"),
        folders: count("folder"),
    }
}

#[test]
fn exchange_files_come_back_as_they_were() {
    let Some(corpora) = corpora() else { return };
    let paths = files(&corpora.join("archimate/exchange"), &[".xml"]);
    assert!(paths.len() >= 3, "the corpus holds at least three files");
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("readable");
        let measured = Measured::start();
        let reading = exchange(text.as_bytes());
        measured.row(&path, "exchange", text.len(), &reading);
        let read = counts_of(&reading.document);
        assert_eq!(read, counted_in_exchange(&text), "{}", path.display());
        let written = write_exchange(&reading.document);
        let exported = String::from_utf8(written.bytes.clone()).expect("UTF-8");
        let found = differences(&lines(&text), &lines(&exported));
        assert_eq!(found, Vec::<String>::new(), "{}", path.display());
        assert_eq!(written.losses, Vec::new(), "{}", path.display());
        assert_eq!(exchange(&written.bytes).document, reading.document, "{}", path.display());
        if has("xmllint") {
            assert_eq!(invalid(&written.bytes, &corpora.join("xsd")), "", "{}", path.display());
        }
        eprintln!("{}: {read:?}, {} problems", path.display(), reading.problems.len());
    }
}

#[test]
fn archi_files_come_back_as_they_were() {
    let Some(corpora) = corpora() else { return };
    for path in files(&corpora.join("archimate/native"), &[".archimate"]) {
        let bytes = std::fs::read(&path).expect("readable");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        // Archi's own tests of what it refuses.
        if name.starts_with("compatibility_test") {
            continue;
        }
        let measured = Measured::start();
        let reading = archi(&bytes);
        measured.row(&path, "archi", bytes.len(), &reading);
        if !bytes.starts_with(b"PK") {
            let text = String::from_utf8(bytes.clone()).expect("UTF-8");
            assert_eq!(counts_of(&reading.document), counted_in_archi(&text), "{name}");
            let written = write_archi(&reading.document).expect("written");
            let exported = String::from_utf8(written.bytes.clone()).expect("UTF-8");
            let found = differences(&archi_lines(&text), &archi_lines(&exported));
            assert_eq!(found, Vec::<String>::new(), "{name}");
            assert_eq!(written.losses, Vec::new(), "{name}");
        }
        let written = write_archi(&reading.document).expect("written");
        assert_eq!(archi(&written.bytes).document, reading.document, "{name}");
        let (tree, losses) = write_coarchi(&reading.document);
        assert_eq!(losses, Vec::new(), "{name}");
        assert_eq!(sorted(coarchi(&tree).document), sorted(reading.document.clone()), "{name} by coArchi");
        let exchange_file = write_exchange(&reading.document);
        if has("xmllint") {
            assert_eq!(invalid(&exchange_file.bytes, &corpora.join("xsd")), "", "{name} in the exchange format");
        }
        eprintln!(
            "{name}: {:?}, {} problems; lost in the exchange format: {:?}",
            counts_of(&reading.document),
            reading.problems.len(),
            exchange_file.losses.iter().map(|loss| (loss.code, loss.count)).collect::<Vec<_>>()
        );
    }
}

/// The tree of a packed repository, unpacked by `tar`; nothing where that is not there.
fn unpacked(archive: &std::path::Path) -> Option<Vec<(String, Vec<u8>)>> {
    let folder = tempfile::tempdir().expect("a folder");
    let status = std::process::Command::new("tar").arg("-xJf").arg(archive).arg("-C").arg(folder.path()).status();
    if !status.is_ok_and(|status| status.success()) {
        eprintln!("tar is not there: {} is left out", archive.display());
        return None;
    }
    let named = |path: std::path::PathBuf| {
        let name = path.strip_prefix(folder.path()).expect("below").to_string_lossy().into_owned();
        (name, std::fs::read(&path).expect("readable"))
    };
    Some(files(folder.path(), &[""]).into_iter().map(named).collect())
}

#[test]
fn the_coarchi_tree_comes_back_as_it_was() {
    let Some(corpora) = corpora() else { return };
    for archive in files(&corpora.join("archimate/coarchi"), &[".tar.xz"]) {
        let Some(tree) = unpacked(&archive) else { return };
        let measured = Measured::start();
        let reading = coarchi(&tree);
        measured.row(&archive, "coarchi", tree.iter().map(|(_, bytes)| bytes.len()).sum(), &reading);
        let read = counts_of(&reading.document);
        // A file an item, told by its root; a file a folder; views hold the rest.
        let texts: Vec<(&String, &str)> = tree
            .iter()
            .filter(|(name, _)| name.ends_with(".xml"))
            .map(|(name, bytes)| (name, std::str::from_utf8(bytes).expect("UTF-8")))
            .collect();
        let named = |part: &str| {
            texts.iter().filter(|(name, _)| name.rsplit('/').next().is_some_and(|file| file.contains(part))).count()
        };
        let within = |part: &str| texts.iter().map(|(_, text)| text.matches(part).count()).sum::<usize>();
        let views = named("DiagramModel_") + named("SketchModel_");
        assert_eq!(read.views, views);
        assert_eq!(read.relationships, named("Relationship_"));
        assert_eq!(read.elements, named("_") - views - named("Relationship_"));
        assert_eq!(read.folders, named("folder.xml") - 1);
        assert_eq!(read.nodes, within("<children\n"));
        assert_eq!(read.connections, within("<sourceConnections\n"));
        let (again, losses) = write_coarchi(&reading.document);
        assert_eq!(losses, Vec::new());
        let root = archive.file_name().expect("a name").to_string_lossy();
        let before: std::collections::BTreeMap<&str, Vec<String>> =
            texts.iter().filter_map(|(name, text)| Some((name.split_once('/')?.1, bare(lines(text))))).collect();
        let after: std::collections::BTreeMap<&str, Vec<String>> = again
            .iter()
            .filter(|(name, _)| name.ends_with(".xml"))
            .map(|(name, bytes)| (name.as_str(), bare(lines(std::str::from_utf8(bytes).expect("UTF-8")))))
            .collect();
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "{root}");
        for (name, lines) in &before {
            assert_eq!(differences(lines, &after[name]), Vec::<String>::new(), "{root} {name}");
        }
        eprintln!("{root}: {read:?}, {} problems", reading.problems.len());
    }
}

fn bare(lines: Vec<String>) -> Vec<String> {
    let mut lines: Vec<String> = lines.into_iter().map(|line| without_endings(&line)).collect();
    lines.sort();
    lines
}

/// What Archi writes, where what follows from the rest does not count: which lines end at a box, which its lines say
/// themselves; and an attribute that states the default.
fn archi_lines(text: &str) -> Vec<String> {
    // The order of children of different names is free in Archi's format.
    bare(lines(text))
}

fn without_endings(line: &str) -> String {
    let mut kept = String::new();
    let mut rest = line;
    while let Some(start) = rest.find("targetConnections=\"") {
        kept.push_str(&rest[..start]);
        let after = &rest[start + "targetConnections=\"".len()..];
        rest = after.split_once('"').map_or("", |(_, rest)| rest.trim_start());
    }
    kept + rest
}

/// In coArchi's tree a folder's entries have no order of their own.
fn sorted(mut document: Document) -> Document {
    use ezu::interchange::archimate::document::Entry;
    fn sort(entries: &mut [Entry]) {
        for entry in entries.iter_mut() {
            if let Entry::Folder(folder) = entry {
                sort(&mut folder.entries);
            }
        }
        entries.sort_by_cached_key(|entry| match entry {
            Entry::Folder(folder) => (0, folder.id.clone().unwrap_or_default()),
            Entry::Item(id) => (1, id.clone()),
        });
    }
    document.organizations.iter_mut().for_each(|tree| sort(tree));
    document.elements.sort_by(|a, b| a.id.cmp(&b.id));
    document.relationships.sort_by(|a, b| a.id.cmp(&b.id));
    document.views.sort_by(|a, b| a.id.cmp(&b.id));
    document
}
