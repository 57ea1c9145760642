//! A decision in words: each field compared, what nearly matched, what the remarks changed.

use super::compile::Compiled;
use super::decide::{Decision, Facts, Unmapped};
use super::entry::{Entry, Match};
use super::index::admits;
use super::receipt::{NearMiss, Reason, Receipt, RecordedFacts};
use super::selector::{RarcMatch, Selector, Slug};
use super::specificity::{FIELDS, Specificity};

/// How many entries that nearly matched a receipt names.
const NEAR_MISSES: usize = 8;

/// One field of an entry held against the facts.
struct Compared {
    /// What the entry asks for; `None` when any value will do.
    wanted: Option<String>,
    given: Option<String>,
    admitted: bool,
}

impl Compiled {
    /// Decides one denial and says why.
    pub fn explain(&self, facts: &Facts<'_>) -> Receipt {
        let decision = self.decide(facts);
        let remarks = |rarc: &&crate::codes::Rarc| self.remark(**rarc).is_some();
        let effective: Vec<_> = facts.rarcs.iter().filter(remarks).copied().collect();
        Receipt {
            revision: self.revision(),
            evaluator_semantics: self.bundle().evaluator_semantics,
            inputs_hash: RecordedFacts::of(facts).hash(),
            entry: decision.entry().map(|entry| entry.slug.clone()),
            unmapped: decision.outcome.err(),
            record_class: decision.record_class(),
            next_action: decision.next_action,
            appealable: decision.appealable,
            owner_function: decision.owner_function,
            team: decision.team.slug.to_owned(),
            owner_rule: decision.team.rule.map(str::to_owned),
            effects: decision.effects.iter().collect(),
            overridden_by: decision.overridden_by.map(|rule| rule.rarc),
            why: reasons(self, &decision, facts, &effective),
            near_misses: self.near_misses(decision.entry(), facts),
        }
    }

    /// Entries that missed by one field or were outranked, the most specific first.
    ///
    /// An entry of another reason code is not near: nearly every entry misses by its code alone.
    fn near_misses(&self, chosen: Option<&Entry>, facts: &Facts<'_>) -> Vec<NearMiss> {
        let mut near: Vec<(Specificity, NearMiss)> = Vec::new();
        let others = self.bundle().entries.iter().filter(|entry| {
            entry.matches.carc.admits(Some(&facts.carc))
                && chosen.is_none_or(|chosen| chosen.slug != entry.slug)
        });
        for entry in others {
            let specificity = Specificity::of(&entry.matches);
            if let Some(reason) = near_reason(entry, specificity, chosen, facts) {
                near.push((specificity, NearMiss { entry: entry.slug.clone(), reason }));
            }
        }
        most_specific(near, NEAR_MISSES)
    }

    /// Entries that accept the facts as well and are less specific than the one that speaks, the
    /// most specific first, at most `most`; each with the field it was outranked on.
    pub fn outranked(&self, facts: &Facts<'_>, most: usize) -> Vec<NearMiss> {
        let Some(chosen) = self.decide(facts).entry() else { return Vec::new() };
        let mut near = Vec::new();
        let accepts = |entry: &&Entry| entry.slug != chosen.slug && admits(&entry.matches, facts);
        for entry in self.bundle().entries.iter().filter(accepts) {
            let specificity = Specificity::of(&entry.matches);
            if let Some(reason) = near_reason(entry, specificity, Some(chosen), facts) {
                near.push((specificity, NearMiss { entry: entry.slug.clone(), reason }));
            }
        }
        most_specific(near, most)
    }
}

fn most_specific(mut near: Vec<(Specificity, NearMiss)>, most: usize) -> Vec<NearMiss> {
    near.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.entry.cmp(&y.entry)));
    near.into_iter().take(most).map(|(_, miss)| miss).collect()
}

fn near_reason(
    entry: &Entry,
    specificity: Specificity,
    chosen: Option<&Entry>,
    facts: &Facts<'_>,
) -> Option<Reason> {
    if admits(&entry.matches, facts) {
        let chosen = chosen?;
        let field = specificity.first_difference(Specificity::of(&chosen.matches))?;
        let words = format!("it matches as well, but `{}` is closer on {field}", chosen.slug);
        return Some(Reason { field: field.to_owned(), words });
    }
    let mut missed = FIELDS
        .iter()
        .zip(compare(&entry.matches, facts))
        .filter(|(_, compared)| !compared.admitted);
    let (field, compared) = missed.next()?;
    missed.next().is_none().then(|| Reason { field: (*field).to_owned(), words: compared.words() })
}

fn reasons(
    compiled: &Compiled,
    decision: &Decision<'_>,
    facts: &Facts<'_>,
    effective: &[crate::codes::Rarc],
) -> Vec<Reason> {
    let mut why = Vec::new();
    match decision.outcome {
        Ok(entry) => {
            for (field, compared) in FIELDS.iter().zip(compare(&entry.matches, facts)) {
                if compared.wanted.is_some() {
                    why.push(Reason { field: (*field).to_owned(), words: compared.words() });
                }
            }
        }
        Err(unmapped) => {
            why.push(Reason {
                field: "unmapped".to_owned(),
                words: unmapped_words(unmapped, facts),
            });
        }
    }
    let mut effective = effective.to_vec();
    effective.sort();
    effective.dedup();
    for rule in effective.iter().filter_map(|rarc| compiled.remark(*rarc)) {
        if let Some(effect) = rule.effect {
            let changed = decision.overridden_by.is_some_and(|by| by.rarc == rule.rarc);
            let outcome = if changed {
                format!(": the next action becomes {}", decision.next_action)
            } else {
                String::new()
            };
            let words = format!("remark {} has the effect {effect}{outcome}", rule.rarc);
            why.push(Reason { field: "remark".to_owned(), words });
        }
    }
    let words = match decision.exception {
        Some(policy) => {
            format!("exception policy `{}` gives it to team `{}`", policy.slug, policy.team)
        }
        None => decision.team.words(decision.owner_function),
    };
    why.push(Reason { field: "team".to_owned(), words });
    why
}

