use super::*;

#[test]
fn every_word_of_the_domain_has_a_number_and_comes_back_from_it() {
    assert!(round_trips());
}

#[test]
fn the_contract_has_no_word_that_the_domain_lacks() {
    for (list, ours, theirs) in lists() {
        assert_eq!(ours, theirs, "{list}");
    }
}

#[test]
fn unspecified_is_nothing_and_an_unknown_number_is_refused() {
    assert_eq!(of_number::<Category>(0), Ok(None));
    assert_eq!(of_number::<Category>(999), Err(NotListed));
    assert_eq!(of_number::<Category>(-1), Err(NotListed));
}
