//! Line by line.

use std::cmp::Reverse;

use domain::money::Cents;

use super::line::is_same;
use super::{
    Earlier, EarlierState, Fate, GoesTo, LaterLine, Lineage, Outcome, PROCESS_OWNER_FROM, Sent,
    Settlement, fate, unsure, untouched,
};

/// Settles earlier denials by the lines of a later adjudication.
pub(super) fn settle(earlier: &[Earlier<'_>], lines: &[LaterLine<'_>], sent: Sent) -> Settlement {
    let places: Vec<Place> = earlier.iter().map(|denial| place(denial, lines)).collect();
    let mut fates: Vec<Option<Fate>> =
        earlier.iter().zip(&places).map(|(denial, place)| stands_still(denial, place)).collect();
    let mut lineages = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let here: Vec<usize> =
            (0..earlier.len()).filter(|of| places[*of] == Place::On(at)).collect();
        let open: Vec<usize> = here.iter().copied().filter(|of| fates[*of].is_none()).collect();
        let pairs = paired(earlier, &open, line);
        for (of, made) in open.iter().zip(on_line(earlier, &open, &pairs, line, sent)) {
            fates[*of] = Some(made);
        }
        let repeats = |denial: usize| {
            let pair = open.iter().zip(&pairs).find(|(_, pair)| **pair == Some(denial));
            pair.map(|(of, _)| *of)
        };
        lineages.extend(
            (0..line.denials.len())
                .map(|denial| lineage(earlier, &here, (at, denial), repeats(denial))),
        );
    }
    Settlement { fates: fates.into_iter().flatten().collect(), lineages }
}

/// Where an earlier denial is found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// On this line.
    On(usize),
    /// On several: they cannot be told apart.
    Several,
    /// On none.
    Nowhere,
}

fn place(denial: &Earlier<'_>, lines: &[LaterLine<'_>]) -> Place {
    let mut same =
        (0..lines.len()).filter(|at| is_same(denial.line.as_ref(), lines[*at].line.as_ref()));
    match (same.next(), same.next()) {
        (Some(at), None) => Place::On(at),
        (Some(_), Some(_)) => Place::Several,
        (None, _) => Place::Nowhere,
    }
}

/// The fate of a denial that no line settles; `None` when one does.
fn stands_still(denial: &Earlier<'_>, place: &Place) -> Option<Fate> {
    match (denial.state, place) {
        (EarlierState::Settled, _) => Some(untouched(denial, "it is settled already")),
        (EarlierState::Open | EarlierState::Netted, Place::Nowhere) => {
            Some(untouched(denial, "its line is not on the later remittance"))
        }
        (EarlierState::Open | EarlierState::Netted, Place::Several) => {
            Some(unsure(denial, "several of its lines look like the refused one"))
        }
        (EarlierState::Open | EarlierState::Netted, Place::On(_)) => None,
    }
}

