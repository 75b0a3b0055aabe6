//! Rules, what they found, and the word that a finding need not be dealt with.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use super::analyses::{Wanted, csv, wanted, xlsx};
use super::change_sets::{CommittedBody, DryRunBody, Writing, write};
use super::diagrams::language_of;
use super::in_background;
use crate::analyses::findings::{
    Finding, FindingsRun, FindingsTable, Need, ReadPath, Rule, RuleForm, Severity, Wording,
};
use crate::application::findings::{DismissalError, DismissalNote, FindingsFilter, Rulebook, Since};
use crate::graph::View;
use crate::http::body::{Body, digest};
use crate::http::listing::Cursor;
use crate::http::problem::{Answer, Problem, ProblemCode};
use crate::http::query::{Query, parse_date};
use crate::http::state::Shared;

/// A page of findings.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingsPage {
    /// By rule, then by id.
    #[schema(value_type = Vec<std::collections::HashMap<String, Json>>)]
    pub items: Vec<Finding>,
    /// Given as `cursor`, leads to the next page; absent on the last.
    pub next_cursor: Option<String>,
    /// The revision that was read.
    pub revision: u64,
    /// The day in the world.
    pub date: String,
    /// How many findings pass the filter.
    pub total: usize,
    /// How many of them by severity.
    pub by_severity: std::collections::BTreeMap<&'static str, usize>,
    /// What the rules of the filter could judge and what not; no finding is no good news where nothing was judged.
    #[schema(value_type = Vec<std::collections::HashMap<String, Json>>)]
    pub coverage: Vec<Json>,
}

/// All rules with what they could judge.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulesPage {
    /// In the order of the rule files.
    #[schema(value_type = Vec<std::collections::HashMap<String, Json>>)]
    pub items: Vec<Json>,
    /// The principles of the model, with the rules that check them and whether they are kept.
    #[schema(value_type = Vec<std::collections::HashMap<String, Json>>)]
    pub principles: Vec<Json>,
    /// The revision that was read.
    pub revision: u64,
    /// The day in the world.
    pub date: String,
}

/// The word that a finding need not be dealt with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DismissalBody {
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// Who says so, as stated.
    #[serde(default)]
    pub author: String,
    /// The last day on which it holds; without one it holds until the evidence changes.
    pub until: Option<String>,
    /// Whether to try only.
    #[serde(default)]
    pub dry_run: bool,
}

/// The rules
///
/// Each with what it judges, what it needs to know for that, its query if it is one, what it could judge in this model
/// and how much it found. Rules are data: a folder of rule files is laid over the built-in ones.
#[utoipa::path(tag = "findings", params(
    ("set" = Option<String>, Query, description = "Only these sets, separated by commas", example = "security"),
), responses((status = OK, description = "The rules", body = RulesPage)))]
#[get("/rules")]
pub async fn list_rules(state: Shared, request: HttpRequest) -> Answer {
    let mut query = Query::of(&request)?;
    let sets = query.list("set");
    let view = state.workspace.view(query.view()?)?;
    query.finish()?;
    check_sets(&state.rulebook, &sets)?;
    let shared = state.clone();
    let page = in_background(&state, move || rules_page(&shared.rulebook, &view, &sets)).await?;
    Ok(HttpResponse::Ok().json(page))
}

fn rules_page(rulebook: &Rulebook, view: &View, sets: &[String]) -> RulesPage {
    let catalogue = rulebook.catalogue();
    let (found, wording) = (rulebook.run(view), Wording::new(view, catalogue));
    let wanted = catalogue.rules().iter().enumerate();
    let wanted = wanted.filter(|(_, rule)| sets.is_empty() || sets.iter().any(|set| **set == *rule.set));
    RulesPage {
        items: wanted.map(|(number, rule)| rule_body(&found, &wording, number, rule)).collect(),
        principles: principles(view, &found, &wording, rulebook),
        revision: view.revision(),
        date: view.date().to_string(),
    }
}

