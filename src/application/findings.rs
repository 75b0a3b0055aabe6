//! Findings: which ones there are, which are new, and the word that one need not be dealt with.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use rustc_hash::FxHashSet;
use serde_json::json;

use super::views::{ViewError, ViewRequest};
use super::workspace::{DryRun, Workspace};
use crate::analyses::findings::{
    Catalogue, DISMISSAL_KIND, Dismissals, Draft, FindingChange, FindingsRun, Rule, Severity, Wording, change, run,
};
use crate::domain::change_set::{ChangeSet, CreateElement, Operation};
use crate::domain::element::Model;
use crate::graph::View;

/// The rules, and what they found in the views that were asked for last.
#[derive(Debug)]
pub struct Rulebook {
    catalogue: Catalogue,
    held: Mutex<VecDeque<Arc<FindingsRun>>>,
}

/// How many views keep their findings.
const MOST_HELD: usize = 4;

/// Which findings are wanted; an empty list takes all.
#[derive(Debug, Clone, Default)]
pub struct FindingsFilter {
    /// Ids of rules.
    pub rules: Vec<String>,
    /// Sets of rules.
    pub sets: Vec<String>,
    /// Severities.
    pub severities: Vec<Severity>,
    /// Ids of departments that are in charge of a subject.
    pub departments: Vec<String>,
    /// Ids of subjects.
    pub subjects: Vec<String>,
    /// Only findings that were not there then.
    pub since: Option<Since>,
    /// Whether dismissed ones are wanted: none takes both.
    pub dismissed: Option<bool>,
}

/// A moment of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// As it was at this revision.
    Revision(u64),
    /// As it was recorded by the end of this day (UTC), and seen on that day.
    Day(Date),
}

/// Why a finding cannot be dismissed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DismissalError {
    /// There is no such finding.
    #[error("there is no finding \"{0}\"; it may have been resolved")]
    UnknownFinding(String),
    /// It is dismissed already.
    #[error("the finding \"{finding}\" is dismissed already, by \"{dismissal}\"; delete that to take it back")]
    Dismissed {
        /// The finding.
        finding: String,
        /// What records the dismissal.
        dismissal: String,
    },
    /// The reason or the author is missing.
    #[error("\"{0}\" is missing: a dismissal says why, and who says so")]
    Missing(&'static str),
    /// The last day is past.
    #[error("\"until\": {0} is past")]
    Past(Date),
    /// The metamodel cannot record dismissals.
    #[error("the metamodel has no kind \"{DISMISSAL_KIND}\", so dismissals cannot be recorded")]
    NotRecordable,
}

/// The word that a finding need not be dealt with.
#[derive(Debug, Clone, Default)]
pub struct DismissalNote {
    /// Why.
    pub reason: String,
    /// Who says so.
    pub author: String,
    /// The last day on which it holds.
    pub until: Option<Date>,
}

impl Rulebook {
    /// A rulebook that has not been asked yet.
    pub fn new(catalogue: Catalogue) -> Self {
        Self { catalogue, held: Mutex::default() }
    }

    /// The rules.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// All findings of a view on a whole model; the last few views keep theirs.
    ///
    /// Not for views that hide something from somebody: what is kept is kept for everybody.
    pub fn run(&self, view: &View) -> Arc<FindingsRun> {
        let is_it = |held: &&Arc<FindingsRun>| (held.basis.revision, held.basis.date) == (view.revision(), view.date());
        let found = self.held.lock().unwrap_or_else(PoisonError::into_inner).iter().find(is_it).cloned();
        if let Some(found) = found {
            return found;
        }
        let made = Arc::new(run(view, &self.catalogue, |_| true));
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.push_front(Arc::clone(&made));
        held.truncate(MOST_HELD);
        made
    }

    /// What a change set that was tried would do to the findings; nothing where it is refused.
    ///
    /// Takes time proportional to the change and what the rules read around it.
    pub fn of_dry_run(&self, workspace: &Workspace, tried: &DryRun) -> Option<(View, View, FindingChange)> {
        let outcome = tried.outcome.as_ref()?;
        let view =
            |snapshot: &Arc<crate::graph::Snapshot>| View::new(Arc::clone(snapshot), workspace.date_of(snapshot));
        let (before, after) = (view(&tried.snapshot), view(outcome));
        let found = change(&self.catalogue, &before, &after, &tried.delta);
        Some((before, after, found))
    }

