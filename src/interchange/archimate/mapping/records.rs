//! Views, folders, definitions and the model itself as records, and back.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::super::document::{Document, Extra, Folder, Profile, PropertyDefinition, Texts, first};
use super::super::view::{Drawing, Node, View};
use super::concepts::Translator;
use super::fields::{NAMES, documentation, names, properties, put_documentation, put_names, put_properties};
use super::said::Said;
use crate::domain::metamodel::Kind;
use crate::interchange::json_text::is_unwelcome;

/// The attribute that holds what is drawn.
pub(super) const CONTENT: &str = "content";

/// What of the model as a whole has no attribute of its own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Whole {
    /// Its names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) names: Texts,
    /// Its documentation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) documentation: Texts,
    /// Its properties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) properties: Vec<super::super::document::Property>,
    /// Its version, where the model cannot hold it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    /// How many topmost entries each tree of folders has, where there is not one tree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) trees: Vec<usize>,
    /// Specialisations with what only Archi knows of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) profiles: Vec<Profile>,
    /// What only its format knows.
    #[serde(default, skip_serializing_if = "Extra::is_empty")]
    pub(super) extra: Extra,
}

impl Translator<'_> {
    fn texts(&self, kind: &Kind, names: &Texts, held: &Texts) -> Said {
        let mut said = Said::of(&kind.name);
        put_names(&mut said, kind, self.words, names);
        put_documentation(&mut said, held);
        said
    }

    /// What the model says of a view, its content left out.
    pub(super) fn view(&self, view: &View, kind: &Kind) -> Said {
        let mut said = self.said_of_view(view, kind);
        let bare = View { drawing: Drawing::default(), ..view.clone() };
        if self.view_of(&said, kind, &view.id) != bare {
            said.keep(&bare);
        }
        said
    }

    fn said_of_view(&self, view: &View, kind: &Kind) -> Said {
        let mut said = self.texts(kind, &view.names, &view.documentation);
        put_properties(&mut said, kind, self.words, &view.properties, &self.dictionary);
        said.set("viewpoint", view.viewpoint.as_deref().map(super::said::clean).filter(|text| !text.is_empty()));
        said
    }

    fn view_of(&self, said: &Said, kind: &Kind, id: &str) -> View {
        View {
            id: id.to_owned(),
            kind: "Diagram".into(),
            names: names(said, kind, self.words),
            documentation: documentation(said),
            properties: properties(said, kind, self.words, &self.dictionary),
            viewpoint: said.text("viewpoint").map(str::to_owned),
            ..View::default()
        }
    }

    /// The view of a record, with what was kept of it wherever nobody has changed it since.
    pub(super) fn exported_view(&self, said: &Said, kind: &Kind, id: &str) -> View {
        let mut view = self.view_of(said, kind, id);
        if let Some(source) = said.kept::<View>() {
            let was = self.said_of_view(&source, kind);
            let same = |fields: &[&str]| said.agrees(&was, fields);
            if said.name == was.name && same(&NAMES) {
                view.names = source.names;
            }
            if same(&["documentation"]) {
                view.documentation = source.documentation;
            }
            if same(&["archimate.properties"]) {
                view.properties = source.properties;
            }
            if same(&["viewpoint"]) {
                view.viewpoint = source.viewpoint;
            }
            (view.kind, view.viewpoint_ref, view.extra) = (source.kind, source.viewpoint_ref, source.extra);
        }
        view.drawing = said.text(CONTENT).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        view
    }

    /// What the model says of a property definition.
    pub(super) fn definition(&self, held: &PropertyDefinition, kind: &Kind) -> Said {
        let mut said = self.said_of_definition(held, kind);
        if self.definition_of(&said, kind) != *held {
            said.keep(held);
        }
        said
    }

    fn said_of_definition(&self, held: &PropertyDefinition, kind: &Kind) -> Said {
        let mut said = self.texts(kind, &held.names, &held.documentation);
        said.set("identifier", Some(super::said::clean(&held.id)));
        said.set("data_type", Some(super::said::clean(&held.data_type)).filter(|word| !word.is_empty()));
        said
    }

    fn definition_of(&self, said: &Said, kind: &Kind) -> PropertyDefinition {
        PropertyDefinition {
            id: said.text("identifier").unwrap_or_default().to_owned(),
            names: names(said, kind, self.words),
            documentation: documentation(said),
            data_type: said.text("data_type").unwrap_or("string").to_owned(),
            ..PropertyDefinition::default()
        }
    }

    /// The definition of a record.
    pub(super) fn exported_definition(&self, said: &Said, kind: &Kind) -> PropertyDefinition {
        let plain = self.definition_of(said, kind);
        let Some(source) = said.kept::<PropertyDefinition>() else { return plain };
        let was = self.said_of_definition(&source, kind);
        let same = |fields: &[&str]| said.agrees(&was, fields);
        PropertyDefinition {
            id: if same(&["identifier"]) { source.id } else { plain.id },
            names: if said.name == was.name && same(&NAMES) { source.names } else { plain.names },
            documentation: if same(&["documentation"]) { source.documentation } else { plain.documentation },
            data_type: if same(&["data_type"]) { source.data_type } else { plain.data_type },
            extra: source.extra,
            line: plain.line,
        }
    }

    /// What the model says of a folder, what lies in it left out.
    pub(super) fn folder(&self, folder: &Folder, kind: &Kind) -> Said {
        let mut said = self.said_of_folder(folder, kind);
        let bare = Folder { entries: Vec::new(), ..folder.clone() };
        if self.folder_of(&said, kind, folder.id.as_deref()) != bare {
            said.keep(&bare);
        }
        said
    }

    fn said_of_folder(&self, folder: &Folder, kind: &Kind) -> Said {
        let mut said = self.texts(kind, &folder.labels, &folder.documentation);
        put_properties(&mut said, kind, self.words, &folder.properties, &self.dictionary);
        said.set(CONTENT, folder.content.as_deref().map(super::said::clean).filter(|word| !word.is_empty()));
        said
    }

    fn folder_of(&self, said: &Said, kind: &Kind, id: Option<&str>) -> Folder {
        Folder {
            id: id.map(str::to_owned),
            labels: names(said, kind, self.words),
            documentation: documentation(said),
            properties: properties(said, kind, self.words, &self.dictionary),
            content: said.text(CONTENT).map(str::to_owned),
            ..Folder::default()
        }
    }

    /// The folder of a record, empty. `id` is left out where the file had none.
    pub(super) fn exported_folder(&self, said: &Said, kind: &Kind, id: Option<&str>) -> Folder {
        let plain = self.folder_of(said, kind, id);
        let Some(source) = said.kept::<Folder>() else { return plain };
        let was = self.said_of_folder(&source, kind);
        let same = |fields: &[&str]| said.agrees(&was, fields);
        Folder {
            id: plain.id,
            labels: if said.name == was.name && same(&NAMES) { source.labels } else { plain.labels },
            documentation: if same(&["documentation"]) { source.documentation } else { plain.documentation },
            properties: if same(&["archimate.properties"]) { source.properties } else { plain.properties },
            content: if same(&[CONTENT]) { source.content } else { plain.content },
            item: source.item,
            entries: Vec::new(),
            extra: source.extra,
        }
    }

    /// What the model says of the document as a whole, its folders left out.
    pub(super) fn whole(&self, document: &Document, kind: &Kind) -> Said {
        let mut said = self.said_of_whole(&document.names, &document.documentation, &document.properties, kind);
        said.set("version", document.version.as_deref().map(super::said::clean).filter(|text| !text.is_empty()));
        said.set("metadata", document.metadata.as_deref().map(welcome_xml));
        said.set("viewpoints", document.viewpoints.as_deref().map(welcome_xml));
        if !document.profiles.is_empty() {
            said.set("profiles", Some(declared(&document.profiles)));
        }
        let trees: Vec<usize> = document.organizations.iter().map(Vec::len).collect();
        let mut rest = Whole { extra: document.extra.clone(), ..Whole::default() };
        let plain = self.whole_of(&said, kind);
        if (&plain.names, &plain.documentation) != (&document.names, &document.documentation) {
            rest.names.clone_from(&document.names);
            rest.documentation.clone_from(&document.documentation);
        }
        if plain.properties != document.properties {
            rest.properties.clone_from(&document.properties);
        }
        rest.version = document.version.clone().filter(|version| Some(version.as_str()) != said.text("version"));
        if profiles(&said) != document.profiles {
            rest.profiles.clone_from(&document.profiles);
        }
        if trees.len() != 1 || trees == [0] {
            rest.trees = trees;
        }
        if rest != Whole::default() {
            said.keep(&rest);
        }
        said
    }

    fn said_of_whole(
        &self,
        names: &Texts,
        held: &Texts,
        properties: &[super::super::document::Property],
        kind: &Kind,
    ) -> Said {
        let mut said = self.texts(kind, names, held);
        put_properties(&mut said, kind, self.words, properties, &self.dictionary);
        said
    }

    fn whole_of(&self, said: &Said, kind: &Kind) -> Whole {
        Whole {
            names: names(said, kind, self.words),
            documentation: documentation(said),
            properties: properties(said, kind, self.words, &self.dictionary),
            ..Whole::default()
        }
    }

    /// Fills a document's head from a record; answers with the trees' sizes, empty for one tree.
    pub(super) fn export_whole(&self, said: &Said, kind: &Kind, document: &mut Document) -> Vec<usize> {
        let plain = self.whole_of(said, kind);
        (document.names, document.documentation, document.properties) =
            (plain.names, plain.documentation, plain.properties);
        document.version = said.text("version").map(str::to_owned);
        document.metadata = said.text("metadata").map(str::to_owned);
        document.viewpoints = said.text("viewpoints").map(str::to_owned);
        document.profiles = profiles(said);
        let Some(source) = said.kept::<Whole>() else { return Vec::new() };
        let was = self.said_of_whole(&source.names, &source.documentation, &source.properties, kind);
        let same = |fields: &[&str]| said.agrees(&was, fields);
        if said.name == was.name && same(&NAMES) && !source.names.is_empty() {
            document.names = source.names;
        }
        if same(&["documentation"]) && !source.documentation.is_empty() {
            document.documentation = source.documentation;
        }
        if same(&["archimate.properties"]) && !source.properties.is_empty() {
            document.properties = source.properties;
        }
        let version = source.version.as_deref().map(super::said::clean).filter(|text| !text.is_empty());
        if version == document.version && source.version.is_some() {
            document.version = source.version;
        }
        let declared = Said {
            fields: [("profiles".to_owned(), declared(&source.profiles))].into_iter().collect(),
            ..Said::default()
        };
        if same_profiles(&profiles(&declared), &document.profiles) {
            document.profiles = source.profiles;
        }
        document.extra = source.extra;
        source.trees
    }
}

