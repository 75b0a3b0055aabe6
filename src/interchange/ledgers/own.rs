//! Workbooks that ezu itself wrote, edited or not.

use rustc_hash::FxHashSet;
use serde_json::Value as Json;

use super::cells::dates;
use super::cells::lists;
use super::grid::{Book, Cell, Grid, GridRow};
use super::meaning::{ColumnRead, KnownFrom, Meaning, TableRead};
use super::reading::LedgerContext;
use super::values::{self, code};
use super::writing::{ABOUT, IDS, MARK, Role, TEXTS, suffix, text_of_cell};
use crate::domain::change_set::JsonObject;
use crate::domain::metamodel::{AttributeDefinition, AttributeType, Kind, ReferenceDefinition};
use crate::interchange::format::Format;
use crate::interchange::place::{Place, column_name};
use crate::interchange::problem::{Problem, ProblemKind, Said};
use crate::interchange::read_model::{
    Absent, Ends, ReadItem, ReadModel, Record, RecordOutcome, Reference, Statement, Target,
};

/// Reads a workbook that ezu wrote; nothing if it is another's.
pub(super) fn read(file: &str, book: &Book, context: LedgerContext<'_>) -> Option<ReadModel> {
    let sheet = |name: &str| book.sheets.iter().find(|grid| grid.name.as_deref() == Some(name));
    let about = sheet(ABOUT)?;
    if line(about, 1) != MARK {
        return None;
    }
    let source = format!("workbook:{}:{}", line(about, 2), line(about, 3));
    let mut model = ReadModel::new(Format::Workbook, source, file);
    model.absent = Absent::Deleted;
    model.formerly = sheet(IDS).map(first_column).unwrap_or_default();
    let texts = sheet(TEXTS).map(long_texts).unwrap_or_default();
    let mut reader = OwnReader { file, context, model, texts, seen: FxHashSet::default() };
    for (name, kind, columns) in layout(about) {
        if let Some(grid) = sheet(&name)
            && let Some(kind) = context.read.metamodel.kind_named(&kind)
        {
            reader.sheet(grid, kind, &columns);
        }
    }
    Some(reader.model)
}

fn line(grid: &Grid, number: u32) -> String {
    grid.rows.iter().find(|row| row.number == number).map(|row| row.cell(0).text()).unwrap_or_default()
}

fn first_column(grid: &Grid) -> Vec<String> {
    grid.rows.iter().map(|row| row.cell(0).text()).filter(|text| !text.is_empty()).collect()
}

fn long_texts(grid: &Grid) -> Vec<String> {
    let piece = |cell: &Cell| serde_json::from_str::<String>(&cell.text()).unwrap_or_default();
    (0..grid.width()).map(|column| grid.rows.iter().map(|row| piece(row.cell(column))).collect()).collect()
}

/// Sheets with their kinds and the roles of their columns.
type Layout = Vec<(String, String, Vec<(usize, Role)>)>;

fn layout(about: &Grid) -> Layout {
    let mut sheets: Layout = Vec::new();
    for row in about.rows.iter().filter(|row| row.number > 4) {
        let (name, kind) = (row.cell(0).text(), row.cell(1).text());
        let column = row.cell(2).text().parse::<usize>();
        let role = serde_json::from_str::<Role>(&row.cell(3).text());
        let (Ok(column), Ok(role)) = (column, role) else { continue };
        match sheets.iter_mut().find(|(held, ..)| *held == name) {
            Some((.., columns)) => columns.push((column, role)),
            None => sheets.push((name, kind, vec![(column, role)])),
        }
    }
    sheets
}

struct OwnReader<'a> {
    file: &'a str,
    context: LedgerContext<'a>,
    model: ReadModel,
    texts: Vec<String>,
    seen: FxHashSet<String>,
}

/// What the names in a cell stood for when the workbook was written.
struct Behind(Vec<(String, Json)>);

impl Behind {
    fn of(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap_or_default())
    }

    /// What a name stood for; each once, so that two of the same name are two.
    fn take(&mut self, shown: &str) -> Option<Json> {
        let place = self.0.iter().position(|(held, _)| held == shown)?;
        Some(self.0.remove(place).1)
    }
}

