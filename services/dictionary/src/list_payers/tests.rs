use super::*;

#[test]
fn the_documented_filter_is_read() {
    assert!(narrow(r#"line_of_business = "COMMERCIAL" AND network = IN_NETWORK"#).is_ok());
}

#[test]
fn other_fields_operators_and_values_are_refused() {
    for wrong in ["display_name = x", "slug != x", "line_of_business = gold", "slug : x"] {
        assert!(narrow(wrong).is_err(), "{wrong}");
    }
}
