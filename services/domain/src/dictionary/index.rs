//! Finds the most specific entry for a denial without looking at every entry.
//!
//! Entries are posted under their reason code, one remark they require and their payer, each list
//! sorted from the most to the least specific. A lookup reads the few lists that can hold a match
//! and stops in each as soon as what it holds is better than all that follows.

use std::collections::BTreeMap;

use super::decide::Facts;
use super::entry::{Entry, Match};
use super::selector::{Selector, Slug};
use super::specificity::Specificity;
use crate::codes::{Carc, Group, Rarc};

/// The key of a list: the bits of a remark (zero: none required) and a payer's number (zero: any).
type Key = (u64, u32);

/// Entries under one remark and one payer: a stretch of the postings.
#[derive(Clone, Copy, Debug)]
struct List {
    key: Key,
    start: u32,
    end: u32,
}

/// An entry in a list, with what is needed to pass it over without reading it.
#[derive(Clone, Copy, Debug)]
struct Posting {
    specificity: Specificity,
    entry: u32,
    groups: u8,
    /// Whether the list's key and the groups are all the entry asks for.
    plain: bool,
}

/// Finds entries by reason code, remark and payer.
#[derive(Clone, Debug)]
pub(super) struct Index {
    /// The bits of the reason codes that entries name, sorted.
    codes: Vec<u64>,
    /// Where the lists of each code begin; one more than `codes`, then those of any code follow.
    starts: Vec<u32>,
    lists: Vec<List>,
    postings: Vec<Posting>,
    payers: Vec<String>,
}

type Lists = BTreeMap<Key, Vec<Posting>>;

/// The facts as the index sees them, and the best match so far.
struct Search<'s> {
    entries: &'s [Entry],
    facts: &'s Facts<'s>,
    payer: u32,
    group: u8,
    best: Option<Posting>,
}

impl Index {
    /// Builds the index of entries that have no conflict; `entries` keep their places.
    pub(super) fn of(entries: &[Entry]) -> Self {
        let payers = payers(entries);
        let mut by_code: BTreeMap<u64, Lists> = BTreeMap::new();
        let mut any_code = Lists::new();
        for (at, entry) in (0u32..).zip(entries) {
            let wanted = &entry.matches;
            let posting = Posting {
                specificity: Specificity::of(wanted),
                entry: at,
                groups: group_mask(&wanted.group),
                plain: is_plain(wanted),
            };
            for code in places(wanted.carc.values()) {
                let lists = match code {
                    Some(code) => by_code.entry(code.bits()).or_default(),
                    None => &mut any_code,
                };
                for key in keys(wanted, &payers) {
                    lists.entry(key).or_default().push(posting);
                }
            }
        }
        let mut index = Self {
            codes: by_code.keys().copied().collect(),
            starts: vec![0],
            lists: Vec::new(),
            postings: Vec::new(),
            payers,
        };
        for lists in by_code.into_values() {
            index.append(lists);
            index.starts.push(index.lists.len() as u32);
        }
        index.append(any_code);
        index
    }

    fn append(&mut self, lists: Lists) {
        for (key, mut postings) in lists {
            postings.sort_by(|a, b| b.specificity.cmp(&a.specificity).then(a.entry.cmp(&b.entry)));
            let start = self.postings.len() as u32;
            self.postings.append(&mut postings);
            self.lists.push(List { key, start, end: self.postings.len() as u32 });
        }
    }

    /// Whether an entry names this reason code.
    pub(super) fn knows(&self, carc: Carc) -> bool {
        self.codes.binary_search(&carc.bits()).is_ok()
    }

    /// The place of the most specific entry that accepts the facts.
    pub(super) fn best(&self, entries: &[Entry], facts: &Facts<'_>) -> Option<usize> {
        let payer = facts.payer.map_or(0, |slug| payer_number(&self.payers, slug));
        let mut search =
            Search { entries, facts, payer, group: group_bit(facts.group), best: None };
        if let Ok(at) = self.codes.binary_search(&facts.carc.bits()) {
            let lists = &self.lists[self.starts[at] as usize..self.starts[at + 1] as usize];
            self.search(lists, &mut search);
        }
        let any_code = self.starts.last().map_or(0, |start| *start as usize);
        self.search(&self.lists[any_code..], &mut search);
        search.best.map(|posting| posting.entry as usize)
    }

    /// Remarks compare first in specificity, so the lists that require one are read first.
    fn search(&self, lists: &[List], search: &mut Search<'_>) {
        let (Some(first), Some(last)) = (lists.first(), lists.last()) else { return };
        if last.key.0 != 0 {
            for rarc in search.facts.rarcs {
                self.search_payers(lists, rarc.bits(), search);
            }
        }
        if first.key.0 == 0 {
            self.search_payers(lists, 0, search);
        }
    }

