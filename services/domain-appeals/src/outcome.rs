//! What a payer's decision does.

use chrono::NaiveDate;
use domain::deadline::Path;
use domain::money::Cents;
use domain::words;

use crate::ladder::Ladder;

words! {
    /// What a payer decided.
    Kind {
        /// Paid.
        Overturned = "OVERTURNED",
        /// Paid in part.
        PartiallyOverturned = "PARTIALLY_OVERTURNED",
        /// Denied again.
        Upheld = "UPHELD",
        /// Not heard.
        Dismissed = "DISMISSED",
    }
}

impl Kind {
    /// Whether something is left to dispute one level up.
    pub const fn opens_the_next(self) -> bool {
        !matches!(self, Self::Overturned)
    }

    /// Whether money comes back.
    pub const fn pays(self) -> bool {
        matches!(self, Self::Overturned | Self::PartiallyOverturned)
    }
}

words! {
    /// How a decision is known.
    Source {
        /// A person or a partner recorded the payer's letter.
        Stated = "STATED",
        /// A later remittance shows it; nobody has confirmed it.
        Inferred = "INFERRED",
        /// A person confirmed what a remittance showed.
        Confirmed = "CONFIRMED",
    }
}

/// A decision as it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What the payer decided.
    pub kind: Kind,
    /// What came back.
    pub recovered: Cents,
    /// When.
    pub decided_on: NaiveDate,
}

/// What of an appeal a decision is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appealed {
    /// The level.
    pub level: Path,
    /// What was in dispute.
    pub in_dispute: Cents,
    /// The day of the first filing.
    pub filed_on: NaiveDate,
}

/// One thing that is wrong with a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The field of the outcome.
    pub field: &'static str,
    /// What is wrong, in words.
    pub words: String,
}

/// What a decision does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The level that is open now; `None` where nothing is left, and where there is none above.
    pub next: Option<Path>,
    /// What is still in dispute.
    pub left: Cents,
}

/// Judges a decision and says what it does.
///
/// # Errors
/// Everything that is wrong with it.
pub fn decide(
    ladder: &Ladder<'_>,
    appealed: Appealed,
    decision: Decision,
    today: NaiveDate,
) -> Result<Effect, Vec<Wrong>> {
    let Decision { kind, recovered, decided_on } = decision;
    let mut wrong = Vec::new();
    let mut note = |field, words: String| wrong.push(Wrong { field, words });
    if decided_on > today {
        note("decided_on", "lies in the future".to_owned());
    }
    if decided_on < appealed.filed_on {
        note("decided_on", format!("lies before the filing of {}", appealed.filed_on));
    }
    if kind.pays() && recovered <= Cents::ZERO {
        note("recovered", format!("must be more than zero where the payer decided {kind}"));
    }
    if !kind.pays() && recovered != Cents::ZERO {
        note("recovered", format!("must be zero where the payer decided {kind}"));
    }
    if kind == Kind::PartiallyOverturned && recovered >= appealed.in_dispute {
        let words = format!("is all of the {} in dispute: that is OVERTURNED", appealed.in_dispute);
        note("recovered", words);
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    if !kind.opens_the_next() {
        return Ok(Effect { next: None, left: Cents::ZERO });
    }
    let left = appealed.in_dispute.checked_sub(recovered).unwrap_or(appealed.in_dispute);
    Ok(Effect { next: ladder.above(appealed.level), left })
}

#[cfg(test)]
mod tests {
    use domain::codes::Lob;
    use proptest::prelude::*;

    use super::*;
    use crate::samples::{covered, day, rules};

    fn decided(kind: Kind, recovered: i64, on: &str) -> Result<Effect, Vec<Wrong>> {
        let rules = rules();
        let today = day("2026-09-01");
        let ladder = Ladder::of(&rules, covered(Lob::MedicareFfs, None, None), today);
        let appealed = Appealed {
            level: Path::AppealLevel1,
            in_dispute: Cents::new(10_000),
            filed_on: day("2026-07-01"),
        };
        let decision = Decision { kind, recovered: Cents::new(recovered), decided_on: day(on) };
        decide(&ladder, appealed, decision, today)
    }

    #[test]
    fn what_is_upheld_opens_the_next_level_and_what_is_overturned_ends_it() {
        let left = |cents| Effect { next: Some(Path::AppealLevel2), left: Cents::new(cents) };
        assert_eq!(decided(Kind::Upheld, 0, "2026-08-01"), Ok(left(10_000)));
        assert_eq!(decided(Kind::Dismissed, 0, "2026-08-01"), Ok(left(10_000)));
        assert_eq!(decided(Kind::PartiallyOverturned, 4_000, "2026-08-01"), Ok(left(6_000)));
        let won = decided(Kind::Overturned, 10_000, "2026-08-01").unwrap();
        assert_eq!((won.next, won.left), (None, Cents::ZERO));
        // Interest may come on top.
        assert!(decided(Kind::Overturned, 10_100, "2026-08-01").is_ok());
    }

    #[test]
    fn money_and_days_must_fit_the_decision() {
        let fields = |kind, recovered, on| -> Vec<&str> {
            decided(kind, recovered, on).unwrap_err().iter().map(|wrong| wrong.field).collect()
        };
        assert_eq!(fields(Kind::Overturned, 0, "2026-08-01"), ["recovered"]);
        assert_eq!(fields(Kind::Upheld, 1, "2026-08-01"), ["recovered"]);
        assert_eq!(fields(Kind::PartiallyOverturned, 10_000, "2026-08-01"), ["recovered"]);
        assert_eq!(fields(Kind::Upheld, 0, "2026-06-30"), ["decided_on"]);
        assert_eq!(fields(Kind::Dismissed, -1, "2026-09-02"), ["decided_on", "recovered"]);
    }

    proptest! {
        #[test]
        fn nothing_is_left_that_was_not_in_dispute(kind in 0..4usize, recovered in -9..20_000i64) {
            let kind = Kind::ALL[kind];
            if let Ok(effect) = decided(kind, recovered, "2026-08-01") {
                prop_assert!((Cents::ZERO..=Cents::new(10_000)).contains(&effect.left));
                prop_assert_eq!(effect.next.is_some(), kind != Kind::Overturned);
            }
        }
    }
}
