//! Which address leads where.

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpResponse, HttpServer, Scope, web};
use utoipa_actix_web::{AppExt, scope::scope, service_config::ServiceConfig};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::far_back::read_past_first;
use super::guard::guard;
use super::openapi;
use super::problem::{Problem, ProblemCode};
use super::resources::{
    analyses, backup, change_sets, collections, connections, diagrams, findings, history, imports, items, metamodel,
    queries, questions, redactions, search, service, sheets, structure, what_if,
};
use super::state::{Shared, State};
use crate::domain::metamodel::Metamodel;

/// The address of the `OpenAPI` document.
const DOCUMENT: &str = "/api/v1/openapi.json";

fn api(config: &mut ServiceConfig<'_>) {
    config
        .service(items::list_elements)
        .service(items::get_element)
        .service(items::list_relationships)
        .service(items::get_relationship)
        .service(history::element_history)
        .service(history::relationship_history)
        .service(history::differences)
        .service(search::search)
        .service(search::element_neighbourhood)
        .service(change_sets::create_change_set)
        .service(change_sets::list_change_sets)
        .service(change_sets::get_change_set)
        .service(change_sets::revert_change_set)
        .service(imports::create_import)
        .service(imports::list_imports)
        .service(imports::get_import)
        .service(imports::get_import_rows)
        .service(imports::decide_import)
        .service(imports::commit_import)
        .service(imports::discard_import)
        .service(analyses::ask_impact)
        .service(analyses::link_impact)
        .service(queries::ask_query)
        .service(queries::link_query)
        .service(queries::list_queries)
        .service(queries::answer_saved_query)
        .service(connections::ask_paths)
        .service(connections::ask_upstream)
        .service(what_if::ask_what_if)
        .service(structure::list_analyses)
        .service(structure::get_standardization)
        .service(structure::ask_structure)
        .service(findings::list_rules)
        .service(findings::list_findings)
        .service(findings::get_finding)
        .service(findings::dismiss_finding)
        .service(questions::list_questions)
        .service(questions::get_question)
        .service(questions::ask_question)
        .service(questions::link_question)
        .service(sheets::hearing_sheet)
        .service(sheets::department_handover)
        .service(sheets::process_handover)
        .service(diagrams::get_diagram)
        .service(metamodel::get_metamodel)
        .service(service::ledger_head)
        .service(redactions::redact)
        .service(backup::backup)
        .service(service::export_model);
}

fn well_being(config: &mut ServiceConfig<'_>) {
    config.service(service::healthz).service(service::readyz).service(service::metrics);
}

/// The collections of the kinds and the document; they come last, so that no kind can hide another address.
fn kinds(scope: Scope) -> Scope {
    scope
        .route("/openapi.json", web::get().to(serve_document))
        .service(
            web::resource("/{collection}")
                .route(web::get().to(collections::list))
                .route(web::post().to(collections::create)),
        )
        .service(
            web::resource("/{collection}/{id}")
                .route(web::get().to(collections::get))
                .route(web::patch().to(collections::update))
                .route(web::delete().to(collections::delete)),
        )
}

/// The `OpenAPI` document of a metamodel, with examples from the reference city.
pub fn document(metamodel: &Metamodel) -> serde_json::Value {
    let (_, collected) =
        App::new().into_utoipa_app().service(scope("/api/v1").configure(api)).configure(well_being).split_for_parts();
    openapi::complete(&collected, metamodel)
}

/// Starts answering on a listener.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve(state: State, listener: TcpListener) -> std::io::Result<Server> {
    let workers = match state.settings.server.workers {
        0 => std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
        count => count,
    };
    let data: Shared = web::Data::new(state);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .wrap(from_fn(read_past_first))
            .wrap(from_fn(guard))
            .wrap(Compress::default())
            .into_utoipa_app()
            .service(scope("/api/v1").configure(api).map(kinds))
            .configure(well_being)
            .into_app()
            .route("/docs", web::get().to(to_docs))
            .route("/", web::get().to(to_docs))
            .route("/docs/problems", web::get().to(problems_page))
            .service(swagger())
            .default_service(web::to(nothing_here))
    });
    // Whoever hangs up waits for no answer: what was begun for them is dropped, and a running query stops.
    Ok(server.workers(workers).h1_allow_half_closed(false).listen(listener)?.run())
}

fn swagger() -> SwaggerUi {
    let config = Config::from(DOCUMENT)
        .try_it_out_enabled(true)
        .doc_expansion("none")
        .filter(true)
        .display_request_duration(true);
    SwaggerUi::new("/docs/{_:.*}").config(config)
}

async fn to_docs() -> HttpResponse {
    HttpResponse::TemporaryRedirect().insert_header(("location", "/docs/")).finish()
}

async fn serve_document(state: Shared) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(state.openapi.to_string())
}

async fn problems_page() -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(openapi::problems_html())
}

async fn nothing_here(request: actix_web::HttpRequest) -> Result<HttpResponse, Problem> {
    let message = format!("{} leads nowhere; /docs lists what there is", request.path());
    Err(Problem::new(ProblemCode::NotFound, message))
}
