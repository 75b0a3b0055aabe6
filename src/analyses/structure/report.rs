//! What every question about structure answers: a sentence, a table, and what it could not tell.

use jiff::civil::Date;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{Question, Sketch, Timeline};
use crate::analyses::answer::{Basis, ItemSummary};
use crate::analyses::findings::Reader;
use crate::analyses::names::summary_of;
use crate::analyses::table::{Column, Tabular};
use crate::domain::Localized;
use crate::graph::Place;

/// One value of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// Nothing is recorded.
    Nothing,
    /// A word for programs and people alike.
    Text(String),
    /// Words in Japanese and English.
    Words(Localized),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A day.
    Date(Date),
    /// An item.
    Item(ItemSummary),
    /// Several items.
    Items(Vec<ItemSummary>),
}

/// What an answer could not tell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coverage {
    /// Whether the model holds what the question needs: an empty answer means something only then.
    pub applicable: bool,
    /// How many items could be told about.
    pub judged: usize,
    /// What is not known, and of how many items.
    pub unknown: Vec<Localized>,
}

/// The answer to a question about structure.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The state of the model.
    pub basis: Basis,
    /// The question.
    pub question: &'static str,
    /// What it is called.
    pub title: Localized,
    /// The answer in a sentence.
    pub sentence: Localized,
    /// Figures about the whole.
    pub figures: Vec<(&'static str, Cell)>,
    /// The columns of the table.
    pub columns: Vec<Column>,
    /// The rows of the table.
    pub rows: Vec<Vec<Cell>>,
    /// What the answer could not tell.
    pub coverage: Coverage,
    /// What of it can be drawn, where a picture says more than a table.
    pub sketch: Option<Sketch>,
    /// What of it runs along a scale of time.
    pub timeline: Option<Timeline>,
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("revision", &self.basis.revision)?;
        map.serialize_entry("date", &self.basis.date)?;
        map.serialize_entry("question", self.question)?;
        map.serialize_entry("title", &self.title)?;
        map.serialize_entry("sentence", &self.sentence)?;
        map.serialize_entry("figures", &Named(&self.figures))?;
        let rows: Vec<Row<'_>> = self.rows.iter().map(|cells| Row { columns: &self.columns, cells }).collect();
        map.serialize_entry("items", &rows)?;
        map.serialize_entry("coverage", &self.coverage)?;
        map.end()
    }
}

struct Named<'a>(&'a [(&'static str, Cell)]);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, cell)| (name, cell)))
    }
}

struct Row<'a> {
    columns: &'a [Column],
    cells: &'a [Cell],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.columns.iter().map(|column| &*column.key).zip(self.cells))
    }
}

impl Report {
    /// An answer that has no rows yet.
    pub(super) fn new(reader: &Reader<'_>, question: &Question, columns: Vec<Column>) -> Self {
        Self {
            basis: Basis::of(reader.view()),
            question: question.name,
            title: question.title(),
            sentence: Localized::default(),
            figures: Vec::new(),
            columns,
            rows: Vec::new(),
            coverage: Coverage { applicable: true, judged: 0, unknown: Vec::new() },
            sketch: None,
            timeline: None,
        }
    }

    /// How much could be judged, and what it needs where that is nothing.
    pub(super) fn judged(&mut self, judged: usize, needs_ja: &str, needs_en: &str) {
        self.coverage.judged = judged;
        self.coverage.applicable = judged > 0;
        if judged == 0 {
            self.coverage.unknown.push(Localized::ja_en(
                &format!("適用できない：モデルに{needs_ja}の記録がない。該当がないという意味ではない。"),
                &format!("Not applicable: the model records no {needs_en}. That does not mean that there is nothing."),
            ));
        }
    }

    /// Says that so many items lack something; nothing where none does.
    pub(super) fn lacking(&mut self, count: usize, ja: &str, en: &str) {
        if count > 0 {
            self.coverage.unknown.push(Localized::ja_en(
                &format!("{count}件に{ja}の記載がない。"),
                &format!("{count} elements lack {en}."),
            ));
        }
    }

