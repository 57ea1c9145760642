//! The space of denials, cut by what matches distinguish.
//!
//! Each field becomes numbered *cells*: the values that matches name, the stretches between named
//! bounds, and one cell for everything else. A field that takes anything accepts all cells; any
//! other accepts none of the last, which is also where unknown values are. Two denials in the same
//! cells, and with the same of the named remarks, are accepted by exactly the same matches, so a
//! proof looks at cells and never at denials.
//!
//! Procedure codes are those that matches name and every code of capital letters and digits.

use chrono::NaiveDate;
use domain::codes::{Carc, Group, Lob, Rarc};
use domain::dictionary::selector::{ProcedureMatch, RarcMatch, Selector};
use domain::dictionary::vocabulary::{Authorization, ClaimType, Eligibility, FilingProof, Network};
use domain::dictionary::{Match, Slug, Specificity};
use domain::money::Cents;

/// How many fields a match has beside its remarks.
pub(super) const FIELDS: usize = 14;

// The payer comes first because it tells most pairs of entries apart.
pub(super) const PAYER: usize = 0;
pub(super) const CARC: usize = 1;
pub(super) const GROUP: usize = 2;
pub(super) const FACILITY: usize = 3;
pub(super) const SERVICE_LINE: usize = 4;
pub(super) const LOB: usize = 5;
pub(super) const NETWORK: usize = 6;
pub(super) const CLAIM_TYPE: usize = 7;
pub(super) const AUTHORIZATION: usize = 8;
pub(super) const ELIGIBILITY: usize = 9;
pub(super) const FILING_PROOF: usize = 10;
pub(super) const PROCEDURE: usize = 11;
pub(super) const AMOUNT: usize = 12;
pub(super) const SERVICE_ON: usize = 13;

/// The cell of every value that no match names, and of unknown ones.
pub(super) const OTHER: u32 = u32::MAX;

/// The cells that one field of a match accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// All, [`OTHER`] too.
    Any,
    /// These, sorted.
    Values(Vec<u32>),
    /// From the first to the last, both included.
    Span(u32, u32),
}

impl Field {
    pub(super) fn admits(&self, cell: u32) -> bool {
        match self {
            Self::Any => true,
            Self::Values(cells) => cells.binary_search(&cell).is_ok(),
            Self::Span(first, last) => cell != OTHER && (*first..=*last).contains(&cell),
        }
    }

    /// Whether every cell of the other is accepted.
    pub(super) fn contains(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (_, Self::Any) => false,
            (Self::Span(a, b), Self::Span(c, d)) => a <= c && d <= b,
            (_, Self::Values(cells)) => cells.iter().all(|cell| self.admits(*cell)),
            (Self::Values(_), Self::Span(..)) => false,
        }
    }

    /// The first cell that both accept.
    pub(super) fn meet(&self, other: &Self) -> Option<u32> {
        match (self, other) {
            (Self::Any, Self::Any) => Some(OTHER),
            (Self::Any, some) | (some, Self::Any) => some.first(),
            (Self::Span(a, b), Self::Span(c, d)) => {
                let first = *a.max(c);
                (first <= *b.min(d)).then_some(first)
            }
            (Self::Values(few), Self::Values(many)) if few.len() > many.len() => other.meet(self),
            (Self::Values(cells), some) | (some, Self::Values(cells)) => {
                cells.iter().copied().find(|cell| some.admits(*cell))
            }
        }
    }

    fn first(&self) -> Option<u32> {
        match self {
            Self::Any => Some(OTHER),
            Self::Values(cells) => cells.first().copied(),
            Self::Span(first, last) => (first <= last).then_some(*first),
        }
    }

    fn size(&self) -> usize {
        if let Self::Values(cells) = self { cells.len() } else { 1 }
    }
}

/// Whether a sorted list holds a number.
fn holds(sorted: &[u32], number: &u32) -> bool {
    sorted.binary_search(number).is_ok()
}

/// What the remarks of a denial must hold, in its simplest form: `any` has no member that `all`
/// or `none` speaks of, and never exactly one.
#[derive(Clone, Debug, Default)]
pub(super) struct Remarks {
    pub(super) all: Vec<u32>,
    pub(super) any: Vec<u32>,
    pub(super) none: Vec<u32>,
}

impl Remarks {
    /// `None` when no set of remarks is accepted.
    fn of(wanted: &RarcMatch, number: impl Fn(&Rarc) -> u32) -> Option<Self> {
        let numbers = |codes: &[Rarc]| {
            let mut numbers: Vec<u32> = codes.iter().map(&number).collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        };
        let (mut all, mut any, none) =
            (numbers(&wanted.all), numbers(&wanted.any), numbers(&wanted.none));
        if any.iter().any(|code| holds(&all, code)) {
            any.clear();
        }
        let asked = !any.is_empty();
        any.retain(|code| !holds(&none, code));
        if (asked && any.is_empty()) || all.iter().any(|code| holds(&none, code)) {
            return None;
        }
        if any.len() == 1 {
            all.append(&mut any);
            all.sort_unstable();
        }
        Some(Self { all, any, none })
    }

