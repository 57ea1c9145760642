use std::collections::BTreeSet;

use super::*;

/// Dice: numbers taken one after another out of one word.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        let rolled = self.0 % sides;
        self.0 /= sides;
        rolled
    }

    pub(super) fn once_in(&mut self, sides: u64) -> bool {
        // The last face, so that a word that shrank to zero is the plain case.
        self.roll(sides) + 1 == sides
    }

    pub(super) fn person(&mut self) -> UserId {
        user([1, 2, 3, 11, 12, 8, 9][self.roll(7) as usize])
    }

    pub(super) fn content(&mut self) -> ContentHash {
        hash(2 + self.roll(12) as u8)
    }

    pub(super) fn sections(&mut self) -> BTreeSet<&'static str> {
        let choices = [&[ENTRIES][..], &[DEADLINES], &[ENTRIES, DEADLINES]];
        choices[self.roll(3) as usize].iter().copied().collect()
    }
}
