//! What one field of a match may ask for, from nothing to exactly one value.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::codes::Rarc;
use crate::money::Cents;

/// A name inside a bundle: 1 to 96 of `a-z 0-9 - _ .`, beginning with a letter or a digit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

impl Slug {
    /// Checks the alphabet and the length.
    pub fn new(text: impl Into<String>) -> Result<Self, NotASlug> {
        let text = text.into();
        let legal = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.')
        };
        let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
        if begins && text.len() <= 96 && text.bytes().all(legal) {
            Ok(Self(text))
        } else {
            Err(NotASlug(text))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that cannot be a slug.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a slug: use 1 to 96 of a-z, 0-9, `-`, `_`, `.`, first a letter or a digit")]
pub struct NotASlug(String);

impl TryFrom<String> for Slug {
    type Error = NotASlug;

    fn try_from(text: String) -> Result<Self, NotASlug> {
        Self::new(text)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<str> for Slug {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

/// How closely a field is constrained: exact beats range beats any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    /// Not constrained.
    Any,
    /// More than one value is accepted: a set, a range, or all but some.
    Range,
    /// One value is accepted.
    Exact,
}

/// A field that takes any value, exactly one, or one of a few.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selector<T> {
    /// Not constrained.
    #[default]
    Any,
    /// This value.
    Exact(T),
    /// One of these: sorted, distinct, at least two.
    OneOf(Vec<T>),
}

impl<T: Ord> Selector<T> {
    /// The narrowest selector for these values; no value at all is [`Selector::Any`].
    pub fn of(values: impl IntoIterator<Item = T>) -> Self {
        let mut values: Vec<T> = values.into_iter().collect();
        values.sort();
        values.dedup();
        match values.len() {
            0 | 1 => values.pop().map_or(Self::Any, Self::Exact),
            _ => Self::OneOf(values),
        }
    }

    /// Whether the field is not constrained.
    pub fn is_any(&self) -> bool {
        matches!(self, Self::Any)
    }

    /// How closely the field is constrained.
    pub fn closeness(&self) -> Closeness {
        match self {
            Self::Any => Closeness::Any,
            Self::Exact(_) => Closeness::Exact,
            Self::OneOf(_) => Closeness::Range,
        }
    }

    /// The values named; none when any value will do.
    pub fn values(&self) -> &[T] {
        match self {
            Self::Any => &[],
            Self::Exact(value) => std::slice::from_ref(value),
            Self::OneOf(values) => values,
        }
    }

    /// Whether `value` is accepted; an unknown value is accepted only when any will do.
    pub fn admits(&self, value: Option<&T>) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(wanted) => value == Some(wanted),
            Self::OneOf(values) => value.is_some_and(|value| values.contains(value)),
        }
    }

    /// Whether one value exists that both accept.
    pub fn overlaps(&self, other: &Self) -> bool {
        if self.is_any() || other.is_any() {
            return true;
        }
        let (few, many) = (self.values(), other.values());
        let (few, many) = if few.len() <= many.len() { (few, many) } else { (many, few) };
        let held = holds(many);
        few.iter().any(held)
    }

    pub(super) fn normalize(&mut self) {
        *self = match std::mem::take(self) {
            Self::OneOf(values) if !values.is_empty() => Self::of(values),
            kept => kept,
        };
    }

    /// A one-of without a value can never match.
    pub(super) fn is_empty_set(&self) -> bool {
        matches!(self, Self::OneOf(values) if values.is_empty())
    }
}

impl Selector<Slug> {
    /// As [`Selector::admits`], for a slug that is only borrowed.
    pub fn admits_text(&self, value: Option<&str>) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(wanted) => value == Some(wanted.as_str()),
            Self::OneOf(slugs) => {
                value.is_some_and(|value| slugs.iter().any(|slug| slug.as_str() == value))
            }
        }
    }
}

/// Whether a list holds a value: found by halves where the list is sorted, as normalized ones are,
/// so that lists of millions do not take their product.
fn holds<T: Ord>(list: &[T]) -> impl Fn(&T) -> bool {
    let sorted = list.is_sorted();
    move |value| if sorted { list.binary_search(value).is_ok() } else { list.contains(value) }
}

/// What the remarks of a denial must hold; empty lists ask for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RarcMatch {
    /// At least one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<Rarc>,
    /// Every one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<Rarc>,
    /// None of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub none: Vec<Rarc>,
}

impl RarcMatch {
    /// Whether the field is not constrained.
    pub fn is_any(&self) -> bool {
        self.any.is_empty() && self.all.is_empty() && self.none.is_empty()
    }

    /// Exact when a named remark is required, range for a choice or an exclusion.
    pub fn closeness(&self) -> Closeness {
        if !self.all.is_empty() || self.any.len() == 1 {
            Closeness::Exact
        } else if self.is_any() {
            Closeness::Any
        } else {
            Closeness::Range
        }
    }

