use chrono::{DateTime, Utc};
use contracts::identity::v1 as pb;
use filter::{self, Op, Term};
use platform::access::Caller;
use platform::audit::{self, Column, Disclosure, Ledger};
use platform::rejection::Fault;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Condition, SimpleExpr};
use uuid::Uuid;

use crate::error::Error;
use crate::listing::Listing;
use crate::{Identity, render};

impl Identity {
    /// Lists the tenant's audit trail, newest first; the read itself is recorded before it is
    /// answered.
    pub(crate) async fn list_audit_events(
        &self,
        caller: &Caller,
        request: pb::ListAuditEventsRequest,
    ) -> Result<pb::ListAuditEventsResponse, Error> {
        let narrow = narrow(&request.filter)?;
        let (size, token) = (request.page_size, &request.page_token);
        let listing = Listing::of(&self.keys, caller, size, token, &request.filter)?;
        let after = listing.after.as_deref().map(Uuid::try_parse).transpose();
        let after = after.map_err(|_| Fault::PageToken)?;
        let tx = self.database.read(caller).await?;
        let mut rows = audit::page(&tx, narrow, after, listing.limit()).await?;
        drop(tx);
        let next_page_token = listing.cut(&mut rows, |row| row.id.to_string());
        let fields = vec!["identity.audit_events".to_owned()];
        let what = Disclosure { fields, ..Disclosure::default() };
        Ledger::new(self.database.clone()).disclosed(caller, &what).await?;
        let audit_events = rows.into_iter().map(render::audit_event).collect::<Result<_, _>>()?;
        Ok(pb::ListAuditEventsResponse { audit_events, next_page_token })
    }
}

fn narrow(text: &str) -> Result<Condition, Fault> {
    let wanted = "knows actor, client_id, rpc, kind and record_id with =, and occurred_at with \
                  >= and < and an instant as in RFC 3339";
    filter::all(text, |term| meant(term).ok_or_else(|| wanted.to_owned()))
}

fn meant(term: &Term) -> Option<SimpleExpr> {
    let value = term.value.as_str();
    let instant = || DateTime::parse_from_rfc3339(value).ok().map(|at| at.with_timezone(&Utc));
    match (term.field.as_str(), term.op) {
        ("actor", Op::Equal) => Some(Column::Actor.eq(value)),
        ("client_id", Op::Equal) => Some(Column::Client.eq(value)),
        ("rpc", Op::Equal) => Some(Column::Rpc.eq(value)),
        ("kind", Op::Equal) => {
            pb::AuditEventKind::from_str_name(&format!("AUDIT_EVENT_KIND_{value}"))
                .map(|_| Column::Kind.eq(value.to_ascii_lowercase()))
        }
        // The list is JSON; a UUID holds nothing that LIKE would read as a pattern.
        ("record_id", Op::Equal) => {
            let id = Uuid::try_parse(value).ok()?;
            Some(Column::Records.contains(format!("\"{id}\"")))
        }
        ("occurred_at", Op::AtLeast) => Some(Column::RecordedAt.gte(instant()?)),
        ("occurred_at", Op::Less) => Some(Column::RecordedAt.lt(instant()?)),
        _ => None,
    }
}
