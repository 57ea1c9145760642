use super::*;

#[test]
fn known_codes_have_our_label_and_unknown_ones_stay_raw() {
    let known = code(CodeSet::Carc, "197");
    assert_eq!(known.code, "197");
    assert!(!known.label.is_empty());
    assert_eq!(code(CodeSet::Carc, "9999").label, "");
    assert_eq!(code(CodeSet::Carc, "9999").code, "9999");
}

#[test]
fn groups_remarks_and_statuses_have_labels_of_their_own_sets() {
    assert!(!label(CodeSet::Cagc, "CO").is_empty());
    assert!(!label(CodeSet::Rarc, "N130").is_empty());
    assert!(!label(CodeSet::Clp02, "22").is_empty());
    assert_eq!(label(CodeSet::Rarc, "CO"), "");
}

#[test]
fn what_was_sent_stands_beside_the_code_when_it_differs() {
    let sent = code_as_sent(CodeSet::Carc, "45", "045");
    assert_eq!((sent.code.as_str(), sent.raw.as_str()), ("45", "045"));
    assert_eq!(code(CodeSet::Carc, "45").label, sent.label);
}

#[test]
fn a_column_of_codes_is_separated_by_blanks() {
    let remarks = codes(CodeSet::Rarc, "M127 N130");
    assert_eq!(remarks.iter().map(|r| r.code.as_str()).collect::<Vec<_>>(), ["M127", "N130"]);
    assert!(codes(CodeSet::Rarc, "").is_empty());
}
