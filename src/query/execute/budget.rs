//! What a query may use, and what it has used.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::query::error::{ErrorDetail, ErrorKind, QueryError};

/// What a query may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Time from start to end.
    pub time: Duration,
    /// Rows of the answer.
    pub rows: u64,
    /// Bytes held at once by lists, groups and sorted rows; an estimate. Kept rows are counted for themselves.
    pub memory: u64,
    /// Steps along relationships, nodes looked at and items gone through.
    pub expansions: u64,
    /// The longest list or text that one function may make, in items or bytes.
    pub longest: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(30),
            rows: 1_000_000,
            memory: 512 << 20,
            expansions: 1_000_000_000,
            longest: 10_000_000,
        }
    }
}

impl Limits {
    /// The tighter of both in every respect.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        Self {
            time: self.time.min(other.time),
            rows: self.rows.min(other.rows),
            memory: self.memory.min(other.memory),
            expansions: self.expansions.min(other.expansions),
            longest: self.longest.min(other.longest),
        }
    }
}

/// How much work passes between two looks at the clock: well under a millisecond.
const LOOK_EVERY: u64 = 1024;

/// What one query has used.
pub(super) struct Budget<'a> {
    limits: Limits,
    started: Instant,
    expansions: Cell<u64>,
    next_look: Cell<u64>,
    memory: Cell<u64>,
    rows: Cell<u64>,
    cancelled: Option<&'a AtomicBool>,
}

impl<'a> Budget<'a> {
    pub(super) fn new(limits: Limits, cancelled: Option<&'a AtomicBool>) -> Self {
        Self {
            limits,
            started: Instant::now(),
            expansions: Cell::new(0),
            next_look: Cell::new(LOOK_EVERY.min(limits.expansions)),
            memory: Cell::new(0),
            rows: Cell::new(0),
            cancelled,
        }
    }

    /// Steps taken so far.
    pub(super) fn expansions(&self) -> u64 {
        self.expansions.get()
    }

    /// How long it has run.
    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// One more step.
    #[inline]
    pub(super) fn step(&self, operation: &'static str) -> Result<(), Box<QueryError>> {
        let count = self.expansions.get() + 1;
        self.expansions.set(count);
        if count < self.next_look.get() { Ok(()) } else { self.look(operation) }
    }

    /// Many more steps, taken at once.
    pub(super) fn steps(&self, count: u64, operation: &'static str) -> Result<(), Box<QueryError>> {
        let count = self.expansions.get().saturating_add(count);
        self.expansions.set(count);
        if count < self.next_look.get() { Ok(()) } else { self.look(operation) }
    }

    #[cold]
    fn look(&self, operation: &'static str) -> Result<(), Box<QueryError>> {
        let count = self.expansions.get();
        self.next_look.set((count + LOOK_EVERY).min(self.limits.expansions.max(count + 1)));
        if self.cancelled.is_some_and(|cancelled| cancelled.load(Ordering::Relaxed)) {
            return Err(cancelled());
        }
        if count >= self.limits.expansions {
            return Err(self.exceeded(
                ErrorDetail::ExpansionLimit,
                operation,
                &format!("it took more than {} steps", self.limits.expansions),
            ));
        }
        self.time(operation)
    }

    fn time(&self, operation: &'static str) -> Result<(), Box<QueryError>> {
        if self.started.elapsed() <= self.limits.time {
            return Ok(());
        }
        let message = format!("it took longer than {} ms", self.limits.time.as_millis());
        Err(self.exceeded(ErrorDetail::TimeLimit, operation, &message))
    }

    /// More bytes are held.
    pub(super) fn hold(&self, bytes: usize, operation: &'static str) -> Result<(), Box<QueryError>> {
        let held = self.memory.get().saturating_add(bytes as u64);
        self.memory.set(held);
        if held <= self.limits.memory {
            return Ok(());
        }
        let message = format!("it held more than {} bytes", self.limits.memory);
        Err(self.exceeded(ErrorDetail::MemoryLimit, operation, &message))
    }

    /// Bytes are given back.
    pub(super) fn release(&self, bytes: usize) {
        self.memory.set(self.memory.get().saturating_sub(bytes as u64));
    }

    /// One more row of the answer.
    pub(super) fn row(&self) -> Result<(), Box<QueryError>> {
        let count = self.rows.get() + 1;
        self.rows.set(count);
        if count <= self.limits.rows {
            return Ok(());
        }
        let message = format!("the answer has more than {} rows", self.limits.rows);
        Err(self.exceeded(ErrorDetail::RowLimit, "Result", &message))
    }

    /// The longest list or text that one function may make.
    pub(super) fn longest(&self) -> usize {
        self.limits.longest
    }

    fn exceeded(&self, detail: ErrorDetail, operation: &'static str, what: &str) -> Box<QueryError> {
        let message = format!("the query was stopped in {operation}: {what}; {}", advice(detail, operation));
        Box::new(QueryError::runtime(ErrorKind::BudgetExceeded, detail, message))
    }
}

/// What would help, by what ran away.
fn advice(detail: ErrorDetail, operation: &str) -> &'static str {
    match (detail, operation) {
        (ErrorDetail::RowLimit, _) => "add LIMIT, or count instead of listing",
        (ErrorDetail::MemoryLimit, "Sort") => "add LIMIT behind ORDER BY, so that only the first rows are kept",
        (ErrorDetail::MemoryLimit, _) => "group by less, or limit the rows before they are gathered",
        (_, "ExpandPaths") => "give the path a limit (*1..5), or ask for RETURN DISTINCT of its ends only",
        (_, "AllNodes" | "NodesByLabel" | "NodeSeek") => {
            "connect the patterns with a relationship or an id, so that not everything is combined with everything"
        }
        _ => "name a kind or an id at one end of the pattern, or add LIMIT; EXPLAIN shows the plan",
    }
}

fn cancelled() -> Box<QueryError> {
    let message = "the query was stopped because nobody waits for its answer any more";
    Box::new(QueryError::runtime(ErrorKind::Cancelled, ErrorDetail::Stopped, message))
}
