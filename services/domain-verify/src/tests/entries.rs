use domain::codes::{Group, Lob, Rarc};
use domain::dictionary::selector::{AmountRange, DateRange, ProcedureMatch, RarcMatch, Selector};
use domain::dictionary::{Bundle, Entry, Match};
use domain::money::Cents;

use super::super::{FindingCode, Seen, verify};
use super::support::{
    all, any, entry, finds, groups, none, of, only, rarcs, seen, slug, slugs, starter_world, with,
};

fn cents(low: Option<i64>, high: Option<i64>) -> AmountRange {
    AmountRange { at_least: low.map(Cents::new), at_most: high.map(Cents::new) }
}

#[test]
fn a_defect_blocks_in_its_own_words() {
    let control = with(vec![]);
    let mut broken = with(vec![]);
    broken.entries[0].meaning.evidence = vec![slug("nothing")];
    let name = broken.entries[0].slug.to_string();
    let words = broken.defects()[0].to_string();
    finds((&control, &broken), &starter_world(), FindingCode::Defect, (true, &name, &words));
    let mut unowned = with(vec![]);
    unowned.exception_policies.remove(0);
    let words = unowned.defects()[0].to_string();
    let kind = unowned.defects()[0].slug.clone();
    finds((&control, &unowned), &starter_world(), FindingCode::Defect, (true, &kind, &words));
}

#[test]
fn a_number_without_a_canonical_form_blocks() {
    let mut huge = with(vec![]);
    huge.automation_limits[0].ceiling = Cents::MAX;
    let words = huge.hash().unwrap_err().to_string();
    let code = FindingCode::NotCanonical;
    finds((&with(vec![]), &huge), &starter_world(), code, (true, "", &words));
}

#[test]
fn contradictory_entries_come_with_a_denial_that_fits_both() {
    let a = entry("a", "197", |wanted| {
        wanted.payer = slugs(&["aetna", "cigna"]);
        wanted.rarc = any(&["N130"]);
    });
    let b = entry("b", "197", |wanted| {
        wanted.payer = slugs(&["cigna", "humana"]);
        wanted.rarc = RarcMatch { all: rarcs(&["N56"]), none: rarcs(&["M15"]), any: vec![] };
    });
    let mut world = starter_world();
    let mut fits = seen(Group::CO, "197", 3, 12_500);
    fits.facts.payer = Some("cigna".to_owned());
    fits.facts.rarcs = rarcs(&["N56", "N130"]);
    let other = Seen { denials: 90, ..seen(Group::CO, "197", 90, 1) };
    world.seen = vec![fits, other];
    let words = "entries `a` and `b` are equally specific and accept the same denial: a CO-197 \
                 denial with N56 and N130, of payer `cigna`, without other remarks fits both; 3 \
                 denials of 12 months did, $125.00";
    let code = FindingCode::ContradictoryEntries;
    finds((&with(vec![a.clone()]), &with(vec![a, b])), &world, code, (true, "a", words));
}

#[test]
fn very_many_contradictions_are_cut_and_counted() {
    let twins = |count: usize| {
        with((0..count).map(|at| entry(&format!("twin-{at:03}"), "197", |_| {})).collect())
    };
    let verification = verify(&twins(60), &starter_world());
    let found = of(&verification, FindingCode::ContradictoryEntries);
    assert_eq!(found.len(), 201);
    assert_eq!(found[200], (true, "", "at least 1 more of this kind"));
    let few = verify(&twins(3), &starter_world());
    assert_eq!(of(&few, FindingCode::ContradictoryEntries).len(), 3);
}

/// What shadows an entry `under` beside others, when anything does.
fn shadow(under: impl FnOnce(&mut Match), others: Vec<Entry>) -> Option<(FindingCode, String)> {
    let mut entries = vec![entry("under", "197", under)];
    entries.extend(others);
    let verification = verify(&only(entries), &starter_world());
    let codes = [FindingCode::ShadowedEntry, FindingCode::UnreachableEntry];
    let mut found = codes.iter().flat_map(|code| {
        let words = of(&verification, *code).into_iter();
        words.filter(|(_, slug, _)| *slug == "under").map(|(blocking, _, words)| {
            assert!(blocking);
            (*code, words.to_owned())
        })
    });
    found.next()
}

