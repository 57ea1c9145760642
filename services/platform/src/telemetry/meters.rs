use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, MeterProvider};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use tonic::Code;

/// The instruments of calls; clones share them.
#[derive(Clone, Debug)]
pub struct Meters {
    calls: Counter<u64>,
    seconds: Histogram<f64>,
}

impl Meters {
    pub(super) fn new(provider: Option<&SdkMeterProvider>) -> Self {
        let meter = match provider {
            Some(provider) => provider.meter("overturn"),
            // Nobody sets the global provider: it counts for nobody.
            None => opentelemetry::global::meter("overturn"),
        };
        Self {
            calls: meter
                .u64_counter("overturn.rpc.calls")
                .with_description("Calls by permission and code")
                .build(),
            seconds: meter
                .f64_histogram("overturn.rpc.duration")
                .with_unit("s")
                .with_description("Time to the head of the answer")
                .build(),
        }
    }

    /// Counts one call. `permission` comes from the contracts, never from the request.
    pub(crate) fn called(&self, permission: &str, code: Code, took: Duration) {
        let labels = [
            KeyValue::new("permission", permission.to_owned()),
            KeyValue::new("code", i64::from(code as i32)),
        ];
        self.calls.add(1, &labels);
        self.seconds.record(took.as_secs_f64(), &labels);
    }
}
