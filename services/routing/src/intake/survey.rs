//! The first pass: what a file holds, and whether it may be posted. Touches nothing.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use x12::model::{Closing, Organization, Transaction};
use x12::{Assembled, Balance, Finding, FindingCode, SetKind, Severity};

use crate::intake::facts::{payer_name, payment_day, remit_day};
use ledger::document::{FindingRecord, Report, TransactionReport};
use originals::hex;
use remitted::{Alias, Context, FacilityFact, Payee, PayerFact, stated};

/// More transactions than any real file has; their rows are held in memory.
const TRANSACTIONS_MAX: usize = 50_000;

/// What the pass found.
#[derive(Debug)]
pub(super) struct Survey<'a> {
    context: &'a Context,
    received_on: NaiveDate,
    pub(super) report: Report,
    /// The 835 transactions, in file order.
    pub(super) remittances: Vec<Found<'a>>,
    /// Whether nothing of the file may be posted.
    pub(super) refused: bool,
    kinds: BTreeSet<&'static str>,
    stranger: bool,
    open: Option<Open<'a>>,
    /// Where a transaction ended without its SE, last.
    cut_at: Option<u64>,
}

/// One 835 transaction.
#[derive(Debug)]
pub(super) struct Found<'a> {
    /// Place in the file, from 0.
    pub(super) ordinal: i64,
    pub(super) offset: u64,
    pub(super) trace_offset: u64,
    pub(super) canonical_sha256: String,
    pub(super) payer: Option<&'a PayerFact>,
    pub(super) payer_name: String,
    /// Everything it says about its payer.
    pub(super) stated: Vec<Alias>,
    pub(super) trace: String,
    pub(super) paid_cents: i64,
    pub(super) remit_on: NaiveDate,
    pub(super) claims: i64,
    /// Its place in the report; `None` past the report's limit.
    pub(super) reported: Option<usize>,
}

#[derive(Debug)]
struct Open<'a> {
    ordinal: i64,
    hasher: Sha256,
    header: Option<Transaction>,
    payer: Option<&'a PayerFact>,
    facility: Option<&'a FacilityFact>,
}

impl<'a> Survey<'a> {
    pub(super) fn new(context: &'a Context, received_on: NaiveDate) -> Self {
        Self {
            context,
            received_on,
            report: Report::default(),
            remittances: Vec::new(),
            refused: false,
            kinds: BTreeSet::new(),
            stranger: false,
            open: None,
            cut_at: None,
        }
    }

    pub(super) fn take(&mut self, assembled: Assembled<'_>) {
        match assembled {
            Assembled::Opened { .. } => {
                let ordinal = self.report.counts.transactions;
                self.report.counts.transactions += 1;
                self.open = Some(Open {
                    ordinal,
                    hasher: Sha256::new(),
                    header: None,
                    payer: None,
                    facility: None,
                });
            }
            Assembled::Segment(segment) => {
                if let Some(open) = &mut self.open {
                    x12::canonical::segment(segment, &mut |bytes| open.hasher.update(bytes));
                }
            }
            Assembled::Header(header) => self.header(header),
            Assembled::Closed(closing) => self.close(&closing),
            Assembled::Finding(finding) => self.finding(&finding),
            Assembled::Claim(_)
            | Assembled::Status(_)
            | Assembled::ProviderAdjustment(_)
            | Assembled::Orphan(_) => {}
        }
    }

    /// Ends the pass; `bytes` is the size of the file.
    pub(super) fn finish(&mut self, bytes: u64) {
        if self.cut_at.is_some_and(|end| end >= bytes) && !self.refused {
            // Posted now, its claims would be posted again when the whole file arrives.
            let text = "the file ends inside a transaction; send it again whole";
            self.note("cut-short", "ERROR", (bytes, "SE"), text);
            self.refused = true;
        }
        self.report.retriable = self.stranger && !self.refused;
        self.refused |= self.stranger;
        self.report.kinds = self.kinds.iter().map(|kind| (*kind).to_owned()).collect();
    }

    /// Notes an oddity of ours.
    pub(super) fn note(
        &mut self,
        code: &str,
        severity: &str,
        (offset, segment): (u64, &str),
        message: &str,
    ) {
        self.report.finding_count += 1;
        if self.report.findings.len() < Report::FINDINGS {
            self.report.findings.push(FindingRecord {
                code: code.to_owned(),
                severity: severity.to_owned(),
                offset: i64::try_from(offset).unwrap_or(i64::MAX),
                segment: segment.to_owned(),
                message: message.to_owned(),
            });
        }
    }

    fn finding(&mut self, finding: &Finding) {
        let code = finding.code.as_str();
        let severity = match (finding.code.severity(), finding.code) {
            (Severity::Note, _) => "NOTE",
            (
                Severity::Fault,
                FindingCode::BadAmount
                | FindingCode::MissingAmount
                | FindingCode::SegmentTooLong
                | FindingCode::Truncated
                | FindingCode::BadSegmentId
                | FindingCode::BadStatus,
            )
            | (Severity::Fatal, _) => "ERROR",
            (Severity::Fault, _) => "WARNING",
        };
        self.refused |= finding.code.severity() == Severity::Fatal;
        let at = (finding.offset, finding.segment.to_string());
        self.note(code, severity, (at.0, &at.1), &finding.message());
    }

