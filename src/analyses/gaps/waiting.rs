//! Which answers wait for which gap.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::gap::{Gap, gaps_of_condition, gaps_of_need};
use crate::analyses::findings::{Catalogue, Condition, Need, Reader};
use crate::analyses::questions::QuestionCatalogue;
use crate::domain::metamodel::KindId;
use crate::graph::Place;

/// The answers that wait for one gap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// The rules that cannot judge something because of it.
    pub rules: BTreeSet<Arc<str>>,
    /// The questions whose answers leave something out because of it.
    pub questions: BTreeSet<Arc<str>>,
    /// How many items those rules cannot judge because of it.
    pub judgements: usize,
}

impl Waiting {
    /// How many answers filling the gap would improve: rules and questions, each counted once.
    pub fn answers(&self) -> usize {
        self.rules.len() + self.questions.len()
    }
}

/// All gaps of a view for which an answer waits.
#[derive(Debug, Default)]
pub struct WaitingAnswers {
    by_place: FxHashMap<Place, FxHashMap<Gap, Waiting>>,
}

impl WaitingAnswers {
    /// Looks for them. Takes time proportional to what rules and questions judge.
    pub fn of(reader: &Reader<'_>, rules: &Catalogue, questions: &QuestionCatalogue) -> Self {
        let mut waiting = Self::default();
        for rule in rules.rules().iter().filter(|rule| rule.unusable.is_none()) {
            waiting.look(reader, &rule.kinds, &rule.when, &rule.needs, |held| {
                held.rules.insert(Arc::clone(&rule.id));
                held.judgements += 1;
            });
        }
        for question in questions.questions() {
            for reading in &question.reads {
                waiting.look(reader, &reading.kinds, &reading.when, &reading.needs, |held| {
                    held.questions.insert(Arc::clone(&question.id));
                });
            }
        }
        waiting
    }

    /// What waits for a gap.
    pub fn get(&self, gap: &Gap) -> Option<&Waiting> {
        self.by_place.get(&gap.place)?.get(gap)
    }

    /// What waits for gaps of an item, in no order.
    pub fn at(&self, place: Place) -> impl Iterator<Item = (&Gap, &Waiting)> {
        self.by_place.get(&place).into_iter().flatten()
    }

    fn look(
        &mut self,
        reader: &Reader<'_>,
        kinds: &[KindId],
        when: &[Condition],
        needs: &[Need],
        mut credit: impl FnMut(&mut Waiting),
    ) {
        for place in kinds.iter().flat_map(|kind| reader.members(*kind).to_vec()) {
            for gap in gaps_of(reader, when, needs, place) {
                credit(self.by_place.entry(gap.place).or_default().entry(gap).or_default());
            }
        }
    }
}

/// What is missing before something can be judged; nothing where it is judged, or in order by definition.
fn gaps_of(reader: &Reader<'_>, when: &[Condition], needs: &[Need], place: Place) -> Vec<Gap> {
    if when.iter().any(|condition| condition.holds(reader, place) == Some(false)) {
        return Vec::new();
    }
    let conditions = when.iter().flat_map(|condition| gaps_of_condition(reader, condition, place));
    let mut gaps: Vec<Gap> =
        conditions.chain(needs.iter().flat_map(|need| gaps_of_need(reader, need, place))).collect();
    gaps.sort_unstable();
    gaps.dedup();
    gaps
}
