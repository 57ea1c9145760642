//! All that a payer said of one claim, in its order: a fold.
//!
//! Files arrive late and out of order; what a case comes to follows from the payment days of its
//! occurrences, not from the order in which they were read. Whoever learns of one more occurrence
//! folds the case again and writes what differs.
//!
//! An occurrence is later than another when it comes with a later remittance, names the same number
//! of the payer, or follows its reversal. Two of one remittance under two numbers are parts of a
//! split claim and say nothing of each other.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::codes::{Carc, Group};
use domain::money::Cents;
use uuid::Uuid;

use super::line::is_same;
use super::{
    Earlier, EarlierState, Fate, GoesTo, Later, LaterDenial, LaterLine, LineKey, Match, Outcome,
    Sent, settle,
};

const OTHER_NUMBER: &str = "the payer gave it another number and another charge";

/// One time that a payer said something of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence<'a> {
    /// Which. Of two of one day the smaller id came first.
    pub id: Uuid,
    /// The payer's own number (CLP07), and the one it names as the original (REF F8); without
    /// those that were not sent.
    pub numbers: Vec<&'a str>,
    /// The remittance (transaction, ST) it came with.
    pub remittance: Uuid,
    /// The day of payment.
    pub remit_on: NaiveDate,
    /// Charge of the claim.
    pub charge: Cents,
    /// What it said.
    pub said: Said<'a>,
}

/// What an occurrence says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said<'a> {
    /// The claim was adjudicated: the claim as a whole and its lines, in any order.
    Adjudicated {
        /// Its lines.
        lines: Vec<AdjudicatedLine<'a>>,
        /// What was sent before it.
        sent: Sent,
    },
    /// What was adjudicated before is taken back.
    Reversed,
}

/// One line of an adjudication, or the claim as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdjudicatedLine<'a> {
    /// The line; `None` for the claim as a whole.
    pub line: Option<LineKey<'a>>,
    /// What it was paid.
    pub paid: Cents,
    /// What was refused.
    pub denials: Vec<Refused>,
}

/// A denial that an adjudication made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Which.
    pub id: Uuid,
    /// Group code.
    pub group: Group,
    /// Reason code.
    pub carc: Carc,
    /// What was refused.
    pub denied: Cents,
}

/// Where a denial stands when all is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which denial.
    pub id: Uuid,
    /// The occurrence that made it.
    pub occurrence: Uuid,
    /// Where it stands.
    pub state: EarlierState,
    /// Whether its adjudication was taken back, whatever the corrected one made of it.
    pub taken_back: bool,
    /// What became of it; `None` while it is open.
    pub outcome: Option<Outcome>,
    /// What came back.
    pub recovered: Cents,
    /// The occurrence that made its outcome.
    pub settled_by: Option<Uuid>,
    /// The denial it repeats; `None` for an initial one.
    pub repeat_of: Option<Uuid>,
    /// The how manieth of its claim and line it is; 1 for an initial one.
    pub times: u32,
    /// Who should see it.
    pub goes_to: GoesTo,
    /// Its outcome in a sentence; empty while it is open.
    pub words: String,
}

/// A denial of which an occurrence may say something, and a person must look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The denial.
    pub id: Uuid,
    /// The occurrence.
    pub occurrence: Uuid,
    /// What is not sure, in a sentence.
    pub words: String,
}

/// What a case comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Every denial, in the order in which they were made.
    pub standings: Vec<Standing>,
    /// Reversals and the occurrences that each took back.
    pub taken_back: Vec<(Uuid, Uuid)>,
    /// What is not sure.
    pub doubts: Vec<Doubt>,
}

/// Folds the occurrences of a case, in any order.
pub fn fold(mut occurrences: Vec<Occurrence<'_>>) -> Folded {
    occurrences.sort_by_key(|one| (one.remit_on, one.id));
    let mut case = Case::default();
    for one in &occurrences {
        match &one.said {
            Said::Reversed => case.reversed(one),
            Said::Adjudicated { lines, sent } => case.adjudicated(one, lines, *sent),
        }
    }
    case.folded
}

