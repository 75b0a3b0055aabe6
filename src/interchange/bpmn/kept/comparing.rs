//! What a drawing says otherwise than the model.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::KeptDrawing;
use crate::domain::element::Model;
use crate::domain::metamodel::AttributeDefinition;
use crate::domain::naming::display_name_of;
use crate::domain::value::Value;
use crate::interchange::bpmn::document::{Document, Lane, Node, Process};
use crate::interchange::bpmn::drawn::{self, Drawn, DrawnLane, DrawnStep};
use crate::interchange::bpmn::hints::APART;
use crate::interchange::bpmn::layout::note;
use crate::interchange::bpmn::steps::{Facts, Performer};
use crate::interchange::bpmn::to_model::{AND, drawn_means, listed, means, numbered};
use crate::interchange::json_text::escaped;
use crate::interchange::ledgers::cells::spelling::name_key;
use crate::interchange::tidy;

/// Something that the drawing says otherwise.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change {
    /// The item of the model that it is about.
    pub item: String,
    /// The id in the drawing.
    pub shape: String,
    pub what: What,
}

/// What is to be written into a drawing.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    Name(String),
    /// Who a lane stands for: name, and id where ezu wrote one.
    Lane(DrawnLane),
    Documentation(String),
    /// Attributes that ezu writes beside a step.
    Facts(Vec<(&'static str, String)>),
    /// What ezu writes beside a process of its own: data and what is done with them.
    Data(Vec<(String, Option<String>)>),
    /// The text of an annotation.
    Note(String),
    /// Nothing that could be written: it asks for a new drawing.
    Otherwise,
}

impl Change {
    pub(super) fn cannot_be_written(&self) -> bool {
        self.what == What::Otherwise
    }
}

/// What the model says otherwise than a drawing.
pub(super) fn changes(model: &dyn Model, document: &Document, kept: &KeptDrawing<'_>) -> Vec<Change> {
    let parts = kept.parts.iter().map(|part| (part.shape.as_str(), part.item.as_str()));
    let mut comparison = Comparison {
        model,
        document,
        title: kept.title,
        items: parts.collect(),
        seen: FxHashSet::default(),
        changes: Vec::new(),
    };
    for process in &document.processes {
        if comparison.seen.insert(&process.id) {
            comparison.process(process);
        }
    }
    comparison.changes
}

struct Comparison<'a> {
    model: &'a dyn Model,
    document: &'a Document,
    title: &'a str,
    /// Items of the model by the id in the drawing.
    items: FxHashMap<&'a str, &'a str>,
    /// Ids of the drawing that were seen; a second use of an id was not imported.
    seen: FxHashSet<&'a str>,
    changes: Vec<Change>,
}

/// A step as it is drawn and as the model knows it.
#[derive(Clone, Copy)]
struct Pair<'a, 's> {
    node: &'a Node,
    step: &'s DrawnStep,
    who: &'s DrawnLane,
}

impl<'a> Comparison<'a> {
    fn process(&mut self, process: &'a Process) {
        let Some(item) = self.item_of(&process.id) else { return };
        let mut steps: Vec<&Node> = numbered(process).filter_map(|(node, number)| number.map(|_| node)).collect();
        steps.retain(|node| self.seen.insert(&node.id) && self.may_be_step(node));
        let known: Vec<Option<&str>> = steps.iter().map(|node| self.item_of(&node.id)).collect();
        let is_same = |drawn: &Drawn| drawn.steps.iter().map(|step| Some(step.id.as_str())).eq(known.iter().copied());
        let Some(drawn) = drawn::process(self.model, item).filter(is_same) else {
            return self.note(item, &process.id, What::Otherwise);
        };
        let facts = Facts::of(self.document, process);
        self.process_texts(process, &facts, &drawn);
        let who = |step: &DrawnStep| &drawn.lanes[step.lane];
        let all = steps.into_iter().zip(&drawn.steps);
        let pairs: Vec<Pair<'_, '_>> = all.map(|(node, step)| Pair { node, step, who: who(step) }).collect();
        self.lanes(process, &facts, &pairs);
        for (place, pair) in pairs.into_iter().enumerate() {
            self.step(&facts, pair);
            self.notes(process, pair, &note(&drawn, place));
        }
    }

    /// Whether what an activity is in the model is a step, or is not there: of an id that is used twice it may be data.
    fn may_be_step(&self, node: &Node) -> bool {
        let metamodel = self.model.metamodel();
        let step = metamodel.kind_named("process_step").map(|kind| kind.id);
        let item = self.item_of(&node.id).and_then(|id| self.model.item(id));
        item.is_none_or(|item| step.is_some_and(|step| metamodel.is_a(item.kind(), step)))
    }

