use super::*;

#[test]
fn a_release_has_the_same_name_whenever_it_is_read() {
    let (one, other) = (Release::of_this_build().unwrap(), Release::of_this_build().unwrap());
    assert_eq!(one.name, other.name);
    assert_eq!(one.name.len(), 64);
}

#[test]
fn every_listed_set_counts_its_codes() {
    let release = Release::of_this_build().unwrap();
    let listed: Vec<&str> = release.sets.iter().map(|set| set.slug.as_str()).collect();
    assert_eq!(listed, ["CARC", "RARC", "CAGC", "CLP02", "PLB03-1"]);
    let counted: i32 = release.sets.iter().map(|set| set.code_count).sum();
    assert_eq!(usize::try_from(counted).unwrap(), release.codes.len());
    assert_eq!(release.codes.len(), domain::starter::codes().len());
}

#[test]
fn a_remark_that_ends_appeal_rights_carries_its_effect() {
    let release = Release::of_this_build().unwrap();
    let of = |set: &str, code: &str| {
        let found = release.codes.iter().find(|c| c.code_set == set && c.code.code == code);
        found.unwrap().effect.clone()
    };
    let rules = domain::starter::bundle().remark_rules;
    let bar = rules.iter().find(|rule| rule.effect.is_some()).unwrap();
    assert_eq!(of("RARC", bar.rarc.as_str()), bar.effect.unwrap().as_str());
    assert_eq!(of("CARC", "16"), "");
}
