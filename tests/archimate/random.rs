//! Random documents: each lossless format, and the model, gives them back.

use ezu::interchange::Format;
use ezu::interchange::archimate::document::{
    Access, Document, Element, Entry, Folder, Profile, Property, PropertyDefinition, Relationship, Text, Texts,
};
use ezu::interchange::archimate::types::{ELEMENT_TYPES, FOLDERS, RELATIONSHIP_TYPES, folder_of};
use ezu::interchange::archimate::view::{
    Bendpoint, Bounds, Colour, Connection, Drawing, Font, Node, NodeKind, Point, Style, View,
};
use ezu::interchange::archimate::{Reading, write_archi, write_coarchi, write_exchange};
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::support::{archi, coarchi, exchange, has, invalid};
use crate::through::{differences, through};

/// A source of choices.
struct Dice<'d>(&'d mut dyn FnMut() -> u32);

impl Dice<'_> {
    fn below(&mut self, limit: usize) -> usize {
        usize::try_from((self.0)()).expect("fits") % limit.max(1)
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        if of.is_empty() { None } else { Some(of[self.below(of.len())].clone()) }
    }

    fn text(&mut self) -> String {
        const PIECES: [&str; 22] = [
            "a", "Z", "0", " ", "\n", "\t", "\r", "&", "<", ">", "\"", "'", "]]>", "é", "絵図", "🗾", "\u{202e}",
            "\u{85}", "&amp;", "--", "{", "\\",
        ];
        (0..self.below(8)).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }

    fn filled(&mut self) -> String {
        self.text() + "x"
    }

    fn number(&mut self, most: usize) -> i64 {
        i64::try_from(self.below(most)).expect("fits")
    }
}

/// What the format of a document can say.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Exchange,
    Archi,
}

struct Making<'d> {
    dice: Dice<'d>,
    form: Form,
    count: usize,
    definitions: Vec<(String, String)>,
}