fn declared(held: &[Profile]) -> Json {
    held.iter().map(profile).collect()
}

fn same_profiles(held: &[Profile], others: &[Profile]) -> bool {
    let bare = |profile: &Profile| (profile.id.clone(), profile.name.clone(), profile.concept.clone());
    !held.is_empty() && held.iter().map(bare).eq(others.iter().map(bare))
}

/// A piece of XML in which characters that a text of the model may not hold are written as references.
fn welcome_xml(fragment: &str) -> String {
    let mut out = String::with_capacity(fragment.len());
    for character in fragment.chars() {
        if is_unwelcome(character) {
            out.push_str(&format!("&#x{:X};", u32::from(character)));
        } else {
            out.push(character);
        }
    }
    out
}

fn profile(held: &Profile) -> Json {
    let mut entry = Map::new();
    entry.insert("id".into(), super::said::clean(&held.id).into());
    entry.insert("name".into(), super::said::clean(&held.name).into());
    entry.insert("concept".into(), super::said::clean(&held.concept).into());
    Json::Object(entry)
}

/// The profiles that a record of the model declares.
pub(super) fn profiles(said: &Said) -> Vec<Profile> {
    let text = |entry: &Json, name: &str| entry.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let read = |entry: &Json| Profile {
        id: text(entry, "id"),
        name: text(entry, "name"),
        concept: text(entry, "concept").into(),
        ..Profile::default()
    };
    said.list("profiles").iter().map(read).collect()
}

