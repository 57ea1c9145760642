use contracts::appeals::v1::{ListPeerToPeersRequest, ListPeerToPeersResponse};
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::Fault;

use crate::face::{self, id_in};
use crate::store;
use crate::{Appeals, Error};

impl Appeals {
    /// Lists the calls between physicians about a claim, the first one first.
    ///
    /// # Errors
    /// When a field is no good, or the database fails.
    pub(crate) async fn list_peer_to_peers(
        &self,
        caller: &Caller,
        request: ListPeerToPeersRequest,
    ) -> Result<ListPeerToPeersResponse, Error> {
        let case = id_in("case_id", &request.case_id)?;
        let pager = Pager::new(&self.keys, caller, &[&request.case_id]);
        let size = page::size(request.page_size);
        let after = pager.read(&request.page_token)?;
        let after = after.map(|bytes| uuid::Uuid::from_slice(&bytes));
        let after = after.transpose().map_err(|_| Fault::PageToken)?;
        let tx = self.database.read(caller).await?;
        let rows = store::peer_to_peers(&tx, case, after, size + 1).await?;
        let page = page::cut(rows, size, &pager, |row| row.id.as_bytes().to_vec());
        Ok(ListPeerToPeersResponse {
            peer_to_peers: page.rows.iter().map(face::peer_to_peer).collect(),
            next_page_token: page.next,
        })
    }
}
