use proptest::prelude::*;

use super::*;
use crate::access::Caller;
use domain::tenancy::TenantId;

fn caller() -> Caller {
    Caller::on_duty(TenantId::from_uuid(crate::ids::new()), "page.tests")
}

#[test]
fn sizes_are_coerced() {
    assert_eq!([0, -1, 7, i32::MAX].map(size), [50, 50, 7, 500]);
}

#[test]
fn a_token_serves_its_own_list_only() {
    let (keys, mine, other) = (Keys::ephemeral(), caller(), caller());
    let pager = Pager::new(&keys, &mine, &["a=1", "id"]);
    let token = pager.token(b"last");
    assert_eq!(pager.read(&token).unwrap(), Some(b"last".to_vec()));
    assert_eq!(pager.read("").unwrap(), None);
    for stranger in [
        Pager::new(&keys, &other, &["a=1", "id"]),
        Pager::new(&keys, &mine, &["a=2", "id"]),
        Pager::new(&keys, &mine, &["a=1i", "d"]),
        Pager::new(&Keys::ephemeral(), &mine, &["a=1", "id"]),
    ] {
        assert!(stranger.read(&token).is_err());
    }
}

proptest! {
    #[test]
    fn an_altered_token_is_refused(last in prop::collection::vec(any::<u8>(), 0..40), at: usize) {
        let (keys, caller) = (Keys::ephemeral(), caller());
        let pager = Pager::new(&keys, &caller, &[]);
        let token = pager.token(&last);
        prop_assert_eq!(pager.read(&token).unwrap(), Some(last));
        let mut bytes = token.into_bytes();
        let at = at % bytes.len();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let bent = String::from_utf8(bytes).unwrap();
        prop_assert!(pager.read(&bent).is_err());
    }

    #[test]
    fn no_text_makes_it_panic(token in "\\PC{0,80}") {
        let (keys, caller) = (Keys::ephemeral(), caller());
        Pager::new(&keys, &caller, &[]).read(&token).ok();
    }
}