impl OwnReader<'_> {
    fn sheet(&mut self, grid: &Grid, kind: &Kind, columns: &[(usize, Role)]) {
        let described = |(place, role): &(usize, Role)| ColumnRead {
            column: column_name(*place),
            heading: grid.rows.first().map(|row| row.cell(*place).text()).unwrap_or_default(),
            meaning: match role {
                Role::Id => Some(Meaning::Id),
                Role::Name => Some(Meaning::Name),
                Role::Source => Some(Meaning::Source),
                Role::Target => Some(Meaning::Target),
                Role::Attribute(name) => Some(Meaning::attribute(name.clone())),
                Role::Behind => None,
            },
            known_from: KnownFrom::Workbook,
            suggestions: Vec::new(),
        };
        self.model.tables.push(TableRead {
            file: self.file.to_owned(),
            sheet: grid.name.clone(),
            kind: Some(kind.name.to_string()),
            heading_rows: vec![1],
            columns: columns.iter().map(described).collect(),
        });
        for row in grid.rows.iter().filter(|row| row.number > 1) {
            self.row(grid, row, kind, columns);
            self.model.limit_problems(self.context.read.limits.problems);
        }
    }

    fn row(&mut self, grid: &Grid, row: &GridRow, kind: &Kind, columns: &[(usize, Role)]) {
        let visible = columns.iter().filter(|(_, role)| !matches!(role, Role::Id | Role::Behind));
        if visible.clone().all(|(place, _)| row.cell(*place).is_empty()) {
            return;
        }
        let place = Place::row(self.file, grid.name.as_deref(), row.number);
        let before = self.model.problems.len();
        let mut item = ReadItem::new(&*kind.name, place.clone());
        let (mut source, mut target) = (None, None);
        for (at, role) in columns {
            let text = self.text(row.cell(*at));
            let behind = || Behind::of(&self.text(row.cell(at + 1)));
            match role {
                Role::Id => item.id = self.id(text, &place),
                Role::Name => item.name = (!text.is_empty()).then(|| text_of_cell(&text)),
                Role::Source => source = end(&text, behind()),
                Role::Target => target = end(&text, behind()),
                Role::Behind => {}
                Role::Attribute(name) => {
                    let Some(definition) = kind.attribute_named(name) else { continue };
                    let at_cell = place.in_column(*at);
                    let statement = match &definition.value_type {
                        AttributeType::Reference(reference) => self.references(&text, reference, behind(), &at_cell),
                        _ => self.value(row.cell(*at), &text, definition, &at_cell),
                    };
                    item.fields.push((name.clone(), statement));
                }
            }
        }
        item.source_id.clone_from(&item.id);
        item.ends = source.zip(target).map(|(source, target)| Ends { source, target });
        let is_whole = !kind.is_relationship() || item.ends.is_some();
        let outcome = if !is_whole {
            RecordOutcome::Refused
        } else if self.model.problems.len() > before {
            RecordOutcome::Question
        } else {
            RecordOutcome::Read
        };
        if !is_whole {
            let wrong =
                Said::new("どこからどこへの関係か書かれていません", "it does not say from where to where it runs");
            self.model.problems.push(Problem::new(ProblemKind::Refused, "no_end", place.clone(), "", wrong));
        }
        let text = visible.map(|(at, _)| row.cell(*at).text()).find(|text| !text.is_empty()).unwrap_or_default();
        let held = is_whole.then_some(self.model.items.len());
        self.model.records.push(&Record { place, outcome, text, item: held });
        if is_whole {
            self.model.items.push(&item);
        }
    }

    /// The text of a cell; one that was too long for a cell stands elsewhere.
    fn text(&self, cell: &Cell) -> String {
        let text = cell.text();
        let place = text.strip_prefix("\"long:").and_then(|place| place.parse::<usize>().ok());
        place.and_then(|place| self.texts.get(place).cloned()).unwrap_or(text)
    }

    /// A row that was copied has the id of another: it is a new one.
    fn id(&mut self, text: String, place: &Place) -> Option<String> {
        if text.is_empty() {
            return None;
        }
        if self.seen.insert(text.clone()) {
            return Some(text);
        }
        let wrong = Said::new("写された行です", "the row is a copy of another");
        let problem = Problem::new(ProblemKind::Assumed, "copied_row", place.clone(), &text, wrong);
        self.model.problems.push(problem.assuming("新しいものとしました", "it was taken for a new one"));
        None
    }

    fn value(&mut self, cell: &Cell, text: &str, definition: &AttributeDefinition, place: &Place) -> Statement {
        if cell.is_empty() {
            return Statement::None;
        }
        if let Some(json) = exact(cell, text, &definition.value_type) {
            return Statement::Value(json);
        }
        let column = values::Column { heading: "", definition, values: &[], dictionary: self.context.dictionary };
        let read = values::read(cell, column);
        for remark in read.remarks {
            let kind = if remark.assumed.is_some() { ProblemKind::Assumed } else { ProblemKind::Question };
            let mut problem = Problem::new(kind, remark.code, place.clone(), text, remark.wrong);
            problem.assumed = remark.assumed;
            self.model.problems.push(problem);
        }
        // What cannot be read leaves what is there.
        if read.statement == Statement::Blank { Statement::Unknown } else { read.statement }
    }

    fn references(
        &mut self,
        text: &str,
        reference: &ReferenceDefinition,
        mut behind: Behind,
        place: &Place,
    ) -> Statement {
        if text.is_empty() {
            return Statement::None;
        }
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let mut all = Vec::new();
        for line in lines {
            if let Some(entry) = behind.take(line) {
                all.extend(entry_of(reference, &entry, place));
                continue;
            }
            let pieces = if reference.many { lists::split(line) } else { vec![line] };
            for piece in pieces {
                match behind.take(piece) {
                    Some(entry) => all.extend(entry_of(reference, &entry, place)),
                    None => all.push(self.named(piece, reference, place)),
                }
            }
        }
        Statement::References(all)
    }

    fn named(&self, piece: &str, reference: &ReferenceDefinition, place: &Place) -> Reference {
        let mut attributes = JsonObject::new();
        let mut name = piece;
        if let Some((definition, codes)) = suffix(self.context.read.metamodel, reference)
            && let Some((before, inside)) = lists::suffix(piece)
            && let Some(code) = code(codes, inside, "")
        {
            attributes.insert(definition.text.to_string(), Json::String(code));
            name = before;
        }
        Reference { target: Target::Name(name.to_owned()), id: None, attributes, place: place.clone() }
    }
}

