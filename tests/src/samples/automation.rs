//! A rule that may do nothing yet: the base dictionary allows none.

use contracts::access::v1::Role;
use contracts::dictionary::v1::NextAction;
use contracts::routing::v1::*;
use prost_types::FieldMask;

use super::ends::money;
use super::{Sample, sample as any};
use crate::group::Group;
use crate::world::{World, id};

fn create() -> CreateAutomationRuleRequest {
    let rule = AutomationRule {
        title: "Small leftovers".to_owned(),
        action: NextAction::Close.into(),
        filter: "team = \"billing\"".to_owned(),
        mode: AutomationMode::DryRun.into(),
        ceiling: money(0),
        daily_ceiling: money(0),
        ..AutomationRule::default()
    };
    CreateAutomationRuleRequest {
        automation_rule: Some(rule),
        request_id: id(),
        ..CreateAutomationRuleRequest::default()
    }
}

/// A rule of the group.
pub(super) async fn rule(world: &World, group: &Group) -> AutomationRule {
    let token = group.token(world, Role::TeamLead).await;
    let made = world.routing(&token).create_automation_rule(create()).await.unwrap();
    made.into_inner().automation_rule.unwrap()
}

/// A sample of every call about rules.
pub(super) fn samples(rule: &AutomationRule) -> Vec<Sample> {
    let service = "Routing";
    let update = UpdateAutomationRuleRequest {
        automation_rule: Some(AutomationRule { title: "Renamed".to_owned(), ..rule.clone() }),
        update_mask: Some(FieldMask { paths: vec!["title".to_owned()] }),
        request_id: id(),
        ..UpdateAutomationRuleRequest::default()
    };
    vec![
        any(service, "CreateAutomationRule", &create(), false),
        any(service, "UpdateAutomationRule", &update, true),
        any(service, "ListAutomationRules", &ListAutomationRulesRequest::default(), false),
    ]
}