    /// The sentence; where the question is not applicable, why, and then there are no rows, for they would be of zeros.
    pub(super) fn say(mut self, ja: &str, en: &str) -> Self {
        if !self.coverage.applicable {
            self.rows.clear();
            self.sketch = None;
            self.timeline = None;
        }
        self.sentence = match (&self.coverage.applicable, self.coverage.unknown.first()) {
            (false, Some(why)) => why.clone(),
            _ => Localized::ja_en(ja, en),
        };
        self
    }
}

impl Tabular for Report {
    fn title(&self) -> Localized {
        self.title.clone()
    }

    fn columns(&self) -> Vec<Column> {
        let content = |(place, column): (usize, &Column)| {
            let cells = || self.rows.iter().filter_map(|row| row.get(place)).filter(|cell| **cell != Cell::Nothing);
            match cells().next() {
                Some(Cell::Integer(_) | Cell::Number(_)) => column.clone().of_numbers(),
                Some(Cell::Date(_)) => column.clone().of_dates(),
                _ => column.clone(),
            }
        };
        self.columns.iter().enumerate().map(content).collect()
    }

    fn rows(&self, language: &str) -> Vec<Vec<String>> {
        self.rows.iter().map(|cells| cells.iter().map(|cell| cell.to_text(language)).collect()).collect()
    }
}

impl Cell {
    /// An item.
    pub(super) fn item(reader: &Reader<'_>, place: Place) -> Self {
        reader.item(place).map_or(Self::Nothing, |item| Self::Item(summary_of(reader.view(), item)))
    }

    /// An item, if there is one.
    pub(super) fn some(reader: &Reader<'_>, place: Option<Place>) -> Self {
        place.map_or(Self::Nothing, |place| Self::item(reader, place))
    }

    /// Items in the order of their ids.
    pub(super) fn items(reader: &Reader<'_>, places: &[Place]) -> Self {
        let places = reader.sorted(places.to_vec());
        let known = places.iter().filter_map(|place| reader.item(*place));
        Self::Items(known.map(|item| summary_of(reader.view(), item)).collect())
    }

    /// A count.
    pub(super) fn count(count: usize) -> Self {
        Self::Integer(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// A whole number, if it is known.
    pub(super) fn integer(number: Option<i64>) -> Self {
        number.map_or(Self::Nothing, Self::Integer)
    }

    /// A day, if it is known.
    pub(super) fn date(date: Option<Date>) -> Self {
        date.map_or(Self::Nothing, Self::Date)
    }

    /// The label of an enumeration's code, if it is recorded.
    pub(super) fn code(reader: &Reader<'_>, place: Place, attribute: &str) -> Self {
        let name = reader.metamodel().attribute_name(attribute);
        let definition =
            name.zip(reader.kind_of(place)).and_then(|(name, kind)| reader.metamodel().kind(kind).attribute(name));
        let Some(code) = reader.text(place, attribute) else { return Self::Nothing };
        match definition.and_then(|definition| definition.enumeration()) {
            Some(codes) => Self::Words(Localized::ja_en(codes.label(code, "ja"), codes.label(code, "en"))),
            None => Self::Text(code.to_owned()),
        }
    }

    /// The value as text for a table.
    pub fn to_text(&self, language: &str) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.clone(),
            Self::Words(words) => words.get(language).to_owned(),
            Self::Integer(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Boolean(truth) => match (language, truth) {
                ("en", true) => "yes".to_owned(),
                ("en", false) => "no".to_owned(),
                (_, true) => "○".to_owned(),
                (_, false) => "×".to_owned(),
            },
            Self::Date(date) => date.to_string(),
            Self::Item(item) => item.name.get(language).to_owned(),
            Self::Items(items) => {
                let names: Vec<&str> = items.iter().map(|item| item.name.get(language)).collect();
                names.join(if language == "en" { ", " } else { "、" })
            }
        }
    }
}
