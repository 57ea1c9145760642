//! The starter dictionary: the base bundle and the code sets every tenant begins with.
//!
//! Built from the tables in `data/`: code numbers, dates and our own labels, never X12 sentences.
//! Classes, categories and paths are partly published, owners, actions and evidence are reasoned;
//! the bundle says so (`starting_point`, `notes`, each entry's `assumed`) and a committee must
//! review it before anyone relies on it.

mod codes;
mod entries;
mod letters;
mod meaning;
mod rows;
mod sections;

pub use codes::{CarcRule, carc_rules, codes};
pub use sections::{StarterTeam, TEAMS};

use crate::dictionary::Bundle;

/// The base bundle, normalized; the same bytes on every machine.
pub fn bundle() -> Bundle {
    let mut bundle = Bundle::empty("Overturn starter dictionary");
    bundle.starting_point = true;
    bundle.notes = vec![
        "A starting point: a committee must review it before anyone relies on it.".to_owned(),
        "Owners, actions and evidence are reasoned; classes and paths are published where an \
         entry's notes say so."
            .to_owned(),
        "Assumptions to confirm: escalation at 50, 75 and 90 percent of the window; expected \
         overturn 90 percent for billing and coding, 75 for registration and coordination of \
         benefits, 25 for complex clinical denials; 15 minutes for soft and 60 for hard denials; \
         $57.23 to rework a denial."
            .to_owned(),
    ];
    let taxonomy = rows::taxonomy();
    bundle.entries = entries::entries(&taxonomy);
    bundle.documentation_standards = sections::documentation_standards(&taxonomy);
    bundle.appeal_templates = letters::templates();
    bundle.remark_rules = sections::remark_rules(&rows::rarcs());
    bundle.owner_rules = sections::owner_rules();
    bundle.deadline_rules = sections::deadline_rules();
    bundle.metric_definitions = sections::metric_definitions();
    bundle.exception_policies = sections::exception_policies();
    bundle.automation_limits = sections::automation_limits();
    bundle.normalize();
    bundle
}

#[cfg(test)]
mod tests;
