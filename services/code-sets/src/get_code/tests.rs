use super::*;

#[test]
fn leading_zeros_and_case_are_ignored_and_the_own_spelling_is_kept() {
    assert_eq!(spellings("CARC", "0016"), ["0016", "16"]);
    assert_eq!(spellings("CARC", "a1"), ["A1"]);
    assert_eq!(spellings("RARC", "ma1"), ["MA1", "MA01"]);
    assert_eq!(spellings("CLAIM_STATUS", "0"), ["0"]);
}