fn rule_body(found: &FindingsRun, wording: &Wording<'_>, number: usize, rule: &Rule) -> Json {
    let (form, query) = match &rule.form {
        RuleForm::Code(_) => ("code", None),
        RuleForm::Query(query) => ("query", Some(query.text())),
    };
    let findings = found.findings.iter().filter(|(place, _)| *place == number);
    let dismissed = findings.clone().filter(|(_, draft)| wording.is_dismissed(draft)).count();
    json!({
        "id": rule.id, "set": rule.set, "severity": rule.severity, "title": rule.title, "sentence": rule.sentence,
        "advice": rule.advice, "source": rule.source, "form": form, "query": query, "judges": rule.judges,
        "when": rule.when.iter().map(|held| (held.path.text().to_owned(), json!(held.values))).collect::<serde_json::Map<_, _>>(),
        "needs": rule.needs.iter().map(Need::text).collect::<Vec<_>>(),
        "records": rule.records.iter().map(|(name, _)| &**name).collect::<Vec<_>>(),
        "reads": rule.reads.iter().map(ReadPath::text).collect::<Vec<_>>(),
        "parameters": rule.parameters, "principles": wording.principles_of(&rule.id),
        "findings": findings.count(), "dismissed": dismissed, "coverage": found.coverage.get(number),
    })
}

/// Whether each principle is kept, as far as its rules can tell.
fn principles(view: &View, found: &FindingsRun, wording: &Wording<'_>, rulebook: &Rulebook) -> Vec<Json> {
    wording
        .principles(view)
        .into_iter()
        .map(|(principle, rules)| {
            let held = found.of_rules(rulebook.catalogue(), &rules);
            let kept = match (held.findings, held.unjudged) {
                (0, 0) => "yes",
                (0, _) => "unknown",
                _ => "no",
            };
            json!({"principle": principle, "rules": rules, "findings": held.findings, "not_judged": held.unjudged, "kept": kept})
        })
        .collect()
}

/// What the rules found
///
/// Every finding has a stable id, the items it is about, its evidence, a sentence in Japanese and English, and what to
/// do. `coverage` says what each rule could judge: where nothing was judged, no finding is no good news.
#[utoipa::path(tag = "findings", params(
    ("rule" = Option<String>, Query, description = "Only these rules, separated by commas", example = "S13,S15"),
    ("set" = Option<String>, Query, description = "Only these sets of rules"),
    ("severity" = Option<String>, Query, description = "critical, high, medium, low; separated by commas"),
    ("department" = Option<String>, Query, description = "Only findings in charge of these departments"),
    ("subject" = Option<String>, Query, description = "Only findings about these items"),
    ("since" = Option<String>, Query, description = "Only findings that were not there at this revision, or on this day"),
    ("dismissed" = Option<String>, Query, description = "false (as usual), true or all"),
    ("limit" = Option<usize>, Query, description = "Items on a page, 1 to 1000", example = 20),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ("format" = Option<String>, Query, description = "json or csv", example = "json"),
    ("language" = Option<String>, Query, description = "ja or en, for csv"),
), responses((status = OK, description = "A page", body = FindingsPage)))]
#[get("/findings")]
pub async fn list_findings(state: Shared, request: HttpRequest) -> Answer {
    let mut query = Query::of(&request)?;
    let filter = filter(&mut query, &state.rulebook)?;
    let most = state.settings.limits.page;
    let limit = query.number("limit", 1, most)?;
    let cursor = query.take("cursor");
    let wanted = wanted(query.take("format"), &request)?;
    let language = language_of(&mut query, &request)?;
    let view = state.workspace.view(query.view()?)?;
    query.finish()?;
    let list = crc32c::crc32c(format!("{filter:?}").as_bytes());
    let after = cursor.map(|text| Cursor::decode(&text, list)).transpose()?.map(|cursor| cursor.id);
    let shared = state.clone();
    match wanted {
        Wanted::Json => {
            let asked = Asked { view, filter, limit: limit.unwrap_or(100.min(most)), after, list };
            let page = in_background(&state, move || page(&shared, &asked)).await??;
            Ok(HttpResponse::Ok().json(page))
        }
        Wanted::Csv => {
            let table = in_background(&state, move || table(&shared, &view, &filter)).await??;
            Ok(csv(&table, language, "findings"))
        }
        Wanted::Xlsx => {
            let table = in_background(&state, move || table(&shared, &view, &filter)).await??;
            xlsx(&table, language, "findings")
        }
        Wanted::Picture(_) => Err(Problem::new(ProblemCode::NotAcceptable, "json, csv and xlsx are offered here")),
    }
}

