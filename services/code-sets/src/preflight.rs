//! What of a tenant's dictionary and history a release touches, in words.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use domain::codes::CodeSet;
use domain::dictionary::{Bundle, Compiled, RecordedFacts};
use domain::money::Cents;

use crate::diff::Change;
use crate::volume::{Tally, named};

/// The longest reason of a change request, in characters.
const REASON_MAX: usize = 4_000;
/// What is kept of it for saying how much is left out.
const REST: usize = 160;
/// How much is said of one item.
const ITEM_MAX: usize = 600;

/// Something of the tenant's that names changed codes, or was decided on them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Touched {
    codes: BTreeSet<String>,
    tally: Tally,
}

/// Whether the denials of the last 12 months were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum History {
    /// They were counted.
    Counted,
    /// They were not: routing answers people, and nobody asked.
    NotAsked,
}

/// What is touched so far.
#[derive(Debug)]
pub(crate) struct Preflight {
    set: CodeSet,
    /// What is said of each changed code.
    words: BTreeMap<String, String>,
    /// By what it is called: `entry carc-197`.
    touched: BTreeMap<String, Touched>,
}

impl Preflight {
    /// What of the dictionary names a changed code; a new one, too, when it was named before it
    /// was there.
    pub(crate) fn of(set: CodeSet, changes: &[Change], bundle: &Bundle) -> Self {
        let mut words = BTreeMap::<String, String>::new();
        for change in changes {
            let said = words.entry(change.code.clone()).or_default();
            let and = if said.is_empty() { "" } else { ", " };
            write!(said, "{and}{}", change.words).expect("a text takes what is written");
        }
        let mut preflight = Self { set, words, touched: BTreeMap::new() };
        for entry in &bundle.entries {
            let codes: Vec<&str> = match set {
                CodeSet::Carc => {
                    entry.matches.carc.values().iter().map(|carc| carc.as_str()).collect()
                }
                CodeSet::Rarc => entry.matches.rarc.named().map(|rarc| rarc.as_str()).collect(),
                _ => Vec::new(),
            };
            preflight.touch(&entry_name(entry.slug.as_str()), &codes, Tally::default());
        }
        if set == CodeSet::Rarc {
            for rule in &bundle.remark_rules {
                preflight.touch(
                    &rule_name(rule.slug.as_str()),
                    &[rule.rarc.as_str()],
                    Tally::default(),
                );
            }
        }
        preflight
    }

    /// Counts denials to the entry that speaks for them, and to the rules of their remarks.
    pub(crate) fn count(&mut self, active: &Compiled, facts: &RecordedFacts, tally: Tally) {
        let codes = named(self.set, facts);
        if !codes.iter().any(|code| self.words.contains_key(*code)) {
            return;
        }
        let decided = active.decide(&facts.facts());
        let name = decided.entry().map_or_else(
            || "denials that no entry speaks for".to_owned(),
            |entry| entry_name(entry.slug.as_str()),
        );
        self.touch(&name, &codes, tally);
        if self.set == CodeSet::Rarc {
            for rarc in &facts.rarcs {
                if let Some(rule) = active.remark(*rarc) {
                    self.touch(&rule_name(rule.slug.as_str()), &[rarc.as_str()], tally);
                }
            }
        }
    }

    fn touch(&mut self, name: &str, codes: &[&str], tally: Tally) {
        let changed = codes.iter().filter(|code| self.words.contains_key(**code));
        let changed: Vec<String> = changed.map(|code| (*code).to_owned()).collect();
        if changed.is_empty() {
            return;
        }
        let touched = self.touched.entry(name.to_owned()).or_default();
        touched.codes.extend(changed);
        touched.tally.add(tally);
    }

    /// Why the release should be looked at; nothing when it touches nothing. What weighs most
    /// stands first.
    pub(crate) fn reason(&self, release: &str, history: History) -> Option<String> {
        let mut touched: Vec<(&String, &Touched)> = self.touched.iter().collect();
        if touched.is_empty() {
            return None;
        }
        touched.sort_by_key(|(_, it)| std::cmp::Reverse((it.tally.cents, it.tally.denials)));
        let mut text = match history {
            History::Counted => format!(
                "The {release} changes codes that this dictionary names or its history holds. \
                 With the denials of the last 12 months:"
            ),
            History::NotAsked => format!(
                "The {release} changes codes that this dictionary names. Opened automatically. \
                 Past denials were not counted: ListCodeChanges shows the count and the amount \
                 per code. Entries affected:"
            ),
        };
        let mut length = text.chars().count();
        for (at, (name, it)) in touched.iter().enumerate() {
            let item = self.item(name, it, history);
            length += item.chars().count();
            if length > REASON_MAX - REST {
                let left = touched.len() - at;
                let more =
                    format!("\n- and {left} more; the changes of the release name the codes");
                text.push_str(&more);
                break;
            }
            text.push_str(&item);
        }
        Some(text)
    }

    fn item(&self, name: &str, it: &Touched, history: History) -> String {
        let mut item = format!("\n- {name}");
        if history == History::Counted {
            let denials = if it.tally.denials == 1 { "denial" } else { "denials" };
            let money = Cents::new(it.tally.cents);
            write!(item, ": {} {denials}, {money}", it.tally.denials).expect("a text takes it");
        }
        for (at, code) in it.codes.iter().enumerate() {
            let said = self.words.get(code).map(String::as_str).unwrap_or_default();
            let before = if at == 0 { " (" } else { "; " };
            let said = format!("{before}{code} {said}");
            if item.chars().count() + said.chars().count() > ITEM_MAX {
                let left = it.codes.len() - at;
                write!(item, "{before}and {left} codes more").expect("a text takes it");
                break;
            }
            item.push_str(&said);
        }
        item.push(')');
        item
    }
}

fn entry_name(slug: &str) -> String {
    format!("entry {slug}")
}

fn rule_name(slug: &str) -> String {
    format!("remark rule {slug}")
}

#[cfg(test)]
mod tests;
