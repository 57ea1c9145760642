use chrono::NaiveDate;
use domain::dictionary::Bundle;
use domain_verify::{Finding, FindingCode, World};
use platform::rejection::{Fault, Violation};

/// What stands against a bundle as a base, each where it is in `field`; it compiles. Names that
/// each tenant gives, of payers and places, are judged where they are, and the teams of a base are
/// those it names.
///
/// # Errors
/// When a code of this build is none.
pub fn objections(bundle: &Bundle, today: NaiveDate, field: &str) -> Result<Vec<Violation>, Fault> {
    let world = World::new(today, &domain::starter::codes());
    let mut world = world.map_err(|_| Fault::Broken("a code of this build is none"))?;
    let owners = bundle.owner_rules.iter().map(|rule| &rule.team);
    let teams = owners.chain(bundle.exception_policies.iter().map(|policy| &policy.team));
    world.teams = teams.map(ToString::to_string).collect();
    let verified = domain_verify::verify(bundle, &world);
    let bad = verified.findings.into_iter().filter(|it| it.blocking && !names_a_tenants(it.code));
    Ok(bad.map(|finding| violation(finding, field)).collect())
}

fn names_a_tenants(code: FindingCode) -> bool {
    matches!(
        code,
        FindingCode::UnknownPayer | FindingCode::UnknownFacility | FindingCode::UnknownServiceLine
    )
}

fn violation(finding: Finding, field: &str) -> Violation {
    let Finding { code, slug, words, .. } = finding;
    let place = if slug.is_empty() { code.as_str().to_owned() } else { slug };
    Violation { field: format!("{field}.{place}"), description: words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stands_against_what_the_product_starts_with_and_something_against_a_slip() {
        let today = NaiveDate::from_ymd_opt(2026, 6, 15).unwrap();
        let mut bundle = domain::starter::bundle();
        let against = |bundle: &Bundle| objections(bundle, today, "base").unwrap();
        assert_eq!(against(&bundle), []);
        bundle.entries.retain(|entry| entry.slug.as_str() != "carc-197");
        assert_eq!(against(&bundle), [], "an owned exception has it");
        bundle.exception_policies.clear();
        let found = against(&bundle);
        assert!(found.iter().any(|it| it.field == "base.partly_answered_code"), "{found:?}");
    }
}
