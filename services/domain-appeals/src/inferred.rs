//! What a later remittance says of an appeal that is with the payer.
//!
//! A remittance answers line by line and never names the appeal it answers, so that what follows
//! from it is inferred until somebody who read the payer's letter confirms it.

use chrono::NaiveDate;
use domain::money::Cents;
use domain::words;

use crate::outcome::{Decision, Kind};

words! {
    /// What a remittance made of a denial.
    Answer {
        /// Paid as far as the contract goes.
        Paid = "PAID",
        /// Paid in part, the rest refused again.
        PaidInPart = "PAID_IN_PART",
        /// Refused again, or settled without payment.
        Refused = "REFUSED",
    }
}

/// The last word of a payer on one denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// What it said.
    pub answer: Answer,
    /// What came back.
    pub recovered: Cents,
    /// The day of payment.
    pub on: NaiveDate,
}

/// The decision that follows from what was said of each denial of an appeal; `None` while one of
/// them has no answer, or money came back below zero.
///
/// It is dated by the last answer, at the earliest on the day of filing: nobody decides an appeal
/// before it is there.
pub fn infer(answers: &[Option<Answered>], filed_on: NaiveDate) -> Option<Decision> {
    let answers: Vec<Answered> = answers.iter().copied().collect::<Option<_>>()?;
    let on = answers.iter().map(|one| one.on).max()?;
    let recovered = Cents::sum(answers.iter().map(|one| one.recovered))?;
    if recovered < Cents::ZERO {
        return None;
    }
    let all = |wanted| answers.iter().all(|one| one.answer == wanted);
    let kind = match recovered {
        Cents::ZERO => Kind::Upheld,
        _ if all(Answer::Paid) => Kind::Overturned,
        _ => Kind::PartiallyOverturned,
    };
    Some(Decision { kind, recovered, decided_on: on.max(filed_on) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::day;

    fn said(answer: Answer, cents: i64, on: &str) -> Option<Answered> {
        Some(Answered { answer, recovered: Cents::new(cents), on: day(on) })
    }

    fn kind(answers: &[Option<Answered>]) -> Option<(Kind, i64, NaiveDate)> {
        let filed_on = day("2026-06-14");
        infer(answers, filed_on).map(|it| (it.kind, it.recovered.as_i64(), it.decided_on))
    }

    #[test]
    fn money_and_answers_tell_what_was_decided_once_all_have_one() {
        use Answer::{Paid, PaidInPart, Refused};
        let (paid, refused) = (said(Paid, 80, "2026-07-01"), said(Refused, 0, "2026-07-09"));
        assert_eq!(kind(&[paid]), Some((Kind::Overturned, 80, day("2026-07-01"))));
        assert_eq!(kind(&[refused]), Some((Kind::Upheld, 0, day("2026-07-09"))));
        let both = Some((Kind::PartiallyOverturned, 80, day("2026-07-09")));
        assert_eq!(kind(&[paid, refused]), both);
        let part = said(PaidInPart, 5, "2026-07-02");
        assert_eq!(kind(&[part]), Some((Kind::PartiallyOverturned, 5, day("2026-07-02"))));
        assert_eq!(kind(&[paid, None]), None);
        assert_eq!(kind(&[]), None);
    }

    #[test]
    fn what_was_paid_before_the_filing_is_decided_with_it() {
        let early = said(Answer::Paid, 80, "2026-06-01");
        assert_eq!(kind(&[early]), Some((Kind::Overturned, 80, day("2026-06-14"))));
    }

    proptest! {
        #[test]
        fn money_comes_back_exactly_where_the_payer_pays(
            said in proptest::collection::vec((0..3usize, -5..50i64), 1..6),
        ) {
            let answers: Vec<_> = said
                .iter()
                .map(|(at, cents)| {
                    let answer = Answer::ALL[*at];
                    Some(Answered { answer, recovered: Cents::new(*cents), on: day("2026-07-01") })
                })
                .collect();
            let sum: i64 = said.iter().map(|(_, cents)| cents).sum();
            match infer(&answers, day("2026-06-14")) {
                Some(decision) => {
                    prop_assert_eq!(decision.recovered.as_i64(), sum);
                    prop_assert_eq!(decision.kind.pays(), sum > 0);
                }
                None => prop_assert!(sum < 0),
            }
        }
    }
}