    /// The change set that dismisses a finding.
    ///
    /// # Errors
    /// [`DismissalError`].
    pub fn dismissal(&self, view: &View, finding: &str, note: &DismissalNote) -> Result<ChangeSet, DismissalError> {
        for (field, text) in [("reason", &note.reason), ("author", &note.author)] {
            if text.trim().is_empty() {
                return Err(DismissalError::Missing(field));
            }
        }
        if let Some(until) = note.until.filter(|until| *until < view.date()) {
            return Err(DismissalError::Past(until));
        }
        if !Dismissals::are_possible(view.metamodel()) {
            return Err(DismissalError::NotRecordable);
        }
        let run = self.run(view);
        let (_, draft) = run.find(finding).ok_or_else(|| DismissalError::UnknownFinding(finding.to_owned()))?;
        let wording = Wording::new(view, &self.catalogue);
        if wording.is_dismissed(draft) {
            let dismissal = wording.dismissal(draft).map(|held| held.id).unwrap_or_default();
            return Err(DismissalError::Dismissed { finding: finding.to_owned(), dismissal });
        }
        Ok(dismissing(draft, wording.dismissals().count(finding) + 1, note))
    }
}

fn dismissing(draft: &Draft, number: usize, note: &DismissalNote) -> ChangeSet {
    let mut attributes = serde_json::Map::new();
    attributes.insert("finding".into(), json!(draft.id()));
    attributes.insert("evidence".into(), json!(draft.digest()));
    attributes.insert("reason".into(), json!(note.reason));
    attributes.insert("author".into(), json!(note.author));
    if let Some(until) = note.until {
        attributes.insert("until".into(), json!(until.to_string()));
    }
    let element = CreateElement {
        id: format!("dsm-{}-{number}", draft.id()),
        kind: DISMISSAL_KIND.to_owned(),
        name: None,
        attributes,
    };
    ChangeSet {
        message: format!("指摘{0}を対応不要とする / dismiss the finding {0}", draft.id()),
        author: Some(note.author.clone()),
        reason: Some(note.reason.clone()),
        operations: vec![Operation::CreateElement(element)],
        ..ChangeSet::default()
    }
}

impl Workspace {
    /// The places of the findings of a run that pass a filter, in order.
    ///
    /// # Errors
    /// When the filter names a revision that does not exist.
    pub fn select_findings(
        &self,
        rulebook: &Rulebook,
        wording: &Wording<'_>,
        found: &FindingsRun,
        filter: &FindingsFilter,
    ) -> Result<Vec<usize>, ViewError> {
        let old = filter.since.map(|since| self.view_since(since, wording.view())).transpose()?;
        let old = old.map(|view| rulebook.run(&view));
        let old: Option<FxHashSet<&str>> = old.as_ref().map(|run| run.ids());
        let passes = |(rule, draft): &(usize, Draft)| {
            filter.takes_rule(&rulebook.catalogue.rules()[*rule])
                && old.as_ref().is_none_or(|old| !old.contains(draft.id()))
                && filter.takes_draft(wording, draft)
        };
        Ok((0..found.findings.len()).filter(|place| passes(&found.findings[*place])).collect())
    }

    /// The view of the past with which a view is compared. A revision is seen on the day on which `view` sees the model,
    /// if that is another than the model's own: then the model moved in between, and not the day.
    ///
    /// # Errors
    /// When the revision does not exist.
    pub(super) fn view_since(&self, since: Since, view: &View) -> Result<View, ViewError> {
        let at = Some(view.date()).filter(|date| *date != self.date_of(view.snapshot()));
        self.view(match since {
            Since::Revision(revision) => ViewRequest { at, revision: Some(revision) },
            Since::Day(day) => ViewRequest { at: Some(day), revision: Some(self.revision_on(day)) },
        })
    }

    /// The newest revision that was recorded by the end of a day (UTC); 0 if there was none.
    pub fn revision_on(&self, day: Date) -> u64 {
        let snapshot = self.current();
        let by_then = |revision: &u64| {
            let summary = snapshot.change(*revision);
            summary.is_some_and(|summary| summary.time.to_zoned_datetime(jiff::tz::TimeZone::UTC).date() <= day)
        };
        (1..=snapshot.revision()).rev().find(by_then).unwrap_or(0)
    }
}

impl FindingsFilter {
    /// Whether findings of a rule are wanted.
    pub fn takes_rule(&self, rule: &Rule) -> bool {
        let named = |list: &[String], word: &str| list.is_empty() || list.iter().any(|held| held == word);
        named(&self.rules, &rule.id)
            && named(&self.sets, &rule.set)
            && (self.severities.is_empty() || self.severities.contains(&rule.severity))
    }

    fn takes_draft(&self, wording: &Wording<'_>, draft: &Draft) -> bool {
        let about = |id: &String| draft.subjects().iter().any(|subject| subject.as_str() == id);
        (self.subjects.is_empty() || self.subjects.iter().any(about))
            && (self.departments.is_empty() || {
                let departments = wording.departments(draft);
                self.departments.iter().any(|id| departments.contains(id))
            })
            && self.dismissed.is_none_or(|wanted| wording.is_dismissed(draft) == wanted)
    }
}