fn unreachable(names: &str) -> Option<(FindingCode, String)> {
    let words = format!("{names} are more specific and together answer every denial it accepts");
    Some((FindingCode::UnreachableEntry, words))
}

#[test]
fn an_entry_that_one_more_specific_entry_answers_for_is_shadowed() {
    // The group compares before the payer, so a payer's own entry must name the groups too.
    let of_payer = |named: &[Group]| {
        let change = |wanted: &mut Match| {
            wanted.payer = slugs(&["aetna"]);
            wanted.group = groups(named);
        };
        with(vec![entry("aetna-1", "1", change)])
    };
    let words = "`carc-1` is more specific and answers every denial it accepts";
    finds(
        (&of_payer(&Group::VALID), &of_payer(&[])),
        &starter_world(),
        FindingCode::ShadowedEntry,
        (true, "aetna-1", words),
    );
}

#[test]
fn an_entry_that_more_specific_entries_answer_for_together_is_unreachable() {
    let of_payer = |named: &[Group]| {
        let change = |wanted: &mut Match| {
            wanted.payer = slugs(&["aetna"]);
            wanted.group = groups(named);
        };
        with(vec![entry("aetna-197", "197", change)])
    };
    let words = "`carc-197` and `carc-197-patient` are more specific and together answer every \
                 denial it accepts";
    finds(
        (&of_payer(&[Group::CO]), &of_payer(&[])),
        &starter_world(),
        FindingCode::UnreachableEntry,
        (true, "aetna-197", words),
    );
}

#[test]
fn payers_one_by_one_leave_nothing_of_a_set_and_something_of_any() {
    let one = |name: &str| entry(name, "197", |wanted| wanted.payer = slugs(&[name]));
    let both = || vec![one("aetna"), one("cigna")];
    let set = |wanted: &mut Match| wanted.payer = slugs(&["aetna", "cigna"]);
    assert_eq!(shadow(set, both()), unreachable("`aetna` and `cigna`"));
    assert_eq!(shadow(set, vec![one("aetna"), one("humana")]), None);
    assert_eq!(shadow(|_| {}, both()), None);
}

#[test]
fn a_remark_that_stands_or_does_not_leaves_nothing() {
    let one = |name: &str, rarc: RarcMatch| entry(name, "197", |wanted| wanted.rarc = rarc);
    let both = vec![one("with", all(&["N130"])), one("without", none(&["N130"]))];
    assert_eq!(shadow(|_| {}, both), unreachable("`with` and `without`"));
    let apart = vec![one("with", all(&["N130"])), one("without", none(&["N56"]))];
    assert_eq!(shadow(|_| {}, apart), None);
    let choice = |wanted: &mut Match| wanted.rarc = any(&["M15", "N130", "N56"]);
    let each = ["M15", "N130", "N56"].map(|code| one(&code.to_lowercase(), all(&[code])));
    assert_eq!(shadow(choice, each.to_vec()), unreachable("`m15`, `n130` and `n56`"));
    assert_eq!(shadow(choice, each[..2].to_vec()), None);
}

#[test]
fn ranges_that_meet_leave_nothing_and_a_gap_of_a_cent_leaves_something() {
    let part = |name: &str, low: Option<i64>, high: Option<i64>| {
        entry(name, "197", |wanted| {
            wanted.group = groups(&[Group::CO]);
            wanted.amount = cents(low, high);
        })
    };
    let pi = || entry("pi", "197", |wanted| wanted.group = groups(&[Group::PI]));
    let under = |wanted: &mut Match| {
        wanted.group = groups(&[Group::CO, Group::PI]);
        wanted.amount = cents(Some(100), Some(200));
    };
    let meeting = vec![part("low", None, Some(150)), part("top", Some(151), Some(500)), pi()];
    assert_eq!(shadow(under, meeting), unreachable("`low`, `pi` and `top`"));
    let gap = vec![part("low", None, Some(150)), part("top", Some(152), Some(500)), pi()];
    assert_eq!(shadow(under, gap), None);
}

