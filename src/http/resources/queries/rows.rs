//! Rows as they come: NDJSON, a line a row.
//!
//! The first line names the columns, the revision and the day; the last one holds the statistics, or the problem that
//! ended the answer early. A reader that sees neither knows that the answer broke off.

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::Bytes;
use futures_util::stream;
use serde::Serialize;
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::Cancel;
use super::showing::{problem, statistics};
use super::written::Row;
use crate::application::queries::{ReadyQuery, write_within};
use crate::http::outlet::{self, NobodyReads};
use crate::http::state::Shared;
use crate::query::QueryError;

/// How much is sent at once, in bytes.
const CHUNK: usize = 16 << 10;
/// How many chunks may wait for the reader; the query waits with them.
const WAITING: usize = 8;

/// Streams the rows of a query; it stops when nobody reads any more.
pub(super) fn stream(state: &Shared, ready: ReadyQuery, text: String, permit: OwnedSemaphorePermit) -> HttpResponse {
    let (sender, mut receiver) = mpsc::channel::<Bytes>(WAITING);
    let (cancel, flag) = Cancel::new();
    let shared = state.clone();
    // Not awaited: it ends by itself when the rows, the reader or the budget are at an end.
    drop(actix_web::web::block(move || {
        let _permit = permit;
        let patience = Duration::from_millis(shared.settings.limits.query_milliseconds);
        let mut lines = Lines { sender, waiting: Vec::new(), most: ready.memory(), patience, refused: None };
        let columns: Vec<&str> = ready.columns().iter().map(|name| &**name).collect();
        let head =
            json!({"columns": columns, "revision": ready.view.revision(), "date": ready.view.date().to_string()});
        if lines.add(&head).is_break() {
            return;
        }
        let mut rows = 0;
        let graph = ready.graph();
        let ended = ready.stream(&shared.settings.limits, Some(&flag), &mut |row| {
            rows += 1;
            lines.add(&Row::new(&row, &graph))
        });
        let last = match lines.refused.take().map_or(ended, Err) {
            Ok(used) => json!({"statistics": statistics(rows, &used)}),
            Err(error) => json!({"problem": problem(&error, &text)}),
        };
        let _ = lines.add(&last);
        let _ = lines.send();
    }));
    let body = stream::poll_fn(move |context| {
        let _keep = &cancel;
        receiver.poll_recv(context).map(|chunk| chunk.map(Ok::<_, Infallible>))
    });
    HttpResponse::Ok().content_type("application/x-ndjson").streaming(body)
}

/// Lines on their way to the reader.
struct Lines {
    sender: mpsc::Sender<Bytes>,
    waiting: Vec<u8>,
    /// How many bytes one line may have.
    most: u64,
    /// How long a reader may take nothing: it holds the place of another query.
    patience: Duration,
    /// Why a line could not be added.
    refused: Option<QueryError>,
}

impl Lines {
    /// Adds a line; breaks when it is too long, or nobody reads any more.
    fn add(&mut self, line: &impl Serialize) -> ControlFlow<()> {
        if let Err(error) = write_within(&mut self.waiting, line, self.most) {
            self.refused = Some(error);
            return ControlFlow::Break(());
        }
        self.waiting.push(b'\n');
        if self.waiting.len() < CHUNK { ControlFlow::Continue(()) } else { self.send() }
    }

    fn send(&mut self) -> ControlFlow<()> {
        let chunk = std::mem::take(&mut self.waiting);
        match outlet::pass(&self.sender, chunk.into(), self.patience) {
            Ok(()) => ControlFlow::Continue(()),
            Err(NobodyReads) => ControlFlow::Break(()),
        }
    }
}
