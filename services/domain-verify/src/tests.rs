mod brute;
mod codes;
mod coverage;
mod defects;
mod entries;
mod references;
mod support;

use self::support::starter_world;
use super::*;
use domain::starter;

#[test]
fn the_starter_dictionary_verifies_and_says_what_a_committee_should_know() {
    let verification = verify(&starter::bundle(), &starter_world());
    let blocking: Vec<&Finding> =
        verification.findings.iter().filter(|finding| finding.blocking).collect();
    assert!(verification.passed && blocking.is_empty(), "{blocking:#?}");
    let count = |code| verification.findings.iter().filter(|found| found.code == code).count();
    // Entries answer CO, OA and PI alike, also where X12 allows fewer: payers send them anyway.
    assert_eq!(count(FindingCode::GroupNotAllowed), 36);
    assert_eq!(count(FindingCode::RequiredRemarkNotAsked), 29);
    assert_eq!(verification.findings.len(), 65);
    assert_eq!(verification.proven.not_proven, 0);
    assert!(verification.proven.classes > 1_000, "{:?}", verification.proven);
}

#[test]
fn the_same_arguments_give_the_same_verification_whatever_the_order() {
    let mut bundle = starter::bundle();
    bundle.owner_rules.remove(3);
    let first = verify(&bundle, &starter_world());
    bundle.entries.reverse();
    bundle.owner_rules.rotate_left(5);
    assert_eq!(verify(&bundle, &starter_world()), first);
}

#[test]
fn every_code_has_a_spelling_of_its_own() {
    let mut words: Vec<&str> = FindingCode::ALL.iter().map(|code| code.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), FindingCode::ALL.len());
    let snake = |word: &&str| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    assert!(words.iter().all(snake));
}
