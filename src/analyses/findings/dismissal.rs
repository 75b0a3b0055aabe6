//! What people said need not be dealt with. A dismissal is an element like any other, written by a change set.

use rustc_hash::FxHashMap;

use super::draft::Draft;
use super::finding::{Dismissal, DismissalState};
use super::reader::Reader;
use crate::domain::metamodel::Metamodel;
use crate::graph::{Place, View};

/// The kind of the elements that record dismissals.
pub const DISMISSAL_KIND: &str = "finding_dismissal";

/// The dismissals of a view, by finding.
#[derive(Debug, Default)]
pub struct Dismissals(FxHashMap<String, Vec<Recorded>>);

#[derive(Debug)]
struct Recorded {
    id: String,
    digest: String,
    reason: String,
    author: String,
    until: Option<jiff::civil::Date>,
}

impl Dismissals {
    /// Whether a metamodel can record dismissals.
    pub fn are_possible(metamodel: &Metamodel) -> bool {
        metamodel.kind_named(DISMISSAL_KIND).is_some()
    }

    pub(super) fn of(reader: &Reader<'_>) -> Self {
        let mut found: FxHashMap<String, Vec<Recorded>> = FxHashMap::default();
        for place in reader.all(DISMISSAL_KIND) {
            if let Some(finding) = reader.text(place, "finding") {
                found.entry(finding.to_owned()).or_default().push(recorded(reader, place));
            }
        }
        Self(found)
    }

    /// How many dismissals of a finding there are, held and lapsed.
    pub fn count(&self, finding: &str) -> usize {
        self.0.get(finding).map_or(0, Vec::len)
    }

    /// The dismissal of a finding: one that holds, else the last that lapsed.
    pub(super) fn of_finding(&self, view: &View, draft: &Draft) -> Option<Dismissal> {
        let recorded = self.0.get(draft.id())?;
        let digest = draft.digest();
        let judged = recorded.iter().map(|one| one.judge(view, &digest));
        judged.min_by_key(|one| one.state != DismissalState::Holds)
    }
}

fn recorded(reader: &Reader<'_>, place: Place) -> Recorded {
    let text = |attribute: &str| reader.text(place, attribute).unwrap_or_default().to_owned();
    Recorded {
        id: reader.id(place).to_owned(),
        digest: text("evidence"),
        reason: text("reason"),
        author: text("author"),
        until: reader.date_of(place, "until"),
    }
}

impl Recorded {
    fn judge(&self, view: &View, digest: &str) -> Dismissal {
        let state = if self.digest != digest {
            DismissalState::EvidenceChanged
        } else if self.until.is_some_and(|until| until < view.date()) {
            DismissalState::Ended
        } else {
            DismissalState::Holds
        };
        Dismissal {
            id: self.id.clone(),
            state,
            reason: self.reason.clone(),
            author: self.author.clone(),
            until: self.until,
        }
    }
}