impl Making<'_> {
    /// An identifier that was not given before, often one that is no XML name.
    fn id(&mut self) -> String {
        self.count += 1;
        let prefix = ["id-", "", "a:b/", "_x41_", "図", ".", "-", "x'&\""][self.dice.below(8)];
        format!("{prefix}{}", self.count)
    }

    fn texts(&mut self) -> Texts {
        if self.form == Form::Archi {
            return if self.dice.once_in(3) { Vec::new() } else { vec![Text::plain(self.dice.filled())] };
        }
        let mut texts: Texts = Vec::new();
        for _ in 0..self.dice.below(4) {
            let language = self.dice.pick(&["ja", "en", "nl", "en-US"]).filter(|_| !self.dice.once_in(3));
            let value = self.dice.text();
            texts.push(Text { language: language.map(Into::into), value });
        }
        // One empty name without a language means none.
        if texts.len() == 1 && texts[0] == Text::default() {
            texts.clear();
        }
        texts
    }

    fn properties(&mut self) -> Vec<Property> {
        let count = self.dice.below(4);
        (0..count).filter_map(|_| self.property()).collect()
    }

    fn property(&mut self) -> Option<Property> {
        if self.form == Form::Archi {
            let key = ["a", "", "a b", "目標復旧時間", "key\n"][self.dice.below(5)];
            return Some(Property { key: key.into(), definition: None, values: vec![Text::plain(self.dice.text())] });
        }
        let (id, key) = self.dice.pick(&self.definitions)?;
        let mut values = self.texts();
        if values.is_empty() {
            values.push(Text::default());
        }
        Some(Property { key: key.into(), definition: Some(id.into()), values })
    }

    fn definition(&mut self) -> PropertyDefinition {
        let id = self.id();
        let names = self.texts();
        self.definitions.push((id.clone(), names.first().map(|name| name.value.clone()).unwrap_or_default()));
        let data_type = ["string", "boolean", "currency", "date", "time", "number"][self.dice.below(6)].to_owned();
        PropertyDefinition { id, names, data_type, documentation: self.texts(), ..PropertyDefinition::default() }
    }

    fn element(&mut self, profiles: &[Profile]) -> Element {
        let kind = ELEMENT_TYPES[self.dice.below(ELEMENT_TYPES.len())].0;
        let own: Vec<String> =
            profiles.iter().filter(|held| held.concept == kind).map(|held| held.id.clone()).collect();
        Element {
            id: self.id(),
            kind: kind.into(),
            names: self.texts(),
            documentation: self.texts(),
            properties: self.properties(),
            profiles: if self.dice.once_in(2) { own } else { Vec::new() },
            ..Element::default()
        }
    }

    fn relationship(&mut self, ends: &[String]) -> Option<Relationship> {
        let kind = RELATIONSHIP_TYPES[self.dice.below(RELATIONSHIP_TYPES.len())];
        let (source, target) = (self.dice.pick(ends)?, self.dice.pick(ends)?);
        let mut held = Relationship { id: self.id(), kind: kind.into(), source, target, ..Relationship::default() };
        (held.names, held.documentation, held.properties) = (self.texts(), self.texts(), self.properties());
        match kind {
            "Access" => {
                let stated = [Access::Read, Access::Write, Access::ReadWrite, Access::Access];
                // Archi has a number for what is not stated, and no other way to say so.
                let access = stated[self.dice.below(if self.form == Form::Archi { 3 } else { 4 })];
                held.access = Some(access).filter(|_| !self.dice.once_in(3));
            }
            "Influence" => held.modifier = Some(self.dice.filled()).filter(|_| !self.dice.once_in(3)),
            "Association" => held.directed = Some(self.dice.once_in(2)).filter(|_| !self.dice.once_in(3)),
            _ => {}
        }
        Some(held)
    }

    fn colour(&mut self) -> Option<Colour> {
        let mut part = || u8::try_from(self.dice.below(256)).expect("fits");
        let (r, g, b) = (part(), part(), part());
        Some(Colour { r, g, b, a: None }).filter(|_| !self.dice.once_in(3))
    }

    fn style(&mut self) -> Style {
        let mut fill_color = self.colour();
        if let Some(colour) = &mut fill_color {
            colour.a = Some(u8::try_from(self.dice.below(100)).expect("fits")).filter(|_| self.dice.once_in(2));
        }
        let font = Font {
            name: Some("BIZ UDゴシック".to_owned()),
            size: Some(["9.0", "10.5", "12"][self.dice.below(3)].to_owned()),
            style: self
                .dice
                .pick(&["bold", "italic", "bold italic"])
                .map(str::to_owned)
                .filter(|_| self.dice.once_in(2)),
            color: self.colour(),
        };
        let line_width = Some(self.dice.number(3) + 1).filter(|_| self.dice.once_in(2));
        Style { line_width, line_color: self.colour(), fill_color, font: Some(font).filter(|_| self.dice.once_in(2)) }
    }

    fn node(&mut self, elements: &[String], views: &[String], depth: usize) -> Node {
        let kind = [NodeKind::Element, NodeKind::Container, NodeKind::Label][self.dice.below(3)].clone();
        let least = if self.form == Form::Archi { -50 } else { 0 };
        let mut place = || self.dice.number(500) + least;
        let (x, y) = (place(), place());
        let (w, h) = (self.dice.number(300) + 1, self.dice.number(300) + 1);
        let mut node =
            Node { id: self.id(), kind, bounds: Bounds { x, y, w, h }, style: self.style(), ..Node::default() };
        match node.kind {
            NodeKind::Element => match self.dice.pick(elements) {
                Some(element) => node.element = Some(element),
                None => node.kind = NodeKind::Container,
            },
            NodeKind::Label if self.dice.once_in(2) => node.view_refs = self.dice.pick(views).into_iter().collect(),
            _ => node.labels = self.texts(),
        }
        if node.kind != NodeKind::Label && depth < 3 {
            node.nodes = (0..self.dice.below(3)).map(|_| self.node(elements, views, depth + 1)).collect();
        }
        if self.form == Form::Archi && node.kind != NodeKind::Element {
            node.properties = if node.view_refs.is_empty() { self.properties() } else { Vec::new() };
        }
        node
    }

    fn connection(&mut self, relationships: &[String], ends: &[String]) -> Option<Connection> {
        let relationship = self.dice.pick(relationships).filter(|_| !self.dice.once_in(3));
        let kind = if relationship.is_some() { "Relationship" } else { "Line" };
        let (source, target) = (self.dice.pick(ends)?, self.dice.pick(ends)?);
        let mut line =
            Connection { id: self.id(), kind: kind.into(), relationship, source, target, ..Connection::default() };
        line.style = Style { fill_color: None, ..self.style() };
        line.labels = self.texts();
        line.documentation = self.texts();
        let mut point = || Point { x: self.dice.number(900), y: self.dice.number(900) };
        line.bendpoints =
            vec![Bendpoint { point: point(), relative: None }, Bendpoint { point: point(), relative: None }];
        if self.form == Form::Exchange {
            line.source_attachment = Some(point()).filter(|_| self.dice.once_in(2));
        }
        line.bendpoints.truncate(self.dice.below(3));
        Some(line)
    }

    fn view(&mut self, document: &Document, ids: &[String], own: usize) -> View {
        let elements: Vec<String> = document.elements.iter().map(|held| held.id.clone()).collect();
        let relationships: Vec<String> = document.relationships.iter().map(|held| held.id.clone()).collect();
        let nodes: Vec<Node> = (0..self.dice.below(4)).map(|_| self.node(&elements, ids, 0)).collect();
        let mut drawing = Drawing { nodes, connections: Vec::new() };
        let mut ends: Vec<String> = drawing.all_nodes().iter().map(|node| node.id.clone()).collect();
        for _ in 0..self.dice.below(5) {
            if let Some(line) = self.connection(&relationships, &ends) {
                ends.push(line.id.clone());
                drawing.connections.push(line);
            }
        }
        View {
            id: ids[own].clone(),
            kind: "Diagram".into(),
            names: self.texts(),
            documentation: self.texts(),
            properties: self.properties(),
            viewpoint: self.dice.pick(&["Application Usage", "Layered", "自分の観点"]).map(str::to_owned),
            drawing,
            ..View::default()
        }
    }

    fn folders(&mut self, document: &mut Document) {
        let elements = document.elements.iter().map(|held| (held.id.clone(), folder_of(&held.kind)));
        let relationships = document.relationships.iter().map(|held| (held.id.clone(), "relations"));
        let views = document.views.iter().map(|held| (held.id.clone(), "diagrams"));
        let items: Vec<(String, &str)> = elements.chain(relationships).chain(views).collect();
        let mut tree = Vec::new();
        for (content, name) in FOLDERS {
            let mut folder = Folder::named(name);
            folder.id = Some(self.id());
            folder.content = Some(content.to_owned()).filter(|_| self.form == Form::Archi);
            let mut inner = Folder { id: Some(self.id()), ..Folder::named("内") };
            inner.documentation = self.texts();
            for (id, _) in items.iter().filter(|(_, held)| *held == content) {
                let place = if self.dice.once_in(2) { &mut folder } else { &mut inner };
                place.entries.push(Entry::Item(id.clone()));
            }
            folder.entries.push(Entry::Folder(inner));
            if self.form == Form::Exchange && self.dice.once_in(2) {
                folder.id = None;
            }
            tree.push(Entry::Folder(folder));
        }
        document.organizations.push(tree);
    }

    fn document(&mut self) -> Document {
        let mut document = Document { id: self.id(), ..Document::default() };
        if self.form == Form::Exchange {
            document.property_definitions = (0..self.dice.below(4)).map(|_| self.definition()).collect();
            document.version = Some(self.dice.filled()).filter(|_| self.dice.once_in(2));
        } else {
            // Archi has one type for both junctions.
            let concept = ELEMENT_TYPES[self.dice.below(ELEMENT_TYPES.len() - 2)].0;
            document.profiles = vec![Profile {
                id: format!("profile-{}", self.count),
                name: "特化".into(),
                concept: concept.into(),
                ..Profile::default()
            }];
        }
        (document.names, document.documentation) = (self.texts(), self.texts());
        document.properties = self.properties();
        let profiles = document.profiles.clone();
        document.elements = (0..self.dice.below(8)).map(|_| self.element(&profiles)).collect();
        let mut ends: Vec<String> = document.elements.iter().map(|held| held.id.clone()).collect();
        for _ in 0..self.dice.below(10) {
            if let Some(held) = self.relationship(&ends) {
                ends.push(held.id.clone());
                document.relationships.push(held);
            }
        }
        let ids: Vec<String> = (0..self.dice.below(3)).map(|_| self.id()).collect();
        document.views = (0..ids.len()).map(|own| self.view(&document, &ids, own)).collect();
        self.folders(&mut document);
        document
    }
}

