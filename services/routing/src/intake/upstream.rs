//! Whoever owns the process in which a root cause lives, for denials that come again and again.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::dictionary::owner::Place;
use domain::dictionary::vocabulary::OwnerFunction;

use super::Desk;
use super::work::Item;
use crate::revisions::Revision;
use ledger::entity::denial;

/// What it takes to find the owner of a process.
#[derive(Clone)]
pub(super) struct Upstream {
    revision: Arc<Revision>,
    teams: Arc<BTreeMap<String, String>>,
}

impl Upstream {
    pub(super) fn of(desk: &Desk<'_>) -> Self {
        Self { revision: desk.revision.clone(), teams: Arc::new(desk.context.teams.clone()) }
    }

    /// Hash of the revision.
    pub(super) fn revision(&self) -> &str {
        self.revision.hash()
    }

    /// Gives the item of a denial to the owner of the process in which its root cause lives. Where
    /// nothing failed, or no rule names a team, the item stays with its owner.
    pub(super) fn send(&self, item: &mut Item, denial: &denial::Model) {
        let compiled = self.revision.compiled();
        let Some(entry) = compiled.entry(&denial.entry) else { return };
        let process = entry.meaning.root_cause.process;
        let Some(function) = process.owner() else { return };
        let place = Place {
            payer: named(&denial.payer_slug),
            facility: named(&denial.facility_slug),
            service_line: named(&denial.service_line),
        };
        let team = compiled.team(function, place);
        if team.rule.is_none() {
            return;
        }
        self.give(item, function, team.slug);
        item.document.review_reason = format!(
            "denial number {} of this claim and line: the cause lies in {}, and sending it once \
             more will not help",
            denial.repeats + 1,
            process.as_str().replace('_', " "),
        );
    }

    fn give(&self, item: &mut Item, function: OwnerFunction, team: &str) {
        function.as_str().clone_into(&mut item.row.owner_function);
        team.clone_into(&mut item.row.owner_team);
        let name = self.teams.get(team).map_or(team, String::as_str);
        name.clone_into(&mut item.document.team_name);
    }
}

fn named(slug: &str) -> Option<&str> {
    Some(slug).filter(|slug| !slug.is_empty())
}