#[derive(Default)]
struct Case<'a> {
    folded: Folded,
    /// Of each standing, in their order.
    made: Vec<Made<'a>>,
    said: Vec<Adjudication<'a>>,
}

/// A denial as it was made.
struct Made<'a> {
    by: &'a Occurrence<'a>,
    line: Option<&'a LineKey<'a>>,
    paid: Cents,
    denial: &'a Refused,
}

struct Adjudication<'a> {
    of: &'a Occurrence<'a>,
    lines: &'a [AdjudicatedLine<'a>],
    taken_back: bool,
}

impl<'a> Case<'a> {
    fn reversed(&mut self, by: &'a Occurrence<'a>) {
        let meant = self.meant_by(by);
        if meant.is_empty() {
            let settled =
                settle(&self.earlier(), &Later::Reversed { occurrence: None }, Match::Sure);
            let all: Vec<usize> = (0..self.made.len()).collect();
            self.apply(&all, settled.fates, by);
        }
        for id in meant {
            let later = Later::Reversed { occurrence: Some(id) };
            let settled = settle(&self.earlier(), &later, Match::Sure);
            let all: Vec<usize> = (0..self.made.len()).collect();
            self.apply(&all, settled.fates, by);
            for one in self.said.iter_mut().filter(|one| one.of.id == id) {
                one.taken_back = true;
            }
            self.folded.taken_back.push((by.id, id));
        }
    }

    /// The occurrences that a reversal means.
    ///
    /// One account may be several claims of the payer (split claims, reused numbers), so its
    /// numbers decide where both sides state one. Where they name nothing here, the reversal means
    /// what is there only when that is one claim: the wrong one taken back would be lost silently.
    fn meant_by(&self, reversal: &Occurrence<'_>) -> BTreeSet<Uuid> {
        let own = |one: &Occurrence<'a>| one.numbers.first().copied().unwrap_or_default();
        let named = |one: &&Adjudication<'a>| reversal.numbers.contains(&own(one.of));
        let ids: BTreeSet<Uuid> = self.said.iter().filter(named).map(|one| one.of.id).collect();
        let numbers: BTreeSet<&str> = self.said.iter().map(|one| own(one.of)).collect();
        if ids.is_empty() && numbers.len() == 1 {
            return self.said.iter().map(|one| one.of.id).collect();
        }
        ids
    }

