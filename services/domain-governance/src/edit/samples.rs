//! Small bundles and random changes of them, for the tests of this crate.

use std::sync::OnceLock;

use domain::codes::{Carc, Group, Rarc};
use domain::deadline::{Path, Rule, Unit};
use domain::dictionary::entry::{EscalationStep, PathRules};
use domain::dictionary::remark::RemarkRule;
use domain::dictionary::sections::{
    AppealTemplate, AutomationLimit, Blank, DocumentationStandard, ExceptionPolicy,
    MetricDefinition,
};
use domain::dictionary::selector::{AmountRange, DateRange, ProcedureMatch, Selector};
use domain::dictionary::vocabulary::{
    Authorization, Category, EscalationLevel, NextAction, OwnerFunction, SignOffKind,
    UpstreamProcess,
};
use domain::dictionary::{Bundle, Entry, OwnerRule, Slug};
use domain::money::{BasisPoints, Cents};
use domain::starter;
use proptest::prelude::*;

/// How many items of a section the small bundle holds.
const FEW: usize = 10;
/// How many fields of an entry change.
const FIELDS: usize = 25;

/// The objects of an item whose fields differ one by one; every other object is one value.
pub(crate) const CONTAINERS: [&str; 5] =
    ["match", "match.context", "match.rarc", "meaning", "meaning.root_cause"];

/// The starter bundle cut to a few items of each section, with two letters.
pub(crate) fn small() -> Bundle {
    static SMALL: OnceLock<Bundle> = OnceLock::new();
    SMALL.get_or_init(cut).clone()
}

fn cut() -> Bundle {
    let mut bundle = starter::bundle();
    bundle.entries.truncate(FEW);
    bundle.remark_rules.truncate(FEW);
    bundle.owner_rules.truncate(FEW);
    bundle.documentation_standards.truncate(FEW);
    bundle.deadline_rules.truncate(FEW);
    bundle.metric_definitions.truncate(FEW);
    bundle.appeal_templates.clear();
    for entry in &mut bundle.entries {
        entry.meaning.template = None;
    }
    for (name, path) in [("first", Path::AppealLevel1), ("second", Path::AppealLevel2)] {
        bundle.appeal_templates.push(AppealTemplate {
            slug: slug(name),
            title: format!("{name} level appeal"),
            path,
            categories: vec![Category::Coding],
            paragraphs: vec!["To {{ payer_name }}:".to_owned(), "we appeal.".to_owned()],
            blanks: Vec::new(),
        });
    }
    bundle.normalize();
    bundle
}

pub(crate) fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

/// One random change of a bundle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    section: usize,
    item: usize,
    what: usize,
    value: u32,
}

/// Which steps are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Any item comes, goes or changes.
    Everything,
    /// The same, of the items of one half only; the halves share no item.
    Half(bool),
    /// Items change, and none comes or goes.
    Fields,
}

pub(crate) fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    // Half of the steps go to the entries: they have most of the fields.
    let section = prop_oneof![Just(0_usize), 1_usize..9];
    let step = (section, 0_usize..FEW, 0..8 * FIELDS, 0_u32..6);
    let step = step.prop_map(|(section, item, what, value)| Step { section, item, what, value });
    proptest::collection::vec(step, 0..most)
}

/// The bundle after these steps, normalized.
pub(crate) fn walk(bundle: &Bundle, steps: &[Step], reach: Reach) -> Bundle {
    let mut bundle = bundle.clone();
    for step in steps {
        match step.section {
            0 => step.take(&mut bundle.entries, reach),
            1 => step.take(&mut bundle.remark_rules, reach),
            2 => step.take(&mut bundle.owner_rules, reach),
            3 => step.take(&mut bundle.documentation_standards, reach),
            4 => step.take(&mut bundle.appeal_templates, reach),
            5 => step.take(&mut bundle.deadline_rules, reach),
            6 => step.take(&mut bundle.metric_definitions, reach),
            7 => step.take(&mut bundle.exception_policies, reach),
            _ => step.take(&mut bundle.automation_limits, reach),
        }
        bundle.normalize();
    }
    bundle
}

/// In which half an item lies.
fn half(slug: &str) -> bool {
    slug.bytes().fold(0_u8, u8::wrapping_add) % 2 == 0
}

impl Step {
    fn take<T: Sample>(self, items: &mut Vec<T>, reach: Reach) {
        let in_reach = |slug: &str| match reach {
            Reach::Everything | Reach::Fields => true,
            Reach::Half(wanted) => half(slug) == wanted,
        };
        let places: Vec<usize> =
            (0..items.len()).filter(|place| in_reach(items[*place].slug())).collect();
        let Some(place) = places.get(self.item % places.len().max(1)).copied() else { return };
        match self.what / FIELDS {
            0 if reach != Reach::Fields => drop(items.remove(place)),
            1 if reach != Reach::Fields => {
                let mut copy = items[place].clone();
                let name = ["new", "new-", "newer", "newer-"].into_iter().find_map(|stem| {
                    let name = format!("{stem}{}", self.value);
                    let free = items.iter().all(|item| item.slug() != name);
                    (in_reach(&name) && free).then_some(name)
                });
                if let Some(name) = name {
                    copy.rename(&name);
                    copy.change(self.what, self.value);
                    items.push(copy);
                }
            }
            _ => items[place].change(self.what, self.value),
        }
    }
}

trait Sample: Clone {
    fn slug(&self) -> &str;
    fn rename(&mut self, slug: &str);
    /// Writes one of a few values to the field of that number.
    fn change(&mut self, what: usize, value: u32);
}

