//! What a verification finds, and which of it stands against a vote.

use std::collections::BTreeMap;

/// How many findings of one kind are listed; the rest is counted in a last one.
pub const LISTED_MAX: usize = 200;

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $word:literal,)+) => {
        /// What was found; each has one stable spelling. The gravest come first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum FindingCode { $($(#[$meta])* $name,)+ }

        impl FindingCode {
            /// Every code, the gravest first.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The spelling in contracts.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }
        }
    };
}

codes! {
    /// Something that cannot stand by itself, in the words of the bundle's own check. Blocks: the
    /// bundle does not compile.
    Defect = "defect",
    /// A number without a canonical form. Blocks: the bundle has no content hash.
    NotCanonical = "not_canonical",
    /// Two entries accept the same denial at the same specificity. Blocks: nothing says which.
    ContradictoryEntries = "contradictory_entries",
    /// The same of two owner rules. Blocks.
    ContradictoryOwnerRules = "contradictory_owner_rules",
    /// More specific entries together answer all an entry accepts. Blocks: what the committee reads
    /// there would never happen.
    UnreachableEntry = "unreachable_entry",
    /// One more specific entry answers all another accepts. Blocks, for the same reason.
    ShadowedEntry = "shadowed_entry",
    /// More specific owner rules name a team wherever another would. Blocks, for the same reason.
    ShadowedOwnerRule = "shadowed_owner_rule",
    /// A team that does not exist. Blocks: work would reach nobody.
    UnknownTeam = "unknown_team",
    /// A payer that does not exist. Blocks, like every name that leads nowhere: it is a slip until
    /// someone creates what it names. Payers of deadline rules are exempt, because the base
    /// dictionary carries the clocks of payers that a tenant may never meet.
    UnknownPayer = "unknown_payer",
    /// A facility that does not exist. Blocks.
    UnknownFacility = "unknown_facility",
    /// A service line that does not exist. Blocks.
    UnknownServiceLine = "unknown_service_line",
    /// A deadline rule shares a window that does not exist. Blocks: the date cannot be computed.
    UnknownDeadlineRule = "unknown_deadline_rule",
    /// A letter with a blank that nothing fills. Blocks: the letter could not be rendered.
    UnknownBlank = "unknown_blank",
    /// Escalation steps that go back down, or tell one level or stand at one percentage twice.
    /// Blocks: it would go in circles.
    EscalationDoesNotRise = "escalation_does_not_rise",
    /// A code of no code set. Blocks: a slip, or a code set that is not loaded yet.
    UnknownCode = "unknown_code",
    /// An entry that only denials with stopped codes reach. Blocks once nothing reached it for 12
    /// months; until then reversals and coordination of benefits still need it.
    StoppedCodesOnly = "stopped_codes_only",
    /// An entry on a reason code that needs a remark bars every remark. Blocks: no legal denial
    /// reaches it.
    RequiredRemarkExcluded = "required_remark_excluded",
    /// An entry names an alert for which the bundle has no rule with an effect. Blocks: an alert
    /// never explains an adjustment.
    AlertWithoutEffect = "alert_without_effect",
    /// A proof that would have been too large. Blocks: what nobody proved is not true.
    NotProven = "not_proven",
    /// A combination seen in 12 months that no entry answers. Advisory where an owned exception
    /// has it, else it blocks: the denial would reach nobody.
    UnmappedCombination = "unmapped_combination",
    /// Current reason codes that no entry answers at all. Advisory or blocking, as above.
    UnansweredCodes = "unanswered_codes",
    /// A current reason code that entries answer in part. Advisory or blocking, as above.
    PartlyAnsweredCode = "partly_answered_code",
    /// A stopped code beside current ones. Advisory: it is legal in reversals and coordination of
    /// benefits.
    NamesStoppedCode = "names_stopped_code",
    /// A code that starts later. Advisory: entries are made ready before a release.
    CodeNotStarted = "code_not_started",
    /// A group that X12 does not allow for a reason code. Advisory: it binds payers, and what they
    /// send against it needs an answer too.
    GroupNotAllowed = "group_not_allowed",
    /// An entry on a reason code that needs a remark asks for none. Advisory: it also answers
    /// denials from which the remark is missing.
    RequiredRemarkNotAsked = "required_remark_not_asked",
    /// No owner rule for a function that entries use. Advisory: the exception owner has it.
    OwnerFunctionWithoutRule = "owner_function_without_rule",
    /// Owner rules for a function that leave places out. Advisory: the exception owner has them.
    OwnerFunctionNotEverywhere = "owner_function_not_everywhere",
    /// Combinations were not decided because the bundle does not compile. Advisory: what keeps it
    /// from compiling blocks already.
    SeenNotDecided = "seen_not_decided",
}

impl std::fmt::Display for FindingCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub code: FindingCode,
    /// Whether it stands against a vote.
    pub blocking: bool,
    /// The section of the bundle it is about.
    pub section: &'static str,
    /// The item it is about; empty when it is about no single one.
    pub slug: String,
    /// In words a committee reads.
    pub words: String,
}

/// Where an item stands in the bundle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item<'b> {
    pub(super) section: &'static str,
    pub(super) slug: &'b str,
}

/// Findings as they are made.
#[derive(Debug, Default)]
pub(super) struct Findings {
    listed: Vec<Finding>,
    counts: BTreeMap<FindingCode, Count>,
}

#[derive(Debug, Default)]
struct Count {
    found: usize,
    hidden_blocking: bool,
    section: &'static str,
}

impl Findings {
    pub(super) fn block(&mut self, code: FindingCode, item: Item<'_>, words: impl Into<String>) {
        self.add(code, true, item, words.into());
    }

    pub(super) fn advise(&mut self, code: FindingCode, item: Item<'_>, words: impl Into<String>) {
        self.add(code, false, item, words.into());
    }

    pub(super) fn add(&mut self, code: FindingCode, blocking: bool, item: Item<'_>, words: String) {
        let count = self.counts.entry(code).or_default();
        count.found += 1;
        count.section = item.section;
        if count.found > LISTED_MAX {
            count.hidden_blocking |= blocking;
            return;
        }
        let slug = item.slug.to_owned();
        self.listed.push(Finding { code, blocking, section: item.section, slug, words });
    }

    /// All findings: those that block first, then the gravest, then in the order they were made.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        for (code, count) in self.counts {
            if count.found > LISTED_MAX {
                self.listed.push(Finding {
                    code,
                    blocking: count.hidden_blocking,
                    section: count.section,
                    slug: String::new(),
                    words: format!("at least {} more of this kind", count.found - LISTED_MAX),
                });
            }
        }
        self.listed.sort_by_key(|finding| (!finding.blocking, finding.code));
        self.listed
    }
}

/// How many of something: `1 denial`, `2 denials`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Words joined as people list them: `a`, `a and b`, `a, b and 3 more`.
pub(super) fn listed<T: std::fmt::Display>(
    items: impl IntoIterator<Item = T>,
    max: usize,
) -> String {
    let mut words: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    if words.len() > max + 1 {
        let more = words.len() - max;
        words.truncate(max);
        words.push(format!("{more} more"));
    }
    match words.pop() {
        None => String::new(),
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} and {last}", words.join(", ")),
    }
}