    fn adjudicated(
        &mut self,
        by: &'a Occurrence<'a>,
        lines: &'a [AdjudicatedLine<'a>],
        sent: Sent,
    ) {
        let later: Vec<LaterLine<'a>> = lines.iter().map(later_line).collect();
        let concerned: Vec<usize> =
            (0..self.made.len()).filter(|at| self.is_later(by, *at)).collect();
        // A claim as a whole is recognized by number or charge; a line by itself.
        let (sure, doubtful): (Vec<usize>, Vec<usize>) = concerned.into_iter().partition(|at| {
            self.made[*at].line.is_some() || self.made[*at].by.is_of_one_claim_with(by)
        });
        let all = self.earlier();
        let pick = |these: &[usize]| these.iter().map(|at| all[*at]).collect::<Vec<_>>();
        let unsure = settle(
            &pick(&doubtful),
            &Later::Adjudicated { lines: Vec::new(), sent },
            Match::Unsure(OTHER_NUMBER),
        );
        let settled = settle(&pick(&sure), &Later::Adjudicated { lines: later, sent }, Match::Sure);
        self.apply(&doubtful, unsure.fates, by);
        self.apply(&sure, settled.fates, by);
        for lineage in settled.lineages {
            let line = &lines[lineage.line];
            let denial = &line.denials[lineage.denial];
            self.made.push(Made { by, line: line.line.as_ref(), paid: line.paid, denial });
            self.folded.standings.push(Standing {
                id: denial.id,
                occurrence: by.id,
                state: EarlierState::Open,
                taken_back: false,
                outcome: None,
                recovered: Cents::ZERO,
                settled_by: None,
                repeat_of: lineage.repeat_of,
                times: lineage.times,
                goes_to: lineage.goes_to,
                words: String::new(),
            });
        }
        self.said.push(Adjudication { of: by, lines, taken_back: false });
    }

    /// Whether an occurrence is later than the one that made a denial.
    fn is_later(&self, by: &Occurrence<'_>, at: usize) -> bool {
        let before = self.made[at].by;
        before.remittance != by.remittance
            || before.is_named_by(by)
            || self.folded.standings[at].taken_back
    }

    /// The denials so far, as the next occurrence finds them.
    fn earlier(&self) -> Vec<Earlier<'a>> {
        let rows = self.made.iter().zip(&self.folded.standings);
        rows.map(|(made, standing)| Earlier {
            id: made.denial.id,
            occurrence: made.by.id,
            line: made.line.copied(),
            group: made.denial.group,
            carc: made.denial.carc,
            denied: made.denial.denied,
            paid: self.paid(made),
            state: standing.state,
            settled_by: standing.settled_by,
            times: standing.times,
        })
        .collect()
    }

    /// What the line of a denial was paid by its adjudication, or by the latest one since that was
    /// not taken back.
    fn paid(&self, made: &Made<'a>) -> Cents {
        let since = self.said.iter().rev().take_while(|one| one.of.id != made.by.id);
        let mut since = since.filter(|one| !one.taken_back);
        let found = since
            .find_map(|one| one.lines.iter().find(|line| is_same(made.line, line.line.as_ref())));
        found.map_or(made.paid, |line| line.paid)
    }

    fn apply(&mut self, which: &[usize], fates: Vec<Fate>, by: &Occurrence<'_>) {
        for (at, fate) in which.iter().zip(fates) {
            let standing = &mut self.folded.standings[*at];
            let (state, outcome) = match fate.outcome {
                Outcome::Untouched => continue,
                Outcome::Unsure => {
                    let doubt = Doubt { id: standing.id, occurrence: by.id, words: fate.words };
                    self.folded.doubts.push(doubt);
                    continue;
                }
                Outcome::Reopened => (EarlierState::Open, None),
                Outcome::Netted => (EarlierState::Netted, Some(Outcome::Netted)),
                Outcome::Overturned
                | Outcome::Corrected
                | Outcome::PartiallyOverturned
                | Outcome::Repeated
                | Outcome::Closed => (EarlierState::Settled, Some(fate.outcome)),
            };
            standing.taken_back |= state == EarlierState::Netted;
            // What was taken back is not open for a person, whatever settled it meanwhile.
            let state = match state {
                EarlierState::Open if standing.taken_back => EarlierState::Netted,
                state => state,
            };
            standing.state = state;
            standing.outcome = match state {
                EarlierState::Netted => Some(Outcome::Netted),
                EarlierState::Open | EarlierState::Settled => outcome,
            };
            standing.recovered = fate.recovered;
            standing.settled_by = (state != EarlierState::Open).then_some(by.id);
            standing.words = if state == EarlierState::Open { String::new() } else { fate.words };
        }
    }
}

impl Occurrence<'_> {
    /// Whether a later one names it; one without a number names those without.
    fn is_named_by(&self, later: &Occurrence<'_>) -> bool {
        let bare = self.numbers.is_empty() && later.numbers.is_empty();
        bare || self.numbers.iter().any(|number| later.numbers.contains(number))
    }

    /// Whether both are of one claim of the payer: one number, no number, or one charge.
    fn is_of_one_claim_with(&self, later: &Occurrence<'_>) -> bool {
        let unknown = self.numbers.is_empty() || later.numbers.is_empty();
        unknown || self.is_named_by(later) || self.charge == later.charge
    }
}

fn later_line<'a>(line: &AdjudicatedLine<'a>) -> LaterLine<'a> {
    let denials = line.denials.iter();
    LaterLine {
        line: line.line,
        paid: line.paid,
        denials: denials
            .map(|denial| LaterDenial {
                group: denial.group,
                carc: denial.carc,
                denied: denial.denied,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests;