macro_rules! sample {
    ($item:ty, $change:expr) => {
        impl Sample for $item {
            fn slug(&self) -> &str {
                self.slug.as_str()
            }

            fn rename(&mut self, name: &str) {
                self.slug = slug(name).into();
            }

            fn change(&mut self, what: usize, value: u32) {
                let change: fn(&mut Self, usize, u32) = $change;
                change(self, what, value);
            }
        }
    };
}

fn text(value: u32) -> String {
    format!("words number {value}")
}

fn pick<T: Copy>(values: &[T], value: u32) -> T {
    values[value as usize % values.len()]
}

/// Anything, one value, or several.
fn some<T: Ord>(value: u32, of: impl Fn(u32) -> T) -> Selector<T> {
    Selector::of((0..value % 4).map(|at| of(at + value / 4)))
}

fn few<T>(value: u32, of: impl Fn(u32) -> T) -> Vec<T> {
    (0..value % 4).map(|at| of(at + value / 4)).collect()
}

fn named(value: u32) -> Slug {
    slug(&format!("name-{value}"))
}

sample!(Entry, |entry, what, value| {
    let (wanted, meaning) = (&mut entry.matches, &mut entry.meaning);
    let day = |value: u32| chrono::NaiveDate::from_ymd_opt(2026, 1, 1 + value);
    match what % FIELDS {
        0 => meaning.label = text(value),
        1 => meaning.next_action = pick(NextAction::ALL, value),
        2 => meaning.action_words = text(value),
        3 => meaning.evidence = few(value, named),
        4 => meaning.expected_overturn = BasisPoints::new(value * 1_250),
        5 => meaning.expected_days = value,
        6 => meaning.effort_minutes = value,
        7 => wanted.payer = some(value, named),
        8 => wanted.carc = some(value, |at| Carc::new(&(at + 1).to_string()).unwrap()),
        9 => wanted.rarc.any = few(value, |at| Rarc::new(&format!("N{}", at + 1)).unwrap()),
        10 => wanted.group = some(value, |at| pick(&Group::VALID, at)),
        11 => {
            let low = (value % 2 == 0).then(|| Cents::new(i64::from(value) * 12_345));
            wanted.amount = AmountRange { at_least: low, at_most: Some(Cents::new(1_000_000)) };
        }
        12 => {
            let rules = few(value, named);
            meaning.paths = vec![PathRules { path: pick(Path::ALL, value), rules }];
        }
        13 => {
            meaning.escalation = few(value, |at| EscalationStep {
                at_percent: 50 + u8::try_from(at).unwrap(),
                tell: pick(EscalationLevel::ALL, at),
            });
        }
        14 => meaning.notes = few(value, text),
        15 => meaning.template = (value > 2).then(|| named(value)),
        16 => wanted.context.authorization = some(value, |at| pick(Authorization::ALL, at)),
        17 => {
            wanted.procedure = match value {
                0 => ProcedureMatch::Any,
                1 => ProcedureMatch::Exact("99213".to_owned()),
                _ => ProcedureMatch::Range { from: "99202".to_owned(), to: format!("9949{value}") },
            };
        }
        18 => wanted.service_dates = DateRange { from: day(value), to: None },
        19 => meaning.review_reason = (value > 2).then(|| text(value)),
        20 => meaning.root_cause.process = pick(UpstreamProcess::ALL, value),
        21 => meaning.assumed = few(value, named),
        22 => meaning.category = pick(Category::ALL, value),
        23 => meaning.sign_offs = few(value, |at| pick(SignOffKind::ALL, at)),
        _ => meaning.owner_function = pick(OwnerFunction::ALL, value),
    }
});

sample!(RemarkRule, |rule, what, value| match what % 3 {
    0 => rule.words = few(value, text),
    1 => rule.next_action = (value > 2).then(|| pick(NextAction::ALL, value)),
    _ => rule.alert = value % 2 == 0,
});

sample!(OwnerRule, |rule, what, value| match what % 3 {
    0 => rule.team = named(value),
    1 => rule.facility = some(value, named),
    _ => rule.payer = some(value, named),
});

sample!(DocumentationStandard, |standard, what, value| match what % 2 {
    0 => standard.title = text(value),
    _ => standard.notes = few(value, text),
});

sample!(AppealTemplate, |template, what, value| match what % 4 {
    0 => template.title = text(value),
    3 => template.blanks = few(value, |at| Blank { name: text(at), words: text(at + 1) }),
    1 => template.categories = few(value, |at| pick(Category::ALL, at)),
    _ => template.paragraphs = few(value, text),
});

sample!(Rule, |rule, what, value| match what % 5 {
    0 => rule.count = (value > 1).then_some(value * 30),
    1 => rule.unit = pick(Unit::ALL, value),
    2 => rule.source = text(value),
    3 => rule.payer = (value > 2).then(|| text(value)),
    _ => rule.notes = text(value),
});

sample!(MetricDefinition, |metric, what, value| match what % 2 {
    0 => metric.title = text(value),
    _ => metric.denominator = (value > 2).then(|| text(value)),
});

sample!(ExceptionPolicy, |policy, what, value| match what % 3 {
    0 => policy.team = named(value),
    1 => policy.action_words = text(value),
    _ => policy.settle_within_business_days = value,
});

sample!(AutomationLimit, |limit, what, value| match what % 2 {
    0 => limit.carc = some(value, |at| Carc::new(&(at + 1).to_string()).unwrap()),
    _ => limit.ceiling = Cents::new(i64::from(value) * 50_000),
});
