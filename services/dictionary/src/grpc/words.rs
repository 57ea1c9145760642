//! The closed word lists on the wire: a value's name without its prefix, in lower case, is the
//! domain's spelling of it.

use contracts::dictionary::v1 as pb;
use domain::codes::Lob;
use domain::deadline::Path;
use domain::dictionary::remark::Effect;
use domain::dictionary::vocabulary::{
    Authorization, Category, ClaimType, Eligibility, EscalationLevel, ExceptionKind, FilingProof,
    Hardness, Likelihood, Network, NextAction, OwnerFunction, RecordClass, UpstreamProcess,
};
use platform::rejection::Violations;

use registry::alias::AliasKind;

/// A word of the domain that has a number in the contract.
pub(crate) trait Word: Copy + 'static {
    /// Every word of the list.
    const ALL: &'static [Self];
    /// What the contract puts before the names of the list.
    const PREFIX: &'static str;
    /// The domain's spelling.
    fn spelling(self) -> &'static str;
    /// The name of a number in the contract.
    fn name(number: i32) -> Option<&'static str>;
    /// The number of a name in the contract.
    fn number(name: &str) -> Option<i32>;
}

macro_rules! words {
    ($($word:ident = $message:ident, $prefix:literal;)+) => {
        $(impl Word for $word {
            const ALL: &'static [Self] = $word::ALL;
            const PREFIX: &'static str = $prefix;

            fn spelling(self) -> &'static str {
                self.as_str()
            }

            fn name(number: i32) -> Option<&'static str> {
                pb::$message::try_from(number).ok().map(|value| value.as_str_name())
            }

            fn number(name: &str) -> Option<i32> {
                pb::$message::from_str_name(name).map(i32::from)
            }
        })+

        #[cfg(test)]
        pub(super) fn lists() -> Vec<(&'static str, usize, usize)> {
            let count = |name: fn(i32) -> Option<&'static str>| {
                (1..).take_while(|number| name(*number).is_some()).count()
            };
            vec![$((stringify!($word), $word::ALL.len(), count(<$word as Word>::name))),+]
        }

        #[cfg(test)]
        pub(super) fn round_trips() -> bool {
            true $(&& $word::ALL.iter().all(|word| of_number::<$word>(number(*word))
                == Ok(Some(*word))))+
        }
    };
}

words! {
    RecordClass = RecordClass, "RECORD_CLASS_";
    Category = Category, "CATEGORY_";
    Hardness = Hardness, "HARDNESS_";
    Likelihood = Likelihood, "LIKELIHOOD_";
    UpstreamProcess = UpstreamProcess, "UPSTREAM_PROCESS_";
    OwnerFunction = OwnerFunction, "OWNER_FUNCTION_";
    NextAction = NextAction, "NEXT_ACTION_";
    EscalationLevel = EscalationLevel, "ESCALATION_LEVEL_";
    Network = Network, "NETWORK_";
    Lob = LineOfBusiness, "LINE_OF_BUSINESS_";
    ClaimType = ClaimType, "CLAIM_TYPE_";
    Authorization = AuthorizationStatus, "AUTHORIZATION_STATUS_";
    Eligibility = EligibilityStatus, "ELIGIBILITY_STATUS_";
    FilingProof = FilingProof, "FILING_PROOF_";
    ExceptionKind = ExceptionKind, "EXCEPTION_KIND_";
    Effect = RemarkEffect, "REMARK_EFFECT_";
    Path = Path, "PATH_";
    AliasKind = PayerAliasKind, "PAYER_ALIAS_KIND_";
}

/// A number that is not in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a value of the list")]
pub(crate) struct NotListed;

/// The contract's number of a word.
pub(crate) fn number<W: Word>(word: W) -> i32 {
    let name = format!("{}{}", W::PREFIX, word.spelling().to_ascii_uppercase());
    W::number(&name).expect("a test finds every word in the contract")
}

/// The contract's number of a word, or UNSPECIFIED.
pub(crate) fn number_or_unspecified<W: Word>(word: Option<W>) -> i32 {
    word.map_or(0, number)
}

/// The word of a number; nothing for UNSPECIFIED.
pub(crate) fn of_number<W: Word>(number: i32) -> Result<Option<W>, NotListed> {
    if number == 0 {
        return Ok(None);
    }
    let spelling = W::name(number)
        .and_then(|name| name.strip_prefix(W::PREFIX))
        .map(str::to_ascii_lowercase)
        .ok_or(NotListed)?;
    W::ALL.iter().copied().find(|word| word.spelling() == spelling).map(Some).ok_or(NotListed)
}

/// As [`of_number`], noting what is not in the list against `field`.
pub(crate) fn word<W: Word>(field: &str, number: i32, violations: &mut Violations) -> Option<W> {
    violations.check(field, of_number(number)).flatten()
}

#[cfg(test)]
mod tests;