    fn search_payers(&self, lists: &[List], rarc: u64, search: &mut Search<'_>) {
        if search.payer != 0 {
            self.search_list(lists, (rarc, search.payer), search);
        }
        self.search_list(lists, (rarc, 0), search);
    }

    fn search_list(&self, lists: &[List], key: Key, search: &mut Search<'_>) {
        let Ok(at) = lists.binary_search_by(|list| list.key.cmp(&key)) else { return };
        let (start, end) = (lists[at].start as usize, lists[at].end as usize);
        for posting in &self.postings[start..end] {
            if search.best.is_some_and(|held| held.specificity >= posting.specificity) {
                return;
            }
            if posting.groups & search.group != 0 && search.admits(posting) {
                search.best = Some(*posting);
                return;
            }
        }
    }
}

impl Search<'_> {
    fn admits(&self, posting: &Posting) -> bool {
        posting.plain || admits(&self.entries[posting.entry as usize].matches, self.facts)
    }
}

/// Whether an entry accepts the facts.
pub(super) fn admits(wanted: &Match, facts: &Facts<'_>) -> bool {
    wanted.carc.admits(Some(&facts.carc))
        && wanted.group.admits(Some(&facts.group))
        && wanted.payer.admits_text(facts.payer)
        && wanted.lob.admits(facts.lob.as_ref())
        && wanted.network.admits(facts.network.as_ref())
        && wanted.facility.admits_text(facts.facility)
        && wanted.service_line.admits_text(facts.service_line)
        && wanted.claim_type.admits(facts.claim_type.as_ref())
        && wanted.context.authorization.admits(facts.authorization.as_ref())
        && wanted.context.eligibility.admits(facts.eligibility.as_ref())
        && wanted.context.filing_proof.admits(facts.filing_proof.as_ref())
        && wanted.procedure.admits(facts.procedure)
        && wanted.amount.admits(facts.amount)
        && wanted.service_dates.admits(facts.service_on)
        && wanted.rarc.admits(facts.rarcs)
}

/// One bit a group; CR and unknown groups never reach the index.
fn group_bit(group: Group) -> u8 {
    match group {
        Group::CO => 1,
        Group::OA => 2,
        Group::PI => 4,
        Group::PR => 8,
        Group::CR | Group::Other(_) => 0,
    }
}

fn group_mask(groups: &Selector<Group>) -> u8 {
    match groups {
        Selector::Any => 15,
        named => named.values().iter().fold(0, |mask, group| mask | group_bit(*group)),
    }
}

/// The values named, or the one place of those that name none.
fn places<T: Clone>(values: &[T]) -> Vec<Option<T>> {
    if values.is_empty() { vec![None] } else { values.iter().cloned().map(Some).collect() }
}

/// The lists an entry belongs to: a remark one of which stands on every denial it accepts, and
/// each payer it names.
fn keys(wanted: &Match, payers: &[String]) -> Vec<Key> {
    let remarks: Vec<Option<Rarc>> = match wanted.rarc.all.first() {
        Some(required) => vec![Some(*required)],
        None => places(&wanted.rarc.any),
    };
    let named = places(wanted.payer.values());
    let number =
        |slug: &Option<Slug>| slug.as_ref().map_or(0, |slug| payer_number(payers, slug.as_str()));
    let pair = |rarc: &Option<Rarc>| {
        let bits = rarc.map_or(0, Rarc::bits);
        named.iter().map(move |slug| (bits, number(slug))).collect::<Vec<_>>()
    };
    remarks.iter().flat_map(pair).collect()
}

/// Whether a code, a group, a payer and at most one remark are all a match asks for.
fn is_plain(wanted: &Match) -> bool {
    let Match {
        rarc,
        carc: _,
        group: _,
        payer: _,
        lob,
        network,
        facility,
        service_line,
        claim_type,
        context,
        procedure,
        amount,
        service_dates,
    } = wanted;
    let one_remark = rarc.none.is_empty()
        && (rarc.all.is_empty() || (rarc.all.len() == 1 && rarc.any.is_empty()));
    one_remark
        && lob.is_any()
        && network.is_any()
        && facility.is_any()
        && service_line.is_any()
        && claim_type.is_any()
        && context.is_any()
        && procedure.is_any()
        && amount.is_any()
        && service_dates.is_any()
}

fn payers(entries: &[Entry]) -> Vec<String> {
    let named = entries.iter().flat_map(|entry| entry.matches.payer.values());
    let mut payers: Vec<String> = named.map(|slug: &Slug| slug.as_str().to_owned()).collect();
    payers.sort();
    payers.dedup();
    payers
}

/// One and up for a payer that entries name, zero for all others.
fn payer_number(payers: &[String], slug: &str) -> u32 {
    payers.binary_search_by(|known| known.as_str().cmp(slug)).map_or(0, |at| at as u32 + 1)
}
