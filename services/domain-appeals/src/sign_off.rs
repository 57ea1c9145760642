//! Reviews that an appeal needs before it is sent: clinical, compliance or legal, as the entries of
//! its denials ask.
//!
//! A review is given for what the appeal says, which is a hash: whoever changes that dismisses it.
//! Who wrote does not review, and one person gives one review of an appeal, so that an appeal with
//! two kinds has been seen by three. Absent: who is a clinician or a lawyer; the tenant says so by
//! whom it gives the role.

use domain::dictionary::vocabulary::SignOffKind;

/// A review as it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignOff<'a> {
    /// Which.
    pub kind: SignOffKind,
    /// Who gave it.
    pub reviewer: &'a str,
    /// Whether it was approved.
    pub approved: bool,
    /// Hash of what it was given for.
    pub content: &'a str,
}

/// Why a review cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotSign {
    /// The appeal does not need it.
    #[error("the appeal needs no {0} review")]
    NotNeeded(SignOffKind),
    /// It was given.
    #[error("the {0} review of what the appeal says now was given")]
    Given(SignOffKind),
    /// Who wrote does not review.
    #[error("who wrote an appeal cannot review it: somebody else must")]
    Wrote,
    /// Who reviewed does not review again.
    #[error("you gave its {0} review: somebody else must give the other one")]
    Reviewed(SignOffKind),
}

/// The reviews that are still missing of what an appeal says.
pub fn missing(needed: &[SignOffKind], given: &[SignOff<'_>], content: &str) -> Vec<SignOffKind> {
    let stands = |kind: SignOffKind| {
        given.iter().any(|one| one.approved && one.kind == kind && one.content == content)
    };
    needed.iter().copied().filter(|kind| !stands(*kind)).collect()
}

/// Whether a review may be given; `writers` are who wrote what the appeal says.
///
/// # Errors
/// [`CannotSign`] where it may not.
pub fn sign(
    needed: &[SignOffKind],
    writers: &[String],
    given: &[SignOff<'_>],
    new: &SignOff<'_>,
) -> Result<(), CannotSign> {
    if !needed.contains(&new.kind) {
        return Err(CannotSign::NotNeeded(new.kind));
    }
    if writers.iter().any(|writer| writer == new.reviewer) {
        return Err(CannotSign::Wrote);
    }
    if !missing(needed, given, new.content).contains(&new.kind) {
        return Err(CannotSign::Given(new.kind));
    }
    let other = given
        .iter()
        .find(|one| one.approved && one.reviewer == new.reviewer && one.content == new.content);
    other.map_or(Ok(()), |other| Err(CannotSign::Reviewed(other.kind)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: &[SignOffKind] = SignOffKind::ALL;

    fn by(reviewer: &str, kind: SignOffKind) -> SignOff<'_> {
        SignOff { kind, reviewer, approved: true, content: "now" }
    }

    #[test]
    fn a_review_is_given_once_by_somebody_who_neither_wrote_nor_reviewed() {
        use SignOffKind::{Clinical, Legal};
        let writers = ["ann".to_owned()];
        let given = [by("bob", Clinical)];
        let sign = |new: SignOff<'_>| sign(&[Clinical, Legal], &writers, &given, &new);
        assert_eq!(sign(by("cid", Legal)), Ok(()));
        assert_eq!(sign(by("ann", Legal)), Err(CannotSign::Wrote));
        assert_eq!(sign(by("bob", Legal)), Err(CannotSign::Reviewed(Clinical)));
        assert_eq!(sign(by("cid", Clinical)), Err(CannotSign::Given(Clinical)));
        let compliance = by("cid", SignOffKind::Compliance);
        assert_eq!(sign(compliance), Err(CannotSign::NotNeeded(SignOffKind::Compliance)));
    }

    #[test]
    fn a_change_dismisses_what_was_given_and_a_decline_is_no_review() {
        let before = SignOff { content: "before", ..by("bob", SignOffKind::Legal) };
        let declined = SignOff { approved: false, ..by("cid", SignOffKind::Legal) };
        assert_eq!(missing(ALL, &[before, declined], "now"), ALL);
        assert_eq!(missing(&[], &[], "now"), []);
        assert_eq!(sign(ALL, &[], &[before], &by("bob", SignOffKind::Clinical)), Ok(()));
    }

    proptest! {
        /// Whoever tries what in whatever order: what is cleared was seen by as many people as
        /// kinds were needed, none of whom wrote it.
        #[test]
        fn what_is_cleared_was_reviewed_by_others(
            tries in prop::collection::vec((0..4_usize, 0..3_usize, any::<bool>()), 0..40),
            needed in prop::sample::subsequence(ALL.to_vec(), 0..=3),
        ) {
            let people = ["ann", "bob", "cid", "dee"];
            let writers = ["ann".to_owned()];
            let mut given: Vec<SignOff<'_>> = Vec::new();
            for (who, kind, approved) in tries {
                let new = SignOff { approved, ..by(people[who], ALL[kind]) };
                if sign(&needed, &writers, &given, &new).is_ok() {
                    given.push(new);
                }
            }
            if missing(&needed, &given, "now").is_empty() {
                let mut who: Vec<&str> =
                    given.iter().filter(|one| one.approved).map(|one| one.reviewer).collect();
                who.sort_unstable();
                who.dedup();
                prop_assert_eq!(who.len(), needed.len());
                prop_assert!(!who.contains(&"ann"));
            }
        }
    }
}
