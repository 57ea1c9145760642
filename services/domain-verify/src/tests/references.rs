use domain::deadline::Path;
use domain::dictionary::Bundle;
use domain::dictionary::entry::EscalationStep;
use domain::dictionary::sections::{AppealTemplate, Blank};
use domain::dictionary::selector::Selector;
use domain::dictionary::vocabulary::{EscalationLevel, OwnerFunction};

use super::super::{FindingCode, verify};
use super::support::{entry, finds, of, slug, slugs, starter_world, with};

fn changed(change: impl FnOnce(&mut Bundle)) -> Bundle {
    let mut bundle = with(vec![]);
    change(&mut bundle);
    bundle
}

#[test]
fn a_team_that_does_not_exist_blocks() {
    let (code, world) = (FindingCode::UnknownTeam, starter_world());
    let words = "no team is called `nobody`";
    let rule = changed(|bundle| bundle.owner_rules[0].team = slug("nobody"));
    let name = rule.owner_rules[0].slug.to_string();
    finds((&with(vec![]), &rule), &world, code, (true, &name, words));
    let policy = changed(|bundle| bundle.exception_policies[0].team = slug("nobody"));
    let name = policy.exception_policies[0].slug.to_string();
    finds((&with(vec![]), &policy), &world, code, (true, &name, words));
}

#[test]
fn a_place_that_does_not_exist_blocks() {
    let world = starter_world();
    let one = |payer: &str, facility: &str, line: &str| {
        with(vec![entry("new", "197", |wanted| {
            wanted.payer = slugs(&["aetna", payer]);
            wanted.facility = slugs(&[facility]);
            wanted.service_line = slugs(&[line]);
        })])
    };
    let control = one("cigna", "north", "imaging");
    for (draft, code, words) in [
        (one("etna", "north", "imaging"), FindingCode::UnknownPayer, "no payer is called `etna`"),
        (
            one("cigna", "nroth", "imaging"),
            FindingCode::UnknownFacility,
            "no facility is called `nroth`",
        ),
        (
            one("cigna", "north", "imagine"),
            FindingCode::UnknownServiceLine,
            "no service line is called `imagine`",
        ),
    ] {
        finds((&control, &draft), &world, code, (true, "new", words));
    }
    let rule = changed(|bundle| bundle.owner_rules[0].payer = slugs(&["etna"]));
    let name = rule.owner_rules[0].slug.to_string();
    let words = "no payer is called `etna`";
    finds((&with(vec![]), &rule), &world, FindingCode::UnknownPayer, (true, &name, words));
}

#[test]
fn a_deadline_rule_needs_the_window_it_shares() {
    let sharing = |bundle: &mut Bundle, of: &str| {
        let rules = &mut bundle.deadline_rules;
        let place = rules.iter().position(|rule| rule.shares_window_of.is_some()).unwrap();
        rules[place].shares_window_of = Some(of.to_owned());
        rules[place].slug.clone()
    };
    let mut draft = with(vec![]);
    let name = sharing(&mut draft, "nothing");
    let words = "no deadline rule with a window of its own is called `nothing`";
    let code = FindingCode::UnknownDeadlineRule;
    let world = starter_world();
    finds((&with(vec![]), &draft), &world, code, (true, &name, words));
    // A rule that shares its own window goes in a circle.
    let circle = sharing(&mut draft, &name);
    assert_eq!(of(&verify(&draft, &world), code).len(), 1, "{circle}");
}

#[test]
fn escalation_must_rise() {
    let steps = |steps: &[(u8, EscalationLevel)]| {
        let mut new = entry("new", "197", |wanted| wanted.payer = slugs(&["aetna"]));
        let step = |(at_percent, tell): &(u8, EscalationLevel)| EscalationStep {
            at_percent: *at_percent,
            tell: *tell,
        };
        new.meaning.escalation = steps.iter().map(step).collect();
        with(vec![new])
    };
    use EscalationLevel::{Director, Manager, TeamLead};
    let control = steps(&[(50, TeamLead), (75, Manager), (90, Director)]);
    for (draft, found) in [
        (
            steps(&[(50, TeamLead), (75, Director), (90, TeamLead)]),
            "the director at 75 percent, then the team lead at 90 percent",
        ),
        (
            steps(&[(50, TeamLead), (75, TeamLead)]),
            "the team lead at 50 percent, then the team lead at 75 percent",
        ),
        (
            steps(&[(50, TeamLead), (50, Manager)]),
            "the team lead at 50 percent, then the manager at 50 percent",
        ),
    ] {
        let words = format!("{found}: each step must be later and tell someone higher");
        let code = FindingCode::EscalationDoesNotRise;
        finds((&control, &draft), &starter_world(), code, (true, "new", &words));
    }
}

