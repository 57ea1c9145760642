use contracts::dictionary::v1::{GetChangeRequestRequest, GetChangeRequestResponse};
use platform::access::Caller;

use super::{Matter, id};
use crate::{Dictionary, Error};

impl Dictionary {
    /// Reads one change request, with what is still needed before it can be approved.
    pub(crate) async fn change(
        &self,
        caller: &Caller,
        request: GetChangeRequestRequest,
    ) -> Result<GetChangeRequestResponse, Error> {
        let tx = self.database.read(caller).await?;
        let matter = Matter::find(&tx, id(&request.id)?).await?;
        Ok(GetChangeRequestResponse { change_request: Some(matter.shown(&tx).await?) })
    }
}
