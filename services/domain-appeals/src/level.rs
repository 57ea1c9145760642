//! Which level is open for some lines of a claim, and what is a duplicate.

use chrono::NaiveDate;
use domain::deadline::Path;
use uuid::Uuid;

use crate::ladder::Ladder;
use crate::outcome::Kind;
use crate::state::State;

/// An appeal that was opened of one line at one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The appeal.
    pub appeal: Uuid,
    /// The line, by the number it had when it was first refused.
    pub line: u32,
    /// The level.
    pub level: Path,
    /// Where it stands.
    pub state: State,
    /// What the payer decided and when, of one that is decided.
    pub decided: Option<(Kind, NaiveDate)>,
}

impl Standing {
    /// The day on which it was decided against us.
    fn lost_on(&self) -> Option<NaiveDate> {
        let (kind, on) = self.decided.filter(|_| self.state == State::Decided)?;
        kind.opens_the_next().then_some(on)
    }
}

/// A level that may be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// The level.
    pub level: Path,
    /// The appeal one level below that was decided against us; the last one to be decided.
    pub previous: Option<Uuid>,
    /// The earliest day on which the level below was decided: its clock is the first to run out.
    pub decided_on: Option<NaiveDate>,
}

/// Why a level cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotOpen {
    /// One of the lines has an appeal at that level that is open or decided.
    #[error("appeal {appeal} of the same claim line at {level} is {state}")]
    Duplicate {
        /// The first one.
        appeal: Uuid,
        /// The level.
        level: Path,
        /// Where it stands.
        state: State,
    },
    /// The payer has no such level by the dictionary.
    #[error(
        "the dictionary has no rule for {level} of this payer and coverage; its levels are: {}",
        listed(levels)
    )]
    NoSuchLevel {
        /// The level.
        level: Path,
        /// Those it has.
        levels: Vec<Path>,
    },
    /// The payer has no level at all by the dictionary.
    #[error("the dictionary has no rule for any appeal to this payer and coverage")]
    NoLevels,
    /// What stands below has not been decided against us.
    #[error(
        "{level} opens once an appeal of these lines at {below} was decided against the \
        provider"
    )]
    BelowUndecided {
        /// The level.
        level: Path,
        /// The level below it.
        below: Path,
    },
}

fn listed(levels: &[Path]) -> String {
    levels.iter().map(|level| level.as_str()).collect::<Vec<_>>().join(", ")
}

/// Finds the level to open for `lines`: the one that is wanted, or the first that is open.
///
/// `standing` are the appeals of the claim; those of other lines do not count.
///
/// # Errors
/// [`CannotOpen`], a duplicate before anything else.
pub fn open(
    ladder: &Ladder<'_>,
    wanted: Option<Path>,
    lines: &[u32],
    standing: &[Standing],
) -> Result<Open, CannotOpen> {
    let levels = ladder.levels();
    let first = *levels.first().ok_or(CannotOpen::NoLevels)?;
    let of_lines = || standing.iter().filter(|one| one.state.counts() && lines.contains(&one.line));
    if let Some(level) = wanted {
        if let Some(held) = of_lines().find(|one| one.level == level) {
            return Err(CannotOpen::Duplicate { appeal: held.appeal, level, state: held.state });
        }
        if !levels.contains(&level) {
            return Err(CannotOpen::NoSuchLevel { level, levels });
        }
        return beside_below(ladder, level, lines, standing);
    }
    let mut level = first;
    while let Some(held) = of_lines().find(|one| one.level == level) {
        let lost = of_lines().filter(|one| one.level == level).all(|one| one.lost_on().is_some());
        match ladder.above(level).filter(|_| lost) {
            Some(above) => level = above,
            None => {
                return Err(CannotOpen::Duplicate {
                    appeal: held.appeal,
                    level,
                    state: held.state,
                });
            }
        }
    }
    beside_below(ladder, level, lines, standing)
}

/// The level, once every line was lost at the one below.
fn beside_below(
    ladder: &Ladder<'_>,
    level: Path,
    lines: &[u32],
    standing: &[Standing],
) -> Result<Open, CannotOpen> {
    let Some(below) = ladder.below(level) else {
        return Ok(Open { level, previous: None, decided_on: None });
    };
    let (mut previous, mut decided_on): (Option<(NaiveDate, Uuid)>, Option<NaiveDate>) =
        (None, None);
    for line in lines {
        let lost = standing
            .iter()
            .filter(|one| one.line == *line && one.level == below)
            .find_map(|one| Some((one.lost_on()?, one.appeal)));
        let (on, appeal) = lost.ok_or(CannotOpen::BelowUndecided { level, below })?;
        previous = previous.max(Some((on, appeal)));
        decided_on = Some(decided_on.map_or(on, |held| held.min(on)));
    }
    Ok(Open { level, previous: previous.map(|(_, appeal)| appeal), decided_on })
}

#[cfg(test)]
mod tests {
    use domain::codes::Lob;
    use proptest::prelude::*;

    use super::*;
    use crate::samples::{covered, day, rules};

