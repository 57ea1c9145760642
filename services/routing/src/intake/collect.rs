//! Between the reader, which pushes, and the database, which waits: claims that are to be posted.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use chrono::NaiveDate;
use claim_context::{OnRecord, on_record};
use domain::codes::Rarc;
use remitted::{rarcs, service_day, standardized};
use uuid::Uuid;
use x12::Assembled;
use x12::model::ClaimPart;

use super::facts::Governing;
use ledger::claim_document::normalized;
use ledger::transactions::Plan;
use remitted::Context;

/// Collects the parts of transactions that are planned, skipping what was posted before.
#[derive(Debug)]
pub(super) struct Collector<'a> {
    context: &'a Context,
    plan: &'a BTreeMap<i64, Plan>,
    received_on: NaiveDate,
    /// Place of the open transaction in the file; -1 before the first.
    transaction: i64,
    /// Parts of it seen so far.
    parts: i64,
    /// Claims of the file seen so far.
    claims: i64,
    governing: Option<Arc<Governing>>,
    head: Arc<Head>,
    claim_id: Option<Uuid>,
    ready: VecDeque<Ready>,
}

/// What the first part of a claim says for all its parts.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) remarks: Vec<Rarc>,
    pub(super) service_on: Option<NaiveDate>,
}

/// A part that is to be posted.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) transaction: Uuid,
    /// Place among the parts of the transaction, from 0.
    pub(super) number: i64,
    pub(super) governing: Arc<Governing>,
    pub(super) head: Arc<Head>,
    /// Place of the claim among those of the file, from 0.
    pub(super) ordinal: i64,
    /// The occurrence's id; `None` when an earlier run posted its first part.
    pub(super) claim_id: Option<Uuid>,
    /// What is decided: the part with standard codes in the place of the payer's own.
    pub(super) part: ClaimPart,
    /// The part as it came, where that is another.
    pub(super) sent: Option<ClaimPart>,
    /// What partner systems know of the claim.
    pub(super) on_record: OnRecord,
}

impl Ready {
    /// What a claim context is found by; nothing where payer or number are unknown.
    pub(super) fn context_key(&self) -> Option<claim_context::Key> {
        let key = (self.governing.payer_id(), normalized(self.part.number.reveal()));
        (!key.0.is_nil() && !key.1.is_empty()).then_some(key)
    }

    /// Notes what is known of the claim.
    pub(super) fn put_on_record(&mut self, known: &claim_context::Stored) {
        let procedures = self.part.lines.iter().map(|line| line.procedure.as_str());
        let on_record = on_record(&known.parts, self.head.service_on, procedures);
        self.on_record = OnRecord { version: known.version, ..on_record };
    }
}

/// The part as it is decided, and as it came where that is another.
pub(super) fn standard(
    context: &Context,
    governing: &Governing,
    sent: ClaimPart,
) -> (ClaimPart, Option<ClaimPart>) {
    match standardized(&context.payer_codes, governing.payer_id(), &sent) {
        Some(part) => (part, Some(sent)),
        None => (sent, None),
    }
}

impl<'a> Collector<'a> {
    pub(super) fn new(
        context: &'a Context,
        plan: &'a BTreeMap<i64, Plan>,
        received_on: NaiveDate,
    ) -> Self {
        Self {
            context,
            plan,
            received_on,
            transaction: -1,
            parts: 0,
            claims: 0,
            governing: None,
            head: Arc::default(),
            claim_id: None,
            ready: VecDeque::new(),
        }
    }

    pub(super) fn take(&mut self, assembled: Assembled<'_>) {
        match assembled {
            Assembled::Opened { .. } => {
                self.transaction += 1;
                self.parts = 0;
                self.governing = None;
            }
            Assembled::Header(header) if self.plan.contains_key(&self.transaction) => {
                self.governing = Some(Governing::of(self.context, &header, self.received_on));
            }
            Assembled::Claim(part) => self.part(part),
            Assembled::Header(_)
            | Assembled::Segment(_)
            | Assembled::Status(_)
            | Assembled::ProviderAdjustment(_)
            | Assembled::Orphan(_)
            | Assembled::Closed(_)
            | Assembled::Finding(_) => {}
        }
    }

    fn part(&mut self, sent: ClaimPart) {
        let number = self.parts;
        self.parts += 1;
        if sent.part == 0 {
            self.claims += 1;
            self.claim_id = None;
        }
        let Some(plan) = self.plan.get(&self.transaction) else { return };
        let Some(governing) = self.governing.clone() else { return };
        let (part, sent) = standard(self.context, &governing, sent);
        if part.part == 0 {
            let head = Head { remarks: rarcs(&part.remarks), service_on: service_day(&part) };
            self.head = Arc::new(head);
        }
        if number < plan.posted_parts {
            return;
        }
        if part.part == 0 {
            self.claim_id = Some(platform::ids::new());
        }
        self.ready.push_back(Ready {
            transaction: plan.id,
            number,
            governing,
            head: self.head.clone(),
            ordinal: self.claims - 1,
            claim_id: self.claim_id,
            part,
            sent,
            on_record: OnRecord::default(),
        });
    }

    /// How many parts wait.
    pub(super) fn waiting(&self) -> usize {
        self.ready.len()
    }

    /// Whether a later part waits: it is posted by itself, after what came before it.
    pub(super) fn has_later_part(&self) -> bool {
        self.ready.back().is_some_and(|ready| ready.part.part > 0)
    }

    /// The next chunk of at most `limit` parts.
    pub(super) fn chunk(&mut self, limit: usize) -> Vec<Ready> {
        let mut chunk = Vec::with_capacity(limit.min(self.ready.len()));
        while let Some(ready) = self.ready.pop_front() {
            if ready.part.part > 0 && !chunk.is_empty() {
                self.ready.push_front(ready);
                break;
            }
            let alone = ready.part.part > 0;
            chunk.push(ready);
            if alone || chunk.len() == limit {
                break;
            }
        }
        chunk
    }
}
