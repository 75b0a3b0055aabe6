//! Findings: what rules say of a model, with evidence, with a stable identity, and with what they could not judge.
//!
//! A rule is data (`models/rules`): what it judges, what it needs to know for that, how grave its findings are, what
//! they say in Japanese and English. How it judges is a query in ezu's language, or code of the room `rules`. Both are
//! run, counted, dismissed and shown in the same way.
//!
//! Invariant: no finding is no good news. Every rule tells how many items it judged and how many it could not, and for
//! want of what.

mod anchoring;
mod catalogue;
mod change;
mod coverage;
mod dismissal;
mod draft;
mod finding;
mod identity;
mod path;
mod querying;
mod reader;
mod rule;
mod run;
mod table;
mod terms;
mod wording;

pub(in crate::analyses) use querying::day;

pub use catalogue::Catalogue;
pub use change::{FindingChange, change};
pub use coverage::{CoverageState, Lacking, RuleCoverage};
pub use dismissal::{DISMISSAL_KIND, Dismissals};
pub use draft::{Draft, DraftPath, DraftStep, Fact, FactValue};
pub use finding::{Dismissal, DismissalState, Evidence, EvidencePath, EvidenceStep, Finding, Severity};
pub use path::{ChangedPlace, Need, PathError, ReadPath};
pub use querying::RuleQuery;
pub use reader::Reader;
pub use rule::{Affected, Case, Code, Condition, Judge, RecordedKind, Rule, RuleForm};
pub use run::{FindingsRun, run};
pub use table::{ChangedFindings, FindingsTable};
pub use terms::{TermDefinition, TermDefinitions, Terms};
pub use wording::Wording;

pub(super) use identity::finding_id;