fn unmapped_words(unmapped: Unmapped, facts: &Facts<'_>) -> String {
    match unmapped {
        Unmapped::CorrectionGroup => {
            "group CR is a 4010 code: a 5010 reversal states its original groups".to_owned()
        }
        Unmapped::UnknownGroup => format!("group {} is not in the code set", facts.group),
        Unmapped::UnknownCode => format!("no entry names CARC {}", facts.carc),
        Unmapped::UnmappedCombination => {
            format!("entries name CARC {}, none of them this combination", facts.carc)
        }
    }
}

impl Compared {
    fn words(&self) -> String {
        let given = self.given.as_deref().unwrap_or("not known");
        match (&self.wanted, self.admitted) {
            (None, _) => format!("{given}; any is accepted"),
            (Some(wanted), true) => format!("{given}, and the entry asks for {wanted}"),
            (Some(wanted), false) => format!("{given}, but the entry asks for {wanted}"),
        }
    }
}

/// Every field of a match against the facts, in the order of [`FIELDS`].
fn compare(wanted: &Match, facts: &Facts<'_>) -> [Compared; 13] {
    [
        Compared {
            wanted: remark_words(&wanted.rarc),
            given: Some(if facts.rarcs.is_empty() {
                "no remark".to_owned()
            } else {
                RecordedFacts::of(facts)
                    .rarcs
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(" ")
            }),
            admitted: wanted.rarc.admits(facts.rarcs),
        },
        value(&wanted.carc, Some(&facts.carc)),
        value(&wanted.group, Some(&facts.group)),
        slug(&wanted.payer, facts.payer),
        value(&wanted.lob, facts.lob.as_ref()),
        value(&wanted.network, facts.network.as_ref()),
        slug(&wanted.facility, facts.facility),
        slug(&wanted.service_line, facts.service_line),
        value(&wanted.claim_type, facts.claim_type.as_ref()),
        context(wanted, facts),
        Compared {
            wanted: wanted.procedure.words(),
            given: facts.procedure.map(str::to_owned),
            admitted: wanted.procedure.admits(facts.procedure),
        },
        Compared {
            wanted: interval_words(wanted.amount.at_least, wanted.amount.at_most),
            given: facts.amount.map(|amount| amount.to_string()),
            admitted: wanted.amount.admits(facts.amount),
        },
        Compared {
            wanted: interval_words(wanted.service_dates.from, wanted.service_dates.to),
            given: facts.service_on.map(|day| day.to_string()),
            admitted: wanted.service_dates.admits(facts.service_on),
        },
    ]
}

fn context(wanted: &Match, facts: &Facts<'_>) -> Compared {
    let parts = [
        ("authorization", value(&wanted.context.authorization, facts.authorization.as_ref())),
        ("eligibility", value(&wanted.context.eligibility, facts.eligibility.as_ref())),
        ("filing proof", value(&wanted.context.filing_proof, facts.filing_proof.as_ref())),
    ];
    let admitted = parts.iter().all(|(_, part)| part.admitted);
    let join = |texts: Vec<String>| (!texts.is_empty()).then(|| texts.join(", "));
    let text =
        |name: &str, text: &Option<String>| text.as_ref().map(|text| format!("{name} {text}"));
    Compared {
        wanted: join(parts.iter().filter_map(|(name, part)| text(name, &part.wanted)).collect()),
        given: join(parts.iter().filter_map(|(name, part)| text(name, &part.given)).collect()),
        admitted,
    }
}

fn value<T: Ord + ToString>(wanted: &Selector<T>, given: Option<&T>) -> Compared {
    Compared {
        wanted: selector_words(wanted),
        given: given.map(ToString::to_string),
        admitted: wanted.admits(given),
    }
}

fn slug(wanted: &Selector<Slug>, given: Option<&str>) -> Compared {
    Compared {
        wanted: selector_words(wanted),
        given: given.map(str::to_owned),
        admitted: wanted.admits_text(given),
    }
}

fn selector_words<T: Ord + ToString>(wanted: &Selector<T>) -> Option<String> {
    let list = wanted.values().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    match wanted {
        Selector::Any => None,
        Selector::Exact(_) => Some(format!("exactly {list}")),
        Selector::OneOf(_) => Some(format!("one of {list}")),
    }
}

fn remark_words(wanted: &RarcMatch) -> Option<String> {
    let list = |codes: &[crate::codes::Rarc]| {
        codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    let part = |name: &str, codes: &[crate::codes::Rarc]| {
        (!codes.is_empty()).then(|| format!("{name} {}", list(codes)))
    };
    let parts: Vec<String> =
        [part("any of", &wanted.any), part("all of", &wanted.all), part("none of", &wanted.none)]
            .into_iter()
            .flatten()
            .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn interval_words<T: ToString + PartialEq>(low: Option<T>, high: Option<T>) -> Option<String> {
    match (low, high) {
        (None, None) => None,
        (Some(low), None) => Some(format!("{} or more", low.to_string())),
        (None, Some(high)) => Some(format!("{} or less", high.to_string())),
        (Some(low), Some(high)) if low == high => Some(format!("exactly {}", low.to_string())),
        (Some(low), Some(high)) => Some(format!("{} to {}", low.to_string(), high.to_string())),
    }
}
