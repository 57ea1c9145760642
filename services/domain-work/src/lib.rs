//! The rules of work: what comes first, who may take an item, how it is held, how it ends, which
//! queue it waits in, what is due, and what will be missed.
//!
//! A sibling of `domain`, with the same rules: values in, values out; no clock, storage, network,
//! protobuf, logging, `async`, floats, or hash maps whose order would leak. A rule takes what
//! stands, what the caller knows and the [`Moment`], and answers what stands afterwards with what
//! happened, or a refusal in words with a reason code that stays. Modules form a DAG, and each may
//! use only what stands above it:
//!
//! ```text
//! person, kind, moment     who, which sort of work, when
//! violation                what is wrong with a request, field by field
//! priority                 what work is expected to bring, and which comes first
//! queue                    which queue an item waits in, and who may work it
//! hold (queue)             open, claimed under a lease, waiting, resolved
//! clarification (hold)     questions to other departments, with a clock of their own
//! resolution               what each end of work needs; undo and reopen
//! escalation (hold)        whom to tell when; what was missed, and why
//! forecast                 what will miss its date, and which moves save the most
//! checklist                what evidence is on file, and what exactly is missing
//! settlement               what a later remittance makes of earlier denials
//! underpayment (priority)  what was paid less than its contract allows
//! take_back                what payers take back at provider level, and who must look at it
//! payer_status (hold)      what a payer says between claim and remittance, and what that opens
//! automation (hold)        what rules may do by themselves, and for how much
//! ```
//!
//! Absent on purpose: numbers, names and dates of patients. Words of this crate go into refusals,
//! timelines and mails, so they hold codes, counts, money and the days of our own clocks only.

pub mod automation;
pub mod checklist;
pub mod clarification;
pub mod escalation;
pub mod forecast;
pub mod hold;
mod kind;
mod moment;
pub mod payer_status;
mod person;
pub mod priority;
pub mod queue;
pub mod resolution;
pub mod settlement;
pub mod take_back;
pub mod underpayment;
mod violation;

pub use kind::WorkKind;
pub use moment::Moment;
pub use person::UserId;
pub use violation::Violation;
