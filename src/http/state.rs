//! What every handler can reach.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::application::Workspace;
use crate::application::findings::Rulebook;
use crate::application::imports::WaitingImports;
use crate::settings::Settings;

use super::metrics::HttpMetrics;

/// What every handler can reach.
#[derive(Debug, Clone)]
pub struct State {
    /// The model.
    pub workspace: Arc<Workspace>,
    /// The settings.
    pub settings: Arc<Settings>,
    /// Imports that wait for an answer.
    pub imports: Arc<WaitingImports>,
    /// Counters of requests.
    pub metrics: Arc<HttpMetrics>,
    /// The rules, and what they found lately.
    pub rulebook: Arc<Rulebook>,
    /// The turns of queries: so many run at once.
    pub queries: Arc<Semaphore>,
    /// The served `OpenAPI` document.
    pub openapi: Arc<str>,
}

/// How handlers are given it.
pub type Shared = actix_web::web::Data<State>;