fn filter(query: &mut Query, rulebook: &Rulebook) -> Result<FindingsFilter, Problem> {
    let rules = query.list("rule");
    for id in &rules {
        if rulebook.catalogue().rule(id).is_none() {
            let hint =
                rulebook.catalogue().similar(id).map_or_else(String::new, |id| format!("; did you mean {id:?}?"));
            return Err(Problem::parameter("rule", format!("there is no rule {id:?}{hint}")));
        }
    }
    let sets = query.list("set");
    check_sets(rulebook, &sets)?;
    let severity = |name: &String| {
        Severity::named(name)
            .ok_or_else(|| Problem::parameter("severity", format!("{name:?} is none of critical, high, medium, low")))
    };
    let severities = query.list("severity").iter().map(severity).collect::<Result<_, _>>()?;
    let dismissed = match query.take("dismissed").as_deref() {
        None | Some("false") => Some(false),
        Some("true") => Some(true),
        Some("all") => None,
        Some(other) => return Err(Problem::parameter("dismissed", format!("{other:?} is none of true, false, all"))),
    };
    let since = query.take("since").map(|text| since(&text)).transpose()?;
    let (departments, subjects) = (query.list("department"), query.list("subject"));
    Ok(FindingsFilter { rules, sets, severities, departments, subjects, since, dismissed })
}

fn check_sets(rulebook: &Rulebook, sets: &[String]) -> Result<(), Problem> {
    let known = rulebook.catalogue().sets();
    match sets.iter().find(|set| !known.iter().any(|held| ***held == **set)) {
        None => Ok(()),
        Some(unknown) => {
            let known: Vec<&str> = known.iter().map(|set| &***set).collect();
            Err(Problem::parameter("set", format!("{unknown:?} is none of {}", known.join(", "))))
        }
    }
}

fn since(text: &str) -> Result<Since, Problem> {
    match text.parse() {
        Ok(revision) => Ok(Since::Revision(revision)),
        Err(_) => parse_date("since", text).map(Since::Day).map_err(|_| {
            Problem::parameter("since", format!("{text:?} is neither a revision nor a date such as 2026-11-01"))
        }),
    }
}

/// A page that is asked for.
struct Asked {
    view: View,
    filter: FindingsFilter,
    limit: usize,
    after: Option<String>,
    list: u32,
}

fn page(state: &Shared, asked: &Asked) -> Result<FindingsPage, Problem> {
    let (rulebook, view) = (&state.rulebook, &asked.view);
    let (found, wording) = (rulebook.run(view), Wording::new(view, rulebook.catalogue()));
    let chosen = state.workspace.select_findings(rulebook, &wording, &found, &asked.filter)?;
    let begin = match &asked.after {
        None => 0,
        Some(after) => {
            let place = chosen.iter().position(|place| found.findings[*place].1.id() == after);
            place.map(|place| place + 1).ok_or_else(|| {
                Problem::new(
                    ProblemCode::InvalidCursor,
                    "the finding it stands at is gone; start again without a cursor",
                )
            })?
        }
    };
    let end = chosen.len().min(begin + asked.limit);
    let items: Vec<Finding> = chosen[begin..end].iter().map(|place| finding(&found, &wording, *place)).collect();
    let last = items.last().filter(|_| end < chosen.len());
    let next_cursor = last.map(|last| Cursor { list: asked.list, key: Json::Null, id: last.id.clone() }.encode());
    let mut by_severity = Severity::ALL.map(|severity| (severity.name(), 0)).into_iter().collect();
    count(&found, rulebook, &chosen, &mut by_severity);
    let rules = rulebook.catalogue().rules();
    let judged = found.coverage.iter().zip(rules).filter(|(_, rule)| asked.filter.takes_rule(rule));
    Ok(FindingsPage {
        items,
        next_cursor,
        revision: view.revision(),
        date: view.date().to_string(),
        total: chosen.len(),
        by_severity,
        coverage: judged.filter_map(|(coverage, _)| serde_json::to_value(coverage).ok()).collect(),
    })
}

fn count(
    found: &FindingsRun,
    rulebook: &Rulebook,
    chosen: &[usize],
    by_severity: &mut std::collections::BTreeMap<&'static str, usize>,
) {
    for place in chosen {
        let rule = &rulebook.catalogue().rules()[found.findings[*place].0];
        *by_severity.entry(rule.severity.name()).or_default() += 1;
    }
}

fn finding(found: &FindingsRun, wording: &Wording<'_>, place: usize) -> Finding {
    let (rule, draft) = &found.findings[place];
    wording.finding(*rule, draft)
}

fn table(state: &Shared, view: &View, filter: &FindingsFilter) -> Result<FindingsTable, Problem> {
    let (found, wording) = (state.rulebook.run(view), Wording::new(view, state.rulebook.catalogue()));
    let chosen = state.workspace.select_findings(&state.rulebook, &wording, &found, filter)?;
    Ok(FindingsTable::new(view, chosen.into_iter().map(|place| finding(&found, &wording, place)).collect()))
}

