//! What every picture needs while it is put together: names, figures, arrows, the legend.

use std::collections::{BTreeMap, BTreeSet};

use super::Options;
use super::escape::address;
use super::kinds::{self, Family};
use super::language::{first_of, is_english, list};
use super::paint::{self, Paint};
use super::scene::{Arrow, Border, Figure, Group, LegendEntry, Reading, Sample, Scene, Shape, Stroke};
use super::text::{clip, wrap};
use crate::domain::element::{Item, Model, Relationship};
use crate::domain::metamodel::{AttributeDefinition, AttributeType, KindId};
use crate::domain::naming::{display_name, display_name_of, value_text};
use crate::graph::View;

/// The columns of a name in a box.
pub const NAME_WIDTH: usize = 20;
/// The lines of a name in a box; the rest is in the tooltip.
const NAME_LINES: usize = 5;
/// The columns of a fact or arrow label.
pub const LABEL_WIDTH: usize = 24;
/// The names given as examples in a box that stands for several.
const EXAMPLES: usize = 3;
/// The ids that a tooltip lists before it counts.
const TOOLTIP_NAMES: usize = 60;

/// A scene in the making.
pub struct Canvas<'a> {
    /// What is drawn from.
    pub view: &'a View,
    /// How it is drawn.
    pub options: &'a Options,
    /// What there is so far.
    pub scene: Scene,
    placed: BTreeSet<String>,
    kinds: BTreeSet<KindId>,
    families: BTreeSet<Family>,
    piles: usize,
}

impl<'a> Canvas<'a> {
    /// An empty picture with its title.
    pub fn new(view: &'a View, options: &'a Options, title: &str, reading: Reading) -> Self {
        let scene = Scene {
            title: clip(title, 90),
            subtitle: subtitle(view, options),
            reading,
            groups: Vec::new(),
            figures: Vec::new(),
            arrows: Vec::new(),
            chart: None,
            legend: Vec::new(),
            notes: Vec::new(),
            language: options.language.clone(),
        };
        let (placed, kinds, families) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        Self { view, options, scene, placed, kinds, families, piles: 0 }
    }

