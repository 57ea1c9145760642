use super::*;

#[test]
fn a_revision_is_named_by_active_its_number_or_its_hash() {
    let hash = "0".repeat(64);
    assert_eq!(RevisionName::read("revision", "active").unwrap(), RevisionName::Active);
    assert_eq!(RevisionName::read("revision", "7").unwrap(), RevisionName::Number(7));
    let named = RevisionName::read("revision", &hash).unwrap();
    assert_eq!(named, RevisionName::Hash(hash.parse().unwrap()));
    for wrong in ["", "latest", "-1", "0", "ABCD"] {
        assert!(RevisionName::read("revision", wrong).is_err(), "{wrong}");
    }
}

#[test]
fn nothing_pins_the_active_revision() {
    assert_eq!(RevisionName::pinned("revision", "").unwrap(), RevisionName::Active);
    assert!(RevisionName::pinned("revision", "7").is_err());
}

#[test]
fn content_that_its_hash_does_not_name_never_decides() {
    let canonical = domain::starter::bundle().canonical().unwrap();
    let hash = domain::dictionary::ContentHash::of(&canonical);
    assert!(compile(canonical.clone().into_bytes(), hash).is_ok());
    let altered = canonical.replacen("Overturn starter", "Overturn altered", 1);
    assert_ne!(altered, canonical);
    assert!(compile(altered.into_bytes(), hash).is_err());
}

#[test]
fn other_semantics_are_refused_and_named() {
    let mut bundle = domain::starter::bundle();
    bundle.evaluator_semantics = 99;
    let canonical = bundle.canonical().unwrap();
    let hash = domain::dictionary::ContentHash::of(&canonical);
    let refused = compile(canonical.into_bytes(), hash);
    assert!(matches!(refused, Err(Error::SemanticsUnsupported(99))));
}
