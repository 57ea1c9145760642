//! Reviews of an appeal, and what they are of.

use chrono::{DateTime, Utc};
use domain::dictionary::vocabulary::SignOffKind;
use domain_appeals::sign_off::{SignOff, missing};
use originals::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Document;

/// A review that somebody gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Signed {
    pub(crate) kind: SignOffKind,
    pub(crate) reviewer: String,
    pub(crate) approved: bool,
    /// Empty where nothing was said.
    pub(crate) reason: String,
    /// Hash of what it was given for, see [`Document::content`].
    pub(crate) content: String,
    pub(crate) at: DateTime<Utc>,
}

impl Document {
    /// SHA-256 of what a review is given for, in hexadecimal: what the appeal says to the payer.
    pub(crate) fn content(&self) -> String {
        let mut denials = self.denial_ids.clone();
        denials.sort_unstable();
        let said = serde_json::json!([denials, self.level_words, self.letter, self.packet]);
        hex(&Sha256::digest(said.to_string()))
    }

    /// Its reviews, for the rule.
    pub(crate) fn given(&self) -> Vec<SignOff<'_>> {
        let given = self.sign_offs.iter().map(|one| SignOff {
            kind: one.kind,
            reviewer: &one.reviewer,
            approved: one.approved,
            content: &one.content,
        });
        given.collect()
    }

    /// The reviews that are missing of what it says now.
    pub(crate) fn unsigned(&self) -> Vec<SignOffKind> {
        missing(&self.reviews, &self.given(), &self.content())
    }

    /// Notes who writes.
    pub(crate) fn write_as(&mut self, actor: &str) {
        if !self.written_by.iter().any(|writer| writer == actor) {
            self.written_by.push(actor.to_owned());
        }
    }
}