    fn overlaps(&self, other: &Self) -> bool {
        let barred = |code: &u32| holds(&self.none, code) || holds(&other.none, code);
        let reachable = |any: &[u32]| any.is_empty() || any.iter().any(|code| !barred(code));
        !self.all.iter().chain(&other.all).any(barred)
            && reachable(&self.any)
            && reachable(&other.any)
    }
}

/// A match in cells.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) specificity: Specificity,
    pub(super) fields: [Field; FIELDS],
    pub(super) remarks: Remarks,
    /// One bit a field that does not accept [`OTHER`]; never that of the group, which has none.
    pub(super) asks: u16,
    /// How much there is to look at.
    pub(super) weight: u64,
}

impl Shape {
    /// Every denial there is.
    pub(super) fn everything() -> Self {
        Self::new(&Match::default(), std::array::from_fn(|_| Field::Any), Remarks::default())
    }

    fn new(wanted: &Match, mut fields: [Field; FIELDS], remarks: Remarks) -> Self {
        if fields[GROUP] == Field::Any {
            fields[GROUP] = Field::Values((0..Group::VALID.len() as u32).collect());
        }
        let asks = (0..FIELDS)
            .filter(|field| *field != GROUP && fields[*field] != Field::Any)
            .fold(0, |asks, field| asks | 1 << field);
        let size: usize = fields.iter().map(Field::size).sum();
        let named = remarks.all.len() + remarks.any.len() + remarks.none.len();
        let weight = (size + named) as u64;
        Self { specificity: wanted.specificity(), fields, remarks, asks, weight }
    }

    /// Whether some denial is accepted by both.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.fields.iter().zip(&other.fields).all(|(a, b)| a.meet(b).is_some())
            && self.remarks.overlaps(&other.remarks)
    }
}

/// The values behind the cells.
#[derive(Debug)]
pub(super) struct Space<'m> {
    pub(super) payers: Vec<&'m str>,
    pub(super) carcs: Vec<Carc>,
    pub(super) facilities: Vec<&'m str>,
    pub(super) service_lines: Vec<&'m str>,
    /// By length, then by text.
    pub(super) procedures: Vec<(usize, String)>,
    pub(super) amounts: Vec<Cents>,
    pub(super) days: Vec<NaiveDate>,
    pub(super) rarcs: Vec<Rarc>,
}

