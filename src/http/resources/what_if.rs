//! What if: a supposition about systems, tried and not recorded.

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::analyses::{check_count, problem};
use super::findings::{FindingsOfChange, of_dry_run};
use super::in_background;
use crate::application::what_if::{Supposition, WhatIf};
use crate::domain::element::Model;
use crate::domain::naming::display_name;
use crate::graph::View;
use crate::http::body::Body;
use crate::http::problem::{Answer, Problem, ProblemCode, ProblemError};
use crate::http::query::Query;
use crate::http::state::Shared;

/// A supposition about systems.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfQuestion {
    /// The systems.
    #[schema(example = json!(["sys-form-b"]))]
    systems: Vec<String>,
    /// `remove`, `merge` (needs `into`) or `move` (needs `zone`).
    #[schema(example = "merge")]
    change: String,
    /// The system that takes over.
    into: Option<String>,
    /// The zone to go to.
    zone: Option<String>,
}

/// What a supposition would mean.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIfReport {
    /// The revision that it was tried on.
    revision: u64,
    /// Flows that would have to be rebuilt.
    #[schema(value_type = Vec<std::collections::HashMap<String, Json>>)]
    flows_to_rebuild: Vec<Json>,
    /// Processes that use one of the systems.
    #[schema(value_type = Vec<std::collections::HashMap<String, Json>>)]
    processes_touched: Vec<Json>,
    /// The findings that it would create and resolve; absent if the change would be refused.
    findings: Option<FindingsOfChange>,
    /// Why the change would be refused.
    refusals: Vec<ProblemError>,
}

/// What if systems were removed, merged or moved?
///
/// Nothing is recorded: it is a dry run of the change set that would do it, with the findings it would create and
/// resolve, the flows that would have to be rebuilt and the processes that are touched.
#[utoipa::path(tag = "analyses", request_body = WhatIfQuestion, responses((status = OK, description = "What it would mean", body = WhatIfReport)))]
#[post("/analyses/what-if")]
pub async fn ask_what_if(state: Shared, request: HttpRequest, payload: web::Payload) -> Answer {
    Query::of(&request)?.finish()?;
    let limits = &state.settings.limits;
    let body = Body::read(&request, payload, &["application/json"], limits.body_bytes).await?;
    let question: WhatIfQuestion = body.parsed(limits.json_depth)?;
    check_count("systems", question.systems.len(), limits.subjects)?;
    let asked = asked(question)?;
    let shared = state.clone();
    let report = in_background(&state, move || report(&shared, &asked)).await??;
    Ok(HttpResponse::Ok().json(report))
}

fn asked(question: WhatIfQuestion) -> Result<WhatIf, Problem> {
    let missing = |field: &str| {
        let message = format!("{:?} needs {field:?}", question.change);
        Problem::new(ProblemCode::InvalidRequest, message)
    };
    let supposition = match question.change.as_str() {
        "remove" => Supposition::Remove,
        "merge" => Supposition::MergeInto(question.into.clone().ok_or_else(|| missing("into"))?),
        "move" => Supposition::MoveTo(question.zone.clone().ok_or_else(|| missing("zone"))?),
        other => {
            let message = format!("{other:?} is none of remove, merge, move");
            return Err(Problem::new(ProblemCode::InvalidRequest, message));
        }
    };
    Ok(WhatIf { systems: question.systems, supposition })
}

fn report(state: &Shared, asked: &WhatIf) -> Result<WhatIfReport, Problem> {
    let supposed = state.workspace.suppose(asked).map_err(|error| problem(&error))?;
    let tried = state.workspace.dry_run(&supposed.change_set);
    let view = state.workspace.current_view();
    Ok(WhatIfReport {
        revision: tried.snapshot.revision(),
        flows_to_rebuild: named(&view, &supposed.flows),
        processes_touched: named(&view, &supposed.processes),
        findings: of_dry_run(state, &tried),
        refusals: tried.refusals.into_iter().map(ProblemError::from).collect(),
    })
}

fn named(view: &View, ids: &[String]) -> Vec<Json> {
    let known = ids.iter().filter_map(|id| view.item(id));
    known
        .map(|item| {
            serde_json::json!({"id": item.id().as_str(), "name": {
                "ja": display_name(view, item, "ja"), "en": display_name(view, item, "en"),
            }})
        })
        .collect()
}
