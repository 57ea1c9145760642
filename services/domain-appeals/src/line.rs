//! Which line of a claim a denial is about, however often it was refused and under which number.
//!
//! A line that is refused again on a later remittance may stand at another place there; the denial
//! names the one it repeats. What is appealed is the line, so that its appeals meet.

use std::collections::BTreeMap;

use uuid::Uuid;

/// A denial of a claim, as far as it tells lines apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// The denial.
    pub id: Uuid,
    /// Place of the line in its remittance, from 1; 0 for the claim as a whole.
    pub number: u32,
    /// The denial it repeats.
    pub repeat_of: Option<Uuid>,
}

/// The lines of one claim.
#[derive(Clone, Debug, Default)]
pub struct Lines(BTreeMap<Uuid, Named>);

impl Lines {
    /// The lines that these denials of one claim are about.
    pub fn of(denials: impl IntoIterator<Item = Named>) -> Self {
        Self(denials.into_iter().map(|denial| (denial.id, denial)).collect())
    }

    /// The number that a denial's line had when it was first refused; `None` for a denial of
    /// another claim.
    pub fn first_number(&self, denial: Uuid) -> Option<u32> {
        let mut at = self.0.get(&denial)?;
        // A chain that is longer than there are denials is a circle.
        for _ in 0..self.0.len() {
            match at.repeat_of.and_then(|before| self.0.get(&before)) {
                Some(before) => at = before,
                None => break,
            }
        }
        Some(at.number)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(id: u128, number: u32, repeat_of: u128) -> Named {
        let repeat_of = (repeat_of > 0).then(|| Uuid::from_u128(repeat_of));
        Named { id: Uuid::from_u128(id), number, repeat_of }
    }

    #[test]
    fn a_repeat_is_about_the_line_of_what_it_repeats() {
        let lines = Lines::of([named(1, 2, 0), named(2, 5, 1), named(3, 1, 2), named(4, 1, 0)]);
        let number = |id: u128| lines.first_number(Uuid::from_u128(id));
        assert_eq!([number(1), number(2), number(3)], [Some(2); 3]);
        assert_eq!((number(4), number(9)), (Some(1), None));
    }

    proptest! {
        #[test]
        fn circles_and_gaps_end(
            links in prop::collection::vec((0..9u32, 0..12u128), 1..9),
        ) {
            let denials = links.iter().enumerate();
            let lines = Lines::of(denials.map(|(at, (number, before))| {
                named(at as u128 + 1, *number, *before)
            }));
            for at in 0..links.len() {
                prop_assert!(lines.first_number(Uuid::from_u128(at as u128 + 1)).is_some());
            }
        }
    }
}
