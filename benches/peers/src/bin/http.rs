//! A service to be asked by `wrk`: `http hello PORT` answers every request with a few bytes, `http city PORT`
//! is ezu with the reference city in memory, `http city PORT ELEMENTS` with a generated one; all with two workers.
//! `benches/peers/query/over_http.py` asks the last one the questions of the query comparison.
//!
//! ```sh
//! wrk -t1 -c64 -d10 http://127.0.0.1:PORT/                                                   # hello
//! wrk -t1 -c64 -d10 http://127.0.0.1:PORT/api/v1/elements/sys-juki                           # city
//! wrk -t1 -c64 -d10 'http://127.0.0.1:PORT/api/v1/analyses/impact?subjects=inf-vm-old&change=stop'
//! ```

use actix_web::{App, HttpServer, web};
use ezu::application::generate::generate_into;
use ezu::application::{Workspace, files};
use ezu::domain::clock::Clock;
use ezu::settings::Settings;
use ezu::startup::Application;
use ezu::storage::Store;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let port = arguments.get(2).and_then(|text| text.parse().ok()).unwrap_or(8080);
    match arguments.get(1).map(String::as_str) {
        Some("hello") => hello(port),
        Some("city") => city(port, arguments.get(3).map(|text| text.parse().expect("a number of elements"))),
        _ => eprintln!("http hello|city PORT [ELEMENTS]"),
    }
}

fn hello(port: u16) {
    let server = || {
        let app = || App::new().route("/", web::get().to(async || "hello, world"));
        HttpServer::new(app).workers(2).bind(("127.0.0.1", port)).expect("a free port").run()
    };
    actix_web::rt::System::new().block_on(async { server().await.expect("runs") });
}

fn city(port: u16, elements: Option<usize>) {
    let mut settings = Settings::default();
    (settings.server.port, settings.server.workers) = (port, 2);
    let metamodel = files::load_metamodel(None).expect("sound");
    let workspace = Workspace::open(metamodel, Store::memory(), Clock::System, &settings.limits).expect("opens");
    match elements {
        Some(elements) => generate_into(&workspace, elements, 1, |_| ()).expect("sound"),
        None => drop(files::load_sample(&workspace).expect("sound")),
    }
    actix_web::rt::System::new().block_on(async {
        Application::build(settings, workspace).expect("starts").run().await.expect("runs");
    });
}