#[test]
fn days_that_follow_each_other_leave_nothing() {
    let day = |text: &str| Some(text.parse().unwrap());
    let part = |name: &str, from: &str, to: &str| {
        entry(name, "197", |wanted| {
            wanted.group = groups(&[Group::CO]);
            wanted.service_dates = DateRange { from: day(from), to: day(to) };
        })
    };
    let under = |wanted: &mut Match| {
        wanted.group = groups(&[Group::CO, Group::PI]);
        wanted.service_dates = DateRange { from: day("2026-01-01"), to: day("2026-12-31") };
    };
    let pi = || entry("pi", "197", |wanted| wanted.group = groups(&[Group::PI]));
    let first = || part("first", "2025-06-01", "2026-02-28");
    let whole = vec![first(), part("rest", "2026-03-01", "2027-01-01"), pi()];
    assert_eq!(shadow(under, whole), unreachable("`first`, `pi` and `rest`"));
    let gap = vec![first(), part("rest", "2026-03-02", "2027-01-01"), pi()];
    assert_eq!(shadow(under, gap), None);
}

#[test]
fn procedures_between_two_ranges_may_have_letters() {
    let range =
        |from: &str, to: &str| ProcedureMatch::Range { from: from.to_owned(), to: to.to_owned() };
    let part = |name: &str, from: &str, to: &str| {
        entry(name, "197", |wanted| {
            wanted.group = groups(&[Group::CO]);
            wanted.procedure = range(from, to);
        })
    };
    let under = |wanted: &mut Match| {
        wanted.group = groups(&[Group::CO, Group::PI]);
        wanted.procedure = range("99202", "99215");
    };
    let pi = || entry("pi", "197", |wanted| wanted.group = groups(&[Group::PI]));
    let met = vec![part("low", "99202", "9920Z"), part("top", "99210", "99499"), pi()];
    assert_eq!(shadow(under, met), unreachable("`low`, `pi` and `top`"));
    // 9920A, say, lies between them.
    let apart = vec![part("low", "99202", "99209"), part("top", "99210", "99499"), pi()];
    assert_eq!(shadow(under, apart), None);
}

#[test]
fn a_field_of_a_closed_list_may_still_be_unknown() {
    let each = |lob: &Lob| {
        entry(&lob.as_str().replace('_', "-"), "197", |wanted| wanted.lob = Selector::Exact(*lob))
    };
    let all_lobs = || Lob::ALL.iter().map(each).collect::<Vec<_>>();
    assert_eq!(shadow(|_| {}, all_lobs()), None);
    let known = |wanted: &mut Match| wanted.lob = Selector::of(Lob::ALL.iter().copied());
    let (code, _) = shadow(known, all_lobs()).unwrap();
    assert_eq!(code, FindingCode::UnreachableEntry);
}

/// An entry for each way in which `R1` and so on may stand, and one below them all: only trying
/// every way helps.
fn every_way(remarks: usize) -> Bundle {
    let way = |bits: usize| {
        let name = |at: usize| Rarc::new(&format!("R{}", at + 1)).unwrap();
        let (stand, fall): (Vec<usize>, Vec<usize>) =
            (0..remarks).partition(|at| bits >> at & 1 == 1);
        let names = |places: Vec<usize>| places.into_iter().map(name).collect();
        entry(&format!("p-{bits:04}"), "197", |wanted| {
            wanted.rarc = RarcMatch { any: vec![], all: names(stand), none: names(fall) };
        })
    };
    only((0..1 << remarks).map(way).chain([entry("under", "197", |_| {})]).collect())
}

#[test]
fn a_proof_that_would_be_too_large_blocks() {
    let [small, large] = [5, 10].map(|remarks| verify(&every_way(remarks), &starter_world()));
    let (open, answered) = (FindingCode::NotProven, FindingCode::UnreachableEntry);
    assert_eq!((of(&small, open), of(&small, answered).len()), (vec![], 1));
    let words = "too many entries overlap it to prove that it answers a denial that no more \
                 specific one answers";
    assert_eq!((of(&large, open), of(&large, answered)), (vec![(true, "under", words)], vec![]));
    assert_eq!(large.proven.not_proven, 1);
}
