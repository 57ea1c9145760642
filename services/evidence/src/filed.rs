//! What is on file for claims, and what the checklists of their work make of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use claim_context::{Key, Stored};
use contracts::routing::v1::DocumentationQuality;
use domain_work::checklist::{Context, Document, OnFile, Said, Service};
use ledger::adjudications;
use ledger::document::{WorkDocument, to_json};
use ledger::reading::work_items::WorkItem;
use platform::clock::instant;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::store;

/// What is on file for some cases.
#[derive(Debug)]
pub struct Filed {
    documents: BTreeMap<Uuid, Vec<store::Document>>,
    said: BTreeMap<Uuid, Vec<Said>>,
    /// What documentation review says of claims.
    reviews: BTreeMap<Key, Review>,
    /// By claim.
    services: BTreeMap<Uuid, Service>,
    now: DateTime<Utc>,
}

/// What documentation review says of a claim.
#[derive(Debug)]
struct Review {
    /// The claim context that has it.
    context: Uuid,
    said: DocumentationQuality,
    at: DateTime<Utc>,
}

/// A document, with the list of its standards as rules read it.
struct Listed<'a> {
    row: &'a store::Document,
    standards: Vec<&'a str>,
}

impl Filed {
    /// What is on file for these cases; `contexts` has what partner systems know of their claims.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(
        tx: &TenantTx,
        cases: &[Uuid],
        contexts: &BTreeMap<Key, Stored>,
    ) -> Result<Self, Fault> {
        let reviews = contexts.iter();
        Ok(Self {
            documents: store::documents(tx, cases).await?,
            said: store::said(tx, cases).await?,
            reviews: reviews.filter_map(|(key, it)| Some((key.clone(), review(it)?))).collect(),
            services: BTreeMap::new(),
            now: tx.clock().now(),
        })
    }

    /// What is on file for the cases of these items, whose claims are in the ledger.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of_items(tx: &TenantTx, items: &[WorkItem]) -> Result<Self, Fault> {
        let cases: BTreeSet<Uuid> = items.iter().map(|item| item.case_id).collect();
        let key = |item: &WorkItem| (item.payer_id, item.patient_control_number.clone());
        let keys: BTreeSet<Key> = items.iter().map(key).collect();
        let keys: Vec<Key> = keys.into_iter().collect();
        let contexts = claim_context::by_claims(tx, &keys).await?;
        let cases: Vec<Uuid> = cases.into_iter().collect();
        let mut filed = Self::of(tx, &cases, &contexts).await?;
        let claims: BTreeSet<Uuid> = items.iter().map(|item| item.claim_id).collect();
        let claims: Vec<Uuid> = claims.into_iter().collect();
        // Days of service are compared with documents alone.
        if !filed.documents.is_empty() {
            for (claim, (first, last)) in adjudications::service_days(tx, &claims).await? {
                filed.serviced(claim, Some(first), Some(last));
            }
        }
        Ok(filed)
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty() && self.said.is_empty() && self.reviews.is_empty()
    }

    /// Notes the days of service of a claim.
    pub fn serviced(&mut self, claim: Uuid, first: Option<NaiveDate>, last: Option<NaiveDate>) {
        let Some(first) = first.or(last) else { return };
        let last = last.unwrap_or(first).max(first);
        self.services.insert(claim, Service { first, last });
    }

    /// As [`Self::fulfil_with`], of a row whose document is encoded.
    ///
    /// # Errors
    /// When a row does not read.
    pub fn fulfil(&self, row: &mut WorkItem) -> Result<bool, Fault> {
        let mut document = WorkDocument::of(row)?;
        let changed = self.fulfil_with(row, &mut document)?;
        if changed {
            row.document = to_json(&document);
        }
        Ok(changed)
    }

    /// Compares the checklist of an item with what is on file; where that changes it, the item is
    /// ranked anew. Whether it did.
    ///
    /// # Errors
    /// When a row does not read.
    pub fn fulfil_with(
        &self,
        row: &mut WorkItem,
        document: &mut WorkDocument,
    ) -> Result<bool, Fault> {
        if document.evidence.is_empty() || !self.compare(row, document)? {
            return Ok(false);
        }
        let today = document.zone().day_of(self.now);
        document.rank_anew(row, today)?;
        Ok(true)
    }

    fn compare(&self, row: &WorkItem, document: &mut WorkDocument) -> Result<bool, Fault> {
        let rows = self.documents.get(&row.case_id).map(Vec::as_slice).unwrap_or_default();
        let named: Vec<Vec<String>> =
            rows.iter().map(store::Document::standards).collect::<Result<_, _>>()?;
        let listed: Vec<Listed<'_>> =
            rows.iter().zip(&named).map(|(row, named)| Listed::of(row, named)).collect();
        let documents: Vec<Document<'_>> = listed.iter().map(Listed::rule).collect();
        let review = self.reviews.get(&(row.payer_id, row.patient_control_number.clone()));
        let lists = review.map(Review::lists);
        let context = review.zip(lists.as_ref()).map(|(review, [met, unmet])| Context {
            id: review.context,
            met,
            unmet,
            at: review.at,
        });
        let said = self.said.get(&row.case_id).map(Vec::as_slice).unwrap_or_default();
        let service = self.service(row);
        Ok(document.fulfil(&OnFile { documents: &documents, context, said, service }))
    }

    /// The days of service of an item's claim.
    pub(crate) fn service(&self, row: &WorkItem) -> Option<Service> {
        let only = || row.service_on.map(|day| Service { first: day, last: day });
        self.services.get(&row.claim_id).copied().or_else(only)
    }
}

impl Review {
    /// What is met, and what is not.
    fn lists(&self) -> [Vec<&str>; 2] {
        [&self.said.present_standards, &self.said.missing_standards]
            .map(|list| list.iter().map(String::as_str).collect())
    }
}

impl<'a> Listed<'a> {
    fn of(row: &'a store::Document, standards: &'a [String]) -> Self {
        Self { row, standards: standards.iter().map(String::as_str).collect() }
    }

    fn rule(&self) -> Document<'_> {
        Document {
            id: self.row.id,
            standards: &self.standards,
            media: self.row.media(),
            size_bytes: self.row.size_bytes.unsigned_abs(),
            dated_on: self.row.dated_on,
            added_at: self.row.created_at,
        }
    }
}

fn review(stated: &Stored) -> Option<Review> {
    let said = stated.parts.documentation.clone()?;
    Some(Review { context: stated.id, at: said.source_at.and_then(instant)?, said })
}
