//! Codes that end appeal rights, and the right path instead.
//!
//! ```text
//! MA130         unprocessable, no initial determination (42 CFR 405.926(s))     a new claim
//! MA44, N211    no appeal rights, the decision rests on law                     close
//! N83           no appeal rights under a demonstration project                  close
//! N704          no appeal, a corrected claim is allowed                         corrected claim
//! N111          only the question of the duplicate may be appealed              the earlier claim
//! PR-1 2 3      deductible, coinsurance, copayment                              patient bill
//! CO-45 alone   the contract's write-off                                        write off
//! OA-23         what an earlier payer paid or took off                          the earlier payer
//! CO-253        sequestration                                                   write off
//! ```
//!
//! The remark rules of the dictionary add to them: a remark to which a committee gave one of the
//! effects above stops as these do. Payers misuse remarks, so that such a stop yields to whoever
//! may override it; what a reason code says of the money cannot be lifted.

use domain::codes::{Carc, Group, Rarc};
use domain::dictionary::remark::Effect;
use domain::words;

words! {
    /// What is done instead of an appeal.
    Instead {
        /// Fix what the remark names and send a new claim.
        NewClaim = "new_claim",
        /// Send a corrected claim, frequency 7.
        CorrectedClaim = "corrected_claim",
        /// Have a clerical error reopened, and close what is left.
        ReopenOrClose = "reopen_or_close",
        /// Appeal the earlier claim, or the question whether this one is its duplicate.
        EarlierClaim = "earlier_claim",
        /// Bill the patient.
        PatientBill = "patient_bill",
        /// Bill, or dispute with, the payer that decided before.
        OtherPayer = "other_payer",
        /// Write it off.
        WriteOff = "write_off",
    }
}

impl Instead {
    /// What to do, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NewClaim => "fix what the remark names and send a new claim",
            Self::CorrectedClaim => "send a corrected claim (frequency 7)",
            Self::ReopenOrClose => {
                "ask for a reopening where the error is clerical; else close the item"
            }
            Self::EarlierClaim => {
                "appeal the earlier claim that the payer names, or only whether this is its \
                 duplicate"
            }
            Self::PatientBill => "bill the patient",
            Self::OtherPayer => "settle it with the payer that decided before",
            Self::WriteOff => "write it off",
        }
    }
}

/// The code that stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StopCode {
    /// A remark code.
    Remark(Rarc),
    /// A group and a reason code.
    Reason(Group, Carc),
}

impl std::fmt::Display for StopCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Remark(rarc) => write!(f, "{rarc}"),
            Self::Reason(group, carc) => write!(f, "{group}-{carc}"),
        }
    }
}

/// A reason not to appeal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {why}; instead: {}", .instead.words())]
pub struct Stop {
    /// The code.
    pub code: StopCode,
    /// What it says of appeals.
    pub why: &'static str,
    /// What is right instead.
    pub instead: Instead,
}

impl Stop {
    /// Whether whoever may override stops can lift it.
    pub const fn can_be_lifted(&self) -> bool {
        matches!(self.code, StopCode::Remark(_))
    }

    /// Whether one of these remark codes was lifted on the claim.
    pub fn is_lifted(&self, lifted: &[Rarc]) -> bool {
        matches!(self.code, StopCode::Remark(rarc) if lifted.contains(&rarc))
    }
}

/// What a payer refused.
#[derive(Clone, Copy, Debug)]
pub struct Refused<'a> {
    /// Who owes the amount.
    pub group: Group,
    /// The reason.
    pub carc: Carc,
    /// The remarks of the line and of the claim.
    pub remarks: &'a [Rarc],
    /// Whether no other refusal stands on its line.
    pub alone: bool,
}

/// The six remark codes that stop whatever the dictionary says of them.
const REMARKS: [(&str, Effect); 6] = [
    ("MA130", Effect::NoAppealResubmit),
    ("MA44", Effect::NoAppealRights),
    ("N211", Effect::NoAppealRights),
    ("N83", Effect::NoAppealRights),
    ("N704", Effect::NoAppealResubmit),
    ("N111", Effect::NoAppealExceptDuplicateIssue),
];

