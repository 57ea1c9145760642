//! What a process sends to its collector: spans and counts by permission, and no patient.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use contracts::access::v1::Role;
use contracts::identity::v1::CreateTeamRequest;
use contracts::routing::v1::{ListWorkItemsRequest, RemittancePurpose};
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use tests::{Group, NewGroup, served, upload_parts};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Code, Request, Response, Status};

use crate::canaries::{CANARIES, file, sung};
use crate::ledger::Ledger;
use crate::process::{Process, free_address, world_of_now};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
/// Everything that was sent to a collector.
#[derive(Clone, Default)]
struct Collector {
    traces: Arc<Mutex<Vec<ExportTraceServiceRequest>>>,
    metrics: Arc<Mutex<Vec<ExportMetricsServiceRequest>>>,
}

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        self.traces.lock().unwrap().push(request.into_inner());
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl MetricsService for Collector {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        self.metrics.lock().unwrap().push(request.into_inner());
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

impl Collector {
    /// Listens as long as `running` lives.
    async fn listening(running: &mut JoinSet<()>) -> (Self, SocketAddr) {
        let collector = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tonic::transport::Server::builder()
            .add_service(TraceServiceServer::new(collector.clone()))
            .add_service(MetricsServiceServer::new(collector.clone()))
            .serve_with_incoming(TcpListenerStream::new(listener));
        running.spawn(async { server.await.unwrap() });
        (collector, address)
    }

    fn spans(&self) -> Vec<Span> {
        let traces = self.traces.lock().unwrap();
        let resources = traces.iter().flat_map(|request| &request.resource_spans);
        let scopes = resources.flat_map(|resource| &resource.scope_spans);
        scopes.flat_map(|scope| scope.spans.clone()).collect()
    }

    /// The names of the services that sent anything.
    fn senders(&self) -> BTreeSet<String> {
        let traces = self.traces.lock().unwrap();
        let metrics = self.metrics.lock().unwrap();
        let of_traces = traces.iter().flat_map(|r| &r.resource_spans).map(|r| &r.resource);
        let of_metrics = metrics.iter().flat_map(|r| &r.resource_metrics).map(|r| &r.resource);
        of_traces
            .chain(of_metrics)
            .map(|resource| text(&resource.as_ref().unwrap().attributes, "service.name").unwrap())
            .collect()
    }

    /// The last count of calls, and of times taken, by permission and code.
    fn calls(&self) -> BTreeMap<(String, i64), (u64, u64)> {
        let metrics = self.metrics.lock().unwrap();
        let mut calls = BTreeMap::<_, (u64, u64)>::new();
        let resources = metrics.iter().flat_map(|request| &request.resource_metrics);
        let scopes = resources.flat_map(|resource| &resource.scope_metrics);
        for metric in scopes.flat_map(|scope| &scope.metrics) {
            match (metric.name.as_str(), metric.data.as_ref().unwrap()) {
                ("overturn.rpc.calls", Data::Sum(sum)) => {
                    for point in &sum.data_points {
                        let Some(number_data_point::Value::AsInt(count)) = point.value else {
                            panic!("a count is whole");
                        };
                        calls.entry(labels(&point.attributes)).or_default().0 =
                            u64::try_from(count).unwrap();
                    }
                }
                ("overturn.rpc.duration", Data::Histogram(times)) => {
                    for point in &times.data_points {
                        calls.entry(labels(&point.attributes)).or_default().1 = point.count;
                    }
                }
                (other, _) => panic!("nobody said that {other} is sent"),
            }
        }
        calls
    }

    /// Every byte that was sent.
    fn bytes(&self) -> Vec<u8> {
        let mut all = Vec::new();
        for request in self.traces.lock().unwrap().iter() {
            request.encode(&mut all).unwrap();
        }
        for request in self.metrics.lock().unwrap().iter() {
            request.encode(&mut all).unwrap();
        }
        all
    }
}

fn value<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a Value> {
    let found = attributes.iter().find(|attribute| attribute.key == key)?;
    found.value.as_ref()?.value.as_ref()
}

fn text(attributes: &[KeyValue], key: &str) -> Option<String> {
    match value(attributes, key)? {
        Value::StringValue(text) => Some(text.clone()),
        other => panic!("{key} is {other:?}"),
    }
}

/// A measurement has these two labels and no other.
fn labels(attributes: &[KeyValue]) -> (String, i64) {
    assert_eq!(attributes.len(), 2, "{attributes:?}");
    let Some(Value::IntValue(code)) = value(attributes, "code") else { panic!("no code") };
    (text(attributes, "permission").unwrap(), *code)
}

/// One upload, three lists of a caller's trace, and two refusals.
async fn call(address: SocketAddr, token: &str, group: &Group) {
    let channel = served::connection(address);
    let mut routing = served::routing(&channel, token);
    let bytes = file(&group.npi, "TOLD").into_bytes();
    let parts = upload_parts("QXLASTNAME.835", &bytes, RemittancePurpose::Live);
    routing.upload_remittance(tokio_stream::iter(parts)).await.unwrap();
    for _ in 0..3 {
        let mut listing = Request::new(ListWorkItemsRequest::default());
        let parent = format!("00-{TRACE}-b7ad6b7169203331-01");
        listing.metadata_mut().insert("traceparent", parent.parse().unwrap());
        let listed = routing.list_work_items(listing).await.unwrap().into_inner();
        assert_eq!(listed.work_items.len(), 1);
    }
    let filter = "patient_control_number = \"QXPCN0001\" AND nothing = QXMEMBER01".to_owned();
    let asking = ListWorkItemsRequest { filter, ..ListWorkItemsRequest::default() };
    let refused = routing.list_work_items(asking).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    let mut identity = served::identity(&channel, token);
    let refused = identity.create_team(CreateTeamRequest::default()).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spans_and_counts_reach_a_collector_and_no_patient_does() {
    let mut running = JoinSet::new();
    let (collector, at) = Collector::listening(&mut running).await;
    let (world, _) = world_of_now(&[]).await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let token = group.token(&world, Role::Specialist).await;
    let ledger = Ledger::of(world.store()).await;

    let (address, endpoint) = (free_address(), format!("http://{at}"));
    let options = [("TELEMETRY__OTLP_ENDPOINT", endpoint.as_str()), ("TELEMETRY__LEVEL", "trace")];
    let server = Process::start(address, world.store(), &options);
    call(address, &token, &group).await;
    // The end of a process flushes what the intervals have not sent.
    let (status, _) = server.terminate();
    assert!(status.success(), "{status}");

    assert_eq!(collector.senders(), BTreeSet::from(["overturn".to_owned()]));
    let spans = collector.spans();
    let plain = |c: char| c.is_ascii_lowercase() || c == '_' || c == '.';
    for span in &spans {
        // A permission or a duty, both written in the code.
        assert!(span.name.chars().all(plain), "a span is named {}", span.name);
    }
    let named = |name: &str| spans.iter().filter(|span| span.name == name).collect::<Vec<_>>();
    assert_eq!(named("routing.upload_remittance").len(), 1);
    assert_eq!(named("identity.create_team").len(), 1);
    let lists = named("routing.list_work_items");
    assert_eq!(lists.len(), 4);
    let of_caller = |span: &&&Span| {
        span.trace_id.iter().map(|byte| format!("{byte:02x}")).collect::<String>() == TRACE
    };
    assert_eq!(lists.iter().filter(of_caller).count(), 3, "a caller's trace goes on");
    for span in lists {
        assert_eq!(text(&span.attributes, "tenant.id").as_ref(), Some(&group.tenant_id));
        let path = "/overturn.routing.v1.RoutingService/ListWorkItems";
        assert_eq!(text(&span.attributes, "rpc.method").as_deref(), Some(path));
    }
    let calls = collector.calls();
    for (permission, code, count) in [
        ("routing.upload_remittance", Code::Ok, 1),
        ("routing.list_work_items", Code::Ok, 3),
        ("routing.list_work_items", Code::InvalidArgument, 1),
        ("identity.create_team", Code::PermissionDenied, 1),
    ] {
        let counted = calls.get(&(permission.to_owned(), i64::from(code as i32)));
        assert_eq!(counted, Some(&(count, count)), "{permission} {code:?} in {calls:?}");
    }

    let mut sent = collector.bytes();
    assert_eq!(sung(&sent), [""; 0]);
    // Controls: the patient was there to be told of, and would have been heard.
    let stored = format!("{:?}", ledger.rows(&group.tenant_id).await);
    assert!(stored.contains("QXLASTNAME") && stored.contains("QXPCN0001"));
    sent.extend_from_slice(CANARIES[0].as_bytes());
    assert_eq!(sung(&sent), [CANARIES[0]]);
}
