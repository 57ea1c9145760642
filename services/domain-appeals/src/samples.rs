//! Rules and coverage that tests share.

use chrono::NaiveDate;
use domain::codes::{Lob, Network};
use domain::deadline::{Coverage, Path, Rule, starter_rules};

use crate::ladder::Ladder;

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn rules() -> Vec<Rule> {
    starter_rules()
}

pub(crate) fn covered(
    lob: Lob,
    payer: Option<&'static str>,
    network: Option<Network>,
) -> Coverage<'static> {
    Coverage { lob: Some(lob), payer, network }
}

pub(crate) fn slugs(ladder: &Ladder<'_>, path: Path) -> Vec<String> {
    let of_path = ladder.rungs().iter().filter(|rung| rung.rule.path == path);
    of_path.map(|rung| rung.rule.slug.clone()).collect()
}
