use contracts::routing::v1 as pb;

use super::values::{date, id, money, timestamp};
use super::words::listed;
use ledger::reading::take_backs::TakeBack;

/// A pair of a PLB segment.
pub(crate) fn take_back(row: &TakeBack) -> pb::TakeBack {
    pb::TakeBack {
        id: id(row.id),
        state: listed::<pb::TakeBackState>(&row.state),
        remittance_file_id: id(row.file_id),
        byte_offset: row.byte_offset,
        trace: row.trace.clone(),
        remitted_on: Some(date(row.remit_on)),
        payer_id: id(row.payer_id),
        payer_name: row.payer_name.clone(),
        reason: row.reason.clone(),
        claim_number: row.claim_number.clone(),
        amount: Some(money(row.amount_cents)),
        case_id: id(row.case_id),
        posted_at: Some(timestamp(row.posted_at)),
    }
}
