//! What is not recorded, and which answers wait for it.
//!
//! Rules and questions say what they need as ways from what they judge (`target.availability.rto_hours`). Where such
//! a way ends too early, the place at which it ends is a gap: an attribute or a reference that nobody has recorded.

mod gap;
mod waiting;

pub use gap::{Blank, Gap};
pub(in crate::analyses) use gap::{gaps_of_condition, gaps_of_need};
pub use waiting::{Waiting, WaitingAnswers};
