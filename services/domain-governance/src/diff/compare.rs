//! The fields in which two items differ, compared as they are typed.
//!
//! Every structure is taken apart by name, so a field that is new in the schema cannot be forgotten
//! here: it does not compile. JSON is made of nothing but the values that differ.

use domain::deadline::Rule;
use domain::dictionary::entry::{ContextMatch, RootCause};
use domain::dictionary::remark::RemarkRule;
use domain::dictionary::sections::{
    AppealTemplate, AutomationLimit, DocumentationStandard, ExceptionPolicy, MetricDefinition,
};
use domain::dictionary::selector::{AmountRange, DateRange, ProcedureMatch, RarcMatch, Selector};
use domain::dictionary::{Entry, Match, Meaning, OwnerRule};
use serde::Serialize;
use serde_json::Value;

use super::FieldDifference;
use crate::edit::Item;

/// A value that the schema leaves out when it says nothing.
trait Optional {
    fn is_left_out(&self) -> bool;
}

macro_rules! optional {
    ($([$($bound:tt)*] $value:ty: $is_left_out:expr;)+) => {
        $(impl<$($bound)*> Optional for $value {
            fn is_left_out(&self) -> bool {
                let is_left_out: fn(&Self) -> bool = $is_left_out;
                is_left_out(self)
            }
        })+
    };
}

optional! {
    [T: Ord] Selector<T>: Selector::is_any;
    [T] Vec<T>: Vec::is_empty;
    [T] Option<T>: Option::is_none;
    [] String: String::is_empty;
    [] bool: |said| !said;
    [] ProcedureMatch: ProcedureMatch::is_any;
    [] AmountRange: AmountRange::is_any;
    [] DateRange: DateRange::is_any;
}

struct Found(Vec<FieldDifference>);

/// Compares every field of a structure by the method of [`Found`] that stands behind its name.
macro_rules! compare {
    (
        $found:ident, $from:ident, $to:ident:
        $at:literal $item:ident { $($field:ident $how:ident,)+ }
    ) => {{
        let $item { $($field: _,)+ } = $from;
        $($found.$how(concat!($at, stringify!($field)), &$from.$field, &$to.$field);)+
    }};
}

/// The fields in which two items of one section differ, in the order of the item.
///
/// Items of different sections have nothing to compare.
pub(crate) fn compare(from: Item<'_>, to: Item<'_>) -> Vec<FieldDifference> {
    let mut found = Found(Vec::new());
    match (from, to) {
        (Item::Entry(from), Item::Entry(to)) => {
            compare!(found, from, to: "" Entry { slug stated, matches matches, meaning meaning, });
        }
        (Item::RemarkRule(from), Item::RemarkRule(to)) => compare!(found, from, to: "" RemarkRule {
            slug stated, rarc stated, alert stated, effect optional, next_action optional,
            opens optional, words optional,
        }),
        (Item::OwnerRule(from), Item::OwnerRule(to)) => compare!(found, from, to: "" OwnerRule {
            slug stated, owner_function stated, payer optional, facility optional,
            service_line optional, team stated,
        }),
        (Item::DocumentationStandard(from), Item::DocumentationStandard(to)) => {
            compare!(found, from, to: "" DocumentationStandard {
                slug stated, title stated, media optional, days_before optional,
                days_after optional, notes optional,
            });
        }
        (Item::AppealTemplate(from), Item::AppealTemplate(to)) => {
            compare!(found, from, to: "" AppealTemplate {
                slug stated, title stated, path stated, categories optional, paragraphs stated,
                blanks optional,
            });
        }
        (Item::DeadlineRule(from), Item::DeadlineRule(to)) => found.deadline_rule(from, to),
        (Item::MetricDefinition(from), Item::MetricDefinition(to)) => {
            compare!(found, from, to: "" MetricDefinition {
                slug stated, title stated, numerator stated, denominator optional, source stated,
            });
        }
        (Item::ExceptionPolicy(from), Item::ExceptionPolicy(to)) => {
            compare!(found, from, to: "" ExceptionPolicy {
                slug stated, kind stated, owner_function stated, team stated, action_words stated,
                settle_within_business_days stated,
            });
        }
        (Item::AutomationLimit(from), Item::AutomationLimit(to)) => {
            compare!(found, from, to: "" AutomationLimit {
                slug stated, action stated, carc optional, ceiling stated,
            });
        }
        _ => {}
    }
    found.0
}

impl Found {
    /// A field that is always written.
    fn stated<T: PartialEq + Serialize>(&mut self, path: &'static str, from: &T, to: &T) {
        if from != to {
            self.0.push(FieldDifference { path, from: Some(json(from)), to: Some(json(to)) });
        }
    }

    /// A field that is left out when it says nothing.
    fn optional<T>(&mut self, path: &'static str, from: &T, to: &T)
    where
        T: Optional + PartialEq + Serialize,
    {
        if from != to {
            let said = |value: &T| (!value.is_left_out()).then(|| json(value));
            self.0.push(FieldDifference { path, from: said(from), to: said(to) });
        }
    }

    fn matches(&mut self, _: &'static str, from: &Match, to: &Match) {
        compare!(self, from, to: "match." Match {
            rarc remarks, carc optional, group optional, payer optional, lob optional,
            network optional, facility optional, service_line optional, claim_type optional,
            context context, procedure optional, amount optional, service_dates optional,
        });
    }

    fn remarks(&mut self, _: &'static str, from: &RarcMatch, to: &RarcMatch) {
        compare!(self, from, to: "match.rarc." RarcMatch {
            any optional, all optional, none optional,
        });
    }

    fn context(&mut self, _: &'static str, from: &ContextMatch, to: &ContextMatch) {
        compare!(self, from, to: "match.context." ContextMatch {
            authorization optional, eligibility optional, filing_proof optional,
        });
    }

    fn meaning(&mut self, _: &'static str, from: &Meaning, to: &Meaning) {
        compare!(self, from, to: "meaning." Meaning {
            label stated, record_class stated, category stated, hardness stated,
            preventable stated, appealable stated, root_cause root_cause, owner_function stated,
            next_action stated, action_words stated, evidence optional, paths optional,
            escalation optional, sign_offs optional, template optional,
            expected_overturn stated, expected_days stated, effort_minutes stated,
            review_reason optional, assumed optional, notes optional,
        });
    }

    fn root_cause(&mut self, _: &'static str, from: &RootCause, to: &RootCause) {
        compare!(self, from, to: "meaning.root_cause." RootCause {
            process stated, words stated,
        });
    }

    fn deadline_rule(&mut self, from: &Rule, to: &Rule) {
        compare!(self, from, to: "" Rule {
            slug stated, payer_type stated, payer optional, payer_words stated, network optional,
            basis stated, path stated, level stated, count optional, unit stated, fixed optional,
            shares_window_of optional, month_end optional, roll stated, filed_when stated,
            counted_from stated, counted_from_words stated, presumed_receipt_days stated,
            decision_words optional, decision_days optional, threshold optional, notes optional,
            guess optional, source stated, confidence stated, effective_from optional,
            effective_until optional,
        });
    }
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("fields are texts, integers and lists of named fields")
}