    fn item_of(&self, shape: &str) -> Option<&'a str> {
        self.items.get(&*escaped(shape)).copied()
    }

    fn note(&mut self, item: &str, shape: &str, what: What) {
        self.changes.push(Change { item: item.to_owned(), shape: shape.to_owned(), what });
    }

    fn process_texts(&mut self, process: &Process, facts: &Facts<'_>, drawn: &Drawn) {
        let is_named = if process.name.is_empty() {
            let only = self.document.processes.len() == 1;
            facts.pool().unwrap_or(if only { self.title } else { &process.id }) == drawn.name
        } else {
            process.name == drawn.name || process.name == tidy::one_line(&drawn.name)
        };
        if !is_named {
            self.note(&drawn.id, &process.id, What::Name(drawn.name.clone()));
            self.pool(process, drawn);
        }
        let documentation = drawn.documentation.clone().unwrap_or_default();
        if process.documentation != documentation {
            self.note(&drawn.id, &process.id, What::Documentation(documentation));
        }
        let data: Vec<(String, Option<String>)> =
            drawn.data.iter().map(|(id, _, crud)| (id.clone(), crud.clone())).collect();
        let is_known = |held: &&(String, Option<String>)| self.model.item(&held.0).is_some();
        let (known, unknown): (Vec<_>, Vec<_>) = process.model_data.iter().partition(is_known);
        if process.model_id.is_some() && !known.into_iter().eq(&data) {
            // What the model does not know stays.
            let data = data.into_iter().chain(unknown.into_iter().cloned()).collect();
            self.note(&drawn.id, &process.id, What::Data(data));
        }
    }

    /// A pool that bears the name of its process bears the new one, unless it stands for who does the steps.
    fn pool(&mut self, process: &Process, drawn: &Drawn) {
        let document = self.document;
        let mut pools = document.participants.iter();
        let pool = pools.find(|pool| pool.process.as_deref() == Some(&process.id) && pool.name == process.name);
        if let Some(pool) = pool.filter(|_| process.model_id.is_some() || !process.lanes.is_empty()) {
            self.note(&drawn.id, &pool.id, What::Name(drawn.name.clone()));
        }
    }

    /// Lanes whose steps are all done by somebody else now bear that name. A step that moved asks for a new drawing.
    fn lanes(&mut self, process: &Process, facts: &Facts<'a>, pairs: &[Pair<'a, '_>]) {
        let mut of_lane: BTreeMap<Option<usize>, Vec<Pair<'a, '_>>> = BTreeMap::new();
        for pair in pairs.iter().filter(|pair| facts.drawn_performer(pair.node).is_some()) {
            of_lane.entry(facts.performing_lane(pair.node)).or_default().push(*pair);
        }
        for (lane, pairs) in of_lane {
            let who = pairs[0].who;
            let others: Vec<Pair<'a, '_>> = pairs
                .iter()
                .filter(|pair| {
                    !self.is_done_by(facts.drawn_performer(pair.node), pair.who)
                        || lane.is_some_and(|lane| is_called_otherwise(&process.lanes[lane], pair.who))
                })
                .copied()
                .collect();
            let lane = lane.filter(|_| who.id.is_some() && pairs.iter().all(|pair| pair.who == who));
            match (others.as_slice(), lane) {
                ([], _) => {}
                ([first, ..], Some(lane)) => {
                    let what = What::Lane(DrawnLane { id: who.id.clone(), name: who.name.clone() });
                    self.note(&first.step.id, &process.lanes[lane].id, what);
                }
                (others, None) => {
                    others.iter().for_each(|pair| self.note(&pair.step.id, &pair.node.id, What::Otherwise));
                }
            }
        }
    }

    /// Whether the model says of a step that it is done by whom the drawing names. Who is named there and not known to the
    /// model stays named.
    fn is_done_by(&self, performer: Option<Performer<'_>>, who: &DrawnLane) -> bool {
        match (performer, &who.id) {
            (Some(Performer::Model(drawn)), Some(id)) => drawn == id,
            (Some(Performer::Named(name)), Some(id)) => self.is_called(id, name),
            (Some(Performer::Named(_)) | None, None) => true,
            (Some(Performer::Model(drawn)), None) => self.model.item(drawn).is_none(),
            (None, Some(_)) => false,
        }
    }

    fn step(&mut self, facts: &Facts<'a>, pair: Pair<'a, '_>) {
        let Pair { node, step, .. } = pair;
        if is_renamed(node, step) {
            self.note(&step.id, &node.id, What::Name(step.name.clone()));
        }
        let (inputs, outputs) = facts.inputs_and_outputs(node);
        let drawn = (listed(&inputs), listed(&outputs));
        for (drawn, held) in [(&drawn.0, &step.inputs), (&drawn.1, &step.outputs)] {
            // An arrow that is drawn and not true cannot stay.
            if drawn.as_ref().is_some_and(|drawn| *drawn != held.join(AND)) {
                self.note(&step.id, &node.id, What::Otherwise);
            }
        }
        let is_apart = self.documentation(facts, pair);
        let wanted = Beside::wanted(self, facts, pair, &drawn, is_apart);
        if !self.is_said(facts, pair, &wanted) {
            self.note(&step.id, &node.id, What::Facts(wanted.attributes()));
        }
    }

    /// Compares the documentation; answers with whether the annotations are no part of it.
    fn documentation(&mut self, facts: &Facts<'a>, pair: Pair<'a, '_>) -> bool {
        let Pair { node, step, .. } = pair;
        let takes_annotations = node.hints.takes_annotations();
        let annotations = facts.annotations(node).join("\n\n");
        let wanted = step.documentation.as_deref().unwrap_or_default();
        let bare = wanted.strip_suffix(&annotations).filter(|_| takes_annotations && !annotations.is_empty());
        let bare = bare.and_then(|bare| match bare.strip_suffix("\n\n") {
            _ if bare.is_empty() => Some(bare),
            before => before.filter(|before| !before.is_empty()),
        });
        let text = bare.unwrap_or(wanted);
        if node.documentation != text {
            self.note(&step.id, &node.id, What::Documentation(text.to_owned()));
        }
        node.hints.annotations_apart || (takes_annotations && !annotations.is_empty() && bare.is_none())
    }

    /// Whether the drawing says what the model says of a step.
    fn is_said(&self, facts: &Facts<'a>, pair: Pair<'a, '_>, wanted: &Beside) -> bool {
        let Pair { node, step, .. } = pair;
        let hints = &node.hints;
        self.is_system_said(facts, pair)
            && (means(node) == step.means || self.is_unknown("means", drawn_means(node), step.means.as_ref()))
            && (hints.said_medium() == step.medium
                || self.is_unknown("medium", hints.medium.clone(), step.medium.as_ref()))
            && hints.said_minutes() == step.minutes
            && (hints.model_lane == wanted.lane || facts.is_performer_drawn(node))
            && hints.own_name == wanted.name
            && hints.input == wanted.input
            && hints.output == wanted.output
            && hints.annotations_apart == wanted.is_apart
    }

    /// Whether a drawing says what no step of the model could say, and the model therefore says nothing.
    fn is_unknown(&self, attribute: &str, drawn: Option<String>, held: Option<&String>) -> bool {
        let kind = self.model.metamodel().kind_named("process_step");
        let codes = kind.and_then(|kind| kind.attribute_named(attribute)).and_then(AttributeDefinition::enumeration);
        let is_code = |text: &str| codes.is_none_or(|codes| codes.open || codes.code(text).is_some());
        held.is_none() && drawn.is_some_and(|drawn| !is_code(&drawn))
    }

    /// Whether the drawing names the system of the model. One that the model does not know stays named.
    fn is_system_said(&self, facts: &Facts<'a>, pair: Pair<'a, '_>) -> bool {
        let Pair { node, step, .. } = pair;
        match (&step.system, &node.hints.model_system) {
            (Some((id, _)), Some(drawn)) => id == drawn,
            (Some((id, _)), None) => facts.implied_system(node).is_some_and(|name| self.is_called(id, name)),
            (None, Some(drawn)) => drawn.is_empty() || self.model.item(drawn).is_none(),
            // Under its new name a service task could be taken for a system.
            (None, None) => !is_renamed(node, step) || facts.named_system(node) == facts.implied_system(node),
        }
    }

    /// What ezu writes of the system.
    fn system_beside(&self, facts: &Facts<'a>, pair: Pair<'a, '_>) -> Option<String> {
        let Pair { node, step, .. } = pair;
        let drawn = node.hints.model_system.as_ref();
        match &step.system {
            Some((id, _)) => {
                let is_drawn = || facts.implied_system(node).is_some_and(|name| self.is_called(id, name));
                Some(id.clone()).filter(|_| is_renamed(node, step) || drawn.is_some() || !is_drawn())
            }
            None => {
                let unknown = drawn.filter(|id| self.model.item(id).is_none()).cloned();
                let is_asked = facts.named_system(node) != facts.implied_system(node);
                unknown.or_else(|| is_asked.then(String::new))
            }
        }
    }

    /// What ezu noted for people below a step of its own.
    fn notes(&mut self, process: &Process, pair: Pair<'a, '_>, text: &str) {
        let Pair { node, step, .. } = pair;
        for (source, target) in &process.associations {
            let other = if *source == node.id { target } else { source };
            let is_here = *source == node.id || *target == node.id;
            if is_here && process.own_notes.get(other).is_some_and(|drawn| drawn != text) {
                self.note(&step.id, other, What::Note(text.to_owned()));
            }
        }
    }

    /// Whether an item bears a name, in either language or as an alias.
    fn is_called(&self, id: &str, name: &str) -> bool {
        let key = name_key(name);
        let Some(item) = self.model.item(id) else { return false };
        let display = ["ja", "en"].map(|language| display_name_of(self.model, id, language));
        let own = item.name().map(ToString::to_string);
        let aliases = self.model.metamodel().attribute_name("aliases").and_then(|name| item.attributes().get(name));
        let aliases = match aliases {
            Some(Value::List(all)) => all.iter().filter_map(Value::as_text).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        display.into_iter().chain(own).chain(aliases).any(|held| name_key(&held) == key)
    }
}