/// One finding
///
/// With its evidence and its dismissal, held or lapsed.
#[utoipa::path(tag = "findings", params(
    ("id" = String, Path, description = "The finding's id", example = "P04--prj-form--prj-hoiku--sys-form-b"),
), responses((status = OK, description = "The finding", body = std::collections::HashMap<String, Json>)))]
#[get("/findings/{id}")]
pub async fn get_finding(state: Shared, request: HttpRequest, id: web::Path<String>) -> Answer {
    let mut query = Query::of(&request)?;
    let view = state.workspace.view(query.view()?)?;
    query.finish()?;
    let shared = state.clone();
    let id = id.into_inner();
    let found = in_background(&state, move || {
        let found = shared.rulebook.run(&view);
        let wording = Wording::new(&view, shared.rulebook.catalogue());
        let made = found.find(&id).map(|(rule, draft)| wording.finding(*rule, draft));
        made.ok_or_else(|| Problem::new(ProblemCode::NotFound, DismissalError::UnknownFinding(id).to_string()))
    });
    Ok(HttpResponse::Ok().json(found.await??))
}

/// Dismiss a finding
///
/// A change set like any other: recorded with author and reason, undone by a revert. It lapses when the finding's
/// evidence changes, or after its last day.
#[utoipa::path(tag = "findings", params(
    ("id" = String, Path, description = "The finding's id", example = "P04--prj-form--prj-hoiku--sys-form-b"),
), request_body = DismissalBody, responses(
    (status = CREATED, description = "Recorded, on stable storage", body = CommittedBody),
    (status = OK, description = "What it would do (`dry_run`)", body = DryRunBody),
))]
#[post("/findings/{id}/dismissals")]
pub async fn dismiss_finding(
    state: Shared,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    Query::of(&request)?.finish()?;
    let limits = &state.settings.limits;
    let body = Body::read(&request, payload, &["application/json"], limits.body_bytes).await?;
    let asked: DismissalBody = body.parsed(limits.json_depth)?;
    let until = asked.until.as_deref().map(|text| parse_date("until", text)).transpose()?;
    let note = DismissalNote { reason: asked.reason, author: asked.author, until };
    let (shared, id) = (state.clone(), id.into_inner());
    let made = in_background(&state, move || {
        let view = shared.workspace.current_view();
        shared.rulebook.dismissal(&view, &id, &note)
    });
    let change_set = made.await?.map_err(|error| dismissal_problem(&error))?;
    let digest = digest(&request, &body.bytes);
    write(&state, &request, Writing { change_set, dry_run: asked.dry_run, preconditions: Vec::new(), digest }).await
}

fn dismissal_problem(error: &DismissalError) -> Problem {
    let code = match error {
        DismissalError::UnknownFinding(_) => ProblemCode::NotFound,
        DismissalError::Dismissed { .. } => ProblemCode::Conflict,
        DismissalError::Missing(_) | DismissalError::Past(_) => ProblemCode::InvalidRequest,
        DismissalError::NotRecordable => ProblemCode::Refused,
    };
    Problem::new(code, error.to_string())
}

/// Findings that a change would create, resolve, or leave with other evidence.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingsOfChange {
    /// Findings that would come to be.
    #[schema(value_type = Vec<std::collections::HashMap<String, Json>>)]
    created: Vec<Finding>,
    /// Findings that would go.
    #[schema(value_type = Vec<std::collections::HashMap<String, Json>>)]
    resolved: Vec<Finding>,
    /// Findings that would stay with other evidence, as they would be.
    #[schema(value_type = Vec<std::collections::HashMap<String, Json>>)]
    changed: Vec<Finding>,
    /// How many items had to be judged again for this.
    judged: usize,
}

/// What a change set that was tried would do to the findings; at most so many of each sort are put into words.
pub(super) fn of_dry_run(state: &Shared, tried: &crate::application::DryRun) -> Option<FindingsOfChange> {
    let (before, after, change) = state.rulebook.of_dry_run(&state.workspace, tried)?;
    let most = state.settings.limits.page;
    let words = |view: &View, found: &[(usize, crate::analyses::findings::Draft)]| {
        if found.is_empty() {
            return Vec::new();
        }
        let wording = Wording::new(view, state.rulebook.catalogue());
        found.iter().take(most).map(|(rule, draft)| wording.finding(*rule, draft)).collect()
    };
    Some(FindingsOfChange {
        created: words(&after, &change.created),
        resolved: words(&before, &change.resolved),
        changed: words(&after, &change.changed),
        judged: change.judged,
    })
}
