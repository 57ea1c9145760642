//! The least amount in controversy that a level takes, by the year in which it is asked for.
//!
//! Rules hold thresholds in the words of their sources: `$200 (CY2026; $190 CY2025)`, `$50 for
//! reconsideration`, `none`. What begins with no amount (a fee) bounds nothing. The yearly amounts
//! of Medicare are those of the calendar year in which the request is filed (42 CFR 405.1006(b)).

use domain::money::Cents;

/// The least amount that a level takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// The amount; the amount itself is enough.
    pub least: Cents,
    /// The calendar year it was published for; `None` for every year.
    pub year: Option<i32>,
    /// Whether the year that was asked for has no amount on file, so that the last one before it
    /// counts: the yearly amounts rise with a price index or stay (section 1869(b)(1)(E)(iii) of
    /// the Social Security Act), so what lies below the last one lies below the next one.
    pub carried: bool,
}

impl Threshold {
    /// The threshold in a rule's words, for requests filed in `year`; `None` where there is none,
    /// or none is known for that year or an earlier one.
    pub fn of(words: &str, year: i32) -> Option<Self> {
        let plain = words.replace(['(', ')'], " ");
        if !plain.trim_start().starts_with('$') {
            return None;
        }
        let stated: Vec<(Option<i32>, Cents)> = plain.split(';').filter_map(part).collect();
        let of_year = |(of, _): &&(Option<i32>, Cents)| of.is_some_and(|of| of <= year);
        if let Some((of, least)) = stated.iter().filter(of_year).max_by_key(|(of, _)| *of) {
            return Some(Self { least: *least, year: *of, carried: *of != Some(year) });
        }
        let (_, least) = stated.iter().find(|(of, _)| of.is_none())?;
        Some(Self { least: *least, year: None, carried: false })
    }

    /// Whether an amount is too small.
    pub fn refuses(&self, in_controversy: Cents) -> bool {
        in_controversy < self.least
    }
}

/// One amount and the year it is for: `$1,960 CY2026`.
fn part(text: &str) -> Option<(Option<i32>, Cents)> {
    let text = text.trim().strip_prefix('$')?;
    let end = text.find(|sign: char| !sign.is_ascii_digit() && sign != ',' && sign != '.');
    let (amount, rest) = text.split_at(end.unwrap_or(text.len()));
    let (dollars, cents) = amount.trim_end_matches(['.', ',']).split_once('.').map_or_else(
        || (amount.trim_end_matches(['.', ',']), "00"),
        |(dollars, cents)| (dollars, cents),
    );
    let dollars: i64 = dollars.replace(',', "").parse().ok()?;
    let cents: i64 = (cents.len() == 2).then(|| cents.parse().ok())??;
    let least = dollars.checked_mul(100)?.checked_add(cents)?;
    let year = rest
        .split_whitespace()
        .find_map(|word| word.strip_prefix("CY"))
        .and_then(|year| year.get(..4)?.parse().ok());
    Some((year, Cents::new(least)))
}

#[cfg(test)]
mod tests {
    use domain::deadline::starter_rules;
    use proptest::prelude::*;

    use super::*;

    fn least(words: &str, year: i32) -> Option<i64> {
        Threshold::of(words, year).map(|found| found.least.as_i64())
    }

    #[test]
    fn medicares_amounts_are_those_of_the_year_of_filing() {
        let words = "$1,960 (CY2026; $1,900 CY2025)";
        assert_eq!(least(words, 2026), Some(196_000));
        assert_eq!(least(words, 2025), Some(190_000));
        assert_eq!(least(words, 2024), None, "nothing is known of it");
        let carried = Threshold::of(words, 2027).unwrap();
        assert_eq!(
            (carried.least.as_i64(), carried.year, carried.carried),
            (196_000, Some(2026), true)
        );
        assert!(carried.refuses(Cents::new(195_999)) && !carried.refuses(Cents::new(196_000)));
    }

    #[test]
    fn other_words_are_one_amount_or_none() {
        assert_eq!(least("$50 for reconsideration", 2026), Some(5_000));
        assert_eq!(least("$12.50", 1999), Some(1_250));
        for none in ["", "none", "admin fee $15/party (disputes from 2026-06-11; was $115)", "$"] {
            assert_eq!(least(none, 2026), None, "{none}");
        }
    }

    #[test]
    fn every_threshold_that_comes_with_the_product_is_read_or_is_a_fee() {
        let mut read = Vec::new();
        for rule in starter_rules() {
            let found = Threshold::of(&rule.threshold, 2026);
            let fee = rule.slug == "nsa-idr-offer";
            let stated = !matches!(rule.threshold.as_str(), "" | "none");
            assert_eq!(found.is_some(), stated && !fee, "{}: {}", rule.slug, rule.threshold);
            if let Some(found) = found {
                read.push((rule.slug, found.least.as_i64()));
            }
        }
        read.sort();
        let of = |slug: &str| read.iter().find(|(held, _)| held == slug).map(|(_, cents)| *cents);
        assert_eq!(of("medicare-omha"), Some(20_000));
        assert_eq!(of("ma-omha"), Some(20_000));
        assert_eq!(of("medicare-district-court"), Some(196_000));
        assert_eq!(of("tricare-reconsideration"), Some(5_000));
    }

    proptest! {
        #[test]
        fn no_words_break_it(words in "[$(); a-zA-Z0-9,.]{0,40}", year in 1900..2100) {
            if let Some(found) = Threshold::of(&words, year) {
                prop_assert!(found.least >= Cents::ZERO);
                prop_assert!(found.year.is_none_or(|of| of <= year));
            }
        }
    }
}
