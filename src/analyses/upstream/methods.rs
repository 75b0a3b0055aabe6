//! Which flows are followed.

use std::sync::Arc;

use crate::analyses::error::AnalysisError;
use crate::analyses::names::unknown_word;
use crate::domain::metamodel::{AttributeName, Kind, KindId, MeaningDirection};
use crate::domain::{Model, Relationship};
use crate::graph::View;

/// The base of all kinds of flow.
const FLOW: &str = "flow";
/// The word for every method.
const ALL: &str = "all";

/// The kinds of flow of a model, and the methods to follow.
#[derive(Debug)]
pub(super) struct Methods {
    kinds: Vec<FlowKind>,
    /// The methods that were asked for or are automatic; none for every one.
    pub(super) wanted: Option<Vec<Arc<str>>>,
}

/// A kind of flow.
#[derive(Debug)]
pub(super) struct FlowKind {
    /// The kind.
    pub(super) kind: KindId,
    /// Whether its arrow points from the receiver to the sender.
    pub(super) reversed: bool,
    /// The attribute that holds the method.
    method: Option<AttributeName>,
}

/// What is decided of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// It is followed.
    Followed,
    /// It is left out because of its method.
    LeftOut(Arc<str>),
    /// It is left out because its method is not recorded.
    Unrecorded,
}

impl Methods {
    /// Reads the methods that were asked for.
    ///
    /// # Errors
    /// When one is no method of any kind of flow.
    pub(super) fn new(view: &View, asked: Option<&[String]>) -> Result<Self, AnalysisError> {
        let metamodel = view.metamodel();
        let base = metamodel.kind_named(FLOW);
        let flows =
            || base.into_iter().flat_map(|base| metamodel.descendants(base.id)).map(|kind| metamodel.kind(kind));
        let kinds: Vec<FlowKind> = flows().map(flow_kind).collect();
        let wanted = match asked {
            None => automatic(flows()),
            Some(asked) if asked.iter().any(|word| word == ALL) => None,
            Some(asked) => {
                let known = known_methods(flows());
                let find = |word: &String| {
                    known.iter().find(|code| ***code == **word).cloned().ok_or_else(|| {
                        let words = known.iter().map(|code| &**code).chain([ALL]);
                        unknown_word("methods", "method", word, words)
                    })
                };
                Some(asked.iter().map(find).collect::<Result<_, _>>()?)
            }
        };
        Ok(Self { kinds, wanted })
    }

    /// The kinds of flow.
    pub(super) fn kinds(&self) -> &[FlowKind] {
        &self.kinds
    }

    /// Whether a flow is followed. A flow of a kind without methods is.
    pub(super) fn choose(&self, kind: &FlowKind, flow: &Relationship) -> Choice {
        let (Some(name), Some(wanted)) = (kind.method, &self.wanted) else {
            return Choice::Followed;
        };
        match flow.attributes.get(name) {
            None => Choice::Unrecorded,
            Some(value) => {
                let method: Arc<str> = value.to_line("en").into();
                if wanted.contains(&method) { Choice::Followed } else { Choice::LeftOut(method) }
            }
        }
    }

    /// The method of a flow, if it is recorded.
    pub(super) fn method_of(&self, flow: &Relationship) -> Option<String> {
        let kind = self.kinds.iter().find(|kind| kind.kind == flow.kind)?;
        flow.attributes.get(kind.method?).map(|value| value.to_line("en"))
    }
}

fn flow_kind(kind: &Kind) -> FlowKind {
    let reversed = kind.relationship.as_ref().is_some_and(|traits| traits.reversed);
    FlowKind { kind: kind.id, reversed, method: conditions(kind).next().map(|(name, _)| *name) }
}

/// What must hold of a flow so that its receiver is hit by what befalls the sender.
fn conditions(kind: &Kind) -> impl Iterator<Item = &(AttributeName, Vec<Arc<str>>)> {
    let traits = kind.relationship.as_ref();
    let reversed = traits.is_some_and(|traits| traits.reversed);
    let receiver = if reversed { MeaningDirection::Backward } else { MeaningDirection::Forward };
    let meanings = traits.map_or(&[][..], |traits| traits.impact.as_slice());
    meanings.iter().filter(move |meaning| meaning.direction == receiver).flat_map(|meaning| &meaning.when)
}

/// The values under which receivers are hit; none when every flow counts.
fn automatic<'m>(kinds: impl Iterator<Item = &'m Kind>) -> Option<Vec<Arc<str>>> {
    let mut codes: Vec<Arc<str>> = Vec::new();
    for code in kinds.flat_map(conditions).flat_map(|(_, codes)| codes) {
        if !codes.contains(code) {
            codes.push(Arc::clone(code));
        }
    }
    (!codes.is_empty()).then_some(codes)
}

fn known_methods<'m>(kinds: impl Iterator<Item = &'m Kind>) -> Vec<Arc<str>> {
    let mut known: Vec<Arc<str>> = Vec::new();
    for kind in kinds {
        let definition = conditions(kind).next().and_then(|(name, _)| kind.attribute(*name));
        let Some(enumeration) = definition.and_then(|definition| definition.enumeration()) else {
            continue;
        };
        for (code, _) in &enumeration.values {
            if !known.contains(code) {
                known.push(Arc::clone(code));
            }
        }
    }
    known
}