#[test]
fn a_letter_says_what_something_fills() {
    let letter = |paragraphs: &[&str]| {
        changed(|bundle| {
            bundle.appeal_templates = vec![AppealTemplate {
                slug: slug("letter"),
                title: "Appeal of {{ payer_claim_number }}".to_owned(),
                path: Path::AppealLevel1,
                categories: Vec::new(),
                paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
                blanks: vec![Blank {
                    name: "called_on".to_owned(),
                    words: "day of the call".to_owned(),
                }],
            }];
        })
    };
    let control = letter(&["To {{ payer_name }}:", "{{ called_on }}", "No blank at all."]);
    for (text, words) in [
        ("{{ called_on }} {{ nickname }}", "nothing fills `nickname`"),
        (
            "{{ called_on }} {payer_name}",
            "paragraph 2: a lone `{`: fields are written `{{ name }}`",
        ),
        ("No call.", "the blank `called_on` is declared and not used"),
    ] {
        let code = FindingCode::UnknownBlank;
        let draft = letter(&["To {{ payer_name }}:", text]);
        finds((&control, &draft), &starter_world(), code, (true, "letter", words));
    }
}

#[test]
fn owner_rules_that_contradict_each_other_block() {
    let twin = |team: &str| {
        changed(|bundle| {
            let mut twin = bundle.owner_rules[0].clone();
            twin.slug = slug("twin");
            twin.payer = slugs(&["aetna"]);
            bundle.owner_rules.push(twin.clone());
            twin.slug = slug("twin-2");
            twin.payer = slugs(&[team]);
            bundle.owner_rules.push(twin);
        })
    };
    let (control, draft) = (twin("cigna"), twin("aetna"));
    let words = "owner rules `twin` and `twin-2` are equally specific and cover the same place";
    let code = FindingCode::ContradictoryOwnerRules;
    finds((&control, &draft), &starter_world(), code, (true, "twin", words));
    let conflicts = domain::dictionary::Compiled::new(&draft).unwrap_err();
    assert_eq!(conflicts.iter().map(ToString::to_string).collect::<Vec<_>>(), [words]);
}

#[test]
fn an_owner_rule_that_never_names_a_team_blocks() {
    let rules = |payers: [&str; 2]| {
        changed(|bundle| {
            let base = bundle.owner_rules[0].clone();
            let mut rule = |name: &str, payers: &[&str]| {
                let rule = domain::dictionary::OwnerRule {
                    slug: slug(name),
                    payer: slugs(payers),
                    ..base.clone()
                };
                bundle.owner_rules.push(rule);
            };
            rule("both", &["aetna", "cigna"]);
            rule("one", &payers[..1]);
            rule("two", &payers[1..]);
        })
    };
    let words = "more specific rules name a team wherever it does: `one` and `two`";
    finds(
        (&rules(["aetna", "humana"]), &rules(["aetna", "cigna"])),
        &starter_world(),
        FindingCode::ShadowedOwnerRule,
        (true, "both", words),
    );
}

#[test]
fn a_function_without_an_owner_everywhere_falls_to_the_exception_owner() {
    let coding = |bundle: &Bundle| {
        let of =
            |rule: &domain::dictionary::OwnerRule| rule.owner_function == OwnerFunction::Coding;
        bundle.owner_rules.iter().position(of).unwrap()
    };
    let owned = "exception `missing-owner` of team `exceptions` has it";
    let draft = changed(|bundle| {
        let at = coding(bundle);
        bundle.owner_rules.remove(at);
    });
    let words = format!("entries name coding, no owner rule does: {owned}");
    let code = FindingCode::OwnerFunctionWithoutRule;
    finds((&with(vec![]), &draft), &starter_world(), code, (false, "coding", &words));
    let draft = changed(|bundle| {
        let at = coding(bundle);
        bundle.owner_rules[at].facility = slugs(&["north", "south"]);
        bundle.owner_rules[at].service_line = Selector::Any;
    });
    let words = format!("no owner rule names a team for coding at any other facility: {owned}");
    let code = FindingCode::OwnerFunctionNotEverywhere;
    finds((&with(vec![]), &draft), &starter_world(), code, (false, "coding", &words));
    // A function no entry uses needs no owner.
    let unused = changed(|bundle| {
        bundle.owner_rules.retain(|rule| rule.owner_function != OwnerFunction::Exceptions);
    });
    assert_eq!(of(&verify(&unused, &starter_world()), FindingCode::OwnerFunctionWithoutRule), []);
}
