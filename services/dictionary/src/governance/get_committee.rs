use contracts::dictionary::v1::{GetCommitteeRequest, GetCommitteeResponse};
use platform::access::Caller;

use crate::{Dictionary, Error, grpc};
use registry::committees;

impl Dictionary {
    /// Reads the committee; one without seats, and with the etag `0`, before somebody made it.
    pub(crate) async fn committee(
        &self,
        caller: &Caller,
        _: GetCommitteeRequest,
    ) -> Result<GetCommitteeResponse, Error> {
        let tx = self.database.read(caller).await?;
        let committee = match committees::find(&tx).await? {
            Some(row) => grpc::committee(row)?,
            None => grpc::no_committee(),
        };
        Ok(GetCommitteeResponse { committee: Some(committee) })
    }
}
