//! How names of companies are compared.

use std::collections::BTreeSet;

/// From which likeness on a known name is worth a guess.
pub const ALIKE: usize = 500;

/// The form that is compared: uppercase, single blanks.
#[must_use]
pub fn normalized(name: &str) -> String {
    name.split_whitespace().map(str::to_uppercase).collect::<Vec<_>>().join(" ")
}

/// How much of two names' words are the same, 0 to 1,000 (Dice's coefficient over distinct words).
#[must_use]
pub fn likeness(one: &str, other: &str) -> usize {
    let words = |name: &str| -> BTreeSet<String> {
        normalized(name)
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (one, other) = (words(one), words(other));
    let shared = one.intersection(&other).count();
    (2_000 * shared).checked_div(one.len() + other.len()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_repeated_blanks_do_not_make_another_name() {
        assert_eq!(normalized(" Blue  Cross of Ohio"), normalized("BLUE CROSS OF OHIO "));
        assert_ne!(normalized("BLUE CROSS"), normalized("BLUECROSS"));
    }

    #[test]
    fn likeness_counts_shared_words_and_ignores_punctuation() {
        assert_eq!(likeness("AETNA, INC.", "Aetna Inc"), 1_000);
        assert_eq!(likeness("AETNA HEALTH", "AETNA LIFE"), ALIKE);
        assert_eq!(likeness("AETNA", "CIGNA"), 0);
        assert_eq!(likeness("", "  "), 0);
    }
}
