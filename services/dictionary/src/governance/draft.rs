//! The content of a change: edits on a base, and the bundle they lead to.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use contracts::dictionary::v1 as pb;
use domain::dictionary::{Bundle, ContentHash};
use domain_governance::edit::{self, BadEdit, Change, Edit, SectionKind};
use domain_governance::merge::MergedEdit;
use platform::rejection::{Fault, Violation, Violations};
use platform::tenant_tx::TenantTx;

use super::Refusal;
use crate::{Error, grpc};
use registry::revisions;

/// Most edits of one change.
const EDITS_MAX: usize = 5_000;
/// Most bytes of JSON that edits sent at once may take; an import may bring more.
const BYTES_MAX: usize = 3 << 20;

/// An edit of a change request, as its row keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DraftEdit {
    pub(crate) kind: SectionKind,
    pub(crate) slug: String,
    pub(crate) change: Kind,
    /// How the item shall read; empty for a removal.
    pub(crate) json: String,
    /// What the other side says, when a person must choose; empty where it has no such item.
    pub(crate) conflict: Option<String>,
}

/// What becomes of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Add,
    Replace,
    Remove,
}

/// What edits lead to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) bundle: Bundle,
    pub(crate) hash: ContentHash,
    /// Every section in which it differs from its base.
    pub(crate) sections: BTreeSet<SectionKind>,
}

impl From<Edit> for DraftEdit {
    fn from(edit: Edit) -> Self {
        let change = match edit.change {
            Change::Add(_) => Kind::Add,
            Change::Replace(_) => Kind::Replace,
            Change::Remove => Kind::Remove,
        };
        let json = edit.change.json().unwrap_or_default().to_owned();
        Self { kind: edit.kind, slug: edit.slug, change, json, conflict: None }
    }
}

impl From<MergedEdit> for DraftEdit {
    fn from(merged: MergedEdit) -> Self {
        let conflict = merged.conflict.map(|conflict| conflict.theirs.unwrap_or_default());
        Self { conflict, ..merged.edit.into() }
    }
}

impl DraftEdit {
    fn edit(&self) -> Edit {
        let json = || self.json.clone();
        let change = match self.change {
            Kind::Add => Change::Add(json()),
            Kind::Replace => Change::Replace(json()),
            Kind::Remove => Change::Remove,
        };
        Edit { kind: self.kind, slug: self.slug.clone(), change }
    }
}

/// The edits that apply to `base`, each with its place. One that waits for a choice and would keep
/// gone what is not there applies to nothing: the other side changed what we had removed.
pub(crate) fn edits(base: &Bundle, drafted: &[DraftEdit]) -> (Vec<usize>, Vec<Edit>) {
    let applies = |edit: &DraftEdit| {
        edit.conflict.is_none()
            || edit.change != Kind::Remove
            || edit::item(base, edit.kind, &edit.slug).is_some()
    };
    let applying = drafted.iter().enumerate().filter(|(_, edit)| applies(edit));
    applying.map(|(place, edit)| (place, edit.edit())).unzip()
}

/// Edits as they were sent, over those that stand. Only the service marks a conflict: a mark that
/// stands may stay, and one that is left out is a choice.
pub(crate) fn read(
    sent: Vec<pb::Edit>,
    standing: &[DraftEdit],
    field: &str,
    violations: &mut Violations,
) -> Vec<DraftEdit> {
    if sent.len() > EDITS_MAX {
        violations.add(field, format!("has more than {EDITS_MAX} edits"));
        return Vec::new();
    }
    let mut bytes = 0;
    let mut edits = Vec::with_capacity(sent.len());
    for (at, edit) in sent.into_iter().enumerate() {
        let change = match edit.change() {
            pb::DifferenceKind::Added => Some(Kind::Add),
            pb::DifferenceKind::Changed => Some(Kind::Replace),
            pb::DifferenceKind::Removed => Some(Kind::Remove),
            pb::DifferenceKind::Unspecified => None,
        };
        let section = edit.section.unwrap_or_default();
        let kind = grpc::section_kind(section.kind());
        if change.is_none() {
            violations.add(format!("{field}[{at}].change"), "is required");
        }
        if kind.is_none() {
            violations.add(format!("{field}[{at}].section.kind"), "is required");
        }
        if let (Some(change), Some(kind)) = (change, kind) {
            let same = |held: &&DraftEdit| (held.kind, &held.slug) == (kind, &section.slug);
            let conflict = edit
                .conflict
                .then(|| standing.iter().find(same).and_then(|held| held.conflict.clone()))
                .flatten();
            if edit.conflict && conflict.is_none() {
                let words = "is for the service to say: a rebase marks what both sides changed";
                violations.add(format!("{field}[{at}].conflict"), words);
            }
            bytes += section.json.len();
            edits.push(DraftEdit {
                kind,
                slug: section.slug,
                change,
                json: section.json,
                conflict,
            });
        }
    }
    if bytes > BYTES_MAX {
        violations.add(field, format!("take {bytes} bytes of JSON, more than {BYTES_MAX}"));
    }
    edits
}

/// The bundle of a revision of this tenant.
pub(crate) async fn base(tx: &TenantTx, hash: &str) -> Result<Bundle, Error> {
    let canonical = revisions::content(tx, hash).await?;
    blocking(move || {
        let text = String::from_utf8(canonical)
            .map_err(|_| Fault::Broken("a stored revision is not UTF-8"))?;
        let bundle = Bundle::parse(&text);
        Ok(bundle.map_err(|_| Fault::Broken("a stored revision cannot be read"))?)
    })
    .await
}

/// What edits of a base lead to.
pub(crate) async fn outcome(base: Bundle, drafted: &[DraftEdit]) -> Result<Outcome, Error> {
    let (places, edits) = edits(&base, drafted);
    blocking(move || {
        let bundle =
            edit::apply(&base, &edits).map_err(|bad| Error::BadEdits(listed(bad, &places)))?;
        if let Some(description) = domain_verify::crowd(&bundle) {
            return Err(Error::BadEdits(vec![Violation {
                field: "edits".to_owned(),
                description,
            }]));
        }
        let sections = edit::edits_between(&base, &bundle).into_iter().map(|edit| edit.kind);
        let sections = sections.collect();
        let hash = bundle.hash().map_err(|_| Fault::Broken("an item has no canonical form"))?;
        Ok(Outcome { bundle, hash, sections })
    })
    .await
}

/// Refuses edits over which nobody chose yet.
pub(crate) fn decided(edits: &[DraftEdit]) -> Result<(), Error> {
    if edits.iter().all(|edit| edit.conflict.is_none()) {
        return Ok(());
    }
    let words = "choose what becomes of every edit that is a conflict first".to_owned();
    Err(Error::Refused(Refusal::UnresolvedConflict, words))
}

/// Bad edits as the fields of a request, by the places of those that applied.
pub(crate) fn listed(bad: Vec<BadEdit>, places: &[usize]) -> Vec<Violation> {
    let place = |at: usize| places.get(at.saturating_sub(1)).copied().unwrap_or_default();
    bad.into_iter()
        .map(|bad| Violation {
            field: format!("edits[{}].section", place(bad.at)),
            description: bad.to_string(),
        })
        .collect()
}

/// Runs work on whole bundles, which takes milliseconds, where it holds up nobody.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(Fault::Broken("work on a bundle panicked").into()))
}
