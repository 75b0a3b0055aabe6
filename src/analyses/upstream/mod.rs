//! What feeds this? Everything from which data reach it, over any number of flows.
//!
//! Flows are the relationship kinds that specialise `ArchiMate`'s flow. Which of them run by themselves is read
//! from their impact meanings: where a receiver is hit only `when` an attribute has certain values, those values
//! are the automatic methods.

mod feeding;
mod methods;
mod report;

use serde::{Deserialize, Serialize};

pub use report::{FeedingFlow, FeedingItem, LeftOut, TransferredItem, UpstreamReport};

use super::error::AnalysisError;
use super::names::find_items;
use crate::graph::View;
use methods::Methods;

/// A question about what feeds something.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpstreamRequest {
    /// The ids of what is fed; at least one.
    pub subjects: Vec<String>,
    /// The methods of flow to follow: none for the automatic ones, `all` for every one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub methods: Option<Vec<String>>,
    /// How many flows a way may have; none for no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_depth: Option<usize>,
}

/// Everything from which data reach the subjects, with the flows and the data.
///
/// Takes time proportional to what is reached and its flows.
///
/// # Errors
/// When the question names something that is not there.
pub fn upstream(view: &View, request: &UpstreamRequest) -> Result<UpstreamReport, AnalysisError> {
    let subjects = find_items(view, "subjects", &request.subjects)?;
    let methods = Methods::new(view, request.methods.as_deref())?;
    let feeding = feeding::feeding(view, &methods, &subjects, request.max_depth);
    Ok(report::report(view, &methods, &subjects, &feeding))
}
