//! The real application on a free port, over a model in memory.

use std::sync::OnceLock;

use ezu::application::{Workspace, files};
use ezu::domain::clock::Clock;
use ezu::settings::Settings;
use ezu::startup::Application;
use ezu::storage::Store;
use serde_json::Value as Json;

/// A running service; it ends with the test process.
pub struct Service {
    pub base: String,
    pub port: u16,
    agent: ureq::Agent,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub text: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The problem's code; fails unless this is a problem.
    pub fn code(&self) -> String {
        let json = self.json();
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        assert_eq!(json["status"], self.status, "{}", self.text);
        json["code"].as_str().unwrap_or_else(|| panic!("{}", self.text)).to_owned()
    }

    /// A header; empty if it is not sent.
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned()
    }
}

/// A service of its own with the reference city.
pub fn city() -> Service {
    start(Settings::default(), true)
}

/// A service with settings of its own.
pub fn start(mut settings: Settings, sample: bool) -> Service {
    settings.server.port = 0;
    settings.server.workers = 2;
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let metamodel = files::load_metamodel(settings.metamodel.as_deref()).expect("sound");
        let workspace = Workspace::open(metamodel, Store::memory(), Clock::System, &settings.limits).expect("opens");
        if sample {
            files::load_sample(&workspace).expect("the sample is sound");
        }
        actix_web::rt::System::new().block_on(async move {
            let application = Application::build(settings, workspace).expect("starts");
            sender.send(application.port).expect("the test waits");
            application.run().await.expect("runs");
        });
    });
    let port = receiver.recv().expect("the service starts");
    let config = ureq::Agent::config_builder().http_status_as_error(false).build();
    Service { base: format!("http://127.0.0.1:{port}"), port, agent: config.into() }
}

/// One service for tests that only read.
pub fn shared_city() -> &'static Service {
    static SERVICE: OnceLock<Service> = OnceLock::new();
    SERVICE.get_or_init(city)
}

impl Service {
    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(request.call().expect("an answer"))
    }

    pub fn post(&self, path: &str, body: &Json) -> Answer {
        self.send("POST", path, &[("content-type", "application/json")], body.to_string().as_bytes())
    }

    pub fn patch(&self, path: &str, body: &Json) -> Answer {
        self.send("PATCH", path, &[("content-type", "application/json")], body.to_string().as_bytes())
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], b"")
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(self.agent.run(request.body(body).expect("a request")).expect("an answer"))
    }

    /// The body as bytes.
    pub fn bytes(&self, path: &str) -> Vec<u8> {
        let mut response = self.agent.get(format!("{}{path}", self.base)).call().expect("an answer");
        response.body_mut().with_config().limit(256 << 20).read_to_vec().expect("a body")
    }

    /// The newest revision.
    pub fn revision(&self) -> u64 {
        self.get("/readyz").json()["revision"].as_u64().expect("a number")
    }
}

fn answer(mut response: ureq::http::Response<ureq::Body>) -> Answer {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.body_mut().with_config().limit(256 << 20).read_to_vec().expect("a body");
    Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes }
}

/// A text as part of an address.
pub fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