    /// Whether a denial with these remarks is accepted.
    pub fn admits(&self, remarks: &[Rarc]) -> bool {
        let has = |code: &Rarc| remarks.contains(code);
        self.all.iter().all(has)
            && (self.any.is_empty() || self.any.iter().any(has))
            && !self.none.iter().any(has)
    }

    /// Whether some set of remarks satisfies both.
    pub fn overlaps(&self, other: &Self) -> bool {
        let (ours, theirs) = (holds(&self.none), holds(&other.none));
        let barred = |code: &Rarc| ours(code) || theirs(code);
        let reachable =
            |choice: &[Rarc]| choice.is_empty() || choice.iter().any(|code| !barred(code));
        !self.all.iter().chain(&other.all).any(barred)
            && reachable(&self.any)
            && reachable(&other.any)
    }

    /// Every remark named, in any role.
    pub fn named(&self) -> impl Iterator<Item = &Rarc> {
        self.any.iter().chain(&self.all).chain(&self.none)
    }

    pub(super) fn normalize(&mut self) {
        for list in [&mut self.any, &mut self.all, &mut self.none] {
            list.sort();
            list.dedup();
        }
    }
}

/// A procedure code, a set of them, or a range; codes compare as text of equal length.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ProcedureMatch {
    /// Not constrained.
    #[default]
    Any,
    /// This code.
    Exact(String),
    /// From the first to the last code, both included, of one length.
    Range {
        /// The first code.
        from: String,
        /// The last code.
        to: String,
    },
}

impl ProcedureMatch {
    /// Whether the field is not constrained.
    pub fn is_any(&self) -> bool {
        matches!(self, Self::Any)
    }

    /// How closely the field is constrained.
    pub fn closeness(&self) -> Closeness {
        match self {
            Self::Any => Closeness::Any,
            Self::Exact(_) => Closeness::Exact,
            Self::Range { .. } => Closeness::Range,
        }
    }

    pub(super) fn words(&self) -> Option<String> {
        match self {
            Self::Any => None,
            Self::Exact(code) => Some(format!("exactly {code}")),
            Self::Range { from, to } => Some(format!("{from} to {to}")),
        }
    }

    /// The first and the last code; `None` when any will do.
    pub fn bounds(&self) -> Option<(&str, &str)> {
        match self {
            Self::Any => None,
            Self::Exact(code) => Some((code, code)),
            Self::Range { from, to } => Some((from, to)),
        }
    }

    /// Whether a procedure is accepted; an unknown one only when any will do.
    pub fn admits(&self, procedure: Option<&str>) -> bool {
        let Some((from, to)) = self.bounds() else { return true };
        procedure.is_some_and(|code| code.len() == from.len() && from <= code && code <= to)
    }

    /// Whether one code exists that both accept.
    pub fn overlaps(&self, other: &Self) -> bool {
        match (self.bounds(), other.bounds()) {
            (Some((a, b)), Some((c, d))) => a.len() == c.len() && a <= d && c <= b,
            _ => true,
        }
    }

    pub(super) fn is_sound(&self) -> bool {
        self.bounds().is_none_or(|(from, to)| {
            !from.is_empty() && from.len() == to.len() && from <= to && from.is_ascii()
        })
    }
}

/// A range of denied amounts, both ends included, in cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AmountRange {
    /// The smallest amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Cents>,
    /// The largest amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Cents>,
}

/// A range of service dates, both ends included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DateRange {
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// The rules of an optional closed interval, for every ordered value that has one.
macro_rules! interval {
    ($name:ident, $value:ty, $low:ident, $high:ident) => {
        impl $name {
            /// Whether the field is not constrained.
            pub fn is_any(&self) -> bool {
                self.$low.is_none() && self.$high.is_none()
            }

            /// How closely the field is constrained.
            pub fn closeness(&self) -> Closeness {
                match (self.$low, self.$high) {
                    (None, None) => Closeness::Any,
                    (Some(low), Some(high)) if low == high => Closeness::Exact,
                    _ => Closeness::Range,
                }
            }

            /// Whether a value is accepted; an unknown one only when any will do.
            pub fn admits(&self, value: Option<$value>) -> bool {
                match value {
                    None => self.is_any(),
                    Some(value) => {
                        self.$low.is_none_or(|low| low <= value)
                            && self.$high.is_none_or(|high| value <= high)
                    }
                }
            }

            /// Whether one value exists that both accept.
            pub fn overlaps(&self, other: &Self) -> bool {
                let before = |high: Option<$value>, low: Option<$value>| {
                    high.zip(low).is_some_and(|(high, low)| high < low)
                };
                !before(self.$high, other.$low) && !before(other.$high, self.$low)
            }

            pub(super) fn is_sound(&self) -> bool {
                self.$low.zip(self.$high).is_none_or(|(low, high)| low <= high)
            }
        }
    };
}

interval!(AmountRange, Cents, at_least, at_most);
interval!(DateRange, NaiveDate, from, to);

#[cfg(test)]
mod tests;