fn end(text: &str, mut behind: Behind) -> Option<Target> {
    if text.is_empty() {
        return None;
    }
    let id = behind.take(text).and_then(|id| id.as_str().map(str::to_owned));
    Some(id.map_or_else(|| Target::Name(text.to_owned()), Target::Id))
}

fn entry_of(reference: &ReferenceDefinition, entry: &Json, place: &Place) -> Option<Reference> {
    if let Json::String(id) = entry {
        return Some(Reference::to(Target::Id(id.clone()), place.clone()));
    }
    let mut attributes = entry.as_object()?.clone();
    let key = reference.key.as_deref().unwrap_or("target");
    let target = attributes.remove(key).or_else(|| attributes.remove("target"))?;
    let id = attributes.remove("id").and_then(|id| id.as_str().map(str::to_owned));
    Some(Reference { target: Target::Id(target.as_str()?.to_owned()), id, attributes, place: place.clone() })
}

/// What ezu itself writes for a value; nothing where a person wrote something else, which is read like a ledger.
fn exact(cell: &Cell, text: &str, value_type: &AttributeType) -> Option<Json> {
    match (value_type, cell) {
        (AttributeType::Text | AttributeType::SourceFragment | AttributeType::Duration, Cell::Text(_)) => {
            Some(text_of_cell(text).into())
        }
        (AttributeType::Text, Cell::Number(number)) => Some(number.to_string().into()),
        (AttributeType::LocalizedText, Cell::Text(_)) => match serde_json::from_str::<Json>(text) {
            Ok(texts @ Json::Object(_)) => Some(texts),
            _ => Some(serde_json::json!({ "ja": text_of_cell(text) })),
        },
        (AttributeType::Enumeration(codes), Cell::Text(_)) => {
            let quoted = text_of_cell(text);
            let known = if quoted == text { code(codes, text, "") } else { None };
            known.or_else(|| codes.open.then_some(quoted)).map(Json::from)
        }
        (AttributeType::List(item), Cell::Text(_)) => list(text, item),
        (AttributeType::Date, Cell::Text(_)) => {
            let written = text.parse::<jiff::civil::Date>().ok().filter(|_| text.len() == 10);
            let day = written.or_else(|| match dates::day(text) {
                Some(dates::DayRead::Day(day)) => Some(day),
                _ => None,
            });
            day.map(|day| day.to_string().into())
        }
        (AttributeType::Record(_), Cell::Text(_)) => serde_json::from_str(text).ok(),
        _ => None,
    }
}

/// A line a value, as it is written; lists that a cell cannot hold so are JSON.
fn list(text: &str, item: &AttributeType) -> Option<Json> {
    if let Ok(values @ Json::Array(_)) = serde_json::from_str::<Json>(text) {
        return Some(values);
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    match item {
        AttributeType::Text => Some(lines.map(|line| Json::String(line.to_owned())).collect()),
        AttributeType::Enumeration(codes) => {
            let read = |piece: &str| code(codes, piece, "").or_else(|| codes.open.then(|| piece.to_owned()));
            let pieces =
                lines.flat_map(|line| if code(codes, line, "").is_some() { vec![line] } else { lists::split(line) });
            pieces.map(|piece| read(piece).map(Json::String)).collect()
        }
        _ => None,
    }
}