/// Everything that stops an appeal of one denial, the remarks first; `effect` is what the
/// dictionary's remark rules say of a code.
pub fn stops(refused: &Refused<'_>, effect: impl Fn(Rarc) -> Option<Effect>) -> Vec<Stop> {
    let mut found: Vec<Stop> = Vec::new();
    for rarc in refused.remarks {
        let fixed = REMARKS.iter().find(|(code, _)| *code == rarc.as_str());
        let effect = fixed.map(|(_, effect)| *effect).or_else(|| effect(*rarc));
        let Some((why, instead)) = effect.and_then(|effect| of_remark(*rarc, effect)) else {
            continue;
        };
        let stop = Stop { code: StopCode::Remark(*rarc), why, instead };
        if !found.contains(&stop) {
            found.push(stop);
        }
    }
    found.extend(of_reason(refused));
    found
}

fn of_remark(rarc: Rarc, effect: Effect) -> Option<(&'static str, Instead)> {
    match effect {
        Effect::NoAppealResubmit if rarc.as_str() == "MA130" => {
            Some(("the claim is unprocessable: nothing was decided", Instead::NewClaim))
        }
        Effect::NoAppealResubmit => {
            Some(("no appeal is open, a corrected claim is", Instead::CorrectedClaim))
        }
        Effect::NoAppealRights => {
            Some(("the payer states that there is no right to appeal", Instead::ReopenOrClose))
        }
        Effect::NoAppealExceptDuplicateIssue => Some((
            "billed and decided before: only whether it is a duplicate may be appealed",
            Instead::EarlierClaim,
        )),
        Effect::AppealOtherClaim => {
            Some(("the payer decided it on another claim", Instead::EarlierClaim))
        }
        // What they say is no end of appeal rights; a closed window is a matter of good cause.
        Effect::AppealWindowClosed
        | Effect::DoNotResubmitAutoReprocess
        | Effect::AdditionalInfoRequested
        | Effect::PeerToPeerAvailable
        | Effect::ForwardedToOtherPayer
        | Effect::NotInAppealScope
        | Effect::AppealResult
        | Effect::NsaIndicator
        | Effect::AppealRightsStated => None,
    }
}

fn of_reason(refused: &Refused<'_>) -> Option<Stop> {
    let (why, instead) = match (refused.group, refused.carc.as_str()) {
        (Group::PR, "1") => ("it is the patient's deductible", Instead::PatientBill),
        (Group::PR, "2") => ("it is the patient's coinsurance", Instead::PatientBill),
        (Group::PR, "3") => ("it is the patient's copayment", Instead::PatientBill),
        (Group::CO, "45") if refused.alone => {
            ("it is the contract's write-off and nothing else was refused", Instead::WriteOff)
        }
        (Group::OA, "23") => ("it is what an earlier payer paid or took off", Instead::OtherPayer),
        (Group::CO, "253") => ("it is sequestration, which the law takes", Instead::WriteOff),
        _ => return None,
    };
    Some(Stop { code: StopCode::Reason(refused.group, refused.carc), why, instead })
}

#[cfg(test)]
mod tests {
    use domain::dictionary::Compiled;
    use domain::starter;
    use proptest::prelude::*;

    use super::*;

    fn rarc(code: &str) -> Rarc {
        Rarc::new(code).unwrap()
    }

    fn found(group: Group, carc: &str, remarks: &[&str], alone: bool) -> Vec<Stop> {
        let remarks: Vec<Rarc> = remarks.iter().map(|code| rarc(code)).collect();
        let carc = Carc::new(carc).unwrap();
        stops(&Refused { group, carc, remarks: &remarks, alone }, |_| None)
    }