/// Whether somebody for whom ezu drew a lane is called otherwise today.
fn is_called_otherwise(lane: &Lane, who: &DrawnLane) -> bool {
    lane.model_id.is_some() && lane.model_id == who.id && name_key(&lane.name) != name_key(&who.name)
}

/// What is drawn to go into a step and to come out of it.
type InAndOut = (Option<String>, Option<String>);

/// Whether the model calls a step otherwise than the drawing, odd white space aside.
fn is_renamed(node: &Node, step: &DrawnStep) -> bool {
    let drawn = if node.name.is_empty() { &node.id } else { &node.name };
    *drawn != step.name && *drawn != tidy::one_line(&step.name)
}

/// What ezu writes beside a step.
#[derive(Debug, Clone, PartialEq, Default)]
struct Beside {
    id: Option<String>,
    number: Option<String>,
    name: Option<String>,
    system: Option<String>,
    means: Option<String>,
    medium: Option<String>,
    minutes: Option<String>,
    lane: Option<String>,
    input: Option<String>,
    output: Option<String>,
    is_apart: bool,
}

impl Beside {
    /// What the model says and the drawing does not: who does it where no lane, and what it takes and gives where no arrow
    /// says so. An empty text takes back what the drawing says.
    fn wanted(
        comparison: &Comparison<'_>,
        facts: &Facts<'_>,
        pair: Pair<'_, '_>,
        drawn: &InAndOut,
        is_apart: bool,
    ) -> Self {
        let Pair { node, step, who } = pair;
        let (hints, is_own) = (&node.hints, node.hints.model_id.is_some());
        let undrawn = |drawn: &Option<String>, held: &[String]| {
            let text = Some(held.join(AND)).filter(|text| !text.is_empty());
            text.filter(|_| drawn.is_none())
        };
        let other = |drawn: Option<String>, held: Option<String>| (drawn != held).then(|| held.unwrap_or_default());
        let unknown_lane = || hints.model_lane.clone().filter(|id| comparison.model.item(id).is_none());
        let drawn_minutes = hints.minutes.map(|minutes| minutes.to_string());
        Self {
            id: is_own.then(|| step.id.clone()),
            number: step.number.filter(|_| is_own).map(|number| number.to_string()),
            name: Some(step.name.clone()).filter(|name| tidy::one_line(name) != *name),
            system: comparison.system_beside(facts, pair),
            means: other(drawn_means(node), step.means.clone())
                .filter(|_| !comparison.is_unknown("means", drawn_means(node), step.means.as_ref())),
            medium: other(hints.medium.clone(), step.medium.clone())
                .filter(|_| !comparison.is_unknown("medium", hints.medium.clone(), step.medium.as_ref())),
            minutes: other(drawn_minutes, step.minutes.map(|minutes| minutes.to_string())),
            lane: who.id.clone().or_else(unknown_lane).filter(|_| !facts.is_performer_drawn(node)),
            input: undrawn(&drawn.0, &step.inputs),
            output: undrawn(&drawn.1, &step.outputs),
            is_apart,
        }
    }

    fn attributes(self) -> Vec<(&'static str, String)> {
        let apart = self.is_apart.then(|| APART.to_owned());
        let all = [
            ("id", self.id),
            ("no", self.number),
            ("name", self.name),
            ("system", self.system),
            ("means", self.means),
            ("medium", self.medium),
            ("minutes", self.minutes),
            ("lane", self.lane),
            ("input", self.input),
            ("output", self.output),
            ("annotations", apart),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}