    fn standing(appeal: u128, line: u32, level: Path, state: State) -> Standing {
        Standing { appeal: Uuid::from_u128(appeal), line, level, state, decided: None }
    }

    fn decided(appeal: u128, line: u32, level: Path, kind: Kind, on: &str) -> Standing {
        let decided = Some((kind, day(on)));
        Standing { decided, ..standing(appeal, line, level, State::Decided) }
    }

    fn asked(wanted: Option<Path>, lines: &[u32], held: &[Standing]) -> Result<Open, CannotOpen> {
        let rules = rules();
        let medicare = covered(Lob::MedicareFfs, None, None);
        open(&Ladder::of(&rules, medicare, day("2026-06-01")), wanted, lines, held)
    }

    #[test]
    fn the_first_level_is_open_until_somebody_opens_it() {
        let first = Open { level: Path::AppealLevel1, previous: None, decided_on: None };
        assert_eq!(asked(None, &[1], &[]), Ok(first));
        assert_eq!(asked(Some(Path::AppealLevel1), &[1], &[]), Ok(first));
        for state in [State::Draft, State::Submitted, State::Returned, State::Decided] {
            let held = [standing(7, 1, Path::AppealLevel1, state)];
            let duplicate = CannotOpen::Duplicate {
                appeal: Uuid::from_u128(7),
                level: Path::AppealLevel1,
                state,
            };
            assert_eq!(asked(None, &[2, 1], &held), Err(duplicate.clone()), "{state}");
            assert_eq!(asked(Some(Path::AppealLevel1), &[1], &held), Err(duplicate), "{state}");
            assert_eq!(asked(None, &[2], &held), Ok(first), "another line");
        }
        for state in [State::Withdrawn, State::Expired] {
            let held = [standing(7, 1, Path::AppealLevel1, state)];
            assert_eq!(asked(None, &[1], &held), Ok(first), "{state}");
        }
    }

    #[test]
    fn a_decision_against_us_opens_the_next_level_with_its_day() {
        let (one, two) = (Path::AppealLevel1, Path::AppealLevel2);
        let upheld = decided(7, 1, one, Kind::Upheld, "2026-05-20");
        let opened = asked(None, &[1], &[upheld]).unwrap();
        assert_eq!((opened.level, opened.previous), (two, Some(Uuid::from_u128(7))));
        assert_eq!(opened.decided_on, Some(day("2026-05-20")));
        // Both lines must have been lost; the earlier decision bounds, the later is pointed to.
        let below = CannotOpen::BelowUndecided { level: two, below: one };
        assert_eq!(asked(Some(two), &[1, 2], &[upheld]), Err(below.clone()));
        let later = decided(8, 2, one, Kind::Dismissed, "2026-05-25");
        let opened = asked(Some(two), &[1, 2], &[later, upheld]).unwrap();
        assert_eq!(opened.previous, Some(Uuid::from_u128(8)));
        assert_eq!(opened.decided_on, Some(day("2026-05-20")));
        // What was won opens nothing.
        let won = decided(7, 1, one, Kind::Overturned, "2026-05-20");
        assert_eq!(asked(Some(two), &[1], &[won]), Err(below));
        assert!(matches!(asked(None, &[1], &[won]), Err(CannotOpen::Duplicate { .. })));
    }

    #[test]
    fn a_level_that_the_payer_does_not_have_is_refused_with_those_it_has() {
        let refused = asked(Some(Path::ExternalReview), &[1], &[]).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the dictionary has no rule for external_review of this payer and coverage; its levels \
             are: appeal_level_1, appeal_level_2, appeal_level_3, appeal_level_4, appeal_level_5"
        );
        let nobody = Ladder::of(&[], covered(Lob::Va, None, None), day("2026-06-01"));
        assert_eq!(open(&nobody, None, &[1], &[]), Err(CannotOpen::NoLevels));
    }

    proptest! {
        /// Whatever is opened by these rules, no line ever has two appeals that count at a level.
        #[test]
        fn no_line_meets_two_appeals_at_a_level(
            acts in prop::collection::vec((0..3u32, 0..6usize, 0..4u8), 1..40),
        ) {
            let mut held: Vec<Standing> = Vec::new();
            for (at, (line, level, act)) in acts.into_iter().enumerate() {
                let wanted = crate::ladder::LEVELS.get(level).copied();
                if let Ok(opened) = asked(wanted, &[line], &held) {
                    held.push(standing(at as u128 + 1, line, opened.level, State::Draft));
                }
                let Some(last) = held.last_mut().filter(|last| last.state == State::Draft) else {
                    continue;
                };
                match act {
                    0 => last.state = State::Withdrawn,
                    1 | 2 => {
                        last.state = State::Decided;
                        let kind = if act == 1 { Kind::Upheld } else { Kind::Overturned };
                        last.decided = Some((kind, day("2026-05-20")));
                    }
                    _ => {}
                }
                let counting = held.iter().filter(|one| one.state.counts());
                let mut places: Vec<_> = counting.map(|one| (one.line, one.level)).collect();
                let opened = places.len();
                places.sort();
                places.dedup();
                prop_assert_eq!(places.len(), opened);
            }
        }
    }
}
