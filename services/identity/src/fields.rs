//! What single fields of requests must look like. Texts say what would be right, never the value.

use domain::calendar::Zone;
use platform::rejection::Violations;
use uuid::Uuid;

/// The longest name people read, in characters.
pub(crate) const NAME_MAX: usize = 200;

/// Notes `field` unless it is a slug inside a tenant: 1 to 96 of `a-z 0-9 - _ .`.
pub(crate) fn slug(violations: &mut Violations, field: &str, value: &str) {
    if !is_slug(value) {
        violations.add(field, "must be 1 to 96 of a-z 0-9 - _ .");
    }
}

/// Whether `value` is a slug inside a tenant.
pub(crate) fn is_slug(value: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b);
    (1..=96).contains(&value.len()) && value.bytes().all(plain)
}

/// Notes `field` unless it is a tenant's slug: 1 to 63 of `a-z 0-9 -`, beginning with a letter.
pub(crate) fn tenant_slug(violations: &mut Violations, field: &str, value: &str) {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let begins = value.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
    if !begins || value.len() > 63 || !value.bytes().all(plain) {
        violations.add(field, "must be 1 to 63 of a-z 0-9 -, beginning with a letter");
    }
}

/// Notes `field` unless it is the name of an IANA time zone.
pub(crate) fn time_zone(violations: &mut Violations, field: &str, value: &str) {
    if value.parse::<Zone>().is_err() {
        violations.add(field, "must be an IANA time zone, such as America/Chicago");
    }
}

/// Notes `field` unless it could be an electronic mail address.
pub(crate) fn email(violations: &mut Violations, field: &str, value: &str) {
    let plain = |text: &str| {
        !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '@')
    };
    let sound = value.len() <= 254
        && value.split_once('@').is_some_and(|(local, domain)| {
            local.len() <= 64 && plain(local) && plain(domain) && !domain.starts_with('.')
        });
    if !sound {
        violations.add(field, "must be an electronic mail address of at most 254 bytes");
    }
}

/// Whether `value` is a National Provider Identifier: ten digits that begin with 1 or 2, the last
/// one a Luhn check digit over the nine before it prefixed by 80840 (45 CFR 162.406).
pub(crate) fn is_npi(value: &str) -> bool {
    let digits = value.as_bytes();
    if digits.len() != 10 || !digits.iter().all(u8::is_ascii_digit) || digits[0] > b'2' {
        return false;
    }
    // 8 + 0 + 8 + 4 + 0 under Luhn, whose doubled places of the prefix are fixed, add up to 24.
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            let weighted = if place % 2 == 1 { digit * 2 } else { digit };
            weighted / 10 + weighted % 10
        })
        .sum();
    digits[0] >= b'1' && (sum + 24).is_multiple_of(10)
}

/// Whether `value` is a federal tax id: nine digits without a dash.
pub(crate) fn is_tax_id(value: &str) -> bool {
    value.len() == 9 && value.bytes().all(|b| b.is_ascii_digit())
}

/// Whether `value` is a CMS certification number: six digits and capital letters.
pub(crate) fn is_ccn(value: &str) -> bool {
    value.len() == 6 && value.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

/// Notes `field` unless the list `values` has at most `max` different items that are all `sound`.
pub(crate) fn list(
    violations: &mut Violations,
    field: &str,
    values: &[String],
    max: usize,
    sound: (fn(&str) -> bool, &str),
) {
    if values.len() > max {
        violations.add(field, format!("has more than {max} items"));
        return;
    }
    let mut seen = std::collections::BTreeSet::new();
    for (at, value) in values.iter().enumerate() {
        if !sound.0(value) {
            violations.add(format!("{field}[{at}]"), sound.1);
        } else if !seen.insert(value) {
            violations.add(format!("{field}[{at}]"), "is there twice");
        }
    }
}

/// The id in `value`, or a note against `field`.
pub(crate) fn id(violations: &mut Violations, field: &str, value: &str) -> Uuid {
    Uuid::try_parse(value).unwrap_or_else(|_| {
        violations.add(field, "must be a UUID");
        Uuid::nil()
    })
}

/// The different ids in `values`, sorted; at most `max`.
pub(crate) fn ids(
    violations: &mut Violations,
    field: &str,
    values: &[String],
    max: usize,
) -> Vec<Uuid> {
    if values.len() > max {
        violations.add(field, format!("has more than {max} items"));
        return Vec::new();
    }
    let read = |(at, value): (usize, &String)| id(violations, &format!("{field}[{at}]"), value);
    let mut ids: Vec<Uuid> = values.iter().enumerate().map(read).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[cfg(test)]
mod tests;
