//! Is this change set valid on this model, and what exactly would it change?

mod attributes;
mod checking;
mod draft;
mod judging;
mod references;
mod refusal;
mod resolving;
mod values;

pub use attributes::{ParsedAttributes, ReferenceEntry, parse_attributes};
pub use draft::Draft;
pub use judging::{Judgement, judge};
pub use refusal::{Refusal, RefusalCode};
pub use resolving::{Resolution, resolve, resolve_wholly};
pub use values::parse_value;