    fn header(&mut self, header: Transaction) {
        if header.kind == SetKind::Remittance {
            let payee = self.context.payee(&header.payee);
            match payee {
                Payee::Foreign => {
                    self.stranger = true;
                    self.note("payee-unknown", "ERROR", party(&header, &header.payee), STRANGER);
                }
                Payee::Unstated => {
                    let text = "no NPI or tax id says whose money this is";
                    self.note("payee-unstated", "WARNING", party(&header, &header.payee), text);
                }
                Payee::Ours(_) => {}
            }
            let payer = self.context.payer(&header);
            if payer.is_none() {
                let text = "no payer of this tenant is known by what the file says: add its name \
                            or number to a payer's aliases";
                self.note("payer-unknown", "WARNING", party(&header, &header.payer), text);
            }
            if let Some(open) = self.open.as_mut().filter(|open| open.header.is_none()) {
                open.payer = payer;
                open.facility = match payee {
                    Payee::Ours(facility) => Some(facility),
                    Payee::Foreign | Payee::Unstated => None,
                };
            }
        }
        if let Some(open) = &mut self.open {
            open.header.get_or_insert(header);
        }
    }

    fn close(&mut self, closing: &Closing) {
        let Some(open) = self.open.take() else { return };
        self.count(closing);
        if !closing.complete {
            self.cut_at = Some(closing.end);
        }
        let kind = match closing.kind {
            SetKind::Remittance => "835",
            SetKind::Status if is_acknowledgment(&open) => "277CA",
            SetKind::Status => "277",
            SetKind::Other => "other",
        };
        self.kinds.insert(kind);
        if closing.kind == SetKind::Status {
            let text = "claim statuses are kept with the original and not posted";
            self.note("status-not-posted", "NOTE", (closing.offset, "ST"), text);
        }
        let Some(header) = open.header else { return };
        let canonical_sha256 = hex(&open.hasher.finalize());
        let paid = header.payment.as_ref().and_then(|payment| payment.amount.cents());
        let difference = match closing.balance {
            Balance::Off(cents) => cents,
            Balance::Balanced | Balance::Unknown => 0,
        };
        let reported = self.report.transactions.len() < Report::TRANSACTIONS;
        let reported = reported.then_some(self.report.transactions.len());
        if reported.is_some() {
            self.report.transactions.push(TransactionReport {
                index: open.ordinal + 1,
                kind: kind.to_owned(),
                control_number: header.controls.transaction.clone(),
                payer_id: open.payer.map_or(Uuid::nil(), |payer| payer.id),
                payer_name: payer_name(&header),
                facility_id: open.facility.map_or(Uuid::nil(), |facility| facility.id),
                trace: header.trace.clone(),
                paid_on: payment_day(&header),
                payment_cents: paid.unwrap_or_default(),
                balanced: closing.balance.is_balanced(),
                difference_cents: difference,
                content_hash: canonical_sha256.clone(),
                duplicate_of: Uuid::nil(),
            });
        }
        if closing.kind != SetKind::Remittance {
            return;
        }
        if self.remittances.len() >= TRANSACTIONS_MAX {
            if !self.refused {
                let text = "more than 50,000 transactions; split the file";
                self.note("too-many-transactions", "ERROR", (closing.offset, "ST"), text);
            }
            self.refused = true;
            return;
        }
        self.remittances.push(Found {
            ordinal: open.ordinal,
            offset: closing.offset,
            trace_offset: header.trace_offset,
            canonical_sha256,
            payer: open.payer,
            payer_name: payer_name(&header),
            stated: stated(&header),
            trace: header.trace.clone(),
            paid_cents: paid.unwrap_or_default(),
            remit_on: remit_day(&header, self.received_on),
            claims: count(closing.counts.claims),
            reported,
        });
    }

    fn count(&mut self, closing: &Closing) {
        let (counts, found) = (&mut self.report.counts, &closing.counts);
        counts.claims += count(found.claims);
        counts.service_lines += count(found.service_lines);
        counts.adjustments += count(found.adjustments);
        counts.remarks += count(found.remarks);
        counts.claim_remarks += count(found.claim_remarks);
        counts.provider_adjustments += count(found.provider_adjustments);
        counts.reversals += count(found.reversals);
    }
}

/// GS08 of a claim acknowledgment, 005010X214; a status response is 005010X212.
fn is_acknowledgment(open: &Open<'_>) -> bool {
    open.header.as_ref().is_some_and(|header| header.version.contains("X214"))
}

/// What to do about money of a stranger. The numbers it came with stand at the position told.
const STRANGER: &str = "the payee is no facility of this tenant: register its NPI or tax id with a \
                        facility and send the file again, or send it to whom it belongs";

/// Where a party stands; where its transaction begins when there is none.
fn party(header: &Transaction, of: &Organization) -> (u64, &'static str) {
    if of.offset == 0 { (header.offset, "ST") } else { (of.offset, "N1") }
}

fn count(found: u64) -> i64 {
    i64::try_from(found).unwrap_or(i64::MAX)
}