    #[test]
    fn each_code_stops_with_the_right_path_instead() {
        for (remark, instead) in [
            ("MA130", Instead::NewClaim),
            ("MA44", Instead::ReopenOrClose),
            ("N211", Instead::ReopenOrClose),
            ("N83", Instead::ReopenOrClose),
            ("N704", Instead::CorrectedClaim),
            ("N111", Instead::EarlierClaim),
        ] {
            let stops = found(Group::CO, "16", &["M15", remark], false);
            assert_eq!(stops.len(), 1, "{remark}");
            assert_eq!((stops[0].instead, stops[0].can_be_lifted()), (instead, true), "{remark}");
            assert!(stops[0].is_lifted(&[rarc(remark)]) && !stops[0].is_lifted(&[rarc("M15")]));
        }
        for (group, carc, alone, instead) in [
            (Group::PR, "1", false, Instead::PatientBill),
            (Group::PR, "2", false, Instead::PatientBill),
            (Group::PR, "3", false, Instead::PatientBill),
            (Group::CO, "45", true, Instead::WriteOff),
            (Group::OA, "23", false, Instead::OtherPayer),
            (Group::CO, "253", false, Instead::WriteOff),
        ] {
            let stops = found(group, carc, &[], alone);
            assert_eq!(stops.len(), 1, "{group}-{carc}");
            assert_eq!((stops[0].instead, stops[0].can_be_lifted()), (instead, false));
        }
    }

    #[test]
    fn what_is_only_like_them_does_not_stop() {
        for (group, carc, remarks, alone) in [
            (Group::CO, "197", &["M62"][..], true),
            (Group::CO, "45", &[], false),
            (Group::PR, "45", &[], true),
            (Group::CO, "1", &[], true),
            (Group::PR, "96", &["MA01", "N83A"], true),
            (Group::CO, "23", &[], true),
            (Group::OA, "253", &[], true),
            (Group::CO, "16", &["N921", "N130", "MA13"], true),
        ] {
            assert_eq!(found(group, carc, remarks, alone), [], "{group}-{carc}");
        }
    }

    #[test]
    fn the_words_name_code_reason_and_path() {
        let stops = found(Group::CO, "16", &["MA130"], true);
        assert_eq!(
            stops[0].to_string(),
            "MA130: the claim is unprocessable: nothing was decided; instead: fix what the remark \
             names and send a new claim"
        );
    }

    #[test]
    fn the_dictionary_adds_remarks_and_takes_none_of_the_six_away() {
        let compiled = Compiled::new(&starter::bundle()).unwrap();
        let effect = |code: Rarc| compiled.remark(code).and_then(|rule| rule.effect);
        let more: Vec<Rarc> = compiled
            .bundle()
            .remark_rules
            .iter()
            .filter(|rule| rule.effect.is_some_and(|effect| of_remark(rule.rarc, effect).is_some()))
            .map(|rule| rule.rarc)
            .collect();
        assert!(REMARKS.iter().all(|(code, _)| more.contains(&rarc(code))));
        for code in more {
            let remarks = [code];
            let refused = Refused {
                group: Group::CO,
                carc: Carc::new("16").unwrap(),
                remarks: &remarks,
                alone: true,
            };
            assert_eq!(stops(&refused, effect).len(), 1, "{code}");
        }
        let six = found(Group::CO, "16", &["MA130", "MA44", "N211", "N83", "N704", "N111"], true);
        assert_eq!(six.len(), 6);
    }

    proptest! {
        #[test]
        fn a_remark_stops_once_and_only_remarks_are_lifted(
            remarks in prop::collection::vec("M1|MA130|N211|N704|MA01", 0..8),
            alone: bool,
        ) {
            let remarks: Vec<&str> = remarks.iter().map(String::as_str).collect();
            let stops = found(Group::CO, "45", &remarks, alone);
            let lifted: Vec<Rarc> = remarks.iter().map(|code| rarc(code)).collect();
            for (at, stop) in stops.iter().enumerate() {
                prop_assert!(!stops[..at].contains(stop));
                prop_assert_eq!(stop.is_lifted(&lifted), stop.can_be_lifted());
            }
            let reasons = stops.iter().filter(|stop| !stop.can_be_lifted()).count();
            prop_assert_eq!(reasons, usize::from(alone));
        }
    }
}
