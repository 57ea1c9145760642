//! Documents as callers see them.

use contracts::routing::v1::{EvidenceDocument, EvidenceWithdrawal};
use domain_work::checklist::{Document as Rule, Requirement, Service, check_document};
use ledger::document::WorkDocument;
use ledger::held;
use platform::clock::{date, timestamp};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::Filed;
use crate::store::{Document, Withdrawal};

/// What the work of a case asks for, with the days of service of its claim.
#[derive(Debug, Default)]
pub(crate) struct Asked(Vec<(Requirement, Option<Service>)>);

impl Asked {
    /// By everything of the case that is not done.
    pub(crate) async fn of(tx: &TenantTx, case: Uuid) -> Result<Self, Fault> {
        let rows = held::undone(tx, &[case]).await?;
        let filed = Filed::of_items(tx, &rows).await?;
        let mut asked = Vec::new();
        for row in &rows {
            let wanted = WorkDocument::of(row)?.evidence.into_iter().map(|it| it.wanted);
            for wanted in wanted.map(|wanted| (wanted, filed.service(row))) {
                if !asked.contains(&wanted) {
                    asked.push(wanted);
                }
            }
        }
        Ok(Self(asked))
    }

    /// Whether some work asks for this standard.
    pub(crate) fn has(&self, standard: &str) -> bool {
        self.0.iter().any(|(wanted, _)| wanted.standard.as_str() == standard)
    }
}

/// A document, with what automatic checks say of it.
pub(crate) fn shown(row: Document, asked: &Asked) -> Result<EvidenceDocument, Fault> {
    let standards = row.standards()?;
    let check_words = check_words(&row, &standards, asked);
    Ok(EvidenceDocument {
        id: row.id.to_string(),
        case_id: row.case_id.to_string(),
        file_name: row.file_name,
        media_type: row.media,
        size_bytes: row.size_bytes,
        sha256: row.sha256,
        standards,
        check_words,
        uploaded_by: row.uploaded_by,
        created_at: Some(timestamp(row.created_at)),
        dated_on: row.dated_on.map(date),
        withdrawal: None,
    })
}

/// A document that was withdrawn.
pub(crate) fn withdrawn(
    row: Document,
    asked: &Asked,
    withdrawal: Withdrawal,
) -> Result<EvidenceDocument, Fault> {
    let withdrawal = Some(EvidenceWithdrawal {
        reason: withdrawal.reason,
        withdrawn_by: withdrawal.withdrawn_by,
        withdrawn_at: Some(timestamp(withdrawal.withdrawn_at)),
    });
    // It fulfills nothing: no check says anything of it.
    let document = shown(row, asked)?;
    Ok(EvidenceDocument { withdrawal, check_words: Vec::new(), ..document })
}

fn check_words(row: &Document, standards: &[String], asked: &Asked) -> Vec<String> {
    let named: Vec<&str> = standards.iter().map(String::as_str).collect();
    let rule = Rule {
        id: row.id,
        standards: &named,
        media: row.media(),
        size_bytes: row.size_bytes.unsigned_abs(),
        dated_on: row.dated_on,
        added_at: row.created_at,
    };
    let mut words = Vec::new();
    for standard in standards {
        if !asked.has(standard) {
            words.push(format!("`{standard}`: no open work of the claim asks for it"));
        }
        let wanted = asked.0.iter().filter(|(wanted, _)| wanted.standard.as_str() == standard);
        for (wanted, service) in wanted {
            for finding in check_document(&rule, wanted, *service) {
                let consequence = if finding.refuses { "" } else { ", which will do" };
                let said = format!("`{standard}`: the document {}{consequence}", finding.words);
                if !words.contains(&said) {
                    words.push(said);
                }
            }
        }
    }
    words
}
