//! Payers and facilities by what a file calls them.

use std::collections::BTreeMap;

use remitted::{Alias, AliasKind, Context, FacilityFact, PayerFact, alias};

/// Lets a remittance name payers and facilities by their id: no other name is sure to be of one
/// alone, and none stays as it is.
pub fn name_by_id(context: &mut Context) {
    for payer in &mut context.payers {
        let value = alias(&payer.id.to_string());
        payer.aliases.push(Alias { kind: AliasKind::PayerId, value });
    }
    for facility in &mut context.facilities {
        facility.npis.push(facility.id.to_string());
    }
}

/// The parties of a tenant.
#[derive(Debug)]
pub(crate) struct Parties<'c> {
    payers: BTreeMap<String, Vec<&'c PayerFact>>,
    facilities: BTreeMap<String, Vec<&'c FacilityFact>>,
}

impl<'c> Parties<'c> {
    pub(crate) fn of(context: &'c Context) -> Self {
        let mut parties = Self { payers: BTreeMap::new(), facilities: BTreeMap::new() };
        for payer in &context.payers {
            let names = payer.aliases.iter().map(|alias| alias.value.as_str());
            for name in names.chain([payer.name.as_str()]) {
                let called = parties.payers.entry(alias(name)).or_default();
                if !called.contains(&payer) {
                    called.push(payer);
                }
            }
        }
        for facility in &context.facilities {
            let numbers = facility.npis.iter().chain([&facility.ccn]);
            for name in numbers.chain([&facility.name]).filter(|name| !name.is_empty()) {
                let called = parties.facilities.entry(alias(name)).or_default();
                if !called.contains(&facility) {
                    called.push(facility);
                }
            }
        }
        // Slugs and ids are one party's own, whatever another one is called.
        for payer in &context.payers {
            for own in [payer.slug.clone(), payer.id.to_string()] {
                parties.payers.insert(alias(&own), vec![payer]);
            }
        }
        for facility in &context.facilities {
            for own in [facility.slug.clone(), facility.id.to_string()] {
                parties.facilities.insert(alias(&own), vec![facility]);
            }
        }
        parties
    }

    /// The payer that a cell names.
    pub(crate) fn payer(&self, cell: &str) -> Result<&'c PayerFact, String> {
        one(&self.payers, cell).map_err(|several| {
            let words = match several {
                true => "is what several payers are called: write the slug of one",
                false => "names no payer of the directory: add it there, or to a payer's aliases",
            };
            words.to_owned()
        })
    }

    /// The facility that a cell names.
    pub(crate) fn facility(&self, cell: &str) -> Result<&'c FacilityFact, String> {
        one(&self.facilities, cell).map_err(|several| {
            let words = match several {
                true => "is what several facilities are called: write the slug of one",
                false => "names no facility: write its slug, name, NPI or CCN as registered",
            };
            words.to_owned()
        })
    }
}

/// The one that is called so; else whether several are.
fn one<'c, T>(called: &BTreeMap<String, Vec<&'c T>>, cell: &str) -> Result<&'c T, bool> {
    match called.get(&alias(cell)).map(Vec::as_slice) {
        Some([one]) => Ok(one),
        found => Err(found.is_some_and(|several| several.len() > 1)),
    }
}
