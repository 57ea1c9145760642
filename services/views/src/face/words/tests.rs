use domain::codes::Lob;
use domain::deadline::{Basis, ClockEvent, Confidence, Evidence, FiledWhen, Path};
use domain::dictionary::remark::Effect;
use domain::dictionary::vocabulary::{
    Category, ClaimType, ExceptionKind, Likelihood, NextAction, OwnerFunction, RecordClass,
};
use domain_work::priority::Band;

use super::*;
use ledger::adjudications;

/// The words of a domain list that the contract's list does not have.
fn missing<L: Listed>(words: impl IntoIterator<Item = &'static str>) -> Vec<&'static str> {
    words.into_iter().filter(|word| listed::<L>(word) == 0).collect()
}

macro_rules! all_in {
    ($domain:ty, $list:ty) => {
        assert_eq!(
            missing::<$list>(<$domain>::ALL.iter().map(|word| word.as_str())),
            Vec::<&str>::new(),
            stringify!($domain)
        );
    };
}

#[test]
fn every_word_of_the_domain_has_a_number_in_the_contract() {
    all_in!(RecordClass, dictionary::RecordClass);
    all_in!(Category, dictionary::Category);
    all_in!(Likelihood, dictionary::Likelihood);
    all_in!(OwnerFunction, dictionary::OwnerFunction);
    all_in!(NextAction, dictionary::NextAction);
    all_in!(Lob, dictionary::LineOfBusiness);
    all_in!(ClaimType, dictionary::ClaimType);
    all_in!(ExceptionKind, dictionary::ExceptionKind);
    all_in!(Effect, dictionary::RemarkEffect);
    all_in!(Path, dictionary::Path);
    all_in!(ClockEvent, dictionary::ClockEvent);
    all_in!(Confidence, dictionary::Confidence);
    all_in!(FiledWhen, dictionary::FiledWhen);
    all_in!(Basis, dictionary::RuleBasis);
    all_in!(Evidence, deadline::ClockEvidence);
    all_in!(Band, routing::DeadlineBand);
}

#[test]
fn the_words_of_rows_are_in_the_contract_and_nothing_else_is() {
    assert_eq!(
        missing::<routing::WorkItemState>([
            "OPEN",
            "CLAIMED",
            "WAITING",
            "RESOLVED",
            adjudications::ITEM_SUPERSEDED
        ]),
        Vec::<&str>::new()
    );
    let denials = [
        adjudications::DENIAL_OPEN,
        adjudications::DENIAL_SUPERSEDED,
        adjudications::DENIAL_REVERSED,
        adjudications::DENIAL_OVERTURNED,
        adjudications::DENIAL_CORRECTED,
        adjudications::DENIAL_PARTIALLY_OVERTURNED,
        adjudications::DENIAL_REPEATED,
        adjudications::DENIAL_CLOSED,
    ];
    assert_eq!(missing::<routing::DenialState>(denials), Vec::<&str>::new());
    assert_eq!(
        listed::<routing::WorkItemKind>("exception"),
        listed::<routing::WorkItemKind>("EXCEPTION")
    );
    assert_ne!(listed::<routing::WorkItemKind>("EXCEPTION"), 0);
    assert_eq!(listed::<routing::WorkItemKind>(""), 0);
    assert_eq!(listed::<routing::WorkItemKind>("UNSPECIFIED"), 0);
    assert_eq!(listed::<routing::WorkItemKind>("KIND_DENIAL"), 0);
}
