//! Remark codes that decide: alerts that stay mute, and effects that override an entry.

use serde::{Deserialize, Serialize};

use super::selector::Slug;
use super::vocabulary::NextAction;
use crate::codes::Rarc;
use crate::deadline::Path;
use crate::words::words;

words! {
    /// What a remark does to the rights and the next step of a denial.
    ///
    /// Declared from the strongest to the weakest: where two remarks name different next steps,
    /// the stronger one is followed.
    Effect {
        /// No appeal, but a new or corrected claim is allowed.
        NoAppealResubmit = "no_appeal_resubmit",
        /// No appeal at all.
        NoAppealRights = "no_appeal_rights",
        /// The appeal window has closed.
        AppealWindowClosed = "appeal_window_closed",
        /// Only the question whether it is a duplicate may be appealed.
        NoAppealExceptDuplicateIssue = "no_appeal_except_duplicate_issue",
        /// The earlier claim must be appealed instead.
        AppealOtherClaim = "appeal_other_claim",
        /// The payer reprocesses by itself; a resubmission would only be a duplicate.
        DoNotResubmitAutoReprocess = "do_not_resubmit_auto_reprocess",
        /// The payer asked for more information.
        AdditionalInfoRequested = "additional_info_requested",
        /// A peer-to-peer review may be asked for.
        PeerToPeerAvailable = "peer_to_peer_available",
        /// The claim already went to another payer.
        ForwardedToOtherPayer = "forwarded_to_other_payer",
        /// The line was left out of an appeal review.
        NotInAppealScope = "not_in_appeal_scope",
        /// The remittance is the outcome of an appeal.
        AppealResult = "appeal_result",
        /// The No Surprises Act applies or may apply.
        NsaIndicator = "nsa_indicator",
        /// The remittance states appeal rights.
        AppealRightsStated = "appeal_rights_stated",
    }
}

/// A remark code that is an alert, or has an effect, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemarkRule {
    /// The rule's name, unique in its bundle.
    pub slug: Slug,
    /// The remark code.
    pub rarc: Rarc,
    /// Whether the code is an alert: it never explains an adjustment.
    pub alert: bool,
    /// What it does; an alert without an effect counts for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// The next step the remark itself names, whatever the entry says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_action: Option<NextAction>,
    /// The path the remark opens beside those of the entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<Path>,
    /// What the remark says, in our words, a statement an item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
}

/// The paths that remarks open on one denial.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opened(u32);

impl Opened {
    pub(super) fn add(&mut self, path: Path) {
        self.0 |= 1 << path as u32;
    }

    /// Whether no remark opens any path.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a remark opens this path.
    pub fn contains(self, path: Path) -> bool {
        self.0 & (1 << path as u32) != 0
    }
}

/// The effects that stand on one denial.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effects(u16);

impl Effects {
    pub(super) fn add(&mut self, effect: Effect) {
        self.0 |= 1 << effect as u16;
    }

    /// Whether no remark has an effect.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this effect stands.
    pub fn contains(self, effect: Effect) -> bool {
        self.0 & (1 << effect as u16) != 0
    }

    /// The effects, the strongest first.
    pub fn iter(self) -> impl Iterator<Item = Effect> {
        Effect::ALL.iter().copied().filter(move |effect| self.contains(*effect))
    }
}