impl<'m> Space<'m> {
    pub(super) fn of(matches: &[&'m Match]) -> Self {
        let slugs = |field: fn(&'m Match) -> &'m Selector<Slug>| {
            distinct(matches.iter().flat_map(|wanted| field(wanted).values()).map(Slug::as_str))
        };
        let procedures = matches.iter().filter_map(|wanted| wanted.procedure.bounds());
        let procedures = procedures.flat_map(|(from, to)| [from, to].map(sized));
        let amounts = matches.iter().map(|wanted| wanted.amount);
        let amounts = amounts.flat_map(|range| [range.at_least, range.at_most]).flatten();
        let days = matches.iter().map(|wanted| wanted.service_dates);
        let days = days.flat_map(|range| [range.from, range.to]).flatten();
        Self {
            payers: slugs(|wanted| &wanted.payer),
            carcs: distinct(matches.iter().flat_map(|wanted| wanted.carc.values()).copied()),
            facilities: slugs(|wanted| &wanted.facility),
            service_lines: slugs(|wanted| &wanted.service_line),
            procedures: stretches(distinct(procedures), |_| None, |(_, code)| code_after(code)),
            amounts: stretches(
                distinct(amounts),
                |cents| moved(*cents, -1),
                |cents| moved(*cents, 1),
            ),
            days: stretches(distinct(days), NaiveDate::pred_opt, NaiveDate::succ_opt),
            rarcs: distinct(matches.iter().flat_map(|wanted| wanted.rarc.named()).copied()),
        }
    }

    /// The match in cells; `None` when it accepts no denial at all.
    pub(super) fn shape(&self, wanted: &Match) -> Option<Shape> {
        let context = &wanted.context;
        let slugs = |selector: &Selector<Slug>, known: &[&str]| {
            values(selector, |slug| place(known, &slug.as_str()))
        };
        let group = |group: &Group| Group::VALID.iter().position(|valid| valid == group);
        let mut fields = std::array::from_fn(|_| Field::Any);
        fields[PAYER] = slugs(&wanted.payer, &self.payers);
        fields[CARC] = values(&wanted.carc, |carc| place(&self.carcs, carc));
        fields[GROUP] = values(&wanted.group, |named| group(named).map(|at| at as u32));
        fields[FACILITY] = slugs(&wanted.facility, &self.facilities);
        fields[SERVICE_LINE] = slugs(&wanted.service_line, &self.service_lines);
        fields[LOB] = words(&wanted.lob, Lob::ALL);
        fields[NETWORK] = words(&wanted.network, Network::ALL);
        fields[CLAIM_TYPE] = words(&wanted.claim_type, ClaimType::ALL);
        fields[AUTHORIZATION] = words(&context.authorization, Authorization::ALL);
        fields[ELIGIBILITY] = words(&context.eligibility, Eligibility::ALL);
        fields[FILING_PROOF] = words(&context.filing_proof, FilingProof::ALL);
        fields[PROCEDURE] = self.procedure(&wanted.procedure);
        let (amount, dates) = (&wanted.amount, &wanted.service_dates);
        fields[AMOUNT] = span(&self.amounts, amount.at_least, amount.at_most);
        fields[SERVICE_ON] = span(&self.days, dates.from, dates.to);
        if fields.iter().any(|field| field.first().is_none()) {
            return None;
        }
        let number = |rarc: &Rarc| place(&self.rarcs, rarc).unwrap_or(OTHER);
        let remarks = Remarks::of(&wanted.rarc, number)?;
        Some(Shape::new(wanted, fields, remarks))
    }

    fn procedure(&self, wanted: &ProcedureMatch) -> Field {
        let Some((from, to)) = wanted.bounds() else { return Field::Any };
        if from.len() != to.len() {
            return Field::Values(Vec::new());
        }
        span(&self.procedures, Some(sized(from)), Some(sized(to)))
    }
}

fn sized(code: &str) -> (usize, String) {
    (code.len(), code.to_owned())
}

fn distinct<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.dedup();
    values
}

fn place<T: Ord>(sorted: &[T], value: &T) -> Option<u32> {
    sorted.binary_search(value).ok().map(|at| at as u32)
}

fn values<T>(selector: &Selector<T>, number: impl Fn(&T) -> Option<u32>) -> Field
where
    T: Ord,
{
    if selector.is_any() {
        return Field::Any;
    }
    Field::Values(distinct(selector.values().iter().filter_map(number)))
}

fn words<T: Ord>(selector: &Selector<T>, all: &[T]) -> Field {
    values(selector, |value| place(all, value))
}

/// The cells of an interval; bounds that are absent end where the cells end.
fn span<T: Ord>(cells: &[T], low: Option<T>, high: Option<T>) -> Field {
    if low.is_none() && high.is_none() {
        return Field::Any;
    }
    let at = |bound: Option<T>, open: u32| {
        bound.map_or(Some(open), |bound| place(cells, &bound)).unwrap_or(open)
    };
    let last = (cells.len() as u32).saturating_sub(1);
    Field::Span(at(low, 0), at(high, last))
}

/// One value of each stretch that bounds cut an ordered field into: every bound, and what lies
/// before, between and after them where something does.
fn stretches<T: Ord + Clone>(
    bounds: Vec<T>,
    before: impl Fn(&T) -> Option<T>,
    after: impl Fn(&T) -> Option<T>,
) -> Vec<T> {
    let mut cells: Vec<T> = bounds.first().and_then(before).into_iter().collect();
    for (at, bound) in bounds.iter().enumerate() {
        cells.push(bound.clone());
        let next = bounds.get(at + 1);
        cells.extend(after(bound).filter(|value| next.is_none_or(|next| value < next)));
    }
    cells
}

fn moved(cents: Cents, by: i64) -> Option<Cents> {
    cents.checked_add(Cents::new(by))
}

/// The least code of capital letters and digits after this one, of the same length.
fn code_after(code: &str) -> Option<(usize, String)> {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let bytes = code.as_bytes();
    let legal = bytes.iter().take_while(|byte| ALPHABET.contains(byte)).count();
    (0..=legal.min(bytes.len().checked_sub(1)?)).rev().find_map(|at| {
        let greater = ALPHABET.iter().find(|letter| **letter > bytes[at])?;
        let mut next = code[..at].to_owned();
        next.push(char::from(*greater));
        next.extend(std::iter::repeat_n('0', bytes.len() - at - 1));
        Some((bytes.len(), next))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_after_another_is_the_least_one_of_letters_and_digits() {
        for (code, next) in [
            ("99213", Some("99214")),
            ("99219", Some("9921A")),
            ("9921Z", Some("99220")),
            ("ZZ", None),
            ("a9", None),
            ("1a9", Some("200")),
            ("", None),
        ] {
            assert_eq!(code_after(code).map(|(_, code)| code).as_deref(), next, "{code}");
        }
    }

    #[test]
    fn bounds_cut_an_ordered_field_where_something_lies_between() {
        let amounts = [100, 101, 150].map(Cents::new).to_vec();
        let cells = stretches(amounts, |cents| moved(*cents, -1), |cents| moved(*cents, 1));
        assert_eq!(cells, [99, 100, 101, 102, 150, 151].map(Cents::new));
        let ends = stretches(vec![Cents::MAX], |cents| moved(*cents, -1), |cents| moved(*cents, 1));
        assert_eq!(ends, [Cents::new(i64::MAX - 1), Cents::MAX]);
    }
}
