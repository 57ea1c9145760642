use domain::deadline::starter_rules;

use super::*;

#[test]
fn every_starter_rule_has_words_that_name_its_count() {
    let rules = starter_rules();
    assert!(!rules.is_empty());
    for rule in rules {
        let words = words(&rule);
        if let Some(count) = rule.count {
            assert!(words.starts_with(&format!("{count} ")), "{}: {words}", rule.slug);
        } else {
            assert!(!words.starts_with('0'), "{}: {words}", rule.slug);
        }
    }
}

#[test]
fn a_redetermination_reads_as_people_say_it() {
    let rules = starter_rules();
    let rule = rules.iter().find(|rule| rule.slug == "medicare-redetermination").unwrap();
    assert!(words(rule).starts_with("120 calendar days from "), "{}", words(rule));
}