/// Which later denial took the place of each open one: the same group and code, else the same
/// code, else any that is left over, the largest first.
fn paired(earlier: &[Earlier<'_>], open: &[usize], line: &LaterLine<'_>) -> Vec<Option<usize>> {
    let mut pairs = vec![None; open.len()];
    let mut free: Vec<usize> = (0..line.denials.len()).collect();
    for same_group in [true, false] {
        for (pair, of) in pairs.iter_mut().zip(open).filter(|(pair, _)| pair.is_none()) {
            let denial = &earlier[*of];
            let found = free.iter().position(|at| {
                let later = &line.denials[*at];
                later.carc == denial.carc && (!same_group || later.group == denial.group)
            });
            *pair = found.map(|at| free.remove(at));
        }
    }
    free.sort_by_key(|at| Reverse(line.denials[*at].denied));
    let mut rest: Vec<usize> = (0..open.len()).filter(|at| pairs[*at].is_none()).collect();
    rest.sort_by_key(|at| (Reverse(earlier[open[*at]].denied), *at));
    let mut left = free.into_iter();
    let mut last = None;
    for at in rest {
        last = left.next().or(last);
        pairs[at] = last;
    }
    pairs
}

/// The fate of each open denial of a line.
fn on_line(
    earlier: &[Earlier<'_>],
    open: &[usize],
    pairs: &[Option<usize>],
    line: &LaterLine<'_>,
    sent: Sent,
) -> Vec<Fate> {
    // What was paid before is the latest that any of them says.
    let before = open.iter().map(|of| exact(earlier[*of].paid)).max().unwrap_or(0);
    let more = (exact(line.paid) - before).max(0);
    // What each may have got back at most: all of it when its code is gone.
    let most: Vec<i128> = open
        .iter()
        .zip(pairs)
        .map(|(of, pair)| {
            let again = pair.map_or(0, |at| exact(line.denials[at].denied));
            (exact(earlier[*of].denied) - again.max(0)).max(0)
        })
        .collect();
    let gone: Vec<i128> =
        most.iter().zip(pairs).map(|(most, pair)| if pair.is_none() { *most } else { 0 }).collect();
    let refused: Vec<i128> =
        most.iter().zip(pairs).map(|(most, pair)| if pair.is_some() { *most } else { 0 }).collect();
    // Whose code is gone was paid first; what remains was paid on those refused for less.
    let first = shared(more, &gone);
    let second = shared(more - first.iter().sum::<i128>(), &refused);
    (0..open.len())
        .map(|at| {
            let recovered = cents(first[at] + second[at]);
            one(&earlier[open[at]], pairs[at].map(|at| &line.denials[at]), recovered, more, sent)
        })
        .collect()
}

/// Shares an amount in proportion to what each may get at most, to the cent.
fn shared(amount: i128, most: &[i128]) -> Vec<i128> {
    let all: i128 = most.iter().sum();
    if all <= amount || all == 0 {
        return most.to_vec();
    }
    let mut reached = 0;
    let mut given = 0;
    most.iter()
        .map(|most| {
            reached += most;
            // Rounded down up to here, so that the shares add up to the amount.
            let share = reached * amount / all - given;
            given += share;
            share
        })
        .collect()
}

fn one(
    denial: &Earlier<'_>,
    again: Option<&super::LaterDenial>,
    recovered: Cents,
    more: i128,
    sent: Sent,
) -> Fate {
    let code = |group: domain::codes::Group, carc: domain::codes::Carc| {
        format!("{}-{}", group.as_str(), carc.as_str())
    };
    let was = code(denial.group, denial.carc);
    match again {
        Some(again) if recovered > Cents::ZERO => {
            let words = format!(
                "of {} refused with {was} {recovered} was paid, and {} is refused with {}",
                denial.denied,
                again.denied,
                code(again.group, again.carc)
            );
            fate(denial, Outcome::PartiallyOverturned, recovered, words)
        }
        Some(again) => {
            let words = format!(
                "{} was refused with {was}, and {} is refused again with {}",
                denial.denied,
                again.denied,
                code(again.group, again.carc)
            );
            fate(denial, Outcome::Repeated, Cents::ZERO, words)
        }
        None if more > 0 && denial.denied > Cents::ZERO => {
            let outcome = match sent {
                Sent::CorrectedClaim => Outcome::Corrected,
                Sent::Other => Outcome::Overturned,
            };
            let words = format!(
                "{} was refused with {was}; it is not refused any more, and {recovered} was paid",
                denial.denied
            );
            fate(denial, outcome, recovered, words)
        }
        None => {
            let words = format!(
                "{} was refused with {was}; it is neither refused any more nor paid: the contract \
                 or the patient took it",
                denial.denied
            );
            fate(denial, Outcome::Closed, Cents::ZERO, words)
        }
    }
}

/// The lineage of one later denial of a line on which these earlier ones were.
///
/// A denial that was taken back does not count once more: the correction takes its place.
fn lineage(
    earlier: &[Earlier<'_>],
    here: &[usize],
    (line, denial): (usize, usize),
    repeats: Option<usize>,
) -> Lineage {
    let times_of = |of: usize| {
        let was = &earlier[of];
        was.times.saturating_add(u32::from(was.state != EarlierState::Netted))
    };
    let times = here.iter().map(|of| times_of(*of)).max().unwrap_or(1).max(1);
    let latest = here.iter().copied().max_by_key(|of| (earlier[*of].times, *of));
    let repeat_of = repeats.or(latest).filter(|_| times > 1).map(|of| earlier[of].id);
    let goes_to = if times >= PROCESS_OWNER_FROM { GoesTo::ProcessOwner } else { GoesTo::Owner };
    Lineage { line, denial, repeat_of, times, goes_to }
}

fn exact(amount: Cents) -> i128 {
    amount.as_i64().into()
}

fn cents(amount: i128) -> Cents {
    Cents::new(i64::try_from(amount).unwrap_or(i64::MAX))
}
