use proptest::prelude::*;
use uuid::Uuid;

use super::{NotATenantId, TenantId};

proptest! {
    #[test]
    fn an_id_reads_back_from_its_own_text(bits: u128) {
        let id = TenantId::from_uuid(Uuid::from_u128(bits));
        prop_assert_eq!(id.to_string().parse::<TenantId>(), Ok(id));
        prop_assert_eq!(id.as_uuid().as_u128(), bits);
    }
}

#[test]
fn another_spelling_of_the_same_id_is_refused() {
    let id = TenantId::from_uuid(Uuid::from_u128(0xABCD));
    let text = id.to_string();
    for other in
        [text.to_uppercase(), text.replace('-', ""), format!("{{{text}}}"), format!(" {text}")]
    {
        assert_eq!(other.parse::<TenantId>(), Err(NotATenantId), "{other}");
    }
    assert_eq!("".parse::<TenantId>(), Err(NotATenantId));
}
