use proptest::prelude::*;

use super::*;

fn sort(name: &'static str) -> Sort<u8, Place> {
    Sort { name, lead: None, id: 0, id_order: Order::Asc, id_of: |row| row.id }
}

#[test]
fn an_empty_order_is_the_first_and_blanks_do_not_count() {
    let sorts = || [sort("priority desc"), sort("due_on")];
    assert_eq!(chosen("", sorts()).ok().map(|sort| sort.name), Some("priority desc"));
    assert_eq!(chosen(" due_on ", sorts()).ok().map(|sort| sort.name), Some("due_on"));
    assert_eq!(
        chosen(" priority   desc", sorts()).ok().map(|sort| sort.name),
        Some("priority desc")
    );
}

#[test]
fn an_order_outside_the_list_is_refused_and_the_list_named() {
    let Err(Fault::Invalid(violations)) = chosen("tenant_id", [sort("priority desc")]) else {
        panic!("it was taken");
    };
    assert_eq!(violations[0].field, "order_by");
    assert_eq!(violations[0].description, "is one of `priority desc`");
}

#[test]
fn a_number_that_is_no_day_is_a_bad_token() {
    assert!(matches!(Kind::Day.value(i64::MAX), Err(Fault::PageToken)));
    assert!(matches!(Kind::Instant.value(i64::MAX), Err(Fault::PageToken)));
}

#[test]
fn a_day_and_an_instant_come_back_from_their_numbers() {
    let day = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();
    assert_eq!(Kind::Day.value(day_number(day)).unwrap(), Value::from(day));
    let at = DateTime::from_timestamp_micros(1_763_900_000_123_456).unwrap();
    assert_eq!(Kind::Instant.value(instant_number(at)).unwrap(), Value::from(at));
}

proptest! {
    #[test]
    fn a_place_comes_back_from_its_bytes(value: i64, id: u128) {
        let place = Place { value, id: Uuid::from_u128(id) };
        prop_assert_eq!(Place::from_bytes(&place.to_bytes()), Some(place));
    }

    #[test]
    fn bytes_of_another_length_are_no_place(bytes: Vec<u8>) {
        prop_assume!(bytes.len() != PLACE_BYTES);
        prop_assert_eq!(Place::from_bytes(&bytes), None);
    }
}
