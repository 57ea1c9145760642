//! What is wrong with a request, field by field.

/// One field of a request and what is wrong with it.
///
/// Every field at fault is named at once, so that whoever filled a form corrects it once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The field as the contract calls it: `corrected_claim_number`.
    pub field: &'static str,
    /// What is wrong, in words that follow the field's name: `is required`.
    pub words: String,
}

/// The violations of one request, in the order in which they were found.
#[derive(Debug, Default)]
pub(crate) struct Violations(Vec<Violation>);

impl Violations {
    /// Notes that `field` is at fault.
    pub(crate) fn add(&mut self, field: &'static str, words: impl Into<String>) {
        self.0.push(Violation { field, words: words.into() });
    }

    /// Notes `field` unless it says something in at most `max` characters without control ones.
    pub(crate) fn required(&mut self, field: &'static str, value: &str, max: usize) {
        if says_nothing(value) {
            self.add(field, "is required");
        } else {
            self.optional(field, value, max);
        }
    }

    /// Notes `field` when it is too long or holds control characters.
    pub(crate) fn optional(&mut self, field: &'static str, value: &str, max: usize) {
        if value.chars().count() > max {
            self.add(field, format!("is longer than {max} characters"));
        } else if value.chars().any(char::is_control) {
            self.add(field, "holds a control character");
        }
    }

    pub(crate) fn into_vec(self) -> Vec<Violation> {
        self.0
    }
}

/// Whether a text is empty or blank.
pub(crate) fn says_nothing(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}
