use contracts::appeals::v1::{GetAppealBatchRequest, GetAppealBatchResponse};
use platform::access::Caller;
use platform::rejection::Fault;

use crate::face::{self, id_in};
use crate::{Appeals, store};

impl Appeals {
    /// Reads a batch: how many drafts it opened, and what could not be appealed, with why.
    ///
    /// # Errors
    /// [`Fault::NotFound`], or when the database fails.
    pub(crate) async fn get_appeal_batch(
        &self,
        caller: &Caller,
        request: GetAppealBatchRequest,
    ) -> Result<GetAppealBatchResponse, Fault> {
        let id = id_in("id", &request.id)?;
        let tx = self.database.read(caller).await?;
        let batch = store::batch(&tx, id).await?.ok_or(Fault::NotFound)?;
        Ok(GetAppealBatchResponse { appeal_batch: Some(face::batch(&batch)?) })
    }
}
