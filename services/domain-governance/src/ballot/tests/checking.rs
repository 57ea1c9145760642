use super::*;

#[test]
fn a_check_is_of_one_content_on_one_base() {
    let request = in_review();
    assert!(request.fresh_check(CheckKind::Verify).is_some());
    let moved = Request { base: hash(7), ..request.clone() };
    assert_eq!(moved.fresh_check(CheckKind::Verify), None);
    let edited = Request { result_hash: hash(7), ..request };
    assert_eq!(edited.fresh_check(CheckKind::Replay), None);
}

#[test]
fn the_newest_check_counts() {
    let failed =
        |hours| Check { finished_at: hour(hours), ..check(&draft(), CheckKind::Verify, false) };
    let passes = |request: &Request| request.fresh_check(CheckKind::Verify).unwrap().passed;
    assert!(passes(&in_review().record_check(failed(-1))));
    assert!(!passes(&in_review().record_check(failed(1))));
}

#[test]
fn a_check_that_finishes_after_an_edit_is_stale() {
    let late = check(&draft(), CheckKind::Verify, true);
    let edited = draft().edit(user(8), hash(3), [ENTRIES].into()).unwrap().record_check(late);
    assert_eq!(edited.checks.len(), 1);
    assert_eq!(edited.fresh_check(CheckKind::Verify), None);
}
