//! Why a rule leaves an item to people.

use chrono::NaiveDate;
use domain::codes::Carc;
use domain::dictionary::Slug;
use domain::dictionary::vocabulary::NextAction;
use domain::money::Cents;

/// Why a rule leaves an item to people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Gate {
    /// The rule is stopped.
    #[error("the rule is stopped")]
    Stopped,
    /// The dictionary wants something else.
    #[error("its next action is `{0}`")]
    AnotherAction(NextAction),
    /// Nothing here can do it.
    #[error("no rule can do it: {0}")]
    Impossible(&'static str),
    /// A person holds it, or has had it.
    #[error("a person has it, or has had it")]
    Touched,
    /// Somebody owes an answer.
    #[error("a question about it is open")]
    Asked,
    /// The dictionary does not know what it is.
    #[error("the dictionary leaves it to a person")]
    Unknown,
    /// A person looks first.
    #[error("the dictionary wants a person to look first")]
    Review,
    /// It is sensitive.
    #[error("it is a matter of compliance, or nobody's")]
    Compliance,
    /// Another revision decided it.
    #[error("another revision than the active one decided it")]
    AnotherRevision,
    /// A patient owes it.
    #[error("what a patient owes is given up by a person only")]
    PatientOwes,
    /// There is nothing at stake.
    #[error("no money is at stake")]
    NoMoney,
    /// No code says why it was refused.
    #[error("no reason code says why it was refused")]
    NoCode,
    /// The dictionary has no limit.
    #[error("the dictionary has no automation limit for code {0}")]
    NoLimit(Carc),
    /// The dictionary allows less.
    #[error("{money} is more than the {at_most} of the dictionary's limit `{limit}`")]
    AboveLimit {
        /// What is at stake.
        money: Cents,
        /// Which limit.
        limit: Slug,
        /// What it allows.
        at_most: Cents,
    },
    /// The rule allows less.
    #[error("{money} is more than the rule's ceiling of {at_most}")]
    AboveCeiling {
        /// What is at stake.
        money: Cents,
        /// What it allows.
        at_most: Cents,
    },
    /// Another person would have to agree.
    #[error("{money} is more than the {at_most} that need no approval")]
    NeedsApproval {
        /// What is at stake.
        money: Cents,
        /// What needs none.
        at_most: Cents,
    },
    /// The day is spent.
    #[error("{money} and the {spent} of today are more than the {at_most} of a day")]
    DayIsSpent {
        /// What is at stake.
        money: Cents,
        /// What was spent today.
        spent: Cents,
        /// What a day allows.
        at_most: Cents,
    },
    /// No checklist says what to ask for.
    #[error("its checklist names no document to ask for")]
    NoDocuments,
    /// What must be on file is not.
    #[error("{missing} of its checklist is missing, without which no claim is sent again")]
    Incomplete {
        /// How many.
        missing: usize,
    },
    /// Its window is too short to wait.
    #[error("its last day, {last_day}, is too near to wait")]
    TooLate {
        /// Which.
        last_day: NaiveDate,
    },
}
