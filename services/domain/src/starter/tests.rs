use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::*;
use crate::codes::{Carc, CodeSet, Group, Rarc};
use crate::deadline::Path;
use crate::dictionary::remark::Effect;
use crate::dictionary::vocabulary::{
    Authorization, Category, EscalationLevel, ExceptionKind, FilingProof, NextAction,
    OwnerFunction, RecordClass, UpstreamProcess,
};
use crate::dictionary::{Compiled, Facts};

fn base() -> &'static Compiled {
    static BASE: OnceLock<Compiled> = OnceLock::new();
    BASE.get_or_init(|| Compiled::new(&bundle()).unwrap())
}

/// Changes whenever the base dictionary changes: look at the difference before writing it anew.
#[test]
fn the_base_revision_is_the_published_one() {
    assert_eq!(
        base().revision().to_string(),
        "df8a506f2d50d07f455361be7f1d0968645e0af4db91ae59153d8ece189474f3"
    );
}

#[test]
fn every_current_code_has_exactly_one_answer_for_each_legal_group() {
    let current: Vec<CarcRule> = carc_rules().into_iter().filter(|rule| rule.current).collect();
    assert_eq!(current.len(), 297);
    for rule in current {
        for group in rule.groups {
            let decision = base().decide(&Facts::of_codes(group, rule.carc, &[]));
            let entry = decision.entry().unwrap_or_else(|| panic!("{group}-{}", rule.carc));
            let meaning = &entry.meaning;
            assert!(!meaning.label.is_empty() && !meaning.action_words.is_empty());
            assert!(!meaning.evidence.is_empty() && !meaning.root_cause.words.is_empty());
            assert!(decision.team.rule.is_some());
            let tells: Vec<_> =
                meaning.escalation.iter().map(|step| (step.at_percent, step.tell)).collect();
            assert_eq!(
                tells,
                [
                    (50, EscalationLevel::TeamLead),
                    (75, EscalationLevel::Manager),
                    (90, EscalationLevel::Director)
                ]
            );
            let same_code = base().bundle().entries.iter().filter(|other| {
                other.matches.carc.admits(Some(&rule.carc))
                    && other.matches.group.admits(Some(&group))
                    && other.matches.context.is_any()
            });
            assert_eq!(same_code.count(), 1, "{group}-{}", rule.carc);
        }
    }
}

#[test]
fn a_proof_on_record_turns_a_code_into_an_appeal_with_it() {
    let decided = |carc: &str, authorization, filing_proof| {
        let facts = Facts {
            authorization,
            filing_proof,
            ..Facts::of_codes(Group::CO, Carc::new(carc).unwrap(), &[])
        };
        let decision = base().decide(&facts);
        let entry = decision.entry().unwrap();
        (entry.slug.to_string(), decision.next_action, entry.meaning.expected_overturn.as_u32())
    };
    let authorized = |status| decided("197", Some(status), None);
    let appeal = ("carc-197-authorized".to_owned(), NextAction::Appeal, 9_000);
    assert_eq!(authorized(Authorization::Approved), appeal);
    let plain = ("carc-197".to_owned(), NextAction::CorrectedClaim, 2_500);
    assert_eq!(authorized(Authorization::Mismatched), plain);
    assert_eq!(decided("197", None, None), plain);
    let filed = |proof| decided("29", None, Some(proof)).0;
    assert_eq!(filed(FilingProof::AcceptedInTime), "carc-29-accepted");
    assert_eq!(filed(FilingProof::SentInTime), "carc-29");
}

#[test]
fn a_code_past_its_stop_date_is_an_exception() {
    for rule in carc_rules().into_iter().filter(|rule| !rule.current) {
        assert!(!base().knows(rule.carc), "{}", rule.carc);
    }
}

