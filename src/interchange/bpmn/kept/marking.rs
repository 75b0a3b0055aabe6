//! Changes written into the text of a drawing; every other byte of it stays as it was.

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::comparing::{Change, What};
use super::retagging::{element_name, opened, with_attribute};
use crate::interchange::bpmn::EZU;
use crate::interchange::bpmn::collecting::is_flow_node;
use crate::interchange::bpmn::reading::{is_bpmn, xml_limits};
use crate::interchange::bpmn::writing::write_documentation;
use crate::interchange::limits::Limits;
use crate::interchange::xml::{XmlElement, XmlEvent, XmlReader, XmlWriter};

/// The text with the changes; nothing if it cannot be read.
pub(super) fn write(text: &str, changes: &[Change], limits: &Limits) -> Option<String> {
    if changes.is_empty() {
        return Some(text.to_owned());
    }
    let tags = Tags::of(text, limits)?;
    let mut edits: BTreeMap<usize, Edit> = BTreeMap::new();
    for change in changes {
        tags.mark(change, &mut edits);
    }
    let mut replacements: Vec<(Range<usize>, String)> = Vec::new();
    edits.into_iter().for_each(|(place, edit)| tags.replace(place, edit, &mut replacements));
    // What is put in at a place stands before what is taken out from there on.
    replacements.sort_by_key(|(range, _)| (range.start, range.end));
    let (mut out, mut done) = (String::with_capacity(text.len() + 1_024), 0);
    for (range, put) in replacements {
        out.push_str(text.get(done..range.start)?);
        out.push_str(&put);
        done = range.end;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

/// What is written at an element.
#[derive(Default)]
struct Edit {
    name: Option<String>,
    documentation: Option<String>,
    /// What stands in the extensions, instead of what ezu wrote there before.
    own: Option<String>,
    /// The characters that it holds.
    text: Option<String>,
}

/// The elements of a text and where they stand.
struct Tags<'t> {
    text: &'t str,
    all: Vec<Tag>,
    /// Places by id.
    by_id: FxHashMap<String, Vec<usize>>,
}

struct Tag {
    local: String,
    is_bpmn: bool,
    is_own: bool,
    parent: Option<usize>,
    /// Its start tag.
    start: Range<usize>,
    /// Where its end tag begins; the end of the start tag if there is none.
    close: usize,
    /// Where it ends.
    end: usize,
}

impl<'t> Tags<'t> {
    fn of(text: &'t str, limits: &Limits) -> Option<Self> {
        let mut reader = XmlReader::new(text, xml_limits(limits));
        let (mut all, mut open): (Vec<Tag>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut by_id: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        loop {
            let event = reader.advance().ok()?;
            let at = reader.position();
            match event {
                XmlEvent::Start(element) => {
                    // Inside of a tag no `<` may stand (XML 1.0 §3.1).
                    let start = text.get(..at)?.rfind('<')?..at;
                    if let Some(id) = element.attribute("id").filter(|_| is_bpmn(&element)) {
                        by_id.entry(id.trim().to_owned()).or_default().push(all.len());
                    }
                    open.push(all.len());
                    all.push(Tag::of(&element, open.iter().rev().nth(1).copied(), start));
                }
                XmlEvent::End => {
                    let tag = all.get_mut(open.pop()?)?;
                    tag.end = at;
                    tag.close = if at == tag.start.end { at } else { text.get(..at)?.rfind("</")? };
                }
                XmlEvent::Text(_) => {}
                XmlEvent::Finished => return Some(Self { text, all, by_id }),
            }
        }
    }

    /// Notes a change at the element that it is about. One that is not found is left: the text is compared again.
    fn mark(&self, change: &Change, edits: &mut BTreeMap<usize, Edit>) {
        let named = self.by_id.get(&change.shape).into_iter().flatten().copied();
        let Some(place) = named.into_iter().find(|place| is_kind(&self.all[*place].local, &change.what)) else {
            return;
        };
        let edit = edits.entry(place).or_default();
        match &change.what {
            What::Name(name) => edit.name = Some(name.clone()),
            What::Lane(who) => {
                edit.name = Some(who.name.clone());
                edit.own =
                    self.has_own(place).then(|| own("element", &[("id", who.id.as_deref().unwrap_or_default())]));
            }
            What::Documentation(text) => edit.documentation = Some(text.clone()),
            What::Facts(facts) => {
                let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
                edit.own = Some(if facts.is_empty() { String::new() } else { own("step", &facts) });
            }
            What::Data(data) => edit.own = Some(process_facts(&change.item, data)),
            What::Note(text) => {
                if let Some(inner) = self.children(place).find(|inner| self.is(*inner, "text")) {
                    edits.entry(inner).or_default().text = Some(text.clone());
                }
            }
            What::Otherwise => {}
        }
    }

    fn children(&self, place: usize) -> impl Iterator<Item = usize> {
        let inside = self.all[place].end;
        let later = self.all.iter().enumerate().skip(place + 1).take_while(move |(_, tag)| tag.start.start < inside);
        later.filter(move |(_, tag)| tag.parent == Some(place)).map(|(inner, _)| inner)
    }

    fn is(&self, place: usize, local: &str) -> bool {
        self.all[place].is_bpmn && self.all[place].local == local
    }

    fn extensions(&self, place: usize) -> impl Iterator<Item = usize> {
        self.children(place).filter(|inner| self.is(*inner, "extensionElements"))
    }

    fn has_own(&self, place: usize) -> bool {
        self.extensions(place).flat_map(|inner| self.children(inner)).any(|inner| self.all[inner].is_own)
    }

    /// What an edit puts in the place of what.
    fn replace(&self, place: usize, edit: Edit, out: &mut Vec<(Range<usize>, String)>) {
        let tag = &self.all[place];
        let mut start = self.text[tag.start.clone()].to_owned();
        if let Some(name) = &edit.name {
            start = with_attribute(&start, "name", name);
        }
        let written = element_name(&start).to_owned();
        let prefix = written.rsplit_once(':').map(|(prefix, _)| format!("{prefix}:")).unwrap_or_default();
        let mut content = String::new();
        if let Some(text) = edit.text {
            out.push((tag.start.end..tag.close, String::new()));
            content.push_str(&characters(&text));
        }
        if let Some(text) = edit.documentation {
            let old = self.children(place).filter(|inner| self.is(*inner, "documentation"));
            out.extend(old.map(|inner| (self.all[inner].start.start..self.all[inner].end, String::new())));
            if !text.is_empty() {
                let mut writer = XmlWriter::fragment();
                write_documentation(&mut writer, &format!("{prefix}documentation"), &text);
                content.push_str(&writer.finish());
            }
        }
        let extensions = edit.own.map(|own| self.replace_own(place, own, &prefix, out)).unwrap_or_default();
        if tag.close == tag.start.end && tag.end == tag.start.end && !(content.is_empty() && extensions.is_empty()) {
            start = format!("{}{content}{extensions}</{written}>", opened(&start));
        } else {
            let documented = self.children(place).filter(|inner| self.is(*inner, "documentation")).last();
            let behind = documented.map_or(tag.start.end, |inner| self.all[inner].end);
            out.push((tag.start.end..tag.start.end, content));
            out.push((behind..behind, extensions));
        }
        out.push((tag.start.clone(), start));
    }

    /// Puts what ezu writes into the extensions that there are; answers with new ones where there are none.
    fn replace_own(&self, place: usize, own: String, prefix: &str, out: &mut Vec<(Range<usize>, String)>) -> String {
        let Some(extensions) = self.extensions(place).next() else {
            return if own.is_empty() {
                own
            } else {
                format!("<{prefix}extensionElements>{own}</{prefix}extensionElements>")
            };
        };
        let old = self.extensions(place).flat_map(|inner| self.children(inner)).filter(|inner| self.all[*inner].is_own);
        out.extend(old.map(|inner| (self.all[inner].start.start..self.all[inner].end, String::new())));
        let tag = &self.all[extensions];
        if tag.end == tag.start.end {
            let start = &self.text[tag.start.clone()];
            out.push((tag.start.clone(), format!("{}{own}</{}>", opened(start), element_name(start))));
        } else {
            out.push((tag.start.end..tag.start.end, own));
        }
        String::new()
    }
}

impl Tag {
    fn of(element: &XmlElement, parent: Option<usize>, start: Range<usize>) -> Self {
        Self {
            local: element.local().to_owned(),
            is_bpmn: is_bpmn(element),
            is_own: &*element.name.namespace == EZU,
            parent,
            close: start.end,
            end: start.end,
            start,
        }
    }
}

/// Whether a change may be about an element of this name: ids of files are not always used once.
fn is_kind(local: &str, what: &What) -> bool {
    match what {
        What::Lane(_) => local == "lane",
        What::Note(_) => local == "textAnnotation",
        What::Data(_) => local == "process",
        What::Facts(_) => is_flow_node(local),
        What::Name(_) => is_flow_node(local) || matches!(local, "process" | "participant"),
        What::Documentation(_) => is_flow_node(local) || local == "process",
        What::Otherwise => false,
    }
}

fn process_facts(item: &str, data: &[(String, Option<String>)]) -> String {
    let mut out = own("element", &[("id", item)]);
    for (id, crud) in data {
        let crud = crud.as_deref().map(|crud| ("crud", crud));
        let attributes: Vec<(&str, &str)> = std::iter::once(("id", id.as_str())).chain(crud).collect();
        out.push_str(&own("data", &attributes));
    }
    out
}

/// An element of ezu's namespace, which it declares itself.
fn own(local: &str, attributes: &[(&str, &str)]) -> String {
    let mut writer = XmlWriter::fragment();
    writer.start(&format!("ezu:{local}"));
    writer.attribute("xmlns:ezu", EZU);
    attributes.iter().for_each(|(name, value)| writer.attribute(name, value));
    writer.end();
    writer.finish()
}

fn characters(text: &str) -> String {
    let mut writer = XmlWriter::fragment();
    writer.text(text);
    writer.finish()
}