fn made(choices: &[u32], form: Form) -> Document {
    let mut place = 0_usize;
    let mut roll = || {
        place += 1;
        // Choices that run out go on in a fixed way.
        let more = u32::try_from(place).unwrap_or_default().wrapping_mul(2_654_435_761) >> 7;
        choices.get(place - 1).copied().unwrap_or(more)
    };
    let mut making = Making { dice: Dice(&mut roll), form, count: 0, definitions: Vec::new() };
    making.document()
}

/// Lines of a view in Archi's files lie in the boxes that they start from.
fn lines_sorted(mut document: Document) -> Document {
    for view in &mut document.views {
        view.drawing.connections.sort_by(|a, b| a.id.cmp(&b.id));
    }
    document
}

/// In coArchi's tree the entries of a folder have no order.
fn entries_sorted(mut document: Document) -> Document {
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
    lines_sorted(document)
}

fn config() -> Config {
    let cases = std::env::var("EZU_ARCHIMATE_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(24);
    Config { cases, failure_persistence: None, max_shrink_iters: 60, ..Config::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_exchange_format_gives_a_document_back(choices in prop::collection::vec(any::<u32>(), 0..1_500)) {
        let document = made(&choices, Form::Exchange);
        let written = write_exchange(&document);
        prop_assert_eq!(&written.losses, &Vec::new());
        let read = exchange(&written.bytes).document;
        prop_assert_eq!(differences(document, read), Vec::<String>::new());
    }

    #[test]
    fn archis_format_gives_a_document_back(choices in prop::collection::vec(any::<u32>(), 0..1_500)) {
        let document = made(&choices, Form::Archi);
        let written = write_archi(&document).expect("written");
        prop_assert_eq!(&written.losses, &Vec::new());
        let read = archi(&written.bytes).document;
        prop_assert_eq!(differences(lines_sorted(document), lines_sorted(read)), Vec::<String>::new());
    }

    #[test]
    fn coarchis_tree_gives_a_document_back(choices in prop::collection::vec(any::<u32>(), 0..1_500)) {
        let mut document = made(&choices, Form::Archi);
        // Identifiers are names of files there.
        rename(&mut document);
        let (tree, losses) = write_coarchi(&document);
        prop_assert_eq!(&losses, &Vec::new());
        let read = coarchi(&tree).document;
        prop_assert_eq!(differences(entries_sorted(document), entries_sorted(read)), Vec::<String>::new());
    }

    #[test]
    fn the_model_gives_a_document_back(choices in prop::collection::vec(any::<u32>(), 0..1_500), native in any::<bool>()) {
        let form = if native { Form::Archi } else { Form::Exchange };
        let document = made(&choices, form);
        let reading = Reading { document: document.clone(), problems: Vec::new() };
        let format = if native { Format::Archi } else { Format::ArchimateExchange };
        let (read, _) = through(reading, format);
        prop_assert_eq!(differences(document, read), Vec::<String>::new());
    }
}

/// Identifiers of folders that are safe in a path, as coArchi's own are.
fn rename(document: &mut Document) {
    fn folder(entries: &mut [Entry], count: &mut usize) {
        for entry in entries {
            if let Entry::Folder(held) = entry {
                *count += 1;
                held.id = Some(format!("folder-{count}"));
                folder(&mut held.entries, count);
            }
        }
    }
    let mut count = 0;
    document.organizations.iter_mut().for_each(|tree| folder(tree, &mut count));
}

#[test]
fn random_documents_are_valid_exchange_files() {
    let Some(corpora) = crate::support::corpora() else { return };
    if !has("xmllint") {
        return;
    }
    for seed in 0..12_u32 {
        let choices: Vec<u32> =
            (0..1_000).map(|place: u32| (place + 1).wrapping_mul(2_654_435_761 + 40_503 * seed) >> 5).collect();
        for form in [Form::Exchange, Form::Archi] {
            let written = write_exchange(&made(&choices, form));
            assert_eq!(
                invalid(&written.bytes, &corpora.join("xsd")),
                "",
                "seed {seed}\n{}",
                String::from_utf8_lossy(&written.bytes)
            );
        }
    }
}
