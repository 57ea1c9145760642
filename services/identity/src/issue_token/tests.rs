use super::*;

#[test]
fn asked_scopes_must_be_granted_ones_and_none_asked_means_all() {
    let granted = ["a.read".to_owned(), "b.write".to_owned()];
    assert_eq!(narrow(&granted, "").unwrap(), "a.read b.write");
    assert_eq!(narrow(&granted, " b.write  b.write ").unwrap(), "b.write");
    for asked in ["c.read", "a.read c.read", "a.*", "A.READ", "a.rea"] {
        assert!(matches!(narrow(&granted, asked), Err(Error::InvalidScope)), "{asked}");
    }
}
