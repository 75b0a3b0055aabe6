//! Workspaces of Structurizr (JSON): people, software systems, containers, components and what uses what.
//!
//! Elements are known by their canonical names (`System/Container`), as Structurizr itself does: it numbers them anew
//! whenever a workspace is parsed. Views, styles, deployment and documentation have no place in the model; the whole
//! workspace is kept beside what was read from it.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value as Json, json};

use super::format::Format;
use super::place::Place;
use super::problem::{Problem, ProblemKind, Said};
use super::read_model::{Absent, Ends, NamedAmong, Otherwise, ReadItem, ReadModel, Reference, Statement, Target};
use super::source::{ReadContext, SourceFile, Unreadable};
use super::{json_text, tidy};

/// Reads a workspace.
///
/// # Errors
/// What is no JSON, or no workspace.
pub fn read(file: &SourceFile<'_>, context: ReadContext<'_>) -> Result<ReadModel, Unreadable> {
    let bytes = file.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file.bytes);
    let workspace: Json = serde_json::from_slice(bytes).map_err(|error| no_json(file.name, &error))?;
    let Some(model) = workspace.get("model").filter(|model| model.is_object()) else {
        return Err(no_workspace(file.name));
    };
    let name = text(&workspace, "name").unwrap_or_else(|| file.name.to_owned());
    let number = workspace.get("id").and_then(Json::as_u64).filter(|number| *number > 0);
    let key = number.map_or_else(|| name.clone(), |number| number.to_string());
    let mut read = ReadModel::new(Format::Structurizr, format!("structurizr:{key}"), name);
    read.absent = Absent::Deleted;
    read.version = workspace.get("revision").and_then(Json::as_u64).map(|revision| revision.to_string());
    let mut reader = Reader {
        file: file.name,
        most_problems: context.limits.problems,
        read,
        by_id: FxHashMap::default(),
        keys: FxHashSet::default(),
        uses: Vec::new(),
    };
    reader.model(model);
    if reader.by_id.is_empty() {
        let wrong = Said::new("人もシステムもありません", "there are neither people nor software systems in it");
        reader.tell(ProblemKind::Notice, "empty_workspace", "", "", wrong);
    }
    reader.relationships();
    reader.rest(&workspace, model);
    Ok(reader.read)
}

/// What an element is in Structurizr.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Person,
    System,
    Container,
    Component,
}

struct Reader<'a> {
    file: &'a str,
    most_problems: usize,
    read: ReadModel,
    /// Canonical name and level by Structurizr's number.
    by_id: FxHashMap<String, (String, Level)>,
    /// Canonical names given out.
    keys: FxHashSet<String>,
    /// Relationships, to be read when all elements are known.
    uses: Vec<Json>,
}

