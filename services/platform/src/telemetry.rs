//! Logs, traces and metrics about calls, never about patients.
//!
//! Logs go to standard error, one line an event. When `telemetry.otlp_endpoint` is set, spans and
//! metrics are sent there over OTLP. A span names the permission, the path of a known method, ids
//! of call, tenant and client, and the code of the answer; no message body, no header, no field of
//! a request.

use std::io::IsTerminal;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{MetricExporter, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use serde::Deserialize;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

mod meters;

pub use meters::Meters;

/// Crates that see requests and rows.
const QUIET: [&str; 10] = [
    "h2",
    "hyper",
    "hyper_util",
    "tonic",
    "tonic_web",
    "tower",
    "axum",
    "sqlx",
    "sea_orm",
    "redis",
];

/// Section `telemetry` of the configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetrySettings {
    /// The OTLP collector's gRPC address, such as `http://collector:4317`; empty sends nothing.
    pub otlp_endpoint: String,
    /// What is logged, as `info` or `warn,platform=debug`.
    pub level: String,
    /// JSON lines instead of text.
    pub json: bool,
}

impl Default for TelemetrySettings {
    fn default() -> Self {
        Self { otlp_endpoint: String::new(), level: "info".to_owned(), json: false }
    }
}

/// Why telemetry cannot start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// `telemetry.level` is no filter.
    #[error("telemetry.level is not a filter: {0}")]
    Level(#[from] tracing_subscriber::filter::ParseError),
    /// The exporter cannot be made.
    #[error("telemetry.otlp_endpoint cannot be used: {0}")]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
}

/// What was started, to be flushed at the end.
#[derive(Debug, Default)]
pub struct Telemetry {
    traces: Option<SdkTracerProvider>,
    metrics: Option<SdkMeterProvider>,
}

impl Telemetry {
    /// Starts logging and, when configured, exporting; takes the process's subscriber, so that it
    /// belongs to a binary and not to a test.
    ///
    /// # Errors
    /// When the filter or the endpoint cannot be used.
    pub fn start(settings: &TelemetrySettings) -> Result<Self, TelemetryError> {
        let filter = filter(&settings.level)?;
        let lines = tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal());
        let lines = if settings.json {
            lines.json().flatten_event(true).boxed()
        } else {
            lines.compact().with_target(false).boxed()
        };
        let registry = tracing_subscriber::registry().with(filter).with(lines);
        if settings.otlp_endpoint.is_empty() {
            // Whoever set a subscriber first (an embedding program) keeps it.
            let _ = registry.try_init();
            return Ok(Self::default());
        }
        let resource = Resource::builder().with_service_name("overturn").build();
        let spans =
            SpanExporter::builder().with_tonic().with_endpoint(&settings.otlp_endpoint).build()?;
        let traces = SdkTracerProvider::builder()
            .with_batch_exporter(spans)
            .with_resource(resource.clone())
            .build();
        let metrics = MetricExporter::builder()
            .with_tonic()
            .with_endpoint(&settings.otlp_endpoint)
            .build()?;
        let metrics = SdkMeterProvider::builder()
            .with_periodic_exporter(metrics)
            .with_resource(resource)
            .build();
        let exported = tracing_opentelemetry::layer().with_tracer(traces.tracer("overturn"));
        let _ = registry.with(exported).try_init();
        Ok(Self { traces: Some(traces), metrics: Some(metrics) })
    }

    /// The instruments of calls; without an exporter they count for nobody.
    #[must_use]
    pub fn meters(&self) -> Meters {
        Meters::new(self.metrics.as_ref())
    }

    /// Sends what is waiting, within `grace` for each kind.
    pub fn flush(&self, grace: Duration) {
        if let Some(traces) = &self.traces {
            report(traces.shutdown_with_timeout(grace));
        }
        if let Some(metrics) = &self.metrics {
            report(metrics.shutdown_with_timeout(grace));
        }
    }
}

/// What `level` says, except that the crates which carry our bytes stay quiet whatever it says:
/// their finest lines print headers, frames and bound values.
fn filter(level: &str) -> Result<EnvFilter, tracing_subscriber::filter::ParseError> {
    QUIET.iter().try_fold(EnvFilter::try_new(level)?, |filter, name| {
        Ok(filter.add_directive(format!("{name}=warn").parse()?))
    })
}

fn report(flushed: opentelemetry_sdk::error::OTelSdkResult) {
    if let Err(error) = flushed {
        tracing::warn!(%error, "telemetry could not be flushed");
    }
}

struct Headers<'h>(&'h HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

struct HeadersMut<'h>(&'h mut HeaderMap);

impl Injector for HeadersMut<'_> {
    fn set(&mut self, key: &str, value: String) {
        if let (Ok(name), Ok(value)) = (key.parse::<HeaderName>(), HeaderValue::try_from(value)) {
            self.0.insert(name, value);
        }
    }
}

/// Makes `span` a child of the trace that came with `headers` (W3C trace context).
pub(crate) fn adopt(span: &tracing::Span, headers: &HeaderMap) {
    if headers.contains_key("traceparent") {
        let context = TraceContextPropagator::new().extract(&Headers(headers));
        // Fails only when nobody exports spans; then there is nothing to be a child of.
        let _ = span.set_parent(context);
    }
}

/// Sends the current trace along.
pub(crate) fn inject(headers: &mut HeaderMap) {
    let context = tracing::Span::current().context();
    TraceContextPropagator::new().inject_context(&context, &mut HeadersMut(headers));
}

#[cfg(test)]
mod tests;
