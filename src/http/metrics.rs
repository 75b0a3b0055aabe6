//! Counters for Prometheus.

use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use super::state::State;
use crate::storage::{BATCH_BUCKETS, Health, SYNC_BUCKETS};

/// By method and class of status.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    status: u16,
}

/// Counters of requests.
#[derive(Debug)]
pub struct HttpMetrics {
    requests: Family<RequestLabels, Counter>,
    seconds: Histogram,
}

impl Default for HttpMetrics {
    fn default() -> Self {
        Self { requests: Family::default(), seconds: Histogram::new(exponential_buckets(0.0001, 4.0, 10)) }
    }
}

impl HttpMetrics {
    /// Counts an answered request.
    pub fn count(&self, method: &str, status: u16, elapsed: Duration) {
        // A method that nobody serves must not make a label of its own.
        let known = ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"];
        let method = known.into_iter().find(|name| *name == method).unwrap_or("other");
        self.requests.get_or_create(&RequestLabels { method, status }).inc();
        self.seconds.observe(elapsed.as_secs_f64());
    }
}

/// Everything that is counted, in Prometheus' text form.
pub fn render(state: &State) -> String {
    let mut registry = Registry::with_prefix("ezu");
    registry.register("http_requests", "Requests answered", state.metrics.requests.clone());
    registry.register("http_request_seconds", "Time from request to answer", state.metrics.seconds.clone());
    let gauge = |registry: &mut Registry, name: &str, help: &str, value: u64| {
        let gauge: Gauge = Gauge::default();
        gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        registry.register(name, help, gauge);
    };
    let snapshot = state.workspace.current();
    let counts = snapshot.counts();
    gauge(&mut registry, "revision", "The newest revision", snapshot.revision());
    gauge(&mut registry, "elements", "Elements in the newest revision", counts.elements as u64);
    gauge(&mut registry, "relationships", "Relationships in the newest revision", counts.relationships as u64);
    let workspace = state.workspace.metrics();
    gauge(&mut registry, "change_sets_committed", "Change sets accepted since the start", workspace.committed);
    gauge(&mut registry, "change_sets_refused", "Change sets refused since the start", workspace.refused);
    gauge(&mut registry, "write_batches", "Batches written since the start", workspace.batches);
    gauge(&mut registry, "writes_waiting", "Change sets waiting for the writer", workspace.waiting);
    let health = match state.workspace.store().health() {
        Health::Ready => 2,
        Health::Degraded { .. } => 1,
        Health::ReadOnly { .. } => 0,
    };
    gauge(&mut registry, "ledger_health", "2 ready, 1 degraded, 0 read-only", health);
    register_storage(&mut registry, state);
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = prometheus_client::encoding::text::encode(&mut text, &registry);
    text
}

/// Counts by upper bound that were made elsewhere.
#[derive(Debug)]
struct Counted {
    sum: f64,
    buckets: Vec<(f64, u64)>,
}

impl Counted {
    /// `counts` has one more than `bounds`, for what is above them all.
    fn new(sum: f64, bounds: impl Iterator<Item = f64>, counts: &[u64]) -> Self {
        Self { sum, buckets: bounds.chain([f64::MAX]).zip(counts.iter().copied()).collect() }
    }
}

impl EncodeMetric for Counted {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), std::fmt::Error> {
        let count = self.buckets.iter().map(|(_, count)| count).sum();
        encoder.encode_histogram::<NoLabelSet>(self.sum, count, &self.buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody counts to 2^53")]
fn register_storage(registry: &mut Registry, state: &State) {
    let metrics = state.workspace.store().metrics();
    let seconds = |microseconds: u64| microseconds as f64 / 1e6;
    let syncs =
        Counted::new(seconds(metrics.sync_microseconds), SYNC_BUCKETS.into_iter().map(seconds), &metrics.sync_buckets);
    registry.register("ledger_sync_seconds", "Time until a batch was on stable storage in both copies", syncs);
    let bounds = BATCH_BUCKETS.into_iter().map(|bound| bound as f64);
    let batches = Counted::new(metrics.entries as f64, bounds, &metrics.batch_buckets);
    registry.register("ledger_batch_change_sets", "Change sets written with one sync", batches);
    let metrics = serde_json::to_value(metrics).unwrap_or_default();
    let Some(fields) = metrics.as_object() else {
        return;
    };
    for (name, value) in fields {
        if let Some(number) = value.as_f64() {
            let gauge: Gauge<f64, std::sync::atomic::AtomicU64> = Gauge::default();
            gauge.set(number);
            registry.register(format!("ledger_{name}"), "See the storage room", gauge);
        }
    }
}