impl Reader<'_> {
    fn model(&mut self, model: &Json) {
        for person in list(model, "people") {
            self.element(person, Level::Person, None);
        }
        for system in list(model, "softwareSystems") {
            let Some(key) = self.element(system, Level::System, None) else { continue };
            for container in list(system, "containers") {
                let Some(inner) = self.element(container, Level::Container, Some(&key)) else { continue };
                for component in list(container, "components") {
                    self.element(component, Level::Component, Some(&inner));
                }
            }
        }
    }

    /// Writes an element down; answers with its canonical name.
    fn element(&mut self, element: &Json, level: Level, owner: Option<&str>) -> Option<String> {
        let id = text(element, "id").unwrap_or_default();
        let Some(name) = text(element, "name") else {
            let wrong = Said::new("名称のない要素です", "this element has no name");
            self.tell(ProblemKind::Refused, "unnamed_element", &id, &id, wrong);
            return None;
        };
        let key = owner.map_or_else(|| name.clone(), |owner| format!("{owner}/{name}"));
        if !self.keys.insert(key.clone()) {
            let wrong = Said::new("同じ名称の要素が二つあります", "there are two elements of this name");
            self.tell(ProblemKind::Refused, "duplicate_name", &id, &key, wrong);
            return None;
        }
        let kind = match level {
            Level::Person => "business_role",
            Level::System | Level::Container => "system",
            Level::Component => "application_component",
        };
        let place = Place::file(self.file).at(&key);
        let mut item = ReadItem::new(kind, place.clone());
        item.source_id = Some(key.clone());
        item.name = Some(name);
        // Many containers are called "Database".
        item.is_local = owner.is_some();
        if let Some(said) = text_of_lines(element, "description") {
            item.fields.push(("documentation".to_owned(), Statement::Value(json!(said))));
        }
        if level == Level::Container {
            let parent = owner.map(|owner| Reference::to(Target::Source(owner.to_owned()), place.clone()));
            item.fields.push(("parent_system".to_owned(), Statement::References(parent.into_iter().collect())));
            let technologies = technologies(element, &place);
            if !technologies.is_empty() {
                item.fields.push(("technologies".to_owned(), Statement::References(technologies)));
            }
        }
        self.read.items.push(&item);
        if let (Level::Component, Some(owner)) = (level, owner) {
            self.relationship("composition", (owner, &key), None, None, format!("{owner}>{key}"));
        }
        self.by_id.insert(id, (key.clone(), level));
        self.uses.extend(list(element, "relationships").cloned());
        Some(key)
    }

    fn relationships(&mut self) {
        let mut seen: FxHashMap<String, usize> = FxHashMap::default();
        for uses in std::mem::take(&mut self.uses) {
            let id = text(&uses, "id").unwrap_or_default();
            let end = |name: &str| text(&uses, name).unwrap_or_default();
            let (from, to) = (end("sourceId"), end("destinationId"));
            let (Some(source), Some(target)) = (self.by_id.get(&from).cloned(), self.by_id.get(&to).cloned()) else {
                let wrong = Said::new(
                    format!("関係の両端（{from}→{to}）がそろっていません"),
                    format!("an end of the relationship {from} → {to} is not in the workspace"),
                );
                self.tell(ProblemKind::Refused, "dangling_reference", &id, &id, wrong);
                continue;
            };
            let said = text(&uses, "description");
            let key = format!("{}->{}:{}", source.0, target.0, said.as_deref().unwrap_or_default());
            let number = seen.entry(key.clone()).or_insert(0);
            *number += 1;
            let key = if *number > 1 { format!("{key}~{number}") } else { key };
            let are_systems = [source.1, target.1].iter().all(|l| matches!(l, Level::System | Level::Container));
            let technology = text(&uses, "technology");
            // Who uses something is served by it (ArchiMate 3.2 §5.2.1).
            let (kind, ends) = if are_systems {
                ("depends_on", (source.0.as_str(), target.0.as_str()))
            } else {
                ("serving", (target.0.as_str(), source.0.as_str()))
            };
            self.relationship(kind, ends, said, technology, key);
        }
    }

    fn relationship(
        &mut self,
        kind: &str,
        (source, target): (&str, &str),
        name: Option<String>,
        technology: Option<String>,
        key: String,
    ) {
        let mut item = ReadItem::new(kind, Place::file(self.file).at(&key));
        let end = |key: &str| Target::Source(key.to_owned());
        item.ends = Some(Ends { source: end(source), target: end(target) });
        item.name = name;
        item.source_id = Some(key);
        if let Some(technology) = technology {
            item.fields.push(("documentation".to_owned(), Statement::Value(json!(technology))));
        }
        self.read.items.push(&item);
    }

    /// What has no place in the model, and the whole workspace.
    fn rest(&mut self, workspace: &Json, model: &Json) {
        let nodes = list(model, "deploymentNodes").count();
        if nodes > 0 {
            let wrong = Said::new(
                format!("配置（deployment node {nodes}件）はモデルに入れません"),
                format!("deployment ({nodes} nodes) has no place in the model"),
            );
            self.tell(ProblemKind::Notice, "deployment_kept", "", "deploymentNodes", wrong);
        }
        let mut item = ReadItem::new("structurizr_workspace", Place::file(self.file));
        item.source_id = Some(format!("workspace:{}", self.read.source));
        item.name = Some(self.read.title.clone());
        item.is_local = true;
        let content = json_text::json_text(workspace);
        item.fields.push(("content".to_owned(), Statement::Value(Json::String(content))));
        self.read.items.push(&item);
    }

    fn tell(&mut self, kind: ProblemKind, code: &str, id: &str, text: &str, wrong: Said) {
        if self.read.problems.len() < self.most_problems {
            let place = Place::file(self.file).at(id);
            let problem = Problem::new(kind, code, place, text, wrong);
            self.read
                .problems
                .push(problem.assuming("ファイルの控えにだけ残します", "it stays in the kept workspace only"));
        }
    }
}

fn technologies(element: &Json, place: &Place) -> Vec<Reference> {
    let said = text(element, "technology").unwrap_or_default();
    let names = said.split(',').map(str::trim).filter(|name| !name.is_empty());
    let target = |name: &str| {
        Target::Named(Box::new(NamedAmong {
            name: name.to_owned(),
            among: vec!["technology".to_owned()],
            otherwise: Otherwise::Make("technology".to_owned()),
        }))
    };
    names.map(|name| Reference::to(target(name), place.clone())).collect()
}

fn list<'j>(json: &'j Json, name: &str) -> impl Iterator<Item = &'j Json> {
    json.get(name).and_then(Json::as_array).into_iter().flatten()
}

fn text(json: &Json, name: &str) -> Option<String> {
    let said = match json.get(name)? {
        Json::String(text) => tidy::one_line(text),
        Json::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(said).filter(|text| !text.is_empty())
}

fn text_of_lines(json: &Json, name: &str) -> Option<String> {
    json.get(name).and_then(Json::as_str).map(tidy::lines).filter(|text| !text.is_empty())
}

fn no_json(file: &str, error: &serde_json::Error) -> Unreadable {
    let line = u32::try_from(error.line()).unwrap_or(u32::MAX);
    Unreadable::new(
        "not_json",
        Place::line(file, line),
        Said::new(format!("JSONとして読めません（{error}）"), format!("it is no JSON: {error}")),
        Said::new("ワークスペースをJSONで書き出し直してください", "export the workspace as JSON again"),
    )
}

fn no_workspace(file: &str) -> Unreadable {
    Unreadable::new(
        "no_workspace",
        Place::file(file),
        Said::new(
            "Structurizrのワークスペースではありません（modelがない）",
            "it is no Structurizr workspace: it has no model",
        ),
        Said::new(
            "DSLのファイルはStructurizrでJSONに書き出してから取り込んでください",
            "export a DSL file as JSON with Structurizr first",
        ),
    )
}
