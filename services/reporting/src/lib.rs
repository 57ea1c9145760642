//! Reporting: figures that leaders can act on, each of which re-runs to the same number.
//!
//! The contract is designed as a whole and every method of it is marked `planned`: the gate
//! authorizes a call and then answers UNIMPLEMENTED with the contract's own reason, so nothing here
//! answers for work that is not done. Absent: everything else.

use contracts::reporting::v1::reporting_service_server::{
    ReportingService, ReportingServiceServer,
};
use futures::future::BoxFuture;
use platform::{Env, Mounted, StartError};

/// The service, without a state so far.
#[derive(Debug)]
pub struct Reporting;

#[tonic::async_trait]
impl ReportingService for Reporting {}

/// Joins a process.
pub fn mount(_: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    Box::pin(async { Ok(Mounted::new("reporting").grpc(ReportingServiceServer::new(Reporting))) })
}
