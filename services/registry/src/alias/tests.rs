use super::*;

fn name(value: &str) -> Alias {
    Alias { kind: AliasKind::Name, value: value.to_owned() }
}

#[test]
fn case_and_repeated_blanks_do_not_make_another_name() {
    assert!(name(" Blue  Cross of Ohio").is_same(&name("BLUE CROSS OF OHIO ")));
    assert!(!name("BLUE CROSS").is_same(&name("BLUECROSS")));
}

#[test]
fn a_name_and_a_number_are_never_the_same() {
    let number = Alias { kind: AliasKind::PayerId, value: "60054".to_owned() };
    assert!(!number.is_same(&name("60054")));
}

#[test]
fn every_kind_reads_its_own_spelling() {
    for kind in AliasKind::ALL {
        assert_eq!(AliasKind::parse(kind.as_str()), Some(*kind));
    }
}
