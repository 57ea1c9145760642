//! The code sets that come with this build, and their way into the reference tables.
//!
//! A release is named by the hash of its content and never changes; a process reads the release it
//! carries. Two processes that start at once publish the same rows: one of them finds the other's.

use domain::codes::{Code, CodeSet};
use domain::dictionary::ContentHash;
use domain::dictionary::canonical::to_canonical;
use platform::rejection::Fault;
use platform::tenant_tx::Database;

use crate::store::ListedCode;
use crate::store::built_in as store;

/// How often publishing is tried while other processes publish the same.
const TRIES: usize = 3;

/// Everything this build knows of codes.
struct Release {
    /// The hash of everything below.
    name: String,
    sets: Vec<store::CodeSet>,
    codes: Vec<ListedCode>,
}

/// Publishes this build's release unless it is there, and answers its name.
pub(crate) async fn publish(database: &Database) -> Result<String, Fault> {
    let release = tokio::task::spawn_blocking(Release::of_this_build)
        .await
        .map_err(|_| Fault::Broken("reading the code sets panicked"))??;
    let mut tried = 1;
    // Another process may insert the same rows meanwhile: the next look finds them.
    while let Err(error) = publish_once(database, &release).await {
        if tried == TRIES {
            return Err(error);
        }
        tried += 1;
    }
    Ok(release.name)
}

async fn publish_once(database: &Database, release: &Release) -> Result<(), Fault> {
    let tx = database.operate_read().await?;
    if store::is_published(&tx, &release.name).await? {
        return Ok(());
    }
    drop(tx);
    let tx = database.operate().await?;
    if !store::is_published(&tx, &release.name).await? {
        store::publish(&tx, &release.name, &release.sets, &release.codes).await?;
    }
    Ok(tx.commit().await?)
}

impl Release {
    fn of_this_build() -> Result<Self, Fault> {
        let effects = domain::starter::bundle().remark_rules;
        let effect = |set: CodeSet, code: &Code| {
            let rule = effects.iter().find(|rule| rule.rarc.as_str() == code.code);
            let effect = rule.filter(|_| set == CodeSet::Rarc).and_then(|rule| rule.effect);
            effect.map(|effect| effect.as_str().to_owned()).unwrap_or_default()
        };
        let mut codes = Vec::new();
        for set in CodeSet::ALL {
            let of_set = domain::starter::codes().into_iter().filter(|(of, _)| of == set);
            for (position, (_, code)) in (1..).zip(of_set) {
                let (code_set, effect) = (set.as_str().to_owned(), effect(*set, &code));
                codes.push(ListedCode { code_set, position, effect, code });
            }
        }
        let content: Vec<_> =
            codes.iter().map(|listed| (&listed.code_set, &listed.effect, &listed.code)).collect();
        let content = to_canonical(&content)
            .map_err(|_| Fault::Broken("the code sets have no canonical form"))?;
        let name = ContentHash::of(&content).to_string();
        let sets = CodeSet::ALL.iter().filter_map(|set| describe(*set, &name, &codes)).collect();
        Ok(Self { name, sets, codes })
    }
}

/// What a set is; nothing when this build has none of its codes.
fn describe(set: CodeSet, release: &str, codes: &[ListedCode]) -> Option<store::CodeSet> {
    let (title, owner) = titles(set);
    let of_set: Vec<&Code> = codes
        .iter()
        .filter(|listed| listed.code_set == set.as_str())
        .map(|listed| &listed.code)
        .collect();
    let periods = of_set.iter().flat_map(|code| &code.periods);
    let newest = periods.filter_map(|period| period.start_on.max(period.stop_on)).max();
    let as_of = newest.map_or_else(
        || "version 5010 of the remittance advice".to_owned(),
        |day| format!("with every start and stop published up to {day}"),
    );
    (!of_set.is_empty()).then(|| store::CodeSet {
        release: release.to_owned(),
        slug: set.as_str().to_owned(),
        title: title.to_owned(),
        owner: owner.to_owned(),
        source: "published code numbers and dates; the labels are ours".to_owned(),
        as_of,
        code_count: i32::try_from(of_set.len()).unwrap_or(i32::MAX),
    })
}

/// What a set is called, and who maintains it.
pub(crate) fn titles(set: CodeSet) -> (&'static str, &'static str) {
    match set {
        CodeSet::Carc => ("Claim adjustment reason codes", "X12, code source 139"),
        CodeSet::Rarc => ("Remittance advice remark codes", "X12, code source 411"),
        CodeSet::Cagc => ("Claim adjustment group codes", "X12, data element 1033"),
        CodeSet::Clp02 => ("Claim status of a remittance", "X12, data element 1029"),
        CodeSet::Plb => ("Provider adjustment reasons", "X12, data element 426"),
        CodeSet::ClaimStatusCategory => ("Claim status category codes", "X12, code source 507"),
        CodeSet::ClaimStatus => ("Claim status codes", "X12, code source 508"),
        CodeSet::Proprietary => ("Codes payers invented", "the payers"),
    }
}

#[cfg(test)]
mod tests;