#[test]
fn every_row_of_the_tables_is_used() {
    let codes = codes();
    let count = |set: CodeSet| codes.iter().filter(|(held, _)| *held == set).count();
    assert_eq!(count(CodeSet::Carc), 407);
    assert_eq!(count(CodeSet::Rarc), 1_216);
    assert_eq!((count(CodeSet::Cagc), count(CodeSet::Clp02), count(CodeSet::Plb)), (5, 10, 41));
    assert_eq!(codes.iter().filter(|(_, code)| code.alert).count(), 193);
    assert_eq!(codes.iter().filter(|(_, code)| code.remark_required).count(), 18);
    assert!(codes.iter().all(|(_, code)| !code.label.is_empty() && code.periods.len() == 1));
    for row in rows::taxonomy() {
        assert!(base().knows(Carc::new(&row.carc).unwrap()), "{}", row.carc);
    }
    let rules = &base().bundle().remark_rules;
    assert_eq!(rules.iter().filter(|rule| rule.alert).count(), 193);
    assert_eq!(rules.iter().filter(|rule| rule.effect.is_some()).count(), 52);
    let effects: BTreeSet<Effect> = rules.iter().filter_map(|rule| rule.effect).collect();
    assert_eq!(effects.len(), Effect::ALL.len());
}

#[test]
fn code_periods_come_from_the_tables() {
    let codes = codes();
    let find = |set: CodeSet, code: &str| {
        &codes.iter().find(|(held, one)| *held == set && one.code == code).unwrap().1
    };
    let day = |text: &str| text.parse().unwrap();
    let stopped = find(CodeSet::Carc, "15");
    assert!(stopped.is_valid_on(day("2018-05-01")) && !stopped.is_valid_on(day("2018-05-02")));
    let limited = find(CodeSet::Carc, "18");
    assert!(limited.allows_group(Group::OA) && !limited.allows_group(Group::CO));
    assert!(find(CodeSet::Rarc, "MA01").alert && !find(CodeSet::Rarc, "MA130").alert);
}

#[test]
fn the_classes_are_those_of_the_taxonomy() {
    let plain = base().bundle().entries.iter().filter(|entry| entry.matches.context.is_any());
    let provider = plain.filter(|entry| !entry.slug.as_str().ends_with("-patient"));
    let classes: Vec<RecordClass> = provider.map(|entry| entry.meaning.record_class).collect();
    let count = |class: RecordClass| classes.iter().filter(|held| **held == class).count();
    assert_eq!(
        RecordClass::ALL.iter().map(|class| count(*class)).collect::<Vec<_>>(),
        [197, 65, 12, 12, 6, 5]
    );
}

#[test]
fn every_word_of_the_taxonomy_is_in_a_closed_list() {
    for row in rows::taxonomy() {
        assert!(meaning::owner_function(&row.owner_function).is_some(), "{}", row.owner_function);
        assert!(meaning::next_action(&row.primary_path).is_some(), "{}", row.primary_path);
        assert!(meaning::process(&row.upstream_process).is_some(), "{}", row.upstream_process);
        assert!(Category::parse(&row.category).is_some(), "{}", row.category);
        assert!(matches!(row.basis.as_str(), "published" | "reasoned"), "{}", row.basis);
        if row.record_class == "denial" {
            assert_ne!(meaning::process(&row.upstream_process), Some(UpstreamProcess::Expected));
        }
    }
}

#[test]
fn every_owner_function_belongs_to_exactly_one_team() {
    let mut functions: Vec<OwnerFunction> =
        TEAMS.iter().flat_map(|team| team.functions.to_vec()).collect();
    functions.sort();
    assert_eq!(functions, OwnerFunction::ALL);
    let slugs: BTreeSet<&str> = TEAMS.iter().map(|team| team.slug).collect();
    assert_eq!(slugs.len(), TEAMS.len());
    let policies = &base().bundle().exception_policies;
    assert!(policies.iter().all(|policy| slugs.contains(policy.team.as_str())));
}

