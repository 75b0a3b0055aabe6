//! The one place that knows everything: settings in, a running service out.

use std::io::Write as _;
use std::net::{IpAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;

use crate::application::files::{LoadError, load_metamodel, load_questions, load_rules, load_sample};
use crate::application::findings::Rulebook;
use crate::application::imports::WaitingImports;
use crate::application::questions::QuestionBook;
use crate::application::{OpenError, Workspace};
use crate::domain::clock::Clock;
use crate::http::{self, HttpMetrics, State};
use crate::settings::Settings;
use crate::storage::{StorageOptions, Store};

/// Why ezu does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The model cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The sample cannot be loaded.
    #[error("the sample city cannot be loaded: {0}")]
    Sample(String),
    /// The address cannot be used.
    #[error("{0}")]
    Address(String),
    /// The operating system refuses.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// A service that is ready to run.
pub struct Application {
    /// The port it listens on.
    pub port: u16,
    /// The host it listens on.
    pub host: String,
    /// The model.
    pub workspace: Arc<Workspace>,
    server: Server,
}

impl Application {
    /// Takes the address for a workspace. Must be called where an actix system runs.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn build(settings: Settings, workspace: Workspace) -> Result<Self, StartError> {
        let listener = listen(&settings)?;
        let (host, port) = (settings.server.host.clone(), listener.local_addr()?.port());
        let workspace = Arc::new(workspace);
        let rules = load_rules(&workspace.metamodel(), settings.rules.as_deref())?;
        let questions = load_questions(&workspace.metamodel(), &rules, settings.questions.as_deref())?;
        let rulebook = Arc::new(Rulebook::new(rules));
        let questions = QuestionBook::new(questions, Arc::clone(&rulebook), &settings.limits);
        let openapi = http::document(&workspace.metamodel()).to_string().into();
        let imports = WaitingImports::new(&settings);
        imports.tidy(workspace.clock().now());
        let turns = settings.limits.queries_at_once.max(1);
        let state = State {
            queries: Arc::new(tokio::sync::Semaphore::new(turns)),
            workspace: Arc::clone(&workspace),
            imports: Arc::new(imports),
            settings: Arc::new(settings),
            metrics: Arc::new(HttpMetrics::default()),
            openapi,
            rulebook,
            questions: Arc::new(questions),
        };
        scrub_in_background(&workspace)?;
        let server = http::serve(state, listener)?;
        Ok(Self { port, host, workspace, server })
    }

    /// Answers until it is told to stop (Ctrl-C, SIGTERM), then lets running writes finish.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub async fn run(self) -> std::io::Result<()> {
        let done = self.server.await;
        self.workspace.close();
        done
    }

    /// For stopping it from another task.
    pub fn handle(&self) -> actix_web::dev::ServerHandle {
        self.server.handle()
    }
}

/// Opens the ledger and, if it is wanted and the model is empty, loads the reference city.
///
/// # Errors
/// [`StartError`].
pub fn prepare(settings: &Settings, sample: bool) -> Result<Workspace, StartError> {
    let workspace = open_workspace(settings)?;
    if sample {
        load_sample(&workspace).map_err(|error| StartError::Sample(describe(&error)))?;
    }
    Ok(workspace)
}

/// Opens the ledger of the data folder and builds its model.
///
/// # Errors
/// When the metamodel is faulty or the ledger cannot be read.
pub fn open_workspace(settings: &Settings) -> Result<Workspace, OpenError> {
    let metamodel = load_metamodel(settings.metamodel.as_deref())?;
    let (store, report) = Store::open(&settings.data, &StorageOptions::default())?;
    tracing::info!(?report, "the ledger is open");
    Workspace::open(metamodel, store, Clock::System, &settings.limits)
}

/// How often a part of the ledger is read again, and how much of it. A copy that failed is built anew at such a time.
const SCRUB_EVERY: Duration = Duration::from_secs(10);
const SCRUB_BYTES: u64 = 1 << 20;

/// Reads the ledger again, slowly and for ever, so that a copy that rots is mended while the other is whole.
fn scrub_in_background(workspace: &Arc<Workspace>) -> std::io::Result<()> {
    let workspace = Arc::downgrade(workspace);
    let work = move || loop {
        std::thread::sleep(SCRUB_EVERY);
        let Some(workspace) = workspace.upgrade() else { return };
        let report = workspace.store().scrub_step(SCRUB_BYTES);
        for repaired in &report.repaired {
            tracing::warn!(repaired, "the ledger was mended from the other copy");
        }
        for problem in &report.problems {
            tracing::error!(problem, "the ledger has a fault that cannot be mended");
        }
    };
    std::thread::Builder::new().name("ezu-scrub".into()).spawn(work).map(drop)
}

fn describe(error: &LoadError) -> String {
    match error {
        LoadError::Problems(problems) => {
            problems.iter().take(5).map(ToString::to_string).collect::<Vec<_>>().join("\n")
        }
        LoadError::Write(error) => error.to_string(),
    }
}

fn listen(settings: &Settings) -> Result<TcpListener, StartError> {
    let server = &settings.server;
    let cannot = |reason: &dyn std::fmt::Display| {
        StartError::Address(format!("cannot listen on {}:{}: {reason}", server.host, server.port))
    };
    let host = server.host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<_> = (host, server.port).to_socket_addrs().map_err(|error| cannot(&error))?.collect();
    let remote: Vec<IpAddr> = addresses.iter().map(std::net::SocketAddr::ip).filter(|ip| !ip.is_loopback()).collect();
    if !remote.is_empty() && !server.allow_remote {
        return Err(cannot(&"other computers can reach this address; say --allow-remote if that is meant"));
    }
    if !remote.is_empty() {
        tracing::warn!(
            "other computers can reach ezu, and there is no sign-in yet: whoever reaches it can read and write"
        );
    }
    TcpListener::bind(&addresses[..]).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => cannot(&"the port is taken; choose another with --port"),
        _ => cannot(&error),
    })
}

/// Runs the service until it is told to stop.
///
/// # Errors
/// [`StartError`].
pub fn serve(settings: Settings, sample: bool) -> Result<(), StartError> {
    let workspace = prepare(&settings, sample)?;
    actix_web::rt::System::new().block_on(async move {
        let application = Application::build(settings, workspace)?;
        let counts = application.workspace.current().counts();
        // Nobody may be listening on standard output any more; the service goes on.
        let _ = writeln!(
            std::io::stdout(),
            "ezu http://{}:{}/docs/\nrevision {}, {} elements, {} relationships",
            application.host,
            application.port,
            application.workspace.current().revision(),
            counts.elements,
            counts.relationships
        );
        Ok(application.run().await?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(host: &str) -> Settings {
        let mut settings = Settings::default();
        settings.server.host = host.to_owned();
        settings.server.port = 0;
        settings
    }

    #[test]
    fn an_address_that_others_can_reach_needs_a_word() {
        assert!(listen(&settings("127.0.0.1")).is_ok());
        let refused = listen(&settings("0.0.0.0")).expect_err("others can reach it").to_string();
        assert!(refused.contains("--allow-remote"), "{refused}");
        let mut allowed = settings("0.0.0.0");
        allowed.server.allow_remote = true;
        assert!(listen(&allowed).is_ok());
    }

    #[test]
    fn a_taken_port_is_told() {
        let first = listen(&settings("127.0.0.1")).expect("a free port");
        let mut second = settings("127.0.0.1");
        second.server.port = first.local_addr().expect("an address").port();
        let refused = listen(&second).expect_err("taken").to_string();
        assert!(refused.contains("--port"), "{refused}");
    }
}
