//! A backup, streamed while it is read.

use std::io::{self, Write};
use std::time::Duration;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get};
use futures_util::stream;
use tokio::sync::{Semaphore, mpsc};

use super::in_background;
use crate::http::outlet::{self, NobodyReads};
use crate::http::problem::{Answer, Problem, ProblemCode};
use crate::http::query::Query;
use crate::http::state::Shared;

/// How much is handed to the connection at a time, in bytes.
const CHUNK_BYTES: usize = 64 << 10;
/// How many chunks may wait for a slow reader; the backup waits with them.
const CHUNKS: usize = 8;
/// How many backups may run at a time.
static RUNNING: Semaphore = Semaphore::const_new(2);

/// Passes bytes to a connection, in chunks.
struct Outlet {
    sender: mpsc::Sender<io::Result<Bytes>>,
    chunk: Vec<u8>,
    /// How long a reader may take nothing.
    patience: Duration,
}

impl Outlet {
    fn new(sender: mpsc::Sender<io::Result<Bytes>>, patience: Duration) -> Self {
        Self { sender, chunk: Vec::with_capacity(CHUNK_BYTES), patience }
    }

    fn pass(&mut self) -> io::Result<()> {
        let chunk = std::mem::replace(&mut self.chunk, Vec::with_capacity(CHUNK_BYTES));
        outlet::pass(&self.sender, Ok(chunk.into()), self.patience)
            .map_err(|NobodyReads| io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(CHUNK_BYTES - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..taken]);
        if self.chunk.len() == CHUNK_BYTES {
            self.pass()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.chunk.is_empty() { Ok(()) } else { self.pass() }
    }
}

/// A backup
///
/// The whole ledger, proven by its hashes, while the service goes on. `ezu restore` brings it back. It is streamed: one
/// that broke off is refused by `ezu restore`. The headers name revision and hash.
#[utoipa::path(tag = "ledger", params(
    ("revision" = Option<u64>, Query, description = "Up to this revision; the newest when absent"),
), responses((status = OK, description = "The backup", body = Vec<u8>, content_type = "application/octet-stream")))]
#[get("/backup")]
pub async fn backup(state: Shared, request: HttpRequest) -> Answer {
    let mut query = Query::of(&request)?;
    let revision = query.revision("revision")?;
    query.finish()?;
    let permit = RUNNING.try_acquire().map_err(|_| {
        Problem::new(ProblemCode::TooManyRequests, "two backups are being taken already; try again when one is done")
    })?;
    let shared = state.clone();
    let head = in_background(&state, move || shared.workspace.store().backup_head(revision)).await??;
    let (sender, mut receiver) = mpsc::channel(CHUNKS);
    let from = request.peer_addr().map_or_else(|| "HTTP".to_owned(), |address| format!("HTTP, to {}", address.ip()));
    let shared = state.clone();
    let patience = Duration::from_millis(state.settings.limits.request_milliseconds);
    std::thread::Builder::new()
        .name("ezu-backup".into())
        .spawn(move || {
            let _permit = permit;
            let mut out = Outlet::new(sender.clone(), patience);
            if let Err(error) = shared.workspace.store().backup_to(&mut out, Some(head.revision), Some(&from)) {
                tracing::warn!(%error, "a backup broke off");
                // The connection ends without the end of the body, so that its reader knows.
                let _ = outlet::pass(&sender, Err(io::Error::other("the backup broke off")), patience);
            }
        })
        .map_err(|error| Problem::new(ProblemCode::Internal, error.to_string()))?;
    let name = format!("attachment; filename=\"ezu-{}.backup\"", head.revision);
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header(("ezu-revision", head.revision.to_string()))
        .insert_header(("ezu-hash", head.hash.to_string()))
        .streaming(stream::poll_fn(move |context| receiver.poll_recv(context))))
}
