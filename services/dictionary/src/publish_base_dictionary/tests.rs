use domain::dictionary::Slug;
use platform::rejection::Rejection;

use super::*;

#[test]
fn the_base_dictionary_is_accepted_under_the_hash_of_its_canonical_form() {
    let accepted = accept(&domain::starter::bundle()).unwrap();
    let hash = domain::dictionary::ContentHash::of(&accepted.canonical);
    assert_eq!(accepted.compiled.revision(), hash);
}

#[test]
fn a_bundle_that_contradicts_itself_is_refused_with_every_conflict() {
    let mut bundle = domain::starter::bundle();
    let mut twins: Vec<_> = bundle.entries.iter().take(2).cloned().collect();
    for twin in &mut twins {
        twin.slug = Slug::new(format!("{}.twin", twin.slug)).unwrap();
    }
    let named: Vec<String> =
        bundle.entries[..2].iter().map(|e| format!("entries.{}", e.slug)).collect();
    bundle.entries.extend(twins);
    let refused = accept(&bundle).unwrap_err();
    assert_eq!(refused.reason(), "BROKEN_BUNDLE");
    let fields: Vec<&str> = refused.violations().iter().map(|v| v.field.as_str()).collect();
    assert_eq!(fields, named);
}