/// Where in a drawing's JSON identifiers of the model stand.
pub(super) fn pointers(drawing: &Drawing) -> Vec<String> {
    let mut found = Vec::new();
    for (index, node) in drawing.nodes.iter().enumerate() {
        node_pointers(node, &format!("/nodes/{index}"), &mut found);
    }
    for (index, line) in drawing.connections.iter().enumerate() {
        let at = format!("/connections/{index}");
        if line.relationship.is_some() {
            found.push(format!("{at}/relationship"));
        }
        found.extend((0..line.view_refs.len()).map(|place| format!("{at}/view_refs/{place}")));
    }
    found
}

fn node_pointers(node: &Node, at: &str, found: &mut Vec<String>) {
    if node.element.is_some() {
        found.push(format!("{at}/element"));
    }
    found.extend((0..node.view_refs.len()).map(|place| format!("{at}/view_refs/{place}")));
    for (index, inner) in node.nodes.iter().enumerate() {
        node_pointers(inner, &format!("{at}/nodes/{index}"), found);
    }
}

/// The path of labels that a folder without an identifier is known by.
pub(super) fn folder_path(above: &str, folder: &Folder, taken: &mut impl FnMut(&str) -> bool) -> String {
    let base = format!("{above}/{}", first(&folder.labels));
    let mut path = base.clone();
    let mut number = 2;
    while !taken(&path) {
        path = format!("{base}~{number}");
        number += 1;
    }
    path
}