    /// The language.
    pub fn language(&self) -> &'a str {
        &self.options.language
    }

    /// Whether it is English.
    pub fn english(&self) -> bool {
        is_english(self.language())
    }

    /// One of two texts.
    pub fn words(&self, ja: &str, en: &str) -> String {
        if self.english() { en.to_owned() } else { ja.to_owned() }
    }

    /// What an item is called.
    pub fn name(&self, item: Item<'_>) -> String {
        display_name(self.view, item, self.language())
    }

    /// What the item with this id is called.
    pub fn name_of(&self, id: &str) -> String {
        display_name_of(self.view, id, self.language())
    }

    /// The label of a kind.
    pub fn kind_label(&self, kind: KindId) -> String {
        let kind = self.view.metamodel().kind(kind);
        let label = kind.label.get(self.language());
        if label.is_empty() { kind.name.to_string() } else { label.to_owned() }
    }

    /// A figure of an item, in the shape and colours of its kind; not yet in the picture.
    pub fn figure(&mut self, item: Item<'_>) -> Figure {
        let (kind, name) = (item.kind(), self.name(item));
        self.kinds.insert(kind);
        let heading = self.kind_label(kind);
        let metamodel = self.view.metamodel();
        Figure {
            id: item.id().to_string(),
            tooltip: format!("{heading}: {name} ({})", item.id()),
            name: wrap(&name, NAME_WIDTH, NAME_LINES),
            heading,
            facts: Vec::new(),
            shape: kinds::shape(metamodel, kind),
            paint: kinds::colours(metamodel, kind),
            border: Border::Plain,
            url: self.options.link_base.as_deref().map(|base| address(base, item.id().as_str())),
            group: None,
            count: 1,
        }
    }

    /// A figure that stands for several items of a kind, with its count and first examples.
    pub fn pile(&mut self, kind: KindId, ids: &[String], heading: &str, name: &str) -> Figure {
        self.piles += 1;
        let names: Vec<String> = ids.iter().map(|id| self.name_of(id)).collect();
        let examples: Vec<String> = names.iter().map(|name| clip(name, LABEL_WIDTH)).collect();
        let unit = self.words("件", "");
        let title = format!("{name} {}{unit}", ids.len());
        Figure {
            // No identifier holds a space, so this one is nobody's.
            id: format!("pile {}", self.piles),
            tooltip: format!("{title}: {}", first_of(self.language(), &names, TOOLTIP_NAMES)),
            heading: heading.to_owned(),
            name: wrap(&title, NAME_WIDTH, NAME_LINES),
            facts: wrap(&first_of(self.language(), &examples, EXAMPLES), LABEL_WIDTH + 2, 5),
            shape: Shape::Pile,
            paint: kinds::colours(self.view.metamodel(), kind),
            border: Border::Plain,
            url: None,
            group: None,
            count: ids.len(),
        }
    }

    /// Puts a figure into the picture, unless one of its id is there already.
    pub fn place(&mut self, figure: Figure) {
        if self.placed.insert(figure.id.clone()) {
            self.scene.figures.push(figure);
        }
    }

    /// Puts an item into the picture as what it is about.
    pub fn place_subject(&mut self, item: Item<'_>) {
        let mut figure = self.figure(item);
        figure.paint = paint::SUBJECT;
        figure.border = Border::Thick;
        self.place(figure);
    }

    /// Whether a figure of this id is in the picture.
    pub fn has(&self, id: &str) -> bool {
        self.placed.contains(id)
    }

    /// Opens a frame and gives its place.
    pub fn group(&mut self, id: &str, title: &str, paint: Paint, border: Border) -> usize {
        self.scene.groups.push(Group {
            id: id.to_owned(),
            title: clip(title, 60),
            paint,
            border,
            within: None,
            in_one_row: false,
        });
        self.scene.groups.len() - 1
    }

    /// Draws one arrow for relationships that join the same two figures the same way.
    pub fn connect(&mut self, source: &str, target: &str, relationships: &[&Relationship]) {
        let mut label = Vec::new();
        let mut families = BTreeSet::new();
        for relationship in relationships {
            families.insert(kinds::family(self.view.metamodel(), self.view.metamodel().kind(relationship.kind)));
            let text = self.relationship_label(relationship);
            if !label.contains(&text) {
                label.push(text);
            }
        }
        let Some(family) = families.first().copied() else {
            return;
        };
        self.families.insert(family);
        let text = first_of(self.language(), &label, 3);
        self.scene.arrows.push(Arrow {
            source: source.to_owned(),
            target: target.to_owned(),
            label: wrap(&text, LABEL_WIDTH, 5),
            stroke: family.stroke(),
            tooltip: self.relationship_ids(relationships),
            count: relationships.len(),
        });
    }

    /// The ids of relationships, for a tooltip.
    pub fn relationship_ids(&self, relationships: &[&Relationship]) -> String {
        let ids: Vec<String> = relationships.iter().map(|relationship| relationship.id.to_string()).collect();
        first_of(self.language(), &ids, TOOLTIP_NAMES)
    }

    /// A relationship in a few words: for a flow what passes and how, else its kind and how strong it is.
    pub fn relationship_label(&self, relationship: &Relationship) -> String {
        let kind = self.view.metamodel().kind(relationship.kind);
        let codes: Vec<String> = kind
            .value_attributes()
            .filter(|definition| is_telling(definition))
            .take(2)
            .filter_map(|definition| self.value(definition, relationship))
            .collect();
        let passes = self.references(relationship);
        let what =
            if passes.is_empty() { self.kind_label(relationship.kind) } else { first_of(self.language(), &passes, 2) };
        match (codes.is_empty(), self.english()) {
            (true, _) => what,
            (false, true) => format!("{what} ({})", list(self.language(), &codes)),
            (false, false) => format!("{what}（{}）", list(self.language(), &codes)),
        }
    }

    /// A value of a relationship as people read it.
    fn value(&self, definition: &AttributeDefinition, relationship: &Relationship) -> Option<String> {
        let value = relationship.attributes.get(definition.name)?;
        Some(value_text(definition, value, self.language()))
    }

    /// The names of what a relationship refers to, as a flow to its data.
    pub fn references(&self, relationship: &Relationship) -> Vec<String> {
        let kind = self.view.metamodel().kind(relationship.kind);
        let outgoing = |by: KindId| self.view.outgoing(relationship.id.as_str(), Some(by));
        kind.references()
            .flat_map(|(_, reference)| outgoing(reference.relationship))
            .map(|found| self.name_of(found.target.as_str()))
            .collect()
    }

    /// An attribute of an item in one line with its label and unit; none if nothing is recorded.
    pub fn fact(&self, item: Item<'_>, attribute: &str) -> Option<String> {
        let definition = self.view.metamodel().kind(item.kind()).attribute_named(attribute)?;
        let value = item.attributes().get(definition.name)?;
        let (label, unit) = (definition.label.get(self.language()), definition.unit.get(self.language()));
        let text = value_text(definition, value, self.language());
        let space = if self.english() && !unit.is_empty() { " " } else { "" };
        Some(format!("{label}: {text}{space}{unit}"))
    }

    /// The value of the first of these attributes that an item's kind has; a reference gives names.
    pub fn value_of(&self, item: Item<'_>, attributes: &[&str]) -> Option<String> {
        let kind = self.view.metamodel().kind(item.kind());
        let definition = attributes.iter().find_map(|name| kind.attribute_named(name))?;
        if let Some(reference) = definition.reference() {
            let found = self.view.outgoing(item.id().as_str(), Some(reference.relationship));
            let names: Vec<String> = found.iter().map(|found| self.name_of(found.target.as_str())).collect();
            return (!names.is_empty()).then(|| list(self.language(), &names));
        }
        let value = item.attributes().get(definition.name)?;
        Some(value_text(definition, value, self.language()))
    }

    /// Adds a line to the legend, once.
    pub fn explain(&mut self, sample: Sample, text: String) {
        let entry = LegendEntry { sample, text };
        if !self.scene.legend.contains(&entry) {
            self.scene.legend.push(entry);
        }
    }

    /// Adds a note.
    pub fn note(&mut self, text: String) {
        self.scene.notes.push(text);
    }

    /// A note that so many items are not drawn, by kind; nothing if there are none.
    pub fn note_missing(&mut self, ja: &str, en: &str, kinds: &BTreeMap<KindId, usize>) {
        let total: usize = kinds.values().sum();
        if total == 0 {
            return;
        }
        let parts: Vec<String> =
            kinds.iter().map(|(kind, count)| format!("{} {count}", self.kind_label(*kind))).collect();
        let parts = list(self.language(), &parts);
        let (reason, unit) = (self.words(ja, en), self.words("件", ""));
        let text = if self.english() {
            format!("{reason}: {total} ({parts})")
        } else {
            format!("{reason}: {total}{unit}（{parts}）")
        };
        self.note(text);
    }

    /// The finished scene, with kinds, lines and piles explained.
    pub fn finish(mut self) -> Scene {
        let language = self.language();
        let used: Vec<(Shape, Paint)> = self.scene.figures.iter().map(|figure| (figure.shape, figure.paint)).collect();
        for kind in std::mem::take(&mut self.kinds) {
            let (shape, paint) =
                (kinds::shape(self.view.metamodel(), kind), kinds::colours(self.view.metamodel(), kind));
            if !used.iter().any(|(held, _)| *held == shape) {
                continue;
            }
            // Where colours mean something else, as an effect, the shape alone tells the kind.
            let paint = if used.contains(&(shape, paint)) { paint } else { paint::NEUTRAL };
            let (label, outline) = (self.kind_label(kind), kinds::shape_words(shape, language));
            let text = if self.english() { format!("{label} ({outline})") } else { format!("{label}（{outline}）") };
            self.explain(Sample::Box { paint, border: Border::Plain }, text);
        }
        for family in std::mem::take(&mut self.families) {
            self.explain(Sample::Line(family.stroke()), family.words(language).to_owned());
        }
        if used.iter().any(|(shape, _)| *shape == Shape::Pile) {
            let text = self.words("二重線の箱: 複数をまとめて件数を示す", "Double line: several, counted");
            self.explain(Sample::Box { paint: paint::NEUTRAL, border: Border::Thick }, text);
        }
        self.scene
    }

    /// Explains the colours of what the picture is about.
    pub fn explain_subject(&mut self) {
        let text = self.words("この図の対象", "subject of this diagram");
        self.explain(Sample::Box { paint: paint::SUBJECT, border: Border::Thick }, text);
    }

    /// Draws nothing, but keeps one figure before another.
    pub fn keep_order(&mut self, first: &str, second: &str) {
        self.scene.arrows.push(Arrow {
            source: first.to_owned(),
            target: second.to_owned(),
            label: Vec::new(),
            stroke: Stroke::Invisible,
            tooltip: String::new(),
            count: 0,
        });
    }
}

/// Whether an attribute says what sort of relationship it is: a code that is always or usually given.
fn is_telling(definition: &AttributeDefinition) -> bool {
    use crate::domain::metamodel::Need;
    matches!(definition.value_type, AttributeType::Enumeration(_)) && definition.need != Need::Optional
}

/// Whose model, which revision, as of which day, drawn by what.
fn subtitle(view: &View, options: &Options) -> String {
    let language = &options.language;
    let dated = view.metamodel().vocabulary().model_date.as_ref();
    let owner = dated.and_then(|dated| view.elements_of_kind(dated.kind).next());
    let owner = owner.map(|element| display_name(view, Item::Element(element), language));
    let (revision, date) = (view.revision(), view.date());
    let facts = if is_english(language) {
        format!("model revision {revision}  |  as of {date}  |  ezu")
    } else {
        format!("モデル第{revision}版  |  {date}時点  |  ezu")
    };
    let parts = [options.stamp.clone(), owner, Some(facts)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("  |  ")
}
