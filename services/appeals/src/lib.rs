//! Appeals: filed inside the payer's window, complete, signed off, and measured.
//!
//! The contract is designed as a whole and every method of it is marked `planned`: the gate
//! authorizes a call and then answers UNIMPLEMENTED with the contract's own reason, so nothing here
//! answers for work that is not done. Absent: everything else.

use contracts::appeals::v1::appeals_service_server::{AppealsService, AppealsServiceServer};
use futures::future::BoxFuture;
use platform::{Env, Mounted, StartError};

/// The service, without a state so far.
#[derive(Debug)]
pub struct Appeals;

#[tonic::async_trait]
impl AppealsService for Appeals {}

/// Joins a process.
pub fn mount(_: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    Box::pin(async { Ok(Mounted::new("appeals").grpc(AppealsServiceServer::new(Appeals))) })
}