#[test]
fn the_bundle_says_that_it_is_a_starting_point_with_assumptions() {
    let bundle = base().bundle();
    assert!(bundle.starting_point);
    assert!(bundle.notes.iter().any(|note| note.contains("committee must review")));
    for assumption in ["50, 75 and 90 percent", "90 percent for billing", "15 minutes", "$57.23"] {
        assert!(bundle.notes.iter().any(|note| note.contains(assumption)), "{assumption}");
    }
    for entry in &bundle.entries {
        let assumed: Vec<&str> = entry.meaning.assumed.iter().map(|slug| slug.as_str()).collect();
        for field in ["effort_minutes", "escalation", "expected_overturn", "owner_function"] {
            assert!(assumed.contains(&field), "{} {field}", entry.slug);
        }
    }
    assert!(
        bundle.automation_limits.iter().all(|limit| limit.ceiling == crate::money::Cents::ZERO)
    );
}

#[test]
fn assumed_overturn_and_effort_are_the_stated_ones() {
    let meaning = |code: &str| {
        let facts = Facts::of_codes(Group::CO, Carc::new(code).unwrap(), &[]);
        let meaning = &base().decide(&facts).entry().unwrap().meaning;
        (meaning.expected_overturn.as_u32(), meaning.effort_minutes)
    };
    assert_eq!(meaning("11"), (9_000, 15));
    assert_eq!(meaning("27"), (7_500, 15));
    assert_eq!(meaning("50"), (2_500, 60));
    assert_eq!(meaning("45"), (0, 0));
}

#[test]
fn remarks_that_name_a_step_say_which() {
    let rule = |code: &str| base().remark(Rarc::new(code).unwrap()).unwrap();
    assert_eq!(rule("MA130").next_action, Some(NextAction::NewClaim));
    assert_eq!(rule("N704").next_action, Some(NextAction::CorrectedClaim));
    assert_eq!(rule("N938").next_action, Some(NextAction::Wait));
    assert_eq!(rule("N211").next_action, None);
    assert!(base().remark(Rarc::new("M16").unwrap()).is_none());
}

/// Revisions of before the case have no policy for it, and stay what their hash names.
#[test]
fn a_case_that_is_new_is_left_to_who_owns_what_has_no_owner_where_no_policy_names_it() {
    let mut bundle = bundle();
    for (kind, slug) in
        [(ExceptionKind::UnknownPayer, "unknown-payer"), (ExceptionKind::TakeBack, "take-back")]
    {
        let policy = |bundle: &Bundle| Compiled::new(bundle).unwrap().policy(kind).slug.to_string();
        assert_eq!(policy(&bundle), slug);
        bundle.exception_policies.retain(|policy| policy.kind != kind);
        assert_eq!(policy(&bundle), "missing-owner");
    }
    bundle.exception_policies.retain(|policy| policy.kind != ExceptionKind::MissingOwner);
    assert!(Compiled::new(&bundle).is_err(), "that one is always there");
}

#[test]
fn an_entry_that_can_be_appealed_names_a_letter_of_the_first_level_for_its_family() {
    let bundle = base().bundle();
    let letter = |slug: &str| {
        bundle.appeal_templates.iter().find(|letter| letter.slug.as_str() == slug).unwrap()
    };
    for entry in &bundle.entries {
        let meaning = &entry.meaning;
        let first = meaning.paths.iter().any(|path| path.path == Path::AppealLevel1);
        assert_eq!(meaning.template.is_some(), first, "{}", entry.slug);
        if let Some(template) = &meaning.template {
            let letter = letter(template.as_str());
            assert_eq!(letter.path, Path::AppealLevel1);
            let fits =
                letter.categories.is_empty() || letter.categories.contains(&meaning.category);
            assert!(fits, "{}", entry.slug);
        }
    }
    let paths: BTreeSet<Path> = bundle.appeal_templates.iter().map(|it| it.path).collect();
    for path in [
        Path::AppealLevel1,
        Path::AppealLevel2,
        Path::AppealLevel3,
        Path::ExternalReview,
        Path::Reopening,
    ] {
        assert!(paths.contains(&path), "{path}");
    }
    assert!(bundle.appeal_templates.iter().all(|it| it.paragraphs.len() > 5));
}
