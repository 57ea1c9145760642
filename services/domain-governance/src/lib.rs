//! How the dictionary changes: what a change does, who may agree to it, and when it takes effect.
//!
//! A sibling of `domain`, with the same rules: values in, values out; no clock, storage, network,
//! protobuf, logging, `async`, floats in results, or hash maps whose order would leak. Modules form
//! a DAG, and each may use only what stands above it:
//!
//! ```text
//! edit                  one item of a bundle by section and slug; edits and what they make
//! diff (edit)           two bundles, item by item and field by field, in words
//! merge (edit, diff)    a new base brought to a changed bundle, conflicts shown
//! replay                a draft against the active revision over a tenant's own history
//! portable              a revision as a decision table, as FHIR, as conformance vectors
//! preview               a change on trial beside the active revision, and when it suspends itself
//! evidence (edit)       whether outcomes contradict what an entry states
//! ballot                a change request, its committee, its votes, its activation
//! ```

pub mod ballot;
pub mod diff;
pub mod edit;
pub mod evidence;
pub mod merge;
pub mod portable;
pub mod preview;
pub mod replay;
